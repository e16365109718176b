/* expect.c — looking expectations up, and judging them: one that says nothing true is a failure of its own. */
#include "verify/expect.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/fold.h"

/* What the runs showed of an entry. */
typedef struct evidence {
    bool ran;       /* its step was judged with rows in its table */
    bool effective; /* it made a difference there */
    bool unjudged;  /* it may have made one in a run that failed */
    const char *error;
    int error_from, error_to; /* the pair in which it was found */
} evidence;

struct drift__expect {
    const drift_schema_provider *schemas;
    const drift_expectation *items;
    size_t count;
    evidence *evidence;
    int from, to;       /* the pair that is run */
    drift__arena arena; /* texts of errors */
};

int drift__expect_begin(drift__expect **out, const drift_expectations *expectations,
                        const drift_schema_provider *schemas, drift_error *err)
{
    drift__expect *expect = drift__calloc(1, sizeof *expect);
    *out = NULL;
    if (!expect) return drift__no_memory(err);
    expect->schemas = schemas;
    expect->items = expectations ? expectations->items : NULL;
    expect->count = expectations ? expectations->count : 0;
    expect->evidence = drift__calloc(expect->count + 1, sizeof *expect->evidence);
    if (!expect->evidence) {
        drift__free(expect);
        return drift__no_memory(err);
    }
    *out = expect;
    return DRIFT_OK;
}

void drift__expect_free(drift__expect *expect)
{
    if (!expect) return;
    drift__arena_dispose(&expect->arena);
    drift__free(expect->evidence);
    drift__free(expect);
}

/* ---- looking up ---- */

static bool is_of_step(const drift_expectation *entry, int from, int to)
{
    return entry->from == from && entry->to == to;
}

static bool is_same_column(const char *a, const char *b)
{
    return a && b ? drift__same_name(a, b) : a == b;
}

const drift_expectation *drift__expect_find(const drift__expect *expect, int from, int to, drift_expectation_kind kind,
                                            const char *table, const char *column)
{
    for (size_t i = 0; expect && i < expect->count; i++) {
        const drift_expectation *entry = &expect->items[i];
        if (entry->kind == kind && is_of_step(entry, from, to) && drift__same_name(entry->table, table) &&
            is_same_column(entry->column, column))
            return entry;
    }
    return NULL;
}

const drift_expectation *drift__expect_next(const drift__expect *expect, int from, int to, drift_expectation_kind kind,
                                            const drift_expectation *previous)
{
    if (!expect) return NULL;
    for (size_t i = previous ? (size_t)(previous - expect->items) + 1 : 0; i < expect->count; i++) {
        if (expect->items[i].kind == kind && is_of_step(&expect->items[i], from, to)) return &expect->items[i];
    }
    return NULL;
}

bool drift__expect_has_step(const drift__expect *expect, int from, int to)
{
    for (size_t i = 0; expect && i < expect->count; i++) {
        if (is_of_step(&expect->items[i], from, to)) return true;
    }
    return false;
}

int drift__expect_next_cut(const drift__expect *expect, int from, int to)
{
    int cut = to;
    if (drift__expect_has_step(expect, from, to)) return to;
    for (size_t i = 0; expect && i < expect->count; i++) {
        const drift_expectation *entry = &expect->items[i];
        if (entry->from < from || entry->to > to) continue;
        if (entry->from > from && entry->from < cut) cut = entry->from;
        if (entry->to < cut) cut = entry->to;
    }
    return cut;
}

void drift__expect_begin_case(drift__expect *expect, int from, int to)
{
    expect->from = from;
    expect->to = to;
}

void drift__expect_note(drift__expect *expect, const drift_expectation *entry, bool took_effect)
{
    if (!entry) return;
    evidence *e = &expect->evidence[entry - expect->items];
    e->ran = true;
    e->effective = e->effective || took_effect;
}

void drift__expect_note_failure(drift__expect *expect, int from, int to)
{
    for (size_t i = 0; i < expect->count; i++) {
        if (expect->items[i].from >= from && expect->items[i].to <= to) expect->evidence[i].unjudged = true;
    }
}

void drift__expect_note_error(drift__expect *expect, const drift_expectation *entry, const char *why)
{
    evidence *e = &expect->evidence[entry - expect->items];
    if (e->error) return;
    e->error = drift__arena_strdup(&expect->arena, why);
    e->error_from = expect->from;
    e->error_to = expect->to;
}

const char *drift__expect_new_table(drift__expect *expect, int from, int to, const char *table)
{
    const drift_expectation *entry = drift__expect_find(expect, from, to, DRIFT_EXPECT_RENAME_TABLE, table, NULL);
    return entry ? entry->value : table;
}

