/* insert.h — one row into one table, by trial. */
#ifndef DRIFT_SEED_INSERT_H
#define DRIFT_SEED_INSERT_H

#include "seed/graph.h"

typedef struct drift__seed_insert {
    drift__seed_graph *graph;
    drift_connection *connection;
    uint64_t random;
    drift_error last; /* why the last try failed */
} drift__seed_insert;

/**
 * Tries until SQLite takes a row. On success the classes of its columns are fixed. Where a column cannot live with what
 * its class chose it breaks away: the row is then an orphan, and wants a parent of its own.
 * @return DRIFT_OK with *done; an error only where trying makes no sense (no memory, an I/O error).
 */
int drift__seed_insert_row(bool *done, drift__seed_insert *insert, drift__seed_table *table, drift_error *err);

/** As drift__seed_insert_row, for one more row of a table: columns that are `forced` have that value, others may differ
 * from their class, and no class is changed by it. */
int drift__seed_insert_parent(bool *done, drift__seed_insert *insert, drift__seed_table *table, drift_error *err);

#endif
