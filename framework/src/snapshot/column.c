/* column.c — reading a column's JSON. */
#include "snapshot/column.h"

#include <string.h>

#include "base/error.h"
#include "base/map.h"
#include "base/str.h"
#include "snapshot/type.h"

/* {"elements": [string | {"lexeme": …, "tag"?: …}, …]}: Dart source, cut where a name was resolved. The pieces in a row
 * are the source; a tag repeats the getter of the column that is meant. */
static int read_expression(const char **out, drift__reading *r, const drift__node *feature, drift_error *err)
{
    drift__node expression, elements, element;
    drift__str source = DRIFT__STR_INIT;
    int rc = drift__node_get(&expression, feature, "dart_expression", DRIFT__JSON_OBJECT, err);
    if (rc == DRIFT_OK) rc = drift__node_get(&elements, &expression, "elements", DRIFT__JSON_ARRAY, err);
    for (size_t i = 0; rc == DRIFT_OK && i < drift__node_count(&elements); i++) {
        const char *piece = NULL;
        rc = drift__node_at(&element, &elements, i, DRIFT__JSON_STRING | DRIFT__JSON_OBJECT, err);
        if (rc == DRIFT_OK && json_is_string(element.json))
            piece = json_string_value(element.json);
        else if (rc == DRIFT_OK)
            rc = drift__node_string(&piece, &element, "lexeme", err);
        if (rc == DRIFT_OK) drift__str_puts(&source, piece);
    }
    if (rc == DRIFT_OK && source.failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK && !(*out = drift__arena_strdup(r->arena, drift__str_text(&source)))) rc = drift__no_memory(err);
    drift__str_dispose(&source);
    return rc;
}

static int read_feature(drift__snapshot_column *c, drift__reading *r, const drift__node *feature, drift_error *err)
{
    drift__node check, generated;
    const char *word = json_string_value(feature->json);
    if (word) {
        if (strcmp(word, "auto-increment") == 0) c->autoincrement = true;
        if (strcmp(word, "primary-key") == 0) c->primary_key = true;
        return DRIFT_OK;
    }
    int rc = drift__node_find(&check, feature, "check", DRIFT__JSON_OBJECT, err);
    if (rc == DRIFT_OK && check.json) rc = read_expression(&c->check, r, &check, err);
    if (rc == DRIFT_OK) rc = drift__node_find(&generated, feature, "generated_as", DRIFT__JSON_OBJECT, err);
    if (rc != DRIFT_OK || !generated.json) return rc;
    rc = drift__node_bool(&c->generated_stored, &generated, "stored", false, err);
    return rc == DRIFT_OK ? read_expression(&c->generated, r, &generated, err) : rc;
}

static int read_features(drift__snapshot_column *c, drift__reading *r, drift_error *err)
{
    drift__node features, feature;
    int rc = drift__node_find(&features, &c->node, "dsl_features", DRIFT__JSON_ARRAY, err);
    for (size_t i = 0; rc == DRIFT_OK && i < drift__node_count(&features); i++) {
        rc = drift__node_at(&feature, &features, i, DRIFT__JSON_STRING | DRIFT__JSON_OBJECT, err);
        if (rc == DRIFT_OK) rc = read_feature(c, r, &feature, err);
    }
    return rc;
}

/* {"sqlite": "…"} is preferred to the text that was meant for the dialect of the dump. */
static int read_default_constraints(drift__snapshot_column *c, drift_error *err)
{
    drift__node dialects;
    int rc = drift__node_optional_string(&c->default_constraints, &c->node, "defaultConstraints", err);
    if (rc == DRIFT_OK)
        rc = drift__node_find(&dialects, &c->node, "dialectAwareDefaultConstraints",
                              DRIFT__JSON_OBJECT | DRIFT__JSON_NULL, err);
    if (rc != DRIFT_OK || !json_is_object(dialects.json)) return rc;
    const char *sqlite = NULL;
    rc = drift__node_optional_string(&sqlite, &dialects, "sqlite", err);
    if (sqlite) c->default_constraints = sqlite;
    return rc;
}

static int read_type(drift__snapshot_column *c, drift_error *err)
{
    drift__node type;
    const int rc = drift__node_get(&type, &c->node, "moor_type", DRIFT__JSON_STRING, err);
    if (rc != DRIFT_OK) return rc;
    const char *word = json_string_value(type.json);
    c->logical = drift__logical_type(word);
    if (c->logical != DRIFT_LOGICAL_UNKNOWN) return DRIFT_OK;
    return drift__node_error(err, &type, "expected a type like \"int\", \"string\" or \"dateTime\", found \"%s\"",
                             word);
}

static int read_column(drift__snapshot_column *c, drift__reading *r, const drift__node *list, size_t index,
                       drift_error *err)
{
    drift__node nullable;
    int rc = drift__node_at(&c->node, list, index, DRIFT__JSON_OBJECT, err);
    if (rc != DRIFT_OK || (rc = drift__node_string(&c->name, &c->node, "name", err)) != DRIFT_OK ||
        (rc = drift__node_optional_string(&c->getter, &c->node, "getter_name", err)) != DRIFT_OK ||
        (rc = read_type(c, err)) != DRIFT_OK ||
        (rc = drift__node_get(&nullable, &c->node, "nullable", DRIFT__JSON_BOOL, err)) != DRIFT_OK ||
        (rc = drift__node_optional_string(&c->custom, &c->node, "customConstraints", err)) != DRIFT_OK ||
        (rc = drift__node_optional_string(&c->default_dart, &c->node, "default_dart", err)) != DRIFT_OK ||
        (rc = read_default_constraints(c, err)) != DRIFT_OK)
        return rc;
    c->nullable = json_is_true(nullable.json);
    return read_features(c, r, err);
}

int drift__columns_read(drift__snapshot_columns *out, drift__reading *r, const drift__node *data, drift_error *err)
{
    drift__map names = DRIFT__MAP_INIT;
    *out = (drift__snapshot_columns){0};
    int rc = drift__node_get(&out->list, data, "columns", DRIFT__JSON_ARRAY, err);
    if (rc != DRIFT_OK) return rc;
    out->count = drift__node_count(&out->list);
    out->items = drift__arena_array(r->arena, out->count, sizeof *out->items);
    if (!out->items) return drift__no_memory(err);
    for (size_t i = 0; i < out->count && rc == DRIFT_OK; i++) {
        void *old = NULL;
        drift__snapshot_column *c = &out->items[i];
        rc = read_column(c, r, &out->list, i, err);
        if (rc == DRIFT_OK && drift__map_put(&names, c->name, c, &old) != 0) rc = drift__no_memory(err);
        if (rc == DRIFT_OK && old)
            rc = drift__node_error(err, &c->node, "expected a name of its own, found \"%s\" a second time", c->name);
    }
    drift__map_dispose(&names);
    return rc;
}
