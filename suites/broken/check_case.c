/* check_case.c — the reader of the cases: what it reads, and that it reads nothing else. */
#include <string.h>

#include "base/str.h"
#include "broken/case.h"
#include "broken/cases.h"
#include "support/suite.h"

#define SECTIONS "-- schema 1\nA;\n-- schema 2\nB;\n-- step 1->2\nC;\n"

static const char whole[] = "-- A title.\n"
                            "--\n"
                            "-- A story: with a colon\n"
                            "--\n"
                            "-- source: Project 7 (why)\n"
                            "-- runner: transaction\n"
                            "-- compare: strict\n"
                            "-- expect: 1->3 transform t.a: CAST(a AS INTEGER) || ': '\n"
                            "-- expect: 1->3 touches u\n"
                            "-- finds: data.changed t.a\n"
                            "-- finds: migration.failed\n"
                            "-- also: hidden.rowid t\n"
                            "-- schema 1\n"
                            "CREATE TABLE t (a); -- schema of t\n"
                            "-- schema 3\n"
                            "CREATE TABLE t (b);\n"
                            "-- schema 12\n"
                            "CREATE TABLE t (c);\n"
                            "-- step 3->12\n"
                            "-- a comment\n"
                            "C;\n"
                            "-- step 1->12\n"
                            "D;\n"
                            "-- step 1->3\n"
                            "E;\n";

static void put_case(drift__str *out, const broken_case *c)
{
    drift__str_printf(out, "%s|%s|%s|%s|%d\n", c->name, c->title, c->source, broken_case_runner(c), c->strict);
    for (size_t i = 0; i < c->expectation_count; i++) {
        const drift_expectation *e = &c->expectations[i];
        drift__str_printf(out, "%d->%d %d %s|%s|%s\n", e->from, e->to, (int)e->kind, e->table,
                          e->column ? e->column : "-", e->value ? e->value : "-");
    }
    for (size_t i = 0; i < c->finding_count; i++)
        drift__str_printf(out, "%s|%s|%d\n", c->findings[i].code, c->findings[i].object ? c->findings[i].object : "-",
                          c->findings[i].is_consequence);
    for (size_t i = 0; i < c->schema_count; i++)
        drift__str_printf(out, "%d: %s", c->schemas[i].version, c->schemas[i].sql);
    for (size_t i = 0; i < c->step_count; i++)
        drift__str_printf(out, "%d->%d: %s", c->steps[i].from, c->steps[i].to, c->steps[i].sql);
}

START_TEST(a_case_is_read_whole)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    broken_case c;
    ck_assert_drift(broken_case_parse(&c, "a_case", whole, true, &err));
    put_case(&text, &c);
    ck_assert_str_eq(drift__str_text(&text), "a_case|A title.|Project 7 (why)|transaction|1\n"
                                             "1->3 0 t|a|CAST(a AS INTEGER) || ': '\n"
                                             "1->3 7 u|-|-\n"
                                             "data.changed|t.a|0\n"
                                             "migration.failed|-|0\n"
                                             "hidden.rowid|t|1\n"
                                             "1: CREATE TABLE t (a); -- schema of t\n"
                                             "3: CREATE TABLE t (b);\n"
                                             "12: CREATE TABLE t (c);\n"
                                             "1->3: E;\n"
                                             "1->12: D;\n"
                                             "3->12: -- a comment\nC;\n");
    drift__str_dispose(&text);
    broken_case_dispose(&c);
}
END_TEST

START_TEST(an_app_has_an_opening)
{
    drift_error err = {0};
    broken_case c;
    ck_assert_drift(
        broken_case_parse(&c, "c", "-- A.\n-- source: S\n-- runner: app\n" SECTIONS "-- opening\nD;\n", false, &err));
    ck_assert_str_eq(c.opening, "D;\n");
    ck_assert_str_eq(broken_case_runner(&c), "app");
    broken_case_dispose(&c);
}
END_TEST

