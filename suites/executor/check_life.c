/* check_life.c — executors from their opening to their end. */
#include <sched.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

/* --- opening --- */

static int fail_to_open(drift_connection **out, void *payload, drift_error *err)
{
    (void)out;
    atomic_fetch_add((atomic_int *)payload, 1);
    return drift_connection_open(out, "/nowhere/at/all.db", NULL, err);
}

START_TEST(an_opening_that_fails_is_told_once_to_each_and_tried_once)
{
    drift_error first = {0}, second = {0}, later = {0}, err = {0};
    drift_executor *executor = NULL;
    drift_client *client = NULL, *delayed = NULL;
    atomic_int openings = 0;
    ck_assert_drift(drift_executor_spawn(&executor, fail_to_open, &openings, NULL, &err));
    ck_assert_drift(drift_executor_connect(&delayed, executor, 0, &err));
    ck_assert_int_eq(drift_executor_connect(&client, executor, -1, &first), DRIFT_NOT_FOUND);
    ck_assert_ptr_null(client);
    ck_assert_ptr_nonnull(strstr(first.text, "cannot open /nowhere/at/all.db"));
    ck_assert_int_eq(drift_exec(drift_client_connection(delayed), "SELECT 1", &second), DRIFT_NOT_FOUND);
    ck_assert_str_eq(second.text, first.text);
    ck_assert_int_eq(drift_exec(drift_client_connection(delayed), "SELECT 1", &later), DRIFT_NOT_FOUND);
    ck_assert_int_eq(openings, 1);
    drift_client_free(delayed);
    drift_executor_free(executor);
}
END_TEST

START_TEST(a_delayed_executor_opens_at_the_first_statement_once_for_all)
{
    office o = {0};
    drift_error err = {0};
    drift_client *a = NULL, *b = NULL;
    office_open(&o, "CREATE TABLE t (a)", &(drift_executor_options){.delayed = true});
    ck_assert_drift(drift_executor_connect(&a, o.executor, 0, &err));
    ck_assert_drift(drift_executor_connect(&b, o.executor, 0, &err));
    ck_assert_int_eq(o.openings, 0);
    office_exec(b, "INSERT INTO t VALUES (1)");
    ck_assert_int_eq(office_int64(a, "SELECT count(*) FROM t"), 1);
    ck_assert_int_eq(o.openings, 1);
    drift_client_free(a);
    drift_client_free(b);
    office_close(&o);
}
END_TEST

START_TEST(connecting_waits_no_longer_than_it_is_told)
{
    drift_error err = {0};
    drift_executor *executor = NULL;
    drift_client *client = NULL;
    office o = {.schema = ""};
    ck_assert_drift(drift_executor_new(&executor, office_connect, &o, NULL, &err)); /* has no worker */
    ck_assert_drift_fails(drift_executor_connect(&client, executor, 5, &err), DRIFT_BUSY);
    drift_executor_free(executor);
}
END_TEST

static int open_nothing(drift_connection **out, void *payload, drift_error *err)
{
    (void)out, (void)payload, (void)err;
    return DRIFT_OK;
}

static int open_inside(drift_connection **out, void *payload, drift_error *err)
{
    (void)payload;
    const int rc = drift_connection_memory(out, NULL, err);
    return rc == DRIFT_OK ? drift_exec(*out, "BEGIN", err) : rc;
}

START_TEST(an_opening_function_must_give_a_connection_that_can_be_used)
{
    static const drift_executor_open_fn functions[] = {open_nothing, open_inside};
    for (size_t i = 0; i < 2; i++) {
        drift_error err = {0}, told = {0};
        drift_executor *executor = NULL;
        drift_client *client = NULL;
        ck_assert_drift(drift_executor_spawn(&executor, functions[i], NULL, NULL, &err));
        ck_assert_int_eq(drift_executor_connect(&client, executor, -1, &told), DRIFT_MISUSE);
        ck_assert_ptr_nonnull(strstr(told.text, "from the executor's opening function"));
        drift_executor_free(executor);
    }
}
END_TEST

START_TEST(an_executor_wants_an_opening_function_and_times_that_are_none)
{
    drift_error none = {0}, lease = {0};
    drift_executor *executor = NULL;
    ck_assert_int_eq(drift_executor_spawn(&executor, NULL, NULL, NULL, &none), DRIFT_MISUSE);
    ck_assert_int_eq(
        drift_executor_spawn(&executor, open_nothing, NULL, &(drift_executor_options){.lease_ms = -1}, &lease),
        DRIFT_MISUSE);
    ck_assert_ptr_null(executor);
}
END_TEST

static int use_itself(drift_connection **out, void *payload, drift_error *err)
{
    drift_client *client = *(drift_client **)payload;
    drift_error inner = {0};
    ck_assert_int_eq(drift_exec(drift_client_connection(client), "SELECT 1", &inner), DRIFT_MISUSE);
    ck_assert_int_eq(drift_client_close(client, NULL), DRIFT_MISUSE);
    ck_assert_int_eq(drift_executor_shutdown(drift_client_executor(client), 0, NULL), DRIFT_MISUSE);
    return drift_connection_memory(out, NULL, err);
}

