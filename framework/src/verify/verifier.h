/* verifier.h — comparing a live database with a schema, as the verifier and debug builds do. */
#ifndef DRIFT_VERIFY_VERIFIER_H
#define DRIFT_VERIFY_VERIFIER_H

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/kit/verifier.h"
#include "drift/schema.h"

/**
 * MISMATCH if what stands in a database is not what drift_migrator_create_all makes of a schema.
 * @param name what errors call the database.
 * @param options may be NULL.
 */
int drift__validate_schema(drift_connection *connection, const char *name, int version, const drift_schema *schema,
                           const drift_validate_options *options, drift_error *err);

#endif
