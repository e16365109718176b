/* check_script.c — SQL files as people write them. */
#include "verify/script.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "support/digest.h"
#include "support/suite.h"
#include "verify/given.h"

static char *folder;
static drift_connection *connection;

static void set_up(void)
{
    drift_error err = {0};
    folder = suite_folder();
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
}

static void tear_down(void)
{
    drift_connection_close(connection);
    suite_folder_remove(folder);
}

static char *read_script(size_t *length, const char *text, size_t text_length)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, "s.sql"), *sql = NULL;
    ck_assert_drift(drift__file_write(path, text, text_length, &err));
    ck_assert_drift(drift__script_read(&sql, length, path, &err));
    drift_free(path);
    return sql;
}

static int run(const char *text, drift_error *err)
{
    size_t length = 0;
    char *sql = read_script(&length, text, strlen(text));
    const int rc = drift__script_run(connection, sql, length, "s.sql", NULL, NULL, err);
    drift_free(sql);
    return rc;
}

/* Scripts, and how many tables they make. */
static const char *const scripts[][2] = {
    {"", "0"},
    {"  \n -- nothing\n /* at all */ ;;\n", "0"},
    {"CREATE TABLE a (x)", "1"},
    {"\xef\xbb\xbf"
     "CREATE TABLE a (x);\r\nCREATE TABLE b (x);\r\n",
     "2"},
    {".tables\nCREATE TABLE a (x);\n.print it's \"odd\nCREATE TABLE b (x);\n  .quit", "2"},
    {"-- comment\n.dot\n/* c */ .dot\nCREATE TABLE a (x);", "1"},
    {"CREATE TABLE a (x DEFAULT '.no\n.line');", "1"},
    {"BEGIN; CREATE TABLE a (x); ROLLBACK; CREATE TABLE b (x);", "1"},
    {"CREATE TABLE a (x); CREATE TRIGGER r AFTER INSERT ON a BEGIN INSERT INTO a VALUES (';'); SELECT CASE 1 WHEN 1"
     " THEN 2 END; END; CREATE TABLE b (x);",
     "2"},
    {"SELECT 1 UNION SELECT 2; CREATE TABLE a (x)", "1"},
};

START_TEST(a_script_is_run_as_the_shell_would)
{
    drift_error err = {0};
    ck_assert_drift(run(scripts[_i][0], &err));
    ck_assert_value(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'", scripts[_i][1]);
}
END_TEST

static const struct {
    const char *script;
    int line, column;
    const char *text;
} failures[] = {
    {"CREATE TABLE a (x);\n\nCREATE TABEL b;", 3, 8, "near \"TABEL\": syntax error; in: CREATE TABEL b"},
    {"\xef\xbb\xbf.dot\r\nSELECT\r\n  missing;\r\n", 3, 3, "no such column: missing; in: SELECT    missing"},
    {"SELECT 'gr\xc3\xbc\xc3\x9f', nope", 1, 16, "no such column: nope; in: SELECT 'gr\xc3\xbc\xc3\x9f', nope"},
    {"-- why\n  INSERT INTO nowhere VALUES (1); SELECT 1;", 2, 3,
     "no such table: nowhere; in: INSERT INTO nowhere VALUES (1)"},
    {"SELECT 1; SELECT 'open", 1, 18, "unrecognized token: \"'open\"; in: SELECT 'open"},
};

START_TEST(a_failing_statement_is_told_with_its_place_and_text)
{
    drift_error err = {0};
    ck_assert_int_ne(run(failures[_i].script, &err), DRIFT_OK);
    ck_assert_str_eq(err.text, failures[_i].text);
    ck_assert_str_eq(err.source, "s.sql");
    ck_assert_int_eq(err.line, failures[_i].line);
    ck_assert_int_eq(err.column, failures[_i].column);
}
END_TEST

START_TEST(a_long_statement_is_cut_at_a_character)
{
    drift_error err = {0};
    char script[2000], umlauts[801];
    for (size_t i = 0; i < sizeof umlauts - 1; i++) umlauts[i] = i % 2 ? '\xbc' : '\xc3';
    umlauts[sizeof umlauts - 1] = '\0';
    snprintf(script, sizeof script, "SELECT nope, '%s'", umlauts);
    ck_assert_int_ne(run(script, &err), DRIFT_OK);
    ck_assert_uint_lt(strlen(err.text), 320);
    ck_assert_str_eq(err.text + strlen(err.text) - 5, "\xc3\xbc\xe2\x80\xa6");
}
END_TEST

START_TEST(a_nul_byte_is_refused)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, "s.sql"), *sql = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_write(path, "SELECT 1;\n\0;", 12, &err));
    ck_assert_drift_fails(drift__script_read(&sql, &length, path, &err), DRIFT_SYNTAX);
    ck_assert_int_eq(err.line, 2);
    ck_assert_ptr_null(sql);
    drift_free(path);
}
END_TEST

