/* write_table.c — `data` of tables, and columns. Only what SQLite keeps in its statement is used, never what a snapshot
 * alone may know (a column's logical type): a dump of a rebuilt database must be the dump it was built from. */
#include <string.h>

#include "base/fold.h"
#include "snapshot/name.h"
#include "snapshot/type.h"
#include "snapshot/write.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* ---- Dart ---- */

/* 'text' as a Dart literal in single quotes. */
static void put_dart_string(drift__str *s, const char *text)
{
    drift__str_putc(s, '\'');
    for (; *text; text++) {
        if (*text == '\n')
            drift__str_puts(s, "\\n");
        else if (*text == '\r')
            drift__str_puts(s, "\\r");
        else if (strchr("'\\$", *text))
            drift__str_printf(s, "\\%c", *text);
        else
            drift__str_putc(s, *text);
    }
    drift__str_putc(s, '\'');
}

static const char *keep(drift__writing *w, drift__str *s)
{
    if (s->failed) w->arena.failed = 1;
    const char *text = drift__arena_strndup(&w->arena, drift__str_text(s), s->length);
    drift__str_dispose(s);
    return text ? text : "";
}

static const char *dart_expression(drift__writing *w, const char *before, const char *sql)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_printf(&s, "%s(", before);
    put_dart_string(&s, sql);
    drift__str_putc(&s, ')');
    return keep(w, &s);
}

/* DEFAULT's text without the parentheses around all of it, which Drift adds where they are needed. */
static const char *without_parentheses(drift__writing *w, const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    if (!drift__cursor_skip_balanced(&c) || c.token.kind != DRIFT__TOKEN_END || *sql != '(') return sql;
    const char *start = sql + 1 + strspn(sql + 1, " \t\r\n"), *end = c.previous_end - 1;
    while (end > start && strchr(" \t\r\n", end[-1])) end--;
    const char *inner = drift__arena_strndup(&w->arena, start, (size_t)(end - start));
    return inner ? inner : "";
}

/* ---- constraints ---- */

/* The source text from the first constraint to the last, "" if there is none. */
static const char *constraints_text(drift__writing *w, const drift_entity *entity, const drift_column *column)
{
    if (!column->constraint_count) return "";
    const drift_span first = column->constraints[0].span, last = column->constraints[column->constraint_count - 1].span;
    const char *text =
        drift__arena_strndup(&w->arena, entity->sql + first.offset, last.offset + last.length - first.offset);
    return text ? text : "";
}

/* The only column of the table's primary key, or NULL. */
static const char *single_key(const drift_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (drift_column_constraint(&table->columns[i], DRIFT_CONSTRAINT_PRIMARY_KEY)) return table->columns[i].name;
    for (size_t i = 0; i < table->constraint_count; i++) {
        const drift_constraint *c = &table->constraints[i];
        if (c->kind == DRIFT_CONSTRAINT_PRIMARY_KEY) return c->column_count == 1 ? c->columns[0].name : NULL;
    }
    return NULL;
}

static bool is_key(const drift_table *table, const drift_column *column)
{
    if (drift_column_constraint(column, DRIFT_CONSTRAINT_PRIMARY_KEY)) return true;
    for (size_t i = 0; i < table->constraint_count; i++) {
        const drift_constraint *c = &table->constraints[i];
        for (size_t k = 0; c->kind == DRIFT_CONSTRAINT_PRIMARY_KEY && k < c->column_count; k++)
            if (c->columns[k].name && drift__same_name(c->columns[k].name, column->name)) return true;
    }
    return false;
}

/* "INTEGER PRIMARY KEY", which is the rowid, unless DESC is written at the column
 * (https://www.sqlite.org/lang_createtable.html, section 5). */
static bool is_rowid(const drift_table *table, const drift_column *column)
{
    const char *single = single_key(table);
    const drift_constraint *key = drift_column_constraint(column, DRIFT_CONSTRAINT_PRIMARY_KEY);
    return single && drift__same_name(single, column->name) && drift__same_name(column->type, "INTEGER") &&
           !(key && key->sort == DRIFT_SORT_DESC);
}

