/* outcome.c — an outcome grows run by run in growing arrays, its texts in one arena. */
#include "outcome/outcome.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"
#include "outcome/builder.h"

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

const char *drift_ledger_kind_name(drift_ledger_kind kind)
{
    switch (kind) {
#define KIND_WORD(name, word, text) \
    case DRIFT_LEDGER_##name: return word;
        DRIFT_LEDGER_MAP(KIND_WORD)
#undef KIND_WORD
    default: return NULL;
    }
}

void drift_outcome_free(drift_outcome *outcome)
{
    drift__outcome_builder *builder = (drift__outcome_builder *)outcome;
    if (!builder) return;
    drift__arena_dispose(&builder->arena);
    drift__map_dispose(&builder->names);
    drift__free(builder->ledger);
    drift__free(builder->findings);
    drift__free(builder->runs);
    drift__free(builder);
}

void drift__outcome_abandon(drift__outcome_builder *builder)
{
    drift_outcome_free((drift_outcome *)builder);
}

/* A report is UTF-8, whatever bytes a migration gave its tables as names. */
static const char *copy_text(drift__arena *arena, const char *text)
{
    const size_t length = text ? strlen(text) : 0;
    if (!text || drift__utf8_valid(text, length)) return drift__arena_strdup(arena, text);
    drift__str valid = DRIFT__STR_INIT;
    for (const char *at = text, *end = text + length; at < end;) {
        const size_t size = drift__utf8_next(at, end);
        const bool is_valid = drift__utf8_valid(at, size);
        drift__str_putn(&valid, is_valid ? at : "\xef\xbf\xbd", is_valid ? size : 3);
        at += size;
    }
    const char *copy = valid.failed ? NULL : drift__arena_strndup(arena, drift__str_text(&valid), valid.length);
    if (!copy) arena->failed = 1;
    drift__str_dispose(&valid);
    return copy;
}

int drift__outcome_begin(drift__outcome_builder **out, const char *schemas, const char *migrations, const char *runner,
                         int64_t seed, drift_error *err)
{
    drift__outcome_builder *builder = drift__calloc(1, sizeof *builder);
    *out = builder;
    if (!builder) return drift__no_memory(err);
    builder->outcome.schemas = copy_text(&builder->arena, schemas);
    builder->outcome.migrations = copy_text(&builder->arena, migrations);
    builder->outcome.runner = copy_text(&builder->arena, runner);
    builder->outcome.seed = seed;
    return DRIFT_OK;
}

void drift__outcome_set_tool(drift__outcome_builder *builder, const char *tool, const char *sqlite)
{
    builder->outcome.tool = copy_text(&builder->arena, tool);
    builder->outcome.sqlite = copy_text(&builder->arena, sqlite);
}

void drift__outcome_set_expectations(drift__outcome_builder *builder, const char *source)
{
    builder->outcome.expectations = copy_text(&builder->arena, source);
}

void drift__outcome_set_part(drift__outcome_builder *builder, const drift_part *part)
{
    builder->part.index = part->index;
    builder->part.count = part->count;
    builder->part.schemas = copy_text(&builder->arena, part->schemas);
    builder->part.migrations = copy_text(&builder->arena, part->migrations);
    builder->part.options = copy_text(&builder->arena, part->options);
    builder->outcome.part = &builder->part;
}

void drift__outcome_set_evidence(drift__outcome_builder *builder, const drift_evidence *list, size_t count)
{
    drift_evidence *copies = drift__arena_copy(&builder->arena, list, count, sizeof *list);
    for (size_t i = 0; copies && i < count; i++) {
        copies[i].kind = copy_text(&builder->arena, list[i].kind);
        copies[i].object = copy_text(&builder->arena, list[i].object);
        copies[i].value = copy_text(&builder->arena, list[i].value);
        copies[i].fault = copy_text(&builder->arena, list[i].fault);
    }
    builder->part.expectations = copies;
    builder->part.expectation_count = copies ? count : 0;
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
    builder->ledger_count = 0;
    *current(builder) = (drift_run){.from = from, .to = to, .data = copy_text(&builder->arena, data)};
}

void drift__outcome_set_rows(drift__outcome_builder *builder, int64_t rows)
{
    if (!builder->failed) current(builder)->rows = rows;
}

void drift__outcome_set_started_at(drift__outcome_builder *builder, int version)
{
    if (!builder->failed) current(builder)->started_at = version;
}

void drift__outcome_set_steps(drift__outcome_builder *builder, const drift_run_step *steps, size_t count)
{
    if (builder->failed) return;
    const size_t before = builder->outcome.run_count;
    const drift_run *last = before ? &builder->runs[before - 1] : NULL;
    /* The levels of a pair go one way. */
    const bool known =
        last && last->step_count == count && (!count || memcmp(last->steps, steps, count * sizeof *steps) == 0);
    current(builder)->steps = known ? last->steps : drift__arena_copy(&builder->arena, steps, count, sizeof *steps);
    current(builder)->step_count = count;
}

void drift__outcome_set_stepped(drift__outcome_builder *builder)
{
    if (!builder->failed) current(builder)->stepped = true;
}

