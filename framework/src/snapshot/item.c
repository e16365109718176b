/* item.c — ids, kinds and names of the elements of `entities`. */
#include "snapshot/item.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/map.h"

/* Every `type`, once. A table that is virtual becomes a VIRTUAL_TABLE when its data is seen. */
static const struct {
    const char *type;
    drift_entity_kind kind;
} kinds[] = {
    {"table", DRIFT_ENTITY_TABLE},     {"index", DRIFT_ENTITY_INDEX},         {"view", DRIFT_ENTITY_VIEW},
    {"trigger", DRIFT_ENTITY_TRIGGER}, {"special-query", DRIFT_ENTITY_QUERY},
};

static int read_kind(drift__item *item, drift_error *err)
{
    drift__node type;
    bool is_virtual = false;
    int rc = drift__node_get(&type, &item->node, "type", DRIFT__JSON_STRING, err);
    if (rc != DRIFT_OK) return rc;
    const char *word = json_string_value(type.json);
    size_t i = 0;
    while (i < sizeof kinds / sizeof kinds[0] && strcmp(kinds[i].type, word) != 0) i++;
    if (i == sizeof kinds / sizeof kinds[0])
        return drift__node_error(
            err, &type, "expected \"table\", \"index\", \"view\", \"trigger\" or \"special-query\", found \"%s\"",
            word);
    item->kind = kinds[i].kind;
    if (item->kind != DRIFT_ENTITY_TABLE) return DRIFT_OK;
    rc = drift__node_bool(&is_virtual, &item->data, "is_virtual", false, err);
    if (is_virtual) item->kind = DRIFT_ENTITY_VIRTUAL_TABLE;
    return rc;
}

/* A query that is run at another time than creation would be no part of the schema; only "create" is known. */
static int check_scenario(const drift__item *item, drift_error *err)
{
    drift__node scenario;
    const int rc = drift__node_get(&scenario, &item->data, "scenario", DRIFT__JSON_STRING, err);
    if (rc != DRIFT_OK || strcmp(json_string_value(scenario.json), "create") == 0) return rc;
    return drift__node_error(err, &scenario, "expected \"create\", found \"%s\"", json_string_value(scenario.json));
}

static int read_item(drift__item *item, const drift__reading *r, size_t index, drift_error *err)
{
    int rc = drift__node_at(&item->node, &r->entities, index, DRIFT__JSON_OBJECT, err);
    if (rc != DRIFT_OK || (rc = drift__node_integer(&item->id, &item->node, "id", err)) != DRIFT_OK ||
        (rc = drift__node_get(&item->references, &item->node, "references", DRIFT__JSON_ARRAY, err)) != DRIFT_OK ||
        (rc = drift__node_get(&item->data, &item->node, "data", DRIFT__JSON_OBJECT, err)) != DRIFT_OK ||
        (rc = read_kind(item, err)) != DRIFT_OK)
        return rc;
    item->name = DRIFT__QUERY_NAME;
    if (item->kind == DRIFT_ENTITY_QUERY) return check_scenario(item, err);
    return drift__node_string(&item->name, &item->data, "name", err);
}

static int by_id(const void *a, const void *b)
{
    const drift__item *left = *(drift__item *const *)a, *right = *(drift__item *const *)b;
    if (left->id != right->id) return left->id < right->id ? -1 : 1;
    return left < right ? -1 : left > right;
}

static int index_ids(drift__reading *r, drift_error *err)
{
    r->by_id = drift__arena_array(r->arena, r->count, sizeof *r->by_id);
    if (!r->by_id) return drift__no_memory(err);
    for (size_t i = 0; i < r->count; i++) r->by_id[i] = &r->items[i];
    qsort(r->by_id, r->count, sizeof *r->by_id, by_id);
    for (size_t i = 1; i < r->count; i++) {
        if (r->by_id[i]->id == r->by_id[i - 1]->id)
            return drift__node_error(err, &r->by_id[i]->node,
                                     "expected an id of its own, found %lld, which entities[%zu] has",
                                     (long long)r->by_id[i]->id, r->by_id[i - 1]->node.index);
    }
    return DRIFT_OK;
}

/* Tables, views and indexes share one set of names; triggers have another
 * (https://www.sqlite.org/lang_createtable.html; src/build.c, sqlite3StartTable). */
static int check_name(const drift__item *item, drift__map *relations, drift__map *triggers, drift_error *err)
{
    void *old = NULL;
    if (item->kind == DRIFT_ENTITY_QUERY) return DRIFT_OK;
    drift__map *names = item->kind == DRIFT_ENTITY_TRIGGER ? triggers : relations;
    if (drift__map_put(names, item->name, item, &old) != 0) return drift__no_memory(err);
    if (!old) return DRIFT_OK;
    return drift__node_error(err, &item->data, "expected a name of its own, found \"%s\", which entities[%zu] has",
                             item->name, ((const drift__item *)old)->node.index);
}

static int check_names(const drift__reading *r, drift_error *err)
{
    drift__map relations = DRIFT__MAP_INIT, triggers = DRIFT__MAP_INIT;
    int rc = DRIFT_OK;
    for (size_t i = 0; i < r->count && rc == DRIFT_OK; i++) rc = check_name(&r->items[i], &relations, &triggers, err);
    drift__map_dispose(&relations);
    drift__map_dispose(&triggers);
    return rc;
}

int drift__items_read(drift__reading *r, drift_error *err)
{
    int rc = DRIFT_OK;
    r->count = drift__node_count(&r->entities);
    r->items = drift__arena_array(r->arena, r->count, sizeof *r->items);
    if (!r->items) return drift__no_memory(err);
    for (size_t i = 0; i < r->count && rc == DRIFT_OK; i++) rc = read_item(&r->items[i], r, i, err);
    if (rc != DRIFT_OK || (rc = index_ids(r, err)) != DRIFT_OK) return rc;
    return check_names(r, err);
}

int drift__item_by_id(drift__item **out, const drift__reading *r, const drift__node *node, drift_error *err)
{
    const json_int_t id = json_integer_value(node->json);
    size_t low = 0, high = r->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (r->by_id[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    *out = low < r->count && r->by_id[low]->id == id ? r->by_id[low] : NULL;
    return *out ? DRIFT_OK : drift__node_error(err, node, "no entity has the id %lld", (long long)id);
}
