/* token.c — the lexer. It returns lengths and touches nothing. */
#include "sql/token.h"

#include "base/fold.h"

/* What a byte can be: one look instead of several comparisons, since every byte of every schema passes here. */
enum { DIGIT = 1, HEX = 2, SPACE = 4, NAME = 8, FIRST = 16 }; /* FIRST: it begins a word and nothing else */

#define D   (DIGIT | HEX | NAME)
#define H   (HEX | NAME | FIRST)
#define N   (NAME | FIRST)
#define M   NAME /* $ a variable, x a blob, \xef a byte order mark */
#define S   SPACE
#define N8  N, N, N, N, N, N, N, N
#define N32 N8, N8, N8, N8
/* clang-format off */
static const unsigned char classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, S, S, 0, S, S, 0, 0, /* \t \n \f \r */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    S, 0, 0, 0, M, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* $ */
    D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, 0,
    0, H, H, H, H, H, H, N, N8,                     /* A … */
    N8, M, N, N, 0, 0, 0, 0, N,                     /* … X Y Z, _ */
    0, H, H, H, H, H, H, N, N8,
    N8, M, N, N, 0, 0, 0, 0, 0,
    N32, N32, N32, N8, N, N, N, N, N, N, N, M, N8, N8};
/* clang-format on */
#undef D
#undef H
#undef N
#undef M
#undef S
#undef N8
#undef N32

static bool is(char c, unsigned kinds)
{
    return (classes[(unsigned char)c] & kinds) != 0;
}

static bool is_digit(char c)
{
    return is(c, DIGIT);
}

static bool is_hex(char c)
{
    return is(c, HEX);
}

static bool is_space(char c)
{
    return is(c, SPACE);
}

bool drift__is_name_char(char c)
{
    return is(c, NAME);
}

/* A vertical tab begins no space, but goes on with one: sqlite3GetToken takes it for CC_ILLEGAL, sqlite3Isspace does
 * not (src/tokenize.c, src/global.c). */
static size_t space(const char *at, const char *end)
{
    size_t n = 1;
    while (at + n < end && (is_space(at[n]) || at[n] == '\v')) n++;
    return n;
}

static size_t line_comment(const char *at, const char *end)
{
    size_t n = 2;
    while (at + n < end && at[n] != '\n') n++;
    return n;
}

/* A comment that nothing closes runs to the end of the text and is accepted, as SQLite does. */
static size_t block_comment(const char *at, const char *end)
{
    size_t n = 3;
    while (at + n < end && !(at[n - 1] == '*' && at[n] == '/')) n++;
    return at + n < end ? n + 1 : n;
}

/* 'x', "x", `x`: the quote is doubled inside. */
static size_t quoted(drift__token_kind *kind, const char *at, const char *end)
{
    for (size_t n = 1; at + n < end; n++) {
        if (at[n] != at[0]) continue;
        if (at + n + 1 < end && at[n + 1] == at[0]) {
            n++;
            continue;
        }
        *kind = at[0] == '\'' ? DRIFT__TOKEN_STRING : DRIFT__TOKEN_QUOTED;
        return n + 1;
    }
    *kind = DRIFT__TOKEN_ILLEGAL;
    return (size_t)(end - at);
}

static size_t bracketed(drift__token_kind *kind, const char *at, const char *end)
{
    size_t n = 1;
    while (at + n < end && at[n] != ']') n++;
    *kind = at + n < end ? DRIFT__TOKEN_QUOTED : DRIFT__TOKEN_ILLEGAL;
    return at + n < end ? n + 1 : n;
}

static size_t digits(const char *at, const char *end, size_t n)
{
    while (at + n < end && is_digit(at[n])) n++;
    return n;
}

/* The exponent behind `n` bytes of a number, if there is one. */
static size_t exponent(drift__token_kind *kind, const char *at, const char *end, size_t n)
{
    if (at + n >= end || drift__fold_char(at[n]) != 'e') return n;
    size_t first = n + 1;
    if (at + first < end && (at[first] == '+' || at[first] == '-')) first++;
    if (at + first >= end || !is_digit(at[first])) return n;
    *kind = DRIFT__TOKEN_FLOAT;
    return digits(at, end, first);
}

static size_t number(drift__token_kind *kind, const char *at, const char *end)
{
    size_t n = 0;
    *kind = DRIFT__TOKEN_INTEGER;
    if (at[0] == '0' && end - at > 2 && drift__fold_char(at[1]) == 'x' && is_hex(at[2])) {
        n = 3;
        while (at + n < end && is_hex(at[n])) n++;
    } else {
        n = digits(at, end, 0);
        if (at + n < end && at[n] == '.') {
            *kind = DRIFT__TOKEN_FLOAT;
            n = digits(at, end, n + 1);
        }
        n = exponent(kind, at, end, n);
    }
    while (at + n < end && drift__is_name_char(at[n])) {
        *kind = DRIFT__TOKEN_ILLEGAL;
        n++;
    }
    return n;
}

