/* expression.h — SQL text to its canonical form.
 *
 * Expressions are parsed with SQLite's precedences (src/parse.y), so that redundant parentheses vanish because the tree
 * has none. Around them stands a run of tokens: a SELECT or a trigger's body is a run in which every expression is
 * canonical; a single expression is a run of one. What is not understood stays as tokens, and nothing is refused.
 */
#ifndef DRIFT_COMPARE_EXPRESSION_H
#define DRIFT_COMPARE_EXPRESSION_H

#include <stddef.h>

#include "base/arena.h"
#include "compare/node.h"
#include "compare/scope.h"

/** The run of a text: a list of what it holds. NULL if there is no memory (the arena then has failed). */
drift__node *drift__expression_parse(drift__arena *arena, const char *text, const drift__scope *scope);

/** The canonical text of an expression or a run; NULL if there is no memory. */
const char *drift__expression_canonical(drift__arena *arena, const char *text, const drift__scope *scope);

/**
 * The canonical text of what stands behind DEFAULT; NULL if that is NULL, as if there were no DEFAULT, or if there is
 * no memory. A bare or quoted word is a string there: "ccons ::= DEFAULT id" in src/parse.y.
 */
const char *drift__default_canonical(drift__arena *arena, const char *text);

/** Prints a node into the arena; NULL if there is no memory. */
const char *drift__node_text(drift__arena *arena, const drift__node *node);

#endif
