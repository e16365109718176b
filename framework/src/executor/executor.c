/* executor.c — an executor from its making to its end. */
#include "executor/executor.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "executor/actor.h"
#include "executor/cursor.h"
#include "executor/job.h"
#include "executor/query.h"

/* --- locks, times, errors --- */

void drift__lock(drift_executor *executor)
{
    pthread_mutex_lock(&executor->lock);
}

void drift__unlock(drift_executor *executor)
{
    pthread_mutex_unlock(&executor->lock);
}

int drift__cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    int failed = pthread_condattr_init(&attributes);
    if (failed) return failed;
    failed = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* the clock of drift__clock_us */
    if (!failed) failed = pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
    return failed;
}

bool drift__cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_us)
{
    if (until_us == INT64_MAX) {
        pthread_cond_wait(cond, lock);
        return true;
    }
    const struct timespec until = {.tv_sec = (time_t)(until_us / 1000000),
                                   .tv_nsec = (long)(until_us % 1000000 * 1000)};
    return pthread_cond_timedwait(cond, lock, &until) != ETIMEDOUT;
}

bool drift__wait_changed(drift_executor *executor, int64_t until_us)
{
    return drift__cond_wait_until(&executor->changed, &executor->lock, until_us);
}

int64_t drift__time_after(int ms)
{
    return ms < 0 ? INT64_MAX : drift__clock_us() + (int64_t)ms * 1000;
}

int drift__closed(drift_error *err)
{
    return drift__error(err, DRIFT_CLOSED, "the call was refused: the client or its executor is closed");
}

int drift__error_copy(drift_error *err, const drift_error *from)
{
    if (err && !err->code) *err = *from;
    return from->code;
}

bool drift__is_forked(const drift_executor *executor)
{
    return executor->process != getpid();
}

int drift__forked(drift_error *err)
{
    return drift__error(err, DRIFT_MISUSE,
                        "expected the process that made the executor, found a child of it: an executor does not "
                        "survive fork()");
}

int drift__refuse_forked(const drift_executor *executor, drift_error *err)
{
    return drift__is_forked(executor) ? drift__forked(err) : DRIFT_OK;
}

bool drift__on_worker(const drift_executor *executor)
{
    return executor->has_worker && !executor->worker_ended && pthread_equal(executor->worker, pthread_self());
}

bool drift__on_dispatcher(const drift_executor *executor)
{
    return !executor->dispatcher_ended && pthread_equal(executor->dispatcher, pthread_self());
}

static bool is_lawful(drift__phase from, drift__phase to)
{
    static const drift__phase moves[][2] = {
#define PHASE_LAW(from_phase, to_phase) {DRIFT__PHASE_##from_phase, DRIFT__PHASE_##to_phase},
        DRIFT__PHASE_LAW(PHASE_LAW)
#undef PHASE_LAW
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i][0] == from && moves[i][1] == to) return true;
    }
    return false;
}

/* Going on would join a thread twice, or never. */
void drift__phase_move(drift_executor *executor, drift__phase to)
{
    if (!is_lawful(executor->phase, to)) abort();
    executor->phase = to;
}

/* --- making --- */

static int check_options(drift_executor_open_fn open, const drift_executor_options *options, drift_error *err)
{
    if (!open) return drift__error(err, DRIFT_MISUSE, "expected an opening function, found none");
    if (options->lease_ms < 0 || options->poll_ms < 0)
        return drift__error(err, DRIFT_MISUSE,
                            "expected times of 0 or more milliseconds, found a lease of %d and polls "
                            "every %d",
                            options->lease_ms, options->poll_ms);
    return DRIFT_OK;
}

static void destroy(drift_executor *executor)
{
    pthread_key_delete(executor->key);
    pthread_cond_destroy(&executor->changed);
    pthread_cond_destroy(&executor->told);
    pthread_cond_destroy(&executor->work);
    pthread_mutex_destroy(&executor->lock);
    drift__free(executor);
}

/* What the operating system gives, each part with how to give it back if a later one is not to be had. */
static int make_parts(drift_executor *executor)
{
    if (pthread_mutex_init(&executor->lock, NULL) != 0) return -1;
    if (drift__cond_init(&executor->work) != 0) goto no_work;
    if (drift__cond_init(&executor->told) != 0) goto no_told;
    if (drift__cond_init(&executor->changed) != 0) goto no_changed;
    if (drift__actor_key(executor) == 0) return 0;
    pthread_cond_destroy(&executor->changed);
no_changed:
    pthread_cond_destroy(&executor->told);
no_told:
    pthread_cond_destroy(&executor->work);
no_work:
    pthread_mutex_destroy(&executor->lock);
    return -1;
}

