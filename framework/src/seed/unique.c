/* unique.c — the keys of a table: what may stand there only once, and what refers to whom. */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "seed/graph.h"
#include "sql/cursor.h"

typedef struct reading {
    drift__seed_graph *graph;
    drift__seed_table *table;
    bool has_key_index;
} reading;

/* The unique index of this name, the last one or a new one: its columns come one after another. */
static drift__seed_unique *unique_of(reading *r, const char *name)
{
    drift__seed_table *table = r->table;
    if (table->unique_count && strcmp(table->uniques[table->unique_count - 1].name, name) == 0)
        return &table->uniques[table->unique_count - 1];
    if (table->unique_count == table->unique_capacity) {
        const size_t capacity = table->unique_count ? table->unique_count * 2 : 4;
        drift__seed_unique *grown = drift__arena_array(&r->graph->arena, capacity, sizeof *grown);
        if (!grown) return NULL;
        if (table->unique_count) memcpy(grown, table->uniques, table->unique_count * sizeof *grown);
        table->uniques = grown;
        table->unique_capacity = capacity;
    }
    drift__seed_unique *unique = &table->uniques[table->unique_count++];
    *unique = (drift__seed_unique){.name = drift__arena_strdup(&r->graph->arena, name)};
    return unique->name ? unique : NULL;
}

/* One column of a unique index: the index, its column or NULL of an expression, whether it is partial, its origin. */
static int take_column(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    const char *name = drift_column_text(row, 0, NULL), *column = drift_column_text(row, 1, NULL);
    const char *origin = drift_column_text(row, 3, NULL);
    drift__seed_unique *unique = name && origin ? unique_of(r, name) : NULL;
    if (!unique) return drift__no_memory(err);
    r->has_key_index = r->has_key_index || strcmp(origin, "pk") == 0;
    drift__seed_column *found = column ? drift__seed_column_named(r->table, column, strlen(column)) : NULL;
    unique->partial = unique->partial || drift_column_int64(row, 2) != 0 || !found;
    if (found && unique->count < DRIFT__SEED_MOST_KEY) unique->columns[unique->count++] = found;
    return DRIFT_OK;
}

static bool has_words(const char *sql, const char *first, const char *second)
{
    for (drift__cursor c = drift__cursor_at(sql, strlen(sql)); c.token.kind != DRIFT__TOKEN_END;
         drift__cursor_next(&c)) {
        if (!drift__cursor_is(&c, first)) continue;
        const drift__lexeme next = drift__cursor_peek(&c);
        if (!second || drift__lexeme_is(&next, second)) return true;
    }
    return false;
}

/* The names of the rowid (https://www.sqlite.org/lang_createtable.html#rowid); a column may take one away. */
static const char *rowid_name(const drift__seed_table *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!drift__seed_mentions(table->sql, strlen(table->sql), names[i])) return names[i];
    }
    return NULL;
}

static void mark_columns(drift__seed_table *table, bool has_key_index)
{
    size_t keys = 0;
    for (size_t i = 0; i < table->column_count; i++) keys += table->columns[i].key != 0;
    for (size_t i = 0; i < table->column_count; i++) {
        drift__seed_column *column = &table->columns[i];
        /* The one primary key without an index of its own is the rowid. */
        column->is_rowid = column->key && keys == 1 && !has_key_index && drift__same_name(column->type, "INTEGER");
        column->unique = column->is_rowid;
        if (column->is_rowid) table->rowid_name = NULL;
    }
    for (size_t i = 0; i < table->unique_count; i++) {
        if (table->uniques[i].count == 1) table->uniques[i].columns[0]->unique = true;
    }
}

int drift__seed_uniques_read(drift__seed_graph *graph, drift__seed_table *table, drift_connection *connection,
                             drift_error *err)
{
    reading r = {.graph = graph, .table = table};
    const drift_value bind = DRIFT_BIND_TEXT(table->name, strlen(table->name));
    const int rc = drift_query(connection,
                               "SELECT l.name, x.name, l.partial, l.origin FROM pragma_index_list(?, 'main') l"
                               " JOIN pragma_index_xinfo(l.name, 'main') x WHERE l.\"unique\" AND x.key"
                               " ORDER BY l.seq, x.seqno",
                               &bind, 1, take_column, &r, err);
    if (rc != DRIFT_OK) return rc;
    table->replaces = has_words(table->sql, "CONFLICT", "REPLACE");
    table->autoincrement = has_words(table->sql, "AUTOINCREMENT", NULL);
    if (!table->without_rowid) table->rowid_name = rowid_name(table);
    mark_columns(table, r.has_key_index);
    return DRIFT_OK;
}

/* "The first column is always a 64-bit signed integer primary key" (https://www.sqlite.org/rtree.html, section 3.1). */
void drift__seed_virtual_key_read(drift__seed_table *table)
{
    static const char *const modules[] = {"rtree", "rtree_i32"};
    for (size_t i = 0; table->column_count && i < sizeof modules / sizeof modules[0]; i++) {
        if (!has_words(table->sql, "USING", modules[i])) continue;
        table->columns[0].is_rowid = table->columns[0].unique = true;
    }
}

/* ---- orphans ---- */

/* Children without a parent, of those whose parent exists. A parent that does not exist, or whose key is none ("foreign
 * key mismatch"), has no row that could be referenced: such a schema was released all the same, and its tables are
 * filled as they are without enforcement. */
int drift__seed_count_orphans(int64_t *out, drift_connection *connection, const drift__seed_table *table,
                              drift_error *err)
{
    const drift_value bind = DRIFT_BIND_TEXT(table->name, strlen(table->name));
    drift_error why = {0};
    const int rc =
        drift_query_int64(out, connection,
                          "SELECT count(*) FROM pragma_foreign_key_check(?, 'main') c WHERE EXISTS (SELECT 1 FROM"
                          " main.sqlite_schema s WHERE s.type = 'table' AND lower(s.name) = lower(c.parent))",
                          &bind, 1, &why);
    if (rc == DRIFT_SQL) *out = 0;
    if (rc == DRIFT_OK || rc == DRIFT_SQL) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}
