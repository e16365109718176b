/* check_file.c — files, folders, paths and the clock. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cases.h"
#include "base/clock.h"
#include "base/file.h"
#include "support/memory.h"
#include "support/suite.h"

static char *folder;

static void make_folder(void)
{
    folder = suite_folder();
}

static void remove_folder(void)
{
    suite_folder_remove(folder);
}

/* Asserts that a file holds these bytes and nothing else. */
static void assert_holds(const char *path, const char *bytes, size_t length)
{
    drift_error err = {0};
    char *found = NULL;
    size_t found_length = 0;
    ck_assert_drift(drift__file_read(&found, &found_length, path, &err));
    ck_assert_uint_eq(found_length, length);
    ck_assert_mem_eq(found, bytes, length);
    ck_assert_int_eq(found[length], '\0');
    drift__free(found);
}

/* Asserts how many names the folder holds: nothing half written lies about. */
static void assert_names(size_t expected)
{
    drift_error err = {0};
    char **names = NULL;
    size_t count = 0;
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    ck_assert_uint_eq(count, expected);
    drift__names_free(names, count);
}

START_TEST(what_is_written_is_read)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, "a");
    ck_assert_drift(drift__file_write(path, "a\0b\n", 4, &err));
    assert_holds(path, "a\0b\n", 4);
    ck_assert_drift(drift__file_write(path, "", 0, &err));
    assert_holds(path, "", 0);
    assert_names(1);
    drift__free(path);
}
END_TEST

START_TEST(a_file_that_is_replaced_keeps_its_rights)
{
    drift_error err = {0};
    struct stat st;
    char *path = drift__path_join(folder, "a");
    ck_assert_drift(drift__file_write(path, "old", 3, &err));
    ck_assert_int_eq(chmod(path, 0640), 0);
    ck_assert_drift(drift__file_write(path, "new", 3, &err));
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 07777u, 0640);
    assert_holds(path, "new", 3);
    drift__free(path);
}
END_TEST

START_TEST(a_new_file_has_the_rights_of_the_umask)
{
    drift_error err = {0};
    struct stat st;
    char *path = drift__path_join(folder, "a");
    const mode_t before = umask(027);
    ck_assert_drift(drift__file_write(path, "x", 1, &err));
    umask(before);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 07777u, 0640);
    drift__free(path);
}
END_TEST

START_TEST(a_link_is_replaced_and_its_target_stands)
{
    drift_error err = {0};
    struct stat st;
    char *target = drift__path_join(folder, "target"), *link = drift__path_join(folder, "link");
    ck_assert_drift(drift__file_write(target, "old", 3, &err));
    ck_assert_int_eq(symlink("target", link), 0);
    assert_holds(link, "old", 3);
    ck_assert_drift(drift__file_write(link, "new", 3, &err));
    assert_holds(target, "old", 3);
    assert_holds(link, "new", 3);
    ck_assert_int_eq(lstat(link, &st), 0);
    ck_assert(S_ISREG(st.st_mode));
    drift__free(target);
    drift__free(link);
}
END_TEST

START_TEST(only_a_regular_file_is_read_or_replaced)
{
    drift_error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    char *pipe_path = drift__path_join(folder, "pipe");
    ck_assert_int_eq(mkfifo(pipe_path, 0600), 0);

    ck_assert_drift_fails(drift__file_read(&bytes, &length, pipe_path, &err), DRIFT_FORMAT);
    ck_assert_ptr_null(bytes);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__file_read(&bytes, &length, folder, &err), DRIFT_FORMAT);
    ck_assert_msg(strstr(err.text, "it is a folder") != NULL, "found \"%s\"", err.text);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__file_write(pipe_path, "x", 1, &err), DRIFT_MISUSE);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__file_write(folder, "x", 1, &err), DRIFT_MISUSE);
    assert_names(1);
    drift__free(pipe_path);
}
END_TEST

START_TEST(a_missing_file_is_not_found)
{
    drift_error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    char *path = drift__path_join(folder, "missing/file");
    ck_assert_drift_fails(drift__file_read(&bytes, &length, path, &err), DRIFT_NOT_FOUND);
    ck_assert_ptr_null(bytes);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__file_write(path, "x", 1, &err), DRIFT_NOT_FOUND);
    assert_names(0);
    drift__free(path);
}
END_TEST

START_TEST(a_file_beyond_the_limit_is_refused_unread)
{
    drift_error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    char *path = drift__path_join(folder, "large");
    const int fd = open(path, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_eq(ftruncate(fd, (off_t)DRIFT__FILE_LIMIT + 1), 0);
    close(fd);
    ck_assert_drift_fails(drift__file_read(&bytes, &length, path, &err), DRIFT_TOO_LARGE);
    ck_assert_msg(strstr(err.text, "67108865 bytes") != NULL, "found \"%s\"", err.text);
    drift__free(path);
}
END_TEST

START_TEST(a_failed_write_leaves_the_old_file_and_nothing_else)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, "a");
    char *large = drift__calloc(1, 100000);
    ck_assert_drift(drift__file_write(path, "old", 3, &err));

    suite_file_limit(4096);
    const int rc = drift__file_write(path, large, 100000, &err);
    suite_file_limit_end();

    ck_assert_drift_fails(rc, DRIFT_IO);
    assert_holds(path, "old", 3);
    assert_names(1);
    drift__free(large);
    drift__free(path);
}
END_TEST

