/* check_real_sql.c — the oddities of SQL that real applications ship, a file of samples/ each: dumped, exported, built
 * again and compared by the program. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "drift/connection.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "support/program.h"
#include "support/suite.h"

static char **samples;
static size_t sample_count;

/* The paths that one sample needs, in a folder of its own. */
typedef struct bench {
    char *folder, *sql, *from_sql, *database, *from_database, *rebuilt, *from_rebuilt;
} bench;

static void bench_begin(bench *b, const char *sample)
{
    b->folder = suite_folder();
    b->sql = drift__path_join(suite_source("suites/real_sql/samples"), sample);
    b->from_sql = drift__path_join(b->folder, "from_sql.json");
    b->database = drift__path_join(b->folder, "made.db");
    b->from_database = drift__path_join(b->folder, "from_database.json");
    b->rebuilt = drift__path_join(b->folder, "rebuilt.db");
    b->from_rebuilt = drift__path_join(b->folder, "from_rebuilt.json");
}

static void bench_end(bench *b)
{
    suite_folder_remove(b->folder);
    char *const paths[] = {b->sql, b->from_sql, b->database, b->from_database, b->rebuilt, b->from_rebuilt};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) drift__free(paths[i]);
}

static char *read_file(const char *path)
{
    drift_error err = {0};
    char *text = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_read(&text, &length, path, &err));
    return text;
}

/* What SQLite alone can run: no byte order mark, no lines of the shell, no CREATE of SQLite's own table. */
static char *plain_sql(const char *path)
{
    drift__str plain = DRIFT__STR_INIT;
    drift_error err = {0};
    char *text = read_file(path), *out = NULL;
    const char *line = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
    while (*line) {
        const size_t length = strcspn(line, "\n") + (strchr(line, '\n') ? 1 : 0);
        const bool skipped = *line == '.' || strncmp(line, "CREATE TABLE sqlite_sequence", 28) == 0;
        if (!skipped) drift__str_putn(&plain, line, length);
        line += length;
    }
    drift__free(text);
    ck_assert_drift(drift__str_take(&out, &plain, &err));
    return out;
}

static void make_database(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    ck_assert_int_eq(sqlite3_exec(db, "PRAGMA user_version = 1", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static void assert_ran(program_result *result, const char *what)
{
    ck_assert_msg(result->status == 0, "%s: exit %d: %s%s", what, result->status, result->err, result->out);
}

static void dump(const char *source, const char *destination)
{
    program_result result = run_drift("schema", "dump", source, destination, "--version", "1");
    assert_ran(&result, source);
    program_result_dispose(&result);
}

static void assert_same_file(const char *a, const char *b)
{
    char *left = read_file(a), *right = read_file(b);
    ck_assert_str_eq(left, right);
    drift__free(left);
    drift__free(right);
}

START_TEST(a_dump_of_the_sql_equals_a_dump_of_its_database_and_of_what_the_snapshot_builds)
{
    bench b;
    char golden[256];
    bench_begin(&b, samples[_i]);
    char *sql = plain_sql(b.sql);
    dump(b.sql, b.from_sql);
    make_database(b.database, sql);
    dump(b.database, b.from_database);
    assert_same_file(b.from_sql, b.from_database);

    program_result exported = run_drift("schema", "export", b.from_sql, "--version", "1");
    assert_ran(&exported, b.from_sql);
    snprintf(golden, sizeof golden, "real_sql/%s", samples[_i]);
    suite_golden(golden, exported.out);
    make_database(b.rebuilt, exported.out);
    dump(b.rebuilt, b.from_rebuilt);
    assert_same_file(b.from_sql, b.from_rebuilt);
    program_result_dispose(&exported);
    drift__free(sql);
    bench_end(&b);
}
END_TEST

START_TEST(the_sql_its_snapshot_and_its_database_do_not_differ)
{
    bench b;
    bench_begin(&b, samples[_i]);
    char *sql = plain_sql(b.sql);
    dump(b.sql, b.from_sql);
    make_database(b.database, sql);
    const char *const sides[] = {b.sql, b.from_sql, b.database};
    for (size_t i = 0; i < 9; i++) {
        program_result result = run_drift("schema", "diff", sides[i / 3], sides[i % 3], "--strict");
        assert_ran(&result, sides[i / 3]);
        program_result_dispose(&result);
    }
    drift__free(sql);
    bench_end(&b);
}
END_TEST

START_TEST(every_object_is_understood)
{
    bench b;
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_schema *schema = NULL;
    bench_begin(&b, samples[_i]);
    char *sql = plain_sql(b.sql);
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    ck_assert_drift(drift_introspect(&schema, connection, &err));
    ck_assert_uint_gt(schema->entity_count, 0);
    for (size_t i = 0; i < schema->entity_count; i++)
        ck_assert_msg(!schema->entities[i].opaque, "%s is not understood", schema->entities[i].sql);
    drift_schema_free(schema);
    drift_connection_close(connection);
    drift__free(sql);
    bench_end(&b);
}
END_TEST

int main(void)
{
    drift_error err = {0};
    if (drift__folder_list(&samples, &sample_count, suite_source("suites/real_sql/samples"), &err) != DRIFT_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    Suite *suite = suite_create("real_sql");
    TCase *tcase = tcase_create("real_sql"); /* the list of samples stays allocated: no count of bytes here */
    const int count = (int)sample_count;
    tcase_add_loop_test(tcase, a_dump_of_the_sql_equals_a_dump_of_its_database_and_of_what_the_snapshot_builds, 0,
                        count);
    tcase_add_loop_test(tcase, the_sql_its_snapshot_and_its_database_do_not_differ, 0, count);
    tcase_add_loop_test(tcase, every_object_is_understood, 0, count);
    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    const int status = suite_run(suite);
    drift__names_free(samples, sample_count);
    return status;
}
