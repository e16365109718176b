/* check_command.c — commands that migrate a file, and migrations that never end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "verify/given.h"

static drift_outcome *verify_command(const given *g, const char *command, const drift_verify_options *options)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift_schema_provider provider = g->provider;
    provider.payload = g;
    ck_assert_drift(
        drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.command = command}, options, &err));
    return outcome;
}

static const drift_verify_options one = {.levels = 1u << DRIFT_DATA_ONE, .seed = 7};

static void assert_command(const char *command, const char *expected)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "");
    assert_findings(verify_command(&g, command, &one), expected);
    given_done(&g);
}

START_TEST(a_command_that_does_nothing_leaves_the_old_stamp)
{
    assert_command(":", "1->2 one: migration.version user_version: the version stamp is 1, not 2\n");
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "");
    drift_verify_options unstamped = one;
    unstamped.stamp = DRIFT_STAMP_NONE;
    drift_outcome *outcome = verify_command(&g, ":", &unstamped);
    ck_assert_str_eq(outcome->runner, "command");
    ck_assert_str_eq(outcome->migrations, ":");
    assert_findings(outcome, "");
    given_done(&g);
}
END_TEST

START_TEST(a_command_is_told_the_file_and_the_versions)
{
    assert_command("test -s \"{db}\" && test {from} = 1 && test {to} = 2 && echo {other} && exit 9",
                   "1->2 one: migration.failed -: expected that the command ends with status 0, found 9: {other}\n");
}
END_TEST

START_TEST(a_command_that_fails_tells_its_last_line)
{
    assert_command("echo one; echo two >&2; exit 3",
                   "1->2 one: migration.failed -: expected that the command ends with status 0, found 3: two\n");
    assert_command("exit 3", "1->2 one: migration.failed -: expected that the command ends with status 0, found 3\n");
    assert_command("kill -9 $$", "1->2 one: migration.failed -: the command was ended by signal 9\n");
}
END_TEST

START_TEST(a_command_that_cannot_be_started_is_an_error)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "");
    drift_outcome *outcome = verify_command(&g, "/no/such/program {db} 2> /dev/null", &one);
    ck_assert_uint_eq(outcome->summary.errors, 1);
    assert_findings(outcome, "1->2 one: error.exec -: the command could not be started\n");
    given_done(&g);
}
END_TEST

START_TEST(what_is_no_database_any_more_is_told)
{
    assert_command("echo this is no database, however long it may be > \"{db}\"",
                   "1->2 one: migration.failed -: what the command left: cannot read {db}: file is not a database\n");
}
END_TEST

START_TEST(nothing_is_left_of_the_folder)
{
    char *folder = suite_folder();
    ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
    assert_command("touch \"{db}-more\"; mkdir -p \"{db}-folder/inner\"; ln -s / \"{db}-folder/inner/link\"; exit 1",
                   "1->2 one: migration.failed -: expected that the command ends with status 0, found 1\n");
    unsetenv("TMPDIR");
    suite_folder_remove(folder); /* fails if anything is left in it */
}
END_TEST

START_TEST(without_a_place_for_files_nothing_can_be_verified)
{
    ck_assert_int_eq(setenv("TMPDIR", "/no/such/folder", 1), 0);
    assert_command(":", "1->2 one: error.exec -: cannot make a folder in /no/such/folder: No such file or directory\n");
    unsetenv("TMPDIR");
}
END_TEST

/* Verifies a command that puts a database in the old one's place, together with its WAL. */
static void assert_replaced(const char *setup, const char *expected)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    char path[1024], command[4096], *folder = suite_folder();
    snprintf(path, sizeof path, "%s/new.db", folder);
    snprintf(command, sizeof command,
             "cp \"%s\" \"{db}\" && if test -e \"%s-wal\"; then cp \"%s-wal\" \"{db}-wal\"; fi", path, path, path);
    ck_assert_drift(drift_connection_open(&connection, path, NULL, &err));
    ck_assert_drift(drift_exec(connection, setup, &err));
    assert_command(command, expected);
    drift_connection_close(connection);
    suite_folder_remove(folder);
}

START_TEST(what_a_command_leaves_in_a_log_belongs_to_the_database)
{
    assert_replaced("PRAGMA journal_mode = WAL; CREATE TABLE t (a); CREATE TABLE u (x); PRAGMA user_version = 2",
                    "1->2 one: schema.unexpected u: table unexpected\n"
                    "1->2 one: data.lost_rows t: 1 of 1 rows lost, the first: rowid = 1\n");
}
END_TEST

START_TEST(a_command_may_change_the_size_of_pages)
{
    static const char *const sizes[] = {"512", "1024", "65536"};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char setup[256];
        snprintf(setup, sizeof setup, "PRAGMA page_size = %s; CREATE TABLE t (a); PRAGMA user_version = 2", sizes[i]);
        assert_replaced(setup, "1->2 one: data.lost_rows t: 1 of 1 rows lost, the first: rowid = 1\n");
    }
}
END_TEST

/* ---- time ---- */

static const char endless[] = "CREATE TABLE u AS WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
                              " SELECT count(*) AS n FROM c";

START_TEST(a_migration_that_never_ends_is_ended)
{
    drift_verify_options limited = one;
    limited.time_limit_ms = 50;
    for (int runner = DRIFT_RUNNER_DRIFT; runner <= DRIFT_RUNNER_PLAIN; runner++) {
        given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", endless);
        limited.runner = (drift_runner)runner;
        drift_outcome *outcome = given_verify(&g, &limited);
        ck_assert_uint_eq(outcome->summary.errors, 1);
        assert_findings(outcome, "1->2 one: error.timeout -: v1_to_v2.sql:1:1: the migration took longer than 50 ms\n");
        given_done(&g);
    }
}
END_TEST

