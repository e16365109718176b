/* app_library.c — an application as a shared library, for drift verify --app: todos from 1 to 2, well and not so well.
 */
#include <drift/drift.h>

static int upgrade(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

#define ADDS "ALTER TABLE t ADD COLUMN b"

DRIFT_API extern const drift_database_definition drift_app, forgetful_app;

const drift_database_definition drift_app = {
    .name = "app", .schema_version = 2, .strategy = {.on_upgrade = upgrade, .payload = ADDS}};

const drift_database_definition forgetful_app = {
    .name = "forgetful", .schema_version = 2, .strategy = {.on_upgrade = upgrade, .payload = ADDS "; DELETE FROM t"}};
