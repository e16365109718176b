/* values.h — SQL values as the referee's functions see them: type and bytes, nothing converted. */
#ifndef DRIFT_VERIFY_VALUES_H
#define DRIFT_VERIFY_VALUES_H

#include <sqlite3.h>
#include <stdbool.h>

#include "digest/digest.h"

/** Whether both have the same type and bytes. `wide`: the databases hold UTF-16. */
bool drift__values_same(sqlite3_value *a, sqlite3_value *b, bool wide);

/** Adds a value to a digest. */
void drift__values_digest(drift__digest_state *state, sqlite3_value *value, bool wide);

#endif
