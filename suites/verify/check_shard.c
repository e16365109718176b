/* check_shard.c — a verification in parts: every run is in one of them, and together they tell what the whole tells. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "drift/kit/parse.h"
#include "drift/kit/report.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/given.h"
#include "verify/portion.h"

/* ---- portions ---- */

enum { MOST_PAIRS = 300 };

/* All pairs of so many versions. */
static size_t all_starts(int *starts, int versions)
{
    size_t count = 0;
    for (int from = 1; from < versions; from++) {
        for (int to = from + 1; to <= versions; to++) starts[count++] = from;
    }
    return count;
}

/* Cuts and deals; asserts that every pair is in one portion, each portion of one start; gives the largest and the
 * smallest share. */
static void assert_shared(size_t *most, size_t *least, const int *starts, size_t pairs, size_t owners)
{
    drift_error err = {0};
    drift__portion *portions = NULL;
    size_t count = 0, next = 0;
    size_t *shares = drift__calloc(owners, sizeof *shares);
    ck_assert_ptr_nonnull(shares);
    ck_assert_drift(drift__portions_cut(&portions, &count, starts, pairs, owners, &err));
    ck_assert_drift(drift__portions_deal(portions, count, owners, &err));
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(portions[i].first, next);
        ck_assert_uint_gt(portions[i].count, 0);
        ck_assert_uint_le(portions[i].count, (pairs + owners - 1) / owners);
        next += portions[i].count;
        ck_assert_int_eq(starts[portions[i].first], starts[next - 1]);
        ck_assert_uint_lt(portions[i].owner, owners);
        shares[portions[i].owner] += portions[i].count;
    }
    ck_assert_uint_eq(next, pairs);
    *most = *least = shares[0];
    for (size_t i = 1; i < owners; i++) {
        if (shares[i] > *most) *most = shares[i];
        if (shares[i] < *least) *least = shares[i];
    }
    drift__free(portions);
    drift__free(shares);
}

START_TEST(every_pair_is_in_one_portion_and_shares_are_alike)
{
    int starts[MOST_PAIRS];
    for (int versions = 2; versions <= 24; versions++) {
        const size_t pairs = all_starts(starts, versions);
        for (size_t owners = 1; owners <= pairs + 2; owners++) {
            size_t most, least;
            assert_shared(&most, &least, starts, pairs, owners);
            ck_assert_uint_le(most, 2 * ((pairs + owners - 1) / owners));
        }
    }
}
END_TEST

START_TEST(a_start_version_stays_together_where_it_is_no_more_than_a_share)
{
    int starts[MOST_PAIRS];
    drift_error err = {0};
    drift__portion *portions = NULL;
    size_t count = 0, most, least;
    const size_t pairs = all_starts(starts, 20);
    ck_assert_drift(drift__portions_cut(&portions, &count, starts, pairs, 10, &err));
    ck_assert_uint_eq(count, 19);
    drift__free(portions);
    assert_shared(&most, &least, starts, pairs, 2);
    ck_assert_uint_eq(most, 95);
    ck_assert_uint_eq(least, 95);
    assert_shared(&most, &least, starts, pairs, 10);
    ck_assert_uint_eq(most, 19);
    ck_assert_uint_eq(least, 19);
}
END_TEST

START_TEST(the_pairs_of_one_start_version_are_cut_evenly)
{
    static const int starts[] = {3, 3, 3, 3, 3, 3, 3};
    size_t most, least;
    assert_shared(&most, &least, starts, 7, 3);
    ck_assert_uint_eq(most, 3);
    ck_assert_uint_eq(least, 2);
    assert_shared(&most, &least, starts, 7, 7);
    ck_assert_uint_eq(least, 1);
    assert_shared(&most, &least, starts, 7, 9);
    ck_assert_uint_eq(least, 0);
}
END_TEST

/* ---- shards ---- */

/* Four versions. The first step forgets an index, so that later pairs have to blame it; the second ruins a column; of
 * the expectations one is right, one is not, one never takes effect, one cannot be evaluated. */
