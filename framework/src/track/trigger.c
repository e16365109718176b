/* trigger.c — the triggers of a tracked table, as text.
 *
 *   inserting, updating   before it: note the rows that REPLACE is about to delete, for which no trigger fires unless
 *                         recursive_triggers is on (https://www.sqlite.org/lang_conflict.html)
 *   inserted, updated     after it: queue the deletion of what was replaced, then the row itself
 *   deleted               queue the deletion; if the row was noted, it is told now
 *
 * After a row is in, no other row can share a unique value with it: what was noted for it is gone. Notes of a statement
 * that then did something else (IGNORE, DO UPDATE) are cleared by the next one.
 *
 * Statements inside a trigger run under the outer statement's OR clause
 * (https://www.sqlite.org/lang_createtrigger.html): none of these can meet a conflict.
 */
#include "base/error.h"
#include "sql/quote.h"
#include "track/track.h"

#define UNLESS_APPLYING "NOT EXISTS (SELECT 1 FROM drift_track_applying)"

/* --- a row as JSON --- */

/* A name as it stands between the quotes of a JSON string. */
static void put_json_name(drift__str *s, const char *name)
{
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            drift__str_printf(s, "\\%c", *name);
        else if ((unsigned char)*name < 0x20)
            drift__str_printf(s, "\\u%04x", (unsigned)(unsigned char)*name);
        else
            drift__str_putc(s, *name);
    }
}

static void put_field(drift__str *s, const char *row, const char *column)
{
    drift__str_puts(s, row);
    drift__str_putc(s, '.');
    drift__put_quoted(s, column);
}

/* 17 digits bring back every double; json_quote writes 15 of them. A BLOB is an error to it. */
static void put_value(drift__str *s, const char *row, const char *column)
{
    drift__str field = DRIFT__STR_INIT;
    put_field(&field, row, column);
    const char *f = drift__str_text(&field);
    drift__str_printf(s, "CASE typeof(%s) WHEN 'blob' THEN '{\"$hex\":\"' || hex(%s) || '\"}' ", f, f);
    drift__str_printf(s, "WHEN 'real' THEN CASE %s WHEN 9e999 THEN '{\"$real\":\"inf\"}' ", f);
    drift__str_printf(s, "WHEN -9e999 THEN '{\"$real\":\"-inf\"}' ELSE printf('%%!.17g', %s) END ", f);
    drift__str_printf(s, "ELSE json_quote(%s) END", f);
    if (field.failed) s->failed = 1;
    drift__str_dispose(&field);
}

/* ",\"name\":" as an SQL string; `first` leaves the comma out. */
static void put_label(drift__str *s, const char *name, bool first)
{
    drift__str label = DRIFT__STR_INIT;
    drift__str_puts(&label, first ? "\"" : ",\"");
    put_json_name(&label, name);
    drift__str_puts(&label, "\":");
    drift__put_string(s, drift__str_text(&label));
    if (label.failed) s->failed = 1;
    drift__str_dispose(&label);
}

/* The columns in groups, each in parentheses: an expression is at most 1,000 operators deep
 * (https://www.sqlite.org/limits.html), and a table has up to 2,000 columns. */
static void put_object(drift__str *s, const char *row, const drift_column *const *columns, size_t count)
{
    enum { GROUP = 50 };
    drift__str_puts(s, "'{'");
    for (size_t i = 0; i < count; i++) {
        drift__str_puts(s, i % GROUP == 0 ? " || (" : " || ");
        put_label(s, columns[i]->name, i == 0);
        drift__str_puts(s, " || ");
        put_value(s, row, columns[i]->name);
        if (i % GROUP == GROUP - 1 || i == count - 1) drift__str_putc(s, ')');
    }
    drift__str_puts(s, " || '}'");
}

static void put_key(drift__str *s, const char *row, const drift__tracked *t)
{
    put_object(s, row, t->key, t->key_count);
}

static void put_revision(drift__str *s, const char *row, const drift__tracked *t)
{
    if (t->revision)
        put_field(s, row, t->revision->name);
    else
        drift__str_puts(s, "NULL");
}

