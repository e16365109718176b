/* dart_name.c — names as Drift gives them to columns and views that are declared in SQL: words begin behind anything
 * that is no letter or digit, and at a capital unless the whole name is in capitals. */

#include "base/str.h"
#include "snapshot/name.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_lower(const char *name)
{
    while (*name && !is_lower(*name)) name++;
    return *name != '\0';
}

static char as_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static char as_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* An identifier may not begin with a digit, nor be empty; Drift puts a "u" before it. */
static void begin(drift__str *s, char first, bool capital)
{
    if (is_digit(first)) drift__str_putc(s, capital ? 'U' : 'u');
}

const char *drift__dart_name(drift__arena *arena, const char *name, bool capital)
{
    drift__str s = DRIFT__STR_INIT;
    const bool capitals_begin = has_lower(name);
    bool at_word = true;
    for (; *name; name++) {
        const char c = *name;
        if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
            at_word = true;
            continue;
        }
        if (is_upper(c) && capitals_begin) at_word = true;
        if (s.length == 0) begin(&s, c, capital);
        drift__str_putc(&s, at_word && (s.length || capital) ? as_upper(c) : as_lower(c));
        at_word = false;
    }
    if (s.length == 0) drift__str_puts(&s, capital ? "U" : "u");
    if (s.failed) arena->failed = 1;
    const char *made = drift__arena_strdup(arena, drift__str_text(&s));
    drift__str_dispose(&s);
    return made;
}
