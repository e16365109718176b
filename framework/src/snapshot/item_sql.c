/* item_sql.c — CREATE statements out of an entity's data, as Drift's migrator writes them:
 *   CREATE TABLE IF NOT EXISTS "T" (columns[, PRIMARY KEY (…)][, UNIQUE (…)]…[, constraint]…)[ WITHOUT ROWID][,
 * STRICT];
 */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "snapshot/column.h"
#include "snapshot/item.h"
#include "snapshot/statement.h"
#include "sql/quote.h"

/* A table while it is written. */
typedef struct table_sql {
    drift__str s;
    drift__reading *r;
    const drift__item *item;
    drift__snapshot_columns columns;
    bool has_autoincrement;
} table_sql;

static int take(const char **out, drift__str *s, drift__reading *r, int rc, drift_error *err)
{
    if (rc == DRIFT_OK && s->failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK && !(*out = drift__arena_strndup(r->arena, drift__str_text(s), s->length)))
        rc = drift__no_memory(err);
    drift__str_dispose(s);
    return rc;
}

static int make_scope(drift__dart_scope *scope, const table_sql *t, drift_error *err)
{
    drift__dart_column *columns = drift__arena_array(t->r->arena, t->columns.count, sizeof *columns);
    if (!columns) return drift__no_memory(err);
    for (size_t i = 0; i < t->columns.count; i++) {
        const drift__snapshot_column *c = &t->columns.items[i];
        columns[i] = (drift__dart_column){c->getter ? c->getter : c->name, c->name, c->logical};
    }
    *scope = (drift__dart_scope){columns, t->columns.count, t->r->dates_as_text, false};
    return DRIFT_OK;
}

static int put_columns(table_sql *t, drift_error *err)
{
    drift__dart_scope scope;
    int rc = make_scope(&scope, t, err);
    for (size_t i = 0; i < t->columns.count && rc == DRIFT_OK; i++) {
        if (i) drift__str_puts(&t->s, ", ");
        rc = drift__column_put(&t->s, t->r, t->item->name, &t->columns.items[i], &scope, err);
        if (t->columns.items[i].autoincrement) t->has_autoincrement = true;
    }
    return rc;
}

/* , PRIMARY KEY ("a", "b") */
static int put_key(table_sql *t, const char *keyword, const drift__node *names, drift_error *err)
{
    drift__node name;
    int rc = DRIFT_OK;
    drift__str_printf(&t->s, ", %s (", keyword);
    for (size_t i = 0; i < drift__node_count(names) && rc == DRIFT_OK; i++) {
        rc = drift__node_at(&name, names, i, DRIFT__JSON_STRING, err);
        if (rc != DRIFT_OK) break;
        if (i) drift__str_puts(&t->s, ", ");
        drift__put_quoted(&t->s, json_string_value(name.json));
    }
    drift__str_putc(&t->s, ')');
    return rc;
}

static int put_unique_keys(table_sql *t, const drift__node *keys, drift_error *err)
{
    drift__node key;
    int rc = DRIFT_OK;
    for (size_t i = 0; i < drift__node_count(keys) && rc == DRIFT_OK; i++) {
        rc = drift__node_at(&key, keys, i, DRIFT__JSON_ARRAY, err);
        if (rc == DRIFT_OK) rc = put_key(t, "UNIQUE", &key, err);
    }
    return rc;
}

/* Keys of a table that was declared in Dart; one that was declared in SQL repeats them among its `constraints`. */
static int put_keys(table_sql *t, drift_error *err)
{
    drift__node primary, unique;
    bool in_sql = false;
    int rc = drift__node_bool(&in_sql, &t->item->data, "was_declared_in_moor", false, err);
    if (rc == DRIFT_OK)
        rc = drift__node_find(&primary, &t->item->data, "explicit_pk", DRIFT__JSON_ARRAY | DRIFT__JSON_NULL, err);
    if (rc == DRIFT_OK)
        rc = drift__node_find(&unique, &t->item->data, "unique_keys", DRIFT__JSON_ARRAY | DRIFT__JSON_NULL, err);
    if (rc != DRIFT_OK || in_sql) return rc;
    if (drift__node_count(&primary) && !t->has_autoincrement) rc = put_key(t, "PRIMARY KEY", &primary, err);
    return rc == DRIFT_OK ? put_unique_keys(t, &unique, err) : rc;
}

static int put_constraints(table_sql *t, drift_error *err)
{
    drift__node constraints, constraint;
    int rc = drift__node_find(&constraints, &t->item->data, "constraints", DRIFT__JSON_ARRAY | DRIFT__JSON_NULL, err);
    for (size_t i = 0; rc == DRIFT_OK && i < drift__node_count(&constraints); i++) {
        rc = drift__node_at(&constraint, &constraints, i, DRIFT__JSON_STRING, err);
        if (rc == DRIFT_OK) drift__str_printf(&t->s, ", %s", json_string_value(constraint.json));
    }
    return rc;
}

static int put_options(table_sql *t, drift_error *err)
{
    bool without_rowid = false, strict = false;
    int rc = drift__node_bool(&without_rowid, &t->item->data, "without_rowid", false, err);
    if (rc == DRIFT_OK) rc = drift__node_bool(&strict, &t->item->data, "strict", false, err);
    if (without_rowid) drift__str_puts(&t->s, " WITHOUT ROWID");
    if (strict) drift__str_puts(&t->s, without_rowid ? ", STRICT" : " STRICT");
    return rc;
}

