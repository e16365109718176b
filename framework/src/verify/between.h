/* between.h — what a migration of several steps had to let go on its way.
 *
 * "A table or column that the target schema does not have is dropped as declared." Where a pair goes through versions
 * between, each of them is a target: what one of them does not have was dropped there, and what a later one has under
 * the same name is new.
 */
#ifndef DRIFT_VERIFY_BETWEEN_H
#define DRIFT_VERIFY_BETWEEN_H

#include <stdbool.h>

#include "drift/kit/verify.h"

struct drift__judgement; /* verify/judge.h */

/**
 * Whether a version at which the path stops on its way has no such table, or no such column of it. `column` may be
 * NULL. The names are those of the first version; renames that were told are followed. A version whose schema cannot be
 * had, and a migration without a path, tell nothing.
 */
int drift__gone_between(bool *out, const struct drift__judgement *judgement, const char *table, const char *column,
                        drift_error *err);

/** What a version has that a later one, at which the ways from there stop, has not: found version by version. All zero
 * starts it. */
typedef struct drift__lost {
    const drift_step_file *last; /* the step whose end was looked at last */
    size_t steps;                /* of the path, whose ends were looked at */
    struct drift__lost_name *names;
    size_t count, capacity;
} drift__lost;

void drift__lost_dispose(drift__lost *lost);

/** Whether anything that both the first version and the last have is gone between. */
int drift__any_gone_between(bool *out, const struct drift__judgement *judgement, drift_error *err);

#endif
