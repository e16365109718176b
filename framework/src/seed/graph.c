/* graph.c — reading the tables, and joining the columns that foreign keys join. */
#include "seed/graph.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "sql/quote.h"

/* What a row callback works on. */
typedef struct reading {
    drift__seed_graph *graph;
    drift__seed_table *table;
} reading;

static const char *text_at(reading *r, drift_statement *row, int column)
{
    const char *text = drift_column_text(row, column, NULL);
    if (!text && drift_column_value(row, column).kind != DRIFT_NULL) r->graph->arena.failed = 1; /* no memory */
    return drift__arena_strdup(&r->graph->arena, text ? text : "");
}

static int query_of(drift_connection *connection, const char *sql, const char *name, drift_row_fn row, reading *r,
                    drift_error *err)
{
    const drift_value bind = DRIFT_BIND_TEXT(name, strlen(name));
    return drift_query(connection, sql, &bind, 1, row, r, err);
}

/* ---- tables and columns ---- */

static int take_table(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    drift__seed_table *table = &r->graph->tables[r->graph->table_count];
    table->name = text_at(r, row, 0);
    table->is_virtual = drift_column_int64(row, 1) != 0;
    table->strict = drift_column_int64(row, 2) != 0;
    table->sql = text_at(r, row, 3);
    table->without_rowid = drift_column_int64(row, 4) != 0;
    table->triggers = table->indexes = "";
    if (r->graph->arena.failed || drift__map_put(&r->graph->by_name, table->name, table, NULL) != 0)
        return drift__no_memory(err);
    r->graph->table_count++;
    return DRIFT_OK;
}

/* A trigger or index of a table: its table, its text, whether it is an index. A view's triggers are nobody's here. */
static int take_text(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    const char *name = drift_column_text(row, 0, NULL), *sql = drift_column_text(row, 1, NULL);
    drift__seed_table *table = name ? drift__map_get(&r->graph->by_name, name) : NULL;
    if (!name || !sql) return drift__no_memory(err);
    const char **texts = !table ? NULL : drift_column_int64(row, 2) ? &table->indexes : &table->triggers;
    if (texts) *texts = drift__arena_printf(&r->graph->arena, "%s\n%s", *texts, sql);
    return r->graph->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

static int read_tables(drift__seed_graph *graph, drift_connection *connection, drift_error *err)
{
    /* The schema's order, so that a run can be told apart from another only by its schema. A view has no rows, a shadow
     * table none of its own, and sqlite_% belongs to SQLite. */
    static const char sql[] =
        "SELECT s.name, l.type = 'virtual', l.strict, s.sql, l.wr FROM main.sqlite_schema s JOIN pragma_table_list l"
        " ON l.name = s.name AND l.schema = 'main' WHERE l.type IN ('table', 'virtual') AND s.type = 'table'"
        " AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid";
    int64_t count = 0;
    reading r = {.graph = graph};
    int rc = drift_query_int64(&count, connection, "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table'", NULL,
                               0, err);
    if (rc != DRIFT_OK) return rc;
    graph->tables = drift__arena_array(&graph->arena, (size_t)count + 1, sizeof *graph->tables);
    graph->order = drift__arena_array(&graph->arena, (size_t)count + 1, sizeof(drift__seed_table *));
    if (!graph->tables || !graph->order) return drift__no_memory(err);
    rc = drift_query(connection, sql, NULL, 0, take_table, &r, err);
    if (rc != DRIFT_OK) return rc;
    return drift_query(connection,
                       "SELECT tbl_name, sql, type = 'index' FROM main.sqlite_schema WHERE type = 'trigger' OR"
                       " (type = 'index' AND (sql LIKE '%(%(%' OR sql LIKE '%WHERE%')) ORDER BY rowid",
                       NULL, 0, take_text, &r, err);
}

/* A number for a column that stays the same from version to version, whatever else comes and goes. */
static size_t number_of(const char *table, const char *column)
{
    const uint64_t hash = drift__fold_hash(table, strlen(table)) * 31 + drift__fold_hash(column, strlen(column));
    return (size_t)(hash % 8999);
}

static int take_column(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    drift__arena *arena = &r->graph->arena;
    drift__seed_column *column = &r->table->columns[r->table->column_count++];
    column->name = text_at(r, row, 0);
    column->type = text_at(r, row, 1);
    column->not_null = drift_column_int64(row, 2) != 0;
    column->key = drift_column_int64(row, 3);
    column->default_value = text_at(r, row, 4);
    column->class_of = drift__arena_alloc(arena, sizeof *column->class_of);
    if (arena->failed) return drift__no_memory(err);
    column->number = number_of(r->table->name, column->name);
    column->affinity = drift__affinity_of(column->type);
    column->class_of->members = 1;
    return DRIFT_OK;
}

static int read_columns(drift__seed_graph *graph, drift__seed_table *table, drift_connection *connection,
                        drift_error *err)
{
    /* hidden: 1 a virtual table's, 2 and 3 generated (https://www.sqlite.org/pragma.html#pragma_table_xinfo) */
    static const char sql[] = "SELECT name, type, \"notnull\", pk, dflt_value FROM pragma_table_xinfo(?, 'main') WHERE"
                              " hidden = 0";
    const drift_value bind = DRIFT_BIND_TEXT(table->name, strlen(table->name));
    int64_t count = 0;
    reading r = {.graph = graph, .table = table};
    int rc = drift_query_int64(&count, connection, "SELECT count(*) FROM pragma_table_xinfo(?, 'main')", &bind, 1, err);
    if (rc != DRIFT_OK) return rc;
    table->columns = drift__arena_array(&graph->arena, (size_t)count + 1, sizeof *table->columns);
    if (!table->columns) return drift__no_memory(err);
    rc = query_of(connection, sql, table->name, take_column, &r, err);
    return rc == DRIFT_OK && !table->is_virtual ? drift__seed_checks_read(table, &graph->arena, err) : rc;
}

drift__seed_column *drift__seed_column_named(const drift__seed_table *table, const char *name, size_t length)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (drift__same_word(name, length, table->columns[i].name)) return &table->columns[i];
    }
    return NULL;
}

