/* check_corpus.c — every table of every published schema gets its row. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "drift/kit/snapshot.h"
#include "drift/kit/verify.h"
#include "seed/seed.h"
#include "support/suite.h"
#include "verify/world.h"

typedef struct tally {
    int schemas, tables, filled, unknown;
} tally;

static const drift_verify_options stubs = {.stub_functions = true};

static int64_t count(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    int64_t number = 0;
    ck_assert_drift(drift_query_int64(&number, connection, sql, NULL, 0, &err));
    return number;
}

static void seed_schema(tally *t, const drift_schema *schema, const char *path)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift__seed_result result;
    ck_assert_drift(drift__world_open(&connection, &stubs, &err));
    ck_assert_drift(drift__world_build(connection, schema, &stubs, &err));
    ck_assert_drift(drift__seed_one(&result, connection, 42, &err));
    const int64_t tables = count(connection, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type IN"
                                             " ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
    for (size_t i = 0; i < result.failure_count; i++)
        printf("%s: %s: %s\n", path, result.failures[i].table, result.failures[i].reason);
    t->schemas++;
    t->tables += (int)tables;
    t->filled += (int)tables - (int)result.failure_count;
    drift__seed_result_dispose(&result);
    drift_connection_close(connection);
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

START_TEST(every_table_of_every_published_schema_gets_a_row)
{
    tally t = {0};
    walk(&t, suite_corpus());
    printf("%d schemas (%d more hold what only Dart knows): %d of %d tables got their row\n", t.schemas, t.unknown,
           t.filled, t.tables);
    ck_assert_int_eq(t.schemas + t.unknown, 197);
    ck_assert_int_eq(t.filled, t.tables);
}
END_TEST

int main(void)
{
    if (!suite_corpus()) return suite_skip("the folder of published snapshots is not there");
    Suite *suite = suite_create("seed_corpus");
    TCase *tcase = suite_case("corpus");
    tcase_add_test(tcase, every_table_of_every_published_schema_gets_a_row);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
