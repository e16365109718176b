/* candidate.c — what a column might hold, guessed from its type and from the literals of the texts that speak of it.
 * Nothing here need be right: SQLite is asked. */
#include "seed/candidate.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "runtime/value.h"
#include "seed/values.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* Lengths and texts beyond this are no sample. */
enum { LONGEST = 4096, MOST_CANDIDATES = 400 };

typedef struct filling {
    drift__seed_graph *graph;
    drift__seed_class *into;
    drift__seed_column *column; /* whose candidates are sought */
    int64_t seed;
    bool defaults; /* the column's default is a candidate too */
    int failed;
} filling;

/* A row that has what the column would have anyway shows nothing: a column that a migration empties looks the same. */
static bool is_default(const drift__seed_column *column, const drift_value *value)
{
    const char *text = column->default_value;
    const size_t length = strlen(text);
    if (value->kind == DRIFT_INTEGER) {
        char number[32];
        snprintf(number, sizeof number, "%lld", (long long)value->integer);
        return strcmp(text, number) == 0 || (value->integer == 1 && drift__same_name(text, "true")) ||
               (value->integer == 0 && drift__same_name(text, "false"));
    }
    return value->kind == DRIFT_TEXT && length == value->length + 2 && text[0] == '\'' &&
           (!value->length || memcmp(text + 1, value->bytes, value->length) == 0);
}

static void add(filling *f, drift_value value)
{
    drift__seed_class *c = f->into;
    if (!drift__seed_allows(c->domain, &value)) return;
    if (!f->defaults && is_default(f->column, &value)) return;
    for (size_t i = 0; i < c->count; i++) {
        if (drift__value_same(&c->candidates[i], &value)) return;
    }
    if (c->count >= MOST_CANDIDATES) return;
    if (drift__reserve((void **)&c->candidates, &c->capacity, c->count + 1, sizeof *c->candidates) != 0) {
        f->failed = 1;
        return;
    }
    c->candidates[c->count++] = value;
}

static void add_integer(filling *f, int64_t integer)
{
    add(f, (drift_value){.kind = DRIFT_INTEGER, .integer = integer});
}

static void add_real(filling *f, double real)
{
    add(f, (drift_value){.kind = DRIFT_REAL, .real = real});
}

static void add_bytes(filling *f, drift_value_kind kind, const char *bytes, size_t length)
{
    if (bytes) add(f, (drift_value){.kind = kind, .bytes = bytes, .length = length});
}

static void add_text(filling *f, const char *text)
{
    if (text) add_bytes(f, DRIFT_TEXT, text, strlen(text));
}

static char *repeated(filling *f, char c, size_t length)
{
    char *text = drift__arena_alloc(&f->graph->arena, length + 1);
    if (text) memset(text, c, length);
    return text;
}

/* ---- mined from constraints ---- */

typedef struct mining {
    filling *f;
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
    add_bytes(m->f, blob ? DRIFT_BLOB : DRIFT_TEXT, repeated(m->f, 'a', length), length);
    add_bytes(m->f, DRIFT_TEXT, repeated(m->f, '1', length), length);
}

static void mine_number(mining *m, const drift__lexeme *token, bool negative)
{
    const double number = negative ? -number_of(token) : number_of(token);
    if (token->kind == DRIFT__TOKEN_FLOAT || number > 9e15 || number < -9e15) {
        add_real(m->f, number);
        add_real(m->f, number + 0.5);
        add_real(m->f, number - 0.5);
        return;
    }
    const int64_t integer = (int64_t)number;
    add_integer(m->f, integer);
    add_integer(m->f, integer + 1);
    add_integer(m->f, integer - 1);
}

