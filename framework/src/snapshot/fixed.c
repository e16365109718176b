/* fixed.c — `fixed_sql`: the statements that Drift itself would run, one element per entity. */
#include <string.h>

#include "base/error.h"
#include "base/map.h"
#include "snapshot/item.h"

/* An element. Names can repeat (a trigger may be called as a table is; every query is "$internal$"): the n-th of a name
 * belongs to the n-th entity of that name. */
typedef struct fixed {
    drift__node node;
    const char *name;
    const char *sql;
    struct fixed *next; /* of the same name */
    bool taken;
} fixed;

/* One statement per dialect; ours is the one for SQLite, wherever it stands. */
static int read_sql(fixed *f, drift_error *err)
{
    drift__node list, statement;
    const char *dialect = NULL;
    int rc = drift__node_get(&list, &f->node, "sql", DRIFT__JSON_ARRAY, err);
    for (size_t i = 0; rc == DRIFT_OK && i < drift__node_count(&list) && !f->sql; i++) {
        rc = drift__node_at(&statement, &list, i, DRIFT__JSON_OBJECT, err);
        if (rc == DRIFT_OK) rc = drift__node_string(&dialect, &statement, "dialect", err);
        if (rc == DRIFT_OK && strcmp(dialect, "sqlite") == 0) rc = drift__node_string(&f->sql, &statement, "sql", err);
    }
    if (rc != DRIFT_OK || f->sql) return rc;
    return drift__node_error(err, &list, "expected a statement for the dialect \"sqlite\"");
}

/* From the last to the first, so that each list of a name begins with its first. */
static int read_all(fixed *all, size_t count, drift__map *names, const drift__reading *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = count; i-- > 0 && rc == DRIFT_OK;) {
        void *next = NULL;
        rc = drift__node_at(&all[i].node, &r->fixed, i, DRIFT__JSON_OBJECT, err);
        if (rc == DRIFT_OK) rc = drift__node_string(&all[i].name, &all[i].node, "name", err);
        if (rc == DRIFT_OK) rc = read_sql(&all[i], err);
        if (rc == DRIFT_OK && drift__map_put(names, all[i].name, &all[i], &next) != 0) rc = drift__no_memory(err);
        all[i].next = next;
    }
    return rc;
}

/* A query's text stands in its data too; for anything else a missing statement would leave a guess. */
static int assign(drift__item *item, drift__map *names, const drift__reading *r, drift_error *err)
{
    fixed *f = drift__map_get(names, item->name);
    while (f && f->taken) f = f->next;
    if (!f && item->kind == DRIFT_ENTITY_QUERY) return DRIFT_OK;
    if (!f) return drift__node_error(err, &r->fixed, "expected a statement for \"%s\"", item->name);
    f->taken = true;
    item->fixed_sql = f->sql;
    return drift__map_put(names, item->name, f, NULL) == 0 ? DRIFT_OK : drift__no_memory(err);
}

static int check_taken(const fixed *all, size_t count, drift_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!all[i].taken) return drift__node_error(err, &all[i].node, "no entity is called \"%s\"", all[i].name);
    return DRIFT_OK;
}

int drift__fixed_read(drift__reading *r, drift_error *err)
{
    if (!r->fixed.json || json_is_null(r->fixed.json)) return DRIFT_OK;
    const size_t count = drift__node_count(&r->fixed);
    drift__map names = DRIFT__MAP_INIT;
    fixed *all = drift__arena_array(r->arena, count, sizeof *all);
    int rc = all ? read_all(all, count, &names, r, err) : drift__no_memory(err);
    for (size_t i = 0; i < r->count && rc == DRIFT_OK; i++) rc = assign(&r->items[i], &names, r, err);
    if (rc == DRIFT_OK) rc = check_taken(all, count, err);
    drift__map_dispose(&names);
    return rc;
}
