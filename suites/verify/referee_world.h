/* referee_world.h — two databases with rows written in the test, judged without a migration between. */
#ifndef DRIFT_SUITES_VERIFY_REFEREE_WORLD_H
#define DRIFT_SUITES_VERIFY_REFEREE_WORLD_H

#include <check.h>

#include "drift/kit/expect.h"
#include "drift/kit/verify.h"

/* What is to be judged as the step 1->2. */
typedef struct judged {
    const char *before; /* SQL that makes the old database */
    const char *change; /* SQL that makes the new one of a copy */
    const drift_expectation *expect;
    size_t expect_count;
    const drift_verify_options *options; /* may be NULL */
} judged;

/* The findings as "code object: message" lines, and the ledger as "table kind in>out matched lost extra | column kind
 * changed, …" lines. Free with drift_free. */
char *judge_findings(const judged *j);
char *judge_ledger(const judged *j);

/* Asserts the one or the other, whole. */
void assert_findings_are(const judged *j, const char *expected);
void assert_ledger_is(const judged *j, const char *expected);

TCase *case_expect(void);
TCase *case_expect_file(void);

#endif
