/* check_codegen.c — names, literals, types, whole files, and where they are put. That what is generated compiles, and
 * does what it says, is shown by the entries codegen.* of ctest (CMakeLists.txt). */
#include "codegen/cases.h"
#include "support/memory.h"
#include "support/suite.h"

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("codegen");
    suite_add_tcase(suite, identifier_case());
    suite_add_tcase(suite, literal_case());
    suite_add_tcase(suite, plan_case());
    suite_add_tcase(suite, generate_case());
    suite_add_tcase(suite, steps_case());
    suite_add_tcase(suite, test_case());
    suite_add_tcase(suite, folder_case());
    return suite_run(suite);
}
