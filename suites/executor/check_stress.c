/* check_stress.c — many clients at once. The counts are those of the full runs times DRIFT_STRESS percent. */
#include <stdio.h>
#include <string.h>

#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

enum { CLIENTS = 8, ACCOUNTS = 10, SUM = 10000 };

/* A small generator of one's own: each client's sequence follows from its seed. */
static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33);
}

static const char bank[] =
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0));"
    "INSERT INTO accounts SELECT value, 1000 FROM (WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 "
    "FROM n "
    "WHERE value < 9) SELECT value FROM n);"
    "CREATE TABLE counters (client PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text);";

typedef struct teller {
    office *o;
    int number, operations;
    uint64_t seed;
    int64_t counted; /* increments that were committed */
    int done[6];     /* by kind of operation */
    atomic_int completed;
    int submitted;
} teller;

typedef struct transfer {
    int from, to, amount;
    bool fails;
} transfer;

static int change(drift_connection *connection, int account, int amount, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(amount), DRIFT_BIND_INT64(account)};
    return drift_query(connection, "UPDATE accounts SET balance = balance + ? WHERE id = ?", binds, 2, NULL, NULL, err);
}

static int move_money(drift_connection *connection, void *payload, drift_error *err)
{
    const transfer *t = payload;
    int64_t sum = 0;
    int rc = change(connection, t->from, -t->amount, err);
    if (rc == DRIFT_OK) rc = change(connection, t->to, t->amount, err);
    if (rc == DRIFT_OK) rc = drift_query_int64(&sum, connection, "SELECT sum(balance) FROM accounts", NULL, 0, err);
    ck_assert(rc != DRIFT_OK || sum == SUM);
    return rc == DRIFT_OK && t->fails ? DRIFT_CONSTRAINT : rc;
}

static int count_one(drift_connection *connection, teller *t)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(t->number)};
    const int rc =
        drift_query(connection, "INSERT INTO counters VALUES (?, 1) ON CONFLICT (client) DO UPDATE SET n = n + 1",
                    binds, 1, NULL, NULL, NULL);
    if (rc == DRIFT_OK) t->counted++;
    return rc;
}

static int transfer_some(drift_connection *connection, teller *t)
{
    transfer one = {(int)(next_random(&t->seed) % ACCOUNTS), (int)(next_random(&t->seed) % ACCOUNTS),
                    (int)(next_random(&t->seed) % 300), next_random(&t->seed) % 5 == 0};
    const int rc = drift_transaction(connection, move_money, &one, NULL);
    return rc == DRIFT_CONSTRAINT ? DRIFT_OK : rc; /* not enough money, or it was to fail */
}

static int run_batch(drift_connection *connection)
{
    drift_batch *batch = NULL;
    int rc = drift_batch_new(&batch, NULL);
    for (int64_t i = 0; rc == DRIFT_OK && i < 5; i++)
        rc = drift_batch_add(batch, "INSERT INTO notes (text) VALUES (?)", &(drift_value)DRIFT_BIND_INT64(i), 1, NULL);
    if (rc == DRIFT_OK)
        rc = drift_batch_add(batch, "DELETE FROM notes WHERE id < (SELECT max(id) FROM notes) - 500", NULL, 0, NULL);
    if (rc == DRIFT_OK) rc = drift_batch_run(batch, connection, NULL);
    drift_batch_free(batch);
    return rc;
}

static void completed(const drift_result *result, void *payload)
{
    (void)result;
    atomic_fetch_add((atomic_int *)payload, 1);
}

static int read_some(drift_connection *connection)
{
    int64_t sum = 0;
    const int rc = drift_query_int64(&sum, connection, "SELECT sum(balance) FROM accounts", NULL, 0, NULL);
    ck_assert(rc != DRIFT_OK || sum == SUM);
    return rc;
}

static int leave_cursor(drift_connection *connection)
{
    drift_statement *cursor = NULL;
    bool row = false;
    int rc = drift_statement_prepare(&cursor, connection, "SELECT text FROM notes", NULL);
    for (int i = 0; rc == DRIFT_OK && i < 300; i++) rc = drift_statement_step(&row, cursor, NULL);
    drift_statement_free(cursor);
    return rc;
}

