/* facts.h — what is known of a database that does not change: read when it is first asked for. Of an old database it
 * serves all cases that start there; what its definitions decide serves every other database that has them too. */
#ifndef DRIFT_VERIFY_FACTS_H
#define DRIFT_VERIFY_FACTS_H

#include <stdbool.h>

#include "rebuild/violation.h"
#include "verify/between.h"
#include "verify/known.h"

/** All zero starts it. */
typedef struct drift__facts {
    drift_connection *connection; /**< of the database that is spoken of; borrowed */
    drift__known_all *all;        /**< where definitions are remembered; borrowed. NULL: here alone */
    drift__known_all own;
    drift__known *known;
    bool has_empty, empty;
    bool has_violations;
    drift__violation_set violations;
    bool keys_hold;   /**< it is known that no foreign key is violated */
    drift__lost lost; /**< of the version that the database is of */
} drift__facts;

/** What its definitions decide. Borrowed. */
int drift__facts_known(drift__known **out, drift__facts *facts, drift_error *err);

/** As drift__objects_read. Borrowed. */
int drift__facts_objects(const drift__objects **out, drift__facts *facts, drift_error *err);

/** As drift__live_read. Borrowed. */
int drift__facts_tables(const struct drift__live_known **out, drift__facts *facts, drift_error *err);

/** Whether all tables can be read and none holds a row, nor does AUTOINCREMENT's record of keys. */
int drift__facts_empty(bool *out, drift__facts *facts, drift_error *err);

/** All violations of foreign keys. Borrowed; asking the set may sort it. */
int drift__facts_violations(drift__violation_set **out, drift__facts *facts, drift_error *err);

/** Whether no foreign key is violated. */
int drift__facts_keys_hold(bool *out, drift__facts *facts, drift_error *err);

void drift__facts_dispose(drift__facts *facts);

#endif
