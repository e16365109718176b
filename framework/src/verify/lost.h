/* lost.h — runs in whose middle the process ended that ran them: they are told, not run again. */
#ifndef DRIFT_VERIFY_LOST_H
#define DRIFT_VERIFY_LOST_H

#include <stddef.h>

#include "outcome/outcome.h"

typedef struct drift__lost_run {
    int from, to;
    char data[24]; /**< the level of data */
    char how[64];  /**< the process ended: "was ended by signal 9" */
} drift__lost_run;

/** The run among these, or NULL. */
const drift__lost_run *drift__lost_find(const drift__lost_run *lost, size_t count, int from, int to, const char *data);

/** Begins the run, and tells migration.failed, as of a command that is ended by a signal. */
void drift__lost_tell(drift__outcome_builder *outcome, const drift__lost_run *lost, size_t step_count);

#endif
