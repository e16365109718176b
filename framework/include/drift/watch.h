/* watch.h — query streams: a query whose result is told again whenever a commit changed what it reads.
 *
 * The first result comes at once. Then, after each committed transaction of any client of the executor that changed a
 * table which the query reads (through views too; triggers and foreign keys' actions count as writes), the query runs
 * again. After a rollback nothing is told, nor for what ROLLBACK TO has undone. However many commits come while a
 * result is fetched or told, the last callback shows the last of them: there may be fewer callbacks than commits.
 *
 * What a query reads and a statement writes is what SQLite's authorizer says when it is compiled. A query that reads a
 * virtual table (full-text search, say) may depend on anything, and runs again after every commit. Writes by other
 * processes are noticed with drift_executor_options.poll_ms; other writes made elsewhere are told by drift_notify.
 *
 * Threads: all calls from any thread. Callbacks come one at a time, on the executor's dispatch thread, without any lock
 * held; they may call everything but drift_client_close and drift_executor_shutdown.
 */
#ifndef DRIFT_WATCH_H
#define DRIFT_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/executor.h"
#include "drift/export.h"
#include "drift/rows.h"

DRIFT_BEGIN_DECLS

typedef struct drift_watch drift_watch;

/**
 * Is told a result, or why it could not be fetched (a column was dropped, say): the watch lives on and tries again
 * after the next commit that concerns it. Nothing it returns could be used, so it returns nothing.
 * @param rows the whole result, borrowed (drift_rows_retain keeps it); NULL if the fetch failed.
 * @param failure why the fetch failed, borrowed; else NULL.
 */
typedef void (*drift_watch_fn)(const drift_rows *rows, const drift_error *failure, void *payload);

typedef enum drift_watch_flags {
    DRIFT_WATCH_DEFAULT = 0,
    DRIFT_WATCH_DISTINCT = 1, /**< a result that equals the one told last is not told again */
    DRIFT_WATCH_PAUSED = 2    /**< begins paused: the first result comes after drift_watch_resume */
} drift_watch_flags;

/**
 * Watches a query. Watches with the same text and binds share one execution. The statement is compiled before the call
 * returns; the first result is not waited for, and comes, like all, when no transaction is open.
 * @param binds copied; NULL if there are none.
 * @param flags drift_watch_flags, combined.
 * @return DRIFT_OK; MISUSE for a statement that writes, or if there are not as many values as parameters; SYNTAX, SQL
 * and other errors of preparing; CLOSED; what the opening gave. The caller ends it with drift_unwatch.
 */
DRIFT_API int drift_watch_query(drift_watch **out, drift_client *client, const char *sql, const drift_value *binds,
                                size_t bind_count, unsigned flags, drift_watch_fn callback, void *payload,
                                drift_error *err);

/**
 * Ends a watch and frees it. A callback of it that runs is waited for, except from a callback itself: once this
 * returns, none runs any more. A watch whose client or executor was closed tells nothing more, and is still to be
 * ended. Accepts NULL.
 */
DRIFT_API void drift_unwatch(drift_watch *watch);

/** Holds callbacks back; one that runs is not waited for. While all watches of a query are paused it does not run. */
DRIFT_API void drift_watch_pause(drift_watch *watch);

/** Lets callbacks come again, beginning with one if a result was missed. */
DRIFT_API void drift_watch_resume(drift_watch *watch);

/**
 * Tells that tables were changed by something that the executor does not see.
 * @param tables names, in any schema of the connection; NULL with a `count` of 0: anything may have changed.
 * @return DRIFT_OK; CLOSED; NO_MEMORY.
 */
DRIFT_API int drift_notify(drift_client *client, const char *const *tables, size_t count, drift_error *err);

DRIFT_END_DECLS

#endif
