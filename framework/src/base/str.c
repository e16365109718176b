/* str.c — the sticky string builder. */
#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/utf8.h"

static int grow(drift__str *s, size_t needed)
{
    void *text = s->borrowed ? NULL : s->text;
    size_t capacity = s->borrowed ? 0 : s->capacity;
    if (drift__reserve(&text, &capacity, needed, 1) != 0) return -1;
    if (s->borrowed) memcpy(text, s->text, s->length + 1);
    s->text = text;
    s->capacity = capacity;
    s->borrowed = 0;
    return 0;
}

/* Makes room for `more` bytes and the NUL. */
static int make_room(drift__str *s, size_t more)
{
    if (s->failed) return -1;
    if (more < s->capacity && s->length < s->capacity - more) return 0;
    if (more >= SIZE_MAX - s->length || grow(s, s->length + more + 1) != 0) {
        s->failed = 1;
        return -1;
    }
    return 0;
}

void drift__str_putn(drift__str *s, const char *text, size_t length)
{
    if (make_room(s, length) != 0) return;
    if (length) memcpy(s->text + s->length, text, length);
    s->length += length;
    s->text[s->length] = '\0';
}

void drift__str_putc(drift__str *s, char c)
{
    if (make_room(s, 1) != 0) return;
    s->text[s->length++] = c;
    s->text[s->length] = '\0';
}

void drift__str_put_folded(drift__str *s, const char *text)
{
    const size_t length = strlen(text);
    if (make_room(s, length) != 0) return;
    for (size_t i = 0; i <= length; i++) s->text[s->length + i] = drift__fold_char(text[i]);
    s->length += length;
}

void drift__str_vprintf(drift__str *s, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, format, args);
    if (length < 0) {
        s->failed = 1;
    } else if (make_room(s, (size_t)length) == 0) {
        vsnprintf(s->text + s->length, (size_t)length + 1, format, again);
        s->length += (size_t)length;
    }
    va_end(again);
}

void drift__str_printf(drift__str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    drift__str_vprintf(s, format, args);
    va_end(args);
}

void drift__str_truncate(drift__str *s, size_t length)
{
    if (!s->text || length >= s->length) return;
    s->length = length;
    s->text[length] = '\0';
}

const char *drift__str_text(const drift__str *s)
{
    return s->text ? s->text : "";
}

int drift__str_take(char **out, drift__str *s, drift_error *err)
{
    drift__str_putn(s, "", 0);
    *out = NULL;
    if (s->borrowed && !s->failed && grow(s, s->length + 1) != 0) s->failed = 1;
    if (s->failed) {
        drift__str_dispose(s);
        return drift__no_memory(err);
    }
    *out = s->text;
    *s = (drift__str)DRIFT__STR_INIT;
    return DRIFT_OK;
}

void drift__str_dispose(drift__str *s)
{
    if (!s->borrowed) drift__free(s->text);
    *s = (drift__str)DRIFT__STR_INIT;
}

void drift__str_put_character(drift__str *str, const char *at, size_t length)
{
    unsigned code;
    if (drift__utf8_is_control(&code, at, length))
        drift__str_printf(str, code < 0x80 ? "\\x%02x" : "\\u%04x", code);
    else if (drift__utf8_valid(at, length))
        drift__str_putn(str, at, length);
    else
        drift__str_puts(str, "\xef\xbf\xbd");
}

void drift__str_put_visible(drift__str *str, const char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        const size_t length = drift__utf8_next(text, end);
        drift__str_put_character(str, text, length);
        text += length;
    }
}
