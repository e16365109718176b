/* report.h — the forms of report, one a file. */
#ifndef DRIFT_REPORT_REPORT_H
#define DRIFT_REPORT_REPORT_H

#include "base/str.h"
#include "drift/kit/report.h"

extern const drift_reporter drift__reporter_text;
extern const drift_reporter drift__reporter_json;
extern const drift_reporter drift__reporter_junit;
extern const drift_reporter drift__reporter_html;
extern const drift_reporter drift__reporter_tap;

/** The ending of a noun behind a number. Static. */
static inline const char *drift__plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/** The versions of drift and of SQLite that verified. Borrowed. */
const char *drift__tool_version(const drift_outcome *outcome);
const char *drift__sqlite_version(const drift_outcome *outcome);

/** Writes the ledger of every run as a table for people. */
void drift__text_ledger(drift__str *out, const drift_outcome *outcome);

/** Writes a JSON string, control characters escaped. Bytes that are no UTF-8 become U+FFFD. NULL is null. */
void drift__json_string(drift__str *out, const char *text);

#endif
