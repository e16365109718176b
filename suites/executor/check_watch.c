/* check_watch.c — query streams: what is told, when, and what is not. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

#define TABLES                                                                                                 \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE); CREATE TABLE u (a); CREATE VIEW v AS SELECT a FROM t;" \
    "CREATE TABLE child (t REFERENCES t (id) ON DELETE CASCADE)"

/* What a watch has told. Callbacks come one at a time; the gate orders them for the test. */
typedef struct listener {
    gate gate;
    int64_t value; /* of the last result's first column */
    int failures;
    int status;   /* of the last failure */
    gate *blocks; /* a callback waits for it */
    drift_watch *unwatches;
    drift_client *writes; /* a callback writes once */
    int written;
} listener;

static void hear(const drift_rows *rows, const drift_error *failure, void *payload)
{
    listener *l = payload;
    ck_assert((rows == NULL) == (failure != NULL));
    if (l->unwatches) drift_unwatch(l->unwatches);
    if (l->writes) l->written = drift_exec(drift_client_connection(l->writes), "INSERT INTO t (a) VALUES (77)", NULL);
    l->writes = NULL;
    pthread_mutex_lock(&l->gate.lock);
    if (rows) l->value = drift_rows_value(rows, 0, 0).integer;
    if (failure) l->failures++;
    l->status = failure ? failure->code : DRIFT_OK;
    pthread_mutex_unlock(&l->gate.lock);
    gate_pass(&l->gate);
    if (l->blocks) gate_wait(l->blocks, 1);
}

/* Waits until a result with this value was told. */
static void wait_value(listener *l, int64_t value)
{
    pthread_mutex_lock(&l->gate.lock);
    while (l->gate.count == 0 || l->status != DRIFT_OK || l->value != value)
        pthread_cond_wait(&l->gate.changed, &l->gate.lock);
    pthread_mutex_unlock(&l->gate.lock);
}

static drift_watch *watch(drift_client *client, const char *sql, unsigned flags, listener *l)
{
    drift_error err = {0};
    drift_watch *out = NULL;
    ck_assert_drift(drift_watch_query(&out, client, sql, NULL, 0, flags, hear, l, &err));
    return out;
}

/* Until everything that was committed before has been told: a watch made now hears its first result behind it all,
 * because fetches and callbacks go in their order. */
static void settle(drift_client *client)
{
    static int count;
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT %d", count++);
    for (int i = 0; i < 2; i++) {
        listener l = {.gate = GATE_INIT};
        drift_watch *last = watch(client, sql, 0, &l);
        gate_wait(&l.gate, 1);
        drift_unwatch(last);
    }
}

START_TEST(a_watch_tells_its_first_result_and_every_commit_that_concerns_it)
{
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM v", 0, &l);
    gate_wait(&l.gate, 1);
    ck_assert_int_eq(l.value, 0);
    office_exec(other, "INSERT INTO t (a) VALUES (1)"); /* another client's, behind a view */
    gate_wait(&l.gate, 2);
    ck_assert_int_eq(l.value, 1);
    office_exec(client, "INSERT INTO u VALUES (1)"); /* another table */
    office_exec(client, "UPDATE t SET a = 2 WHERE id = 99");
    settle(client);
    ck_assert_int_eq(gate_count(&l.gate), 2);
    drift_unwatch(w);
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_transaction_is_told_once_and_a_rollback_never)
{
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &l);
    gate_wait(&l.gate, 1);
    office_exec(client, "BEGIN; INSERT INTO t (a) VALUES (1); INSERT INTO t (a) VALUES (2); COMMIT");
    gate_wait(&l.gate, 2);
    ck_assert_int_eq(l.value, 2);
    const int rounds = office_scaled(5000);
    for (int i = 0; i < rounds; i++) {
        office_exec(client, "BEGIN; DELETE FROM t; ROLLBACK");
        office_exec(client, "BEGIN; SAVEPOINT s; DELETE FROM t; ROLLBACK TO s; INSERT INTO u VALUES (1); COMMIT");
        ck_assert_int_eq(office_try(client, "INSERT INTO t (a) VALUES (1)"), DRIFT_CONSTRAINT);
        ck_assert_int_eq(office_try(client, "BEGIN; DELETE FROM u; INSERT OR ROLLBACK INTO t VALUES (1, 1)"),
                         DRIFT_TRANSACTION);
    }
    settle(client);
    printf("%d rollbacks: %d callbacks\n", rounds * 4, gate_count(&l.gate) - 2);
    ck_assert_int_eq(gate_count(&l.gate), 2);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* One watch, one statement that the update hook would not tell. */
