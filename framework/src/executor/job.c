/* job.c — queues of jobs, and waiting for one. */
#include "executor/job.h"

#include <stdlib.h>

#include "base/error.h"
#include "executor/actor.h"

static bool is_lawful(drift__job_state from, drift__job_state to)
{
    static const drift__job_state moves[][2] = {
#define JOB_LAW(from_state, to_state) {DRIFT__JOB_##from_state, DRIFT__JOB_##to_state},
        DRIFT__JOB_LAW(JOB_LAW)
#undef JOB_LAW
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i][0] == from && moves[i][1] == to) return true;
    }
    return false;
}

/* Going on would complete a job twice, or never. */
void drift__job_move(drift__job *job, drift__job_state to)
{
    if (!is_lawful(job->state, to)) abort();
    job->state = to;
}

void drift__job_push(drift__job_queue *queue, drift__job *job)
{
    drift__job_move(job, DRIFT__JOB_QUEUED);
    job->next = NULL;
    job->previous = queue->last;
    if (queue->last)
        queue->last->next = job;
    else
        queue->first = job;
    queue->last = job;
}

void drift__job_take(drift__job_queue *queue, drift__job *job)
{
    if (job->previous)
        job->previous->next = job->next;
    else
        queue->first = job->next;
    if (job->next)
        job->next->previous = job->previous;
    else
        queue->last = job->previous;
}

void drift__job_enqueue(drift_executor *executor, drift__job *job)
{
    drift__job_push(&executor->waiting, job);
    pthread_cond_signal(&executor->work);
}

void drift__job_complete(drift_executor *executor, drift__job *job, int rc)
{
    job->rc = rc;
    drift__job_move(job, DRIFT__JOB_DONE);
    if (job->kind->done)
        job->kind->done(job, executor);
    else if (job->actor)
        pthread_cond_signal(&job->actor->thread->wake);
    else
        pthread_cond_broadcast(&executor->changed);
}

/* --- admission --- */

/* The lease ran out while the actor was not looking. What drift_transaction had begun is over for it. */
int drift__actor_tell_lost(drift__actor *actor, drift_error *err)
{
    actor->lost = false;
    if (actor->state.depth > 0) actor->state.refusal = DRIFT__REFUSAL_ENDED;
    drift__error(err, DRIFT_TRANSACTION,
                 "the statement was not run: its transaction took longer than the executor's lease of %d ms and was "
                 "rolled back",
                 actor->client->executor->options.lease_ms);
    drift__error_hint(err, "do slow work outside of transactions, or raise lease_ms");
    return DRIFT_TRANSACTION;
}

static bool is_dispatchers(const drift_executor *executor, const drift__actor *actor)
{
    return pthread_equal(actor->thread->self, executor->dispatcher) != 0;
}

/* Whether waiting for the owner's end would last for ever. */
static int check_owner(const drift_executor *executor, const drift__actor *actor, drift_error *err)
{
    const drift__actor *owner = executor->owner;
    if (!owner || owner == actor) return DRIFT_OK;
    if (owner->thread == actor->thread)
        return drift__error(err, DRIFT_MISUSE,
                            "the statement would wait for ever: its thread has a transaction open on another client");
    if (owner->thread->waits_for_callback && is_dispatchers(executor, actor))
        return drift__error(
            err, DRIFT_BUSY,
            "the statement would wait for ever: the thread of the open transaction waits for this callback");
    return DRIFT_OK;
}

static int admit(const drift_client *client, drift__actor *actor, const drift__job_kind *kind, drift_error *err)
{
    const drift_executor *executor = client->executor;
    if (client->closed || executor->phase >= DRIFT__PHASE_ENDING) return drift__closed(err);
    if (executor->phase == DRIFT__PHASE_DRAINING && executor->owner != actor) return drift__closed(err);
    if (actor->lost) return drift__actor_tell_lost(actor, err);
    if (actor->state.refusal != DRIFT__REFUSAL_NONE && !kind->ends) return drift__refuse(&actor->state, err);
    return check_owner(executor, actor, err);
}

