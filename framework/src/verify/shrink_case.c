/* shrink_case.c */
#include "verify/shrink_case.h"

#include <string.h>

#include "base/error.h"
#include "verify/shrink.h"
#include "verify/world.h"

typedef struct retrying {
    const drift__judgement *like;
    drift__expect *expect;   /* of its own: what takes effect here proves nothing */
    const drift_run *wanted; /* NULL: whatever there is */
} retrying;

/* ---- one more run ---- */

/* What is not looked for is not judged: a try costs what its findings cost. */
static bool is_wanted(drift_finding_code first, drift_finding_code last, const void *payload)
{
    const retrying *r = payload;
    if (!r->wanted) return true;
    for (size_t i = 0; i < r->wanted->finding_count; i++) {
        if (r->wanted->findings[i].code >= first && r->wanted->findings[i].code <= last) return true;
    }
    return false;
}

static int judge(const retrying *r, drift__judgement *judgement, drift__attempt *attempt, drift_error *err)
{
    drift_error why = {0};
    return drift__judge_end(judgement, drift__judge_all(judgement, attempt, is_wanted, r, &why), &why, err);
}

static int migrate(const retrying *r, drift__outcome_builder *outcome, drift_connection *database, drift_error *err)
{
    const drift__attempt *like = r->like->attempt;
    drift__attempt attempt = {.source = like->source,
                              .options = like->options,
                              .path = like->path,
                              .target = like->target,
                              .from = like->from,
                              .to = like->to,
                              .expect = r->expect,
                              .unaudited = like->unaudited};
    drift__judgement judgement = *r->like;
    drift_connection *after = NULL;
    int rc = drift__world_clone(&after, database, like->options, err);
    if (rc == DRIFT_OK) rc = drift__attempt_run(&attempt, after, err);
    judgement.outcome = outcome;
    judgement.before = database;
    judgement.facts = NULL;
    judgement.now = NULL;
    judgement.after = after;
    judgement.attempt = &attempt;
    judgement.expect = r->expect;
    if (rc == DRIFT_OK) rc = judge(r, &judgement, &attempt, err);
    drift__attempt_dispose(&attempt);
    drift_connection_close(after);
    return rc;
}

static int retry(drift_outcome **out, const retrying *r, drift_connection *database, drift_error *err)
{
    const drift__attempt *like = r->like->attempt;
    drift__outcome_builder *outcome = NULL;
    *out = NULL;
    int rc = drift__outcome_begin(&outcome, NULL, NULL, NULL, like->options->seed, err);
    if (rc != DRIFT_OK) return rc;
    drift__outcome_begin_run(outcome, like->from, like->to, NULL);
    rc = migrate(r, outcome, database, err);
    if (rc != DRIFT_OK) {
        drift__outcome_abandon(outcome);
        return rc;
    }
    (void)drift__outcome_end_run(outcome, 0); /* no memory is told by what follows */
    return drift__outcome_finish(out, outcome, 2, 1, err);
}

/* ---- the same again ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_found(const drift_run *run, const drift_finding *wanted)
{
    for (size_t i = 0; i < run->finding_count; i++) {
        const drift_finding *finding = &run->findings[i];
        if (finding->code != wanted->code || !same_text(finding->object, wanted->object)) continue;
        /* A migration that fails for another reason is another failure. */
        if (wanted->code != DRIFT_FINDING_MIGRATION_FAILED || same_text(finding->message, wanted->message)) return true;
    }
    return false;
}

static int shows(bool *out, drift_connection *candidate, void *payload, drift_error *err)
{
    const retrying *r = payload;
    drift_outcome *outcome = NULL;
    const int rc = retry(&outcome, r, candidate, err);
    *out = rc == DRIFT_OK;
    for (size_t i = 0; *out && i < r->wanted->finding_count; i++)
        *out = is_found(&outcome->runs[0], &r->wanted->findings[i]);
    drift_outcome_free(outcome);
    return rc;
}

static int shrink(drift_connection **smaller, drift_outcome **found, retrying *r, drift_error *err)
{
    drift_outcome *first = NULL;
    int rc = retry(&first, r, *smaller, err);
    if (rc == DRIFT_OK && first->runs[0].finding_count) {
        r->wanted = &first->runs[0];
        rc = drift__shrink(smaller, r->like->options, shows, r, err);
        r->wanted = NULL;
    }
    drift_outcome_free(first);
    return rc == DRIFT_OK ? retry(found, r, *smaller, err) : rc;
}

int drift__shrink_case(drift_connection **smaller, drift_outcome **found, const drift__judgement *like,
                       drift_error *err)
{
    retrying r = {.like = like};
    const drift_verify_options *options = like->options;
    *smaller = NULL;
    *found = NULL;
    int rc = drift__world_clone(smaller, like->before, options, err);
    if (rc != DRIFT_OK || like->attempt->timed_out) return rc;
    rc = drift__expect_begin(&r.expect, options->expect, like->schemas, err);
    if (rc == DRIFT_OK) rc = shrink(smaller, found, &r, err);
    drift__expect_free(r.expect);
    return rc;
}
