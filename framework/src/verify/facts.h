/* facts.h — what is known of an old database, which never changes: read when it is first asked for, once for all cases
 * that start there. */
#ifndef DRIFT_VERIFY_FACTS_H
#define DRIFT_VERIFY_FACTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "rebuild/object.h"
#include "rebuild/violation.h"

struct drift__live_known; /* verify/live.h */

/** All zero starts it. */
typedef struct drift__facts {
    drift_connection *connection; /**< of the database that is spoken of; borrowed */
    drift__arena arena;
    bool has_objects, has_violations;
    drift__objects objects;
    drift__violation_set violations;
    struct drift__live_known *tables; /**< NULL: not read yet */
} drift__facts;

/** As drift__objects_read. Borrowed. */
int drift__facts_objects(const drift__objects **out, drift__facts *facts, drift_error *err);

/** All violations of foreign keys. Borrowed; asking the set may sort it. */
int drift__facts_violations(drift__violation_set **out, drift__facts *facts, drift_error *err);

/** All tables that drift__live_list names. Borrowed. */
int drift__facts_tables(const struct drift__live_known **out, drift__facts *facts, drift_error *err);

void drift__facts_dispose(drift__facts *facts);

#endif
