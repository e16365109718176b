/* rows.h — rows, being read. */
#ifndef DRIFT_EXECUTOR_ROWS_H
#define DRIFT_EXECUTOR_ROWS_H

#include <stdint.h>

#include "drift/rows.h"

/** How much of a result is read at once. */
typedef struct drift__rows_limit {
    size_t rows, bytes;
} drift__rows_limit;

/** As much as there is. */
#define DRIFT__ROWS_ALL    \
    (drift__rows_limit)    \
    {                      \
        SIZE_MAX, SIZE_MAX \
    }

/**
 * Steps a statement and keeps its rows.
 * @param out also on an error: the rows before it, or NULL if there was no memory for any.
 * @param more whether the statement is not at its end.
 */
int drift__rows_read(drift_rows **out, bool *more, drift_statement *statement, drift__rows_limit limit,
                     drift_error *err);

/** Rows of a statement that was not stepped: its columns. */
int drift__rows_header(drift_rows **out, drift_statement *statement, drift_error *err);

#endif
