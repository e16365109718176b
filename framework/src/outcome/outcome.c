/* outcome.c — an outcome grows run by run in growing arrays, its texts in one arena. */
#include "outcome/outcome.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"

const char *drift_finding_code_name(drift_finding_code code)
{
    static const char *const names[] = {
#define FACET_CODE(name, text, word) text,
        DRIFT_FACET_MAP(FACET_CODE)
#undef FACET_CODE
#define FINDING_CODE(name, text, meaning) text,
            DRIFT_FINDING_MAP(FINDING_CODE)
#undef FINDING_CODE
    };
    return (size_t)code < sizeof names / sizeof names[0] ? names[code] : NULL;
}

static const char *meaning_of(drift_finding_code code)
{
    switch (code) {
#define FINDING_MEANING(name, text, meaning) \
    case DRIFT_FINDING_##name: return meaning;
        DRIFT_FINDING_MAP(FINDING_MEANING)
#undef FINDING_MEANING
    default: return "the schema differs from the target's snapshot";
    }
}

const char *drift_run_status_name(drift_run_status status)
{
    switch (status) {
#define STATUS_WORD(name, word) \
    case DRIFT_RUN_##name: return word;
        DRIFT_RUN_STATUS_MAP(STATUS_WORD)
#undef STATUS_WORD
    default: return NULL;
    }
}

struct drift__outcome_builder {
    drift_outcome outcome; /* first: drift_outcome_free gets its address */
    drift__arena arena;
    drift_run *runs;
    size_t run_capacity;
    drift_finding *findings; /* of the current run */
    size_t finding_count, finding_capacity;
    int failed;
};

void drift_outcome_free(drift_outcome *outcome)
{
    drift__outcome_builder *builder = (drift__outcome_builder *)outcome;
    if (!builder) return;
    drift__arena_dispose(&builder->arena);
    drift__free(builder->findings);
    drift__free(builder->runs);
    drift__free(builder);
}

void drift__outcome_abandon(drift__outcome_builder *builder)
{
    drift_outcome_free((drift_outcome *)builder);
}

int drift__outcome_begin(drift__outcome_builder **out, const char *schemas, const char *migrations, const char *runner,
                         int64_t seed, drift_error *err)
{
    drift__outcome_builder *builder = drift__calloc(1, sizeof *builder);
    *out = builder;
    if (!builder) return drift__no_memory(err);
    builder->outcome.schemas = drift__arena_strdup(&builder->arena, schemas);
    builder->outcome.migrations = drift__arena_strdup(&builder->arena, migrations);
    builder->outcome.runner = drift__arena_strdup(&builder->arena, runner);
    builder->outcome.seed = seed;
    return DRIFT_OK;
}

static drift_run *current(drift__outcome_builder *builder)
{
    return &builder->runs[builder->outcome.run_count];
}

void drift__outcome_begin_run(drift__outcome_builder *builder, int from, int to, const char *data)
{
    if (drift__reserve((void **)&builder->runs, &builder->run_capacity, builder->outcome.run_count + 1,
                       sizeof *builder->runs) != 0) {
        builder->failed = 1;
        return;
    }
    builder->finding_count = 0;
    *current(builder) = (drift_run){.from = from, .to = to, .data = drift__arena_strdup(&builder->arena, data)};
}

void drift__outcome_set_rows(drift__outcome_builder *builder, int64_t rows)
{
    if (!builder->failed) current(builder)->rows = rows;
}

void drift__outcome_set_started_at(drift__outcome_builder *builder, int version)
{
    if (!builder->failed) current(builder)->started_at = version;
}

void drift__outcome_find(drift__outcome_builder *builder, const drift_finding *finding)
{
    drift__arena *arena = &builder->arena;
    if (builder->failed || drift__reserve((void **)&builder->findings, &builder->finding_capacity,
                                          builder->finding_count + 1, sizeof *builder->findings) != 0) {
        builder->failed = 1;
        return;
    }
    builder->findings[builder->finding_count++] = (drift_finding){
        .code = finding->code,
        .object = drift__arena_strdup(arena, finding->object),
        .step = drift__arena_strdup(arena, finding->step),
        .expected = drift__arena_strdup(arena, finding->expected),
        .actual = drift__arena_strdup(arena, finding->actual),
        .message = drift__arena_strdup(arena, finding->message ? finding->message : meaning_of(finding->code)),
    };
}

size_t drift__outcome_found(const drift__outcome_builder *builder)
{
    return builder->finding_count;
}

static drift_run_status status_of(const drift_finding *findings, size_t count)
{
    drift_run_status status = DRIFT_RUN_PASSED;
    for (size_t i = 0; i < count; i++) {
        if (findings[i].code == DRIFT_FINDING_ERROR_BUILD || findings[i].code == DRIFT_FINDING_ERROR_SEED)
            return DRIFT_RUN_ERROR;
        status = DRIFT_RUN_FAILED;
    }
    return status;
}

static void count(drift_outcome_summary *summary, const drift_run *run)
{
    summary->runs++;
    summary->findings += run->finding_count;
    switch (run->status) {
    case DRIFT_RUN_PASSED: summary->passed++; break;
    case DRIFT_RUN_FAILED: summary->failed++; break;
    case DRIFT_RUN_ERROR: summary->errors++; break;
    }
}

const drift_run *drift__outcome_end_run(drift__outcome_builder *builder, int64_t duration_us)
{
    if (builder->failed) return NULL;
    drift_run *run = current(builder);
    run->status = status_of(builder->findings, builder->finding_count);
    run->duration_us = duration_us;
    run->findings =
        drift__arena_copy(&builder->arena, builder->findings, builder->finding_count, sizeof *builder->findings);
    run->finding_count = builder->finding_count;
    if (builder->arena.failed) {
        builder->failed = 1;
        return NULL;
    }
    builder->outcome.run_count++;
    builder->outcome.runs = builder->runs;
    count(&builder->outcome.summary, run);
    return run;
}

static void attribute_run(drift__outcome_builder *builder, drift_run *run, drift__step_of_fn step_of, void *payload)
{
    drift_finding *findings = drift__arena_copy(&builder->arena, run->findings, run->finding_count, sizeof *findings);
    for (size_t i = 0; findings && i < run->finding_count; i++) {
        const char *step = findings[i].step ? NULL : step_of(&builder->outcome, run, &findings[i], payload);
        if (step) findings[i].step = drift__arena_strdup(&builder->arena, step);
    }
    if (findings) run->findings = findings;
}

void drift__outcome_attribute(drift__outcome_builder *builder, drift__step_of_fn step_of, void *payload)
{
    for (size_t i = 0; !builder->failed && i < builder->outcome.run_count; i++) {
        if (builder->runs[i].finding_count) attribute_run(builder, &builder->runs[i], step_of, payload);
    }
}

int drift__outcome_finish(drift_outcome **out, drift__outcome_builder *builder, size_t versions, size_t pairs,
                          drift_error *err)
{
    *out = NULL;
    if (builder->failed || builder->arena.failed) {
        drift__outcome_abandon(builder);
        return drift__no_memory(err);
    }
    builder->outcome.summary.versions = versions;
    builder->outcome.summary.pairs = pairs;
    *out = &builder->outcome;
    return DRIFT_OK;
}
