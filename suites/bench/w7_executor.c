/* w7_executor.c — W7: what a background executor costs: a hop to its thread and back, a batch, and how soon a query
 * stream shows a commit while 1, 4 or 8 threads write. */
#include <pthread.h>
#include <stdio.h>

#include "bench/bench.h"
#include "drift/drift.h"

enum { MOST_WRITERS = 8 };

typedef struct office {
    char *path;
    int64_t times;
    drift_executor *executor;
    drift_client *client;
    drift_connection *connection; /* of the side that runs: direct, or the client's */
} office;

/* ---- both worlds ---- */

static int open_file(drift_connection **out, void *payload, drift_error *err)
{
    const office *o = payload;
    int rc = drift_connection_open(out, o->path, NULL, err);
    if (rc == DRIFT_OK) rc = drift_connection_use_wal(*out, 0, err);
    /* what is measured is drift's share, not the disk's */
    if (rc == DRIFT_OK) rc = drift_exec(*out, "PRAGMA synchronous = OFF", err);
    if (rc == DRIFT_OK)
        rc = drift_exec(*out, "CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, name TEXT, n INTEGER)", err);
    if (rc == DRIFT_OK) rc = drift_exec(*out, "DELETE FROM item", err);
    if (rc == DRIFT_OK)
        rc = drift_exec(*out,
                        "CREATE TABLE IF NOT EXISTS number (id INTEGER PRIMARY KEY, n INTEGER);"
                        "INSERT OR IGNORE INTO number WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i "
                        "WHERE n < 999) SELECT n, n + 1 FROM i",
                        err);
    return rc;
}

static void prepare_direct(void *state)
{
    office *o = state;
    drift_error err = {0};
    bench_must(open_file(&o->connection, o, &err), &err, o->path);
}

static void prepare_client(void *state)
{
    office *o = state;
    drift_error err = {0};
    bench_must(drift_executor_spawn(&o->executor, open_file, o, NULL, &err), &err, "the executor");
    bench_must(drift_executor_connect(&o->client, o->executor, -1, &err), &err, "a client");
    o->connection = drift_client_connection(o->client);
}

static void end(bench_done *done, void *state)
{
    office *o = state;
    drift_error err = {0};
    int64_t sum = 0;
    bench_must(drift_query_int64(&sum, o->connection, "SELECT total(n) FROM item", NULL, 0, &err), &err, "the sum");
    done->digest = bench_mix(0, &sum, sizeof sum);
    if (!o->client) drift_connection_close(o->connection);
    drift_client_free(o->client);
    drift_executor_free(o->executor);
}

/* ---- a hop ---- */

static void read_rows(bench_done *done, void *state)
{
    const office *o = state;
    drift_error err = {0};
    for (int64_t i = 0; i < o->times; i++) {
        const drift_value bind = DRIFT_BIND_INT64(i % 1000);
        int64_t value = 0;
        bench_must(drift_query_int64(&value, o->connection, "SELECT n FROM number WHERE id = ?1", &bind, 1, &err), &err,
                   "a read");
        done->count += value;
    }
}

static int run(const char *title, const char *unit, const bench_side *sides, size_t count, office *o,
               const bench_options *options)
{
    return bench_measure(&(bench_work){.name = "W7",
                                       .title = title,
                                       .sides = sides,
                                       .side_count = count,
                                       .state = o,
                                       .units = o->times,
                                       .unit = unit,
                                       .seconds = 4},
                         options);
}

static int measure_hop(office *o, const bench_options *options)
{
    static const bench_side sides[] = {{"direct", prepare_direct, read_rows, end},
                                       {"client", prepare_client, read_rows, end}};
    return run("read a row by its key", "statements", sides, 2, o, options);
}

/* ---- bulk work ---- */

static const char insert[] = "INSERT INTO item (name, n) VALUES (?1, ?2)";

static int insert_one(drift_connection *connection, int64_t i, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_TEXT("an item", 7), DRIFT_BIND_INT64(i)};
    return drift_query(connection, insert, binds, 2, NULL, NULL, err);
}

static int insert_each(drift_connection *connection, void *payload, drift_error *err)
{
    const office *o = payload;
    int rc = DRIFT_OK;
    for (int64_t i = 0; rc == DRIFT_OK && i < o->times; i++) rc = insert_one(connection, i, err);
    return rc;
}

static void insert_singly(bench_done *done, void *state)
{
    office *o = state;
    drift_error err = {0};
    bench_must(drift_transaction(o->connection, insert_each, o, &err), &err, "the transaction");
    done->count = o->times;
}

