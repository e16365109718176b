/* text.c */
#include "compare/text.h"

#include <string.h>

#include "base/fold.h"
#include "sql/cursor.h"
#include "sql/quote.h"

const char *drift__text_take(drift__arena *arena, drift__str *text)
{
    const char *copy = NULL;
    if (text->failed)
        arena->failed = 1;
    else
        copy = drift__arena_strndup(arena, drift__str_text(text), text->length);
    drift__str_dispose(text);
    return copy;
}

const char *drift__text_literal(drift__arena *arena, const char *content)
{
    drift__str text = DRIFT__STR_INIT;
    if (content) drift__put_string(&text, content);
    return content ? drift__text_take(arena, &text) : NULL;
}

char *drift__text_folded(drift__arena *arena, const char *text)
{
    char *copy = drift__arena_strdup(arena, text);
    for (char *c = copy; c && *c; c++) *c = drift__fold_char(*c);
    return copy;
}

void drift__text_put_sql(drift__str *out, const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    const char *first = c.token.text;
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (c.token.text > c.previous_end && c.token.text > first) drift__str_putc(out, ' ');
        drift__str_putn(out, c.token.text, c.token.length);
    }
}