static int no_thread(int reason, drift_error *err)
{
    return drift__error(err, DRIFT_IO, "the executor's thread could not be started: error %d of the system", reason);
}

/* The lock keeps the new thread from asking who it is before that is known. */
static int start_thread(pthread_t *out, drift_executor *executor, void *(*body)(void *), drift_error *err)
{
    drift__lock(executor);
    executor->references++;
    const int reason = pthread_create(out, NULL, body, executor);
    if (reason) executor->references--;
    drift__unlock(executor);
    return reason ? no_thread(reason, err) : DRIFT_OK;
}

int drift_executor_new(drift_executor **out, drift_executor_open_fn open, void *payload,
                       const drift_executor_options *options, drift_error *err)
{
    static const drift_executor_options defaults = {.delayed = false};
    *out = NULL;
    if (!options) options = &defaults;
    int rc = check_options(open, options, err);
    if (rc != DRIFT_OK) return rc;
    drift_executor *executor = drift__calloc(1, sizeof *executor);
    if (!executor) return drift__no_memory(err);
    executor->references = executor->users = 1;
    executor->options = *options;
    executor->open = open;
    executor->open_payload = payload;
    executor->process = getpid();
    atomic_init(&executor->stop, false);
    if (make_parts(executor) != 0) {
        drift__free(executor);
        return drift__no_memory(err);
    }
    rc = start_thread(&executor->dispatcher, executor, drift__dispatcher_main, err);
    if (rc == DRIFT_OK)
        *out = executor;
    else
        destroy(executor);
    return rc;
}

static void *worker_main(void *payload)
{
    drift_executor *executor = payload;
    drift__worker_run(executor);
    drift__lock(executor);
    drift__executor_release(executor);
    return NULL;
}

static int start_worker(drift_executor *executor, drift_error *err)
{
    drift__lock(executor);
    drift__phase_move(executor, DRIFT__PHASE_RUNNING);
    executor->has_worker = executor->joins_worker = true;
    drift__unlock(executor);
    const int rc = start_thread(&executor->worker, executor, worker_main, err);
    if (rc == DRIFT_OK) return DRIFT_OK;
    drift__lock(executor);
    executor->has_worker = executor->joins_worker = false;
    executor->worker_ended = true;
    drift__unlock(executor);
    return rc;
}

int drift_executor_spawn(drift_executor **out, drift_executor_open_fn open, void *payload,
                         const drift_executor_options *options, drift_error *err)
{
    int rc = drift_executor_new(out, open, payload, options, err);
    if (rc != DRIFT_OK) return rc;
    rc = start_worker(*out, err);
    if (rc == DRIFT_OK) return DRIFT_OK;
    drift_executor_free(*out);
    *out = NULL;
    return rc;
}

/* With the lock held. */
static int become_worker(drift_executor *executor, drift_error *err)
{
    if (executor->phase >= DRIFT__PHASE_DRAINING) return drift__closed(err);
    if (drift__on_dispatcher(executor))
        return drift__error(err, DRIFT_MISUSE, "expected a thread of the application as the worker, found a callback");
    if (executor->has_worker)
        return drift__error(err, DRIFT_MISUSE, "expected an executor without a worker, found one that has one");
    drift__phase_move(executor, DRIFT__PHASE_RUNNING);
    executor->has_worker = true;
    executor->worker = pthread_self();
    executor->references++;
    return DRIFT_OK;
}

