/* data.c — a schema as static const data. What an object points to is written before it. Initialisers are positional
 * and whole: C++17 has no designated ones. */
#include <string.h>

#include "codegen/literal.h"
#include "codegen/writer.h"

static const char *const conflict_names[] = {
    [DRIFT_CONFLICT_NONE] = "DRIFT_CONFLICT_NONE",     [DRIFT_CONFLICT_ROLLBACK] = "DRIFT_CONFLICT_ROLLBACK",
    [DRIFT_CONFLICT_ABORT] = "DRIFT_CONFLICT_ABORT",   [DRIFT_CONFLICT_FAIL] = "DRIFT_CONFLICT_FAIL",
    [DRIFT_CONFLICT_IGNORE] = "DRIFT_CONFLICT_IGNORE", [DRIFT_CONFLICT_REPLACE] = "DRIFT_CONFLICT_REPLACE",
};

static const char *const sort_names[] = {
    [DRIFT_SORT_NONE] = "DRIFT_SORT_NONE",
    [DRIFT_SORT_ASC] = "DRIFT_SORT_ASC",
    [DRIFT_SORT_DESC] = "DRIFT_SORT_DESC",
};

static const char *const action_names[] = {
    [DRIFT_ACTION_NONE] = "DRIFT_ACTION_NONE",
    [DRIFT_ACTION_NO_ACTION] = "DRIFT_ACTION_NO_ACTION",
    [DRIFT_ACTION_RESTRICT] = "DRIFT_ACTION_RESTRICT",
    [DRIFT_ACTION_SET_NULL] = "DRIFT_ACTION_SET_NULL",
    [DRIFT_ACTION_SET_DEFAULT] = "DRIFT_ACTION_SET_DEFAULT",
    [DRIFT_ACTION_CASCADE] = "DRIFT_ACTION_CASCADE",
};

static const char *const deferral_names[] = {
    [DRIFT_DEFERRAL_NONE] = "DRIFT_DEFERRAL_NONE",
    [DRIFT_DEFERRABLE] = "DRIFT_DEFERRABLE",
    [DRIFT_DEFERRABLE_INITIALLY_DEFERRED] = "DRIFT_DEFERRABLE_INITIALLY_DEFERRED",
    [DRIFT_DEFERRABLE_INITIALLY_IMMEDIATE] = "DRIFT_DEFERRABLE_INITIALLY_IMMEDIATE",
    [DRIFT_NOT_DEFERRABLE] = "DRIFT_NOT_DEFERRABLE",
    [DRIFT_NOT_DEFERRABLE_INITIALLY_DEFERRED] = "DRIFT_NOT_DEFERRABLE_INITIALLY_DEFERRED",
    [DRIFT_NOT_DEFERRABLE_INITIALLY_IMMEDIATE] = "DRIFT_NOT_DEFERRABLE_INITIALLY_IMMEDIATE",
};

static const char *const constraint_names[] = {
    [DRIFT_CONSTRAINT_NAME_ONLY] = "DRIFT_CONSTRAINT_NAME_ONLY",
    [DRIFT_CONSTRAINT_PRIMARY_KEY] = "DRIFT_CONSTRAINT_PRIMARY_KEY",
    [DRIFT_CONSTRAINT_NOT_NULL] = "DRIFT_CONSTRAINT_NOT_NULL",
    [DRIFT_CONSTRAINT_NULL] = "DRIFT_CONSTRAINT_NULL",
    [DRIFT_CONSTRAINT_UNIQUE] = "DRIFT_CONSTRAINT_UNIQUE",
    [DRIFT_CONSTRAINT_CHECK] = "DRIFT_CONSTRAINT_CHECK",
    [DRIFT_CONSTRAINT_DEFAULT] = "DRIFT_CONSTRAINT_DEFAULT",
    [DRIFT_CONSTRAINT_COLLATE] = "DRIFT_CONSTRAINT_COLLATE",
    [DRIFT_CONSTRAINT_FOREIGN_KEY] = "DRIFT_CONSTRAINT_FOREIGN_KEY",
    [DRIFT_CONSTRAINT_GENERATED] = "DRIFT_CONSTRAINT_GENERATED",
};

static const char *const logical_names[] = {
    [DRIFT_LOGICAL_UNKNOWN] = "DRIFT_LOGICAL_UNKNOWN", [DRIFT_LOGICAL_INT] = "DRIFT_LOGICAL_INT",
    [DRIFT_LOGICAL_BOOL] = "DRIFT_LOGICAL_BOOL",       [DRIFT_LOGICAL_BIG_INT] = "DRIFT_LOGICAL_BIG_INT",
    [DRIFT_LOGICAL_TEXT] = "DRIFT_LOGICAL_TEXT",       [DRIFT_LOGICAL_DOUBLE] = "DRIFT_LOGICAL_DOUBLE",
    [DRIFT_LOGICAL_BLOB] = "DRIFT_LOGICAL_BLOB",       [DRIFT_LOGICAL_DATE_TIME] = "DRIFT_LOGICAL_DATE_TIME",
    [DRIFT_LOGICAL_ANY] = "DRIFT_LOGICAL_ANY",
};

