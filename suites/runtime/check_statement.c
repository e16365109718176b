/* check_statement.c — binds, rows, the cache. */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "runtime/cases.h"
#include "runtime/world.h"
#include "support/suite.h"

static drift_statement *prepare(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    ck_assert_drift(drift_statement_prepare(&statement, connection, sql, &err));
    return statement;
}

static bool step(drift_statement *statement)
{
    drift_error err = {0};
    bool row = false;
    ck_assert_drift(drift_statement_step(&row, statement, &err));
    return row;
}

static void assert_bytes(drift_value value, drift_value_kind kind, const void *bytes, size_t length)
{
    ck_assert_int_eq(value.kind, kind);
    ck_assert_uint_eq(value.length, length);
    ck_assert_mem_eq(value.bytes, bytes, length);
}

START_TEST(every_kind_of_value_survives_the_way_in_and_out)
{
    drift_error err = {0};
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(i, r, x, b, n)");
    drift_statement *insert = prepare(w.connection, "INSERT INTO t VALUES (?, ?, ?, ?, ?)");
    ck_assert_drift(drift_statement_bind_int64(insert, 1, INT64_MIN, &err));
    ck_assert_drift(drift_statement_bind_double(insert, 2, 0.1, &err));
    ck_assert_drift(drift_statement_bind_text(insert, 3, "a\0\xc3\xa4", 4, &err));
    ck_assert_drift(drift_statement_bind_blob(insert, 4, "\0\xff", 2, &err));
    ck_assert_drift(drift_statement_bind_null(insert, 5, &err));
    ck_assert_drift(drift_statement_run(insert, &err));
    drift_statement_free(insert);
    drift_statement *select = prepare(w.connection, "SELECT i, r, x, b, n FROM t");
    ck_assert(step(select));
    ck_assert_int_eq(drift_column_count(select), 5);
    ck_assert_str_eq(drift_column_name(select, 2), "x");
    ck_assert_int_eq(drift_column_value(select, 0).kind, DRIFT_INTEGER);
    ck_assert_int_eq(drift_column_value(select, 0).integer, INT64_MIN);
    ck_assert_int_eq(drift_column_value(select, 1).kind, DRIFT_REAL);
    ck_assert_double_eq(drift_column_value(select, 1).real, 0.1);
    assert_bytes(drift_column_value(select, 2), DRIFT_TEXT, "a\0\xc3\xa4", 4);
    assert_bytes(drift_column_value(select, 3), DRIFT_BLOB, "\0\xff", 2);
    ck_assert_int_eq(drift_column_value(select, 4).kind, DRIFT_NULL);
    drift_statement_free(select);
    world_close(&w);
}
END_TEST

