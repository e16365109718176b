/* routes_compare.c */
#include "verify/routes_compare.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

typedef struct reading {
    drift__route_tables *tables;
    drift_connection *connection;
} reading;

/* A virtual table that cannot be read has no rows that anybody could miss. */
static int take_table(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    drift__route_tables *all = r->tables;
    drift_error why = {0};
    const char *name = drift_column_text(row, 0, NULL);
    if (!name || drift__reserve((void **)&all->tables, &all->capacity, all->count + 1, sizeof *all->tables) != 0)
        return drift__no_memory(err);
    drift__route_table table = {.name = drift__arena_strdup(&all->arena, name)};
    if (!table.name) return drift__no_memory(err);
    const int rc = drift__table_digest_take(&table.digest, r->connection, table.name, DRIFT__ROW_BY_NAME, &why);
    if (rc == DRIFT_SQL) return DRIFT_OK;
    if (rc == DRIFT_OK) all->tables[all->count++] = table;
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

int drift__route_tables_read(drift__route_tables *out, drift_connection *connection, drift_error *err)
{
    reading r = {out, connection};
    return drift_query(connection,
                       "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND"
                       " name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                       NULL, 0, take_table, &r, err);
}

void drift__route_tables_dispose(drift__route_tables *tables)
{
    drift__free(tables->tables);
    drift__arena_dispose(&tables->arena);
    *tables = (drift__route_tables)DRIFT__ROUTE_TABLES_INIT;
}

const drift__route_table *drift__route_table_named(const drift__route_tables *tables, const char *name)
{
    for (size_t low = 0, high = tables->count; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(tables->tables[middle].name, name);
        if (order == 0) return &tables->tables[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Other columns are a difference of the schemas. */
static bool differ(const drift__table_digest *a, const drift__table_digest *b)
{
    return drift__digest_same(a->columns, b->columns) && !drift__table_digest_same(a, b);
}

const char *drift__route_tables_next(const drift__route_tables *a, const drift__route_tables *b, const char *after)
{
    for (size_t i = 0; i < a->count; i++) {
        const drift__route_table *table = &a->tables[i], *other = drift__route_table_named(b, table->name);
        if (after && strcmp(table->name, after) <= 0) continue;
        if (other && differ(&table->digest, &other->digest)) return table->name;
    }
    return NULL;
}

static int add_definition(drift_statement *row, void *payload, drift_error *err)
{
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) {
        const drift_value value = drift_column_value(row, i);
        drift__digest_value(payload, &value);
    }
    return DRIFT_OK;
}

static int digest_definitions(drift__digest *out, drift_connection *connection, drift_error *err)
{
    drift__digest_state state;
    drift__digest_begin(&state);
    const int rc =
        drift_query(connection, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY type, name", NULL, 0,
                    add_definition, &state, err);
    *out = drift__digest_end(&state);
    return rc;
}

int drift__same_definitions(bool *out, drift_connection *a, drift_connection *b, drift_error *err)
{
    drift__digest left, right;
    int rc = digest_definitions(&left, a, err);
    if (rc == DRIFT_OK) rc = digest_definitions(&right, b, err);
    *out = rc == DRIFT_OK && drift__digest_same(left, right);
    return rc;
}
