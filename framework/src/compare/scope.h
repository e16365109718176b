/* scope.h — what a double-quoted word means: a name if there is such a column, else a string
 * (https://www.sqlite.org/quirks.html, "Double-quoted String Literals Are Accepted"). */
#ifndef DRIFT_COMPARE_SCOPE_H
#define DRIFT_COMPARE_SCOPE_H

#include <stdbool.h>

#include "base/map.h"
#include "compare/columns.h"

/** The names that can be meant are those of `columns`, or those in `names`; if both are NULL, every one. */
typedef struct drift__scope {
    const drift__columns *columns;
    const drift__map *names;
    const char *table; /**< the one table in scope, whose name before a column says nothing; or NULL */
    bool rowid;        /**< rowid, oid and _rowid_ are names too */
} drift__scope;

/** Whether a word can be a name here. */
bool drift__scope_has(const drift__scope *scope, const char *name);

/** Whether there is a column that is called so, which hides the word's other meaning (TRUE). */
bool drift__scope_hides(const drift__scope *scope, const char *word);

#endif
