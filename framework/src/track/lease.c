/* lease.c — handing changes out.
 *
 *   due ──lease──▶ leased ──acknowledge──▶ gone
 *    ▲              │ │ └──reject, last attempt──▶ dead ──discard──▶ gone
 *    └─retry, release,│                              │
 *      lease expired ─┘              revive ──▶ due ◀┘
 */
#include "base/clock.h"
#include "base/error.h"
#include "track/batch.h"

enum { HOUR_MS = 3600000, DAY_MS = 86400000 };

int64_t drift_outbox_now(void)
{
    return drift__clock_wall_ms();
}

static int require_range(int64_t *value, int64_t normal, int64_t most, const char *what, drift_error *err)
{
    if (*value == 0) *value = normal;
    if (*value >= 1 && *value <= most) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE, "expected %s from 1 to %lld, found %lld", what, (long long)most,
                        (long long)*value);
}

int drift__outbox_settings(drift_outbox_options *out, const drift_outbox_options *options, drift_error *err)
{
    *out = options ? *options : (drift_outbox_options){0};
    int64_t limit = out->limit, attempts = out->max_attempts;
    int rc = require_range(&limit, 32, 1000000, "a limit", err);
    if (rc == DRIFT_OK) rc = require_range(&attempts, 12, 1000000, "a number of attempts", err);
    if (rc == DRIFT_OK) rc = require_range(&out->lease_ms, 60000, HOUR_MS, "milliseconds of a lease", err);
    if (rc == DRIFT_OK) rc = require_range(&out->backoff_ms, 1000, DAY_MS, "milliseconds of backoff", err);
    if (rc == DRIFT_OK) rc = require_range(&out->backoff_cap_ms, 900000, DAY_MS, "milliseconds as the cap", err);
    out->limit = (int)limit;
    out->max_attempts = (int)attempts;
    return rc;
}

typedef struct lease {
    drift_outbox_batch *batch;
    drift_outbox_options options;
    int64_t now;
} lease;

/* A time further ahead than any that is ever set was set by a clock that has been put back since. */
#define EXPIRED "(state = 'leased' AND (leased_until <= ?1 OR leased_until > ?1 + 3600000))"
#define REACHED "(next_attempt <= ?1 OR next_attempt > ?1 + 86400000)"

/* Whoever took a change so often and never answered may have been killed by it. */
static int end_expired(drift_connection *connection, const lease *l, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(l->now), DRIFT_BIND_INT64(l->options.max_attempts)};
    return drift_query(connection,
                       "UPDATE main.drift_track_outbox SET lease = NULL, leased_until = NULL, "
                       "state = CASE WHEN attempts >= ?2 THEN 'dead' ELSE 'due' END, "
                       "last_error = 'the lease ended without an answer' WHERE " EXPIRED,
                       binds, 2, NULL, NULL, err);
}

static int take_due(drift_connection *connection, const lease *l, const char *token, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(l->now), DRIFT_BIND_INT64(l->options.limit),
                                 DRIFT_BIND_INT64(l->options.lease_ms), drift__track_text(token)};
    return drift_query(
        connection,
        "UPDATE main.drift_track_outbox SET state = 'leased', lease = ?4, leased_until = ?1 + ?3, "
        "attempts = attempts + 1, handed_out = 1 WHERE sequence IN "
        "(SELECT sequence FROM main.drift_track_outbox AS o WHERE state = 'due' AND " REACHED
        " AND NOT EXISTS (SELECT 1 FROM main.drift_track_outbox AS earlier WHERE earlier.entity = o.entity "
        "AND earlier.key = o.key AND earlier.sequence < o.sequence) "
        "ORDER BY priority DESC, sequence LIMIT ?2)",
        binds, 4, NULL, NULL, err);
}

static int take_token(drift_statement *row, void *payload, drift_error *err)
{
    char *token = payload;
    size_t length = 0;
    const char *text = drift_column_text(row, 0, &length);
    if (!text) return drift__no_memory(err);
    for (size_t i = 0; i < 32 && i < length; i++) token[i] = text[i];
    return DRIFT_OK;
}

static int lease_due(drift_connection *connection, void *payload, drift_error *err)
{
    lease *l = payload;
    char token[33] = {0};
    const drift_value bind = DRIFT_BIND_TEXT(token, 32);
    int rc = drift_query(connection, "SELECT lower(hex(randomblob(16)))", NULL, 0, take_token, token, err);
    if (rc == DRIFT_OK) rc = end_expired(connection, l, err);
    if (rc == DRIFT_OK) rc = take_due(connection, l, token, err);
    if (rc != DRIFT_OK) return rc;
    /* The + keeps the order's index out: the few that are leased are found by theirs, and sorted. */
    return drift__outbox_read(&l->batch, connection,
                              "WHERE o.state = 'leased' AND o.lease = ?1 ORDER BY +o.priority DESC, +o.sequence", &bind,
                              1, err);
}

/* Whether the lease has anything to do: a worker that finds nothing writes nothing, and wakes nobody. */
static int has_work(bool *out, drift_connection *connection, const lease *l, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_INT64(l->now);
    int64_t found = 0;
    const int rc = drift_query_int64(&found, connection,
                                     "SELECT EXISTS (SELECT 1 FROM main.drift_track_outbox WHERE " EXPIRED
                                     ") OR EXISTS (SELECT 1 FROM main.drift_track_outbox AS o WHERE state = 'due' "
                                     "AND " REACHED " AND NOT EXISTS (SELECT 1 FROM main.drift_track_outbox AS earlier "
                                     "WHERE earlier.entity = o.entity AND earlier.key = o.key "
                                     "AND earlier.sequence < o.sequence))",
                                     &bind, 1, err);
    *out = found != 0;
    return rc;
}

int drift_outbox_lease(drift_outbox_batch **out, drift_connection *connection, const drift_outbox_options *options,
                       int64_t now, drift_error *err)
{
    lease l = {.now = now};
    bool work = false;
    *out = NULL;
    int rc = drift__outbox_settings(&l.options, options, err);
    if (rc == DRIFT_OK) rc = has_work(&work, connection, &l, err);
    if (rc == DRIFT_OK && !work) return drift__outbox_read(out, connection, "WHERE 0", NULL, 0, err);
    if (rc == DRIFT_OK) rc = drift_transaction(connection, lease_due, &l, err);
    if (rc == DRIFT_OK)
        *out = l.batch;
    else
        drift_outbox_batch_free(l.batch);
    return rc;
}