static void mine_pattern(mining *m, const drift__seed_pattern *pattern)
{
    drift__arena *arena = &m->f->graph->arena;
    add_text(m->f, drift__seed_match(arena, pattern, 0));
    for (size_t i = 0; i < m->length_count; i++) {
        add_text(m->f, drift__seed_match(arena, pattern, m->lengths[i]));
        if (pattern->glob) add_text(m->f, drift__seed_allowed(arena, pattern->text, m->lengths[i]));
    }
    const char *allowed = pattern->glob ? drift__seed_allowed(arena, pattern->text, 1) : NULL;
    add_text(m->f, allowed);
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
            add_text(m->f, string);
        } else if (drift__cursor_is(&c, "true") || drift__cursor_is(&c, "false")) {
            add_integer(m->f, drift__cursor_is(&c, "true"));
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
            add_text(m->f, drift__seed_marked(arena, &marks, m->fills[i], m->lengths[k]));
        if (!m->length_count) add_text(m->f, drift__seed_marked(arena, &marks, m->fills[i], marks.end));
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
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) add_text(m->f, times[i]);
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
        if (array) add_text(m->f, drift__arena_printf(arena, "%s]", array));
    }
}

static void mine(filling *f, const drift__seed_column *column, const char *text, size_t length)
{
    mining m = {.f = f, .column = column};
    mine_lengths(&m, text, length); /* first: patterns are stretched to them */
    mine_literals(&m, text, length);
    mine_marks(&m, text, length);
    mine_times(&m, text, length);
    mine_arrays(&m, text, length);
}

/* ---- by type ---- */

/* Columns get different numbers, so that two that change places are seen. */
static int64_t number_for(const filling *f)
{
    return (int64_t)f->column->number + 1 + (f->seed < 0 ? -(f->seed % 1000003) : f->seed % 1000003);
}

/* The number comes first: what CAST makes of the text is then no other column's, and not the 0 of a column that was
 * lost. */
static void add_named_text(filling *f, const char *name)
{
    add_text(f, drift__arena_printf(&f->graph->arena, "%lld %s", (long long)number_for(f), name));
}

static void add_by_affinity(filling *f, const drift__seed_column *column)
{
    f->column->natural = f->into->count;
    switch (column->affinity) {
    case DRIFT__AFFINITY_INTEGER:
    case DRIFT__AFFINITY_NUMERIC: add_integer(f, number_for(f)); break;
    case DRIFT__AFFINITY_REAL: add_real(f, (double)number_for(f) + 0.5); break;
    case DRIFT__AFFINITY_TEXT: add_named_text(f, column->name); break;
    case DRIFT__AFFINITY_BLOB:
        if (drift__same_name(column->type, "ANY") || !column->type[0]) {
            add_named_text(f, column->name);
        } else {
            const char byte = (char)(number_for(f) % 127 + 1);
            add_bytes(f, DRIFT_BLOB, drift__arena_strndup(&f->graph->arena, &byte, 1), 1);
        }
    }
}

/* What columns of this world tend to want, whatever their declared type. */
static void add_common(filling *f)
{
    static const char *const texts[] = {"a",
                                        "A",
                                        "1",
                                        "0",
                                        "",
                                        "2024-01-02",
                                        "2024-01-02 03:04:05",
                                        "2024-01-02T03:04:05Z",
                                        "2024-01-02T03:04:05.000Z",
                                        "03:04:05",
                                        "{}",
                                        "[]",
                                        "[1]",
                                        "true",
                                        "a@example.org",
                                        "https://example.org/",
                                        "123e4567-e89b-42d3-a456-426614174000",
                                        "#0a0b0c",
                                        "1.5",
                                        "en"};
    static const int64_t integers[] = {1, 0, 2, -1, 10, 100, 1000, 1704164645, 1704164645000};
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) add_integer(f, integers[i]);
    add_real(f, 0.5);
    add_real(f, 1.5);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) add_text(f, texts[i]);
    add_bytes(f, DRIFT_BLOB, "\x01", 1);
    add_bytes(f, DRIFT_BLOB, repeated(f, 1, 16), 16);
}

/* ---- */

