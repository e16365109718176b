/* merge.c — parts of a verification into the whole: their runs in the whole's order, their evidence together, and then
 * judged as the whole is. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "outcome/builder.h"

typedef struct owned_run {
    const drift_run *run;
    size_t part;
} owned_run;

typedef struct merging {
    const drift_outcome *const *parts;
    const char *const *names;
    size_t count;
    owned_run *runs; /* of all parts, in the order of the whole */
    size_t run_count;
    drift_evidence *evidence;
} merging;

/* ---- whether they belong together ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static int refuse(drift_error *err, const merging *m, size_t index, const char *what, const char *expected,
                  const char *found)
{
    drift__error_at(err, DRIFT_FORMAT, m->names[index], 0, 0, 0, "expected the %s of %s, %s%s%s, found %s%s%s", what,
                    m->names[0], expected ? "\"" : "", expected ? expected : "none", expected ? "\"" : "",
                    found ? "\"" : "", found ? found : "none", found ? "\"" : "");
    drift__error_hint(err, "only shards of one verification can be merged");
    return DRIFT_FORMAT;
}

/* What was verified, and by what. */
static int check_same(const merging *m, size_t index, drift_error *err)
{
    const drift_outcome *a = m->parts[0], *b = m->parts[index];
    const struct {
        const char *what, *a, *b;
    } texts[] = {
        {"version of drift", a->tool, b->tool},
        {"version of SQLite", a->sqlite, b->sqlite},
        {"folder of schemas", a->schemas, b->schemas},
        {"digest of the schemas", a->part->schemas, b->part->schemas},
        {"migrations", a->migrations, b->migrations},
        {"digest of the migrations", a->part->migrations, b->part->migrations},
        {"runner", a->runner, b->runner},
        {"file of expectations", a->expectations, b->expectations},
        {"options", a->part->options, b->part->options},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!same_text(texts[i].a, texts[i].b)) return refuse(err, m, index, texts[i].what, texts[i].a, texts[i].b);
    }
    if (a->seed != b->seed)
        return drift__error_at(err, DRIFT_FORMAT, m->names[index], 0, 0, 0, "expected the seed of %s, %lld, found %lld",
                               m->names[0], (long long)a->seed, (long long)b->seed);
    if (a->summary.versions != b->summary.versions)
        return drift__error_at(err, DRIFT_FORMAT, m->names[index], 0, 0, 0,
                               "expected as many versions as in %s, %zu, found %zu", m->names[0], a->summary.versions,
                               b->summary.versions);
    return DRIFT_OK;
}

static bool same_expectation(const drift_evidence *a, const drift_evidence *b)
{
    return a->from == b->from && a->to == b->to && same_text(a->kind, b->kind) && same_text(a->object, b->object) &&
           same_text(a->value, b->value);
}

static int check_expectations(const merging *m, size_t index, drift_error *err)
{
    const drift_part *a = m->parts[0]->part, *b = m->parts[index]->part;
    bool same = a->expectation_count == b->expectation_count;
    for (size_t i = 0; same && i < a->expectation_count; i++)
        same = same_expectation(&a->expectations[i], &b->expectations[i]);
    if (same) return DRIFT_OK;
    return drift__error_at(err, DRIFT_FORMAT, m->names[index], 0, 0, 0, "expected the expectations of %s, found others",
                           m->names[0]);
}

/* Each index once. */
static int check_index(const merging *m, size_t index, drift_error *err)
{
    const drift_part *part = m->parts[index]->part, *first = m->parts[0]->part;
    if (part->count != first->count)
        return drift__error_at(err, DRIFT_FORMAT, m->names[index], 0, 0, 0,
                               "expected one of %zu shards, as %s is, found one of %zu", first->count, m->names[0],
                               part->count);
    for (size_t i = 0; i < index; i++) {
        if (m->parts[i]->part->index == part->index)
            return drift__error_at(err, DRIFT_FORMAT, m->names[index], 0, 0, 0,
                                   "shard %zu of %zu is there twice: %s is the same", part->index, part->count,
                                   m->names[i]);
    }
    return DRIFT_OK;
}

static int check_complete(const merging *m, drift_error *err)
{
    const size_t wanted = m->parts[0]->part->count;
    for (size_t index = 1; index <= wanted; index++) {
        size_t at = 0;
        while (at < m->count && m->parts[at]->part->index != index) at++;
        if (at < m->count) continue;
        drift__error(err, DRIFT_FORMAT, "shard %zu of %zu is missing", index, wanted);
        drift__error_hint(err, "merge the reports of all shards at once");
        return DRIFT_FORMAT;
    }
    return DRIFT_OK;
}

static int check(const merging *m, drift_error *err)
{
    int rc = m->count ? DRIFT_OK : drift__error(err, DRIFT_MISUSE, "expected parts to merge, found none");
    for (size_t i = 0; rc == DRIFT_OK && i < m->count; i++) {
        if (!m->parts[i]->part)
            rc = drift__error_at(err, DRIFT_FORMAT, m->names[i], 0, 0, 0,
                                 "expected the report of a shard, found that of a whole verification");
        if (rc == DRIFT_OK) rc = check_same(m, i, err);
        if (rc == DRIFT_OK) rc = check_expectations(m, i, err);
        if (rc == DRIFT_OK) rc = check_index(m, i, err);
    }
    return rc == DRIFT_OK ? check_complete(m, err) : rc;
}

