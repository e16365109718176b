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
#include "verify/fresh_rows.h"
#include "verify/hidden_accept.h"
#include "verify/judge.h"
#include "verify/keep.h"
#include "verify/original.h"
#include "verify/part.h"
#include "verify/portion.h"
#include "verify/routes.h"
#include "verify/stepped.h"
#include "verify/verification.h"
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

struct drift__verification {
    const drift_schema_provider *schemas;
    const drift_migration_source *source;
    const drift_verify_options *options;
    const int *versions;
    size_t version_count;
    pair *pairs;
    size_t pair_count, pair_capacity;
    unsigned levels;
    size_t run_number, run_count;
    bool has_chosen;
    bool keeps_settings; /* no step changes any */
    bool stepping;       /* pairs go on from where the one before them ended */
    drift__original originals[LEVEL_COUNT];
    drift__fresh fresh;
    drift__valid_rows valid;
    drift__known_all known;
    drift__outcome_builder *outcome;
    drift__expect *expect;
    drift_run_step *steps; /* of the pair that is run */
    size_t step_capacity;
    drift__portion *portions;
    size_t portion_count;
    drift_part part; /* the shard */
    const drift__lost_run *lost;
    size_t lost_count;
    drift__arena arena;
};

typedef struct drift__verification verification;

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

/* Divides what was selected into portions for so many. */
static int divide(verification *v, size_t workers, drift_error *err)
{
    int *starts = drift__calloc(v->pair_count + 1, sizeof *starts);
    if (!starts) return drift__no_memory(err);
    for (size_t i = 0; i < v->pair_count; i++) starts[i] = v->pairs[i].from;
    drift__free(v->portions);
    const int rc = drift__portions_cut(&v->portions, &v->portion_count, starts, v->pair_count, workers, err);
    drift__free(starts);
    return rc;
}

/* Leaves the pairs of one shard. */
static int select_shard(verification *v, drift_error *err)
{
    const drift_verify_options *options = v->options;
    size_t kept = 0;
    if (!options->shard && !options->shards) return DRIFT_OK;
    if (options->shard < 1 || options->shard > options->shards)
        return drift__error(err, DRIFT_MISUSE, "expected a shard from 1 to %d, found %d", options->shards,
                            options->shard);
    int rc = divide(v, (size_t)options->shards, err);
    if (rc == DRIFT_OK) rc = drift__portions_deal(v->portions, v->portion_count, (size_t)options->shards, err);
    for (size_t i = 0; rc == DRIFT_OK && i < v->portion_count; i++) {
        const drift__portion *portion = &v->portions[i];
        const bool is_ours = portion->owner + 1 == (size_t)options->shard;
        for (size_t k = portion->first; k < portion->first + portion->count; k++) {
            if (is_ours)
                v->pairs[kept++] = v->pairs[k];
            else
                drift__path_dispose(&v->pairs[k].path);
        }
    }
    if (rc != DRIFT_OK) return rc;
    v->pair_count = kept;
    return drift__part_describe(&v->part, &v->arena, v->schemas, v->source, options, err);
}

/* ---- one case ---- */

static int judge_paths(verification *v, drift__judgement *judgement, const drift__attempt *attempt, drift__original *o,
                       bool stepped, drift_error *err)
{
    if (v->options->no_paths) return DRIFT_OK;
    if (stepped) return drift__judge_fresh_rows(judgement, err);
    return drift__judge_routes(judgement, attempt, &o->reopened, &v->fresh, v->versions, v->version_count, err);
}

/* How a case is run, and what came of it. */
typedef struct case_run {
    bool stepped; /* on from where another ended; else from the original */
    bool clean;   /* the migration told nothing */
} case_run;

