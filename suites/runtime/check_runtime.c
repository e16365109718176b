/* check_runtime.c — connections, statements, transactions. */
#include "runtime/cases.h"
#include "support/memory.h"
#include "support/suite.h"

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("runtime");
    suite_add_tcase(suite, status_case());
    suite_add_tcase(suite, connection_case());
    suite_add_tcase(suite, statement_case());
    suite_add_tcase(suite, script_case());
    suite_add_tcase(suite, transaction_case());
    suite_add_tcase(suite, batch_case());
    suite_add_tcase(suite, busy_case());
    suite_add_tcase(suite, pragma_case());
    suite_add_tcase(suite, inspect_case());
    suite_add_tcase(suite, memory_case());
    return suite_run(suite);
}
