/* diff.c — the walk over two schemas. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "compare/text.h"
#include "compare/walk.h"

bool drift__same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

drift_span drift__whole_span(const drift_entity *entity)
{
    return (drift_span){0, entity && entity->sql ? strlen(entity->sql) : 0};
}

drift__told drift__walk_told(drift__walk *walk, drift__str *text, const drift_entity *entity)
{
    drift__told result = {NULL, drift__whole_span(entity)};
    if (text->length || text->failed) result.text = drift__answer_text(walk->answer, text);
    drift__str_dispose(text);
    return result;
}

drift__told drift__walk_told_sql(drift__walk *walk, const drift_entity *entity, const char *sql)
{
    drift__str text = DRIFT__STR_INIT;
    if (sql) drift__text_put_sql(&text, sql);
    return drift__walk_told(walk, &text, entity);
}

void drift__walk_note_case(drift__walk *walk, drift__pair pair, const char *column, const char *expected,
                           const char *actual)
{
    if (strcmp(expected, actual) == 0) return;
    const char *text = drift__arena_printf(&walk->answer->arena, "found as %s, which differs only in case", actual);
    if (!text) walk->answer->failed = 1;
    drift__answer_note(walk->answer, pair, column, text);
}

/* The table or view on which an index or a trigger stands, or NULL. */
static const char *owner(const drift_entity *entity)
{
    if (entity->as.index) return entity->as.index->table;
    return entity->as.trigger ? entity->as.trigger->table : NULL;
}

/* What stands on an ignored table is ignored with it. */
static bool is_ignored(const drift__walk *walk, const drift_entity *entity)
{
    if (!walk->answer->options.ignore) return false;
    return drift__answer_ignores(walk->answer, entity->name) ||
           (owner(entity) && drift__answer_ignores(walk->answer, owner(entity)));
}

static bool is_temporary(const drift_entity *entity)
{
    return entity->temporary || (entity->database && drift__same_name(entity->database, "temp"));
}

static const char *kind_text(drift__walk *walk, const drift_entity *entity)
{
    const char *text = drift__arena_printf(&walk->answer->arena, "%s%s", is_temporary(entity) ? "temporary " : "",
                                           drift_entity_kind_name(entity->kind));
    if (!text) walk->answer->failed = 1;
    return text;
}

static void tell_kinds(drift__walk *walk, drift__pair pair)
{
    drift__answer_add(walk->answer, DRIFT_FACET_KIND, pair, NULL,
                      (drift__told){kind_text(walk, pair.expected), drift__whole_span(pair.expected)},
                      (drift__told){kind_text(walk, pair.actual), drift__whole_span(pair.actual)});
}

static bool has_data(const drift_entity *entity)
{
    return !entity->opaque &&
           (entity->as.table || entity->as.index || entity->as.view || entity->as.trigger || entity->as.virtual_table);
}

static int walk_kind(drift__walk *walk, drift__pair pair)
{
    if (!has_data(pair.expected) || !has_data(pair.actual)) return drift__walk_opaque(walk, pair);
    switch (pair.expected->kind) {
    case DRIFT_ENTITY_TABLE: return drift__walk_table(walk, pair);
    case DRIFT_ENTITY_INDEX: return drift__walk_index(walk, pair);
    case DRIFT_ENTITY_VIEW: return drift__walk_view(walk, pair);
    case DRIFT_ENTITY_TRIGGER: return drift__walk_trigger(walk, pair);
    case DRIFT_ENTITY_VIRTUAL_TABLE: return drift__walk_virtual_table(walk, pair);
    case DRIFT_ENTITY_QUERY: break;
    }
    return 0;
}

/* The same bytes mean the same: most of two schemas is settled here. */
static bool is_same_text(drift__pair pair)
{
    return pair.expected->sql && pair.actual->sql && strcmp(pair.expected->sql, pair.actual->sql) == 0;
}

