/* lost.c */
#include "verify/lost.h"

#include <stdio.h>
#include <string.h>

const drift__lost_run *drift__lost_find(const drift__lost_run *lost, size_t count, int from, int to, const char *data)
{
    for (size_t i = 0; i < count; i++) {
        if (lost[i].from == from && lost[i].to == to && strcmp(lost[i].data, data) == 0) return &lost[i];
    }
    return NULL;
}

void drift__lost_tell(drift__outcome_builder *outcome, const drift__lost_run *lost, size_t step_count)
{
    char step[32], text[128];
    snprintf(text, sizeof text, "the process that ran it %s", lost->how);
    snprintf(step, sizeof step, "%d->%d", lost->from, lost->to);
    drift__outcome_begin_run(outcome, lost->from, lost->to, lost->data);
    drift__outcome_find(outcome, &(drift_finding){.code = DRIFT_FINDING_MIGRATION_FAILED,
                                                  .step = step_count == 1 ? step : NULL,
                                                  .message = text});
}