static int one_operation(drift_client *client, teller *t, unsigned kind)
{
    drift_connection *connection = drift_client_connection(client);
    switch (kind) {
    case 0: return count_one(connection, t);
    case 1: return transfer_some(connection, t);
    case 2: return run_batch(connection);
    case 3: return read_some(connection);
    case 4: return leave_cursor(connection);
    default:
        t->submitted++;
        return drift_submit(NULL, client, "INSERT INTO notes (text) VALUES ('later')", NULL, 0, completed,
                            &t->completed, NULL);
    }
}

static void work(void *payload)
{
    teller *t = payload;
    drift_client *client = NULL;
    ck_assert_int_eq(drift_executor_connect(&client, t->o->executor, -1, NULL), DRIFT_OK);
    for (int i = 0; i < t->operations; i++) {
        const unsigned kind = next_random(&t->seed) % 6;
        ck_assert_int_eq(one_operation(client, t, kind), DRIFT_OK);
        t->done[kind]++;
    }
    drift_client_free(client);
}

/* Begins transactions and is gone inside them, by all ways, over and over. */
static void die(void *payload)
{
    teller *t = payload;
    for (int i = 0; i < t->operations / 20 + 1; i++) {
        drift_client *client = NULL;
        ck_assert_int_eq(drift_executor_connect(&client, t->o->executor, -1, NULL), DRIFT_OK);
        drift_connection *connection = drift_client_connection(client);
        if (i % 4 > 0) ck_assert_int_eq(drift_exec(connection, "BEGIN", NULL), DRIFT_OK);
        if (i % 4 > 1) ck_assert_int_eq(change(connection, 1, -1, NULL) != DRIFT_MISUSE, true);
        if (i % 4 > 2) drift_exec(connection, "SAVEPOINT s; DELETE FROM counters", NULL);
        if (i % 2) ck_assert_int_eq(drift_client_close(client, NULL), DRIFT_OK);
        drift_client_free(client);
    }
}

START_TEST(eight_clients_at_once_lose_nothing)
{
    office o = {0};
    worker_thread threads[CLIENTS + 1];
    static teller tellers[CLIENTS + 1];
    const int operations = office_scaled(10000);
    int64_t counted = 0;
    int total = 0, submitted = 0, called = 0;
    office_open(&o, bank, NULL);
    for (int i = 0; i <= CLIENTS; i++) {
        tellers[i] = (teller){.o = &o, .number = i, .operations = operations, .seed = (uint64_t)i * 7919 + 1};
        office_start(&threads[i], i < CLIENTS ? work : die, &tellers[i]);
    }
    for (int i = 0; i <= CLIENTS; i++) office_join(&threads[i]);
    drift_client *client = office_client(&o);
    ck_assert_int_eq(office_int64(client, "SELECT sum(balance) FROM accounts"), SUM);
    for (int i = 0; i < CLIENTS; i++) {
        counted += tellers[i].counted;
        for (int kind = 0; kind < 6; kind++) total += tellers[i].done[kind];
    }
    ck_assert_int_eq(office_int64(client, "SELECT total(n) FROM counters"), counted);
    drift_client_free(client);
    ck_assert_int_eq(drift_executor_shutdown(o.executor, -1, NULL), DRIFT_OK);
    for (int i = 0; i < CLIENTS; i++) {
        submitted += tellers[i].submitted;
        called += tellers[i].completed;
    }
    printf("%d clients: %d operations, %lld counted, %d submissions, %d callbacks, a sum of %d\n", CLIENTS, total,
           (long long)counted, submitted, called, SUM);
    ck_assert_int_eq(total, CLIENTS * operations);
    ck_assert_int_eq(called, submitted);
    office_close(&o);
}
END_TEST

/* --- streams --- */

typedef struct follower {
    gate gate;
    int64_t last; /* the highest value seen */
    int backwards;
} follower;

