/* check_busy.c — locks of others, waiting, interrupting. */
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "runtime/cases.h"
#include "runtime/world.h"
#include "support/suite.h"

static drift_connection *connect_waiting(const world *w, int timeout_ms)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(
        drift_connection_open(&connection, w->path, &(drift_connection_options){.busy_timeout_ms = timeout_ms}, &err));
    return connection;
}

static int write_one(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    return drift_exec(connection, "INSERT INTO t VALUES (1)", err);
}

static world open_locked(int kind)
{
    world w = world_open(kind);
    world_exec(w.connection, "CREATE TABLE t(a); BEGIN IMMEDIATE; INSERT INTO t VALUES (0)");
    return w;
}

START_TEST(a_lock_is_waited_for_no_longer_than_the_timeout)
{
    drift_error err = {0};
    world w = open_locked(_i);
    drift_connection *other = connect_waiting(&w, 150);
    const int64_t start = drift__clock_us();
    ck_assert_drift_fails(drift_transaction(other, write_one, NULL, &err), DRIFT_BUSY);
    const int64_t waited = drift__clock_us() - start;
    ck_assert_msg(waited >= 150000 && waited < 5000000, "waited %lld us", (long long)waited);
    ck_assert(err.hint[0] != '\0');
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

START_TEST(a_negative_timeout_does_not_wait)
{
    drift_error err = {0};
    world w = open_locked(_i);
    drift_connection *other = world_connect(&w);
    const int64_t start = drift__clock_us();
    ck_assert_drift_fails(drift_exec(other, "INSERT INTO t VALUES (1)", &err), DRIFT_BUSY);
    ck_assert_int_lt(drift__clock_us() - start, 2000000);
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static void *commit_later(void *payload)
{
    sleep_ms(100);
    return (void *)(intptr_t)drift_exec(payload, "COMMIT", NULL);
}

START_TEST(a_lock_that_is_given_up_is_taken)
{
    drift_error err = {0};
    pthread_t thread;
    void *status = NULL;
    world w = open_locked(_i);
    drift_connection *other = connect_waiting(&w, 10000);
    ck_assert_int_eq(pthread_create(&thread, NULL, commit_later, w.connection), 0);
    ck_assert_drift(drift_transaction(other, write_one, NULL, &err));
    ck_assert_int_eq(pthread_join(thread, &status), 0);
    ck_assert_ptr_null(status);
    ck_assert_int_eq(world_int64(other, "SELECT count(*) FROM t"), 2);
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

static void *interrupt_later(void *payload)
{
    sleep_ms(100);
    drift_connection_interrupt(payload);
    return NULL;
}

START_TEST(waiting_ends_when_it_is_interrupted)
{
    drift_error err = {0};
    pthread_t thread;
    world w = open_locked(_i);
    drift_connection *other = connect_waiting(&w, 60000);
    ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_later, other), 0);
    const int64_t start = drift__clock_us();
    ck_assert_drift_fails(drift_transaction(other, write_one, NULL, &err), DRIFT_INTERRUPTED);
    ck_assert_int_lt(drift__clock_us() - start, 10000000);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

START_TEST(a_single_statement_that_waits_is_interrupted_too)
{
    drift_error err = {0};
    pthread_t thread;
    world w = open_locked(_i);
    drift_connection *other = connect_waiting(&w, 60000);
    ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_later, other), 0);
    ck_assert_drift_fails(drift_exec(other, "INSERT INTO t VALUES (1)", &err), DRIFT_INTERRUPTED);
    ck_assert_str_eq(err.text, "waiting for a lock was interrupted: database is locked");
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

START_TEST(an_interrupt_while_nothing_runs_has_no_effect)
{
    world w = world_open(_i);
    drift_connection_interrupt(w.connection);
    ck_assert_int_eq(world_int64(w.connection, "SELECT 1"), 1);
    world_close(&w);
}
END_TEST

static const char endless[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n";

START_TEST(a_running_statement_ends_when_it_is_interrupted)
{
    drift_error err = {0};
    pthread_t thread;
    world w = world_open(_i);
    ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_later, w.connection), 0);
    ck_assert_drift_fails(drift_exec(w.connection, endless, &err), DRIFT_INTERRUPTED);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(world_int64(w.connection, "SELECT 1"), 1);
    world_close(&w);
}
END_TEST

/* Counts down; false at 0. */
static bool count_down(void *payload)
{
    int *left = payload;
    return --*left > 0;
}

START_TEST(progress_is_asked_and_can_stop_a_statement)
{
    drift_error err = {0};
    int left = 5;
    world w = world_open(_i);
    ck_assert_drift(drift_connection_progress(w.connection, 100, count_down, &left, &err));
    ck_assert_drift_fails(drift_exec(w.connection, endless, &err), DRIFT_INTERRUPTED);
    ck_assert_int_eq(left, 0);
    err = (drift_error){0};
    ck_assert_drift(drift_connection_progress(w.connection, 0, NULL, NULL, &err));
    world_exec(w.connection, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                             "SELECT sum(i) FROM n");
    ck_assert_drift_fails(drift_connection_progress(w.connection, 0, count_down, &left, &err), DRIFT_MISUSE);
    world_close(&w);
}
END_TEST

