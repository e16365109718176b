/* check_progress.c — what a person at a terminal sees while a verification runs. */
#define _XOPEN_SOURCE 700 /* posix_openpt */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "cli/program.h"
#include "drift/error.h"
#include "support/suite.h"

/* ---- a terminal ---- */

static int open_terminal(char *name, size_t size)
{
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert_int_ge(terminal, 0);
    ck_assert_int_eq(grantpt(terminal), 0);
    ck_assert_int_eq(unlockpt(terminal), 0);
    snprintf(name, size, "%s", ptsname(terminal));
    return terminal;
}

/* Until nobody writes any more, which Linux tells by EIO. */
static char *shown_on(int terminal)
{
    drift__str shown = DRIFT__STR_INIT;
    drift_error err = {0};
    char bytes[512], *text = NULL;
    ssize_t got;
    while ((got = read(terminal, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR)) {
        if (got > 0) drift__str_putn(&shown, bytes, (size_t)got);
    }
    ck_assert_drift(drift__str_take(&text, &shown, &err));
    return text;
}

/* Verifies one pair by a command, with standard error on a terminal; gives what that showed. */
static char *shown_of(const char *command, const char *option, const char *value)
{
    char name[256], schemas[1024];
    const int terminal = open_terminal(name, sizeof name);
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        const int err = open(name, O_WRONLY | O_NOCTTY), out = open("/dev/null", O_WRONLY);
        if (err < 0 || out < 0 || dup2(err, STDERR_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0) _exit(126);
        close(err);
        execl(DRIFT_PROGRAM, DRIFT_PROGRAM, "verify", "--schemas", schemas, "--exec", command, "--from", "1", "--to",
              "2", "--data", "one", option, value, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    char *shown = shown_on(terminal);
    close(terminal);
    return shown;
}

/* ---- */

#define LINE "\r\x1b[K"

START_TEST(a_run_is_shown_while_it_is_on)
{
    char *shown = shown_of("exit 1", "--color", "never");
    ck_assert_str_eq(shown, LINE "1/1  1->2 one" LINE);
    drift_free(shown);
}
END_TEST

/* Loop: numbers of processes. */
static const char *const jobs[] = {"1", "2"};

START_TEST(a_run_that_takes_long_shows_its_seconds)
{
    char *shown = shown_of("sleep 1.5; exit 1", "--jobs", jobs[_i]);
    ck_assert_holds(shown, LINE "1/1  1->2 one" LINE "1/1  1->2 one, 1 s");
    drift_free(shown);
}
END_TEST

START_TEST(quiet_shows_nothing)
{
    char *shown = shown_of("exit 1", "--quiet", "--no-paths");
    ck_assert_str_eq(shown, "");
    drift_free(shown);
}
END_TEST

TCase *case_progress(void)
{
    TCase *tcase = suite_case("progress");
    tcase_add_test(tcase, a_run_is_shown_while_it_is_on);
    tcase_add_loop_test(tcase, a_run_that_takes_long_shows_its_seconds, 0, (int)(sizeof jobs / sizeof *jobs));
    tcase_add_test(tcase, quiet_shows_nothing);
    return tcase;
}