START_TEST(the_worker_does_not_wait_for_itself)
{
    drift_error err = {0};
    drift_executor *executor = NULL;
    drift_client *client = NULL;
    ck_assert_drift(
        drift_executor_spawn(&executor, use_itself, &client, &(drift_executor_options){.delayed = true}, &err));
    ck_assert_drift(drift_executor_connect(&client, executor, 0, &err));
    ck_assert_drift(drift_exec(drift_client_connection(client), "SELECT 1", &err));
    drift_client_free(client);
    drift_executor_free(executor);
}
END_TEST

/* --- a worker of one's own --- */

typedef struct current {
    office *o;
    drift_executor *executor;
    int status;
} current;

static void run_current(void *payload)
{
    current *c = payload;
    c->status = drift_executor_run_current(c->executor, NULL);
}

START_TEST(a_thread_can_become_the_worker)
{
    drift_error err = {0};
    office o = {.schema = "CREATE TABLE t (a)"};
    current c = {&o, NULL, 1};
    worker_thread thread;
    drift_client *client = NULL;
    ck_assert_drift(drift_executor_new(&c.executor, office_connect, &o, NULL, &err));
    ck_assert_drift(drift_executor_connect(&client, c.executor, 0, &err));
    office_start(&thread, run_current, &c);
    office_exec(client, "INSERT INTO t VALUES (1)");
    ck_assert_drift_fails(drift_executor_run_current(c.executor, &err), DRIFT_MISUSE);
    ck_assert_int_eq(drift_executor_shutdown(c.executor, 0, NULL), DRIFT_OK);
    office_join(&thread);
    ck_assert_int_eq(c.status, DRIFT_OK);
    ck_assert_int_eq(drift_executor_run_current(c.executor, NULL), DRIFT_CLOSED);
    drift_client_free(client);
    drift_executor_free(c.executor);
}
END_TEST

/* --- the end --- */

static void never_called(const drift_rows *rows, const drift_error *failure, void *payload)
{
    (void)rows, (void)failure, (void)payload;
    abort();
}

static void assert_closed(drift_client *client)
{
    drift_connection *connection = drift_client_connection(client);
    drift_statement *statement = NULL;
    drift_watch *watch = NULL;
    drift_error err = {0}, other = {0};
    ck_assert_drift_fails(drift_exec(connection, "SELECT 1", &err), DRIFT_CLOSED);
    ck_assert_str_eq(err.text, "the call was refused: the client or its executor is closed");
    ck_assert_int_eq(drift_statement_prepare(&statement, connection, "SELECT 2", &other), DRIFT_CLOSED);
    ck_assert_int_eq(drift_watch_query(&watch, client, "SELECT 1", NULL, 0, 0, never_called, NULL, NULL), DRIFT_CLOSED);
    ck_assert_int_eq(drift_notify(client, NULL, 0, NULL), DRIFT_CLOSED);
    ck_assert_int_eq(drift_submit(NULL, client, "SELECT 1", NULL, 0, NULL, NULL, NULL), DRIFT_CLOSED);
    ck_assert(!drift_in_transaction(connection));
    ck_assert_ptr_null(statement);
    ck_assert_ptr_null(watch);
}

