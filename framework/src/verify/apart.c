/* apart.c */
#include "verify/apart.h"

#include "parse/parse.h"
#include "sql/cursor.h"

typedef struct script {
    bool keys_matter;
    bool legacy, keys; /* what the last of these pragmas left on */
} script;

/* A name, in quotes or not. */
static bool is_name(const drift__lexeme *token, const char *word)
{
    const bool quoted = token->kind == DRIFT__TOKEN_QUOTED || token->kind == DRIFT__TOKEN_STRING;
    if (quoted) return token->length >= 2 && drift__same_word(token->text + 1, token->length - 2, word);
    return drift__lexeme_is(token, word);
}

static bool is_any_name(const drift__lexeme *token, const char *const *words)
{
    for (; *words; words++) {
        if (is_name(token, *words)) return true;
    }
    return false;
}

/* ---- pragmas ---- */

/* "1 or yes or true or on" (https://www.sqlite.org/pragma.html#syntax); what is none of the others counts as that. */
static bool is_on(const drift__lexeme *value)
{
    static const char *const off[] = {"off", "no", "false", NULL};
    return !is_any_name(value, off) && !(value->length == 1 && value->text[0] == '0');
}

/* Those that read, those that write into the database itself, and defer_foreign_keys, which "is automatically switched
 * off at each COMMIT or ROLLBACK" (https://www.sqlite.org/pragma.html#pragma_defer_foreign_keys): a step ends with one
 * where foreign keys are on. */
static bool is_harmless(const drift__lexeme *pragma)
{
    static const char *const names[] = {"application_id",    "defer_foreign_keys",
                                        "foreign_key_check", "foreign_key_list",
                                        "index_info",        "index_list",
                                        "index_xinfo",       "integrity_check",
                                        "quick_check",       "table_info",
                                        "table_list",        "table_xinfo",
                                        "user_version",      NULL};
    return is_any_name(pragma, names);
}

/* The cursor stands behind PRAGMA. */
static bool pragma_keeps_apart(drift__cursor *c, script *s)
{
    if (drift__cursor_peek(c).kind == DRIFT__TOKEN_DOT) {
        if (!is_name(&c->token, "main")) return false;
        drift__cursor_next(c);
        drift__cursor_next(c);
    }
    const drift__lexeme name = c->token;
    drift__cursor_next(c);
    if (is_harmless(&name)) return true;
    const bool sets = c->token.kind != DRIFT__TOKEN_END && c->token.kind != DRIFT__TOKEN_SEMICOLON;
    if (sets) drift__cursor_next(c);
    if (is_name(&name, "legacy_alter_table")) {
        s->legacy = sets ? is_on(&c->token) : s->legacy;
    } else if (is_name(&name, "foreign_keys")) {
        /* "This pragma is a no-op within a transaction" (https://www.sqlite.org/pragma.html#pragma_foreign_keys). */
        s->keys = sets && s->keys_matter ? is_on(&c->token) : s->keys;
    } else {
        return false;
    }
    return true;
}

/* ---- other statements ---- */

static bool is_kind_that_may(const drift__cursor *c)
{
    static const char *const words[] = {"ALTER",   "ANALYZE", "CREATE", "DELETE", "DROP", "INSERT",
                                        "REINDEX", "REPLACE", "SELECT", "UPDATE", "WITH", NULL};
    return is_any_name(&c->token, words);
}

static bool is_pragma_function(const drift__lexeme *token)
{
    static const char prefix[] = "pragma_";
    const size_t quote = token->kind == DRIFT__TOKEN_WORD ? 0 : 1, length = sizeof prefix - 1;
    return token->length >= length + quote && drift__same_word(token->text + quote, length, prefix);
}

/* What names the connection's own objects, or asks for its state. */
static bool reaches_out(const drift__cursor *c)
{
    static const char *const names[] = {"temp",        "temporary", "sqlite_temp_master", "sqlite_temp_schema",
                                        "sqlite_stmt", NULL};
    static const char *const functions[] = {"changes",        "total_changes",  "last_insert_rowid",
                                            "load_extension", "fts3_tokenizer", NULL};
    if (c->token.kind != DRIFT__TOKEN_WORD && c->token.kind != DRIFT__TOKEN_QUOTED) return false;
    if (is_any_name(&c->token, names) || is_pragma_function(&c->token)) return true;
    return is_any_name(&c->token, functions) && drift__cursor_peek(c).kind == DRIFT__TOKEN_OPEN;
}

static bool statement_keeps_apart(const char *sql, size_t length, script *s)
{
    drift__cursor c = drift__cursor_at(sql, length);
    while (c.token.kind == DRIFT__TOKEN_SEMICOLON) drift__cursor_next(&c);
    if (c.token.kind == DRIFT__TOKEN_END) return true;
    if (drift__cursor_take(&c, "PRAGMA")) return pragma_keeps_apart(&c, s);
    if (!is_kind_that_may(&c)) return false;
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (reaches_out(&c)) return false;
    }
    return true;
}

bool drift__script_keeps_apart(const char *sql, size_t length, bool keys_matter)
{
    script s = {.keys_matter = keys_matter};
    for (size_t at = 0, next = 0; at < length; at += next) {
        const size_t statement = drift__statement_length(&next, sql + at, length - at);
        if (!next) break;
        if (!statement_keeps_apart(sql + at, statement, &s)) return false;
    }
    return !s.legacy && !s.keys;
}
