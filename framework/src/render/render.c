/* render.c — a schema's entities to CREATE statements. Names are quoted where they need it; expressions, types and
 * bodies are source text already. */
#include "drift/render.h"

#include <string.h>

#include "base/str.h"
#include "render/render.h"
#include "sql/quote.h"

static const char *const conflict_words[] = {
    [DRIFT_CONFLICT_NONE] = "",     [DRIFT_CONFLICT_ROLLBACK] = "ROLLBACK", [DRIFT_CONFLICT_ABORT] = "ABORT",
    [DRIFT_CONFLICT_FAIL] = "FAIL", [DRIFT_CONFLICT_IGNORE] = "IGNORE",     [DRIFT_CONFLICT_REPLACE] = "REPLACE",
};

static const char *const action_words[] = {
    [DRIFT_ACTION_NONE] = "",
    [DRIFT_ACTION_NO_ACTION] = "NO ACTION",
    [DRIFT_ACTION_RESTRICT] = "RESTRICT",
    [DRIFT_ACTION_SET_NULL] = "SET NULL",
    [DRIFT_ACTION_SET_DEFAULT] = "SET DEFAULT",
    [DRIFT_ACTION_CASCADE] = "CASCADE",
};

static const char *const deferral_words[] = {
    [DRIFT_DEFERRAL_NONE] = "",
    [DRIFT_DEFERRABLE] = " DEFERRABLE",
    [DRIFT_DEFERRABLE_INITIALLY_DEFERRED] = " DEFERRABLE INITIALLY DEFERRED",
    [DRIFT_DEFERRABLE_INITIALLY_IMMEDIATE] = " DEFERRABLE INITIALLY IMMEDIATE",
    [DRIFT_NOT_DEFERRABLE] = " NOT DEFERRABLE",
    [DRIFT_NOT_DEFERRABLE_INITIALLY_DEFERRED] = " NOT DEFERRABLE INITIALLY DEFERRED",
    [DRIFT_NOT_DEFERRABLE_INITIALLY_IMMEDIATE] = " NOT DEFERRABLE INITIALLY IMMEDIATE",
};

static const char *const sort_words[] = {
    [DRIFT_SORT_NONE] = "", [DRIFT_SORT_ASC] = " ASC", [DRIFT_SORT_DESC] = " DESC"};

static const char *const time_words[] = {
    [DRIFT_TRIGGER_BEFORE] = "BEFORE ", [DRIFT_TRIGGER_AFTER] = "AFTER ", [DRIFT_TRIGGER_INSTEAD_OF] = "INSTEAD OF "};

static const char *const event_words[] = {
    [DRIFT_TRIGGER_DELETE] = "DELETE", [DRIFT_TRIGGER_INSERT] = "INSERT", [DRIFT_TRIGGER_UPDATE] = "UPDATE"};

static void put_conflict(drift__str *s, drift_conflict conflict)
{
    if (conflict != DRIFT_CONFLICT_NONE) drift__str_printf(s, " ON CONFLICT %s", conflict_words[conflict]);
}

static void put_names(drift__str *s, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i) drift__str_puts(s, ", ");
        drift__put_name(s, names[i]);
    }
}

static void put_indexed_columns(drift__str *s, const drift_indexed_column *columns, size_t count)
{
    drift__str_putc(s, '(');
    for (size_t i = 0; i < count; i++) {
        const drift_indexed_column *column = &columns[i];
        if (i) drift__str_puts(s, ", ");
        if (column->name)
            drift__put_name(s, column->name);
        else
            drift__str_puts(s, column->expression);
        if (column->collation) {
            drift__str_puts(s, " COLLATE ");
            drift__put_name(s, column->collation);
        }
        drift__str_puts(s, sort_words[column->sort]);
        if (column->autoincrement) drift__str_puts(s, " AUTOINCREMENT");
    }
    drift__str_putc(s, ')');
}

static void put_reference(drift__str *s, const drift_reference *reference)
{
    drift__str_puts(s, "REFERENCES ");
    drift__put_name(s, reference->table);
    if (reference->column_count) {
        drift__str_putc(s, '(');
        put_names(s, reference->columns, reference->column_count);
        drift__str_putc(s, ')');
    }
    if (reference->on_delete) drift__str_printf(s, " ON DELETE %s", action_words[reference->on_delete]);
    if (reference->on_update) drift__str_printf(s, " ON UPDATE %s", action_words[reference->on_update]);
    if (reference->match) {
        drift__str_puts(s, " MATCH ");
        drift__put_name(s, reference->match);
    }
    drift__str_puts(s, deferral_words[reference->deferral]);
}