const char *drift__expect_new_column(drift__expect *expect, int from, int to, const char *table, const char *column)
{
    const drift_expectation *entry = drift__expect_find(expect, from, to, DRIFT_EXPECT_RENAME_COLUMN, table, column);
    return entry ? entry->value : column;
}

bool drift__expect_touches(drift__expect *expect, int from, int to, const char *table)
{
    const drift_expectation *entry = drift__expect_find(expect, from, to, DRIFT_EXPECT_TOUCHES, table, NULL);
    drift__expect_note(expect, entry, true);
    return entry != NULL;
}

/* ---- domains ---- */

/* A column's name in some version, on its way back through the renames. */
typedef struct name {
    const char *table, *column;
} name;

static bool is_rename(const drift_expectation *entry)
{
    return entry->kind == DRIFT_EXPECT_RENAME_TABLE || entry->kind == DRIFT_EXPECT_RENAME_COLUMN;
}

/* The last step with renames that begins at `version` or later and ends by `limit`. */
static const drift_expectation *last_renaming(const drift__expect *expect, int version, int limit)
{
    const drift_expectation *last = NULL;
    for (size_t i = 0; i < expect->count; i++) {
        const drift_expectation *entry = &expect->items[i];
        if (!is_rename(entry) || entry->from < version || entry->to > limit) continue;
        if (!last || entry->to > last->to || (entry->to == last->to && entry->from > last->from)) last = entry;
    }
    return last;
}

static const drift_expectation *renaming_to(const drift__expect *expect, int from, int to, drift_expectation_kind kind,
                                            const char *table, const char *value)
{
    for (size_t i = 0; i < expect->count; i++) {
        const drift_expectation *entry = &expect->items[i];
        if (entry->kind == kind && is_of_step(entry, from, to) && drift__same_name(entry->value, value) &&
            (!table || drift__same_name(entry->table, table)))
            return entry;
    }
    return NULL;
}

static name name_before(const drift__expect *expect, int from, int to, name after)
{
    const drift_expectation *table = renaming_to(expect, from, to, DRIFT_EXPECT_RENAME_TABLE, NULL, after.table);
    name before = {table ? table->table : after.table, after.column};
    const drift_expectation *column =
        renaming_to(expect, from, to, DRIFT_EXPECT_RENAME_COLUMN, before.table, after.column);
    if (column) before.column = column->column;
    return before;
}

static name name_at(const drift__expect *expect, const drift_expectation *domain, int version)
{
    name at = {domain->table, domain->column};
    const drift_expectation *step;
    for (int limit = domain->from; (step = last_renaming(expect, version, limit)); limit = step->from)
        at = name_before(expect, step->from, step->to, at);
    return at;
}

static bool has_column(const drift_schema *schema, const char *table, const char *column)
{
    const drift_table *found = drift_schema_table(schema, table);
    if (found) return drift_table_column(found, column) != NULL;
    /* The columns of a virtual table are its module's affair. */
    return drift_schema_entity(schema, DRIFT_ENTITY_VIRTUAL_TABLE, table) != NULL;
}

int drift__expect_domains(drift_seed_domain **out, size_t *count, drift__expect *expect, const drift_schema *schema,
                          drift_error *err)
{
    drift_seed_domain *domains = drift__calloc(expect->count + 1, sizeof *domains);
    *out = domains;
    *count = 0;
    if (!domains) return drift__no_memory(err);
    for (size_t i = 0; i < expect->count; i++) {
        const drift_expectation *entry = &expect->items[i];
        if (entry->kind != DRIFT_EXPECT_DOMAIN || entry->from < schema->version) continue;
        const name at = name_at(expect, entry, schema->version);
        if (!has_column(schema, at.table, at.column)) continue;
        domains[(*count)++] = (drift_seed_domain){at.table, at.column, entry->value};
        drift__expect_note(expect, entry, true);
    }
    return DRIFT_OK;
}

/* ---- what is stale ---- */

static bool has_table(const drift_schema *schema, const char *table)
{
    return drift_schema_table(schema, table) || drift_schema_entity(schema, DRIFT_ENTITY_VIRTUAL_TABLE, table);
}