static void each_column(filling *f, void (*fill)(filling *, const drift__seed_table *, const drift__seed_column *))
{
    for (size_t i = 0; i < f->graph->table_count; i++) {
        drift__seed_table *table = &f->graph->tables[i];
        for (size_t k = 0; k < table->column_count; k++) {
            f->into = drift__seed_class_root(table->columns[k].class_of);
            f->column = &table->columns[k];
            fill(f, table, &table->columns[k]);
        }
    }
}

/* Of columns that foreign keys join, some take only their own type: theirs comes first. */
static bool is_exact(const drift__seed_table *table, const drift__seed_column *column)
{
    return table->strict || column->is_rowid;
}

static void fill_by_exact_type(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    if (is_exact(table, column)) add_by_affinity(f, column);
}

static void fill_by_type(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    if (!is_exact(table, column)) add_by_affinity(f, column);
}

/* The JSON of a value that a path is compared with; NULL if it has none. */
static const char *json_of(drift__arena *arena, const drift_value *value)
{
    if (value->kind == DRIFT_INTEGER) return drift__arena_printf(arena, "%lld", (long long)value->integer);
    if (value->kind != DRIFT_TEXT || memchr(value->bytes, '"', value->length) ||
        memchr(value->bytes, '\\', value->length))
        return NULL;
    return drift__arena_printf(arena, "\"%.*s\"", (int)value->length, (const char *)value->bytes);
}

/* json_type(…) = 'array' and so on (https://www.sqlite.org/json1.html#the_json_type_function). */
static const char *json_of_type(const char *type)
{
    static const char *const types[][2] = {{"array", "[1]"}, {"object", "{}"},   {"text", "\"a\""}, {"real", "1.5"},
                                           {"true", "true"}, {"false", "false"}, {"null", "null"}};
    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(type, types[i][0]) == 0) return types[i][1];
    }
    return NULL;
}

/* What stands at a path: what `function` of it is compared with, a literal or what another column has. The cursor
 * stands at the path. */
static const char *value_at_path(filling *f, const drift__seed_table *table, drift__cursor c,
                                 const drift__lexeme *function)
{
    drift__arena *arena = &f->graph->arena;
    const char *value = drift__lexeme_is(function, "json_array_length") ? "[1]" : NULL, *name = NULL;
    size_t length = 0;
    drift__cursor_next(&c);
    drift__cursor_take_kind(&c, DRIFT__TOKEN_CLOSE);
    if (!drift__cursor_take(&c, "IS") && !drift__cursor_take_kind(&c, DRIFT__TOKEN_OPERATOR))
        return value ? value : "1";
    if (drift__lexeme_is(function, "json_type")) {
        value = json_of_type(drift__unquote(arena, c.token.text, c.token.length));
    } else if (c.token.kind == DRIFT__TOKEN_STRING) {
        const char *text = drift__unquote(arena, c.token.text, c.token.length);
        if (text) value = json_of(arena, &(drift_value){.kind = DRIFT_TEXT, .bytes = text, .length = strlen(text)});
    } else if (c.token.kind == DRIFT__TOKEN_INTEGER && !value) {
        value = drift__arena_strndup(arena, c.token.text, c.token.length);
    } else if (drift__seed_name_of(&name, &length, &c.token)) {
        const drift__seed_column *other = drift__seed_column_named(table, name, length);
        const drift__seed_class *of_other = other ? drift__seed_class_root(other->class_of) : NULL;
        if (of_other && of_other->count) value = json_of(arena, &of_other->candidates[0]);
    }
    return value ? value : "1";
}

/* The paths ('$.a.b') of one CHECK. A type that is asked for goes with another condition on the same path: that one
 * comes first. */