int drift_executor_run_current(drift_executor *executor, drift_error *err)
{
    int rc = drift__refuse_forked(executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__lock(executor);
    rc = become_worker(executor, err);
    drift__unlock(executor);
    if (rc != DRIFT_OK) return rc;
    drift__worker_run(executor);
    drift__lock(executor);
    if (executor->opened == DRIFT__OPENED_BADLY) rc = drift__error_copy(err, &executor->open_error);
    drift__executor_release(executor);
    return rc;
}

/* --- its end --- */

drift_executor *drift_executor_retain(drift_executor *executor)
{
    if (drift__is_forked(executor)) return executor;
    drift__lock(executor);
    executor->references++;
    executor->users++;
    drift__unlock(executor);
    return executor;
}

static void free_garbage(drift__client_statement *garbage)
{
    while (garbage) {
        drift__client_statement *statement = garbage;
        garbage = statement->next_free;
        drift__client_statement_free(statement);
    }
}

void drift__executor_release(drift_executor *executor)
{
    const bool last = --executor->references == 0;
    drift__unlock(executor);
    if (!last) return;
    free_garbage(executor->garbage);
    destroy(executor);
}

static bool is_idle(const drift_executor *executor)
{
    return !executor->owner && !executor->running && !executor->urgent.first && !executor->owned.first &&
           !executor->waiting.first;
}

/* A transaction whose own thread waits for the executor's end would never end. */
static bool owner_waits(const drift_executor *executor)
{
    const drift__thread *thread = executor->owner ? executor->owner->thread : NULL;
    return thread && (thread->waits_for_end || pthread_equal(thread->self, pthread_self()));
}

/* Lets go on what began before. */
static void drain(drift_executor *executor, int64_t until_us)
{
    drift__phase_move(executor, DRIFT__PHASE_DRAINING);
    pthread_cond_broadcast(&executor->changed);
    while (executor->has_worker && !is_idle(executor) && !owner_waits(executor)) {
        if (!drift__wait_changed(executor, until_us)) return;
    }
}

/* Without a worker nobody else would complete what is queued. */
static void stop_work(drift_executor *executor)
{
    drift__phase_move(executor, DRIFT__PHASE_ENDING);
    if (!executor->has_worker) {
        drift__job_close_waiting(executor, NULL);
        executor->worker_ended = true;
    }
    drift__job_stop_reading(executor, NULL);
    pthread_cond_broadcast(&executor->work);
    pthread_cond_broadcast(&executor->changed);
}

/* The last user is a callback, or the worker: they cannot be waited for by themselves. */
static void abandon(drift_executor *executor)
{
    executor->abandoned = true;
    if (executor->joins_worker) pthread_detach(executor->worker);
    pthread_detach(executor->dispatcher);
    stop_work(executor);
    if (executor->worker_ended) executor->dispatcher_ends = true;
    pthread_cond_broadcast(&executor->told);
}

static void join_threads(drift_executor *executor)
{
    while (!executor->worker_ended) drift__wait_changed(executor, INT64_MAX);
    executor->dispatcher_ends = true;
    pthread_cond_broadcast(&executor->told);
    while (!executor->dispatcher_ended) drift__wait_changed(executor, INT64_MAX);
    drift__unlock(executor);
    if (executor->joins_worker) pthread_join(executor->worker, NULL);
    pthread_join(executor->dispatcher, NULL);
    drift__lock(executor);
}

/* With the lock held, on a thread that is neither of the executor's. */
static void shut_down(drift_executor *executor, int64_t until_us)
{
    if (executor->phase < DRIFT__PHASE_DRAINING) {
        drain(executor, until_us);
        stop_work(executor);
        join_threads(executor);
        drift__phase_move(executor, DRIFT__PHASE_ENDED);
        pthread_cond_broadcast(&executor->changed);
    }
    drift__thread *own = pthread_getspecific(executor->key);
    if (own) own->waits_for_end = true;
    pthread_cond_broadcast(&executor->changed);
    while (executor->phase != DRIFT__PHASE_ENDED) drift__wait_changed(executor, INT64_MAX);
    if (own) own->waits_for_end = false;
}

void drift__executor_leave(drift_executor *executor)
{
    if (--executor->users == 0 && executor->phase < DRIFT__PHASE_DRAINING) {
        if (drift__on_worker(executor) || drift__on_dispatcher(executor))
            abandon(executor);
        else
            shut_down(executor, 0);
    }
    drift__unlock(executor);
}

void drift_executor_free(drift_executor *executor)
{
    if (!executor || drift__is_forked(executor)) return;
    drift__lock(executor);
    executor->references++;
    drift__executor_leave(executor);
    drift__lock(executor);
    drift__thread_forget(executor);
    executor->references--;
    drift__executor_release(executor);
}

int drift_executor_shutdown(drift_executor *executor, int grace_ms, drift_error *err)
{
    const int rc = drift__refuse_forked(executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__lock(executor);
    const bool own = drift__on_worker(executor) || drift__on_dispatcher(executor);
    if (!own) shut_down(executor, drift__time_after(grace_ms));
    if (!own) drift__thread_forget(executor);
    drift__unlock(executor);
    if (!own) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE,
                        "expected drift_executor_shutdown on a thread of the application, found it in a "
                        "callback or on the worker");
}
