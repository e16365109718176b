/* markup.h — text inside XML and HTML, and a finding in one line. */
#ifndef DRIFT_REPORT_MARKUP_H
#define DRIFT_REPORT_MARKUP_H

#include "base/str.h"
#include "drift/kit/outcome.h"

/** Writes a text as the content of an element or of a quoted attribute, one line: control characters visibly, as in
 * reports for people, and what is no UTF-8, or no character of XML 1.0 (section 2.2), as U+FFFD. */
void drift__markup_text(drift__str *out, const char *text);

/** Writes what stands behind a finding's code in a line: " OBJECT [step A->B]: MESSAGE", control characters visibly. */
void drift__put_finding_rest(drift__str *out, const drift_finding *finding);

#endif
