/* cases.h — the suite's cases. */
#ifndef DRIFT_SUITES_OFFLINE_SOCIAL_CASES_H
#define DRIFT_SUITES_OFFLINE_SOCIAL_CASES_H

#include <check.h>

TCase *migrations_case(void);
TCase *program_case(void);
TCase *queries_case(void);

#endif
