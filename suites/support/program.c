/* program.c — fork, exec, and two temporary files for what is written: no pipe can fill up. */
#include "support/program.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"

enum { MOST_ARGUMENTS = 64 };

/* In the child: nothing but exec, or an exit that says so. */
static void become(const char *program, char *const *arguments, int out, int err)
{
    const int in = open("/dev/null", O_RDONLY);
    if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
    execv(program, arguments);
    _exit(127);
}

static int wait_for(pid_t child)
{
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char *read_back(FILE *file)
{
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    const long length = ftell(file);
    char *text = drift__malloc((size_t)length + 1);
    ck_assert_ptr_nonnull(text);
    rewind(file);
    ck_assert_uint_eq(fread(text, 1, (size_t)length, file), (size_t)length);
    text[length] = '\0';
    fclose(file);
    return text;
}

program_result program_run(const char *program, const char *const *arguments)
{
    char *copies[MOST_ARGUMENTS] = {0};
    size_t count = 0;
    FILE *out = tmpfile(), *err = tmpfile();
    ck_assert(out && err);
    copies[count++] = drift__strdup(program);
    for (; *arguments; arguments++) {
        ck_assert_uint_lt(count, MOST_ARGUMENTS - 1);
        copies[count++] = drift__strdup(*arguments);
    }
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) become(program, copies, fileno(out), fileno(err));
    program_result result = {.status = wait_for(child)};
    result.out = read_back(out);
    result.err = read_back(err);
    while (count) drift__free(copies[--count]);
    return result;
}

void program_result_dispose(program_result *result)
{
    drift__free(result->out);
    drift__free(result->err);
    *result = (program_result){0};
}
