/* check_compare.c — the suite of comparison: what is equal, what differs, and how it is told. */
#include "compare/cases.h"
#include "support/memory.h"
#include "support/suite.h"

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("compare");
    suite_add_tcase(suite, compare_equal_case());
    suite_add_tcase(suite, compare_different_case());
    suite_add_tcase(suite, compare_expression_case());
    suite_add_tcase(suite, compare_options_case());
    suite_add_tcase(suite, compare_pairs_query_case());
    suite_add_tcase(suite, compare_pairs_table_case());
    suite_add_tcase(suite, compare_telling_case());
    suite_add_tcase(suite, compare_robust_case());
    suite_add_tcase(suite, compare_respelled_case());
    return suite_run(suite);
}
