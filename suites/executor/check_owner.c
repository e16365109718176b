/* check_owner.c — whose transaction it is, who waits, and what happens to one whose owner is gone. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "executor/cases.h"
#include "executor/office.h"
#include "runtime/connection.h"
#include "support/suite.h"

#define TABLE "CREATE TABLE t (a UNIQUE)"

/* --- waiting --- */

typedef struct writer {
    office *o;
    drift_client *client;
    int value;
    int status;
} writer;

static void insert_value(void *payload)
{
    writer *w = payload;
    char sql[64];
    snprintf(sql, sizeof sql, "INSERT INTO t (a) VALUES (%d)", w->value);
    w->status = drift_exec(drift_client_connection(w->client), sql, NULL);
}

START_TEST(others_wait_for_the_end_of_a_transaction_first_in_first_out)
{
    enum { WRITERS = 6 };
    office o = {0};
    worker_thread threads[WRITERS];
    writer writers[WRITERS];
    office_open(&o, TABLE, NULL);
    drift_client *owner = office_client(&o);
    office_exec(owner, "BEGIN; INSERT INTO t VALUES (100)");
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (writer){&o, office_client(&o), i, 1};
        office_start(&threads[i], insert_value, &writers[i]);
        office_wait_queued(&o, i + 1);
    }
    office_exec(owner, "INSERT INTO t VALUES (101)"); /* passes them */
    office_exec(owner, "COMMIT");
    for (int i = 0; i < WRITERS; i++) {
        office_join(&threads[i]);
        ck_assert_int_eq(writers[i].status, DRIFT_OK);
        drift_client_free(writers[i].client);
    }
    ck_assert_int_eq(office_int64(owner, "SELECT count(*) FROM t WHERE a = rowid - 3 AND rowid > 2"), WRITERS);
    drift_client_free(owner);
    office_close(&o);
}
END_TEST

START_TEST(nobody_sees_what_is_not_committed)
{
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *owner = office_client(&o), *other = office_client(&o);
    worker_thread thread;
    writer w = {&o, other, 1, 1};
    office_exec(owner, "BEGIN; INSERT INTO t VALUES (1)");
    office_start(&thread, insert_value, &w);
    office_wait_queued(&o, 1);
    office_exec(owner, "ROLLBACK");
    office_join(&thread);
    ck_assert_int_eq(w.status, DRIFT_OK); /* the UNIQUE value was rolled back before */
    drift_client_free(other);
    drift_client_free(owner);
    office_close(&o);
}
END_TEST

