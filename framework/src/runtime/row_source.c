/* row_source.c — an eponymous virtual table (https://www.sqlite.org/vtab.html, section 2.1.2): it exists while its
 * module is registered, and no schema knows it. */
#include "runtime/row_source.h"

#include <sqlite3.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/sqlite_error.h"

typedef struct table {
    sqlite3_vtab base; /* SQLite's part, first */
    drift__row_source *source;
} table;

typedef struct cursor {
    sqlite3_vtab_cursor base; /* SQLite's part, first */
    int64_t row;
} cursor;

static drift__row_source *source_of(sqlite3_vtab_cursor *at)
{
    return ((table *)at->pVtab)->source;
}

static int declare(sqlite3 *handle, const drift__row_source *source)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "CREATE TABLE x (");
    for (size_t i = 0; i < source->columns; i++) drift__str_printf(&sql, i ? ", c%zu" : "c%zu", i);
    drift__str_puts(&sql, ")");
    const int rc = sql.failed ? SQLITE_NOMEM : sqlite3_declare_vtab(handle, drift__str_text(&sql));
    drift__str_dispose(&sql);
    return rc;
}

static int connect_table(sqlite3 *handle, void *payload, int argc, const char *const *argv, sqlite3_vtab **out,
                         char **why)
{
    (void)argc;
    (void)argv;
    (void)why;
    const int rc = declare(handle, payload);
    if (rc != SQLITE_OK) return rc;
    table *t = drift__calloc(1, sizeof *t);
    if (!t) return SQLITE_NOMEM;
    t->source = payload;
    *out = &t->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *base)
{
    drift__free(base);
    return SQLITE_OK;
}

/* There is one way to read it: from the first row to the last. */
static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const drift__row_source *source = ((table *)base)->source;
    info->estimatedRows = source->end - source->first;
    info->estimatedCost = (double)info->estimatedRows;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    (void)base;
    cursor *c = drift__calloc(1, sizeof *c);
    if (!c) return SQLITE_NOMEM;
    *out = &c->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *at)
{
    drift__free(at);
    return SQLITE_OK;
}

static int make_row(sqlite3_vtab_cursor *at)
{
    const drift__row_source *source = source_of(at);
    const int64_t row = ((cursor *)at)->row;
    if (row < source->end) source->make(source->values, row, source->payload);
    return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *at, int number, const char *text, int argc, sqlite3_value **argv)
{
    (void)number;
    (void)text;
    (void)argc;
    (void)argv;
    ((cursor *)at)->row = source_of(at)->first;
    return make_row(at);
}

static int next(sqlite3_vtab_cursor *at)
{
    ((cursor *)at)->row++;
    return make_row(at);
}

static int at_end(sqlite3_vtab_cursor *at)
{
    return ((cursor *)at)->row >= source_of(at)->end;
}

/* SQLITE_STATIC: the row that is being inserted is written before the next one is made. */
static int column(sqlite3_vtab_cursor *at, sqlite3_context *context, int index)
{
    const drift_value *value = &source_of(at)->values[index];
    switch (value->kind) {
    case DRIFT_INTEGER: sqlite3_result_int64(context, value->integer); break;
    case DRIFT_REAL: sqlite3_result_double(context, value->real); break;
    case DRIFT_TEXT:
        sqlite3_result_text64(context, value->bytes ? value->bytes : "", value->length, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case DRIFT_BLOB:
        sqlite3_result_blob64(context, value->bytes ? value->bytes : "", value->length, SQLITE_STATIC);
        break;
    default: sqlite3_result_null(context);
    }
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *at, sqlite3_int64 *out)
{
    *out = ((cursor *)at)->row;
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = connect_table,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = at_end,
    .xColumn = column,
    .xRowid = rowid,
};

int drift__row_source_add(drift_connection *connection, drift__row_source *source, drift_error *err)
{
    sqlite3 *handle = drift_connection_handle(connection);
    if (!handle) return drift__error(err, DRIFT_UNSUPPORTED, "expected a connection with a SQLite handle for rows");
    if (sqlite3_create_module(handle, source->name, &module, source) == SQLITE_OK) return DRIFT_OK;
    return drift__sqlite_error(err, handle);
}

/*
 * SQLite disconnects the table only when the next statement is prepared, and all statements then have to be prepared
 * again (vtab.c, sqlite3VtabUnlockList). One that runs just then, as PRAGMA foreign_key_check inside its table-valued
 * function, would end with SQLITE_ABORT_ROLLBACK: so it is done here, where none runs.
 */
int drift__row_source_remove(drift_connection *connection, const drift__row_source *source, drift_error *err)
{
    sqlite3 *handle = drift_connection_handle(connection);
    sqlite3_stmt *next_statement = NULL;
    int result = sqlite3_create_module(handle, source->name, NULL, NULL);
    if (result == SQLITE_OK) result = sqlite3_prepare_v2(handle, "SELECT 1", -1, &next_statement, NULL);
    const int rc = result == SQLITE_OK ? DRIFT_OK : drift__sqlite_error(err, handle);
    sqlite3_finalize(next_statement);
    return rc;
}
