/* statement.c */
#include "snapshot/statement.h"

#include <string.h>

#include "sql/cursor.h"

static bool is_name(const drift__lexeme *token)
{
    return token->kind == DRIFT__TOKEN_WORD || token->kind == DRIFT__TOKEN_QUOTED || token->kind == DRIFT__TOKEN_STRING;
}

static bool take_kind(drift__statement *out, drift__cursor *c)
{
    static const struct {
        const char *word;
        drift_entity_kind kind;
    } kinds[] = {
        {"TABLE", DRIFT_ENTITY_TABLE},
        {"INDEX", DRIFT_ENTITY_INDEX},
        {"VIEW", DRIFT_ENTITY_VIEW},
        {"TRIGGER", DRIFT_ENTITY_TRIGGER},
    };
    out->temporary = drift__cursor_take(c, "TEMP") || drift__cursor_take(c, "TEMPORARY");
    out->unique = drift__cursor_take(c, "UNIQUE");
    const bool is_virtual = drift__cursor_take(c, "VIRTUAL");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!drift__cursor_take(c, kinds[i].word)) continue;
        out->kind = is_virtual ? DRIFT_ENTITY_VIRTUAL_TABLE : kinds[i].kind;
        return true;
    }
    return false;
}

/* IF NOT EXISTS; a table may itself be called "if". */
static void take_if_not_exists(drift__cursor *c)
{
    drift__cursor ahead = *c;
    if (drift__cursor_take(&ahead, "IF") && drift__cursor_take(&ahead, "NOT") && drift__cursor_take(&ahead, "EXISTS"))
        *c = ahead;
}

/* The end of the last token, ';' at the end left out. */
static const char *end_of_tokens(drift__cursor c)
{
    const char *end = c.token.text;
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c))
        if (c.token.kind != DRIFT__TOKEN_SEMICOLON) end = c.token.text + c.token.length;
    return end;
}

bool drift__statement_split(drift__statement *out, const char *sql, size_t length)
{
    drift__cursor c = drift__cursor_at(sql, length);
    *out = (drift__statement){0};
    if (!drift__cursor_take(&c, "CREATE") || !take_kind(out, &c)) return false;
    take_if_not_exists(&c);
    if (!is_name(&c.token)) return false;
    if (drift__cursor_peek(&c).kind == DRIFT__TOKEN_DOT) {
        drift__cursor_next(&c);
        drift__cursor_next(&c);
        if (!is_name(&c.token)) return false;
    }
    out->name = c.token.text;
    out->name_length = c.token.length;
    drift__cursor_next(&c);
    out->rest = c.token.text;
    out->rest_length = (size_t)(end_of_tokens(c) - c.token.text);
    return true;
}

static const char *head(const drift__statement *statement)
{
    switch (statement->kind) {
    case DRIFT_ENTITY_TABLE: return "TABLE ";
    case DRIFT_ENTITY_VIRTUAL_TABLE: return "VIRTUAL TABLE ";
    case DRIFT_ENTITY_INDEX: return statement->unique ? "UNIQUE INDEX " : "INDEX ";
    case DRIFT_ENTITY_VIEW: return "VIEW ";
    case DRIFT_ENTITY_TRIGGER: return "TRIGGER ";
    case DRIFT_ENTITY_QUERY: break;
    }
    return "";
}

void drift__statement_put(drift__str *s, const char *sql)
{
    drift__statement statement;
    if (!drift__statement_split(&statement, sql, strlen(sql))) {
        drift__str_puts(s, sql);
        return;
    }
    drift__str_puts(s, statement.temporary ? "CREATE TEMP " : "CREATE ");
    drift__str_puts(s, head(&statement));
    drift__str_putn(s, statement.name, (size_t)(statement.rest + statement.rest_length - statement.name));
}
