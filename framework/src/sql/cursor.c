/* cursor.c */
#include "sql/cursor.h"

static drift__lexeme lexeme_from(const char *at, const char *end)
{
    drift__lexeme token = {DRIFT__TOKEN_END, at, 0};
    do {
        token.text += token.length;
        if (end - token.text > 1 && token.text[0] == ' ' && token.text[1] > ' ') token.text++; /* nearly all space */
        token.length = drift__token(&token.kind, token.text, end);
    } while (token.kind == DRIFT__TOKEN_SPACE || token.kind == DRIFT__TOKEN_COMMENT);
    return token;
}

drift__cursor drift__cursor_at(const char *text, size_t length)
{
    drift__cursor c = {.start = text, .end = text + length, .previous_end = text};
    c.token = lexeme_from(text, c.end);
    c.next = lexeme_from(c.token.text + c.token.length, c.end);
    return c;
}

void drift__cursor_next(drift__cursor *c)
{
    c->previous_end = c->token.text + c->token.length;
    c->token = c->next;
    c->next = lexeme_from(c->token.text + c->token.length, c->end);
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
