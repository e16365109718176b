/* object.c */
#include "rebuild/object.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "rebuild/live.h"
#include "rebuild/text.h"
#include "sql/quote.h"

/* pragma_table_list tells the tables in which virtual tables keep their data; their names alone would be a guess. */
static const char objects_sql[] =
    "WITH kinds AS MATERIALIZED (SELECT name, type FROM pragma_table_list WHERE schema = 'main') "
    "SELECT s.type, k.type, s.name, s.tbl_name, s.sql FROM main.sqlite_schema AS s "
    "LEFT JOIN kinds AS k ON s.type = 'table' AND k.name = s.name "
    "WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND k.type IS NOT 'shadow'";

/* Where there is no virtual table every table is an ordinary one. */
static const char plain_sql[] = "SELECT type, NULL, name, tbl_name, sql FROM main.sqlite_schema "
                                "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

static const char temporary_sql[] = "SELECT type, NULL, name, tbl_name, sql FROM temp.sqlite_schema "
                                    "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

static const char virtual_sql[] =
    "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%')";

static drift__object_kind kind_of(const char *type, const char *table_type)
{
    if (strcmp(type, "index") == 0) return DRIFT__OBJECT_INDEX;
    if (strcmp(type, "view") == 0) return DRIFT__OBJECT_VIEW;
    if (strcmp(type, "trigger") == 0) return DRIFT__OBJECT_TRIGGER;
    return table_type && strcmp(table_type, "virtual") == 0 ? DRIFT__OBJECT_VIRTUAL_TABLE : DRIFT__OBJECT_TABLE;
}

/* What a TEMP trigger qualifies its table with, or NULL. */
static const char *table_database_of(const drift__object *object, drift__arena *arena)
{
    if (strcmp(object->database, "main") == 0) return "main";
    if (object->kind != DRIFT__OBJECT_TRIGGER || !object->sql) return NULL;
    const drift__lexeme name = drift__text_trigger_database(object->sql);
    return name.length ? drift__unquote(arena, name.text, name.length) : NULL;
}

/* A reading. */
typedef struct reading {
    drift__objects *objects;
    drift__arena *arena;
    const char *database;
} reading;

