/* report.h — what two ways of verifying told, to be compared as a whole. */
#ifndef DRIFT_SUITES_SUPPORT_REPORT_H
#define DRIFT_SUITES_SUPPORT_REPORT_H

#include "drift/kit/outcome.h"

/* The JSON report without durations, and without which runs went on from another. The caller frees it with drift_free.
 */
char *report_of(const drift_outcome *outcome);

/* Asserts that both told the same, and frees them. */
void assert_same_report(drift_outcome *a, drift_outcome *b);

#endif
