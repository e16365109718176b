/* direct.h — a connection on a SQLite handle of this process and thread. */
#ifndef DRIFT_RUNTIME_DIRECT_H
#define DRIFT_RUNTIME_DIRECT_H

#include <sqlite3.h>

#include "runtime/busy.h"
#include "runtime/connection.h"
#include "runtime/statement.h"
#include "runtime/tracker.h"

typedef struct drift__direct {
    drift_connection base;
    drift__transaction_state state;
    sqlite3 *handle;
    bool owned;                                   /**< the handle is closed with the connection */
    drift__busy busy;                             /**< not used with an adopted handle */
    sqlite3_stmt *controls[DRIFT__CONTROL_COUNT]; /**< prepared when first needed */
    drift__statements statements;
    drift_progress_fn progress; /**< or NULL */
    void *progress_payload;
    drift__tracker *tracker; /**< or NULL */
    char *private_folder;    /**< removed when the connection is closed, or NULL */
} drift__direct;

/** A connection on a handle. If `owned`, the handle is the connection's from now on, also if this fails. */
int drift__direct_new(drift__direct **out, sqlite3 *handle, bool owned, drift_error *err);

/** Waits for locks up to this many milliseconds; 0 or less: not at all. */
void drift__direct_set_timeout(drift__direct *direct, int timeout_ms);

/** The direct connection that this is. */
drift__direct *drift__direct_of(drift_connection *connection);

/**
 * Steps a handle's statement and checks autocommit: *row is true at a row. The one way in which statements run.
 * On an error the caller resets the statement.
 */
int drift__direct_step(bool *row, drift__direct *direct, sqlite3_stmt *handle, drift__footprint *footprint,
                       drift_error *err);

/** Resets a handle's statement; a write outside of a transaction that was not at its end commits by that. */
void drift__direct_reset_handle(drift__direct *direct, sqlite3_stmt *handle, drift__footprint *footprint);

#endif
