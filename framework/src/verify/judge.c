/* judge.c — the attempt, the stamp, the schema. */
#include "verify/judge.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "runtime/pragma.h"
#include "verify/hidden.h"

void drift__judgement_find(drift__judgement *judgement, drift_finding_code code, const char *object,
                           const char *expected, const char *actual, const char *format, ...)
{
    drift_error line = {0}; /* gives one line, cut at a character */
    char text[sizeof line.text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    drift__error(&line, DRIFT_MISMATCH, "%s", text);
    drift__outcome_find(judgement->outcome, &(drift_finding){.code = code,
                                                             .object = object,
                                                             .step = judgement->step,
                                                             .expected = expected,
                                                             .actual = actual,
                                                             .message = line.text});
}

int drift__judgement_was_empty(bool *out, const drift__judgement *judgement, drift_error *err)
{
    *out = false;
    return judgement->facts ? drift__facts_empty(out, judgement->facts, err) : DRIFT_OK;
}

int drift__judgement_is_empty(bool *out, const drift__judgement *judgement, drift_error *err)
{
    const int rc = drift__judgement_was_empty(out, judgement, err);
    if (rc != DRIFT_OK || !*out) return rc;
    *out = false;
    return judgement->now ? drift__facts_empty(out, judgement->now, err) : DRIFT_OK;
}

/* ---- the attempt ---- */

/* "v2_to_v3.sql:4:1: what" where a place is known. */
static void tell_failure(drift__judgement *judgement, drift_finding_code code, const drift_error *why)
{
    const char *hint = why->hint[0] ? "; hint: " : "";
    if (why->line && why->source[0])
        drift__judgement_find(judgement, code, NULL, NULL, NULL, "%s:%d:%d: %s%s%s", why->source, why->line,
                              why->column, why->text, hint, why->hint);
    else
        drift__judgement_find(judgement, code, NULL, NULL, NULL, "%s%s%s%s%s", why->source, why->source[0] ? ": " : "",
                              why->text, hint, why->hint);
}

static int tell_residue(drift__judgement *judgement, drift__attempt *attempt, drift_error *err)
{
    drift__fingerprint *after = NULL;
    int rc = attempt->before ? DRIFT_OK : drift__fingerprint_take(&attempt->before, judgement->before, err);
    if (rc == DRIFT_OK) rc = drift__fingerprint_take(&after, judgement->after, err);
    if (rc == DRIFT_OK) {
        const char *difference = drift__fingerprint_difference(attempt->before, after);
        if (difference)
            drift__judgement_find(judgement, DRIFT_FINDING_MIGRATION_RESIDUE, NULL, NULL, NULL,
                                  "the migration failed, and the database is not as before: %s", difference);
    }
    drift__fingerprint_free(after);
    return rc;
}

static int tell_failed(drift__judgement *judgement, drift__attempt *attempt, drift_error *err)
{
    bool told = false;
    int rc = DRIFT_OK;
    if (attempt->timed_out || attempt->not_started) { /* nothing is known of the migration */
        tell_failure(judgement, attempt->timed_out ? DRIFT_FINDING_ERROR_TIMEOUT : DRIFT_FINDING_ERROR_EXEC,
                     &attempt->why);
        return DRIFT_OK;
    }
    if (attempt->why.code == DRIFT_FOREIGN_KEY) rc = drift__judge_failed_check(&told, judgement, &attempt->report, err);
    if (rc != DRIFT_OK) return rc;
    if (!told) tell_failure(judgement, DRIFT_FINDING_MIGRATION_FAILED, &attempt->why);
    /* What fails behind the commit, as before_open does, takes nothing back (drift/database.h). */
    const bool stored = attempt->report.outcome == DRIFT_OUTCOME_NEW;
    return attempt->atomic && !stored ? tell_residue(judgement, attempt, err) : DRIFT_OK;
}

int drift__judge_attempt(drift__judgement *judgement, drift__attempt *attempt, drift_error *err)
{
    char step[32];
    const char *whole = judgement->step;
    int rc = DRIFT_OK;
    if (attempt->step) {
        snprintf(step, sizeof step, "%d->%d", attempt->step->from, attempt->step->to);
        judgement->step = step;
    }
    if (attempt->failed)
        rc = tell_failed(judgement, attempt, err);
    else if (attempt->left_open)
        drift__judgement_find(judgement, DRIFT_FINDING_MIGRATION_TRANSACTION, NULL, NULL, NULL,
                              "%s: a transaction was left open", attempt->step ? attempt->step->path : "the migration");
    judgement->step = whole;
    return rc;
}

/* ---- what the step does not name ---- */

static void tell_collateral(drift__judgement *judgement, const drift__collateral *found)
{
    char step[32], expected[32], actual[32];
    const char *whole = judgement->step;
    const bool other_count = found->rows_before != found->rows_after;
    snprintf(step, sizeof step, "%d->%d", found->from, found->to);
    snprintf(expected, sizeof expected, "%lld", (long long)found->rows_before);
    snprintf(actual, sizeof actual, "%lld", (long long)found->rows_after);
    judgement->step = step;
    drift__judgement_find(
        judgement, DRIFT_FINDING_DATA_COLLATERAL, found->table, other_count ? expected : NULL,
        other_count ? actual : NULL, "rows changed though the step does not name %s, through %s%s: %s", found->table,
        found->trigger ? "the trigger " : "a foreign key", found->trigger ? found->trigger : "", found->statement);
    judgement->step = whole;
}

int drift__judge_collateral(drift__judgement *judgement, drift_error *err)
{
    size_t count = 0;
    const drift__audit *audit = judgement->attempt->audit;
    const drift__collateral *found = audit ? drift__audit_found(audit, &count) : NULL;
    (void)err;
    for (size_t i = 0; i < count; i++) tell_collateral(judgement, &found[i]);
    return DRIFT_OK;
}

/* ---- the stamp ---- */

int drift__judge_version(drift__judgement *judgement, int to, drift_error *err)
{
    int64_t version = 0;
    if (judgement->options->stamp == DRIFT_STAMP_NONE) return DRIFT_OK;
    const int rc = drift__pragma_get(&version, judgement->after, DRIFT__PRAGMA_USER_VERSION, err);
    if (rc == DRIFT_OK && version != to) {
        char expected[32], actual[32];
        snprintf(expected, sizeof expected, "%d", to);
        snprintf(actual, sizeof actual, "%lld", (long long)version);
        drift__judgement_find(judgement, DRIFT_FINDING_MIGRATION_VERSION, "user_version", expected, actual,
                              "the version stamp is %s, not %s", actual, expected);
    }
    return rc;
}

/* ---- the schema ---- */

static int tell_difference(drift__judgement *judgement, const drift_difference *difference, drift_error *err)
{
    char *text = NULL;
    const int rc = drift_difference_print_text(&text, difference, err);
    if (rc == DRIFT_OK)
        drift__judgement_find(judgement, (drift_finding_code)difference->facet, difference->object,
                              difference->expected, difference->actual, "%s %s",
                              difference->column_name ? "column" : drift_entity_kind_name(difference->kind), text);
    drift_free(text);
    return rc;
}

/* Where the same definitions did not differ before they do not now. */
int drift__judge_schema(drift__judgement *judgement, drift_error *err)
{
    drift_schema *actual = NULL;
    drift_diff *diff = NULL;
    drift__known *known = NULL;
    int rc = judgement->now ? drift__facts_known(&known, judgement->now, err) : DRIFT_OK;
    if (rc != DRIFT_OK || (known && known->matching == judgement->target)) return rc;
    rc = drift_introspect(&actual, judgement->after, err);
    if (rc == DRIFT_OK) rc = drift_diff_schemas(&diff, judgement->target, actual, judgement->options->diff, err);
    for (size_t i = 0; rc == DRIFT_OK && i < diff->count; i++)
        rc = tell_difference(judgement, &diff->differences[i], err);
    if (rc == DRIFT_OK && known && !diff->count) known->matching = judgement->target;
    drift_diff_free(diff);
    drift_schema_free(actual);
    return rc;
}

/* ---- everything, in order ---- */

static const struct {
    drift_finding_code first, last; /* what it tells */
    int (*judge)(drift__judgement *judgement, drift_error *err);
} judges[] = {
    {(drift_finding_code)0, DRIFT_FINDING_MIGRATION_FAILED - 1, drift__judge_schema},
    {DRIFT_FINDING_DATA_LOST_ROWS, DRIFT_FINDING_DATA_NULLED, drift__judge_data},
    {DRIFT_FINDING_DATA_COLLATERAL, DRIFT_FINDING_DATA_COLLATERAL, drift__judge_collateral},
    {DRIFT_FINDING_HIDDEN_ROWID, DRIFT_FINDING_HIDDEN_INTEGRITY, drift__judge_hidden},
    {DRIFT_FINDING_FK_VIOLATION, DRIFT_FINDING_FK_DANGLING, drift__judge_foreign_keys},
};

int drift__judge_all(drift__judgement *judgement, drift__attempt *attempt, drift__wanted_fn wanted, const void *payload,
                     drift_error *err)
{
    int rc = drift__judge_attempt(judgement, attempt, err);
    /* "After migration.failed nothing else is judged", nor after a transaction that was left open. */
    if (rc != DRIFT_OK || attempt->failed || attempt->left_open) return rc;
    rc = drift__judge_version(judgement, attempt->to, err);
    for (size_t i = 0; rc == DRIFT_OK && i < sizeof judges / sizeof judges[0]; i++) {
        if (!wanted || wanted(judges[i].first, judges[i].last, payload)) rc = judges[i].judge(judgement, err);
    }
    return rc;
}

int drift__judge_end(drift__judgement *judgement, int status, const drift_error *why, drift_error *err)
{
    drift_connection_close(judgement->referee);
    judgement->referee = NULL;
    if (status == DRIFT_SQL || status == DRIFT_NOT_A_DATABASE) {
        drift__judgement_find(judgement, DRIFT_FINDING_MIGRATION_FAILED, NULL, NULL, NULL,
                              "what the migration left cannot be read: %s", why->text);
        return DRIFT_OK;
    }
    if (status != DRIFT_OK && err && !err->code) *err = *why;
    return status;
}
