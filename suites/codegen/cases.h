/* cases.h — the suite's test cases, one file each. */
#ifndef DRIFT_SUITES_CODEGEN_CASES_H
#define DRIFT_SUITES_CODEGEN_CASES_H

#include <check.h>

TCase *identifier_case(void);
TCase *literal_case(void);
TCase *plan_case(void);
TCase *generate_case(void);
TCase *steps_case(void);
TCase *test_case(void);
TCase *folder_case(void);

#endif
