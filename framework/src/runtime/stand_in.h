/* stand_in.h — stand-ins for the SQL functions and collations of an application, so that its schema can be loaded
 * without it (`--stub-functions`).
 *
 * A stand-in function takes any number of arguments and gives an integer from 1 to 2^53 that depends on the function's
 * name and on the arguments alone: not NULL, true in a CHECK, and different for different arguments, so that generated
 * columns and unique indexes work. A stand-in collation compares as BINARY does.
 *
 * In the order in which they are used:
 *     drift__stand_in_collations(connection, err);               once, after opening
 *     drift__stand_in_functions(connection, sql, length, err);   before a text is run that may name functions
 *     drift__stand_in_function(connection, "md5", err);          for one that is known by name
 * All of them need a connection with a handle of its own (else UNSUPPORTED).
 */
#ifndef DRIFT_RUNTIME_STAND_IN_H
#define DRIFT_RUNTIME_STAND_IN_H

#include <stddef.h>

#include "drift/connection.h"

/** From now on every collation that is asked for and not known gets a stand-in. */
int drift__stand_in_collations(drift_connection *connection, drift_error *err);

/** Registers a stand-in under this name, whether or not a function of that name exists. */
int drift__stand_in_function(drift_connection *connection, const char *name, drift_error *err);

/**
 * Registers a stand-in for every name that stands before a '(' in a text and is no function that the connection knows,
 * and for the operator REGEXP. Names of tables and types and words of the grammar that stand there get one too, which
 * does no harm: nothing calls them.
 * @param sql any SQL, also several statements; need not be valid, need not end with NUL.
 */
int drift__stand_in_functions(drift_connection *connection, const char *sql, size_t length, drift_error *err);

/** Collations, and functions for all that the connection's stored schema (sqlite_schema) names. */
int drift__stand_ins_install(drift_connection *connection, drift_error *err);

#endif
