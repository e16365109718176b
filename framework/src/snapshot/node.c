/* node.c — typed access to JSON. */
#include "snapshot/node.h"

#include <stdarg.h>
#include <string.h>

#include "base/error.h"
#include "base/str.h"

#define NODE_TYPES(X)                    \
    X(DRIFT__JSON_OBJECT, "an object")   \
    X(DRIFT__JSON_ARRAY, "an array")     \
    X(DRIFT__JSON_STRING, "a string")    \
    X(DRIFT__JSON_INTEGER, "an integer") \
    X(DRIFT__JSON_BOOL, "a bool")        \
    X(DRIFT__JSON_NULL, "null")          \
    X(DRIFT__JSON_REAL, "a number with a fraction")

static const struct {
    unsigned type;
    const char *name;
} type_names[] = {
#define NODE_TYPE_ROW(type, name) {type, name},
    NODE_TYPES(NODE_TYPE_ROW)
#undef NODE_TYPE_ROW
};

enum { TYPE_COUNT = sizeof type_names / sizeof type_names[0] };

static unsigned type_of(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT: return DRIFT__JSON_OBJECT;
    case JSON_ARRAY: return DRIFT__JSON_ARRAY;
    case JSON_STRING: return DRIFT__JSON_STRING;
    case JSON_INTEGER: return DRIFT__JSON_INTEGER;
    case JSON_TRUE:
    case JSON_FALSE: return DRIFT__JSON_BOOL;
    case JSON_NULL: return DRIFT__JSON_NULL;
    case JSON_REAL: return DRIFT__JSON_REAL;
    }
    return 0;
}

static const char *found_name(const json_t *json)
{
    const unsigned type = type_of(json);
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (type_names[i].type == type) return type_names[i].name;
    return "a value of no type";
}

static void put_expected(drift__str *s, unsigned types)
{
    bool first = true;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (!(types & type_names[i].type)) continue;
        if (!first) drift__str_puts(s, " or ");
        drift__str_puts(s, type_names[i].name);
        first = false;
    }
}

static bool is_plain_key(const char *key)
{
    return key[0] && key[strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

void drift__node_path(drift__str *s, const drift__node *node)
{
    if (!node->parent) {
        drift__str_putc(s, '$');
        return;
    }
    drift__node_path(s, node->parent);
    if (!node->key)
        drift__str_printf(s, "[%zu]", node->index);
    else if (is_plain_key(node->key))
        drift__str_printf(s, ".%s", node->key);
    else
        drift__str_printf(s, "[\"%s\"]", node->key);
}

int drift__node_error(drift_error *err, const drift__node *node, const char *format, ...)
{
    drift__str text = DRIFT__STR_INIT;
    va_list args;
    va_start(args, format);
    drift__node_path(&text, node);
    drift__str_puts(&text, ": ");
    drift__str_vprintf(&text, format, args);
    va_end(args);
    const int rc = text.failed
                       ? drift__no_memory(err)
                       : drift__error_at(err, DRIFT_FORMAT, node->source, 0, 0, 0, "%s", drift__str_text(&text));
    drift__str_dispose(&text);
    return rc;
}

static int check_type(const drift__node *node, unsigned types, drift_error *err)
{
    if (type_of(node->json) & types) return DRIFT_OK;
    drift__str expected = DRIFT__STR_INIT;
    put_expected(&expected, types);
    const int rc = expected.failed ? drift__no_memory(err)
                                   : drift__node_error(err, node, "expected %s, found %s", drift__str_text(&expected),
                                                       found_name(node->json));
    drift__str_dispose(&expected);
    return rc;
}

drift__node drift__node_root(const json_t *json, const char *source)
{
    return (drift__node){json, NULL, NULL, 0, source};
}

int drift__node_find(drift__node *out, const drift__node *object, const char *key, unsigned types, drift_error *err)
{
    *out = (drift__node){json_object_get(object->json, key), object, key, 0, object->source};
    return out->json ? check_type(out, types, err) : DRIFT_OK;
}

int drift__node_get(drift__node *out, const drift__node *object, const char *key, unsigned types, drift_error *err)
{
    const int rc = drift__node_find(out, object, key, types, err);
    if (rc != DRIFT_OK || out->json) return rc;
    return drift__node_error(err, object, "expected the key \"%s\", which is missing", key);
}

int drift__node_at(drift__node *out, const drift__node *array, size_t index, unsigned types, drift_error *err)
{
    *out = (drift__node){json_array_get(array->json, index), array, NULL, index, array->source};
    return check_type(out, types, err);
}

int drift__node_string(const char **out, const drift__node *object, const char *key, drift_error *err)
{
    drift__node node;
    const int rc = drift__node_get(&node, object, key, DRIFT__JSON_STRING, err);
    *out = rc == DRIFT_OK ? json_string_value(node.json) : NULL;
    return rc;
}

int drift__node_optional_string(const char **out, const drift__node *object, const char *key, drift_error *err)
{
    drift__node node;
    const int rc = drift__node_find(&node, object, key, DRIFT__JSON_STRING | DRIFT__JSON_NULL, err);
    *out = rc == DRIFT_OK ? json_string_value(node.json) : NULL;
    return rc;
}

int drift__node_bool(bool *out, const drift__node *object, const char *key, bool otherwise, drift_error *err)
{
    drift__node node;
    const int rc = drift__node_find(&node, object, key, DRIFT__JSON_BOOL, err);
    *out = rc == DRIFT_OK && node.json ? json_is_true(node.json) : otherwise;
    return rc;
}

int drift__node_integer(json_int_t *out, const drift__node *object, const char *key, drift_error *err)
{
    drift__node node;
    const int rc = drift__node_get(&node, object, key, DRIFT__JSON_INTEGER, err);
    *out = rc == DRIFT_OK ? json_integer_value(node.json) : 0;
    return rc;
}

size_t drift__node_count(const drift__node *array)
{
    return json_array_size(array->json);
}
