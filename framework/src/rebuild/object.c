/* object.c */
#include "rebuild/object.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "rebuild/live.h"
#include "rebuild/text.h"
#include "sql/quote.h"

/* pragma_table_list tells the tables in which virtual tables keep their data; their names alone would be a guess. */
static const char objects_sql[] =
    "WITH kinds AS MATERIALIZED (SELECT name, type FROM pragma_table_list WHERE schema = 'main') "
    "SELECT s.type, k.type, 'main', s.name, s.tbl_name, s.sql FROM main.sqlite_schema AS s "
    "LEFT JOIN kinds AS k ON s.type = 'table' AND k.name = s.name "
    "WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND k.type IS NOT 'shadow' UNION ALL "
    "SELECT s.type, NULL, 'temp', s.name, s.tbl_name, s.sql FROM temp.sqlite_schema AS s "
    "WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

static drift__object_kind kind_of(const char *type, const char *table_type)
{
    if (strcmp(type, "index") == 0) return DRIFT__OBJECT_INDEX;
    if (strcmp(type, "view") == 0) return DRIFT__OBJECT_VIEW;
    if (strcmp(type, "trigger") == 0) return DRIFT__OBJECT_TRIGGER;
    return table_type && strcmp(table_type, "virtual") == 0 ? DRIFT__OBJECT_VIRTUAL_TABLE : DRIFT__OBJECT_TABLE;
}

/* A reading. */
typedef struct reading {
    drift__objects *objects;
    drift__arena *arena;
} reading;

static int add(drift_statement *row, void *payload, drift_error *err)
{
    const reading *r = payload;
    drift__objects *o = r->objects;
    const char *type = drift_column_text(row, 0, NULL), *database = drift_column_text(row, 2, NULL);
    if (!type || !database || drift__reserve((void **)&o->items, &o->capacity, o->count + 1, sizeof *o->items))
        return drift__no_memory(err);
    o->items[o->count++] = (drift__object){
        .kind = kind_of(type, drift_column_text(row, 1, NULL)),
        .database = strcmp(database, "temp") == 0 ? "temp" : "main",
        .name = drift__take_text(r->arena, row, 3),
        .table = drift__take_text(r->arena, row, 4),
        .sql = drift__take_text(r->arena, row, 5),
    };
    return r->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift__objects_read(drift__objects *out, drift__arena *arena, drift_connection *connection, drift_error *err)
{
    reading r = {out, arena};
    *out = (drift__objects){0};
    return drift_query(connection, objects_sql, NULL, 0, add, &r, err);
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

/* UPDATE … SET every column that is not generated. */
static int put_update(drift__str *s, drift_connection *connection, const char *table, drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(table, strlen(table))};
    drift__str_puts(s, "EXPLAIN UPDATE ");
    drift__put_quoted(s, table);
    drift__str_puts(s, " SET ");
    if (s->failed) return drift__no_memory(err);
    return drift_query(connection, "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden IN (0, 1)", bind, 1,
                       put_assignment, s, err);
}

static int put_statement(drift__str *s, drift_connection *connection, const drift__object *object, drift_error *err)
{
    const char *event = object->kind == DRIFT__OBJECT_TRIGGER ? drift__text_event(object->sql) : NULL;
    if (event && strcmp(event, "UPDATE") == 0) return put_update(s, connection, object->table, err);
    drift__str_puts(s, !event                         ? "EXPLAIN SELECT * FROM "
                       : strcmp(event, "INSERT") == 0 ? "EXPLAIN INSERT INTO "
                                                      : "EXPLAIN DELETE FROM ");
    drift__put_quoted(s, event ? object->table : object->name);
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
    drift_statement *statement = NULL;
    bool row = false;
    *why = (drift_error){0};
    int rc = put_statement(&s, connection, object, why);
    if (rc == DRIFT_OK && s.failed) rc = drift__no_memory(why);
    if (rc == DRIFT_OK) rc = drift_statement_prepare(&statement, connection, s.text, why);
    if (rc == DRIFT_OK) rc = drift_statement_step(&row, statement, why); /* compiles a cached statement anew */
    drift_statement_free(statement);
    drift__str_dispose(&s);
    *compiles = rc == DRIFT_OK;
    if (rc == DRIFT_OK || is_verdict(rc)) return DRIFT_OK;
    if (err && !err->code) *err = *why;
    return rc;
}