static int add(drift_statement *row, void *payload, drift_error *err)
{
    const reading *r = payload;
    drift__objects *o = r->objects;
    const char *type = drift_column_text(row, 0, NULL);
    if (!type || drift__reserve((void **)&o->items, &o->capacity, o->count + 1, sizeof *o->items))
        return drift__no_memory(err);
    drift__object *object = &o->items[o->count++];
    *object = (drift__object){
        .kind = kind_of(type, drift_column_text(row, 1, NULL)),
        .database = r->database,
        .name = drift__take_text(r->arena, row, 2),
        .table = drift__take_text(r->arena, row, 3),
        .sql = drift__take_text(r->arena, row, 4),
    };
    object->table_database = table_database_of(object, r->arena);
    return r->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift__objects_read(drift__objects *out, drift__arena *arena, drift_connection *connection, drift_error *err)
{
    reading r = {out, arena, "main"};
    int64_t has_virtual = 0;
    *out = (drift__objects){0};
    int rc = drift_query_int64(&has_virtual, connection, virtual_sql, NULL, 0, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, has_virtual ? objects_sql : plain_sql, NULL, 0, add, &r, err);
    r.database = "temp";
    return rc == DRIFT_OK ? drift_query(connection, temporary_sql, NULL, 0, add, &r, err) : rc;
}

/* A temporary table or view of the same name hides the main one. */
static bool hidden_by_temp(const drift__objects *objects, const char *name)
{
    for (size_t i = 0; i < objects->count; i++) {
        const drift__object *o = &objects->items[i];
        if ((o->kind == DRIFT__OBJECT_TABLE || o->kind == DRIFT__OBJECT_VIEW) && strcmp(o->database, "temp") == 0 &&
            drift__same_name(o->name, name))
            return true;
    }
    return false;
}

/* Matched as SQLite matches names: ASCII letters in any case. */
bool drift__object_stands_on(const drift__objects *objects, const drift__object *object, const char *table)
{
    if (object->kind != DRIFT__OBJECT_INDEX && object->kind != DRIFT__OBJECT_TRIGGER) return false;
    if (!drift__same_name(object->table, table)) return false;
    if (object->table_database) return drift__same_name(object->table_database, "main");
    return object->kind == DRIFT__OBJECT_TRIGGER && !hidden_by_temp(objects, table);
}

const drift__object *drift__objects_content_user(const drift__objects *objects, const char *table, const char *column)
{
    for (size_t i = 0; i < objects->count; i++) {
        const drift__object *o = &objects->items[i];
        if (o->kind != DRIFT__OBJECT_VIRTUAL_TABLE || !drift__text_has_content(o->sql, table)) continue;
        if (!column || drift__text_names(o->sql, column)) return o;
    }
    return NULL;
}

int drift__content_error(const drift__object *user, const char *table, const char *column, drift_error *err)
{
    drift__error(err, DRIFT_MIGRATION, "virtual table \"%s\" reads its content from \"%s\"%s%s%s by its old name",
                 user->name, table, column ? ", column \"" : "", column ? column : "", column ? "\"," : "");
    drift__error_hint(err, "drop it first and create it anew afterwards");
    return DRIFT_MIGRATION;
}

const char *drift__object_word(drift__object_kind kind)
{
    static const char *const words[] = {[DRIFT__OBJECT_TABLE] = "table",
                                        [DRIFT__OBJECT_VIRTUAL_TABLE] = "virtual table",
                                        [DRIFT__OBJECT_INDEX] = "index",
                                        [DRIFT__OBJECT_VIEW] = "view",
                                        [DRIFT__OBJECT_TRIGGER] = "trigger"};
    return words[kind];
}

/* --- compiling --- */

static int put_assignment(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *s = payload;
    const char *name = drift_column_text(row, 0, NULL);
    if (!name) return drift__no_memory(err);
    drift__str_puts(s, s->text[s->length - 1] == ' ' ? "" : ", ");
    drift__put_quoted(s, name);
    drift__str_puts(s, " = NULL");
    return DRIFT_OK;
}

/* What the object's statement is run on: the table of a trigger, or the view itself. */
static void put_subject(drift__str *s, const drift__object *object)
{
    const bool trigger = object->kind == DRIFT__OBJECT_TRIGGER;
    const char *database = trigger ? object->table_database : object->database;
    if (database) {
        drift__put_quoted(s, database);
        drift__str_putc(s, '.');
    }
    drift__put_quoted(s, trigger ? object->table : object->name);
}

/* UPDATE … SET every column that is not generated. */
static int put_update(drift__str *s, drift_connection *connection, const drift__object *object, drift_error *err)
{
    const char *database = object->table_database;
    const drift_value binds[] = {DRIFT_BIND_TEXT(object->table, strlen(object->table)),
                                 DRIFT_BIND_TEXT(database, database ? strlen(database) : 0)};
    drift__str_puts(s, "EXPLAIN UPDATE ");
    put_subject(s, object);
    drift__str_puts(s, " SET ");
    if (s->failed) return drift__no_memory(err);
    return drift_query(connection,
                       database ? "SELECT name FROM pragma_table_xinfo(?1, ?2) WHERE hidden IN (0, 1)"
                                : "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden IN (0, 1)",
                       binds, database ? 2 : 1, put_assignment, s, err);
}

int drift__object_statement_put(drift__str *s, drift_connection *connection, const drift__object *object,
                                drift_error *err)
{
    const char *event = object->kind == DRIFT__OBJECT_TRIGGER ? drift__text_event(object->sql) : NULL;
    if (event && strcmp(event, "UPDATE") == 0) return put_update(s, connection, object, err);
    drift__str_puts(s, !event                         ? "EXPLAIN SELECT * FROM "
                       : strcmp(event, "INSERT") == 0 ? "EXPLAIN INSERT INTO "
                                                      : "EXPLAIN DELETE FROM ");
    put_subject(s, object);
    if (event && strcmp(event, "INSERT") == 0) drift__str_puts(s, " DEFAULT VALUES");
    return DRIFT_OK;
}

/* Whether a failure says something about the text, not about the machine. */
static bool is_verdict(int rc)
{
    return rc == DRIFT_SQL || rc == DRIFT_SYNTAX;
}

int drift__object_compiles(bool *compiles, drift_error *why, drift_connection *connection, const drift__object *object,
                           drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    *why = (drift_error){0};
    int rc = drift__object_statement_put(&s, connection, object, why);
    if (rc == DRIFT_OK && s.failed) rc = drift__no_memory(why);
    /* Not by a cached statement: EXPLAIN does not notice that the schema has changed since it was compiled. */
    if (rc == DRIFT_OK) rc = drift_exec(connection, s.text, why);
    drift__str_dispose(&s);
    *compiles = rc == DRIFT_OK;
    if (rc == DRIFT_OK || is_verdict(rc)) return DRIFT_OK;
    if (err && !err->code) *err = *why;
    return rc;
}

/* Compiles with strings in double quotes or without; the connection's own setting is restored. */
static int compiles_with(bool *compiles, drift_error *why, drift_connection *connection, const drift__object *object,
                         int strings, drift_error *err)
{
    sqlite3 *handle = drift_connection_handle(connection);
    int before = 0;
    if (sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, -1, &before) != SQLITE_OK ||
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, strings, NULL) != SQLITE_OK)
        return drift__error(err, DRIFT_UNSUPPORTED, "this SQLite cannot tell names in double quotes from strings");
    const int rc = drift__object_compiles(compiles, why, connection, object, err);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, before, NULL);
    return rc;
}

int drift__object_soundness(drift__soundness *out, drift_error *why, drift_connection *connection,
                            const drift__object *object, drift_error *err)
{
    bool compiles = false;
    drift_error loose = {0};
    const bool can_tell = drift_connection_handle(connection) != NULL;
    int rc = can_tell ? compiles_with(&compiles, why, connection, object, 0, err)
                      : drift__object_compiles(&compiles, why, connection, object, err);
    *out = compiles ? DRIFT__SOUND : DRIFT__BROKEN;
    if (rc < 0 || compiles || !can_tell) return rc;
    rc = compiles_with(&compiles, &loose, connection, object, 1, err);
    if (compiles) *out = DRIFT__LOOSE;
    return rc;
}
