/* statement.c — statements of a direct connection. */
#include "runtime/statement.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/direct.h"
#include "runtime/sqlite_error.h"

/* Enough for the statements that an app uses over and over; looking through as many hashes costs less than compiling
 * the shortest of them. */
enum { IDLE_LIMIT = 64 };

static drift__direct_statement *direct_statement(const drift_statement *statement)
{
    return (drift__direct_statement *)statement;
}

static drift__direct *connection_of(const drift_statement *statement)
{
    return drift__direct_of(statement->connection);
}

static void push_front(drift__statement_list *list, drift__direct_statement *statement)
{
    statement->previous = NULL;
    statement->next = list->first;
    if (list->first)
        list->first->previous = statement;
    else
        list->last = statement;
    list->first = statement;
    list->count++;
}

static void take_out(drift__statement_list *list, drift__direct_statement *statement)
{
    if (statement->previous)
        statement->previous->next = statement->next;
    else
        list->first = statement->next;
    if (statement->next)
        statement->next->previous = statement->previous;
    else
        list->last = statement->previous;
    list->count--;
}

static void destroy(drift__direct_statement *statement)
{
    sqlite3_finalize(statement->handle);
    drift__footprint_dispose(&statement->footprint);
    drift__free(statement);
}

static void dispose_list(drift__statement_list *list)
{
    while (list->first) {
        drift__direct_statement *statement = list->first;
        take_out(list, statement);
        destroy(statement);
    }
}

void drift__statements_forget(drift__statements *statements)
{
    dispose_list(&statements->idle);
}

void drift__statements_dispose(drift__statements *statements)
{
    dispose_list(&statements->in_use);
    dispose_list(&statements->idle);
}

/* FNV-1a: SQL differs in the case of its strings, so the names' hash of base/fold.h does not fit. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

static drift__direct_statement *take_idle(drift__statements *statements, const char *sql, uint64_t hash)
{
    for (drift__direct_statement *at = statements->idle.first; at; at = at->next) {
        if (at->hash != hash || strcmp(sqlite3_sql(at->handle), sql) != 0) continue;
        take_out(&statements->idle, at);
        return at;
    }
    return NULL;
}

/* Whether a text holds a statement, or something that is none, beside white space and comments. */
static bool is_more(const char *text)
{
    return text[drift__statement_start(text, 0)] != '\0';
}

/* Compiles the only statement of a text. The cache finds it by sqlite3_sql, which leaves out what stands behind the
 * ';': such texts are compiled anew each time. */
static int compile(sqlite3_stmt **out, sqlite3 *handle, const char *sql, drift_error *err)
{
    const char *tail = NULL;
    if (sqlite3_prepare_v3(handle, sql, -1, SQLITE_PREPARE_PERSISTENT, out, &tail) != SQLITE_OK)
        return drift__sqlite_error_in(err, handle, sql, 0);
    if (!*out) return drift__error(err, DRIFT_SYNTAX, "expected a statement, found none");
    if (!is_more(tail)) return DRIFT_OK;
    sqlite3_finalize(*out);
    *out = NULL;
    const size_t offset = drift__statement_start(sql, (size_t)(tail - sql));
    drift__error_in(err, DRIFT_MISUSE, NULL, sql, offset, "expected one statement, found more");
    drift__error_hint(err, "drift_exec runs several statements");
    return DRIFT_MISUSE;
}

static int create(drift__direct_statement **out, drift__direct *direct, const char *sql, uint64_t hash,
                  drift_error *err)
{
    drift__direct_statement *statement = drift__calloc(1, sizeof *statement);
    if (!statement) return drift__no_memory(err);
    drift__tracker_compile_begin(direct->tracker, &statement->footprint);
    const int rc = compile(&statement->handle, direct->handle, sql, err);
    drift__tracker_compile_end(direct->tracker);
    if (rc != DRIFT_OK) {
        destroy(statement);
        return rc;
    }
    statement->base.connection = &direct->base;
    statement->hash = hash;
    *out = statement;
    return DRIFT_OK;
}

int drift__direct_prepare(drift_statement **out, drift_connection *connection, const char *sql, drift_error *err)
{
    drift__direct *direct = drift__direct_of(connection);
    const uint64_t hash = hash_text(sql);
    drift__direct_statement *statement = take_idle(&direct->statements, sql, hash);
    if (!statement) {
        const int rc = create(&statement, direct, sql, hash, err);
        if (rc != DRIFT_OK) return rc;
    }
    push_front(&direct->statements.in_use, statement);
    *out = &statement->base;
    return DRIFT_OK;
}

void drift__direct_release(drift_statement *base)
{
    drift__direct_statement *statement = direct_statement(base);
    drift__statements *statements = &connection_of(base)->statements;
    take_out(&statements->in_use, statement);
    drift__direct_reset(base);
    sqlite3_clear_bindings(statement->handle);
    push_front(&statements->idle, statement);
    if (statements->idle.count <= IDLE_LIMIT) return;
    statement = statements->idle.last;
    take_out(&statements->idle, statement);
    destroy(statement);
}

int drift__direct_parameter_count(const drift_statement *statement)
{
    return sqlite3_bind_parameter_count(direct_statement(statement)->handle);
}

/* A NULL pointer binds NULL whatever its length (https://www.sqlite.org/c3ref/bind_blob.html), but an empty text and an
 * empty blob are values. */
