/* check_corpus.c — steps that do nothing leave every published schema, and the rows in its tables, as they are, on
 * every way: whatever is found here is a false alarm. */
#include <check.h>
#include <stdio.h>

#include "base/file.h"
#include "drift/kit/snapshot.h"
#include "drift/kit/verify.h"
#include "support/suite.h"

typedef struct tally {
    int schemas, runs, findings;
} tally;

/* One schema as three versions. */
typedef struct thrice {
    drift_schema versions[3];
} thrice;

static int hand_out_versions(const int **versions, size_t *count, const void *payload, drift_error *err)
{
    static const int all[] = {1, 2, 3};
    (void)payload;
    (void)err;
    *versions = all;
    *count = 3;
    return DRIFT_OK;
}

static int hand_out_schema(const drift_schema **out, int version, const void *payload, drift_error *err)
{
    const thrice *t = payload;
    (void)err;
    *out = &t->versions[version - 1];
    return DRIFT_OK;
}

static void verify_schema(tally *t, const drift_schema *schema, drift_runner runner, unsigned levels, const char *path)
{
    static const drift_step_file nothing[] = {{1, 2, "v1_to_v2.sql", "SELECT 'nothing';", 17},
                                              {2, 3, "v2_to_v3.sql", "SELECT 'nothing';", 17}};
    static const drift_step_folder steps = {"steps", nothing, 2};
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    thrice same = {{*schema, *schema, *schema}};
    for (int i = 0; i < 3; i++) same.versions[i].version = i + 1;
    const drift_schema_provider provider = {"schemas", hand_out_versions, hand_out_schema, &same};
    const drift_verify_options options = {
        .from = 1, .to = 3, .runner = runner, .levels = levels, .stub_functions = true, .seed = 42};
    ck_assert_drift(
        drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.steps = &steps}, &options, &err));
    for (size_t i = 0; i < outcome->run_count; i++) {
        for (size_t k = 0; k < outcome->runs[i].finding_count; k++)
            printf("%s: %s: %s: %s\n", path, outcome->runs[i].data,
                   drift_finding_code_name(outcome->runs[i].findings[k].code), outcome->runs[i].findings[k].message);
    }
    t->runs += (int)outcome->summary.runs;
    t->findings += (int)outcome->summary.findings;
    drift_outcome_free(outcome);
}

/* The runners differ in what they run around steps, not in the rows: many rows are tried with one of them. */
static void verify_with_every_runner(tally *t, const drift_schema *schema, const char *path)
{
    const unsigned few = 1u << DRIFT_DATA_ONE;
    verify_schema(t, schema, DRIFT_RUNNER_DRIFT, 0, path);
    verify_schema(t, schema, DRIFT_RUNNER_TRANSACTION, few, path);
    verify_schema(t, schema, DRIFT_RUNNER_PLAIN, few, path);
}

static void verify_file(tally *t, const char *path)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    ck_assert_drift(drift_snapshot_read(&snapshot, path, NULL, &err));
    if (!snapshot->unknown_count) {
        t->schemas++;
        verify_with_every_runner(t, &snapshot->schema, path);
    }
    drift_snapshot_free(snapshot);
}

static void walk(tally *t, const char *folder)
{
    drift_error err = {0};
    char **names = NULL;
    size_t count = 0;
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    for (size_t i = 0; i < count; i++) {
        char *path = drift__path_join(folder, names[i]);
        if (drift__is_folder(path))
            walk(t, path);
        else if (drift__path_has_suffix(path, ".json"))
            verify_file(t, path);
        drift_free(path);
    }
    drift__names_free(names, count);
}

START_TEST(a_step_that_does_nothing_passes_for_every_published_schema)
{
    tally t = {0};
    walk(&t, suite_corpus());
    printf("%d schemas, %d runs, %d findings\n", t.schemas, t.runs, t.findings);
    ck_assert_int_eq(t.schemas, 193);
    ck_assert_int_eq(t.runs, 193 * (4 + 1 + 1));
    ck_assert_int_eq(t.findings, 0);
}
END_TEST

int main(void)
{
    if (!suite_corpus()) return suite_skip("the folder of published snapshots is not there");
    Suite *suite = suite_create("verify_corpus");
    TCase *tcase = suite_case("corpus");
    tcase_add_test(tcase, a_step_that_does_nothing_passes_for_every_published_schema);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