/* ---- foreign keys ---- */

drift__seed_class *drift__seed_class_root(drift__seed_class *c)
{
    while (c->parent) c = c->parent;
    return c;
}

static void join(drift__seed_column *child, drift__seed_column *parent)
{
    drift__seed_class *from = drift__seed_class_root(child->class_of), *to = drift__seed_class_root(parent->class_of);
    if (from == to) return;
    if (from->members > to->members) {
        drift__seed_class *other = from;
        from = to;
        to = other;
    }
    from->parent = to;
    to->members += from->members;
}

/* The reference of this id, the last one or a new one: its columns come one after another. */
static drift__seed_reference *reference_of(drift__seed_graph *graph, drift__seed_table *table, int64_t id)
{
    const size_t count = table->reference_count;
    if (count && table->references[count - 1].id == id) return &table->references[count - 1];
    if (count == table->reference_capacity) {
        const size_t capacity = count ? count * 2 : 4;
        drift__seed_reference *grown = drift__arena_array(&graph->arena, capacity, sizeof *grown);
        if (!grown) return NULL;
        if (count) memcpy(grown, table->references, count * sizeof *grown);
        table->references = grown;
        table->reference_capacity = capacity;
    }
    table->references[count] = (drift__seed_reference){.id = id, .usable = true};
    table->reference_count++;
    return &table->references[count];
}

/* A reference without columns means the parent's primary key, in its order. */
static drift__seed_column *key_column(drift__seed_table *parent, int64_t ordinal)
{
    for (size_t i = 0; i < parent->column_count; i++) {
        if (parent->columns[i].key == ordinal + 1) return &parent->columns[i];
    }
    return NULL;
}

static void add_column(drift__seed_reference *reference, drift__seed_column *child, drift__seed_column *parent)
{
    if (!child || !parent || reference->count == DRIFT__SEED_MOST_KEY) {
        reference->usable = false; /* generated columns follow from others */
        return;
    }
    reference->child_columns[reference->count] = child;
    reference->parent_columns[reference->count++] = parent;
    child->references = true;
    join(child, parent);
}

/* One column of a foreign key: parent table, ordinal, child column, parent column or NULL, id. */
static int take_reference(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    const char *parent_name = drift_column_text(row, 0, NULL), *from = drift_column_text(row, 2, NULL);
    const char *to = drift_column_text(row, 3, NULL);
    if (!parent_name || !from) return drift__no_memory(err);
    drift__seed_column *child = drift__seed_column_named(r->table, from, strlen(from));
    drift__seed_table *parent = drift__map_get(&r->graph->by_name, parent_name);
    if (!parent) {
        if (child) child->dangling = true;
        return DRIFT_OK;
    }
    drift__seed_reference *reference = reference_of(r->graph, r->table, drift_column_int64(row, 4));
    if (!reference) return drift__no_memory(err);
    reference->parent = parent;
    add_column(reference, child,
               to ? drift__seed_column_named(parent, to, strlen(to)) : key_column(parent, drift_column_int64(row, 1)));
    return DRIFT_OK;
}

