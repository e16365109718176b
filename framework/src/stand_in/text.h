/* text.h — stand-ins for the functions that a text or a stored schema names (runtime/stand_in.h says what they do).
 *
 * In the order in which they are used:
 *     drift__stand_in_collations(connection, err);               once, after opening
 *     drift__stand_in_functions(connection, sql, length, err);   before a text is run that may name functions
 * All of it needs a connection with a handle of its own (else UNSUPPORTED).
 */
#ifndef DRIFT_STAND_IN_TEXT_H
#define DRIFT_STAND_IN_TEXT_H

#include <stddef.h>

#include "drift/connection.h"

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
