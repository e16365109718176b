/* suite.c */
#include "support/suite.h"

#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"

static void check_nothing_leaked(void)
{
    ck_assert_msg(sqlite3_memory_used() == 0, "%lld bytes were not freed", (long long)sqlite3_memory_used());
}

TCase *suite_case(const char *name)
{
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, NULL, check_nothing_leaked);
    /* For what hangs, not for what is slow: under a sanitizer on a busy machine a sweep takes minutes. */
    tcase_set_timeout(tcase, 300);
    return tcase;
}

int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void suite_assert_ok(int status, const drift_error *err, const char *what, const char *file, int line)
{
    if (status == DRIFT_OK) return;
    const char *name = drift_status_name(status);
    ck_abort_msg("%s:%d: %s gave %s: %s%s%d:%d: %s%s%s", file, line, what, name ? name : "no status", err->source,
                 err->source[0] ? ":" : "", err->line, err->column, err->text, err->hint[0] ? " — " : "", err->hint);
}

void suite_assert_fails(int status, int expected, const drift_error *err, const char *what, const char *file, int line)
{
    const char *want = drift_status_name(expected);
    const char *got = drift_status_name(status);
    if (status != expected)
        ck_abort_msg("%s:%d: %s gave %s (%s), not %s", file, line, what, got ? got : "no status", err->text, want);
    if (err->code != expected || !err->text[0])
        ck_abort_msg("%s:%d: %s gave %s, but its error tells %d: %s", file, line, what, want, err->code, err->text);
}

const char *suite_corpus(void)
{
    const char *named = getenv("DRIFT_CORPUS");
    if (named) return drift__is_folder(named) ? named : NULL;
    const char *beside = DRIFT_SOURCE_DIR "/../shared/corpus";
    return drift__is_folder(beside) ? beside : NULL;
}

int suite_skip(const char *why)
{
    printf("SKIP: %s\n", why);
    return 77; /* CTest's SKIP_RETURN_CODE, set in drift_add_suite */
}

const char *suite_source(const char *relative)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", DRIFT_SOURCE_DIR, relative);
    return path;
}

/* The line where two texts part, for a failure that can be read. */
static void fail_at_difference(const char *name, const char *want, const char *got)
{
    int line = 1;
    const char *want_line = want, *got_line = got;
    while (*want && *want == *got) {
        if (*want == '\n') {
            line++;
            want_line = want + 1;
            got_line = got + 1;
        }
        want++;
        got++;
    }
    ck_abort_msg("suites/golden/%s:%d: expected \"%.*s\", found \"%.*s\"", name, line, (int)strcspn(want_line, "\n"),
                 want_line, (int)strcspn(got_line, "\n"), got_line);
}

void suite_golden(const char *name, const char *text)
{
    char path[4096];
    drift_error err = {0};
    char *want = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/suites/golden/%s", DRIFT_SOURCE_DIR, name);
    if (getenv("DRIFT_UPDATE_GOLDEN")) {
        ck_assert_drift(drift__file_write(path, text, strlen(text), &err));
        return;
    }
    ck_assert_drift(drift__file_read(&want, &length, path, &err));
    if (strcmp(want, text) != 0) fail_at_difference(name, want, text);
    drift__free(want);
}

char *suite_folder(void)
{
    const char *base = getenv("TMPDIR");
    char *path = drift__path_join(base && *base ? base : "/tmp", "drift-suite-XXXXXX");
    ck_assert_ptr_nonnull(path);
    ck_assert_ptr_nonnull(mkdtemp(path));
    return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

void suite_folder_remove(char *path)
{
    ck_assert_int_eq(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    drift__free(path);
}

static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0) {
        limit.rlim_cur = bytes;
        if (setrlimit(RLIMIT_FSIZE, &limit) == 0) return;
    }
    ck_abort_msg("the limit of a file's size cannot be set");
}

void suite_file_limit(size_t bytes)
{
    signal(SIGXFSZ, SIG_IGN); /* so that write() fails with EFBIG */
    set_file_limit((rlim_t)bytes);
}

void suite_file_limit_end(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0) set_file_limit(limit.rlim_max);
    signal(SIGXFSZ, SIG_DFL);
}
