/* json.c — JSON texts for paths (https://www.sqlite.org/json1.html#path_arguments). */
#include <string.h>

#include "base/str.h"
#include "seed/candidate.h"

enum { DEEPEST = 32 };

/* The length of the key at "name", up to the next "." or "["; of a quoted one with its quotes. */
static size_t key_length(const char *key)
{
    const char *close = *key == '"' ? strchr(key + 1, '"') : NULL;
    return close ? (size_t)(close + 1 - key) : strcspn(key, ".[");
}

static bool same_first_key(const char *a, const char *b)
{
    const size_t length = key_length(a + 2);
    return length == key_length(b + 2) && memcmp(a + 2, b + 2, length) == 0;
}

static bool is_first(const char *const *paths, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (same_first_key(paths[i], paths[index])) return false;
    }
    return true;
}

static void put_value(drift__str *out, const char *path, int depth);

/* "a.b" gives "a":{"b":1} */
static void put_member(drift__str *out, const char *path, int depth)
{
    const size_t length = key_length(path);
    const char *quote = *path == '"' ? "" : "\"";
    drift__str_puts(out, quote);
    drift__str_putn(out, path, length);
    drift__str_printf(out, "%s:", quote);
    put_value(out, path + length, depth + 1);
}

/* What stands behind a key: ".b" gives {"b":1}, "[0]" gives [1], nothing gives 1. */
static void put_value(drift__str *out, const char *path, int depth)
{
    const char *close = *path == '[' ? strchr(path, ']') : NULL;
    if (*path == '.' && depth < DEEPEST) {
        drift__str_putc(out, '{');
        put_member(out, path + 1, depth);
        drift__str_putc(out, '}');
    } else if (close && depth < DEEPEST) {
        drift__str_putc(out, '[');
        put_value(out, close + 1, depth + 1);
        drift__str_putc(out, ']');
    } else {
        drift__str_putc(out, '1');
    }
}

char *drift__seed_json(drift__arena *arena, const char *const *paths, size_t count)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_putc(&text, '{');
    for (size_t i = 0; i < count; i++) {
        if (!is_first(paths, i)) continue;
        if (i) drift__str_putc(&text, ',');
        put_member(&text, paths[i] + 2, 0);
    }
    drift__str_putc(&text, '}');
    char *copy = text.failed ? NULL : drift__arena_strdup(arena, drift__str_text(&text));
    if (text.failed) arena->failed = 1;
    drift__str_dispose(&text);
    return copy;
}
