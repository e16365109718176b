/* column.c — adding, dropping and renaming columns. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "migrate/alter.h"
#include "rebuild/object.h"
#include "rebuild/scratch.h"
#include "rebuild/setting.h"
#include "rebuild/statistics.h"
#include "rebuild/text.h"
#include "render/render.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* A column of a call. */
typedef struct column_call {
    drift_migrator *migrator;
    const char *table;
    const drift_column *column; /* add */
    const char *name, *to;      /* drop, rename */
} column_call;

static int run(drift_migrator *migrator, drift__str *s, drift_error *err)
{
    const int rc = s->failed ? drift__no_memory(err) : drift_exec(migrator->connection, s->text, err);
    drift__str_dispose(s);
    return rc;
}

static void put_alter(drift__str *s, const char *table, const char *words)
{
    drift__str_puts(s, "ALTER TABLE main.");
    drift__put_quoted(s, table);
    drift__str_puts(s, words);
}

/* --- adding --- */

/* Whether a default is a literal, signed or in parentheses: what ADD COLUMN takes for a table with rows. CURRENT_TIME
 * and its like are none (https://www.sqlite.org/lang_altertable.html#altertabaddcol). */
static bool is_constant(const char *text)
{
    drift__cursor c = drift__cursor_at(text, strlen(text));
    size_t open = 0;
    for (; drift__cursor_take_kind(&c, DRIFT__TOKEN_OPEN);) open++;
    if (c.token.kind == DRIFT__TOKEN_OPERATOR && c.token.length == 1 && strchr("+-", *c.token.text))
        drift__cursor_next(&c);
    const bool in_time = drift__cursor_is(&c, "CURRENT_TIME") || drift__cursor_is(&c, "CURRENT_DATE") ||
                         drift__cursor_is(&c, "CURRENT_TIMESTAMP");
    const drift__token_kind kind = c.token.kind;
    const bool literal = kind == DRIFT__TOKEN_STRING || kind == DRIFT__TOKEN_BLOB || kind == DRIFT__TOKEN_INTEGER ||
                         kind == DRIFT__TOKEN_FLOAT || kind == DRIFT__TOKEN_WORD || kind == DRIFT__TOKEN_QUOTED;
    drift__cursor_next(&c);
    while (open && drift__cursor_take_kind(&c, DRIFT__TOKEN_CLOSE)) open--;
    return literal && !in_time && !open && c.token.kind == DRIFT__TOKEN_END;
}

static bool is_null(const char *text)
{
    drift__cursor c = drift__cursor_at(text, strlen(text));
    while (drift__cursor_take_kind(&c, DRIFT__TOKEN_OPEN)) continue;
    if (!drift__cursor_take(&c, "NULL")) return false;
    while (drift__cursor_take_kind(&c, DRIFT__TOKEN_CLOSE)) continue;
    return c.token.kind == DRIFT__TOKEN_END;
}

static bool has_constraint(const drift_column *column, drift_constraint_kind kind)
{
    return drift_column_constraint(column, kind) != NULL;
}

/* Whether SQLite refuses to add the column to a table that has rows, though a rebuild can do it. */
static bool needs_rebuild(const drift_column *column)
{
    const char *value = column->default_value;
    if (has_constraint(column, DRIFT_CONSTRAINT_PRIMARY_KEY) || has_constraint(column, DRIFT_CONSTRAINT_UNIQUE))
        return true;
    if (column->generated) return column->generated_stored;
    if (!value) return false;
    return !is_constant(value) || (has_constraint(column, DRIFT_CONSTRAINT_FOREIGN_KEY) && !is_null(value));
}

/* A table that has no rows today has some elsewhere: what SQLite allows for an empty table only is refused. */
static int require_value(const char *table, const drift_column *column, drift_error *err)
{
    if (!column->not_null || column->generated || has_constraint(column, DRIFT_CONSTRAINT_PRIMARY_KEY)) return DRIFT_OK;
    if (column->default_value && !is_null(column->default_value)) return DRIFT_OK;
    drift__error(err, DRIFT_MIGRATION,
                 "the column \"%s\" of \"%s\" is NOT NULL and has no default: rows that exist have no value for it",
                 column->name, table);
    drift__error_hint(err, "give it a default, or use drift_migrator_alter_table with a transform");
    return DRIFT_MIGRATION;
}

