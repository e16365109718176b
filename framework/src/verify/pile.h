/* pile.h — many small records, sorted in a memory that does not grow with them: what does not fit is written down as
 * sorted runs, in chunks that are rows of a temporary table, and the runs are merged while they are read.
 */
#ifndef DRIFT_VERIFY_PILE_H
#define DRIFT_VERIFY_PILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"

/** How many records a pile holds in memory. One with no more writes nothing down. */
enum { DRIFT__PILE_MEMORY = 65536 };

/** Sorted by `low`, `high`, `row`. */
typedef struct drift__pile_record {
    uint64_t low, high;
    int64_t row;
} drift__pile_record;

/** Where the piles of a connection write: {connection, 1} starts one. */
typedef struct drift__pile_store {
    drift_connection *connection;
    int64_t next_chunk;
} drift__pile_store;

/** Makes the temporary table, which has to be there before a pile is larger than the memory. It stays until the
 * connection is closed: the next store writes over it. */
int drift__pile_store_open(const drift__pile_store *store, drift_error *err);

struct drift__pile_run;

/** {.store = …} starts one. */
typedef struct drift__pile {
    drift__pile_store *store;
    drift__pile_record *records; /* private: those that came last */
    size_t count, capacity;
    struct drift__pile_run *runs; /* private: written down */
    size_t run_count, run_capacity;
    size_t *heap; /* private: while reading, runs by their next record; the last one holds `records` */
    size_t heap_count;
    uint64_t size; /**< records that were added */
} drift__pile;

/** Adds a record. Not after drift__pile_sort. */
int drift__pile_add(drift__pile *pile, drift__pile_record record, drift_error *err);

/** Ends the adding. */
int drift__pile_sort(drift__pile *pile, drift_error *err);

/** Takes the next record of a sorted pile. `*some` is false at the end. */
int drift__pile_next(bool *some, drift__pile_record *out, drift__pile *pile, drift_error *err);

/** Frees what it holds; it is then as it was when it started. */
void drift__pile_dispose(drift__pile *pile);

#endif
