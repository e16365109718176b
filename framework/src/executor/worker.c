/* worker.c — the thread that owns the connection.
 *
 * A round of its loop does one thing: open the database, run a job, end a transaction whose lease has run out, ask
 * whether another process has written, or wait. Urgent jobs come first; then those of the transaction's owner, or,
 * where there is none, the first that waits.
 */
#include "base/clock.h"
#include "base/error.h"
#include "executor/cursor.h"
#include "executor/job.h"
#include "executor/query.h"
#include "runtime/pragma.h"
#include "runtime/tracking.h"

/* How often what runs asks whether it is to stop. */
enum { STOP_INSTRUCTIONS = 1000 };

/* --- opening --- */

/* What is read for other clients is not what was interrupted. */
static bool goes_on(void *payload)
{
    drift_executor *executor = payload;
    return executor->draining || !atomic_load_explicit(&executor->stop, memory_order_relaxed);
}

static void on_commit(const drift__table_set *written, bool schema, void *payload)
{
    drift_executor *executor = payload;
    drift__lock(executor);
    drift__queries_touch(executor, written, schema);
    drift__unlock(executor);
}

/* What the executor needs of a connection that the application has opened. */
static int equip(drift_executor *executor, drift_connection *connection, drift_error *err)
{
    if (!connection || !drift_connection_handle(connection))
        return drift__error(err, DRIFT_MISUSE,
                            "expected a direct connection from the executor's opening function, found %s",
                            connection ? "a client" : "none");
    if (drift_in_transaction(connection))
        return drift__error(err, DRIFT_MISUSE,
                            "expected a connection without a transaction from the executor's opening function");
    int rc = drift__track(connection, on_commit, executor, err);
    if (rc == DRIFT_OK) rc = drift_connection_progress(connection, STOP_INSTRUCTIONS, goes_on, executor, err);
    if (rc == DRIFT_OK) rc = drift__pragma_get(&executor->data_version, connection, DRIFT__PRAGMA_DATA_VERSION, err);
    return rc;
}

static int open_connection(drift_executor *executor, drift_error *err)
{
    drift_connection *connection = NULL;
    int rc = drift__told(executor->open(&connection, executor->open_payload, err), err);
    if (rc == DRIFT_OK) rc = equip(executor, connection, err);
    if (rc == DRIFT_OK)
        executor->connection = connection;
    else
        drift_connection_close(connection);
    return rc;
}

/* With the lock held, which is given back meanwhile. */
static void open_database(drift_executor *executor)
{
    drift_error failure = {0};
    drift__unlock(executor);
    const int rc = open_connection(executor, &failure);
    drift__lock(executor);
    executor->opened = rc == DRIFT_OK ? DRIFT__OPENED_WELL : DRIFT__OPENED_BADLY;
    executor->open_error = failure;
    pthread_cond_broadcast(&executor->changed);
}

static bool is_to_open(const drift_executor *executor)
{
    if (executor->opened != DRIFT__OPENED_NOT) return false;
    return !executor->options.delayed || executor->open_wanted || executor->waiting.first;
}

/* --- the owner of the transaction --- */

/* A transaction that cannot be rolled back must not be used on: from now on every call fails. */
static void roll_back(drift_executor *executor)
{
    drift_connection *connection = executor->connection;
    if (!connection || !drift_in_transaction(connection)) return;
    connection->operations->control(connection, DRIFT__CONTROL_ROLLBACK, NULL);
    if (!drift_in_transaction(connection)) return;
    drift__lock(executor);
    executor->opened = DRIFT__OPENED_BADLY;
    executor->open_error = (drift_error){0};
    drift__error(&executor->open_error, DRIFT_TRANSACTION,
                 "the executor's connection cannot be used on: a rollback failed");
    drift__unlock(executor);
}

/* Without the lock. The owner's cursors may show rows that are being undone. */
static void end_ownership(drift_executor *executor, bool lost)
{
    drift__actor *owner = executor->owner;
    drift__cursors_fail(executor, owner->id);
    roll_back(executor);
    drift__lock(executor);
    owner->inside = owner->exclusive = false;
    owner->lost = lost;
    executor->owner = NULL;
    pthread_cond_broadcast(&executor->changed);
    drift__unlock(executor);
}

void drift__owner_roll_back(drift_executor *executor, const drift_client *client, const drift__actor *actor)
{
    drift__lock(executor);
    const drift__actor *owner = executor->owner;
    const bool is_meant = owner && owner->client == client && (!actor || owner == actor);
    drift__unlock(executor);
    if (is_meant) end_ownership(executor, false);
}

/* With the lock held. A statement that came meanwhile is told too. */
static void expire_lease(drift_executor *executor)
{
    drift__actor *owner = executor->owner;
    drift__unlock(executor);
    end_ownership(executor, true);
    drift__lock(executor);
    drift__job *job = executor->owned.first;
    if (!job) return;
    drift__job_take(&executor->owned, job);
    drift__job_complete(executor, job, drift__actor_tell_lost(owner, job->err));
}

/* Autocommit is asked after every job: who left a transaction open owns it, and one that is over has no owner. */
static void settle_owner(drift_executor *executor, const drift__job *job, bool inside)
{
    drift__actor *actor = job->actor;
    const bool owns = inside || actor->exclusive;
    actor->inside = inside;
    if (owns && executor->owner != actor) {
        executor->owner = actor;
        executor->owner_until_us = drift__time_after(executor->options.lease_ms ? executor->options.lease_ms : -1);
    } else if (!owns && executor->owner == actor) {
        executor->owner = NULL;
    }
}

/* --- running a job --- */