START_TEST(a_client_that_is_used_after_its_end_is_told)
{
    drift_error err = {0};
    office o = {0};
    bool row = true;
    drift_statement *statement = NULL;
    office_open(&o, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    ck_assert_drift(drift_statement_prepare(&statement, drift_client_connection(client), "SELECT a FROM t", &err));
    ck_assert_drift(drift_client_close(client, &err));
    ck_assert_drift(drift_client_close(client, &err));
    assert_closed(client);
    ck_assert_int_eq(drift_statement_step(&row, statement, NULL), DRIFT_CLOSED);
    drift_statement_free(statement);
    ck_assert_int_eq(office_int64(other, "SELECT a FROM t"), 1);
    drift_connection_close(drift_client_connection(client)); /* once more does nothing */
    drift_client_free(client);
    drift_client_free(other);
    office_close(&o);
}
END_TEST

START_TEST(a_shutdown_ends_all_clients)
{
    drift_error err = {0};
    drift_client *late = NULL;
    office o = {0};
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *a = office_client(&o), *b = office_client(&o);
    office_exec(a, "BEGIN; INSERT INTO t VALUES (1)");
    ck_assert_drift(drift_executor_shutdown(o.executor, 0, &err));
    ck_assert_drift(drift_executor_shutdown(o.executor, 0, &err));
    assert_closed(a);
    assert_closed(b);
    ck_assert_drift_fails(drift_executor_connect(&late, o.executor, -1, &err), DRIFT_CLOSED);
    drift_client_free(a);
    drift_client_free(b);
    office_close(&o);
}
END_TEST

typedef struct shutter {
    drift_executor *executor;
    int grace_ms;
} shutter;

static void shut(void *payload)
{
    const shutter *s = payload;
    drift_executor_shutdown(s->executor, s->grace_ms, NULL);
}

/* Whether the executor refuses new work already. */
static bool refuses(drift_client *client)
{
    drift_client *other = NULL;
    const int rc = drift_executor_connect(&other, drift_client_executor(client), 0, NULL);
    drift_client_free(other);
    return rc == DRIFT_CLOSED;
}

START_TEST(within_the_grace_a_transaction_may_end)
{
    office o = {0};
    worker_thread thread;
    office_open_file(&o, "CREATE TABLE t (a)", NULL);
    drift_client *owner = office_client(&o), *other = office_client(&o);
    office_exec(owner, "BEGIN; INSERT INTO t VALUES (1)");
    shutter s = {o.executor, -1};
    office_start(&thread, shut, &s);
    while (!refuses(owner)) sched_yield();
    assert_closed(other);
    office_exec(owner, "INSERT INTO t VALUES (2)");
    office_exec(owner, "COMMIT");
    office_join(&thread);
    assert_closed(owner);
    drift_client_free(other);
    drift_client_free(owner);
    drift_executor_free(o.executor);
    drift_error err = {0};
    drift_connection *direct = NULL;
    int64_t rows = 0;
    ck_assert_drift(drift_connection_open(&direct, o.path, NULL, &err));
    ck_assert_drift(drift_query_int64(&rows, direct, "SELECT count(*) FROM t", NULL, 0, &err));
    ck_assert_int_eq(rows, 2);
    drift_connection_close(direct);
    o.executor = NULL;
    office_close(&o);
}
END_TEST

typedef struct endless {
    drift_client *client;
    int status;
} endless;

static void run_endless(void *payload)
{
    endless *e = payload;
    drift_error err = {0};
    e->status = drift_query(drift_client_connection(e->client),
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
                            NULL, 0, NULL, NULL, &err);
}

START_TEST(a_shutdown_and_a_close_interrupt_a_read_that_runs)
{
    for (int closes = 0; closes < 2; closes++) {
        office o = {0};
        worker_thread thread;
        office_open(&o, "", NULL);
        endless e = {office_client(&o), 1};
        office_start(&thread, run_endless, &e);
        if (closes)
            ck_assert_int_eq(drift_client_close(e.client, NULL), DRIFT_OK);
        else
            ck_assert_int_eq(drift_executor_shutdown(o.executor, 5, NULL), DRIFT_OK);
        office_join(&thread);
        ck_assert(e.status == DRIFT_INTERRUPTED || e.status == DRIFT_CLOSED);
        drift_client_free(e.client);
        office_close(&o);
    }
}
END_TEST

START_TEST(an_executor_lives_as_long_as_its_clients)
{
    office o = {0};
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *client = office_client(&o);
    drift_client *again = drift_client_retain(client);
    drift_executor *handle = drift_executor_retain(o.executor);
    drift_executor_free(o.executor);
    drift_executor_free(handle);
    drift_client_free(client);
    office_exec(again, "INSERT INTO t VALUES (1)");
    drift_client_free(again);
    drift_client_free(NULL);
    drift_executor_free(NULL);
}
END_TEST

START_TEST(connects_and_closes_leave_nothing_behind)
{
    const int count = office_scaled(10000);
    office o = {0};
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *client = office_client(&o);
    office_exec(client, "SELECT count(*) FROM t");
    drift_client_free(client);
    client = office_client(&o);
    office_exec(client, "SELECT 0"); /* what the last client left is gone now */
    const int64_t before = sqlite3_memory_used();
    drift_client_free(client);
    for (int i = 0; i < count; i++) {
        client = office_client(&o);
        ck_assert_int_eq(office_int64(client, "SELECT count(*) FROM t"), 0);
        drift_client_free(client);
    }
    client = office_client(&o);
    office_exec(client, "SELECT 0");
    const int64_t after = sqlite3_memory_used();
    printf("%d connects and closes: %lld bytes more\n", count, (long long)(after - before));
    ck_assert_int_lt(after - before, 4096); /* the statement that SQLite's side keeps in its cache */
    drift_client_free(client);
    office_close(&o);
}
END_TEST

TCase *life_case(void)
{
    TCase *tcase = suite_case("life");
    tcase_add_test(tcase, an_opening_that_fails_is_told_once_to_each_and_tried_once);
    tcase_add_test(tcase, a_delayed_executor_opens_at_the_first_statement_once_for_all);
    tcase_add_test(tcase, connecting_waits_no_longer_than_it_is_told);
    tcase_add_test(tcase, an_opening_function_must_give_a_connection_that_can_be_used);
    tcase_add_test(tcase, an_executor_wants_an_opening_function_and_times_that_are_none);
    tcase_add_test(tcase, the_worker_does_not_wait_for_itself);
    tcase_add_test(tcase, a_thread_can_become_the_worker);
    tcase_add_test(tcase, a_client_that_is_used_after_its_end_is_told);
    tcase_add_test(tcase, a_shutdown_ends_all_clients);
    tcase_add_test(tcase, within_the_grace_a_transaction_may_end);
    tcase_add_test(tcase, a_shutdown_and_a_close_interrupt_a_read_that_runs);
    tcase_add_test(tcase, an_executor_lives_as_long_as_its_clients);
    tcase_add_test(tcase, connects_and_closes_leave_nothing_behind);
    return tcase;
}
