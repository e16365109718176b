/* app.c — the application at its first version. */
#include <drift/drift.h>

#include "schema_steps.h"
#include "schema_v1.h"

extern const drift_database_definition app_database;

static const app_steps steps = {.payload = NULL};

const drift_database_definition app_database = {
    .name = "app",
    .schema_version = 1,
    .schema = &app_v1_entities,
    .strategy = {.on_upgrade = app_run_steps, .payload = &steps},
};
