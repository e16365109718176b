#include "codegen/schema_text.h"

#include <string.h>

static void put_text(drift__str *s, const char *text)
{
    if (text)
        drift__str_printf(s, " %zu:%s", strlen(text), text);
    else
        drift__str_puts(s, " -");
}

static void put_names(drift__str *s, const char *const *names, size_t count)
{
    drift__str_printf(s, " %zu[", count);
    for (size_t i = 0; i < count; i++) put_text(s, names[i]);
    drift__str_putc(s, ']');
}

static void put_indexed(drift__str *s, const drift_indexed_column *columns, size_t count)
{
    drift__str_printf(s, " %zu[", count);
    for (size_t i = 0; i < count; i++) {
        put_text(s, columns[i].name);
        put_text(s, columns[i].expression);
        put_text(s, columns[i].collation);
        drift__str_printf(s, " %d %d;", columns[i].sort, columns[i].autoincrement);
    }
    drift__str_putc(s, ']');
}

static void put_reference(drift__str *s, const drift_reference *r)
{
    if (!r) return;
    put_text(s, r->table);
    put_names(s, r->columns, r->column_count);
    drift__str_printf(s, " %d %d", r->on_delete, r->on_update);
    put_text(s, r->match);
    drift__str_printf(s, " %d", r->deferral);
}

static void put_constraints(drift__str *s, const drift_constraint *constraints, size_t count)
{
    drift__str_printf(s, " %zu[", count);
    for (size_t i = 0; i < count; i++) {
        const drift_constraint *c = &constraints[i];
        drift__str_printf(s, "\n    %d", c->kind);
        put_text(s, c->name);
        drift__str_printf(s, " %d", c->conflict);
        put_text(s, c->expression);
        put_indexed(s, c->columns, c->column_count);
        drift__str_printf(s, " %d %d%d%d%d", c->sort, c->autoincrement, c->always, c->stored, c->virtual_written);
        put_reference(s, c->reference);
        drift__str_printf(s, " %zu+%zu", c->span.offset, c->span.length);
    }
    drift__str_putc(s, ']');
}

static void put_columns(drift__str *s, const drift_column *columns, size_t count)
{
    drift__str_printf(s, " %zu columns", count);
    for (size_t i = 0; i < count; i++) {
        const drift_column *c = &columns[i];
        drift__str_puts(s, "\n  ");
        put_text(s, c->name);
        put_text(s, c->type);
        drift__str_printf(s, " %d %d", c->logical, c->not_null);
        put_constraints(s, c->constraints, c->constraint_count);
        put_text(s, c->default_value);
        put_text(s, c->collation);
        put_text(s, c->generated);
        drift__str_printf(s, " %d %zu+%zu", c->generated_stored, c->span.offset, c->span.length);
    }
}

static void put_table(drift__str *s, const drift_table *t)
{
    put_text(s, t->name);
    put_columns(s, t->columns, t->column_count);
    put_constraints(s, t->constraints, t->constraint_count);
    drift__str_printf(s, " %d%d", t->without_rowid, t->strict);
}

static void put_index(drift__str *s, const drift_index *x)
{
    put_text(s, x->name);
    put_text(s, x->table);
    put_indexed(s, x->columns, x->column_count);
    drift__str_printf(s, " %d", x->unique);
    put_text(s, x->where);
}

static void put_view(drift__str *s, const drift_view *v)
{
    put_text(s, v->name);
    put_names(s, v->columns, v->column_count);
    put_text(s, v->select);
}

static void put_trigger(drift__str *s, const drift_trigger *t)
{
    put_text(s, t->name);
    put_text(s, t->table);
    drift__str_printf(s, " %d%d%d%d", t->time, t->time_written, t->event, t->for_each_row);
    put_names(s, t->columns, t->column_count);
    put_text(s, t->when);
    put_text(s, t->body);
}

static void put_virtual_table(drift__str *s, const drift_virtual_table *t)
{
    put_text(s, t->name);
    put_text(s, t->module);
    put_names(s, t->arguments, t->argument_count);
    put_columns(s, t->columns, t->column_count);
}

static void put_entity(drift__str *s, const drift_entity *e)
{
    drift__str_printf(s, "\n%d", e->kind);
    put_text(s, e->name);
    put_text(s, e->sql);
    drift__str_printf(s, " %d%d%d", e->temporary, e->if_not_exists, e->opaque);
    put_text(s, e->database);
    if (e->as.table) put_table(s, e->as.table);
    if (e->as.index) put_index(s, e->as.index);
    if (e->as.view) put_view(s, e->as.view);
    if (e->as.trigger) put_trigger(s, e->as.trigger);
    if (e->as.virtual_table) put_virtual_table(s, e->as.virtual_table);
}

void schema_text(drift__str *out, const drift_schema *schema)
{
    drift__str_printf(out, "version %d, %zu entities", schema->version, schema->entity_count);
    for (size_t i = 0; i < schema->entity_count; i++) put_entity(out, &schema->entities[i]);
    drift__str_putc(out, '\n');
}
