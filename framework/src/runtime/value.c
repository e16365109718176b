/* value.c */
#include "runtime/value.h"

#include <string.h>

bool drift__value_same(const drift_value *a, const drift_value *b)
{
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case DRIFT_NULL: return true;
    case DRIFT_INTEGER: return a->integer == b->integer;
    case DRIFT_REAL: return memcmp(&a->real, &b->real, sizeof a->real) == 0;
    case DRIFT_TEXT:
    case DRIFT_BLOB: return a->length == b->length && (!a->length || memcmp(a->bytes, b->bytes, a->length) == 0);
    }
    return false;
}

drift_value drift__value_copy(drift__arena *arena, const drift_value *value)
{
    drift_value copy = *value;
    if (value->kind == DRIFT_TEXT || value->kind == DRIFT_BLOB)
        copy.bytes = drift__arena_strndup(arena, value->length ? value->bytes : "", value->length);
    return copy;
}