static int add_by_rebuild(const column_call *call, const drift__live_table *live, const char *definition,
                          drift_error *err)
{
    const drift_column *const added[] = {call->column, NULL};
    char *sql = NULL;
    int rc = drift__text_add_column(&sql, live->sql, definition, err);
    const drift__rebuild_request request = {.table = live->name, .name = live->name, .sql = sql, .new_columns = added};
    if (rc == DRIFT_OK) rc = drift__migrator_rebuild(call->migrator, &request, err);
    drift__free(sql);
    return rc;
}

/* ADD COLUMN tests the rows that exist and tells a violation as a mere error. */
static int tell_violation(const column_call *call, const drift_error *inner, drift_error *err)
{
    if (inner->code == DRIFT_SQL && strstr(inner->text, "constraint failed"))
        return drift__error(err, DRIFT_CONSTRAINT, "rows of \"%s\" do not fit the new column \"%s\": %s", call->table,
                            call->column->name, inner->text);
    if (err && !err->code) *err = *inner;
    return inner->code;
}

static int add_by_alter(const column_call *call, const char *definition, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    drift_error inner = {0};
    put_alter(&s, call->table, " ADD COLUMN ");
    drift__str_puts(&s, definition);
    if (run(call->migrator, &s, &inner) != DRIFT_OK) return tell_violation(call, &inner, err);
    return drift__migrator_touch(call->migrator, DRIFT_TOUCH_ALTERED, DRIFT_ENTITY_TABLE, call->table,
                                 call->column->name, err);
}

static int add(drift_connection *connection, void *payload, drift_error *err)
{
    const column_call *call = payload;
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__live_table live;
    drift__str definition = DRIFT__STR_INIT;
    int rc = drift__live_table_read(&live, &arena, connection, call->table, err);
    if (rc == DRIFT_OK && drift__live_column_find(&live, call->column->name))
        rc = drift__error(err, DRIFT_MIGRATION, "the table \"%s\" has a column \"%s\" already", live.name,
                          call->column->name);
    if (rc == DRIFT_OK) rc = require_value(call->table, call->column, err);
    drift__put_column(&definition, call->column);
    if (rc == DRIFT_OK && definition.failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK)
        rc = needs_rebuild(call->column) ? add_by_rebuild(call, &live, definition.text, err)
                                         : add_by_alter(call, definition.text, err);
    drift__str_dispose(&definition);
    drift__arena_dispose(&arena);
    return rc;
}

int drift__migrator_require_column(const drift_table *table, const drift_column *column, const char *what,
                                   drift_error *err)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (column == &table->columns[i]) return DRIFT_OK;
    drift__error(err, DRIFT_MISUSE, "%s must be one of the table's own, but \"%s\" is not of \"%s\"", what,
                 column->name, table->name);
    drift__error_hint(err, "take table and column from the same table of the same version");
    return DRIFT_MISUSE;
}

int drift_migrator_add_column(drift_migrator *migrator, const drift_table *table, const drift_column *column,
                              drift_error *err)
{
    column_call call = {.migrator = migrator, .table = table->name, .column = column};
    const int rc = drift__migrator_require_column(table, column, "the column to add", err);
    if (rc != DRIFT_OK) return rc;
    if (needs_rebuild(column)) return drift__migrator_suspended(migrator, table->name, add, &call, err);
    return drift__migrator_atomic(migrator, add, &call, err);
}

/* --- what ALTER TABLE does not take along --- */

/* FTS tables with external content name it in their options, which ALTER TABLE leaves as they are. `column` may be
 * NULL. */
static int require_no_content(drift_connection *connection, const char *table, const char *column, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__objects objects;
    int rc = drift__objects_read(&objects, &arena, connection, err);
    const drift__object *user = rc == DRIFT_OK ? drift__objects_content_user(&objects, table, column) : NULL;
    if (user) rc = drift__content_error(user, table, column, err);
    drift__free(objects.items);
    drift__arena_dispose(&arena);
    return rc;
}

/* --- what is in the way of dropping a column --- */

typedef struct obstacles {
    drift__str list;
} obstacles;

static int put_obstacle(drift_statement *row, void *payload, drift_error *err)
{
    obstacles *o = payload;
    const char *what = drift_column_text(row, 0, NULL);
    if (!what) return drift__no_memory(err);
    drift__str_printf(&o->list, "%s%s", o->list.length ? ", " : "", what);
    return DRIFT_OK;
}