static const char *const time_names[] = {
    [DRIFT_TRIGGER_BEFORE] = "DRIFT_TRIGGER_BEFORE",
    [DRIFT_TRIGGER_AFTER] = "DRIFT_TRIGGER_AFTER",
    [DRIFT_TRIGGER_INSTEAD_OF] = "DRIFT_TRIGGER_INSTEAD_OF",
};

static const char *const event_names[] = {
    [DRIFT_TRIGGER_DELETE] = "DRIFT_TRIGGER_DELETE",
    [DRIFT_TRIGGER_INSERT] = "DRIFT_TRIGGER_INSERT",
    [DRIFT_TRIGGER_UPDATE] = "DRIFT_TRIGGER_UPDATE",
};

#define KIND_NAME(name, word) "DRIFT_ENTITY_" #name,
static const char *const kind_names[] = {DRIFT_ENTITY_KIND_MAP(KIND_NAME)};
#undef KIND_NAME

static const char *bool_name(bool value)
{
    return value ? "true" : "false";
}

/* An expression for the address of an object, or NULL's. */
static const char *address(drift__writer *w, const char *object)
{
    const char *expression = object ? drift__arena_printf(w->arena, "&%s", object) : "NULL";
    return expression ? expression : "";
}

/* Whoever writes an object with these parts writes it to `body` first: its parts write what they point to. */
static void put_object(drift__writer *w, const char *type, const char *name, bool array, drift__str *body)
{
    drift__str_printf(&w->out, "static const %s %s%s = {%s};\n", type, name, array ? "[]" : "", drift__str_text(body));
    if (body->failed) w->out.failed = 1;
    drift__str_dispose(body);
}

/* ---- lists of names ---- */

static const char *write_names(drift__writer *w, const char *const *names, size_t count)
{
    drift__str body = DRIFT__STR_INIT;
    if (!count) return "NULL";
    for (size_t i = 0; i < count; i++) drift__str_printf(&body, "%s%s", i ? ", " : "", drift__writer_text(w, names[i]));
    const char *object = drift__writer_object(w, "names");
    put_object(w, "char *const", object, true, &body);
    return object;
}

static void put_span(drift__str *body, drift_span span)
{
    drift__str_printf(body, "{%zu, %zu}", span.offset, span.length);
}

/* ---- constraints and columns ---- */

static const char *write_indexed(drift__writer *w, const drift_indexed_column *columns, size_t count)
{
    drift__str body = DRIFT__STR_INIT;
    if (!count) return "NULL";
    for (size_t i = 0; i < count; i++) {
        const drift_indexed_column *c = &columns[i];
        drift__str_printf(&body, "\n    {%s, ", drift__writer_text(w, c->name));
        drift__str_printf(&body, "%s, ", drift__writer_text(w, c->expression));
        drift__str_printf(&body, "%s, %s, %s},", drift__writer_text(w, c->collation), sort_names[c->sort],
                          bool_name(c->autoincrement));
    }
    drift__str_putc(&body, '\n');
    const char *object = drift__writer_object(w, "indexed");
    put_object(w, "drift_indexed_column", object, true, &body);
    return object;
}

static const char *write_reference(drift__writer *w, const drift_reference *reference)
{
    drift__str body = DRIFT__STR_INIT;
    if (!reference) return NULL;
    const char *columns = write_names(w, reference->columns, reference->column_count);
    drift__str_printf(&body, "%s, %s, %zu, ", drift__writer_text(w, reference->table), columns,
                      reference->column_count);
    drift__str_printf(&body, "%s, %s, %s, %s", action_names[reference->on_delete], action_names[reference->on_update],
                      drift__writer_text(w, reference->match), deferral_names[reference->deferral]);
    const char *object = drift__writer_object(w, "reference");
    put_object(w, "drift_reference", object, false, &body);
    return object;
}

static void put_constraint(drift__writer *w, drift__str *body, const drift_constraint *c)
{
    const char *columns = write_indexed(w, c->columns, c->column_count);
    const char *reference = address(w, write_reference(w, c->reference));
    drift__str_printf(body, "\n    {%s, %s, %s, ", constraint_names[c->kind], conflict_names[c->conflict],
                      drift__writer_text(w, c->name));
    drift__str_printf(body, "%s, %s, %zu, %s, ", drift__writer_text(w, c->expression), columns, c->column_count,
                      sort_names[c->sort]);
    drift__str_printf(body, "%s, %s, %s, %s, %s, ", bool_name(c->autoincrement), bool_name(c->always),
                      bool_name(c->stored), bool_name(c->virtual_written), reference);
    put_span(body, c->span);
    drift__str_puts(body, "},");
}

