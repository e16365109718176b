/* jobs.h — a verification by several processes. */
#ifndef DRIFT_CLI_JOBS_H
#define DRIFT_CLI_JOBS_H

#include "drift/kit/verify.h"

/** What is verified. */
typedef struct drift__jobs_work {
    const drift_schema_provider *schemas;
    drift_migration_source source;
    const char *app;                     /* what --app names, which each process opens for itself; or NULL */
    const drift_verify_options *options; /* with is_stopped */
} drift__jobs_work;

/**
 * drift_verify_migrations in so many child processes, with the same outcome but for durations. The listener hears of
 * all of them: when a run begins, and when the runs of its portion have ended.
 * A run in whose middle a process ends is told as migration.failed; the rest of what it had is run by another.
 * @return as drift_verify_migrations; CHILD if a process could not be started, or if several ended outside of any run.
 */
int drift__jobs_verify(drift_outcome **out, size_t jobs, const drift__jobs_work *work, drift_error *err);

#endif
