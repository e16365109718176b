/* check_verify.c — every pair, every level. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "drift/kit/parse.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/given.h"

/* Three versions: a column each. */
static given three_versions(void)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a, b)", "ALTER TABLE t ADD COLUMN b");
    given_add(&g, "CREATE TABLE t (a, b, c)", "ALTER TABLE t ADD COLUMN c");
    return g;
}

static void assert_cases(const drift_verify_options *options, const char *expected)
{
    given g = three_versions();
    drift__str text = DRIFT__STR_INIT;
    drift_outcome *outcome = given_verify(&g, options);
    for (size_t i = 0; i < outcome->run_count; i++)
        drift__str_printf(&text, "%d->%d %s;", outcome->runs[i].from, outcome->runs[i].to, outcome->runs[i].data);
    ck_assert_str_eq(drift__str_text(&text), expected);
    ck_assert_uint_eq(outcome->summary.findings, 0);
    ck_assert_uint_eq(outcome->summary.versions, 3);
    drift__str_dispose(&text);
    drift_outcome_free(outcome);
    given_done(&g);
}

START_TEST(every_pair_is_run_with_every_level)
{
    assert_cases(NULL, "1->2 empty;1->2 one;1->2 boundary;1->2 hostile;1->3 empty;1->3 one;1->3 boundary;1->3 hostile;"
                       "2->3 empty;2->3 one;2->3 boundary;2->3 hostile;");
    assert_cases(&(drift_verify_options){.rows = 10, .from = 2},
                 "2->3 empty;2->3 one;2->3 boundary;2->3 hostile;2->3 many;");
    assert_cases(&(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE}, "1->2 one;1->3 one;2->3 one;");
    assert_cases(&(drift_verify_options){.levels = 1, .pairs = DRIFT_PAIRS_ADJACENT}, "1->2 empty;2->3 empty;");
    assert_cases(&(drift_verify_options){.levels = 1, .pairs = DRIFT_PAIRS_TO_LATEST}, "1->3 empty;2->3 empty;");
    assert_cases(&(drift_verify_options){.levels = 1, .from = 1}, "1->2 empty;1->3 empty;");
    assert_cases(&(drift_verify_options){.levels = 1, .to = 3, .from = 1}, "1->3 empty;");
}
END_TEST

START_TEST(a_run_tells_where_it_started_and_with_how_many_rows)
{
    given g = three_versions();
    drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.rows = 123});
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        ck_assert_int_eq(run->started_at, run->from);
        if (strcmp(run->data, "empty") == 0) ck_assert_int_eq(run->rows, 0);
        if (strcmp(run->data, "one") == 0) ck_assert_int_eq(run->rows, 1);
        if (strcmp(run->data, "boundary") == 0 || strcmp(run->data, "hostile") == 0) ck_assert_int_gt(run->rows, 1);
        if (strcmp(run->data, "many") == 0) ck_assert_int_eq(run->rows, 123);
        ck_assert_int_ge(run->duration_us, 0);
    }
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

typedef struct heard {
    size_t begun, ended, count;
} heard;

static void hear_begin(int from, int to, const char *data, size_t number, size_t count, void *payload)
{
    heard *h = payload;
    ck_assert_int_lt(from, to);
    ck_assert_ptr_nonnull(data);
    ck_assert_uint_eq(number, ++h->begun);
    h->count = count;
}

static void hear_end(const drift_run *run, size_t number, size_t count, void *payload)
{
    heard *h = payload;
    ck_assert_int_eq(run->status, DRIFT_RUN_PASSED);
    ck_assert_uint_eq(number, ++h->ended);
    ck_assert_uint_eq(count, h->count);
}

START_TEST(a_listener_hears_every_run)
{
    heard h = {0};
    const drift_listener listener = {hear_begin, hear_end, &h};
    given g = three_versions();
    drift_outcome_free(given_verify(&g, &(drift_verify_options){.listener = &listener}));
    ck_assert_uint_eq(h.begun, 12);
    ck_assert_uint_eq(h.ended, 12);
    ck_assert_uint_eq(h.count, 12);
    given_done(&g);
}
END_TEST

START_TEST(a_finding_on_a_long_way_names_the_step_that_is_to_blame)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE INDEX i ON t (a)", "SELECT 'forgotten'");
    given_add(&g, "CREATE TABLE t (a, b); CREATE INDEX i ON t (a)", "ALTER TABLE t ADD COLUMN b");
    drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.levels = 1});
    ck_assert_uint_eq(outcome->runs[1].finding_count, 1);
    ck_assert_int_eq(outcome->runs[1].to, 3);
    ck_assert_str_eq(outcome->runs[1].findings[0].step, "1->2");
    ck_assert_uint_eq(outcome->runs[2].finding_count, 0);
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

START_TEST(a_database_that_cannot_be_built_is_an_error_of_its_runs)
{
    given g = given_pair("CREATE TABLE t (a); CREATE INDEX i ON t (app (a))", "CREATE TABLE t (a)", "DROP INDEX i");
    drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.levels = 1});
    ck_assert_uint_eq(outcome->summary.errors, 1);
    ck_assert_int_eq(outcome->runs[0].started_at, 0);
    assert_findings(outcome, "1->2 empty: error.build i: i: no such function: app; hint: --stub-functions stands in "
                             "for an application's own functions and"
                             " collations\n");
    assert_findings(given_verify(&g, &(drift_verify_options){.stub_functions = true}), "");
    given_done(&g);
}
END_TEST

