/* check_transaction.c — all rows or none, and the exception. */
#include <check.h>
#include <sqlite3.h>
#include <string.h>

#include "seed/cases.h"
#include "support/digest.h"
#include "support/suite.h"

static int count_commit(void *payload)
{
    ++*(int *)payload;
    return 0;
}

/* How often SQLite commits while a schema is seeded, what stands in `temp` included. */
static int commits_of(const char *schema, const char *temp, drift_data_level level)
{
    const drift_seed_options options = {.level = level, .seed = 42, .rows = 10};
    drift_error err = {0};
    int commits = 0;
    drift_connection *connection = with_schema(schema);
    ck_assert_drift(drift_exec(connection, temp, &err));
    sqlite3_commit_hook(drift_connection_handle(connection), count_commit, &commits);
    seed_all(connection, &options);
    ck_assert(!drift_in_transaction(connection));
    assert_sound(connection);
    drift_connection_close(connection);
    return commits;
}

START_TEST(all_rows_are_one_transaction)
{
    ck_assert_int_eq(
        commits_of("CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL CHECK (a > 'b'));"
                   "CREATE TABLE c (p INT NOT NULL REFERENCES p); CREATE VIRTUAL TABLE f USING fts5 (x)",
                   "", (drift_data_level)_i),
        1);
}
END_TEST

START_TEST(a_row_that_may_end_a_transaction_is_one_of_its_own)
{
    static const char constraint[] = "CREATE TABLE before (a); CREATE TABLE t (a INT UNIQUE ON CONFLICT ROLLBACK)";
    static const char temp[] = "CREATE TEMP TRIGGER r BEFORE INSERT ON main.t WHEN new.a < 5000 BEGIN"
                               " SELECT RAISE(ROLLBACK, 'too small'); END";
    ck_assert_int_ge(commits_of(constraint, "", (drift_data_level)_i), 2);
    ck_assert_int_ge(commits_of("CREATE TABLE before (a); CREATE TABLE t (a INT NOT NULL)", temp, (drift_data_level)_i),
                     2);
}
END_TEST

START_TEST(the_level_empty_writes_nothing)
{
    drift_error err = {0};
    const drift_seed_options options = {.level = DRIFT_DATA_EMPTY};
    drift_connection *connection = with_schema("CREATE TABLE t (a)");
    ck_assert_drift(drift_exec(connection, "PRAGMA query_only = ON", &err));
    ck_assert_drift(drift_seed_database(NULL, connection, &options, &err));
    drift_connection_close(connection);
}
END_TEST

START_TEST(after_an_error_nothing_is_there)
{
    drift_error err = {0};
    drift_seed_report *report = NULL;
    const drift_seed_options options = {.level = DRIFT_DATA_MANY, .rows = 100000};
    drift_connection *connection = with_schema("CREATE TABLE a (x TEXT); CREATE TABLE b (x TEXT);"
                                               "INSERT INTO b VALUES ('there before'); PRAGMA foreign_keys = ON;"
                                               "PRAGMA max_page_count = 40");
    ck_assert_drift_fails(drift_seed_database(&report, connection, &options, &err), DRIFT_FULL);
    ck_assert_ptr_nonnull(strstr(err.text, "full"));
    ck_assert_ptr_null(report);
    ck_assert(!drift_in_transaction(connection));
    ck_assert_value(connection, "SELECT (SELECT count(*) FROM a) || ' ' || group_concat(x) FROM b", "0 there before");
    ck_assert_value(connection, "PRAGMA foreign_keys", "1");
    drift_connection_close(connection);
}
END_TEST

TCase *case_transaction(void)
{
    TCase *tcase = suite_case("transaction");
    tcase_add_loop_test(tcase, all_rows_are_one_transaction, DRIFT_DATA_ONE, DRIFT_DATA_MANY + 1);
    tcase_add_loop_test(tcase, a_row_that_may_end_a_transaction_is_one_of_its_own, DRIFT_DATA_ONE, DRIFT_DATA_MANY + 1);
    tcase_add_test(tcase, the_level_empty_writes_nothing);
    tcase_add_test(tcase, after_an_error_nothing_is_there);
    return tcase;
}
