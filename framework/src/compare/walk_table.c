/* walk_table.c — tables and their columns. */
#include <string.h>

#include "base/fold.h"
#include "compare/describe.h"
#include "compare/walk.h"
#include "sql/affinity.h"

/* A column of both tables. */
typedef struct both {
    const drift__column_facts *expected, *actual;
    const drift__table_facts *expected_table, *actual_table;
    drift__arena *arena;
    bool strict; /* the option */
} both;

static bool same_name_or_none(const drift_constraint *a, const drift_constraint *b)
{
    const char *x = a ? a->name : NULL, *y = b ? b->name : NULL;
    return x && y ? drift__same_name(x, y) : x == y;
}

static drift_conflict conflict_of(const drift_constraint *constraint)
{
    if (!constraint || constraint->conflict == DRIFT_CONFLICT_NONE) return DRIFT_CONFLICT_ABORT;
    return constraint->conflict;
}

static bool same_type_name(const char *expected, const char *actual, drift__arena *arena)
{
    if (strcmp(expected, actual) == 0) return true;
    return drift__same_text(drift__type_name(expected, arena), drift__type_name(actual, arena));
}

/* Where both sides are STRICT, or `strict` is on, types are compared by name; else by affinity, and a key that is the
 * rowid is told from one that is not. */
static bool same_type(const both *c)
{
    const char *expected = c->expected->column->type, *actual = c->actual->column->type;
    if (c->strict || (c->expected_table->table->strict && c->actual_table->table->strict))
        return same_type_name(expected, actual, c->arena);
    if (c->expected->key_type && c->actual->key_type && c->expected->key_type != c->actual->key_type) return false;
    return drift__same_name(expected, actual) || drift__affinity_of(expected) == drift__affinity_of(actual);
}

/* Only one side may be WITHOUT ROWID, which is told of the table: then what was written counts as well. */
static bool same_null(const both *c)
{
    return c->expected->not_null == c->actual->not_null || c->expected->not_null_written == c->actual->not_null_written;
}

static bool same_null_rule(const both *c)
{
    if (!c->expected->not_null || !c->actual->not_null) return true;
    if (c->strict && !same_name_or_none(c->expected->not_null_at, c->actual->not_null_at)) return false;
    return conflict_of(c->expected->not_null_at) == conflict_of(c->actual->not_null_at);
}

static bool same_default(const both *c)
{
    if (c->strict && !same_name_or_none(c->expected->default_at, c->actual->default_at)) return false;
    const drift_column *expected = c->expected->column, *actual = c->actual->column;
    if (drift__same_text(expected->default_value, actual->default_value)) return true;
    return drift__same_text(drift__column_default(expected, c->arena), drift__column_default(actual, c->arena));
}

static bool same_collation(const both *c)
{
    if (c->strict && !same_name_or_none(c->expected->collation_at, c->actual->collation_at)) return false;
    return drift__same_name(c->expected->collation, c->actual->collation);
}

/* What "x" means hangs on the table's columns, so that the same text may say two things. */
static bool same_generated(const both *c)
{
    if (c->strict && !same_name_or_none(c->expected->generated_at, c->actual->generated_at)) return false;
    const drift_column *expected = c->expected->column, *actual = c->actual->column;
    if (!expected->generated || !actual->generated) return expected->generated == actual->generated;
    return expected->generated_stored == actual->generated_stored &&
           drift__same_text(drift__column_generated(expected, c->expected_table, c->arena),
                            drift__column_generated(actual, c->actual_table, c->arena));
}

typedef struct column_test {
    drift_facet facet;
    bool constraint; /* left out by the option ignore_column_constraints */
    bool (*same)(const both *columns);
} column_test;

static const column_test tests[] = {
    {DRIFT_FACET_COLUMN_TYPE, false, same_type},           {DRIFT_FACET_COLUMN_NULL, true, same_null},
    {DRIFT_FACET_COLUMN_CONSTRAINT, true, same_null_rule}, {DRIFT_FACET_COLUMN_DEFAULT, true, same_default},
    {DRIFT_FACET_COLUMN_COLLATION, true, same_collation},  {DRIFT_FACET_COLUMN_GENERATED, true, same_generated},
};

static const drift_constraint *written_at(drift_facet facet, const drift__column_facts *facts)
{
    switch (facet) {
    case DRIFT_FACET_COLUMN_NULL:
    case DRIFT_FACET_COLUMN_CONSTRAINT: return facts->not_null_at;
    case DRIFT_FACET_COLUMN_DEFAULT: return facts->default_at;
    case DRIFT_FACET_COLUMN_COLLATION: return facts->collation_at;
    case DRIFT_FACET_COLUMN_GENERATED: return facts->generated_at;
    default: return NULL;
    }
}

static drift__told told_column(drift__walk *walk, drift_facet facet, const drift__column_facts *facts)
{
    const drift_constraint *written = written_at(facet, facts);
    drift__told told = {NULL, written && written->span.length ? written->span : facts->column->span};
    drift__str text = DRIFT__STR_INIT;
    drift__describe_column(&text, facet, facts, walk->answer->options.strict, &walk->scratch);
    if (text.length || text.failed) told.text = drift__answer_text(walk->answer, &text);
    drift__str_dispose(&text);
    return told;
}

