/* facts.c */
#include "verify/facts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "verify/live.h"

int drift__facts_objects(const drift__objects **out, drift__facts *facts, drift_error *err)
{
    int rc = DRIFT_OK;
    *out = &facts->objects;
    if (facts->has_objects) return DRIFT_OK;
    drift__free(facts->objects.items);
    facts->objects = (drift__objects){0};
    rc = drift__objects_read(&facts->objects, &facts->arena, facts->connection, err);
    facts->has_objects = rc == DRIFT_OK;
    return rc;
}

int drift__facts_violations(drift__violation_set **out, drift__facts *facts, drift_error *err)
{
    *out = &facts->violations;
    if (facts->has_violations) return DRIFT_OK;
    drift__violation_set_dispose(&facts->violations);
    facts->violations = (drift__violation_set){0};
    const int rc = drift__violations_find(facts->connection, NULL, drift__violation_set_add, &facts->violations, err);
    facts->has_violations = rc == DRIFT_OK;
    return rc;
}

static int read_tables(drift__live_known *known, drift__facts *facts, drift_error *err)
{
    int rc = drift__live_list(&known->names, &known->count, &facts->arena, facts->connection, err);
    if (rc != DRIFT_OK) return rc;
    known->tables = drift__arena_array(&facts->arena, known->count + 1, sizeof *known->tables);
    if (!known->tables) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < known->count; i++)
        rc = drift__live_read(&known->tables[i], &facts->arena, facts->connection, known->names[i], err);
    return rc;
}

int drift__facts_tables(const drift__live_known **out, drift__facts *facts, drift_error *err)
{
    *out = facts->tables;
    if (facts->tables) return DRIFT_OK;
    drift__live_known *known = drift__arena_array(&facts->arena, 1, sizeof *known);
    if (!known) return drift__no_memory(err);
    const int rc = read_tables(known, facts, err);
    if (rc == DRIFT_OK) *out = facts->tables = known;
    return rc;
}

void drift__facts_dispose(drift__facts *facts)
{
    drift__free(facts->objects.items);
    drift__violation_set_dispose(&facts->violations);
    drift__arena_dispose(&facts->arena);
    *facts = (drift__facts){0};
}
