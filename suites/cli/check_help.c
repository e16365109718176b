/* check_help.c — help, and wrong usage. */
#include <stdio.h>
#include <string.h>

#include "cli/program.h"
#include "support/suite.h"

static const char *const commands[][2] = {{"schema", "dump"},     {"schema", "export"}, {"schema", "diff"},
                                          {"schema", "generate"}, {"schema", "steps"},  {"make-migrations", NULL},
                                          {"seed", NULL},         {"check", NULL},      {"verify", NULL},
                                          {"report", "merge"},    {"report", "convert"}};
enum { COMMANDS = sizeof commands / sizeof *commands };

START_TEST(help_lists_every_command)
{
    program p = drift_gives(0, "help"), same = drift_gives(0, "--help");
    for (int i = 0; i < COMMANDS; i++) ck_assert_holds(p.out, commands[i][commands[i][1] != NULL]);
    ck_assert_str_eq(p.out, same.out);
    program_done(&p);
    program_done(&same);
}
END_TEST

START_TEST(every_command_has_help)
{
    const char *first = commands[_i][0], *second = commands[_i][1];
    program by_word = second ? drift_gives(0, "help", first, second) : drift_gives(0, "help", first);
    program by_option = second ? drift_gives(0, first, second, "--help") : drift_gives(0, first, "-h");
    char name[64];
    ck_assert_str_eq(by_word.out, by_option.out);
    ck_assert_str_eq(by_word.err, "");
    ck_assert_holds(by_word.out, "usage: drift ");
    ck_assert_holds(by_word.out, "--color");
    snprintf(name, sizeof name, "cli/help_%s.txt", second ? second : first);
    suite_golden(name, by_word.out);
    program_done(&by_word);
    program_done(&by_option);
}
END_TEST

START_TEST(a_group_has_help)
{
    program p = drift_gives(0, "schema", "--help"), same = drift_gives(0, "help", "schema");
    ck_assert_holds(p.out, "schema export");
    ck_assert_ptr_null(strstr(p.out, "verify"));
    ck_assert_str_eq(p.out, same.out);
    program_done(&p);
    program_done(&same);
}
END_TEST

START_TEST(the_version_is_told)
{
    program p = drift_gives(0, "--version");
    ck_assert_holds(p.out, "drift 0.");
    ck_assert_holds(p.out, ", SQLite 3.");
    program_done(&p);
}
END_TEST

START_TEST(wrong_usage_is_named)
{
    drift_refuses(2, "expected a command", NULL);
    drift_refuses(2, "unknown command \"vrify\"; the nearest is \"verify\"", "vrify");
    drift_refuses(2, "unknown command \"schema dmup\"; the nearest is \"schema dump\"", "schema", "dmup");
    drift_refuses(2, "unknown command \"frobnicate\"", "frobnicate");
    drift_refuses(2, "unknown command \"frobnicate\"", "help", "frobnicate");
    drift_refuses(2, "schema: expected a command behind it", "schema");
    drift_refuses(2, "unknown option --nonsense before a command", "--nonsense");
    drift_refuses(2, "unknown option --shemas; the nearest is --schemas", "verify", "--shemas", "x");
    drift_refuses(2, "unknown option --zzzzzzzzzz", "verify", "--zzzzzzzzzz=1");
    drift_refuses(2, "unknown option -x", "verify", "-x");
    drift_refuses(2, "--schemas: expected DIR, found nothing", "verify", "--schemas");
    drift_refuses(2, "--strict takes no value", "schema", "diff", "a", "b", "--strict=yes");
    drift_refuses(2, "schema diff: expected 2 arguments, found 1", "schema", "diff", "a");
    drift_refuses(2, "schema diff: expected 2 arguments, found 3: \"c\" is too many", "schema", "diff", "--", "a", "-b",
                  "c");
    drift_refuses(2, "verify: expected 0 arguments, found 2: \"my\" is too many", "verify", "--schemas", "s", "--exec",
                  "run", "my", "migrations");
    drift_refuses(2, "-q takes no value, found \"v\" behind it", "schema", "diff", "a", "b", "-qv");
    drift_refuses(2, "check: expected 1 argument, found 0", "check", "--schemas", "x");
    drift_refuses(2, "report merge: expected 1 argument or more, found 0", "report", "merge");
    drift_refuses(2, "check: expected --schemas DIR", "check", "x.db");
    drift_refuses(2, "verify: expected one of --migrations, --exec and --app, found none", "verify", "--schemas", "x");
    drift_refuses(2, "verify: expected one of --migrations, --exec and --app, found more", "verify", "--schemas", "x",
                  "--migrations", "x", "--exec", "x");
    drift_refuses(2, "--runner: expected --migrations, whose steps it says how to run", "verify", "--schemas", "x",
                  "--app", "x", "--runner", "plain");
    drift_refuses(2, "--audit: what the command of --exec changes cannot be vetoed", "verify", "--schemas", "x",
                  "--exec", "x", "--audit", "veto");
    drift_refuses(2, "--rows: expected the level many among those of --data", "verify", "--schemas", "x",
                  "--migrations", "x", "--rows", "5", "--data", "one");
}
END_TEST

START_TEST(a_word_that_is_no_choice_lists_the_choices)
{
    drift_refuses(2, "--format: expected one of text, json, found \"junit\"", "schema", "diff", "a", "b", "--format",
                  "junit");
    drift_refuses(2, "--data: expected a list out of empty, one, boundary, hostile, many, found \"two\"", "verify",
                  "--data", "one,two");
    drift_refuses(2, "--runner: expected one of drift, transaction, plain, found \"\"", "verify", "--runner=");
    drift_refuses(2, "--color: expected one of auto, always, never, found \"blue\"", "check", "--color", "blue");
}
END_TEST

START_TEST(a_number_is_a_whole_number)
{
    static const char *const wrong[] = {"0", "-1", "x", "1x", "", "2147483648", "99999999999999999999", "1.0", "+1"};
    for (int i = 0; i < 9; i++) {
        char expected[128];
        snprintf(expected, sizeof expected, "--version: expected a whole number from 1 to 2147483647, found \"%s\"",
                 wrong[i]);
        drift_refuses(2, expected, "schema", "export", "a.json", "--version", wrong[i]);
    }
}
END_TEST

TCase *case_help(void)
{
    TCase *tcase = suite_case("help");
    tcase_add_test(tcase, help_lists_every_command);
    tcase_add_loop_test(tcase, every_command_has_help, 0, COMMANDS);
    tcase_add_test(tcase, a_group_has_help);
    tcase_add_test(tcase, the_version_is_told);
    tcase_add_test(tcase, wrong_usage_is_named);
    tcase_add_test(tcase, a_word_that_is_no_choice_lists_the_choices);
    tcase_add_test(tcase, a_number_is_a_whole_number);
    return tcase;
}
