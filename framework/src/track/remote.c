/* remote.c — what the peer sends: written without an echo, conflicts decided, the cursor with it. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/connection.h"
#include "runtime/pragma.h"
#include "track/batch.h"
#include "track/row.h"

/* --- without tracking --- */

typedef struct quiet {
    drift_body_fn body;
    void *payload;
} quiet;

/* A level is a row, written and taken away in the same transaction: no other connection ever sees it, and it does not
 * survive its process. */
static int run_quiet(drift_connection *connection, void *payload, drift_error *err)
{
    quiet *q = payload;
    int rc = drift_query(connection, "INSERT INTO main.drift_track_applying DEFAULT VALUES", NULL, 0, NULL, NULL, err);
    if (rc == DRIFT_OK) rc = drift__told(q->body(connection, q->payload, err), err);
    if (rc != DRIFT_OK) return rc;
    return drift_query(connection,
                       "DELETE FROM main.drift_track_applying WHERE level = (SELECT max(level) FROM "
                       "main.drift_track_applying)",
                       NULL, 0, NULL, NULL, err);
}

int drift_track_untracked(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err)
{
    quiet q = {body, payload};
    return drift_transaction(connection, run_quiet, &q, err);
}

/* --- one change --- */

typedef struct apply {
    const drift_remote_batch *batch;
    const drift__tracked_set *set;
    drift_conflict_fn resolve;
    void *payload;
    bool has_foreign_keys;
} apply;

/* One remote change, read. */
typedef struct incoming {
    const drift_remote_change *change;
    const drift__tracked *tracked;
    drift__arena arena;
    drift__json_object key, row;
    drift_outbox_batch *local; /* what is queued of the same row */
} incoming;

static int read_incoming(incoming *in, const apply *a, drift_error *err)
{
    const drift_remote_change *change = in->change;
    int rc;
    in->tracked = drift__tracked_entity(a->set, change->entity);
    if (!in->tracked)
        return drift__error(err, DRIFT_NOT_FOUND, "expected an entity that is tracked, found %s", change->entity);
    if (!change->key || (change->operation != DRIFT_OPERATION_DELETE && !change->payload))
        return drift__error(err, DRIFT_FORMAT, "expected a key and a payload of a change of %s, found none",
                            change->entity);
    if ((rc = drift__json_read(&in->key, &in->arena, change->key, "the key of a remote change", err)) != DRIFT_OK)
        return rc;
    if ((rc = drift__row_check_key(in->tracked, &in->key, err)) != DRIFT_OK) return rc;
    if (change->operation == DRIFT_OPERATION_DELETE) return DRIFT_OK;
    return drift__json_read(&in->row, &in->arena, change->payload, "the payload of a remote change", err);
}

static int write_row(drift_connection *connection, void *payload, drift_error *err)
{
    incoming *in = payload;
    if (in->change->operation == DRIFT_OPERATION_DELETE)
        return drift__row_delete(connection, in->tracked, &in->key, err);
    return drift__row_write(connection, in->tracked, &in->key, &in->row, &in->change->revision, err);
}

/* --- conflicts --- */

static int find_local(incoming *in, drift_connection *connection, drift_error *err)
{
    const drift_value binds[] = {drift__track_text(in->change->entity), drift__track_text(in->change->key)};
    return drift__outbox_read(&in->local, connection, "WHERE o.entity = ?1 AND o.key = ?2 ORDER BY o.sequence", binds,
                              2, err);
}

static int drop_local(const incoming *in, drift_connection *connection, drift_error *err)
{
    const drift_value binds[] = {drift__track_text(in->change->entity), drift__track_text(in->change->key)};
    return drift_query(connection, "DELETE FROM main.drift_track_outbox WHERE entity = ?1 AND key = ?2", binds, 2, NULL,
                       NULL, err);
}

/* What was handed out is based on what it was sent with: the peer may have it already. */
static int rebase_local(const incoming *in, drift_connection *connection, drift_error *err)
{
    const drift_value binds[] = {in->change->revision, drift__track_text(in->change->entity),
                                 drift__track_text(in->change->key)};
    if (in->change->revision.kind == DRIFT_NULL) return DRIFT_OK;
    return drift_query(connection,
                       "UPDATE main.drift_track_outbox SET base_revision = ?1 WHERE entity = ?2 AND key = ?3 AND "
                       "state <> 'leased'",
                       binds, 3, NULL, NULL, err);
}