/* A key is not null by itself in a table WITHOUT ROWID, and where it is the rowid. */
static bool is_nullable(const drift_table *table, const drift_column *column)
{
    if (column->not_null) return false;
    return table->without_rowid ? !is_key(table, column) : !is_rowid(table, column);
}

/* ---- dsl_features ---- */

static const char *action_name(drift_action action)
{
    switch (action) {
    case DRIFT_ACTION_NONE: break;
    case DRIFT_ACTION_NO_ACTION: return "noAction";
    case DRIFT_ACTION_RESTRICT: return "restrict";
    case DRIFT_ACTION_SET_NULL: return "setNull";
    case DRIFT_ACTION_SET_DEFAULT: return "setDefault";
    case DRIFT_ACTION_CASCADE: return "cascade";
    }
    return NULL;
}

/* Whether the parent is the table itself or is written before it; else Drift could not resolve it. */
static const drift_table *resolved_parent(const drift__writing *w, const drift__refer_row *row, const char *name)
{
    if (drift__same_name(row->entity->name, name)) return row->entity->as.table;
    for (size_t i = 0; i < row->count; i++) {
        const drift_entity *parent = w->refer.rows[row->references[i]].entity;
        if (drift__same_name(parent->name, name)) return parent->as.table;
    }
    return NULL;
}

static void write_foreign_key(drift__writing *w, const drift__refer_row *row, const drift_reference *reference)
{
    const drift_table *parent = resolved_parent(w, row, reference->table);
    const char *column = parent ? single_key(parent) : NULL;
    if (reference->column_count) column = reference->columns[0];
    if (!parent || !column) return;
    drift__out_open(&w->out, '{');
    drift__out_key(&w->out, "foreign_key");
    drift__out_open(&w->out, '{');
    drift__out_key(&w->out, "to");
    drift__out_open(&w->out, '{');
    drift__out_member(&w->out, "table", parent->name);
    drift__out_member(&w->out, "column", column);
    drift__out_close(&w->out, '}');
    drift__out_member_bool(&w->out, "initially_deferred", reference->deferral == DRIFT_DEFERRABLE_INITIALLY_DEFERRED);
    drift__out_member(&w->out, "on_update", action_name(reference->on_update));
    drift__out_member(&w->out, "on_delete", action_name(reference->on_delete));
    drift__out_close(&w->out, '}');
    drift__out_close(&w->out, '}');
}

/* {"dart_expression": {"elements": […]}}, with the name resolved as Drift does. */
static void write_elements(drift__writing *w, const char *sql)
{
    drift__out_key(&w->out, "dart_expression");
    drift__out_open(&w->out, '{');
    drift__out_key(&w->out, "elements");
    drift__out_open(&w->out, '[');
    drift__out_string(&w->out, "const ");
    drift__out_open(&w->out, '{');
    drift__out_member(&w->out, "lexeme", "CustomExpression");
    drift__out_member(&w->out, "import_uri", "package:drift/drift.dart");
    drift__out_close(&w->out, '}');
    drift__out_string(&w->out, dart_expression(w, "", sql));
    drift__out_close(&w->out, ']');
    drift__out_close(&w->out, '}');
}

static void write_expression_feature(drift__writing *w, const drift_constraint *c)
{
    const bool generated = c->kind == DRIFT_CONSTRAINT_GENERATED;
    drift__out_open(&w->out, '{');
    drift__out_key(&w->out, generated ? "generated_as" : "check");
    drift__out_open(&w->out, '{');
    write_elements(w, c->expression);
    if (generated) drift__out_member_bool(&w->out, "stored", c->stored);
    drift__out_close(&w->out, '}');
    drift__out_close(&w->out, '}');
}

static void write_feature(drift__writing *w, const drift__refer_row *row, const drift_constraint *c)
{
    switch (c->kind) {
    case DRIFT_CONSTRAINT_PRIMARY_KEY:
        drift__out_string(&w->out, c->autoincrement ? "auto-increment" : "primary-key");
        break;
    case DRIFT_CONSTRAINT_UNIQUE: drift__out_string(&w->out, "unique"); break;
    case DRIFT_CONSTRAINT_FOREIGN_KEY: write_foreign_key(w, row, c->reference); break;
    case DRIFT_CONSTRAINT_CHECK:
    case DRIFT_CONSTRAINT_GENERATED: write_expression_feature(w, c); break;
    case DRIFT_CONSTRAINT_NAME_ONLY:
    case DRIFT_CONSTRAINT_NOT_NULL:
    case DRIFT_CONSTRAINT_NULL:
    case DRIFT_CONSTRAINT_DEFAULT:
    case DRIFT_CONSTRAINT_COLLATE: break;
    }
}

