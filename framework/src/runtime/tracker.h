/* tracker.h — what statements read and write, and what a commit has changed.
 *
 * "The authorizer callback is invoked as SQL statements are being compiled"
 * (https://www.sqlite.org/c3ref/set_authorizer.html) for every table that a statement touches: behind views, in
 * triggers, by actions of foreign keys. The update hook would not do: it is silent for WITHOUT ROWID tables, for rows
 * that REPLACE deletes and for DELETE without WHERE, and it speaks of what ROLLBACK TO undoes
 * (https://www.sqlite.org/c3ref/update_hook.html).
 */
#ifndef DRIFT_RUNTIME_TRACKER_H
#define DRIFT_RUNTIME_TRACKER_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/map.h"
#include "drift/connection.h"
#include "runtime/table_set.h"
#include "runtime/tracking.h"

/** What a statement does to transactions. */
typedef enum drift__span {
    DRIFT__SPAN_NONE = 0,
    DRIFT__SPAN_TRANSACTION, /**< BEGIN, COMMIT, ROLLBACK: the hooks and autocommit tell how they ended */
    DRIFT__SPAN_SAVEPOINT,
    DRIFT__SPAN_RELEASE,
    DRIFT__SPAN_ROLLBACK_TO
} drift__span;

/** What a statement touches. All zero starts one. */
typedef struct drift__footprint {
    drift__table_set reads, writes;
    bool schema; /**< changes what tables and views there are */
    drift__span span;
    char *savepoint; /**< its name */
} drift__footprint;

void drift__footprint_dispose(drift__footprint *footprint);

/** A table that was seen, with its number. */
typedef struct drift__tracked_table {
    const char *name; /**< without its schema */
    size_t number;
} drift__tracked_table;

/** What a transaction, or a savepoint in it, has written so far. */
typedef struct drift__span_level {
    char *savepoint; /**< NULL for the transaction itself */
    drift__table_set written;
    bool schema;
} drift__span_level;

typedef struct drift__tracker {
    sqlite3 *handle;
    drift__commit_fn on_commit;
    void *payload;

    drift__arena names;
    drift__map numbers; /**< "schema.table" to its drift__tracked_table */
    const drift__tracked_table **tables;
    size_t table_count, table_capacity;

    drift__footprint *noting; /**< what SQLite compiles now is noted here, or NULL */
    drift__footprint seen;    /**< noted while a statement ran */

    drift__span_level *levels; /**< the first is the transaction's */
    size_t level_count, level_capacity;
    uint64_t row_statements; /**< statements that wrote rows, or tried */
    bool levels_lost;        /**< there was no memory for a level: until the end nothing counts as undone */
    bool committed;          /**< the last of the two hooks that was called is the one of commits */
} drift__tracker;

/** A tracker on a handle, whose authorizer and hooks it takes. */
int drift__tracker_new(drift__tracker **out, sqlite3 *handle, drift__commit_fn on_commit, void *payload,
                       drift_error *err);

/** Lets go of the handle. Accepts NULL. */
void drift__tracker_free(drift__tracker *tracker);

/** Adds a table; all of them if there is no memory for its number. */
void drift__tracker_add(drift__table_set *out, drift__tracker *tracker, const char *schema, const char *table);

/** Adds every table of this name, in whatever schema. */
void drift__tracker_find(drift__table_set *out, const drift__tracker *tracker, const char *table);

/** Around the compilation of a statement. Both accept NULL for the tracker. */
void drift__tracker_compile_begin(drift__tracker *tracker, drift__footprint *footprint);
void drift__tracker_compile_end(drift__tracker *tracker);

/** A statement that runs. */
typedef struct drift__tracked_run {
    drift__footprint *outer;
    int64_t changes;
    int compilations;
} drift__tracked_run;

/** Around each step and reset of a statement. Both accept NULL for the tracker. `done`: the statement has ended well by
 * this step. */
void drift__tracker_run_begin(drift__tracked_run *run, drift__tracker *tracker, sqlite3_stmt *statement);
void drift__tracker_run_end(const drift__tracked_run *run, drift__tracker *tracker, sqlite3_stmt *statement,
                            drift__footprint *footprint, bool done);

#endif
