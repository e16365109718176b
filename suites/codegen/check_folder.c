/* check_folder.c — what is overwritten, kept, removed and refused. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "codegen/cases.h"
#include "codegen/folder.h"
#include "codegen/writer.h"
#include "support/memory.h"
#include "support/suite.h"

static drift_error err;
static char *folder;

static drift__codegen_file files[] = {
    {"schema_v1.h", DRIFT__GENERATED_LINE "one\n", sizeof DRIFT__GENERATED_LINE "one\n" - 1},
    {"schema_v2.h", DRIFT__GENERATED_LINE "two\n", sizeof DRIFT__GENERATED_LINE "two\n" - 1},
};
static const drift__codegen both = {.files = files, .file_count = 2};
static const drift__codegen first = {.files = files, .file_count = 1};

static void setup(void)
{
    err = (drift_error){0};
    folder = suite_folder();
}

static void teardown(void)
{
    suite_folder_remove(folder);
}

static char *inside(const char *name)
{
    return drift__path_join(folder, name);
}

static void put(const char *name, const char *text)
{
    char *path = inside(name);
    ck_assert_drift(drift__file_write(path, text, strlen(text), &err));
    drift__free(path);
}

static void assert_holds(const char *name, const char *text)
{
    char *path = inside(name), *found = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_read(&found, &length, path, &err));
    ck_assert_str_eq(found, text);
    drift__free(found);
    drift__free(path);
}

static bool stands(const char *name)
{
    struct stat st;
    char *path = inside(name);
    const bool there = lstat(path, &st) == 0;
    drift__free(path);
    return there;
}

/* "wrote schema_v1.h, " … */
static void tell(drift__folder_act act, const char *path, void *payload)
{
    static const char *const words[] = {"wrote", "kept", "removed"};
    drift__str_printf(payload, "%s %s, ", words[act], drift__path_name(path));
}

static void assert_written(const drift__codegen *code, bool prune, const char *expected)
{
    drift__str told = DRIFT__STR_INIT;
    ck_assert_drift(drift__codegen_write(code, folder, prune, tell, &told, &err));
    ck_assert_str_eq(drift__str_text(&told), expected);
    drift__str_dispose(&told);
}

START_TEST(files_are_written_once_and_then_left_alone)
{
    struct stat before, after;
    char *path = inside("schema_v1.h");
    assert_written(&both, true, "wrote schema_v1.h, wrote schema_v2.h, ");
    ck_assert_int_eq(stat(path, &before), 0);
    assert_written(&both, true, "kept schema_v1.h, kept schema_v2.h, ");
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert(before.st_ino == after.st_ino);
    assert_holds("schema_v2.h", files[1].text);
    drift__free(path);
}
END_TEST

START_TEST(a_missing_folder_is_made)
{
    char *deep = inside("a/b");
    ck_assert_drift(drift__codegen_check(&first, deep, &err));
    ck_assert(!stands("a"));
    ck_assert_drift(drift__codegen_write(&first, deep, true, NULL, NULL, &err));
    assert_holds("a/b/schema_v1.h", files[0].text);
    drift__free(deep);
}
END_TEST

START_TEST(an_older_file_of_ours_is_overwritten)
{
    put("schema_v1.h", DRIFT__GENERATED_LINE "old\n");
    assert_written(&first, true, "wrote schema_v1.h, ");
    assert_holds("schema_v1.h", files[0].text);
}
END_TEST