/* The revision is no local change, so it is written apart from the row. */
static int set_revision(drift_connection *connection, void *payload, drift_error *err)
{
    const incoming *in = payload;
    if (!in->tracked->revision || in->change->revision.kind == DRIFT_NULL) return DRIFT_OK;
    return drift__row_set_revision(connection, in->tracked->table->name, in->tracked->revision->name, in->change->key,
                                   &in->change->revision, err);
}

static int keep_local(incoming *in, drift_connection *connection, drift_error *err)
{
    const int rc = rebase_local(in, connection, err);
    return rc != DRIFT_OK ? rc : drift_track_untracked(connection, set_revision, in, err);
}

static int keep_server(incoming *in, drift_connection *connection, drift_error *err)
{
    const int rc = drop_local(in, connection, err);
    return rc != DRIFT_OK ? rc : drift_track_untracked(connection, write_row, in, err);
}

static int merge(incoming *in, drift_connection *connection, const char *merged, drift_error *err)
{
    const drift_value no_revision = DRIFT_BIND_NULL;
    drift__json_object row;
    int rc;
    if (!merged)
        return drift__error(err, DRIFT_FORMAT, "expected the merged row of %s %s, found none", in->change->entity,
                            in->change->key);
    if ((rc = drift__json_read(&row, &in->arena, merged, "the merged row", err)) != DRIFT_OK) return rc;
    if ((rc = keep_server(in, connection, err)) != DRIFT_OK) return rc;
    return drift__row_write(connection, in->tracked, &in->key, &row, &no_revision, err);
}

static int settle(incoming *in, const apply *a, drift_connection *connection, drift_error *err)
{
    drift_resolution resolution = DRIFT_KEEP_LOCAL;
    drift_sync_conflict conflict = {in->change, drift_outbox_batch_at(in->local, in->local->count - 1), NULL};
    if (!a->resolve) {
        drift__error(err, DRIFT_MISMATCH, "%s %s was changed on both sides, and nobody decides", in->change->entity,
                     in->change->key);
        drift__error_hint(err, "give drift_track_apply a callback for conflicts");
        return DRIFT_MISMATCH;
    }
    const int rc = drift__told(a->resolve(&resolution, &conflict, a->payload, err), err);
    if (rc != DRIFT_OK) return rc;
    switch (resolution) {
    case DRIFT_KEEP_LOCAL: return keep_local(in, connection, err);
    case DRIFT_KEEP_SERVER: return keep_server(in, connection, err);
    case DRIFT_MERGED: return merge(in, connection, conflict.merged, err);
    }
    return drift__error(err, DRIFT_MISUSE, "expected a resolution of a conflict, found %d", (int)resolution);
}

static int apply_change(const apply *a, const drift_remote_change *change, drift_connection *connection,
                        drift_error *err)
{
    incoming in = {.change = change, .arena = DRIFT__ARENA_INIT};
    int rc = read_incoming(&in, a, err);
    if (rc == DRIFT_OK) rc = find_local(&in, connection, err);
    if (rc == DRIFT_OK)
        rc = in.local->count ? settle(&in, a, connection, err) : drift_track_untracked(connection, write_row, &in, err);
    drift_outbox_batch_free(in.local);
    drift__arena_dispose(&in.arena);
    return rc;
}

/* --- the batch --- */

static int require_cursor(const apply *a, drift_connection *connection, drift_error *err)
{
    char *cursor = NULL;
    if (!a->batch->after) return DRIFT_OK;
    int rc = drift_track_cursor(&cursor, connection, a->batch->peer, err);
    if (rc == DRIFT_OK && strcmp(cursor ? cursor : "", a->batch->after) != 0)
        rc = drift__error(err, DRIFT_MISMATCH, "expected a batch that follows \"%s\", found one that follows \"%s\"",
                          cursor ? cursor : "", a->batch->after);
    drift_free(cursor);
    return rc;
}

