/* digest.c */
#include "support/digest.h"

#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "sql/quote.h"
#include "support/suite.h"

typedef struct digest {
    drift_connection *connection;
    const char *const *except;
    drift__str text;
} digest;

static bool left_out(const digest *d, const char *name)
{
    for (const char *const *e = d->except; e && *e; e++)
        if (drift__same_name(*e, name)) return true;
    return false;
}

static int put_row(drift_statement *row, void *payload, drift_error *err)
{
    digest *d = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++)
        drift__str_printf(&d->text, "%s%s", i ? "|" : "  ", drift_column_text(row, i, NULL));
    drift__str_putc(&d->text, '\n');
    return DRIFT_OK;
}

static int put_value(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *s = payload;
    const char *name = drift_column_text(row, 0, NULL);
    (void)err;
    drift__str_puts(s, s->length ? ", typeof(" : "typeof(");
    drift__put_quoted(s, name);
    drift__str_puts(s, ") || ' ' || quote(");
    drift__put_quoted(s, name);
    drift__str_puts(s, ")");
    return DRIFT_OK;
}

/* The rows of a table, with their rowids where it has them. */
static int put_table(drift_statement *row, void *payload, drift_error *err)
{
    digest *d = payload;
    drift__str values = DRIFT__STR_INIT, sql = DRIFT__STR_INIT;
    const char *name = drift_column_text(row, 0, NULL);
    const bool has_rowid = drift_column_int64(row, 1) == 0;
    const drift_value bind[] = {DRIFT_BIND_TEXT(name, strlen(name))};
    if (left_out(d, name)) return DRIFT_OK;
    drift__str_printf(&d->text, "%s\n", name);
    int rc = drift_query(d->connection, "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden <> 1", bind, 1, put_value,
                         &values, err);
    drift__str_printf(&sql, "SELECT %s%s FROM main.", has_rowid ? "rowid, " : "", drift__str_text(&values));
    drift__put_quoted(&sql, name);
    drift__str_puts(&sql, has_rowid ? " ORDER BY rowid" : " ORDER BY 1");
    if (rc == DRIFT_OK) rc = drift_query(d->connection, sql.text, NULL, 0, put_row, d, err);
    drift__str_dispose(&values);
    drift__str_dispose(&sql);
    return rc;
}

static int put_object(drift_statement *row, void *payload, drift_error *err)
{
    digest *d = payload;
    if (left_out(d, drift_column_text(row, 2, NULL))) return DRIFT_OK;
    return put_row(row, payload, err);
}

char *suite_digest(drift_connection *connection, const char *const *except)
{
    digest d = {connection, except, DRIFT__STR_INIT};
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_query(connection, "PRAGMA user_version", NULL, 0, put_row, &d, &err));
    ck_assert_drift(drift_query(connection,
                                "SELECT type, name, tbl_name, ifnull(sql, '') FROM main.sqlite_schema ORDER BY 1, 2",
                                NULL, 0, put_object, &d, &err));
    ck_assert_drift(drift_query(connection,
                                "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', "
                                "'shadow') AND name <> 'sqlite_schema' ORDER BY name",
                                NULL, 0, put_table, &d, &err));
    ck_assert_drift(drift__str_take(&text, &d.text, &err));
    return text;
}

void suite_same_digest(char *before, char *after)
{
    const char *b = before, *a = after, *line = after;
    for (; *b && *b == *a; b++, a++)
        if (*a == '\n') line = a + 1;
    if (*b != *a)
        ck_abort_msg("the database differs at \"%.*s\", before \"%.*s\"", (int)strcspn(line, "\n"), line,
                     (int)strcspn(before + (line - after), "\n"), before + (line - after));
    drift_free(before);
    drift_free(after);
}

static int take_value(drift_statement *row, void *payload, drift_error *err)
{
    char **out = payload;
    drift__str s = DRIFT__STR_INIT;
    const char *text = drift_column_text(row, 0, NULL);
    if (*out) return DRIFT_OK;
    drift__str_puts(&s, text ? text : "NULL");
    return drift__str_take(out, &s, err);
}

char *suite_value(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    char *value = NULL;
    ck_assert_drift(drift_query(connection, sql, NULL, 0, take_value, &value, &err));
    ck_assert_msg(value != NULL, "no row: %s", sql);
    return value;
}