/* --- which rows REPLACE deletes --- */

/* An expression of an index, or its WHERE, over the new row: the row stands in for the table. */
static void put_over_new(drift__str *s, const drift_table *table, const char *expression)
{
    drift__str_printf(s, "(SELECT (%s) FROM (SELECT ", expression);
    for (size_t i = 0; i < table->column_count; i++) {
        if (i > 0) drift__str_puts(s, ", ");
        put_field(s, "new", table->columns[i].name);
        drift__str_puts(s, " AS ");
        drift__put_quoted(s, table->columns[i].name);
    }
    drift__str_puts(s, ") AS ");
    drift__put_quoted(s, table->name);
    drift__str_putc(s, ')');
}

static void put_collation(drift__str *s, const drift_indexed_column *column)
{
    if (!column->collation) return;
    drift__str_puts(s, " COLLATE ");
    drift__put_quoted(s, column->collation);
}

static void put_same_value(drift__str *s, const char *row, const drift_table *table, const drift_indexed_column *column)
{
    if (column->name)
        put_field(s, row, column->name);
    else
        drift__str_printf(s, "(%s)", column->expression);
    put_collation(s, column);
    drift__str_puts(s, " = ");
    if (column->name)
        put_field(s, "new", column->name);
    else
        put_over_new(s, table, column->expression);
}

static void put_conflict(drift__str *s, const char *row, const drift_table *table, const drift__unique *unique)
{
    drift__str_putc(s, '(');
    for (size_t i = 0; i < unique->column_count; i++) {
        if (i > 0) drift__str_puts(s, " AND ");
        put_same_value(s, row, table, &unique->columns[i]);
    }
    if (unique->where) {
        drift__str_printf(s, " AND (%s) AND ", unique->where);
        put_over_new(s, table, unique->where);
    }
    drift__str_putc(s, ')');
}

static void put_conflicts(drift__str *s, const char *row, const drift__tracked *t)
{
    drift__str_putc(s, '(');
    for (size_t i = 0; i < t->unique_count; i++) {
        if (i > 0) drift__str_puts(s, " OR ");
        put_conflict(s, row, t->table, &t->uniques[i]);
    }
    drift__str_putc(s, ')');
}

/* --- statements --- */

static void put_is_entity(drift__str *s, const drift__tracked *t)
{
    drift__str_puts(s, "entity = ");
    drift__put_string(s, t->entity);
}

static void put_forget(drift__str *s, const drift__tracked *t)
{
    drift__str_puts(s, "  DELETE FROM drift_track_replaced WHERE ");
    put_is_entity(s, t);
    drift__str_puts(s, ";\n");
}

/* Up to the place of the key. */
static void put_queue(drift__str *s, const drift__tracked *t)
{
    drift__str_puts(s, "  INSERT INTO drift_track_change SELECT ");
    drift__put_string(s, t->entity);
    drift__str_puts(s, ", ");
}

static void put_replaced(drift__str *s, const drift__tracked *t)
{
    put_queue(s, t);
    drift__str_printf(s, "key, 'delete', base_revision, NULL, %d FROM drift_track_replaced WHERE ", t->priority);
    put_is_entity(s, t);
    drift__str_puts(s, " AND key <> ");
    put_key(s, "new", t);
    drift__str_puts(s, ";\n");
}

/* (SELECT … of the note about the row with the new key) */
static void put_note(drift__str *s, const drift__tracked *t, const char *select)
{
    drift__str_printf(s, "(SELECT %s FROM drift_track_replaced WHERE ", select);
    put_is_entity(s, t);
    drift__str_puts(s, " AND key = ");
    put_key(s, "new", t);
    drift__str_putc(s, ')');
}

static void put_deleted(drift__str *s, const drift__tracked *t)
{
    put_queue(s, t);
    put_key(s, "old", t);
    drift__str_puts(s, ", 'delete', ");
    put_revision(s, "old", t);
    drift__str_printf(s, ", NULL, %d", t->priority);
}

