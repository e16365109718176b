/* cursor.c */
#include "sql/cursor.h"

drift__cursor drift__cursor_at(const char *text, size_t length)
{
    drift__cursor c = {.start = text, .end = text + length, .previous_end = text};
    drift__token_read(&c.token, text, c.end);
    drift__token_read(&c.next, c.token.text + c.token.length, c.end);
    return c;
}

void drift__cursor_next(drift__cursor *c)
{
    c->previous_end = c->token.text + c->token.length;
    c->token = c->next;
    drift__token_read(&c->next, c->token.text + c->token.length, c->end);
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
