/* affinity.c */
#include "sql/affinity.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/fold.h"
#include "sql/token.h"

/* sqlite3AddColumn hands the whole type to sqlite3Dequote, which stops at the closing quote (src/build.c, src/util.c).
 */
const char *drift__type_kept(size_t *length, const char *type)
{
    drift__token_kind kind = DRIFT__TOKEN_END;
    const size_t all = strlen(type), first = all ? drift__token(&kind, type, type + all) : 0;
    const bool quoted = kind == DRIFT__TOKEN_QUOTED || kind == DRIFT__TOKEN_STRING;
    *length = quoted ? first - 2 : all;
    return quoted ? type + 1 : type;
}

/* Four letters, or three with 0 before them, as one number. */
#define LETTERS(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* "The order of the rules for determining column affinity is important": the first that fits decides. So INT ends the
 * search, the words of TEXT stand over what was found before, and BLOB over those of REAL. */
static drift__affinity affinity_in(const char *type, size_t length)
{
    drift__affinity found = DRIFT__AFFINITY_NUMERIC;
    uint32_t last = 0; /* the last four letters */
    for (size_t i = 0; i < length; i++) {
        last = last << 8 | (unsigned char)drift__fold_char(type[i]);
        if ((last & 0xffffffu) == LETTERS(0, 'i', 'n', 't')) return DRIFT__AFFINITY_INTEGER;
        switch (last) {
        case LETTERS('c', 'h', 'a', 'r'):
        case LETTERS('c', 'l', 'o', 'b'):
        case LETTERS('t', 'e', 'x', 't'): found = DRIFT__AFFINITY_TEXT; break;
        case LETTERS('b', 'l', 'o', 'b'):
            if (found != DRIFT__AFFINITY_TEXT) found = DRIFT__AFFINITY_BLOB;
            break;
        case LETTERS('r', 'e', 'a', 'l'):
        case LETTERS('f', 'l', 'o', 'a'):
        case LETTERS('d', 'o', 'u', 'b'):
            if (found == DRIFT__AFFINITY_NUMERIC) found = DRIFT__AFFINITY_REAL;
            break;
        default: break;
        }
    }
    return found;
}

drift__affinity drift__affinity_of(const char *type)
{
    size_t length = 0;
    const char *kept = drift__type_kept(&length, type);
    return *type ? affinity_in(kept, length) : DRIFT__AFFINITY_BLOB;
}

const char *drift__affinity_name(drift__affinity affinity)
{
    static const char *const names[] = {"BLOB", "TEXT", "NUMERIC", "INTEGER", "REAL"};
    return names[affinity];
}