START_TEST(progress_is_asked_while_waiting)
{
    drift_error err = {0};
    int left = 3;
    world w = open_locked(_i);
    drift_connection *other = connect_waiting(&w, 60000);
    ck_assert_drift(drift_connection_progress(other, 1000000, count_down, &left, &err));
    ck_assert_drift_fails(drift_transaction(other, write_one, NULL, &err), DRIFT_INTERRUPTED);
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

static int write_much(drift_connection *connection, void *payload, drift_error *err)
{
    int left = 50;
    (void)payload;
    int rc = drift_exec(connection, "INSERT INTO t VALUES ('first')", err);
    if (rc == DRIFT_OK) rc = drift_connection_progress(connection, 100, count_down, &left, err);
    if (rc == DRIFT_OK)
        rc = drift_exec(connection,
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                        "INSERT INTO t SELECT i FROM n",
                        err);
    drift_connection_progress(connection, 0, NULL, NULL, NULL);
    return rc;
}

/* https://www.sqlite.org/c3ref/interrupt.html: "If the interrupted SQL operation is an INSERT, UPDATE, or DELETE that
 * is inside an explicit transaction, then the entire transaction will be rolled back automatically." */
START_TEST(an_interrupted_write_ends_its_transaction_and_says_so)
{
    drift_error err = {0};
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a)");
    ck_assert_drift_fails(drift_transaction(w.connection, write_much, NULL, &err), DRIFT_TRANSACTION);
    ck_assert_str_eq(err.text, "SQLite ended the transaction by itself: interrupted");
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM t"), 0);
    world_close(&w);
}
END_TEST

static void *end_read_later(void *payload)
{
    sleep_ms(100);
    drift_statement_reset(payload);
    return NULL;
}

static drift_statement *begin_reading(drift_connection *connection)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    bool row = false;
    ck_assert_drift(drift_statement_prepare(&statement, connection, "SELECT * FROM t", &err));
    ck_assert_drift(drift_statement_step(&row, statement, &err));
    ck_assert(row);
    return statement;
}

START_TEST(a_commit_waits_for_a_reader)
{
    drift_error err = {0};
    pthread_t thread;
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (0)");
    drift_connection *reader = world_connect(&w);
    drift_statement *reading = begin_reading(reader);
    ck_assert_int_eq(pthread_create(&thread, NULL, end_read_later, reading), 0);
    ck_assert_drift(drift_transaction(w.connection, write_one, NULL, &err));
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(world_int64(reader, "SELECT count(*) FROM t"), 2);
    drift_connection_close(reader);
    world_close(&w);
}
END_TEST

START_TEST(a_commit_that_stays_busy_is_rolled_back)
{
    drift_error err = {0};
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (0)");
    drift_connection *reader = world_connect(&w), *writer = connect_waiting(&w, 100);
    drift_statement *reading = begin_reading(reader);
    const int64_t start = drift__clock_us();
    ck_assert_drift_fails(drift_transaction(writer, write_one, NULL, &err), DRIFT_BUSY);
    ck_assert_int_lt(drift__clock_us() - start, 2000000);
    ck_assert(!drift_in_transaction(writer));
    drift_statement_free(reading);
    ck_assert_int_eq(world_int64(writer, "SELECT count(*) FROM t"), 1);
    drift_connection_close(reader);
    drift_connection_close(writer);
    world_close(&w);
}
END_TEST

START_TEST(an_adopted_handle_waits_as_its_owner_said)
{
    drift_error err = {0};
    sqlite3 *handle = NULL;
    drift_connection *other = NULL;
    world w = open_locked(_i);
    ck_assert_int_eq(sqlite3_open(w.path, &handle), SQLITE_OK);
    sqlite3_busy_timeout(handle, 50);
    ck_assert_drift(drift_connection_adopt(&other, handle, &err));
    const int64_t start = drift__clock_us();
    ck_assert_drift_fails(drift_transaction(other, write_one, NULL, &err), DRIFT_BUSY);
    ck_assert_int_ge(drift__clock_us() - start, 20000);
    drift_connection_close(other);
    ck_assert_int_eq(sqlite3_close(handle), SQLITE_OK);
    world_close(&w);
}
END_TEST

TCase *busy_case(void)
{
    TCase *tcase = suite_case("busy");
    tcase_add_loop_test(tcase, a_lock_is_waited_for_no_longer_than_the_timeout, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_negative_timeout_does_not_wait, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_lock_that_is_given_up_is_taken, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, waiting_ends_when_it_is_interrupted, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_single_statement_that_waits_is_interrupted_too, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, an_interrupt_while_nothing_runs_has_no_effect, 0, WORLDS);
    tcase_add_loop_test(tcase, a_running_statement_ends_when_it_is_interrupted, 0, WORLDS);
    tcase_add_loop_test(tcase, progress_is_asked_and_can_stop_a_statement, 0, WORLDS);
    tcase_add_loop_test(tcase, progress_is_asked_while_waiting, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, an_interrupted_write_ends_its_transaction_and_says_so, 0, WORLDS);
    tcase_add_test(tcase, a_commit_waits_for_a_reader);
    tcase_add_test(tcase, a_commit_that_stays_busy_is_rolled_back);
    tcase_add_loop_test(tcase, an_adopted_handle_waits_as_its_owner_said, WORLD_FIRST_ON_DISK, WORLDS);
    return tcase;
}
