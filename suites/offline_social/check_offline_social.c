/* check_offline_social.c — the suite of the app that works offline. */
#include "offline_social/cases.h"
#include "support/suite.h"

int main(void)
{
    Suite *suite = suite_create("offline_social");
    suite_add_tcase(suite, migrations_case());
    suite_add_tcase(suite, queries_case());
    suite_add_tcase(suite, program_case());
    return suite_run(suite);
}