static const char *const quiet_writes[] = {
    "DELETE FROM child",
    "DELETE FROM t",
    "REPLACE INTO t VALUES (2, 1)",
    "DROP TABLE child",
    "CREATE TEMP TABLE child (t); INSERT INTO child VALUES (1), (2)",
    "BEGIN; SAVEPOINT s; DELETE FROM child; RELEASE s; COMMIT",
};

START_TEST(what_triggers_cascades_and_replace_change_is_told)
{
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open(&o, TABLES "; INSERT INTO t VALUES (1, 1); INSERT INTO child VALUES (1)", NULL);
    drift_client *client = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM child", 0, &l);
    gate_wait(&l.gate, 1);
    office_exec(client, quiet_writes[_i]);
    gate_wait(&l.gate, 2);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_table_without_rowid_and_a_virtual_table_are_watched_too)
{
    office o = {0};
    listener rowid = {.gate = GATE_INIT}, text = {.gate = GATE_INIT};
    office_open(&o, "CREATE TABLE w (k PRIMARY KEY) WITHOUT ROWID; CREATE VIRTUAL TABLE f USING fts5 (x)", NULL);
    drift_client *client = office_client(&o);
    drift_watch *a = watch(client, "SELECT count(*) FROM w", 0, &rowid);
    drift_watch *b = watch(client, "SELECT count(*) FROM f WHERE f MATCH 'word'", 0, &text);
    gate_wait(&rowid.gate, 1);
    gate_wait(&text.gate, 1);
    office_exec(client, "INSERT INTO w VALUES (1)");
    gate_wait(&rowid.gate, 2);
    office_exec(client, "INSERT INTO f VALUES ('a word')");
    wait_value(&text, 1);
    drift_unwatch(a);
    drift_unwatch(b);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(in_a_burst_the_last_callback_shows_the_last_commit)
{
    enum { COMMITS = 200 };
    office o = {0};
    gate open_door = GATE_INIT;
    listener l = {.gate = GATE_INIT, .blocks = &open_door};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &l);
    gate_wait(&l.gate, 1); /* its callback waits at the door */
    for (int i = 0; i < COMMITS; i++) office_exec(client, "INSERT INTO t DEFAULT VALUES");
    gate_pass(&open_door);
    settle(client);
    ck_assert_int_eq(l.value, COMMITS);
    ck_assert_int_eq(gate_count(&l.gate), 2);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_result_is_told_when_no_transaction_is_open)
{
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    office_exec(client, "BEGIN; INSERT INTO t (a) VALUES (1)");
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &l);
    office_exec(client, "ROLLBACK");
    gate_wait(&l.gate, 1);
    ck_assert_int_eq(l.value, 0);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- pausing, distinct, sharing --- */

