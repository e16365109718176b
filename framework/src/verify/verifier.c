/* verifier.c — old databases for tests that are written by hand.
 *
 * In memory a database is shared by its connections through SQLite's VFS "memdb": "If the filename begins with a "/"
 * character, the memory is shared by all connections of the process that use the same name" (the story at the top of
 * SQLite's memdb.c). Unlike a shared cache (https://www.sqlite.org/sharedcache.html) it locks as a file does, with BUSY
 * and a busy timeout, so that a test in memory and one in a file behave alike. The name is random, so that nothing
 * global has to count; the database lives as long as one connection, which the initialized schema holds.
 */
#include "verify/verifier.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "runtime/connection.h"
#include "runtime/pragma.h"
#include "verify/world.h"

struct drift_verifier {
    const drift_schema_provider *schemas;
    drift_world world;
    char *folder; /* where folders are made */
    drift_setup_fn setup;
    const void *setup_payload;
    drift_initialized_schema *started; /* those of start_at */
};

struct drift_initialized_schema {
    drift_verifier *verifier;
    int version;
    char *folder;             /* the database's own; NULL in memory */
    char *path;               /* a file's, or a name of the VFS memdb */
    drift_connection *anchor; /* keeps a database in memory alive; NULL for files */
    drift_initialized_schema *next;
};

const char *drift_world_name(drift_world world)
{
    switch (world) {
#define WORLD_NAME(name, word, text) \
    case DRIFT_WORLD_##name: return word;
        DRIFT_WORLD_MAP(WORLD_NAME)
#undef WORLD_NAME
    }
    return NULL;
}

/* --- the verifier --- */

static const char *temporary_folder(const drift_verifier_options *options)
{
    const char *named = options->folder ? options->folder : getenv("TMPDIR");
    return named && *named ? named : "/tmp";
}

int drift_verifier_new(drift_verifier **out, const drift_schema_provider *schemas,
                       const drift_verifier_options *options, drift_error *err)
{
    static const drift_verifier_options defaults = {DRIFT_WORLD_MEMORY, NULL, NULL, NULL};
    if (!options) options = &defaults;
    *out = NULL;
    if (!drift_world_name(options->world))
        return drift__error(err, DRIFT_MISUSE, "expected a world for databases, found %d", (int)options->world);
    drift_verifier *verifier = drift__calloc(1, sizeof *verifier);
    char *folder = drift__strdup(temporary_folder(options));
    if (!verifier || !folder) {
        drift__free(folder);
        drift__free(verifier);
        return drift__no_memory(err);
    }
    *verifier = (drift_verifier){schemas, options->world, folder, options->setup, options->setup_payload, NULL};
    *out = verifier;
    return DRIFT_OK;
}

void drift_verifier_free(drift_verifier *verifier)
{
    if (!verifier) return;
    while (verifier->started) {
        drift_initialized_schema *first = verifier->started;
        verifier->started = first->next;
        drift_initialized_schema_free(first);
    }
    drift__free(verifier->folder);
    drift__free(verifier);
}

/* --- its databases --- */

static int place_in_memory(drift_initialized_schema *initialized, drift_error *err)
{
    sqlite3_uint64 number[2];
    drift__str name = DRIFT__STR_INIT;
    sqlite3_randomness(sizeof number, number);
    drift__str_printf(&name, "/drift-%016llx%016llx", number[0], number[1]);
    return drift__str_take(&initialized->path, &name, err);
}

#define FILE_NAME "test.db"

static int place_in_file(drift_initialized_schema *initialized, drift_error *err)
{
    char *folder = drift__path_join(initialized->verifier->folder, "drift-XXXXXX");
    if (!folder) return drift__no_memory(err);
    if (!mkdtemp(folder)) {
        const int rc = drift__error_errno(err, errno, "make", folder);
        drift__free(folder);
        return rc;
    }
    initialized->folder = folder;
    initialized->path = drift__path_join(folder, FILE_NAME);
    return initialized->path ? DRIFT_OK : drift__no_memory(err);
}

static int set_up(drift_connection *connection, const void *payload, drift_error *err)
{
    const drift_verifier *verifier = payload;
    const int rc = drift__pragma_set(connection, DRIFT__PRAGMA_FOREIGN_KEYS, 1, err);
    if (rc != DRIFT_OK || !verifier->setup) return rc;
    return drift__told(verifier->setup(connection, verifier->setup_payload, err), err);
}

int drift_initialized_schema_connect(drift_connection **out, drift_initialized_schema *initialized, drift_error *err)
{
    const drift_connection_options options = {
        .setup = set_up, .setup_payload = initialized->verifier, .vfs = initialized->folder ? NULL : "memdb"};
    return drift_connection_open(out, initialized->path, &options, err);
}

/* The stamp is the version that was asked for, whatever the schema says of itself. */
static int build(drift_initialized_schema *initialized, drift_connection *connection, drift_error *err)
{
    static const drift_verify_options as_it_is = {0};
    const drift_verifier *verifier = initialized->verifier;
    const drift_schema_provider *schemas = verifier->schemas;
    const drift_schema *schema = NULL;
    int rc = schemas->schema(&schema, initialized->version, schemas->payload, err);
    if (rc == DRIFT_OK && verifier->world == DRIFT_WORLD_WAL)
        rc = drift__journal_set(connection, DRIFT__JOURNAL_WAL, 0, err); /* nobody else knows the file yet */
    if (rc == DRIFT_OK) rc = drift__world_build(connection, schema, &as_it_is, err);
    if (rc == DRIFT_OK) rc = drift__pragma_set(connection, DRIFT__PRAGMA_USER_VERSION, initialized->version, err);
    return rc;
}

