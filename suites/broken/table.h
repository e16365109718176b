/* table.h — the cases as tables: in fixtures/broken/README.md, and as the suite prints them. */
#ifndef DRIFT_SUITES_BROKEN_TABLE_H
#define DRIFT_SUITES_BROKEN_TABLE_H

#include "base/str.h"
#include "broken/case.h"

/* The two tables of README.md, in Markdown. */
void broken_put_readme(drift__str *out, const broken_cases *defects, const broken_cases *harmless);

/* A line for a case that was verified: what it is, how it was run, what was told of what it lists. */
void broken_put_line(drift__str *out, const broken_case *c, const drift_outcome *outcome);

#endif
