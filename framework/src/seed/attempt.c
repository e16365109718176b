/* attempt.c — one row, tried in a savepoint of its own. */
#include "seed/attempt.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/sqlite_error.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* ---- the statement ---- */

static void put_columns(drift__str *sql, const drift__seed_attempt *attempt)
{
    const drift__seed_table *table = attempt->table;
    for (size_t i = 0; i < table->column_count; i++) {
        drift__str_puts(sql, i ? ", " : " (");
        drift__put_quoted(sql, table->columns[i].name);
    }
    if (attempt->with_rowid) drift__str_printf(sql, ", %s", table->rowid_name);
    drift__str_puts(sql, table->column_count ? ") VALUES (?" : " DEFAULT VALUES");
    for (size_t i = 1; i < table->column_count + attempt->with_rowid; i++) drift__str_puts(sql, ", ?");
    if (table->column_count) drift__str_putc(sql, ')');
}

/*
 * A constraint ON CONFLICT REPLACE would delete an earlier row, and with it the parent of others: OR ABORT overrides it
 * (https://www.sqlite.org/lang_conflict.html). Elsewhere nothing is said, since the word would also override what
 * triggers say.
 */
int drift__seed_attempt_prepare(drift__seed_attempt *attempt, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    char *text = NULL;
    attempt->with_rowid = attempt->with_rowid && attempt->table->rowid_name && attempt->table->column_count;
    drift__str_puts(&sql, attempt->table->replaces ? "INSERT OR ABORT INTO main." : "INSERT INTO main.");
    drift__put_quoted(&sql, attempt->table->name);
    put_columns(&sql, attempt);
    int rc = drift__str_take(&text, &sql, err);
    if (rc == DRIFT_OK) rc = drift_statement_prepare(&attempt->statement, attempt->connection, text, err);
    drift__free(text);
    return rc;
}

void drift__seed_attempt_dispose(drift__seed_attempt *attempt)
{
    drift_statement_free(attempt->statement);
    attempt->statement = NULL;
}

/* ---- one try ---- */

bool drift__seed_is_refusal(int status)
{
    return status == DRIFT_CONSTRAINT || status == DRIFT_SQL || status == DRIFT_FOREIGN_KEY;
}

static int bind(drift__seed_attempt *attempt, const drift_value *const *values, const drift_value *rowid,
                drift_error *err)
{
    static const drift_value null = DRIFT_BIND_NULL;
    const size_t count = attempt->table->column_count;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++)
        rc = drift_statement_bind_value(attempt->statement, (int)i + 1, values[i], err);
    if (rc == DRIFT_OK && attempt->with_rowid)
        rc = drift_statement_bind_value(attempt->statement, (int)count + 1, rowid ? rowid : &null, err);
    return rc;
}

int drift__seed_reason_of_end(drift_error *why, drift_connection *connection)
{
    *why = (drift_error){0};
    return drift__sqlite_error(why, drift_connection_handle(connection));
}

/* The row went in: but RAISE(IGNORE) and ON CONFLICT IGNORE say nothing, and no key is enforced meanwhile. */
static int look_again(int *tried, drift__seed_attempt *attempt, drift_error *err)
{
    int64_t orphans = 0;
    if (!drift_changes(attempt->connection)) {
        *tried = drift__error(&attempt->last, DRIFT_CONSTRAINT, "a row was inserted, but did not stay");
        return DRIFT_OK;
    }
    if (!attempt->parents) return DRIFT_OK;
    const int rc = drift__seed_count_orphans(&orphans, attempt->connection, attempt->table, err);
    if (rc == DRIFT_OK && orphans)
        *tried = drift__error(&attempt->last, DRIFT_FOREIGN_KEY, "FOREIGN KEY constraint failed");
    return rc;
}

int drift__seed_control(drift_connection *connection, const char *sql, drift_error *err)
{
    return drift_query(connection, sql, NULL, 0, NULL, NULL, err);
}

/*
 * In a savepoint: what a trigger had done before the row was refused goes away with it, also where the statement says
 * OR FAIL. A constraint ON CONFLICT ROLLBACK and a trigger's RAISE(ROLLBACK) end the savepoint by themselves.
 */
