/* verify.c — every pair, every level: build, fill, migrate, judge.
 *
 * The databases of a version are built once for each level and copied for each case; the original stays as it was, to
 * be compared with.
 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "drift/kit/verify.h"
#include "runtime/pragma.h"
#include "verify/hidden_accept.h"
#include "verify/judge.h"
#include "verify/keep.h"
#include "verify/original.h"
#include "verify/routes.h"
#include "verify/world.h"

enum {
    LEVEL_COUNT = 0
#define COUNT_LEVEL(name, word, text) +1
    DRIFT_DATA_LEVEL_MAP(COUNT_LEVEL)
#undef COUNT_LEVEL
};

typedef struct pair {
    int from, to;
    drift__path path;
} pair;

typedef struct verification {
    const drift_schema_provider *schemas;
    const drift_migration_source *source;
    const drift_verify_options *options;
    const int *versions;
    size_t version_count;
    pair *pairs;
    size_t pair_count, pair_capacity;
    unsigned levels;
    size_t run_number, run_count;
    drift__original originals[LEVEL_COUNT];
    drift__fresh fresh;
    drift__valid_rows valid;
    drift__known_all known;
    drift__outcome_builder *outcome;
    drift__expect *expect;
    char blamed[32];
} verification;

/* ---- which cases ---- */

static bool is_selected(const verification *v, size_t from, size_t to)
{
    const drift_verify_options *options = v->options;
    if (options->from && v->versions[from] != options->from) return false;
    if (options->to && v->versions[to] != options->to) return false;
    switch (options->pairs) {
    case DRIFT_PAIRS_ADJACENT: return to == from + 1;
    case DRIFT_PAIRS_TO_LATEST: return to + 1 == v->version_count;
    case DRIFT_PAIRS_ALL: break;
    }
    return true;
}

static int add_pair(verification *v, int from, int to, drift_error *err)
{
    if (drift__reserve((void **)&v->pairs, &v->pair_capacity, v->pair_count + 1, sizeof *v->pairs) != 0)
        return drift__no_memory(err);
    pair *added = &v->pairs[v->pair_count];
    *added = (pair){.from = from, .to = to};
    v->pair_count++;
    if (!v->source->steps) return DRIFT_OK;
    return drift__path_find(&added->path, v->source->steps, from, to, v->versions, v->version_count, err);
}

static bool has_version(const verification *v, int version)
{
    for (size_t i = 0; i < v->version_count; i++) {
        if (v->versions[i] == version) return true;
    }
    return version == 0;
}

static int require_version(const verification *v, int version, drift_error *err)
{
    if (has_version(v, version)) return DRIFT_OK;
    return drift__error(err, DRIFT_NOT_FOUND, "no snapshot of version %d in %s", version, v->schemas->name);
}

static int select_pairs(verification *v, drift_error *err)
{
    int rc = v->schemas->versions(&v->versions, &v->version_count, v->schemas->payload, err);
    if (rc == DRIFT_OK) rc = require_version(v, v->options->from, err);
    if (rc == DRIFT_OK) rc = require_version(v, v->options->to, err);
    for (size_t from = 0; rc == DRIFT_OK && from < v->version_count; from++) {
        for (size_t to = from + 1; rc == DRIFT_OK && to < v->version_count; to++) {
            if (is_selected(v, from, to)) rc = add_pair(v, v->versions[from], v->versions[to], err);
        }
    }
    if (rc == DRIFT_OK && !v->pair_count)
        rc = drift__error(err, DRIFT_NOT_FOUND, "no pair of versions to verify: %zu snapshot%s in %s%s",
                          v->version_count, v->version_count == 1 ? "" : "s", v->schemas->name,
                          v->version_count > 1 ? ", none of their pairs is selected" : "");
    return rc;
}

/* ---- one case ---- */

static int judge_paths(verification *v, drift__judgement *judgement, const drift__attempt *attempt, drift__original *o,
                       drift_error *err)
{
    if (v->options->no_paths) return DRIFT_OK;
    return drift__judge_routes(judgement, attempt, &o->reopened, &v->fresh, v->versions, v->version_count, err);
}

static int judge(verification *v, drift__judgement *judgement, drift__attempt *attempt, drift__original *o,
                 drift_error *err)
{
    drift_error why = {0};
    int rc = drift__judge_all(judgement, attempt, NULL, NULL, &why);
    if (rc == DRIFT_OK && !attempt->failed && !attempt->left_open) rc = judge_paths(v, judgement, attempt, o, &why);
    return drift__judge_end(judgement, rc, &why, err);
}

static int note_start(verification *v, drift_connection *connection, drift_error *err)
{
    int64_t version = 0;
    const int rc = drift__pragma_get(&version, connection, DRIFT__PRAGMA_USER_VERSION, err);
    drift__outcome_set_started_at(v->outcome, (int)version);
    return rc;
}

