/* check_base.c — the suite of the module that everything stands on. */
#include "base/cases.h"
#include "support/memory.h"
#include "support/suite.h"

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("base");
    suite_add_tcase(suite, base_alloc_case());
    suite_add_tcase(suite, base_arena_case());
    suite_add_tcase(suite, base_error_case());
    suite_add_tcase(suite, base_file_case());
    suite_add_tcase(suite, base_fold_case());
    suite_add_tcase(suite, base_map_case());
    suite_add_tcase(suite, base_str_case());
    suite_add_tcase(suite, base_utf8_case());
    return suite_run(suite);
}
