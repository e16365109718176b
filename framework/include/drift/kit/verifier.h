/* verifier.h (kit) — tests of migrations, written by hand: a database as an old release left it, the application's own
 * migration, and a comparison with what the newer release should have.
 *
 *     drift_verifier_schema_at(&at3, verifier, 3, &err);                                   the old database
 *     drift_initialized_schema_connect(&before, at3, &err);                                rows typed into it
 *     drift_verifier_migrate_and_validate(verifier, at3, &todos_database, 4, NULL, &err);  the upgrade, and its end
 *     drift_initialized_schema_connect(&after, at3, &err);                                 the rows, read again
 *
 * Old databases are built from schemas (snapshots, or generated code), never by the application's code: a migration is
 * tested against what was released.
 *
 * drift_validate_database_schema compares the database that an application has open, in debug builds and in tests.
 *
 * Threads: a verifier and what it makes belong to one thread at a time. Two connections to one initialized schema may
 * be used on two threads; verifiers are independent of each other.
 */
#ifndef DRIFT_KIT_VERIFIER_H
#define DRIFT_KIT_VERIFIER_H

#include "drift/connection.h"
#include "drift/database.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/kit/diff.h"
#include "drift/kit/verify.h"

DRIFT_BEGIN_DECLS

/** Where a verifier's databases live, once: X(NAME, word, what it is). */
#define DRIFT_WORLD_MAP(X)                                      \
    X(MEMORY, "memory", "in memory, shared by its connections") \
    X(FILE, "file", "in a file, with a rollback journal")       \
    X(WAL, "wal", "in a file, with a write-ahead log")

typedef enum drift_world {
#define DRIFT_WORLD_ENUM(name, word, text) DRIFT_WORLD_##name,
    DRIFT_WORLD_MAP(DRIFT_WORLD_ENUM)
#undef DRIFT_WORLD_ENUM
} drift_world;

/** The word for a world ("wal"), or NULL if there is no such world. Static. */
DRIFT_API const char *drift_world_name(drift_world world);

/** All zero is the default. */
typedef struct drift_verifier_options {
    drift_world world;
    const char *folder;   /**< where temporary folders are made; NULL: $TMPDIR, else /tmp. Not used in memory */
    drift_setup_fn setup; /**< run on every connection before anything else: functions, collations, pragmas */
    const void *setup_payload;
} drift_verifier_options;

typedef struct drift_verifier drift_verifier;

/**
 * Makes a verifier.
 * @param schemas where the schemas of all versions come from; borrowed, and must outlive the verifier.
 * @param options may be NULL; its texts are copied.
 */
DRIFT_API int drift_verifier_new(drift_verifier **out, const drift_schema_provider *schemas,
                                 const drift_verifier_options *options, drift_error *err);

/** Ends a verifier and the databases of drift_verifier_start_at; connections to them must be closed before. Accepts
 * NULL. */
DRIFT_API void drift_verifier_free(drift_verifier *verifier);

/** A database at a version: every entity of that version's schema, no rows, and the version's stamp. */
typedef struct drift_initialized_schema drift_initialized_schema;

/**
 * Builds a database at a version. The application's code is not run.
 * @param out the caller frees it with drift_initialized_schema_free, before the verifier.
 * @return DRIFT_OK; what the provider gives for a version that it does not have (NOT_FOUND); SQL if SQLite refuses the
 * schema, the entity being the error's source; what `setup` gives; IO, PERMISSION, FULL, NO_MEMORY.
 */
DRIFT_API int drift_verifier_schema_at(drift_initialized_schema **out, drift_verifier *verifier, int version,
                                       drift_error *err);

/** Removes the database, its files included; connections to it must be closed before. Accepts NULL. */
DRIFT_API void drift_initialized_schema_free(drift_initialized_schema *initialized);

/**
 * Connects to the database: as often as wanted, in turn or at once. `setup` has run, and foreign keys are on, so that
 * rows typed into the database are such as the application could have written.
 * @param out the caller closes it with drift_connection_close.
 */
DRIFT_API int drift_initialized_schema_connect(drift_connection **out, drift_initialized_schema *initialized,
                                               drift_error *err);

/**
 * As drift_verifier_schema_at and drift_initialized_schema_connect at once, for tests that need no old side; the
 * verifier keeps the database until it is freed.
 * @param out the caller closes it.
 */
DRIFT_API int drift_verifier_start_at(drift_connection **out, drift_verifier *verifier, int version, drift_error *err);

/** How schemas are compared, and where the answer goes. All zero is the default. */
typedef struct drift_validate_options {
    const drift_diff_options *diff; /**< may be NULL */
    /** Run on the scratch database in which the expected schema is built; NULL: the verifier's. Functions and
     * collations need none, they get stand-ins; modules of virtual tables do. */
    drift_setup_fn setup;
    const void *setup_payload;
    /** Set to all differences as drift_diff_print_text tells them, or to NULL if there are none; free it with
     * drift_free. May be NULL. */
    char **differences;
} drift_validate_options;

/**
 * Opens the database with the application's definition (drift_database_open), which is made to believe that its version
 * is `version`, so that migrations towards an old version can be tested; then compares what stands there with that
 * version's schema, and closes it.
 * @param definition borrowed; its strategy is run, before_open included.
 * @param options may be NULL.
 * @return DRIFT_OK; MISMATCH, the first differences in the error's text; errors of drift_database_open; NOT_FOUND for a
 * version that the provider does not have.
 */
DRIFT_API int drift_verifier_migrate_and_validate(drift_verifier *verifier, drift_initialized_schema *initialized,
                                                  const drift_database_definition *definition, int version,
                                                  const drift_validate_options *options, drift_error *err);

/** As drift_verifier_migrate_and_validate, on a connection such as drift_verifier_start_at gives. It stays open, and
 * the caller's. */
DRIFT_API int drift_verifier_migrate_connection(drift_verifier *verifier, drift_connection *connection,
                                                const drift_database_definition *definition, int version,
                                                const drift_validate_options *options, drift_error *err);

/** What drift_verifier_test_with_data_integrity runs. */
typedef struct drift_data_integrity_test {
    int from, to;
    drift_body_fn create;   /**< writes rows at version `from`; may be NULL */
    drift_body_fn validate; /**< reads them at version `to`; may be NULL */
    void *payload;          /**< handed to both */
} drift_data_integrity_test;

/**
 * Builds a database at `from`, has `create` write rows into it (outside a transaction, foreign keys on), migrates to
 * `to` and validates, and has `validate` read the rows on another connection.
 * @return DRIFT_OK; whatever the two return; as drift_verifier_migrate_and_validate.
 */
DRIFT_API int drift_verifier_test_with_data_integrity(drift_verifier *verifier,
                                                      const drift_database_definition *definition,
                                                      const drift_data_integrity_test *test,
                                                      const drift_validate_options *options, drift_error *err);

/**
 * Compares the schema of an open database with the one that its opening led to: the definition's, or inside
 * drift_verifier_migrate_and_validate the target version's. What is expected is what drift_migrator_create_all makes of
 * that schema in a scratch database in memory. Meant for before_open in debug builds:
 *
 *     #ifndef NDEBUG
 *         return drift_validate_database_schema(database, NULL, err);
 *     #endif
 *
 * @param options may be NULL.
 * @return DRIFT_OK; MISMATCH, the first differences in the error's text; MISUSE if the definition has no schema.
 */
DRIFT_API int drift_validate_database_schema(drift_database *database, const drift_validate_options *options,
                                             drift_error *err);

DRIFT_END_DECLS

#endif
