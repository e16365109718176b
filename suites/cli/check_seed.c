/* check_seed.c — drift seed */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/program.h"
#include "drift/connection.h"
#include "support/digest.h"
#include "support/suite.h"

static const char *snapshot(void)
{
    return suite_source("drift_schemas/todos/drift_schema_v2.json");
}

static drift_connection *opened(const char *path)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_open(&connection, path, NULL, &err));
    return connection;
}

static char *digest_of(const char *path)
{
    drift_connection *connection = opened(path);
    char *digest = suite_digest(connection, NULL);
    drift_connection_close(connection);
    return digest;
}

START_TEST(a_seeded_database_has_its_version_and_rows)
{
    const char *out = in_folder("out.db");
    program p = drift_gives(0, "seed", snapshot(), out, "--data", "hostile", "--seed", "7");
    drift_connection *connection = opened(out);
    ck_assert_str_eq(p.err, "");
    ck_assert_holds(p.out, "data hostile, seed 7\n");
    ck_assert_value(connection, "PRAGMA user_version", "2");
    ck_assert_value(connection, "SELECT count(*) > 5 FROM todos", "1");
    ck_assert_value(connection, "PRAGMA integrity_check", "ok");
    ck_assert_value(connection, "SELECT count(*) FROM pragma_foreign_key_check", "0");
    drift_connection_close(connection);
    program_done(&p);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_file)
{
    program one = drift_gives(0, "seed", snapshot(), in_folder("one.db"));
    program same = drift_gives(0, "seed", snapshot(), in_folder("same.db"), "--seed", "42", "--data", "boundary");
    ck_assert_str_eq(one.out, same.out);
    suite_same_digest(digest_of(in_folder("one.db")), digest_of(in_folder("same.db")));
    program_done(&one);
    program_done(&same);
}
END_TEST

START_TEST(rows_alone_mean_the_level_many)
{
    program p = drift_gives(0, "seed", snapshot(), in_folder("out.db"), "--rows", "70");
    ck_assert_holds(p.out, "todos: 70 rows\n");
    ck_assert_holds(p.out, "data many, seed 42\n");
    program_done(&p);
}
END_TEST

START_TEST(rows_are_refused_for_another_level)
{
    drift_refuses(2, "--rows is for --data many, not for --data one", "seed", snapshot(), in_folder("out.db"), "--data",
                  "one", "--rows", "5");
    ck_assert_int_ne(access(in_folder("out.db"), F_OK), 0);
}
END_TEST

START_TEST(a_file_that_exists_is_not_overwritten)
{
    char text[512];
    const char *out = file("out.db", "mine");
    snprintf(text, sizeof text, "expected no file at %s, but there is one", out);
    drift_refuses(2, text, "seed", snapshot(), out);
    char *kept = text_of(out);
    ck_assert_str_eq(kept, "mine");
    drift_free(kept);
}
END_TEST

START_TEST(a_table_that_cannot_be_filled_is_told_and_the_file_is_there)
{
    const char *sql = file("sealed.sql", "CREATE TABLE ok (a); CREATE TABLE sealed (a NOT NULL CHECK (0));");
    const char *json = in_folder("drift_schema_v1.json"), *out = in_folder("out.db");
    program dumped = drift_gives(0, "schema", "dump", sql, json);
    program p = drift_gives(1, "seed", json, out, "--data", "one");
    ck_assert_str_eq(p.out, "ok: 1 row\nsealed: 0 rows\nsealed: not filled: CHECK constraint failed: 0\n"
                            "2 tables, 1 row, data one, seed 42\n");
    ck_assert_str_eq(p.err, "");
    ck_assert_int_eq(access(out, F_OK), 0);
    program_done(&dumped);
    program_done(&p);
}
END_TEST

START_TEST(no_name_steers_the_terminal_that_shows_it)
{
    const char *sql = file("s.sql", "CREATE TABLE \"a\x1b[31m\" (x CHECK (x = 'no' AND x = 'yes') NOT NULL)");
    program p = drift_gives(0, "schema", "dump", sql, in_folder("drift_schema_v1.json"));
    program_done(&p);
    const char *out = in_folder("\x1b.db");
    p = drift_gives(1, "seed", in_folder("drift_schema_v1.json"), out, "--data", "one");
    ck_assert_holds(p.out, "a\\x1b[31m: 0 rows\na\\x1b[31m: not filled: ");
    ck_assert_ptr_null(strchr(p.out, '\x1b'));
    program_done(&p);
    p = drift_gives(0, "check", out, "--schemas", folder);
    ck_assert_holds(p.out, "/\\x1b.db: version 1, equal to its snapshot in ");
    program_done(&p);
}
END_TEST

