/* fingerprint.h — all that a database is, in parts that can be named: its settings, every object's definition, every
 * table's rows with their rowids, sqlite_sequence and the shadow tables of virtual tables included. Two databases with
 * one fingerprint are the same to whoever uses them. */
#ifndef DRIFT_DIGEST_FINGERPRINT_H
#define DRIFT_DIGEST_FINGERPRINT_H

#include "drift/connection.h"
#include "drift/error.h"

typedef struct drift__fingerprint drift__fingerprint;

/** Reads the main database; nothing is changed. The caller frees. */
int drift__fingerprint_take(drift__fingerprint **out, drift_connection *connection, drift_error *err);

void drift__fingerprint_free(drift__fingerprint *fingerprint); /* accepts NULL */

/** The first part in which they differ ("user_version", "index todos_by_due", "rows of todos"), or NULL. Borrowed. */
const char *drift__fingerprint_difference(const drift__fingerprint *a, const drift__fingerprint *b);

#endif
