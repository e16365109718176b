/* sqlite_error.h — SQLite's result codes as drift statuses. The one place that maps them. */
#ifndef DRIFT_RUNTIME_SQLITE_ERROR_H
#define DRIFT_RUNTIME_SQLITE_ERROR_H

#include <sqlite3.h>
#include <stddef.h>

#include "drift/error.h"

/** The status of an extended result code. `message` is SQLite's, which alone tells a text that is no SQL from a
 * statement that cannot run: both are SQLITE_ERROR. */
int drift__sqlite_status(int code, const char *message);

/** Tells the handle's last error. @return its status. */
int drift__sqlite_error(drift_error *err, sqlite3 *handle);

/**
 * As drift__sqlite_error, for a text that could not be compiled from byte `start` on. If the error is about the text it
 * gets its place in `sql`: where SQLite says it is, or where the statement begins.
 */
int drift__sqlite_error_in(drift_error *err, sqlite3 *handle, const char *sql, size_t start);

/** The offset of the first byte at or behind `start` that is neither white space nor comment nor ';'. */
size_t drift__statement_start(const char *sql, size_t start);

#endif