static int walk_pair(drift__walk *walk, drift__pair pair)
{
    drift__walk_note_case(walk, pair, NULL, pair.expected->name, pair.actual->name);
    if (pair.expected->kind != pair.actual->kind || is_temporary(pair.expected) != is_temporary(pair.actual)) {
        tell_kinds(walk, pair);
        return 0;
    }
    if (is_same_text(pair)) return 0;
    const int rc = walk_kind(walk, pair) != 0 || walk->scratch.failed ? -1 : 0;
    drift__arena_reset(&walk->scratch);
    return rc;
}

static bool kept_by_constraint(drift__walk *walk, const drift_entity *entity, const drift__catalog *own,
                               const drift__unique_side *other)
{
    if (!entity->as.index || !other->constraints.count) return false;
    const char *key = drift__unique_index_key(&walk->scratch, entity->as.index, own);
    return key && drift__map_get(&other->constraints, key);
}

static int walk_expected(drift__walk *walk)
{
    const drift__told nothing = {NULL, {0, 0}};
    for (size_t i = 0; i < walk->expected.schema->entity_count; i++) {
        const drift_entity *entity = &walk->expected.schema->entities[i];
        if (drift__catalog_leaves_out(entity) || is_ignored(walk, entity)) continue;
        const drift_entity *found = drift__catalog_find(&walk->actual, entity->kind, entity->name);
        const drift__pair pair = {entity, found};
        if (found) {
            if (walk_pair(walk, pair) != 0) return -1;
        } else if (!kept_by_constraint(walk, entity, &walk->expected, &walk->uniques.actual)) {
            drift__answer_add(walk->answer, DRIFT_FACET_MISSING, pair, NULL,
                              (drift__told){NULL, drift__whole_span(entity)}, nothing);
        }
    }
    return 0;
}

static void walk_unexpected(drift__walk *walk)
{
    const drift__told nothing = {NULL, {0, 0}};
    for (size_t i = 0; i < walk->actual.schema->entity_count; i++) {
        const drift_entity *entity = &walk->actual.schema->entities[i];
        if (drift__catalog_leaves_out(entity) || is_ignored(walk, entity)) continue;
        if (drift__catalog_find(&walk->expected, entity->kind, entity->name)) continue;
        if (kept_by_constraint(walk, entity, &walk->actual, &walk->uniques.expected)) continue;
        drift__answer_add(walk->answer, DRIFT_FACET_UNEXPECTED, (drift__pair){NULL, entity}, NULL, nothing,
                          (drift__told){NULL, drift__whole_span(entity)});
    }
}

static int walk_schemas(drift__walk *walk, const drift_schema *expected, const drift_schema *actual)
{
    const drift_diff_options *options = &walk->answer->options;
    if (drift__catalog_init(&walk->expected, expected) != 0 || drift__catalog_init(&walk->actual, actual) != 0)
        return -1;
    if (options->unique_index_is_constraint && !options->strict &&
        drift__uniques_init(&walk->uniques, &walk->expected, &walk->actual) != 0)
        return -1;
    if (walk_expected(walk) != 0) return -1;
    if (!options->allow_unexpected) walk_unexpected(walk);
    return walk->answer->failed || walk->scratch.failed ? -1 : 0;
}

int drift_diff_schemas(drift_diff **out, const drift_schema *expected, const drift_schema *actual,
                       const drift_diff_options *options, drift_error *err)
{
    drift__answer *answer = drift__calloc(1, sizeof *answer);
    drift__walk walk = {.answer = answer};
    int rc = DRIFT_OK;
    *out = NULL;
    if (!answer) return drift__no_memory(err);
    if (options) answer->options = *options;
    if (walk_schemas(&walk, expected, actual) != 0) {
        rc = drift__no_memory(err);
        goto done;
    }
    answer->diff.differences = answer->differences;
    answer->diff.notes = answer->notes;
    *out = &answer->diff;
    answer = NULL;
done:
    drift__uniques_dispose(&walk.uniques);
    drift__catalog_dispose(&walk.expected);
    drift__catalog_dispose(&walk.actual);
    drift__arena_dispose(&walk.scratch);
    drift_diff_free(answer ? &answer->diff : NULL);
    return rc;
}
