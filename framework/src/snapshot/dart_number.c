/* dart_number.c — a number literal to the text that Dart's toString() gives. Worked on digits, never through a double,
 * so that no locale and no rounding can interfere. */
#include <stdint.h>
#include <string.h>

#include "snapshot/dart_token.h"

static const char *print_hex(drift__arena *arena, const drift__dart_token *token, bool negative)
{
    uint64_t value = 0;
    for (size_t i = 2; i < token->length; i++) {
        const char c = token->text[i];
        if (c == '_') continue;
        if (value >> 60) return NULL;
        value = value * 16 + (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    /* A hexadecimal literal may use all 64 bits and is then a negative number, in two's complement. */
    if (negative) value = 0 - value;
    if (value >> 63) return drift__arena_printf(arena, "-%llu", (unsigned long long)(0 - value));
    return drift__arena_printf(arena, "%llu", (unsigned long long)value);
}

/* A decimal literal as digits × 10^exponent, without leading or trailing zeros. */
typedef struct decimal {
    char *digits;
    size_t count;
    long exponent;
} decimal;

enum { EXPONENT_LIMIT = 400 }; /* beyond any double */

static long read_exponent(const char *at, const char *end)
{
    const bool negative = at < end && *at == '-';
    long value = 0;
    for (; at < end; at++) {
        if (*at >= '0' && *at <= '9' && value <= EXPONENT_LIMIT) value = value * 10 + (*at - '0');
    }
    return negative ? -value : value;
}

static void trim_zeros(decimal *d)
{
    while (d->count && d->digits[d->count - 1] == '0') {
        d->count--;
        d->exponent++;
    }
    size_t leading = 0;
    while (leading < d->count && d->digits[leading] == '0') leading++;
    d->digits += leading;
    d->count -= leading;
    if (!d->count) d->exponent = 0;
}

static bool read_decimal(decimal *d, drift__arena *arena, const drift__dart_token *token)
{
    const char *end = token->text + token->length;
    bool fraction = false;
    *d = (decimal){drift__arena_alloc(arena, token->length + 1), 0, 0};
    if (!d->digits) return false;
    for (const char *at = token->text; at < end; at++) {
        if (*at == 'e' || *at == 'E') {
            d->exponent += read_exponent(at + 1, end);
            break;
        }
        if (*at == '.') fraction = true;
        if (*at < '0' || *at > '9') continue;
        d->digits[d->count++] = *at;
        if (fraction) d->exponent--;
    }
    trim_zeros(d);
    return true;
}

static const char *print_integer(drift__arena *arena, const decimal *d, bool negative)
{
    static const char limit[] = "9223372036854775808"; /* 2^63: only its negative is an int */
    char text[24] = "0";
    const size_t length = d->count + (size_t)d->exponent;
    if (length > 19) return NULL;
    for (size_t i = 0; i < length; i++) text[i] = i < d->count ? d->digits[i] : '0';
    const int order = length == 19 ? strcmp(text, limit) : -1;
    if (order > 0 || (order == 0 && !negative)) return NULL;
    return drift__arena_printf(arena, "%s%s", negative && length ? "-" : "", text);
}

/* Positional from 1e-6 up to below 1e21, as ECMAScript's and Dart's double.toString() are defined. */
static const char *print_positional(drift__arena *arena, const decimal *d, const char *sign, long point)
{
    if (point <= 0)
        return drift__arena_printf(arena, "%s0.%.*s%.*s", sign, (int)-point, "000000", (int)d->count, d->digits);
    const size_t whole = (size_t)point;
    if (d->count > whole)
        return drift__arena_printf(arena, "%s%.*s.%.*s", sign, (int)whole, d->digits, (int)(d->count - whole),
                                   d->digits + whole);
    return drift__arena_printf(arena, "%s%.*s%.*s.0", sign, (int)d->count, d->digits, (int)(whole - d->count),
                               "000000000000000000000");
}

static const char *print_double(drift__arena *arena, const decimal *d, bool negative)
{
    const char *sign = negative ? "-" : "";
    const long point = (long)d->count + d->exponent;               /* digits before the decimal point */
    if (d->count > 17 || point > 308 || point < -300) return NULL; /* rounding would decide */
    if (!d->count) return drift__arena_printf(arena, "%s0.0", sign);
    if (point > -6 && point <= 21) return print_positional(arena, d, sign, point);
    return drift__arena_printf(arena, "%s%c%s%.*se%+ld", sign, d->digits[0], d->count > 1 ? "." : "",
                               (int)(d->count - 1), d->digits + 1, point - 1);
}

const char *drift__dart_number(drift__arena *arena, const drift__dart_token *token, bool negative, bool as_double)
{
    const bool hexadecimal = token->length > 2 && (token->text[1] == 'x' || token->text[1] == 'X');
    if (hexadecimal) return as_double ? NULL : print_hex(arena, token, negative);
    decimal d;
    if (!read_decimal(&d, arena, token)) return NULL;
    if (token->kind == DRIFT__DART_DOUBLE || as_double) return print_double(arena, &d, negative);
    return print_integer(arena, &d, negative);
}
