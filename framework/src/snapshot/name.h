/* name.h — the names of snapshot files, and names in Dart. */
#ifndef DRIFT_SNAPSHOT_NAME_H
#define DRIFT_SNAPSHOT_NAME_H

#include <stdbool.h>

#include "base/arena.h"

/** The N of a path that ends in drift_schema_vN.json or moor_schema_vN.json, 1 to 2147483647; else 0. */
int drift__snapshot_version(const char *path);

/** A SQL name as a Dart identifier: due_date is dueDate, or DueDate with a capital. In the arena; NULL if there is no
 * memory. */
const char *drift__dart_name(drift__arena *arena, const char *name, bool capital);

#endif
