/* check_outcome.c — findings, statuses and values as SQL literals. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "drift/connection.h"
#include "outcome/cases.h"
#include "outcome/outcome.h"
#include "support/memory.h"
#include "support/suite.h"

START_TEST(every_code_is_spelt_once)
{
    int count = 0;
    for (int a = 0; drift_finding_code_name((drift_finding_code)a); a++, count++) {
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(drift_finding_code_name((drift_finding_code)a),
                             drift_finding_code_name((drift_finding_code)b));
    }
    ck_assert_int_gt(count, 30);
    ck_assert_str_eq(drift_finding_code_name(DRIFT_FINDING_FK_DANGLING), "fk.dangling");
    ck_assert_ptr_null(drift_finding_code_name((drift_finding_code)count));
    ck_assert_ptr_null(drift_run_status_name((drift_run_status)99));
}
END_TEST

START_TEST(a_facet_of_a_difference_is_a_finding_code)
{
    for (int facet = 0; drift_facet_code((drift_facet)facet); facet++)
        ck_assert_str_eq(drift_finding_code_name((drift_finding_code)facet), drift_facet_code((drift_facet)facet));
}
END_TEST

/* An outcome of three runs: passed, failed, not run. */
static int build(drift_outcome **out, drift_error *err)
{
    drift__outcome_builder *builder = NULL;
    const int rc = drift__outcome_begin(&builder, "schemas", "migrations", "drift", 7, err);
    if (rc != DRIFT_OK) {
        drift__outcome_abandon(builder);
        return rc;
    }
    drift__outcome_begin_run(builder, 1, 2, "empty");
    drift__outcome_set_started_at(builder, 1);
    drift__outcome_end_run(builder, 1500);
    drift__outcome_begin_run(builder, 1, 2, "one");
    drift__outcome_set_rows(builder, 3);
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_DATA_LOST_ROWS, .object = "todos"});
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_SCHEMA_MISSING, .message = "gone"});
    drift__outcome_end_run(builder, 10);
    drift__outcome_begin_run(builder, 2, 3, "one");
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_ERROR_SEED, .object = "t"});
    drift__outcome_end_run(builder, 10);
    return drift__outcome_finish(out, builder, 3, 2, err);
}

START_TEST(a_run_is_what_its_findings_make_it)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    ck_assert_drift(build(&outcome, &err));
    ck_assert_ptr_nonnull(outcome);
    ck_assert_uint_eq(outcome->run_count, 3);
    ck_assert_int_eq(outcome->runs[0].status, DRIFT_RUN_PASSED);
    ck_assert_int_eq(outcome->runs[0].started_at, 1);
    ck_assert_int_eq(outcome->runs[0].duration_us, 1500);
    ck_assert_int_eq(outcome->runs[1].status, DRIFT_RUN_FAILED);
    ck_assert_int_eq(outcome->runs[1].rows, 3);
    ck_assert_uint_eq(outcome->runs[1].finding_count, 2);
    ck_assert_str_eq(outcome->runs[1].findings[0].message, "rows did not survive");
    ck_assert_str_eq(outcome->runs[1].findings[1].message, "gone");
    ck_assert_int_eq(outcome->runs[2].status, DRIFT_RUN_ERROR);
    const drift_outcome_summary *s = &outcome->summary;
    ck_assert_uint_eq(s->versions, 3);
    ck_assert_uint_eq(s->pairs, 2);
    ck_assert_uint_eq(s->runs, 3);
    ck_assert_uint_eq(s->passed, 1);
    ck_assert_uint_eq(s->failed, 1);
    ck_assert_uint_eq(s->errors, 1);
    ck_assert_uint_eq(s->findings, 3);
    drift_outcome_free(outcome);
}
END_TEST

static void add_run(drift__outcome_builder *builder, int from, int to, const char *data, const drift_run_step *steps,
                    size_t step_count)
{
    drift__outcome_begin_run(builder, from, to, data);
    drift__outcome_set_steps(builder, steps, step_count);
}

START_TEST(the_first_step_whose_own_run_found_the_like_is_to_blame)
{
    static const drift_run_step way[] = {{1, 2}, {2, 3}};
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift__outcome_builder *builder = NULL;
    const drift_finding changed = {.code = DRIFT_FINDING_DATA_CHANGED, .object = "a.b"};
    ck_assert_drift(drift__outcome_begin(&builder, NULL, NULL, NULL, 0, &err));
    add_run(builder, 1, 2, "empty", way, 1);
    drift__outcome_find(builder, &changed);
    drift__outcome_end_run(builder, 0);
    add_run(builder, 1, 2, "one", way, 1);
    drift__outcome_end_run(builder, 0);
    add_run(builder, 1, 3, "one", way, 2);
    drift__outcome_find(builder, &changed);
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_DATA_CHANGED, .object = "a.c"});
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_DATA_CHANGED, .object = "a.b", .step = "1->2"});
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_MIGRATION_FAILED});
    drift__outcome_end_run(builder, 0);
    add_run(builder, 2, 3, "one", way + 1, 1);
    drift__outcome_find(builder, &changed);
    drift__outcome_end_run(builder, 0);
    ck_assert_drift(drift__outcome_finish(&outcome, builder, 3, 3, &err));
    ck_assert_str_eq(outcome->runs[2].findings[0].step, "2->3");
    ck_assert_ptr_null(outcome->runs[2].findings[1].step);
    ck_assert_str_eq(outcome->runs[2].findings[2].step, "1->2");
    ck_assert_ptr_null(outcome->runs[2].findings[3].step);
    drift_outcome_free(outcome);
}
END_TEST