/* Runs a call as a user who may do nothing here, since root is refused nothing; gives its status. */
static int as_nobody(int (*call)(drift_error *err))
{
    int state = 0;
    const pid_t child = fork();
    ck_assert_int_ne(child, -1);
    if (child == 0) {
        drift_error err = {0};
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(100);
        _exit(-call(&err));
    }
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    ck_assert(WIFEXITED(state));
    return -WEXITSTATUS(state);
}

static char *forbidden;

static int write_forbidden(drift_error *err)
{
    return drift__file_write(forbidden, "x", 1, err);
}

static int read_forbidden(drift_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    return drift__file_read(&bytes, &length, forbidden, err);
}

static int make_forbidden(drift_error *err)
{
    return drift__folder_make(forbidden, err);
}

static int list_forbidden(drift_error *err)
{
    char **names = NULL;
    size_t count = 0;
    return drift__folder_list(&names, &count, folder, err);
}

START_TEST(what_is_denied_is_told_as_denied)
{
    drift_error err = {0};
    forbidden = drift__path_join(folder, "a");
    ck_assert_drift(drift__file_write(forbidden, "old", 3, &err));
    ck_assert_int_eq(chmod(forbidden, 0), 0);
    ck_assert_int_eq(chmod(folder, 0511), 0);
    ck_assert_int_eq(as_nobody(read_forbidden), DRIFT_PERMISSION);
    ck_assert_int_eq(as_nobody(write_forbidden), DRIFT_PERMISSION);
    ck_assert_int_eq(chmod(folder, 0700), 0);
    ck_assert_int_eq(unlink(forbidden), 0);
    ck_assert_int_eq(chmod(folder, 0111), 0);
    ck_assert_int_eq(as_nobody(make_forbidden), DRIFT_PERMISSION);
    ck_assert_int_eq(as_nobody(list_forbidden), DRIFT_PERMISSION);
    ck_assert_int_eq(chmod(folder, 0700), 0);
    drift__free(forbidden);
}
END_TEST

START_TEST(folders_are_made_with_their_parents)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, "a//b/c/");
    ck_assert_drift(drift__folder_make(path, &err));
    ck_assert(drift__is_folder(path));
    ck_assert_drift(drift__folder_make(path, &err));
    ck_assert_drift(drift__folder_make("/", &err));
    drift__free(path);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_told)
{
    drift_error err = {0};
    char *file = drift__path_join(folder, "file"), *below = drift__path_join(file, "below");
    ck_assert_drift(drift__file_write(file, "x", 1, &err));
    ck_assert_drift_fails(drift__folder_make(file, &err), DRIFT_IO);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__folder_make(below, &err), DRIFT_IO);
    err = (drift_error){0};
    ck_assert_drift_fails(drift__folder_make("", &err), DRIFT_NOT_FOUND);
    drift__free(file);
    drift__free(below);
}
END_TEST

START_TEST(a_folder_is_listed_by_bytes)
{
    static const char *const made[] = {"b", "B", "a10", "a9", ".hidden"};
    static const char *const sorted[] = {".hidden", "B", "a10", "a9", "b"};
    drift_error err = {0};
    char **names = NULL;
    size_t count = 0;
    for (int i = 0; i < 5; i++) {
        char *path = drift__path_join(folder, made[i]);
        ck_assert_drift(drift__file_write(path, "", 0, &err));
        drift__free(path);
    }
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    ck_assert_uint_eq(count, 5);
    for (size_t i = 0; i < count; i++) ck_assert_str_eq(names[i], sorted[i]);
    drift__names_free(names, count);
}
END_TEST

START_TEST(an_empty_folder_has_no_names)
{
    drift_error err = {0};
    char **names = NULL;
    size_t count = 1;
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    ck_assert_uint_eq(count, 0);
    drift__names_free(names, count);
}
END_TEST

START_TEST(a_folder_that_is_none_has_no_list)
{
    drift_error err = {0};
    char **names = NULL;
    size_t count = 1;
    char *path = drift__path_join(folder, "missing");
    ck_assert_drift_fails(drift__folder_list(&names, &count, path, &err), DRIFT_NOT_FOUND);
    ck_assert_ptr_null(names);
    ck_assert_uint_eq(count, 0);
    drift__free(path);
}
END_TEST