static void follow(const drift_rows *rows, const drift_error *failure, void *payload)
{
    follower *f = payload;
    ck_assert_ptr_null(failure);
    pthread_mutex_lock(&f->gate.lock);
    const int64_t value = drift_rows_value(rows, 0, 0).integer;
    if (value < f->last) f->backwards++;
    f->last = value;
    f->gate.count++;
    pthread_cond_broadcast(&f->gate.changed);
    pthread_mutex_unlock(&f->gate.lock);
}

/* Commits at random: alone, in a transaction, in a savepoint; two of five are rolled back, so that the full run of
 * 170,000 makes 100,000 commits. */
static void commit_randomly(void *payload)
{
    teller *t = payload;
    drift_client *client = NULL;
    ck_assert_int_eq(drift_executor_connect(&client, t->o->executor, -1, NULL), DRIFT_OK);
    drift_connection *connection = drift_client_connection(client);
    for (int i = 0; i < t->operations; i++) {
        static const char *const ways[] = {"UPDATE totals SET n = n + 1", "BEGIN; UPDATE totals SET n = n + 1; COMMIT",
                                           "BEGIN; UPDATE totals SET n = n + 1000; ROLLBACK",
                                           "SAVEPOINT s; UPDATE totals SET n = n + 1; RELEASE s",
                                           "BEGIN; SAVEPOINT s; UPDATE totals SET n = n + 1000; ROLLBACK TO s; COMMIT"};
        const unsigned way = next_random(&t->seed) % 5;
        ck_assert_int_eq(drift_exec(connection, ways[way], NULL), DRIFT_OK);
        if (way != 2 && way != 4) t->counted++;
    }
    drift_client_free(client);
}

START_TEST(no_update_is_lost_over_random_commits)
{
    enum { WRITERS = 4, FOLLOWERS = 3 };
    static const char *const queries[] = {"SELECT n FROM totals", "SELECT sum(n) FROM totals", "SELECT n FROM v"};
    office o = {0};
    drift_error err = {0};
    worker_thread threads[WRITERS];
    teller writers[WRITERS];
    follower followers[FOLLOWERS];
    drift_watch *watches[FOLLOWERS];
    int64_t commits = 0;
    office_open(&o,
                "CREATE TABLE totals (n INTEGER); INSERT INTO totals VALUES (0); CREATE VIEW v AS SELECT n FROM totals",
                NULL);
    drift_client *client = office_client(&o);
    for (int i = 0; i < FOLLOWERS; i++) {
        followers[i] = (follower){.gate = GATE_INIT};
        ck_assert_drift(drift_watch_query(&watches[i], client, queries[i], NULL, 0, DRIFT_WATCH_DISTINCT * (i == 1),
                                          follow, &followers[i], &err));
    }
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (teller){.o = &o, .operations = office_scaled(170000) / WRITERS, .seed = (uint64_t)i + 11};
        office_start(&threads[i], commit_randomly, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) {
        office_join(&threads[i]);
        commits += writers[i].counted;
    }
    ck_assert_int_eq(office_int64(client, "SELECT n FROM totals"), commits);
    for (int i = 0; i < FOLLOWERS; i++) { /* ends only if the last callback shows the last commit */
        pthread_mutex_lock(&followers[i].gate.lock);
        while (followers[i].last != commits) pthread_cond_wait(&followers[i].gate.changed, &followers[i].gate.lock);
        pthread_mutex_unlock(&followers[i].gate.lock);
        drift_unwatch(watches[i]);
        ck_assert_int_eq(followers[i].backwards, 0);
        printf("%lld random commits: %d callbacks, the last one shows %lld\n", (long long)commits,
               followers[i].gate.count, (long long)followers[i].last);
    }
    drift_client_free(client);
    office_close(&o);
}
END_TEST

TCase *stress_case(void)
{
    TCase *tcase = suite_case("stress");
    tcase_set_timeout(tcase, 1100);
    tcase_add_test(tcase, eight_clients_at_once_lose_nothing);
    tcase_add_test(tcase, no_update_is_lost_over_random_commits);
    return tcase;
}