static const char *write_constraints(drift__writer *w, const drift_constraint *constraints, size_t count)
{
    drift__str body = DRIFT__STR_INIT;
    if (!count) return "NULL";
    for (size_t i = 0; i < count; i++) put_constraint(w, &body, &constraints[i]);
    drift__str_putc(&body, '\n');
    const char *object = drift__writer_object(w, "constraints");
    put_object(w, "drift_constraint", object, true, &body);
    return object;
}

static void put_column(drift__writer *w, drift__str *body, const drift_column *c)
{
    const char *constraints = write_constraints(w, c->constraints, c->constraint_count);
    drift__str_printf(body, "\n    {%s, ", drift__writer_text(w, c->name));
    drift__str_printf(body, "%s, %s, %s, %s, %s, %zu, ", drift__writer_text(w, c->type), logical_names[c->logical],
                      bool_name(c->not_null), bool_name(c->generated_stored), constraints, c->constraint_count);
    drift__str_printf(body, "%s, ", drift__writer_text(w, c->default_value));
    drift__str_printf(body, "%s, ", drift__writer_text(w, c->collation));
    drift__str_printf(body, "%s, ", drift__writer_text(w, c->generated));
    put_span(body, c->span);
    drift__str_puts(body, "},");
}

static const char *write_columns(drift__writer *w, const drift_column *columns, size_t count)
{
    drift__str body = DRIFT__STR_INIT;
    if (!count) return "NULL";
    for (size_t i = 0; i < count; i++) put_column(w, &body, &columns[i]);
    drift__str_putc(&body, '\n');
    const char *object = drift__writer_object(w, "columns");
    put_object(w, "drift_column", object, true, &body);
    return object;
}

/* ---- entities ---- */

/* The names of what belongs to an entity, for the handles; NULL where there is nothing. */
typedef struct written {
    const char *object;  /* the drift_table or what it is */
    const char *columns; /* the array of its columns */
} written;

static written write_table(drift__writer *w, const drift_table *t)
{
    drift__str body = DRIFT__STR_INIT;
    written done = {.columns = write_columns(w, t->columns, t->column_count)};
    const char *constraints = write_constraints(w, t->constraints, t->constraint_count);
    drift__str_printf(&body, "%s, %s, %zu, %s, %zu, %s, %s", drift__writer_text(w, t->name), done.columns,
                      t->column_count, constraints, t->constraint_count, bool_name(t->without_rowid),
                      bool_name(t->strict));
    done.object = drift__writer_object(w, "table");
    put_object(w, "drift_table", done.object, false, &body);
    return done;
}

static written write_index(drift__writer *w, const drift_index *x)
{
    drift__str body = DRIFT__STR_INIT;
    const char *columns = write_indexed(w, x->columns, x->column_count);
    drift__str_printf(&body, "%s, ", drift__writer_text(w, x->name));
    drift__str_printf(&body, "%s, %s, %zu, %s, ", drift__writer_text(w, x->table), columns, x->column_count,
                      bool_name(x->unique));
    drift__str_puts(&body, drift__writer_text(w, x->where));
    const written done = {drift__writer_object(w, "index"), NULL};
    put_object(w, "drift_index", done.object, false, &body);
    return done;
}

static written write_view(drift__writer *w, const drift_view *v)
{
    drift__str body = DRIFT__STR_INIT;
    const char *columns = write_names(w, v->columns, v->column_count);
    drift__str_printf(&body, "%s, %s, %zu, ", drift__writer_text(w, v->name), columns, v->column_count);
    drift__str_puts(&body, drift__writer_text(w, v->select));
    const written done = {drift__writer_object(w, "view"), NULL};
    put_object(w, "drift_view", done.object, false, &body);
    return done;
}

static written write_trigger(drift__writer *w, const drift_trigger *t)
{
    drift__str body = DRIFT__STR_INIT;
    const char *columns = write_names(w, t->columns, t->column_count);
    drift__str_printf(&body, "%s, ", drift__writer_text(w, t->name));
    drift__str_printf(&body, "%s, %s, %s, %s, %s, %zu, %s, ", drift__writer_text(w, t->table), time_names[t->time],
                      bool_name(t->time_written), event_names[t->event], columns, t->column_count,
                      bool_name(t->for_each_row));
    drift__str_printf(&body, "%s, ", drift__writer_text(w, t->when));
    drift__str_puts(&body, drift__writer_text(w, t->body));
    const written done = {drift__writer_object(w, "trigger"), NULL};
    put_object(w, "drift_trigger", done.object, false, &body);
    return done;
}

