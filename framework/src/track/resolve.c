/* resolve.c — the names of a tracking, found in a schema. */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "track/track.h"

/* --- keys and what else is unique --- */

/* A constraint that stands at its column names none: it is that column. */
static const drift_indexed_column *own_column(drift__arena *arena, const drift_column *column)
{
    const drift_indexed_column own = {.name = column->name};
    return drift__arena_copy(arena, &own, 1, sizeof own);
}

static void add_unique(drift__tracked *t, drift__unique unique)
{
    if (t->uniques) t->uniques[t->unique_count++] = unique;
}

static void add_column_uniques(drift__tracked *t, drift__arena *arena, drift_constraint_kind kind)
{
    for (size_t i = 0; i < t->table->column_count; i++) {
        const drift_column *column = &t->table->columns[i];
        if (drift_column_constraint(column, kind))
            add_unique(t, (drift__unique){.columns = own_column(arena, column), .column_count = 1});
    }
}

static void add_table_uniques(drift__tracked *t, drift_constraint_kind kind)
{
    for (size_t i = 0; i < t->table->constraint_count; i++) {
        const drift_constraint *c = &t->table->constraints[i];
        if (c->kind == kind) add_unique(t, (drift__unique){.columns = c->columns, .column_count = c->column_count});
    }
}

static bool is_unique_index(const drift_entity *entity, const char *table)
{
    const drift_index *index = entity->kind == DRIFT_ENTITY_INDEX ? entity->as.index : NULL;
    return index && index->unique && drift__same_name(index->table, table);
}

static void add_unique_indexes(drift__tracked *t, const drift_schema *schema)
{
    for (size_t i = 0; i < schema->entity_count; i++) {
        const drift_index *index = schema->entities[i].as.index;
        if (is_unique_index(&schema->entities[i], t->table->name))
            add_unique(t, (drift__unique){index->columns, index->column_count, index->where});
    }
}

static size_t count_uniques(const drift_table *table, const drift_schema *schema)
{
    size_t count = 2 * table->column_count + table->constraint_count;
    for (size_t i = 0; i < schema->entity_count; i++) count += is_unique_index(&schema->entities[i], table->name);
    return count;
}

/* The key first; its columns are those of the table. */
static int resolve_key(drift__tracked *t, drift__arena *arena, const drift_schema *schema, drift_error *err)
{
    t->uniques = drift__arena_array(arena, count_uniques(t->table, schema), sizeof *t->uniques);
    add_column_uniques(t, arena, DRIFT_CONSTRAINT_PRIMARY_KEY);
    add_table_uniques(t, DRIFT_CONSTRAINT_PRIMARY_KEY);
    if (!arena->failed && t->unique_count == 0) {
        drift__error(err, DRIFT_MISUSE, "expected a tracked table with a PRIMARY KEY, found %s without",
                     t->table->name);
        drift__error_hint(err, "a rowid that is no key may change with VACUUM: give the table an INTEGER PRIMARY KEY");
        return DRIFT_MISUSE;
    }
    add_column_uniques(t, arena, DRIFT_CONSTRAINT_UNIQUE);
    add_table_uniques(t, DRIFT_CONSTRAINT_UNIQUE);
    add_unique_indexes(t, schema);
    if (arena->failed) return drift__no_memory(err);
    t->key_count = t->uniques[0].column_count;
    t->key = drift__arena_array(arena, t->key_count, sizeof *t->key);
    for (size_t i = 0; t->key && i < t->key_count; i++)
        t->key[i] = drift_table_column(t->table, t->uniques[0].columns[i].name);
    return t->key ? DRIFT_OK : drift__no_memory(err);
}

/* --- columns --- */

static int find_column(const drift_column **out, const drift_table *table, const char *name, drift_error *err)
{
    *out = drift_table_column(table, name);
    if (*out) return DRIFT_OK;
    return drift__error(err, DRIFT_NOT_FOUND, "expected a column %s of the tracked table %s, found none", name,
                        table->name);
}

static size_t count_names(const char *const *names)
{
    size_t count = 0;
    while (names[count]) count++;
    return count;
}

static int resolve_columns(drift__tracked *t, drift__arena *arena, const char *const *names, drift_error *err)
{
    int rc = DRIFT_OK;
    t->column_count = names ? count_names(names) : t->table->column_count;
    t->columns = drift__arena_array(arena, t->column_count, sizeof *t->columns);
    if (!t->columns) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < t->column_count; i++) {
        t->columns[i] = &t->table->columns[i];
        if (names) rc = find_column(&t->columns[i], t->table, names[i], err);
    }
    return rc;
}

/* --- tables --- */

static int find_table(const drift_table **out, const drift_schema *schema, const char *name, drift_error *err)
{
    const drift_entity *entity = drift_schema_entity(schema, DRIFT_ENTITY_TABLE, name);
    if (!entity) return drift__error(err, DRIFT_NOT_FOUND, "expected a table %s to track, found none", name);
    *out = entity->as.table;
    if (entity->opaque || entity->temporary || !*out)
        return drift__error(err, DRIFT_MISUSE, "expected an ordinary table to track, found %s", name);
    return DRIFT_OK;
}

static int resolve_table(drift__tracked *t, drift__arena *arena, const drift_schema *schema,
                         const drift_tracked_table *wish, drift_error *err)
{
    int rc = find_table(&t->table, schema, wish->table, err);
    if (rc != DRIFT_OK) return rc;
    t->entity = wish->entity ? wish->entity : t->table->name;
    t->priority = wish->priority;
    if ((rc = resolve_key(t, arena, schema, err)) != DRIFT_OK) return rc;
    if ((rc = resolve_columns(t, arena, wish->columns, err)) != DRIFT_OK) return rc;
    return wish->revision ? find_column(&t->revision, t->table, wish->revision, err) : DRIFT_OK;
}

static bool holds(const drift_tracked_table *wish, const drift_schema *schema)
{
    return schema->version == 0 || wish->since <= schema->version;
}

/* Whether a later entry for the same table takes the place of this one. */
static bool is_overtaken(const drift_tracking *tracking, size_t at, const drift_schema *schema)
{
    for (size_t i = at + 1; i < tracking->table_count; i++)
        if (holds(&tracking->tables[i], schema) &&
            drift__same_name(tracking->tables[i].table, tracking->tables[at].table))
            return true;
    return false;
}

static int require_own_entity(const drift__tracked_set *set, const drift__tracked *t, drift_error *err)
{
    const drift__tracked *other = drift__tracked_entity(set, t->entity);
    if (!other || other == t) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE, "expected one table for the entity %s, found %s and %s", t->entity,
                        other->table->name, t->table->name);
}

int drift__track_resolve(drift__tracked_set *out, drift__arena *arena, const drift_schema *schema,
                         const drift_tracking *tracking, drift_error *err)
{
    int rc = DRIFT_OK;
    *out = (drift__tracked_set){drift__arena_array(arena, tracking->table_count, sizeof *out->items), 0};
    if (!schema) return drift__error(err, DRIFT_MISUSE, "expected a schema to track tables of, found none");
    if (!out->items) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < tracking->table_count; i++) {
        drift__tracked *t = &out->items[out->count];
        if (!holds(&tracking->tables[i], schema) || is_overtaken(tracking, i, schema)) continue;
        rc = resolve_table(t, arena, schema, &tracking->tables[i], err);
        out->count++;
        if (rc == DRIFT_OK) rc = require_own_entity(out, t, err);
    }
    return rc;
}

const drift__tracked *drift__tracked_entity(const drift__tracked_set *set, const char *entity)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].entity, entity) == 0) return &set->items[i];
    return NULL;
}
