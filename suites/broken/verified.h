/* verified.h — a case, verified. */
#ifndef DRIFT_SUITES_BROKEN_VERIFIED_H
#define DRIFT_SUITES_BROKEN_VERIFIED_H

#include "base/str.h"
#include "broken/case.h"

/* Verifies a case as a user would: every pair, the default levels, this seed. The caller frees the outcome. */
drift_outcome *broken_verify(const broken_case *c, int64_t seed);

/* The same, and what fails is kept in a folder. */
drift_outcome *broken_keep(const broken_case *c, int64_t seed, const char *folder);

/* Verifies it as part of a longer history, at level `one`: two versions before its first and three behind its last,
 * each with one table more. `independent` is the verification's option. */
drift_outcome *broken_verify_within(const broken_case *c, bool independent);

/* Whether a finding was told, in any run. */
bool broken_is_told(const drift_outcome *outcome, const broken_finding *finding);

/* Adds a line for everything that is told though the case does not list it, and for every finding of the case that is
 * not told: of its consequences too if these are asked for, since some depend on the rows. */
void broken_compare(drift__str *out, const broken_case *c, const drift_outcome *outcome, bool consequences);

#endif
