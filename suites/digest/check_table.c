/* check_table.c — a table's rows as one digest. */
#include "digest/table.h"

#include <stdio.h>

#include "digest/case.h"
#include "support/suite.h"

static drift_connection *connection;

static void open_database(void)
{
    drift_error err = {0};
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
}

static void close_database(void)
{
    drift_connection_close(connection);
}

static drift__table_digest of(const char *sql, const char *table, drift__row_view view)
{
    drift_error err = {0};
    drift__table_digest digest;
    ck_assert_drift(drift_exec(connection, sql, &err));
    ck_assert_drift(drift__table_digest_take(&digest, connection, table, view, &err));
    return digest;
}

static void assert_same(bool same, const char *first, const char *second, drift__row_view view)
{
    const drift__table_digest a = of(first, "t", view);
    drift_error err = {0};
    ck_assert_drift(drift_exec(connection, "DROP TABLE t", &err));
    const drift__table_digest b = of(second, "t", view);
    ck_assert_drift(drift_exec(connection, "DROP TABLE t", &err));
    ck_assert_msg(drift__table_digest_same(&a, &b) == same, "%s | %s", first, second);
}

START_TEST(every_value_counts_with_its_type)
{
    static const char *const values[] = {"1", "1.0", "'1'", "x'31'", "NULL", "''", "x''", "'1' || char(0)", "-1"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
            char a[128], b[128];
            snprintf(a, sizeof a, "CREATE TABLE t (a); INSERT INTO t VALUES (%s)", values[i]);
            snprintf(b, sizeof b, "CREATE TABLE t (a); INSERT INTO t VALUES (%s)", values[k]);
            assert_same(i == k, a, b, DRIFT__ROW_AS_STORED);
            assert_same(i == k, a, b, DRIFT__ROW_BY_NAME);
        }
    }
}
END_TEST

START_TEST(a_row_that_is_there_twice_is_not_one)
{
    assert_same(false, "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (2)",
                "CREATE TABLE t (a); INSERT INTO t VALUES (1), (1), (2)", DRIFT__ROW_BY_NAME);
    assert_same(false, "CREATE TABLE t (a); INSERT INTO t VALUES (1), (1)", "CREATE TABLE t (a)", DRIFT__ROW_BY_NAME);
    assert_same(false, "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4)",
                "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 4), (3, 2)", DRIFT__ROW_BY_NAME);
}
END_TEST

START_TEST(the_rowid_counts_in_what_is_stored_only)
{
    static const char one[] = "CREATE TABLE t (a); INSERT INTO t (rowid, a) VALUES (1, 'x'), (2, 'y')";
    static const char other[] = "CREATE TABLE t (a); INSERT INTO t (rowid, a) VALUES (1, 'y'), (2, 'x')";
    assert_same(false, one, other, DRIFT__ROW_AS_STORED);
    assert_same(true, one, other, DRIFT__ROW_BY_NAME);
}
END_TEST

START_TEST(by_name_the_order_and_the_spelling_of_columns_do_not_count)
{
    assert_same(true, "CREATE TABLE t (a, \"b \"\" c\"); INSERT INTO t VALUES (1, 2)",
                "CREATE TABLE t (\"B \"\" C\", A); INSERT INTO t VALUES (2, 1)", DRIFT__ROW_BY_NAME);
    assert_same(false, "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)",
                "CREATE TABLE t (a, c); INSERT INTO t VALUES (1, 2)", DRIFT__ROW_BY_NAME);
}
END_TEST

START_TEST(a_rowid_is_read_by_a_name_that_no_column_has)
{
    static const struct {
        const char *table, *name;
    } cases[] = {
        {"CREATE TABLE t (a)", "rowid"},
        {"CREATE TABLE t (ROWID)", "_rowid_"},
        {"CREATE TABLE t (rowid, _rowid_)", "oid"},
        {"CREATE TABLE t (rowid, _rowid_, oid)", ""},
        {"CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        drift_error err = {0};
        const char *name = NULL;
        const drift__table_digest digest = of(cases[i].table, "t", DRIFT__ROW_AS_STORED);
        ck_assert_int_eq(digest.count, 0);
        ck_assert_drift(drift__rowid_name(&name, connection, "t", &err));
        ck_assert_str_eq(name, cases[i].name);
        ck_assert_drift(drift_exec(connection, "DROP TABLE t", &err));
    }
}
END_TEST

START_TEST(what_cannot_be_read_is_an_error)
{
    drift_error err = {0};
    drift__table_digest digest;
    ck_assert_drift_fails(drift__table_digest_take(&digest, connection, "nowhere", DRIFT__ROW_AS_STORED, &err),
                          DRIFT_SQL);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__table_digest_take(&digest, connection, "nowhere", DRIFT__ROW_BY_NAME, &err),
                          DRIFT_SQL);
}
END_TEST

START_TEST(virtual_and_generated_columns_count)
{
    const drift__table_digest words =
        of("CREATE VIRTUAL TABLE f USING fts5 (a, b); INSERT INTO f VALUES ('x', 'y'), ('z', 'w')", "f",
           DRIFT__ROW_BY_NAME);
    ck_assert_int_eq(words.count, 2);
    assert_same(false, "CREATE TABLE t (a, b AS (a + 1)); INSERT INTO t VALUES (1)",
                "CREATE TABLE t (a, b AS (a + 2)); INSERT INTO t VALUES (1)", DRIFT__ROW_BY_NAME);
}
END_TEST

TCase *case_table(void)
{
    TCase *tcase = suite_case("table");
    tcase_add_checked_fixture(tcase, open_database, close_database);
    tcase_add_test(tcase, every_value_counts_with_its_type);
    tcase_add_test(tcase, a_row_that_is_there_twice_is_not_one);
    tcase_add_test(tcase, the_rowid_counts_in_what_is_stored_only);
    tcase_add_test(tcase, by_name_the_order_and_the_spelling_of_columns_do_not_count);
    tcase_add_test(tcase, a_rowid_is_read_by_a_name_that_no_column_has);
    tcase_add_test(tcase, what_cannot_be_read_is_an_error);
    tcase_add_test(tcase, virtual_and_generated_columns_count);
    return tcase;
}
