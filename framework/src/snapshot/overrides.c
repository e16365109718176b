/* overrides.c — one file serves all snapshots of an application, so that an entry which one version has no use for is
 * no error. A mistyped name cannot hide: what it should have supplied stays unknown, and is told. */
#include "snapshot/overrides.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/fold.h"
#include "snapshot/load.h"
#include "snapshot/node.h"

static int check_part(const drift__node *part, drift_error *err)
{
    if (strcmp(part->key, "default") != 0 && strcmp(part->key, "check") != 0 && strcmp(part->key, "generated") != 0)
        return drift__node_error(err, part, "expected one of the keys \"default\", \"check\", \"generated\"");
    if (!json_is_string(part->json)) return drift__node_error(err, part, "expected a string of SQL");
    if (!*json_string_value(part->json)) return drift__node_error(err, part, "expected SQL, found an empty string");
    return DRIFT_OK;
}

static int check_entry(const drift__node *entry, drift_error *err)
{
    const char *key;
    json_t *value;
    const char *dot = strchr(entry->key, '.');
    if (!dot || dot == entry->key || !dot[1]) return drift__node_error(err, entry, "expected a key \"table.column\"");
    if (!json_is_object(entry->json))
        return drift__node_error(err, entry, "expected an object like {\"default\": \"0\"}");
    json_object_foreach((json_t *)entry->json, key, value)
    {
        const drift__node part = {value, entry, key, 0, entry->source};
        const int rc = check_part(&part, err);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

static int check_entries(json_t *tree, const char *path, drift_error *err)
{
    const char *key;
    json_t *value;
    const drift__node root = drift__node_root(tree, path);
    if (!json_is_object(tree)) return drift__node_error(err, &root, "expected an object of \"table.column\" entries");
    json_object_foreach(tree, key, value)
    {
        const drift__node entry = {value, &root, key, 0, path};
        const int rc = check_entry(&entry, err);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

int drift__overrides_read(drift__overrides *out, const char *path, drift_error *err)
{
    char *text = NULL;
    size_t length = 0;
    out->tree = NULL;
    int rc = drift__file_read(&text, &length, path, err);
    if (rc == DRIFT_OK) rc = drift__json_load(&out->tree, text, length, path, err);
    if (rc == DRIFT_OK) rc = check_entries(out->tree, path, err);
    drift__free(text);
    if (rc != DRIFT_OK) drift__overrides_dispose(out);
    return rc;
}

/* Whether a key is "table.column". Names may hold dots themselves, so that the key is not taken apart. */
static bool names_column(const char *key, const char *table, const char *column)
{
    const size_t length = strlen(table);
    return strlen(key) > length && key[length] == '.' && drift__same_word(key, length, table) &&
           drift__same_name(key + length + 1, column);
}

const char *drift__overrides_find(const drift__overrides *overrides, const char *table, const char *column,
                                  const char *what)
{
    const char *key;
    json_t *value;
    if (!overrides->tree) return NULL;
    json_object_foreach(overrides->tree, key, value)
    {
        const char *sql = names_column(key, table, column) ? json_string_value(json_object_get(value, what)) : NULL;
        if (sql) return sql;
    }
    return NULL;
}

void drift__overrides_dispose(drift__overrides *overrides)
{
    json_decref(overrides->tree);
    overrides->tree = NULL;
}
