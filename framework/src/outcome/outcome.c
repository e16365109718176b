/* outcome.c — an outcome grows run by run in growing arrays, its texts in one arena. */
#include "outcome/outcome.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"

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

struct drift__outcome_builder {
    drift_outcome outcome; /* first: drift_outcome_free gets its address */
    drift__arena arena;
    drift_run *runs;
    size_t run_capacity;
    drift_finding *findings; /* of the current run */
    size_t finding_count, finding_capacity;
    drift_ledger_entry *ledger; /* of the current run */
    size_t ledger_count, ledger_capacity;
    drift__map names; /* of tables and columns, each once in the arena */
    int failed;
};

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

void drift__outcome_set_expectations(drift__outcome_builder *builder, const char *source)
{
    builder->outcome.expectations = drift__arena_strdup(&builder->arena, source);
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

static drift_finding copy_finding(drift__arena *arena, const drift_finding *finding)
{
    return (drift_finding){
        .code = finding->code,
        .object = drift__arena_strdup(arena, finding->object),
        .step = drift__arena_strdup(arena, finding->step),
        .expected = drift__arena_strdup(arena, finding->expected),
        .actual = drift__arena_strdup(arena, finding->actual),
        .message = drift__arena_strdup(arena, finding->message ? finding->message : meaning_of(finding->code)),
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
    const char *copy = drift__arena_strdup(&builder->arena, name);
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

const drift_outcome *drift__outcome_so_far(const drift__outcome_builder *builder)
{
    return &builder->outcome;
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

/* ---- tables that stayed empty ---- */

static const drift_ledger_entry *entry_of(const drift_run *run, const char *table, size_t guess)
{
    if (guess < run->ledger_count && strcmp(run->ledger[guess].table, table) == 0) return &run->ledger[guess];
    for (size_t i = 0; i < run->ledger_count && run->ledger[i].from == run->from; i++) {
        if (strcmp(run->ledger[i].table, table) == 0) return &run->ledger[i];
    }
    return NULL;
}

/* Whether some run before this one told of the table, or any run found rows in it. */
static bool is_told_or_filled(const drift_outcome *outcome, size_t index, const drift_ledger_entry *entry, size_t guess)
{
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        if (run->from != entry->from || !run->rows) continue;
        const drift_ledger_entry *other = entry_of(run, entry->table, guess);
        if (other && (other->rows_in || i < index)) return true;
    }
    return false;
}

static void note_empty(drift__outcome_builder *builder, drift_empty_table **list, size_t *capacity, size_t index)
{
    drift_outcome *outcome = &builder->outcome;
    const drift_run *run = &outcome->runs[index];
    for (size_t i = 0; i < run->ledger_count && run->ledger[i].from == run->from; i++) {
        const drift_ledger_entry *entry = &run->ledger[i];
        if (entry->kind == DRIFT_LEDGER_ADDED || entry->rows_in || is_told_or_filled(outcome, index, entry, i))
            continue;
        if (drift__reserve((void **)list, capacity, outcome->empty_table_count + 1, sizeof **list) != 0) {
            builder->failed = 1;
            return;
        }
        (*list)[outcome->empty_table_count++] = (drift_empty_table){run->from, entry->table};
    }
}

static void note_all_empty(drift__outcome_builder *builder)
{
    drift_outcome *outcome = &builder->outcome;
    drift_empty_table *list = NULL;
    size_t capacity = 0;
    for (size_t i = 0; !builder->failed && i < outcome->run_count; i++) {
        if (outcome->runs[i].rows) note_empty(builder, &list, &capacity, i);
    }
    outcome->empty_tables = drift__arena_copy(&builder->arena, list, outcome->empty_table_count, sizeof *list);
    drift__free(list);
}

int drift__outcome_finish(drift_outcome **out, drift__outcome_builder *builder, size_t versions, size_t pairs,
                          drift_error *err)
{
    *out = NULL;
    note_all_empty(builder);
    if (builder->failed || builder->arena.failed) {
        drift__outcome_abandon(builder);
        return drift__no_memory(err);
    }
    builder->outcome.summary.versions = versions;
    builder->outcome.summary.pairs = pairs;
    *out = &builder->outcome;
    return DRIFT_OK;
}
