/* check_merge.c — the parts of a verification, and what becomes of them together. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "outcome/cases.h"
#include "outcome/outcome.h"
#include "support/memory.h"
#include "support/suite.h"

static const char *const names[] = {"one.json", "two.json", "three.json"};

/* What a part is made of; its runs are pairs of versions, each ended by 0. */
typedef struct made {
    drift_part part;
    int pairs[4][2];
    const char *schemas, *migrations, *runner, *tool, *sqlite, *file;
    int64_t seed;
    size_t versions;
} made;

static made part_of(size_t index, size_t count)
{
    return (made){.part = {index, count, "5c", "319", "pairs all", NULL, 0},
                  .schemas = "schemas",
                  .migrations = "migrations",
                  .runner = "drift",
                  .tool = "1",
                  .sqlite = "3",
                  .file = "expect.json",
                  .versions = 3};
}

/* Every run finds the same; that of 1->2 by its own step. */
static int make(drift_outcome **out, const made *m, drift_error *err)
{
    static const drift_run_step way[] = {{1, 2}, {2, 3}};
    drift__outcome_builder *builder = NULL;
    size_t pairs = 0;
    const int rc = drift__outcome_begin(&builder, m->schemas, m->migrations, m->runner, m->seed, err);
    *out = NULL;
    if (rc != DRIFT_OK) return rc;
    drift__outcome_set_tool(builder, m->tool, m->sqlite);
    drift__outcome_set_expectations(builder, m->file);
    if (m->part.count) drift__outcome_set_part(builder, &m->part);
    drift__outcome_set_evidence(builder, m->part.expectations, m->part.expectation_count);
    for (; pairs < 4 && m->pairs[pairs][0]; pairs++) {
        for (int level = 0; level < 2; level++) {
            const int from = m->pairs[pairs][0], to = m->pairs[pairs][1];
            drift__outcome_begin_run(builder, from, to, level ? "one" : "empty");
            drift__outcome_set_steps(builder, way + from - 1, (size_t)(to - from));
            if (level)
                drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_DATA_NULLED, .object = "t.a"});
            (void)drift__outcome_end_run(builder, 0);
        }
    }
    return drift__outcome_finish(out, builder, m->versions, pairs, err);
}

static int merge(drift_outcome **out, const made *list, size_t count, drift_error *err)
{
    drift_outcome *parts[3] = {NULL};
    int rc = DRIFT_OK;
    *out = NULL;
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) rc = make(&parts[i], &list[i], err);
    if (rc == DRIFT_OK) rc = drift_outcome_merge(out, (const drift_outcome *const *)parts, names, count, err);
    for (size_t i = 0; i < count; i++) drift_outcome_free(parts[i]);
    return rc;
}

static drift_outcome *merged(const made *list, size_t count)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    ck_assert_drift(merge(&outcome, list, count, &err));
    return outcome;
}

static void assert_refused(const made *list, size_t count, const char *source, const char *text)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    ck_assert_drift_fails(merge(&outcome, list, count, &err), DRIFT_FORMAT);
    ck_assert_ptr_null(outcome);
    ck_assert_str_eq(err.source, source);
    ck_assert_str_eq(err.text, text);
}

/* Three pairs in two parts: the second part's run of 1->3 is blamed on the first part's step. */
static void two_parts(made list[2])
{
    list[0] = part_of(2, 2);
    list[0].pairs[0][0] = 1, list[0].pairs[0][1] = 2;
    list[0].pairs[1][0] = 2, list[0].pairs[1][1] = 3;
    list[1] = part_of(1, 2);
    list[1].pairs[0][0] = 1, list[1].pairs[0][1] = 3;
}

START_TEST(a_part_leaves_open_which_step_is_to_blame)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    made list[2];
    two_parts(list);
    ck_assert_drift(make(&outcome, &list[0], &err));
    ck_assert_ptr_null(outcome->runs[1].findings[0].step);
    ck_assert_uint_eq(outcome->part->index, 2);
    ck_assert_str_eq(outcome->part->options, "pairs all");
    drift_outcome_free(outcome);
}
END_TEST

