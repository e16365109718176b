/* rows.h — the rows of a table, in memory, to be matched with those of another. */
#ifndef DRIFT_VERIFY_ROWS_H
#define DRIFT_VERIFY_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "digest/digest.h"
#include "drift/connection.h"
#include "drift/error.h"

/** A row. */
typedef struct drift__row {
    bool has_rowid, has_key; /**< a key whose values are all not NULL */
    int64_t rowid;
    drift__digest key;   /**< of the key's values */
    drift__digest cast;  /**< of the same, cast as the query says */
    drift__digest whole; /**< of all values */
    drift_value *values; /**< in the arena */
    struct drift__row *match;
} drift__row;

typedef struct drift__table_rows {
    drift__arena arena;
    drift__row *rows;
    size_t count, capacity;
    size_t column_count;
} drift__table_rows;

/** What to read of a table. */
typedef struct drift__table_rows_query {
    const char *table;
    const char *const *columns;
    size_t column_count;
    const size_t *key;            /**< indexes into `columns` */
    size_t key_count;             /**< 0: rows have no key */
    const char *const *key_types; /**< what each key value is cast to as well (a type's name); NULL: to nothing */
    const char *rowid;            /**< the name under which the rowid can be read, or NULL */
} drift__table_rows_query;

/** Dispose also after a failure. */
int drift__table_rows_read(drift__table_rows *out, drift_connection *connection, const drift__table_rows_query *query,
                           drift_error *err);
void drift__table_rows_dispose(drift__table_rows *rows);

/**
 * Matches rows by key, then by what the old keys become when they are cast, then equal rows, then by rowid: each
 * `match` is set on both sides.
 */
int drift__table_rows_match(drift__table_rows *before, drift__table_rows *after, drift_error *err);

#endif
