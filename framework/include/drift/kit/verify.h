/* verify.h (kit) — the main job: does a database of every released version become what a later version should be, with
 * its rows?
 *
 * For every pair of versions (from < to) and every level of data: a database is built at `from` out of its schema,
 * filled, stamped, migrated to `to`, and judged: version stamp, schema, rows, what else a database holds, foreign keys.
 * Databases are in memory.
 *
 * Rows that change in a table that a step does not name, through a trigger or a foreign key, are told with the
 * statement that did it (data.collateral). A step file names the tables that stand in its statements, the bodies of
 * triggers left out; a definition those in the statements that it runs. While a migration runs the connection's
 * authorizer and its sqlite3_trace_v2 callback are the verification's.
 *
 * Where another way leads to the same version it must end with the same schema and the same rows (path.schema,
 * path.data): a step that spans versions as its parts do; all steps in one opening as with the database opened anew at
 * each version; a definition's upgrade as its fresh install. Values that are new each time (the time, random numbers)
 * are no difference. And the rows that a migration left are inserted into a fresh database of the target's version,
 * which must take them and make the same of them (path.data).
 *
 * A database that was migrated from 1 to 2 and judged goes on to 3, where it is judged again, instead of being built at
 * 1 once more, if that is the same: the steps leave nothing in the connection and ask for nothing there, one way alone
 * leads from a version to another, no code of the application runs (a definition, a command, `setup`, stand-ins), and
 * it saves steps. The longest way of the first start is run both ways at every level to make sure. Against a time limit
 * counts what the way to a version took in all. Where anything is found on the way the pair is run by itself, and so
 * are those behind it: what is reported is the same. Pairs through a step that expectations speak of are run by
 * themselves.
 *
 * Threads: a verification uses only what it is given and what it makes; several may run at once on several threads.
 */
#ifndef DRIFT_KIT_VERIFY_H
#define DRIFT_KIT_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/database.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/kit/diff.h"
#include "drift/kit/expect.h"
#include "drift/kit/outcome.h"
#include "drift/kit/seed.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/** Where schemas come from. What the callbacks hand out is borrowed and must stay while the provider is used. */
typedef struct drift_schema_provider {
    const char *name; /**< what reports call it: a folder */
    /** The versions that exist, ascending. */
    int (*versions)(const int **versions, size_t *count, const void *payload, drift_error *err);
    /** The schema of one of them. */
    int (*schema)(const drift_schema **out, int version, const void *payload, drift_error *err);
    const void *payload;
} drift_schema_provider;

/** A provider that reads a folder of snapshots. */
typedef struct drift_snapshot_provider drift_snapshot_provider;

/**
 * Reads every snapshot of a folder.
 * @param overrides the path of an overrides file (drift_snapshot_options), or NULL.
 * @return DRIFT_OK, also if a snapshot holds what only Dart could evaluate: asking for that version's schema is then
 * UNSUPPORTED; NOT_FOUND if there is no such folder or no snapshot in it; errors of drift_snapshot_read. The caller
 * frees.
 */
DRIFT_API int drift_snapshot_provider_open(drift_snapshot_provider **out, const char *folder, const char *overrides,
                                           drift_error *err);
DRIFT_API void drift_snapshot_provider_free(drift_snapshot_provider *provider); /**< accepts NULL */

/** Borrowed from the provider. */
DRIFT_API const drift_schema_provider *drift_snapshot_provider_schemas(const drift_snapshot_provider *provider);

/** A file v<from>_to_v<to>.sql. */
typedef struct drift_step_file {
    int from, to;
    const char *path;
    const char *sql; /**< the file's text; ends with NUL */
    size_t length;
} drift_step_file;

/** A folder of such files. */
typedef struct drift_step_folder {
    const char *path;
    const drift_step_file *files; /**< ascending by from, then to */
    size_t count;
} drift_step_folder;

/**
 * Reads the steps of a folder. Files that are not named as a step are ignored, and so are steps that lead down; a file
 * named almost as one (v1_to_2.sql) is not.
 * @return DRIFT_OK, also without any step; NOT_FOUND if there is no such folder; FORMAT for a name that is almost a
 * step's, or for two files of one step; errors of reading. The caller frees.
 */
DRIFT_API int drift_step_folder_read(drift_step_folder **out, const char *path, drift_error *err);
DRIFT_API void drift_step_folder_free(drift_step_folder *folder); /**< accepts NULL */

/** How step files are run, once: X(NAME, word, what it does). */
#define DRIFT_RUNNER_MAP(X)                                                                          \
    X(DRIFT, "drift", "one transaction, foreign keys suspended and checked, version stamped inside") \
    X(TRANSACTION, "transaction", "BEGIN; script; COMMIT for each step, with foreign keys on")       \
    X(PLAIN, "plain", "each statement by itself, foreign keys off until the script turns them on")

