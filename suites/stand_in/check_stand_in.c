/* check_stand_in.c — schemas that name functions and collations of an application. */
#include <sqlite3.h>
#include <string.h>

#include "runtime/stand_in.h"
#include "runtime/world.h"
#include "stand_in/text.h"
#include "support/memory.h"
#include "support/suite.h"

static void stand_in(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift__stand_in_functions(connection, sql, strlen(sql), &err));
}

static void exec_with_stand_ins(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift__stand_in_collations(connection, &err));
    stand_in(connection, sql);
    world_exec(connection, sql);
}

START_TEST(a_schema_with_unknown_functions_and_collations_is_built)
{
    world w = world_open(_i);
    exec_with_stand_ins(w.connection,
                        "CREATE TABLE t(a TEXT COLLATE pinyin CHECK (is_valid(a)), b AS (\"my fn\"(a, 1)) STORED,"
                        "  c DEFAULT ([new id]()), d TEXT CHECK (d REGEXP '^x'));"
                        "CREATE UNIQUE INDEX i ON t(md5(a), `x``y`(c) COLLATE klingon);"
                        "CREATE VIEW v AS SELECT search_key(/* of */ a) FROM t;"
                        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT notify(new.a); END;"
                        "INSERT INTO t(a, d) VALUES ('one', 'x'), ('two', 'y'); SELECT * FROM v");
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(DISTINCT b) FROM t"), 2);
    world_expect(w.connection, "SELECT group_concat(a) FROM (SELECT a FROM t ORDER BY a)", "one,two");
    world_close(&w);
}
END_TEST

START_TEST(a_stand_in_depends_on_its_name_and_arguments_alone)
{
    world w = world_open(WORLD_MEMORY);
    stand_in(w.connection, "f(x) g(x)");
    ck_assert_int_eq(world_int64(w.connection, "SELECT f('ab', 'c') = F('ab', 'c')"), 1);
    ck_assert_int_eq(world_int64(w.connection, "SELECT f('ab', 'c') <> f('a', 'bc')"), 1);
    ck_assert_int_eq(world_int64(w.connection, "SELECT f(1) <> f('1') AND f(NULL) <> f(0) AND f(x'') <> f('')"), 1);
    ck_assert_int_eq(world_int64(w.connection, "SELECT f(1) <> g(1)"), 1);
    ck_assert_int_eq(world_int64(w.connection, "SELECT f() BETWEEN 1 AND 9007199254740992"), 1);
    world_close(&w);
}
END_TEST

START_TEST(functions_that_sqlite_knows_stay)
{
    world w = world_open(WORLD_MEMORY);
    stand_in(w.connection, "SELECT LENGTH(x), count(*), row_number() OVER ()");
    ck_assert_int_eq(world_int64(w.connection, "SELECT length('abc')"), 3);
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM (SELECT 1 UNION SELECT 2)"), 2);
    world_close(&w);
}
END_TEST

START_TEST(names_in_strings_and_comments_are_none)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    stand_in(w.connection, "'f(' -- f(\n /* f( */ 'it''s' 'f' ( f /");
    ck_assert_drift_fails(drift_exec(w.connection, "SELECT f(1)", &err), DRIFT_SQL);
    world_close(&w);
}
END_TEST

/* https://www.sqlite.org/c3ref/create_function.html: "The length of the name is limited to 255 bytes". */
START_TEST(a_name_that_is_too_long_for_a_function_is_another_s)
{
    world w = world_open(WORLD_MEMORY);
    char sql[300];
    memset(sql, 'x', sizeof sql);
    memcpy(sql + 255, "()", 3);
    stand_in(w.connection, sql);
    memcpy(sql + 255, "x()", 4);
    stand_in(w.connection, sql);
    world_close(&w);
}
END_TEST

START_TEST(texts_that_do_not_end_are_no_harm)
{
    static const char *const texts[] = {"'",  "\"",      "[",    "`", "/*", "--",   "f",
                                        "f(", "\"a\"\"", "'a''", "/", "-",  "\"\"("};
    world w = world_open(WORLD_MEMORY);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) stand_in(w.connection, texts[i]);
    world_close(&w);
}
END_TEST

START_TEST(a_stored_schema_gets_its_stand_ins)
{
    drift_error err = {0};
    world w = world_open(_i);
    exec_with_stand_ins(w.connection, "CREATE TABLE t(a COLLATE pinyin); CREATE INDEX i ON t(md5(a));"
                                      "INSERT INTO t VALUES ('x')");
    drift_connection *other = world_connect(&w);
    ck_assert_drift_fails(drift_exec(other, "INSERT INTO t VALUES ('y')", &err), DRIFT_SQL);
    err = (drift_error){0};
    ck_assert_drift(drift__stand_ins_install(other, &err));
    world_exec(other, "INSERT INTO t VALUES ('y'); REINDEX; PRAGMA integrity_check");
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

START_TEST(a_function_that_is_known_by_name_is_registered)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift(drift__stand_in_function(w.connection, "md5", &err));
    ck_assert_int_eq(world_int64(w.connection, "SELECT md5('x') > 0"), 1);
    char long_name[400];
    memset(long_name, 'x', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    ck_assert_int_ne(drift__stand_in_function(w.connection, long_name, &err), DRIFT_OK);
    world_close(&w);
}
END_TEST

START_TEST(a_long_text_takes_little_time)
{
    world w = world_open(WORLD_MEMORY);
    enum { SIZE = 4000000 };
    char *text = sqlite3_malloc(SIZE + 1);
    ck_assert_ptr_nonnull(text);
    for (int i = 0; i < SIZE; i += 8) memcpy(text + i, "\"a\"(/**/", 8);
    text[SIZE] = '\0';
    stand_in(w.connection, text);
    sqlite3_free(text);
    world_close(&w);
}
END_TEST

static int stand_in_without_memory(void)
{
    static const char sql[] = "f(x) \"g\"\"h\"(x)";
    drift_connection *connection = NULL;
    int rc = drift_connection_memory(&connection, NULL, NULL);
    if (rc == DRIFT_OK) rc = drift__stand_in_functions(connection, sql, sizeof sql - 1, NULL);
    if (rc == DRIFT_OK) rc = drift__stand_ins_install(connection, NULL);
    drift_connection_close(connection);
    return rc;
}

START_TEST(stand_ins_survive_want_of_memory)
{
    suite_memory_sweep(stand_in_without_memory);
}
END_TEST

int main(void)
{
    suite_memory_install();
    TCase *tcase = suite_case("stand_in");
    tcase_add_loop_test(tcase, a_schema_with_unknown_functions_and_collations_is_built, 0, WORLDS);
    tcase_add_test(tcase, a_stand_in_depends_on_its_name_and_arguments_alone);
    tcase_add_test(tcase, functions_that_sqlite_knows_stay);
    tcase_add_test(tcase, names_in_strings_and_comments_are_none);
    tcase_add_test(tcase, a_name_that_is_too_long_for_a_function_is_another_s);
    tcase_add_test(tcase, texts_that_do_not_end_are_no_harm);
    tcase_add_loop_test(tcase, a_stored_schema_gets_its_stand_ins, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_test(tcase, a_function_that_is_known_by_name_is_registered);
    tcase_add_test(tcase, a_long_text_takes_little_time);
    tcase_add_test(tcase, stand_ins_survive_want_of_memory);
    Suite *suite = suite_create("stand_in");
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
