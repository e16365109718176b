/* check_folder.c — a folder of snapshots. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "snapshot/cases.h"
#include "snapshot/name.h"

static void add_file(const char *folder, const char *name)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, name);
    ck_assert_drift(drift__file_write(path, "{}", 2, &err));
    drift__free(path);
}

START_TEST(files_are_listed_by_version)
{
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    char *path = suite_folder();
    add_file(path, "drift_schema_v10.json");
    add_file(path, "drift_schema_v9.json");
    add_file(path, "moor_schema_v2.json");
    add_file(path, "drift_schema_v3.json.bak");
    add_file(path, "drift_schema_v4 (copy).json");
    add_file(path, "README.md");
    ck_assert_drift(drift_snapshot_folder_read(&folder, path, &err));
    ck_assert_uint_eq(folder->count, 3);
    ck_assert_int_eq(folder->files[0].version, 2);
    ck_assert_int_eq(folder->files[1].version, 9);
    ck_assert_int_eq(folder->files[2].version, 10);
    ck_assert_str_eq(drift__path_name(folder->files[0].path), "moor_schema_v2.json");
    drift_snapshot_folder_free(folder);
    suite_folder_remove(path);
}
END_TEST

START_TEST(a_folder_without_snapshots_is_an_error)
{
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    char *path = suite_folder();
    add_file(path, "notes.json");
    ck_assert_drift_fails(drift_snapshot_folder_read(&folder, path, &err), DRIFT_NOT_FOUND);
    ck_assert_ptr_null(folder);
    ck_assert_ptr_nonnull(strstr(err.text, "holds no drift_schema_vN.json"));
    ck_assert_ptr_nonnull(strstr(err.hint, "drift schema dump"));
    suite_folder_remove(path);
}
END_TEST

/* Each application has a folder of its own. */
START_TEST(a_folder_of_applications_leads_to_one_that_has_snapshots)
{
    char expected[1100];
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    char *path = suite_folder();
    char *empty = drift__path_join(path, "empty"), *todos = drift__path_join(path, "todos");
    ck_assert_drift(drift__folder_make(empty, &err));
    ck_assert_drift(drift__folder_make(todos, &err));
    add_file(todos, "drift_schema_v1.json");
    ck_assert_drift_fails(drift_snapshot_folder_read(&folder, path, &err), DRIFT_NOT_FOUND);
    snprintf(expected, sizeof expected, "%s does: name an application's folder", todos);
    ck_assert_str_eq(err.hint, expected);
    drift_free(todos);
    drift_free(empty);
    suite_folder_remove(path);
}
END_TEST

START_TEST(a_missing_folder_is_an_error)
{
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    ck_assert_drift_fails(drift_snapshot_folder_read(&folder, "/nonexistent/schemas", &err), DRIFT_NOT_FOUND);
    drift_snapshot_folder_free(folder);
}
END_TEST

START_TEST(two_snapshots_of_one_version_are_an_error)
{
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    char *path = suite_folder();
    add_file(path, "drift_schema_v2.json");
    add_file(path, "moor_schema_v2.json");
    ck_assert_drift_fails(drift_snapshot_folder_read(&folder, path, &err), DRIFT_FORMAT);
    ck_assert_ptr_nonnull(strstr(err.text, "version 2 has two snapshots: "));
    suite_folder_remove(path);
}
END_TEST

/* Ignored, each would be a version that nobody tests. */
static const char *const no_versions[] = {"drift_schema_v01.json", "drift_schema_v0.json", "moor_schema_v007.json",
                                          "drift_schema_v2147483648.json"};

START_TEST(a_number_that_is_no_version_is_an_error)
{
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    char *path = suite_folder(), expected[512];
    add_file(path, "drift_schema_v1.json");
    add_file(path, no_versions[_i]);
    ck_assert_drift_fails(drift_snapshot_folder_read(&folder, path, &err), DRIFT_FORMAT);
    ck_assert_ptr_null(folder);
    snprintf(expected, sizeof expected, "expected a version from 1 to 2147483647 without leading zeros, found %s/%s",
             path, no_versions[_i]);
    ck_assert_str_eq(err.text, expected);
    suite_folder_remove(path);
}
END_TEST

START_TEST(a_version_is_taken_from_a_file_name)
{
    static const struct {
        const char *path;
        int version;
    } names[] = {
        {"drift_schema_v1.json", 1},
        {"a/b/drift_schema_v12.json", 12},
        {"moor_schema_v3.json", 3},
        {"drift_schema_v2147483647.json", 2147483647},
        {"drift_schema_v2147483648.json", 0},
        {"drift_schema_v99999999999.json", 0},
        {"drift_schema_v0.json", 0},
        {"drift_schema_v01.json", 0},
        {"drift_schema_v-1.json", 0},
        {"drift_schema_v.json", 0},
        {"drift_schema_v1.json~", 0},
        {"my_drift_schema_v1.json", 0},
        {"drift_schema_v1.json/schema.json", 0},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_msg(drift__snapshot_version(names[i].path) == names[i].version, "%s", names[i].path);
}
END_TEST

TCase *folder_case(void)
{
    TCase *c = suite_case("folder");
    tcase_add_test(c, files_are_listed_by_version);
    tcase_add_test(c, a_folder_without_snapshots_is_an_error);
    tcase_add_test(c, a_folder_of_applications_leads_to_one_that_has_snapshots);
    tcase_add_test(c, a_missing_folder_is_an_error);
    tcase_add_test(c, two_snapshots_of_one_version_are_an_error);
    tcase_add_loop_test(c, a_number_that_is_no_version_is_an_error, 0, (int)(sizeof no_versions / sizeof *no_versions));
    tcase_add_test(c, a_version_is_taken_from_a_file_name);
    return c;
}
