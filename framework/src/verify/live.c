/* live.c */
#include "verify/live.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "sql/quote.h"

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

/* ---- reading ---- */

typedef struct reading {
    drift__live_known *tables;
    drift__arena *arena;
    size_t at;                   /* the table whose columns come now */
    drift__live_column *columns; /* of all tables, one table after the other */
    size_t count, capacity;
} reading;

static drift__live_table *find_table(reading *r, const char *name)
{
    const drift__live_known *tables = r->tables;
    for (size_t tried = 0; tried < tables->count; tried++, r->at = (r->at + 1) % tables->count) {
        if (strcmp(tables->names[r->at], name) == 0) return &tables->tables[r->at];
    }
    return NULL; /* a shadow table, or SQLite's own */
}

static int take_column(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    const char *of = drift_column_text(row, 0, NULL), *name = drift_column_text(row, 1, NULL),
               *type = drift_column_text(row, 2, NULL);
    if (!of || !name) return drift__no_memory(err);
    drift__live_table *table = find_table(r, of);
    if (!table) return DRIFT_OK;
    if (drift__reserve((void **)&r->columns, &r->capacity, r->count + 1, sizeof *r->columns) != 0)
        return drift__no_memory(err);
    const drift__live_column column = {.name = drift__arena_strdup(r->arena, name),
                                       .type = drift__arena_strdup(r->arena, type ? type : ""),
                                       .key = drift_column_int64(row, 3),
                                       .hidden = drift_column_int64(row, 4),
                                       .not_null = drift_column_int64(row, 5) != 0};
    r->columns[r->count++] = column;
    table->count++;
    table->key_count += column.key > 0;
    return r->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int take_without_rowid(drift_statement *row, void *payload, drift_error *err)
{
    const char *name = drift_column_text(row, 0, NULL);
    if (!name) return drift__no_memory(err);
    drift__live_table *table = find_table(payload, name);
    if (table) table->without_rowid = true;
    return DRIFT_OK;
}

static int list_tables(drift__live_known *out, drift__arena *arena, const drift__objects *objects, drift_error *err)
{
    *out = (drift__live_known){.names = drift__arena_array(arena, objects->count + 1, sizeof(char *)),
                               .tables = drift__arena_array(arena, objects->count + 1, sizeof *out->tables)};
    if (arena->failed) return drift__no_memory(err);
    for (size_t i = 0; i < objects->count; i++) {
        const drift__object *object = &objects->items[i];
        const bool is_virtual = object->kind == DRIFT__OBJECT_VIRTUAL_TABLE;
        if ((object->kind != DRIFT__OBJECT_TABLE && !is_virtual) || strcmp(object->database, "main") != 0) continue;
        out->names[out->count] = object->name;
        out->tables[out->count++] = (drift__live_table){.name = object->name, .is_virtual = is_virtual};
    }
    return DRIFT_OK;
}

/* Each table's columns stand together, in the order of the tables in which they were read. */
static int hand_out_columns(reading *r, drift_connection *connection, drift_error *err)
{
    drift__live_column *columns = drift__arena_copy(r->arena, r->columns, r->count, sizeof *columns);
    int rc = columns ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < r->tables->count; i++) {
        drift__live_table *table = &r->tables->tables[i];
        const drift_value name = DRIFT_BIND_TEXT(table->name, strlen(table->name));
        table->columns = columns;
        columns += table->count;
        table->rowid = rowid_of(table);
        rc = find_rowid_key(table, connection, &name, err);
    }
    return rc;
}

int drift__live_read(drift__live_known *out, drift__arena *arena, drift_connection *connection,
                     const drift__objects *objects, drift_error *err)
{
    reading r = {.tables = out, .arena = arena};
    int rc = list_tables(out, arena, objects, err);
    if (rc == DRIFT_OK)
        rc = drift_query(
            connection,
            "SELECT s.name, x.name, x.type, x.pk, x.hidden, x.\"notnull\" FROM main.sqlite_schema s CROSS JOIN"
            " pragma_table_xinfo(s.name, 'main') x WHERE s.type = 'table' ORDER BY s.rowid",
            NULL, 0, take_column, &r, err);
    if (rc == DRIFT_OK)
        rc = drift_query(connection, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr", NULL, 0,
                         take_without_rowid, &r, err);
    if (rc == DRIFT_OK) rc = hand_out_columns(&r, connection, err);
    drift__free(r.columns);
    return rc;
}

/* ---- rows ---- */

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
