/* executor.h — a background executor: one thread that owns a connection, and any number of clients of it.
 *
 * A client is a drift_connection whose statements run on the executor's worker thread: drift_exec, drift_query,
 * prepared statements, transactions, batches and generated code work over it unchanged. Inputs are copied or waited for
 * before a call returns; outputs are the caller's. A call costs a hop between threads, so bulk work goes in batches.
 *
 * Transactions. A transaction, or a drift_exclusive, belongs to the client and the thread that began it. All others
 * wait for its end, first in, first out; its owner passes them. When its client is closed or its thread ends it is
 * rolled back at once. Outside of transactions every call stands for itself, as on a direct connection.
 *
 * Threads. Executors, clients, requests and registries may be used from any thread. A client may be shared by threads:
 * each has its own transaction, drift_last_insert_rowid and drift_changes. A statement belongs to one thread at a time.
 * Callbacks run one at a time on the executor's dispatch thread, without any lock held: they may call everything but
 * drift_client_close and drift_executor_shutdown, which refuse with MISUSE. A transaction that a callback leaves open
 * is rolled back when it returns. Neither executors nor registries survive fork(): in the child their calls give
 * MISUSE, and freeing does nothing.
 *
 * Waiting that cannot end is refused with MISUSE: a call that waits for a transaction of its own thread on another
 * client, a call from the worker itself. After the end of a client or of its executor every call gives CLOSED.
 *
 * Cursors. A client takes rows in blocks. A SELECT that is not at its end when another client writes is read to its end
 * first: it never sees another client's uncommitted rows, and keeps no lock. A statement that writes is run to its end
 * by its first step.
 *
 * The connection that the opening function gives is the executor's from then on: its authorizer, its commit and
 * rollback hooks and its progress callback are taken.
 */
#ifndef DRIFT_EXECUTOR_H
#define DRIFT_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/rows.h"

DRIFT_BEGIN_DECLS

typedef struct drift_executor drift_executor;
typedef struct drift_client drift_client;

/** Opens and migrates the database. Runs once, on the worker; the connection is the executor's, which closes it there.
 * It must have a handle of its own (no client). `payload` is borrowed until then. */
typedef int (*drift_executor_open_fn)(drift_connection **out, void *payload, drift_error *err);

/** All zero is a good choice. */
typedef struct drift_executor_options {
    /** Open when the first statement comes, or the first drift_executor_connect that waits; else at once. */
    bool delayed;
    /** A transaction that is open for longer is rolled back, and its owner's next statement tells it with TRANSACTION.
     * A statement that runs is let finish first. Milliseconds; 0: no limit. */
    int lease_ms;
    /** How often to ask, while there are query streams, whether another process changed the file (PRAGMA data_version).
     * Milliseconds; 0: never. */
    int poll_ms;
} drift_executor_options;

/**
 * Makes an executor and starts its worker thread. Does not wait for the opening.
 * @param options may be NULL.
 * @return DRIFT_OK; MISUSE without `open` or for a negative time; NO_MEMORY; IO if no thread could be started.
 */
DRIFT_API int drift_executor_spawn(drift_executor **out, drift_executor_open_fn open, void *payload,
                                   const drift_executor_options *options, drift_error *err);

/** As drift_executor_spawn, without a worker: clients may connect, and wait until drift_executor_run_current. */
DRIFT_API int drift_executor_new(drift_executor **out, drift_executor_open_fn open, void *payload,
                                 const drift_executor_options *options, drift_error *err);

/**
 * Makes the calling thread the worker, until the executor is shut down by another thread.
 * @return DRIFT_OK after a shutdown; MISUSE if the executor has or had a worker; CLOSED if it was shut down before;
 * what the opening function gave if it failed (the executor goes on refusing until it is shut down).
 */
DRIFT_API int drift_executor_run_current(drift_executor *executor, drift_error *err);

/** One more handle on the executor, to be freed too. @return `executor`. */
DRIFT_API drift_executor *drift_executor_retain(drift_executor *executor);

/** Gives up a handle. When no handle and no client that is open remains, the executor is shut down, without grace.
 * Accepts NULL. */
DRIFT_API void drift_executor_free(drift_executor *executor);

/**
 * Ends the executor for all its clients: new work is refused with CLOSED; until `grace_ms` have passed, transactions
 * may end and queued work is done; then transactions are rolled back, a read that runs is interrupted, a write is let
 * finish, queued requests are completed as closed. Then the connection is closed, and all callbacks have run. Handles
 * stay valid. A second call waits for the first.
 * @param grace_ms milliseconds, 0 for none; negative: as long as it takes.
 * @return DRIFT_OK; MISUSE from a callback or from the worker.
 */
DRIFT_API int drift_executor_shutdown(drift_executor *executor, int grace_ms, drift_error *err);

/**
 * A client. Waits up to `timeout_ms` for the database to be open; 0: does not wait (a delayed connection): an opening
 * that fails is then told by the first statement, and by every later one; negative: as long as it takes.
 * @param out the caller closes and frees.
 * @return DRIFT_OK; what the opening gave, if it failed; BUSY after the timeout; CLOSED; NO_MEMORY.
 */
