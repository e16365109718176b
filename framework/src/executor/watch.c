/* watch.c — watches, and telling them. */
#include <stdint.h>

#include "base/alloc.h"
#include "base/error.h"
#include "executor/actor.h"
#include "executor/job.h"
#include "executor/query.h"
#include "runtime/tracking.h"

/* --- watching --- */

typedef struct watch_job {
    drift__job job;
    const char *sql;
    const drift_value *binds;
    size_t bind_count;
    drift_watch *watch;
} watch_job;

static void link_watch(drift_watch *watch, drift__query *query)
{
    watch->query = query;
    watch->previous = NULL;
    watch->next = query->watches;
    if (query->watches) query->watches->previous = watch;
    query->watches = watch;
}

static int check_query(drift_statement *statement, size_t bind_count, drift_error *err)
{
    const int expected = statement->connection->operations->parameter_count(statement);
    if (!drift__tracked_reads_only(statement))
        return drift__error(err, DRIFT_MISUSE, "expected a query that only reads, found a statement that writes");
    if ((size_t)expected != bind_count)
        return drift__error(err, DRIFT_MISUSE, "expected %d values for the statement's parameters, found %zu", expected,
                            bind_count);
    return DRIFT_OK;
}

/* With the lock held. What the query reads is known from now on: a commit that comes next is not missed. */
static int join_query(watch_job *job, drift__table_set *reads, drift_error *err)
{
    drift_client *client = job->watch->client;
    drift_executor *executor = client->executor;
    if (client->closed) return drift__closed(err);
    drift__query *query = drift__query_find(executor, job->sql, job->binds, job->bind_count);
    if (!query) {
        query = drift__query_new(executor, job->sql, job->binds, job->bind_count);
        if (!query) return drift__no_memory(err);
        drift__table_set_merge(&query->reads, reads);
    }
    link_watch(job->watch, query);
    drift__query_update(query);
    return DRIFT_OK;
}

static int run_watch(drift__job *base, drift_connection *connection, drift_error *err)
{
    watch_job *job = (watch_job *)base;
    drift_statement *statement = NULL;
    drift__table_set reads = {0};
    int rc = drift_statement_prepare(&statement, connection, job->sql, err);
    if (rc == DRIFT_OK) rc = check_query(statement, job->bind_count, err);
    if (rc == DRIFT_OK) rc = drift__tracked_reads(&reads, statement, err);
    drift_statement_free(statement);
    if (rc == DRIFT_OK) {
        drift__lock(base->client->executor);
        rc = join_query(job, &reads, err);
        drift__unlock(base->client->executor);
    }
    drift__table_set_dispose(&reads);
    return rc;
}

static const drift__job_kind watch_kind = {.run = run_watch};

static drift_watch *watch_new(drift_client *client, unsigned flags, drift_watch_fn callback, void *payload)
{
    drift_watch *watch = drift__calloc(1, sizeof *watch);
    if (!watch) return NULL;
    watch->client = client;
    watch->callback = callback;
    watch->payload = payload;
    watch->flags = flags;
    watch->paused = (flags & DRIFT_WATCH_PAUSED) != 0;
    drift__lock(client->executor);
    client->references++;
    client->executor->references++;
    drift__unlock(client->executor);
    return watch;
}

static int check_binds(const drift_value *binds, size_t bind_count, drift_error *err)
{
    for (size_t i = 0; i < bind_count; i++) {
        if ((binds[i].kind == DRIFT_TEXT || binds[i].kind == DRIFT_BLOB) && !binds[i].bytes && binds[i].length > 0)
            return drift__error(err, DRIFT_MISUSE, "expected %zu bytes for parameter %zu, found NULL", binds[i].length,
                                i + 1);
    }
    return DRIFT_OK;
}

int drift_watch_query(drift_watch **out, drift_client *client, const char *sql, const drift_value *binds,
                      size_t bind_count, unsigned flags, drift_watch_fn callback, void *payload, drift_error *err)
{
    *out = NULL;
    if (!callback || (flags & ~(unsigned)(DRIFT_WATCH_DISTINCT | DRIFT_WATCH_PAUSED)))
        return drift__error(err, DRIFT_MISUSE, "expected a callback and known flags, found %s",
                            callback ? "other flags" : "no callback");
    int rc = check_binds(binds, bind_count, err);
    if (rc == DRIFT_OK) rc = drift__refuse_forked(client->executor, err);
    if (rc != DRIFT_OK) return rc;
    drift_watch *watch = watch_new(client, flags, callback, payload);
    if (!watch) return drift__no_memory(err);
    watch_job job = {{.kind = &watch_kind, .reads = true}, sql, binds, bind_count, watch};
    rc = drift__job_run(client, &job.job, err);
    if (rc == DRIFT_OK)
        *out = watch;
    else
        drift_unwatch(watch);
    return rc;
}

/* --- ending --- */

void drift__watch_unlink(drift_watch *watch)
{
    drift__query *query = watch->query;
    if (!query) return;
    if (watch->previous)
        watch->previous->next = watch->next;
    else
        query->watches = watch->next;
    if (watch->next) watch->next->previous = watch->previous;
    watch->query = NULL;
}

