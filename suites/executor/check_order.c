/* check_order.c — odd orders: ends that meet, ends in the middle of something, what nobody ends. No test may hang: each
 * has the case's timeout as its bound. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

/* --- an opening that takes its time --- */

typedef struct slow_opening {
    gate begun, door;
    atomic_int openings;
} slow_opening;

static int open_slowly(drift_connection **out, void *payload, drift_error *err)
{
    slow_opening *s = payload;
    atomic_fetch_add(&s->openings, 1);
    gate_pass(&s->begun);
    gate_wait(&s->door, 1);
    return drift_connection_memory(out, NULL, err);
}

typedef struct caller {
    drift_client *client;
    drift_executor *executor;
    int status;
    gate *done;
} caller;

static void call(void *payload)
{
    caller *c = payload;
    c->status = drift_exec(drift_client_connection(c->client), "SELECT 1", NULL);
    drift_client_free(c->client);
}

static void close_client(void *payload)
{
    caller *c = payload;
    c->status = drift_client_close(c->client, NULL);
}

static void shut_down(void *payload)
{
    caller *c = payload;
    c->status = drift_executor_shutdown(c->executor, -1, NULL);
    if (c->done) gate_pass(c->done);
}

static void count_completion(const drift_result *result, void *payload)
{
    atomic_int *counts = payload;
    atomic_fetch_add(&counts[result->completion], 1);
}

static void opening_begins(drift_executor **executor, slow_opening *s)
{
    drift_error err = {0};
    ck_assert_drift(drift_executor_spawn(executor, open_slowly, s, NULL, &err));
    gate_wait(&s->begun, 1);
}

START_TEST(a_client_may_be_closed_while_the_database_is_opened)
{
    slow_opening s = {.begun = GATE_INIT, .door = GATE_INIT};
    drift_executor *executor = NULL;
    drift_error err = {0};
    atomic_int completions[4] = {0};
    worker_thread thread;
    caller c = {.status = 1};
    opening_begins(&executor, &s);
    ck_assert_drift(drift_executor_connect(&c.client, executor, 0, &err));
    ck_assert_drift(drift_submit(NULL, c.client, "SELECT 1", NULL, 0, count_completion, completions, &err));
    office_start(&thread, close_client, &c);
    gate_pass(&s.door);
    office_join(&thread);
    ck_assert_int_eq(c.status, DRIFT_OK);
    drift_client_free(c.client);
    ck_assert_drift(drift_executor_shutdown(executor, 0, &err));
    ck_assert_int_eq(completions[DRIFT_COMPLETION_CLOSED] + completions[DRIFT_COMPLETION_DONE], 1);
    ck_assert_int_eq(s.openings, 1);
    drift_executor_free(executor);
}
END_TEST

START_TEST(a_shutdown_during_the_opening_refuses_who_waits_for_it)
{
    enum { CALLERS = 4 };
    slow_opening s = {.begun = GATE_INIT, .door = GATE_INIT};
    drift_executor *executor = NULL;
    drift_error err = {0};
    worker_thread threads[CALLERS], end;
    caller callers[CALLERS], shutter = {.status = 1};
    opening_begins(&executor, &s);
    shutter.executor = executor;
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.status = 1};
        ck_assert_drift(drift_executor_connect(&callers[i].client, executor, 0, &err));
        office_start(&threads[i], call, &callers[i]);
    }
    office_start(&end, shut_down, &shutter);
    gate_pass(&s.door);
    office_join(&end);
    ck_assert_int_eq(shutter.status, DRIFT_OK);
    for (int i = 0; i < CALLERS; i++) {
        office_join(&threads[i]);
        ck_assert(callers[i].status == DRIFT_OK || callers[i].status == DRIFT_CLOSED);
    }
    drift_executor_free(executor);
}
END_TEST