/* What pragmas know to use the column. What only texts know (a CHECK, a trigger, a view) SQLite's refusal names. */
static const char obstacles_sql[] =
    "SELECT 'the primary key' FROM pragma_table_xinfo(?1, 'main') WHERE name = ?2 COLLATE NOCASE AND pk > 0 UNION ALL "
    "SELECT CASE l.origin WHEN 'c' THEN 'the index \"' || l.name || '\"' ELSE 'a UNIQUE constraint' END FROM "
    "pragma_index_list(?1, 'main') AS l WHERE l.origin <> 'pk' AND EXISTS (SELECT 1 FROM pragma_index_xinfo(l.name, "
    "'main') AS x WHERE x.\"key\" AND x.name = ?2 COLLATE NOCASE) UNION ALL "
    "SELECT 'the foreign key to \"' || f.\"table\" || '\"' FROM pragma_foreign_key_list(?1, 'main') AS f WHERE "
    "f.\"from\" "
    "= ?2 COLLATE NOCASE UNION ALL "
    "SELECT 'the foreign key of \"' || m.name || '\"' FROM main.sqlite_schema AS m, pragma_foreign_key_list(m.name, "
    "'main') AS f WHERE m.type = 'table' AND f.\"table\" = ?1 COLLATE NOCASE AND f.\"to\" = ?2 COLLATE NOCASE";

static int find_obstacles(obstacles *o, const column_call *call, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_TEXT(call->table, strlen(call->table)),
                                 DRIFT_BIND_TEXT(call->name, strlen(call->name))};
    const int rc = drift_query(call->migrator->connection, obstacles_sql, binds, 2, put_obstacle, o, err);
    return rc == DRIFT_OK && o->list.failed ? drift__no_memory(err) : rc;
}

static int refuse_drop(const column_call *call, const char *words, const char *what, drift_error *err)
{
    drift__error(err, DRIFT_MIGRATION, "the column \"%s\" of \"%s\" cannot be dropped: %s%s", call->name, call->table,
                 words, what);
    drift__error_hint(err, "drop what uses it first, or use drift_migrator_alter_table");
    return DRIFT_MIGRATION;
}

/* The table's text without the column, as a scratch database has it afterwards; NULL where that cannot be had: SQLite
 * then refuses to drop the live one for the same reason. */
static int text_without(char **out, const drift__live_table *live, const column_call *call, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__str s = DRIFT__STR_INIT;
    drift__live_table table;
    drift_connection *scratch = NULL;
    int rc = drift__scratch_open(&scratch, err);
    *out = NULL;
    put_alter(&s, call->table, " DROP COLUMN ");
    drift__put_quoted(&s, call->name);
    if (rc == DRIFT_OK) rc = s.failed ? drift__no_memory(err) : drift__scratch_run(scratch, live->sql, err);
    if (rc == DRIFT_OK && drift_exec(scratch, s.text, NULL) == DRIFT_OK) {
        rc = drift__live_table_read(&table, &arena, scratch, call->table, err);
        if (rc == DRIFT_OK && !(*out = drift__strdup(table.sql))) rc = drift__no_memory(err);
    }
    drift_connection_close(scratch);
    drift__str_dispose(&s);
    drift__arena_dispose(&arena);
    return rc;
}

/* What SQLite does not see: a trigger UPDATE OF the column, which would never fire, a name in double quotes in a view
 * or trigger, which would become a string, and an FTS table that reads the column. */
static int require_dependents(const column_call *call, const drift__live_table *live, drift_error *err)
{
    char *sql = NULL;
    drift_error inner = {0};
    int rc = text_without(&sql, live, call, &inner);
    const drift__rebuild_request request = {.table = live->name, .name = live->name, .sql = sql};
    if (rc == DRIFT_OK && sql) rc = drift__rebuild_require_dependents(call->migrator->connection, &request, &inner);
    drift__free(sql);
    if (rc == DRIFT_MIGRATION) return refuse_drop(call, "", inner.text, err);
    if (rc < 0 && err && !err->code) *err = inner;
    return rc;
}

static int require_unused(const column_call *call, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__live_table live;
    obstacles o = {DRIFT__STR_INIT};
    int rc = drift__live_table_read(&live, &arena, call->migrator->connection, call->table, err);
    if (rc == DRIFT_OK) rc = find_obstacles(&o, call, err);
    if (rc == DRIFT_OK && o.list.length) rc = refuse_drop(call, "it is used by ", o.list.text, err);
    if (rc == DRIFT_OK) rc = require_dependents(call, &live, err);
    drift__str_dispose(&o.list);
    drift__arena_dispose(&arena);
    return rc;
}

