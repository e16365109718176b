/* scan.c — the grammar of RFC 8259 as a machine of five states and a stack of brackets. */
#include "snapshot/scan.h"

#include <string.h>

typedef enum state {
    EXPECT_VALUE,
    EXPECT_FIRST, /* behind a bracket: what may stand inside it, or its end */
    EXPECT_KEY,
    EXPECT_COLON,
    EXPECT_NEXT, /* a comma, or the end of what is open */
} state;

typedef struct scan {
    const char *text;
    size_t length;
    size_t most; /* values */
    size_t at;
    size_t depth;
    size_t values;
    size_t bytes;
    state expect;
    char open[DRIFT__JSON_DEPTH]; /* '{' or '[' */
} scan;

static bool in_object(const scan *s)
{
    return s->depth && s->open[s->depth - 1] == '{';
}

/* ---- tokens: each goes past itself, or gives false ---- */

/* The UTF-8 length of a \\uXXXX escape. Of a pair of surrogates the first counts for both. */
static size_t utf8_length(unsigned long unit)
{
    if (unit >= 0xD800 && unit <= 0xDBFF) return 4;
    if (unit >= 0xDC00 && unit <= 0xDFFF) return 0;
    return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}

static bool take_unit(scan *s)
{
    static const char hex[] = "0123456789abcdef0123456789ABCDEF";
    unsigned long unit = 0;
    if (s->length - s->at < 4) return false;
    for (size_t end = s->at + 4; s->at < end; s->at++) {
        const char *digit = s->text[s->at] ? strchr(hex, s->text[s->at]) : NULL;
        if (!digit) return false;
        unit = unit * 16 + (unsigned long)(digit - hex) % 16;
    }
    s->bytes += utf8_length(unit);
    return true;
}

static bool take_escape(scan *s)
{
    const char c = s->at < s->length ? s->text[s->at++] : '\0';
    if (c == 'u') return take_unit(s);
    s->bytes++;
    return c && strchr("\"\\/bfnrt", c);
}

static bool take_string(scan *s)
{
    for (s->at++; s->at < s->length;) {
        const char c = s->text[s->at++];
        if (c == '"') return true;
        if ((unsigned char)c < 0x20) return false;
        if (c != '\\')
            s->bytes++;
        else if (!take_escape(s))
            return false;
    }
    return false;
}

static bool take_char(scan *s, const char *set)
{
    const bool found = s->at < s->length && s->text[s->at] && strchr(set, s->text[s->at]);
    if (found) s->at++;
    return found;
}

static bool take_digits(scan *s)
{
    const size_t start = s->at;
    while (take_char(s, "0123456789")) continue;
    return s->at > start;
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)? */
static bool take_number(scan *s)
{
    take_char(s, "-");
    const size_t start = s->at;
    if (!take_char(s, "0") && !take_digits(s)) return false;
    const size_t digits = s->at - start;
    const bool fraction = take_char(s, ".");
    if (fraction && !take_digits(s)) return false;
    if (!take_char(s, "eE")) {
        if (!fraction) s->bytes += digits;
        return true;
    }
    take_char(s, "+-");
    return take_digits(s);
}

static bool take_word(scan *s)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t length = strlen(words[i]);
        if (s->length - s->at < length || memcmp(s->text + s->at, words[i], length) != 0) continue;
        s->at += length;
        return true;
    }
    return false;
}

/* ---- steps ---- */

static bool close(scan *s, char bracket)
{
    if (!s->depth || (in_object(s) ? '}' : ']') != bracket) return false;
    s->at++;
    s->depth--;
    s->expect = EXPECT_NEXT;
    return true;
}

static bool take_value(scan *s)
{
    const char c = s->text[s->at];
    s->values++;
    if (c == '{' || c == '[') {
        if (s->depth < DRIFT__JSON_DEPTH) s->open[s->depth] = c;
        s->depth++;
        s->at++;
        s->expect = EXPECT_FIRST;
        return true;
    }
    s->expect = EXPECT_NEXT;
    if (c == '"') return take_string(s);
    return take_word(s) || take_number(s);
}

static bool take_key(scan *s)
{
    s->values++;
    s->expect = EXPECT_COLON;
    return s->text[s->at] == '"' && take_string(s);
}

static bool take_mark(scan *s, char mark, state expect)
{
    if (s->text[s->at] != mark) return false;
    s->at++;
    s->expect = expect;
    return true;
}

static bool step(scan *s)
{
    const char c = s->text[s->at];
    switch (s->expect) {
    case EXPECT_VALUE: return take_value(s);
    case EXPECT_FIRST:
        if (c == '}' || c == ']') return close(s, c);
        return in_object(s) ? take_key(s) : take_value(s);
    case EXPECT_KEY: return take_key(s);
    case EXPECT_COLON: return take_mark(s, ':', EXPECT_VALUE);
    case EXPECT_NEXT: break;
    }
    if (c == '}' || c == ']') return close(s, c);
    return s->depth && take_mark(s, ',', in_object(s) ? EXPECT_KEY : EXPECT_VALUE);
}

static drift__json_verdict run(scan *s)
{
    for (;;) {
        while (take_char(s, " \t\r\n")) continue;
        if (s->at == s->length) break;
        if (!step(s)) return DRIFT__JSON_INVALID;
        if (s->depth > DRIFT__JSON_DEPTH) return DRIFT__JSON_TOO_DEEP;
        if (s->values > s->most) return DRIFT__JSON_TOO_MANY;
    }
    return s->depth == 0 && s->expect == EXPECT_NEXT ? DRIFT__JSON_VALID : DRIFT__JSON_INVALID;
}

drift__json_verdict drift__json_scan(drift__json_measure *out, const char *text, size_t length, size_t most)
{
    scan s = {.text = text, .length = length, .most = most, .expect = EXPECT_VALUE};
    const drift__json_verdict verdict = run(&s);
    *out = (drift__json_measure){s.at, s.values, s.bytes};
    return verdict;
}
