/* cases.h — the test cases of this suite, one a file. */
#ifndef DRIFT_SUITES_COMPARE_CASES_H
#define DRIFT_SUITES_COMPARE_CASES_H

#include <check.h>

TCase *compare_equal_case(void);
TCase *compare_different_case(void);
TCase *compare_expression_case(void);
TCase *compare_options_case(void);
TCase *compare_pairs_query_case(void);
TCase *compare_pairs_table_case(void);
TCase *compare_telling_case(void);
TCase *compare_robust_case(void);
TCase *compare_respelled_case(void);

#endif