START_TEST(a_command_that_never_ends_is_ended_with_what_it_started)
{
    drift_verify_options limited = one;
    limited.time_limit_ms = 50;
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "");
    assert_findings(verify_command(&g, "sleep 1000 & sleep 1000", &limited),
                    "1->2 one: error.timeout -: the migration took longer than 50 ms\n");
    given_done(&g);
}
END_TEST

/* True from the third question on. */
static bool is_third(void *payload)
{
    int *asked = payload;
    return ++*asked >= 3;
}

START_TEST(a_verification_that_is_stopped_ends_its_command_and_leaves_nothing)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    int asked = 0;
    char *folder = suite_folder();
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", endless);
    drift_verify_options stopped = one;
    stopped.is_stopped = is_third;
    stopped.stop_payload = &asked;
    const drift_migration_source sources[] = {{.command = "sleep 1000 & sleep 1000"}, {.steps = &g.steps}};
    drift_schema_provider provider = g.provider;
    provider.payload = &g;
    g.steps.files = g.files;
    ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        asked = 0;
        ck_assert_int_eq(drift_verify_migrations(&outcome, &provider, &sources[i], &stopped, &err), DRIFT_INTERRUPTED);
        ck_assert_str_eq(err.text, "the verification was stopped");
        ck_assert_ptr_null(outcome);
        err = (drift_error){0};
    }
    unsetenv("TMPDIR");
    suite_folder_remove(folder); /* fails if anything is left in it */
    given_done(&g);
}
END_TEST

/* ---- many rows ---- */

START_TEST(many_rows_live_in_files_that_go)
{
    const drift_verify_options many = {.levels = 1u << DRIFT_DATA_MANY, .rows = 10001};
    char *folder = suite_folder();
    given g = given_pair("CREATE TABLE t (id INTEGER PRIMARY KEY, a)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a)",
                         "DELETE FROM t WHERE id % 2");
    ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
    drift_outcome *outcome = given_verify(&g, &many);
    ck_assert_uint_eq(outcome->summary.findings, 1);
    ck_assert_int_eq(outcome->runs[0].findings[0].code, DRIFT_FINDING_DATA_LOST_ROWS);
    drift_outcome_free(outcome);
    unsetenv("TMPDIR");
    suite_folder_remove(folder);
    given_done(&g);
}
END_TEST

START_TEST(a_command_migrates_many_rows)
{
    const drift_verify_options many = {.levels = 1u << DRIFT_DATA_MANY, .rows = 10001, .stamp = DRIFT_STAMP_NONE};
    given g = given_pair("CREATE TABLE t (a, b)", "CREATE TABLE t (a, b)", "");
    drift_outcome *outcome = verify_command(&g, ":", &many);
    ck_assert_int_eq(outcome->runs[0].rows, 10001);
    assert_findings(outcome, "");
    given_done(&g);
}
END_TEST

START_TEST(many_rows_need_a_place_for_files)
{
    const drift_verify_options many = {.levels = 1u << DRIFT_DATA_MANY, .rows = 10001};
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "");
    drift_schema_provider provider = g.provider;
    provider.payload = &g;
    g.steps.files = g.files;
    ck_assert_int_eq(setenv("TMPDIR", "/no/such/folder", 1), 0);
    ck_assert_int_eq(
        drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.steps = &g.steps}, &many, &err),
        DRIFT_IO);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot make a folder as /no/such/folder/drift-"));
    ck_assert_str_eq(err.hint, "TMPDIR names the folder for temporary files; without it, it is /tmp");
    unsetenv("TMPDIR");
    given_done(&g);
}
END_TEST

START_TEST(a_migration_in_time_is_not_disturbed)
{
    drift_verify_options limited = one;
    limited.time_limit_ms = 1000000;
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a, b)", "ALTER TABLE t ADD COLUMN b");
    assert_findings(given_verify(&g, &limited), "");
    given_done(&g);
}
END_TEST

TCase *case_command(void)
{
    TCase *tcase = suite_case("command");
    tcase_add_test(tcase, a_command_that_does_nothing_leaves_the_old_stamp);
    tcase_add_test(tcase, a_command_is_told_the_file_and_the_versions);
    tcase_add_test(tcase, a_command_that_fails_tells_its_last_line);
    tcase_add_test(tcase, a_command_that_cannot_be_started_is_an_error);
    tcase_add_test(tcase, what_is_no_database_any_more_is_told);
    tcase_add_test(tcase, nothing_is_left_of_the_folder);
    tcase_add_test(tcase, without_a_place_for_files_nothing_can_be_verified);
    tcase_add_test(tcase, what_a_command_leaves_in_a_log_belongs_to_the_database);
    tcase_add_test(tcase, a_command_may_change_the_size_of_pages);
    tcase_add_test(tcase, a_migration_that_never_ends_is_ended);
    tcase_add_test(tcase, a_command_that_never_ends_is_ended_with_what_it_started);
    tcase_add_test(tcase, a_verification_that_is_stopped_ends_its_command_and_leaves_nothing);
    tcase_add_test(tcase, many_rows_live_in_files_that_go);
    tcase_add_test(tcase, a_command_migrates_many_rows);
    tcase_add_test(tcase, many_rows_need_a_place_for_files);
    tcase_add_test(tcase, a_migration_in_time_is_not_disturbed);
    return tcase;
}
