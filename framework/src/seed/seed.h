/* seed.h — rows for an empty database: one valid row in every table.
 *
 * One row a table makes foreign keys simple: every child's key equals the key of the one row of its parent. So columns
 * that foreign keys join, however long the chain, and round about in a cycle or to the table itself, form one class
 * with one value. What a value may be is guessed from the schema's text (types, CHECKs, triggers) and tried against
 * SQLite, which alone decides. Where one value cannot serve all (a type column that each child checks for another
 * word), a child gets a parent row of its own.
 */
#ifndef DRIFT_SEED_SEED_H
#define DRIFT_SEED_SEED_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "drift/connection.h"
#include "drift/error.h"

/** A table that could not be filled. */
typedef struct drift__seed_failure {
    const char *table;
    const char *reason;
} drift__seed_failure;

typedef struct drift__seed_result {
    drift__arena arena;
    const drift__seed_failure *failures; /* in the arena */
    size_t failure_count;
} drift__seed_result;

/**
 * Puts at least one row into every table of the main database that has none, virtual tables included, outside of a
 * transaction, with foreign keys not enforced meanwhile but satisfied at the end. After an error rows may be there.
 * Every value follows from the schema and `seed`.
 * @param result zeroed by the call; tables that could not be filled are no error. drift__seed_result_dispose ends it.
 */
int drift__seed_one(drift__seed_result *result, drift_connection *connection, int64_t seed, drift_error *err);

void drift__seed_result_dispose(drift__seed_result *result);

#endif
