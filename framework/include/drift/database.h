/* database.h — opening a database: create it, migrate it, or leave it alone.
 *
 * The order is the promise:
 *  1. Open, busy timeout, the setup hook.
 *  2. Read PRAGMA user_version. If it is the code's version, go to 6: no lock is taken. Else suspend foreign keys,
 * raise `synchronous`, BEGIN IMMEDIATE, and read it again under the lock: another process may have migrated meanwhile.
 *  3. Version 0 and no tables: on_create. Older: on_upgrade. Newer: on_downgrade, or refused with NEWER. Version 0 with
 *     tables: refused with MIGRATION.
 *  4. PRAGMA foreign_key_check: violations that were not there before fail the migration.
 *  5. Stamp user_version in the same transaction, COMMIT. On any failure ROLLBACK: schema, rows, stamp and the
 *     connection's settings are as before.
 *  6. before_open, with foreign keys on. At every opening, before any other query.
 *
 * Threads: a drift_database belongs to one thread at a time, as its connection does. Definitions are constant and may
 * be shared.
 */
#ifndef DRIFT_DATABASE_H
#define DRIFT_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/migrator.h"
#include "drift/schema.h"
#include "drift/track.h"

DRIFT_BEGIN_DECLS

typedef struct drift_database drift_database;

/** What an opening found and did. */
typedef struct drift_opening_details {
    int version_before; /**< as it was found; 0 for a database that was created */
    int version_now;    /**< the target's version */
    bool was_created;
    bool had_upgrade; /**< on_upgrade or on_downgrade ran, or the database was created anew because of `destructive` */
} drift_opening_details;

/** What happens to foreign keys while a database is created or migrated. */
typedef enum drift_foreign_keys {
    /** Suspended before the transaction, checked inside it before the commit, on afterwards. */
    DRIFT_FOREIGN_KEYS_CHECKED = 0,
    /** Enforced while migrating, checked before the commit, on afterwards. */
    DRIFT_FOREIGN_KEYS_IMMEDIATE,
    /**
     * The callback does it all: there is no transaction, foreign keys and `synchronous` stay as they are, nothing is
     * checked. The callback must stamp the version (drift_migrator_stamp), best inside the last transaction that it
     * opens; a callback that returns without having stamped fails the opening. Not safe against two processes opening
     * at once unless the callback takes the lock and reads the version again.
     */
    DRIFT_FOREIGN_KEYS_MANUAL
} drift_foreign_keys;

typedef int (*drift_create_fn)(drift_migrator *migrator, const void *payload, drift_error *err);
typedef int (*drift_upgrade_fn)(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err);
typedef int (*drift_open_fn)(drift_database *database, const drift_opening_details *details, const void *payload,
                             drift_error *err);

/** How a database gets its schema. All zero is a strategy that can only create. */
typedef struct drift_migration_strategy {
    drift_create_fn on_create;     /**< NULL: drift_migrator_create_all */
    drift_upgrade_fn on_upgrade;   /**< NULL: an older database is refused with MISUSE, which says so */
    drift_upgrade_fn on_downgrade; /**< NULL: a newer database is refused with NEWER, untouched */
    drift_open_fn before_open;     /**< may be NULL; an error closes the database, which stays migrated */

    drift_open_fn before_transaction; /**< may be NULL; before the transaction of a migration, without a lock */
    drift_open_fn inside_transaction; /**< may be NULL; after the callback, before foreign keys are checked */
    drift_open_fn after_commit;       /**< may be NULL; once the migration is committed, before before_open */

    const void *payload;             /**< handed to every callback */
    drift_foreign_keys foreign_keys; /**< the policy */
    bool strict_foreign_keys;        /**< violations that were there before the migration fail it too */
    /** For development: instead of on_upgrade and on_downgrade everything is dropped and on_create runs; what was
     * dropped is told in the report. */
    bool destructive;
} drift_migration_strategy;

/** A database as code knows it. */
typedef struct drift_database_definition {
    const char *name;           /**< in messages */
    int schema_version;         /**< 1 to 2147483647; else MISUSE */
    const drift_schema *schema; /**< of that version; NULL if it is not known */
    drift_migration_strategy strategy;
    /**
     * Tables whose changes are queued for a peer (drift/track.h); NULL: none. While a migration runs tracking is
     * suspended, and comes back, verified, in the same transaction; a migration that touches what is queued fails. At
     * an opening that migrates nothing it is made if it is not there as it should be. `schema` must be known. Under
     * DRIFT_FOREIGN_KEYS_MANUAL the callback suspends it (drift_track_suspend).
     */
    const drift_tracking *tracking;
} drift_database_definition;

/** What stands in the database after an opening. */
typedef enum drift_opening_outcome {
    DRIFT_OUTCOME_OLD = 0, /**< what stood there before the opening */
    DRIFT_OUTCOME_NEW,     /**< the target's version (also if nothing had to be done) */
    DRIFT_OUTCOME_UNKNOWN  /**< COMMIT failed and the database could not be read again, or policy MANUAL failed */
} drift_opening_outcome;

/** A row whose parent does not exist. */
typedef struct drift_foreign_key_violation {
    const char *table;
    bool has_rowid;
    int64_t rowid;          /**< if has_rowid */
    const char *key;        /**< the row as "id = 7, lang = 'de'" (SQL literals); of a rowid table "rowid = 7" */
    const char *parent;     /**< the table that is referenced */
    const char *constraint; /**< "FOREIGN KEY (author) REFERENCES users (id)" */
    bool was_there_before;  /**< found before the migration too */
} drift_foreign_key_violation;

