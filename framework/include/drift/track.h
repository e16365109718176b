/* track.h — change tracking: what changes in named tables is queued in the database itself, to be delivered to a peer.
 *
 * drift_track_install makes an outbox, the table drift_track_outbox, and triggers on the tracked tables. A row and its
 * change are written by one transaction: both stand or neither. What was queued is leased by a worker, delivered, and
 * acknowledged (drift_sync_run does all of it). Delivery is at least once, every change carries an idempotency key, and
 * a peer that keeps the keys it has seen applies each change exactly once. What the peer sends back goes in through
 * drift_track_apply, which queues nothing (no echo).
 *
 * Order: a later change of a row waits until the earlier one is acknowledged or discarded. Changes of different rows go
 * by priority (the higher first), then in the order in which they were queued.
 *
 * Changes of one row that were never handed out become one: insert and update an insert, update and update an update,
 * insert and delete nothing, update and delete a delete, delete and insert an update. The one change keeps the earlier
 * one's place, idempotency key and base revision.
 *
 * REPLACE deletes rows without firing their triggers unless PRAGMA recursive_triggers is on
 * (https://www.sqlite.org/lang_conflict.html). The rows that an INSERT or UPDATE is about to replace are therefore
 * noted before it, and their deletion is queued with it, whatever the pragma says.
 *
 * Everything of tracking is named drift_track_…; introspection leaves it out, so that schemas are compared without it.
 *
 * Times are milliseconds since 1970-01-01 00:00 UTC. Texts are UTF-8. Every function works on any drift_connection,
 * also on a client of an executor, and belongs to the connection's thread.
 */
#ifndef DRIFT_TRACK_H
#define DRIFT_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/** A table whose changes are queued. It must be an ordinary table with a PRIMARY KEY; a row whose key holds NULL is
 * refused when it is written, since nobody could tell it from others. */
typedef struct drift_tracked_table {
    const char *table;
    const char *entity; /**< what the outbox calls it; NULL: the table's name */
    /**
     * The columns that are sent, ended by NULL; NULL: all of the table. An update that changes none of them, and not
     * the key, queues nothing: leave out what only keeps books (the state of synchronisation, a revision).
     */
    const char *const *columns;
    const char *revision; /**< the column with the peer's revision of the row, told as base revision; NULL: none */
    int priority;         /**< higher is delivered first */
    /** The version of the schema from which the entry holds; of several for one table the last that holds counts. */
    int since;
} drift_tracked_table;

typedef struct drift_tracking {
    const drift_tracked_table *tables;
    size_t table_count;
} drift_tracking;

/**
 * Makes the outbox and the triggers, in one transaction; what is there already and is as it should be stays, triggers
 * of an earlier tracking go. drift_database_open does it for definitions with a `tracking`.
 * @param schema the schema that the database has.
 * @return NOT_FOUND for a table or column that the schema does not have; MISUSE for a table that cannot be tracked, or
 * two that share an entity.
 */
DRIFT_API int drift_track_install(drift_connection *connection, const drift_schema *schema,
                                  const drift_tracking *tracking, drift_error *err);

/**
 * Whether tracking stands as drift_track_install makes it: every table and trigger there, with its text, no other
 * trigger of that name, every trigger compiling. Else MISMATCH, naming the first that is missing, different or foreign.
 */
DRIFT_API int drift_track_verify(drift_connection *connection, const drift_schema *schema,
                                 const drift_tracking *tracking, drift_error *err);

/** Drops the triggers and keeps the outbox, for the time of a migration; drift_track_install brings them back. */
DRIFT_API int drift_track_suspend(drift_connection *connection, drift_error *err);

/** Removes tracking with all that is queued. */
DRIFT_API int drift_track_remove(drift_connection *connection, drift_error *err);

/** Runs `body` in a transaction in which nothing is queued. As drift_transaction otherwise. */
DRIFT_API int drift_track_untracked(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err);

