/* column.h — a column of a snapshot, as the JSON has it. */
#ifndef DRIFT_SNAPSHOT_COLUMN_H
#define DRIFT_SNAPSHOT_COLUMN_H

#include <stdbool.h>

#include "drift/schema.h"
#include "snapshot/dart.h"
#include "snapshot/item.h"

typedef struct drift__snapshot_column {
    drift__node node;
    const char *name;
    const char *getter; /**< the name in Dart, or NULL */
    drift_logical_type logical;
    bool nullable;
    const char *custom;              /**< customConstraints, or NULL */
    const char *default_constraints; /**< for SQLite, or NULL */
    const char *default_dart;        /**< a Dart expression, or NULL */
    bool primary_key, autoincrement; /**< dsl_features */
    const char *check;               /**< dsl_features: a Dart expression, or NULL */
    const char *generated;           /**< likewise */
    bool generated_stored;
} drift__snapshot_column;

/** The columns of a table, in the reading's arena. Duplicate names are an error. */
typedef struct drift__snapshot_columns {
    drift__node list;
    drift__snapshot_column *items;
    size_t count;
} drift__snapshot_columns;

/** `data` is that of a table or a view. The columns hold `out->list` as their parent, so that `out` must not move. */
int drift__columns_read(drift__snapshot_columns *out, drift__reading *r, const drift__node *data, drift_error *err);

/** Writes the column's definition as it stands between the parentheses of CREATE TABLE. */
int drift__column_put(drift__str *s, drift__reading *r, const char *table, const drift__snapshot_column *column,
                      drift__dart_scope *scope, drift_error *err);

#endif
