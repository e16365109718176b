/* cursor.c */
#include "sql/cursor.h"

static drift__lexeme lexeme_from(const char *at, const char *end)
{
    drift__lexeme token = {DRIFT__TOKEN_END, at, 0};
    do {
        token.text += token.length;
        token.length = drift__token(&token.kind, token.text, end);
    } while (token.kind == DRIFT__TOKEN_SPACE || token.kind == DRIFT__TOKEN_COMMENT);
    return token;
}

drift__cursor drift__cursor_at(const char *text, size_t length)
{
    drift__cursor c = {text, text + length, {DRIFT__TOKEN_END, text, 0}, text};
    c.token = lexeme_from(text, c.end);
    return c;
}

void drift__cursor_next(drift__cursor *c)
{
    c->previous_end = c->token.text + c->token.length;
    c->token = lexeme_from(c->previous_end, c->end);
}

drift__lexeme drift__cursor_peek(const drift__cursor *c)
{
    return lexeme_from(c->token.text + c->token.length, c->end);
}

bool drift__cursor_take_kind(drift__cursor *c, drift__token_kind kind)
{
    if (c->token.kind != kind) return false;
    drift__cursor_next(c);
    return true;
}

bool drift__cursor_skip_balanced(drift__cursor *c)
{
    size_t depth = 0;
    if (c->token.kind != DRIFT__TOKEN_OPEN) return false;
    do {
        if (c->token.kind == DRIFT__TOKEN_OPEN) depth++;
        if (c->token.kind == DRIFT__TOKEN_CLOSE && depth) depth--;
        if (c->token.kind == DRIFT__TOKEN_END || c->token.kind == DRIFT__TOKEN_ILLEGAL) return false;
        drift__cursor_next(c);
    } while (depth);
    return true;
}

size_t drift__cursor_offset(const drift__cursor *c)
{
    return (size_t)(c->token.text - c->start);
}