static drift_finding copy_finding(drift__arena *arena, const drift_finding *finding)
{
    return (drift_finding){
        .code = finding->code,
        .object = copy_text(arena, finding->object),
        .step = copy_text(arena, finding->step),
        .expected = copy_text(arena, finding->expected),
        .actual = copy_text(arena, finding->actual),
        .message = copy_text(arena, finding->message ? finding->message : meaning_of(finding->code)),
    };
}

void drift__outcome_find(drift__outcome_builder *builder, const drift_finding *finding)
{
    if (builder->failed || drift__reserve((void **)&builder->findings, &builder->finding_capacity,
                                          builder->finding_count + 1, sizeof *builder->findings) != 0) {
        builder->failed = 1;
        return;
    }
    builder->findings[builder->finding_count++] = copy_finding(&builder->arena, finding);
}

size_t drift__outcome_found(const drift__outcome_builder *builder)
{
    return builder->finding_count;
}

drift_run drift__outcome_current(const drift__outcome_builder *builder)
{
    if (builder->failed) return (drift_run){0};
    drift_run run = builder->runs[builder->outcome.run_count];
    run.findings = builder->findings;
    run.finding_count = builder->finding_count;
    run.ledger = builder->ledger;
    run.ledger_count = builder->ledger_count;
    return run;
}

/* The same names stand in the ledger of every run. Names that differ in case share one slot of the map. */
static const char *intern(drift__outcome_builder *builder, const char *name)
{
    const char *known = name ? drift__map_get(&builder->names, name) : NULL;
    if (!name || (known && strcmp(known, name) == 0)) return known;
    const char *copy = copy_text(&builder->arena, name);
    if (!known && copy && drift__map_put(&builder->names, copy, copy, NULL) != 0) builder->failed = 1;
    return copy;
}

void drift__outcome_enter(drift__outcome_builder *builder, const drift_ledger_entry *entry)
{
    drift_ledger_column *columns = drift__arena_array(&builder->arena, entry->column_count, sizeof *columns);
    if (builder->failed || !columns ||
        drift__reserve((void **)&builder->ledger, &builder->ledger_capacity, builder->ledger_count + 1,
                       sizeof *builder->ledger) != 0) {
        builder->failed = 1;
        return;
    }
    for (size_t i = 0; i < entry->column_count; i++) {
        columns[i] = entry->columns[i];
        columns[i].column = intern(builder, entry->columns[i].column);
        columns[i].renamed = intern(builder, entry->columns[i].renamed);
    }
    drift_ledger_entry *copy = &builder->ledger[builder->ledger_count++];
    *copy = *entry;
    copy->table = intern(builder, entry->table);
    copy->renamed = intern(builder, entry->renamed);
    copy->columns = columns;
}

static drift_run_status status_of(const drift_finding *findings, size_t count)
{
    drift_run_status status = DRIFT_RUN_PASSED;
    for (size_t i = 0; i < count; i++) {
        if (findings[i].code >= DRIFT_FINDING_ERROR_BUILD) return DRIFT_RUN_ERROR; /* error.* stand last */
        status = DRIFT_RUN_FAILED;
    }
    return status;
}

/* `sign` 1 counts a run, -1 takes it back. */
static void count(drift_outcome_summary *summary, const drift_run *run, int sign)
{
    const size_t one = (size_t)sign; /* unsigned arithmetic wraps */
    summary->runs += one;
    summary->findings += one * run->finding_count;
    summary->stepped += run->stepped ? one : 0;
    switch (run->status) {
    case DRIFT_RUN_PASSED: summary->passed += one; break;
    case DRIFT_RUN_FAILED: summary->failed += one; break;
    case DRIFT_RUN_ERROR: summary->errors += one; break;
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
    run->ledger = drift__arena_copy(&builder->arena, builder->ledger, builder->ledger_count, sizeof *builder->ledger);
    run->ledger_count = builder->ledger_count;
    if (builder->arena.failed) {
        builder->failed = 1;
        return NULL;
    }
    builder->outcome.run_count++;
    builder->outcome.runs = builder->runs;
    count(&builder->outcome.summary, run, 1);
    return run;
}

void drift__outcome_find_late(drift__outcome_builder *builder, size_t run, const drift_finding *finding)
{
    if (builder->failed) return;
    drift_run *found = &builder->runs[run];
    drift_finding *findings = drift__arena_array(&builder->arena, found->finding_count + 1, sizeof *findings);
    if (!findings) {
        builder->failed = 1;
        return;
    }
    count(&builder->outcome.summary, found, -1);
    for (size_t i = 0; i < found->finding_count; i++) findings[i] = found->findings[i];
    findings[found->finding_count++] = copy_finding(&builder->arena, finding);
    found->findings = findings;
    found->status = status_of(findings, found->finding_count);
    count(&builder->outcome.summary, found, 1);
}

int drift__outcome_finish(drift_outcome **out, drift__outcome_builder *builder, size_t versions, size_t pairs,
                          drift_error *err)
{
    *out = NULL;
    if (!builder->failed) drift__outcome_judge(builder);
    if (builder->failed || builder->arena.failed) {
        drift__outcome_abandon(builder);
        return drift__no_memory(err);
    }
    builder->outcome.summary.versions = versions;
    builder->outcome.summary.pairs = pairs;
    *out = &builder->outcome;
    return DRIFT_OK;
}
