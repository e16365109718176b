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

bool drift__values_all_same(sqlite3_value **values, int count, bool wide)
{
    int i = 0;
    while (i + 1 < count && drift__values_same(values[i], values[i + 1], wide)) i += 2;
    return i + 1 >= count;
}

/* Whether a text or a BLOB is what CAST makes of a number. That is ASCII: a byte or, in UTF-16, two for each character,
 * in whatever order of bytes, which sqlite3_value_text knows. It may convert: to be called last. */
static bool is_written(sqlite3_value *old, const void *bytes, size_t stored, sqlite3_value *number, bool wide)
{
    const unsigned char *text = sqlite3_value_text(number);
    const size_t length = (size_t)sqlite3_value_bytes(number);
    if (!text || stored != (wide ? 2 * length : length)) return false;
    if (wide) bytes = sqlite3_value_text(old);
    return bytes && (!wide || (size_t)sqlite3_value_bytes(old) == length) && memcmp(bytes, text, length) == 0;
}

/* Of a text or a BLOB that became a number, or a BLOB or a text: CAST between these "does not change any bits"
 * (https://www.sqlite.org/lang_expr.html#castexpr). */
static bool bytes_lead_back(sqlite3_value *old, bool is_text, sqlite3_value *cast, bool wide)
{
    const int type = sqlite3_value_type(cast);
    const void *left, *right;
    const size_t length = stored_bytes(&left, old, is_text, wide);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) return is_written(old, left, length, cast, wide);
    return length == stored_bytes(&right, cast, type == SQLITE_TEXT, wide) &&
           (!length || memcmp(left, right, length) == 0);
}

/* Whether CAST back leads to the old value: numbers are read from a text as CAST reads them
 * (https://www.sqlite.org/c3ref/column_blob.html, the table of conversions). */
static bool leads_back(sqlite3_value *old, sqlite3_value *cast, bool wide)
{
    const int type = sqlite3_value_type(old);
    switch (type) {
    case SQLITE_NULL: return false;
    case SQLITE_INTEGER: return sqlite3_value_int64(cast) == sqlite3_value_int64(old);
    case SQLITE_FLOAT: return same_reals(sqlite3_value_double(cast), sqlite3_value_double(old));
    default: return bytes_lead_back(old, type == SQLITE_TEXT, cast, wide);
    }
}

bool drift__values_carried(sqlite3_value *old, sqlite3_value *cast, sqlite3_value *now, bool wide)
{
    if (drift__values_same(old, now, wide)) return true;
    return drift__values_same(cast, now, wide) && leads_back(old, cast, wide);
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