/* Scripts that hold both ways, and the line at which the way back begins; 0: there is none. */
static const struct {
    const char *script;
    int line;
} ways_back[] = {
    {"-- +goose Up\nCREATE TABLE a (x);\n\n-- +goose Down\nDROP TABLE a;\n", 4},
    {"-- migrate:up\nCREATE TABLE a (x);\r\n-- migrate:down transaction:false\r\nDROP TABLE a;\r\n", 3},
    {"-- +migrate Up\nCREATE TABLE a (x);\n--+migrate DOWN\nDROP TABLE a;", 3},
    {"\xef\xbb\xbf-- Up\n.print it's\nCREATE TABLE a (x);\n  -- Down  \nDROP TABLE a;", 4},
    {"-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE a (x);\n-- +goose StatementEnd\n", 0},
    {"-- Down with the old table\nDROP TABLE a; -- migrate:downwards\n/* Down */ SELECT '\n-- Down\n';", 0},
};

START_TEST(a_script_that_also_holds_the_way_back_is_refused)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, "s.sql"), *sql = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_write(path, ways_back[_i].script, strlen(ways_back[_i].script), &err));
    const int rc = drift__script_read(&sql, &length, path, &err);
    drift_free(sql);
    drift_free(path);
    ck_assert_int_eq(rc, ways_back[_i].line ? DRIFT_FORMAT : DRIFT_OK);
    ck_assert_int_eq(err.line, ways_back[_i].line);
    if (rc == DRIFT_OK) return;
    ck_assert_str_eq(err.text, "expected the way to the next version only, found the way back in the same file");
    ck_assert_str_eq(err.hint, "keep what stands above this line, and the way back in another folder");
}
END_TEST

START_TEST(the_tables_that_sqlite_makes_itself_are_left_out_of_a_dump)
{
    static const char dump[] = "CREATE TABLE sqlite_sequence(name,seq);\n"
                               "create table if not exists \"sqlite_stat1\"(tbl,idx,stat);\n"
                               "INSERT OR REPLACE INTO main.sqlite_stat1 VALUES('t', NULL, '1');\n"
                               "DELETE FROM sqlite_sequence;\n"
                               "CREATE TABLE sqlitex (a);\n"
                               "INSERT INTO sqlite_schema VALUES (1);\n";
    size_t length = 0;
    char *sql = read_script(&length, dump, strlen(dump));
    drift__script_blank_internal(sql, length);
    ck_assert_uint_eq(strlen(sql), strlen(dump));
    ck_assert_str_eq(sql + strspn(sql, " \n"), "CREATE TABLE sqlitex (a);\nINSERT INTO sqlite_schema VALUES (1);\n");
    drift_free(sql);
}
END_TEST

TCase *case_script(void)
{
    TCase *tcase = suite_case("script");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_script_is_run_as_the_shell_would, 0, (int)(sizeof scripts / sizeof scripts[0]));
    tcase_add_loop_test(tcase, a_failing_statement_is_told_with_its_place_and_text, 0,
                        (int)(sizeof failures / sizeof failures[0]));
    tcase_add_test(tcase, a_long_statement_is_cut_at_a_character);
    tcase_add_test(tcase, a_nul_byte_is_refused);
    tcase_add_loop_test(tcase, a_script_that_also_holds_the_way_back_is_refused, 0,
                        (int)(sizeof ways_back / sizeof ways_back[0]));
    tcase_add_test(tcase, the_tables_that_sqlite_makes_itself_are_left_out_of_a_dump);
    return tcase;
}
