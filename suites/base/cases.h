/* cases.h — the test cases of this suite, one a file. */
#ifndef DRIFT_SUITES_BASE_CASES_H
#define DRIFT_SUITES_BASE_CASES_H

#include <check.h>

TCase *base_alloc_case(void);
TCase *base_arena_case(void);
TCase *base_error_case(void);
TCase *base_file_case(void);
TCase *base_fold_case(void);
TCase *base_map_case(void);
TCase *base_str_case(void);
TCase *base_utf8_case(void);

#endif
