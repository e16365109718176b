/* judge_data.c — what counts as loss, over the steps of a pair.
 *
 * Without expectations the database after the whole migration is compared with the one before. An expectation speaks of
 * one step: its expression is over the row before that step, its names are those of that version. So where a pair goes
 * through steps that expectations speak of, the steps are run one by one as well, each from the database that the one
 * before left, and each is judged by itself; what is allowed then composes by itself. The last step is judged at what
 * the migration under test really left. It is done as well where a version between has dropped what a later one has
 * under the same name.
 */
#include <stdio.h>

#include "base/error.h"
#include "verify/between.h"
#include "verify/judge.h"
#include "verify/ledger.h"
#include "verify/world.h"

typedef struct walk {
    drift__judgement *judgement;
    drift_connection *at; /* the database at `version`; the judgement's own at the start */
    int version;
    size_t step; /* of the path */
} walk;

static int judge_step(drift__judgement *judgement, drift_connection *before, drift_connection *after,
                      const drift_schema *target, int from, int to, drift_error *err)
{
    const bool whole = before == judgement->before && after == judgement->after;
    drift__ledger_step step = {.judgement = judgement,
                               .before = before,
                               .after = after,
                               .target = target,
                               .from = from,
                               .to = to,
                               .keep = whole ? &judgement->referee : NULL};
    return drift__ledger_judge(&step, err);
}

/* ---- step by step ---- */

static bool is_told_of(const drift__judgement *judgement)
{
    const drift__attempt *attempt = judgement->attempt;
    const drift__path *path = attempt->path;
    if (!path) return drift__expect_next_cut(judgement->expect, attempt->from, attempt->to) != attempt->to;
    for (size_t i = 0; path->count > 1 && i < path->count; i++) {
        if (drift__expect_has_step(judgement->expect, path->steps[i]->from, path->steps[i]->to)) return true;
    }
    return false;
}

static int needs_steps(bool *out, const drift__judgement *judgement, drift_error *err)
{
    *out = is_told_of(judgement);
    return *out ? DRIFT_OK : drift__any_gone_between(out, judgement, err);
}

static int next_version(const walk *w)
{
    const drift__attempt *attempt = w->judgement->attempt;
    if (attempt->path) return attempt->path->steps[w->step]->to;
    return drift__expect_next_cut(w->judgement->expect, w->version, attempt->to);
}

/* What fails here did not fail on the whole way: what the steps between did cannot be checked. */
static void tell_stop(drift__judgement *judgement, const drift__attempt *attempt)
{
    drift__judgement_find(judgement, DRIFT_FINDING_MIGRATION_FAILED, NULL, NULL, NULL,
                          "the steps between are judged one by one, and the migration cannot stop at version %d: %s",
                          attempt->to, attempt->failed ? attempt->why.text : "a transaction was left open");
}

/* Runs one step of the way. `*out` is NULL if it failed, which is told. */
static int run_step(drift_connection **out, walk *w, const drift_schema *target, int to, drift_error *err)
{
    const drift__attempt *whole = w->judgement->attempt;
    drift__path path = {whole->path ? &whole->path->steps[w->step] : NULL, 1};
    drift__attempt attempt = {.source = whole->source,
                              .options = whole->options,
                              .path = whole->path ? &path : NULL,
                              .target = target,
                              .from = w->version,
                              .to = to,
                              .unaudited = true,
                              .foreknown.keeps_settings = whole->foreknown.keeps_settings};
    drift_connection *after = NULL;
    int rc = drift__world_clone(&after, w->at, w->judgement->options, err);
    if (rc == DRIFT_OK) rc = drift__attempt_run(&attempt, after, err);
    if (rc == DRIFT_OK && !attempt.failed && !attempt.left_open) {
        *out = after;
        after = NULL;
    } else if (rc == DRIFT_OK) {
        tell_stop(w->judgement, &attempt);
        drift__expect_note_failure(w->judgement->expect, w->version, whole->to);
    }
    drift__attempt_dispose(&attempt);
    drift_connection_close(after);
    return rc;
}

/* `*after` is the database at `to`, the migration's own at the end. */
static int reach(drift_connection **after, const drift_schema **target, walk *w, int to, drift_error *err)
{
    drift__judgement *judgement = w->judgement;
    drift_error why = {0};
    *target = judgement->target;
    *after = judgement->after;
    if (to == judgement->attempt->to) return DRIFT_OK;
    *after = NULL;
    int rc = judgement->schemas->schema(target, to, judgement->schemas->payload, &why);
    if (rc == DRIFT_OK) return run_step(after, w, *target, to, err);
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    drift__judgement_find(judgement, DRIFT_FINDING_ERROR_BUILD, NULL, NULL, NULL,
                          "the steps between cannot be judged without the schema of version %d: %s", to, why.text);
    return DRIFT_OK;
}

static void move(walk *w, drift_connection *to)
{
    if (w->at != w->judgement->before && w->at != w->judgement->after) drift_connection_close(w->at);
    w->at = to;
}

static int judge_next(walk *w, drift_error *err)
{
    char label[32];
    const int to = next_version(w);
    drift_connection *after = NULL;
    const drift_schema *target = NULL;
    snprintf(label, sizeof label, "%d->%d", w->version, to);
    w->judgement->step = label;
    int rc = reach(&after, &target, w, to, err);
    if (rc == DRIFT_OK && after) rc = judge_step(w->judgement, w->at, after, target, w->version, to, err);
    w->judgement->step = NULL;
    move(w, after);
    w->version = to;
    w->step++;
    return rc;
}

static int judge_steps(drift__judgement *judgement, drift_error *err)
{
    walk w = {.judgement = judgement, .at = judgement->before, .version = judgement->attempt->from};
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && w.at && w.version != judgement->attempt->to) rc = judge_next(&w, err);
    move(&w, NULL);
    return rc;
}

/* ---- */

int drift__judge_data(drift__judgement *judgement, drift_error *err)
{
    const drift__attempt *attempt = judgement->attempt;
    bool stepwise = false;
    const int rc = needs_steps(&stepwise, judgement, err);
    if (rc != DRIFT_OK) return rc;
    if (stepwise) return judge_steps(judgement, err);
    return judge_step(judgement, judgement->before, judgement->after, judgement->target, attempt->from, attempt->to,
                      err);
}