static const drift_expectation entries[] = {
    {2, 3, DRIFT_EXPECT_TRANSFORM, "t", "a", "upper(a)"},
    {3, 4, DRIFT_EXPECT_FILL, "t", "gone", "1"},
    {3, 4, DRIFT_EXPECT_DROP_ROWS, "u", NULL, "x = 'never'"},
    {1, 2, DRIFT_EXPECT_TRANSFORM, "u", "x", "no_such(x)"},
};
static const drift_expectations expectations = {"expect.json", entries, 4};

static given four_versions(void)
{
    given g = given_pair("CREATE TABLE t (a TEXT, b TEXT); CREATE TABLE u (x TEXT)",
                         "CREATE TABLE t (a TEXT, b TEXT); CREATE INDEX i ON t (a); CREATE TABLE u (x TEXT)",
                         "SELECT 'forgotten'");
    given_add(&g, "CREATE TABLE t (a TEXT, b TEXT); CREATE INDEX i ON t (a); CREATE TABLE u (x TEXT)",
              "UPDATE t SET a = upper(a), b = b || '!'");
    given_add(&g, "CREATE TABLE t (a TEXT, b TEXT, c); CREATE INDEX i ON t (a); CREATE TABLE u (x TEXT)",
              "ALTER TABLE t ADD COLUMN c");
    return g;
}

/* The report as JSON, durations left out. */
static char *report(const drift_outcome *outcome)
{
    static const char key[] = "\"duration_ms\": ";
    drift_error err = {0};
    char *json = NULL;
    ck_assert_drift(drift_reporter_named("json")->print(&json, outcome, NULL, &err));
    char *to = json;
    for (const char *at = json; *at;) {
        if (strncmp(at, key, strlen(key)) == 0) {
            at += strlen(key);
            at += strspn(at, "0123456789.");
        }
        *to++ = *at++;
    }
    *to = '\0';
    return json;
}

static drift_outcome *verify_in_shards(const given *g, drift_verify_options options, int shards)
{
    enum { MOST = 8 };
    drift_error err = {0};
    drift_outcome *parts[MOST] = {NULL}, *outcome = NULL;
    const char *names[MOST] = {NULL};
    for (int i = 0; i < shards; i++) {
        options.shard = shards - i; /* any order */
        options.shards = shards;
        parts[i] = given_verify(g, &options);
        names[i] = "part";
        ck_assert_uint_eq(parts[i]->part->index, (size_t)options.shard);
        ck_assert_uint_eq(parts[i]->part->count, (size_t)shards);
    }
    ck_assert_drift(drift_outcome_merge(&outcome, (const drift_outcome *const *)parts, names, (size_t)shards, &err));
    for (int i = 0; i < shards; i++) drift_outcome_free(parts[i]);
    return outcome;
}

static void assert_same_in_shards(const given *g, const drift_verify_options *options)
{
    drift_outcome *whole = given_verify(g, options);
    char *expected = report(whole);
    static const int counts[] = {1, 2, 3, 8};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        drift_outcome *outcome = verify_in_shards(g, *options, counts[i]);
        char *found = report(outcome);
        ck_assert_str_eq(found, expected);
        drift_free(found);
        drift_outcome_free(outcome);
    }
    drift_free(expected);
    drift_outcome_free(whole);
}