START_TEST(an_executor_that_is_given_up_serves_the_delayed_connections_that_wait)
{
    enum { CALLERS = 4 };
    slow_opening s = {.begun = GATE_INIT, .door = GATE_INIT};
    drift_executor *executor = NULL;
    drift_error err = {0};
    worker_thread threads[CALLERS];
    caller callers[CALLERS];
    ck_assert_drift(drift_executor_spawn(&executor, open_slowly, &s, &(drift_executor_options){.delayed = true}, &err));
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.status = 1};
        ck_assert_drift(drift_executor_connect(&callers[i].client, executor, 0, &err));
    }
    for (int i = 0; i < CALLERS; i++) office_start(&threads[i], call, &callers[i]);
    gate_wait(&s.begun, 1);
    drift_executor_free(executor);
    gate_pass(&s.door);
    for (int i = 0; i < CALLERS; i++) {
        office_join(&threads[i]);
        ck_assert_int_eq(callers[i].status, DRIFT_OK);
    }
    ck_assert_int_eq(s.openings, 1);
}
END_TEST

/* --- ends that meet --- */

static bool refuses(drift_executor *executor)
{
    drift_client *other = NULL;
    const int rc = drift_executor_connect(&other, executor, 0, NULL);
    drift_client_free(other);
    return rc == DRIFT_CLOSED;
}

START_TEST(two_shutdowns_end_though_one_waits_for_the_others_transaction)
{
    office o = {0};
    worker_thread thread;
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *owner = office_client(&o);
    caller c = {.executor = o.executor, .status = 1};
    office_exec(owner, "BEGIN; INSERT INTO t VALUES (1)");
    office_start(&thread, shut_down, &c); /* waits for the transaction, as long as it takes */
    while (!refuses(o.executor)) sched_yield();
    ck_assert_int_eq(drift_executor_shutdown(o.executor, -1, NULL), DRIFT_OK);
    office_join(&thread);
    ck_assert_int_eq(c.status, DRIFT_OK);
    ck_assert_int_eq(office_try(owner, "COMMIT"), DRIFT_CLOSED);
    drift_client_free(owner);
    office_close(&o);
}
END_TEST

START_TEST(closes_and_shutdowns_of_many_threads_meet)
{
    enum { THREADS = 6 };
    const int rounds = office_scaled(2500);
    for (int round = 0; round < rounds; round++) {
        office o = {0};
        worker_thread threads[THREADS];
        caller callers[THREADS];
        office_open(&o, "CREATE TABLE t (a)", NULL);
        drift_client *client = office_client(&o);
        if (round % 2) office_exec(client, "BEGIN");
        for (int i = 0; i < THREADS; i++) {
            callers[i] = (caller){.client = client, .executor = o.executor, .status = 1};
            office_start(&threads[i], i % 2 ? close_client : shut_down, &callers[i]);
        }
        for (int i = 0; i < THREADS; i++) {
            office_join(&threads[i]);
            ck_assert_int_eq(callers[i].status, DRIFT_OK);
        }
        drift_client_free(client);
        office_close(&o);
    }
}
END_TEST

/* --- callbacks --- */

typedef struct busy_watch {
    drift_client *client;
    atomic_int told;
    drift_watch *other; /* NULL: nothing is ended */
} busy_watch;

static void write_and_end(const drift_rows *rows, const drift_error *failure, void *payload)
{
    busy_watch *b = payload;
    (void)rows, (void)failure;
    atomic_fetch_add(&b->told, 1);
    drift_exec(drift_client_connection(b->client), "INSERT INTO t VALUES (1)", NULL);
    if (b->other) drift_unwatch(b->other);
    b->other = NULL;
}

