/* keep.h — what is kept of a failed case. */
#ifndef DRIFT_VERIFY_KEEP_H
#define DRIFT_VERIFY_KEEP_H

#include "verify/runner.h"

/**
 * Writes <folder>/v1_to_v3_one/database.db, the database after the migration (and after its rollback, if it failed),
 * and repro.sql, a script for the sqlite3 shell that builds the old database with its rows and runs the steps.
 */
int drift__keep_case(const char *folder, const char *data, const drift__attempt *attempt, drift_connection *before,
                     drift_connection *after, drift_error *err);

/** The script alone; free it with drift__free. `after` is not needed for it. */
int drift__repro_write(char **out, const char *data, const drift__attempt *attempt, drift_connection *before,
                       drift_error *err);

#endif
