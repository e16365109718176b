/* judge.h — judging what a migration left. */
#ifndef DRIFT_VERIFY_JUDGE_H
#define DRIFT_VERIFY_JUDGE_H

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/kit/verify.h"
#include "outcome/outcome.h"
#include "verify/expect.h"
#include "verify/facts.h"
#include "verify/runner.h"

/** Ways to the same version that path.* compares with the one that was gone (routes.h). */
typedef enum drift__way {
    DRIFT__WAY_PARTS = 1,    /**< the parts of a step that spans versions, in one opening */
    DRIFT__WAY_REOPENED = 2, /**< opened anew at each version */
    DRIFT__WAY_FRESH = 4     /**< a fresh database with the same rows */
} drift__way;

typedef struct drift__judgement {
    drift__outcome_builder *outcome;
    drift_connection *before; /**< the original, never touched */
    drift_connection *after;
    const drift_schema *target;
    const drift_verify_options *options;
    const char *step;                     /**< "2->3" if the migration was that one step, else NULL */
    const drift__attempt *attempt;        /**< what migrated */
    const drift_schema_provider *schemas; /**< for the versions between */
    drift__expect *expect;                /**< what steps mean to change */
    drift__facts *facts;                  /**< of `before`; may be NULL */
    drift__facts *now;                    /**< of `after`; may be NULL */
    struct drift__valid_rows *valid;      /**< rows that targets accept, found once for each; may be NULL */
    unsigned ways;                        /**< those that end otherwise: drift__way, set while they are judged */
    drift_connection *referee;            /**< private: of `before` and `after`, if one was opened (referee.h) */
} drift__judgement;

/** Whether it is known that no table of `before` holds a row; that none of `after` does either. */
int drift__judgement_was_empty(bool *out, const drift__judgement *judgement, drift_error *err);
int drift__judgement_is_empty(bool *out, const drift__judgement *judgement, drift_error *err);

/** What the attempt itself tells: migration.failed, .transaction, .residue, fk.violation of a failed check, error.exec,
 * error.timeout. */
int drift__judge_attempt(drift__judgement *judgement, drift__attempt *attempt, drift_error *err);

/** migration.version */
int drift__judge_version(drift__judgement *judgement, int to, drift_error *err);

/** schema.* */
int drift__judge_schema(drift__judgement *judgement, drift_error *err);

/** data.*, and the ledger. Judges each step against the database after the one before where an expectation of a step
 * inside the pair needs it, else the whole. */
int drift__judge_data(drift__judgement *judgement, drift_error *err);

/** data.collateral */
int drift__judge_collateral(drift__judgement *judgement, drift_error *err);

/** fk.* of the check that made an opening fail. `*told` says whether there was any. */
int drift__judge_failed_check(bool *told, drift__judgement *judgement, const drift_opening_report *report,
                              drift_error *err);

/** fk.violation and fk.dangling that were not there before. */
int drift__judge_foreign_keys(drift__judgement *judgement, drift_error *err);

/** Whether findings with codes from `first` to `last` are looked for. */
typedef bool (*drift__wanted_fn)(drift_finding_code first, drift_finding_code last, const void *payload);

/** All of the above, and hidden.*, in the order in which reports tell them; after an attempt that failed nothing else.
 * @param wanted what it refuses is not judged; NULL: everything is. */
int drift__judge_all(drift__judgement *judgement, drift__attempt *attempt, drift__wanted_fn wanted, const void *payload,
                     drift_error *err);

/** The end of judging, also of one that failed: a migration that writes into sqlite_schema may leave a database that
 * nobody can read, which is told as migration.failed. Every other error is handed on. */
int drift__judge_end(drift__judgement *judgement, int status, const drift_error *why, drift_error *err);

/** Adds a finding with a message of its own. */
void drift__judgement_find(drift__judgement *judgement, drift_finding_code code, const char *object,
                           const char *expected, const char *actual, const char *format, ...) DRIFT_PRINTF(6, 7);

#endif
