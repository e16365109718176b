/* number.c */
#include "compare/number.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/fold.h"

static const char *hexadecimal(drift__arena *arena, const char *text, size_t length)
{
    uint64_t bits = 0;
    for (size_t i = 2; i < length; i++) {
        const char c = drift__fold_char(text[i]);
        if (bits >> 60) return NULL;
        bits = bits << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    const int negative = bits >> 63 != 0;
    return drift__arena_printf(arena, "%s%llu", negative ? "-" : "",
                               (unsigned long long)(negative ? UINT64_MAX - bits + 1 : bits));
}

const char *drift__number_integer(drift__arena *arena, const char *text, size_t length)
{
    if (length > 2 && drift__fold_char(text[1]) == 'x') return hexadecimal(arena, text, length);
    while (length > 1 && *text == '0') {
        text++;
        length--;
    }
    return drift__arena_strndup(arena, text, length);
}

/* The exponent behind the digits. One too large for an int gives infinity or zero: its magnitude no longer matters. */
static long read_exponent(const char *text, size_t length)
{
    long value = 0;
    const int negative = length && *text == '-';
    if (length && (*text == '-' || *text == '+')) {
        text++;
        length--;
    }
    for (; length; text++, length--) {
        if (value < INT_MAX / 10) value = value * 10 + (*text - '0');
    }
    return negative ? -value : value;
}

const char *drift__number_real(drift__arena *arena, const char *text, size_t length)
{
    char *digits = drift__arena_alloc(arena, length + 1);
    if (!digits) return NULL;
    size_t count = 0, i = 0;
    long exponent = 0;
    int behind_point = 0;
    for (; i < length && drift__fold_char(text[i]) != 'e'; i++) {
        if (text[i] == '.') {
            behind_point = 1;
            continue;
        }
        if (behind_point) exponent--;
        if (count || text[i] != '0') digits[count++] = text[i];
    }
    if (i < length) exponent += read_exponent(text + i + 1, length - i - 1);
    for (; count && digits[count - 1] == '0'; count--) exponent++;
    if (!count) return "0e0";
    return drift__arena_printf(arena, "%.*se%ld", (int)count, digits, exponent);
}

const char *drift__number_negate(drift__arena *arena, const char *number)
{
    if (number[0] == '-') return number + 1;
    if (strcmp(number, "0") == 0) return number;
    return drift__arena_printf(arena, "-%s", number);
}

/* "an integer literal that is too large to be represented as a 64-bit signed integer" is a real; the sign counts with
 * it, as SQLite's codeInteger reads -9223372036854775808. */
static int fits(const char *digits, int negative)
{
    const char *limit = negative ? "9223372036854775808" : "9223372036854775807";
    const size_t length = strlen(digits), most = strlen(limit);
    return length < most || (length == most && strcmp(digits, limit) <= 0);
}

void drift__number_put_integer(drift__str *out, const char *number)
{
    const int negative = number[0] == '-';
    const char *digits = number + negative;
    if (fits(digits, negative)) {
        drift__str_puts(out, number);
        return;
    }
    size_t length = strlen(digits), zeros = 0;
    while (length > 1 && digits[length - 1] == '0') {
        length--;
        zeros++;
    }
    if (negative) drift__str_putc(out, '-');
    drift__str_putn(out, digits, length);
    drift__str_printf(out, "e%zu", zeros);
}
