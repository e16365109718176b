/* world.h — the databases of a verification: built once for each version and level, copied for each case.
 *
 * They live in memory; where level many asks for more rows than that is good for, in private files that go with their
 * connections.
 */
#ifndef DRIFT_VERIFY_WORLD_H
#define DRIFT_VERIFY_WORLD_H

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/kit/verify.h"

/** From so many rows a table on, databases live in files. */
enum { DRIFT__WORLD_ROWS_IN_MEMORY = 10000 };

/** A connection to an empty database that others can attach (verify/referee.h), set up as the options say. */
int drift__world_open(drift_connection **out, const drift_verify_options *options, drift_error *err);

/** What a database in a file spares that is thrown away: nobody wants it after a power cut, nor what it held. Its
 * journal stays, since a migration that fails rolls back. */
int drift__world_relax(drift_connection *connection, drift_error *err);

/** What a connection gets after its own `setup`: stand-ins for collations, and the setup's SQL. */
int drift__world_prepare(drift_connection *connection, const drift_verify_options *options, drift_error *err);

/** Creates a schema's entities in an empty database, foreign keys off, and stamps its version. The error's source is
 * the entity. */
int drift__world_build(drift_connection *connection, const drift_schema *schema, const drift_verify_options *options,
                       drift_error *err);

/** A connection of its own to a copy of a whole database. */
int drift__world_clone(drift_connection **out, drift_connection *original, const drift_verify_options *options,
                       drift_error *err);

/** Makes a database a copy of another, page by page. */
int drift__world_copy(drift_connection *to, drift_connection *from, drift_error *err);

/** The rows in all tables, those of virtual tables counted through them, those of sqlite_% and shadow tables not. */
int drift__world_count_rows(int64_t *out, drift_connection *connection, drift_error *err);

/** Whether two databases in memory are the same, byte by byte but for what counts how often they were written. False
 * for those in files, which may be too large to be read whole. */
int drift__world_same_bytes(bool *out, drift_connection *a, drift_connection *b, drift_error *err);

/** Writes the database into a file, page by page as it is. */
int drift__world_save(drift_connection *connection, const char *path, drift_error *err);

/** Registers stand-ins for what a text names, if the options say so. */
int drift__world_stub(drift_connection *connection, const char *sql, size_t length, const drift_verify_options *options,
                      drift_error *err);

/** Adds a hint where the application's own functions or collations are what is missing, or rows with JSON. */
void drift__world_hint(drift_error *err, const drift_verify_options *options);

#endif
