/* check_opening.c — opening a database. */
#include "opening/world.h"
#include "support/memory.h"

int main(void)
{
    Suite *suite = suite_create("opening");
    suite_memory_install();
    suite_add_tcase(suite, decide_case());
    suite_add_tcase(suite, keys_case());
    suite_add_tcase(suite, fault_case());
    suite_add_tcase(suite, hook_case());
    suite_add_tcase(suite, option_case());
    suite_add_tcase(suite, memory_case());
    suite_add_tcase(suite, process_case());
    return suite_run(suite);
}
