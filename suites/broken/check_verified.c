/* check_verified.c — the judge of the cases can fail: it tells what is missing and what is too much. */
#include <string.h>

#include "broken/cases.h"
#include "broken/table.h"
#include "broken/verified.h"
#include "support/suite.h"

#define TABLE "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);\n"
#define CASE(keys, step)                                                            \
    "-- A | case.\n-- source: S\n" keys "-- schema 1\n" TABLE "-- schema 2\n" TABLE \
    "CREATE INDEX i ON t (a);\n-- step 1->2\n" step "\n"
#define RIGHT "CREATE INDEX i ON t (a);"

static const struct judged {
    const char *text;
    bool is_defect, consequences;
    const char *told; /* how every line begins, one after another */
} judged[] = {
    {CASE("", RIGHT), false, true, ""},
    {CASE("-- finds: schema.missing i\n", "SELECT 1;"), true, true, ""},
    {CASE("-- finds: data.changed t.a\n", RIGHT), true, true, "c: data.changed t.a is not told\n"},
    {CASE("-- finds: migration.failed\n", RIGHT), true, true, "c: migration.failed  is not told\n"},
    /* the code alone, or the object alone, is not enough */
    {CASE("-- finds: schema.missing t\n", "SELECT 1;"), true, true,
     "c: schema.missing t is not told\n"
     "c: 1->2 empty: not expected: schema.missing i: index missing\n"
     "c: 1->2 one: not expected: schema.missing i: index missing\n"
     "c: 1->2 boundary: not expected: schema.missing i: index missing\n"
     "c: 1->2 hostile: not expected: schema.missing i: index missing\n"},
    {CASE("", "SELECT 1;"), false, true,
     "c: 1->2 empty: not expected: schema.missing i: index missing\n"
     "c: 1->2 one: not expected: schema.missing i: index missing\n"
     "c: 1->2 boundary: not expected: schema.missing i: index missing\n"
     "c: 1->2 hostile: not expected: schema.missing i: index missing\n"},
    {CASE("-- finds: schema.missing i\n-- also: fk.dangling t\n", "SELECT 1;"), true, false, ""},
    {CASE("-- finds: schema.missing i\n-- also: fk.dangling t\n", "SELECT 1;"), true, true,
     "c: fk.dangling t is not told\n"},
};

START_TEST(what_is_missing_and_what_is_too_much_is_told)
{
    const struct judged *j = &judged[_i];
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    broken_case c;
    ck_assert_drift(broken_case_parse(&c, "c", j->text, j->is_defect, &err));
    drift_outcome *outcome = broken_verify(&c, 42);
    broken_compare(&text, &c, outcome, j->consequences);
    ck_assert_str_eq(drift__str_text(&text), j->told);
    drift_outcome_free(outcome);
    drift__str_dispose(&text);
    broken_case_dispose(&c);
}
END_TEST

START_TEST(a_line_tells_only_what_was_found)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    broken_case c;
    const char *keys = CASE("-- runner: plain\n-- finds: schema.missing i\n-- finds: fk.dangling t\n", "SELECT 1;");
    ck_assert_drift(broken_case_parse(&c, "c", keys, true, &err));
    drift_outcome *outcome = broken_verify(&c, 42);
    broken_put_line(&text, &c, outcome);
    ck_assert_str_eq(drift__str_text(&text), "c                                    plain       schema.missing i\n");
    drift_outcome_free(outcome);
    drift__str_dispose(&text);
    broken_case_dispose(&c);
}
END_TEST

START_TEST(the_tables_of_the_readme_hold_every_case)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    broken_case defect, harmless;
    const char *keys = CASE("-- finds: schema.missing i\n-- finds: migration.failed\n-- also: fk.dangling t\n", RIGHT);
    ck_assert_drift(broken_case_parse(&defect, "bad", keys, true, &err));
    ck_assert_drift(broken_case_parse(&harmless, "good", CASE("", RIGHT), false, &err));
    broken_put_readme(&text, &(broken_cases){&defect, 1}, &(broken_cases){&harmless, 1});
    ck_assert_str_eq(drift__str_text(&text),
                     "\n## 1 defects\n\n| case | defect | source | runner | found |\n|---|---|---|---|---|\n"
                     "| [bad](defects/bad.sql) | A \\| case. | S | drift | `schema.missing` i, `migration.failed` |\n"
                     "\n## 1 harmless migrations\n\n| case | what looks suspicious | source | runner |\n"
                     "|---|---|---|---|\n| [good](harmless/good.sql) | A \\| case. | S | drift |\n");
    drift__str_dispose(&text);
    broken_case_dispose(&harmless);
    broken_case_dispose(&defect);
}
END_TEST

TCase *case_verified(void)
{
    TCase *tcase = suite_case("verified");
    tcase_add_loop_test(tcase, what_is_missing_and_what_is_too_much_is_told, 0, (int)(sizeof judged / sizeof *judged));
    tcase_add_test(tcase, a_line_tells_only_what_was_found);
    tcase_add_test(tcase, the_tables_of_the_readme_hold_every_case);
    return tcase;
}