DRIFT_API int drift_executor_connect(drift_client **out, drift_executor *executor, int timeout_ms, drift_error *err);

/** As drift_executor_connect, for code that knows only connections: drift_connection_close closes and frees it all. */
DRIFT_API int drift_executor_connection(drift_connection **out, drift_executor *executor, int timeout_ms,
                                        drift_error *err);

/** The client as a connection. Borrowed: drift_connection_close on it is drift_client_close. */
DRIFT_API drift_connection *drift_client_connection(drift_client *client);

/** The client that a connection is, or NULL for a direct one. Borrowed. */
DRIFT_API drift_client *drift_connection_client(drift_connection *connection);

/** The client's executor. Borrowed from the client. */
DRIFT_API drift_executor *drift_client_executor(const drift_client *client);

/**
 * Ends one client: its transaction is rolled back, what it has in the queue is completed as closed, a read of it that
 * runs is interrupted, a write is waited for, its query streams end. Other clients go on. The handle stays valid, calls
 * with it give CLOSED; a second close does nothing.
 * @return DRIFT_OK; MISUSE from a callback or from the worker.
 */
DRIFT_API int drift_client_close(drift_client *client, drift_error *err);

/** One more handle on the client, to be freed too. @return `client`. */
DRIFT_API drift_client *drift_client_retain(drift_client *client);

/** Gives up a handle; the last one closes the client (without waiting, from a callback) and frees it with the
 * statements that were not freed. Accepts NULL. */
DRIFT_API void drift_client_free(drift_client *client);

/* ---- asynchronous requests ---- */

typedef struct drift_request drift_request;

/** How a request ended. */
typedef enum drift_completion {
    DRIFT_COMPLETION_DONE = 0,
    DRIFT_COMPLETION_FAILED,    /**< `error` says why; what stands of a statement is what its ON CONFLICT says */
    DRIFT_COMPLETION_CANCELLED, /**< by drift_request_cancel; nothing of it was done */
    DRIFT_COMPLETION_CLOSED     /**< the client or the executor was closed first; nothing of it was done */
} drift_completion;

/** What a request gave. Borrowed until the callback returns. */
typedef struct drift_result {
    drift_completion completion;
    const drift_rows *rows; /**< of a statement that is DONE; else NULL */
    int64_t last_insert_rowid;
    int64_t changes;
    const drift_error *error; /**< not NULL unless DONE */
} drift_result;

/** Called exactly once for every request that was accepted, on the dispatch thread. */
typedef void (*drift_completion_fn)(const drift_result *result, void *payload);

/**
 * Has one statement run, and does not wait. Requests of a thread are run in their order, each outside of any
 * transaction: they wait for the transaction that is open, also if it is their own thread's. One that leaves a
 * transaction open fails with MISUSE, and is rolled back.
 * @param out a handle to cancel it with, which the caller frees; may be NULL.
 * @param done may be NULL.
 * @return DRIFT_OK: `done` will be called once; else it will not. CLOSED, NO_MEMORY, MISUSE for a bind without bytes.
 * What is wrong with the statement itself is told to `done`.
 */
DRIFT_API int drift_submit(drift_request **out, drift_client *client, const char *sql, const drift_value *binds,
                           size_t bind_count, drift_completion_fn done, void *payload, drift_error *err);

/** Has a batch run, all or none, and does not wait. The batch is copied. As drift_submit. */
DRIFT_API int drift_submit_batch(drift_request **out, drift_client *client, const drift_batch *batch,
                                 drift_completion_fn done, void *payload, drift_error *err);

/** Cancels: what is queued is not run, a read that runs is interrupted, a write that runs is left alone. `done` is
 * called either way, and tells how it ended. */
DRIFT_API void drift_request_cancel(drift_request *request);

/** Frees the handle, not the request. Accepts NULL. */
DRIFT_API void drift_request_free(drift_request *request);

/* ---- a registry of executors by name ---- */

/** Lets code that knows nothing of each other share an executor. An object that the app makes and passes on. It does
 * not keep executors running. */
typedef struct drift_registry drift_registry;

DRIFT_API int drift_registry_new(drift_registry **out, drift_error *err);

/** Accepts NULL. The executors in it stay as they are. */
DRIFT_API void drift_registry_free(drift_registry *registry);

/** Puts an executor under a name. MISUSE if a living one has the name. */
DRIFT_API int drift_registry_put(drift_registry *registry, const char *name, drift_executor *executor,
                                 drift_error *err);

/** Takes a name out, whatever it stands for. */
DRIFT_API void drift_registry_remove(drift_registry *registry, const char *name);

/**
 * The executor with a name, as a handle that the caller frees. One that was shut down is never returned.
 * @return DRIFT_OK; NOT_FOUND if there is none.
 */
DRIFT_API int drift_registry_get(drift_executor **out, drift_registry *registry, const char *name, drift_error *err);

/** The executor with a name, or, if there is none, one that is spawned and put under it. However many ask at once, one
 * is spawned. The caller frees the handle. */
DRIFT_API int drift_registry_get_or_spawn(drift_executor **out, drift_registry *registry, const char *name,
                                          drift_executor_open_fn open, void *payload,
                                          const drift_executor_options *options, drift_error *err);

DRIFT_END_DECLS

#endif
