/* mine.c — candidates out of the texts that speak of a column. */
#include <string.h>

#include "base/fold.h"
#include "seed/candidate.h"
#include "seed/filling.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* Lengths beyond this are no sample. */
enum { LONGEST = 4096 };

typedef struct mining {
    drift__filling *f;
    const drift__seed_column *column;
    size_t lengths[16];
    size_t length_count;
    char fills[8]; /* characters that negated classes let through */
    size_t fill_count;
} mining;

/* Digits of a number in this base from `*at` on, taken as one number; `*at` goes behind them. */
static double digits_of(const char **at, const char *end, int base)
{
    static const char digits[] = "0123456789abcdef";
    double number = 0;
    for (; *at < end; ++*at) {
        const char *digit = strchr(digits, drift__fold_char(**at));
        if (!**at || !digit || digit - digits >= base) break;
        number = number * base + (double)(digit - digits);
    }
    return number;
}

/* What a numeric token says, in every locale (strtod would look for the locale's decimal sign). */
static double number_of(const drift__lexeme *token)
{
    const char *at = token->text, *end = token->text + token->length;
    if (token->length > 2 && drift__same_word(at, 2, "0x")) {
        at += 2;
        return digits_of(&at, end, 16);
    }
    double number = digits_of(&at, end, 10);
    int exponent = 0;
    if (at < end && *at == '.') {
        const char *point = ++at;
        const double fraction = digits_of(&at, end, 10);
        exponent = (int)(point - at);
        for (const char *digit = point; digit < at; digit++) number *= 10;
        number += fraction;
    }
    if (at < end && drift__fold_char(*at) == 'e') {
        const bool negative = ++at < end && *at == '-';
        if (at < end && (*at == '-' || *at == '+')) at++;
        const double written = digits_of(&at, end, 10);
        const int power = written < 400 ? (int)written : 400; /* beyond every double */
        exponent += negative ? -power : power;
    }
    for (; exponent > 0; exponent--) number *= 10;
    double divisor = 1;
    for (; exponent < 0; exponent++) divisor *= 10;
    return number / divisor;
}

static void mine_length(mining *m, size_t length)
{
    if (length > LONGEST || m->length_count == sizeof m->lengths / sizeof m->lengths[0]) return;
    m->lengths[m->length_count++] = length;
    const bool blob = m->column->affinity == DRIFT__AFFINITY_BLOB && m->column->type[0];
    drift__filling_add_bytes(m->f, blob ? DRIFT_BLOB : DRIFT_TEXT, drift__filling_repeated(m->f, 'a', length), length);
    drift__filling_add_bytes(m->f, DRIFT_TEXT, drift__filling_repeated(m->f, '1', length), length);
}

static void mine_number(mining *m, const drift__lexeme *token, bool negative)
{
    const double number = negative ? -number_of(token) : number_of(token);
    if (token->kind == DRIFT__TOKEN_FLOAT || number > 9e15 || number < -9e15) {
        drift__filling_add_real(m->f, number);
        drift__filling_add_real(m->f, number + 0.5);
        drift__filling_add_real(m->f, number - 0.5);
        return;
    }
    const int64_t integer = (int64_t)number;
    drift__filling_add_integer(m->f, integer);
    drift__filling_add_integer(m->f, integer + 1);
    drift__filling_add_integer(m->f, integer - 1);
}

static void mine_pattern(mining *m, const drift__seed_pattern *pattern)
{
    drift__arena *arena = &m->f->graph->arena;
    drift__filling_add_text(m->f, drift__seed_match(arena, pattern, 0));
    for (size_t i = 0; i < m->length_count; i++) {
        drift__filling_add_text(m->f, drift__seed_match(arena, pattern, m->lengths[i]));
        if (pattern->glob) drift__filling_add_text(m->f, drift__seed_allowed(arena, pattern->text, m->lengths[i]));
    }
    const char *allowed = pattern->glob ? drift__seed_allowed(arena, pattern->text, 1) : NULL;
    drift__filling_add_text(m->f, allowed);
    if (allowed && m->fill_count < sizeof m->fills) m->fills[m->fill_count++] = *allowed;
}

/* The cursor stands at a pattern: the character that ESCAPE behind it names. */
static char escape_behind(drift__cursor c)
{
    drift__cursor_next(&c);
    const bool named = drift__cursor_take(&c, "ESCAPE") && c.token.kind == DRIFT__TOKEN_STRING && c.token.length == 3;
    return named ? c.token.text[1] : '\0';
}

/* The cursor stands at a number: what it is multiplied with, in the text; else 1. */
static double factor_behind(drift__cursor c)
{
    drift__cursor_next(&c);
    const bool times = c.token.kind == DRIFT__TOKEN_OPERATOR && *c.token.text == '*';
    drift__cursor_next(&c);
    return times && c.token.kind == DRIFT__TOKEN_INTEGER ? number_of(&c.token) : 1;
}

