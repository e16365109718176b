/* pattern.c — texts that match a pattern
 * (https://www.sqlite.org/lang_expr.html#the_like_glob_regexp_match_and_extract_operators). */
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "seed/candidate.h"

/* Where a class "[…]" ends: a ']' that is its first member does not end it. */
static const char *class_end(const char *open)
{
    const char *at = open + 1;
    if (*at == '^') at++;
    if (*at == ']') at++;
    while (*at && *at != ']') at++;
    return at;
}

static bool in_class(const char *open, const char *close, char c)
{
    const char *at = open + 1;
    const bool negated = *at == '^';
    if (negated) at++;
    for (; at < close; at++) {
        const bool range = at + 2 < close && at[1] == '-';
        if (range ? c >= at[0] && c <= at[2] : c == at[0]) return !negated;
        if (range) at += 2;
    }
    return negated;
}

static char class_member(const char *open, const char *close)
{
    for (char c = '0'; c <= 'z'; c++) {
        if (in_class(open, close, c)) return c;
    }
    for (char c = ' '; c < '0'; c++) {
        if (in_class(open, close, c)) return c;
    }
    return '~';
}

typedef struct sample {
    drift__str text;
    size_t characters;
    size_t stretch; /* offset of the first wildcard for many characters, or SIZE_MAX */
} sample;

static void take_char(sample *s, const char *text, size_t length)
{
    drift__str_putn(&s->text, text, length);
    s->characters++;
}

/* The character at `at`, which stands for itself; gives its length. */
static size_t take_ordinary(sample *s, const char *at, const char *end)
{
    const size_t length = drift__utf8_next(at, end);
    take_char(s, at, length);
    return length;
}

static void walk(sample *s, const drift__seed_pattern *pattern)
{
    const bool glob = pattern->glob;
    const char *end = pattern->text + strlen(pattern->text);
    for (const char *at = pattern->text; at < end;) {
        const char *close = glob && *at == '[' ? class_end(at) : at;
        if (pattern->escape && *at == pattern->escape && at + 1 < end) {
            at += 1 + take_ordinary(s, at + 1, end);
        } else if (*at == (glob ? '*' : '%')) {
            if (s->stretch == SIZE_MAX) s->stretch = s->text.length;
            at++;
        } else if (*at == (glob ? '?' : '_')) {
            take_char(s, "a", 1);
            at++;
        } else if (close > at && *close) {
            const char member = class_member(at, close);
            take_char(s, &member, 1);
            at = close + 1;
        } else {
            at += take_ordinary(s, at, end);
        }
    }
}

char *drift__seed_match(drift__arena *arena, const drift__seed_pattern *pattern, size_t length)
{
    sample s = {.text = DRIFT__STR_INIT, .stretch = SIZE_MAX};
    walk(&s, pattern);
    const size_t more = s.stretch != SIZE_MAX && length > s.characters ? length - s.characters : 0;
    if (s.text.failed) arena->failed = 1;
    char *text = s.text.failed ? NULL : drift__arena_alloc(arena, s.text.length + more + 1);
    if (text) {
        const size_t at = more ? s.stretch : s.text.length;
        memcpy(text, drift__str_text(&s.text), at);
        memset(text + at, 'a', more);
        memcpy(text + at + more, drift__str_text(&s.text) + at, s.text.length - at);
    }
    drift__str_dispose(&s.text);
    return text;
}

char *drift__seed_allowed(drift__arena *arena, const char *pattern, size_t length)
{
    const char *open = strstr(pattern, "[^");
    const char *close = open ? class_end(open) : NULL;
    char *text = close && *close ? drift__arena_alloc(arena, length + 1) : NULL;
    if (!text) return NULL;
    /* The class names what may stand there: of "[^0-9a-f]", a 0. */
    char member = '0';
    for (char c = '0'; c <= 'z'; c++) {
        if (!in_class(open, close, c)) {
            member = c;
            break;
        }
    }
    memset(text, member, length);
    return text;
}
