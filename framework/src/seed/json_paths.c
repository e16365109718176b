/* json_paths.c — the JSON object that CHECKs ask of a column: what stands at which path. */
#include <string.h>

#include "seed/candidate.h"
#include "seed/filling.h"
#include "sql/cursor.h"
#include "sql/quote.h"

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
static const char *value_at_path(drift__filling *f, const drift__seed_table *table, drift__cursor c,
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
static size_t find_paths(drift__filling *f, drift__seed_path *paths, size_t count, size_t most,
                         const drift__seed_table *table, const drift__seed_check *check)
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

void drift__filling_add_json(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
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
    drift__filling_add_text(f, drift__seed_json(&f->graph->arena, paths, count));
}