/* Whether another case goes on from where this one ends. */
static bool leads_on(const verification *v, const pair *p)
{
    return p + 1 < v->pairs + v->pair_count && p[1].from == p->from;
}

static int migrate_and_judge(verification *v, const pair *p, drift__original *o, const drift_schema *target,
                             const char *data, drift_error *err)
{
    char step[32];
    drift_connection *after = NULL;
    drift__attempt attempt = {.source = v->source,
                              .options = v->options,
                              .path = v->source->steps ? &p->path : NULL,
                              .target = target,
                              .from = p->from,
                              .to = p->to,
                              .expect = v->expect};
    drift__facts now = {.all = &v->known};
    drift__judgement judgement = {.outcome = v->outcome,
                                  .before = o->connection,
                                  .facts = &o->facts,
                                  .now = &now,
                                  .target = target,
                                  .options = v->options,
                                  .attempt = &attempt,
                                  .schemas = v->schemas,
                                  .expect = v->expect,
                                  .valid = &v->valid};
    if (p->path.count == 1) {
        snprintf(step, sizeof step, "%d->%d", p->path.steps[0]->from, p->path.steps[0]->to);
        judgement.step = step;
    }
    o->reopened.begins = false;
    int rc = drift__world_clone(&after, o->connection, v->options, err);
    if (rc == DRIFT_OK) rc = note_start(v, after, err);
    if (rc == DRIFT_OK) rc = drift__attempt_run(&attempt, after, err);
    judgement.after = now.connection = after;
    if (rc == DRIFT_OK && (attempt.failed || attempt.left_open)) drift__expect_note_failure(v->expect, p->from, p->to);
    if (rc == DRIFT_OK) rc = judge(v, &judgement, &attempt, o, err);
    if (rc == DRIFT_OK && v->options->keep && drift__outcome_found(v->outcome))
        rc = drift__keep_case(v->options->keep, data, &judgement, err);
    if (rc == DRIFT_OK && !attempt.failed && !attempt.left_open && leads_on(v, p))
        drift__reopened_take(&o->reopened, &after, p->to);
    drift__facts_dispose(&now);
    drift__attempt_dispose(&attempt);
    drift_connection_close(after);
    return rc;
}

static int run_case(verification *v, const pair *p, drift_data_level level, drift_error *err)
{
    drift__original *o = &v->originals[level];
    const drift_schema *target = NULL;
    drift_error why = {0};
    bool usable = false;
    int rc = DRIFT_OK;
    if (o->version != p->from)
        rc = drift__original_build(o, v->schemas, p->from, level, v->options, v->expect, &v->known, err);
    if (rc != DRIFT_OK) return rc;
    drift__outcome_set_rows(v->outcome, o->rows);
    rc = drift__original_tell(&usable, o, v->outcome, err);
    if (rc != DRIFT_OK || !usable) return rc;
    rc = v->schemas->schema(&target, p->to, v->schemas->payload, &why);
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    if (rc != DRIFT_OK) {
        drift__tell_build_error(v->outcome, &why);
        return DRIFT_OK;
    }
    return migrate_and_judge(v, p, o, target, drift_data_level_name(level), err);
}

static int run_level(verification *v, const pair *p, drift_data_level level, drift_error *err)
{
    const drift_listener *listener = v->options->listener;
    const int64_t begun = drift__clock_us();
    if (v->options->is_stopped && v->options->is_stopped(v->options->stop_payload))
        return drift__error(err, DRIFT_INTERRUPTED, "the verification was stopped");
    const size_t number = ++v->run_number;
    if (listener && listener->run_begins)
        listener->run_begins(p->from, p->to, drift_data_level_name(level), number, v->run_count, listener->payload);
    drift__outcome_begin_run(v->outcome, p->from, p->to, drift_data_level_name(level));
    const int rc = run_case(v, p, level, err);
    if (rc != DRIFT_OK) return rc;
    const drift_run *run = drift__outcome_end_run(v->outcome, drift__clock_us() - begun);
    if (run && listener && listener->run_ended) listener->run_ended(run, number, v->run_count, listener->payload);
    return DRIFT_OK;
}

static int run_all(verification *v, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; i < v->pair_count; i++) {
        for (int level = 0; rc == DRIFT_OK && level < LEVEL_COUNT; level++) {
            if (v->levels >> level & 1u) rc = run_level(v, &v->pairs[i], (drift_data_level)level, err);
        }
    }
    return rc;
}

/* ---- which step is to blame ---- */

static int by_versions(const pair *p, int from, int to)
{
    if (p->from != from) return p->from < from ? -1 : 1;
    return p->to < to ? -1 : p->to > to;
}

