/* check_executor.c — background executors, their clients, query streams. The first four cases are those of direct
 * connections (suites/runtime), over clients. */
#include "executor/cases.h"
#include "runtime/cases.h"
#include "support/memory.h"
#include "support/suite.h"

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("executor");
    suite_add_tcase(suite, statement_case());
    suite_add_tcase(suite, script_case());
    suite_add_tcase(suite, transaction_case());
    suite_add_tcase(suite, batch_case());
    suite_add_tcase(suite, client_case());
    suite_add_tcase(suite, order_case());
    suite_add_tcase(suite, owner_case());
    suite_add_tcase(suite, life_case());
    suite_add_tcase(suite, registry_case());
    suite_add_tcase(suite, request_case());
    suite_add_tcase(suite, tracking_case());
    suite_add_tcase(suite, watch_case());
    suite_add_tcase(suite, guide_case());
    suite_add_tcase(suite, memory_case());
    suite_add_tcase(suite, stress_case());
    return suite_run(suite);
}
