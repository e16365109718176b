/* check_client.c — a client beside others: cursors, rowids, interrupts, errors. */
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

#define MANY                                      \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a);" \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO t SELECT i, i FROM n"

static drift_statement *prepare(drift_client *client, const char *sql)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    ck_assert_drift(drift_statement_prepare(&statement, drift_client_connection(client), sql, &err));
    return statement;
}

static bool step(drift_statement *statement)
{
    drift_error err = {0};
    bool row = false;
    ck_assert_drift(drift_statement_step(&row, statement, &err));
    return row;
}

START_TEST(a_client_is_a_connection_without_a_handle)
{
    office o = {0};
    office_open(&o, MANY, NULL);
    drift_client *client = office_client(&o);
    drift_connection *direct = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_connection_memory(&direct, NULL, &err));
    ck_assert_ptr_null(drift_connection_handle(drift_client_connection(client)));
    ck_assert_ptr_eq(drift_connection_client(drift_client_connection(client)), client);
    ck_assert_ptr_null(drift_connection_client(direct));
    ck_assert_ptr_eq(drift_client_executor(client), o.executor);
    ck_assert_drift_fails(drift_connection_progress(drift_client_connection(client), 1, NULL, NULL, &err),
                          DRIFT_UNSUPPORTED);
    drift_connection_close(direct);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_result_of_many_blocks_comes_whole_and_in_order)
{
    office o = {0};
    office_open(&o, MANY, NULL);
    drift_client *client = office_client(&o);
    drift_statement *statement = prepare(client, "SELECT a FROM t ORDER BY id");
    for (int round = 0; round < 2; round++) {
        for (int64_t i = 1; i <= 1000; i++) {
            ck_assert(step(statement));
            ck_assert_int_eq(drift_column_int64(statement, 0), i);
        }
        ck_assert(!step(statement));
        ck_assert(!step(statement));
        drift_statement_reset(statement);
    }
    drift_statement_free(statement);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_cursor_shows_what_was_there_when_it_began)
{
    office o = {0};
    office_open(&o, MANY, NULL);
    drift_client *reader = office_client(&o), *writer = office_client(&o);
    drift_statement *statement = prepare(reader, "SELECT a FROM t ORDER BY id");
    ck_assert(step(statement));
    office_exec(writer, "UPDATE t SET a = -1");
    office_exec(writer, "DROP TABLE t"); /* SQLite refuses to drop a table that a cursor reads */
    int64_t sum = drift_column_int64(statement, 0);
    while (step(statement)) sum += drift_column_int64(statement, 0);
    ck_assert_int_eq(sum, 500500);
    drift_statement_free(statement);
    drift_client_free(writer);
    drift_client_free(reader);
    office_close(&o);
}
END_TEST

START_TEST(a_cursor_that_is_left_holds_no_lock)
{
    office o = {0};
    office_open_file(&o, MANY, NULL);
    drift_client *reader = office_client(&o), *writer = office_client(&o);
    drift_statement *statement = prepare(reader, "SELECT a FROM t ORDER BY id");
    ck_assert(step(statement));
    drift_statement_reset(statement);
    ck_assert(step(statement));
    drift_statement_free(statement);
    office_exec(writer, "DROP TABLE t; VACUUM");
    drift_client_free(writer);
    drift_client_free(reader);
    office_close(&o);
}
END_TEST