START_TEST(all_shards_together_are_the_whole)
{
    given g = four_versions();
    drift_outcome *whole = given_verify(&g, &(drift_verify_options){.expect = &expectations});
    size_t stale = 0, blamed = 0;
    for (size_t i = 0; i < whole->run_count; i++) {
        const drift_run *run = &whole->runs[i];
        for (size_t k = 0; k < run->finding_count; k++) {
            stale += run->findings[k].code == DRIFT_FINDING_EXPECT_STALE;
            blamed += run->to - run->from > 1 && run->findings[k].step != NULL;
        }
    }
    ck_assert_uint_eq(stale, 3); /* else there is nothing that takes all runs to say */
    ck_assert_uint_gt(blamed, 0);
    drift_outcome_free(whole);
    assert_same_in_shards(&g, &(drift_verify_options){.expect = &expectations});
    assert_same_in_shards(&g, &(drift_verify_options){.expect = &expectations, .from = 1, .levels = 6});
    assert_same_in_shards(&g, &(drift_verify_options){.pairs = DRIFT_PAIRS_ADJACENT, .rows = 20, .levels = 17});
    assert_same_in_shards(&g, &(drift_verify_options){.pairs = DRIFT_PAIRS_TO_LATEST, .no_paths = true});
    given_done(&g);
}
END_TEST

START_TEST(a_shard_that_gets_no_pair_has_no_run)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "SELECT 1");
    drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.shard = 2, .shards = 2});
    ck_assert_uint_eq(outcome->run_count, 0);
    ck_assert_uint_eq(outcome->summary.pairs, 0);
    ck_assert_uint_eq(outcome->summary.versions, 2);
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

/* Loop: what is not as in the first shard. */
START_TEST(shards_of_other_inputs_do_not_merge)
{
    static const char *const told[] = {"digest of the schemas", "digest of the migrations", "options", "seed"};
    static const char *const names[] = {"one", "two"};
    drift_error err = {0};
    given g = four_versions(), other = four_versions();
    drift_verify_options options = {.shard = 1, .shards = 2}, others = {.shard = 2, .shards = 2};
    drift_outcome *parts[2], *outcome = NULL;
    if (_i == 0) {
        drift_schema_free(other.schemas[3]);
        const char *sql = "CREATE TABLE t (a)";
        ck_assert_drift(drift_schema_parse(&other.schemas[3], sql, strlen(sql), &err));
        other.schemas[3]->version = 4;
    }
    if (_i == 1) other.files[1].length--;
    if (_i == 2) others.no_paths = true;
    if (_i == 3) others.seed = 9;
    parts[0] = given_verify(&g, &options);
    parts[1] = given_verify(&other, &others);
    ck_assert_drift_fails(drift_outcome_merge(&outcome, (const drift_outcome *const *)parts, names, 2, &err),
                          DRIFT_FORMAT);
    ck_assert_msg(strstr(err.text, told[_i]) != NULL, "%s", err.text);
    ck_assert_str_eq(err.source, "two");
    drift_outcome_free(parts[0]);
    drift_outcome_free(parts[1]);
    given_done(&g);
    given_done(&other);
}
END_TEST

/* Loop: shard, shards. */
static const int no_shards[][2] = {{0, 3}, {4, 3}, {-1, 3}, {1, 0}, {1, -1}};

START_TEST(a_shard_that_there_is_not_is_misuse)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    given g = four_versions();
    drift_schema_provider provider = g.provider;
    drift_step_folder steps = g.steps;
    provider.payload = &g;
    steps.files = g.files;
    ck_assert_drift_fails(
        drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.steps = &steps},
                                &(drift_verify_options){.shard = no_shards[_i][0], .shards = no_shards[_i][1]}, &err),
        DRIFT_MISUSE);
    given_done(&g);
}
END_TEST

TCase *case_shard(void)
{
    TCase *tcase = suite_case("shard");
    tcase_add_test(tcase, every_pair_is_in_one_portion_and_shares_are_alike);
    tcase_add_test(tcase, a_start_version_stays_together_where_it_is_no_more_than_a_share);
    tcase_add_test(tcase, the_pairs_of_one_start_version_are_cut_evenly);
    tcase_add_test(tcase, all_shards_together_are_the_whole);
    tcase_add_test(tcase, a_shard_that_gets_no_pair_has_no_run);
    tcase_add_loop_test(tcase, shards_of_other_inputs_do_not_merge, 0, 4);
    tcase_add_loop_test(tcase, a_shard_that_there_is_not_is_misuse, 0, (int)(sizeof no_shards / sizeof no_shards[0]));
    return tcase;
}