static bool speaks_of(const char *text, size_t length, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (drift__seed_mentions(text, length, words[i])) return true;
    }
    return false;
}

static void mine_lengths(mining *m, const char *text, size_t length)
{
    static const char *const words[] = {"length", "octet_length"};
    if (!speaks_of(text, length, words, sizeof words / sizeof words[0])) return;
    for (drift__cursor c = drift__cursor_at(text, length); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (c.token.kind != DRIFT__TOKEN_INTEGER) continue;
        const double number = number_of(&c.token) * factor_behind(c);
        if (number > LONGEST) continue;
        mine_length(m, (size_t)number);
        mine_length(m, (size_t)number + 1);
        if (number >= 1) mine_length(m, (size_t)number - 1);
    }
}

static void mine_literals(mining *m, const char *text, size_t length)
{
    bool glob = false, pattern = false, negative = false;
    for (drift__cursor c = drift__cursor_at(text, length); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (c.token.kind == DRIFT__TOKEN_INTEGER || c.token.kind == DRIFT__TOKEN_FLOAT) {
            mine_number(m, &c.token, negative);
        } else if (c.token.kind == DRIFT__TOKEN_STRING) {
            const char *string = drift__unquote(&m->f->graph->arena, c.token.text, c.token.length);
            if (string && pattern) mine_pattern(m, &(drift__seed_pattern){string, glob, escape_behind(c)});
            drift__filling_add_text(m->f, string);
        } else if (drift__cursor_is(&c, "true") || drift__cursor_is(&c, "false")) {
            drift__filling_add_integer(m->f, drift__cursor_is(&c, "true"));
        }
        glob = drift__cursor_is(&c, "GLOB");
        pattern = glob || drift__cursor_is(&c, "LIKE");
        negative = c.token.kind == DRIFT__TOKEN_OPERATOR && c.token.length == 1 && *c.token.text == '-';
    }
}

/* Lengths, parts and classes of characters together. */
static void mine_marks(mining *m, const char *text, size_t length)
{
    drift__arena *arena = &m->f->graph->arena;
    drift__seed_marks marks;
    drift__seed_marks_read(&marks, arena, text, length);
    if (!m->fill_count) m->fills[m->fill_count++] = 'a';
    for (size_t i = 0; i < m->fill_count; i++) {
        for (size_t k = 0; k < m->length_count; k++)
            drift__filling_add_text(m->f, drift__seed_marked(arena, &marks, m->fills[i], m->lengths[k]));
        if (!m->length_count) drift__filling_add_text(m->f, drift__seed_marked(arena, &marks, m->fills[i], marks.end));
    }
}

/* Days, times and moments, in the forms that SQLite reads (https://www.sqlite.org/lang_datefunc.html) and programs
 * write: two of a day, a Monday, a month. */
static void mine_times(mining *m, const char *text, size_t length)
{
    static const char *const words[] = {"date", "time", "datetime", "julianday", "strftime", "unixepoch"};
    static const char *const times[] = {"2024-01-02",
                                        "2024-01-02 03:04:05",
                                        "2024-01-02T03:04:05Z",
                                        "2024-01-02T03:04:05.000Z",
                                        "2024-01-02T04:04:05.000Z",
                                        "2024-01-02T03:04",
                                        "03:04:05",
                                        "03:04",
                                        "2024-01-01",
                                        "2024-01"};
    if (!speaks_of(text, length, words, sizeof words / sizeof words[0])) return;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) drift__filling_add_text(m->f, times[i]);
}

/* Arrays of the lengths that are compared. */
static void mine_arrays(mining *m, const char *text, size_t length)
{
    enum { LONGEST_ARRAY = 64 };
    drift__arena *arena = &m->f->graph->arena;
    if (!drift__seed_mentions(text, length, "json_array_length")) return;
    for (drift__cursor c = drift__cursor_at(text, length); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const double number = c.token.kind == DRIFT__TOKEN_INTEGER ? number_of(&c.token) : 0;
        if (number < 1 || number > LONGEST_ARRAY) continue;
        char *array = drift__arena_strdup(arena, "[1");
        for (int i = 1; array && i < (int)number; i++) array = drift__arena_printf(arena, "%s,1", array);
        if (array) drift__filling_add_text(m->f, drift__arena_printf(arena, "%s]", array));
    }
}

void drift__filling_mine(drift__filling *f, const drift__seed_column *column, const char *text, size_t length)
{
    mining m = {.f = f, .column = column};
    mine_lengths(&m, text, length); /* first: patterns are stretched to them */
    mine_literals(&m, text, length);
    mine_marks(&m, text, length);
    mine_times(&m, text, length);
    mine_arrays(&m, text, length);
}
