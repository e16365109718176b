/* hidden_sequence.c — AUTOINCREMENT gives no key a second time.
 *
 * The next key is one above the larger of the table's entry in sqlite_sequence and its largest rowid
 * (https://www.sqlite.org/autoinc.html). A rebuild that loses the entry gives out the keys of rows that were deleted
 * once more, and what still remembers them belongs to somebody else.
 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "sql/cursor.h"
#include "sql/quote.h"
#include "verify/between.h"
#include "verify/hidden.h"

/* The word is reserved: unquoted it can only be the constraint's. */
bool drift__hidden_is_autoincrement(const drift__object *table)
{
    drift__cursor c = drift__cursor_at(table->sql, strlen(table->sql));
    while (c.token.kind != DRIFT__TOKEN_END && !drift__cursor_is(&c, "AUTOINCREMENT")) drift__cursor_next(&c);
    return c.token.kind != DRIFT__TOKEN_END;
}

static int has_sequences(int64_t *out, drift_connection *connection, drift_error *err)
{
    return drift_query_int64(out, connection, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'sqlite_sequence'",
                             NULL, 0, err);
}

/* The largest key ever given, as SQLite will take it: of several entries the first, and its name as it is spelt
 * (src/insert.c, autoIncBegin). */
static int read_mark(int64_t *out, drift_connection *connection, const char *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    const drift_value bind = DRIFT_BIND_TEXT(table, strlen(table));
    char *text = NULL;
    int64_t sequences = 0;
    int rc = has_sequences(&sequences, connection, err);
    if (rc != DRIFT_OK) return rc;
    drift__str_printf(&sql, "SELECT max(%s, ifnull((SELECT max(rowid) FROM main.",
                      sequences ? "ifnull((SELECT CAST(seq AS INTEGER) FROM main.sqlite_sequence WHERE name = ?1 ORDER"
                                  " BY rowid LIMIT 1), 0)"
                                : "?1 IS NULL");
    drift__put_quoted(&sql, table);
    drift__str_puts(&sql, "), 0))");
    rc = drift__str_take(&text, &sql, err);
    if (rc == DRIFT_OK) rc = drift_query_int64(out, connection, text, &bind, 1, err);
    drift__free(text);
    return rc;
}

static int judge_table(drift__hidden *hidden, const drift__object *old, const drift__object *new, drift_error *err)
{
    int64_t was = 0, is = 0;
    char expected[32], actual[32];
    int rc = read_mark(&was, hidden->judgement->before, old->name, err);
    if (rc == DRIFT_OK) rc = read_mark(&is, hidden->judgement->after, new->name, err);
    if (rc != DRIFT_OK || is >= was || drift__hidden_is_meant(hidden, "sequence", new->name)) return rc;
    snprintf(expected, sizeof expected, "%lld", (long long)was);
    snprintf(actual, sizeof actual, "%lld", (long long)is);
    drift__judgement_find(hidden->judgement, DRIFT_FINDING_HIDDEN_SEQUENCE, new->name, expected, actual,
                          "the AUTOINCREMENT sequence stood at %s and stands at %s: keys in between may be given again",
                          expected, actual);
    return DRIFT_OK;
}

/* Where no key was given, none can be given again. */
int drift__hidden_sequence(drift__hidden *hidden, drift_error *err)
{
    bool none = false;
    int rc = drift__judgement_is_empty(&none, hidden->judgement, err);
    if (rc != DRIFT_OK || none) return rc;
    for (size_t i = 0; rc == DRIFT_OK && i < hidden->before.count; i++) {
        const drift__object *old = &hidden->before.items[i];
        if (old->kind != DRIFT__OBJECT_TABLE || strcmp(old->database, "main") != 0 ||
            !drift__hidden_is_autoincrement(old))
            continue;
        const char *name = drift__hidden_new_table(hidden, old->name);
        bool gone = false;
        const drift__object *new = drift__hidden_object(&hidden->after, DRIFT__OBJECT_TABLE, "main", name);
        if (!new || !drift__hidden_is_autoincrement(new)) continue;
        rc = drift__gone_between(&gone, hidden->judgement, old->name, NULL, err);
        if (rc == DRIFT_OK && !gone) rc = judge_table(hidden, old, new, err);
    }
    return rc;
}
