/* dart_token.c — Dart's tokens. */
#include "snapshot/dart_token.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static int hex_value(char c)
{
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static const char *skip_block_comment(const char *at)
{
    size_t depth = 1; /* Dart's block comments nest */
    for (at += 2; *at && depth; at++) {
        if (at[0] == '*' && at[1] == '/') {
            depth--;
            at++;
        } else if (at[0] == '/' && at[1] == '*') {
            depth++;
            at++;
        }
    }
    return at;
}

static const char *skip_space(const char *at)
{
    for (;;) {
        if (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
            at++;
        else if (at[0] == '/' && at[1] == '/')
            at += strcspn(at, "\r\n");
        else if (at[0] == '/' && at[1] == '*')
            at = skip_block_comment(at);
        else
            return at;
    }
}

/* ---- strings ---- */

typedef struct string_reader {
    const char *at;
    drift__str value;
    char quote;
    size_t quotes; /* 1, or 3 for a string over several lines */
    bool raw;
    bool opaque;
} string_reader;

static void put_character(string_reader *r, uint32_t c)
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) { /* no SQL text can hold it */
        r->opaque = true;
    } else if (c < 0x80) {
        drift__str_putc(&r->value, (char)c);
    } else if (c < 0x800) {
        drift__str_putc(&r->value, (char)(0xC0 | (c >> 6)));
        drift__str_putc(&r->value, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        drift__str_putc(&r->value, (char)(0xE0 | (c >> 12)));
        drift__str_putc(&r->value, (char)(0x80 | ((c >> 6) & 0x3F)));
        drift__str_putc(&r->value, (char)(0x80 | (c & 0x3F)));
    } else {
        drift__str_putc(&r->value, (char)(0xF0 | (c >> 18)));
        drift__str_putc(&r->value, (char)(0x80 | ((c >> 12) & 0x3F)));
        drift__str_putc(&r->value, (char)(0x80 | ((c >> 6) & 0x3F)));
        drift__str_putc(&r->value, (char)(0x80 | (c & 0x3F)));
    }
}

/* Reads `minimum` to `maximum` hexadecimal digits. */
static uint32_t take_hex(string_reader *r, size_t minimum, size_t maximum)
{
    uint32_t value = 0;
    size_t count = 0;
    for (; count < maximum && hex_value(*r->at) >= 0; count++) value = value * 16 + (uint32_t)hex_value(*r->at++);
    if (count < minimum) r->opaque = true;
    return value;
}

/* \uXXXX or \u{X…}; the u is already passed. */
static uint32_t take_unicode(string_reader *r)
{
    if (*r->at != '{') return take_hex(r, 4, 4);
    r->at++;
    const uint32_t value = take_hex(r, 1, 6);
    if (*r->at == '}')
        r->at++;
    else
        r->opaque = true;
    return value;
}

/* Dart's strings are UTF-16: two escapes may make one character. */
static uint32_t take_low_surrogate(string_reader *r, uint32_t high)
{
    if (high < 0xD800 || high > 0xDBFF || r->at[0] != '\\' || r->at[1] != 'u') return high;
    r->at += 2;
    const uint32_t low = take_unicode(r);
    if (low < 0xDC00 || low > 0xDFFF) {
        r->opaque = true;
        return high;
    }
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static void take_escape(string_reader *r)
{
    static const char names[] = "nrtbfv", values[] = "\n\r\t\b\f\v";
    const char c = *r->at;
    const char *named = c ? strchr(names, c) : NULL;
    if (!c) {
        r->opaque = true;
        return;
    }
    r->at++;
    if (named) {
        drift__str_putc(&r->value, values[named - names]);
    } else if (c == 'x') {
        put_character(r, take_hex(r, 2, 2));
    } else if (c == 'u') {
        put_character(r, take_low_surrogate(r, take_unicode(r)));
    } else {
        drift__str_putc(&r->value, c); /* any other character stands for itself */
    }
}

static bool at_quotes(const string_reader *r)
{
    for (size_t i = 0; i < r->quotes; i++)
        if (r->at[i] != r->quote) return false;
    return true;
}

/* The first line of a string over several lines is ignored if it holds nothing but white space. */
static void skip_first_line(string_reader *r)
{
    const char *end = r->at + strspn(r->at, " \t\\");
    if (*end == '\r') end++;
    if (*end == '\n') r->at = end + 1;
}

static void take_one(string_reader *r)
{
    const char c = *r->at++;
    if (c == '\\' && !r->raw) {
        take_escape(r);
    } else {
        if ((c == '$' && !r->raw) || (r->quotes == 1 && (c == '\n' || c == '\r'))) r->opaque = true;
        drift__str_putc(&r->value, c);
    }
}

static drift__dart_token take_string(const char **next, drift__arena *arena, const char *at)
{
    string_reader r = {at, DRIFT__STR_INIT, 0, 1, *at == 'r', false};
    if (r.raw) r.at++;
    r.quote = *r.at;
    if (r.at[1] == r.quote && r.at[2] == r.quote) r.quotes = 3;
    r.at += r.quotes;
    if (r.quotes == 3) skip_first_line(&r);
    while (*r.at && !at_quotes(&r)) take_one(&r);
    if (*r.at)
        r.at += r.quotes;
    else
        r.opaque = true;
    *next = r.at;
    drift__dart_token token = {r.opaque ? DRIFT__DART_OPAQUE : DRIFT__DART_STRING, at, (size_t)(r.at - at), NULL};
    if (r.value.failed) arena->failed = 1;
    token.string = drift__arena_strndup(arena, drift__str_text(&r.value), r.value.length);
    drift__str_dispose(&r.value);
    return token;
}

/* ---- numbers ---- */

static const char *skip_digits(const char *at)
{
    while (is_digit(*at) || (*at == '_' && (is_digit(at[1]) || at[1] == '_'))) at++;
    return at;
}

static const char *skip_exponent(const char *at)
{
    if (*at != 'e' && *at != 'E') return at;
    const char *digits = at + 1 + (at[1] == '+' || at[1] == '-');
    return is_digit(*digits) ? skip_digits(digits) : at;
}

static drift__dart_token take_number(const char **next, const char *at)
{
    const char *end = at;
    drift__dart_kind kind = DRIFT__DART_INTEGER;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        for (end += 2; hex_value(*end) >= 0 || *end == '_';) end++;
    } else {
        end = skip_digits(end);
        const char *whole = end;
        if (*end == '.' && is_digit(end[1])) end = skip_digits(end + 1);
        end = skip_exponent(end);
        if (end != whole) kind = DRIFT__DART_DOUBLE;
    }
    *next = end;
    return (drift__dart_token){kind, at, (size_t)(end - at), NULL};
}

drift__dart_token drift__dart_token_at(const char **next, drift__arena *arena, const char *at)
{
    at = skip_space(at);
    *next = at;
    if (!*at) return (drift__dart_token){DRIFT__DART_END, at, 0, NULL};
    if (*at == '\'' || *at == '"' || (*at == 'r' && (at[1] == '\'' || at[1] == '"')))
        return take_string(next, arena, at);
    if (is_digit(*at) || (*at == '.' && is_digit(at[1]))) return take_number(next, at);
    if (is_letter(*at)) {
        const char *end = at;
        while (is_letter(*end) || is_digit(*end)) end++;
        *next = end;
        return (drift__dart_token){DRIFT__DART_WORD, at, (size_t)(end - at), NULL};
    }
    *next = at + 1;
    return (drift__dart_token){DRIFT__DART_MARK, at, 1, NULL};
}

bool drift__dart_is(const drift__dart_token *token, const char *text)
{
    return (token->kind == DRIFT__DART_WORD || token->kind == DRIFT__DART_MARK) && strlen(text) == token->length &&
           memcmp(token->text, text, token->length) == 0;
}