/* Why an entry names nothing in its step's schemas, in `out`; "" if it names something. */
static void explain_missing(char *out, size_t size, const drift_expectation *e, const drift_expectation *renamed,
                            const drift_schema *before, const drift_schema *after)
{
    const bool after_counts =
        e->kind == DRIFT_EXPECT_FILL || e->kind == DRIFT_EXPECT_ADD_ROWS || e->kind == DRIFT_EXPECT_HIDDEN;
    const drift_schema *schema = after_counts ? after : before;
    const char *new_table = renamed ? renamed->value : e->table;
    *out = 0;
    if (e->kind == DRIFT_EXPECT_TOUCHES && has_table(after, e->table)) return;
    if (!has_table(schema, e->table))
        snprintf(out, size, "version %d has no table %s", after_counts ? e->to : e->from, e->table);
    else if (e->column && !has_column(schema, e->table, e->column))
        snprintf(out, size, "table %s of version %d has no column %s", e->table, after_counts ? e->to : e->from,
                 e->column);
    else if (e->kind == DRIFT_EXPECT_RENAME_TABLE && !has_table(after, e->value))
        snprintf(out, size, "version %d has no table %s", e->to, e->value);
    else if (e->kind == DRIFT_EXPECT_RENAME_COLUMN && !has_column(after, new_table, e->value))
        snprintf(out, size, "table %s of version %d has no column %s", new_table, e->to, e->value);
}

static bool has_version(const drift_schema_provider *schemas, int version)
{
    const int *versions;
    size_t count;
    if (schemas->versions(&versions, &count, schemas->payload, NULL) != DRIFT_OK) return false;
    for (size_t i = 0; i < count; i++) {
        if (versions[i] == version) return true;
    }
    return false;
}

/* A schema that cannot be had, which other findings tell, is no evidence against an entry. */
static int explain_names(char *out, size_t size, const drift__expect *expect, const drift_expectation *entry,
                         drift_error *err)
{
    const drift_schema *before = NULL, *after = NULL;
    const drift_schema_provider *schemas = expect->schemas;
    drift_error why = {0};
    *out = 0;
    for (int i = 0; i < 2; i++) {
        const int version = i ? entry->to : entry->from;
        if (!has_version(schemas, version)) {
            snprintf(out, size, "there is no version %d", version);
            return DRIFT_OK;
        }
        const int rc = schemas->schema(i ? &after : &before, version, schemas->payload, &why);
        if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
        if (rc != DRIFT_OK) return DRIFT_OK;
    }
    explain_missing(out, size, entry,
                    drift__expect_find(expect, entry->from, entry->to, DRIFT_EXPECT_RENAME_TABLE, entry->table, NULL),
                    before, after);
    return DRIFT_OK;
}

/* Whether rows of every sort were there: else no effect proves nothing. */
static bool has_seen_enough(const drift_verify_options *options)
{
    const unsigned edges = 1u << DRIFT_DATA_BOUNDARY | 1u << DRIFT_DATA_HOSTILE;
    return !options->levels || (options->levels & edges) == edges || options->levels >> DRIFT_DATA_MANY & 1u;
}

static bool is_about_rows(drift_expectation_kind kind)
{
    return kind == DRIFT_EXPECT_TRANSFORM || kind == DRIFT_EXPECT_FILL || kind == DRIFT_EXPECT_DROP_ROWS ||
           kind == DRIFT_EXPECT_ADD_ROWS || kind == DRIFT_EXPECT_TOUCHES || kind == DRIFT_EXPECT_HIDDEN;
}

static const char *kind_name(drift_expectation_kind kind)
{
    static const char *const names[] = {
#define KIND_NAME(name, key, text) key,
        DRIFT_EXPECTATION_MAP(KIND_NAME)
#undef KIND_NAME
    };
    return names[kind];
}

static int show(drift_evidence *out, drift__arena *arena, const drift__expect *expect, size_t index,
                const drift_verify_options *options, drift_error *err)
{
    const drift_expectation *entry = &expect->items[index];
    const evidence *e = &expect->evidence[index];
    char why[512];
    const int rc = explain_names(why, sizeof why, expect, entry, err);
    if (rc != DRIFT_OK) return rc;
    *out = (drift_evidence){
        .from = entry->from,
        .to = entry->to,
        .kind = kind_name(entry->kind),
        .object = drift__arena_printf(arena, "%s%s%s", entry->table, entry->column ? "." : "",
                                      entry->column ? entry->column : ""),
        .value = entry->value,
        .ran = e->ran && is_about_rows(entry->kind) && has_seen_enough(options),
        .effective = e->effective,
        .unjudged = e->unjudged,
        .fault = *why ? drift__arena_strdup(arena, why) : e->error,
        .fault_from = *why ? 0 : e->error_from,
        .fault_to = *why ? 0 : e->error_to,
    };
    return DRIFT_OK;
}

int drift__expect_finish(const drift__expect *expect, drift__outcome_builder *outcome,
                         const drift_verify_options *options, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_evidence *list = drift__arena_array(&arena, expect->count, sizeof *list);
    int rc = list && !expect->arena.failed ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < expect->count; i++) rc = show(&list[i], &arena, expect, i, options, err);
    if (rc == DRIFT_OK && arena.failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK) drift__outcome_set_evidence(outcome, list, expect->count);
    drift__arena_dispose(&arena);
    return rc;
}
