/* client.c — clients: connecting, the operations of their connections, closing. */
#include "base/alloc.h"
#include "base/error.h"
#include "executor/actor.h"
#include "executor/cursor.h"
#include "executor/job.h"
#include "executor/query.h"
#include "runtime/batch.h"

static drift_client *own(drift_connection *connection)
{
    return (drift_client *)connection;
}

/* --- operations --- */

typedef struct client_job {
    drift__job job;
    const char *sql;
    drift__control control;
    const drift_batch *batch;
} client_job;

static int run_exec(drift__job *job, drift_connection *connection, drift_error *err)
{
    return drift_exec(connection, ((client_job *)job)->sql, err);
}

static const drift__job_kind exec_kind = {.run = run_exec};

static int exec(drift_connection *connection, const char *sql, drift_error *err)
{
    client_job job = {.job = {.kind = &exec_kind}, .sql = sql};
    return drift__job_run(own(connection), &job.job, err);
}

static int run_batch_job(drift__job *job, drift_connection *connection, drift_error *err)
{
    return drift__batch_run_statements(connection, ((client_job *)job)->batch, err);
}

static const drift__job_kind batch_kind = {.run = run_batch_job};

static int run_batch(drift_connection *connection, const drift_batch *batch, drift_error *err)
{
    client_job job = {.job = {.kind = &batch_kind}, .batch = batch};
    return drift__job_run(own(connection), &job.job, err);
}

static int run_control(drift__job *job, drift_connection *connection, drift_error *err)
{
    return connection->operations->control(connection, ((client_job *)job)->control, err);
}

static const drift__job_kind control_kind = {.run = run_control, .ends = true};

static int control(drift_connection *connection, drift__control what, drift_error *err)
{
    client_job job = {.job = {.kind = &control_kind}, .control = what};
    return drift__job_run(own(connection), &job.job, err);
}

static int run_take(drift__job *job, drift_connection *connection, drift_error *err)
{
    (void)connection, (void)err;
    job->actor->exclusive = true;
    return DRIFT_OK;
}

static int run_give(drift__job *job, drift_connection *connection, drift_error *err)
{
    (void)connection, (void)err;
    job->actor->exclusive = false;
    return DRIFT_OK;
}

static const drift__job_kind take_kind = {.run = run_take};
static const drift__job_kind give_kind = {.run = run_give, .ends = true};

static bool actor_flag(drift_connection *connection, bool exclusive)
{
    drift_client *client = own(connection);
    drift__actor *actor = NULL;
    bool flag = false;
    if (drift__is_forked(client->executor)) return false;
    drift__lock(client->executor);
    if (drift__actor_of(&actor, client, NULL) == DRIFT_OK) flag = exclusive ? actor->exclusive : actor->inside;
    drift__unlock(client->executor);
    return flag;
}