/* COLLATE BINARY and the type: what a collation takes for equal, and 1 and 1.0, are changes. */
static void put_differs(drift__str *s, const drift_column *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        drift__str_puts(s, i > 0 ? " OR " : "(");
        put_field(s, "new", columns[i]->name);
        drift__str_puts(s, " COLLATE BINARY IS NOT ");
        put_field(s, "old", columns[i]->name);
        drift__str_puts(s, " OR typeof(");
        put_field(s, "new", columns[i]->name);
        drift__str_puts(s, ") <> typeof(");
        put_field(s, "old", columns[i]->name);
        drift__str_putc(s, ')');
    }
    drift__str_puts(s, count > 0 ? ")" : "0");
}

static void put_require_key(drift__str *s, const drift__tracked *t)
{
    for (size_t i = 0; i < t->key_count; i++) {
        if (t->key[i]->not_null || t->table->without_rowid) continue;
        drift__str_puts(s, "  SELECT RAISE(ABORT, 'a row whose key holds NULL cannot be tracked') WHERE ");
        put_field(s, "new", t->key[i]->name);
        drift__str_puts(s, " IS NULL;\n");
    }
}

/* --- triggers --- */

static void put_head(drift__str *s, const char *name, const drift__tracked *t, const char *event)
{
    drift__put_quoted(s, name);
    drift__str_printf(s, " %s ON ", event);
    drift__put_quoted(s, t->table->name);
    drift__str_puts(s, " WHEN " UNLESS_APPLYING);
}

static void put_note_conflicts(drift__str *s, const drift__tracked *t, const char *row)
{
    drift__str_puts(s, " BEGIN\n");
    put_forget(s, t);
    drift__str_puts(s, "  INSERT INTO drift_track_replaced SELECT ");
    drift__put_string(s, t->entity);
    drift__str_puts(s, ", ");
    put_key(s, row, t);
    drift__str_puts(s, ", ");
    put_revision(s, row, t);
    drift__str_printf(s, " FROM %s WHERE ", row);
    put_conflicts(s, row, t);
}

static void put_inserting(drift__str *s, const drift__tracked *t, const char *row)
{
    put_note_conflicts(s, t, row);
    drift__str_puts(s, ";\nEND");
}

/* The row itself is in no conflict with what it becomes. */
static void put_updating(drift__str *s, const drift__tracked *t, const char *row)
{
    put_note_conflicts(s, t, row);
    for (size_t i = 0; i < t->key_count; i++) {
        drift__str_puts(s, i == 0 ? " AND NOT (" : " AND ");
        put_field(s, row, t->key[i]->name);
        drift__str_puts(s, " IS ");
        put_field(s, "old", t->key[i]->name);
    }
    drift__str_puts(s, ");\nEND");
}

/* The row as it is now, which a trigger of the application may have changed since `new`; none if one deleted it. */
static void put_current(drift__str *s, const drift__tracked *t, const char *row)
{
    drift__str_puts(s, ", ");
    put_object(s, row, t->columns, t->column_count);
    drift__str_printf(s, ", %d FROM %s WHERE ", t->priority, row);
    put_conflict(s, row, t->table, &t->uniques[0]);
}

static void put_inserted(drift__str *s, const drift__tracked *t, const char *row)
{
    drift__str_puts(s, " BEGIN\n");
    put_require_key(s, t);
    put_replaced(s, t);
    put_queue(s, t);
    put_key(s, row, t);
    drift__str_puts(s, ", CASE WHEN EXISTS ");
    put_note(s, t, "1");
    drift__str_puts(s, " THEN 'update' ELSE 'insert' END, ");
    put_note(s, t, "base_revision");
    put_current(s, t, row);
    drift__str_puts(s, ";\n");
    put_forget(s, t);
    drift__str_puts(s, "END");
}