static const pair *find_pair(const verification *v, int from, int to)
{
    for (size_t low = 0, high = v->pair_count; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = by_versions(&v->pairs[middle], from, to);
        if (order == 0) return &v->pairs[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool found_alike(const drift_run *run, const drift_finding *finding)
{
    for (size_t i = 0; i < run->finding_count; i++) {
        const drift_finding *other = &run->findings[i];
        if (other->code == finding->code && other->object && finding->object &&
            strcmp(other->object, finding->object) == 0)
            return true;
    }
    return false;
}

/* Of a path of several steps: the first one whose own run found the like. */
static const char *blame(const drift_outcome *outcome, const drift_run *run, const drift_finding *finding,
                         void *payload)
{
    verification *v = payload;
    const size_t level_count = v->run_count / v->pair_count, index = (size_t)(run - outcome->runs);
    const pair *p = &v->pairs[index / level_count];
    for (size_t i = 0; i < p->path.count; i++) {
        const drift_step_file *step = p->path.steps[i];
        const pair *alone = find_pair(v, step->from, step->to);
        if (!alone || alone->path.count != 1) continue;
        const size_t at = (size_t)(alone - v->pairs) * level_count + index % level_count;
        if (!found_alike(&outcome->runs[at], finding)) continue;
        snprintf(v->blamed, sizeof v->blamed, "%d->%d", step->from, step->to);
        return v->blamed;
    }
    return NULL;
}

/* ---- */

static const char *runner_name(const verification *v)
{
    static const char *const names[] = {
#define RUNNER_NAME(name, word, text) word,
        DRIFT_RUNNER_MAP(RUNNER_NAME)
#undef RUNNER_NAME
    };
    return v->source->steps ? names[v->options->runner] : v->source->definition ? "drift" : "command";
}

static int require_source(const drift_migration_source *source, drift_error *err)
{
    const int count = (source->steps != NULL) + (source->definition != NULL) + (source->command != NULL);
    if (count == 1) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE,
                        "expected one of step files, a definition and a command to migrate with, found %s",
                        count ? "more" : "none");
}

static unsigned levels_of(const drift_verify_options *options)
{
    const unsigned every = (1u << LEVEL_COUNT) - 1, many = 1u << DRIFT_DATA_MANY;
    if (options->levels) return options->levels & every;
    return options->rows ? every : every & ~many;
}

static int begin(verification *v, drift_error *err)
{
    const drift_migration_source *source = v->source;
    int rc = require_source(source, err);
    if (rc == DRIFT_OK) rc = select_pairs(v, err);
    if (rc != DRIFT_OK) return rc;
    v->levels = levels_of(v->options);
    for (int level = 0; level < LEVEL_COUNT; level++) v->run_count += (v->levels >> level & 1u) * v->pair_count;
    if (!v->run_count) return drift__error(err, DRIFT_MISUSE, "no level of data is selected");
    rc = drift__expect_begin(&v->expect, v->options->expect, v->schemas, err);
    if (rc != DRIFT_OK) return rc;
    const char *name = source->steps        ? source->steps->path
                       : source->definition ? source->definition->name
                                            : source->command;
    rc = drift__outcome_begin(&v->outcome, v->schemas->name, name, runner_name(v), v->options->seed, err);
    if (rc == DRIFT_OK && v->options->expect) drift__outcome_set_expectations(v->outcome, v->options->expect->source);
    return rc;
}

int drift_verify_migrations(drift_outcome **out, const drift_schema_provider *schemas,
                            const drift_migration_source *source, const drift_verify_options *options, drift_error *err)
{
    static const drift_verify_options defaults = {0};
    verification v = {.schemas = schemas, .source = source, .options = options ? options : &defaults};
    *out = NULL;
    int rc = begin(&v, err);
    if (rc == DRIFT_OK) rc = run_all(&v, err);
    if (rc == DRIFT_OK) {
        drift__outcome_attribute(v.outcome, blame, &v);
        rc = drift__expect_finish(v.expect, v.outcome, v.options, err);
    }
    if (rc == DRIFT_OK) {
        rc = drift__outcome_finish(out, v.outcome, v.version_count, v.pair_count, err);
        v.outcome = NULL;
    }
    drift__outcome_abandon(v.outcome);
    drift__expect_free(v.expect);
    for (int level = 0; level < LEVEL_COUNT; level++) drift__original_dispose(&v.originals[level]);
    drift__fresh_dispose(&v.fresh);
    drift__valid_rows_dispose(&v.valid);
    drift__known_dispose(&v.known);
    for (size_t i = 0; i < v.pair_count; i++) drift__path_dispose(&v.pairs[i].path);
    drift__free(v.pairs);
    return rc;
}
