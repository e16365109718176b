/* verification.h — a verification portion by portion, for who runs portions in several processes. */
#ifndef DRIFT_VERIFY_VERIFICATION_H
#define DRIFT_VERIFY_VERIFICATION_H

#include "drift/kit/verify.h"
#include "verify/lost.h"

typedef struct drift__verification drift__verification;

/** Begins what drift_verify_migrations would do, with its errors; everything is borrowed. The caller frees. */
int drift__verification_begin(drift__verification **out, const drift_schema_provider *schemas,
                              const drift_migration_source *source, const drift_verify_options *options,
                              drift_error *err);

/** The number of runs. */
size_t drift__verification_runs(const drift__verification *verification);

/** Divides it for so many workers, in the same way each time. At least one portion, which may hold no pair. */
int drift__verification_divide(size_t *portions, drift__verification *verification, size_t workers, drift_error *err);

/** Runs a portion, from 0; `*out` is the part `portion` + 1 of all portions. Of one verification ascending. */
int drift__verification_run(drift_outcome **out, drift__verification *verification, size_t portion, drift_error *err);

/** These runs are not run: it is told how they were lost (migration.failed). Borrowed. Before the first portion. */
void drift__verification_set_lost(drift__verification *verification, const drift__lost_run *lost, size_t count);

void drift__verification_free(drift__verification *verification); /* accepts NULL */

#endif