void drift__watch_free(drift_watch *watch)
{
    drift_client *client = watch->client;
    drift_executor *executor = client->executor;
    drift_rows_free(watch->told);
    drift__free(watch);
    drift__client_release_memory(client);
    executor->references--; /* the caller holds another */
}

bool drift__watch_called(const drift_executor *executor, const drift_client *client)
{
    return executor->calling && executor->calling->client == client;
}

/* The calling thread, if it owns the transaction that is open. */
static drift__thread *owning_thread(const drift_executor *executor)
{
    drift__thread *thread = executor->owner ? executor->owner->thread : NULL;
    return thread && pthread_equal(thread->self, pthread_self()) ? thread : NULL;
}

/* A callback that waits for this thread's transaction must not be waited for: what it waits for is refused. */
void drift__watch_wait_callback(drift_executor *executor)
{
    drift__thread *owner = owning_thread(executor);
    if (owner) {
        owner->waits_for_callback = true;
        drift__job_refuse_dispatcher(executor);
    }
    drift__wait_changed(executor, INT64_MAX);
    if (owner) owner->waits_for_callback = false;
}

void drift_unwatch(drift_watch *watch)
{
    if (!watch || drift__is_forked(watch->client->executor)) return;
    drift_executor *executor = watch->client->executor;
    drift__lock(executor);
    drift__query *query = watch->query;
    executor->references++; /* the watch's own may be the last */
    drift__watch_unlink(watch);
    if (query) drift__query_update(query);
    if (executor->calling == watch && drift__on_dispatcher(executor)) {
        watch->removed = true; /* freed behind its callback */
    } else {
        while (executor->calling == watch) drift__watch_wait_callback(executor);
        drift__watch_free(watch);
    }
    drift__executor_release(executor);
}

void drift_watch_pause(drift_watch *watch)
{
    if (drift__is_forked(watch->client->executor)) return;
    drift__lock(watch->client->executor);
    watch->paused = true;
    drift__unlock(watch->client->executor);
}

void drift_watch_resume(drift_watch *watch)
{
    if (drift__is_forked(watch->client->executor)) return;
    drift__lock(watch->client->executor);
    watch->paused = false;
    if (watch->query) drift__query_update(watch->query);
    drift__unlock(watch->client->executor);
}

/* --- telling: dispatch thread --- */

static drift_watch *next_to_tell(const drift__query *query)
{
    drift_watch *at = query->watches;
    while (at && (at->paused || at->shown >= query->fetched)) at = at->next;
    return at;
}

/* Keeps what is told for the next comparison. @return false if it equals what was told last. */
static bool is_news(drift_watch *watch, const drift_rows *rows)
{
    if (!(watch->flags & DRIFT_WATCH_DISTINCT)) return true;
    if (watch->told && rows && drift_rows_same(watch->told, rows)) return false;
    drift_rows_free(watch->told);
    watch->told = drift_rows_retain(rows);
    return true;
}

static void tell(drift_watch *watch, drift__query *query, drift_executor *executor)
{
    const drift_rows *rows = drift_rows_retain(query->rows);
    const drift_error failure = query->failure;
    watch->shown = query->fetched;
    executor->calling = watch;
    drift__unlock(executor);
    if (is_news(watch, rows)) watch->callback(rows, rows ? NULL : &failure, watch->payload);
    drift_rows_free(rows);
    drift__lock(executor);
    drift__callback_returned(executor);
    executor->calling = NULL;
    if (watch->removed) drift__watch_free(watch);
    pthread_cond_broadcast(&executor->changed);
}

void drift__query_tell(drift__task *task, drift_executor *executor)
{
    drift__query *query = (drift__query *)((char *)task - offsetof(drift__query, telling));
    drift_watch *watch;
    drift__lock(executor);
    while ((watch = next_to_tell(query))) tell(watch, query, executor);
    query->is_telling = false;
    drift__query_update(query);
    drift__unlock(executor);
}

/* --- what was written elsewhere --- */

typedef struct notify_job {
    drift__job job;
    const char *const *tables;
    size_t count;
} notify_job;

static int run_notify(drift__job *base, drift_connection *connection, drift_error *err)
{
    notify_job *job = (notify_job *)base;
    drift_executor *executor = base->client->executor;
    drift__table_set written = {.all = job->count == 0};
    if (!connection) return drift__closed(err);
    for (size_t i = 0; i < job->count; i++) drift__track_find(&written, connection, job->tables[i]);
    drift__lock(executor);
    drift__queries_touch(executor, &written, false);
    drift__unlock(executor);
    drift__table_set_dispose(&written);
    return DRIFT_OK;
}

static const drift__job_kind notify_kind = {.run = run_notify};

int drift_notify(drift_client *client, const char *const *tables, size_t count, drift_error *err)
{
    notify_job job = {{.kind = &notify_kind, .reads = true}, tables, count};
    return drift__job_run(client, &job.job, err);
}
