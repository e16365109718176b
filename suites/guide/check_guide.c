/* check_guide.c — the C examples of framework/docs/verifying.md do what the guide says. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "drift/kit.h"
#include "support/suite.h"

/* The examples are a whole file of the guide, and belong to this one. */
#include "examples/verifying.c" /* NOLINT(bugprone-suspicious-include) */

/* suite_source's text is gone at its next call. */
static size_t todos_findings(const char *migrations)
{
    size_t findings = 0;
    drift_error err = {0};
    char *steps = drift__strdup(migrations);
    ck_assert_ptr_nonnull(steps);
    ck_assert_drift(verify_todos(&findings, suite_source("drift_schemas/todos"), steps, &err));
    drift__free(steps);
    return findings;
}

START_TEST(what_is_declared_is_no_finding)
{
    ck_assert_uint_eq(todos_findings(suite_source("fixtures/todos/migrations")), 0);
}
END_TEST

/* A step of todos, with one more statement. */
static void copy_step(const char *folder, const char *name, const char *statement)
{
    char path[4096];
    drift_error err = {0};
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL, *to = drift__path_join(folder, name);
    size_t length = 0;
    snprintf(path, sizeof path, "%s/%s", suite_source("fixtures/todos/migrations"), name);
    ck_assert_ptr_nonnull(to);
    ck_assert_drift(drift__file_read(&sql, &length, path, &err));
    drift__str_putn(&text, sql, length);
    drift__str_puts(&text, statement);
    ck_assert_drift(drift__file_write(to, drift__str_text(&text), text.length, &err));
    drift__str_dispose(&text);
    drift__free(to);
    drift__free(sql);
}

START_TEST(what_is_not_declared_is_one)
{
    char *folder = suite_folder();
    copy_step(folder, "v1_to_v2.sql", "");
    copy_step(folder, "v2_to_v3.sql", "");
    copy_step(folder, "v3_to_v4.sql", "DELETE FROM reminders;");
    ck_assert_uint_gt(todos_findings(folder), 0);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(lost_rows_are_counted_over_all_runs)
{
    const drift_ledger_entry first[] = {{.table = "notes", .lost = 2}, {.table = "todos", .lost = 3}};
    const drift_ledger_entry second[] = {{.table = "todos", .lost = 4}};
    const drift_run runs[] = {{.ledger = first, .ledger_count = 2}, {.ledger = second, .ledger_count = 1}};
    const drift_outcome outcome = {.runs = runs, .run_count = 2};
    ck_assert_int_eq(rows_lost(&outcome, "todos"), 7);
    ck_assert_int_eq(rows_lost(&outcome, "users"), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guide");
    TCase *tcase = suite_case("guide");
    tcase_add_test(tcase, what_is_declared_is_no_finding);
    tcase_add_test(tcase, what_is_not_declared_is_one);
    tcase_add_test(tcase, lost_rows_are_counted_over_all_runs);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