/* ---- columns ---- */

/* The keys of a column; `default_sql` may be NULL. Features are written by the caller, who closes both. */
static void open_column(drift__writing *w, const char *name, const char *getter, const char *type, bool nullable,
                        const char *constraints, const char *default_sql)
{
    drift__json_out *o = &w->out;
    drift__out_open(o, '{');
    drift__out_member(o, "name", name);
    drift__out_member(o, "getter_name", getter);
    drift__out_member(o, "moor_type", type);
    drift__out_member_bool(o, "nullable", nullable);
    drift__out_member(o, "customConstraints", constraints);
    drift__out_member(o, "default_dart",
                      default_sql ? dart_expression(w, "const CustomExpression", default_sql) : NULL);
    drift__out_member(o, "default_client_dart", NULL);
    drift__out_key(o, "dsl_features");
    drift__out_open(o, '[');
}

static void close_column(drift__writing *w)
{
    drift__out_close(&w->out, ']');
    drift__out_close(&w->out, '}');
}

/* The getters of columns, each of its own: where two names give one, the later gets a number. */
static const char **getters_of(drift__writing *w, const char *const *names, size_t count)
{
    const char **getters = drift__arena_array(&w->arena, count, sizeof *getters);
    for (size_t i = 0; getters && i < count; i++) {
        const char *base = drift__dart_name(&w->arena, names[i], false);
        getters[i] = base;
        for (size_t k = 0, number = 1; k < i && getters[i];) {
            if (strcmp(getters[k++], getters[i]) != 0) continue;
            getters[i] = drift__arena_printf(&w->arena, "%s%zu", base, number++);
            k = 0;
        }
        if (!getters[i]) return NULL;
    }
    return getters;
}

static void write_table_column(drift__writing *w, const drift__refer_row *row, const drift_column *c,
                               const char *getter)
{
    const drift_table *table = row->entity->as.table;
    open_column(w, c->name, getter, drift__moor_type(c->type, table->strict), is_nullable(table, c),
                constraints_text(w, row->entity, c),
                c->default_value ? without_parentheses(w, c->default_value) : NULL);
    for (size_t i = 0; i < c->constraint_count; i++) write_feature(w, row, &c->constraints[i]);
    close_column(w);
}

static void write_table_columns(drift__writing *w, const drift__refer_row *row)
{
    const drift_table *table = row->entity->as.table;
    const size_t count = table ? table->column_count : 0;
    const char **names = drift__arena_array(&w->arena, count, sizeof *names);
    for (size_t i = 0; names && i < count; i++) names[i] = table->columns[i].name;
    const char **getters = names ? getters_of(w, names, count) : NULL;
    drift__out_key(&w->out, "columns");
    drift__out_open(&w->out, '[');
    for (size_t i = 0; getters && i < count; i++) write_table_column(w, row, &table->columns[i], getters[i]);
    drift__out_close(&w->out, ']');
}

/* Columns of which only names are known. */
static void write_named_columns(drift__writing *w, const char *const *names, size_t count, const char *type,
                                const char *constraints, bool nullable)
{
    const char **getters = getters_of(w, names, count);
    drift__out_key(&w->out, "columns");
    drift__out_open(&w->out, '[');
    for (size_t i = 0; getters && i < count; i++) {
        open_column(w, names[i], getters[i], type, nullable, constraints, NULL);
        close_column(w);
    }
    drift__out_close(&w->out, ']');
}

void drift__write_view_columns(drift__writing *w, const drift_view *view)
{
    write_named_columns(w, view ? view->columns : NULL, view ? view->column_count : 0, "any", NULL, true);
}

/* ---- tables ---- */

