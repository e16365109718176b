/* node.h — JSON values that know where they stand, so that an error can name the path ("$.entities[3].data.name"). */
#ifndef DRIFT_SNAPSHOT_NODE_H
#define DRIFT_SNAPSHOT_NODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "drift/error.h"

/** A value and its way to the root. Nodes live on the stack; a parent outlives its children. Nothing is allocated until
 * a path is told. */
typedef struct drift__node {
    const json_t *json; /**< NULL: an optional key that is absent */
    const struct drift__node *parent;
    const char *key;    /**< in an object, else NULL */
    size_t index;       /**< in an array */
    const char *source; /**< what errors call the text */
} drift__node;

/** What a value may be: a set of these. */
enum {
    DRIFT__JSON_OBJECT = 1,
    DRIFT__JSON_ARRAY = 2,
    DRIFT__JSON_STRING = 4,
    DRIFT__JSON_INTEGER = 8,
    DRIFT__JSON_BOOL = 16,
    DRIFT__JSON_NULL = 32,
    DRIFT__JSON_REAL = 64 /**< a number with a fraction or an exponent */
};

drift__node drift__node_root(const json_t *json, const char *source);

/** A key that must be there, of one of these types. FORMAT if it is not. */
int drift__node_get(drift__node *out, const drift__node *object, const char *key, unsigned types, drift_error *err);

/** A key that may be absent (json is then NULL); if it is there, of one of these types. */
int drift__node_find(drift__node *out, const drift__node *object, const char *key, unsigned types, drift_error *err);

/** An element of an array, of one of these types; `index` is inside it. */
int drift__node_at(drift__node *out, const drift__node *array, size_t index, unsigned types, drift_error *err);

/** The string of a key that must be there. Borrowed from the tree. */
int drift__node_string(const char **out, const drift__node *object, const char *key, drift_error *err);

/** The string of a key that may be absent or null: then NULL. */
int drift__node_optional_string(const char **out, const drift__node *object, const char *key, drift_error *err);

/** The bool of a key; `otherwise` where it is absent. */
int drift__node_bool(bool *out, const drift__node *object, const char *key, bool otherwise, drift_error *err);

/** The integer of a key that must be there. */
int drift__node_integer(json_int_t *out, const drift__node *object, const char *key, drift_error *err);

/** The number of elements of an array; 0 if it is absent. */
size_t drift__node_count(const drift__node *array);

/** FORMAT, with the node's path before the text. */
int drift__node_error(drift_error *err, const drift__node *node, const char *format, ...) DRIFT_PRINTF(3, 4);

/** Writes the node's path. */
void drift__node_path(drift__str *s, const drift__node *node);

#endif