/** What happened to a row, once: X(NAME, word in the outbox). */
#define DRIFT_OPERATION_MAP(X) \
    X(INSERT, "insert")        \
    X(UPDATE, "update")        \
    X(DELETE, "delete")

typedef enum drift_operation {
#define DRIFT_OPERATION_ENUM(name, word) DRIFT_OPERATION_##name,
    DRIFT_OPERATION_MAP(DRIFT_OPERATION_ENUM)
#undef DRIFT_OPERATION_ENUM
} drift_operation;

/** The word for an operation ("insert"), or NULL. Static. */
DRIFT_API const char *drift_operation_name(drift_operation operation);

/** Where a change stands, once: X(NAME, word in the outbox). */
#define DRIFT_OUTBOX_STATE_MAP(X) \
    X(DUE, "due")                 \
    X(LEASED, "leased")           \
    X(DEAD, "dead")

typedef enum drift_outbox_state {
#define DRIFT_OUTBOX_STATE_ENUM(name, word) DRIFT_OUTBOX_##name,
    DRIFT_OUTBOX_STATE_MAP(DRIFT_OUTBOX_STATE_ENUM)
#undef DRIFT_OUTBOX_STATE_ENUM
} drift_outbox_state;

/**
 * A queued change. Key and payload are JSON objects that SQLite wrote when the row changed: an INTEGER is a number with
 * all its digits, a REAL one with 17 digits and a point ({"$real": "inf"} and {"$real": "-inf"} are the infinities),
 * a TEXT a string (a NUL in it is \u0000), a BLOB {"$hex": "00FF"}, NULL null.
 */
typedef struct drift_outbox_change {
    int64_t sequence; /**< the order of queueing */
    const char *entity;
    const char *key; /**< the row's primary key: {"id":7} */
    drift_operation operation;
    drift_value base_revision; /**< of the row, before its first change that is not delivered; NULL: none */
    const char *payload;       /**< the tracked columns as they are now; NULL for a delete */
    const char *idempotency_key;
    int priority;
    drift_outbox_state state;
    int attempts;           /**< how often it was leased, this time included; since it was revived */
    int64_t next_attempt;   /**< not before this time */
    const char *last_error; /**< why the last attempt failed, or NULL */
    int64_t created_at;
    const char *lease; /**< whose it is; NULL unless LEASED */
} drift_outbox_change;

/** Changes, as they were read. */
typedef struct drift_outbox_batch drift_outbox_batch;

DRIFT_API size_t drift_outbox_batch_count(const drift_outbox_batch *batch);
/** The change at a place from 0; NULL behind the end. Borrowed from the batch. */
DRIFT_API const drift_outbox_change *drift_outbox_batch_at(const drift_outbox_batch *batch, size_t at);
DRIFT_API void drift_outbox_batch_free(drift_outbox_batch *batch); /**< accepts NULL */

/** How changes are leased and tried again. All zero: the defaults. Values below 0 or above the limits are MISUSE. */
typedef struct drift_outbox_options {
    int limit;          /**< changes in a lease; 0: 32 */
    int64_t lease_ms;   /**< after this time a change that was not answered is due again; 0: 60,000; at most an hour */
    int max_attempts;   /**< a change that failed so often is dead; 0: 12 */
    int64_t backoff_ms; /**< the wait after the first failure, doubled by each further one; 0: 1,000 */
    int64_t backoff_cap_ms; /**< the longest wait; 0: 900,000; at most a day */
} drift_outbox_options;

/** The time now. */
DRIFT_API int64_t drift_outbox_now(void);

/**
 * Leases changes that are due, at most one of a row, and hands them out in the order of delivery. A lease that has
 * expired is due again, and dead if that was its last attempt. A clock that was set back does not keep a change waiting
 * longer than the limits of the options.
 * @param out the changes, maybe none; the caller frees.
 * @param options may be NULL.
 */
