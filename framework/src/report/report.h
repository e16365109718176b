/* report.h — the forms of report, one a file. */
#ifndef DRIFT_REPORT_REPORT_H
#define DRIFT_REPORT_REPORT_H

#include "base/str.h"
#include "drift/kit/report.h"

extern const drift_reporter drift__reporter_text;
extern const drift_reporter drift__reporter_json;

/** Writes a JSON string. Bytes that are no UTF-8 become U+FFFD. NULL is null. */
void drift__json_string(drift__str *out, const char *text);

#endif