static int judge(verification *v, drift__judgement *judgement, drift__attempt *attempt, drift__original *o,
                 bool stepped, drift_error *err)
{
    drift_error why = {0};
    int rc = drift__judge_all(judgement, attempt, NULL, NULL, &why);
    if (rc == DRIFT_OK && !attempt->failed && !attempt->left_open)
        rc = judge_paths(v, judgement, attempt, o, stepped, &why);
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

/* What a migration left that succeeded is where others lead on. */
static void hand_on(const verification *v, const pair *p, drift__original *o, drift_connection **after,
                    const drift__attempt *attempt, bool clean, bool keys_hold)
{
    if (!leads_on(v, p)) return;
    if (v->stepping && clean && !o->stepped.over)
        drift__stepped_put(&o->stepped, after, attempt, keys_hold);
    else
        drift__reopened_take(&o->reopened, after, p->to);
}

/* What cannot be asked is not known to hold: the opening itself will tell. */
static int know_keys(drift__attempt *attempt, drift__facts *original, drift_error *err)
{
    drift_error why = {0};
    const int rc = drift__facts_keys_hold(&attempt->foreknown.keys_hold, original, &why);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

static int migrate(drift_connection **after, drift__attempt *attempt, verification *v, drift__original *o, bool stepped,
                   drift_error *err)
{
    int rc = note_start(v, o->connection, err);
    if (rc != DRIFT_OK) return rc;
    if (stepped) return drift__stepped_run(after, attempt, &o->stepped, err);
    rc = know_keys(attempt, &o->facts, err);
    if (rc == DRIFT_OK) rc = drift__world_clone(after, o->connection, v->options, err);
    return rc == DRIFT_OK ? drift__attempt_run(attempt, *after, err) : rc;
}

static drift__attempt attempt_of(const verification *v, const pair *p, const drift_schema *target)
{
    return (drift__attempt){.source = v->source,
                            .options = v->options,
                            .path = v->source->steps ? &p->path : NULL,
                            .target = target,
                            .from = p->from,
                            .to = p->to,
                            .expect = v->expect,
                            .foreknown.keeps_settings = v->keeps_settings};
}

static int migrate_and_judge(case_run *run, verification *v, const pair *p, drift__original *o,
                             const drift_schema *target, const char *data, drift_error *err)
{
    char step[32];
    drift_connection *after = NULL;
    const size_t told = drift__outcome_found(v->outcome);
    drift__attempt attempt = attempt_of(v, p, target);
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
    int rc = migrate(&after, &attempt, v, o, run->stepped, err);
    const bool failed = attempt.failed || attempt.left_open;
    judgement.after = now.connection = after;
    if (rc == DRIFT_OK && failed && !run->stepped) drift__expect_note_failure(v->expect, p->from, p->to);
    if (rc == DRIFT_OK) rc = judge(v, &judgement, &attempt, o, run->stepped, err);
    if (rc == DRIFT_OK && v->options->keep && !run->stepped && drift__outcome_found(v->outcome))
        rc = drift__keep_case(v->options->keep, data, &judgement, err);
    run->clean = rc == DRIFT_OK && !failed && drift__outcome_found(v->outcome) == told;
    if (rc == DRIFT_OK && !failed) hand_on(v, p, o, &after, &attempt, run->clean, now.keys_hold);
    drift__facts_dispose(&now);
    drift__attempt_dispose(&attempt);
    drift_connection_close(after);
    return rc;
}

static int note_steps(verification *v, const drift__path *path, drift_error *err)
{
    if (drift__reserve((void **)&v->steps, &v->step_capacity, path->count, sizeof *v->steps) != 0)
        return drift__no_memory(err);
    for (size_t i = 0; i < path->count; i++) v->steps[i] = (drift_run_step){path->steps[i]->from, path->steps[i]->to};
    drift__outcome_set_steps(v->outcome, v->steps, path->count);
    return DRIFT_OK;
}

/* What is known of a run before anything is migrated. */
static int begin_case(bool *usable, const drift_schema **target, verification *v, const pair *p, drift_data_level level,
                      drift_error *err)
{
    drift__original *o = &v->originals[level];
    drift_error why = {0};
    int rc = DRIFT_OK;
    *usable = false;
    drift__outcome_begin_run(v->outcome, p->from, p->to, drift_data_level_name(level));
    rc = note_steps(v, &p->path, err);
    if (rc == DRIFT_OK && o->version != p->from)
        rc = drift__original_build(o, v->schemas, p->from, level, v->options, v->expect, &v->known, err);
    if (rc != DRIFT_OK) return rc;
    drift__outcome_set_rows(v->outcome, o->rows);
    rc = drift__original_tell(usable, o, v->outcome, err);
    if (rc != DRIFT_OK || !*usable) return rc;
    rc = v->schemas->schema(target, p->to, v->schemas->payload, &why);
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    *usable = rc == DRIFT_OK;
    if (rc != DRIFT_OK) drift__tell_build_error(v->outcome, &why);
    return DRIFT_OK;
}

/* An expectation is judged at each step, of a way that begins at the original. */
static bool is_expected_of(const verification *v, const pair *p)
{
    return drift__expect_has_step(v->expect, p->from, p->to) ||
           drift__expect_next_cut(v->expect, p->from, p->to) != p->to;
}

/* Nothing is built for it: that may have been what the process died of. */
static int tell_lost(verification *v, const pair *p, const drift__lost_run *lost, drift_error *err)
{
    drift__lost_tell(v->outcome, lost, p->path.count);
    drift__expect_note_failure(v->expect, p->from, p->to);
    return note_steps(v, &p->path, err);
}

/* The case is run by itself if it does not lie on the way, or if anything was found there. */
static int run_case(verification *v, const pair *p, drift_data_level level, drift_error *err)
{
    drift__original *o = &v->originals[level];
    const char *data = drift_data_level_name(level);
    const drift__lost_run *lost = drift__lost_find(v->lost, v->lost_count, p->from, p->to, data);
    const drift_schema *target = NULL;
    case_run run = {.stepped = false};
    bool usable = false;
    if (lost) return tell_lost(v, p, lost, err);
    int rc = begin_case(&usable, &target, v, p, level, err);
    if (rc != DRIFT_OK || !usable) return rc;
    run.stepped = v->stepping && drift__stepped_leads_to(&o->stepped, &p->path) && !is_expected_of(v, p);
    rc = migrate_and_judge(&run, v, p, o, target, data, err);
    if (rc != DRIFT_OK || !run.stepped) return rc;
    if (run.clean) {
        drift__outcome_set_stepped(v->outcome);
        return DRIFT_OK;
    }
    drift__stepped_dispose(&o->stepped);
    o->stepped.over = true;
    rc = begin_case(&usable, &target, v, p, level, err);
    return rc == DRIFT_OK && usable ? migrate_and_judge(&(case_run){.stepped = false}, v, p, o, target, data, err) : rc;
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
    drift__expect_begin_case(v->expect, p->from, p->to);
    const int rc = run_case(v, p, level, err);
    if (rc != DRIFT_OK) return rc;
    const drift_run *run = drift__outcome_end_run(v->outcome, drift__clock_us() - begun);
    if (run && listener && listener->run_ended) listener->run_ended(run, number, v->run_count, listener->payload);
    return DRIFT_OK;
}

/* ---- from version to version ---- */

/* What running each pair by itself costs, and what the way costs with its sample, in steps. */
static bool saves_steps(const verification *v)
{
    size_t alone = 0, stepped = 0, longest = 0;
    for (size_t i = 0; i < v->pair_count; i++) {
        const pair *p = &v->pairs[i];
        const bool goes_on = i && p[-1].from == p->from;
        alone += p->path.count;
        stepped += p->path.count - (goes_on ? p[-1].path.count : 0);
        if (p->path.count > longest) longest = p->path.count;
    }
    return alone > stepped + 2 * longest;
}

static const pair *longest_pair(const verification *v)
{
    const pair *longest = v->pairs;
    for (size_t i = 1; i < v->pair_count; i++) {
        if (v->pairs[i].path.count > longest->path.count) longest = &v->pairs[i];
    }
    return longest;
}

/* The longest way, which is the first start's where all pairs are run. */
static int sample(verification *v, drift_data_level level, drift_error *err)
{
    drift__original *o = &v->originals[level];
    const drift_schema *target = NULL;
    const pair *p = longest_pair(v);
    int rc = drift__original_build(o, v->schemas, p->from, level, v->options, v->expect, &v->known, err);
    if (rc != DRIFT_OK) return rc;
    drift_error why = {0};
    rc = v->schemas->schema(&target, p->to, v->schemas->payload, &why);
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    v->stepping = rc == DRIFT_OK && !o->why.code;
    if (!v->stepping) return DRIFT_OK;
    drift__attempt attempt = attempt_of(v, p, target);
    attempt.expect = NULL;
    attempt.unaudited = true;
    return drift__stepping_sample(&v->stepping, &attempt, o->connection, v->schemas, v->versions, v->version_count,
                                  err);
}

/* Once, in the process that runs. */
static int choose_stepping(verification *v, drift_error *err)
{
    if (v->has_chosen) return DRIFT_OK;
    v->has_chosen = true;
    v->keeps_settings =
        v->source->steps && !v->options->setup && drift__steps_keep_apart(v->source->steps, v->options->runner);
    if (!v->source->steps || !saves_steps(v)) return DRIFT_OK;
    int rc = drift__stepping_fits(&v->stepping, v->source, v->schemas, v->options, err);
    for (int level = 0; rc == DRIFT_OK && v->stepping && level < LEVEL_COUNT; level++) {
        if (v->levels >> level & 1u) rc = sample(v, (drift_data_level)level, err);
    }
    return rc;
}

/* ---- */

static int run_pairs(verification *v, size_t first, size_t count, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = first; i < first + count; i++) {
        for (int level = 0; rc == DRIFT_OK && level < LEVEL_COUNT; level++) {
            if (v->levels >> level & 1u) rc = run_level(v, &v->pairs[i], (drift_data_level)level, err);
        }
    }
    return rc;
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
    int rc = require_source(v->source, err);
    if (rc == DRIFT_OK) rc = select_pairs(v, err);
    if (rc == DRIFT_OK) rc = select_shard(v, err);
    if (rc != DRIFT_OK) return rc;
    v->levels = levels_of(v->options);
    if (!v->levels) return drift__error(err, DRIFT_MISUSE, "no level of data is selected");
    for (int level = 0; level < LEVEL_COUNT; level++) v->run_count += (v->levels >> level & 1u) * v->pair_count;
    return drift__expect_begin(&v->expect, v->options->expect, v->schemas, err);
}

static int begin_outcome(verification *v, drift_error *err)
{
    const drift_migration_source *source = v->source;
    const char *name = source->steps        ? source->steps->path
                       : source->definition ? source->definition->name
                                            : source->command;
    const int rc = drift__outcome_begin(&v->outcome, v->schemas->name, name, runner_name(v), v->options->seed, err);
    if (rc == DRIFT_OK && v->options->expect) drift__outcome_set_expectations(v->outcome, v->options->expect->source);
    return rc;
}

/* Runs some pairs, and gives what they showed: a part, unless that is NULL. */
static int run(drift_outcome **out, verification *v, size_t first, size_t count, const drift_part *part,
               drift_error *err)
{
    *out = NULL;
    int rc = choose_stepping(v, err);
    if (rc == DRIFT_OK) rc = begin_outcome(v, err);
    if (rc == DRIFT_OK && part) drift__outcome_set_part(v->outcome, part);
    if (rc == DRIFT_OK) rc = run_pairs(v, first, count, err);
    if (rc == DRIFT_OK) rc = drift__expect_finish(v->expect, v->outcome, v->options, err);
    if (rc == DRIFT_OK)
        rc = drift__outcome_finish(out, v->outcome, v->version_count, count, err);
    else
        drift__outcome_abandon(v->outcome);
    v->outcome = NULL;
    return rc;
}

int drift__verification_begin(drift__verification **out, const drift_schema_provider *schemas,
                              const drift_migration_source *source, const drift_verify_options *options,
                              drift_error *err)
{
    static const drift_verify_options defaults = {0};
    verification *v = drift__calloc(1, sizeof *v);
    *out = v;
    if (!v) return drift__no_memory(err);
    v->schemas = schemas;
    v->source = source;
    v->options = options ? options : &defaults;
    const int rc = begin(v, err);
    if (rc == DRIFT_OK) return rc;
    drift__verification_free(v);
    *out = NULL;
    return rc;
}

size_t drift__verification_runs(const drift__verification *v)
{
    return v->run_count;
}

void drift__verification_set_lost(drift__verification *v, const drift__lost_run *lost, size_t count)
{
    v->lost = lost;
    v->lost_count = count;
}

int drift__verification_divide(size_t *portions, drift__verification *v, size_t workers, drift_error *err)
{
    const int rc = divide(v, workers, err);
    if (rc == DRIFT_OK && !v->portion_count) v->portion_count = 1; /* a shard without pairs */
    *portions = rc == DRIFT_OK ? v->portion_count : 0;
    return rc;
}

int drift__verification_run(drift_outcome **out, drift__verification *v, size_t portion, drift_error *err)
{
    const drift__portion *pairs = &v->portions[portion];
    const bool is_shard = v->options->shards != 0;
    const drift_part part = {.index = portion + 1,
                             .count = v->portion_count,
                             .schemas = is_shard ? v->part.schemas : "",
                             .migrations = is_shard ? v->part.migrations : "",
                             .options = is_shard ? v->part.options : ""};
    return run(out, v, pairs->first, pairs->count, &part, err);
}

void drift__verification_free(drift__verification *v)
{
    if (!v) return;
    drift__expect_free(v->expect);
    for (int level = 0; level < LEVEL_COUNT; level++) drift__original_dispose(&v->originals[level]);
    drift__fresh_dispose(&v->fresh);
    drift__valid_rows_dispose(&v->valid);
    drift__known_dispose(&v->known);
    for (size_t i = 0; i < v->pair_count; i++) drift__path_dispose(&v->pairs[i].path);
    drift__arena_dispose(&v->arena);
    drift__free(v->portions);
    drift__free(v->steps);
    drift__free(v->pairs);
    drift__free(v);
}

int drift_verify_migrations(drift_outcome **out, const drift_schema_provider *schemas,
                            const drift_migration_source *source, const drift_verify_options *options, drift_error *err)
{
    drift__verification *v = NULL;
    *out = NULL;
    int rc = drift__verification_begin(&v, schemas, source, options, err);
    if (rc == DRIFT_OK) rc = run(out, v, 0, v->pair_count, v->options->shards ? &v->part : NULL, err);
    drift__verification_free(v);
    return rc;
}
