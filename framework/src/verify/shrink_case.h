/* shrink_case.h — a failed case, run again on smaller and smaller databases. */
#ifndef DRIFT_VERIFY_SHRINK_CASE_H
#define DRIFT_VERIFY_SHRINK_CASE_H

#include "verify/judge.h"

/**
 * Finds the smallest database that shows the same findings (codes and objects; of a migration that failed the message
 * too) when the case's migration is run on it. Findings that are not of one run (path.*, expect.stale, error.*) are no
 * reason: where there are no others, and where the migration took longer than allowed, the database stays as it is.
 * @param smaller a database of its own; the caller closes it.
 * @param found what the smaller database shows, as an outcome of one run; the caller frees it.
 * @param like the case: its original, target, options and attempt. Not changed.
 */
int drift__shrink_case(drift_connection **smaller, drift_outcome **found, const drift__judgement *like,
                       drift_error *err);

#endif
