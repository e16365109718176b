/* cases.h — the cases of this suite, one a file. */
#ifndef DRIFT_SUITES_RUNTIME_CASES_H
#define DRIFT_SUITES_RUNTIME_CASES_H

#include <check.h>

TCase *batch_case(void);
TCase *busy_case(void);
TCase *connection_case(void);
TCase *inspect_case(void);
TCase *memory_case(void);
TCase *pragma_case(void);
TCase *script_case(void);
TCase *statement_case(void);
TCase *status_case(void);
TCase *transaction_case(void);

#endif
