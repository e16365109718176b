/* background.c — opening a definition on an executor's worker. */
#include "base/error.h"
#include "drift/database.h"

/* As drift_database_open itself: the file is not read before its version is. */
static int connect(drift_connection **out, const drift_open_options *options, drift_error *err)
{
    drift_connection_options how =
        options->connection_options ? *options->connection_options : (drift_connection_options){0};
    how.unread = true;
    if (options->connection || (options->path != NULL) == options->memory)
        return drift__error(err, DRIFT_MISUSE, "expected exactly one of path and memory, and no connection");
    if (options->memory) return drift_connection_memory(out, &how, err);
    return drift_connection_open(out, options->path, &how, err);
}

/* The connection outlives the drift_database, whose work is done by its opening. */
int drift_database_connect(drift_connection **out, void *payload, drift_error *err)
{
    const drift_database_opening *opening = payload;
    drift_open_options options = *opening->options;
    drift_connection *connection = NULL;
    drift_database *database = NULL;
    *out = NULL;
    if (options.report) *options.report = (drift_opening_report){0};
    int rc = connect(&connection, opening->options, err);
    if (rc != DRIFT_OK) return rc;
    options.path = NULL;
    options.memory = false;
    options.connection = connection;
    rc = drift_database_open(&database, opening->definition, &options, err);
    drift_database_close(database);
    if (rc == DRIFT_OK)
        *out = connection;
    else
        drift_connection_close(connection);
    return rc;
}
