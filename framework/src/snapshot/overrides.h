/* overrides.h — the SQL for what only Dart could evaluate, as a person supplies it. */
#ifndef DRIFT_SNAPSHOT_OVERRIDES_H
#define DRIFT_SNAPSHOT_OVERRIDES_H

#include <jansson.h>

#include "drift/error.h"

/** An overrides file. `drift__overrides o = {0}` is one that holds nothing. */
typedef struct drift__overrides {
    json_t *tree;
} drift__overrides;

/** Reads and checks a file: {"table.column": {"default": "SQL", "check": "SQL", "generated": "SQL"}}. */
int drift__overrides_read(drift__overrides *out, const char *path, drift_error *err);

/** The SQL for a part ("default", "check", "generated") of a column, or NULL. Names are matched as SQLite does.
 * Borrowed. */
const char *drift__overrides_find(const drift__overrides *overrides, const char *table, const char *column,
                                  const char *what);

void drift__overrides_dispose(drift__overrides *overrides);

#endif