static int table_statement(const char **out, drift__reading *r, const drift__item *item, drift_error *err)
{
    table_sql t = {.s = DRIFT__STR_INIT, .r = r, .item = item};
    int rc = drift__columns_read(&t.columns, r, &item->data, err);
    drift__str_puts(&t.s, "CREATE TABLE IF NOT EXISTS ");
    drift__put_quoted(&t.s, item->name);
    drift__str_puts(&t.s, " (");
    if (rc == DRIFT_OK) rc = put_columns(&t, err);
    if (rc == DRIFT_OK) rc = put_keys(&t, err);
    if (rc == DRIFT_OK) rc = put_constraints(&t, err);
    drift__str_putc(&t.s, ')');
    if (rc == DRIFT_OK) rc = put_options(&t, err);
    drift__str_putc(&t.s, ';');
    return take(out, &t.s, r, rc, err);
}

/* CREATE VIRTUAL TABLE IF NOT EXISTS "x" USING module(args);  The file's own statement, which is written in many ways,
 * with that head; a statement whose head is none is left for the parser to tell. */
static int virtual_statement(const char **out, drift__reading *r, const drift__item *item, drift_error *err)
{
    const char *sql = NULL;
    drift__str s = DRIFT__STR_INIT;
    drift__statement parts;
    const int rc = drift__node_string(&sql, &item->data, "create_virtual_stmt", err);
    if (rc == DRIFT_OK && drift__statement_split(&parts, sql, strlen(sql)) &&
        parts.kind == DRIFT_ENTITY_VIRTUAL_TABLE) {
        drift__str_puts(&s, "CREATE VIRTUAL TABLE IF NOT EXISTS ");
        drift__put_quoted(&s, item->name);
        drift__str_putc(&s, ' ');
        drift__str_putn(&s, parts.rest, parts.rest_length);
        drift__str_putc(&s, ';');
    } else if (rc == DRIFT_OK) {
        drift__str_puts(&s, sql);
    }
    return take(out, &s, r, rc, err);
}

/* Drift writes the names of an index bare unless they are keywords; white space around one is then lost in the
 * database, and so it is here. */
static void put_bare(drift__str *s, const drift__reading *r, const char *name)
{
    static const char space[] = " \t\r\n";
    const char *start = name + strspn(name, space);
    size_t length = strlen(start);
    while (length && strchr(space, start[length - 1])) length--;
    const char *trimmed = drift__arena_strndup(r->arena, start, length);
    if (trimmed)
        drift__put_name(s, *trimmed ? trimmed : name);
    else
        s->failed = 1;
}

static int put_index_column(drift__str *s, const drift__reading *r, const drift__node *columns, size_t index,
                            drift_error *err)
{
    drift__node column;
    const char *name = NULL, *order = NULL;
    int rc = drift__node_at(&column, columns, index, DRIFT__JSON_STRING | DRIFT__JSON_OBJECT, err);
    if (rc != DRIFT_OK) return rc;
    name = json_string_value(column.json);
    if (!name) {
        rc = drift__node_string(&name, &column, "column", err);
        if (rc == DRIFT_OK) rc = drift__node_optional_string(&order, &column, "order_by", err);
        if (rc != DRIFT_OK) return rc;
    }
    put_bare(s, r, name);
    if (!order) return DRIFT_OK;
    if (strcmp(order, "ascending") != 0 && strcmp(order, "descending") != 0)
        return drift__node_error(err, &column, "expected the order \"ascending\" or \"descending\", found \"%s\"",
                                 order);
    drift__str_puts(s, order[0] == 'a' ? " ASC" : " DESC");
    return DRIFT_OK;
}

/* CREATE [UNIQUE ]INDEX name ON table (c1[ ASC|DESC], c2) */
static int put_index(drift__str *s, const drift__reading *r, const drift__item *item, drift_error *err)
{
    drift__node on, columns;
    drift__item *table = NULL;
    bool unique = false;
    int rc = drift__node_bool(&unique, &item->data, "unique", false, err);
    if (rc == DRIFT_OK) rc = drift__node_get(&on, &item->data, "on", DRIFT__JSON_INTEGER, err);
    if (rc == DRIFT_OK) rc = drift__item_by_id(&table, r, &on, err);
    if (rc == DRIFT_OK) rc = drift__node_get(&columns, &item->data, "columns", DRIFT__JSON_ARRAY, err);
    if (rc != DRIFT_OK) return rc;
    drift__str_puts(s, unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    put_bare(s, r, item->name);
    drift__str_puts(s, " ON ");
    put_bare(s, r, table->name);
    drift__str_puts(s, " (");
    for (size_t i = 0; i < drift__node_count(&columns) && rc == DRIFT_OK; i++) {
        if (i) drift__str_puts(s, ", ");
        rc = put_index_column(s, r, &columns, i, err);
    }
    drift__str_putc(s, ')');
    return rc;
}

static int index_statement(const char **out, drift__reading *r, const drift__item *item, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    const char *sql = NULL;
    int rc = drift__node_optional_string(&sql, &item->data, "sql", err);
    if (rc != DRIFT_OK) return rc;
    if (sql) {
        drift__str_puts(&s, sql);
    } else {
        rc = put_index(&s, r, item, err);
    }
    return take(out, &s, r, rc, err);
}

int drift__item_sql(const char **out, drift__reading *r, const drift__item *item, drift_error *err)
{
    switch (item->kind) {
    case DRIFT_ENTITY_TABLE: return table_statement(out, r, item, err);
    case DRIFT_ENTITY_VIRTUAL_TABLE: return virtual_statement(out, r, item, err);
    case DRIFT_ENTITY_INDEX: return index_statement(out, r, item, err);
    case DRIFT_ENTITY_VIEW:
    case DRIFT_ENTITY_TRIGGER:
    case DRIFT_ENTITY_QUERY: break;
    }
    return drift__node_string(out, &item->data, "sql", err);
}
