/* request.c — work that nobody waits for: every request that was accepted is completed exactly once.
 *
 * A request is completed by whoever makes its job DONE, which the law of jobs allows once: the worker that has run it,
 * or who takes it out of the queue. The dispatch thread then tells it.
 */
#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "executor/actor.h"
#include "executor/job.h"
#include "executor/rows.h"
#include "runtime/batch.h"
#include "runtime/tracking.h"
#include "runtime/value.h"

struct drift_request {
    drift__job job;
    drift__task telling;
    drift_client *client; /* a reference of its memory */
    size_t references;    /* of the application, and of the executor until it is told */
    drift__arena arena;
    const char *sql; /* or NULL: the batch */
    drift_value *binds;
    size_t bind_count;
    drift_batch *batch;
    drift_completion_fn done;
    void *payload;
    drift_rows *rows;
    int64_t last_insert_rowid, changes;
    drift_error error;
};

/* --- running: worker --- */

/* From here on a request that reads may be interrupted, and none that writes may be cancelled. */
static int begin(drift_request *request, bool reads, drift_error *err)
{
    drift_executor *executor = request->client->executor;
    drift__lock(executor);
    request->job.reads = reads;
    const bool is_over = request->job.cancelled || request->job.stopped;
    drift__unlock(executor);
    return is_over ? drift__error(err, DRIFT_INTERRUPTED, "the request was cancelled before it ran") : DRIFT_OK;
}

static int run_statement(drift_request *request, drift_connection *connection, drift_error *err)
{
    drift_statement *statement = NULL;
    bool more = false;
    int rc = drift_statement_prepare(&statement, connection, request->sql, err);
    if (rc == DRIFT_OK) rc = drift__bind_all(statement, request->binds, request->bind_count, err);
    if (rc == DRIFT_OK) rc = begin(request, drift__tracked_reads_only(statement), err);
    if (rc == DRIFT_OK) rc = drift__rows_read(&request->rows, &more, statement, DRIFT__ROWS_ALL, err);
    drift_statement_free(statement);
    return rc;
}

static int run_batch(drift_request *request, drift_connection *connection, drift_error *err)
{
    const int rc = begin(request, false, err);
    return rc == DRIFT_OK ? drift__batch_run_statements(connection, request->batch, err) : rc;
}

/* Nobody would end a transaction that a request leaves open. */
static int refuse_transaction(drift_connection *connection, drift_error *err)
{
    if (!drift_in_transaction(connection)) return DRIFT_OK;
    connection->operations->control(connection, DRIFT__CONTROL_ROLLBACK, NULL);
    return drift__error(err, DRIFT_MISUSE, "expected a request to leave no transaction open, found one, rolled back");
}

static int run_request(drift__job *job, drift_connection *connection, drift_error *err)
{
    drift_request *request = (drift_request *)job;
    const uint64_t before = drift__tracked_row_statements(connection);
    drift__direct_set_last_insert_rowid(connection, 0);
    int rc = request->sql ? run_statement(request, connection, err) : run_batch(request, connection, err);
    const int left_open = refuse_transaction(connection, err);
    request->last_insert_rowid = drift_last_insert_rowid(connection);
    if (drift__tracked_row_statements(connection) != before) request->changes = drift_changes(connection);
    return rc == DRIFT_OK ? left_open : rc;
}

/* --- telling: dispatch thread --- */

/* With the lock held; the caller holds a reference of the executor's memory. */
static void release(drift_request *request)
{
    if (--request->references > 0) return;
    drift_executor *executor = request->client->executor;
    drift_batch_free(request->batch);
    drift_rows_free(request->rows);
    drift__arena_dispose(&request->arena);
    drift__client_release_memory(request->client);
    drift__free(request);
    executor->references--;
}

static drift_completion completion_of(const drift_request *request)
{
    const int rc = request->job.rc;
    if (rc == DRIFT_OK) return DRIFT_COMPLETION_DONE;
    if (rc == DRIFT_CLOSED || (rc == DRIFT_INTERRUPTED && request->job.stopped)) return DRIFT_COMPLETION_CLOSED;
    if (rc == DRIFT_INTERRUPTED && request->job.cancelled) return DRIFT_COMPLETION_CANCELLED;
    return DRIFT_COMPLETION_FAILED;
}

static void tell(drift__task *task, drift_executor *executor)
{
    drift_request *request = (drift_request *)((char *)task - offsetof(drift_request, telling));
    const bool is_done = request->job.rc == DRIFT_OK;
    const drift_completion completion = completion_of(request);
    if (completion == DRIFT_COMPLETION_CLOSED) { /* why what ran was interrupted */
        request->error = (drift_error){0};
        drift__closed(&request->error);
    }
    const drift_result result = {.completion = completion,
                                 .rows = is_done ? request->rows : NULL,
                                 .last_insert_rowid = is_done ? request->last_insert_rowid : 0,
                                 .changes = is_done ? request->changes : 0,
                                 .error = is_done ? NULL : &request->error};
    if (request->done) request->done(&result, request->payload);
    drift__lock(executor);
    drift__callback_returned(executor);
    release(request);
    drift__unlock(executor);
}

