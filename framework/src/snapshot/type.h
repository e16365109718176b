/* type.h — a column's `moor_type`: Drift's name for what it holds. */
#ifndef DRIFT_SNAPSHOT_TYPE_H
#define DRIFT_SNAPSHOT_TYPE_H

#include <stdbool.h>

#include "drift/schema.h"

/** The type that a moor_type names, in the spelling of any format; UNKNOWN if there is no such type. */
drift_logical_type drift__logical_type(const char *moor_type);

/** The SQL type that Drift declares a column of this type with. Static. */
const char *drift__logical_sql(drift_logical_type type, bool dates_as_text);

/** The moor_type nearest to a declared SQL type, by its affinity. Static. */
const char *drift__moor_type(const char *declared, bool strict);

#endif
