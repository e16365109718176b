/* quote.c */
#include "sql/quote.h"

#include <string.h>

#include "sql/keyword.h"
#include "sql/token.h"

static void put_doubling(drift__str *s, const char *text, char quote)
{
    drift__str_putc(s, quote);
    for (; *text; text++) {
        if (*text == quote) drift__str_putc(s, quote);
        drift__str_putc(s, *text);
    }
    drift__str_putc(s, quote);
}

void drift__put_quoted(drift__str *s, const char *name)
{
    put_doubling(s, name, '"');
}

void drift__put_string(drift__str *s, const char *text)
{
    put_doubling(s, text, '\'');
}

/* Only ASCII letters, digits and _ stay bare: SQLite takes $ and high bytes too, but other readers of SQL do not. */
static bool can_be_bare(const char *name)
{
    const size_t length = strlen(name);
    if (!length || (name[0] >= '0' && name[0] <= '9')) return false;
    for (size_t i = 0; i < length; i++) {
        if (!drift__is_name_char(name[i]) || name[i] == '$' || ((unsigned char)name[i] & 0x80u)) return false;
    }
    return !drift__is_keyword(name, length);
}

void drift__put_name(drift__str *s, const char *name)
{
    if (can_be_bare(name))
        drift__str_puts(s, name);
    else
        drift__put_quoted(s, name);
}

char *drift__unquote(drift__arena *arena, const char *text, size_t length)
{
    const char open = length ? text[0] : '\0';
    if (length < 2 || (open != '"' && open != '\'' && open != '`' && open != '['))
        return drift__arena_strndup(arena, text, length);
    char *name = drift__arena_alloc(arena, length);
    if (!name) return NULL;
    size_t used = 0;
    for (size_t i = 1; i + 1 < length; i++) {
        name[used++] = text[i];
        if (open != '[' && text[i] == open) i++;
    }
    return name;
}
