/* judge.c — what can be said only once all runs are there: which step is to blame, which expectation is stale, which
 * tables had no rows. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "outcome/builder.h"

static int by_versions(const drift_run *run, int from, int to)
{
    if (run->from != from) return run->from < from ? -1 : 1;
    return run->to < to ? -1 : run->to > to;
}

/* The first run of a pair, or where it would stand. */
static size_t find_pair(const drift_outcome *outcome, int from, int to)
{
    size_t low = 0;
    for (size_t high = outcome->run_count; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (by_versions(&outcome->runs[middle], from, to) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- which step is to blame ---- */

static const drift_run *run_of_step(const drift_outcome *outcome, const drift_run_step *step, const char *data)
{
    for (size_t i = find_pair(outcome, step->from, step->to);
         i < outcome->run_count && by_versions(&outcome->runs[i], step->from, step->to) == 0; i++) {
        const drift_run *run = &outcome->runs[i];
        if (run->step_count == 1 && strcmp(run->data, data) == 0) return run;
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

/* The first step whose own run found the like. */
static const drift_run_step *blame(const drift_outcome *outcome, const drift_run *run, const drift_finding *finding)
{
    for (size_t i = 0; i < run->step_count; i++) {
        const drift_run *alone = run_of_step(outcome, &run->steps[i], run->data);
        if (alone && found_alike(alone, finding)) return &run->steps[i];
    }
    return NULL;
}

static void attribute_run(drift__outcome_builder *builder, drift_run *run)
{
    drift_finding *findings = drift__arena_copy(&builder->arena, run->findings, run->finding_count, sizeof *findings);
    for (size_t i = 0; findings && i < run->finding_count; i++) {
        const drift_run_step *step = findings[i].step ? NULL : blame(&builder->outcome, run, &findings[i]);
        if (step) findings[i].step = drift__arena_printf(&builder->arena, "%d->%d", step->from, step->to);
    }
    if (findings) run->findings = findings;
}

static void attribute(drift__outcome_builder *builder)
{
    for (size_t i = 0; !builder->failed && i < builder->outcome.run_count; i++) {
        if (builder->runs[i].finding_count) attribute_run(builder, &builder->runs[i]);
    }
}

/* ---- what is stale ---- */

/* The run that shows a step best: the first that is this step alone, else the first whose versions lie around it, else
 * the last. */
static size_t showing(const drift_outcome *outcome, int from, int to)
{
    const size_t alone = find_pair(outcome, from, to);
    if (alone < outcome->run_count && by_versions(&outcome->runs[alone], from, to) == 0) return alone;
    for (size_t i = 0; i < outcome->run_count; i++) {
        if (outcome->runs[i].from <= from && outcome->runs[i].to >= to) return i;
    }
    return outcome->run_count - 1;
}

static void tell_stale(drift__outcome_builder *builder, const drift_evidence *e, const char *why)
{
    const drift_finding finding = {
        .code = DRIFT_FINDING_EXPECT_STALE,
        .object = e->object,
        .step = drift__arena_printf(&builder->arena, "%d->%d", e->from, e->to),
        .expected = e->value,
        .message = drift__arena_printf(&builder->arena, "%s: %s", e->kind, why),
    };
    drift__outcome_find_late(builder, showing(&builder->outcome, e->from, e->to), &finding);
}

static void judge_expectations(drift__outcome_builder *builder)
{
    for (size_t i = 0; builder->outcome.run_count && i < builder->part.expectation_count; i++) {
        const drift_evidence *e = &builder->part.expectations[i];
        if (e->fault)
            tell_stale(builder, e, e->fault);
        else if (e->ran && !e->effective && !e->unjudged)
            tell_stale(builder, e, "its step ran with rows in the table, and it never took effect");
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

/* ---- */

void drift__outcome_judge(drift__outcome_builder *builder)
{
    if (!builder->outcome.part) {
        attribute(builder);
        judge_expectations(builder);
    }
    note_all_empty(builder);
}
