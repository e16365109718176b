/* check_script.c — drift_exec, and where an error of a script is. */
#include <string.h>

#include "runtime/cases.h"
#include "runtime/world.h"
#include "support/suite.h"

START_TEST(a_script_runs_all_its_statements)
{
    world w = world_open(_i);
    world_exec(w.connection, "\xef\xbb\xbf-- a comment\r\nCREATE TABLE t(a);\r\n;;INSERT INTO t VALUES (';'); "
                             "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;\n"
                             "SELECT * FROM t; /* end */");
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM sqlite_schema"), 2);
    world_exec(w.connection, "");
    world_close(&w);
}
END_TEST

static void assert_fails_at(const char *sql, int status, int line, int column, const char *text)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift_fails(drift_exec(w.connection, sql, &err), status);
    ck_assert_str_eq(err.text, text);
    ck_assert_int_eq(err.line, line);
    ck_assert_int_eq(err.column, column);
    world_close(&w);
}

START_TEST(an_error_of_a_script_has_its_place_in_the_whole_script)
{
    assert_fails_at("SELECT 1;\nSELECT 2; SELECT 3 FRM t;", DRIFT_SYNTAX, 2, 24, "near \"t\": syntax error");
    assert_fails_at("SELECT 1;\n\n  SELECT nope;", DRIFT_SQL, 3, 10, "no such column: nope");
}
END_TEST

START_TEST(an_error_while_running_is_told_where_its_statement_begins)
{
    assert_fails_at("CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES (1);\n-- again\n  INSERT INTO t\nVALUES (1);",
                    DRIFT_CONSTRAINT, 3, 3, "UNIQUE constraint failed: t.a");
}
END_TEST

START_TEST(statements_before_an_error_stand)
{
    drift_error err = {0};
    world w = world_open(_i);
    ck_assert_drift_fails(drift_exec(w.connection, "CREATE TABLE t(a); NO; CREATE TABLE u(a)", &err), DRIFT_SYNTAX);
    world_expect(w.connection, "SELECT group_concat(name) FROM sqlite_schema", "t");
    world_close(&w);
}
END_TEST

START_TEST(a_violated_foreign_key_has_a_status_of_its_own)
{
    drift_error err = {0};
    world w = world_open(_i);
    world_exec(w.connection, "PRAGMA foreign_keys = ON; CREATE TABLE p(a PRIMARY KEY); CREATE TABLE c(p REFERENCES p)");
    ck_assert_drift_fails(drift_exec(w.connection, "INSERT INTO c VALUES (1)", &err), DRIFT_FOREIGN_KEY);
    world_close(&w);
}
END_TEST

START_TEST(a_full_database_is_told)
{
    drift_error err = {0};
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a); PRAGMA max_page_count = 3");
    ck_assert_drift_fails(drift_exec(w.connection, "INSERT INTO t VALUES (zeroblob(100000))", &err), DRIFT_FULL);
    world_close(&w);
}
END_TEST

TCase *script_case(void)
{
    TCase *tcase = suite_case("script");
    tcase_add_loop_test(tcase, a_script_runs_all_its_statements, 0, WORLDS);
    tcase_add_test(tcase, an_error_of_a_script_has_its_place_in_the_whole_script);
    tcase_add_test(tcase, an_error_while_running_is_told_where_its_statement_begins);
    tcase_add_loop_test(tcase, statements_before_an_error_stand, 0, WORLDS);
    tcase_add_loop_test(tcase, a_violated_foreign_key_has_a_status_of_its_own, 0, WORLDS);
    tcase_add_loop_test(tcase, a_full_database_is_told, 0, WORLDS);
    return tcase;
}