static int store_cursor(const apply *a, drift_connection *connection, drift_error *err)
{
    const drift_value binds[] = {drift__track_text(a->batch->peer), drift__track_text(a->batch->cursor)};
    if (!a->batch->cursor) return DRIFT_OK;
    return drift_query(connection,
                       "INSERT INTO main.drift_track_cursor (peer, cursor) VALUES (?1, ?2) "
                       "ON CONFLICT (peer) DO UPDATE SET cursor = excluded.cursor",
                       binds, 2, NULL, NULL, err);
}

static bool has_foreign_key(const drift_constraint *constraints, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (constraints[i].kind == DRIFT_CONSTRAINT_FOREIGN_KEY) return true;
    return false;
}

static bool table_has_foreign_key(const drift_table *table)
{
    bool found = has_foreign_key(table->constraints, table->constraint_count);
    for (size_t i = 0; !found && i < table->column_count; i++)
        found = has_foreign_key(table->columns[i].constraints, table->columns[i].constraint_count);
    return found;
}

/* What the parser does not understand may have one. */
static bool entity_has_foreign_key(const drift_entity *entity)
{
    return entity->kind == DRIFT_ENTITY_TABLE && (entity->opaque || table_has_foreign_key(entity->as.table));
}

static bool schema_has_foreign_key(const drift_schema *schema)
{
    bool found = false;
    for (size_t i = 0; !found && i < schema->entity_count; i++) found = entity_has_foreign_key(&schema->entities[i]);
    return found;
}

/* Foreign keys are checked at COMMIT; the pragma ends with the transaction
 * (https://www.sqlite.org/pragma.html#pragma_defer_foreign_keys). Setting it expires every compiled statement
 * (OP_Expire in SQLite's pragma.c), and a tracked table's are long: it is left alone where no key is enforced. */
static int defer_foreign_keys(const apply *a, drift_connection *connection, drift_error *err)
{
    int64_t enforced = 0;
    if (!a->has_foreign_keys) return DRIFT_OK;
    const int rc = drift__pragma_get(&enforced, connection, DRIFT__PRAGMA_FOREIGN_KEYS, err);
    return rc != DRIFT_OK || !enforced ? rc : drift_exec(connection, "PRAGMA defer_foreign_keys = ON", err);
}

static int apply_batch(drift_connection *connection, void *payload, drift_error *err)
{
    const apply *a = payload;
    int rc = require_cursor(a, connection, err);
    if (rc == DRIFT_OK) rc = defer_foreign_keys(a, connection, err);
    for (size_t i = 0; rc == DRIFT_OK && i < a->batch->change_count; i++)
        rc = apply_change(a, &a->batch->changes[i], connection, err);
    return rc != DRIFT_OK ? rc : store_cursor(a, connection, err);
}

int drift_track_apply(drift_connection *connection, const drift_schema *schema, const drift_tracking *tracking,
                      const drift_remote_batch *batch, drift_conflict_fn resolve, void *payload, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__tracked_set set;
    apply a = {batch, &set, resolve, payload, schema_has_foreign_key(schema)};
    int rc = !batch->peer && (batch->after || batch->cursor)
                 ? drift__error(err, DRIFT_MISUSE, "expected the name of the peer whose cursor it is, found none")
                 : drift__track_resolve(&set, &arena, schema, tracking, err);
    if (rc == DRIFT_OK) rc = drift_transaction(connection, apply_batch, &a, err);
    drift__arena_dispose(&arena);
    return rc;
}

static int take_cursor(drift_statement *row, void *payload, drift_error *err)
{
    char **out = payload;
    const char *text = drift_column_text(row, 0, NULL);
    *out = text ? drift__strdup(text) : NULL;
    return *out ? DRIFT_OK : drift__no_memory(err);
}

int drift_track_cursor(char **out, drift_connection *connection, const char *peer, drift_error *err)
{
    const drift_value bind = drift__track_text(peer);
    *out = NULL;
    return drift_query(connection, "SELECT cursor FROM main.drift_track_cursor WHERE peer = ?1", &bind, 1, take_cursor,
                       out, err);
}
