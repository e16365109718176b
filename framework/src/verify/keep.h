/* keep.h — what is kept of a failed case. */
#ifndef DRIFT_VERIFY_KEEP_H
#define DRIFT_VERIFY_KEEP_H

#include "verify/judge.h"

/**
 * Writes <folder>/v1_to_v3_one/database.db, the database after the migration (and after its rollback, if it failed),
 * and repro.sql (repro.h) with as few rows and as short values as still fail.
 */
int drift__keep_case(const char *folder, const char *data, const drift__judgement *judgement, drift_error *err);

#endif
