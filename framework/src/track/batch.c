/* batch.c */
#include "track/batch.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"

static const char *const operations[] = {
#define DRIFT_OPERATION_WORD(name, word) word,
    DRIFT_OPERATION_MAP(DRIFT_OPERATION_WORD)
#undef DRIFT_OPERATION_WORD
};

static const char *const states[] = {
#define DRIFT_OUTBOX_STATE_WORD(name, word) word,
    DRIFT_OUTBOX_STATE_MAP(DRIFT_OUTBOX_STATE_WORD)
#undef DRIFT_OUTBOX_STATE_WORD
};

enum { OPERATIONS = sizeof operations / sizeof *operations, STATES = sizeof states / sizeof *states };

const char *drift_operation_name(drift_operation operation)
{
    return (size_t)operation < OPERATIONS ? operations[operation] : NULL;
}

drift_value drift__track_text(const char *text)
{
    return text ? (drift_value)DRIFT_BIND_TEXT(text, strlen(text)) : (drift_value)DRIFT_BIND_NULL;
}

/* --- a row of the outbox --- */

/* In the order of these columns a change is taken from a row. */
#define COLUMNS                                                                                             \
    "o.sequence, o.entity, o.key, o.operation, o.base_revision, o.payload, o.idempotency_key, o.priority, " \
    "o.state, o.attempts, o.next_attempt, o.last_error, o.created_at, o.lease"

/* The place of a word in a list; the table's CHECK lets no other word in. */
static size_t place(const char *const *words, size_t count, const char *word)
{
    size_t at = 0;
    while (at < count - 1 && (!word || strcmp(words[at], word) != 0)) at++;
    return at;
}

static const char *take_text(drift__arena *arena, drift_statement *row, int column)
{
    size_t length = 0;
    const bool null = drift_column_value(row, column).kind == DRIFT_NULL;
    const char *text = null ? NULL : drift_column_text(row, column, &length);
    if (!null && !text) arena->failed = 1;
    return text ? drift__arena_strndup(arena, text, length) : NULL;
}

static drift_value take_value(drift__arena *arena, drift_statement *row, int column)
{
    drift_value value = drift_column_value(row, column);
    if (value.kind != DRIFT_TEXT && value.kind != DRIFT_BLOB) return value;
    if (value.length > 0 && !value.bytes) arena->failed = 1;
    value.bytes = drift__arena_strndup(arena, value.bytes ? value.bytes : "", value.length);
    return value;
}

static int take_change(drift_statement *row, void *payload, drift_error *err)
{
    drift_outbox_batch *batch = payload;
    drift__arena *arena = &batch->arena;
    if (drift__reserve((void **)&batch->changes, &batch->capacity, batch->count + 1, sizeof *batch->changes) != 0)
        return drift__no_memory(err);
    batch->changes[batch->count++] = (drift_outbox_change){
        .sequence = drift_column_int64(row, 0),
        .entity = take_text(arena, row, 1),
        .key = take_text(arena, row, 2),
        .operation = (drift_operation)place(operations, OPERATIONS, drift_column_text(row, 3, NULL)),
        .base_revision = take_value(arena, row, 4),
        .payload = take_text(arena, row, 5),
        .idempotency_key = take_text(arena, row, 6),
        .priority = (int)drift_column_int64(row, 7),
        .state = (drift_outbox_state)place(states, STATES, drift_column_text(row, 8, NULL)),
        .attempts = (int)drift_column_int64(row, 9),
        .next_attempt = drift_column_int64(row, 10),
        .last_error = take_text(arena, row, 11),
        .created_at = drift_column_int64(row, 12),
        .lease = take_text(arena, row, 13),
    };
    return arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift__outbox_read(drift_outbox_batch **out, drift_connection *connection, const char *where,
                       const drift_value *binds, size_t bind_count, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift_outbox_batch *batch = drift__calloc(1, sizeof *batch);
    *out = NULL;
    drift__str_printf(&sql, "SELECT " COLUMNS " FROM main.drift_track_outbox AS o %s", where);
    int rc = !batch || sql.failed ? drift__no_memory(err) : DRIFT_OK;
    if (rc == DRIFT_OK) rc = drift_query(connection, drift__str_text(&sql), binds, bind_count, take_change, batch, err);
    drift__str_dispose(&sql);
    if (rc == DRIFT_OK)
        *out = batch;
    else
        drift_outbox_batch_free(batch);
    return rc;
}

/* --- what its reader gets --- */

size_t drift_outbox_batch_count(const drift_outbox_batch *batch)
{
    return batch->count;
}

const drift_outbox_change *drift_outbox_batch_at(const drift_outbox_batch *batch, size_t at)
{
    return at < batch->count ? &batch->changes[at] : NULL;
}

void drift_outbox_batch_free(drift_outbox_batch *batch)
{
    if (!batch) return;
    drift__arena_dispose(&batch->arena);
    drift__free(batch->changes);
    drift__free(batch);
}

static int require_state(drift_outbox_state state, drift_error *err)
{
    if ((size_t)state < STATES) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE, "expected a state of the outbox, found %d", (int)state);
}

int drift_outbox_list(drift_outbox_batch **out, drift_connection *connection, drift_outbox_state state, int limit,
                      drift_error *err)
{
    int rc = require_state(state, err);
    *out = NULL;
    if (rc != DRIFT_OK) return rc;
    const drift_value binds[] = {drift__track_text(states[state]), DRIFT_BIND_INT64(limit > 0 ? limit : -1)};
    return drift__outbox_read(out, connection, "WHERE o.state = ?1 ORDER BY o.priority DESC, o.sequence LIMIT ?2",
                              binds, 2, err);
}

int drift_outbox_count(int64_t *out, drift_connection *connection, drift_outbox_state state, drift_error *err)
{
    int rc = require_state(state, err);
    *out = 0;
    if (rc != DRIFT_OK) return rc;
    const drift_value bind = drift__track_text(states[state]);
    return drift_query_int64(out, connection, "SELECT count(*) FROM main.drift_track_outbox WHERE state = ?1", &bind, 1,
                             err);
}