static int read_references(drift__seed_graph *graph, drift__seed_table *table, drift_connection *connection,
                           drift_error *err)
{
    reading r = {.graph = graph, .table = table};
    return query_of(
        connection,
        "SELECT \"table\", seq, \"from\", \"to\", id FROM pragma_foreign_key_list(?, 'main') ORDER BY id, seq",
        table->name, take_reference, &r, err);
}

/* ---- order ---- */

enum { UNSEEN = 0, BEING_VISITED, DONE };

/* The nth table or view that is wanted before a table: what it references, what its triggers look up. */
static drift__seed_table *before(const drift__seed_table *table, size_t nth)
{
    const size_t count = table->reference_count;
    return nth < count ? table->references[nth].parent : table->lookups[nth - count].parent;
}

/* Depth first; an edge that closes a cycle is left out. The explicit stack survives a chain of any length. */
static int visit(drift__seed_graph *graph, drift__seed_table *start, drift_error *err)
{
    struct frame {
        drift__seed_table *table;
        size_t next;
    } *stack = NULL;
    size_t depth = 0, capacity = 0;
    drift__seed_table *entering = start;
    while (entering || depth) {
        if (entering) {
            if (drift__reserve((void **)&stack, &capacity, depth + 1, sizeof *stack) != 0) {
                drift__free(stack);
                return drift__no_memory(err);
            }
            entering->mark = BEING_VISITED;
            stack[depth++] = (struct frame){entering, 0};
            entering = NULL;
        }
        struct frame *top = &stack[depth - 1];
        if (top->next < top->table->reference_count + top->table->lookup_count) {
            drift__seed_table *parent = before(top->table, top->next++);
            if (parent->mark == UNSEEN) entering = parent;
            continue;
        }
        top->table->mark = DONE;
        if (!top->table->is_view) graph->order[graph->ordered++] = top->table;
        depth--;
    }
    drift__free(stack);
    return DRIFT_OK;
}

static int put_in_order(drift__seed_graph *graph, bool virtual_tables, drift_error *err)
{
    for (size_t i = 0; i < graph->table_count; i++) {
        drift__seed_table *table = &graph->tables[i];
        if (table->is_virtual != virtual_tables || table->mark != UNSEEN) continue;
        const int rc = visit(graph, table, err);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

int drift__seed_graph_read(drift__seed_graph *graph, drift_connection *connection, drift_error *err)
{
    *graph = (drift__seed_graph){.arena = DRIFT__ARENA_INIT};
    int rc = read_tables(graph, connection, err);
    for (size_t i = 0; rc == DRIFT_OK && i < graph->table_count; i++)
        rc = read_columns(graph, &graph->tables[i], connection, err);
    for (size_t i = 0; rc == DRIFT_OK && i < graph->table_count; i++) {
        if (graph->tables[i].is_virtual) {
            drift__seed_virtual_key_read(&graph->tables[i]);
            continue;
        }
        rc = read_references(graph, &graph->tables[i], connection, err);
        if (rc == DRIFT_OK) rc = drift__seed_uniques_read(graph, &graph->tables[i], connection, err);
    }
    if (rc == DRIFT_OK) rc = drift__seed_lookups_read(graph, connection, err);
    if (rc == DRIFT_OK) rc = put_in_order(graph, false, err);
    if (rc == DRIFT_OK) rc = put_in_order(graph, true, err);
    return rc;
}

void drift__seed_graph_dispose(drift__seed_graph *graph)
{
    for (size_t i = 0; i < graph->table_count; i++) {
        for (size_t k = 0; k < graph->tables[i].column_count; k++) {
            drift__seed_class *c = graph->tables[i].columns[k].class_of;
            drift__free(c ? c->candidates : NULL);
        }
    }
    drift__map_dispose(&graph->by_name);
    drift__map_dispose(&graph->views_by_name);
    drift__arena_dispose(&graph->arena);
}