/* Lends the actor's state to the connection, which watches its transaction while the job runs. */
static int run_with_state(drift__job *job, drift_connection *connection)
{
    drift__transaction_state *state = NULL, *own = &job->actor->state;
    int rc = connection->operations->state(&state, connection, job->err);
    if (rc != DRIFT_OK) return rc;
    state->depth = own->depth;
    rc = job->kind->run(job, connection, job->err);
    state->depth = 0;
    if (state->refusal != DRIFT__REFUSAL_ENDED) return rc;
    own->refusal = own->depth > 0 ? DRIFT__REFUSAL_ENDED : DRIFT__REFUSAL_NONE;
    state->refusal = DRIFT__REFUSAL_NONE;
    return rc;
}

/* What SQLite keeps for the connection each actor has for itself. */
static int run_for_actor(drift__job *job, drift_connection *connection, bool *inside)
{
    drift__actor *actor = job->actor;
    const uint64_t before = drift__tracked_row_statements(connection);
    drift__direct_set_last_insert_rowid(connection, actor->last_insert_rowid);
    const int rc = run_with_state(job, connection);
    actor->last_insert_rowid = drift_last_insert_rowid(connection);
    if (drift__tracked_row_statements(connection) != before) actor->changes = drift_changes(connection);
    *inside = drift_in_transaction(connection);
    return rc;
}

static int run(drift_executor *executor, drift__job *job, bool urgent, bool *inside)
{
    drift_connection *connection = executor->connection;
    drift__garbage_free(executor);
    if (!job->kind->closed_too && executor->opened != DRIFT__OPENED_WELL)
        return drift__error_copy(job->err, &executor->open_error);
    if (urgent) return job->kind->run(job, connection, job->err);
    if (!job->reads) drift__cursors_drain(executor, job->actor);
    if (job->actor) return run_for_actor(job, connection, inside);
    return job->kind->run(job, connection, job->err);
}

/* With the lock held. */
static void run_job(drift_executor *executor, drift__job_queue *queue)
{
    drift__job *job = queue->first;
    const bool urgent = queue == &executor->urgent;
    bool inside = false;
    drift__job_take(queue, job);
    drift__job_move(job, DRIFT__JOB_RUNNING);
    executor->running = job;
    atomic_store(&executor->stop, false);
    drift__unlock(executor);
    const int rc = run(executor, job, urgent, &inside);
    drift__lock(executor);
    executor->running = NULL;
    atomic_store(&executor->stop, false);
    if (job->actor && !urgent) settle_owner(executor, job, inside);
    drift__job_complete(executor, job, rc);
    if (executor->phase == DRIFT__PHASE_DRAINING) pthread_cond_broadcast(&executor->changed);
}

static drift__job_queue *next_queue(drift_executor *executor)
{
    drift__job_queue *queue = executor->owner ? &executor->owned : &executor->waiting;
    if (executor->urgent.first) queue = &executor->urgent;
    return queue->first ? queue : NULL;
}

/* --- other processes --- */

static bool polls(const drift_executor *executor)
{
    return executor->options.poll_ms > 0 && executor->queries && !executor->owner &&
           executor->opened == DRIFT__OPENED_WELL;
}

/* "The PRAGMA data_version command provides an indication that the database file has been modified by another
 * connection" (https://www.sqlite.org/pragma.html#pragma_data_version). With the lock held. */
static void poll_others(drift_executor *executor)
{
    int64_t version = executor->data_version;
    drift__unlock(executor);
    const int rc = drift__pragma_get(&version, executor->connection, DRIFT__PRAGMA_DATA_VERSION, NULL);
    drift__lock(executor);
    executor->poll_at_us = drift__time_after(executor->options.poll_ms);
    if (rc != DRIFT_OK || version == executor->data_version) return;
    executor->data_version = version;
    drift__queries_touch(executor, &(drift__table_set){.all = true}, true);
}

/* --- the loop --- */

static bool is_over(int64_t until_us)
{
    return until_us != INT64_MAX && drift__clock_us() >= until_us;
}

static void wait_for_work(drift_executor *executor)
{
    int64_t until = executor->owner ? executor->owner_until_us : INT64_MAX;
    if (polls(executor) && executor->poll_at_us < until) until = executor->poll_at_us;
    drift__cond_wait_until(&executor->work, &executor->lock, until);
}

static void one_round(drift_executor *executor)
{
    if (is_to_open(executor)) {
        open_database(executor);
        return;
    }
    drift__job_queue *queue = next_queue(executor);
    if (executor->owner && is_over(executor->owner_until_us))
        expire_lease(executor);
    else if (polls(executor) && is_over(executor->poll_at_us))
        poll_others(executor);
    else if (queue)
        run_job(executor, queue);
    else
        wait_for_work(executor);
}

static void end_worker(drift_executor *executor)
{
    drift__job_close_waiting(executor, NULL);
    const bool has_owner = executor->owner != NULL;
    drift__unlock(executor);
    if (has_owner) end_ownership(executor, false);
    drift__lock(executor);
    drift_connection *connection = executor->connection;
    drift__statements_orphan(executor);
    executor->connection = NULL;
    drift__unlock(executor);
    drift__garbage_free(executor);
    drift_connection_close(connection);
    drift__lock(executor);
    while (executor->urgent.first) run_job(executor, &executor->urgent);
    executor->worker_ended = true;
    if (executor->abandoned) executor->dispatcher_ends = true;
    pthread_cond_broadcast(&executor->told);
    pthread_cond_broadcast(&executor->changed);
}

void drift__worker_run(drift_executor *executor)
{
    drift__lock(executor);
    executor->poll_at_us = drift__time_after(executor->options.poll_ms);
    while (executor->phase < DRIFT__PHASE_ENDING) one_round(executor);
    end_worker(executor);
    drift__unlock(executor);
}