static int drop(drift_connection *connection, void *payload, drift_error *err)
{
    const column_call *call = payload;
    drift__str s = DRIFT__STR_INIT;
    drift_error inner = {0};
    int rc = require_unused(call, err);
    (void)connection;
    if (rc < 0) return rc;
    put_alter(&s, call->table, " DROP COLUMN ");
    drift__put_quoted(&s, call->name);
    rc = run(call->migrator, &s, &inner);
    if (rc == DRIFT_OK)
        return drift__migrator_touch(call->migrator, DRIFT_TOUCH_ALTERED, DRIFT_ENTITY_TABLE, call->table, call->name,
                                     err);
    /* "error in view v: …" without "after drop column" is of a view that was broken before. */
    if (rc == DRIFT_SQL && strncmp(inner.text, "error in ", 9) == 0 && strstr(inner.text, " after drop column"))
        return refuse_drop(call, "it is used by ", inner.text + 9, err);
    if (err && !err->code) *err = inner;
    return rc;
}

int drift_migrator_drop_column(drift_migrator *migrator, const char *table, const char *column, drift_error *err)
{
    column_call call = {.migrator = migrator, .table = table, .name = column};
    return drift__migrator_atomic(migrator, drop, &call, err);
}

/* --- renaming --- */

/* With legacy_alter_table on, RENAME leaves triggers and views as they are. */
static int run_modern(drift_migrator *migrator, drift__str *s, drift_error *err)
{
    bool legacy = false;
    int rc = drift__setting_get(&legacy, migrator->connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, err);
    if (rc == DRIFT_OK && legacy)
        rc = drift__setting_set(migrator->connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, false, err);
    if (rc == DRIFT_OK) rc = run(migrator, s, err);
    drift__str_dispose(s);
    if (!legacy) return rc;
    const int restored = drift__setting_set(migrator->connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, true, err);
    return rc < 0 ? rc : restored;
}

static int rename_column(drift_connection *connection, void *payload, drift_error *err)
{
    const column_call *call = payload;
    drift__str s = DRIFT__STR_INIT;
    int rc = DRIFT_OK;
    if (!drift__same_name(call->name, call->to)) rc = require_no_content(connection, call->table, call->name, err);
    put_alter(&s, call->table, " RENAME COLUMN ");
    drift__put_quoted(&s, call->name);
    drift__str_puts(&s, " TO ");
    drift__put_quoted(&s, call->to);
    if (rc == DRIFT_OK) rc = run_modern(call->migrator, &s, err);
    drift__str_dispose(&s);
    if (rc < 0) return rc;
    return drift__migrator_touch_column(call->migrator, call->table, call->name, call->to, err);
}

int drift_migrator_rename_column(drift_migrator *migrator, const char *table, const char *from, const char *to,
                                 drift_error *err)
{
    column_call call = {.migrator = migrator, .table = table, .name = from, .to = to};
    return drift__migrator_atomic(migrator, rename_column, &call, err);
}

static int rename_table(drift_migrator *migrator, const char *from, const char *to, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    put_alter(&s, from, " RENAME TO ");
    drift__put_quoted(&s, to);
    return run_modern(migrator, &s, err);
}

/* Where only the case differs SQLite says "there is already another table": by way of another name. */
static int rename_case(drift_migrator *migrator, const char *from, const char *to, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    const char *between = NULL;
    int rc = drift__free_name(&between, &arena, migrator->connection, "rename", err);
    if (rc == DRIFT_OK) rc = rename_table(migrator, from, between, err);
    if (rc == DRIFT_OK) rc = rename_table(migrator, between, to, err);
    drift__arena_dispose(&arena);
    return rc;
}

int drift__migrator_rename(drift_migrator *migrator, const char *from, const char *to, drift_error *err)
{
    const bool same = drift__same_name(from, to);
    int rc = same ? DRIFT_OK : require_no_content(migrator->connection, from, NULL, err);
    if (rc == DRIFT_OK) rc = same ? rename_case(migrator, from, to, err) : rename_table(migrator, from, to, err);
    if (rc == DRIFT_OK) rc = drift__statistics_move(migrator->connection, from, to, err);
    if (rc == DRIFT_OK) rc = drift__statistics_settle(migrator->connection, to, err);
    if (rc < 0) return rc;
    return drift__migrator_touch(migrator, DRIFT_TOUCH_RENAMED, DRIFT_ENTITY_TABLE, to, from, err);
}

static int rename_in_transaction(drift_connection *connection, void *payload, drift_error *err)
{
    const column_call *call = payload;
    (void)connection;
    return drift__migrator_rename(call->migrator, call->name, call->to, err);
}

int drift_migrator_rename_table(drift_migrator *migrator, const char *from, const char *to, drift_error *err)
{
    column_call call = {.migrator = migrator, .name = from, .to = to};
    return drift__migrator_atomic(migrator, rename_in_transaction, &call, err);
}
