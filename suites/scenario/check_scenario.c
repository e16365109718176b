/* check_scenario.c — the scenarios, in one program. */
#include "scenario/scenario.h"
#include "support/memory.h"
#include "support/suite.h"

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("scenario");
    suite_add_tcase(suite, library_cases());
    suite_add_tcase(suite, todos_cases());
    suite_add_tcase(suite, typed_cases());
    suite_add_tcase(suite, mistake_cases());
    suite_add_tcase(suite, verifier_cases());
    suite_add_tcase(suite, validate_cases());
    suite_add_tcase(suite, guide_cases());
    return suite_run(suite);
}
