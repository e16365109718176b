/* referee.c — opening the third connection, and the functions that it compares with. */
#include "verify/referee.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "digest/digest.h"
#include "runtime/direct.h"
#include "runtime/open.h"
#include "runtime/statement.h"
#include "sql/affinity.h"
#include "sql/quote.h"
#include "stand_in/text.h"
#include "verify/pairs.h"
#include "verify/tally.h"
#include "verify/values.h"
#include "verify/world.h"

/* ---- values ---- */

static bool same_reals(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static bool is_wide(sqlite3_context *context)
{
    return sqlite3_user_data(context) != NULL;
}

static void same(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_result_int(context, drift__values_all_same(values, count, is_wide(context)));
}

static void carried(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, drift__values_carried(values[0], values[1], values[2], is_wide(context)));
}

static void digest(sqlite3_context *context, int count, sqlite3_value **values)
{
    drift__digest_state state;
    drift__digest_begin(&state);
    for (int i = 0; i < count; i++) drift__values_digest(&state, values[i], is_wide(context));
    const drift__digest whole = drift__digest_end(&state);
    sqlite3_result_blob(context, &whole, (int)sizeof whole, SQLITE_TRANSIENT);
}

/* "If numeric value is a real that can be converted to an integer exactly, it is"
 * (https://www.sqlite.org/datatype3.html, section 3, of NUMERIC; INTEGER does as NUMERIC). The limits themselves stay
 * real. */
static void result_integral(sqlite3_context *context, sqlite3_value *value)
{
    const double real = sqlite3_value_double(value);
    const bool in_range = real > -9223372036854775808.0 && real < 9223372036854775808.0;
    if (in_range && same_reals((double)(sqlite3_int64)real, real))
        sqlite3_result_int64(context, (sqlite3_int64)real);
    else
        sqlite3_result_value(context, value);
}

static void result_numeric(sqlite3_context *context, sqlite3_value *value, bool as_real)
{
    const int type = sqlite3_value_type(value) == SQLITE_BLOB ? SQLITE_BLOB : sqlite3_value_numeric_type(value);
    if (as_real && type == SQLITE_INTEGER)
        sqlite3_result_double(context, sqlite3_value_double(value));
    else if (!as_real && type == SQLITE_FLOAT)
        result_integral(context, value);
    else
        sqlite3_result_value(context, value);
}

static void result_text(sqlite3_context *context, sqlite3_value *value)
{
    const int type = sqlite3_value_type(value);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
        sqlite3_result_text(context, (const char *)sqlite3_value_text(value), -1, SQLITE_TRANSIENT);
    else
        sqlite3_result_value(context, value);
}

static void stored(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *affinity = (const char *)sqlite3_value_text(values[1]);
    (void)count;
    if (!affinity)
        sqlite3_result_error_nomem(context);
    else if (strcmp(affinity, drift__affinity_name(DRIFT__AFFINITY_TEXT)) == 0)
        result_text(context, values[0]);
    else if (strcmp(affinity, drift__affinity_name(DRIFT__AFFINITY_BLOB)) == 0)
        sqlite3_result_value(context, values[0]);
    else
        result_numeric(context, values[0], strcmp(affinity, drift__affinity_name(DRIFT__AFFINITY_REAL)) == 0);
}

static int register_functions(sqlite3 *handle, bool wide, drift_error *err)
{
    static const struct {
        const char *name;
        int arguments;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"drift__same", -1, same},
                     {"drift__carried", 3, carried},
                     {"drift__digest", -1, digest},
                     {"drift__stored", 2, stored}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (sqlite3_create_function(handle, functions[i].name, functions[i].arguments,
                                    (wide ? SQLITE_UTF16 : SQLITE_UTF8) | SQLITE_DETERMINISTIC, wide ? handle : NULL,
                                    functions[i].function, NULL, NULL) != SQLITE_OK)
            return drift__no_memory(err);
    }
    const int rc = drift__tally_register(handle, wide, err);
    return rc == DRIFT_OK ? drift__pairs_register(handle, wide, err) : rc;
}

