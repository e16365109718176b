/* describe.h — the columns of what only SQLite can tell: views and virtual tables.
 *
 * The schema is built in a scratch database in memory, with stand-ins for an application's functions and collations,
 * and SELECT * is prepared. A view's column has the declared type of the table's column that it hands through; an
 * expression has none (https://www.sqlite.org/c3ref/column_decltype.html), whatever the version of SQLite.
 */
#ifndef DRIFT_CODEGEN_DESCRIBE_H
#define DRIFT_CODEGEN_DESCRIBE_H

#include <stddef.h>

#include "base/arena.h"
#include "drift/connection.h"
#include "drift/error.h"
#include "drift/schema.h"

typedef struct drift__described_column {
    const char *name;
    const char *type; /* "" if there is none */
} drift__described_column;

/** Builds what can be built of a schema. What SQLite refuses (a module that it lacks) is left out, and told when it is
 * asked for. The caller closes. */
int drift__describe_open(drift_connection **out, const drift_schema *schema, drift_error *err);

/**
 * The columns that SELECT * gives, in the arena.
 * @return DRIFT_OK; errors of the statement.
 */
int drift__describe_columns(drift__described_column **out, size_t *count, drift__arena *arena,
                            drift_connection *scratch, const char *name, drift_error *err);

#endif
