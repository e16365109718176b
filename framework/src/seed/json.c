/* json.c — JSON texts for paths (https://www.sqlite.org/json1.html#path_arguments), and whether a text is JSON. */
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

static bool is_first(const drift__seed_path *paths, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (same_first_key(paths[i].path, paths[index].path)) return false;
    }
    return true;
}

static void put_value(drift__str *out, const char *path, const char *value, int depth);

/* "a.b" gives "a":{"b":1} */
static void put_member(drift__str *out, const char *path, const char *value, int depth)
{
    const size_t length = key_length(path);
    const char *quote = *path == '"' ? "" : "\"";
    drift__str_puts(out, quote);
    drift__str_putn(out, path, length);
    drift__str_printf(out, "%s:", quote);
    put_value(out, path + length, value, depth + 1);
}

/* What stands behind a key: of the value 1 ".b" gives {"b":1}, "[0]" gives [1], nothing gives 1. */
static void put_value(drift__str *out, const char *path, const char *value, int depth)
{
    const char *close = *path == '[' ? strchr(path, ']') : NULL;
    if (*path == '.' && depth < DEEPEST) {
        drift__str_putc(out, '{');
        put_member(out, path + 1, value, depth);
        drift__str_putc(out, '}');
    } else if (close && depth < DEEPEST) {
        drift__str_putc(out, '[');
        put_value(out, close + 1, value, depth + 1);
        drift__str_putc(out, ']');
    } else {
        drift__str_puts(out, value);
    }
}

char *drift__seed_json(drift__arena *arena, const drift__seed_path *paths, size_t count)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_putc(&text, '{');
    for (size_t i = 0; i < count; i++) {
        if (!is_first(paths, i)) continue;
        if (i) drift__str_putc(&text, ',');
        put_member(&text, paths[i].path + 2, paths[i].value, 0);
    }
    drift__str_putc(&text, '}');
    char *copy = text.failed ? NULL : drift__arena_strdup(arena, drift__str_text(&text));
    if (text.failed) arena->failed = 1;
    drift__str_dispose(&text);
    return copy;
}

/* ---- recognising ---- */

typedef struct reader {
    const char *at, *end;
    int depth;
} reader;

static bool take_value(reader *r);

static bool take(reader *r, char c)
{
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

static void skip_space(reader *r)
{
    while (r->at < r->end && *r->at && strchr(" \t\r\n", *r->at)) r->at++;
}

static size_t take_any(reader *r, const char *characters)
{
    const char *start = r->at;
    while (r->at < r->end && *r->at && strchr(characters, *r->at)) r->at++;
    return (size_t)(r->at - start);
}

static size_t take_digits(reader *r)
{
    return take_any(r, "0123456789");
}

static bool take_number(reader *r)
{
    (void)take(r, '-');
    if (!take(r, '0') && !take_digits(r)) return false;
    if (take(r, '.') && !take_digits(r)) return false;
    if (!take(r, 'e') && !take(r, 'E')) return true;
    if (!take(r, '-')) (void)take(r, '+');
    return take_digits(r) > 0;
}

static bool take_escape(reader *r)
{
    if (!take(r, 'u')) return r->at < r->end && *r->at && strchr("\"\\/bfnrt", *r->at++);
    for (int i = 0; i < 4; i++) {
        if (r->at == r->end || !*r->at || !strchr("0123456789abcdefABCDEF", *r->at++)) return false;
    }
    return true;
}

static bool take_string(reader *r)
{
    if (!take(r, '"')) return false;
    while (r->at < r->end && (unsigned char)*r->at >= ' ') {
        const char c = *r->at++;
        if (c == '"') return true;
        if (c == '\\' && !take_escape(r)) return false;
    }
    return false;
}

static bool take_item(reader *r, bool named)
{
    skip_space(r);
    if (named && !take_string(r)) return false;
    skip_space(r);
    return (!named || take(r, ':')) && take_value(r);
}

static bool take_items(reader *r, bool named, char close)
{
    skip_space(r);
    if (take(r, close)) return true;
    do {
        if (!take_item(r, named)) return false;
    } while (take(r, ','));
    return take(r, close);
}

static bool take_word(reader *r, const char *word)
{
    const size_t length = strlen(word);
    if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0) return false;
    r->at += length;
    return true;
}

static bool take_bare_value(reader *r)
{
    if (take(r, '{')) return take_items(r, true, '}');
    if (take(r, '[')) return take_items(r, false, ']');
    if (r->at < r->end && *r->at == '"') return take_string(r);
    return take_word(r, "null") || take_word(r, "true") || take_word(r, "false") || take_number(r);
}

static bool take_value(reader *r)
{
    if (r->depth == DEEPEST) return false;
    r->depth++;
    skip_space(r);
    const bool taken = take_bare_value(r);
    skip_space(r);
    r->depth--;
    return taken;
}

bool drift__seed_is_json(const char *text, size_t length)
{
    reader r = {text, text + length, 0};
    return length && take_value(&r) && r.at == r.end;
}
