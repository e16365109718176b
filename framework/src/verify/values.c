/* values.c */
#include "verify/values.h"

#include <string.h>

/* A text's bytes as they are stored. sqlite3_value_bytes would convert UTF-16 to UTF-8 and count anew, and with it hide
 * what is no valid text; sqlite3_value_bytes16 gives "the number of bytes" of UTF-16 as it is. */
static size_t stored_bytes(const void **out, sqlite3_value *value, bool is_text, bool wide)
{
    *out = sqlite3_value_blob(value);
    return (size_t)(wide && is_text ? sqlite3_value_bytes16(value) : sqlite3_value_bytes(value));
}

static bool same_bytes(sqlite3_value *a, sqlite3_value *b, bool is_text, bool wide)
{
    const void *left, *right;
    const size_t length = stored_bytes(&left, a, is_text, wide);
    return length == stored_bytes(&right, b, is_text, wide) && (!length || memcmp(left, right, length) == 0);
}

static bool same_reals(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

bool drift__values_same(sqlite3_value *a, sqlite3_value *b, bool wide)
{
    const int type = sqlite3_value_type(a);
    if (type != sqlite3_value_type(b)) return false;
    switch (type) {
    case SQLITE_NULL: return true;
    case SQLITE_INTEGER: return sqlite3_value_int64(a) == sqlite3_value_int64(b);
    case SQLITE_FLOAT: return same_reals(sqlite3_value_double(a), sqlite3_value_double(b));
    default: return same_bytes(a, b, type == SQLITE_TEXT, wide);
    }
}

void drift__values_digest(drift__digest_state *state, sqlite3_value *value, bool wide)
{
    drift_value v = {.kind = DRIFT_NULL};
    const int type = sqlite3_value_type(value);
    switch (type) {
    case SQLITE_INTEGER: v = (drift_value)DRIFT_BIND_INT64(sqlite3_value_int64(value)); break;
    case SQLITE_FLOAT: v = (drift_value)DRIFT_BIND_DOUBLE(sqlite3_value_double(value)); break;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
        v.kind = type == SQLITE_TEXT ? DRIFT_TEXT : DRIFT_BLOB;
        v.length = stored_bytes(&v.bytes, value, type == SQLITE_TEXT, wide);
        break;
    default: break;
    }
    drift__digest_value(state, &v);
}
