/* expect_read.c — the expectation file: {"steps": {"3->4": {"transform": {"todos.category": "…"}, …}}}. Nothing in it
 * is ignored: a mistyped key is an error, not an expectation that never applies. */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "drift/kit/expect.h"
#include "seed/values.h"
#include "snapshot/load.h"
#include "snapshot/node.h"
#include "sql/quote.h"

typedef struct reading {
    drift_expectations list; /* first: drift_expectations_free gets its address */
    drift__arena arena;
    drift_expectation *items;
    size_t capacity;
} reading;

/* What a kind's entries look like. */
typedef enum shape { OF_TABLE, OF_COLUMN, OF_NAMES } shape;

static const char *const kinds[] = {
#define KIND(name, key, text) key,
    DRIFT_EXPECTATION_MAP(KIND)
#undef KIND
};

static shape shape_of(drift_expectation_kind kind)
{
    switch (kind) {
    case DRIFT_EXPECT_TRANSFORM:
    case DRIFT_EXPECT_DOMAIN:
    case DRIFT_EXPECT_FILL:
    case DRIFT_EXPECT_RENAME_COLUMN: return OF_COLUMN;
    case DRIFT_EXPECT_TOUCHES: return OF_NAMES;
    case DRIFT_EXPECT_RENAME_TABLE:
    case DRIFT_EXPECT_DROP_ROWS:
    case DRIFT_EXPECT_ADD_ROWS:
    case DRIFT_EXPECT_HIDDEN: break;
    }
    return OF_TABLE;
}

/* ---- names ---- */

/* The length of a name at the start of a text: quoted as in SQL, where it holds a dot, else up to the first dot. 0:
 * there is none. */
static size_t name_length(const char *text)
{
    const char close = text[0] == '[' ? ']' : text[0];
    if (text[0] != '"' && text[0] != '`' && text[0] != '[') return strcspn(text, ".");
    for (size_t i = 1; text[i]; i++) {
        if (text[i] != close) continue;
        if (close == ']' || text[i + 1] != close) return i + 1;
        i++;
    }
    return 0;
}

static const char *take_name(reading *r, const char *text, size_t length)
{
    const bool quoted = text[0] == '"' || text[0] == '`' || text[0] == '[';
    return quoted ? drift__unquote(&r->arena, text, length) : drift__arena_strndup(&r->arena, text, length);
}

static int split_column(drift_expectation *out, reading *r, const drift__node *node, const char *key, drift_error *err)
{
    const size_t length = name_length(key);
    const char *column = key + length + 1;
    if (!length || key[length] != '.' || !*column)
        return drift__node_error(err, node, "expected a key \"table.column\"");
    out->table = take_name(r, key, length);
    const size_t quoted = name_length(column);
    out->column = quoted && !column[quoted] ? take_name(r, column, quoted) : drift__arena_strdup(&r->arena, column);
    return DRIFT_OK;
}

static int take_table(drift_expectation *out, reading *r, const drift__node *node, const char *key, drift_error *err)
{
    if (!*key) return drift__node_error(err, node, "expected the name of a table, found an empty string");
    const size_t length = name_length(key);
    const bool whole = length && !key[length];
    out->table = whole ? take_name(r, key, length) : drift__arena_strdup(&r->arena, key);
    return DRIFT_OK;
}

/* ---- entries ---- */

static int add(reading *r, const drift_expectation *entry, drift_error *err)
{
    if (r->arena.failed || drift__reserve((void **)&r->items, &r->capacity, r->list.count + 1, sizeof *r->items) != 0)
        return drift__no_memory(err);
    r->items[r->list.count++] = *entry;
    r->list.items = r->items;
    return DRIFT_OK;
}

static int check_domain(const drift__node *node, const char *value, drift_error *err)
{
    if (drift__seed_is_domain(value)) return DRIFT_OK;
    return drift__node_error(err, node,
                             "expected one of \"integer\", \"real\", \"text\", \"blob\", \"null\", \"numeric\","
                             " \"json\", found \"%s\"",
                             value);
}

static int check_hidden(const drift__node *node, const char *value, drift_error *err)
{
    if (strcmp(value, "rowid") == 0 || strcmp(value, "sequence") == 0 || strcmp(value, "fts") == 0) return DRIFT_OK;
    return drift__node_error(err, node, "expected one of \"rowid\", \"sequence\", \"fts\", found \"%s\"", value);
}

static const char *word_for_value(drift_expectation_kind kind)
{
    switch (kind) {
    case DRIFT_EXPECT_RENAME_TABLE:
    case DRIFT_EXPECT_RENAME_COLUMN: return "the new name";
    case DRIFT_EXPECT_DOMAIN: return "a domain";
    case DRIFT_EXPECT_HIDDEN: return "a part of the hidden state";
    default: return "an expression of SQL";
    }
}

static int take_entry(reading *r, drift_expectation entry, const drift__node *node, drift_error *err)
{
    const char *value = json_string_value(node->json);
    int rc = shape_of(entry.kind) == OF_COLUMN ? split_column(&entry, r, node, node->key, err)
                                               : take_table(&entry, r, node, node->key, err);
    if (rc != DRIFT_OK) return rc;
    if (!value) return drift__node_error(err, node, "expected a string with %s", word_for_value(entry.kind));
    if (!*value) return drift__node_error(err, node, "expected %s, found an empty string", word_for_value(entry.kind));
    if (entry.kind == DRIFT_EXPECT_DOMAIN) rc = check_domain(node, value, err);
    if (entry.kind == DRIFT_EXPECT_HIDDEN) rc = check_hidden(node, value, err);
    entry.value = drift__arena_strdup(&r->arena, value);
    return rc == DRIFT_OK ? add(r, &entry, err) : rc;
}

