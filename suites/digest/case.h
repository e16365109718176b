/* case.h — the test cases of this suite beside its first. */
#ifndef DRIFT_SUITES_DIGEST_CASE_H
#define DRIFT_SUITES_DIGEST_CASE_H

#include <check.h>

TCase *case_table(void);

#endif
