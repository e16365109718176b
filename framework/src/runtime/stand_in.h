/* stand_in.h — stand-ins for the SQL functions and collations of an application, so that its schema can be loaded
 * without it (`--stub-functions`).
 *
 * A stand-in function takes any number of arguments and gives an integer from 1 to 2^53 that depends on the function's
 * name and on the arguments alone: not NULL, true in a CHECK, and different for different arguments, so that generated
 * columns and unique indexes work. A stand-in collation compares as BINARY does.
 *
 * Both calls need a connection with a handle of its own (else UNSUPPORTED). Which functions a text names, the kit
 * knows: stand_in/text.h.
 */
#ifndef DRIFT_RUNTIME_STAND_IN_H
#define DRIFT_RUNTIME_STAND_IN_H

#include "drift/connection.h"

/** From now on every collation that is asked for and not known gets a stand-in. */
int drift__stand_in_collations(drift_connection *connection, drift_error *err);

/** Registers a stand-in under this name, whether or not a function of that name exists. */
int drift__stand_in_function(drift_connection *connection, const char *name, drift_error *err);

#endif