START_TEST(a_shutdown_amid_callbacks_that_write_ends_them)
{
    enum { WATCHES = 4 };
    const int rounds = office_scaled(2500);
    int after = 0;
    for (int round = 0; round < rounds; round++) {
        static const char *const queries[] = {"SELECT count(*) FROM t", "SELECT max(a) FROM t"};
        office o = {0};
        drift_error err = {0};
        drift_watch *watches[WATCHES];
        busy_watch states[WATCHES];
        office_open(&o, "CREATE TABLE t (a)", NULL);
        drift_client *client = office_client(&o);
        for (int i = 0; i < WATCHES; i++) {
            states[i] = (busy_watch){.client = client};
            ck_assert_drift(
                drift_watch_query(&watches[i], client, queries[i % 2], NULL, 0, 0, write_and_end, &states[i], &err));
        }
        while (states[round % WATCHES].told < 2) sched_yield();
        ck_assert_drift(drift_executor_shutdown(o.executor, round % 3 - 1, &err));
        int told[WATCHES];
        for (int i = 0; i < WATCHES; i++) told[i] = states[i].told;
        sched_yield();
        for (int i = 0; i < WATCHES; i++) {
            after += states[i].told - told[i];
            drift_unwatch(watches[i]);
        }
        drift_client_free(client);
        office_close(&o);
    }
    printf("%d shutdowns amid callbacks: %d callbacks afterwards\n", rounds, after);
    ck_assert_int_eq(after, 0);
}
END_TEST

START_TEST(a_callback_may_end_other_watches_also_of_its_own_query)
{
    const int rounds = office_scaled(10000);
    office o = {0};
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *client = office_client(&o);
    for (int round = 0; round < rounds; round++) {
        static const char *const queries[] = {"SELECT count(*) FROM t", "SELECT max(a) FROM t"};
        drift_error err = {0};
        drift_watch *ended = NULL, *ending = NULL;
        busy_watch first = {.client = client}, second = {.client = client};
        ck_assert_drift(drift_watch_query(&ended, client, queries[0], NULL, 0, 0, write_and_end, &first, &err));
        second.other = ended;
        ck_assert_drift(
            drift_watch_query(&ending, client, queries[round % 2], NULL, 0, 0, write_and_end, &second, &err));
        while (second.told < 2) sched_yield();
        drift_unwatch(ending);
        const int told = first.told;
        office_exec(client, "DELETE FROM t");
        ck_assert_int_eq(first.told, told);
    }
    drift_client_free(client);
    office_close(&o);
}
END_TEST

static void begin_and_return(const drift_result *result, void *payload)
{
    caller *c = payload;
    (void)result;
    c->status = drift_exec(drift_client_connection(c->client), "BEGIN; INSERT INTO t VALUES (1)", NULL);
    gate_pass(c->done);
}

