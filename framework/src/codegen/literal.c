/* literal.c */
#include "codegen/literal.h"

#include <string.h>

/* C11, 5.2.4.1: "4095 characters in a string literal (after concatenation)", the final NUL among them. */
#define LITERAL_LIMIT 4094

/* How wide a line gets before the next literal begins. */
#define LINE_WIDTH 96

bool drift__literal_is_long(const char *text)
{
    return strlen(text) > LITERAL_LIMIT;
}

/* The width of what was written. `quote` is the kind of literal that it stands in. */
static int put_character(drift__str *s, char c, char quote)
{
    const unsigned char byte = (unsigned char)c;
    const size_t before = s->length;
    if (c == '\n')
        drift__str_puts(s, "\\n");
    else if (c == '\\' || c == quote)
        drift__str_printf(s, "\\%c", c);
    else if (byte < ' ' || byte > '~' || c == '?')
        drift__str_printf(s, "\\%03o", byte);
    else
        drift__str_putc(s, c);
    return (int)(s->length - before);
}

static void break_line(drift__str *s, int indent)
{
    drift__str_puts(s, "\"\n");
    for (int i = 0; i < indent; i++) drift__str_putc(s, ' ');
    drift__str_putc(s, '"');
}

void drift__put_literal(drift__str *s, const char *text, int indent)
{
    int width = indent;
    drift__str_putc(s, '"');
    for (const char *at = text; *at; at++) {
        width += put_character(s, *at, '"');
        if (at[1] && ((width >= LINE_WIDTH && at[1] != '\n') || *at == '\n')) {
            break_line(s, indent);
            width = indent;
        }
    }
    drift__str_putc(s, '"');
}

void drift__put_characters(drift__str *s, const char *text)
{
    int width = LINE_WIDTH;
    drift__str_putc(s, '{');
    for (const char *at = text; *at; at++) {
        if (width >= LINE_WIDTH) {
            drift__str_puts(s, "\n    ");
            width = 4;
        }
        drift__str_putc(s, '\'');
        width += put_character(s, *at, '\'') + 4;
        drift__str_puts(s, "', ");
    }
    drift__str_puts(s, "'\\0'}");
}