static void write_names(drift__writing *w, const drift_constraint *c)
{
    drift__out_open(&w->out, '[');
    for (size_t i = 0; i < c->column_count; i++) drift__out_string(&w->out, c->columns[i].name);
    drift__out_close(&w->out, ']');
}

static bool has_kind(const drift_table *table, drift_constraint_kind kind)
{
    for (size_t i = 0; i < table->constraint_count; i++)
        if (table->constraints[i].kind == kind) return true;
    return false;
}

static void write_keys(drift__writing *w, const drift_table *table)
{
    for (size_t i = 0; i < table->constraint_count; i++) {
        if (table->constraints[i].kind != DRIFT_CONSTRAINT_PRIMARY_KEY) continue;
        drift__out_key(&w->out, "explicit_pk");
        write_names(w, &table->constraints[i]);
        break;
    }
    if (!has_kind(table, DRIFT_CONSTRAINT_UNIQUE)) return;
    drift__out_key(&w->out, "unique_keys");
    drift__out_open(&w->out, '[');
    for (size_t i = 0; i < table->constraint_count; i++)
        if (table->constraints[i].kind == DRIFT_CONSTRAINT_UNIQUE) write_names(w, &table->constraints[i]);
    drift__out_close(&w->out, ']');
}

static void write_constraints(drift__writing *w, const drift_entity *entity)
{
    const drift_table *table = entity->as.table;
    drift__out_key(&w->out, "constraints");
    drift__out_open(&w->out, '[');
    for (size_t i = 0; table && i < table->constraint_count; i++) {
        const drift_span span = table->constraints[i].span;
        drift__out_string(&w->out, drift__arena_strndup(&w->arena, entity->sql + span.offset, span.length));
    }
    drift__out_close(&w->out, ']');
}

void drift__write_table(drift__writing *w, const drift__refer_row *row)
{
    const drift_table *table = row->entity->as.table;
    drift__out_member(&w->out, "name", row->entity->name);
    drift__out_member_bool(&w->out, "was_declared_in_moor", true);
    write_table_columns(w, row);
    drift__out_member_bool(&w->out, "is_virtual", false);
    drift__out_member_bool(&w->out, "without_rowid", table && table->without_rowid);
    write_constraints(w, row->entity);
    if (table && table->strict) drift__out_member_bool(&w->out, "strict", true);
    if (table) write_keys(w, table);
}

/* An argument of FTS that is no option (key=value) begins with a column's name (https://www.sqlite.org/fts5.html,
 * section 4). Other modules' arguments mean other things. */
static size_t full_text_columns(drift__writing *w, const drift_virtual_table *table, const char **names)
{
    size_t count = 0;
    const bool is_full_text = drift__same_name(table->module, "fts5") || drift__same_name(table->module, "fts4") ||
                              drift__same_name(table->module, "fts3");
    for (size_t i = 0; is_full_text && i < table->argument_count; i++) {
        drift__cursor c = drift__cursor_at(table->arguments[i], strlen(table->arguments[i]));
        const drift__lexeme name = c.token, next = drift__cursor_peek(&c);
        const bool is_option = next.kind == DRIFT__TOKEN_OPERATOR && *next.text == '=';
        if (!name.length || is_option) continue;
        names[count++] = drift__unquote(&w->arena, name.text, name.length);
    }
    return count;
}

void drift__write_virtual_table(drift__writing *w, const drift__refer_row *row)
{
    const drift_virtual_table *table = row->entity->as.virtual_table;
    const char **names = drift__arena_array(&w->arena, table ? table->argument_count : 0, sizeof *names);
    const size_t count = table && names ? full_text_columns(w, table, names) : 0;
    drift__out_member(&w->out, "name", row->entity->name);
    drift__out_member_bool(&w->out, "was_declared_in_moor", true);
    if (!w->arena.failed) write_named_columns(w, names, count, "string", "", false);
    drift__out_member_bool(&w->out, "is_virtual", true);
    drift__out_member(&w->out, "create_virtual_stmt", drift__write_sql(w, row->entity));
    drift__out_member_bool(&w->out, "without_rowid", false);
    drift__out_key(&w->out, "constraints");
    drift__out_open(&w->out, '[');
    drift__out_close(&w->out, ']');
}