/* :x, @x, $x with Tcl's :: and (…) inside, as SQLite reads them; # stands alone in SQLite's own statements only. */
static size_t variable(drift__token_kind *kind, const char *at, const char *end)
{
    size_t n = 1, name = 0;
    *kind = DRIFT__TOKEN_VARIABLE;
    if (at[0] == '?') return digits(at, end, 1);
    for (; at + n < end; n++) {
        if (drift__is_name_char(at[n])) {
            name++;
        } else if (at[n] == '(' && name > 0) {
            do n++;
            while (at + n < end && !is_space(at[n]) && at[n] != ')');
            if (at + n < end && at[n] == ')')
                n++;
            else
                *kind = DRIFT__TOKEN_ILLEGAL;
            break;
        } else if (at[n] == ':' && at + n + 1 < end && at[n + 1] == ':') {
            n++;
        } else {
            break;
        }
    }
    if (!name) *kind = DRIFT__TOKEN_ILLEGAL;
    return n;
}

static size_t word(drift__token_kind *kind, const char *at, const char *end)
{
    const char *c = at + 1;
    *kind = DRIFT__TOKEN_WORD;
    while (c < end && is(*c, NAME)) c++;
    return (size_t)(c - at);
}

/* x'…' with an even number of hexadecimal digits; anything else in the quotes makes the whole an error. */
static size_t blob(drift__token_kind *kind, const char *at, const char *end)
{
    size_t n = 2;
    while (at + n < end && is_hex(at[n])) n++;
    *kind = DRIFT__TOKEN_BLOB;
    if (at + n >= end || at[n] != '\'' || n % 2) {
        *kind = DRIFT__TOKEN_ILLEGAL;
        while (at + n < end && at[n] != '\'') n++;
    }
    return at + n < end ? n + 1 : n;
}

static size_t operator_length(drift__token_kind *kind, const char *at, const char *end)
{
    const char next = at + 1 < end ? at[1] : '\0';
    *kind = DRIFT__TOKEN_OPERATOR;
    switch (at[0]) {
    case '-': return next != '>' ? 1 : at + 2 < end && at[2] == '>' ? 3 : 2;
    case '=': return next == '=' ? 2 : 1;
    case '<': return next == '=' || next == '>' || next == '<' ? 2 : 1;
    case '>': return next == '=' || next == '>' ? 2 : 1;
    case '|': return next == '|' ? 2 : 1;
    case '!':
        if (next == '=') return 2;
        *kind = DRIFT__TOKEN_ILLEGAL;
        return 1;
    default: return 1;
    }
}

static size_t one(drift__token_kind *kind, drift__token_kind what)
{
    *kind = what;
    return 1;
}

size_t drift__token(drift__token_kind *kind, const char *at, const char *end)
{
    *kind = DRIFT__TOKEN_END;
    if (at >= end) return 0;
    if (is(*at, FIRST)) return word(kind, at, end);
    const char next = at + 1 < end ? at[1] : '\0';
    switch (*at) {
    case ' ':
    case '\t':
    case '\n':
    case '\f':
    case '\r': *kind = DRIFT__TOKEN_SPACE; return space(at, end);
    case '(': return one(kind, DRIFT__TOKEN_OPEN);
    case ')': return one(kind, DRIFT__TOKEN_CLOSE);
    case ',': return one(kind, DRIFT__TOKEN_COMMA);
    case ';': return one(kind, DRIFT__TOKEN_SEMICOLON);
    case '-':
        if (next != '-') return operator_length(kind, at, end);
        *kind = DRIFT__TOKEN_COMMENT;
        return line_comment(at, end);
    case '/':
        /* SQLite takes "/" and "*" at the very end of the text for two operators. */
        if (next != '*' || at + 2 >= end) return operator_length(kind, at, end);
        *kind = DRIFT__TOKEN_COMMENT;
        return block_comment(at, end);
    case '+':
    case '*':
    case '%':
    case '&':
    case '~':
    case '=':
    case '<':
    case '>':
    case '|':
    case '!': return operator_length(kind, at, end);
    case '\'':
    case '"':
    case '`': return quoted(kind, at, end);
    case '[': return bracketed(kind, at, end);
    case '?':
    case ':':
    case '@':
    case '#':
    case '$': return variable(kind, at, end);
    case '.': return is_digit(next) ? number(kind, at, end) : one(kind, DRIFT__TOKEN_DOT);
    case 'x':
    case 'X': return next == '\'' ? blob(kind, at, end) : word(kind, at, end);
    default: break;
    }
    if (is_digit(*at)) return number(kind, at, end);
    if (end - at >= 3 && at[0] == '\xef' && at[1] == '\xbb' && at[2] == '\xbf') {
        *kind = DRIFT__TOKEN_SPACE;
        return 3;
    }
    return is(*at, NAME) ? word(kind, at, end) : one(kind, DRIFT__TOKEN_ILLEGAL);
}

/* The first token that is no space and no comment, whatever it is. */
static void read_any(drift__lexeme *out, const char *at, const char *end)
{
    drift__token_kind kind = DRIFT__TOKEN_END;
    size_t length = drift__token(&kind, at, end);
    while (kind == DRIFT__TOKEN_SPACE || kind == DRIFT__TOKEN_COMMENT) {
        at += length;
        length = drift__token(&kind, at, end);
    }
    *out = (drift__lexeme){kind, at, length};
}

/* Most tokens are words with one space before them, or none: those are read here. */
void drift__token_read(drift__lexeme *out, const char *at, const char *end)
{
    if (end - at > 1 && at[0] == ' ' && at[1] > ' ') at++;
    if (at == end || !is(*at, FIRST)) {
        read_any(out, at, end);
        return;
    }
    out->text = at;
    out->length = word(&out->kind, at, end);
}
