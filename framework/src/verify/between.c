/* between.c */
#include "verify/between.h"

#include "base/alloc.h"
#include "base/error.h"
#include "verify/judge.h"

/* `*out` is NULL if the schema cannot be had, which is told where it is needed. */
static int schema_at(const drift_schema **out, const drift__judgement *judgement, int version, drift_error *err)
{
    drift_error why = {0};
    const int rc = judgement->schemas->schema(out, version, judgement->schemas->payload, &why);
    if (rc != DRIFT_OK) *out = NULL;
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

/* The columns of a virtual table are its module's affair. */
static bool has(const drift_schema *schema, const char *table, const char *column)
{
    const drift_table *found = drift_schema_table(schema, table);
    if (found) return !column || drift_table_column(found, column);
    return drift_schema_entity(schema, DRIFT_ENTITY_VIRTUAL_TABLE, table) != NULL;
}

/* The steps of which each but the last ends at a version between. */
static const drift__path *path_of(const drift__judgement *judgement)
{
    const drift__path *path = judgement->attempt ? judgement->attempt->path : NULL;
    return path && path->count > 1 && judgement->schemas ? path : NULL;
}

int drift__gone_between(bool *out, const drift__judgement *judgement, const char *table, const char *column,
                        drift_error *err)
{
    const drift__path *path = path_of(judgement);
    int rc = DRIFT_OK;
    *out = false;
    for (size_t i = 0; rc == DRIFT_OK && !*out && path && i + 1 < path->count; i++) {
        const int from = path->steps[i]->from, to = path->steps[i]->to;
        const drift_schema *schema = NULL;
        if (column) column = drift__expect_new_column(judgement->expect, from, to, table, column);
        table = drift__expect_new_table(judgement->expect, from, to, table);
        rc = schema_at(&schema, judgement, to, err);
        *out = schema && !has(schema, table, column);
    }
    return rc;
}

/* ---- anything at all ---- */

typedef struct drift__lost_name {
    const char *table, *column; /* column NULL: of a virtual table */
} drift__lost_name;

void drift__lost_dispose(drift__lost *lost)
{
    drift__free(lost->names);
    *lost = (drift__lost){0};
}

static bool is_lost(const drift__lost *lost, const char *table, const char *column)
{
    for (size_t i = 0; i < lost->count; i++) {
        if (lost->names[i].table == table && lost->names[i].column == column) return true;
    }
    return false;
}

static int lose(drift__lost *lost, const char *table, const char *column, drift_error *err)
{
    if (is_lost(lost, table, column)) return DRIFT_OK;
    if (drift__reserve((void **)&lost->names, &lost->capacity, lost->count + 1, sizeof *lost->names) != 0)
        return drift__no_memory(err);
    lost->names[lost->count++] = (drift__lost_name){table, column};
    return DRIFT_OK;
}

/* A table's columns under the names that it and they have in a later version, or had there. */
static int lose_columns(drift__lost *lost, const drift_table *table, const drift_schema *later, drift_error *err)
{
    const drift_table *found = drift_schema_table(later, table->name);
    const bool is_virtual = !found && has(later, table->name, NULL);
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && !is_virtual && i < table->column_count; i++) {
        const char *column = table->columns[i].name;
        if (!found || !drift_table_column(found, column)) rc = lose(lost, table->name, column, err);
    }
    return rc;
}

static int look_at(drift__lost *lost, const drift_schema *first, const drift_schema *later, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < first->entity_count; i++) {
        const drift_entity *entity = &first->entities[i];
        if (entity->kind == DRIFT_ENTITY_TABLE && entity->as.table)
            rc = lose_columns(lost, entity->as.table, later, err);
        else if (entity->kind == DRIFT_ENTITY_VIRTUAL_TABLE && !has(later, entity->name, NULL))
            rc = lose(lost, entity->name, NULL, err);
    }
    return rc;
}

/* On to the last stop before the path's end; from the beginning if it is another way than before. */
static int follow(drift__lost *lost, const drift__judgement *judgement, const drift_schema *first, drift_error *err)
{
    const drift__path *path = judgement->attempt->path;
    int rc = DRIFT_OK;
    if (lost->steps && (lost->steps >= path->count || path->steps[lost->steps - 1] != lost->last))
        drift__lost_dispose(lost);
    for (; rc == DRIFT_OK && lost->steps + 1 < path->count; lost->steps++) {
        const drift_schema *later = NULL;
        rc = schema_at(&later, judgement, path->steps[lost->steps]->to, err);
        if (rc == DRIFT_OK && later) rc = look_at(lost, first, later, err);
        lost->last = path->steps[lost->steps];
    }
    return rc;
}

/* No step of the path has expectations where this is asked: names stay. */
int drift__any_gone_between(bool *out, const drift__judgement *judgement, drift_error *err)
{
    drift__lost own = {0};
    drift__lost *lost = judgement->facts ? &judgement->facts->lost : &own;
    const drift_schema *first = NULL;
    *out = false;
    if (!path_of(judgement)) return DRIFT_OK;
    int rc = schema_at(&first, judgement, judgement->attempt->from, err);
    if (rc == DRIFT_OK && first) rc = follow(lost, judgement, first, err);
    for (size_t i = 0; rc == DRIFT_OK && !*out && i < lost->count; i++)
        *out = has(judgement->target, lost->names[i].table, lost->names[i].column);
    drift__lost_dispose(&own);
    return rc;
}
