/* check_migrate.c — the migrator. */
#include "migrate/given.h"

int main(void)
{
    Suite *suite = suite_create("migrate");
    suite_add_tcase(suite, rebuild_case());
    suite_add_tcase(suite, dependents_case());
    suite_add_tcase(suite, foreign_keys_case());
    suite_add_tcase(suite, column_case());
    suite_add_tcase(suite, create_case());
    suite_add_tcase(suite, step_case());
    suite_add_tcase(suite, property_case());
    return suite_run(suite);
}