/* ---- runs ---- */

/* The runs of one pair are in one part, and keep their order. */
static int by_versions(const void *a, const void *b)
{
    const owned_run *left = a, *right = b;
    if (left->run->from != right->run->from) return left->run->from < right->run->from ? -1 : 1;
    if (left->run->to != right->run->to) return left->run->to < right->run->to ? -1 : 1;
    if (left->part != right->part) return left->part < right->part ? -1 : 1;
    return left->run < right->run ? -1 : left->run > right->run;
}

static int collect_runs(merging *m, drift_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++) count += m->parts[i]->run_count;
    m->runs = drift__calloc(count + 1, sizeof *m->runs);
    if (!m->runs) return drift__no_memory(err);
    for (size_t i = 0; i < m->count; i++) {
        for (size_t k = 0; k < m->parts[i]->run_count; k++)
            m->runs[m->run_count++] = (owned_run){&m->parts[i]->runs[k], i};
    }
    qsort(m->runs, count, sizeof *m->runs, by_versions);
    return DRIFT_OK;
}

static int check_runs(const merging *m, drift_error *err)
{
    for (size_t i = 1; i < m->run_count; i++) {
        const owned_run *a = &m->runs[i - 1], *b = &m->runs[i];
        if (a->part == b->part || a->run->from != b->run->from || a->run->to != b->run->to) continue;
        return drift__error_at(err, DRIFT_FORMAT, m->names[b->part], 0, 0, 0, "the pair %d->%d is in %s as well",
                               b->run->from, b->run->to, m->names[a->part]);
    }
    return DRIFT_OK;
}

static void add_run(drift__outcome_builder *builder, const drift_run *run)
{
    drift__outcome_begin_run(builder, run->from, run->to, run->data);
    drift__outcome_set_rows(builder, run->rows);
    drift__outcome_set_started_at(builder, run->started_at);
    drift__outcome_set_steps(builder, run->steps, run->step_count);
    for (size_t i = 0; i < run->finding_count; i++) drift__outcome_find(builder, &run->findings[i]);
    for (size_t i = 0; i < run->ledger_count; i++) drift__outcome_enter(builder, &run->ledger[i]);
    (void)drift__outcome_end_run(builder, run->duration_us); /* no memory is told at the end */
}

/* ---- evidence ---- */

static bool is_earlier(const drift_evidence *a, const drift_evidence *b)
{
    return a->fault_from != b->fault_from ? a->fault_from < b->fault_from : a->fault_to < b->fault_to;
}

/* The first fault in the order of the whole's runs is the one that the whole tells. */
static int merge_evidence(merging *m, drift_error *err)
{
    const drift_part *first = m->parts[0]->part;
    m->evidence = drift__calloc(first->expectation_count + 1, sizeof *m->evidence);
    if (!m->evidence) return drift__no_memory(err);
    for (size_t i = 0; i < first->expectation_count; i++) {
        drift_evidence *e = &m->evidence[i];
        *e = first->expectations[i];
        for (size_t k = 1; k < m->count; k++) {
            const drift_evidence *other = &m->parts[k]->part->expectations[i];
            e->ran = e->ran || other->ran;
            e->effective = e->effective || other->effective;
            e->unjudged = e->unjudged || other->unjudged;
            if (!other->fault || (e->fault && !is_earlier(other, e))) continue;
            e->fault = other->fault;
            e->fault_from = other->fault_from;
            e->fault_to = other->fault_to;
        }
    }
    return DRIFT_OK;
}

/* ---- */

static int build(drift_outcome **out, const merging *m, size_t index, size_t of, drift_error *err)
{
    const drift_outcome *first = m->parts[0];
    drift__outcome_builder *builder = NULL;
    size_t pairs = 0;
    const int rc = drift__outcome_begin(&builder, first->schemas, first->migrations, first->runner, first->seed, err);
    if (rc != DRIFT_OK) return rc;
    drift__outcome_set_tool(builder, first->tool, first->sqlite);
    drift__outcome_set_expectations(builder, first->expectations);
    if (index) {
        drift_part part = *first->part;
        part.index = index;
        part.count = of;
        drift__outcome_set_part(builder, &part);
    }
    drift__outcome_set_evidence(builder, m->evidence, first->part->expectation_count);
    for (size_t i = 0; i < m->run_count; i++) add_run(builder, m->runs[i].run);
    for (size_t i = 0; i < m->count; i++) pairs += m->parts[i]->summary.pairs;
    return drift__outcome_finish(out, builder, first->summary.versions, pairs, err);
}

int drift__outcome_merge(drift_outcome **out, const drift_outcome *const *parts, const char *const *names, size_t count,
                         size_t index, size_t of, drift_error *err)
{
    merging m = {.parts = parts, .names = names, .count = count};
    *out = NULL;
    int rc = check(&m, err);
    if (rc == DRIFT_OK) rc = collect_runs(&m, err);
    if (rc == DRIFT_OK) rc = check_runs(&m, err);
    if (rc == DRIFT_OK) rc = merge_evidence(&m, err);
    if (rc == DRIFT_OK) rc = build(out, &m, index, of, err);
    drift__free(m.evidence);
    drift__free(m.runs);
    return rc;
}

int drift_outcome_merge(drift_outcome **out, const drift_outcome *const *parts, const char *const *names, size_t count,
                        drift_error *err)
{
    return drift__outcome_merge(out, parts, names, count, 0, 0, err);
}
