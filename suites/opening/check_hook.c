/* check_hook.c — the callbacks around a migration: when each runs, in which transaction, under which settings. */
#include <stdio.h>
#include <string.h>

#include "opening/world.h"

/* What ran, one letter a callback, and the settings that it saw. */
static char trail[256];

static void note(drift_connection *connection, const char *letter)
{
    char *keys = suite_value(connection, "PRAGMA foreign_keys");
    char *sync = suite_value(connection, "PRAGMA synchronous");
    snprintf(trail + strlen(trail), sizeof trail - strlen(trail), "%s%s%s%s ", letter,
             drift_in_transaction(connection) ? "!" : ".", keys, sync);
    drift_free(keys);
    drift_free(sync);
}

static int before(drift_database *db, const drift_opening_details *details, const void *payload, drift_error *err)
{
    (void)details;
    (void)payload;
    (void)err;
    note(drift_database_connection(db), "before");
    return DRIFT_OK;
}

static int upgrade(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    (void)err;
    note(drift_migrator_connection(migrator), "upgrade");
    return DRIFT_OK;
}

static int inside(drift_database *db, const drift_opening_details *details, const void *payload, drift_error *err)
{
    (void)details;
    (void)payload;
    note(drift_database_connection(db), "inside");
    return drift_exec(drift_database_connection(db), "CREATE TABLE made_inside(a)", err);
}

static int after(drift_database *db, const drift_opening_details *details, const void *payload, drift_error *err)
{
    (void)details;
    (void)payload;
    (void)err;
    note(drift_database_connection(db), "after");
    return DRIFT_OK;
}

static int open_hook(drift_database *db, const drift_opening_details *details, const void *payload, drift_error *err)
{
    (void)err;
    ck_assert_str_eq(payload, "payload");
    note(drift_database_connection(db), "open");
    snprintf(trail + strlen(trail), sizeof trail - strlen(trail), "%d>%d%s%s", details->version_before,
             details->version_now, details->was_created ? " created" : "", details->had_upgrade ? " upgraded" : "");
    return DRIFT_OK;
}

static const drift_database_definition watched = {.name = "books",
                                                  .schema_version = 2,
                                                  .strategy = {.on_upgrade = upgrade,
                                                               .before_open = open_hook,
                                                               .before_transaction = before,
                                                               .inside_transaction = inside,
                                                               .after_commit = after,
                                                               .payload = "payload"}};

/* The trail: "name", whether in a transaction (!), foreign_keys, synchronous (1 NORMAL, 2 FULL, 3 EXTRA). */
START_TEST(hooks_run_in_their_order_and_synchronous_is_raised_meanwhile)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    world w = world_begin((world_journal)_i);
    ck_assert_drift(drift_connection_open(&connection, w.path, NULL, &err));
    ck_assert_drift(drift_exec(connection, "PRAGMA synchronous = NORMAL", &err));
    ck_assert_drift(drift_database_open(&database, &watched, &(drift_open_options){.connection = connection}, &err));
    ck_assert_str_eq(trail, _i == WORLD_WAL ? "before.01 upgrade!02 inside!02 after.01 open.11 1>2 upgraded"
                                            : "before.01 upgrade!03 inside!03 after.01 open.11 1>2 upgraded");
    ck_assert_value(connection, "SELECT count(*) FROM made_inside", "0");
    drift_database_close(database);
    drift_connection_close(connection);
    world_end(&w);
}
END_TEST

/* No power cut leaves anything of it. */
START_TEST(in_memory_synchronous_stays_as_it_is)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, world_version_1, &err));
    ck_assert_drift(drift_exec(connection, "PRAGMA synchronous = NORMAL", &err));
    ck_assert_drift(drift_database_open(&database, &watched, &(drift_open_options){.connection = connection}, &err));
    ck_assert_str_eq(trail, "before.01 upgrade!01 inside!01 after.01 open.11 1>2 upgraded");
    drift_database_close(database);
    drift_connection_close(connection);
}
END_TEST

