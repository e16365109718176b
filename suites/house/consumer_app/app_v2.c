/* app.c — the application at version 2, its step written. */
#include <drift/drift.h>

#include "schema_steps.h"

extern const drift_database_definition app_database;

static int from1_to2(drift_migrator *m, const app_v2_schema *v2, const void *payload, drift_error *err)
{
    (void)payload;
    const int rc = drift_migrator_add_column(m, v2->notes.table, v2->notes.pinned, err);
    return rc == DRIFT_OK ? drift_migrator_create_index(m, v2->notes_by_pinned.index, err) : rc;
}

static const app_steps steps = {.from1_to2 = from1_to2};

const drift_database_definition app_database = {
    .name = "app",
    .schema_version = 2,
    .schema = &app_v2_entities,
    .strategy = {.on_upgrade = app_run_steps, .payload = &steps},
};
