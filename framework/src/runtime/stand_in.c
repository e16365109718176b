/* stand_in.c */
#include "runtime/stand_in.h"

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "runtime/sqlite_error.h"

static int handle_of(sqlite3 **out, drift_connection *connection, drift_error *err)
{
    *out = drift_connection_handle(connection);
    if (*out) return DRIFT_OK;
    return drift__error(err, DRIFT_UNSUPPORTED, "expected a connection with a SQLite handle for stand-ins");
}

/* --- collations ------------------------------------------------------------------------------------------------- */

static int compare_binary(void *unused, int a_length, const void *a, int b_length, const void *b)
{
    (void)unused;
    const int shorter = a_length < b_length ? a_length : b_length;
    const int order = shorter > 0 ? memcmp(a, b, (size_t)shorter) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

/* A failure here leaves the collation unknown, and SQLite tells that. */
static void provide_collation(void *unused, sqlite3 *handle, int encoding, const char *name)
{
    (void)unused;
    (void)encoding;
    sqlite3_create_collation(handle, name, SQLITE_UTF8, NULL, compare_binary);
}

int drift__stand_in_collations(drift_connection *connection, drift_error *err)
{
    sqlite3 *handle = NULL;
    const int rc = handle_of(&handle, connection, err);
    if (rc != DRIFT_OK) return rc;
    if (sqlite3_collation_needed(handle, NULL, provide_collation) == SQLITE_OK) return DRIFT_OK;
    return drift__sqlite_error(err, handle);
}

/* --- functions -------------------------------------------------------------------------------------------------- */

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    return hash;
}

/* The type counts, the length separates ('ab','c') from ('a','bc'). */
static uint64_t hash_value(uint64_t hash, sqlite3_value *value)
{
    const int type = sqlite3_value_type(value);
    hash = hash_bytes(hash, &type, sizeof type);
    if (type == SQLITE_NULL) return hash;
    const void *bytes = sqlite3_value_blob(value);
    const int length = sqlite3_value_bytes(value);
    hash = hash_bytes(hash, &length, sizeof length);
    return bytes ? hash_bytes(hash, bytes, (size_t)length) : hash;
}

static void stand_in(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *name = sqlite3_user_data(context);
    uint64_t hash = drift__fold_hash(name, strlen(name));
    for (int i = 0; i < count; i++) hash = hash_value(hash, values[i]);
    const uint64_t mask = (UINT64_C(1) << 53) - 1; /* exact as a REAL too */
    sqlite3_result_int64(context, (sqlite3_int64)((hash ^ hash >> 53) & mask) + 1);
}

static int create_function(sqlite3 *handle, const char *name, drift_error *err)
{
    char *copy = drift__strdup(name);
    if (!copy) return drift__no_memory(err);
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    /* The copy is freed by SQLite, also if this fails (https://www.sqlite.org/c3ref/create_function.html). */
    if (sqlite3_create_function_v2(handle, name, -1, flags, copy, stand_in, NULL, NULL, drift__free) == SQLITE_OK)
        return DRIFT_OK;
    return drift__sqlite_error(err, handle);
}

int drift__stand_in_function(drift_connection *connection, const char *name, drift_error *err)
{
    sqlite3 *handle = NULL;
    const int rc = handle_of(&handle, connection, err);
    return rc == DRIFT_OK ? create_function(handle, name, err) : rc;
}