START_TEST(empty_text_and_empty_blob_are_no_null)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    drift_statement *statement = prepare(w.connection, "SELECT ?, ?, typeof(?1) || typeof(?2)");
    ck_assert_drift(drift_statement_bind_text(statement, 1, NULL, 0, &err));
    ck_assert_drift(drift_statement_bind_blob(statement, 2, NULL, 0, &err));
    ck_assert(step(statement));
    assert_bytes(drift_column_value(statement, 0), DRIFT_TEXT, "", 0);
    assert_bytes(drift_column_value(statement, 1), DRIFT_BLOB, "", 0);
    ck_assert_str_eq(drift_column_text(statement, 2, NULL), "textblob");
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(typed_readers_convert_as_sqlite_does)
{
    world w = world_open(WORLD_MEMORY);
    size_t length = 99;
    drift_statement *statement = prepare(w.connection, "SELECT '12.5x', 7, NULL");
    ck_assert(step(statement));
    ck_assert_int_eq(drift_column_int64(statement, 0), 12);
    ck_assert_double_eq(drift_column_double(statement, 0), 12.5);
    ck_assert_str_eq(drift_column_text(statement, 1, &length), "7");
    ck_assert_uint_eq(length, 1);
    ck_assert_ptr_null(drift_column_text(statement, 2, &length));
    ck_assert_uint_eq(length, 0);
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(a_column_that_is_not_there_is_null)
{
    world w = world_open(WORLD_MEMORY);
    drift_statement *statement = prepare(w.connection, "SELECT 1");
    ck_assert_int_eq(drift_column_value(statement, 0).kind, DRIFT_NULL);
    ck_assert(step(statement));
    ck_assert_int_eq(drift_column_value(statement, 1).kind, DRIFT_NULL);
    ck_assert_int_eq(drift_column_int64(statement, -1), 0);
    ck_assert_double_eq(drift_column_double(statement, 1), 0.0);
    ck_assert_ptr_null(drift_column_text(statement, 1, NULL));
    ck_assert_ptr_null(drift_column_name(statement, 1));
    ck_assert(!step(statement));
    ck_assert_int_eq(drift_column_int64(statement, 0), 0);
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(nan_becomes_null)
{
    drift_error err = {0};
    int64_t is_null = 0;
    world w = world_open(WORLD_MEMORY);
    const drift_value nan_value = DRIFT_BIND_DOUBLE(NAN);
    ck_assert_drift(drift_query_int64(&is_null, w.connection, "SELECT ? IS NULL", &nan_value, 1, &err));
    ck_assert_int_eq(is_null, 1);
    world_close(&w);
}
END_TEST

START_TEST(a_parameter_that_is_not_there_is_misuse)
{
    drift_error err = {0}, low = {0}, bytes = {0};
    world w = world_open(WORLD_MEMORY);
    drift_statement *statement = prepare(w.connection, "SELECT ?, ?");
    ck_assert_drift_fails(drift_statement_bind_int64(statement, 3, 0, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, "expected a parameter from 1 to 2, found 3");
    ck_assert_int_eq(drift_statement_bind_int64(statement, 0, 0, &low), DRIFT_MISUSE);
    ck_assert_int_eq(drift_statement_bind_text(statement, 1, NULL, 5, &bytes), DRIFT_MISUSE);
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(a_value_that_is_larger_than_the_limit_is_told)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    sqlite3_limit(drift_connection_handle(w.connection), SQLITE_LIMIT_LENGTH, 10);
    drift_statement *statement = prepare(w.connection, "SELECT ?");
    ck_assert_drift_fails(drift_statement_bind_text(statement, 1, "longer than ten", 15, &err), DRIFT_TOO_LARGE);
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(a_running_statement_takes_no_values)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    drift_statement *statement = prepare(w.connection, "SELECT ?");
    ck_assert(step(statement));
    ck_assert_drift_fails(drift_statement_bind_int64(statement, 1, 1, &err), DRIFT_MISUSE);
    drift_statement_reset(statement);
    err = (drift_error){0};
    ck_assert_drift(drift_statement_bind_int64(statement, 1, 1, &err));
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(a_statement_stays_at_its_end_and_starts_again_after_a_reset)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a)");
    drift_statement *insert = prepare(w.connection, "INSERT INTO t VALUES (1)");
    ck_assert(!step(insert));
    ck_assert(!step(insert));
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM t"), 1);
    drift_statement_reset(insert);
    ck_assert(!step(insert));
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM t"), 2);
    drift_statement_free(insert);
    world_close(&w);
}
END_TEST

START_TEST(a_statement_that_has_failed_must_be_reset)
{
    drift_error err = {0}, again = {0};
    bool row = false;
    world w = world_open(WORLD_MEMORY);
    world_exec(w.connection, "CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES (1)");
    drift_statement *insert = prepare(w.connection, "INSERT INTO t VALUES (1)");
    ck_assert_drift_fails(drift_statement_step(&row, insert, &err), DRIFT_CONSTRAINT);
    ck_assert_str_eq(err.text, "UNIQUE constraint failed: t.a");
    ck_assert_int_eq(drift_statement_step(&row, insert, &again), DRIFT_MISUSE);
    world_exec(w.connection, "DELETE FROM t");
    drift_statement_reset(insert);
    ck_assert(!step(insert));
    drift_statement_free(insert);
    world_close(&w);
}
END_TEST

START_TEST(binds_stay_over_a_reset_and_are_gone_from_the_cache)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    drift_statement *statement = prepare(w.connection, "SELECT ?");
    ck_assert_drift(drift_statement_bind_int64(statement, 1, 5, &err));
    ck_assert_drift(drift_statement_run(statement, &err));
    ck_assert(step(statement));
    ck_assert_int_eq(drift_column_int64(statement, 0), 5);
    drift_statement_free(statement);
    statement = prepare(w.connection, "SELECT ?");
    ck_assert(step(statement));
    ck_assert_int_eq(drift_column_value(statement, 0).kind, DRIFT_NULL);
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(a_statement_in_use_is_not_shared)
{
    world w = world_open(WORLD_MEMORY);
    static const char sql[] = "SELECT 1 UNION ALL SELECT 2";
    drift_statement *first = prepare(w.connection, sql), *second = prepare(w.connection, sql);
    ck_assert_ptr_ne(first, second);
    ck_assert(step(first));
    ck_assert(step(first));
    ck_assert(step(second));
    ck_assert_int_eq(drift_column_int64(first, 0), 2);
    ck_assert_int_eq(drift_column_int64(second, 0), 1);
    drift_statement_free(first);
    ck_assert_ptr_eq(prepare(w.connection, sql), first);
    world_close(&w);
}
END_TEST

static int statement_count(drift_connection *connection)
{
    int count = 0;
    sqlite3 *handle = drift_connection_handle(connection);
    for (sqlite3_stmt *at = sqlite3_next_stmt(handle, NULL); at; at = sqlite3_next_stmt(handle, at)) count++;
    return count;
}

START_TEST(the_cache_is_bounded_and_keeps_what_was_used_last)
{
    char sql[32];
    world w = world_open(WORLD_MEMORY);
    drift_statement *kept = prepare(w.connection, "SELECT 'kept'");
    drift_statement_free(kept);
    for (int i = 0; i < 1000; i++) {
        sqlite3_snprintf(sizeof sql, sql, "SELECT %d", i);
        drift_statement_free(prepare(w.connection, sql));
        drift_statement *again = prepare(w.connection, "SELECT 'kept'");
        ck_assert_ptr_eq(again, kept);
        drift_statement_free(again);
    }
    ck_assert_int_eq(statement_count(w.connection), 64);
    world_close(&w);
}
END_TEST

START_TEST(a_cached_statement_sees_a_changed_schema)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    drift_statement_free(prepare(w.connection, "SELECT * FROM t"));
    world_exec(w.connection, "ALTER TABLE t ADD COLUMN b DEFAULT 2");
    drift_statement *statement = prepare(w.connection, "SELECT * FROM t");
    ck_assert(step(statement));
    ck_assert_int_eq(drift_column_count(statement), 2);
    ck_assert_str_eq(drift_column_name(statement, 1), "b");
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

START_TEST(a_cached_statement_holds_no_lock)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    drift_statement *statement = prepare(w.connection, "SELECT * FROM t");
    ck_assert(step(statement));
    drift_statement_free(statement);
    world_exec(w.connection, "DROP TABLE t");
    world_close(&w);
}
END_TEST

START_TEST(a_text_without_a_statement_is_no_sql)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift_fails(drift_statement_prepare(&statement, w.connection, " -- nothing\n;", &err), DRIFT_SYNTAX);
    ck_assert_ptr_null(statement);
    drift_statement_free(NULL);
    world_close(&w);
}
END_TEST

