/* cursor.h — walking over the tokens of a text, white space and comments skipped. */
#ifndef DRIFT_SQL_CURSOR_H
#define DRIFT_SQL_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/fold.h"
#include "sql/token.h"

/** Where a walk stands. Copying it saves the place. */
typedef struct drift__cursor {
    const char *start;
    const char *end;
    drift__lexeme token;      /**< the current token */
    drift__lexeme next;       /**< the one after it, so that each is read once however often it is looked at */
    const char *previous_end; /**< the end of the token before it; `start` at the first */
} drift__cursor;

/** Stands at the first token of `length` bytes. */
drift__cursor drift__cursor_at(const char *text, size_t length);

/** The token after the current one, without going there. */
static inline drift__lexeme drift__cursor_peek(const drift__cursor *c)
{
    return c->next;
}

/** Whether a lexeme is this word of letters and '_', in any case. */
static inline bool drift__lexeme_is(const drift__lexeme *token, const char *word)
{
    return token->kind == DRIFT__TOKEN_WORD && token->length == strlen(word) &&
           drift__same_keyword(token->text, word, token->length);
}

/** Whether the current token is this unquoted word, in any case. */
static inline bool drift__cursor_is(const drift__cursor *c, const char *word)
{
    return drift__lexeme_is(&c->token, word);
}

/** Goes to the next token; stays at the end. */
void drift__cursor_next(drift__cursor *c);

/** If the current token is this word, goes past it and gives true. */
static inline bool drift__cursor_take(drift__cursor *c, const char *word)
{
    if (!drift__cursor_is(c, word)) return false;
    drift__cursor_next(c);
    return true;
}

/** If the current token is of this kind, goes past it and gives true. */
static inline bool drift__cursor_take_kind(drift__cursor *c, drift__token_kind kind)
{
    if (c->token.kind != kind) return false;
    drift__cursor_next(c);
    return true;
}

/** Goes past a balanced (…) at which the cursor stands. @return false if it stands at no '(' or nothing closes it. */
bool drift__cursor_skip_balanced(drift__cursor *c);

/** The current token's offset in the text. */
size_t drift__cursor_offset(const drift__cursor *c);

#endif
