/* check_opening.c — tracking over the opening of a database: made, suspended while migrating, back afterwards. */
#include <string.h>

#include "drift/database.h"
#include "drift/migrator.h"
#include "track/world.h"

static const char version_1[] = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, old INTEGER);";
static const char version_2[] = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, pinned INTEGER DEFAULT 0);"
                                "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);";

static const drift_tracked_table tables[] = {{.table = "notes"}, {.table = "tags", .since = 2}};
static const drift_tracking tracking = {tables, 2};

static drift_schema *schemas[3];

static void parse(int version, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift_schema_parse(&schemas[version], sql, strlen(sql), &err));
    schemas[version]->version = version;
}

/* Rewrites every row, drops a tracked column, rebuilds the table. */
static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const drift_table *notes = drift_schema_table(schemas[2], "notes");
    const drift_column *added[] = {drift_table_column(notes, "pinned"), NULL};
    const char *more = payload;
    int rc = drift_migrator_exec(m, "UPDATE notes SET text = upper(text)", err);
    ck_assert_int_eq(from, 1);
    ck_assert_int_eq(to, 2);
    if (rc == DRIFT_OK)
        rc = drift_migrator_alter_table(
            m, &(drift_table_migration){.table = notes, .new_columns = (const drift_column *const *)added}, err);
    if (rc == DRIFT_OK) rc = drift_migrator_create_table(m, drift_schema_table(schemas[2], "tags"), err);
    if (rc == DRIFT_OK) rc = drift_migrator_recreate_all_views(m, err);
    return rc != DRIFT_OK || !more ? rc : drift_migrator_exec(m, more, err);
}

static drift_database_definition notes_definition(int version)
{
    return (drift_database_definition){.name = "notes",
                                       .schema_version = version,
                                       .schema = schemas[version],
                                       .strategy = {.on_upgrade = upgrade},
                                       .tracking = &tracking};
}

/* A connection with version 1 and one change in its outbox. */
static drift_connection *begin(void)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_database *database = NULL;
    parse(1, version_1);
    parse(2, version_2);
    const drift_database_definition first = notes_definition(1);
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_database_open(&database, &first, &(drift_open_options){.connection = connection}, &err));
    drift_database_close(database);
    ck_assert_drift(drift_exec(connection, "INSERT INTO notes VALUES (1, 'a', 7)", &err));
    return connection;
}

static void end(drift_connection *connection)
{
    drift_connection_close(connection);
    for (int i = 1; i <= 2; i++) drift_schema_free(schemas[i]);
}

static int open_with(drift_connection *connection, drift_database_definition definition, drift_error *err)
{
    drift_database *database = NULL;
    const int rc = drift_database_open(&database, &definition, &(drift_open_options){.connection = connection}, err);
    drift_database_close(database);
    return rc;
}

START_TEST(a_database_that_is_created_is_tracked)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    ck_assert_drift(drift_track_verify(connection, schemas[1], &tracking, &err));
    ck_assert_value(connection, "SELECT operation || payload FROM drift_track_outbox",
                    "insert{\"id\":1,\"text\":\"a\",\"old\":7}");
    end(connection);
}
END_TEST

START_TEST(a_migration_queues_nothing_and_tracking_is_there_afterwards)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    ck_assert_drift(open_with(connection, notes_definition(2), &err));
    ck_assert_drift(drift_track_verify(connection, schemas[2], &tracking, &err));
    ck_assert_value(connection, "SELECT group_concat(operation || payload) FROM drift_track_outbox",
                    "insert{\"id\":1,\"text\":\"a\",\"old\":7}");
    ck_assert_drift(drift_exec(connection, "UPDATE notes SET pinned = 1; INSERT INTO tags VALUES (1, 'x')", &err));
    ck_assert_value(connection, "SELECT group_concat(operation || payload) FROM drift_track_outbox",
                    "insert{\"id\":1,\"text\":\"A\",\"pinned\":1},insert{\"id\":1,\"name\":\"x\"}");
    end(connection);
}
END_TEST

START_TEST(a_migration_that_fails_leaves_tracking_as_it_was)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    drift_database_definition definition = notes_definition(2);
    definition.strategy.payload = "SELECT * FROM absent";
    char *before = suite_digest(connection, NULL);
    ck_assert_drift_fails(open_with(connection, definition, &err), DRIFT_SQL);
    suite_same_digest(before, suite_digest(connection, NULL));
    ck_assert_drift(drift_track_verify(connection, schemas[1], &tracking, &err));
    end(connection);
}
END_TEST

