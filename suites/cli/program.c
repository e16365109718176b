/* program.c */
#include "cli/program.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "drift/error.h"
#include "support/suite.h"

char *folder;

void program_folder_make(void)
{
    folder = suite_folder();
}

void program_folder_remove(void)
{
    suite_folder_remove(folder);
}

const char *in_folder(const char *name)
{
    static char paths[64][1024];
    static int next;
    char *path = paths[next++ % 64];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *file(const char *name, const char *text)
{
    drift_error err = {0};
    const char *path = in_folder(name);
    ck_assert_drift(drift__file_write(path, text, strlen(text), &err));
    return path;
}

char *text_of(const char *path)
{
    drift_error err = {0};
    char *text = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_read(&text, &length, path, &err));
    return text;
}

/* ---- running ---- */

static void redirect(int to, const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || dup2(fd, to) < 0) _exit(126);
    close(fd);
}

/* In the child: this process writes a file at every assertion. SIGXFSZ stays as a person's shell leaves it. */
static void limit_files(size_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(126);
    limit.rlim_cur = (rlim_t)bytes;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(126);
}

static void become(const char *out_path, const char *err_path, size_t most, const char *const *words)
{
    enum { MOST = 32 };
    char *argv[MOST] = {(char[]){DRIFT_PROGRAM}};
    for (int i = 0; words[i] && i + 2 < MOST; i++) argv[i + 1] = (char *)words[i];
    redirect(STDOUT_FILENO, out_path);
    redirect(STDERR_FILENO, err_path);
    if (most) limit_files(most);
    execv(DRIFT_PROGRAM, argv);
    _exit(127);
}

static program run(const char *out_path, size_t most, const char *const *words)
{
    program p = {0};
    int status = 0;
    const char *out = out_path ? out_path : in_folder("standard-output");
    const char *err = in_folder("standard-error");
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) become(out, err, most, words);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "the program was ended by a signal");
    p.status = WEXITSTATUS(status);
    p.out = out_path ? NULL : text_of(out);
    p.err = text_of(err);
    return p;
}

program program_run_to(const char *out_path, const char *const *words)
{
    return run(out_path, 0, words);
}

program program_run_limited(size_t bytes, const char *const *words)
{
    return run(NULL, bytes, words);
}

void program_done(program *p)
{
    drift_free(p->out);
    drift_free(p->err);
    *p = (program){0};
}

program program_assert(program p, int status, const char *source, int line)
{
    if (p.status != status)
        ck_abort_msg("%s:%d: exit status %d, not %d:\n%s%s", source, line, p.status, status, p.out ? p.out : "", p.err);
    return p;
}

void program_refuses(program p, int status, const char *text, const char *source, int line)
{
    char expected[2048];
    program_assert(p, status, source, line);
    snprintf(expected, sizeof expected, "drift: %s\n", text);
    if (strncmp(p.err, expected, strlen(expected)) != 0)
        ck_abort_msg("%s:%d: expected \"%s\", found \"%s\"", source, line, expected, p.err);
    /* One line, and at most one that says what to do. */
    const char *rest = p.err + strlen(expected);
    if (*rest && (strncmp(rest, "  ", 2) != 0 || strchr(rest, '\n') != rest + strlen(rest) - 1))
        ck_abort_msg("%s:%d: expected at most one hint, found \"%s\"", source, line, rest);
    ck_assert_str_eq(p.out, "");
    program_done(&p);
}

/* ---- the todos app ---- */

static char *replaced(const char *text, const char *from, const char *to)
{
    drift_error err = {0};
    drift__str out = DRIFT__STR_INIT;
    char *result = NULL;
    size_t before = 0, length = strlen(text);
    while (before < length && strncmp(text + before, from, strlen(from)) != 0) before++;
    ck_assert_msg(before < length, "\"%s\" is not in the step", from);
    drift__str_putn(&out, text, before);
    drift__str_puts(&out, to);
    drift__str_puts(&out, text + before + strlen(from));
    ck_assert_drift(drift__str_take(&result, &out, &err));
    return result;
}

const char *todos_with(const char *name, const char *from, const char *to)
{
    static const char *const steps[] = {"v1_to_v2.sql", "v2_to_v3.sql", "v3_to_v4.sql", "expect.json"};
    drift_error err = {0};
    ck_assert_drift(drift__folder_make(in_folder("steps"), &err));
    for (int i = 0; i < 4; i++) {
        char source[128], target[128];
        snprintf(source, sizeof source, "fixtures/todos/migrations/%s", steps[i]);
        snprintf(target, sizeof target, "steps/%s", steps[i]);
        char *text = text_of(suite_source(source));
        char *changed = name && strcmp(name, steps[i]) == 0 ? replaced(text, from, to) : NULL;
        file(target, changed ? changed : text);
        drift_free(changed);
        drift_free(text);
    }
    return in_folder("steps");
}

size_t entries_in(const char *path)
{
    size_t count = 0;
    DIR *d = opendir(path);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *e = readdir(d); e; e = readdir(d)) count += e->d_name[0] != '.';
    closedir(d);
    return count;
}

void wait_until_holds(const char *path, size_t count)
{
    while (entries_in(path) != count) nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}