typedef enum drift_runner {
#define DRIFT_RUNNER_ENUM(name, word, text) DRIFT_RUNNER_##name,
    DRIFT_RUNNER_MAP(DRIFT_RUNNER_ENUM)
#undef DRIFT_RUNNER_ENUM
} drift_runner;

/** What migrates: exactly one of the three. */
typedef struct drift_migration_source {
    const drift_step_folder *steps;
    const drift_database_definition *definition; /**< its strategy is run by drift_database_open, towards `to` */
    /** A command for /bin/sh, with {db}, {from} and {to} replaced: it migrates the file {db}, which lies in a folder of
     * its own in TMPDIR, and stamps the version itself. What it prints is not shown, but for its last line where it
     * fails. What it changes beside what it names cannot be told (data.collateral). */
    const char *command;
} drift_migration_source;

/** Which pairs, once: X(NAME, word, which). */
#define DRIFT_PAIRS_MAP(X)                                   \
    X(ALL, "all", "every version to every later one")        \
    X(ADJACENT, "adjacent", "every version to the next one") \
    X(TO_LATEST, "to-latest", "every version to the latest one")

typedef enum drift_pairs {
#define DRIFT_PAIRS_ENUM(name, word, text) DRIFT_PAIRS_##name,
    DRIFT_PAIRS_MAP(DRIFT_PAIRS_ENUM)
#undef DRIFT_PAIRS_ENUM
} drift_pairs;

/** All zero is the default. */
typedef struct drift_verify_options {
    int from; /**< only pairs from this version; 0: from any */
    int to;   /**< only pairs to this version; 0: to any */
    drift_pairs pairs;
    unsigned levels; /**< 1u << DRIFT_DATA_ONE …; 0: empty, one, boundary and hostile, and many if `rows` is set */
    int64_t seed;    /**< every value of the rows follows from it */
    int64_t rows;    /**< of level many, in each table; 0: 1000 */
    const drift_expectations *expect; /**< what steps mean to change; may be NULL */
    bool veto;        /**< a statement that may change rows of a table that the step does not name fails the step before
                         it runs, whether there are such rows or not; without effect on a command */
    bool independent; /**< every pair is migrated by itself, none goes on from where another ended */
    bool no_paths;    /**< other routes to the same version are not compared */
    int shard;  /**< 0: everything is verified; else one of `shards` parts, from 1: every run is in one of them, and
                   drift_outcome_merge makes the whole of all. One that gets no pair has an outcome without runs */
    int shards; /**< 0, or the number of parts */
    int64_t time_limit_ms; /**< that one migration may take; 0: any. A definition's own code, while it runs no SQL,
                              cannot be stopped */
    drift_runner runner;
    drift_stamp stamp;    /**< NONE: the runner does not stamp, and the stamp is not checked */
    drift_setup_fn setup; /**< run on every connection before anything else; may be NULL */
    const void *setup_payload;
    const char *setup_sql;          /**< run on every connection after `setup`; may be NULL */
    bool stub_functions;            /**< functions and collations that SQLite does not know get stand-ins */
    const drift_diff_options *diff; /**< how schemas are compared; may be NULL */
    const char *keep; /**< a folder: of every failed case, the database and a script that leads to it; may be NULL */
    const drift_listener *listener; /**< may be NULL */
    /** Asked again and again on the calling thread, also while a migration runs: true ends the verification, and the
     * command that runs, with INTERRUPTED. May be NULL. */
    bool (*is_stopped)(void *payload);
    void *stop_payload;
} drift_verify_options;

/**
 * Verifies all selected cases.
 * @param out what was learned; the caller frees it with drift_outcome_free. Findings are no error.
 * @param options may be NULL.
 * @return DRIFT_OK; NOT_FOUND if there is no version, no pair or no way of steps for a pair (nothing is run then);
 * MISUSE; INTERRUPTED if it was stopped; errors of the provider, of `setup`, of writing to `keep`; NO_MEMORY.
 */
DRIFT_API int drift_verify_migrations(drift_outcome **out, const drift_schema_provider *schemas,
                                      const drift_migration_source *source, const drift_verify_options *options,
                                      drift_error *err);

/** What drift_check_database found. */
typedef struct drift_check_result {
    int version;          /**< the database's version stamp */
    drift_schema *actual; /**< private: what `diff` points into */
    drift_diff *diff;
} drift_check_result;

/**
 * Compares a database with the schema that its version stamp names.
 * @param result zero it; drift_check_result_dispose ends it, also after an error. It points into the provider's schema.
 * @param options may be NULL.
 * @return DRIFT_OK, also if they differ; NOT_FOUND, naming the versions that exist, if the stamp is none of them.
 */
DRIFT_API int drift_check_database(drift_check_result *result, drift_connection *connection,
                                   const drift_schema_provider *schemas, const drift_diff_options *options,
                                   drift_error *err);
DRIFT_API void drift_check_result_dispose(drift_check_result *result); /**< accepts NULL */

DRIFT_END_DECLS

#endif