START_TEST(a_paused_watch_hears_nothing_and_then_the_last_if_it_missed_any)
{
    office o = {0};
    listener l = {.gate = GATE_INIT}, late = {.gate = GATE_INIT};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &l);
    drift_watch *p = watch(client, "SELECT count(*) + 100 FROM t", DRIFT_WATCH_PAUSED, &late);
    gate_wait(&l.gate, 1);
    drift_watch_pause(w);
    office_exec(client, "INSERT INTO t (a) VALUES (1)");
    office_exec(client, "INSERT INTO t (a) VALUES (2)");
    settle(client);
    ck_assert_int_eq(gate_count(&l.gate), 1);
    ck_assert_int_eq(gate_count(&late.gate), 0);
    drift_watch_resume(w);
    gate_wait(&l.gate, 2);
    ck_assert_int_eq(l.value, 2);
    drift_watch_pause(w);
    drift_watch_resume(w); /* missed none */
    drift_watch_resume(p);
    gate_wait(&late.gate, 1);
    ck_assert_int_eq(late.value, 102);
    settle(client);
    ck_assert_int_eq(gate_count(&l.gate), 2);
    drift_unwatch(p);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(an_equal_result_is_not_told_twice_to_a_distinct_watch)
{
    office o = {0};
    listener all = {.gate = GATE_INIT}, distinct = {.gate = GATE_INIT};
    office_open(&o, TABLES "; INSERT INTO t VALUES (1, 'x')", NULL);
    drift_client *client = office_client(&o);
    drift_watch *a = watch(client, "SELECT min(id) FROM t", 0, &all);
    drift_watch *b = watch(client, "SELECT min(id) FROM t", DRIFT_WATCH_DISTINCT, &distinct);
    gate_wait(&all.gate, 1);
    gate_wait(&distinct.gate, 1);
    office_exec(client, "INSERT INTO t VALUES (2, 'y')");
    gate_wait(&all.gate, 2);
    settle(client);
    ck_assert_int_eq(gate_count(&distinct.gate), 1);
    office_exec(client, "DELETE FROM t WHERE id = 1");
    gate_wait(&distinct.gate, 2);
    ck_assert_int_eq(distinct.value, 2);
    drift_unwatch(b);
    drift_unwatch(a);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

static void count_calls(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_int(context, atomic_fetch_add((atomic_int *)sqlite3_user_data(context), 1));
}

static int open_counting(drift_connection **out, void *payload, drift_error *err)
{
    const int rc = drift_connection_memory(out, NULL, err);
    if (rc != DRIFT_OK) return rc;
    sqlite3_create_function(drift_connection_handle(*out), "called", 0, SQLITE_UTF8, payload, count_calls, NULL, NULL);
    return drift_exec(*out, TABLES, err);
}

START_TEST(watches_with_the_same_text_and_binds_share_one_execution)
{
    enum { WATCHES = 10 };
    drift_error err = {0};
    office o = {0};
    atomic_int calls = 0;
    listener l[WATCHES + 1];
    drift_watch *w[WATCHES + 1];
    ck_assert_drift(drift_executor_spawn(&o.executor, open_counting, &calls, NULL, &err));
    drift_client *client = office_client(&o);
    for (int64_t i = 0; i <= WATCHES; i++) {
        const drift_value binds[] = {DRIFT_BIND_INT64(i == WATCHES)};
        l[i] = (listener){.gate = GATE_INIT};
        ck_assert_drift(
            drift_watch_query(&w[i], client, "SELECT called(), ?, count(*) FROM t", binds, 1, 0, hear, &l[i], &err));
    }
    for (int i = 0; i <= WATCHES; i++) gate_wait(&l[i].gate, 1);
    const int first = calls;
    ck_assert_int_le(first, 2); /* two different binds */
    office_exec(client, "INSERT INTO t (a) VALUES (1)");
    for (int i = 0; i <= WATCHES; i++) gate_wait(&l[i].gate, 2);
    ck_assert_int_eq(calls, first + 2);
    for (int i = 0; i <= WATCHES; i++) drift_unwatch(w[i]);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- failures --- */

START_TEST(a_query_that_fails_later_tells_it_and_lives_on)
{
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open(&o, TABLES "; INSERT INTO u VALUES (5)", NULL);
    drift_client *client = office_client(&o);
    drift_watch *w = watch(client, "SELECT a FROM u", DRIFT_WATCH_DISTINCT, &l);
    gate_wait(&l.gate, 1);
    office_exec(client, "ALTER TABLE u RENAME TO gone");
    gate_wait(&l.gate, 2);
    ck_assert_int_eq(l.failures, 1);
    ck_assert_int_eq(l.status, DRIFT_SQL);
    office_exec(client, "CREATE TABLE u (a); INSERT INTO u VALUES (5)");
    wait_value(&l, 5);
    office_exec(client, "UPDATE u SET a = 6"); /* the new table is what it reads */
    wait_value(&l, 6);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(what_cannot_be_watched_is_refused)
{
    static const struct {
        const char *sql;
        int status;
    } refused[] = {{"INSERT INTO t VALUES (1, 1)", DRIFT_MISUSE},
                   {"SELECT ?", DRIFT_MISUSE},
                   {"SELECT b FROM t", DRIFT_SQL},
                   {"SELEC", DRIFT_SYNTAX},
                   {"BEGIN", DRIFT_MISUSE},
                   {"CREATE TABLE x (a)", DRIFT_MISUSE}};
    office o = {0};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    for (int i = 0; i < 6; i++) {
        drift_error err = {0};
        drift_watch *w = NULL;
        ck_assert_drift_fails(drift_watch_query(&w, client, refused[i].sql, NULL, 0, 0, hear, NULL, &err),
                              refused[i].status);
        ck_assert_ptr_null(w);
    }
    drift_error flags = {0};
    drift_watch *w = NULL;
    ck_assert_int_eq(drift_watch_query(&w, client, "SELECT 1", NULL, 0, 64, hear, NULL, &flags), DRIFT_MISUSE);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- the end of a watch --- */

START_TEST(after_unwatch_no_callback_runs)
{
    const int rounds = office_scaled(20000);
    int after = 0;
    office o = {0};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    for (int i = 0; i < rounds; i++) {
        listener l = {.gate = GATE_INIT};
        drift_watch *w = watch(client, i % 2 ? "SELECT count(*) FROM t" : "SELECT count(*) FROM u", 0, &l);
        office_exec(client, "INSERT INTO t DEFAULT VALUES; INSERT INTO u VALUES (1)");
        drift_unwatch(w);
        const int told = gate_count(&l.gate);
        office_exec(client, "DELETE FROM t; DELETE FROM u");
        after += gate_count(&l.gate) - told;
    }
    printf("%d watches ended while writing: %d callbacks afterwards\n", rounds, after);
    ck_assert_int_eq(after, 0);
    drift_unwatch(NULL);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_callback_may_end_its_own_watch_and_write)
{
    office o = {0};
    listener own = {.gate = GATE_INIT}, writes = {.gate = GATE_INIT};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    writes.writes = client;
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &writes);
    gate_wait(&writes.gate, 2); /* its own write */
    ck_assert_int_eq(writes.written, DRIFT_OK);
    ck_assert_int_eq(writes.value, 1);
    drift_watch *gone = watch(client, "SELECT count(*), 1 FROM t", DRIFT_WATCH_PAUSED, &own);
    own.unwatches = gone;
    drift_watch_resume(gone);
    gate_wait(&own.gate, 1);
    office_exec(client, "DELETE FROM t");
    settle(client);
    ck_assert_int_eq(gate_count(&own.gate), 1);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_callback_that_waits_for_the_transaction_of_who_waits_for_it_is_refused)
{
    office o = {0};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o), *owner = office_client(&o);
    gate door = GATE_INIT;
    listener blocks = {.gate = GATE_INIT, .blocks = &door}, writes = {.gate = GATE_INIT, .writes = client};
    drift_watch *first = watch(client, "SELECT count(*) FROM t", 0, &blocks);
    gate_wait(&blocks.gate, 1); /* the dispatch thread is busy with it */
    drift_watch *second = watch(client, "SELECT 1", 0, &writes);
    office_exec(owner, "SELECT 1"); /* behind the fetch */
    office_exec(owner, "BEGIN");
    gate_pass(&door);
    office_wait_queued(&o, 1); /* what the second callback writes */
    drift_unwatch(second);
    ck_assert_int_eq(writes.written, DRIFT_BUSY);
    office_exec(owner, "COMMIT");
    drift_unwatch(first);
    drift_client_free(owner);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(a_watch_of_a_closed_client_tells_nothing_more)
{
    office o = {0};
    listener l = {.gate = GATE_INIT}, all = {.gate = GATE_INIT};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o), *other = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &l);
    drift_watch *same = watch(other, "SELECT count(*) FROM t", 0, &all);
    gate_wait(&l.gate, 1);
    gate_wait(&all.gate, 1);
    ck_assert_int_eq(drift_client_close(client, NULL), DRIFT_OK);
    office_exec(other, "INSERT INTO t (a) VALUES (1)");
    gate_wait(&all.gate, 2);
    ck_assert_int_eq(gate_count(&l.gate), 1);
    drift_watch_pause(w);
    drift_watch_resume(w);
    ck_assert_int_eq(drift_executor_shutdown(o.executor, 0, NULL), DRIFT_OK);
    drift_watch_resume(same);
    drift_unwatch(w);
    drift_unwatch(same);
    drift_client_free(other);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

/* --- written elsewhere --- */

START_TEST(what_is_written_elsewhere_can_be_told)
{
    drift_error err = {0};
    static const char *const other_tables[] = {"u", "nowhere"}, *const own_tables[] = {"T"};
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open(&o, TABLES, NULL);
    drift_client *client = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &l);
    gate_wait(&l.gate, 1);
    ck_assert_drift(drift_notify(client, other_tables, 2, &err));
    settle(client);
    ck_assert_int_eq(gate_count(&l.gate), 1);
    ck_assert_drift(drift_notify(client, own_tables, 1, &err));
    gate_wait(&l.gate, 2);
    ck_assert_drift(drift_notify(client, NULL, 0, &err));
    gate_wait(&l.gate, 3);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

START_TEST(another_process_is_noticed_where_that_is_asked_for)
{
    drift_error err = {0};
    drift_connection *direct = NULL;
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open_file(&o, TABLES, &(drift_executor_options){.poll_ms = 2});
    drift_client *client = office_client(&o);
    drift_watch *w = watch(client, "SELECT count(*) FROM t", 0, &l);
    gate_wait(&l.gate, 1);
    ck_assert_drift(drift_connection_open(&direct, o.path, NULL, &err));
    ck_assert_drift(drift_exec(direct, "INSERT INTO t (a) VALUES (1)", &err));
    gate_wait(&l.gate, 2);
    ck_assert_int_eq(l.value, 1);
    ck_assert_drift(drift_exec(direct, "DROP TABLE t; CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)", &err));
    wait_value(&l, 2);
    drift_connection_close(direct);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

static int exec_body(drift_connection *connection, void *payload, drift_error *err)
{
    return drift_exec(connection, payload, err);
}

START_TEST(results_are_compared_value_by_value)
{
    drift_error err = {0};
    office o = {0};
    listener l = {.gate = GATE_INIT};
    office_open(&o, "CREATE TABLE t (a)", NULL);
    drift_client *client = office_client(&o);
    static const char *const values[] = {"1", "1.0", "'1'", "x'31'", "NULL", "''", "x''"};
    drift_watch *w = watch(client, "SELECT a FROM t", DRIFT_WATCH_DISTINCT, &l);
    gate_wait(&l.gate, 1);
    for (int i = 0; i < 7; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DELETE FROM t; INSERT INTO t VALUES (%s)", values[i]);
        ck_assert_drift(drift_transaction(drift_client_connection(client), exec_body, sql, &err));
        settle(client);
        ck_assert_int_eq(gate_count(&l.gate), i + 2);
    }
    ck_assert(drift_rows_same(NULL, NULL));
    ck_assert_uint_eq(drift_rows_count(NULL), 0);
    drift_unwatch(w);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

TCase *watch_case(void)
{
    TCase *tcase = suite_case("watch");
    tcase_add_test(tcase, a_watch_tells_its_first_result_and_every_commit_that_concerns_it);
    tcase_add_test(tcase, a_transaction_is_told_once_and_a_rollback_never);
    tcase_add_loop_test(tcase, what_triggers_cascades_and_replace_change_is_told, 0,
                        (int)(sizeof quiet_writes / sizeof *quiet_writes));
    tcase_add_test(tcase, a_table_without_rowid_and_a_virtual_table_are_watched_too);
    tcase_add_test(tcase, in_a_burst_the_last_callback_shows_the_last_commit);
    tcase_add_test(tcase, a_result_is_told_when_no_transaction_is_open);
    tcase_add_test(tcase, a_paused_watch_hears_nothing_and_then_the_last_if_it_missed_any);
    tcase_add_test(tcase, an_equal_result_is_not_told_twice_to_a_distinct_watch);
    tcase_add_test(tcase, watches_with_the_same_text_and_binds_share_one_execution);
    tcase_add_test(tcase, a_query_that_fails_later_tells_it_and_lives_on);
    tcase_add_test(tcase, what_cannot_be_watched_is_refused);
    tcase_add_test(tcase, after_unwatch_no_callback_runs);
    tcase_add_test(tcase, a_callback_may_end_its_own_watch_and_write);
    tcase_add_test(tcase, a_callback_that_waits_for_the_transaction_of_who_waits_for_it_is_refused);
    tcase_add_test(tcase, a_watch_of_a_closed_client_tells_nothing_more);
    tcase_add_test(tcase, what_is_written_elsewhere_can_be_told);
    tcase_add_test(tcase, another_process_is_noticed_where_that_is_asked_for);
    tcase_add_test(tcase, results_are_compared_value_by_value);
    return tcase;
}