static written write_virtual_table(drift__writer *w, const drift_virtual_table *t)
{
    drift__str body = DRIFT__STR_INIT;
    written done = {.columns = write_columns(w, t->columns, t->column_count)};
    const char *arguments = write_names(w, t->arguments, t->argument_count);
    drift__str_printf(&body, "%s, ", drift__writer_text(w, t->name));
    drift__str_printf(&body, "%s, %s, %zu, %s, %zu", drift__writer_text(w, t->module), arguments, t->argument_count,
                      done.columns, t->column_count);
    done.object = drift__writer_object(w, "virtual_table");
    put_object(w, "drift_virtual_table", done.object, false, &body);
    return done;
}

static written write_entity(drift__writer *w, const drift_entity *e)
{
    if (e->opaque) return (written){NULL, NULL};
    switch (e->kind) {
    case DRIFT_ENTITY_TABLE: return write_table(w, e->as.table);
    case DRIFT_ENTITY_INDEX: return write_index(w, e->as.index);
    case DRIFT_ENTITY_VIEW: return write_view(w, e->as.view);
    case DRIFT_ENTITY_TRIGGER: return write_trigger(w, e->as.trigger);
    case DRIFT_ENTITY_VIRTUAL_TABLE: return write_virtual_table(w, e->as.virtual_table);
    case DRIFT_ENTITY_QUERY: break;
    }
    return (written){NULL, NULL};
}

/* The pointers in `as`, of which the kind's is set. */
static void put_as(drift__writer *w, drift__str *body, drift_entity_kind kind, const written *done)
{
    static const drift_entity_kind order[] = {DRIFT_ENTITY_TABLE, DRIFT_ENTITY_INDEX, DRIFT_ENTITY_VIEW,
                                              DRIFT_ENTITY_TRIGGER, DRIFT_ENTITY_VIRTUAL_TABLE};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        drift__str_printf(body, "%s%s", i ? ", " : "{", address(w, order[i] == kind ? done->object : NULL));
    drift__str_putc(body, '}');
}

static void put_entity(drift__writer *w, drift__str *body, const drift_entity *e, const written *done)
{
    drift__str_printf(body, "\n    {%s, %s, %s, %s, ", kind_names[e->kind], bool_name(e->temporary),
                      bool_name(e->if_not_exists), bool_name(e->opaque));
    drift__str_printf(body, "%s,\n     ", drift__writer_text(w, e->name));
    drift__str_printf(body, "%s,\n     ", drift__writer_text(w, e->sql));
    drift__str_printf(body, "%s, ", drift__writer_text(w, e->database));
    put_as(w, body, e->kind, done);
    drift__str_puts(body, "},");
}

/* ---- the schema and its handles ---- */

static void put_handle(drift__writer *w, drift__str *body, const drift__plan_entity *e, const char *entities,
                       size_t index, const written *done)
{
    drift__str_printf(body, "\n    {&%s[%zu]", entities, index);
    if (done->object) drift__str_printf(body, ", &%s", done->object);
    for (size_t i = 0; i < e->column_count; i++) drift__str_printf(body, ", &%s[%zu]", done->columns, i);
    drift__str_puts(body, "},");
    if (w->arena->failed) body->failed = 1;
}

static void write_handles(drift__writer *w, const char *entities, const written *done)
{
    drift__str body = DRIFT__STR_INIT;
    for (size_t i = 0; i < w->plan->schema->entity_count; i++) {
        const drift__plan_entity *e = &w->plan->entities[i];
        if (e->member) put_handle(w, &body, e, entities, i, &done[i]);
    }
    drift__str_printf(&w->out, "\nconst " DRIFT__V "_schema " DRIFT__V " = {\n    &" DRIFT__V "_entities,%s\n};\n",
                      DRIFT__VA(w), DRIFT__VA(w), DRIFT__VA(w), drift__str_text(&body));
    if (body.failed) w->out.failed = 1;
    drift__str_dispose(&body);
}

void drift__write_data(drift__writer *w)
{
    const drift_schema *schema = w->plan->schema;
    const char *entities = "NULL";
    drift__str body = DRIFT__STR_INIT;
    written *done = drift__arena_array(w->arena, schema->entity_count, sizeof *done);
    for (size_t i = 0; done && i < schema->entity_count; i++) {
        done[i] = write_entity(w, &schema->entities[i]);
        put_entity(w, &body, &schema->entities[i], &done[i]);
        drift__str_putc(&w->out, '\n');
    }
    if (schema->entity_count) {
        entities = drift__writer_object(w, "entities");
        drift__str_putc(&body, '\n');
        put_object(w, "drift_entity", entities, true, &body);
    }
    drift__str_dispose(&body);
    drift__str_printf(&w->out, "\nconst drift_schema " DRIFT__V "_entities = {%d, %s, %zu};\n", DRIFT__VA(w),
                      schema->version, entities, schema->entity_count);
    if (done) write_handles(w, entities, done);
}