static void put_generated(drift__str *s, const drift_constraint *constraint)
{
    if (constraint->always) drift__str_puts(s, "GENERATED ALWAYS ");
    drift__str_printf(s, "AS (%s)", constraint->expression);
    if (constraint->stored) drift__str_puts(s, " STORED");
    if (constraint->virtual_written) drift__str_puts(s, " VIRTUAL");
}

/* PRIMARY KEY and UNIQUE of a table have their columns; of a column, an order and AUTOINCREMENT. */
static void put_key(drift__str *s, const drift_constraint *constraint, const char *words)
{
    drift__str_puts(s, words);
    if (constraint->column_count) {
        drift__str_putc(s, ' ');
        put_indexed_columns(s, constraint->columns, constraint->column_count);
    }
    drift__str_puts(s, sort_words[constraint->sort]);
    put_conflict(s, constraint->conflict);
    if (constraint->autoincrement && !constraint->column_count) drift__str_puts(s, " AUTOINCREMENT");
}

static void put_foreign_key(drift__str *s, const drift_constraint *constraint)
{
    if (constraint->column_count) {
        drift__str_puts(s, "FOREIGN KEY ");
        put_indexed_columns(s, constraint->columns, constraint->column_count);
        drift__str_putc(s, ' ');
    }
    put_reference(s, constraint->reference);
}

static void put_constraint_body(drift__str *s, const drift_constraint *constraint)
{
    switch (constraint->kind) {
    case DRIFT_CONSTRAINT_NAME_ONLY: break;
    case DRIFT_CONSTRAINT_PRIMARY_KEY: put_key(s, constraint, "PRIMARY KEY"); break;
    case DRIFT_CONSTRAINT_UNIQUE: put_key(s, constraint, "UNIQUE"); break;
    case DRIFT_CONSTRAINT_NOT_NULL:
        drift__str_puts(s, "NOT NULL");
        put_conflict(s, constraint->conflict);
        break;
    case DRIFT_CONSTRAINT_NULL:
        drift__str_puts(s, "NULL");
        put_conflict(s, constraint->conflict);
        break;
    case DRIFT_CONSTRAINT_CHECK:
        drift__str_printf(s, "CHECK (%s)", constraint->expression);
        put_conflict(s, constraint->conflict);
        break;
    case DRIFT_CONSTRAINT_DEFAULT: drift__str_printf(s, "DEFAULT %s", constraint->expression); break;
    case DRIFT_CONSTRAINT_COLLATE:
        drift__str_puts(s, "COLLATE ");
        drift__put_name(s, constraint->expression);
        break;
    case DRIFT_CONSTRAINT_FOREIGN_KEY: put_foreign_key(s, constraint); break;
    case DRIFT_CONSTRAINT_GENERATED: put_generated(s, constraint); break;
    }
}

static void put_constraint(drift__str *s, const drift_constraint *constraint)
{
    if (constraint->name) {
        drift__str_puts(s, "CONSTRAINT ");
        drift__put_name(s, constraint->name);
        if (constraint->kind != DRIFT_CONSTRAINT_NAME_ONLY) drift__str_putc(s, ' ');
    }
    put_constraint_body(s, constraint);
}

void drift__put_column(drift__str *s, const drift_column *column)
{
    drift__put_name(s, column->name);
    if (*column->type) drift__str_printf(s, " %s", column->type);
    for (size_t i = 0; i < column->constraint_count; i++) {
        drift__str_putc(s, ' ');
        put_constraint(s, &column->constraints[i]);
    }
}

static void put_table(drift__str *s, const drift_table *table)
{
    drift__str_puts(s, " (");
    for (size_t i = 0; i < table->column_count; i++) {
        drift__str_puts(s, i ? ",\n  " : "\n  ");
        drift__put_column(s, &table->columns[i]);
    }
    for (size_t i = 0; i < table->constraint_count; i++) {
        drift__str_puts(s, ",\n  ");
        put_constraint(s, &table->constraints[i]);
    }
    drift__str_puts(s, "\n)");
    if (table->without_rowid) drift__str_puts(s, " WITHOUT ROWID");
    if (table->strict) drift__str_puts(s, table->without_rowid ? ", STRICT" : " STRICT");
}

