/* print_json.c — a diff as JSON. The words are those of a run's findings: code, object, expected, actual, message. */
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "drift/kit/diff.h"

/* JSON is Unicode (RFC 8259, section 8.1), a name in a database need not be: bytes that are no UTF-8 become U+FFFD. */
static void put_character(drift__str *out, const char *at, size_t length)
{
    const unsigned char c = (unsigned char)*at;
    if (c == '"' || c == '\\')
        drift__str_printf(out, "\\%c", c);
    else if (c == '\n')
        drift__str_puts(out, "\\n");
    else if (c < 0x20 || c == 0x7f)
        drift__str_printf(out, "\\u%04x", c);
    else if (drift__utf8_valid(at, length))
        drift__str_putn(out, at, length);
    else
        drift__str_puts(out, "\\ufffd");
}

static void put_string(drift__str *out, const char *text)
{
    if (!text) {
        drift__str_puts(out, "null");
        return;
    }
    const char *end = text + strlen(text);
    drift__str_putc(out, '"');
    while (text < end) {
        const size_t length = drift__utf8_next(text, end);
        put_character(out, text, length);
        text += length;
    }
    drift__str_putc(out, '"');
}

static void put_member(drift__str *out, const char *key, const char *value)
{
    drift__str_printf(out, "\"%s\": ", key);
    put_string(out, value);
    drift__str_puts(out, ", ");
}

static void put_span(drift__str *out, const char *key, const drift_entity *entity, drift_span span)
{
    if (!entity || !span.length) return;
    drift__str_printf(out, "\"%s\": {\"offset\": %zu, \"length\": %zu}, ", key, span.offset, span.length);
}

static int put_difference(drift__str *out, const drift_difference *difference, drift_error *err)
{
    char *message = NULL;
    const int rc = drift_difference_print_text(&message, difference, err);
    if (rc != DRIFT_OK) return rc;
    drift__str_putc(out, '{');
    put_member(out, "code", drift_facet_code(difference->facet));
    put_member(out, "kind", drift_entity_kind_name(difference->kind));
    put_member(out, "object", difference->object);
    put_member(out, "expected", difference->expected);
    put_member(out, "actual", difference->actual);
    put_span(out, "expected_span", difference->expected_entity, difference->expected_span);
    put_span(out, "actual_span", difference->actual_entity, difference->actual_span);
    drift__str_puts(out, "\"message\": ");
    put_string(out, message);
    drift__str_putc(out, '}');
    drift_free(message);
    return DRIFT_OK;
}

static void put_note(drift__str *out, const drift_diff_note *note)
{
    drift__str_putc(out, '{');
    put_member(out, "object", note->object);
    drift__str_puts(out, "\"message\": ");
    put_string(out, note->text);
    drift__str_putc(out, '}');
}

static void begin_element(drift__str *out, size_t at)
{
    drift__str_puts(out, at ? ",\n    " : "\n    ");
}

int drift_diff_print_json(char **out, const drift_diff *diff, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    int rc = DRIFT_OK;
    *out = NULL;
    drift__str_puts(&text, "{\n  \"format\": 1,\n  \"differences\": [");
    for (size_t i = 0; i < diff->count && rc == DRIFT_OK; i++) {
        begin_element(&text, i);
        rc = put_difference(&text, &diff->differences[i], err);
    }
    drift__str_puts(&text, diff->count ? "\n  ],\n  \"notes\": [" : "],\n  \"notes\": [");
    for (size_t i = 0; i < diff->note_count; i++) {
        begin_element(&text, i);
        put_note(&text, &diff->notes[i]);
    }
    drift__str_puts(&text, diff->note_count ? "\n  ],\n" : "],\n");
    drift__str_printf(&text, "  \"summary\": {\"differences\": %zu}\n}\n", diff->count);
    if (rc == DRIFT_OK) return drift__str_take(out, &text, err);
    drift__str_dispose(&text);
    return rc;
}
