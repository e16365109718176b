/* check_cli.c — the program: what it prints, what it writes, how it exits. */
#include "cli/program.h"

#include "support/suite.h"

int main(void)
{
    Suite *suite = suite_create("cli");
    TCase *cases[] = {case_help(), case_dump(),   case_input(), case_make_migrations(),
                      case_seed(), case_verify(), case_jobs(),  case_progress()};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tcase_add_checked_fixture(cases[i], program_folder_make, program_folder_remove);
        suite_add_tcase(suite, cases[i]);
    }
    return suite_run(suite);
}