START_TEST(a_thread_that_would_wait_for_itself_is_told)
{
    drift_error err = {0};
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *owner = office_client(&o), *other = office_client(&o);
    office_exec(owner, "BEGIN");
    ck_assert_drift_fails(drift_exec(drift_client_connection(other), "SELECT 1", &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text,
                     "the statement would wait for ever: its thread has a transaction open on another client");
    office_exec(owner, "COMMIT");
    office_exec(other, "SELECT 1");
    drift_client_free(other);
    drift_client_free(owner);
    office_close(&o);
}
END_TEST

START_TEST(threads_of_one_client_have_their_own_transactions)
{
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    worker_thread thread;
    writer w = {&o, client, 1, 1};
    office_exec(client, "BEGIN; INSERT INTO t VALUES (2)");
    office_start(&thread, insert_value, &w);
    office_wait_queued(&o, 1);
    ck_assert(drift_in_transaction(drift_client_connection(client)));
    office_exec(client, "ROLLBACK");
    office_join(&thread);
    ck_assert_int_eq(w.status, DRIFT_OK);
    ck_assert_int_eq(office_int64(client, "SELECT a FROM t"), 1);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

typedef struct alone {
    office *o;
    writer other;
    worker_thread thread;
} alone;

static int work_alone(drift_connection *connection, void *payload, drift_error *err)
{
    alone *a = payload;
    int64_t rows = -1;
    ck_assert(!drift_in_transaction(connection));
    office_start(&a->thread, insert_value, &a->other);
    office_wait_queued(a->o, 1);
    int rc = drift_exec(connection, "PRAGMA foreign_keys = OFF; BEGIN; COMMIT", err);
    if (rc == DRIFT_OK) rc = drift_query_int64(&rows, connection, "SELECT count(*) FROM t", NULL, 0, err);
    ck_assert_int_eq(rows, 0);
    return rc;
}

START_TEST(exclusive_work_keeps_others_away_without_a_transaction)
{
    drift_error err = {0};
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o);
    alone a = {&o, {&o, office_client(&o), 7, 1}, {0}};
    ck_assert_drift(drift_exclusive(drift_client_connection(client), work_alone, &a, &err));
    office_join(&a.thread);
    ck_assert_int_eq(a.other.status, DRIFT_OK);
    ck_assert_int_eq(office_int64(client, "PRAGMA foreign_keys"), 0);
    drift_client_free(a.other.client);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- the owner goes --- */

START_TEST(a_client_that_is_closed_inside_its_transaction_is_rolled_back)
{
    drift_error err = {0};
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *owner = office_client(&o), *other = office_client(&o);
    office_exec(owner, "BEGIN; INSERT INTO t VALUES (1)");
    ck_assert_drift(drift_client_close(owner, &err));
    ck_assert_int_eq(office_int64(other, "SELECT count(*) FROM t"), 0);
    ck_assert(!drift_in_transaction(drift_client_connection(owner)));
    drift_client_free(owner);
    drift_client_free(other);
    office_close(&o);
}
END_TEST

static void begin_and_end(void *payload)
{
    writer *w = payload;
    w->status = drift_exec(drift_client_connection(w->client), "BEGIN; INSERT INTO t VALUES (1)", NULL);
}

START_TEST(a_thread_that_ends_inside_its_transaction_is_rolled_back)
{
    office o = {0};
    worker_thread thread;
    office_open(&o, TABLE, NULL);
    drift_client *owner = office_client(&o), *other = office_client(&o);
    writer w = {&o, owner, 1, 1};
    office_start(&thread, begin_and_end, &w);
    office_join(&thread);
    ck_assert_int_eq(w.status, DRIFT_OK);
    ck_assert_int_eq(office_int64(other, "SELECT count(*) FROM t"), 0);
    office_exec(owner, "INSERT INTO t VALUES (1)"); /* the client lives */
    drift_client_free(owner);
    drift_client_free(other);
    office_close(&o);
}
END_TEST

/* How far a client gets before it is gone. */
static const char *const steps[] = {
    "",
    "BEGIN",
    "BEGIN IMMEDIATE; INSERT INTO t VALUES (1)",
    "BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s",
    "BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s; INSERT INTO t VALUES (2)",
    "BEGIN; SAVEPOINT s; INSERT INTO t VALUES (2); RELEASE s",
    "BEGIN; SAVEPOINT s; INSERT INTO t VALUES (2); ROLLBACK TO s",
    "SAVEPOINT s; INSERT INTO t VALUES (1)",
    "BEGIN; CREATE TABLE u (a); DROP TABLE t",
    "BEGIN EXCLUSIVE; DELETE FROM t",
    "BEGIN; INSERT INTO t VALUES (1); COMMIT; BEGIN; DELETE FROM t",
};

enum { STEPS = sizeof steps / sizeof *steps, ENDS = 3 };

typedef struct doomed {
    drift_client *client;
    const char *sql;
    bool leaves_cursor;
    int status;
} doomed;

static void run_doomed(void *payload)
{
    doomed *d = payload;
    drift_connection *connection = drift_client_connection(d->client);
    drift_statement *cursor = NULL;
    bool row = false;
    d->status = *d->sql ? drift_exec(connection, d->sql, NULL) : DRIFT_OK;
    if (d->status == DRIFT_OK && d->leaves_cursor)
        d->status = drift_statement_prepare(&cursor, connection, "SELECT name FROM sqlite_schema", NULL);
    if (cursor) d->status = drift_statement_step(&row, cursor, NULL);
}

/* A client is gone at each of its steps, in each way, while others go on. */
START_TEST(a_client_that_is_gone_at_any_step_hinders_nobody)
{
    int64_t longest = 0;
    int cases = 0;
    office o = {0};
    office_open_file(&o, TABLE, NULL);
    drift_client *other = office_client(&o);
    for (int at = 0; at < STEPS * ENDS * 2; at++) {
        worker_thread thread;
        const int64_t rows = office_int64(other, "SELECT count(*) FROM t");
        doomed d = {office_client(&o), steps[at / ENDS / 2], at % 2 == 1, 1};
        const bool commits = strstr(d.sql, "COMMIT") != NULL;
        if (at / 2 % ENDS == 0) { /* its thread ends */
            office_start(&thread, run_doomed, &d);
            office_join(&thread);
        } else {
            run_doomed(&d);
            if (at / 2 % ENDS == 1) ck_assert_int_eq(drift_client_close(d.client, NULL), DRIFT_OK);
            if (at / 2 % ENDS == 2) drift_client_free(d.client);
        }
        const int64_t start = drift__clock_us();
        ck_assert_int_eq(d.status, DRIFT_OK);
        office_exec(other, "INSERT INTO t VALUES ('mine'); DELETE FROM t WHERE a = 'mine'");
        const int64_t took = drift__clock_us() - start;
        ck_assert_int_eq(office_int64(other, "SELECT count(*) FROM t"), rows + (commits ? 1 : 0));
        if (commits) office_exec(other, "DELETE FROM t");
        if (at / 2 % ENDS != 2) drift_client_free(d.client);
        if (took > longest) longest = took;
        cases++;
    }
    printf("a client gone at %d steps: the others went on after %lld us at most\n", cases, (long long)longest);
    drift_client_free(other);
    office_close(&o);
}
END_TEST

/* --- a transaction that is over --- */

static int ignore_the_end(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload, (void)err;
    ck_assert_int_eq(drift_exec(connection, "INSERT INTO t VALUES (5)", NULL), DRIFT_OK);
    ck_assert_int_eq(drift_exec(connection, "INSERT OR ROLLBACK INTO t VALUES (5)", NULL), DRIFT_TRANSACTION);
    ck_assert_int_eq(drift_exec(connection, "INSERT INTO t VALUES (6)", NULL), DRIFT_TRANSACTION);
    return DRIFT_OK;
}

START_TEST(a_transaction_that_sqlite_ended_is_not_used_on)
{
    drift_error err = {0};
    office o = {0};
    office_open(&o, TABLE, NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    ck_assert_drift_fails(drift_transaction(drift_client_connection(client), ignore_the_end, NULL, &err),
                          DRIFT_TRANSACTION);
    ck_assert_int_eq(office_int64(other, "SELECT count(*) FROM t"), 0);
    office_exec(client, "INSERT INTO t VALUES (6)");
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_commit_that_is_busy_keeps_the_transaction)
{
    drift_error err = {0};
    drift_connection *reader = NULL;
    drift_statement *cursor = NULL;
    bool row = false;
    office o = {0};
    office_open_file(&o, TABLE "; INSERT INTO t VALUES (0)", NULL);
    drift_client *client = office_client(&o);
    office_exec(client, "PRAGMA journal_mode = DELETE");
    ck_assert_drift(drift_connection_open(&reader, o.path, NULL, &err));
    office_exec(client, "BEGIN; INSERT INTO t VALUES (1)");
    ck_assert_drift(drift_statement_prepare(&cursor, reader, "SELECT a FROM t", &err));
    ck_assert_drift(drift_statement_step(&row, cursor, &err));
    ck_assert_int_eq(office_try(client, "COMMIT"), DRIFT_BUSY);
    ck_assert(drift_in_transaction(drift_client_connection(client)));
    drift_statement_reset(cursor);
    office_exec(client, "COMMIT");
    ck_assert_int_eq(office_int64(client, "SELECT count(*) FROM t"), 2);
    drift_connection_close(reader);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- the lease --- */

static void wait_until_lost(drift_client *client)
{
    while (drift_in_transaction(drift_client_connection(client)))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static int take_too_long(drift_connection *connection, void *payload, drift_error *err)
{
    ck_assert_int_eq(drift_exec(connection, "INSERT INTO t VALUES (1)", err), DRIFT_OK);
    wait_until_lost(payload);
    ck_assert_int_eq(drift_exec(connection, "INSERT INTO t VALUES (2)", err), DRIFT_TRANSACTION);
    return DRIFT_OK; /* as a body that does not look */
}

START_TEST(a_transaction_that_takes_too_long_is_rolled_back_and_told_so)
{
    drift_error err = {0};
    office o = {0};
    office_open(&o, TABLE, &(drift_executor_options){.lease_ms = 20});
    drift_client *client = office_client(&o), *other = office_client(&o);
    ck_assert_drift_fails(drift_transaction(drift_client_connection(client), take_too_long, client, &err),
                          DRIFT_TRANSACTION);
    ck_assert_str_eq(err.text, "the statement was not run: its transaction took longer than the executor's lease of 20 "
                               "ms and was rolled back");
    ck_assert_int_eq(office_int64(other, "SELECT count(*) FROM t"), 0);
    office_exec(client, "BEGIN");
    wait_until_lost(client);
    ck_assert_int_eq(office_try(client, "COMMIT"), DRIFT_TRANSACTION);
    office_exec(client, "INSERT INTO t VALUES (2)");
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

TCase *owner_case(void)
{
    TCase *tcase = suite_case("owner");
    tcase_add_test(tcase, others_wait_for_the_end_of_a_transaction_first_in_first_out);
    tcase_add_test(tcase, nobody_sees_what_is_not_committed);
    tcase_add_test(tcase, a_thread_that_would_wait_for_itself_is_told);
    tcase_add_test(tcase, threads_of_one_client_have_their_own_transactions);
    tcase_add_test(tcase, exclusive_work_keeps_others_away_without_a_transaction);
    tcase_add_test(tcase, a_client_that_is_closed_inside_its_transaction_is_rolled_back);
    tcase_add_test(tcase, a_thread_that_ends_inside_its_transaction_is_rolled_back);
    tcase_add_test(tcase, a_client_that_is_gone_at_any_step_hinders_nobody);
    tcase_add_test(tcase, a_transaction_that_sqlite_ended_is_not_used_on);
    tcase_add_test(tcase, a_commit_that_is_busy_keeps_the_transaction);
    tcase_add_test(tcase, a_transaction_that_takes_too_long_is_rolled_back_and_told_so);
    return tcase;
}
