/* cases.h — the test cases of this suite. */
#ifndef DRIFT_SUITES_BROKEN_CASES_H
#define DRIFT_SUITES_BROKEN_CASES_H

#include <check.h>

TCase *case_kept(void);
TCase *case_reader(void);
TCase *case_verified(void);

#endif
