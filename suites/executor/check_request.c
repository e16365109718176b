/* check_request.c — requests that nobody waits for are completed exactly once. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

#define TABLE   "CREATE TABLE t (a UNIQUE)"
#define ENDLESS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

/* What callbacks have told; they come one at a time. */
typedef struct told {
    gate gate;
    drift_completion completion;
    int status;
    int64_t changes, rowid;
    const drift_rows *rows;
    int each[4]; /* by completion */
} told;

static void tell(const drift_result *result, void *payload)
{
    told *t = payload;
    t->completion = result->completion;
    t->status = result->error ? result->error->code : DRIFT_OK;
    t->changes = result->changes;
    t->rowid = result->last_insert_rowid;
    drift_rows_free(t->rows);
    t->rows = drift_rows_retain(result->rows);
    t->each[result->completion]++;
    gate_pass(&t->gate);
}

static void submit(drift_client *client, const char *sql, told *t)
{
    drift_error err = {0};
    ck_assert_drift(drift_submit(NULL, client, sql, NULL, 0, tell, t, &err));
}

START_TEST(a_request_brings_rows_and_counts)
{
    drift_error err = {0};
    office o = {0};
    told t = {.gate = GATE_INIT};
    char text[] = "copied";
    const drift_value binds[] = {DRIFT_BIND_TEXT(text, 6)};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    ck_assert_drift(drift_submit(NULL, client, "INSERT INTO t VALUES (?)", binds, 1, tell, &t, &err));
    memset(text, 'x', 6);
    gate_wait(&t.gate, 1);
    ck_assert_int_eq(t.completion, DRIFT_COMPLETION_DONE);
    ck_assert_int_eq(t.changes, 1);
    ck_assert_int_eq(t.rowid, 1);
    submit(client, "SELECT a AS x, rowid FROM t", &t);
    gate_wait(&t.gate, 2);
    ck_assert_uint_eq(drift_rows_count(t.rows), 1);
    ck_assert_int_eq(drift_rows_column_count(t.rows), 2);
    ck_assert_str_eq(drift_rows_column_name(t.rows, 0), "x");
    ck_assert_ptr_null(drift_rows_column_name(t.rows, 2));
    ck_assert_str_eq(drift_rows_value(t.rows, 0, 0).bytes, "copied");
    ck_assert_int_eq(drift_rows_value(t.rows, 0, 1).integer, 1);
    ck_assert_int_eq(drift_rows_value(t.rows, 1, 0).kind, DRIFT_NULL);
    drift_rows_free(t.rows);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(what_is_wrong_with_a_statement_is_told_to_its_callback)
{
    static const struct {
        const char *sql;
        int status;
    } wrong[] = {{"SELEC 1", DRIFT_SYNTAX},
                 {"SELECT ?", DRIFT_MISUSE},
                 {"INSERT INTO t VALUES (1)", DRIFT_CONSTRAINT},
                 {"BEGIN", DRIFT_MISUSE},
                 {"SELECT 1; SELECT 2", DRIFT_MISUSE}};
    office o = {0};
    told t = {.gate = GATE_INIT};
    office_open(&o, TABLE "; INSERT INTO t VALUES (1)", NULL);
    drift_client *client = office_client(&o);
    for (int i = 0; i < 5; i++) {
        submit(client, wrong[i].sql, &t);
        gate_wait(&t.gate, i + 1);
        ck_assert_int_eq(t.completion, DRIFT_COMPLETION_FAILED);
        ck_assert_int_eq(t.status, wrong[i].status);
        ck_assert_ptr_null(t.rows);
    }
    office_exec(client, "INSERT INTO t VALUES (2)"); /* nothing was left open */
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_batch_is_copied_and_all_or_none)
{
    drift_error err = {0};
    drift_batch *batch = NULL;
    office o = {0};
    told t = {.gate = GATE_INIT};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    ck_assert_drift(drift_batch_new(&batch, &err));
    for (int64_t i = 0; i < 3; i++)
        ck_assert_drift(drift_batch_add(batch, "INSERT INTO t VALUES (?)", &(drift_value)DRIFT_BIND_INT64(i), 1, &err));
    ck_assert_drift(drift_submit_batch(NULL, client, batch, tell, &t, &err));
    ck_assert_drift(drift_submit_batch(NULL, client, batch, tell, &t, &err));
    drift_batch_free(batch);
    gate_wait(&t.gate, 2);
    ck_assert_int_eq(t.each[DRIFT_COMPLETION_DONE], 1);
    ck_assert_int_eq(t.each[DRIFT_COMPLETION_FAILED], 1);
    ck_assert_int_eq(office_int64(client, "SELECT count(*) FROM t"), 3);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(what_waits_is_cancelled_and_what_reads_is_interrupted)
{
    drift_error err = {0};
    drift_request *reading = NULL, *waiting = NULL, *done = NULL;
    office o = {0};
    told t = {.gate = GATE_INIT};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    ck_assert_drift(drift_submit(&reading, client, ENDLESS, NULL, 0, tell, &t, &err));
    ck_assert_drift(drift_submit(&waiting, client, "INSERT INTO t VALUES (1)", NULL, 0, tell, &t, &err));
    drift_request_cancel(waiting);
    drift_request_cancel(reading);
    gate_wait(&t.gate, 2);
    ck_assert_int_eq(t.each[DRIFT_COMPLETION_CANCELLED], 2);
    ck_assert_drift(drift_submit(&done, client, "INSERT INTO t VALUES (2)", NULL, 0, tell, &t, &err));
    gate_wait(&t.gate, 3);
    drift_request_cancel(done);
    drift_request_cancel(done);
    ck_assert_int_eq(t.completion, DRIFT_COMPLETION_DONE);
    ck_assert_int_eq(office_int64(client, "SELECT sum(a) FROM t"), 2);
    drift_rows_free(t.rows);
    drift_request_free(reading);
    drift_request_free(waiting);
    drift_request_free(done);
    drift_request_free(NULL);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_request_waits_for_the_transaction_of_its_own_thread)
{
    office o = {0};
    told t = {.gate = GATE_INIT};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    office_exec(client, "BEGIN; INSERT INTO t VALUES (1)");
    submit(client, "INSERT INTO t VALUES (2)", &t);
    office_exec(client, "ROLLBACK");
    gate_wait(&t.gate, 1);
    ck_assert_int_eq(t.completion, DRIFT_COMPLETION_DONE);
    ck_assert_int_eq(office_int64(client, "SELECT a FROM t"), 2);
    drift_rows_free(t.rows);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(closing_completes_what_is_queued_as_closed)
{
    for (int all = 0; all < 2; all++) {
        office o = {0};
        told t = {.gate = GATE_INIT};
        office_open(&o, TABLE, NULL);
        drift_client *client = office_client(&o);
        submit(client, ENDLESS, &t);
        for (int i = 0; i < 10; i++) submit(client, "INSERT INTO t VALUES (1)", &t);
        if (all)
            ck_assert_int_eq(drift_executor_shutdown(o.executor, 0, NULL), DRIFT_OK);
        else
            ck_assert_int_eq(drift_client_close(client, NULL), DRIFT_OK);
        gate_wait(&t.gate, 11);
        ck_assert_int_eq(t.each[DRIFT_COMPLETION_CLOSED], 11);
        ck_assert_int_eq(t.status, DRIFT_CLOSED);
        drift_client_free(client);
        office_close(&o);
        ck_assert_int_eq(gate_count(&t.gate), 11);
    }
}
END_TEST

START_TEST(requests_of_an_executor_that_never_ran_are_closed_too)
{
    drift_error err = {0};
    drift_executor *executor = NULL;
    drift_client *client = NULL;
    told t = {.gate = GATE_INIT};
    office o = {.schema = ""};
    ck_assert_drift(drift_executor_new(&executor, office_connect, &o, NULL, &err));
    ck_assert_drift(drift_executor_connect(&client, executor, 0, &err));
    submit(client, "SELECT 1", &t);
    drift_client_free(client);
    drift_executor_free(executor);
    ck_assert_int_eq(gate_count(&t.gate), 1);
    ck_assert_int_eq(t.each[DRIFT_COMPLETION_CLOSED], 1);
}
END_TEST

/* --- callbacks --- */

typedef struct caller {
    drift_client *client;
    gate gate;
    int close, shutdown, exec;
    int64_t rows;
    bool frees;
} caller;

static void call_everything(const drift_result *result, void *payload)
{
    caller *c = payload;
    (void)result;
    drift_connection *connection = drift_client_connection(c->client);
    c->close = drift_client_close(c->client, NULL);
    c->shutdown = drift_executor_shutdown(drift_client_executor(c->client), 0, NULL);
    c->exec = drift_exec(connection, "INSERT INTO t VALUES ('called')", NULL);
    drift_query_int64(&c->rows, connection, "SELECT count(*) FROM t", NULL, 0, NULL);
    if (c->frees) drift_client_free(c->client);
    gate_pass(&c->gate);
}

START_TEST(a_callback_may_call_everything_but_the_end)
{
    drift_error err = {0};
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    caller c = {.client = client, .gate = GATE_INIT};
    ck_assert_drift(drift_submit(NULL, client, "SELECT 1", NULL, 0, call_everything, &c, &err));
    gate_wait(&c.gate, 1);
    ck_assert_int_eq(c.close, DRIFT_MISUSE);
    ck_assert_int_eq(c.shutdown, DRIFT_MISUSE);
    ck_assert_int_eq(c.exec, DRIFT_OK);
    ck_assert_int_eq(c.rows, 1);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_callback_may_give_up_a_client)
{
    drift_error err = {0};
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    caller c = {.client = client, .gate = GATE_INIT, .frees = true};
    ck_assert_drift(drift_submit(NULL, client, "SELECT 1", NULL, 0, call_everything, &c, &err));
    gate_wait(&c.gate, 1);
    office_close(&o);
}
END_TEST

static void submit_and_go(void *payload)
{
    caller *c = payload;
    office_exec(c->client, "BEGIN; COMMIT");
    ck_assert_int_eq(drift_submit(NULL, c->client, "SELECT 1", NULL, 0, call_everything, c, NULL), DRIFT_OK);
}

/* The dispatch thread cannot wait for its own end: the threads end by themselves. What is left is freed with the last
 * thread that has used a client. */
START_TEST(a_callback_may_give_up_the_last_client_of_all)
{
    office o = {0};
    worker_thread thread;
    office_open(&o, TABLE, NULL);
    caller c = {.client = office_client(&o), .gate = GATE_INIT, .frees = true};
    drift_executor_free(o.executor);
    office_start(&thread, submit_and_go, &c);
    office_join(&thread);
    gate_wait(&c.gate, 1);
    while (sqlite3_memory_used() > 0) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}
END_TEST

START_TEST(there_are_as_many_callbacks_as_submissions)
{
    const int count = office_scaled(100000);
    drift_error err = {0};
    office o = {0};
    told t = {.gate = GATE_INIT};
    drift_request *request = NULL;
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *client = office_client(&o);
    for (int i = 0; i < count; i++) {
        const char *sql = i % 3 == 0 ? "INSERT INTO t VALUES (1)" : i % 3 == 1 ? "SELECT count(*) FROM t" : "SELEC";
        ck_assert_drift(drift_submit(&request, client, sql, NULL, 0, tell, &t, &err));
        if (i % 7 == 0) drift_request_cancel(request);
        drift_request_free(request);
    }
    office_exec(client, "SELECT 1");
    ck_assert_int_eq(drift_executor_shutdown(o.executor, 0, NULL), DRIFT_OK);
    printf("%d submissions: %d done, %d failed, %d cancelled, %d closed\n", count, t.each[0], t.each[1], t.each[2],
           t.each[3]);
    ck_assert_int_eq(t.each[0] + t.each[1] + t.each[2] + t.each[3], count);
    drift_rows_free(t.rows);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

TCase *request_case(void)
{
    TCase *tcase = suite_case("request");
    tcase_add_test(tcase, a_request_brings_rows_and_counts);
    tcase_add_test(tcase, what_is_wrong_with_a_statement_is_told_to_its_callback);
    tcase_add_test(tcase, a_batch_is_copied_and_all_or_none);
    tcase_add_test(tcase, what_waits_is_cancelled_and_what_reads_is_interrupted);
    tcase_add_test(tcase, a_request_waits_for_the_transaction_of_its_own_thread);
    tcase_add_test(tcase, closing_completes_what_is_queued_as_closed);
    tcase_add_test(tcase, requests_of_an_executor_that_never_ran_are_closed_too);
    tcase_add_test(tcase, a_callback_may_call_everything_but_the_end);
    tcase_add_test(tcase, a_callback_may_give_up_a_client);
    tcase_add_test(tcase, a_callback_may_give_up_the_last_client_of_all);
    tcase_add_test(tcase, there_are_as_many_callbacks_as_submissions);
    return tcase;
}