START_TEST(what_exists_is_told_apart)
{
    drift_error err = {0};
    char *file = drift__path_join(folder, "file"), *dangling = drift__path_join(folder, "dangling");
    ck_assert_drift(drift__file_write(file, "", 0, &err));
    ck_assert_int_eq(symlink("missing", dangling), 0);
    ck_assert(drift__file_exists(file));
    ck_assert(drift__file_exists(folder));
    ck_assert(!drift__file_exists(dangling));
    ck_assert(drift__is_folder(folder));
    ck_assert(!drift__is_folder(file));
    ck_assert(!drift__is_folder(dangling));
    drift__free(file);
    drift__free(dangling);
}
END_TEST

static char *swept;

static int use_files(void)
{
    drift_error err = {0};
    char *path = NULL, *bytes = NULL, **names = NULL;
    size_t length = 0, count = 0;
    int rc = DRIFT_NO_MEMORY;
    if (!(path = drift__path_join(swept, "file"))) goto done;
    if ((rc = drift__folder_make(swept, &err)) != DRIFT_OK) goto done;
    if ((rc = drift__file_write(path, "bytes", 5, &err)) != DRIFT_OK) goto done;
    if ((rc = drift__file_read(&bytes, &length, path, &err)) != DRIFT_OK) goto done;
    rc = drift__folder_list(&names, &count, folder, &err);
done:
    drift__names_free(names, count);
    drift__free(bytes);
    drift__free(path);
    return rc;
}

START_TEST(files_need_memory_and_tell_when_there_is_none)
{
    swept = drift__path_join(folder, "made");
    /* The copy of the folder's name for its sync is the one allocation that may fail unnoticed: the file is whole. */
    for (long nth = 1; nth < 20; nth++) {
        suite_memory_fail(nth, true);
        const int rc = use_files();
        const bool hit = suite_memory_restore();
        ck_assert_int_eq(rc, hit ? DRIFT_NO_MEMORY : DRIFT_OK);
    }
    drift__free(swept);
}
END_TEST

START_TEST(the_name_of_a_path_is_behind_its_last_slash)
{
    ck_assert_str_eq(drift__path_name("a/b/c.sql"), "c.sql");
    ck_assert_str_eq(drift__path_name("c.sql"), "c.sql");
    ck_assert_str_eq(drift__path_name("a/"), "");
}
END_TEST

START_TEST(a_suffix_is_matched_without_case)
{
    ck_assert(drift__path_has_suffix("schema.SQL", ".sql"));
    ck_assert(drift__path_has_suffix(".sql", ".sql"));
    ck_assert(!drift__path_has_suffix("sql", ".sql"));
    ck_assert(!drift__path_has_suffix("schema.sqlite", ".sql"));
}
END_TEST

START_TEST(paths_are_joined_with_one_slash)
{
    const struct {
        const char *folder, *name, *joined;
    } paths[] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"}, {"/", "b", "/b"}, {"a", "", "a/"}};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *joined = drift__path_join(paths[i].folder, paths[i].name);
        ck_assert_str_eq(joined, paths[i].joined);
        drift__free(joined);
    }
}
END_TEST

START_TEST(the_clock_does_not_go_back)
{
    int64_t last = drift__clock_us();
    for (int i = 0; i < 1000; i++) {
        const int64_t now = drift__clock_us();
        ck_assert_int_ge(now, last);
        last = now;
    }
}
END_TEST

TCase *base_file_case(void)
{
    TCase *tcase = suite_case("file");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, what_is_written_is_read);
    tcase_add_test(tcase, a_file_that_is_replaced_keeps_its_rights);
    tcase_add_test(tcase, a_new_file_has_the_rights_of_the_umask);
    tcase_add_test(tcase, a_link_is_replaced_and_its_target_stands);
    tcase_add_test(tcase, only_a_regular_file_is_read_or_replaced);
    tcase_add_test(tcase, a_missing_file_is_not_found);
    tcase_add_test(tcase, a_file_beyond_the_limit_is_refused_unread);
    tcase_add_test(tcase, a_failed_write_leaves_the_old_file_and_nothing_else);
    tcase_add_test(tcase, what_is_denied_is_told_as_denied);
    tcase_add_test(tcase, folders_are_made_with_their_parents);
    tcase_add_test(tcase, a_folder_that_cannot_be_made_is_told);
    tcase_add_test(tcase, a_folder_is_listed_by_bytes);
    tcase_add_test(tcase, an_empty_folder_has_no_names);
    tcase_add_test(tcase, a_folder_that_is_none_has_no_list);
    tcase_add_test(tcase, what_exists_is_told_apart);
    tcase_add_test(tcase, files_need_memory_and_tell_when_there_is_none);
    tcase_add_test(tcase, the_name_of_a_path_is_behind_its_last_slash);
    tcase_add_test(tcase, a_suffix_is_matched_without_case);
    tcase_add_test(tcase, paths_are_joined_with_one_slash);
    tcase_add_test(tcase, the_clock_does_not_go_back);
    return tcase;
}
