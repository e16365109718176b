/* open.h — the steps of opening that all ways of opening share. */
#ifndef DRIFT_RUNTIME_OPEN_H
#define DRIFT_RUNTIME_OPEN_H

#include <sqlite3.h>

#include "drift/connection.h"

/** Opens a handle with extended result codes. `filename` is what SQLite gets, `path` what errors call it. */
int drift__handle_open(sqlite3 **out, const char *filename, const char *path, int flags, const char *vfs,
                       drift_error *err);

/** Runs the setup hook, if there is one. */
int drift__run_setup(drift_connection *connection, const drift_connection_options *options, drift_error *err);

/** Tells that a file cannot be read, and why. @return `status`. */
int drift__cannot_read(drift_error *err, int status, const char *path, const drift_error *reason);

/** Reads the file's first page: NOT_A_DATABASE if it is none. */
int drift__read_header(drift_connection *connection, const char *path, drift_error *err);

#endif
