/* live.c */
#include "verify/live.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "sql/quote.h"

typedef struct reading {
    drift__live_table *table;
    drift__arena *arena;
    size_t capacity;
} reading;

static int take_column(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    drift__live_table *table = r->table;
    const char *name = drift_column_text(row, 0, NULL), *type = drift_column_text(row, 1, NULL);
    if (!name || drift__reserve((void **)&table->columns, &r->capacity, table->count + 1, sizeof *table->columns) != 0)
        return drift__no_memory(err);
    const drift__live_column column = {.name = drift__arena_strdup(r->arena, name),
                                       .type = drift__arena_strdup(r->arena, type ? type : ""),
                                       .key = drift_column_int64(row, 2),
                                       .hidden = drift_column_int64(row, 3),
                                       .not_null = drift_column_int64(row, 4) != 0};
    table->columns[table->count++] = column;
    table->key_count += column.key > 0;
    return r->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int take_kind(drift_statement *row, void *payload, drift_error *err)
{
    drift__live_table *table = payload;
    (void)err;
    table->is_virtual = drift_column_int64(row, 0) != 0;
    table->without_rowid = drift_column_int64(row, 1) != 0;
    return DRIFT_OK;
}

const drift__live_column *drift__live_column_named(const drift__live_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (drift__same_name(table->columns[i].name, name)) return &table->columns[i];
    }
    return NULL;
}

bool drift__live_is_generated(const drift__live_column *column)
{
    return column->hidden == 2 || column->hidden == 3;
}

static const char *rowid_of(const drift__live_table *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; !table->without_rowid && i < 3; i++) {
        if (!drift__live_column_named(table, names[i])) return names[i];
    }
    return NULL;
}

/* A primary key of a rowid table that needs no index is the rowid. */
static int find_rowid_key(drift__live_table *table, drift_connection *connection, const drift_value *name,
                          drift_error *err)
{
    int64_t indexes = 0;
    if (table->key_count != 1 || table->without_rowid || table->is_virtual) return DRIFT_OK;
    const int rc = drift_query_int64(
        &indexes, connection, "SELECT count(*) FROM pragma_index_list(?, 'main') WHERE origin = 'pk'", name, 1, err);
    table->rowid_key = rc == DRIFT_OK && indexes == 0;
    /* Then it is a name of the rowid too. */
    for (size_t i = 0; table->rowid_key && i < table->count; i++) {
        if (table->columns[i].key) table->rowid = table->columns[i].name;
    }
    return rc;
}

int drift__live_read(drift__live_table *out, drift__arena *arena, drift_connection *connection, const char *name,
                     drift_error *err)
{
    const drift_value bind = DRIFT_BIND_TEXT(name, strlen(name));
    reading r = {out, arena, 0};
    *out = (drift__live_table){.name = name};
    int rc = drift_query(connection,
                         "SELECT type = 'virtual', wr FROM pragma_table_list(?) WHERE schema = 'main' AND type IN"
                         " ('table', 'virtual')",
                         &bind, 1, take_kind, out, err);
    if (rc == DRIFT_OK)
        rc = drift_query(connection, "SELECT name, type, pk, hidden, \"notnull\" FROM pragma_table_xinfo(?, 'main')",
                         &bind, 1, take_column, &r, err);
    drift__live_column *columns = drift__arena_copy(arena, out->columns, out->count, sizeof *columns);
    drift__free(out->columns);
    out->columns = columns;
    if (rc == DRIFT_OK && !columns) rc = drift__no_memory(err);
    if (rc != DRIFT_OK) return rc;
    out->rowid = rowid_of(out);
    return find_rowid_key(out, connection, &bind, err);
}

int drift__live_has_rows(bool *out, drift_connection *connection, const char *name, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL;
    int64_t found = 0;
    drift__str_puts(&text, "SELECT EXISTS (SELECT 1 FROM main.");
    drift__put_quoted(&text, name);
    drift__str_putc(&text, ')');
    int rc = drift__str_take(&sql, &text, err);
    if (rc == DRIFT_OK) rc = drift_query_int64(&found, connection, sql, NULL, 0, NULL);
    drift__free(sql);
    *out = rc != DRIFT_OK || found;
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

typedef struct listing {
    drift__arena *arena;
    const char **names;
    size_t count, capacity;
} listing;

static int take_name(drift_statement *row, void *payload, drift_error *err)
{
    listing *l = payload;
    const char *name = drift_column_text(row, 0, NULL);
    if (!name || drift__reserve((void **)&l->names, &l->capacity, l->count + 1, sizeof *l->names) != 0)
        return drift__no_memory(err);
    l->names[l->count++] = drift__arena_strdup(l->arena, name);
    return l->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift__live_list(const char ***names, size_t *count, drift__arena *arena, drift_connection *connection,
                     drift_error *err)
{
    listing l = {.arena = arena};
    int rc =
        drift_query(connection,
                    "SELECT s.name FROM main.sqlite_schema s JOIN pragma_table_list l ON l.name = s.name AND"
                    " l.schema = 'main' WHERE s.type = 'table' AND l.type IN ('table', 'virtual') AND s.name NOT LIKE"
                    " 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid",
                    NULL, 0, take_name, &l, err);
    *names = drift__arena_copy(arena, l.names, l.count, sizeof *l.names);
    *count = l.count;
    drift__free(l.names);
    return rc == DRIFT_OK && arena->failed ? drift__no_memory(err) : rc;
}
