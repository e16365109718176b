/* unsteady.c */
#include "verify/unsteady.h"

#include <string.h>

#include "sql/cursor.h"

static bool is_any(const drift__cursor *c, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (drift__cursor_is(c, words[i])) return true;
    }
    return false;
}

/* "The date and time functions accept an optional time value as an argument … If the time-value argument is omitted,
 * the function uses the current time" (https://www.sqlite.org/lang_datefunc.html): strftime's comes second. */
static bool takes_no_time(drift__cursor c)
{
    static const char *const functions[] = {"date", "time", "datetime", "julianday", "unixepoch"};
    const bool formats = drift__cursor_is(&c, "strftime");
    if (!formats && !is_any(&c, functions, sizeof functions / sizeof *functions)) return false;
    drift__cursor_next(&c);
    if (!drift__cursor_take_kind(&c, DRIFT__TOKEN_OPEN)) return false;
    if (formats) drift__cursor_next(&c);
    return c.token.kind == DRIFT__TOKEN_CLOSE;
}

static bool is_drawn(const drift__cursor *c)
{
    static const char *const functions[] = {"random", "randomblob"};
    return is_any(c, functions, 2) && drift__cursor_peek(c).kind == DRIFT__TOKEN_OPEN;
}

static bool is_now(const drift__cursor *c)
{
    return c->token.kind == DRIFT__TOKEN_STRING && drift__same_word(c->token.text, c->token.length, "'now'");
}

bool drift__is_unsteady(const char *expression)
{
    static const char *const words[] = {"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"};
    for (drift__cursor c = drift__cursor_at(expression, strlen(expression)); c.token.kind != DRIFT__TOKEN_END;
         drift__cursor_next(&c)) {
        if (is_any(&c, words, sizeof words / sizeof *words) || is_drawn(&c) || is_now(&c) || takes_no_time(c))
            return true;
    }
    return false;
}
