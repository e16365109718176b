/* database.c — a database from its opening to its end. */
#include "base/alloc.h"
#include "base/error.h"
#include "opening/opening.h"
#include "rebuild/setting.h"
#include "runtime/connection.h"

/* --- what was asked for --- */

static int require_version(int version, const char *what, drift_error *err)
{
    if (version >= 1) return DRIFT_OK; /* user_version ends at 2147483647, as int does; 2147483648 would become 0 */
    return drift__error(err, DRIFT_MISUSE, "expected %s from 1 to 2147483647, found %d", what, version);
}

static int require_options(const drift_database_definition *definition, const drift_open_options *options,
                           drift_error *err)
{
    int rc = require_version(definition->schema_version, "a schema version", err);
    if (rc == DRIFT_OK && options->target.version)
        rc = require_version(options->target.version, "a target version", err);
    if (rc != DRIFT_OK) return rc;
    if ((options->path != NULL) + options->memory + (options->connection != NULL) != 1)
        return drift__error(err, DRIFT_MISUSE, "expected exactly one of path, memory and connection");
    return DRIFT_OK;
}

/* The file is not read while it is opened: reading its version tells whether it is a database. */
static int connect(drift_database *database, const drift_open_options *options, drift_error *err)
{
    drift_connection_options how =
        options->connection_options ? *options->connection_options : (drift_connection_options){0};
    how.unread = true;
    database->owned = !options->connection;
    database->connection = options->connection;
    if (options->memory) return drift_connection_memory(&database->connection, &how, err);
    if (options->path) return drift_connection_open(&database->connection, options->path, &how, err);
    return DRIFT_OK;
}

static int database_new(drift_database **out, const drift_database_definition *definition,
                        const drift_open_options *options, drift_error *err)
{
    const bool aimed = options->target.version != 0;
    drift_database *database = drift__calloc(1, sizeof *database);
    *out = database;
    if (!database) return drift__no_memory(err);
    database->definition = definition;
    database->target_version = aimed ? options->target.version : definition->schema_version;
    database->target_schema = aimed ? options->target.schema : definition->schema;
    return connect(database, options, err);
}

/* --- opening --- */

static int opening_begin(drift__opening *opening, drift_database *database, const drift_open_options *options,
                         drift__foreknown foreknown, drift_error *err)
{
    *opening = (drift__opening){.database = database,
                                .connection = database->connection,
                                .definition = database->definition,
                                .strategy = &database->definition->strategy,
                                .options = options,
                                .foreknown = foreknown,
                                .arena = drift__calloc(1, sizeof *opening->arena)};
    opening->report.memory = opening->arena;
    if (!opening->arena) return drift__no_memory(err);
    const int rc = drift_migrator_new(&opening->migrator, database->connection, database->target_schema, err);
    if (rc == DRIFT_OK) opening->migrator->in_opening = opening->strategy->foreign_keys != DRIFT_FOREIGN_KEYS_MANUAL;
    return rc;
}

static int before_open(const drift__opening *opening, drift_error *err)
{
    const drift_migration_strategy *strategy = opening->strategy;
    bool enforced = false;
    int rc = drift__setting_get(&enforced, opening->connection, DRIFT__SETTING_FOREIGN_KEYS, err);
    if (rc == DRIFT_OK && strategy->foreign_keys != DRIFT_FOREIGN_KEYS_MANUAL)
        rc = drift__setting_set(opening->connection, DRIFT__SETTING_FOREIGN_KEYS, true, err);
    if (rc != DRIFT_OK || !strategy->before_open) return rc;
    rc = drift__told(strategy->before_open(opening->database, &opening->details, strategy->payload, err), err);
    if (rc != DRIFT_OK) /* a connection that was adopted goes back as it came */
        drift__setting_set(opening->connection, DRIFT__SETTING_FOREIGN_KEYS, enforced, NULL);
    return rc;
}

static int opening_run(drift__opening *opening, drift_error *err)
{
    int rc = drift__opening_decide(opening, err);
    if (rc == DRIFT_OK && opening->action == DRIFT__ACTION_NOTHING) {
        opening->report.outcome = DRIFT_OUTCOME_NEW;
        rc = drift__opening_resume_tracking(opening, err);
    } else if (rc == DRIFT_OK) {
        rc = drift__opening_migrate(opening, err);
    }
    return rc != DRIFT_OK ? rc : before_open(opening, err);
}

static void opening_end(drift__opening *opening)
{
    opening->report.details = opening->details;
    if (opening->options->report) {
        *opening->options->report = opening->report;
    } else {
        drift_opening_report_dispose(&opening->report);
    }
    drift__violation_set_dispose(&opening->before);
    drift_migrator_free(opening->migrator);
}

int drift__database_open(drift_database **out, const drift_database_definition *definition,
                         const drift_open_options *options, drift__foreknown foreknown, drift_error *err)
{
    drift_database *database = NULL;
    drift__opening opening;
    int rc = require_options(definition, options, err);
    *out = NULL;
    if (options->report) *options->report = (drift_opening_report){0};
    if (rc != DRIFT_OK || (rc = database_new(&database, definition, options, err)) < 0) goto done;
    rc = opening_begin(&opening, database, options, foreknown, err);
    if (rc == DRIFT_OK) rc = opening_run(&opening, err);
    opening_end(&opening);
done:
    if (rc != DRIFT_OK)
        drift_database_close(database);
    else
        *out = database;
    return rc;
}

int drift_database_open(drift_database **out, const drift_database_definition *definition,
                        const drift_open_options *options, drift_error *err)
{
    return drift__database_open(out, definition, options, (drift__foreknown){0}, err);
}

void drift_opening_report_dispose(drift_opening_report *report)
{
    if (!report) return;
    if (report->memory) drift__arena_dispose(report->memory);
    drift__free(report->memory);
    *report = (drift_opening_report){0};
}

void drift_database_close(drift_database *database)
{
    if (!database) return;
    if (database->owned) drift_connection_close(database->connection);
    drift__free(database);
}

drift_connection *drift_database_connection(drift_database *database)
{
    return database->connection;
}

const drift_database_definition *drift_database_get_definition(const drift_database *database)
{
    return database->definition;
}

int drift_database_target_version(const drift_database *database)
{
    return database->target_version;
}

const drift_schema *drift_database_target_schema(const drift_database *database)
{
    return database->target_schema;
}
