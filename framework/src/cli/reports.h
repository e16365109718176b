/* reports.h — an outcome as the reports that were asked for: --format and -o, several times if need be. */
#ifndef DRIFT_CLI_REPORTS_H
#define DRIFT_CLI_REPORTS_H

#include "cli/command.h"
#include "drift/kit/outcome.h"

enum { DRIFT__MOST_OUTPUTS = 16 };

/* A report: its form, and the file it goes to (NULL: standard output). */
typedef struct drift__output {
    const char *format; /* NULL while only -o was given */
    const char *path;
} drift__output;

typedef struct drift__outputs {
    drift__output list[DRIFT__MOST_OUTPUTS];
    size_t count;
    const char *fallback; /* the form where none was given */
} drift__outputs;

/* What --format takes; ended by NULL. */
extern const char *const drift__report_formats[];

/* The rows of a command's options. */
#define DRIFT__OUTPUT_OPTIONS                                             \
    {.name = "--format",                                                  \
     .value = "FORMAT",                                                   \
     .choices = drift__report_formats,                                    \
     .many = true,                                                        \
     .help = "the form of the report"},                                   \
    {                                                                     \
        .name = "--output", .letter = 'o', .value = "FILE", .many = true, \
        .help = "where the report of the --format before it goes"         \
    }

/** Sets list and count from --format and --output. MISUSE if two reports would go to one place, or one cannot be
 * written to its own; PERMISSION. */
int drift__outputs_collect(drift__outputs *all, const drift__invocation *invocation, drift_error *err);

/** Writes every report, also where one cannot be written. */
int drift__outputs_write(const drift__outputs *all, const drift__invocation *invocation, const drift_outcome *outcome,
                         drift_error *err);

#endif
