/* json_out.c */
#include "snapshot/json_out.h"

#include <string.h>

#include "base/utf8.h"

static void new_line(drift__json_out *o)
{
    drift__str_putc(&o->s, '\n');
    for (int i = 0; i < o->depth; i++) drift__str_puts(&o->s, "  ");
}

/* What stands before a value or a key: a comma and a line of its own, or nothing behind a key. */
static void lead(drift__json_out *o)
{
    if (!o->after_key && o->depth) {
        if (o->filled) drift__str_putc(&o->s, ',');
        new_line(o);
    }
    o->after_key = false;
    o->filled = true;
}

void drift__out_open(drift__json_out *o, char bracket)
{
    lead(o);
    drift__str_putc(&o->s, bracket);
    o->depth++;
    o->filled = false;
}

void drift__out_close(drift__json_out *o, char bracket)
{
    o->depth--;
    if (o->filled) new_line(o);
    drift__str_putc(&o->s, bracket);
    o->filled = true;
}

static void put_char(drift__str *s, char c)
{
    static const char named[] = "\"\\\n\r\t\b\f", letters[] = "\"\\nrtbf";
    const char *at = c ? strchr(named, c) : NULL;
    if (at)
        drift__str_printf(s, "\\%c", letters[at - named]);
    else if ((unsigned char)c < 0x20)
        drift__str_printf(s, "\\u%04x", (unsigned)c);
    else
        drift__str_putc(s, c);
}

static void put_text(drift__json_out *o, const char *text)
{
    if (!drift__utf8_valid(text, strlen(text))) o->not_utf8 = true;
    drift__str_putc(&o->s, '"');
    for (; *text; text++) put_char(&o->s, *text);
    drift__str_putc(&o->s, '"');
}

void drift__out_key(drift__json_out *o, const char *key)
{
    lead(o);
    put_text(o, key);
    drift__str_puts(&o->s, ": ");
    o->after_key = true;
}

void drift__out_string(drift__json_out *o, const char *text)
{
    lead(o);
    if (text)
        put_text(o, text);
    else
        drift__str_puts(&o->s, "null");
}

void drift__out_integer(drift__json_out *o, long long value)
{
    lead(o);
    drift__str_printf(&o->s, "%lld", value);
}

void drift__out_bool(drift__json_out *o, bool value)
{
    lead(o);
    drift__str_puts(&o->s, value ? "true" : "false");
}

void drift__out_member(drift__json_out *o, const char *key, const char *text)
{
    drift__out_key(o, key);
    drift__out_string(o, text);
}

void drift__out_member_bool(drift__json_out *o, const char *key, bool value)
{
    drift__out_key(o, key);
    drift__out_bool(o, value);
}
