/* scratch.h — a database in memory that holds a schema as it will be, to ask SQLite whether it compiles before anything
 * is touched. It knows none of the application's functions and collations: all get stand-ins. */
#ifndef DRIFT_REBUILD_SCRATCH_H
#define DRIFT_REBUILD_SCRATCH_H

#include "drift/connection.h"
#include "rebuild/object.h"

/** Opens an empty one; close it with drift_connection_close. */
int drift__scratch_open(drift_connection **out, drift_error *err);

/** From now on a name in double quotes that is no column is an error, not a string: a column that vanishes must not
 * become a text unnoticed (https://www.sqlite.org/quirks.html#dblquote). */
int drift__scratch_be_strict(drift_connection *scratch, drift_error *err);

/** Runs a statement, with stand-ins for the functions that it names. */
int drift__scratch_run(drift_connection *scratch, const char *sql, drift_error *err);

/**
 * Creates the objects of a live database, tables first. What cannot be created there (a virtual table whose module is
 * the application's becomes an ordinary one with its columns) is left out.
 * @param connection the live database.
 * @param except objects for which it is true are left out; may be NULL.
 */
int drift__scratch_fill(drift_connection *scratch, drift_connection *connection, const drift__objects *objects,
                        bool (*except)(const drift__object *object, const void *payload), const void *payload,
                        drift_error *err);

/** As drift__object_compiles, with stand-ins. */
int drift__scratch_compiles(bool *compiles, drift_error *why, drift_connection *scratch, const drift__object *object,
                            drift_error *err);

/** Whether one more object can be created and compiles there; else it is not there afterwards. `why` as in
 * drift__object_compiles. */
int drift__scratch_try(bool *works, drift_error *why, drift_connection *scratch, const drift__object *object,
                       drift_error *err);

#endif
