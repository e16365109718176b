/* entity.c — each element's statement to an entity of the model, with what the snapshot knows beyond its SQL. */
#include <string.h>

#include "base/error.h"
#include "base/map.h"
#include "parse/parse.h"
#include "snapshot/column.h"
#include "snapshot/item.h"
#include "snapshot/type.h"

/* Columns that are told by a snapshot, where SQL tells none: those of a virtual table. */
static int told_columns(const drift_column **out, drift__reading *r, const drift__snapshot_columns *columns,
                        drift_error *err)
{
    drift_column *made = drift__arena_array(r->arena, columns->count, sizeof *made);
    if (!made) return drift__no_memory(err);
    for (size_t i = 0; i < columns->count; i++) {
        const drift__snapshot_column *c = &columns->items[i];
        made[i].name = drift__arena_strdup(r->arena, c->name);
        made[i].type = drift__logical_sql(c->logical, r->dates_as_text);
        made[i].logical = c->logical;
        if (!made[i].name) return drift__no_memory(err);
    }
    *out = made;
    return DRIFT_OK;
}

/* The parsed columns with their logical types. A column that only one side has is left as it is: the SQL is what SQLite
 * runs. */
static int typed_columns(const drift_column **out, drift__reading *r, const drift_table *table,
                         const drift__snapshot_columns *columns, drift_error *err)
{
    drift__map by_name = DRIFT__MAP_INIT;
    drift_column *typed = drift__arena_copy(r->arena, table->columns, table->column_count, sizeof *typed);
    int rc = typed ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; i < columns->count && rc == DRIFT_OK; i++)
        if (drift__map_put(&by_name, columns->items[i].name, &columns->items[i], NULL) != 0) rc = drift__no_memory(err);
    for (size_t i = 0; i < table->column_count && rc == DRIFT_OK; i++) {
        const drift__snapshot_column *c = drift__map_get(&by_name, typed[i].name);
        if (c) typed[i].logical = c->logical;
    }
    drift__map_dispose(&by_name);
    *out = typed;
    return rc;
}

static int add_columns(drift__item *item, drift__reading *r, drift_error *err)
{
    drift__snapshot_columns columns;
    int rc = drift__columns_read(&columns, r, &item->data, err);
    if (rc != DRIFT_OK) return rc;
    if (item->entity.as.table) {
        drift_table *table = drift__arena_copy(r->arena, item->entity.as.table, 1, sizeof *table);
        if (!table) return drift__no_memory(err);
        rc = typed_columns(&table->columns, r, table, &columns, err);
        item->entity.as.table = table;
    } else if (item->entity.as.virtual_table) {
        drift_virtual_table *table = drift__arena_copy(r->arena, item->entity.as.virtual_table, 1, sizeof *table);
        if (!table) return drift__no_memory(err);
        rc = told_columns(&table->columns, r, &columns, err);
        table->column_count = columns.count;
        item->entity.as.virtual_table = table;
    }
    return rc;
}

/* What an index or a trigger stands on: a table; for a trigger also a view. */
static int read_on(drift__item *item, const drift__reading *r, drift_error *err)
{
    drift__node on;
    drift__item *owner = NULL;
    int rc = drift__node_get(&on, &item->data, "on", DRIFT__JSON_INTEGER, err);
    if (rc == DRIFT_OK) rc = drift__item_by_id(&owner, r, &on, err);
    if (rc != DRIFT_OK) return rc;
    item->owner = owner;
    const bool trigger = item->kind == DRIFT_ENTITY_TRIGGER;
    if (owner->kind == DRIFT_ENTITY_TABLE || owner->kind == DRIFT_ENTITY_VIRTUAL_TABLE ||
        (trigger && owner->kind == DRIFT_ENTITY_VIEW))
        return DRIFT_OK;
    return drift__node_error(err, &on, "expected the id of a table%s, found that of %s \"%s\"",
                             trigger ? " or a view" : "", drift_entity_kind_name(owner->kind), owner->name);
}

