/* jobs_child.h — what one of several processes of a verification does. */
#ifndef DRIFT_CLI_JOBS_CHILD_H
#define DRIFT_CLI_JOBS_CHILD_H

#include <sys/types.h>

#include "cli/jobs.h"
#include "verify/verification.h"

typedef struct drift__jobs_child {
    const drift__jobs_work *work;
    size_t jobs; /* that the work is divided for */
    const drift__lost_run *lost;
    size_t lost_count;
    int fd;
    pid_t parent;
} drift__jobs_child;

/** Runs the portions that it is handed, and ends the process. */
_Noreturn void drift__jobs_child_run(const drift__jobs_child *child);

#endif
