/* check_decide.c — what a version leads to. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "drift/kit/parse.h"
#include "opening/world.h"

static drift_schema *parse(const char *sql)
{
    drift_schema *schema = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    return schema;
}

START_TEST(an_empty_database_is_created_and_stamped)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    drift_schema *schema = parse("CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t");
    const drift_database_definition definition = {.name = "t", .schema_version = 2147483647, .schema = schema};
    ck_assert_drift(
        drift_database_open(&database, &definition, &(drift_open_options){.memory = true, .report = &report}, &err));
    drift_connection *connection = drift_database_connection(database);
    ck_assert_value(connection, "PRAGMA user_version", "2147483647");
    ck_assert_value(connection, "SELECT group_concat(name) FROM sqlite_schema", "t,v");
    ck_assert_value(connection, "PRAGMA foreign_keys", "1");
    ck_assert(report.details.was_created && !report.details.had_upgrade);
    ck_assert_int_eq(report.details.version_before, 0);
    ck_assert_int_eq(report.details.version_now, 2147483647);
    ck_assert_int_eq(report.outcome, DRIFT_OUTCOME_NEW);
    ck_assert_uint_eq(report.touched_count, 2);
    ck_assert_ptr_eq(drift_database_get_definition(database), &definition);
    ck_assert_ptr_eq(drift_database_target_schema(database), schema);
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    drift_schema_free(schema);
}
END_TEST

static int create_by_hand(drift_migrator *migrator, const void *payload, drift_error *err)
{
    return drift_migrator_exec(migrator, payload, err);
}

START_TEST(on_create_takes_the_place_of_create_all)
{
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = {
        .name = "t",
        .schema_version = 3,
        .strategy = {.on_create = create_by_hand, .payload = "CREATE TABLE by_hand(a)"}};
    ck_assert_drift(drift_database_open(&database, &definition, &(drift_open_options){.memory = true}, &err));
    ck_assert_value(drift_database_connection(database), "SELECT name FROM sqlite_schema", "by_hand");
    drift_database_close(database);
}
END_TEST

START_TEST(an_older_database_is_migrated_in_delete_and_wal)
{
    drift_error err = {0};
    drift_database *database = NULL;
    world w = world_begin((world_journal)_i);
    ck_assert_drift(world_open(&database, &w, &world_v2, &err));
    ck_assert_value(drift_database_connection(database), "SELECT group_concat(year) FROM books", "1901,1902,1903");
    ck_assert_value(drift_database_connection(database), "PRAGMA user_version", "2");
    ck_assert_value(drift_database_connection(database), "PRAGMA foreign_keys", "1");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(a_newer_database_is_refused_and_untouched)
{
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "PRAGMA user_version = 9");
    const drift_error err = world_refused(&w, &world_v2, DRIFT_NEWER);
    ck_assert_ptr_nonnull(strstr(err.text, "version 9"));
    ck_assert_ptr_nonnull(strstr(err.text, "version 2"));
    world_end(&w);
}
END_TEST

static int go_down(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)payload;
    ck_assert_int_eq(from, 9);
    ck_assert_int_eq(to, 2);
    return drift_migrator_exec(migrator, "ALTER TABLE books ADD COLUMN down", err);
}

START_TEST(a_newer_database_goes_down_where_the_strategy_can)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_database_definition definition = world_v2;
    definition.strategy.on_downgrade = go_down;
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "PRAGMA user_version = 9");
    ck_assert_drift(world_open(&database, &w, &definition, &err));
    ck_assert_value(drift_database_connection(database), "PRAGMA user_version", "2");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(version_0_with_tables_is_refused_and_says_why)
{
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "PRAGMA user_version = 0");
    const drift_error err = world_refused(&w, &world_v2, DRIFT_MIGRATION);
    ck_assert_ptr_nonnull(strstr(err.text, "2 objects"));
    ck_assert_ptr_nonnull(strstr(err.hint, "user_version"));
    world_end(&w);
}
END_TEST

START_TEST(a_negative_version_is_refused)
{
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "PRAGMA user_version = -3");
    const drift_error err = world_refused(&w, &world_v2, DRIFT_MIGRATION);
    ck_assert_ptr_nonnull(strstr(err.text, "-3"));
    world_end(&w);
}
END_TEST

START_TEST(a_version_that_cannot_be_stamped_is_misuse)
{
    static const int versions[] = {0, -1};
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = {.name = "t", .schema_version = versions[_i]};
    ck_assert_drift_fails(drift_database_open(&database, &definition, &(drift_open_options){.memory = true}, &err),
                          DRIFT_MISUSE);
}
END_TEST

START_TEST(a_strategy_without_on_upgrade_is_told_so)
{
    drift_database_definition definition = world_v2;
    definition.strategy.on_upgrade = NULL;
    world w = world_begin(WORLD_DELETE);
    const drift_error err = world_refused(&w, &definition, DRIFT_MISUSE);
    ck_assert_ptr_nonnull(strstr(err.text, "on_upgrade"));
    world_end(&w);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_told_so)
{
    drift_error err = {0};
    drift_database *database = NULL;
    world w = world_begin(WORLD_DELETE);
    FILE *file = fopen(w.path, "wb");
    for (int i = 0; i < 4096; i++) fputc('x', file);
    fclose(file);
    ck_assert_drift_fails(world_open(&database, &w, &world_v2, &err), DRIFT_NOT_A_DATABASE);
    world_end(&w);
}
END_TEST

/* --- nothing to do --- */

static int count_statement(unsigned type, void *counter, void *statement, void *sql)
{
    (void)type;
    (void)statement;
    (void)sql;
    ++*(int *)counter;
    return 0;
}

START_TEST(an_opening_with_nothing_to_do_runs_one_statement_and_takes_no_lock)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    int statements = 0;
    world w = world_begin((world_journal)_i);
    world_run(&w, "PRAGMA user_version = 2");
    drift_connection *writer = world_look(&w);
    ck_assert_drift(drift_exec(writer, "BEGIN IMMEDIATE", &err));
    ck_assert_drift(drift_connection_open(&connection, w.path, NULL, &err));
    sqlite3_trace_v2(drift_connection_handle(connection), SQLITE_TRACE_STMT, count_statement, &statements);
    ck_assert_drift(drift_database_open(&database, &world_v2, &(drift_open_options){.connection = connection}, &err));
    ck_assert_int_eq(statements, 1);
    drift_database_close(database);
    drift_connection_close(connection);
    drift_connection_close(writer);
    world_end(&w);
}
END_TEST

TCase *decide_case(void)
{
    TCase *tcase = suite_case("decide");
    tcase_add_test(tcase, an_empty_database_is_created_and_stamped);
    tcase_add_test(tcase, on_create_takes_the_place_of_create_all);
    tcase_add_loop_test(tcase, an_older_database_is_migrated_in_delete_and_wal, 0, WORLD_JOURNALS);
    tcase_add_test(tcase, a_newer_database_is_refused_and_untouched);
    tcase_add_test(tcase, a_newer_database_goes_down_where_the_strategy_can);
    tcase_add_test(tcase, version_0_with_tables_is_refused_and_says_why);
    tcase_add_test(tcase, a_negative_version_is_refused);
    tcase_add_loop_test(tcase, a_version_that_cannot_be_stamped_is_misuse, 0, 2);
    tcase_add_test(tcase, a_strategy_without_on_upgrade_is_told_so);
    tcase_add_test(tcase, a_file_that_is_no_database_is_told_so);
    tcase_add_loop_test(tcase, an_opening_with_nothing_to_do_runs_one_statement_and_takes_no_lock, 0, WORLD_JOURNALS);
    return tcase;
}
