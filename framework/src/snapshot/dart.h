/* dart.h — the Dart expressions of a snapshot to SQL, as far as that is possible without Dart. */
#ifndef DRIFT_SNAPSHOT_DART_H
#define DRIFT_SNAPSHOT_DART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "drift/error.h"
#include "drift/schema.h"

/** What an expression may name: a column by its Dart getter. */
typedef struct drift__dart_column {
    const char *getter;
    const char *name; /**< in SQL */
    drift_logical_type logical;
} drift__dart_column;

typedef struct drift__dart_scope {
    const drift__dart_column *columns; /**< of the table */
    size_t count;
    bool dates_as_text;
    bool expect_double; /**< the expression's type is double, so that Constant(1) is 1.0 */
} drift__dart_scope;

/**
 * Translates `CustomExpression('…')`, `Constant(…)`, currentDateAndTime, comparisons, arithmetic and function calls on
 * columns: what Drift's query builder writes for them without a connection.
 * @param out the SQL, in the arena; NULL if only Dart can tell.
 * @return DRIFT_OK, also if it is not known; NO_MEMORY.
 */
int drift__dart_to_sql(const char **out, drift__arena *arena, const char *expression, const drift__dart_scope *scope,
                       drift_error *err);

#endif
