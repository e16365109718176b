/* match_cases.h — the cases of check_match. */
#ifndef DRIFT_SUITES_VERIFY_MATCH_CASES_H
#define DRIFT_SUITES_VERIFY_MATCH_CASES_H

#include <check.h>

TCase *case_pile(void);
TCase *case_values(void);

#endif
