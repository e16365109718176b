/* audit_names.c */
#include "verify/audit_names.h"

#include <string.h>

#include "base/error.h"
#include "parse/parse.h"
#include "sql/cursor.h"
#include "sql/quote.h"

static bool is_trigger(drift__cursor c)
{
    if (!drift__cursor_take(&c, "CREATE")) return false;
    if (!drift__cursor_take(&c, "TEMP")) (void)drift__cursor_take(&c, "TEMPORARY");
    return drift__cursor_is(&c, "TRIGGER");
}

/* Where a table's name may stand SQLite takes a string for it too; elsewhere a string is a value. */
static bool precedes_name(const drift__lexeme *before)
{
    static const char *const words[] = {"TABLE", "EXISTS", "INTO",    "UPDATE", "FROM",  "JOIN",     "ON",
                                        "TO",    "OR",     "REPLACE", "FAIL",   "ABORT", "ROLLBACK", "REFERENCES"};
    if (before->kind == DRIFT__TOKEN_DOT) return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (drift__lexeme_is(before, words[i])) return true;
    }
    return drift__lexeme_is(before, "IGNORE");
}

/* Looked up before anything is allocated: a loop of statements names the same tables again and again. */
static bool is_known(const drift__map *names, const drift__lexeme *token)
{
    char name[128];
    const size_t quote = token->kind == DRIFT__TOKEN_WORD ? 0 : 1, length = token->length - 2 * quote;
    if (length >= sizeof name) return false;
    memcpy(name, token->text + quote, length);
    name[length] = '\0';
    return drift__map_get(names, name) != NULL;
}

static int add_name(drift__map *names, drift__arena *arena, const drift__lexeme *token, drift_error *err)
{
    if (is_known(names, token)) return DRIFT_OK;
    const char *name = drift__unquote(arena, token->text, token->length);
    if (!name) return drift__no_memory(err);
    if (drift__map_get(names, name)) return DRIFT_OK;
    return drift__map_put(names, name, name, NULL) == 0 ? DRIFT_OK : drift__no_memory(err);
}

static int add_statement(drift__map *names, drift__arena *arena, const char *sql, size_t length, drift_error *err)
{
    drift__cursor c = drift__cursor_at(sql, length);
    drift__lexeme before = {.kind = DRIFT__TOKEN_END};
    const bool trigger = is_trigger(c);
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && c.token.kind != DRIFT__TOKEN_END && !(trigger && drift__cursor_is(&c, "BEGIN"))) {
        const drift__token_kind kind = c.token.kind;
        if (kind == DRIFT__TOKEN_WORD || kind == DRIFT__TOKEN_QUOTED ||
            (kind == DRIFT__TOKEN_STRING && precedes_name(&before)))
            rc = add_name(names, arena, &c.token, err);
        before = c.token;
        drift__cursor_next(&c);
    }
    return rc;
}

int drift__audit_add_names(drift__map *names, drift__arena *arena, const char *sql, size_t length, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t at = 0, next = 0; rc == DRIFT_OK && at < length; at += next) {
        const size_t statement = drift__statement_length(&next, sql + at, length - at);
        if (!next) break;
        rc = add_statement(names, arena, sql + at, statement, err);
    }
    return rc;
}