static int take_entries(reading *r, const drift_expectation *of, const drift__node *object, drift_error *err)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object->json)) return drift__node_error(err, object, "expected an object of names and strings");
    json_object_foreach((json_t *)(uintptr_t)object->json, key, value)
    {
        const drift__node node = {value, object, key, 0, object->source};
        const int rc = take_entry(r, *of, &node, err);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

static int take_tables(reading *r, const drift_expectation *of, const drift__node *array, drift_error *err)
{
    if (!json_is_array(array->json)) return drift__node_error(err, array, "expected an array of names of tables");
    for (size_t i = 0; i < drift__node_count(array); i++) {
        drift__node node;
        drift_expectation entry = *of;
        int rc = drift__node_at(&node, array, i, DRIFT__JSON_STRING, err);
        if (rc == DRIFT_OK) rc = take_table(&entry, r, &node, json_string_value(node.json), err);
        if (rc == DRIFT_OK) rc = add(r, &entry, err);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

/* ---- steps ---- */

static int unknown_kind(const drift__node *node, drift_error *err)
{
    drift__str list = DRIFT__STR_INIT;
    char *text = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        drift__str_printf(&list, "%s\"%s\"", i ? ", " : "", kinds[i]);
    const int rc = drift__str_take(&text, &list, err);
    if (rc != DRIFT_OK) return rc;
    const int told = drift__node_error(err, node, "expected one of the keys %s", text);
    drift__free(text);
    return told;
}

static int take_kind(reading *r, int from, int to, const drift__node *node, drift_error *err)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const drift_expectation of = {.from = from, .to = to, .kind = (drift_expectation_kind)i};
        if (strcmp(kinds[i], node->key) != 0) continue;
        return shape_of(of.kind) == OF_NAMES ? take_tables(r, &of, node, err) : take_entries(r, &of, node, err);
    }
    return unknown_kind(node, err);
}

/* A version as reports write it: no sign, no zero before it. 0 if it is none. */
static int take_version(const char **at)
{
    long long version = 0;
    if (**at == '0') return 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        version = version * 10 + (**at - '0');
        if (version > 2147483647) return 0;
    }
    return (int)version;
}

static int take_step(reading *r, const drift__node *node, drift_error *err)
{
    const char *at = node->key, *key;
    json_t *value;
    const int from = take_version(&at);
    const bool arrow = strncmp(at, "->", 2) == 0;
    if (arrow) at += 2;
    const int to = arrow ? take_version(&at) : 0;
    if (!from || !to || *at || from >= to)
        return drift__node_error(err, node, "expected a step like \"3->4\", from a version to a later one");
    if (!json_is_object(node->json)) return drift__node_error(err, node, "expected an object of expectations");
    json_object_foreach((json_t *)(uintptr_t)node->json, key, value)
    {
        const drift__node kind = {value, node, key, 0, node->source};
        const int rc = take_kind(r, from, to, &kind, err);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

static int take_steps(reading *r, const drift__node *root, drift_error *err)
{
    drift__node steps;
    const char *key;
    json_t *value;
    int rc = drift__node_get(&steps, root, "steps", DRIFT__JSON_OBJECT, err);
    if (rc != DRIFT_OK) return rc;
    json_object_foreach((json_t *)(uintptr_t)steps.json, key, value)
    {
        const drift__node node = {value, &steps, key, 0, root->source};
        if ((rc = take_step(r, &node, err)) != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

static int take_root(reading *r, json_t *tree, const char *path, drift_error *err)
{
    const drift__node root = drift__node_root(tree, path);
    const char *key;
    json_t *value;
    if (!json_is_object(tree)) return drift__node_error(err, &root, "expected an object with the key \"steps\"");
    json_object_foreach(tree, key, value)
    {
        const drift__node node = {value, &root, key, 0, path};
        if (strcmp(key, "steps") != 0) return drift__node_error(err, &node, "expected no key but \"steps\"");
    }
    return take_steps(r, &root, err);
}

int drift_expectations_read(drift_expectations **out, const char *path, drift_error *err)
{
    char *text = NULL;
    size_t length = 0;
    json_t *tree = NULL;
    reading *r = drift__calloc(1, sizeof *r);
    *out = NULL;
    if (!r) return drift__no_memory(err);
    r->list.source = drift__arena_strdup(&r->arena, path);
    int rc = drift__file_read(&text, &length, path, err);
    if (rc == DRIFT_OK) rc = drift__json_load(&tree, text, length, path, err);
    if (rc == DRIFT_OK) rc = take_root(r, tree, path, err);
    if (rc == DRIFT_OK && r->arena.failed) rc = drift__no_memory(err);
    json_decref(tree);
    drift__free(text);
    if (rc == DRIFT_OK)
        *out = &r->list;
    else
        drift_expectations_free(&r->list);
    return rc;
}

void drift_expectations_free(drift_expectations *expectations)
{
    reading *r = (reading *)expectations;
    if (!r) return;
    drift__arena_dispose(&r->arena);
    drift__free(r->items);
    drift__free(r);
}