static void request_done(drift__job *job, drift_executor *executor)
{
    drift__dispatch(executor, &((drift_request *)job)->telling);
}

static const drift__job_kind request_kind = {.run = run_request, .done = request_done};

/* --- submitting --- */

static drift_request *request_new(drift_client *client, drift_completion_fn done, void *payload)
{
    drift_request *request = drift__calloc(1, sizeof *request);
    if (!request) return NULL;
    request->job = (drift__job){.kind = &request_kind, .client = client, .err = &request->error};
    request->telling.run = tell;
    request->client = client;
    request->references = 1;
    request->done = done;
    request->payload = payload;
    drift__lock(client->executor);
    client->references++;
    client->executor->references++;
    drift__unlock(client->executor);
    return request;
}

static int submit(drift_request **out, drift_request *request, int rc, drift_error *err)
{
    drift_executor *executor = request->client->executor;
    drift__lock(executor);
    if (rc == DRIFT_OK && (request->client->closed || executor->phase >= DRIFT__PHASE_DRAINING))
        rc = drift__closed(err);
    if (rc == DRIFT_OK) {
        if (out) request->references++;
        drift__job_enqueue(executor, &request->job);
        if (out) *out = request;
    } else {
        executor->references++; /* the client's own may be the last */
        release(request);
        drift__executor_release(executor);
        return rc;
    }
    drift__unlock(executor);
    return rc;
}

static int copy_binds(drift_request *request, const drift_value *binds, size_t bind_count, drift_error *err)
{
    request->bind_count = bind_count;
    request->binds = drift__arena_array(&request->arena, bind_count, sizeof *request->binds);
    for (size_t i = 0; request->binds && i < bind_count; i++) {
        if ((binds[i].kind == DRIFT_TEXT || binds[i].kind == DRIFT_BLOB) && !binds[i].bytes && binds[i].length > 0)
            return drift__error(err, DRIFT_MISUSE, "expected %zu bytes for parameter %zu, found NULL", binds[i].length,
                                i + 1);
        request->binds[i] = drift__value_copy(&request->arena, &binds[i]);
    }
    return request->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift_submit(drift_request **out, drift_client *client, const char *sql, const drift_value *binds,
                 size_t bind_count, drift_completion_fn done, void *payload, drift_error *err)
{
    if (out) *out = NULL;
    const int rc = drift__refuse_forked(client->executor, err);
    if (rc != DRIFT_OK) return rc;
    drift_request *request = request_new(client, done, payload);
    if (!request) return drift__no_memory(err);
    request->sql = drift__arena_strdup(&request->arena, sql);
    return submit(out, request, copy_binds(request, binds, bind_count, err), err);
}

static int copy_batch(drift_batch **out, const drift_batch *batch, drift_error *err)
{
    int rc = drift_batch_new(out, err);
    for (size_t i = 0; rc == DRIFT_OK && i < batch->entry_count; i++) {
        const drift__batch_entry *entry = &batch->entries[i];
        rc = drift_batch_add(*out, batch->texts[entry->text], entry->values, entry->value_count, err);
    }
    return rc;
}

int drift_submit_batch(drift_request **out, drift_client *client, const drift_batch *batch, drift_completion_fn done,
                       void *payload, drift_error *err)
{
    if (out) *out = NULL;
    const int rc = drift__refuse_forked(client->executor, err);
    if (rc != DRIFT_OK) return rc;
    drift_request *request = request_new(client, done, payload);
    if (!request) return drift__no_memory(err);
    return submit(out, request, copy_batch(&request->batch, batch, err), err);
}

/* --- cancelling --- */

void drift_request_cancel(drift_request *request)
{
    drift_executor *executor = request->client->executor;
    if (drift__is_forked(executor)) return;
    drift__lock(executor);
    /* how a job that is DONE ended stands, and is read without the lock */
    if (request->job.state != DRIFT__JOB_DONE) request->job.cancelled = true;
    if (request->job.state == DRIFT__JOB_QUEUED) {
        drift__job_take(&executor->waiting, &request->job);
        drift__job_complete(
            executor, &request->job,
            drift__error(&request->error, DRIFT_INTERRUPTED, "the request was cancelled before it ran"));
    } else if (executor->running == &request->job && request->job.reads) {
        atomic_store(&executor->stop, true);
    }
    drift__unlock(executor);
}

void drift_request_free(drift_request *request)
{
    if (!request || drift__is_forked(request->client->executor)) return;
    drift_executor *executor = request->client->executor;
    drift__lock(executor);
    executor->references++; /* the request's own may be the last */
    release(request);
    drift__executor_release(executor);
}
