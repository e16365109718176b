/* values.h — SQL values as the referee's functions see them: type and bytes, nothing converted. */
#ifndef DRIFT_VERIFY_VALUES_H
#define DRIFT_VERIFY_VALUES_H

#include <sqlite3.h>
#include <stdbool.h>

#include "digest/digest.h"

/** Whether both have the same type and bytes. `wide`: the databases hold UTF-16. */
bool drift__values_same(sqlite3_value *a, sqlite3_value *b, bool wide);

/** Whether all pairs of neighbours are the same. */
bool drift__values_all_same(sqlite3_value **values, int count, bool wide);

/** Whether a value is the old one, or else what CAST made of it, where CAST leads back to the old one: '42' and 42, but
 * not '007' and 7. The old value and what CAST made of it may be converted, and are not to be looked at again. */
bool drift__values_carried(sqlite3_value *old, sqlite3_value *cast, sqlite3_value *now, bool wide);

/** Adds a value to a digest. */
void drift__values_digest(drift__digest_state *state, sqlite3_value *value, bool wide);

#endif
