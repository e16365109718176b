/* group.h — the findings of an outcome, those that say the same side by side. */
#ifndef DRIFT_REPORT_GROUP_H
#define DRIFT_REPORT_GROUP_H

#include "drift/kit/outcome.h"

/** A finding and the run that found it. */
typedef struct drift__told {
    const drift_run *run;
    const drift_finding *finding;
    size_t number; /**< in the order in which they were found */
    size_t group;  /**< the number of the first that says the same: code, object, step and message */
} drift__told;

/** All findings by group, then number. Free `*list` with drift__free; it is NULL where there is none. */
int drift__group_findings(drift__told **list, size_t *count, const drift_outcome *outcome, drift_error *err);

/** The number of those at the head of a list that say the same. */
size_t drift__group_length(const drift__told *list, size_t count);

#endif
