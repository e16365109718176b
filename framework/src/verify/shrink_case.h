/* shrink_case.h — a failed case, run again on smaller and smaller databases. */
#ifndef DRIFT_VERIFY_SHRINK_CASE_H
#define DRIFT_VERIFY_SHRINK_CASE_H

#include "verify/judge.h"

/** The smallest database that was found. */
typedef struct drift__shrunk {
    drift_connection *database;
    drift_outcome *found; /**< what it shows, as an outcome of one run */
    unsigned ways;        /**< of these findings: the judgement's */
} drift__shrunk;

/**
 * Finds the smallest database that shows the same findings (codes and objects; of a way that fails the message too)
 * when the case's migration is run on it, and the other ways to the same version where they end otherwise. A migration
 * that took longer than allowed must do so again, so that each try costs that time.
 *
 * What is told of no one run is no reason: expect.stale is said of all runs together, and error.build and error.seed of
 * the database that the migration starts from.
 * @param like the case: its original, target, options and attempt. Not changed.
 */
int drift__shrink_case(drift__shrunk *out, const drift__judgement *like, drift_error *err);

/** Also after an error. */
void drift__shrunk_dispose(drift__shrunk *shrunk);

#endif
