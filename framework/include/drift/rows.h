/* rows.h — the whole result of a query, as data: what asynchronous requests and query streams hand over.
 *
 * Threads: rows never change and are reference-counted; any number of threads may read and free them at once.
 */
#ifndef DRIFT_ROWS_H
#define DRIFT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/connection.h"
#include "drift/export.h"

DRIFT_BEGIN_DECLS

typedef struct drift_rows drift_rows;

/** How many rows and columns there are; 0 for NULL. A statement without a result has no columns. */
DRIFT_API size_t drift_rows_count(const drift_rows *rows);
DRIFT_API int drift_rows_column_count(const drift_rows *rows);

/** A column's name (columns count from 0), or NULL if there is no such column. Borrowed from the rows. */
DRIFT_API const char *drift_rows_column_name(const drift_rows *rows, int column);

/** A value (rows and columns count from 0); NULL where there is none. Its text or blob is borrowed from the rows, and a
 * NUL stands behind it. */
DRIFT_API drift_value drift_rows_value(const drift_rows *rows, size_t row, int column);

/** Whether two results have the same columns and, row by row, the same values. NULL equals only NULL. */
DRIFT_API bool drift_rows_same(const drift_rows *a, const drift_rows *b);

/** Keeps rows beyond the callback that lent them: each retain needs a free. @return `rows`. Accepts NULL. */
DRIFT_API const drift_rows *drift_rows_retain(const drift_rows *rows);
DRIFT_API void drift_rows_free(const drift_rows *rows); /**< accepts NULL */

DRIFT_END_DECLS

#endif
