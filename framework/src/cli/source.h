/* source.h — a schema from what a person names: a snapshot, an SQL script, a database file. */
#ifndef DRIFT_CLI_SOURCE_H
#define DRIFT_CLI_SOURCE_H

#include "drift/kit/snapshot.h"
#include "drift/schema.h"

typedef struct drift__source {
    drift_snapshot *snapshot; /* of a snapshot */
    drift_schema *live;       /* of a script or a database */
    const drift_schema *schema;
} drift__source;

typedef enum drift__source_kind {
    DRIFT__SOURCE_SNAPSHOT,
    DRIFT__SOURCE_SCRIPT,
    DRIFT__SOURCE_DATABASE
} drift__source_kind;

/**
 * What a file is: a database by its first bytes, a snapshot or a script by its name, else a snapshot if it begins with
 * a brace, else a database.
 */
int drift__source_kind_of(drift__source_kind *out, const char *path, drift_error *err);

/**
 * Reads it. A script is run in a scratch database in memory: no ATTACH, no extensions; functions and collations that
 * SQLite does not know get stand-ins. `overrides` may be NULL. Dispose also after a failure.
 */
int drift__source_read(drift__source *out, const char *path, const char *overrides, drift_error *err);

/** The same for a script or a database; a snapshot is FORMAT. */
int drift__source_read_live(drift__source *out, const char *path, drift_error *err);

void drift__source_dispose(drift__source *source);

#endif