START_TEST(runs_come_in_the_order_of_the_whole_and_are_judged_as_such)
{
    made list[2];
    drift__str text = DRIFT__STR_INIT;
    two_parts(list);
    drift_outcome *outcome = merged(list, 2);
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        drift__str_printf(&text, "%d->%d %s %s;", run->from, run->to, run->data,
                          run->finding_count ? run->findings[0].step : "");
    }
    ck_assert_str_eq(drift__str_text(&text), "1->2 empty ;1->2 one 1->2;1->3 empty ;1->3 one 1->2;2->3 empty ;"
                                             "2->3 one 2->3;");
    const drift_outcome_summary *s = &outcome->summary;
    ck_assert_uint_eq(s->versions, 3);
    ck_assert_uint_eq(s->pairs, 3);
    ck_assert_uint_eq(s->runs, 6);
    ck_assert_uint_eq(s->failed, 3);
    ck_assert_uint_eq(s->findings, 3);
    ck_assert_ptr_null(outcome->part);
    ck_assert_str_eq(outcome->expectations, "expect.json");
    ck_assert_str_eq(outcome->tool, "1");
    drift_outcome_free(outcome);
    drift__str_dispose(&text);
}
END_TEST

/* ---- evidence ---- */

/* The text of the last finding of the last run with one, "" if nothing is stale. */
static void assert_stale(const drift_evidence *one, const drift_evidence *other, const char *message)
{
    made list[2];
    drift__str text = DRIFT__STR_INIT;
    two_parts(list);
    list[0].part.expectations = one;
    list[1].part.expectations = other;
    list[0].part.expectation_count = list[1].part.expectation_count = 1;
    drift_outcome *outcome = merged(list, 2);
    for (size_t i = 0; i < outcome->run_count; i++) {
        for (size_t k = 0; k < outcome->runs[i].finding_count; k++) {
            const drift_finding *finding = &outcome->runs[i].findings[k];
            if (finding->code != DRIFT_FINDING_EXPECT_STALE) continue;
            drift__str_printf(&text, "%d->%d %s [%s] %s", outcome->runs[i].from, outcome->runs[i].to, finding->object,
                              finding->step, finding->message);
        }
    }
    ck_assert_str_eq(drift__str_text(&text), message);
    drift__str_dispose(&text);
    drift_outcome_free(outcome);
}

START_TEST(an_expectation_is_stale_if_no_part_shows_otherwise)
{
    const drift_evidence idle = {.from = 2, .to = 3, .kind = "fill", .object = "t.a", .ran = true};
    drift_evidence other = idle;
    static const char never[] = "2->3 t.a [2->3] fill: its step ran with rows in the table, and it never took effect";
    assert_stale(&idle, &other, never);
    other.ran = false;
    assert_stale(&idle, &other, never);
    assert_stale(&other, &idle, never);
    assert_stale(&other, &other, "");
    other.effective = true;
    assert_stale(&idle, &other, "");
    other.effective = false;
    other.unjudged = true;
    assert_stale(&other, &idle, "");
}
END_TEST

START_TEST(the_first_fault_in_the_order_of_the_whole_is_told)
{
    const drift_evidence none = {.from = 1, .to = 2, .kind = "fill", .object = "t.a", .effective = true};
    drift_evidence early = none, late = none;
    early.fault = "early";
    early.fault_from = 1;
    early.fault_to = 2;
    late.fault = "late";
    late.fault_from = 1;
    late.fault_to = 3;
    assert_stale(&early, &none, "1->2 t.a [1->2] fill: early");
    assert_stale(&none, &late, "1->2 t.a [1->2] fill: late");
    assert_stale(&early, &late, "1->2 t.a [1->2] fill: early");
    assert_stale(&late, &early, "1->2 t.a [1->2] fill: early");
}
END_TEST