/* With the lock held. */
static int refuse_worker(const drift_executor *executor, drift_error *err)
{
    if (!drift__on_worker(executor)) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE, "the call would wait for ever: it comes from the executor's worker");
}

int drift__job_run(drift_client *client, drift__job *job, drift_error *err)
{
    drift_executor *executor = client->executor;
    drift__actor *actor = NULL;
    int rc = drift__refuse_forked(executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__lock(executor);
    rc = refuse_worker(executor, err);
    if (rc == DRIFT_OK) rc = drift__actor_of(&actor, client, err);
    if (rc == DRIFT_OK) rc = admit(client, actor, job->kind, err);
    if (rc == DRIFT_OK) {
        job->client = client;
        job->actor = actor;
        job->err = err;
        drift__job_push(executor->owner == actor ? &executor->owned : &executor->waiting, job);
        pthread_cond_signal(&executor->work);
        while (job->state != DRIFT__JOB_DONE) pthread_cond_wait(&actor->thread->wake, &executor->lock);
        rc = job->rc;
    }
    drift__unlock(executor);
    return rc;
}

int drift__job_run_urgent(drift_client *client, drift__job *job, drift_error *err)
{
    drift_executor *executor = client->executor;
    int rc = drift__refuse_forked(executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__lock(executor);
    rc = refuse_worker(executor, err);
    if (rc == DRIFT_OK && (executor->phase == DRIFT__PHASE_NEW || executor->worker_ended)) rc = drift__closed(err);
    if (rc == DRIFT_OK) {
        job->client = client;
        job->err = err;
        drift__job_push(&executor->urgent, job);
        pthread_cond_signal(&executor->work);
        while (job->state != DRIFT__JOB_DONE) pthread_cond_wait(&executor->changed, &executor->lock);
        rc = job->rc;
    }
    drift__unlock(executor);
    return rc;
}

/* --- jobs that will not run --- */

static void close_queue(drift_executor *executor, drift__job_queue *queue, const drift_client *client)
{
    for (drift__job *job = queue->first, *next; job; job = next) {
        next = job->next;
        if (client && job->client != client) continue;
        drift__job_take(queue, job);
        job->stopped = true;
        drift__job_complete(executor, job, drift__closed(job->err));
    }
}

void drift__job_close_waiting(drift_executor *executor, const drift_client *client)
{
    close_queue(executor, &executor->owned, client);
    close_queue(executor, &executor->waiting, client);
}

static void interrupt_queue(drift_executor *executor, drift__job_queue *queue, const drift_client *client)
{
    for (drift__job *job = queue->first, *next; job; job = next) {
        next = job->next;
        if (job->client != client || !job->actor) continue;
        drift__job_take(queue, job);
        drift__job_complete(
            executor, job,
            drift__error(job->err, DRIFT_INTERRUPTED, "waiting for another's transaction was interrupted"));
    }
}

void drift__job_interrupt_waiting(drift_executor *executor, const drift_client *client)
{
    interrupt_queue(executor, &executor->owned, client);
    interrupt_queue(executor, &executor->waiting, client);
}

void drift__job_stop_reading(drift_executor *executor, const drift_client *client)
{
    drift__job *running = executor->running;
    if (!running || (client && running->client != client)) return;
    running->stopped = true;
    if (running->reads) atomic_store(&executor->stop, true);
}

void drift__job_refuse_dispatcher(drift_executor *executor)
{
    for (drift__job *job = executor->waiting.first; job; job = job->next) {
        if (!job->actor || !is_dispatchers(executor, job->actor)) continue;
        drift__job_take(&executor->waiting, job);
        drift__job_complete(executor, job, check_owner(executor, job->actor, job->err));
        return; /* a thread waits for one job at a time */
    }
}
