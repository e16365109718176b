/* reader.h — what expression.c and run.c share: a place in a text and the bounds of the work. */
#ifndef DRIFT_COMPARE_READER_H
#define DRIFT_COMPARE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "compare/node.h"
#include "compare/scope.h"
#include "sql/cursor.h"

typedef struct drift__reader {
    drift__cursor at;
    drift__arena *arena;
    const drift__scope *scope;
    size_t depth;   /**< of calls: parentheses in hostile texts must not exhaust the stack */
    size_t budget;  /**< tokens that may still be read: going back must not make the work exponential */
    bool name_here; /**< the token at hand can only be a name: an alias, or a table behind FROM */
} drift__reader;

/** Where a run ends, which is not read: at the text's end, at ')', at the word END. */
typedef enum drift__run_end { DRIFT__RUN_TEXT, DRIFT__RUN_CLOSE, DRIFT__RUN_END_WORD } drift__run_end;

/** Goes to the next token, out of the budget. */
void drift__reader_next(drift__reader *r);

/**
 * Reads an expression whose operators bind at least as tightly as `power`; 0 reads a whole one. NULL if there is none:
 * the place is then undefined and the caller goes back.
 */
drift__node *drift__read_expression(drift__reader *r, int power);

/** Reads tokens and expressions into a list, up to the end, which is not read. */
void drift__read_run(drift__reader *r, drift__node *list, drift__run_end end);

/** The token at hand as a leaf, read. */
drift__node *drift__read_token(drift__reader *r);

/** Whether the token at hand is a word that belongs to a join: LEFT JOIN, not a column called left. */
bool drift__reader_at_join(const drift__reader *r);

/** The name or string at hand, without quotes; NULL if there is no memory. */
const char *drift__reader_unquoted(drift__reader *r);

#endif
