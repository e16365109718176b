/* report.h (kit) — an outcome for people (text, HTML) and for programs (JSON, JUnit, TAP), and back from JSON. */
#ifndef DRIFT_KIT_REPORT_H
#define DRIFT_KIT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/error.h"
#include "drift/export.h"
#include "drift/kit/outcome.h"

DRIFT_BEGIN_DECLS

typedef struct drift_report_options {
    bool colour; /**< text: with the terminal's escape sequences */
    bool ledger; /**< text, HTML: with what became of every table and column; JSON always tells it */
} drift_report_options;

/** A form of report. */
typedef struct drift_reporter {
    const char *name;    /**< "text", "json", "junit", "html", "tap": what --format takes */
    const char *summary; /**< one line about it */
    /** Writes an outcome. `options` may be NULL. Free `*out` with drift_free. */
    int (*print)(char **out, const drift_outcome *outcome, const drift_report_options *options, drift_error *err);
} drift_reporter;

/** Every form, ended by NULL. Static. */
DRIFT_API const drift_reporter *const *drift_reporters(void);

/** The form of this name, or NULL. Static. */
DRIFT_API const drift_reporter *drift_reporter_named(const char *name);

/**
 * Reads what the form "json" wrote. The result is the outcome that was written: printed again it gives the same bytes.
 * Nothing is guessed: a key that is missing, unknown or there twice, a value of another type or out of its range, and
 * sums and statuses that do not follow from the runs are errors that name their place ("$.runs[3].findings[0].code").
 * @param out the caller frees it with drift_outcome_free.
 * @param name what errors call the text: a file.
 * @return DRIFT_OK; FORMAT, also for a format that is newer; TOO_LARGE for more than ten million values; NO_MEMORY.
 */
DRIFT_API int drift_report_read(drift_outcome **out, const char *json, size_t length, const char *name,
                                drift_error *err);

/** The version of drift ("0.1.0"). Static. */
DRIFT_API const char *drift_version(void);

DRIFT_END_DECLS

#endif
