/* app.c — the application at version 3, whose last step changes rows only. */
#include <drift/drift.h>

#include "schema_steps.h"

extern const drift_database_definition app_database;

static int from1_to2(drift_migrator *m, const app_v2_schema *v2, const void *payload, drift_error *err)
{
    (void)payload;
    int rc = drift_migrator_add_column(m, v2->notes.table, v2->notes.pinned, err);
    if (rc == DRIFT_OK) rc = drift_migrator_create_index(m, v2->notes_by_pinned.index, err);
    return rc == DRIFT_OK ? drift_migrator_create_table(m, v2->tags.table, err) : rc;
}

static int from2_to3(drift_migrator *m, const app_v3_schema *v3, const void *payload, drift_error *err)
{
    (void)v3;
    (void)payload;
    return drift_migrator_exec(m, "UPDATE tags SET name = name", err);
}

static const app_steps steps = {.from1_to2 = from1_to2, .from2_to3 = from2_to3};

const drift_database_definition app_database = {
    .name = "app",
    .schema_version = 3,
    .schema = &app_v3_entities,
    .strategy = {.on_upgrade = app_run_steps, .payload = &steps},
};
