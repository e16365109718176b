/* batch.h — changes as they are read from the outbox. */
#ifndef DRIFT_TRACK_BATCH_H
#define DRIFT_TRACK_BATCH_H

#include "base/arena.h"
#include "drift/track.h"

struct drift_outbox_batch {
    drift__arena arena;
    drift_outbox_change *changes;
    size_t count, capacity;
};

/** Reads the changes that a condition over the outbox `o` selects ("WHERE …", maybe with ORDER BY and LIMIT). */
int drift__outbox_read(drift_outbox_batch **out, drift_connection *connection, const char *where,
                       const drift_value *binds, size_t bind_count, drift_error *err);

/** A text as a value to bind; NULL is NULL. */
drift_value drift__track_text(const char *text);

/** The settings with their defaults put in; MISUSE for one that is out of its range. `options` may be NULL. */
int drift__outbox_settings(drift_outbox_options *out, const drift_outbox_options *options, drift_error *err);

#endif