START_TEST(a_second_statement_is_refused_with_its_place)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift_fails(drift_statement_prepare(&statement, w.connection, "SELECT 1; -- one\n  SELECT 2", &err),
                          DRIFT_MISUSE);
    ck_assert_int_eq(err.line, 2);
    ck_assert_int_eq(err.column, 3);
    ck_assert_ptr_null(statement);
    drift_statement *alone = prepare(w.connection, "SELECT 1; -- and no more\n ;; /* at all */");
    drift_statement_free(alone);
    world_close(&w);
}
END_TEST

START_TEST(an_error_in_a_statement_has_its_place)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift_fails(drift_statement_prepare(&statement, w.connection, "SELECT '\xc3\xa4',\n nope", &err),
                          DRIFT_SQL);
    ck_assert_str_eq(err.text, "no such column: nope");
    ck_assert_int_eq(err.line, 2);
    ck_assert_int_eq(err.column, 2);
    ck_assert_uint_eq(err.offset, 14);
    world_close(&w);
}
END_TEST

typedef struct sum {
    int64_t total;
    int rows;
    int stop_at;
} sum;

static int add_up(drift_statement *row, void *payload, drift_error *err)
{
    sum *s = payload;
    (void)err;
    s->total += drift_column_int64(row, 0);
    return ++s->rows == s->stop_at ? DRIFT_INTERRUPTED : DRIFT_OK;
}