START_TEST(functions_are_stood_in_for_if_that_is_wanted)
{
    const char *sql = file("own.sql", "CREATE TABLE t (a TEXT COLLATE own CHECK (own_function(a)));");
    const char *json = in_folder("drift_schema_v1.json");
    program dumped = drift_gives(0, "schema", "dump", sql, json);
    program refused = drift_gives(3, "seed", json, in_folder("one.db"));
    program p = drift("seed", json, in_folder("two.db"), "--stub-functions");
    ck_assert_holds(refused.err, "--stub-functions");
    ck_assert_int_ne(access(in_folder("one.db"), F_OK), 0);
    ck_assert_holds(p.out, "1 table, ");
    program_done(&dumped);
    program_done(&refused);
    program_done(&p);
}
END_TEST

/* A pragma that says how the file is laid out does nothing once there is a table. */
START_TEST(the_setup_is_run_first)
{
    const char *sql = file("setup.sql", "CREATE TABLE t (a TEXT NOT NULL COLLATE NOCASE);"), *out = in_folder("out.db");
    const char *json = in_folder("drift_schema_v1.json");
    program dumped = drift_gives(0, "schema", "dump", sql, json);
    program p = drift_gives(0, "seed", json, out, "--setup", "PRAGMA page_size = 8192; CREATE TEMP TABLE own (x)");
    drift_connection *connection = opened(out);
    ck_assert_value(connection, "PRAGMA page_size", "8192");
    ck_assert_value(connection, "SELECT group_concat(name) FROM sqlite_schema", "t");
    drift_connection_close(connection);
    program_done(&dumped);
    program_done(&p);
}
END_TEST

START_TEST(a_setup_that_fails_leaves_no_file)
{
    program p =
        drift_gives(3, "seed", snapshot(), in_folder("out.db"), "--setup", "CREATE TEMP TABLE own (x); nonsense");
    ck_assert_holds(p.err, "setup:1:28: ");
    ck_assert_int_ne(access(in_folder("out.db"), F_OK), 0);
    program_done(&p);
}
END_TEST

/* Loop: signals that the program is asked to end with. */
static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

START_TEST(a_signal_leaves_no_file)
{
    const char *place = in_folder("place"), *out = in_folder("place/out.db"), *schema = snapshot();
    int status = 0;
    ck_assert_int_eq(mkdir(place, 0700), 0);
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        execl(DRIFT_PROGRAM, DRIFT_PROGRAM, "seed", schema, out, "--rows", "1000000000", (char *)NULL);
        _exit(127);
    }
    wait_until_holds(place, 1);
    ck_assert_int_eq(kill(pid, signals[_i]), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == signals[_i]);
    ck_assert_uint_eq(entries_in(place), 0);
}
END_TEST

START_TEST(orphans_are_made_if_they_are_wanted)
{
    const char *out = in_folder("out.db");
    program p = drift_gives(0, "seed", snapshot(), out, "--orphans");
    drift_connection *connection = opened(out);
    ck_assert_value(connection, "SELECT count(*) > 0 FROM pragma_foreign_key_check", "1");
    drift_connection_close(connection);
    program_done(&p);
}
END_TEST

TCase *case_seed(void)
{
    TCase *tcase = suite_case("seed");
    tcase_add_test(tcase, a_seeded_database_has_its_version_and_rows);
    tcase_add_test(tcase, the_same_seed_gives_the_same_file);
    tcase_add_test(tcase, rows_alone_mean_the_level_many);
    tcase_add_test(tcase, rows_are_refused_for_another_level);
    tcase_add_test(tcase, a_file_that_exists_is_not_overwritten);
    tcase_add_test(tcase, a_table_that_cannot_be_filled_is_told_and_the_file_is_there);
    tcase_add_test(tcase, no_name_steers_the_terminal_that_shows_it);
    tcase_add_test(tcase, functions_are_stood_in_for_if_that_is_wanted);
    tcase_add_test(tcase, the_setup_is_run_first);
    tcase_add_test(tcase, a_setup_that_fails_leaves_no_file);
    tcase_add_loop_test(tcase, a_signal_leaves_no_file, 0, (int)(sizeof signals / sizeof *signals));
    tcase_add_test(tcase, orphans_are_made_if_they_are_wanted);
    return tcase;
}