START_TEST(a_writing_statement_is_run_to_its_end_by_its_first_step)
{
    office o = {0};
    office_open(&o, MANY, NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    drift_statement *statement = prepare(client, "DELETE FROM t RETURNING id");
    ck_assert(step(statement));
    ck_assert_int_eq(office_int64(other, "SELECT count(*) FROM t"), 0);
    int rows = 1;
    while (step(statement)) rows++;
    ck_assert_int_eq(rows, 1000);
    drift_statement_free(statement);
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(an_error_behind_rows_comes_behind_them)
{
    drift_error err = {0};
    office o = {0};
    bool row = true;
    office_open(&o, "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (-9223372036854775807 - 1)", NULL);
    drift_client *client = office_client(&o);
    drift_statement *statement = prepare(client, "SELECT abs(a) FROM t");
    ck_assert(step(statement) && step(statement));
    ck_assert_int_eq(drift_column_int64(statement, 0), 2);
    ck_assert_drift_fails(drift_statement_step(&row, statement, &err), DRIFT_SQL);
    ck_assert_str_eq(err.text, "integer overflow");
    ck_assert(!row);
    drift_error again = {0};
    ck_assert_int_eq(drift_statement_step(&row, statement, &again), DRIFT_MISUSE);
    drift_statement_free(statement);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(each_client_has_its_own_rowid_and_changes)
{
    office o = {0};
    office_open(&o, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)", NULL);
    drift_client *a = office_client(&o), *b = office_client(&o);
    office_exec(a, "INSERT INTO t VALUES (10, 1), (11, 2)");
    office_exec(b, "INSERT INTO t VALUES (20, 1)");
    ck_assert_int_eq(drift_last_insert_rowid(drift_client_connection(a)), 11);
    ck_assert_int_eq(drift_last_insert_rowid(drift_client_connection(b)), 20);
    ck_assert_int_eq(office_int64(a, "SELECT last_insert_rowid()"), 11);
    ck_assert_int_eq(drift_changes(drift_client_connection(a)), 2);
    ck_assert_int_eq(drift_changes(drift_client_connection(b)), 1);
    office_exec(a, "UPDATE t SET a = 0 WHERE id > 100");
    ck_assert_int_eq(drift_changes(drift_client_connection(a)), 0);
    drift_client_free(b);
    drift_client_free(a);
    office_close(&o);
}
END_TEST

START_TEST(numbers_and_texts_convert_as_in_sqlite)
{
    drift_error err = {0};
    drift_connection *direct = NULL;
    drift_statement *there = NULL;
    size_t length = 0;
    static const char sql[] =
        "SELECT '12.5abc', x'3939', 1e300, -1e300, 0.1, 7, NULL, 'abc', '1e3', 9223372036854775807";
    office o = {0};
    office_open(&o, "", NULL);
    drift_client *client = office_client(&o);
    drift_statement *here = prepare(client, sql);
    ck_assert_drift(drift_connection_memory(&direct, NULL, &err));
    ck_assert_drift(drift_statement_prepare(&there, direct, sql, &err));
    ck_assert(step(here) && step(there));
    for (int i = 0; i < drift_column_count(there); i++) {
        ck_assert_int_eq(drift_column_int64(here, i), drift_column_int64(there, i));
        ck_assert_double_eq(drift_column_double(here, i), drift_column_double(there, i));
        const char *text = drift_column_text(here, i, &length), *same = drift_column_text(there, i, NULL);
        ck_assert_pstr_eq(text, same);
        ck_assert_uint_eq(length, text ? strlen(text) : 0);
    }
    drift_statement_free(here);
    drift_connection_close(direct);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_statement_that_is_used_again_follows_a_changed_schema)
{
    office o = {0};
    office_open(&o, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    drift_statement_free(prepare(client, "SELECT * FROM t"));
    office_exec(other, "ALTER TABLE t ADD COLUMN b DEFAULT 2");
    drift_statement *statement = prepare(client, "SELECT * FROM t");
    ck_assert(step(statement));
    ck_assert_int_eq(drift_column_count(statement), 2);
    ck_assert_str_eq(drift_column_name(statement, 1), "b");
    ck_assert_int_eq(drift_column_int64(statement, 1), 2);
    drift_statement_free(statement);
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_client_gives_back_more_statements_than_it_keeps)
{
    char sql[32];
    office o = {0};
    office_open(&o, "", NULL);
    drift_client *client = office_client(&o);
    drift_statement *kept[40];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 40; i++) {
            snprintf(sql, sizeof sql, "SELECT %d", i);
            kept[i] = prepare(client, sql);
            ck_assert(step(kept[i]));
        }
        for (int i = 0; i < 40; i++) {
            ck_assert_int_eq(drift_column_int64(kept[i], 0), i);
            drift_statement_free(kept[i]);
        }
    }
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(errors_keep_their_place_and_the_first_one_stands)
{
    office o = {0};
    office_open(&o, "CREATE TABLE t (a CHECK (a > 0))", NULL);
    drift_client *client = office_client(&o);
    drift_connection *connection = drift_client_connection(client);
    drift_error place = {0}, binds = {0}, first = {.code = DRIFT_IO, .text = "first"};
    ck_assert_int_eq(drift_exec(connection, "SELECT 1;\nSELECT b FROM t", &place), DRIFT_SQL);
    ck_assert_int_eq(place.line, 2);
    ck_assert_int_eq(drift_query(connection, "SELECT ?1 + ?2", NULL, 0, NULL, NULL, &binds), DRIFT_MISUSE);
    ck_assert_str_eq(binds.text, "expected 2 values for the statement's parameters, found 0");
    ck_assert_int_eq(drift_exec(connection, "INSERT INTO t VALUES (0)", &first), DRIFT_CONSTRAINT);
    ck_assert_str_eq(first.text, "first");
    ck_assert_int_eq(drift_exec(connection, "INSERT INTO t VALUES (0)", NULL), DRIFT_CONSTRAINT);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- interrupts --- */

#define ENDLESS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

typedef struct endless {
    drift_client *client;
    atomic_int status; /* 1: not done */
} endless;

static void run_endless(void *payload)
{
    endless *e = payload;
    e->status = drift_exec(drift_client_connection(e->client), ENDLESS, NULL);
}

START_TEST(an_interrupt_ends_what_runs_and_nothing_of_others)
{
    office o = {0};
    worker_thread thread;
    office_open(&o, MANY, NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    drift_statement *cursor = prepare(other, "SELECT a FROM t ORDER BY id");
    ck_assert(step(cursor)); /* open, in the same connection of SQLite */
    endless e = {client, 1};
    office_start(&thread, run_endless, &e);
    while (e.status == 1) {
        drift_connection_interrupt(drift_client_connection(client));
        sched_yield();
    }
    office_join(&thread);
    ck_assert_int_eq(e.status, DRIFT_INTERRUPTED);
    int rows = 1;
    while (step(cursor)) rows++;
    ck_assert_int_eq(rows, 1000);
    drift_statement_free(cursor);
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

static void run_write(void *payload)
{
    endless *e = payload;
    e->status = drift_exec(drift_client_connection(e->client), "DELETE FROM t", NULL);
}

START_TEST(an_interrupt_ends_waiting_for_anothers_transaction)
{
    office o = {0};
    worker_thread thread;
    office_open(&o, MANY, NULL);
    drift_client *client = office_client(&o), *owner = office_client(&o);
    office_exec(owner, "BEGIN");
    endless e = {client, 1};
    office_start(&thread, run_write, &e);
    office_wait_queued(&o, 1);
    drift_connection_interrupt(drift_client_connection(client));
    office_join(&thread);
    ck_assert_int_eq(e.status, DRIFT_INTERRUPTED);
    office_exec(owner, "COMMIT");
    ck_assert_int_eq(office_int64(owner, "SELECT count(*) FROM t"), 1000);
    drift_client_free(owner);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

TCase *client_case(void)
{
    TCase *tcase = suite_case("client");
    tcase_add_test(tcase, a_client_is_a_connection_without_a_handle);
    tcase_add_test(tcase, a_result_of_many_blocks_comes_whole_and_in_order);
    tcase_add_test(tcase, a_cursor_shows_what_was_there_when_it_began);
    tcase_add_test(tcase, a_cursor_that_is_left_holds_no_lock);
    tcase_add_test(tcase, a_writing_statement_is_run_to_its_end_by_its_first_step);
    tcase_add_test(tcase, an_error_behind_rows_comes_behind_them);
    tcase_add_test(tcase, each_client_has_its_own_rowid_and_changes);
    tcase_add_test(tcase, numbers_and_texts_convert_as_in_sqlite);
    tcase_add_test(tcase, a_statement_that_is_used_again_follows_a_changed_schema);
    tcase_add_test(tcase, a_client_gives_back_more_statements_than_it_keeps);
    tcase_add_test(tcase, errors_keep_their_place_and_the_first_one_stands);
    tcase_add_test(tcase, an_interrupt_ends_what_runs_and_nothing_of_others);
    tcase_add_test(tcase, an_interrupt_ends_waiting_for_anothers_transaction);
    return tcase;
}