static const void *bytes_of(const drift_value *value)
{
    return value->bytes ? value->bytes : "";
}

static int bind_value(sqlite3_stmt *handle, int index, const drift_value *value)
{
    switch (value->kind) {
    case DRIFT_INTEGER: return sqlite3_bind_int64(handle, index, value->integer);
    case DRIFT_REAL: return sqlite3_bind_double(handle, index, value->real);
    case DRIFT_TEXT:
        return sqlite3_bind_text64(handle, index, bytes_of(value), value->length, SQLITE_TRANSIENT, SQLITE_UTF8);
    case DRIFT_BLOB: return sqlite3_bind_blob64(handle, index, bytes_of(value), value->length, SQLITE_TRANSIENT);
    case DRIFT_NULL: break;
    }
    return sqlite3_bind_null(handle, index);
}

int drift__direct_bind(drift_statement *base, int index, const drift_value *value, drift_error *err)
{
    drift__direct_statement *statement = direct_statement(base);
    const int count = sqlite3_bind_parameter_count(statement->handle);
    if (index < 1 || index > count)
        return drift__error(err, DRIFT_MISUSE, "expected a parameter from 1 to %d, found %d", count, index);
    if (statement->state != DRIFT__STATEMENT_READY)
        return drift__error(err, DRIFT_MISUSE, "expected a statement that was reset, found one that is running");
    if (!value->bytes && value->length > 0 && (value->kind == DRIFT_TEXT || value->kind == DRIFT_BLOB))
        return drift__error(err, DRIFT_MISUSE, "expected %zu bytes for parameter %d, found NULL", value->length, index);
    if (bind_value(statement->handle, index, value) == SQLITE_OK) return DRIFT_OK;
    return drift__sqlite_error(err, connection_of(base)->handle);
}

int drift__direct_step_statement(bool *row, drift_statement *base, drift_error *err)
{
    drift__direct_statement *statement = direct_statement(base);
    *row = false;
    if (statement->state == DRIFT__STATEMENT_END) return DRIFT_OK;
    if (statement->state == DRIFT__STATEMENT_FAILED)
        return drift__error(err, DRIFT_MISUSE, "expected a statement that was reset, found one that has failed");
    const int rc = drift__direct_step(row, connection_of(base), statement->handle, &statement->footprint, err);
    if (rc != DRIFT_OK)
        statement->state = DRIFT__STATEMENT_FAILED;
    else
        statement->state = *row ? DRIFT__STATEMENT_ROW : DRIFT__STATEMENT_END;
    return rc;
}

void drift__direct_reset(drift_statement *base)
{
    drift__direct_statement *statement = direct_statement(base);
    drift__direct_reset_handle(connection_of(base), statement->handle, &statement->footprint);
    statement->state = DRIFT__STATEMENT_READY;
}

int drift__direct_column_count(const drift_statement *statement)
{
    return sqlite3_column_count(direct_statement(statement)->handle);
}

const char *drift__direct_column_name(drift_statement *statement, int column)
{
    return sqlite3_column_name(direct_statement(statement)->handle, column);
}

/* Reading a column where there is no row is undefined in SQLite (https://www.sqlite.org/c3ref/column_blob.html). */
static bool readable(const drift_statement *base, int column)
{
    const drift__direct_statement *statement = direct_statement(base);
    return statement->state == DRIFT__STATEMENT_ROW && column >= 0 && column < sqlite3_data_count(statement->handle);
}

drift_value drift__direct_column_value(drift_statement *base, int column)
{
    sqlite3_stmt *handle = direct_statement(base)->handle;
    drift_value value = {.kind = DRIFT_NULL};
    switch (readable(base, column) ? sqlite3_column_type(handle, column) : SQLITE_NULL) {
    case SQLITE_INTEGER: return (drift_value){.kind = DRIFT_INTEGER, .integer = sqlite3_column_int64(handle, column)};
    case SQLITE_FLOAT: return (drift_value){.kind = DRIFT_REAL, .real = sqlite3_column_double(handle, column)};
    case SQLITE_TEXT:
        value.kind = DRIFT_TEXT;
        value.bytes = sqlite3_column_text(handle, column);
        break;
    case SQLITE_BLOB:
        value.kind = DRIFT_BLOB;
        value.bytes = sqlite3_column_blob(handle, column);
        break;
    default: return value;
    }
    value.length = (size_t)sqlite3_column_bytes(handle, column); /* after the pointer: the text may be converted */
    if (value.kind == DRIFT_BLOB && value.length == 0) value.bytes = ""; /* SQLite gives NULL for an empty blob */
    if (!value.bytes) value.length = 0;
    return value;
}

int64_t drift__direct_column_int64(drift_statement *statement, int column)
{
    return readable(statement, column) ? sqlite3_column_int64(direct_statement(statement)->handle, column) : 0;
}

double drift__direct_column_double(drift_statement *statement, int column)
{
    return readable(statement, column) ? sqlite3_column_double(direct_statement(statement)->handle, column) : 0.0;
}

const char *drift__direct_column_text(drift_statement *statement, int column, size_t *length)
{
    sqlite3_stmt *handle = direct_statement(statement)->handle;
    const char *text = readable(statement, column) ? (const char *)sqlite3_column_text(handle, column) : NULL;
    if (length) *length = text ? (size_t)sqlite3_column_bytes(handle, column) : 0;
    return text;
}