/* ---- attaching ---- */

/* "Convert all "?" characters into "%3f", all "#" into "%23"" (https://www.sqlite.org/uri.html, section 3.1), and "%"
 * itself. */
static void put_uri(drift__str *uri, const char *path, const char *vfs)
{
    drift__str_puts(uri, "file:");
    for (; *path; path++) {
        if (*path == '?' || *path == '#' || *path == '%')
            drift__str_printf(uri, "%%%02x", (unsigned)*path);
        else
            drift__str_putc(uri, *path);
    }
    drift__str_printf(uri, "?vfs=%s", vfs);
}

static int attach_as(drift_connection *referee, sqlite3 *handle, const char *name, drift_error *err)
{
    sqlite3_vfs *vfs = NULL;
    drift__str text = DRIFT__STR_INIT;
    char *uri = NULL, *sql = NULL;
    const char *path = sqlite3_db_filename(handle, "main");
    if (!path || !*path)
        return drift__error(err, DRIFT_UNSUPPORTED, "a database without a name cannot be compared with another");
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    put_uri(&text, path, vfs ? vfs->zName : "");
    int rc = drift__str_take(&uri, &text, err);
    if (rc == DRIFT_OK) {
        drift__str_puts(&text, "ATTACH ");
        drift__put_string(&text, uri);
        drift__str_printf(&text, " AS %s", name);
        rc = drift__str_take(&sql, &text, err);
    }
    if (rc == DRIFT_OK) rc = drift_exec(referee, sql, err);
    drift__free(sql);
    drift__free(uri);
    return rc;
}

static int put_encoding(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *sql = payload;
    const char *encoding = drift_column_text(row, 0, NULL);
    if (!encoding) return drift__no_memory(err);
    drift__str_puts(sql, "PRAGMA main.encoding = ");
    drift__put_string(sql, encoding);
    return DRIFT_OK;
}

/* "Attached databases must use the same text encoding as main database" (SQLite's own message), so that the referee's
 * own takes theirs. */
static int take_encoding(bool *wide, drift_connection *referee, drift_connection *before, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL;
    int rc = drift_query(before, "PRAGMA main.encoding", NULL, 0, put_encoding, &text, err);
    if (rc == DRIFT_OK) rc = drift__str_take(&sql, &text, err);
    if (rc == DRIFT_OK) rc = drift_exec(referee, sql, err);
    *wide = sql && strstr(sql, "UTF-16") != NULL;
    drift__str_dispose(&text);
    drift__free(sql);
    return rc;
}

static int stub_text(drift_statement *row, void *payload, drift_error *err)
{
    size_t length = 0;
    const char *sql = drift_column_text(row, 0, &length);
    return sql ? drift__stand_in_functions(payload, sql, length, err) : drift__no_memory(err);
}

/* What the other's schema names, before it is read here. */
static int stub_functions_of(drift_connection *referee, drift_connection *other, drift_error *err)
{
    return drift_query(other, "SELECT sql FROM main.sqlite_schema WHERE sql IS NOT NULL", NULL, 0, stub_text, referee,
                       err);
}

/* A script may have set locking_mode = EXCLUSIVE, with which a lock stays until the mode has changed and the database
 * was read again (https://www.sqlite.org/pragma.html#pragma_locking_mode). */
static int unlock(drift_connection *connection, drift_error *err)
{
    const int rc = drift_exec(connection, "PRAGMA main.locking_mode = NORMAL", err);
    return rc == DRIFT_OK ? drift_exec(connection, "SELECT 1 FROM main.sqlite_schema LIMIT 1", err) : rc;
}

static int attach(drift_connection *referee, drift_connection *other, const char *name,
                  const drift_verify_options *options, drift_error *err)
{
    int rc = unlock(other, err);
    if (rc == DRIFT_OK && options->stub_functions) rc = stub_functions_of(referee, other, err);
    return rc == DRIFT_OK ? attach_as(referee, drift_connection_handle(other), name, err) : rc;
}