DRIFT_API int drift_outbox_lease(drift_outbox_batch **out, drift_connection *connection,
                                 const drift_outbox_options *options, int64_t now, drift_error *err);

/**
 * The peer has a change: it leaves the outbox. Once more, or after the lease has expired, does nothing.
 * @param revision the row's revision at the peer, which later changes of the row are then based on and which goes into
 * the table's revision column, if `tracking` is given and says one; NULL: not told.
 * @param tracking may be NULL.
 */
DRIFT_API int drift_outbox_acknowledge(drift_connection *connection, const drift_outbox_change *change,
                                       const drift_value *revision, const drift_tracking *tracking, drift_error *err);

/**
 * An attempt failed: the change is due again after a wait of between a half and all of backoff × 2^(attempts - 1), at
 * most the cap, at random so that many devices do not come back at once; after the last attempt it is dead. No effect
 * unless the change's lease is still this one.
 * @param why kept as the change's last error. @param not_before the earliest time of the next attempt, or 0.
 */
DRIFT_API int drift_outbox_retry(drift_connection *connection, const drift_outbox_change *change, const char *why,
                                 int64_t not_before, const drift_outbox_options *options, int64_t now,
                                 drift_error *err);

/** The peer will never take a change: it is dead at once, and later changes of the row wait behind it. */
DRIFT_API int drift_outbox_reject(drift_connection *connection, const drift_outbox_change *change, const char *why,
                                  drift_error *err);

/** Gives a lease back that was not used; it does not count as an attempt. */
DRIFT_API int drift_outbox_release(drift_connection *connection, const drift_outbox_change *change, drift_error *err);

/** A dead change is due again, with all its attempts. NOT_FOUND if there is no dead change of this sequence. */
DRIFT_API int drift_outbox_revive(drift_connection *connection, int64_t sequence, drift_error *err);

/** Gives a dead change up: it leaves the outbox undelivered. NOT_FOUND as above. */
DRIFT_API int drift_outbox_discard(drift_connection *connection, int64_t sequence, drift_error *err);

/** Lists changes of a state in the order of delivery, without leasing them. @param limit 0: all. */
DRIFT_API int drift_outbox_list(drift_outbox_batch **out, drift_connection *connection, drift_outbox_state state,
                                int limit, drift_error *err);

/** How many changes there are of a state. */
DRIFT_API int drift_outbox_count(int64_t *out, drift_connection *connection, drift_outbox_state state,
                                 drift_error *err);

/* --- what the peer sends --- */

/** A row as the peer has it. */
typedef struct drift_remote_change {
    const char *entity;
    drift_operation operation; /**< INSERT and UPDATE both write the row, whether it is there or not */
    const char *key;           /**< as in drift_outbox_change */
    const char *payload;       /**< as in drift_outbox_change; columns that it does not name keep their value (or
                                    get their default), columns that are not tracked here are passed over */
    drift_value revision;      /**< goes into the table's revision column; NULL: left as it is */
} drift_remote_change;

/** What to do about a row that was changed on both sides. */
typedef enum drift_resolution {
    DRIFT_KEEP_LOCAL = 0, /**< the local change stands and is delivered, now based on the peer's revision */
    DRIFT_KEEP_SERVER,    /**< the peer's row is written, the queued changes of the row are dropped */
    DRIFT_MERGED          /**< the peer's row, then `merged` as a local change of it, which is queued */
} drift_resolution;

typedef struct drift_sync_conflict {
    const drift_remote_change *remote;
    const drift_outbox_change *local; /**< the last queued change of the row */
    /** For MERGED: set to a payload, which must last until drift_track_apply returns. */
    const char *merged;
} drift_sync_conflict;

/** Decides about a conflict. Not DRIFT_OK ends drift_track_apply with that status. It may read the connection. */
typedef int (*drift_conflict_fn)(drift_resolution *out, drift_sync_conflict *conflict, void *payload, drift_error *err);