/* "refences_in_body" is how old files spell it. */
static int check_body_references(const drift__item *item, const drift__reading *r, drift_error *err)
{
    drift__node list, id;
    drift__item *referred = NULL;
    int rc = drift__node_find(&list, &item->data, "references_in_body", DRIFT__JSON_ARRAY, err);
    if (rc == DRIFT_OK && !list.json)
        rc = drift__node_find(&list, &item->data, "refences_in_body", DRIFT__JSON_ARRAY, err);
    for (size_t i = 0; rc == DRIFT_OK && i < drift__node_count(&list); i++) {
        rc = drift__node_at(&id, &list, i, DRIFT__JSON_INTEGER, err);
        if (rc == DRIFT_OK) rc = drift__item_by_id(&referred, r, &id, err);
    }
    return rc;
}

static int check_data(drift__item *item, drift__reading *r, drift_error *err)
{
    drift__snapshot_columns view_columns;
    switch (item->kind) {
    case DRIFT_ENTITY_TABLE:
    case DRIFT_ENTITY_VIRTUAL_TABLE: return add_columns(item, r, err);
    case DRIFT_ENTITY_VIEW: return drift__columns_read(&view_columns, r, &item->data, err);
    case DRIFT_ENTITY_INDEX: return read_on(item, r, err);
    case DRIFT_ENTITY_TRIGGER: {
        const int rc = read_on(item, r, err);
        return rc == DRIFT_OK ? check_body_references(item, r, err) : rc;
    }
    case DRIFT_ENTITY_QUERY: break;
    }
    return DRIFT_OK;
}

static int query_entity(drift__item *item, drift__reading *r, const char *sql, drift_error *err)
{
    size_t length = strlen(sql);
    while (length && strchr(" \t\r\n;", sql[length - 1])) length--;
    item->entity = (drift_entity){.kind = DRIFT_ENTITY_QUERY, .name = ""};
    item->entity.sql = drift__arena_strndup(r->arena, sql, length);
    return item->entity.sql ? DRIFT_OK : drift__no_memory(err);
}

static int parsed_entity(drift__item *item, drift__reading *r, const char *sql, drift_error *err)
{
    const char *where =
        drift__arena_printf(r->arena, "%s: %s \"%s\"", r->source, drift_entity_kind_name(item->kind), item->name);
    if (!where) return drift__no_memory(err);
    const int rc = drift__parse_entity(&item->entity, r->arena, sql, strlen(sql), where, err);
    if (rc != DRIFT_OK || item->entity.kind == item->kind) return rc;
    return drift__node_error(err, &item->node, "expected the statement of a %s, found that of a %s",
                             drift_entity_kind_name(item->kind), drift_entity_kind_name(item->entity.kind));
}

/* Where `fixed_sql` says the statement, the data is still checked, as far as a statement would be made of it. */
static int check_described(const drift__item *item, drift__reading *r, drift_error *err)
{
    const char *unused = NULL;
    if (item->kind != DRIFT_ENTITY_TABLE && item->kind != DRIFT_ENTITY_INDEX) return DRIFT_OK;
    r->checking = true;
    const int rc = drift__item_sql(&unused, r, item, err);
    r->checking = false;
    return rc;
}

static int read_entity(drift__item *item, drift__reading *r, drift_error *err)
{
    const char *sql = r->entities_only ? NULL : item->fixed_sql;
    int rc = sql ? check_described(item, r, err) : drift__item_sql(&sql, r, item, err);
    if (rc == DRIFT_OK && item->kind == DRIFT_ENTITY_QUERY) return query_entity(item, r, sql, err);
    if (rc == DRIFT_OK) rc = parsed_entity(item, r, sql, err);
    return rc == DRIFT_OK ? check_data(item, r, err) : rc;
}

int drift__entities_read(drift__reading *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; i < r->count && rc == DRIFT_OK; i++) rc = read_entity(&r->items[i], r, err);
    return rc;
}
