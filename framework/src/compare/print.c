/* print.c — a diff as text: one difference a line, nested as the schema is, and only what differs. */
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "drift/kit/diff.h"

/* Names and values may hold anything; a line stays a line, and a terminal is not steered. */
static void put_line(drift__str *out, const char *text, size_t length)
{
    for (const char *at = text, *end = text + length; at < end;) {
        const size_t character = drift__utf8_next(at, end);
        if (*at == '\n')
            drift__str_puts(out, "\\n");
        else
            drift__str_put_character(out, at, character);
        at += character;
    }
}

static void put_text(drift__str *out, const char *text)
{
    put_line(out, text, strlen(text));
}

/* -- Of two long texts only the part that differs is shown, with a little around it. -- */

enum { LONG = 200, AROUND = 32 };

typedef struct window {
    size_t prefix; /* bytes that both texts begin with and that are left out */
    size_t suffix; /* the same at their end */
} window;

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0u) == 0x80u;
}

/* Back to the start of a word, AROUND bytes or a little more before the difference. */
static size_t trim_prefix(const char *text, size_t common)
{
    if (common <= AROUND) return 0;
    size_t at = common - AROUND;
    while (at > 0 && (is_continuation(text[at]) || (text[at - 1] != ' ' && common - at < (size_t)2 * AROUND))) at--;
    return at;
}

static size_t trim_suffix(const char *text, size_t length, size_t common)
{
    if (common <= AROUND) return 0;
    size_t at = length - common + AROUND;
    while (at < length && (is_continuation(text[at]) || (text[at] != ' ' && at < length - common + 2 * AROUND))) at++;
    return length - at;
}

static window find_window(const char *a, const char *b)
{
    const size_t m = strlen(a), n = strlen(b), least = m < n ? m : n;
    window w = {0, 0};
    if (m < LONG && n < LONG) return w;
    size_t prefix = 0, suffix = 0;
    while (prefix < least && a[prefix] == b[prefix]) prefix++;
    while (suffix < least - prefix && a[m - suffix - 1] == b[n - suffix - 1]) suffix++;
    w.prefix = trim_prefix(a, prefix);
    w.suffix = trim_suffix(a, m, suffix);
    return w;
}

static void put_value(drift__str *out, const char *text, window w)
{
    if (!text) {
        drift__str_puts(out, "none");
        return;
    }
    if (w.prefix) drift__str_puts(out, "… ");
    put_line(out, text + w.prefix, strlen(text) - w.prefix - w.suffix);
    if (w.suffix) drift__str_puts(out, " …");
}

static void put_message(drift__str *out, const drift_difference *difference)
{
    const char *expected = difference->expected, *actual = difference->actual;
    drift__str_puts(out, drift_facet_word(difference->facet));
    if (!expected && !actual) return;
    const window w = expected && actual ? find_window(expected, actual) : (window){0, 0};
    drift__str_puts(out, ": expected ");
    put_value(out, expected, w);
    drift__str_puts(out, ", found ");
    put_value(out, actual, w);
}

int drift_difference_print_text(char **out, const drift_difference *difference, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    put_message(&text, difference);
    return drift__str_take(out, &text, err);
}

/* -- The whole. -- */

/* Whether the difference is of the entity as a whole: it then stands on the entity's own line. */
static bool is_whole(drift_facet facet)
{
    return facet == DRIFT_FACET_MISSING || facet == DRIFT_FACET_UNEXPECTED || facet == DRIFT_FACET_KIND;
}

static bool same_entity(const drift_difference *a, const drift_difference *b)
{
    return a->expected_entity == b->expected_entity && a->actual_entity == b->actual_entity;
}

static void put_heading(drift__str *out, const drift_difference *difference)
{
    put_text(out, difference->entity_name);
    drift__str_puts(out, ": ");
    if (difference->facet != DRIFT_FACET_KIND) drift__str_puts(out, drift_entity_kind_name(difference->kind));
}

static void put_difference(drift__str *out, const drift_difference *difference, const drift_difference *before)
{
    if (is_whole(difference->facet)) {
        put_heading(out, difference);
        if (difference->facet != DRIFT_FACET_KIND) drift__str_puts(out, ": ");
    } else {
        if (!before || !same_entity(before, difference)) {
            put_heading(out, difference);
            drift__str_putc(out, '\n');
        }
        drift__str_puts(out, "  ");
        if (difference->column_name) {
            put_text(out, difference->column_name);
            drift__str_puts(out, ": ");
        }
    }
    put_message(out, difference);
    drift__str_putc(out, '\n');
}

int drift_diff_print_text(char **out, const drift_diff *diff, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    for (size_t i = 0; i < diff->count; i++)
        put_difference(&text, &diff->differences[i], i ? &diff->differences[i - 1] : NULL);
    for (size_t i = 0; i < diff->note_count; i++) {
        drift__str_puts(&text, "note: ");
        put_text(&text, diff->notes[i].object);
        drift__str_puts(&text, ": ");
        put_text(&text, diff->notes[i].text);
        drift__str_putc(&text, '\n');
    }
    drift__str_printf(&text, "%zu difference%s\n", diff->count, diff->count == 1 ? "" : "s");
    return drift__str_take(out, &text, err);
}
