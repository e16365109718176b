/* affinity.c */
#include "sql/affinity.h"

#include <stdbool.h>
#include <string.h>

#include "base/fold.h"
#include "sql/token.h"

static bool contains(const char *type, size_t type_length, const char *word)
{
    const size_t length = strlen(word);
    for (size_t at = 0; at + length <= type_length; at++) {
        if (drift__same_word(type + at, length, word)) return true;
    }
    return false;
}

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

/* "The order of the rules for determining column affinity is important": the first that fits decides. */
drift__affinity drift__affinity_of(const char *type)
{
    size_t n = 0;
    const char *kept = drift__type_kept(&n, type);
    if (contains(kept, n, "INT")) return DRIFT__AFFINITY_INTEGER;
    if (contains(kept, n, "CHAR") || contains(kept, n, "CLOB") || contains(kept, n, "TEXT"))
        return DRIFT__AFFINITY_TEXT;
    if (!*type || contains(kept, n, "BLOB")) return DRIFT__AFFINITY_BLOB;
    if (contains(kept, n, "REAL") || contains(kept, n, "FLOA") || contains(kept, n, "DOUB"))
        return DRIFT__AFFINITY_REAL;
    return DRIFT__AFFINITY_NUMERIC;
}

const char *drift__affinity_name(drift__affinity affinity)
{
    static const char *const names[] = {"BLOB", "TEXT", "NUMERIC", "INTEGER", "REAL"};
    return names[affinity];
}
