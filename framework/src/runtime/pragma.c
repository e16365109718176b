/* pragma.c */
#include "runtime/pragma.h"

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/fold.h"
#include "runtime/busy.h"

/* The longest is "PRAGMA main.application_id = -9223372036854775808". */
enum { STATEMENT_SIZE = 80 };

enum { DEFAULT_TIMEOUT_MS = 5000 };

static const char *pragma_sql(drift__pragma pragma)
{
    static const char *const texts[] = {
#define PRAGMA_TEXT(name, sql) sql,
        DRIFT__PRAGMA_MAP(PRAGMA_TEXT)
#undef PRAGMA_TEXT
    };
    return texts[pragma];
}

/* One text per pragma, so that reading it twice finds the statement in the cache without any formatting. */
static const char *reading_sql(drift__pragma pragma)
{
    static const char *const texts[] = {
#define PRAGMA_READING(name, sql) "PRAGMA " sql,
        DRIFT__PRAGMA_MAP(PRAGMA_READING)
#undef PRAGMA_READING
    };
    return texts[pragma];
}

int drift__pragma_get(int64_t *out, drift_connection *connection, drift__pragma pragma, drift_error *err)
{
    return drift_query_int64(out, connection, reading_sql(pragma), NULL, 0, err);
}

int drift__pragma_set(drift_connection *connection, drift__pragma pragma, int64_t value, drift_error *err)
{
    char sql[STATEMENT_SIZE];
    int64_t now = 0;
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA %s = %lld", pragma_sql(pragma), (long long)value);
    int rc = drift_exec(connection, sql, err);
    if (rc == DRIFT_OK) rc = drift__pragma_get(&now, connection, pragma, err);
    if (rc == DRIFT_OK && now != value)
        rc = drift__error(err, DRIFT_SQL, "expected PRAGMA %s to become %lld, found %lld", pragma_sql(pragma),
                          (long long)value, (long long)now);
    return rc;
}

static const char *const journal_words[] = {
#define JOURNAL_WORD(name, word) word,
    DRIFT__JOURNAL_MAP(JOURNAL_WORD)
#undef JOURNAL_WORD
};

enum { JOURNAL_COUNT = sizeof journal_words / sizeof *journal_words };

const char *drift__journal_word(drift__journal journal)
{
    return journal_words[journal];
}

static int take_journal(drift_statement *row, void *payload, drift_error *err)
{
    drift__journal *out = payload;
    const char *word = drift_column_text(row, 0, NULL);
    if (!word) return drift__no_memory(err);
    for (int i = 0; i < JOURNAL_COUNT; i++) {
        if (!drift__same_name(word, journal_words[i])) continue;
        *out = (drift__journal)i;
        return DRIFT_OK;
    }
    return drift__error(err, DRIFT_UNSUPPORTED, "expected a journal mode that is known, found \"%s\"", word);
}

int drift__journal_get(drift__journal *out, drift_connection *connection, drift_error *err)
{
    return drift_query(connection, "PRAGMA main.journal_mode", NULL, 0, take_journal, out, err);
}

static int change_journal(drift__journal *now, drift_connection *connection, drift__journal journal, drift_error *err)
{
    char sql[STATEMENT_SIZE];
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA main.journal_mode = %s", journal_words[journal]);
    return drift_query(connection, sql, NULL, 0, take_journal, now, err);
}

int drift__journal_set(drift_connection *connection, drift__journal journal, int timeout_ms, drift_error *err)
{
    drift__journal now = journal;
    drift__busy busy = {.timeout_us = (int64_t)timeout_ms * 1000};
    drift_error last;
    int rc = DRIFT_OK;
    const int64_t deadline = drift__busy_deadline(&busy);
    do {
        last = (drift_error){0};
        rc = change_journal(&now, connection, journal, &last);
    } while (rc == DRIFT_BUSY && drift__busy_pause(&busy, deadline));
    if (rc != DRIFT_OK) {
        drift__error(err, rc, "cannot change the journal mode to %s: %s", journal_words[journal], last.text);
        if (last.hint[0]) drift__error_hint(err, "%s", last.hint);
    } else if (now != journal) {
        rc = drift__error(err, DRIFT_SQL, "expected the journal mode to become %s, found %s", journal_words[journal],
                          journal_words[now]);
    }
    return rc;
}

/* Of a database in memory the mode "is either MEMORY or OFF and can not be changed to a different value"
 * (https://www.sqlite.org/pragma.html#pragma_journal_mode); of a file it can. */
static int stays_in_memory(bool *stays, drift_connection *connection, drift__journal before, drift_error *err)
{
    drift__journal now = before;
    const int rc = before == DRIFT__JOURNAL_MEMORY ? drift__journal_get(&now, connection, err) : DRIFT_OK;
    *stays = now == DRIFT__JOURNAL_MEMORY;
    return rc;
}

int drift_connection_use_wal(drift_connection *connection, int timeout_ms, drift_error *err)
{
    drift__journal before;
    drift_error refused = {0};
    bool stays = false;
    int rc;
    if (drift_in_transaction(connection))
        return drift__error(err, DRIFT_MISUSE, "the journal mode cannot be changed inside a transaction");
    rc = drift__journal_get(&before, connection, err);
    if (rc != DRIFT_OK || before == DRIFT__JOURNAL_WAL) return rc;
    rc = drift__journal_set(connection, DRIFT__JOURNAL_WAL, timeout_ms ? timeout_ms : DEFAULT_TIMEOUT_MS, &refused);
    if (rc == DRIFT_OK) return rc;
    if (rc == DRIFT_SQL && (rc = stays_in_memory(&stays, connection, before, err)) == DRIFT_OK && stays) return rc;
    if (err && !err->code) *err = refused;
    return refused.code;
}