/** A batch of the peer's changes. */
typedef struct drift_remote_batch {
    const char *peer; /**< whose cursor it is: "server" */
    /** The cursor that the batch follows; if the stored one is another nothing is applied and MISMATCH tells it: a
     * batch that comes twice, or out of order, does no harm. NULL: not checked. */
    const char *after;
    const char *cursor; /**< stored with the rows, in the same transaction; NULL: stays */
    const drift_remote_change *changes;
    size_t change_count;
} drift_remote_batch;

/**
 * Writes what the peer sent, all of it or nothing, and queues nothing of it. Foreign keys are checked at the end, so
 * that children may come before their parents.
 * @param resolve asked where a change for the same row is queued; NULL: MISMATCH then, naming the row.
 * @return NOT_FOUND for an entity that is not tracked; FORMAT for a key or payload that is not what it should be, a
 * conflict resolved as MERGED without `merged`; CONSTRAINT and others of the statements.
 */
DRIFT_API int drift_track_apply(drift_connection *connection, const drift_schema *schema,
                                const drift_tracking *tracking, const drift_remote_batch *batch,
                                drift_conflict_fn resolve, void *payload, drift_error *err);

/** The cursor stored for a peer; NULL if there is none. The caller frees it with drift_free. */
DRIFT_API int drift_track_cursor(char **out, drift_connection *connection, const char *peer, drift_error *err);

/* --- the worker --- */

typedef enum drift_delivery_outcome {
    DRIFT_DELIVERED = 0, /**< the peer has it (also: had it already) */
    DRIFT_DELIVER_LATER, /**< not now: it is tried again */
    DRIFT_NEVER_DELIVER  /**< the peer refuses it for good: it is dead */
} drift_delivery_outcome;

/** What came of a delivery; all zero is "delivered". */
typedef struct drift_delivery {
    drift_delivery_outcome outcome;
    drift_value revision; /**< DELIVERED: the row's revision at the peer; NULL: not told. Borrowed from the callback
                               until it is called again or drift_sync_run returns */
    int64_t not_before;   /**< LATER: the peer asked to be left alone until then; 0: it did not */
    char why[256];        /**< LATER, NEVER: kept as the last error */
} drift_delivery;

/**
 * Brings one change to the peer and says what came of it. Called outside any transaction; it may take its time, as long
 * as it answers within the lease. Not DRIFT_OK ends drift_sync_run with that status: the change counts as not tried.
 */
typedef int (*drift_deliver_fn)(drift_delivery *delivery, const drift_outbox_change *change, void *payload,
                                drift_error *err);

/** Runs in the transaction in which the answer is written down, behind it: to set the app's own columns (untracked). */
typedef int (*drift_answered_fn)(drift_connection *connection, const drift_outbox_change *change,
                                 const drift_delivery *delivery, void *payload, drift_error *err);

typedef struct drift_sync_options {
    drift_outbox_options outbox;
    const drift_tracking *tracking; /**< for revision columns; may be NULL */
    drift_answered_fn answered;     /**< may be NULL; gets `payload` too */
    int64_t (*now)(void *payload);  /**< the clock; NULL: drift_outbox_now */
} drift_sync_options;

/** What a run did. */
typedef struct drift_sync_report {
    int64_t delivered, later, dead; /**< answers of each kind; a last attempt that failed counts as dead */
} drift_sync_report;

/**
 * Delivers what is due until nothing is due any more, one change after another. Several may run at once, on connections
 * of their own: none gets what another has leased.
 * @param options and `report` may be NULL.
 * @return MISUSE inside a transaction; what `deliver` and `answered` give; errors of the connection. What was answered
 * before stands.
 */
DRIFT_API int drift_sync_run(drift_connection *connection, drift_deliver_fn deliver, void *payload,
                             const drift_sync_options *options, drift_sync_report *report, drift_error *err);

DRIFT_END_DECLS

#endif
