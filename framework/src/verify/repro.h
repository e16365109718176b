/* repro.h — a failure as a script that the sqlite3 shell alone replays.
 *
 * What was found stands at its top as a comment. Then: the setup's SQL, the old schema, the rows, the steps as the
 * runner ran them, and queries that show each finding, with its expected and actual values side by side where SQL can
 * tell them. Where another way to the same version ends otherwise, the script goes that one too, on a database of its
 * own, and last prints what differs. A migration that is code is not in it: the script then ends with the database that
 * the code is to be run on.
 */
#ifndef DRIFT_VERIFY_REPRO_H
#define DRIFT_VERIFY_REPRO_H

#include "verify/judge.h"

/**
 * Writes the script.
 * @param out the caller frees it with drift__free.
 * @param judgement the case; its `before` is the database that the script builds.
 * @param run what was found on that database.
 */
int drift__repro_write(char **out, const char *data, const drift__judgement *judgement, const drift_run *run,
                       drift_error *err);

/* ---- between the files of the writer ---- */

/** What the script remembers of a table, before the steps run: temp."drift_before_t" with its rowids. */
int drift__repro_remember(drift__str *out, const drift__judgement *judgement, const drift_run *run, drift_error *err);

/** The queries that show what was found, after the steps have run. */
int drift__repro_show(drift__str *out, const drift__judgement *judgement, const drift_run *run, drift_error *err);

/** Steps as the runner runs them in one opening. */
void drift__repro_put_steps(drift__str *out, const drift__attempt *attempt, const drift__path *path);

/** A statement on lines of its own: its last line may be a comment. */
void drift__repro_put_statement(drift__str *out, const char *sql);

/** What precedes the script's own database where it goes other ways too: a place for each. */
int drift__repro_put_places(drift__str *out, const drift__judgement *judgement, drift_error *err);

/** The other ways, each from a database that `database` builds, and what differs in the end. */
int drift__repro_put_ways(drift__str *out, const drift__judgement *judgement, const drift_run *run,
                          const char *database, drift_error *err);

#endif
