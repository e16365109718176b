/* error.h — setting a drift_error. The first error stands: a second one is not written over it. */
#ifndef DRIFT_BASE_ERROR_H
#define DRIFT_BASE_ERROR_H

#include "drift/error.h"

/** Sets code and text unless an error is set already or `err` is NULL. @return `code`, for `return drift__error(…)`. */
int drift__error(drift_error *err, int code, const char *format, ...) DRIFT_PRINTF(3, 4);

/** As drift__error, for a place: `source` may be NULL, `line` 0. */
int drift__error_at(drift_error *err, int code, const char *source, int line, int column, size_t offset,
                    const char *format, ...) DRIFT_PRINTF(7, 8);

/** As drift__error, for byte `offset` of `text`: line and column are counted from there. */
int drift__error_in(drift_error *err, int code, const char *source, const char *text, size_t offset, const char *format,
                    ...) DRIFT_PRINTF(6, 7);

/** Names the source of an error that has none yet, as callers that know the file do. No effect if there is no error. */
void drift__error_source(drift_error *err, const char *source);

/** Adds what to do about an error, unless it has a hint already or there is no error. */
void drift__error_hint(drift_error *err, const char *format, ...) DRIFT_PRINTF(2, 3);

/** DRIFT_NO_MEMORY with its text. */
int drift__no_memory(drift_error *err);

/**
 * The error of a failed system call on `path`: NOT_FOUND, PERMISSION, FULL, NO_MEMORY or IO by `errno_value`, with a
 * text "cannot <doing> <path>: <reason>".
 */
int drift__error_errno(drift_error *err, int errno_value, const char *doing, const char *path);

#if defined(__clang_analyzer__) && !defined(DRIFT__DEFINES_ERRORS)
/* The analyzer sees one file at a time and takes it that these might give DRIFT_OK. They give the code. */
static inline int drift__error_is(int told, int code)
{
    (void)told;
    return code;
}
#define drift__error(err, code, ...)    drift__error_is((drift__error)(err, code, __VA_ARGS__), code)
#define drift__error_at(err, code, ...) drift__error_is((drift__error_at)(err, code, __VA_ARGS__), code)
#define drift__error_in(err, code, ...) drift__error_is((drift__error_in)(err, code, __VA_ARGS__), code)
#define drift__no_memory(err)           drift__error_is((drift__no_memory)(err), DRIFT_NO_MEMORY)
#define drift__error_errno(err, ...)    drift__error_is((drift__error_errno)(err, __VA_ARGS__), DRIFT_IO)
#endif

/** Line and column (1-based, characters) of a byte offset in a text. */
void drift__position(int *line, int *column, const char *text, size_t offset);

#endif
