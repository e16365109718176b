/* executor.h — the state of an executor, its clients, and what they hand to each other.
 *
 * The law of locks
 *
 *   executor->lock       guards everything below that is not marked otherwise.
 *   registry->lock       guards a registry's entries. It is taken before an executor's lock, never inside it.
 *   the worker           alone uses what is marked "worker": the connection, remote statements, cursors. It needs no
 *                        lock for that, and holds none while a job runs.
 *   a statement          belongs to the thread that uses it, and to the worker while that thread waits for a job of it.
 *   rows                 never change; their count of references is atomic.
 *
 * No function of the application is called with a lock held: not the opening function (worker), no body (the caller's
 * thread), no callback (dispatch thread). A lock is never held while a statement runs.
 */
#ifndef DRIFT_EXECUTOR_EXECUTOR_H
#define DRIFT_EXECUTOR_EXECUTOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "drift/executor.h"
#include "drift/watch.h"
#include "runtime/connection.h"
#include "runtime/table_set.h"

/* ---- jobs: what the worker runs ---- */

/** From, to: every change of a job's state is one of these. */
#define DRIFT__JOB_LAW(X) \
    X(NEW, QUEUED)        \
    X(QUEUED, RUNNING)    \
    X(QUEUED, DONE)       \
    X(RUNNING, DONE)      \
    X(DONE, QUEUED)

typedef enum drift__job_state {
    DRIFT__JOB_NEW = 0,
    DRIFT__JOB_QUEUED,
    DRIFT__JOB_RUNNING,
    DRIFT__JOB_DONE
} drift__job_state;

typedef struct drift__job drift__job;
typedef struct drift__actor drift__actor;
typedef struct drift__thread drift__thread;

/** The job's work. Worker; without the lock. */
typedef int (*drift__job_fn)(drift__job *job, drift_connection *connection, drift_error *err);

/** What a kind of job is. */
typedef struct drift__job_kind {
    drift__job_fn run;
    /** With the lock held, once the job is DONE. NULL: a thread waits for it. */
    void (*done)(drift__job *job, drift_executor *executor);
    bool ends;       /**< may end a transaction, and so is not refused because it was ended */
    bool closed_too; /**< also runs where there is no connection, which is then NULL */
} drift__job_kind;

struct drift__job {
    const drift__job_kind *kind;
    drift__job *previous, *next; /**< in its queue */
    drift__job_state state;
    drift_client *client; /**< whose it is, or NULL: the executor's own */
    drift__actor *actor;  /**< whose transaction it is in, or NULL: it waits for every transaction */
    bool reads;           /**< what runs only reads, and may be interrupted */
    bool cancelled;
    bool stopped; /**< it was interrupted because its client or executor is closed */
    int rc;
    drift_error *err; /**< may be NULL */
};

typedef struct drift__job_queue {
    drift__job *first, *last;
} drift__job_queue;

/* ---- tasks: what the dispatch thread runs ---- */

typedef struct drift__task {
    struct drift__task *next;
    void (*run)(struct drift__task *task, drift_executor *executor); /**< without the lock */
} drift__task;

/* ---- threads and actors ---- */

/** A thread that has used a client of this executor. Ends with the thread, or when its last actor does. */
struct drift__thread {
    drift_executor *executor;
    pthread_t self;
    pthread_cond_t wake; /**< a job of it is done */
    drift__actor *actors;
    bool waits_for_callback;
    bool waits_for_end; /**< of a shutdown that another thread began */
};

/** A client as one thread uses it: transactions belong to actors. */
struct drift__actor {
    uint64_t id;
    drift_client *client;
    drift__thread *thread;
    drift__actor *next_of_thread, *next_of_client;
    drift__transaction_state state; /**< the thread's own */
    bool inside;                    /**< in a transaction */
    bool exclusive;
    bool lost; /**< its transaction was rolled back because of the lease, which it was not told */
    int64_t last_insert_rowid, changes;
};

/* ---- clients ---- */

struct drift_client {
    drift_connection base;
    drift_executor *executor;
    size_t handles;    /**< of the application */
    size_t references; /**< 1 for all handles, 1 for each request and watch, 1 while it is being closed */
    bool closed;
    bool owned; /**< by its connection: closing that frees it */
    drift_client *previous, *next;
    drift__actor *actors;
    struct drift__client_statement *statements; /**< all of them, also idle ones */
    struct drift__client_statement *idle;       /**< the cache, the last used one first */
    size_t idle_count;
    drift__job closing;
};

/* ---- the executor ---- */

/** From, to: every change of an executor's phase is one of these. */
#define DRIFT__PHASE_LAW(X) \
    X(NEW, RUNNING)         \
    X(NEW, DRAINING)        \
    X(NEW, ENDING)          \
    X(RUNNING, DRAINING)    \
    X(RUNNING, ENDING)      \
    X(DRAINING, ENDING)     \
    X(ENDING, ENDED)