/** What an opening learned, also one that failed. All zero starts it; drift_opening_report_dispose ends it. */
typedef struct drift_opening_report {
    drift_opening_outcome outcome;
    drift_opening_details details;
    const drift_foreign_key_violation *violations; /**< found after the migration, at most 1,000 */
    size_t violation_count;
    int64_t violations_found;   /**< how many there are, also beyond those listed */
    const drift_touch *touched; /**< what the migrator recorded */
    size_t touched_count;
    const char *const *dropped; /**< `destructive`: the names of what was dropped */
    size_t dropped_count;
    int64_t migration_us;         /**< from BEGIN to the end of COMMIT or ROLLBACK, in microseconds; 0 if nothing ran */
    int64_t foreign_key_check_us; /**< of that, checking foreign keys */
    const char *warning;          /**< why less can be promised than usual (attached databases), or NULL. Static */
    void *memory;                 /**< private */
} drift_opening_report;

DRIFT_API void drift_opening_report_dispose(drift_opening_report *report); /**< accepts NULL; zeroes it */

/** How far a migration is. SQLite does not tell how much work is left: what is told is that it goes on, and with what.
 */
typedef struct drift_opening_progress {
    int from, to;           /**< of the whole migration */
    int step_from, step_to; /**< of the step that runs, if drift_migrator_run_steps runs it; else 0 */
    int64_t instructions;   /**< of SQLite's virtual machine, so far; a multiple of about 10,000 */
    int64_t elapsed_us;     /**< since BEGIN */
} drift_opening_progress;

/** Called about every 10,000 instructions while a migration runs. False cancels: the transaction is rolled back and the
 * opening is INTERRUPTED. Must not use the connection. It takes the place of the connection's own progress callback,
 * which is none afterwards. */
typedef bool (*drift_opening_progress_fn)(const drift_opening_progress *progress, void *payload);

typedef enum drift_stamp {
    DRIFT_STAMP_USER_VERSION = 0, /**< the version is PRAGMA user_version */
    DRIFT_STAMP_NONE /**< the application keeps its version elsewhere: nothing is read, stamped or checked */
} drift_stamp;

/** How to open. Exactly one of `path`, `memory` and `connection` is set; else MISUSE. */
typedef struct drift_open_options {
    const char *path; /**< a file; created if it does not exist */
    bool memory;      /**< a database of its own in memory */
    /** One that exists, also adopted from a sqlite3 handle; it stays its owner's and must outlive the database. As with
     * the others foreign keys are on once the database is open. */
    drift_connection *connection;
    const drift_connection_options *connection_options; /**< for `path` and `memory`; may be NULL */

    /** The version to lead to instead of the definition's, as tests of migrations do; {0}: the definition's. */
    struct {
        int version;
        const drift_schema *schema;
    } target;

    drift_stamp stamp;
    int version_before; /**< DRIFT_STAMP_NONE: the version that the database has; 0: it is to be created */

    /** A file to write a copy of the database to (VACUUM INTO) before it is migrated; must not exist. NULL: none. It is
     * taken before the transaction begins, and kept whatever happens: give each attempt a name of its own (with the
     * process and the time in it), or the next attempt, or another process, fails because the file exists. */
    const char *backup_path;
    /** Refuse with FULL to migrate a file on a disk with less free space than this many percent of its size; 0: no
     * check. A rebuild of everything was measured to need up to 290. */
    int free_space_percent;

    drift_opening_progress_fn progress; /**< may be NULL; not for a connection without a handle of its own */
    void *progress_payload;
    drift_opening_report *report; /**< filled, whatever happens; may be NULL */
} drift_open_options;

/**
 * Opens a database as the top of this file says.
 * @param out the database; the caller closes it. NULL if the opening failed.
 * @param definition borrowed; must outlive the database.
 * @return DRIFT_OK; MISUSE; NEWER; BUSY if the lock was not to be had in time; FOREIGN_KEY with the first violation in
 * the text; INTERRUPTED; MIGRATION (version 0 with tables; a callback that left its transaction); whatever a callback
 * returns; errors of the connection. TRANSACTION if SQLite ended the transaction by itself.
 */
DRIFT_API int drift_database_open(drift_database **out, const drift_database_definition *definition,
                                  const drift_open_options *options, drift_error *err);

/** What drift_database_connect opens. Both are borrowed until the executor has opened. */
typedef struct drift_database_opening {
    const drift_database_definition *definition;
    const drift_open_options *options; /**< `path` or `memory`; no `connection` */
} drift_database_opening;

/**
 * Opens a definition in the background, migrating it there: a drift_executor_open_fn whose payload is a
 * drift_database_opening. The callbacks of the strategy run on the executor's worker.
 *
 *     drift_executor_spawn(&executor, drift_database_connect, &opening, NULL, &err);
 *
 * @return as drift_database_open; the executor's clients are told it.
 */
DRIFT_API int drift_database_connect(drift_connection **out, void *payload, drift_error *err);

/** Closes the database, and its connection unless that was the caller's. Accepts NULL. */
DRIFT_API void drift_database_close(drift_database *database);

/** Borrowed from the database. */
DRIFT_API drift_connection *drift_database_connection(drift_database *database);
DRIFT_API const drift_database_definition *drift_database_get_definition(const drift_database *database);

/** The version and the schema (or NULL) that the opening led to: the target's, else the definition's. */
DRIFT_API int drift_database_target_version(const drift_database *database);
DRIFT_API const drift_schema *drift_database_target_schema(const drift_database *database);

DRIFT_END_DECLS

#endif