int drift_verifier_schema_at(drift_initialized_schema **out, drift_verifier *verifier, int version, drift_error *err)
{
    drift_connection *connection = NULL;
    drift_initialized_schema *initialized = drift__calloc(1, sizeof *initialized);
    *out = NULL;
    if (!initialized) return drift__no_memory(err);
    initialized->verifier = verifier;
    initialized->version = version;
    int rc =
        verifier->world == DRIFT_WORLD_MEMORY ? place_in_memory(initialized, err) : place_in_file(initialized, err);
    if (rc == DRIFT_OK) rc = drift_initialized_schema_connect(&connection, initialized, err);
    if (rc == DRIFT_OK) rc = build(initialized, connection, err);
    if (rc == DRIFT_OK && verifier->world == DRIFT_WORLD_MEMORY)
        initialized->anchor = connection;
    else
        drift_connection_close(connection);
    if (rc == DRIFT_OK)
        *out = initialized;
    else
        drift_initialized_schema_free(initialized);
    return rc;
}

/* The database, and what SQLite keeps beside it (https://www.sqlite.org/tempfiles.html). Needs no memory, so that
 * nothing stays behind where there is none. */
static void remove_files(const char *folder)
{
    static const char *const names[] = {FILE_NAME, FILE_NAME "-journal", FILE_NAME "-wal", FILE_NAME "-shm"};
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; fd >= 0 && i < sizeof names / sizeof *names; i++) unlinkat(fd, names[i], 0);
    if (fd >= 0) close(fd);
    rmdir(folder);
}

void drift_initialized_schema_free(drift_initialized_schema *initialized)
{
    if (!initialized) return;
    drift_connection_close(initialized->anchor);
    if (initialized->folder) remove_files(initialized->folder);
    drift__free(initialized->folder);
    drift__free(initialized->path);
    drift__free(initialized);
}

int drift_verifier_start_at(drift_connection **out, drift_verifier *verifier, int version, drift_error *err)
{
    drift_initialized_schema *initialized = NULL;
    *out = NULL;
    int rc = drift_verifier_schema_at(&initialized, verifier, version, err);
    if (rc == DRIFT_OK) rc = drift_initialized_schema_connect(out, initialized, err);
    if (rc != DRIFT_OK) {
        drift_initialized_schema_free(initialized);
        return rc;
    }
    initialized->next = verifier->started;
    verifier->started = initialized;
    return DRIFT_OK;
}

/* --- migrating --- */

static int validate(const drift_verifier *verifier, drift_database *database, const drift_validate_options *options,
                    drift_error *err)
{
    const char *name = drift_database_get_definition(database)->name;
    drift_validate_options how = options ? *options : (drift_validate_options){0};
    if (!how.setup) {
        how.setup = verifier->setup;
        how.setup_payload = verifier->setup_payload;
    }
    return drift__validate_schema(drift_database_connection(database), name ? name : "the database",
                                  drift_database_target_version(database), drift_database_target_schema(database), &how,
                                  err);
}

int drift_verifier_migrate_connection(drift_verifier *verifier, drift_connection *connection,
                                      const drift_database_definition *definition, int version,
                                      const drift_validate_options *options, drift_error *err)
{
    const drift_schema_provider *schemas = verifier->schemas;
    drift_open_options open = {.connection = connection, .target.version = version};
    drift_database *database = NULL;
    if (options && options->differences) *options->differences = NULL;
    int rc = schemas->schema(&open.target.schema, version, schemas->payload, err);
    if (rc == DRIFT_OK) rc = drift_database_open(&database, definition, &open, err);
    if (rc == DRIFT_OK) rc = validate(verifier, database, options, err);
    drift_database_close(database);
    return rc;
}

int drift_verifier_migrate_and_validate(drift_verifier *verifier, drift_initialized_schema *initialized,
                                        const drift_database_definition *definition, int version,
                                        const drift_validate_options *options, drift_error *err)
{
    drift_connection *connection = NULL;
    if (options && options->differences) *options->differences = NULL;
    int rc = drift_initialized_schema_connect(&connection, initialized, err);
    if (rc == DRIFT_OK) rc = drift_verifier_migrate_connection(verifier, connection, definition, version, options, err);
    drift_connection_close(connection);
    return rc;
}

static int run_body(drift_initialized_schema *initialized, drift_body_fn body, void *payload, drift_error *err)
{
    drift_connection *connection = NULL;
    if (!body) return DRIFT_OK;
    int rc = drift_initialized_schema_connect(&connection, initialized, err);
    if (rc == DRIFT_OK) rc = drift__told(body(connection, payload, err), err);
    drift_connection_close(connection);
    return rc;
}

int drift_verifier_test_with_data_integrity(drift_verifier *verifier, const drift_database_definition *definition,
                                            const drift_data_integrity_test *test,
                                            const drift_validate_options *options, drift_error *err)
{
    drift_initialized_schema *initialized = NULL;
    if (options && options->differences) *options->differences = NULL;
    int rc = drift_verifier_schema_at(&initialized, verifier, test->from, err);
    if (rc == DRIFT_OK) rc = run_body(initialized, test->create, test->payload, err);
    if (rc == DRIFT_OK)
        rc = drift_verifier_migrate_and_validate(verifier, initialized, definition, test->to, options, err);
    if (rc == DRIFT_OK) rc = run_body(initialized, test->validate, test->payload, err);
    drift_initialized_schema_free(initialized);
    return rc;
}
