/* foreign_key.h — the foreign keys of a live database, and how they are suspended. */
#ifndef DRIFT_REBUILD_FOREIGN_KEY_H
#define DRIFT_REBUILD_FOREIGN_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "drift/connection.h"

/** A foreign key as PRAGMA foreign_key_list tells it. */
typedef struct drift__foreign_key {
    const char *table; /**< the child */
    int id;
    const char *parent;
    const char **from; /**< the child's columns */
    const char **to;   /**< the parent's; NULL where the clause names none and the parent's primary key is meant */
    size_t column_count;
} drift__foreign_key;

typedef struct drift__foreign_keys {
    drift__arena arena;
    drift__foreign_key *items;
    size_t count, capacity;
} drift__foreign_keys;

/** Reads all foreign keys of the main database, in the order of its tables. The caller disposes, also on error. */
int drift__foreign_keys_read(drift__foreign_keys *out, drift_connection *connection, drift_error *err);
void drift__foreign_keys_dispose(drift__foreign_keys *keys);

/** Foreign keys that are off for a while. `{0}` starts it. */
typedef struct drift__suspension {
    drift_connection *connection; /**< NULL: nothing was suspended */
} drift__suspension;

/**
 * Turns foreign keys off, so that `table` can be dropped without its children losing rows. Nothing happens if they are
 * off, or if they cannot be turned off and nothing references the table.
 *
 * Inside a transaction PRAGMA foreign_keys is ignored and PRAGMA defer_foreign_keys does not stop cascades, but
 * sqlite3_db_config does turn them off. That use is not documented: it is tried on a scratch database first (`*trusted`
 * remembers that it held), and no constraint may be deferred at that moment (SQLITE_DBSTATUS_DEFERRED_FKS).
 * @return UNSUPPORTED, naming the tables in danger, if they cannot be turned off.
 */
int drift__foreign_keys_suspend(drift__suspension *out, drift_connection *connection, const char *table, bool *trusted,
                                drift_error *err);

/** Turns them on again if they were suspended. */
int drift__foreign_keys_resume(drift__suspension *suspension, drift_error *err);

#endif
