/* answer.c — what became of a change that was handed out, and of one that is dead. */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "sql/quote.h"
#include "track/batch.h"
#include "track/row.h"

/* --- delivered --- */

typedef struct answer {
    const drift_outbox_change *change;
    const drift_value *revision;
    const drift_tracking *tracking;
} answer;

static int leave(drift_connection *connection, int64_t sequence, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_INT64(sequence);
    return drift_query(connection, "DELETE FROM main.drift_track_outbox WHERE sequence = ?1", &bind, 1, NULL, NULL,
                       err);
}

static int rebase(drift_connection *connection, const answer *a, drift_error *err)
{
    const drift_value binds[] = {*a->revision, drift__track_text(a->change->entity), drift__track_text(a->change->key)};
    return drift_query(connection,
                       "UPDATE main.drift_track_outbox SET base_revision = ?1 WHERE entity = ?2 AND key = ?3 AND "
                       "handed_out = 0",
                       binds, 3, NULL, NULL, err);
}

static const drift_tracked_table *find_table(const drift_tracking *tracking, const char *entity)
{
    for (size_t i = tracking->table_count; i > 0; i--) {
        const drift_tracked_table *t = &tracking->tables[i - 1];
        if (strcmp(t->entity ? t->entity : t->table, entity) == 0) return t;
    }
    return NULL;
}

static int set_revision(drift_connection *connection, void *payload, drift_error *err)
{
    const answer *a = payload;
    const drift_tracked_table *t = find_table(a->tracking, a->change->entity);
    if (!t || !t->revision || a->change->operation == DRIFT_OPERATION_DELETE) return DRIFT_OK;
    return drift__row_set_revision(connection, t->table, t->revision, a->change->key, a->revision, err);
}

/* A change that is gone was acknowledged before: its revision is older than what has come since. */
static int acknowledge(drift_connection *connection, void *payload, drift_error *err)
{
    answer *a = payload;
    int rc = leave(connection, a->change->sequence, err);
    if (rc != DRIFT_OK || drift_changes(connection) == 0 || !a->revision || a->revision->kind == DRIFT_NULL) return rc;
    if ((rc = rebase(connection, a, err)) != DRIFT_OK || !a->tracking) return rc;
    return drift_track_untracked(connection, set_revision, a, err);
}

int drift_outbox_acknowledge(drift_connection *connection, const drift_outbox_change *change,
                             const drift_value *revision, const drift_tracking *tracking, drift_error *err)
{
    answer a = {change, revision, tracking};
    return drift_transaction(connection, acknowledge, &a, err);
}

/* --- not delivered --- */

/* backoff × 2^(attempts - 1), at most the cap. */
static int64_t longest_wait(const drift_outbox_options *options, int attempts)
{
    int64_t wait = options->backoff_ms;
    for (int i = 1; i < attempts && wait < options->backoff_cap_ms; i++) wait *= 2;
    return wait < options->backoff_cap_ms ? wait : options->backoff_cap_ms;
}

int drift_outbox_retry(drift_connection *connection, const drift_outbox_change *change, const char *why,
                       int64_t not_before, const drift_outbox_options *options, int64_t now, drift_error *err)
{
    drift_outbox_options settings;
    int rc = drift__outbox_settings(&settings, options, err);
    if (rc != DRIFT_OK) return rc;
    const int64_t half = longest_wait(&settings, change->attempts) / 2;
    const int64_t rest = longest_wait(&settings, change->attempts) - half + 1;
    const drift_value binds[] = {
        DRIFT_BIND_INT64(change->sequence),     drift__track_text(change->lease), drift__track_text(why),
        DRIFT_BIND_INT64(not_before),           DRIFT_BIND_INT64(now + half),     DRIFT_BIND_INT64(rest),
        DRIFT_BIND_INT64(settings.max_attempts)};
    return drift_query(
        connection,
        "UPDATE main.drift_track_outbox SET state = CASE WHEN attempts >= ?7 THEN 'dead' ELSE 'due' END, "
        "lease = NULL, leased_until = NULL, last_error = ?3, "
        "next_attempt = max(?4, ?5 + abs(random() % ?6)) "
        "WHERE sequence = ?1 AND state = 'leased' AND lease = ?2",
        binds, 7, NULL, NULL, err);
}

int drift_outbox_reject(drift_connection *connection, const drift_outbox_change *change, const char *why,
                        drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(change->sequence), drift__track_text(change->lease),
                                 drift__track_text(why)};
    return drift_query(connection,
                       "UPDATE main.drift_track_outbox SET state = 'dead', lease = NULL, leased_until = NULL, "
                       "last_error = ?3 WHERE sequence = ?1 AND state = 'leased' AND lease = ?2",
                       binds, 3, NULL, NULL, err);
}

/* What was handed out stays marked so: whether the peer has seen it is not known. */
int drift_outbox_release(drift_connection *connection, const drift_outbox_change *change, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(change->sequence), drift__track_text(change->lease)};
    return drift_query(connection,
                       "UPDATE main.drift_track_outbox SET state = 'due', lease = NULL, leased_until = NULL, "
                       "attempts = attempts - 1 WHERE sequence = ?1 AND state = 'leased' AND lease = ?2",
                       binds, 2, NULL, NULL, err);
}

/* --- dead --- */

static int change_dead(drift_connection *connection, const char *sql, int64_t sequence, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_INT64(sequence);
    const int rc = drift_query(connection, sql, &bind, 1, NULL, NULL, err);
    if (rc != DRIFT_OK || drift_changes(connection) == 1) return rc;
    return drift__error(err, DRIFT_NOT_FOUND, "expected a dead change %lld in the outbox, found none",
                        (long long)sequence);
}

int drift_outbox_revive(drift_connection *connection, int64_t sequence, drift_error *err)
{
    return change_dead(connection,
                       "UPDATE main.drift_track_outbox SET state = 'due', attempts = 0, next_attempt = 0 "
                       "WHERE sequence = ?1 AND state = 'dead'",
                       sequence, err);
}

int drift_outbox_discard(drift_connection *connection, int64_t sequence, drift_error *err)
{
    return change_dead(connection, "DELETE FROM main.drift_track_outbox WHERE sequence = ?1 AND state = 'dead'",
                       sequence, err);
}
