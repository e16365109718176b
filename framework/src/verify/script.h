/* script.h — SQL files as people write them: a byte order mark, CRLF, lines for the shell (".tables"), no final ';'. */
#ifndef DRIFT_VERIFY_SCRIPT_H
#define DRIFT_VERIFY_SCRIPT_H

#include <stddef.h>

#include "drift/connection.h"
#include "drift/error.h"

/**
 * Reads a script. Byte order mark and shell lines become spaces, so that every position stays what it is in the file.
 * @param out free it with drift__free.
 * @return DRIFT_OK; SYNTAX for a NUL byte; FORMAT for UTF-16, for the shell's .read, and where a comment of a migration
 * tool says that the way back follows.
 */
int drift__script_read(char **out, size_t *length, const char *path, drift_error *err);

/** Called after every statement that succeeded; not DRIFT_OK ends the script with that status. */
typedef int (*drift__after_statement_fn)(drift_connection *connection, void *payload, drift_error *err);

/**
 * Runs a script statement by statement; rows are ignored.
 * @param name what errors call the script, with line and column in it; the error's text ends with the statement.
 * @param after may be NULL.
 */
int drift__script_run(drift_connection *connection, const char *sql, size_t length, const char *name,
                      drift__after_statement_fn after, void *payload, drift_error *err);

/**
 * Makes spaces of the statements of a dump that create and fill SQLite's own tables (sqlite_sequence, sqlite_stat1):
 * SQLite makes these itself, and refuses to have them made. Those that write sqlite_schema stay.
 */
void drift__script_blank_internal(char *sql, size_t length);

#endif
