/* check_memory.c — every allocation failing in turn: NO_MEMORY, nothing leaks, the next attempt succeeds. */
#include <sqlite3.h>
#include <string.h>

#include "drift/kit/parse.h"
#include "opening/world.h"
#include "support/memory.h"

static const char version_1[] =
    "CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); CREATE INDEX i ON p(a); CREATE VIEW v AS SELECT a "
    "FROM p;"
    "CREATE TRIGGER tr AFTER UPDATE OF a ON p BEGIN SELECT new.a; END; CREATE TABLE c(p REFERENCES p(id));"
    "INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES (1), (8); PRAGMA user_version = 1; PRAGMA foreign_keys = ON";
static const char version_2[] = "CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL, n INTEGER "
                                "DEFAULT 1); CREATE TABLE c(p REFERENCES "
                                "p(id)); CREATE VIEW v AS SELECT a FROM p";

static drift_schema *schema;

static int migrate(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const drift_table *p = drift_schema_table(schema, "p");
    const drift_column *added[] = {drift_table_column(p, "n"), NULL};
    int rc;
    (void)from;
    (void)to;
    (void)payload;
    if ((rc = drift_migrator_alter_table(
             m, &(drift_table_migration){.table = p, .new_columns = (const drift_column *const *)added}, err)) < 0 ||
        (rc = drift_migrator_rename_table(m, "c", "C", err)) < 0)
        return rc;
    return drift_migrator_recreate_all_views(m, err);
}

static int attempt(void)
{
    static const drift_database_definition definition = {
        .name = "memory", .schema_version = 2, .strategy = {.on_upgrade = migrate}};
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_database *database = NULL;
    drift_opening_report report = {0};
    const drift_schema *target = schema;
    int rc = drift_connection_memory(&connection, NULL, &err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, version_1, &err);
    if (rc == DRIFT_OK)
        rc = drift_database_open(
            &database, &definition,
            &(drift_open_options){.connection = connection, .target = {2, target}, .report = &report}, &err);
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    drift_connection_close(connection);
    /* SQLite ends a transaction by itself when memory is short, and that is what is told, with the reason */
    return rc == DRIFT_TRANSACTION && strstr(err.text, "out of memory") ? DRIFT_NO_MEMORY : rc;
}

/* One attempt with allocation `nth` failing. @return whether it was reached. */
static bool fails_cleanly(long nth, bool lasting)
{
    const sqlite3_int64 before = sqlite3_memory_used();
    suite_memory_fail(nth, lasting);
    const int status = attempt();
    const bool hit = suite_memory_restore();
    ck_assert_msg(sqlite3_memory_used() == before, "allocation %ld: %lld bytes leaked", nth,
                  (long long)(sqlite3_memory_used() - before));
    /* SQLite does without some allocations (sqlite3BeginBenignMalloc), so one that fails alone may do no harm */
    ck_assert_msg(status == (hit ? DRIFT_NO_MEMORY : DRIFT_OK) || (hit && !lasting && status == DRIFT_OK),
                  "allocation %ld gave %d", nth, status);
    return hit;
}

/* All of the first allocations, and then samples: a migration makes some 15,000. */
START_TEST(an_allocation_of_a_migration_may_fail)
{
    drift_error err = {0};
    ck_assert_drift(drift_schema_parse(&schema, version_2, strlen(version_2), &err));
    for (long nth = 1; fails_cleanly(nth, _i); nth += 1 + nth / 150) continue;
    drift_schema_free(schema);
}
END_TEST

TCase *memory_case(void)
{
    TCase *tcase = suite_case("memory");
    tcase_add_loop_test(tcase, an_allocation_of_a_migration_may_fail, 0, 2);
    return tcase;
}
