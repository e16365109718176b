/* facts.c */
#include "verify/facts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "sql/quote.h"
#include "verify/live.h"

int drift__facts_known(drift__known **out, drift__facts *facts, drift_error *err)
{
    int rc = DRIFT_OK;
    if (!facts->known)
        rc = drift__known_take(&facts->known, facts->all ? facts->all : &facts->own, facts->connection, err);
    *out = facts->known;
    return rc;
}

int drift__facts_objects(const drift__objects **out, drift__facts *facts, drift_error *err)
{
    drift__known *known = NULL;
    const int rc = drift__facts_known(&known, facts, err);
    *out = known ? &known->objects : NULL;
    return rc;
}

int drift__facts_tables(const drift__live_known **out, drift__facts *facts, drift_error *err)
{
    drift__known *known = NULL;
    const int rc = drift__facts_known(&known, facts, err);
    *out = NULL;
    return rc == DRIFT_OK ? drift__known_tables(out, known, facts->connection, err) : rc;
}

/* ---- rows ---- */

/* "The maximum number of terms in a compound SELECT" is 500 (https://www.sqlite.org/limits.html), or less. */
enum { TERMS = 50 };

static int see_row(drift_statement *row, void *payload, drift_error *err)
{
    bool *seen = payload;
    (void)row;
    (void)err;
    *seen = true;
    return DRIFT_OK;
}

/* What cannot be read is not known to be empty. Takes the text. */
static int has_row(bool *out, drift_connection *connection, drift__str *sql, drift_error *err)
{
    *out = false;
    const int rc = sql->failed ? DRIFT_NO_MEMORY : drift_query(connection, sql->text, NULL, 0, see_row, out, NULL);
    drift__str_dispose(sql);
    if (rc != DRIFT_OK) *out = true;
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

/* Every column of every table: that they compile the definitions decide. */
static int read_each(bool *out, const drift__live_known *tables, drift_connection *connection, drift_error *err)
{
    int rc = DRIFT_OK;
    *out = false;
    for (size_t i = 0; rc == DRIFT_OK && !*out && i < tables->count; i++) {
        drift__str sql = DRIFT__STR_INIT;
        drift__str_puts(&sql, "SELECT * FROM main.");
        drift__put_quoted(&sql, tables->names[i]);
        drift__str_puts(&sql, " LIMIT 1");
        rc = has_row(out, connection, &sql, err);
    }
    return rc;
}

/* All tables in a few statements, and AUTOINCREMENT's record of keys where there is one: in it an INSERT … SELECT of no
 * row enters 0, with which the next key is the one that it would be without an entry
 * (https://www.sqlite.org/autoinc.html). */
static int read_together(bool *out, const drift__known *known, drift_connection *connection, drift_error *err)
{
    const drift__live_known *tables = known->tables;
    int rc = DRIFT_OK;
    *out = false;
    for (size_t first = 0; rc == DRIFT_OK && !*out && first < tables->count; first += TERMS) {
        drift__str sql = DRIFT__STR_INIT;
        for (size_t i = first; i < tables->count && i < first + TERMS; i++) {
            drift__str_puts(&sql, i == first ? "SELECT 1 FROM main." : " UNION ALL SELECT 1 FROM main.");
            drift__put_quoted(&sql, tables->names[i]);
        }
        if (!first && known->has_sequences)
            drift__str_puts(&sql, " UNION ALL SELECT 1 FROM main.sqlite_sequence WHERE seq IS NOT 0");
        drift__str_puts(&sql, " LIMIT 1");
        rc = has_row(out, connection, &sql, err);
    }
    return rc;
}

int drift__facts_empty(bool *out, drift__facts *facts, drift_error *err)
{
    bool rows = false;
    drift__known *known = NULL;
    const drift__live_known *tables = NULL;
    *out = facts->empty;
    if (facts->has_empty) return DRIFT_OK;
    int rc = drift__facts_known(&known, facts, err);
    if (rc == DRIFT_OK) rc = drift__facts_tables(&tables, facts, err);
    if (rc == DRIFT_OK && !known->readable) {
        rc = read_each(&rows, tables, facts->connection, err);
        known->readable = rc == DRIFT_OK && !rows;
    }
    if (rc == DRIFT_OK && known->readable) rc = read_together(&rows, known, facts->connection, err);
    facts->has_empty = rc == DRIFT_OK;
    *out = facts->empty = rc == DRIFT_OK && !rows;
    return rc;
}

/* ---- foreign keys ---- */

int drift__facts_violations(drift__violation_set **out, drift__facts *facts, drift_error *err)
{
    *out = &facts->violations;
    if (facts->has_violations) return DRIFT_OK;
    drift__violation_set_dispose(&facts->violations);
    const int rc = drift__violations_find(facts->connection, NULL, drift__violation_set_add, &facts->violations, err);
    facts->has_violations = rc == DRIFT_OK;
    return rc;
}

/* Where there is no row the definitions alone decide. */
int drift__facts_keys_hold(bool *out, drift__facts *facts, drift_error *err)
{
    drift__violation_set *violations = NULL;
    drift__known *known = NULL;
    bool empty = false;
    *out = facts->keys_hold;
    if (*out) return DRIFT_OK;
    int rc = drift__facts_empty(&empty, facts, err);
    if (rc == DRIFT_OK && empty) rc = drift__facts_known(&known, facts, err);
    const bool fits = known && known->keys_fit;
    if (rc == DRIFT_OK && !fits) rc = drift__facts_violations(&violations, facts, err);
    facts->keys_hold = rc == DRIFT_OK && (fits || !violations->count);
    if (known) known->keys_fit = facts->keys_hold;
    *out = facts->keys_hold;
    return rc;
}

void drift__facts_dispose(drift__facts *facts)
{
    drift__known_release(facts->known);
    drift__known_dispose(&facts->own);
    drift__violation_set_dispose(&facts->violations);
    drift__lost_dispose(&facts->lost);
    *facts = (drift__facts){0};
}
