/* check_steps.c — folders of steps and of snapshots, and checking one database. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "support/suite.h"
#include "verify/given.h"

static char *folder;

static void set_up(void)
{
    folder = suite_folder();
}

static void tear_down(void)
{
    suite_folder_remove(folder);
}

static void write_file(const char *name, const char *text)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, name);
    ck_assert_drift(drift__file_write(path, text, strlen(text), &err));
    drift_free(path);
}

START_TEST(steps_come_in_order)
{
    drift_error err = {0};
    drift_step_folder *steps = NULL;
    write_file("v10_to_v11.sql", "SELECT 10;");
    write_file("v2_to_v10.sql", "");
    write_file("v2_to_v3.sql", "SELECT 2;");
    write_file("README.md", "v1_to_v2");
    write_file("v3_to_v2.sql", "SELECT 'down';");
    write_file("helpers.sql", "SELECT 'no step';");
    ck_assert_drift(drift_step_folder_read(&steps, folder, &err));
    ck_assert_uint_eq(steps->count, 3);
    ck_assert_int_eq(steps->files[0].to, 3);
    ck_assert_int_eq(steps->files[1].to, 10);
    ck_assert_int_eq(steps->files[2].from, 10);
    ck_assert_str_eq(steps->files[2].sql, "SELECT 10;");
    ck_assert_uint_eq(steps->files[2].length, 10);
    drift_step_folder_free(steps);
    drift_step_folder_free(NULL);
}
END_TEST

START_TEST(a_folder_without_steps_has_none)
{
    drift_error err = {0};
    drift_step_folder *steps = NULL;
    ck_assert_drift(drift_step_folder_read(&steps, folder, &err));
    ck_assert_uint_eq(steps->count, 0);
    drift_step_folder_free(steps);
}
END_TEST

START_TEST(a_provider_hands_out_snapshots)
{
    drift_error err = {0};
    drift_snapshot_provider *provider = NULL;
    const drift_schema *schema = NULL;
    const int *versions = NULL;
    size_t count = 0;
    ck_assert_drift(drift_snapshot_provider_open(&provider, suite_source("drift_schemas/todos"), NULL, &err));
    const drift_schema_provider *schemas = drift_snapshot_provider_schemas(provider);
    ck_assert_drift(schemas->versions(&versions, &count, schemas->payload, &err));
    ck_assert_uint_eq(count, 4);
    ck_assert_int_eq(versions[3], 4);
    ck_assert_drift(schemas->schema(&schema, 3, schemas->payload, &err));
    ck_assert_ptr_nonnull(drift_schema_table(schema, "old_titles"));
    ck_assert_drift_fails(schemas->schema(&schema, 9, schemas->payload, &err), DRIFT_NOT_FOUND);
    drift_snapshot_provider_free(provider);
    drift_snapshot_provider_free(NULL);
}
END_TEST

START_TEST(a_database_is_checked_against_its_version)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_check_result result = {0};
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a, b INT)", "");
    g.provider.payload = &g;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, "CREATE TABLE t (a, b TEXT); PRAGMA user_version = 2", &err));
    ck_assert_drift(drift_check_database(&result, connection, &g.provider, NULL, &err));
    ck_assert_int_eq(result.version, 2);
    ck_assert_uint_eq(result.diff->count, 1);
    ck_assert_str_eq(result.diff->differences[0].object, "t.b");
    drift_check_result_dispose(&result);
    ck_assert_drift(drift_exec(connection, "PRAGMA user_version = 3", &err));
    ck_assert_drift_fails(drift_check_database(&result, connection, &g.provider, NULL, &err), DRIFT_NOT_FOUND);
    ck_assert_str_eq(err.text, "the database is at version 3, of which schemas has no snapshot");
    ck_assert_str_eq(err.hint, "it has versions 1, 2");
    drift_check_result_dispose(&result);
    drift_check_result_dispose(NULL);
    drift_connection_close(connection);
    given_done(&g);
}
END_TEST

TCase *case_steps(void)
{
    TCase *tcase = suite_case("steps");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, steps_come_in_order);
    tcase_add_test(tcase, a_folder_without_steps_has_none);
    tcase_add_test(tcase, a_provider_hands_out_snapshots);
    tcase_add_test(tcase, a_database_is_checked_against_its_version);
    return tcase;
}