START_TEST(a_table_that_cannot_be_filled_is_an_error_but_the_rest_is_judged)
{
    static const char *const v1 = "CREATE TABLE t (a INT NOT NULL CHECK (a > 1 AND a < 1)); CREATE TABLE u (x TEXT)";
    given g = given_pair(v1, v1, "DELETE FROM u");
    assert_findings(given_verify(&g, &(drift_verify_options){.seed = 7, .levels = 1u << DRIFT_DATA_ONE}),
                    "1->2 one: error.seed t: no row could be put into t: CHECK constraint failed: a > 1 AND a < 1\n"
                    "1->2 one: data.lost_rows u: 1 of 1 rows lost, the first: rowid = 1\n");
    given_done(&g);
}
END_TEST

START_TEST(setup_runs_on_every_connection)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "INSERT INTO temp.seen VALUES (1)");
    assert_findings(given_verify(&g, &(drift_verify_options){.setup_sql = "CREATE TEMP TABLE seen (x)"}), "");
    given_done(&g);
}
END_TEST

/* ---- what cannot be verified at all ---- */

static int verify_with(const given *g, const drift_migration_source *source, const drift_verify_options *options,
                       drift_error *err)
{
    drift_outcome *outcome = NULL;
    drift_schema_provider provider = g->provider;
    provider.payload = g;
    const int rc = drift_verify_migrations(&outcome, &provider, source, options, err);
    ck_assert_int_eq(outcome == NULL, rc != DRIFT_OK);
    drift_outcome_free(outcome);
    return rc;
}

START_TEST(what_cannot_be_verified_is_an_error)
{
    drift_error err = {0};
    given g = three_versions();
    drift_step_folder steps = g.steps;
    steps.files = g.files;
    const drift_migration_source source = {.steps = &steps};
    const drift_database_definition definition = {.name = "app"};
    ck_assert_drift_fails(verify_with(&g, &(drift_migration_source){0}, NULL, &err), DRIFT_MISUSE);
    err = (drift_error){0};
    ck_assert_drift_fails(
        verify_with(&g, &(drift_migration_source){.steps = &steps, .definition = &definition}, NULL, &err),
        DRIFT_MISUSE);
    err = (drift_error){0};
    ck_assert_drift_fails(verify_with(&g, &source, &(drift_verify_options){.from = 9}, &err), DRIFT_NOT_FOUND);
    err = (drift_error){0};
    ck_assert_drift_fails(verify_with(&g, &source, &(drift_verify_options){.from = 3}, &err), DRIFT_NOT_FOUND);
    err = (drift_error){0};
    ck_assert_drift_fails(verify_with(&g, &source, &(drift_verify_options){.levels = 1u << 9}, &err), DRIFT_MISUSE);
    err = (drift_error){0};
    ck_assert_drift_fails(verify_with(&g, &source, &(drift_verify_options){.setup_sql = "SELECT nope"}, &err),
                          DRIFT_SQL);
    ck_assert_str_eq(err.source, "setup");
    steps.count = 1;
    err = (drift_error){0};
    ck_assert_drift_fails(verify_with(&g, &source, NULL, &err), DRIFT_NOT_FOUND);
    ck_assert_str_eq(err.text, "no step leads on from version 2, on the way from 1 to 3");
    ck_assert_str_eq(err.hint, "expected a file steps/v2_to_v3.sql");
    given_done(&g);
}
END_TEST

/* ---- memory ---- */

static given swept;

static int attempt_to_verify(void)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift_schema_provider provider = swept.provider;
    drift_step_folder steps = swept.steps;
    provider.payload = &swept;
    steps.files = swept.files;
    const int rc =
        drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.steps = &steps},
                                &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .shard = 1, .shards = 1}, &err);
    drift_outcome_free(outcome);
    return rc;
}

/* Whatever fails for want of memory: nothing leaks, and a run is never told as passed that was not. */
START_TEST(verifying_without_memory_neither_leaks_nor_lies)
{
    swept = given_pair("CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT, b)", "ALTER TABLE t ADD COLUMN b");
    for (long nth = 1;; nth += 7) {
        suite_memory_fail(nth, nth % 2 == 0);
        const int status = attempt_to_verify();
        if (!suite_memory_restore()) break;
        ck_assert_msg(status == DRIFT_OK || drift_status_exit(status) >= 3, "allocation %ld gave %d", nth, status);
    }
    given_done(&swept);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("verify");
    TCase *tcase = suite_case("verify");
    tcase_add_test(tcase, every_pair_is_run_with_every_level);
    tcase_add_test(tcase, a_run_tells_where_it_started_and_with_how_many_rows);
    tcase_add_test(tcase, a_listener_hears_every_run);
    tcase_add_test(tcase, a_finding_on_a_long_way_names_the_step_that_is_to_blame);
    tcase_add_test(tcase, a_database_that_cannot_be_built_is_an_error_of_its_runs);
    tcase_add_test(tcase, a_table_that_cannot_be_filled_is_an_error_but_the_rest_is_judged);
    tcase_add_test(tcase, setup_runs_on_every_connection);
    tcase_add_test(tcase, what_cannot_be_verified_is_an_error);
    tcase_add_test(tcase, verifying_without_memory_neither_leaks_nor_lies);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_audit());
    suite_add_tcase(suite, case_command());
    suite_add_tcase(suite, case_data());
    suite_add_tcase(suite, case_faults());
    suite_add_tcase(suite, case_fresh_rows());
    suite_add_tcase(suite, case_paths());
    suite_add_tcase(suite, case_runner());
    suite_add_tcase(suite, case_script());
    suite_add_tcase(suite, case_shard());
    suite_add_tcase(suite, case_steps());
    return suite_run(suite);
}