static void insert_batch(bench_done *done, void *state)
{
    office *o = state;
    drift_error err = {0};
    drift_batch *batch = NULL;
    bench_must(drift_batch_new(&batch, &err), &err, "a batch");
    for (int64_t i = 0; i < o->times; i++) {
        const drift_value binds[] = {DRIFT_BIND_TEXT("an item", 7), DRIFT_BIND_INT64(i)};
        bench_must(drift_batch_add(batch, insert, binds, 2, &err), &err, "an entry");
    }
    bench_must(drift_batch_run(batch, o->connection, &err), &err, "the batch");
    drift_batch_free(batch);
    done->count = o->times;
}

static int measure_batch(office *o, const bench_options *options)
{
    static const bench_side sides[] = {{"direct, one by one", prepare_direct, insert_singly, end},
                                       {"direct, a batch", prepare_direct, insert_batch, end},
                                       {"client, a batch", prepare_client, insert_batch, end},
                                       {"client, one by one", prepare_client, insert_singly, end}};
    return run("insert rows in one transaction", "rows", sides, 4, o, options);
}

/* ---- streams ---- */

/* Writers that each wait until the stream shows what they wrote: a round of one is a latency. */
typedef struct stage {
    office *o;
    pthread_mutex_t lock;
    pthread_cond_t told;
    int64_t shown[MOST_WRITERS];
} stage;

typedef struct writer {
    stage *stage;
    int number;
} writer;

static void show(const drift_rows *rows, const drift_error *failure, void *payload)
{
    stage *s = payload;
    bench_must(failure ? failure->code : DRIFT_OK, failure, "the stream");
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < drift_rows_count(rows); i++)
        s->shown[drift_rows_value(rows, i, 0).integer] = drift_rows_value(rows, i, 1).integer;
    pthread_cond_broadcast(&s->told);
    pthread_mutex_unlock(&s->lock);
}

static void *write_and_wait(void *payload)
{
    const writer *w = payload;
    stage *s = w->stage;
    drift_error err = {0};
    drift_client *client = NULL;
    bench_must(drift_executor_connect(&client, s->o->executor, -1, &err), &err, "a writer");
    for (int64_t i = 1; i <= s->o->times; i++) {
        const drift_value binds[] = {DRIFT_BIND_INT64(w->number), DRIFT_BIND_INT64(i)};
        bench_must(drift_query(drift_client_connection(client), "INSERT OR REPLACE INTO item (id, n) VALUES (?1, ?2)",
                               binds, 2, NULL, NULL, &err),
                   &err, "a write");
        pthread_mutex_lock(&s->lock);
        while (s->shown[w->number] < i) pthread_cond_wait(&s->told, &s->lock);
        pthread_mutex_unlock(&s->lock);
    }
    drift_client_free(client);
    return NULL;
}

static void write_with(bench_done *done, office *o, int writers)
{
    stage s = {.o = o, .lock = PTHREAD_MUTEX_INITIALIZER, .told = PTHREAD_COND_INITIALIZER};
    drift_error err = {0};
    drift_watch *watch = NULL;
    pthread_t threads[MOST_WRITERS];
    writer all[MOST_WRITERS];
    bench_must(drift_watch_query(&watch, o->client, "SELECT id, n FROM item", NULL, 0, 0, show, &s, &err), &err,
               "the stream");
    for (int i = 0; i < writers; i++) {
        all[i] = (writer){&s, i};
        bench_must(pthread_create(&threads[i], NULL, write_and_wait, &all[i]) ? DRIFT_IO : DRIFT_OK, &err, "a thread");
    }
    for (int i = 0; i < writers; i++) pthread_join(threads[i], NULL);
    drift_unwatch(watch);
    done->count = s.shown[0];
}

/* Every side tells what its first writer did: all of them do the same. */
static void end_stream(bench_done *done, void *state)
{
    end(done, state);
    done->digest = 0;
}

static void write_1(bench_done *done, void *state)
{
    write_with(done, state, 1);
}

static void write_4(bench_done *done, void *state)
{
    write_with(done, state, 4);
}

static void write_8(bench_done *done, void *state)
{
    write_with(done, state, 8);
}

static int measure_stream(office *o, const bench_options *options)
{
    static const bench_side sides[] = {{"1 writer", prepare_client, write_1, end_stream},
                                       {"4 writers", prepare_client, write_4, end_stream},
                                       {"8 writers", prepare_client, write_8, end_stream}};
    return run("from a write to its callback", "rounds", sides, 3, o, options);
}

int main(int argc, char **argv)
{
    bench_options options;
    bench_begin(&options, argc, argv, "W7: work over a background executor, --size times.");
    const int64_t size = options.size ? options.size : options.smoke ? 20 : 20000;
    office o = {.path = bench_path(&options, "w7.db"), .times = size};
    int failed = measure_hop(&o, &options);
    o.times = size * 5;
    if (!failed) failed = measure_batch(&o, &options);
    o.times = size / 10;
    if (!failed) failed = measure_stream(&o, &options);
    sqlite3_free(o.path);
    bench_end(&options);
    return failed;
}
