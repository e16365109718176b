/* error.c — statuses and errors. */
#define DRIFT__DEFINES_ERRORS
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

const char *drift_status_name(int status)
{
    switch (status) {
#define STATUS_NAME(name, value, exit_status, text) \
    case value: return #name;
        DRIFT_STATUS_MAP(STATUS_NAME)
#undef STATUS_NAME
    default: return NULL;
    }
}

const char *drift_status_text(int status)
{
    switch (status) {
#define STATUS_TEXT(name, value, exit_status, text) \
    case value: return text;
        DRIFT_STATUS_MAP(STATUS_TEXT)
#undef STATUS_TEXT
    default: return NULL;
    }
}

int drift_status_exit(int status)
{
    switch (status) {
#define STATUS_EXIT(name, value, exit_status, text) \
    case value: return exit_status;
        DRIFT_STATUS_MAP(STATUS_EXIT)
#undef STATUS_EXIT
    default: return 4;
    }
}

/* Errors are one line of UTF-8, whatever a name or a text from outside carries: control characters become spaces, bytes
 * that begin no character become '?'. */
static void one_line(char *text)
{
    const char *end = text + strlen(text);
    unsigned code;
    while (text < end) {
        const size_t size = drift__utf8_next(text, end);
        if (drift__utf8_is_control(&code, text, size)) memset(text, ' ', size);
        if (size == 1 && ((unsigned char)*text & 0x80u)) *text = '?';
        text += size;
    }
}

static void cut(char *text, size_t size, int length)
{
    if (length < 0) text[0] = '\0';
    if (length >= 0 && (size_t)length >= size) drift__utf8_ellipsis(text, size);
    one_line(text);
}

static void copy_cut(char *to, size_t size, const char *from)
{
    cut(to, size, snprintf(to, size, "%s", from));
}

static void set(drift_error *err, int code, const char *format, va_list args)
{
    err->code = code;
    cut(err->text, sizeof err->text, vsnprintf(err->text, sizeof err->text, format, args));
}

int drift__error(drift_error *err, int code, const char *format, ...)
{
    if (!err || err->code) return code;
    va_list args;
    va_start(args, format);
    set(err, code, format, args);
    va_end(args);
    return code;
}

int drift__error_at(drift_error *err, int code, const char *source, int line, int column, size_t offset,
                    const char *format, ...)
{
    if (!err || err->code) return code;
    va_list args;
    va_start(args, format);
    set(err, code, format, args);
    va_end(args);
    if (source) copy_cut(err->source, sizeof err->source, source);
    err->line = line;
    err->column = column;
    err->offset = offset;
    return code;
}

int drift__error_in(drift_error *err, int code, const char *source, const char *text, size_t offset, const char *format,
                    ...)
{
    if (!err || err->code) return code;
    va_list args;
    va_start(args, format);
    set(err, code, format, args);
    va_end(args);
    if (source) copy_cut(err->source, sizeof err->source, source);
    drift__position(&err->line, &err->column, text, offset);
    err->offset = offset;
    return code;
}

void drift__error_source(drift_error *err, const char *source)
{
    if (err && err->code && !err->source[0]) copy_cut(err->source, sizeof err->source, source);
}

void drift__error_hint(drift_error *err, const char *format, ...)
{
    if (!err || !err->code || err->hint[0]) return;
    va_list args;
    va_start(args, format);
    cut(err->hint, sizeof err->hint, vsnprintf(err->hint, sizeof err->hint, format, args));
    va_end(args);
}

int drift__no_memory(drift_error *err)
{
    return drift__error(err, DRIFT_NO_MEMORY, "%s", drift_status_text(DRIFT_NO_MEMORY));
}

static int status_of_errno(int value)
{
    switch (value) {
    case ENOENT:
    case ENOTDIR: return DRIFT_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS: return DRIFT_PERMISSION;
    case ENOSPC:
    case EDQUOT: return DRIFT_FULL;
    case ENOMEM: return DRIFT_NO_MEMORY;
    default: return DRIFT_IO;
    }
}

int drift__error_errno(drift_error *err, int errno_value, const char *doing, const char *path)
{
    char reason[128];
    /* The XSI form, which CMake's feature macros select: thread-safe, and always writes into the buffer. */
    if (strerror_r(errno_value, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, "error %d", errno_value);
    return drift__error(err, status_of_errno(errno_value), "cannot %s %s: %s", doing, path, reason);
}

void drift__position(int *line, int *column, const char *text, size_t offset)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < offset && text[i]; i++) {
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)text[i] & 0xc0u) != 0x80u) {
            ++*column;
        }
    }
}