static size_t find_paths(filling *f, drift__seed_path *paths, size_t count, size_t most, const drift__seed_table *table,
                         const drift__seed_check *check)
{
    drift__lexeme function = {.kind = DRIFT__TOKEN_END};
    for (drift__cursor c = drift__cursor_at(check->text, check->length);
         c.token.kind != DRIFT__TOKEN_END && count < most; drift__cursor_next(&c)) {
        if (drift__cursor_peek(&c).kind == DRIFT__TOKEN_OPEN) function = c.token;
        const bool quoted = c.token.kind == DRIFT__TOKEN_STRING || c.token.kind == DRIFT__TOKEN_QUOTED;
        if (!quoted || c.token.length <= 4 || memcmp(c.token.text + 1, "$.", 2) != 0) continue;
        paths[count].path = drift__unquote(&f->graph->arena, c.token.text, c.token.length);
        paths[count].value = value_at_path(f, table, c, &function);
        if (paths[count].path) count++;
    }
    return count;
}

static bool is_of_type(const drift__seed_path *path)
{
    return strcmp(path->value, "\"a\"") == 0 || strcmp(path->value, "1") == 0;
}

static void put_told_first(drift__seed_path *paths, size_t count)
{
    for (size_t told = 0, i = 0; i < count; i++) {
        if (is_of_type(&paths[i])) continue;
        const drift__seed_path path = paths[i];
        memmove(&paths[told + 1], &paths[told], (i - told) * sizeof *paths);
        paths[told++] = path;
    }
}

/* A JSON object that has something at every path that is asked of this column. */
static void add_json(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    enum { MOST_PATHS = 32 };
    drift__seed_path paths[MOST_PATHS];
    size_t count = 0;
    for (size_t i = 0; i < table->check_count; i++) {
        const drift__seed_check *check = &table->checks[i];
        if (drift__seed_mentions(check->text, check->length, column->name))
            count = find_paths(f, paths, count, MOST_PATHS, table, check);
    }
    if (!count) return;
    put_told_first(paths, count);
    add_text(f, drift__seed_json(&f->graph->arena, paths, count));
}

static void fill_from_checks(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    for (size_t i = 0; i < table->check_count; i++) {
        const drift__seed_check *check = &table->checks[i];
        if (drift__seed_mentions(check->text, check->length, column->name)) mine(f, column, check->text, check->length);
    }
    add_json(f, table, column);
}

static void fill_from_triggers(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    const size_t length = strlen(table->triggers);
    if (length && drift__seed_mentions(table->triggers, length, column->name)) mine(f, column, table->triggers, length);
}

static void fill_common(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    add_common(f);
}

static void note_telling(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    f->into->telling = f->into->count;
}

static void note_mined(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    f->into->mined = f->into->count;
}

/* Columns that foreign keys join hold the same values, so what restricts one restricts all. */
static void note_domain(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    if (column->domain) f->into->domain = column->domain;
}

/* The domain may want what the type does not suggest. */
static void fill_domain(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    if (!f->into->domain) return;
    if (drift__seed_is_json_domain(f->into->domain)) {
        add_text(f, drift__arena_printf(&f->graph->arena, "{\"value\":%lld}", (long long)number_for(f)));
        return;
    }
    add_integer(f, number_for(f));
    add_real(f, (double)number_for(f) + 0.5);
    add_named_text(f, column->name);
    add_bytes(f, DRIFT_BLOB, repeated(f, 1, 2), 2);
}

/* Where nothing is left there is still NULL, and SQLite says what is against it. */
static void fill_nothing(filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    if (!f->into->count) add(f, (drift_value){.kind = DRIFT_NULL});
}

int drift__seed_candidates_fill(drift__seed_graph *graph, int64_t seed, drift_error *err)
{
    filling f = {.graph = graph, .seed = seed};
    each_column(&f, note_domain);
    each_column(&f, fill_by_exact_type);
    each_column(&f, fill_by_type);
    each_column(&f, fill_domain);
    each_column(&f, fill_from_checks);
    each_column(&f, fill_from_triggers);
    each_column(&f, note_telling);
    f.defaults = true;
    each_column(&f, fill_from_checks);
    each_column(&f, note_mined);
    each_column(&f, fill_common);
    each_column(&f, fill_nothing);
    return f.failed || graph->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}
