/* output.h — where results go. */
#ifndef DRIFT_CLI_OUTPUT_H
#define DRIFT_CLI_OUTPUT_H

#include <stddef.h>

#include "cli/command.h"

/** Writes to standard output. IO if that fails (a full disk, a closed pipe). */
int drift__print(const char *text, size_t length, drift_error *err);

/** Writes to a file, whole or not at all; to standard output for NULL and "-"; to a device or a pipe as it is. */
int drift__emit(const char *path, const char *text, size_t length, drift_error *err);

/** Whether drift__emit could write there: MISUSE, PERMISSION. */
int drift__emit_check(const char *path, drift_error *err);

/** A remark on standard error, unless --quiet. */
void drift__note(const drift__invocation *invocation, const char *format, ...) DRIFT_PRINTF(2, 3);

/** An error on standard error: "drift: SOURCE:LINE:COLUMN: text", and the hint on a line of its own. */
void drift__print_error(const drift_error *err);

/** Whether text reports on standard output get colour: --color, else NO_COLOR, else whether it is a terminal. */
bool drift__wants_colour(const drift__invocation *invocation);

/** Whether progress may be shown on standard error. */
bool drift__wants_progress(const drift__invocation *invocation);

#endif
