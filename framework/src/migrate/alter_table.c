/* alter_table.c — drift_migrator_alter_table. */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "drift/render.h"
#include "migrate/alter.h"
#include "rebuild/violation.h"

/* --- foreign keys before and after --- */

static int refuse_new(const drift__violation *violation, void *payload, drift_error *err)
{
    drift__violation_set *before = payload;
    bool old = false;
    const int rc = drift__violation_set_has(&old, before, violation, violation->told.table, err);
    return rc < 0 || old ? rc : drift__violation_error(&violation->told, 0, err);
}

static int plan_and_run(drift_migrator *migrator, const drift__rebuild_request *request, drift_error *err)
{
    drift__rebuild rebuild;
    int rc = drift__rebuild_plan(&rebuild, migrator->connection, request, err);
    if (rc == DRIFT_OK) rc = drift__rebuild_run(&rebuild, err);
    drift__rebuild_dispose(&rebuild);
    return rc;
}

int drift__migrator_rebuild(drift_migrator *migrator, const drift__rebuild_request *request, drift_error *err)
{
    const char *const tables[] = {request->table, NULL};
    drift__violation_set before = {0};
    const bool check = !migrator->in_opening;
    int rc = DRIFT_OK;
    if (check) rc = drift__violations_find(migrator->connection, tables, drift__violation_set_add, &before, err);
    if (rc == DRIFT_OK) rc = plan_and_run(migrator, request, err);
    if (rc == DRIFT_OK && check) rc = drift__violations_find(migrator->connection, tables, refuse_new, &before, err);
    drift__violation_set_dispose(&before);
    if (rc < 0) return rc;
    return drift__migrator_touch(migrator, DRIFT_TOUCH_REBUILT, DRIFT_ENTITY_TABLE, request->name, NULL, err);
}

/* --- the call --- */

typedef struct alteration {
    drift_migrator *migrator;
    const drift_table_migration *migration;
} alteration;

/* The new table is rendered from its data: expressions are source text there, which pragmas would not give back. */
static int alter(drift_connection *connection, void *payload, drift_error *err)
{
    const alteration *a = payload;
    const drift_table *table = a->migration->table;
    const drift_entity entity = {.kind = DRIFT_ENTITY_TABLE, .name = table->name, .as.table = table};
    const char *old_name = a->migration->old_name;
    char *sql = NULL;
    int rc = DRIFT_OK;
    (void)connection;
    if (old_name && strcmp(old_name, table->name) != 0)
        rc = drift__migrator_rename(a->migrator, old_name, table->name, err);
    if (rc == DRIFT_OK) rc = drift_render_entity(&sql, &entity, err);
    const drift__rebuild_request request = {.table = table->name,
                                            .name = table->name,
                                            .sql = sql,
                                            .transforms = a->migration->transforms,
                                            .new_columns = a->migration->new_columns,
                                            .drop_objects = a->migration->drop_objects};
    if (rc == DRIFT_OK) rc = drift__migrator_rebuild(a->migrator, &request, err);
    drift_free(sql);
    return rc;
}

static int require_own_columns(const drift_table_migration *m, drift_error *err)
{
    int rc = DRIFT_OK;
    for (const drift_column_transform *t = m->transforms; rc == DRIFT_OK && t && t->column; t++)
        rc = drift__migrator_require_column(m->table, t->column, "a transform's column", err);
    for (const drift_column *const *c = m->new_columns; rc == DRIFT_OK && c && *c; c++)
        rc = drift__migrator_require_column(m->table, *c, "a new column", err);
    return rc;
}

int drift_migrator_alter_table(drift_migrator *migrator, const drift_table_migration *migration, drift_error *err)
{
    alteration a = {migrator, migration};
    const char *table = migration->old_name ? migration->old_name : migration->table->name;
    const int rc = require_own_columns(migration, err);
    if (rc != DRIFT_OK) return rc;
    return drift__migrator_suspended(migrator, table, alter, &a, err);
}