START_TEST(levels_of_a_pair_share_the_way_that_they_went)
{
    static const drift_run_step way[] = {{1, 2}, {2, 4}};
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift__outcome_builder *builder = NULL;
    ck_assert_drift(drift__outcome_begin(&builder, NULL, NULL, NULL, 0, &err));
    for (int i = 0; i < 3; i++) {
        add_run(builder, 1, 4, "one", way, i < 2 ? 2 : 0);
        drift__outcome_end_run(builder, 0);
    }
    ck_assert_drift(drift__outcome_finish(&outcome, builder, 3, 3, &err));
    ck_assert_uint_eq(outcome->runs[0].step_count, 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(outcome->runs[0].steps[i].from, way[i].from);
        ck_assert_int_eq(outcome->runs[0].steps[i].to, way[i].to);
    }
    ck_assert_ptr_eq(outcome->runs[1].steps, outcome->runs[0].steps);
    ck_assert_uint_eq(outcome->runs[2].step_count, 0);
    drift_outcome_free(outcome);
}
END_TEST

START_TEST(texts_become_utf_8)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift__outcome_builder *builder = NULL;
    const drift_ledger_column column = {.column = "c\x80"};
    ck_assert_drift(drift__outcome_begin(&builder, "schemas", "\xc3\xa4\xff", NULL, 0, &err));
    drift__outcome_begin_run(builder, 1, 2, "one");
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_DATA_CHANGED, .object = "\xff.\xe2\x82"});
    drift__outcome_enter(builder, &(drift_ledger_entry){.table = "t\xc3", .columns = &column, .column_count = 1});
    drift__outcome_end_run(builder, 0);
    ck_assert_drift(drift__outcome_finish(&outcome, builder, 2, 1, &err));
    ck_assert_str_eq(outcome->migrations, "\xc3\xa4\xef\xbf\xbd");
    ck_assert_str_eq(outcome->runs[0].findings[0].object, "\xef\xbf\xbd.\xef\xbf\xbd\xef\xbf\xbd");
    ck_assert_str_eq(outcome->runs[0].ledger[0].table, "t\xef\xbf\xbd");
    ck_assert_str_eq(outcome->runs[0].ledger[0].columns[0].column, "c\xef\xbf\xbd");
    drift_outcome_free(outcome);
}
END_TEST

static int attempt_to_build(void)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    const int rc = build(&outcome, &err);
    drift_outcome_free(outcome);
    return rc;
}

START_TEST(an_outcome_without_memory_is_an_error)
{
    suite_memory_sweep(attempt_to_build);
}
END_TEST

/* ---- literals ---- */

static const struct {
    drift_value value;
    const char *literal;
} literals[] = {
    {DRIFT_BIND_NULL, "NULL"},
    {DRIFT_BIND_INT64(-7), "-7"},
    {DRIFT_BIND_INT64(INT64_MIN), "-9223372036854775808"},
    {DRIFT_BIND_DOUBLE(1.0), "1.0"},
    {DRIFT_BIND_DOUBLE(0.1), "0.10000000000000001"},
    {DRIFT_BIND_DOUBLE(-1.5e300), "-1.5e+300"},
    {DRIFT_BIND_DOUBLE(5e-324), "4.9406564584124654e-324"},
    {DRIFT_BIND_DOUBLE(INFINITY), "9e999"},
    {DRIFT_BIND_DOUBLE(-INFINITY), "-9e999"},
    {DRIFT_BIND_TEXT("", 0), "''"},
    {DRIFT_BIND_TEXT("it's", 4), "'it''s'"},
    {DRIFT_BIND_TEXT("gr\xc3\xbc\xc3\x9f\n", 7), "'gr\xc3\xbc\xc3\x9f\n'"},
    {DRIFT_BIND_TEXT("a\0b", 3), "CAST(x'610062' AS TEXT)"},
    {DRIFT_BIND_TEXT("\xff", 1), "CAST(x'ff' AS TEXT)"},
    {DRIFT_BIND_BLOB("", 0), "x''"},
    {DRIFT_BIND_BLOB("\x00\xfe", 2), "x'00fe'"},
};

static int is_same(drift_statement *row, void *payload, drift_error *err)
{
    (void)err;
    *(int64_t *)payload = drift_column_int64(row, 0);
    return DRIFT_OK;
}

START_TEST(a_literal_is_read_back_as_the_same_value)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift__str text = DRIFT__STR_INIT, sql = DRIFT__STR_INIT;
    int64_t same = 0;
    drift__literal_put(&text, &literals[_i].value);
    ck_assert_str_eq(drift__str_text(&text), literals[_i].literal);
    drift__str_printf(&sql, "SELECT %s IS ?1 AND typeof(%s) = typeof(?1) AND hex(%s) = hex(?1)", text.text, text.text,
                      text.text);
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_query(connection, sql.text, &literals[_i].value, 1, is_same, &same, &err));
    ck_assert_int_eq(same, 1);
    drift_connection_close(connection);
    drift__str_dispose(&text);
    drift__str_dispose(&sql);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("outcome");
    TCase *tcase = suite_case("outcome");
    tcase_add_test(tcase, every_code_is_spelt_once);
    tcase_add_test(tcase, a_facet_of_a_difference_is_a_finding_code);
    tcase_add_test(tcase, a_run_is_what_its_findings_make_it);
    tcase_add_test(tcase, the_first_step_whose_own_run_found_the_like_is_to_blame);
    tcase_add_test(tcase, levels_of_a_pair_share_the_way_that_they_went);
    tcase_add_test(tcase, texts_become_utf_8);
    tcase_add_test(tcase, an_outcome_without_memory_is_an_error);
    tcase_add_loop_test(tcase, a_literal_is_read_back_as_the_same_value, 0,
                        (int)(sizeof literals / sizeof literals[0]));
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_merge());
    return suite_run(suite);
}