typedef enum drift__phase {
    DRIFT__PHASE_NEW = 0,  /**< has no worker yet */
    DRIFT__PHASE_RUNNING,  /**< takes work */
    DRIFT__PHASE_DRAINING, /**< takes what the owner of the transaction sends, and does what is queued */
    DRIFT__PHASE_ENDING,   /**< takes nothing, and completes what is queued as closed */
    DRIFT__PHASE_ENDED     /**< has no threads any more */
} drift__phase;

typedef enum drift__opened {
    DRIFT__OPENED_NOT = 0,
    DRIFT__OPENED_WELL,
    DRIFT__OPENED_BADLY /**< `open_error` says why, from now on */
} drift__opened;

struct drift_executor {
    pthread_mutex_t lock;
    pthread_cond_t work;    /**< for the worker */
    pthread_cond_t told;    /**< for the dispatch thread */
    pthread_cond_t changed; /**< broadcast: opened, idle, a thread ended, a callback returned */
    pthread_key_t key;      /**< each thread's drift__thread */
    pid_t process;          /**< in which the threads are; never changes */

    size_t references; /**< of the memory: of users, threads that run, drift__threads, clients, registries */
    size_t users;      /**< handles, and clients that are open */
    drift__phase phase;
    drift_executor_options options;
    drift_executor_open_fn open;
    void *open_payload;
    bool open_wanted;
    drift__opened opened;
    drift_error open_error;

    pthread_t worker, dispatcher;
    bool has_worker, joins_worker, worker_ended, dispatcher_ended;
    bool dispatcher_ends; /**< when it has run its tasks */
    bool abandoned;       /**< its last user was a callback: the threads end by themselves */

    drift__job_queue urgent;  /**< touches no table: passes everything */
    drift__job_queue owned;   /**< of the owner of the transaction */
    drift__job_queue waiting; /**< all others, first in, first out */
    drift__job *running;
    atomic_bool stop; /**< what runs is to be interrupted; set with the lock held, read by the worker without */
    drift__actor *owner;
    int64_t owner_until_us; /**< the end of its lease */
    uint64_t last_actor;

    drift_client *clients;
    struct drift__client_statement *garbage; /**< statements that the worker is to free */

    drift__task *first_task, *last_task;
    struct drift_watch *calling; /**< the watch whose callback runs */
    struct drift__query *queries;

    drift_connection *connection;            /**< worker */
    struct drift__client_statement *cursors; /**< worker: those that are open in SQLite */
    bool draining;                           /**< worker: cursors are read to their ends */
    int64_t data_version, poll_at_us;        /**< worker */
};

void drift__lock(drift_executor *executor);
void drift__unlock(drift_executor *executor);

/** References of the memory. With the lock held, which drift__executor_release gives back. */
void drift__executor_release(drift_executor *executor);

/** Moves an executor to another phase; the law above is asserted. With the lock held. */
void drift__phase_move(drift_executor *executor, drift__phase to);

/** Gives up a user, with the lock held, which it gives back, and a reference; the last user shuts down. */
void drift__executor_leave(drift_executor *executor);

/** Whether this is a child of the executor's process: its threads are not here, its lock may be held for ever, and so
 * nothing of it may be touched. Without the lock. */
bool drift__is_forked(const drift_executor *executor);

/** MISUSE, with its text, for a forked child. */
int drift__forked(drift_error *err);

/** drift__forked in a forked child, else DRIFT_OK. Without the lock. */
int drift__refuse_forked(const drift_executor *executor, drift_error *err);

/** Whether this thread is one of the executor's own. */
bool drift__on_worker(const drift_executor *executor);
bool drift__on_dispatcher(const drift_executor *executor);

/** Gives back a reference of a client's memory; the caller holds one of the executor's. With the lock held. */
void drift__client_release_memory(drift_client *client);

/** CLOSED, with its text. */
int drift__closed(drift_error *err);

/** Copies a whole error, place and hint included, unless one is set. @return its code. */
int drift__error_copy(drift_error *err, const drift_error *from);

/** Waits for `changed` until a time of drift__clock_us (INT64_MAX: without end); false if the time has come. With the
 * lock held. */
bool drift__wait_changed(drift_executor *executor, int64_t until_us);

/** When `ms` from now is; INT64_MAX if negative. */
int64_t drift__time_after(int ms);

/** Makes condition variables that count on the clock of drift__clock_us. 0, or an errno. */
int drift__cond_init(pthread_cond_t *cond);
bool drift__cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_us);

/* ---- worker.c ---- */

/** The worker's life on this thread. */
void drift__worker_run(drift_executor *executor);

/* ---- dispatch.c ---- */

void *drift__dispatcher_main(void *executor);

/** Gives the dispatch thread a task. With the lock held. */
void drift__dispatch(drift_executor *executor, drift__task *task);

#endif
