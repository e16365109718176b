/* stepped.h — the pairs of one start one after the other: the database that was migrated from 1 to 2 and judged goes on
 * to 3 and is judged again, instead of being built at 1 once more for each later version.
 *
 * V versions are then V(V-1)/2 steps instead of V(V²-1)/6. It says the same only where the steps do not know whether
 * they were stopped between: each keeps to the database (apart.h), one way alone leads from a version to another, and
 * nothing of the application's own runs. The longest way of the first start is run directly besides, and opened anew at
 * each version, at every level of data: all must end alike. Whatever is found on the way is dropped, and the pair and
 * those behind it are migrated by themselves, so that every finding stands for a direct run.
 */
#ifndef DRIFT_VERIFY_STEPPED_H
#define DRIFT_VERIFY_STEPPED_H

#include "verify/judge.h"

/** The way on from one original. All zero starts it. */
typedef struct drift__stepped {
    drift_connection *connection; /**< the database where it stands; NULL: it has not begun */
    size_t steps;                 /**< of the path, that it has gone */
    int64_t spent_us;             /**< of a time limit, in those steps */
    bool keys_hold;               /**< there no foreign key is violated */
    bool over;                    /**< something was found: what follows is migrated by itself */
} drift__stepped;

/** Whether every step keeps to the database. */
bool drift__steps_keep_apart(const drift_step_folder *steps, drift_runner runner);

/** Whether a source may be stopped between its steps, as far as its texts and the options tell. */
int drift__stepping_fits(bool *out, const drift_migration_source *source, const drift_schema_provider *schemas,
                         const drift_verify_options *options, drift_error *err);

/**
 * Runs a migration directly and stopped between, and compares.
 * @param attempt not run yet.
 * @param same false also if the migration fails.
 */
int drift__stepping_sample(bool *same, const drift__attempt *attempt, drift_connection *original,
                           const drift_schema_provider *schemas, const int *versions, size_t version_count,
                           drift_error *err);

/** Whether the way leads on to where this path ends. */
bool drift__stepped_leads_to(const drift__stepped *stepped, const drift__path *path);

/** Runs the rest of the attempt's path, as drift__attempt_run the whole. The database becomes the caller's. */
int drift__stepped_run(drift_connection **after, drift__attempt *attempt, drift__stepped *stepped, drift_error *err);

/** The way stands where this database was led to by an attempt; it is taken. `keys_hold`: no foreign key is violated.
 */
void drift__stepped_put(drift__stepped *stepped, drift_connection **after, const drift__attempt *attempt,
                        bool keys_hold);

void drift__stepped_dispose(drift__stepped *stepped);

#endif
