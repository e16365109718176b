/* command.h — a command that migrates a file. */
#ifndef DRIFT_VERIFY_COMMAND_H
#define DRIFT_VERIFY_COMMAND_H

#include "verify/runner.h"

/**
 * Writes the database into a file in a folder of its own, runs the source's command on it with {db}, {from} and {to}
 * replaced, and reads the file back into the connection. MIGRATION if the command ended with another status than 0,
 * with the last line that it printed; CHILD and `not_started` if it could not be started.
 */
int drift__command_run(drift__attempt *attempt, drift_connection *connection, drift_error *err);

#endif
