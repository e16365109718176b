/* app_library.c — an application as a shared library, for drift verify --app: a table from 1 to 2, well and not so
 * well, and to 3 by code that does not survive the way from 1 to 3.
 */
#include <drift/drift.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int upgrade(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

#define ADDS "ALTER TABLE t ADD COLUMN b"

#define ADDS_TWO ADDS "; ALTER TABLE t ADD COLUMN c"

/* The payload says how it ends from 1 to 3. */
static int fall(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    const char *how = payload;
    if (from == 1 && to == 3 && strcmp(how, "killed") == 0) (void)raise(SIGKILL);
    if (from == 1 && to == 3 && strcmp(how, "exits") == 0) _exit(3);
    while (from == 1 && to == 3 && strcmp(how, "hangs") == 0) pause();
    return drift_migrator_exec(migrator, from == 2 ? "ALTER TABLE t ADD COLUMN c" : to == 2 ? ADDS : ADDS_TWO, err);
}

/* Code that is loaded runs before anything is asked of it. */
__attribute__((constructor)) static void die_at_once(void)
{
    if (getenv("CHECK_CLI_APP_DIES")) (void)raise(SIGKILL);
}

DRIFT_API extern const drift_database_definition drift_app, forgetful_app, killed_app, exiting_app, hanging_app;

const drift_database_definition drift_app = {
    .name = "app", .schema_version = 2, .strategy = {.on_upgrade = upgrade, .payload = ADDS}};

const drift_database_definition forgetful_app = {
    .name = "forgetful", .schema_version = 2, .strategy = {.on_upgrade = upgrade, .payload = ADDS "; DELETE FROM t"}};

const drift_database_definition killed_app = {
    .name = "killed", .schema_version = 3, .strategy = {.on_upgrade = fall, .payload = "killed"}};

const drift_database_definition exiting_app = {
    .name = "exiting", .schema_version = 3, .strategy = {.on_upgrade = fall, .payload = "exits"}};

const drift_database_definition hanging_app = {
    .name = "hanging", .schema_version = 3, .strategy = {.on_upgrade = fall, .payload = "hangs"}};