START_TEST(a_query_hands_every_row_to_its_callback)
{
    drift_error err = {0};
    sum s = {0};
    world w = world_open(_i);
    const drift_value binds[] = {DRIFT_BIND_INT64(10), DRIFT_BIND_INT64(20)};
    ck_assert_drift(
        drift_query(w.connection, "SELECT ?1 UNION ALL SELECT ?2 UNION ALL SELECT 3", binds, 2, add_up, &s, &err));
    ck_assert_int_eq(s.total, 33);
    ck_assert_int_eq(s.rows, 3);
    ck_assert_drift(drift_query(w.connection, "SELECT 1", NULL, 0, NULL, NULL, &err));
    world_close(&w);
}
END_TEST

START_TEST(a_callback_ends_a_query_with_its_status)
{
    drift_error err = {0};
    sum s = {.stop_at = 2};
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift_fails(
        drift_query(w.connection, "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3", NULL, 0, add_up, &s, &err),
        DRIFT_INTERRUPTED);
    ck_assert_int_eq(s.rows, 2);
    world_close(&w);
}
END_TEST

START_TEST(a_query_wants_as_many_values_as_parameters)
{
    drift_error err = {0}, more = {0};
    world w = world_open(WORLD_MEMORY);
    const drift_value binds[] = {DRIFT_BIND_INT64(1), DRIFT_BIND_INT64(2)};
    ck_assert_drift_fails(drift_query(w.connection, "SELECT ?, ?", binds, 1, NULL, NULL, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, "expected 2 values for the statement's parameters, found 1");
    ck_assert_int_eq(drift_query(w.connection, "SELECT ?", binds, 2, NULL, NULL, &more), DRIFT_MISUSE);
    world_close(&w);
}
END_TEST

START_TEST(an_integer_that_is_asked_for_must_be_there)
{
    drift_error err = {0}, wrong = {0};
    int64_t value = 7;
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift_fails(drift_query_int64(&value, w.connection, "SELECT 1 WHERE 0", NULL, 0, &err), DRIFT_NOT_FOUND);
    ck_assert_int_eq(drift_query_int64(&value, w.connection, "SELEC 1", NULL, 0, &wrong), DRIFT_SYNTAX);
    ck_assert_int_eq(value, 7);
    world_close(&w);
}
END_TEST

TCase *statement_case(void)
{
    TCase *tcase = suite_case("statement");
    tcase_add_loop_test(tcase, every_kind_of_value_survives_the_way_in_and_out, 0, WORLDS);
    tcase_add_test(tcase, empty_text_and_empty_blob_are_no_null);
    tcase_add_test(tcase, typed_readers_convert_as_sqlite_does);
    tcase_add_test(tcase, a_column_that_is_not_there_is_null);
    tcase_add_test(tcase, nan_becomes_null);
    tcase_add_test(tcase, a_parameter_that_is_not_there_is_misuse);
    tcase_add_test(tcase, a_running_statement_takes_no_values);
    tcase_add_loop_test(tcase, a_statement_stays_at_its_end_and_starts_again_after_a_reset, 0, WORLDS);
    tcase_add_test(tcase, a_statement_that_has_failed_must_be_reset);
    tcase_add_test(tcase, binds_stay_over_a_reset_and_are_gone_from_the_cache);
    tcase_add_test(tcase, a_statement_in_use_is_not_shared);
    tcase_add_loop_test(tcase, a_cached_statement_sees_a_changed_schema, 0, WORLDS);
    tcase_add_loop_test(tcase, a_cached_statement_holds_no_lock, 0, WORLDS);
    tcase_add_test(tcase, a_text_without_a_statement_is_no_sql);
    tcase_add_test(tcase, a_second_statement_is_refused_with_its_place);
    tcase_add_test(tcase, an_error_in_a_statement_has_its_place);
    tcase_add_loop_test(tcase, a_query_hands_every_row_to_its_callback, 0, WORLDS);
    tcase_add_test(tcase, a_callback_ends_a_query_with_its_status);
    tcase_add_test(tcase, a_query_wants_as_many_values_as_parameters);
    tcase_add_test(tcase, an_integer_that_is_asked_for_must_be_there);
    if (!world_is_direct()) return tcase; /* what follows looks at SQLite's handle */
    tcase_add_test(tcase, a_value_that_is_larger_than_the_limit_is_told);
    tcase_add_test(tcase, the_cache_is_bounded_and_keeps_what_was_used_last);
    return tcase;
}
