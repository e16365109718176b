/* shrink_case.c */
#include "verify/shrink_case.h"

#include <string.h>

#include "base/error.h"
#include "verify/routes.h"
#include "verify/shrink.h"
#include "verify/world.h"

typedef struct retrying {
    const drift__judgement *like;
    drift__expect *expect;   /* of its own: what takes effect here proves nothing */
    drift__fresh *fresh;     /* of all tries */
    const drift_run *wanted; /* NULL: whatever there is */
    unsigned ways;           /* of the last try */
} retrying;

/* ---- one more run ---- */

static bool is_among(const drift_run *run, drift_finding_code first, drift_finding_code last)
{
    for (size_t i = 0; i < run->finding_count; i++) {
        if (run->findings[i].code >= first && run->findings[i].code <= last) return true;
    }
    return false;
}

/* Of the other ways; one that takes too long is told as error.timeout. */
static bool wants_routes(const retrying *r)
{
    if (r->like->options->no_paths) return false;
    return !r->wanted || is_among(r->wanted, DRIFT_FINDING_PATH_SCHEMA, DRIFT_FINDING_PATH_DATA) ||
           is_among(r->wanted, DRIFT_FINDING_ERROR_TIMEOUT, DRIFT_FINDING_ERROR_TIMEOUT);
}

/* What is not looked for is not judged: a try costs what its findings cost. Whether path.* is told depends on what else
 * is. */
static bool is_wanted(drift_finding_code first, drift_finding_code last, const void *payload)
{
    const retrying *r = payload;
    return !r->wanted || wants_routes(r) || is_among(r->wanted, first, last);
}

static int judge_routes(const retrying *r, drift__judgement *judgement, const drift__attempt *attempt, drift_error *err)
{
    const drift_schema_provider *schemas = r->like->schemas;
    drift__reopened reopened = {0};
    const int *versions = NULL;
    size_t count = 0;
    int rc = schemas->versions(&versions, &count, schemas->payload, err);
    if (rc == DRIFT_OK) rc = drift__judge_routes(judgement, attempt, &reopened, r->fresh, versions, count, err);
    drift__reopened_dispose(&reopened);
    return rc;
}

static int judge(const retrying *r, drift__judgement *judgement, drift__attempt *attempt, drift_error *err)
{
    drift_error why = {0};
    int rc = drift__judge_all(judgement, attempt, is_wanted, r, &why);
    if (rc == DRIFT_OK && !attempt->failed && !attempt->left_open && wants_routes(r))
        rc = judge_routes(r, judgement, attempt, &why);
    return drift__judge_end(judgement, rc, &why, err);
}

static int migrate(retrying *r, drift__outcome_builder *outcome, drift_connection *database, drift_error *err)
{
    const drift__attempt *like = r->like->attempt;
    drift__attempt attempt = {.source = like->source,
                              .options = like->options,
                              .path = like->path,
                              .target = like->target,
                              .from = like->from,
                              .to = like->to,
                              .expect = r->expect,
                              .unaudited = like->unaudited,
                              .foreknown.keeps_settings = like->foreknown.keeps_settings};
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
    judgement.ways = 0;
    if (rc == DRIFT_OK) rc = judge(r, &judgement, &attempt, err);
    r->ways = judgement.ways;
    drift__attempt_dispose(&attempt);
    drift_connection_close(after);
    return rc;
}

static int retry(drift_outcome **out, retrying *r, drift_connection *database, drift_error *err)
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
        /* A migration that fails for another reason is another failure, and so is a way. */
        const bool fails = wanted->code == DRIFT_FINDING_MIGRATION_FAILED ||
                           (wanted->code == DRIFT_FINDING_PATH_SCHEMA && !wanted->object);
        if (!fails || same_text(finding->message, wanted->message)) return true;
    }
    return false;
}

static int shows(bool *out, drift_connection *candidate, void *payload, drift_error *err)
{
    retrying *r = payload;
    drift_outcome *outcome = NULL;
    const int rc = retry(&outcome, r, candidate, err);
    *out = rc == DRIFT_OK;
    for (size_t i = 0; *out && i < r->wanted->finding_count; i++)
        *out = is_found(&outcome->runs[0], &r->wanted->findings[i]);
    drift_outcome_free(outcome);
    return rc;
}

static int shrink(drift__shrunk *out, retrying *r, drift_error *err)
{
    drift_outcome *first = NULL;
    int rc = retry(&first, r, out->database, err);
    if (rc == DRIFT_OK && first->runs[0].finding_count) {
        r->wanted = &first->runs[0];
        rc = drift__shrink(&out->database, r->like->options, shows, r, err);
        r->wanted = NULL;
    }
    drift_outcome_free(first);
    if (rc == DRIFT_OK) rc = retry(&out->found, r, out->database, err);
    out->ways = r->ways;
    return rc;
}

int drift__shrink_case(drift__shrunk *out, const drift__judgement *like, drift_error *err)
{
    drift__fresh fresh = {0};
    retrying r = {.like = like, .fresh = &fresh};
    *out = (drift__shrunk){0};
    int rc = drift__world_clone(&out->database, like->before, like->options, err);
    if (rc == DRIFT_OK) rc = drift__expect_begin(&r.expect, like->options->expect, like->schemas, err);
    if (rc == DRIFT_OK) rc = shrink(out, &r, err);
    drift__expect_free(r.expect);
    drift__fresh_dispose(&fresh);
    return rc;
}

void drift__shrunk_dispose(drift__shrunk *shrunk)
{
    drift_outcome_free(shrunk->found);
    drift_connection_close(shrunk->database);
    *shrunk = (drift__shrunk){0};
}