static void put_index(drift__str *s, const drift_index *index)
{
    drift__str_puts(s, " ON ");
    drift__put_name(s, index->table);
    drift__str_putc(s, ' ');
    put_indexed_columns(s, index->columns, index->column_count);
    if (index->where) drift__str_printf(s, " WHERE %s", index->where);
}

static void put_view(drift__str *s, const drift_view *view)
{
    if (view->column_count) {
        drift__str_puts(s, " (");
        put_names(s, view->columns, view->column_count);
        drift__str_putc(s, ')');
    }
    drift__str_printf(s, " AS %s", view->select);
}

static void put_trigger(drift__str *s, const drift_trigger *trigger)
{
    drift__str_putc(s, ' ');
    if (trigger->time != DRIFT_TRIGGER_BEFORE || trigger->time_written) drift__str_puts(s, time_words[trigger->time]);
    drift__str_puts(s, event_words[trigger->event]);
    if (trigger->column_count) {
        drift__str_puts(s, " OF ");
        put_names(s, trigger->columns, trigger->column_count);
    }
    drift__str_puts(s, " ON ");
    drift__put_name(s, trigger->table);
    if (trigger->for_each_row) drift__str_puts(s, " FOR EACH ROW");
    if (trigger->when) drift__str_printf(s, " WHEN %s", trigger->when);
    drift__str_printf(s, " %s", trigger->body);
}

static void put_virtual_table(drift__str *s, const drift_virtual_table *table)
{
    drift__str_puts(s, " USING ");
    drift__put_name(s, table->module);
    for (size_t i = 0; i < table->argument_count; i++)
        drift__str_printf(s, "%s%s", i ? ", " : "(", table->arguments[i]);
    if (table->argument_count) drift__str_putc(s, ')');
}

/* CREATE [TEMP] [UNIQUE] KIND [IF NOT EXISTS] [database.]name */
static void put_head(drift__str *s, const drift_entity *entity)
{
    static const char *const words[] = {[DRIFT_ENTITY_TABLE] = "TABLE ",
                                        [DRIFT_ENTITY_INDEX] = "INDEX ",
                                        [DRIFT_ENTITY_VIEW] = "VIEW ",
                                        [DRIFT_ENTITY_TRIGGER] = "TRIGGER ",
                                        [DRIFT_ENTITY_VIRTUAL_TABLE] = "VIRTUAL TABLE "};
    drift__str_puts(s, "CREATE ");
    if (entity->temporary) drift__str_puts(s, "TEMP ");
    if (entity->kind == DRIFT_ENTITY_INDEX && entity->as.index->unique) drift__str_puts(s, "UNIQUE ");
    drift__str_puts(s, words[entity->kind]);
    if (entity->if_not_exists) drift__str_puts(s, "IF NOT EXISTS ");
    if (entity->database) {
        drift__put_name(s, entity->database);
        drift__str_putc(s, '.');
    }
    drift__put_name(s, entity->name);
}

static void put_body(drift__str *s, const drift_entity *entity)
{
    switch (entity->kind) {
    case DRIFT_ENTITY_TABLE: put_table(s, entity->as.table); break;
    case DRIFT_ENTITY_INDEX: put_index(s, entity->as.index); break;
    case DRIFT_ENTITY_VIEW: put_view(s, entity->as.view); break;
    case DRIFT_ENTITY_TRIGGER: put_trigger(s, entity->as.trigger); break;
    case DRIFT_ENTITY_VIRTUAL_TABLE: put_virtual_table(s, entity->as.virtual_table); break;
    case DRIFT_ENTITY_QUERY: break;
    }
}

int drift_render_entity(char **out, const drift_entity *entity, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    if (entity->opaque || entity->kind == DRIFT_ENTITY_QUERY) {
        drift__str_puts(&s, entity->sql);
    } else {
        put_head(&s, entity);
        put_body(&s, entity);
    }
    return drift__str_take(out, &s, err);
}