/* ---- what does not belong together ---- */

START_TEST(parts_of_different_verifications_are_refused)
{
    static const drift_evidence expectation = {.from = 1, .to = 2, .kind = "fill", .object = "t.a"};
    made list[2];
    two_parts(list);
    made other = list[1];
#define REFUSED(member, value, text)                           \
    do {                                                       \
        list[1] = other;                                       \
        list[1].member = (value);                              \
        assert_refused(list, 2, "two.json", "expected " text); \
    } while (0)
    REFUSED(tool, "2", "the version of drift of one.json, \"1\", found \"2\"");
    REFUSED(sqlite, "4", "the version of SQLite of one.json, \"3\", found \"4\"");
    REFUSED(schemas, "other", "the folder of schemas of one.json, \"schemas\", found \"other\"");
    REFUSED(part.schemas, "5d", "the digest of the schemas of one.json, \"5c\", found \"5d\"");
    REFUSED(migrations, "other", "the migrations of one.json, \"migrations\", found \"other\"");
    REFUSED(part.migrations, "", "the digest of the migrations of one.json, \"319\", found \"\"");
    REFUSED(runner, "plain", "the runner of one.json, \"drift\", found \"plain\"");
    REFUSED(file, NULL, "the file of expectations of one.json, \"expect.json\", found none");
    REFUSED(part.options, "pairs adjacent", "the options of one.json, \"pairs all\", found \"pairs adjacent\"");
    REFUSED(seed, 7, "the seed of one.json, 0, found 7");
    REFUSED(versions, 4, "as many versions as in one.json, 3, found 4");
    REFUSED(part.count, 3, "one of 2 shards, as one.json is, found one of 3");
    REFUSED(part.count, 0, "the report of a shard, found that of a whole verification");
#undef REFUSED
    list[1] = other;
    list[1].part.expectations = &expectation;
    list[1].part.expectation_count = 1;
    assert_refused(list, 2, "two.json", "expected the expectations of one.json, found others");
}
END_TEST

START_TEST(parts_that_are_missing_or_doubled_are_refused)
{
    made list[3];
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    two_parts(list);
    assert_refused(list, 1, "", "shard 1 of 2 is missing");
    assert_refused(list + 1, 1, "", "shard 2 of 2 is missing");
    list[2] = list[0];
    assert_refused(list, 3, "three.json", "shard 2 of 2 is there twice: one.json is the same");
    list[1].pairs[0][1] = 2;
    assert_refused(list, 2, "two.json", "the pair 1->2 is in one.json as well");
    ck_assert_drift_fails(merge(&outcome, list, 0, &err), DRIFT_MISUSE);
}
END_TEST

static int attempt_to_merge(void)
{
    static const drift_evidence idle = {.from = 1, .to = 2, .kind = "fill", .object = "t.a", .ran = true};
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    made list[2];
    two_parts(list);
    list[0].part.expectations = list[1].part.expectations = &idle;
    list[0].part.expectation_count = list[1].part.expectation_count = 1;
    const int rc = merge(&outcome, list, 2, &err);
    drift_outcome_free(outcome);
    return rc;
}

START_TEST(merging_without_memory_is_an_error)
{
    suite_memory_sweep(attempt_to_merge);
}
END_TEST

TCase *case_merge(void)
{
    TCase *tcase = suite_case("merge");
    tcase_add_test(tcase, a_part_leaves_open_which_step_is_to_blame);
    tcase_add_test(tcase, runs_come_in_the_order_of_the_whole_and_are_judged_as_such);
    tcase_add_test(tcase, an_expectation_is_stale_if_no_part_shows_otherwise);
    tcase_add_test(tcase, the_first_fault_in_the_order_of_the_whole_is_told);
    tcase_add_test(tcase, parts_of_different_verifications_are_refused);
    tcase_add_test(tcase, parts_that_are_missing_or_doubled_are_refused);
    tcase_add_test(tcase, merging_without_memory_is_an_error);
    return tcase;
}
