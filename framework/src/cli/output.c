/* output.c */
#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "cli/place.h"

int drift__print(const char *text, size_t length, drift_error *err)
{
    if (fwrite(text, 1, length, stdout) == length && fflush(stdout) == 0) return DRIFT_OK;
    const int reason = errno;
    clearerr(stdout);
    return drift__error_errno(err, reason, "write", "standard output");
}

/* A terminal, a pipe, /dev/null: there is nothing to replace. Nor is there behind /dev/stdout, which may be a link to a
 * file that others have open. */
static bool is_device(const char *path)
{
    struct stat st;
    if (strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/stderr") == 0 || strncmp(path, "/dev/fd/", 8) == 0)
        return true;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int write_device(const char *path, const char *text, size_t length, drift_error *err)
{
    FILE *device = fopen(path, "ab");
    int reason = device ? 0 : errno;
    if (device && fwrite(text, 1, length, device) != length) reason = errno;
    if (device && fclose(device) != 0 && !reason) reason = errno;
    return reason ? drift__error_errno(err, reason, "write", path) : DRIFT_OK;
}

int drift__emit_check(const char *path, drift_error *err)
{
    if (!path || strcmp(path, "-") == 0 || is_device(path)) return DRIFT_OK;
    return drift__place_check_file(path, err);
}

int drift__emit(const char *path, const char *text, size_t length, drift_error *err)
{
    if (!path || strcmp(path, "-") == 0) return drift__print(text, length, err);
    if (is_device(path)) return write_device(path, text, length, err);
    return drift__file_write(path, text, length, err);
}

void drift__note(const drift__invocation *invocation, const char *format, ...)
{
    drift_error line = {0}; /* gives one line */
    char text[sizeof line.text];
    va_list args;
    if (invocation->quiet) return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    drift__error(&line, DRIFT_MISMATCH, "%s", text);
    fprintf(stderr, "drift: note: %s\n", line.text);
}

void drift__print_error(const drift_error *err)
{
    fputs("drift: ", stderr);
    if (err->source[0]) fprintf(stderr, "%s:", err->source);
    if (err->line) fprintf(stderr, "%d:%d:", err->line, err->column);
    fprintf(stderr, "%s%s\n", err->source[0] || err->line ? " " : "", err->text);
    if (err->hint[0]) fprintf(stderr, "  %s\n", err->hint);
}

bool drift__wants_colour(const drift__invocation *invocation)
{
    enum { AUTO, ALWAYS, NEVER };
    const char *no_colour = getenv("NO_COLOR");
    switch (drift__option_choice(invocation, "--color", AUTO)) {
    case ALWAYS: return true;
    case NEVER: return false;
    default: return !(no_colour && *no_colour) && isatty(STDOUT_FILENO) == 1;
    }
}

bool drift__wants_progress(const drift__invocation *invocation)
{
    return !invocation->quiet && !invocation->verbose && isatty(STDERR_FILENO) == 1;
}
