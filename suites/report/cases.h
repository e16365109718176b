/* cases.h — what the files of this suite share. */
#ifndef DRIFT_SUITES_REPORT_CASES_H
#define DRIFT_SUITES_REPORT_CASES_H

#include <check.h>

TCase *case_read(void);

#endif
