/* outcome.h — building a drift_outcome. Calls after a failed allocation do nothing; finish tells it. */
#ifndef DRIFT_OUTCOME_OUTCOME_H
#define DRIFT_OUTCOME_OUTCOME_H

#include "base/str.h"
#include "drift/connection.h"
#include "drift/kit/outcome.h"

typedef struct drift__outcome_builder drift__outcome_builder;

/** Starts an outcome; the texts are copied and may be NULL. */
int drift__outcome_begin(drift__outcome_builder **out, const char *schemas, const char *migrations, const char *runner,
                         int64_t seed, drift_error *err);

/** Of what read it: the versions of drift and of SQLite that verified. */
void drift__outcome_set_tool(drift__outcome_builder *builder, const char *tool, const char *sqlite);

/** The file that expectations came from; may be NULL. */
void drift__outcome_set_expectations(drift__outcome_builder *builder, const char *source);

/** Makes it a part, not the whole; texts are copied, expectations are not taken from here. */
void drift__outcome_set_part(drift__outcome_builder *builder, const drift_part *part);

/** What the runs showed of the expectations; copied. */
void drift__outcome_set_evidence(drift__outcome_builder *builder, const drift_evidence *list, size_t count);

/** Begins a run, passed until a finding says otherwise. One that has begun and not ended is dropped. */
void drift__outcome_begin_run(drift__outcome_builder *builder, int from, int to, const char *data);

/** Sets what is known of the current run. */
void drift__outcome_set_rows(drift__outcome_builder *builder, int64_t rows);
void drift__outcome_set_started_at(drift__outcome_builder *builder, int version);
void drift__outcome_set_stepped(drift__outcome_builder *builder);

void drift__outcome_set_steps(drift__outcome_builder *builder, const drift_run_step *steps, size_t count);

/** Adds a finding to the current run; its texts are copied, `message` NULL gives what the code means. */
void drift__outcome_find(drift__outcome_builder *builder, const drift_finding *finding);

/** The number of findings of the current run. */
size_t drift__outcome_found(const drift__outcome_builder *builder);

/** What is known of the current run so far: its findings and its ledger. Borrowed until the next call that adds. */
drift_run drift__outcome_current(const drift__outcome_builder *builder);

/** Adds what became of a table to the current run; texts and columns are copied. */
void drift__outcome_enter(drift__outcome_builder *builder, const drift_ledger_entry *entry);

/** Ends the run: its status follows from its findings (an error.* makes it an ERROR). Borrowed; NULL without memory. */
const drift_run *drift__outcome_end_run(drift__outcome_builder *builder, int64_t duration_us);

/** Adds a finding to a run that has ended, and with it to the sums. */
void drift__outcome_find_late(drift__outcome_builder *builder, size_t run, const drift_finding *finding);

/** drift_outcome_merge; with `index` the parts are a part themselves, the index-th of `of`. */
int drift__outcome_merge(drift_outcome **out, const drift_outcome *const *parts, const char *const *names, size_t count,
                         size_t index, size_t of, drift_error *err);

/** Judges what takes all runs, unless it is a part, and hands the outcome over; the builder is gone, also on failure.
 */
int drift__outcome_finish(drift_outcome **out, drift__outcome_builder *builder, size_t versions, size_t pairs,
                          drift_error *err);

/** Accepts NULL. */
void drift__outcome_abandon(drift__outcome_builder *builder);

/**
 * A value as an SQL literal that SQLite reads back as the same value: 'text', x'00', CAST(x'…' AS TEXT) for text with
 * NUL or invalid UTF-8, 9e999 for infinity.
 */
void drift__literal_put(drift__str *out, const drift_value *value);

#endif
