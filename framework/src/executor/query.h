/* query.h — a watched query: one execution for all watches with the same text and binds.
 *
 * Three numbers say all: a commit that concerns the query raises `wanted`; a fetch brings `fetched` to what `wanted`
 * was when it began; a callback brings a watch's `shown` to `fetched`. A query is to be fetched while fetched < wanted,
 * a watch is to be told while shown < fetched. One fetch or one telling of a query goes on at a time: while it does,
 * `wanted` is the dirty bit.
 */
#ifndef DRIFT_EXECUTOR_QUERY_H
#define DRIFT_EXECUTOR_QUERY_H

#include "base/arena.h"
#include "executor/executor.h"

typedef struct drift__query {
    drift__job fetch;
    drift__task telling;
    drift_executor *executor;
    struct drift__query *previous, *next; /**< of the executor */
    struct drift_watch *watches;
    drift__arena arena;
    const char *sql;
    drift_value *binds;
    size_t bind_count;
    drift__table_set reads;
    bool reads_unknown; /**< the schema has changed since */
    uint64_t wanted, fetched;
    uint64_t fetching_to;      /**< what `wanted` was when the fetch began */
    bool is_telling;           /**< queued or running */
    const drift_rows *rows;    /**< what was fetched last, or NULL */
    drift_error failure;       /**< why it was not, or code 0 */
    const drift_rows *arrived; /**< worker: a fetch's rows, until it is done */
    drift_error arrived_failure;
    drift__table_set arrived_reads; /**< worker */
} drift__query;

struct drift_watch {
    drift_client *client;                /**< a reference of its memory */
    drift__query *query;                 /**< NULL once the client or the executor is closed */
    struct drift_watch *previous, *next; /**< of the query */
    drift_watch_fn callback;
    void *payload;
    unsigned flags;
    bool paused;
    bool removed; /**< the dispatch thread frees it after its callback */
    uint64_t shown;
    const drift_rows *told; /**< DISTINCT: what was told last */
};

/* With the lock held. */

/** A commit, or something else, has changed tables, or the schema and so all of them. */
void drift__queries_touch(drift_executor *executor, const drift__table_set *written, bool schema);

/** Does what is to be done next for a query: fetch, tell, or free it. */
void drift__query_update(drift__query *query);

/** Ends the watches of a client, or all of them (NULL). */
void drift__queries_leave(drift_executor *executor, const drift_client *client);

/** Whether the callback of a watch of this client runs. */
bool drift__watch_called(const drift_executor *executor, const drift_client *client);

/** Waits for the callback that runs, or another change. */
void drift__watch_wait_callback(drift_executor *executor);

/** A new query in the executor's list; NULL if there is no memory. */
drift__query *drift__query_new(drift_executor *executor, const char *sql, const drift_value *binds, size_t bind_count);
drift__query *drift__query_find(const drift_executor *executor, const char *sql, const drift_value *binds,
                                size_t bind_count);

/** Takes a watch out of its query. */
void drift__watch_unlink(drift_watch *watch);

/** Frees a watch that is in no query. */
void drift__watch_free(drift_watch *watch);

/** The dispatch thread's part: tells all watches of a query that have not seen its rows. */
void drift__query_tell(drift__task *task, drift_executor *executor);

#endif
