/* runner.h — running the migration of one case. */
#ifndef DRIFT_VERIFY_RUNNER_H
#define DRIFT_VERIFY_RUNNER_H

#include <stdbool.h>

#include "digest/fingerprint.h"
#include "drift/connection.h"
#include "drift/database.h"
#include "drift/error.h"
#include "drift/kit/verify.h"
#include "opening/opening.h"
#include "verify/audit.h"

/** A way from one version to another: at each version the longest step that does not pass the target. */
typedef struct drift__path {
    const drift_step_file **steps;
    size_t count;
} drift__path;

/** NOT_FOUND, with the file that is missing as a hint, if there is no way. `versions` are those that exist, ascending.
 */
int drift__path_find(drift__path *out, const drift_step_folder *steps, int from, int to, const int *versions,
                     size_t version_count, drift_error *err);

/** The way with the most steps: the parts of steps that span versions. The way to a version on it is a part of it. */
int drift__path_find_parts(drift__path *out, const drift_step_folder *steps, int from, int to, drift_error *err);

void drift__path_dispose(drift__path *path);

/** What a migration did. drift__attempt_dispose ends it. */
typedef struct drift__attempt {
    const drift_migration_source *source;
    const drift_verify_options *options;
    const drift__path *path;    /**< with step files */
    const drift_schema *target; /**< of version `to`; NULL if it is not known */
    int from, to;
    struct drift__expect *expect; /**< what steps mean to change; may be NULL */
    bool unaudited;               /**< nobody asks which tables it changes */
    drift__foreknown foreknown;   /**< of its opening, with runner `drift` and definitions */

    bool failed;
    drift_error why;             /**< if it failed */
    bool left_open;              /**< it left a transaction open, which was rolled back */
    const drift_step_file *step; /**< the step that failed or left a transaction open, if that is known */
    bool atomic;                 /**< a failure must leave everything as it was */
    bool stopped;                /**< it failed because the whole verification was stopped */
    bool timed_out;              /**< it failed because it took longer than allowed */
    bool not_started;            /**< it failed because the command could not be started */
    drift__audit *audit;        /**< what it changed without naming it; NULL if `unaudited`, or if a command migrated */
    int64_t deadline_us;        /**< on drift__clock_us; 0: none */
    int64_t spent_us;           /**< with a time limit: before it ran, of that limit; then also by it */
    drift__fingerprint *before; /**< what stood at the last commit before the failure; NULL: the original */
    drift_opening_report report; /**< of runner `drift` and definitions */
} drift__attempt;

/** Runs it. An error only where nothing can be said about the migration (no memory, a database that cannot be read). */
int drift__attempt_run(drift__attempt *attempt, drift_connection *connection, drift_error *err);

void drift__attempt_dispose(drift__attempt *attempt);

/** Whether the verification was stopped, or the attempt's time is over, which is noted. */
bool drift__attempt_is_over(drift__attempt *attempt);

#endif