static const struct wrong {
    const char *text;
    bool is_defect;
    int line;
    const char *told;
} wrongs[] = {
    {"", false, 1, "expected a title that ends with a point"},
    {"CREATE TABLE t (a);\n", false, 1, "expected a title that ends with a point"},
    {"-- A title\n", false, 1, "expected a title that ends with a point"},
    {"-- A.\nCREATE TABLE t (a);\n", false, 2, "expected the story, a key or a section"},
    {"-- A.\n-- source: S\n-- more story\n", false, 3, "expected a key"},
    {"-- A.\n-- source:\n", false, 2, "a key without a value"},
    {"-- A.\n-- source: \n", false, 2, "a key without a value"},
    {"-- A.\n-- source: S\n-- source: T\n", false, 3, "a second source"},
    {"-- A.\n-- sauce: S\n", false, 2, "expected one of the keys source, runner, compare, expect, finds, also"},
    {"-- A.\n-- runner: fast\n", false, 2, "expected a runner"},
    {"-- A.\n-- compare: loosely\n", false, 2, "expected compare: strict"},
    {"-- A.\n-- finds: data.changed t.a\n", false, 2, "a harmless case finds nothing"},
    {"-- A.\n-- finds: data.changes t.a\n", true, 2, "expected the code of a finding"},
    {"-- A.\n-- also: t.a\n", true, 2, "expected the code of a finding"},
    {"-- A.\n-- expect: fill t.a: 0\n", true, 2, "expected a step, a kind and a subject"},
    {"-- A.\n-- expect: 2->1 fill t.a: 0\n", true, 2, "expected a step, a kind and a subject"},
    {"-- A.\n-- expect: 1->2 fill\n", true, 2, "expected a step, a kind and a subject"},
    {"-- A.\n-- expect: 1->2 full t.a: 0\n", true, 2, "expected a kind of expectation"},
    {"-- A.\n-- expect: 1->2 fill t.a\n", true, 2, "expected a subject and \": value\""},
    {"-- A.\n-- expect: 1->2 touches t: 0\n", true, 2, "expected a subject and \": value\""},
    {"-- A.\n" SECTIONS, false, 2, "expected a source before the sections"},
    {"-- A.\n-- source: S\n" SECTIONS, true, 3, "a defect says what it finds"},
    {"-- A.\n-- source: S\n-- schema one\nA;\n", false, 3, "expected the version of a schema"},
    {"-- A.\n-- source: S\n-- schema 0\nA;\n", false, 3, "expected the version of a schema"},
    {"-- A.\n-- source: S\n-- schema 1\n\n-- schema 2\nA;\n", false, 3, "an empty section"},
    {"-- A.\n-- source: S\n-- schema 2\nA;\n-- schema 1\nA;\n", false, 5,
     "expected schemas in the order of their versions"},
    {"-- A.\n-- source: S\n-- schema 1\nA;\n-- schema 1\nA;\n", false, 5,
     "expected schemas in the order of their versions"},
    {"-- A.\n-- source: S\n" SECTIONS "-- step 2\nA;\n", false, 9, "expected the versions of a step, as 1->2"},
    {"-- A.\n-- source: S\n" SECTIONS "-- step 2->1\nA;\n", false, 9, "expected the versions of a step, as 1->2"},
    {"-- A.\n-- source: S\n" SECTIONS "-- step 2->3\nA;\n", false, 9, "a step of an unknown version"},
    {"-- A.\n-- source: S\n" SECTIONS "-- step 1->2\nA;\n", false, 9, "a second step of these versions"},
    {"-- A.\n-- source: S\n" SECTIONS "-- opening\nA;\n", false, 9, "only the runner app has an opening"},
    {"-- A.\n-- source: S\n-- runner: app\n" SECTIONS "-- opening\nA;\n-- opening\nA;\n", false, 12,
     "a second opening"},
    {"-- A.\n-- source: S\n-- schema 1\nA;\n", false, 5, "expected the schemas of two versions"},
    {"-- A.\n-- source: S\n-- schema 1\nA;\n-- schema 2\nA;\n", false, 7, "expected a step"},
};

START_TEST(what_is_no_case_is_refused_at_its_line)
{
    const struct wrong *wrong = &wrongs[_i];
    drift_error err = {0};
    broken_case c;
    ck_assert_drift_fails(broken_case_parse(&c, "name", wrong->text, wrong->is_defect, &err), DRIFT_FORMAT);
    ck_assert_str_eq(err.text, wrong->told);
    ck_assert_str_eq(err.source, "name");
    ck_assert_int_eq(err.line, wrong->line);
    broken_case_dispose(&c);
}
END_TEST

/* Lines that are numbered from 1. */
static void put_numbered(drift__str *out, const char *before, const char *behind, int count)
{
    for (int i = 1; i <= count; i++) drift__str_printf(out, "%s%d%s", before, i, behind);
}

static void assert_refused(const drift__str *text, const char *told)
{
    drift_error err = {0};
    broken_case c;
    ck_assert_drift_fails(broken_case_parse(&c, "name", drift__str_text(text), true, &err), DRIFT_FORMAT);
    ck_assert_str_eq(err.text, told);
    broken_case_dispose(&c);
}

static const char *const limited[][3] = {
    {"-- also: fk.dangling t", "\n", "too many findings"},
    {"-- expect: 1->2 touches t", "\n", "too many expectations"},
};

START_TEST(more_than_a_case_holds_is_refused)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_puts(&text, "-- A.\n");
    put_numbered(&text, limited[_i][0], limited[_i][1], BROKEN_MOST + 1);
    assert_refused(&text, limited[_i][2]);
    drift__str_dispose(&text);
}
END_TEST

START_TEST(more_versions_than_a_case_holds_are_refused)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_puts(&text, "-- A.\n-- source: S\n-- finds: fk.dangling t\n");
    put_numbered(&text, "-- schema ", "\nA;\n", BROKEN_MOST);
    const size_t most = text.length;
    drift__str_puts(&text, "-- schema 100\nA;\n");
    assert_refused(&text, "too many schemas");
    drift__str_truncate(&text, most);
    for (int to = 2; to <= BROKEN_MOST; to++) drift__str_printf(&text, "-- step 1->%d\nA;\n", to);
    drift__str_puts(&text, "-- step 2->3\nA;\n-- step 2->4\nA;\n");
    assert_refused(&text, "too many steps");
    drift__str_dispose(&text);
}
END_TEST

START_TEST(a_folder_holds_cases_only)
{
    drift_error err = {0};
    broken_cases cases;
    ck_assert_drift_fails(broken_cases_read(&cases, "fixtures/broken", true, &err), DRIFT_FORMAT);
    broken_cases_dispose(&cases);
    err = (drift_error){0};
    ck_assert_drift_fails(broken_cases_read(&cases, "fixtures/broken/absent", true, &err), DRIFT_NOT_FOUND);
    broken_cases_dispose(&cases);
}
END_TEST

TCase *case_reader(void)
{
    TCase *tcase = suite_case("reader");
    tcase_add_test(tcase, a_case_is_read_whole);
    tcase_add_test(tcase, an_app_has_an_opening);
    tcase_add_loop_test(tcase, what_is_no_case_is_refused_at_its_line, 0, (int)(sizeof wrongs / sizeof *wrongs));
    tcase_add_loop_test(tcase, more_than_a_case_holds_is_refused, 0, (int)(sizeof limited / sizeof *limited));
    tcase_add_test(tcase, more_versions_than_a_case_holds_are_refused);
    tcase_add_test(tcase, a_folder_holds_cases_only);
    return tcase;
}
