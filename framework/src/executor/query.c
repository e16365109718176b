/* query.c — fetching: when, and once for all watches. */
#include "executor/query.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "executor/job.h"
#include "executor/rows.h"
#include "runtime/tracking.h"
#include "runtime/value.h"

/* --- the list --- */

static bool same_binds(const drift__query *query, const drift_value *binds, size_t bind_count)
{
    if (query->bind_count != bind_count) return false;
    for (size_t i = 0; i < bind_count; i++) {
        if (!drift__value_same(&query->binds[i], &binds[i])) return false;
    }
    return true;
}

drift__query *drift__query_find(const drift_executor *executor, const char *sql, const drift_value *binds,
                                size_t bind_count)
{
    drift__query *at = executor->queries;
    while (at && (strcmp(at->sql, sql) != 0 || !same_binds(at, binds, bind_count))) at = at->next;
    return at;
}

static void query_free(drift__query *query)
{
    drift_rows_free(query->rows);
    drift__table_set_dispose(&query->reads);
    drift__table_set_dispose(&query->arrived_reads);
    drift__arena_dispose(&query->arena);
    drift__free(query);
}

static int fetch(drift__job *job, drift_connection *connection, drift_error *err);
static void fetched(drift__job *job, drift_executor *executor);
static const drift__job_kind fetch_kind = {.run = fetch, .done = fetched};

drift__query *drift__query_new(drift_executor *executor, const char *sql, const drift_value *binds, size_t bind_count)
{
    drift__query *query = drift__calloc(1, sizeof *query);
    if (!query) return NULL;
    query->sql = drift__arena_strdup(&query->arena, sql);
    query->binds = drift__arena_array(&query->arena, bind_count, sizeof *query->binds);
    for (size_t i = 0; query->binds && i < bind_count; i++)
        query->binds[i] = drift__value_copy(&query->arena, &binds[i]);
    if (query->arena.failed) {
        query_free(query);
        return NULL;
    }
    query->fetch.kind = &fetch_kind;
    query->fetch.reads = true;
    query->telling.run = drift__query_tell;
    query->executor = executor;
    query->bind_count = bind_count;
    query->wanted = 1;
    query->next = executor->queries;
    if (executor->queries) executor->queries->previous = query;
    executor->queries = query;
    return query;
}

static void remove_query(drift__query *query)
{
    if (query->previous)
        query->previous->next = query->next;
    else
        query->executor->queries = query->next;
    if (query->next) query->next->previous = query->previous;
    query_free(query);
}

/* --- what is next --- */

static bool is_fetching(const drift__query *query)
{
    return query->fetch.state == DRIFT__JOB_QUEUED || query->fetch.state == DRIFT__JOB_RUNNING;
}

static bool has_listener(const drift__query *query, bool unseen)
{
    for (const drift_watch *at = query->watches; at; at = at->next) {
        if (!at->paused && (!unseen || at->shown < query->fetched)) return true;
    }
    return false;
}

/* What was fetched is told before the next fetch, so that a query that changes all the time is told all the time. */
void drift__query_update(drift__query *query)
{
    drift_executor *executor = query->executor;
    if (is_fetching(query) || query->is_telling) return;
    if (!query->watches) {
        remove_query(query);
    } else if (has_listener(query, true)) {
        query->is_telling = true;
        drift__dispatch(executor, &query->telling);
    } else if (query->fetched < query->wanted && has_listener(query, false) && executor->phase < DRIFT__PHASE_ENDING) {
        query->fetch.err = &query->arrived_failure;
        drift__job_enqueue(executor, &query->fetch);
    }
}

void drift__queries_touch(drift_executor *executor, const drift__table_set *written, bool schema)
{
    for (drift__query *at = executor->queries, *next; at; at = next) {
        next = at->next;
        if (schema) at->reads_unknown = true;
        if (!schema && !drift__table_set_meets(written, &at->reads)) continue;
        at->wanted++;
        drift__query_update(at);
    }
}

void drift__queries_leave(drift_executor *executor, const drift_client *client)
{
    for (drift__query *query = executor->queries, *next; query; query = next) {
        next = query->next;
        for (drift_watch *watch = query->watches, *next_watch; watch; watch = next_watch) {
            next_watch = watch->next;
            if (!client || watch->client == client) drift__watch_unlink(watch);
        }
        drift__query_update(query);
    }
}

/* --- fetching: worker --- */

static int read_all(drift__query *query, drift_statement *statement, drift_error *err)
{
    drift_rows *rows = NULL;
    bool more = false;
    int rc = drift__bind_all(statement, query->binds, query->bind_count, err);
    if (rc == DRIFT_OK) rc = drift__rows_read(&rows, &more, statement, DRIFT__ROWS_ALL, err);
    if (rc == DRIFT_OK)
        query->arrived = rows;
    else
        drift_rows_free(rows);
    return rc;
}

/* What the query reads is settled by the step that may have compiled it again. */
static int fetch(drift__job *job, drift_connection *connection, drift_error *err)
{
    drift__query *query = (drift__query *)job;
    drift_executor *executor = query->executor;
    drift_statement *statement = NULL;
    drift__lock(executor);
    query->fetching_to = query->wanted;
    const bool asks_reads = query->reads_unknown;
    drift__unlock(executor);
    int rc = drift_statement_prepare(&statement, connection, query->sql, err);
    if (rc == DRIFT_OK && !drift__tracked_reads_only(statement))
        rc = drift__error(err, DRIFT_MISUSE, "expected a query that only reads, found a statement that writes");
    if (rc == DRIFT_OK) rc = read_all(query, statement, err);
    if (rc == DRIFT_OK && asks_reads) rc = drift__tracked_reads(&query->arrived_reads, statement, err);
    if (rc == DRIFT_OK && asks_reads) {
        drift__lock(executor);
        drift__table_set_clear(&query->reads);
        drift__table_set_merge(&query->reads, &query->arrived_reads);
        query->reads_unknown = false;
        drift__unlock(executor);
    }
    drift_statement_free(statement);
    return rc;
}

/* A query that a closing interrupted, or that no watch waits for any more, has nothing to tell. */
static void fetched(drift__job *job, drift_executor *executor)
{
    drift__query *query = (drift__query *)job;
    (void)executor;
    const bool failed = job->rc != DRIFT_OK;
    drift_rows_free(query->rows);
    query->rows = failed ? NULL : query->arrived;
    if (failed) drift_rows_free(query->arrived);
    query->arrived = NULL;
    query->failure = failed ? query->arrived_failure : (drift_error){0};
    query->arrived_failure = (drift_error){0};
    if (!job->stopped) query->fetched = query->fetching_to;
    drift__query_update(query);
}