/* A row that gets another key is deleted under the old one and comes again under the new one. */
static void put_queue_updated(drift__str *s, const drift__tracked *t, const char *row)
{
    put_queue(s, t);
    put_key(s, row, t);
    drift__str_puts(s, ", CASE WHEN ");
    put_differs(s, t->key, t->key_count);
    drift__str_puts(s, " AND NOT EXISTS ");
    put_note(s, t, "1");
    drift__str_puts(s, " THEN 'insert' ELSE 'update' END, CASE WHEN ");
    put_differs(s, t->key, t->key_count);
    drift__str_puts(s, " THEN ");
    put_note(s, t, "base_revision");
    drift__str_puts(s, " ELSE ");
    put_revision(s, "old", t);
    drift__str_puts(s, " END");
    put_current(s, t, row);
    drift__str_puts(s, " AND (");
    put_differs(s, t->key, t->key_count);
    drift__str_puts(s, " OR ");
    put_differs(s, t->columns, t->column_count);
    drift__str_puts(s, ");\n");
}

/* The trigger has no list of columns: UPDATE … SET rowid = 7 changes an INTEGER PRIMARY KEY under a name that no such
 * list matches, and a generated column changes under the names of others. */
static void put_updated(drift__str *s, const drift__tracked *t, const char *row)
{
    drift__str_puts(s, " AND (");
    put_differs(s, t->key, t->key_count);
    drift__str_puts(s, " OR ");
    put_differs(s, t->columns, t->column_count);
    drift__str_puts(s, " OR EXISTS (SELECT 1 FROM drift_track_replaced WHERE ");
    put_is_entity(s, t);
    drift__str_puts(s, ")) BEGIN\n");
    put_require_key(s, t);
    put_replaced(s, t);
    put_deleted(s, t);
    drift__str_puts(s, " WHERE ");
    put_differs(s, t->key, t->key_count);
    drift__str_puts(s, ";\n");
    put_queue_updated(s, t, row);
    put_forget(s, t);
    drift__str_puts(s, "END");
}

static void put_deleting(drift__str *s, const drift__tracked *t, const char *row)
{
    (void)row;
    drift__str_puts(s, " BEGIN\n  DELETE FROM drift_track_replaced WHERE ");
    put_is_entity(s, t);
    drift__str_puts(s, " AND key = ");
    put_key(s, "old", t);
    drift__str_puts(s, ";\n");
    put_deleted(s, t);
    drift__str_puts(s, ";\nEND");
}

/* No kind, with the "_" behind it, begins another: no two tables' triggers share a name. */
static const struct {
    const char *kind, *event;
    void (*put)(drift__str *s, const drift__tracked *tracked, const char *row); /* row: the table's name in quotes */
} triggers[DRIFT__TRACK_TRIGGERS] = {
    {"inserting", "BEFORE INSERT", put_inserting}, {"inserted", "AFTER INSERT", put_inserted},
    {"updating", "BEFORE UPDATE", put_updating},   {"updated", "AFTER UPDATE", put_updated},
    {"deleted", "AFTER DELETE", put_deleting},
};

static void render(drift__track_object *out, drift__arena *arena, const drift__tracked *t, size_t which,
                   const char *row)
{
    drift__str s = DRIFT__STR_INIT;
    const char *name = drift__arena_printf(arena, "drift_track_%s_%s", triggers[which].kind, t->table->name);
    if (name) {
        put_head(&s, name, t, triggers[which].event);
        triggers[which].put(&s, t, row);
        *out = (drift__track_object){"TRIGGER", name, drift__arena_strndup(arena, drift__str_text(&s), s.length)};
    }
    if (s.failed) arena->failed = 1;
    drift__str_dispose(&s);
}

int drift__track_triggers(drift__track_object *out, drift__arena *arena, const drift__tracked *tracked,
                          drift_error *err)
{
    drift__str row = DRIFT__STR_INIT;
    drift__put_quoted(&row, tracked->table->name);
    for (size_t i = 0; i < DRIFT__TRACK_TRIGGERS; i++) render(&out[i], arena, tracked, i, drift__str_text(&row));
    if (row.failed) arena->failed = 1;
    drift__str_dispose(&row);
    return arena->failed ? drift__no_memory(err) : DRIFT_OK;
}