START_TEST(a_migration_that_touches_what_is_queued_fails)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    drift_database_definition definition = notes_definition(2);
    definition.strategy.payload = _i ? "DROP TABLE drift_track_outbox" : "DELETE FROM drift_track_outbox";
    char *before = suite_digest(connection, NULL);
    ck_assert_drift_fails(open_with(connection, definition, &err), DRIFT_MIGRATION);
    ck_assert_str_eq(err.text, "expected that the migration leaves the 1 changes in drift_track_outbox alone, found 0");
    suite_same_digest(before, suite_digest(connection, NULL));
    end(connection);
}
END_TEST

/* A release that begins to track, or tracks other columns, without a new version of the schema. */
START_TEST(an_opening_that_migrates_nothing_makes_tracking_what_the_definition_says)
{
    const drift_tracked_table other = {.table = "notes", .columns = (const char *const[]){"text", NULL}};
    const drift_tracking changed = {&other, 1};
    drift_error err = {0};
    drift_connection *connection = begin();
    drift_database_definition definition = notes_definition(1);
    definition.tracking = &changed;
    if (_i) ck_assert_drift(drift_track_remove(connection, &err));
    ck_assert_drift(open_with(connection, definition, &err));
    ck_assert_drift(drift_track_verify(connection, schemas[1], &changed, &err));
    end(connection);
}
END_TEST

START_TEST(an_opening_where_all_is_well_writes_nothing)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    ck_assert_drift(drift_exec(connection, "PRAGMA query_only = ON", &err));
    ck_assert_drift(open_with(connection, notes_definition(1), &err));
    end(connection);
}
END_TEST

START_TEST(tracking_needs_the_schema)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    drift_database_definition definition = notes_definition(1);
    definition.schema = NULL;
    ck_assert_drift_fails(open_with(connection, definition, &err), DRIFT_MISUSE);
    end(connection);
}
END_TEST

/* Under MANUAL the callback suspends and stamps; tracking comes back behind it. */
static int manual(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    int rc = drift_track_suspend(drift_migrator_connection(m), err);
    if (rc == DRIFT_OK) rc = upgrade(m, from, to, payload, err);
    return rc != DRIFT_OK ? rc : drift_migrator_stamp(m, to, err);
}

START_TEST(tracking_comes_back_behind_a_manual_migration)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    drift_database_definition definition = notes_definition(2);
    definition.strategy.on_upgrade = manual;
    definition.strategy.foreign_keys = DRIFT_FOREIGN_KEYS_MANUAL;
    ck_assert_drift(open_with(connection, definition, &err));
    ck_assert_drift(drift_track_verify(connection, schemas[2], &tracking, &err));
    end(connection);
}
END_TEST

START_TEST(destroying_takes_the_outbox_and_tracks_anew)
{
    drift_error err = {0};
    drift_connection *connection = begin();
    drift_database_definition definition = notes_definition(2);
    definition.strategy.destructive = true;
    ck_assert_drift(open_with(connection, definition, &err));
    ck_assert_drift(drift_track_verify(connection, schemas[2], &tracking, &err));
    ck_assert_value(connection, "SELECT count(*) FROM drift_track_outbox", "0");
    end(connection);
}
END_TEST

TCase *opening_case(void)
{
    TCase *tcase = suite_case("opening");
    tcase_add_test(tcase, a_database_that_is_created_is_tracked);
    tcase_add_test(tcase, a_migration_queues_nothing_and_tracking_is_there_afterwards);
    tcase_add_test(tcase, a_migration_that_fails_leaves_tracking_as_it_was);
    tcase_add_loop_test(tcase, a_migration_that_touches_what_is_queued_fails, 0, 2);
    tcase_add_loop_test(tcase, an_opening_that_migrates_nothing_makes_tracking_what_the_definition_says, 0, 2);
    tcase_add_test(tcase, an_opening_where_all_is_well_writes_nothing);
    tcase_add_test(tcase, tracking_needs_the_schema);
    tcase_add_test(tcase, tracking_comes_back_behind_a_manual_migration);
    tcase_add_test(tcase, destroying_takes_the_outbox_and_tracks_anew);
    return tcase;
}
