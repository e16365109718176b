/* between.c */
#include "verify/between.h"

#include "base/error.h"

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

static int any_column_gone(bool *out, const drift__judgement *judgement, const drift_table *table, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && !*out && i < table->column_count; i++) {
        if (has(judgement->target, table->name, table->columns[i].name))
            rc = drift__gone_between(out, judgement, table->name, table->columns[i].name, err);
    }
    return rc;
}

int drift__any_gone_between(bool *out, const drift__judgement *judgement, drift_error *err)
{
    const drift_schema *first = NULL;
    int rc = DRIFT_OK;
    *out = false;
    if (!path_of(judgement)) return DRIFT_OK;
    rc = schema_at(&first, judgement, judgement->attempt->from, err);
    for (size_t i = 0; rc == DRIFT_OK && first && !*out && i < first->entity_count; i++) {
        const drift_entity *entity = &first->entities[i];
        const bool is_table = entity->kind == DRIFT_ENTITY_TABLE;
        if (!is_table && entity->kind != DRIFT_ENTITY_VIRTUAL_TABLE) continue;
        if (!has(judgement->target, entity->name, NULL)) continue;
        rc = is_table ? any_column_gone(out, judgement, entity->as.table, err)
                      : drift__gone_between(out, judgement, entity->name, NULL, err);
    }
    return rc;
}
