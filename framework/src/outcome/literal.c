/* literal.c — values as SQL literals (https://www.sqlite.org/lang_expr.html#literal_values_constants_). */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "base/utf8.h"
#include "outcome/outcome.h"

static void put_hex(drift__str *out, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    drift__str_puts(out, "x'");
    for (size_t i = 0; i < length; i++) {
        drift__str_putc(out, digits[bytes[i] >> 4]);
        drift__str_putc(out, digits[bytes[i] & 15]);
    }
    drift__str_putc(out, '\'');
}

static void put_text(drift__str *out, const char *text, size_t length)
{
    if ((length && memchr(text, 0, length)) || !drift__utf8_valid(text, length)) {
        drift__str_puts(out, "CAST(");
        put_hex(out, (const unsigned char *)text, length);
        drift__str_puts(out, " AS TEXT)");
        return;
    }
    drift__str_putc(out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'') drift__str_putc(out, '\'');
        drift__str_putc(out, text[i]);
    }
    drift__str_putc(out, '\'');
}

/* SQLite's own printf: no locale, and "!" keeps a point, so that 1.0 stays REAL. */
static void put_real(drift__str *out, double real)
{
    char text[64];
    if (isinf(real)) {
        drift__str_puts(out, real < 0 ? "-9e999" : "9e999");
        return;
    }
    sqlite3_snprintf((int)sizeof text, text, "%!.17g", real);
    drift__str_puts(out, text);
}

void drift__literal_put(drift__str *out, const drift_value *value)
{
    switch (value->kind) {
    case DRIFT_NULL: drift__str_puts(out, "NULL"); break;
    case DRIFT_INTEGER: drift__str_printf(out, "%lld", (long long)value->integer); break;
    case DRIFT_REAL: put_real(out, value->real); break;
    case DRIFT_TEXT: put_text(out, value->bytes, value->length); break;
    case DRIFT_BLOB: put_hex(out, value->bytes, value->length); break;
    }
}