static void walk_column(drift__walk *walk, drift__pair pair, const both *columns)
{
    const char *name = columns->expected->column->name;
    drift__walk_note_case(walk, pair, name, name, columns->actual->column->name);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (tests[i].constraint && walk->answer->options.ignore_column_constraints) continue;
        if (tests[i].same(columns)) continue;
        drift__answer_add(walk->answer, tests[i].facet, pair, name,
                          told_column(walk, tests[i].facet, columns->expected),
                          told_column(walk, tests[i].facet, columns->actual));
    }
}

/* The column on the other side of the same name as the one at a place; in most pairs of tables it has the same place.
 */
static const drift__column_facts *counterpart(const drift__table_facts *other, const char *name, size_t place)
{
    if (!other->repeats && place < other->table->column_count) {
        const char *there = other->facts[place].column->name;
        if (strcmp(there, name) == 0 || drift__same_name(there, name)) return &other->facts[place];
    }
    return drift__table_facts_column(other, name);
}

static void walk_columns(drift__walk *walk, drift__pair pair, const drift__table_facts *expected,
                         const drift__table_facts *actual)
{
    const drift__told nothing = {NULL, {0, 0}};
    both each = {NULL, NULL, expected, actual, &walk->scratch, walk->answer->options.strict};
    bool in_place = expected->table->column_count == actual->table->column_count;
    for (size_t i = 0; i < expected->table->column_count; i++) {
        const drift_column *column = expected->facts[i].column;
        each.expected = &expected->facts[i];
        each.actual = counterpart(actual, column->name, i);
        in_place = in_place && each.actual == &actual->facts[i];
        if (each.actual)
            walk_column(walk, pair, &each);
        else
            drift__answer_add(walk->answer, DRIFT_FACET_COLUMN_MISSING, pair, column->name,
                              (drift__told){NULL, column->span}, nothing);
    }
    for (size_t i = 0; !in_place && i < actual->table->column_count; i++) {
        const drift_column *column = actual->facts[i].column;
        if (counterpart(expected, column->name, i)) continue;
        drift__answer_add(walk->answer, DRIFT_FACET_COLUMN_UNEXPECTED, pair, column->name, nothing,
                          (drift__told){NULL, column->span});
    }
}

static void walk_flag(drift__walk *walk, drift__pair pair, drift_facet facet, const char *words, bool expected,
                      bool actual)
{
    if (expected == actual) return;
    drift__answer_add(walk->answer, facet, pair, NULL,
                      (drift__told){expected ? words : NULL, drift__whole_span(pair.expected)},
                      (drift__told){actual ? words : NULL, drift__whole_span(pair.actual)});
}

/* The columns that both sides have, in the order of the one. */
static drift__told told_order(drift__walk *walk, const drift_entity *entity, const drift__table_facts *facts,
                              const drift__table_facts *other)
{
    drift__str text = DRIFT__STR_INIT;
    const char **names = drift__arena_array(&walk->scratch, facts->table->column_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names && i < facts->table->column_count; i++) {
        const char *name = facts->facts[i].column->name;
        if (drift__table_facts_column(other, name)) names[count++] = name;
    }
    drift__describe_names(&text, names, count);
    return (drift__told){drift__answer_text(walk->answer, &text), drift__whole_span(entity)};
}

static bool same_order(const drift__table_facts *expected, const drift__table_facts *actual)
{
    const drift__column_facts *least = actual->facts;
    for (size_t i = 0; i < expected->table->column_count; i++) {
        const drift__column_facts *found = drift__table_facts_column(actual, expected->facts[i].column->name);
        if (!found) continue;
        if (found < least) return false;
        least = found;
    }
    return true;
}

static int walk_facts(drift__walk *walk, drift__pair pair, drift__table_facts *expected, drift__table_facts *actual)
{
    const drift_diff_options *options = &walk->answer->options;
    walk_columns(walk, pair, expected, actual);
    if (!options->ignore_column_constraints && drift__walk_rules(walk, pair, expected, actual) != 0) return -1;
    walk_flag(walk, pair, DRIFT_FACET_WITHOUT_ROWID, "WITHOUT ROWID", expected->table->without_rowid,
              actual->table->without_rowid);
    walk_flag(walk, pair, DRIFT_FACET_STRICT, "STRICT", expected->table->strict, actual->table->strict);
    if (options->strict && !same_order(expected, actual))
        drift__answer_add(walk->answer, DRIFT_FACET_ORDER, pair, NULL,
                          told_order(walk, pair.expected, expected, actual),
                          told_order(walk, pair.actual, actual, expected));
    return 0;
}

int drift__walk_table(drift__walk *walk, drift__pair pair)
{
    const drift_diff_options *options = &walk->answer->options;
    const drift__means want = {&walk->scratch, &walk->expected, options->strict, options->ignore_column_constraints};
    const drift__means got = {&walk->scratch, &walk->actual, options->strict, options->ignore_column_constraints};
    drift__table_facts expected = {0}, actual = {0};
    int rc = -1;
    if (drift__table_facts_init(&expected, pair.expected->as.table, &want) == 0 &&
        drift__table_facts_init(&actual, pair.actual->as.table, &got) == 0)
        rc = walk_facts(walk, pair, &expected, &actual);
    drift__table_facts_dispose(&expected);
    drift__table_facts_dispose(&actual);
    return rc;
}