START_TEST(a_transaction_that_a_callback_leaves_open_is_rolled_back)
{
    office o = {0};
    drift_error err = {0};
    gate done = GATE_INIT;
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    caller c = {.client = client, .status = 1, .done = &done};
    ck_assert_drift(drift_submit(NULL, client, "SELECT 1", NULL, 0, begin_and_return, &c, &err));
    gate_wait(&done, 1);
    ck_assert_int_eq(c.status, DRIFT_OK);
    ck_assert_int_eq(office_int64(other, "SELECT count(*) FROM t"), 0); /* would wait for ever */
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- cancelling --- */

static void cancel(void *payload)
{
    drift_request_cancel(payload);
}

START_TEST(a_request_that_is_cancelled_while_it_completes_is_told_once_and_truly)
{
    const int rounds = office_scaled(20000);
    office o = {0};
    atomic_int completions[4] = {0};
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *client = office_client(&o);
    for (int round = 0; round < rounds; round++) {
        drift_error err = {0};
        drift_request *request = NULL;
        worker_thread thread;
        ck_assert_drift(
            drift_submit(&request, client, "INSERT INTO t VALUES (1)", NULL, 0, count_completion, completions, &err));
        office_start(&thread, cancel, request);
        if (round % 2) office_exec(client, "SELECT 1");
        office_join(&thread);
        drift_request_cancel(request);
        drift_request_free(request);
    }
    const int64_t rows = office_int64(client, "SELECT count(*) FROM t");
    drift_client_free(client);
    ck_assert_int_eq(drift_executor_shutdown(o.executor, 0, NULL), DRIFT_OK);
    printf("%d requests cancelled: %d done, %d cancelled\n", rounds, completions[DRIFT_COMPLETION_DONE],
           completions[DRIFT_COMPLETION_CANCELLED]);
    ck_assert_int_eq(completions[DRIFT_COMPLETION_DONE] + completions[DRIFT_COMPLETION_CANCELLED], rounds);
    ck_assert_int_eq(rows, completions[DRIFT_COMPLETION_DONE]);
    office_close(&o);
}
END_TEST

/* --- handles --- */

static void read_until_closed(void *payload)
{
    caller *c = payload;
    drift_connection *connection = drift_client_connection(c->client);
    int64_t value = 0;
    do {
        c->status = drift_query_int64(&value, connection, "SELECT count(*) FROM t", NULL, 0, NULL);
    } while (c->status == DRIFT_OK);
    drift_client_free(c->client);
}

START_TEST(a_client_is_closed_and_freed_by_one_thread_while_others_use_it)
{
    enum { THREADS = 3 };
    const int rounds = office_scaled(5000);
    office o = {0};
    office_open(&o, "CREATE TABLE t (a)", NULL);
    for (int round = 0; round < rounds; round++) {
        worker_thread threads[THREADS];
        caller callers[THREADS];
        drift_client *client = office_client(&o);
        for (int i = 0; i < THREADS; i++) {
            callers[i] = (caller){.client = drift_client_retain(client), .status = 1};
            office_start(&threads[i], read_until_closed, &callers[i]);
        }
        if (round % 2) office_exec(client, "SELECT 1");
        ck_assert_int_eq(drift_client_close(client, NULL), DRIFT_OK);
        drift_client_free(client);
        for (int i = 0; i < THREADS; i++) {
            office_join(&threads[i]);
            ck_assert(callers[i].status == DRIFT_CLOSED || callers[i].status == DRIFT_INTERRUPTED);
        }
    }
    office_close(&o);
}
END_TEST

/* --- fork --- */

typedef struct family {
    office o;
    drift_client *client;
    drift_statement *statement;
    drift_watch *watch;
    drift_request *request;
    drift_registry *registry;
    drift_batch *batch;
    atomic_bool stop;
} family;

static void keep_busy(void *payload)
{
    family *f = payload;
    while (!f->stop) office_exec(f->client, "INSERT INTO t VALUES (1); DELETE FROM t");
}

static void hear(const drift_rows *rows, const drift_error *failure, void *payload)
{
    (void)rows, (void)failure, (void)payload;
}

/* The number of the call that did not give MISUSE is the child's exit status. No assertion: Check's are the parent's.
 * No allocation: another thread may have held SQLite's allocator's lock. */
static int use_in_child(family *f)
{
    drift_connection *connection = drift_client_connection(f->client);
    drift_client *client = NULL;
    drift_executor *executor = NULL;
    drift_watch *watch = NULL;
    drift_statement *statement = NULL;
    bool row = false;
    if (drift_exec(connection, "SELECT 1", NULL) != DRIFT_MISUSE) return 1;
    if (drift_executor_connect(&client, f->o.executor, -1, NULL) != DRIFT_MISUSE || client) return 2;
    if (drift_statement_prepare(&statement, connection, "SELECT 2", NULL) != DRIFT_MISUSE || statement) return 3;
    if (drift_statement_step(&row, f->statement, NULL) != DRIFT_MISUSE) return 4;
    if (drift_watch_query(&watch, f->client, "SELECT 1", NULL, 0, 0, hear, NULL, NULL) != DRIFT_MISUSE) return 5;
    if (drift_submit(NULL, f->client, "SELECT 1", NULL, 0, NULL, NULL, NULL) != DRIFT_MISUSE) return 6;
    if (drift_registry_get_or_spawn(&executor, f->registry, "b", open_slowly, NULL, NULL, NULL) != DRIFT_MISUSE)
        return 7;
    if (drift_submit_batch(NULL, f->client, f->batch, NULL, NULL, NULL) != DRIFT_MISUSE) return 8;
    if (drift_batch_run(f->batch, connection, NULL) != DRIFT_MISUSE) return 9;
    if (drift_notify(f->client, NULL, 0, NULL) != DRIFT_MISUSE) return 10;
    if (drift_in_transaction(connection) || drift_changes(connection) || drift_last_insert_rowid(connection)) return 11;
    if (drift_executor_run_current(f->o.executor, NULL) != DRIFT_MISUSE) return 12;
    if (drift_registry_get(&executor, f->registry, "office", NULL) != DRIFT_MISUSE) return 13;
    if (drift_registry_put(f->registry, "office", f->o.executor, NULL) != DRIFT_MISUSE) return 14;
    if (drift_client_close(f->client, NULL) != DRIFT_MISUSE) return 15;
    if (drift_executor_shutdown(f->o.executor, -1, NULL) != DRIFT_MISUSE) return 16;
    drift_connection_interrupt(connection);
    drift_watch_pause(f->watch);
    drift_watch_resume(f->watch);
    drift_unwatch(f->watch);
    drift_request_cancel(f->request);
    drift_request_free(f->request);
    drift_statement_free(f->statement);
    drift_client_free(drift_client_retain(f->client));
    drift_executor_free(drift_executor_retain(f->o.executor));
    drift_registry_remove(f->registry, "office");
    drift_registry_free(f->registry);
    return 0;
}

START_TEST(a_forked_child_is_refused_and_the_parent_goes_on)
{
    enum { CHILDREN = 20 };
    family f = {0};
    drift_error err = {0};
    worker_thread busy;
    office_open(&f.o, "CREATE TABLE t (a)", NULL);
    f.client = office_client(&f.o);
    ck_assert_drift(drift_registry_new(&f.registry, &err));
    ck_assert_drift(drift_registry_put(f.registry, "office", f.o.executor, &err));
    ck_assert_drift(drift_statement_prepare(&f.statement, drift_client_connection(f.client), "SELECT 3", &err));
    ck_assert_drift(drift_watch_query(&f.watch, f.client, "SELECT count(*) FROM t", NULL, 0, 0, hear, NULL, &err));
    ck_assert_drift(drift_submit(&f.request, f.client, "SELECT 1", NULL, 0, NULL, NULL, &err));
    ck_assert_drift(drift_batch_new(&f.batch, &err));
    office_start(&busy, keep_busy, &f);
    for (int i = 0; i < CHILDREN; i++) {
        int status = -1;
        const pid_t child = fork();
        if (child == 0) {
            signal(SIGALRM, SIG_DFL);
            alarm(60); /* a child that waits for ever dies of it */
            _exit(use_in_child(&f));
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_eq(status, 0);
    }
    f.stop = true;
    office_join(&busy);
    ck_assert_int_eq(office_int64(f.client, "SELECT count(*) FROM t"), 0);
    drift_unwatch(f.watch);
    drift_request_free(f.request);
    drift_statement_free(f.statement);
    drift_batch_free(f.batch);
    drift_registry_free(f.registry);
    drift_client_free(f.client);
    office_close(&f.o);
}
END_TEST

TCase *order_case(void)
{
    TCase *tcase = suite_case("order");
    tcase_add_test(tcase, a_client_may_be_closed_while_the_database_is_opened);
    tcase_add_test(tcase, a_shutdown_during_the_opening_refuses_who_waits_for_it);
    tcase_add_test(tcase, an_executor_that_is_given_up_serves_the_delayed_connections_that_wait);
    tcase_add_test(tcase, two_shutdowns_end_though_one_waits_for_the_others_transaction);
    tcase_add_test(tcase, closes_and_shutdowns_of_many_threads_meet);
    tcase_add_test(tcase, a_shutdown_amid_callbacks_that_write_ends_them);
    tcase_add_test(tcase, a_callback_may_end_other_watches_also_of_its_own_query);
    tcase_add_test(tcase, a_transaction_that_a_callback_leaves_open_is_rolled_back);
    tcase_add_test(tcase, a_request_that_is_cancelled_while_it_completes_is_told_once_and_truly);
    tcase_add_test(tcase, a_client_is_closed_and_freed_by_one_thread_while_others_use_it);
    tcase_add_test(tcase, a_forked_child_is_refused_and_the_parent_goes_on);
    return tcase;
}
