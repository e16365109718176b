/* batch.h — a batch as data, so that it can be run here or sent to where it is run. */
#ifndef DRIFT_RUNTIME_BATCH_H
#define DRIFT_RUNTIME_BATCH_H

#include "base/arena.h"
#include "base/map.h"
#include "drift/connection.h"

/** One run of a statement. */
typedef struct drift__batch_entry {
    size_t text; /**< the index of the statement's text */
    const drift_value *values;
    size_t value_count;
} drift__batch_entry;

struct drift_batch {
    drift__arena arena; /**< texts and values */
    const char **texts; /**< each once */
    size_t text_count, text_capacity;
    drift__batch_entry *entries;
    size_t entry_count, entry_capacity;
    drift__map interned; /**< text to the chain of texts that differ from it only in case */
};

/** Runs a batch by preparing its statements on this connection. */
int drift__batch_run_statements(drift_connection *connection, const drift_batch *batch, drift_error *err);

#endif
