/* cases.h — the cases of this suite, one a file. */
#ifndef DRIFT_SUITES_EXECUTOR_CASES_H
#define DRIFT_SUITES_EXECUTOR_CASES_H

#include <check.h>

TCase *client_case(void);
TCase *guide_case(void);
TCase *life_case(void);
TCase *order_case(void);
TCase *owner_case(void);
TCase *registry_case(void);
TCase *request_case(void);
TCase *stress_case(void);
TCase *tracking_case(void);
TCase *watch_case(void);

#endif
