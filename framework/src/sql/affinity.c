/* affinity.c */
#include "sql/affinity.h"

#include <stdbool.h>
#include <string.h>

#include "base/fold.h"

static bool contains(const char *type, const char *word)
{
    const size_t length = strlen(word);
    for (; strlen(type) >= length; type++) {
        if (drift__same_word(type, length, word)) return true;
    }
    return false;
}

/* "The order of the rules for determining column affinity is important": the first that fits decides. */
drift__affinity drift__affinity_of(const char *type)
{
    if (contains(type, "INT")) return DRIFT__AFFINITY_INTEGER;
    if (contains(type, "CHAR") || contains(type, "CLOB") || contains(type, "TEXT")) return DRIFT__AFFINITY_TEXT;
    if (!*type || contains(type, "BLOB")) return DRIFT__AFFINITY_BLOB;
    if (contains(type, "REAL") || contains(type, "FLOA") || contains(type, "DOUB")) return DRIFT__AFFINITY_REAL;
    return DRIFT__AFFINITY_NUMERIC;
}

const char *drift__affinity_name(drift__affinity affinity)
{
    static const char *const names[] = {"BLOB", "TEXT", "NUMERIC", "INTEGER", "REAL"};
    return names[affinity];
}