int drift__seed_attempt_run(bool *done, drift__seed_attempt *attempt, const drift_value *const *values,
                            const drift_value *rowid, drift_error *err)
{
    drift_connection *connection = attempt->connection;
    attempt->last = (drift_error){0};
    attempt->tries++;
    *done = false;
    int rc = drift__seed_control(connection, "SAVEPOINT drift_seed_row", err);
    if (rc != DRIFT_OK || (rc = bind(attempt, values, rowid, err)) != DRIFT_OK) return rc;
    int tried = drift_statement_run(attempt->statement, &attempt->last);
    if (tried == DRIFT_TRANSACTION) tried = drift__seed_reason_of_end(&attempt->last, connection);
    drift_statement_reset(attempt->statement);
    if (tried == DRIFT_OK && (rc = look_again(&tried, attempt, err)) != DRIFT_OK) return rc;
    if (tried != DRIFT_OK && !drift__seed_is_refusal(tried)) {
        if (err && !err->code) *err = attempt->last;
        return tried;
    }
    *done = tried == DRIFT_OK;
    if (!*done && !drift_in_transaction(connection)) return DRIFT_OK;
    rc = *done ? DRIFT_OK : drift__seed_control(connection, "ROLLBACK TO drift_seed_row", err);
    return rc == DRIFT_OK ? drift__seed_control(connection, "RELEASE drift_seed_row", err) : rc;
}

/* ---- what a refusal speaks of ---- */

bool drift__seed_is_duplicate(const drift__seed_attempt *attempt)
{
    return strstr(attempt->last.text, "UNIQUE constraint failed") != NULL;
}

/* In the order of the table's columns, each once. */
static void implicate(drift__seed_attempt *attempt, drift__seed_column *column)
{
    size_t at = attempt->implicated_count;
    while (at > 0 && attempt->implicated[at - 1] >= column) at--;
    if (at < attempt->implicated_count && attempt->implicated[at] == column) return;
    if (attempt->implicated_count == DRIFT__SEED_MOST_IMPLICATED) return;
    memmove(&attempt->implicated[at + 1], &attempt->implicated[at],
            (attempt->implicated_count++ - at) * sizeof attempt->implicated[0]);
    attempt->implicated[at] = column;
}

static void implicate_mentioned(drift__seed_attempt *attempt, const char *text, size_t length)
{
    for (drift__cursor c = drift__cursor_at(text, length); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const char *name = NULL;
        size_t name_length = 0;
        if (!drift__seed_name_of(&name, &name_length, &c.token)) continue;
        drift__seed_column *column = drift__seed_column_named(attempt->table, name, name_length);
        if (column) implicate(attempt, column);
    }
}

/* SQLite names a failed CHECK by its name or its text ("CHECK constraint failed: x > 0"). */
const drift__seed_check *drift__seed_failed_check(const drift__seed_table *table, const char *message)
{
    if (!strstr(message, "CHECK")) return NULL;
    for (size_t i = 0; i < table->check_count; i++) {
        const drift__seed_check *check = &table->checks[i];
        if (check->name && strstr(message, check->name)) return check;
    }
    for (size_t i = 0; i < table->check_count; i++) {
        const drift__seed_check *check = &table->checks[i];
        char text[128];
        /* Messages are cut; the beginning tells. */
        const size_t length = check->length < sizeof text - 1 ? check->length : sizeof text - 1;
        memcpy(text, check->text, length);
        text[length] = '\0';
        if (!check->name && strstr(message, text)) return check;
    }
    return NULL;
}

/* What triggers speak of; and where it is no constraint that failed but an expression ("malformed JSON"), what CHECKs,
 * generated columns and indexes do. */
static void implicate_evaluated(drift__seed_attempt *attempt)
{
    const drift__seed_table *table = attempt->table;
    implicate_mentioned(attempt, table->triggers, strlen(table->triggers));
    for (size_t i = 0; attempt->last.code == DRIFT_SQL && i < table->check_count; i++)
        implicate_mentioned(attempt, table->checks[i].text, table->checks[i].length);
}

void drift__seed_implicate(drift__seed_attempt *attempt)
{
    const drift__seed_table *table = attempt->table;
    const char *text = attempt->last.text;
    attempt->implicated_count = 0;
    const drift__seed_check *check = drift__seed_failed_check(table, text);
    if (check) {
        implicate_mentioned(attempt, check->text, check->length);
    } else if (attempt->last.code == DRIFT_FOREIGN_KEY) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].references) implicate(attempt, &table->columns[i]);
        }
    } else {
        /* "NOT NULL constraint failed: t.c", "UNIQUE constraint failed: t.a, t.b", "cannot store TEXT value in INTEGER
         * column t.c" name columns. */
        implicate_mentioned(attempt, text, strlen(text));
        if (!attempt->implicated_count) implicate_evaluated(attempt);
    }
    if (attempt->implicated_count) return;
    for (size_t i = 0; i < table->column_count; i++) implicate(attempt, &table->columns[i]);
}
