/* check_corpus.c — every table of every published schema is filled at every level. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "drift/kit/seed.h"
#include "drift/kit/snapshot.h"
#include "drift/kit/verify.h"
#include "seed/cases.h"
#include "support/digest.h"
#include "support/suite.h"
#include "verify/world.h"

typedef struct tally {
    drift_data_level level;
    int schemas, unknown, empty, differ;
    size_t tables, filled;
    int64_t rows;
} tally;

static const drift_verify_options stubs = {.stub_functions = true};

static drift_connection *build(const drift_schema *schema)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift__world_open(&connection, &stubs, &err));
    ck_assert_drift(drift__world_build(connection, schema, &stubs, &err));
    return connection;
}

/* A full-text table without content cannot be read by its digest; what it holds is in its shadow tables. */
static char *seed(drift_connection *connection, drift_data_level level, int64_t number, drift_seed_report **report)
{
    drift_error err = {0};
    const drift_seed_options options = {.level = level, .seed = number, .rows = 60};
    ck_assert_drift(drift_seed_database(report, connection, &options, &err));
    return suite_digest(connection, NULL);
}

static void tell(tally *t, const drift_seed_report *report, const char *path)
{
    for (size_t i = 0; i < report->count; i++) {
        const drift_seeded_table *table = &report->tables[i];
        t->filled += !table->reason;
        if (table->reason) printf("%s: %s: %s\n", path, table->table, table->reason);
    }
    t->tables += report->count;
    t->rows += report->rows;
}

static void seed_schema(tally *t, const drift_schema *schema, const char *path)
{
    drift_seed_report *report = NULL, *again = NULL;
    drift_connection *one = build(schema), *same = build(schema), *other = build(schema);
    char *first = seed(one, t->level, 42, &report), *third = seed(other, t->level, 7, NULL);
    tell(t, report, path);
    assert_sound(one);
    t->empty += report->count == 0;
    t->differ += strcmp(first, third) != 0;
    t->schemas++;
    suite_same_digest(first, seed(same, t->level, 42, &again));
    ck_assert_int_eq(report->rows, again->rows);
    drift_free(third);
    drift_seed_report_free(report);
    drift_seed_report_free(again);
    drift_connection_close(one);
    drift_connection_close(same);
    drift_connection_close(other);
}

static void seed_file(tally *t, const char *path)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    ck_assert_drift(drift_snapshot_read(&snapshot, path, NULL, &err));
    if (snapshot->unknown_count)
        t->unknown++;
    else
        seed_schema(t, &snapshot->schema, path);
    drift_snapshot_free(snapshot);
}

static void walk(tally *t, const char *folder)
{
    drift_error err = {0};
    char **names = NULL;
    size_t count_of_names = 0;
    ck_assert_drift(drift__folder_list(&names, &count_of_names, folder, &err));
    for (size_t i = 0; i < count_of_names; i++) {
        char *path = drift__path_join(folder, names[i]);
        if (drift__is_folder(path))
            walk(t, path);
        else if (drift__path_has_suffix(path, ".json"))
            seed_file(t, path);
        drift_free(path);
    }
    drift__names_free(names, count_of_names);
}

START_TEST(every_level_fills_every_table_of_every_published_schema)
{
    tally t = {.level = (drift_data_level)_i};
    walk(&t, suite_corpus());
    printf("%s: %d schemas (%d more hold what only Dart knows): %zu of %zu tables filled, %lld rows; another seed gave"
           " other rows in %d\n",
           drift_data_level_name(t.level), t.schemas, t.unknown, t.filled, t.tables, (long long)t.rows, t.differ);
    ck_assert_int_eq(t.schemas + t.unknown, 197);
    ck_assert_uint_eq(t.filled, t.tables);
    ck_assert_int_eq(t.differ + t.empty, t.schemas);
}
END_TEST

int main(void)
{
    if (!suite_corpus()) return suite_skip("the folder of published snapshots is not there");
    Suite *suite = suite_create("seed_corpus");
    TCase *tcase = suite_case("corpus");
    tcase_add_loop_test(tcase, every_level_fills_every_table_of_every_published_schema, DRIFT_DATA_ONE,
                        DRIFT_DATA_MANY + 1);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
