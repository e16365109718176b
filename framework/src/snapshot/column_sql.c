/* column_sql.c — a column's definition, as Drift's migrator writes it:
 *   customConstraints null:     "c" TYPE NULL|NOT NULL[ DEFAULT d][ GENERATED ALWAYS AS (e) STORED|VIRTUAL][
 * constraints][ CHECK(e)] customConstraints a string: "c" TYPE[ customConstraints]
 */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "snapshot/column.h"
#include "snapshot/type.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* A number, a signed number, a string, a blob, NULL, TRUE, FALSE: what DEFAULT takes without parentheses
 * (https://www.sqlite.org/syntax/column-constraint.html). CURRENT_TIMESTAMP would do too, but Drift sets it in
 * parentheses. */
static bool is_literal(const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    const bool sign = c.token.kind == DRIFT__TOKEN_OPERATOR && c.token.length == 1 && strchr("+-", c.token.text[0]);
    if (sign) drift__cursor_next(&c);
    const bool number = c.token.kind == DRIFT__TOKEN_INTEGER || c.token.kind == DRIFT__TOKEN_FLOAT;
    const bool other = c.token.kind == DRIFT__TOKEN_STRING || c.token.kind == DRIFT__TOKEN_BLOB ||
                       drift__cursor_is(&c, "NULL") || drift__cursor_is(&c, "TRUE") || drift__cursor_is(&c, "FALSE");
    drift__cursor_next(&c);
    return c.token.kind == DRIFT__TOKEN_END && (number || (other && !sign));
}

/* Before format 1.1 the constraints that Drift adds by itself were not written down. */
static void put_old_constraints(drift__str *s, const drift__snapshot_column *c)
{
    if (c->autoincrement)
        drift__str_puts(s, " PRIMARY KEY AUTOINCREMENT");
    else if (c->primary_key)
        drift__str_puts(s, " PRIMARY KEY");
    if (c->logical != DRIFT_LOGICAL_BOOL) return;
    drift__str_puts(s, " CHECK (");
    drift__put_quoted(s, c->name);
    drift__str_puts(s, " IN (0, 1))");
}

static void put_default_constraints(drift__str *s, const drift__snapshot_column *c)
{
    if (!c->default_constraints)
        put_old_constraints(s, c);
    else if (*c->default_constraints)
        drift__str_printf(s, " %s", c->default_constraints);
}

static int put_default(drift__str *s, drift__reading *r, const char *table, const drift__snapshot_column *c,
                       drift__dart_scope *scope, drift_error *err)
{
    const char *sql = NULL;
    if (!c->default_dart) return DRIFT_OK;
    scope->expect_double = c->logical == DRIFT_LOGICAL_DOUBLE;
    const int rc = drift__reading_evaluate(&sql, r, table, c->name, "default", c->default_dart, scope, err);
    if (rc == DRIFT_OK && sql) drift__str_printf(s, is_literal(sql) ? " DEFAULT %s" : " DEFAULT (%s)", sql);
    return rc;
}

static int put_generated(drift__str *s, drift__reading *r, const char *table, const drift__snapshot_column *c,
                         drift__dart_scope *scope, drift_error *err)
{
    const char *sql = NULL;
    if (!c->generated) return DRIFT_OK;
    scope->expect_double = c->logical == DRIFT_LOGICAL_DOUBLE;
    const int rc = drift__reading_evaluate(&sql, r, table, c->name, "generated", c->generated, scope, err);
    if (rc == DRIFT_OK && sql)
        drift__str_printf(s, " GENERATED ALWAYS AS (%s) %s", sql, c->generated_stored ? "STORED" : "VIRTUAL");
    return rc;
}

static int put_check(drift__str *s, drift__reading *r, const char *table, const drift__snapshot_column *c,
                     drift__dart_scope *scope, drift_error *err)
{
    const char *sql = NULL;
    if (!c->check) return DRIFT_OK;
    scope->expect_double = false;
    const int rc = drift__reading_evaluate(&sql, r, table, c->name, "check", c->check, scope, err);
    if (rc == DRIFT_OK && sql) drift__str_printf(s, " CHECK(%s)", sql);
    return rc;
}

int drift__column_put(drift__str *s, drift__reading *r, const char *table, const drift__snapshot_column *c,
                      drift__dart_scope *scope, drift_error *err)
{
    drift__put_quoted(s, c->name);
    drift__str_printf(s, " %s", drift__logical_sql(c->logical, r->dates_as_text));
    if (c->custom) {
        if (*c->custom) drift__str_printf(s, " %s", c->custom);
        return DRIFT_OK;
    }
    drift__str_puts(s, c->nullable ? " NULL" : " NOT NULL");
    int rc = put_default(s, r, table, c, scope, err);
    if (rc == DRIFT_OK) rc = put_generated(s, r, table, c, scope, err);
    put_default_constraints(s, c);
    if (rc == DRIFT_OK) rc = put_check(s, r, table, c, scope, err);
    return rc;
}
