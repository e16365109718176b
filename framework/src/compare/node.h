/* node.h — an expression in its canonical form: a tree that prints the same for every way to write the same thing. */
#ifndef DRIFT_COMPARE_NODE_H
#define DRIFT_COMPARE_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

typedef enum drift__node_kind {
    DRIFT__NODE_NAME,    /**< a name without quotes; printed folded and quoted */
    DRIFT__NODE_INTEGER, /**< decimal digits, maybe behind '-' */
    DRIFT__NODE_REAL,    /**< as drift__number_real gives it, maybe behind '-' */
    DRIFT__NODE_TRUTH,   /**< TRUE or FALSE, as "1" or "0": a number, except behind IS */
    DRIFT__NODE_LITERAL, /**< a string with its quotes, a blob, NULL, CURRENT_TIME; printed as it is */
    DRIFT__NODE_WORD,    /**< a keyword or a sign; printed folded */
    DRIFT__NODE_LIST     /**< an operation: its name in `text`, and children */
} drift__node_kind;

typedef struct drift__node {
    drift__node_kind kind;
    const char *text;
    size_t height; /**< 1 for a leaf */
    struct drift__node *first, *last, *next;
} drift__node;

/** A node in the arena; NULL if there is no memory or `text` is NULL. */
drift__node *drift__node_new(drift__arena *arena, drift__node_kind kind, const char *text);

/** A list of up to three children; NULL if one of the first `count` is NULL. */
drift__node *drift__node_list(drift__arena *arena, const char *text, size_t count, drift__node *a, drift__node *b,
                              drift__node *c);

/** Adds a child behind the others. Nothing happens if one of them is NULL. */
void drift__node_add(drift__node *list, drift__node *child);

/** Whether a node is a list of this name. */
bool drift__node_is(const drift__node *node, const char *text);

void drift__node_print(drift__str *out, const drift__node *node);

#endif
