/* progress.h — what a verification is at, on standard error. */
#ifndef DRIFT_CLI_PROGRESS_H
#define DRIFT_CLI_PROGRESS_H

#include "cli/command.h"
#include "drift/kit/outcome.h"

typedef struct drift__progress {
    drift_listener listener; /* without callbacks: nothing is told */
    char run[96];            /* the line of the run that is on; "": none */
    int64_t begun_us;
    int64_t seconds; /* that stand behind it */
} drift__progress;

/** One line that changes, on a terminal; with --verbose a line for each run; else nothing. */
void drift__progress_begin(drift__progress *progress, const drift__invocation *invocation);

/** drift__signals_came for who is asked all the time: a run that takes longer gets its seconds. `payload` is a
 * drift__progress. */
bool drift__progress_is_stopped(void *payload);

/** What is told next begins a line. */
void drift__progress_end(drift__progress *progress);

#endif
