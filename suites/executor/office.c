/* office.c */
#include "executor/office.h"

#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "base/file.h"
#include "executor/executor.h"
#include "support/suite.h"

int office_connect(drift_connection **out, void *payload, drift_error *err)
{
    office *o = payload;
    const bool first = atomic_fetch_add(&o->openings, 1) == 0;
    const drift_connection_options options = {.busy_timeout_ms = 500};
    int rc = o->path ? drift_connection_open(out, o->path, &options, err) : drift_connection_memory(out, NULL, err);
    if (rc == DRIFT_OK && o->path) rc = drift_connection_use_wal(*out, 0, err);
    if (rc == DRIFT_OK) rc = drift_exec(*out, "PRAGMA foreign_keys = ON", err);
    if (rc == DRIFT_OK && first) rc = drift_exec(*out, o->schema, err);
    return rc;
}

void office_open(office *o, const char *schema, const drift_executor_options *options)
{
    drift_error err = {0};
    o->schema = schema;
    atomic_init(&o->openings, 0);
    ck_assert_drift(drift_executor_spawn(&o->executor, office_connect, o, options, &err));
}

void office_open_file(office *o, const char *schema, const drift_executor_options *options)
{
    o->folder = suite_folder();
    o->path = drift__path_join(o->folder, "office.db");
    ck_assert_ptr_nonnull(o->path);
    office_open(o, schema, options);
}

void office_close(office *o)
{
    drift_executor_free(o->executor);
    drift__free(o->path);
    if (o->folder) suite_folder_remove(o->folder);
}

drift_client *office_client(office *o)
{
    drift_error err = {0};
    drift_client *client = NULL;
    ck_assert_drift(drift_executor_connect(&client, o->executor, -1, &err));
    return client;
}

void office_exec(drift_client *client, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift_exec(drift_client_connection(client), sql, &err));
}

int office_try(drift_client *client, const char *sql)
{
    drift_error err = {0};
    const int rc = drift_exec(drift_client_connection(client), sql, &err);
    ck_assert_int_eq(rc, err.code);
    return rc;
}

int64_t office_int64(drift_client *client, const char *sql)
{
    drift_error err = {0};
    int64_t value = 0;
    ck_assert_drift(drift_query_int64(&value, drift_client_connection(client), sql, NULL, 0, &err));
    return value;
}

static void *run_thread(void *payload)
{
    const worker_thread *t = payload;
    t->run(t->payload);
    return NULL;
}

void office_start(worker_thread *t, void (*run)(void *payload), void *payload)
{
    t->run = run;
    t->payload = payload;
    ck_assert_int_eq(pthread_create(&t->thread, NULL, run_thread, t), 0);
}

void office_join(worker_thread *t)
{
    ck_assert_int_eq(pthread_join(t->thread, NULL), 0);
}

void gate_pass(gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->count++;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->lock);
}

void gate_wait(gate *g, int count)
{
    pthread_mutex_lock(&g->lock);
    while (g->count < count) pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

int gate_count(gate *g)
{
    pthread_mutex_lock(&g->lock);
    const int count = g->count;
    pthread_mutex_unlock(&g->lock);
    return count;
}

static int queued(const office *o)
{
    int count = 0;
    drift__lock(o->executor);
    for (const drift__job *job = o->executor->waiting.first; job; job = job->next) count++;
    drift__unlock(o->executor);
    return count;
}

void office_wait_queued(const office *o, int count)
{
    while (queued(o) < count) nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

int office_scaled(int full)
{
    const char *text = getenv("DRIFT_STRESS");
    const long percent = text ? strtol(text, NULL, 10) : 2;
    const long scaled = (long)full * percent / 100;
    return scaled < 1 ? 1 : (int)scaled;
}
