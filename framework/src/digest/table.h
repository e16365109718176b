/* table.h — the rows of one table as one digest, whatever their order: the sum of the rows' digests. */
#ifndef DRIFT_DIGEST_TABLE_H
#define DRIFT_DIGEST_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "digest/digest.h"
#include "drift/connection.h"
#include "drift/error.h"

typedef struct drift__table_digest {
    drift__digest rows;    /* of all rows */
    drift__digest columns; /* of the columns' names */
    int64_t count;
} drift__table_digest;

/** Which values of a row count. */
typedef enum drift__row_view {
    DRIFT__ROW_AS_STORED, /**< the rowid and every column, in their order */
    DRIFT__ROW_BY_NAME    /**< the columns, ordered by name */
} drift__row_view;

/** Reads a table of the main database; SQL if there is none or if it cannot be read. Nothing is held in memory. */
int drift__table_digest_take(drift__table_digest *out, drift_connection *connection, const char *table,
                             drift__row_view view, drift_error *err);

/** Whether names of columns and rows are the same. */
bool drift__table_digest_same(const drift__table_digest *a, const drift__table_digest *b);

/** The name under which a table's rowid can be read, "" if it has none or if columns have all three names. Static. */
int drift__rowid_name(const char **out, drift_connection *connection, const char *table, drift_error *err);

#endif