START_TEST(before_open_runs_at_every_opening)
{
    drift_error err = {0};
    drift_database *database = NULL;
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "PRAGMA user_version = 2");
    ck_assert_drift(world_open(&database, &w, &watched, &err));
    ck_assert_str_eq(trail, "open.12 2>2");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(before_open_tells_a_database_that_was_created)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_database_definition definition = watched;
    static const drift_schema empty = {.version = 2};
    definition.schema = &empty;
    ck_assert_drift(drift_database_open(&database, &definition, &(drift_open_options){.memory = true}, &err));
    ck_assert_ptr_nonnull(strstr(trail, "0>2 created"));
    drift_database_close(database);
}
END_TEST

/* --- hooks that fail --- */

static int stumble(drift_database *db, const drift_opening_details *details, const void *payload, drift_error *err)
{
    (void)details;
    (void)payload;
    return drift_exec(drift_database_connection(db), "SELECT * FROM absent", err);
}

START_TEST(a_hook_that_fails_before_the_commit_leaves_old)
{
    drift_database_definition definition = world_v2;
    if (_i == 0) definition.strategy.before_transaction = stumble;
    if (_i == 1) definition.strategy.inside_transaction = stumble;
    world w = world_begin(WORLD_DELETE);
    world_refused(&w, &definition, DRIFT_SQL);
    world_end(&w);
}
END_TEST

START_TEST(a_hook_that_fails_after_the_commit_leaves_new_and_no_database)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    drift_database_definition definition = world_v2;
    if (_i == 0) definition.strategy.after_commit = stumble;
    if (_i == 1) definition.strategy.before_open = stumble;
    world w = world_begin(WORLD_DELETE);
    ck_assert_drift_fails(
        drift_database_open(&database, &definition, &(drift_open_options){.path = w.path, .report = &report}, &err),
        DRIFT_SQL);
    ck_assert_ptr_null(database);
    ck_assert_int_eq(report.outcome, DRIFT_OUTCOME_NEW);
    drift_opening_report_dispose(&report);
    drift_connection *look = world_look(&w);
    ck_assert_value(look, "PRAGMA user_version", "2");
    drift_connection_close(look);
    world_end(&w);
}
END_TEST

START_TEST(an_adopted_connection_goes_back_as_it_came_where_before_open_fails)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_database_definition definition = world_v2;
    definition.strategy.before_open = stumble;
    world w = world_begin(WORLD_DELETE);
    drift_connection *own = world_look(&w);
    ck_assert_drift(drift_exec(own, _i ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF", &err));
    ck_assert_drift_fails(drift_database_open(&database, &definition, &(drift_open_options){.connection = own}, &err),
                          DRIFT_SQL);
    ck_assert_value(own, "PRAGMA foreign_keys", _i ? "1" : "0");
    ck_assert_value(own, "PRAGMA user_version", "2");
    drift_connection_close(own);
    world_end(&w);
}
END_TEST

TCase *hook_case(void)
{
    TCase *tcase = suite_case("hooks");
    tcase_add_loop_test(tcase, hooks_run_in_their_order_and_synchronous_is_raised_meanwhile, 0, WORLD_JOURNALS);
    tcase_add_test(tcase, in_memory_synchronous_stays_as_it_is);
    tcase_add_test(tcase, before_open_runs_at_every_opening);
    tcase_add_test(tcase, before_open_tells_a_database_that_was_created);
    tcase_add_loop_test(tcase, a_hook_that_fails_before_the_commit_leaves_old, 0, 2);
    tcase_add_loop_test(tcase, a_hook_that_fails_after_the_commit_leaves_new_and_no_database, 0, 2);
    tcase_add_loop_test(tcase, an_adopted_connection_goes_back_as_it_came_where_before_open_fails, 0, 2);
    return tcase;
}