static void assert_refused(const char *name)
{
    char expected[256];
    snprintf(expected, sizeof expected, "%s/%s exists and was not generated: it is kept, and nothing was written",
             folder, name);
    ck_assert_drift_fails(drift__codegen_check(&both, folder, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, expected);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__codegen_write(&both, folder, true, NULL, NULL, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, expected);
    ck_assert_str_eq(err.hint, "generate into a folder of its own, or move that file away");
}

START_TEST(a_persons_file_is_kept_and_nothing_is_written)
{
    put("schema_v2.h", "mine\n");
    assert_refused("schema_v2.h");
    assert_holds("schema_v2.h", "mine\n");
    ck_assert(!stands("schema_v1.h"));
}
END_TEST

START_TEST(an_empty_file_is_a_persons)
{
    put("schema_v2.h", "");
    assert_refused("schema_v2.h");
}
END_TEST

START_TEST(a_link_is_not_followed)
{
    char *link = inside("schema_v2.h");
    put("elsewhere", DRIFT__GENERATED_LINE "theirs\n");
    ck_assert_int_eq(symlink("elsewhere", link), 0);
    assert_refused("schema_v2.h");
    assert_holds("elsewhere", DRIFT__GENERATED_LINE "theirs\n");
    ck_assert(!stands("schema_v1.h"));
    drift__free(link);
}
END_TEST

START_TEST(a_dangling_link_is_not_followed)
{
    char *link = inside("schema_v1.h");
    ck_assert_int_eq(symlink("nowhere", link), 0);
    assert_refused("schema_v1.h");
    ck_assert(!stands("nowhere"));
    drift__free(link);
}
END_TEST

START_TEST(a_folder_in_the_way_is_kept)
{
    char *path = inside("schema_v2.h");
    ck_assert_int_eq(mkdir(path, 0777), 0);
    assert_refused("schema_v2.h");
    drift__free(path);
}
END_TEST

START_TEST(only_our_files_of_versions_that_are_gone_are_removed)
{
    static const char *const kept[] = {"schema_v.h", "schema_v3.txt", "my_schema_v3.h", "schema_v3x.h",
                                       "schema_steps.h"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) put(kept[i], DRIFT__GENERATED_LINE);
    put("schema_v9.c", "mine\n");
    put("schema_v3.c", DRIFT__GENERATED_LINE);
    assert_written(&both, true, "wrote schema_v1.h, wrote schema_v2.h, removed schema_v3.c, ");
    put("schema_v3.h", DRIFT__GENERATED_LINE);
    assert_written(&both, false, "kept schema_v1.h, kept schema_v2.h, ");
    ck_assert(stands("schema_v3.h"));
    assert_written(&first, true, "kept schema_v1.h, removed schema_v2.h, removed schema_v3.h, ");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) ck_assert(stands(kept[i]));
    ck_assert(stands("schema_v9.c"));
}
END_TEST

START_TEST(a_link_of_a_version_that_is_gone_is_kept)
{
    char *link = inside("schema_v3.h");
    put("elsewhere", DRIFT__GENERATED_LINE);
    ck_assert_int_eq(symlink("elsewhere", link), 0);
    assert_written(&first, true, "wrote schema_v1.h, ");
    ck_assert(stands("schema_v3.h") && stands("elsewhere"));
    drift__free(link);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_an_error)
{
    char *path = inside("file/below");
    put("file", "mine\n");
    ck_assert_int_ne(drift__codegen_write(&first, path, true, NULL, NULL, &err), DRIFT_OK);
    ck_assert_int_eq(err.code == DRIFT_IO || err.code == DRIFT_NOT_FOUND, 1);
    drift__free(path);
}
END_TEST

static int write_and_prune(void)
{
    drift_error told = {0};
    const int rc = drift__codegen_write(&both, folder, true, NULL, NULL, &told);
    return rc == DRIFT_OK ? drift__codegen_write(&first, folder, true, NULL, NULL, &told) : rc;
}

/* Syncing a folder goes without the memory that it does not get, so that either status is right. */
START_TEST(every_allocation_may_fail)
{
    bool fired = true;
    for (long nth = 1; fired; nth++) {
        suite_memory_fail(nth, false);
        const int rc = write_and_prune();
        fired = suite_memory_restore();
        ck_assert(rc == DRIFT_OK || (fired && rc == DRIFT_NO_MEMORY));
    }
    assert_holds("schema_v1.h", files[0].text);
    ck_assert(!stands("schema_v2.h"));
}
END_TEST

TCase *folder_case(void)
{
    TCase *test = suite_case("folder");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, files_are_written_once_and_then_left_alone);
    tcase_add_test(test, a_missing_folder_is_made);
    tcase_add_test(test, an_older_file_of_ours_is_overwritten);
    tcase_add_test(test, a_persons_file_is_kept_and_nothing_is_written);
    tcase_add_test(test, an_empty_file_is_a_persons);
    tcase_add_test(test, a_link_is_not_followed);
    tcase_add_test(test, a_dangling_link_is_not_followed);
    tcase_add_test(test, a_folder_in_the_way_is_kept);
    tcase_add_test(test, only_our_files_of_versions_that_are_gone_are_removed);
    tcase_add_test(test, a_link_of_a_version_that_is_gone_is_kept);
    tcase_add_test(test, a_folder_that_cannot_be_made_is_an_error);
    tcase_add_test(test, every_allocation_may_fail);
    return test;
}
