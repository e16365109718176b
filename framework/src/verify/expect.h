/* expect.h — expectations at work: what they say of a step, and whether they ever took effect.
 *
 * A verification makes one of these from its options, hands it to every judgement, and asks at the end for what is
 * stale:
 *     drift__expect_begin(&expect, options->expect, schemas, err);       NULL expectations give one without entries
 *     drift__expect_domains(&domains, &count, expect, schema, err);      before a version's database is seeded
 *     drift__expect_touches(expect, from, to, table)                     where rows changed that no statement names
 *     drift__expect_finish(expect, outcome, options, err);               after the last run: what they showed
 */
#ifndef DRIFT_VERIFY_EXPECT_H
#define DRIFT_VERIFY_EXPECT_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/error.h"
#include "drift/kit/expect.h"
#include "drift/kit/seed.h"
#include "drift/kit/verify.h"
#include "outcome/outcome.h"

typedef struct drift__expect drift__expect;

/** `expectations` may be NULL; they and the provider are borrowed. The caller frees. */
int drift__expect_begin(drift__expect **out, const drift_expectations *expectations,
                        const drift_schema_provider *schemas, drift_error *err);
void drift__expect_free(drift__expect *expect); /* accepts NULL */

/**
 * What restricts the seeding of a version: its domains and those of later steps, under the names that the columns have
 * in this version. Free `*out` with drift__free; the texts are borrowed.
 */
int drift__expect_domains(drift_seed_domain **out, size_t *count, drift__expect *expect, const drift_schema *schema,
                          drift_error *err);

/** Whether a step may change this table's rows without naming it. Counts as an effect. */
bool drift__expect_touches(drift__expect *expect, int from, int to, const char *table);

/**
 * Hands the outcome what the runs showed of every entry, by which it tells expect.stale when it is finished: in the
 * first run that is the entry's step alone, else in the first whose versions lie around it, else in the last. That an
 * entry never took effect counts only where levels of data were verified that could have shown it, `boundary` and
 * `hostile` or `many`: one row a table proves nothing.
 */
int drift__expect_finish(const drift__expect *expect, drift__outcome_builder *outcome,
                         const drift_verify_options *options, drift_error *err);

/* ---- for the comparison of rows ---- */

/** The entry of a step for this table and column (NULL: the table's own), or NULL. `expect` may be NULL. */
const drift_expectation *drift__expect_find(const drift__expect *expect, int from, int to, drift_expectation_kind kind,
                                            const char *table, const char *column);

/** The entry of a step and kind that follows `previous` (NULL: the first), or NULL. `expect` may be NULL. */
const drift_expectation *drift__expect_next(const drift__expect *expect, int from, int to, drift_expectation_kind kind,
                                            const drift_expectation *previous);

/** Whether there is any entry of this step; whether there is one of a step that lies within these versions. */
bool drift__expect_has_step(const drift__expect *expect, int from, int to);

/** The end of the nearest step with entries that begins at or after `from` and ends by `to`: the least version above
 * `from` at which such a step begins or ends; `to` if there is none. */
int drift__expect_next_cut(const drift__expect *expect, int from, int to);

/** Tells which pair the runs that follow are of. */
void drift__expect_begin_case(drift__expect *expect, int from, int to);

/** Notes that an entry's step ran with rows in its table, and whether it took effect there. `entry` may be NULL. */
void drift__expect_note(drift__expect *expect, const drift_expectation *entry, bool took_effect);

/** Notes that a migration over these versions could not be judged: that an entry of a step between never took effect
 * proves nothing any more. */
void drift__expect_note_failure(drift__expect *expect, int from, int to);

/** Notes that an entry's expression or condition cannot be evaluated. `why` is copied. */
void drift__expect_note_error(drift__expect *expect, const drift_expectation *entry, const char *why);

/** The name that a table, or a table's column, has after the step. Borrowed. */
const char *drift__expect_new_table(drift__expect *expect, int from, int to, const char *table);
const char *drift__expect_new_column(drift__expect *expect, int from, int to, const char *table, const char *column);

#endif