/* What is sorted and kept aside must not stay in memory: 4 MB of pages. Rows are read in their order, and of the pages
 * that lead to them not many are needed at once. */
static int bound_memory(drift_connection *referee, drift_error *err)
{
    return drift_exec(referee,
                      "PRAGMA temp.cache_size = -4000;"
                      " PRAGMA " DRIFT__REFEREE_OLD ".cache_size = -1000;"
                      " PRAGMA " DRIFT__REFEREE_NEW ".cache_size = -1000",
                      err);
}

static int open_referee(drift_connection **out, const drift_verify_options *options, drift_error *err)
{
    const drift_connection_options set_up = {.setup = options->setup, .setup_payload = options->setup_payload};
    sqlite3 *handle = NULL;
    drift__direct *direct = NULL;
    /* Attaching by URI "must be enabled" for the connection (https://www.sqlite.org/uri.html). */
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    int rc = drift__handle_open(&handle, ":memory:", "a database in memory", flags, NULL, err);
    if (rc == DRIFT_OK) rc = drift__direct_new(&direct, handle, true, err);
    if (rc != DRIFT_OK) return rc;
    *out = &direct->base;
    /* Before the setup: "all existing temporary tables … are immediately deleted" when it changes
     * (https://www.sqlite.org/pragma.html#pragma_temp_store). */
    rc = drift_exec(*out, "PRAGMA temp_store = FILE", err);
    return rc == DRIFT_OK ? drift__run_setup(*out, &set_up, err) : rc;
}

int drift__referee_open(drift_connection **out, drift_connection *before, drift_connection *after,
                        const drift_verify_options *options, drift_error *err)
{
    drift_connection *referee = NULL;
    bool wide = false;
    *out = NULL;
    int rc = open_referee(&referee, options, err);
    if (rc == DRIFT_OK) rc = take_encoding(&wide, referee, before, err);
    if (rc == DRIFT_OK) rc = drift__world_prepare(referee, options, err);
    if (rc == DRIFT_OK) rc = register_functions(drift_connection_handle(referee), wide, err);
    if (rc == DRIFT_OK) rc = attach(referee, before, DRIFT__REFEREE_OLD, options, err);
    if (rc == DRIFT_OK) rc = attach(referee, after, DRIFT__REFEREE_NEW, options, err);
    if (rc == DRIFT_OK) rc = bound_memory(referee, err);
    if (rc == DRIFT_OK)
        *out = referee;
    else
        drift_connection_close(referee);
    return rc;
}

/* ---- asking ---- */

/* A referee has a handle of its own. */
static int bind_pointers(drift_statement *statement, const drift__pointer *pointers, drift_error *err)
{
    sqlite3_stmt *handle = ((drift__direct_statement *)statement)->handle;
    const int count = sqlite3_bind_parameter_count(handle);
    for (int i = 0; i < count; i++) {
        if (sqlite3_bind_pointer(handle, i + 1, pointers[i].pointer, pointers[i].type, NULL) != SQLITE_OK)
            return drift__no_memory(err);
    }
    return DRIFT_OK;
}

static int each_row(drift_statement *statement, drift_row_fn take, void *payload, drift_error *err)
{
    bool row = false;
    int rc = drift_statement_step(&row, statement, err);
    while (rc == DRIFT_OK && row) {
        if (take) rc = take(statement, payload, err);
        if (rc == DRIFT_OK) rc = drift_statement_step(&row, statement, err);
    }
    return rc;
}

int drift__referee_query(drift_connection *referee, drift__str *text, const drift__pointer *pointers, drift_row_fn take,
                         void *payload, drift_error *err)
{
    drift_statement *statement = NULL;
    char *sql = NULL;
    int rc = drift__str_take(&sql, text, err);
    if (rc == DRIFT_OK) rc = drift_statement_prepare(&statement, referee, sql, err);
    if (rc == DRIFT_OK) rc = bind_pointers(statement, pointers, err);
    if (rc == DRIFT_OK) rc = each_row(statement, take, payload, err);
    drift_statement_free(statement);
    drift__free(sql);
    return rc;
}
