/* same_schema.c — field by field; a field that is added to the model must be added here. */
#include "parse/same_schema.h"

#include <string.h>

#define SAME(field)      (a->field == b->field)
#define SAME_TEXT(field) same_text(a->field, b->field)

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_texts(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    if (a_count != b_count) return false;
    for (size_t i = 0; i < a_count; i++) {
        if (!same_text(a[i], b[i])) return false;
    }
    return true;
}

static bool same_indexed(const drift_indexed_column *a, size_t a_count, const drift_indexed_column *b, size_t b_count)
{
    if (a_count != b_count) return false;
    for (size_t i = 0; i < a_count; i++, a++, b++) {
        /* A name's source text may be quoted otherwise. */
        if (!SAME_TEXT(name) || (!a->name && !SAME_TEXT(expression)) || !SAME_TEXT(collation) || !SAME(sort) ||
            !SAME(autoincrement))
            return false;
    }
    return true;
}

static bool same_reference(const drift_reference *a, const drift_reference *b)
{
    if (!a || !b) return a == b;
    return SAME_TEXT(table) && same_texts(a->columns, a->column_count, b->columns, b->column_count) &&
           SAME(on_delete) && SAME(on_update) && SAME_TEXT(match) && SAME(deferral);
}

static bool same_constraints(const drift_constraint *a, size_t a_count, const drift_constraint *b, size_t b_count)
{
    if (a_count != b_count) return false;
    for (size_t i = 0; i < a_count; i++, a++, b++) {
        if (!SAME(kind) || !SAME_TEXT(name) || !SAME(conflict) || !SAME_TEXT(expression) ||
            !same_indexed(a->columns, a->column_count, b->columns, b->column_count) || !SAME(sort) ||
            !SAME(autoincrement) || !SAME(always) || !SAME(stored) || !SAME(virtual_written) ||
            !same_reference(a->reference, b->reference))
            return false;
    }
    return true;
}

static bool same_columns(const drift_column *a, size_t a_count, const drift_column *b, size_t b_count)
{
    if (a_count != b_count) return false;
    for (size_t i = 0; i < a_count; i++, a++, b++) {
        if (!SAME_TEXT(name) || !SAME_TEXT(type) || !SAME(logical) || !SAME(not_null) || !SAME_TEXT(default_value) ||
            !SAME_TEXT(collation) || !SAME_TEXT(generated) || !SAME(generated_stored) ||
            !same_constraints(a->constraints, a->constraint_count, b->constraints, b->constraint_count))
            return false;
    }
    return true;
}

static bool same_table(const drift_table *a, const drift_table *b)
{
    return SAME_TEXT(name) && same_columns(a->columns, a->column_count, b->columns, b->column_count) &&
           same_constraints(a->constraints, a->constraint_count, b->constraints, b->constraint_count) &&
           SAME(without_rowid) && SAME(strict);
}

static bool same_index(const drift_index *a, const drift_index *b)
{
    return SAME_TEXT(name) && SAME_TEXT(table) && SAME(unique) && SAME_TEXT(where) &&
           same_indexed(a->columns, a->column_count, b->columns, b->column_count);
}

static bool same_view(const drift_view *a, const drift_view *b)
{
    return SAME_TEXT(name) && same_texts(a->columns, a->column_count, b->columns, b->column_count) && SAME_TEXT(select);
}

static bool same_trigger(const drift_trigger *a, const drift_trigger *b)
{
    return SAME_TEXT(name) && SAME_TEXT(table) && SAME(time) && SAME(time_written) && SAME(event) &&
           SAME(for_each_row) && same_texts(a->columns, a->column_count, b->columns, b->column_count) &&
           SAME_TEXT(when) && SAME_TEXT(body);
}

static bool same_virtual_table(const drift_virtual_table *a, const drift_virtual_table *b)
{
    return SAME_TEXT(name) && SAME_TEXT(module) &&
           same_texts(a->arguments, a->argument_count, b->arguments, b->argument_count);
}

bool same_entity(const drift_entity *a, const drift_entity *b)
{
    if (!SAME(kind) || !SAME_TEXT(name) || !SAME(temporary) || !SAME(if_not_exists) || !SAME_TEXT(database) ||
        !SAME(opaque))
        return false;
    if (a->opaque) return SAME_TEXT(sql);
    switch (a->kind) {
    case DRIFT_ENTITY_TABLE: return same_table(a->as.table, b->as.table);
    case DRIFT_ENTITY_INDEX: return same_index(a->as.index, b->as.index);
    case DRIFT_ENTITY_VIEW: return same_view(a->as.view, b->as.view);
    case DRIFT_ENTITY_TRIGGER: return same_trigger(a->as.trigger, b->as.trigger);
    case DRIFT_ENTITY_VIRTUAL_TABLE: return same_virtual_table(a->as.virtual_table, b->as.virtual_table);
    case DRIFT_ENTITY_QUERY: return SAME_TEXT(sql);
    }
    return false;
}