/* One inside another adds nothing. */
static int exclusive(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err)
{
    if (actor_flag(connection, true)) return body(connection, payload, err);
    client_job take = {.job = {.kind = &take_kind}}, give = {.job = {.kind = &give_kind}};
    int rc = drift__job_run(own(connection), &take.job, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift__told(body(connection, payload, err), err);
    const int given = drift__job_run(own(connection), &give.job, rc == DRIFT_OK ? err : NULL);
    return rc != DRIFT_OK ? rc : given;
}

static int state_of(drift__transaction_state **out, drift_connection *connection, drift_error *err)
{
    drift_client *client = own(connection);
    drift__actor *actor = NULL;
    int rc = drift__refuse_forked(client->executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__lock(client->executor);
    rc = drift__actor_of(&actor, client, err);
    drift__unlock(client->executor);
    if (rc == DRIFT_OK) *out = &actor->state;
    return rc;
}

static bool in_transaction(drift_connection *connection)
{
    return actor_flag(connection, false);
}

static int64_t actor_number(drift_connection *connection, bool changes)
{
    drift_client *client = own(connection);
    drift__actor *actor = NULL;
    int64_t number = 0;
    if (drift__is_forked(client->executor)) return 0;
    drift__lock(client->executor);
    if (drift__actor_of(&actor, client, NULL) == DRIFT_OK) number = changes ? actor->changes : actor->last_insert_rowid;
    drift__unlock(client->executor);
    return number;
}

static int64_t last_insert_rowid(drift_connection *connection)
{
    return actor_number(connection, false);
}

static int64_t changes_of(drift_connection *connection)
{
    return actor_number(connection, true);
}

/* sqlite3_interrupt would reach every statement that is not at its end, also those of other clients; the executor's
 * progress callback ends the one that runs. */
static void interrupt(drift_connection *connection)
{
    drift_executor *executor = own(connection)->executor;
    if (drift__is_forked(executor)) return;
    drift__lock(executor);
    if (executor->running && executor->running->client == own(connection)) atomic_store(&executor->stop, true);
    drift__job_interrupt_waiting(executor, own(connection));
    drift__unlock(executor);
}

static int progress(drift_connection *connection, int instructions, drift_progress_fn callback, void *payload,
                    drift_error *err)
{
    (void)connection, (void)instructions, (void)callback, (void)payload;
    return drift__error(err, DRIFT_UNSUPPORTED,
                        "a client cannot ask for progress: its statements run on another thread");
}

static struct sqlite3 *handle_of(drift_connection *connection)
{
    (void)connection;
    return NULL;
}

static void close_connection(drift_connection *connection)
{
    drift_client *client = own(connection);
    if (client->owned)
        drift_client_free(client);
    else
        drift_client_close(client, NULL);
}

static const drift__connection_operations operations = {
    .exec = exec,
    .prepare = drift__client_prepare,
    .release = drift__client_release,
    .parameter_count = drift__client_parameter_count,
    .bind = drift__client_bind,
    .step = drift__client_step,
    .reset = drift__client_reset,
    .column_count = drift__client_column_count,
    .column_name = drift__client_column_name,
    .column_value = drift__client_column_value,
    .column_int64 = drift__client_column_int64,
    .column_double = drift__client_column_double,
    .column_text = drift__client_column_text,
    .control = control,
    .state = state_of,
    .exclusive = exclusive,
    .run_batch = run_batch,
    .in_transaction = in_transaction,
    .last_insert_rowid = last_insert_rowid,
    .changes = changes_of,
    .interrupt = interrupt,
    .progress = progress,
    .handle = handle_of,
    .close = close_connection,
};

/* --- connecting --- */

static drift_client *client_new(drift_executor *executor)
{
    drift_client *client = drift__calloc(1, sizeof *client);
    if (!client) return NULL;
    client->base.operations = &operations;
    client->executor = executor;
    client->handles = client->references = 1;
    client->next = executor->clients;
    if (executor->clients) executor->clients->previous = client;
    executor->clients = client;
    executor->references++;
    executor->users++;
    return client;
}

/* With the lock held. */
static int wait_until_open(drift_executor *executor, int timeout_ms, drift_error *err)
{
    const int64_t until = drift__time_after(timeout_ms);
    if (timeout_ms == 0) return DRIFT_OK;
    if (drift__on_worker(executor))
        return drift__error(err, DRIFT_MISUSE, "the call would wait for ever: it comes from the executor's worker");
    executor->open_wanted = true;
    pthread_cond_signal(&executor->work);
    while (executor->opened == DRIFT__OPENED_NOT && executor->phase < DRIFT__PHASE_DRAINING) {
        if (!drift__wait_changed(executor, until))
            return drift__error(err, DRIFT_BUSY, "the executor's database was not open after %d ms", timeout_ms);
    }
    if (executor->opened == DRIFT__OPENED_BADLY) return drift__error_copy(err, &executor->open_error);
    return executor->opened == DRIFT__OPENED_WELL ? DRIFT_OK : drift__closed(err);
}

int drift_executor_connect(drift_client **out, drift_executor *executor, int timeout_ms, drift_error *err)
{
    *out = NULL;
    int rc = drift__refuse_forked(executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__lock(executor);
    if (executor->phase >= DRIFT__PHASE_DRAINING) rc = drift__closed(err);
    if (rc == DRIFT_OK) rc = wait_until_open(executor, timeout_ms, err);
    if (rc == DRIFT_OK && executor->phase >= DRIFT__PHASE_DRAINING) rc = drift__closed(err);
    if (rc == DRIFT_OK) {
        *out = client_new(executor);
        if (!*out) rc = drift__no_memory(err);
    }
    drift__unlock(executor);
    return rc;
}

int drift_executor_connection(drift_connection **out, drift_executor *executor, int timeout_ms, drift_error *err)
{
    drift_client *client = NULL;
    const int rc = drift_executor_connect(&client, executor, timeout_ms, err);
    *out = NULL;
    if (rc != DRIFT_OK) return rc;
    client->owned = true;
    *out = &client->base;
    return DRIFT_OK;
}

drift_connection *drift_client_connection(drift_client *client)
{
    return &client->base;
}

drift_client *drift_connection_client(drift_connection *connection)
{
    return connection->operations == &operations ? own(connection) : NULL;
}

drift_executor *drift_client_executor(const drift_client *client)
{
    return client->executor;
}

/* --- closing --- */

/* The client takes no statement any more, but others may give theirs back meanwhile: the lock is taken for each. */
static drift__client_statement *with_remote(const drift_client *client)
{
    drift__lock(client->executor);
    drift__client_statement *at = client->statements;
    while (at && !at->remote) at = at->next;
    drift__unlock(client->executor);
    return at;
}

/* A statement that is given back meanwhile becomes garbage, which only this thread frees. */
static int run_close(drift__job *job, drift_connection *connection, drift_error *err)
{
    drift_client *client = job->client;
    drift__client_statement *statement;
    (void)connection, (void)err;
    drift__owner_roll_back(client->executor, client, NULL);
    while ((statement = with_remote(client))) drift__cursor_dispose_remote(client->executor, statement);
    return DRIFT_OK;
}

/* With the lock held; also gives back the client's hold on the executor's memory, of which the caller holds another. */
void drift__client_release_memory(drift_client *client)
{
    drift_executor *executor = client->executor;
    if (--client->references > 0) return;
    if (client->previous)
        client->previous->next = client->next;
    else
        executor->clients = client->next;
    if (client->next) client->next->previous = client->previous;
    while (client->statements) {
        drift__client_statement *statement = client->statements;
        client->statements = statement->next;
        drift__client_statement_drop(statement);
    }
    drift__actor_free_all(client);
    drift__free(client);
    executor->references--;
}

static void closing_done(drift__job *job, drift_executor *executor)
{
    drift__client_release_memory(job->client);
    pthread_cond_broadcast(&executor->changed);
}

static const drift__job_kind closing_kind = {.run = run_close, .done = closing_done, .closed_too = true};

/* The first closing; with the lock held. */
static void begin_close(drift_client *client)
{
    drift_executor *executor = client->executor;
    client->closed = true;
    client->idle = NULL;
    drift__job_close_waiting(executor, client);
    drift__job_stop_reading(executor, client);
    drift__queries_leave(executor, client);
    if (executor->phase == DRIFT__PHASE_NEW || executor->worker_ended) return;
    client->closing = (drift__job){.kind = &closing_kind, .client = client};
    client->references++;
    drift__job_push(&executor->urgent, &client->closing);
    pthread_cond_signal(&executor->work);
}

static bool is_closing(const drift_client *client)
{
    return client->closing.state == DRIFT__JOB_QUEUED || client->closing.state == DRIFT__JOB_RUNNING;
}

/* With the lock held, which it gives back. */
static void client_end(drift_client *client, bool waits)
{
    drift_executor *executor = client->executor;
    const bool first = !client->closed;
    if (first) begin_close(client);
    while (waits && is_closing(client)) drift__wait_changed(executor, INT64_MAX);
    while (waits && drift__watch_called(executor, client)) drift__watch_wait_callback(executor);
    if (first)
        drift__executor_leave(executor);
    else
        drift__unlock(executor);
}

int drift_client_close(drift_client *client, drift_error *err)
{
    drift_executor *executor = client->executor;
    const int rc = drift__refuse_forked(executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__lock(executor);
    if (drift__on_dispatcher(executor) || drift__on_worker(executor)) {
        drift__unlock(executor);
        return drift__error(err, DRIFT_MISUSE,
                            "expected drift_client_close on a thread of the application, found it in a "
                            "callback");
    }
    client_end(client, true);
    return DRIFT_OK;
}

drift_client *drift_client_retain(drift_client *client)
{
    if (drift__is_forked(client->executor)) return client;
    drift__lock(client->executor);
    client->handles++;
    drift__unlock(client->executor);
    return client;
}

void drift_client_free(drift_client *client)
{
    if (!client || drift__is_forked(client->executor)) return;
    drift_executor *executor = client->executor;
    drift__lock(executor);
    if (--client->handles > 0) {
        drift__unlock(executor);
        return;
    }
    executor->references++; /* the client's own may be the last */
    client_end(client, !drift__on_dispatcher(executor) && !drift__on_worker(executor));
    drift__lock(executor);
    drift__client_release_memory(client);
    drift__executor_release(executor);
}
