/* check_memory.c — every allocation fails in turn, on whatever thread it is: nothing leaks, nobody hangs, and what a
 * call returns is DRIFT_OK, NO_MEMORY or TRANSACTION. (A set of tables without memory becomes that of all tables, so
 * that not every failed allocation fails a call.) */
#include "support/memory.h"

#include <sqlite3.h>
#include <stdio.h>

#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

static int open_tables(drift_connection **out, void *payload, drift_error *err)
{
    (void)payload;
    int rc = drift_connection_memory(out, NULL, err);
    if (rc == DRIFT_OK)
        rc = drift_exec(*out, "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE VIEW v AS SELECT a FROM t", err);
    if (rc == DRIFT_OK) return DRIFT_OK;
    drift_connection_close(*out);
    *out = NULL;
    return rc;
}

/* "An out of memory error" may also make SQLite roll back (https://www.sqlite.org/lang_transaction.html). */
static bool is_expected(int rc)
{
    return rc == DRIFT_NO_MEMORY || rc == DRIFT_TRANSACTION;
}

static void ignore_rows(const drift_rows *rows, const drift_error *failure, void *payload)
{
    (void)payload;
    ck_assert(rows || is_expected(failure->code));
}

static void ignore_result(const drift_result *result, void *payload)
{
    (void)payload;
    ck_assert(!result->error || result->completion == DRIFT_COMPLETION_CLOSED || is_expected(result->error->code));
}

static int insert_two(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    const drift_value binds[] = {DRIFT_BIND_TEXT("text", 4)};
    int rc = drift_query(connection, "INSERT INTO t (a) VALUES (?)", binds, 1, NULL, NULL, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, "INSERT INTO t (a) VALUES (?)", binds, 1, NULL, NULL, err);
    return rc;
}

static int read_texts(drift_statement *row, void *payload, drift_error *err)
{
    (void)payload, (void)err;
    drift_column_text(row, 0, NULL);
    drift_column_double(row, 1);
    return DRIFT_OK;
}

static int use_client(drift_client *client, drift_error *err)
{
    drift_connection *connection = drift_client_connection(client);
    drift_batch *batch = NULL;
    drift_watch *watch = NULL;
    int rc = drift_watch_query(&watch, client, "SELECT count(*) FROM v", NULL, 0, DRIFT_WATCH_DISTINCT, ignore_rows,
                               NULL, err);
    if (rc == DRIFT_OK) rc = drift_transaction(connection, insert_two, NULL, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, "SELECT id, a FROM t", NULL, 0, read_texts, NULL, err);
    if (rc == DRIFT_OK) rc = drift_batch_new(&batch, err);
    if (rc == DRIFT_OK) rc = drift_batch_add(batch, "DELETE FROM t", NULL, 0, err);
    if (rc == DRIFT_OK) rc = drift_submit_batch(NULL, client, batch, ignore_result, NULL, err);
    if (rc == DRIFT_OK) rc = drift_submit(NULL, client, "SELECT a FROM t", NULL, 0, ignore_result, NULL, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "SAVEPOINT s; DELETE FROM t; ROLLBACK TO s; RELEASE s", err);
    drift_unwatch(watch);
    drift_batch_free(batch);
    return rc;
}

static int attempt(void)
{
    drift_error err = {0};
    drift_executor *executor = NULL;
    drift_client *client = NULL;
    int rc = drift_executor_spawn(&executor, open_tables, NULL, NULL, &err);
    if (rc == DRIFT_OK) rc = drift_executor_connect(&client, executor, -1, &err);
    if (rc == DRIFT_OK) rc = use_client(client, &err);
    drift_client_free(client);
    drift_executor_free(executor);
    return rc;
}

START_TEST(no_allocation_that_fails_leaks_hangs_or_is_told_wrongly)
{
    long nth = 1;
    for (bool failed = true; failed; nth++) {
        suite_memory_fail(nth, _i == 1);
        const int rc = attempt();
        failed = suite_memory_restore();
        ck_assert_msg(rc == DRIFT_OK || (failed && is_expected(rc)), "allocation %ld: %d", nth, rc);
        ck_assert_msg(sqlite3_memory_used() == 0, "allocation %ld: %lld bytes were not freed", nth,
                      (long long)sqlite3_memory_used());
    }
    printf("%ld allocations failed in turn\n", nth - 1);
    ck_assert_int_gt(nth, 100);
}
END_TEST

TCase *memory_case(void)
{
    TCase *tcase = suite_case("memory");
    tcase_add_loop_test(tcase, no_allocation_that_fails_leaks_hangs_or_is_told_wrongly, 0, 2);
    return tcase;
}
