/* row_source.h — rows that a function makes, as a table to select from. INSERT … SELECT out of one is the fastest way
 * in which SQLite takes rows: nothing is bound, and one statement serves any number of them. */
#ifndef DRIFT_RUNTIME_ROW_SOURCE_H
#define DRIFT_RUNTIME_ROW_SOURCE_H

#include "drift/connection.h"

/** Makes the row of a number. Texts and blobs are borrowed until the next call. */
typedef void (*drift__make_row_fn)(drift_value *values, int64_t number, void *payload);

/** A table of rows first, first + 1 … end - 1; its columns are c0, c1 … Whoever registered it may change the bounds
 * between two statements. */
typedef struct drift__row_source {
    const char *name;
    size_t columns; /**< at least 1 */
    int64_t first, end;
    drift__make_row_fn make;
    void *payload;
    drift_value *values; /**< room for a row */
} drift__row_source;

/**
 * Makes a source selectable under its name, in place of another of that name. Nothing is written into the database.
 * The source is borrowed until drift__row_source_remove. Statements that read it are run by drift_exec: a cached one
 * would outlive it.
 * @return DRIFT_OK; UNSUPPORTED by a connection without a SQLite handle of its own; NO_MEMORY.
 */
int drift__row_source_add(drift_connection *connection, drift__row_source *source, drift_error *err);

/** Forgets a source that was added; it may go away also if this fails (NO_MEMORY). */
int drift__row_source_remove(drift_connection *connection, const drift__row_source *source, drift_error *err);

#endif
