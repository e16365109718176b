/* install.c — the objects that tracking consists of: made, looked at, taken away. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "sql/quote.h"
#include "track/track.h"

/* What does not depend on the tables. The state of a change: handed_out says that its idempotency key may be known to
 * the peer, so that nothing may be merged into it any more. A row in drift_track_applying is a call of
 * drift_track_untracked that runs, in its transaction; a note in drift_track_replaced a row that REPLACE may delete. */
static const drift__track_object fixed[] = {
    {"TABLE", "drift_track_outbox",
     "drift_track_outbox (\n"
     "  sequence INTEGER PRIMARY KEY AUTOINCREMENT,\n"
     "  entity TEXT NOT NULL,\n"
     "  key TEXT NOT NULL,\n"
     "  operation TEXT NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),\n"
     "  base_revision ANY,\n"
     "  payload TEXT,\n"
     "  idempotency_key TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),\n"
     "  priority INTEGER NOT NULL DEFAULT 0,\n"
     "  state TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'leased', 'dead')),\n"
     "  handed_out INTEGER NOT NULL DEFAULT 0,\n"
     "  attempts INTEGER NOT NULL DEFAULT 0,\n"
     "  next_attempt INTEGER NOT NULL DEFAULT 0,\n"
     "  lease TEXT,\n"
     "  leased_until INTEGER,\n"
     "  last_error TEXT,\n"
     "  created_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))\n"
     ") STRICT"},
    {"TABLE", "drift_track_replaced",
     "drift_track_replaced (entity TEXT NOT NULL, key TEXT NOT NULL, base_revision ANY) STRICT"},
    {"TABLE", "drift_track_applying", "drift_track_applying (level INTEGER PRIMARY KEY) STRICT"},
    {"TABLE", "drift_track_cursor", "drift_track_cursor (peer TEXT NOT NULL PRIMARY KEY, cursor TEXT NOT NULL) STRICT"},
    {"INDEX", "drift_track_outbox_row", "drift_track_outbox_row ON drift_track_outbox (entity, key, sequence)"},
    {"INDEX", "drift_track_outbox_order", "drift_track_outbox_order ON drift_track_outbox (priority DESC, sequence)"},
    {"INDEX", "drift_track_outbox_leased",
     "drift_track_outbox_leased ON drift_track_outbox (leased_until) WHERE state = 'leased'"},
    {"VIEW", "drift_track_change",
     "drift_track_change AS SELECT entity, key, operation, base_revision, payload, priority FROM drift_track_outbox"},
    /* The last change of a row that was never handed out takes the new one in; there is at most one. */
    {"TRIGGER", "drift_track_coalesce",
     "drift_track_coalesce INSTEAD OF INSERT ON drift_track_change BEGIN\n"
     "  UPDATE drift_track_outbox SET payload = new.payload,\n"
     "      operation = CASE WHEN operation = 'delete' THEN 'update' WHEN new.operation = 'insert' THEN 'insert'\n"
     "                  ELSE operation END\n"
     "    WHERE entity = new.entity AND key = new.key AND state = 'due' AND handed_out = 0\n"
     "      AND new.operation <> 'delete';\n"
     "  INSERT INTO drift_track_outbox (entity, key, operation, base_revision, payload, priority)\n"
     "    SELECT new.entity, new.key, new.operation, new.base_revision, new.payload, new.priority\n"
     "    WHERE NOT EXISTS (SELECT 1 FROM drift_track_outbox\n"
     "      WHERE entity = new.entity AND key = new.key AND state = 'due' AND handed_out = 0);\n"
     "  DELETE FROM drift_track_outbox WHERE entity = new.entity AND key = new.key AND state = 'due'\n"
     "    AND handed_out = 0 AND new.operation = 'delete' AND operation = 'insert';\n"
     "  UPDATE drift_track_outbox SET operation = 'delete', payload = NULL\n"
     "    WHERE entity = new.entity AND key = new.key AND state = 'due' AND handed_out = 0\n"
     "      AND new.operation = 'delete' AND operation = 'update';\n"
     "END"},
};
enum { FIXED = sizeof fixed / sizeof *fixed };

/* --- what there is to be, and what there is --- */

typedef struct objects {
    drift__track_object *items;
    size_t count;
    const drift__tracked_set *tracked;
} objects;

static int plan(objects *out, drift__arena *arena, const drift__tracked_set *set, drift_error *err)
{
    int rc = DRIFT_OK;
    out->tracked = set;
    out->count = FIXED + set->count * DRIFT__TRACK_TRIGGERS;
    out->items = drift__arena_array(arena, out->count, sizeof *out->items);
    if (!out->items) return drift__no_memory(err);
    memcpy(out->items, fixed, sizeof fixed);
    for (size_t i = 0; rc == DRIFT_OK && i < set->count; i++)
        rc = drift__track_triggers(&out->items[FIXED + i * DRIFT__TRACK_TRIGGERS], arena, &set->items[i], err);
    return rc;
}

/* An object as sqlite_schema tells it. */
typedef struct live_object {
    const char *type, *name, *sql;
} live_object;

typedef struct live {
    drift__arena *arena;
    live_object *items;
    size_t count, capacity;
} live;

static int take_live(drift_statement *row, void *payload, drift_error *err)
{
    live *l = payload;
    if (drift__reserve((void **)&l->items, &l->capacity, l->count + 1, sizeof *l->items) != 0)
        return drift__no_memory(err);
    l->items[l->count++] = (live_object){drift__arena_strdup(l->arena, drift_column_text(row, 0, NULL)),
                                         drift__arena_strdup(l->arena, drift_column_text(row, 1, NULL)),
                                         drift__arena_strdup(l->arena, drift_column_text(row, 2, NULL))};
    const live_object *taken = &l->items[l->count - 1];
    return taken->type && taken->name && taken->sql ? DRIFT_OK : drift__no_memory(err);
}

static int read_live(live *out, drift_connection *connection, drift_error *err)
{
    return drift_query(connection,
                       "SELECT type, name, sql FROM main.sqlite_schema WHERE name LIKE 'drift\\_track\\_%' ESCAPE '\\' "
                       "AND sql IS NOT NULL",
                       NULL, 0, take_live, out, err);
}

static const live_object *find_live(const live *l, const char *name)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->items[i].name, name) == 0) return &l->items[i];
    return NULL;
}

static const drift__track_object *find_object(const objects *o, const char *name)
{
    for (size_t i = 0; i < o->count; i++)
        if (strcmp(o->items[i].name, name) == 0) return &o->items[i];
    return NULL;
}

/* sqlite_schema holds "CREATE", the kind, and what the statement says from the name on (build.c, trigger.c). */
static bool is_as_planned(const live_object *found, const drift__track_object *object)
{
    const size_t kind = strlen(object->kind);
    return strncmp(found->sql, "CREATE ", 7) == 0 && strncmp(found->sql + 7, object->kind, kind) == 0 &&
           found->sql[7 + kind] == ' ' && strcmp(found->sql + 8 + kind, object->text) == 0;
}

/* --- the difference between the two --- */

static int run(drift_connection *connection, drift__str *sql, drift_error *err)
{
    const int rc = sql->failed ? drift__no_memory(err) : drift_exec(connection, drift__str_text(sql), err);
    drift__str_dispose(sql);
    return rc;
}

static int drop(drift_connection *connection, const char *kind, const char *name, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_printf(&sql, "DROP %s main.", kind);
    drift__put_quoted(&sql, name);
    return run(connection, &sql, err);
}

static int create(drift_connection *connection, const drift__track_object *object, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_printf(&sql, "CREATE %s main.%s", object->kind, object->text);
    return run(connection, &sql, err);
}

static int compare(const objects *planned, const live *found, drift_error *err)
{
    for (size_t i = 0; i < planned->count; i++) {
        const drift__track_object *object = &planned->items[i];
        const live_object *there = find_live(found, object->name);
        if (!there)
            return drift__error(err, DRIFT_MISMATCH, "expected the %s %s of change tracking, found none",
                                strcmp(object->kind, "TRIGGER") == 0 ? "trigger" : "object", object->name);
        if (!is_as_planned(there, object))
            return drift__error(err, DRIFT_MISMATCH, "expected %s of change tracking as it is made, found another text",
                                object->name);
    }
    for (size_t i = 0; i < found->count; i++)
        if (!find_object(planned, found->items[i].name))
            return drift__error(err, DRIFT_MISMATCH,
                                "expected nothing named drift_track_ beside change tracking, found %s",
                                found->items[i].name);
    return DRIFT_OK;
}

/* Triggers, and the view, hold nothing: what differs goes and is made again. A table of another text holds changes. */
static int drop_different(drift_connection *connection, const objects *planned, const live *found, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < found->count; i++) {
        const live_object *there = &found->items[i];
        const drift__track_object *object = find_object(planned, there->name);
        if (strcmp(there->type, "trigger") != 0 || (object && is_as_planned(there, object))) continue;
        rc = drop(connection, "TRIGGER", there->name, err);
    }
    return rc;
}

static bool is_kept(const live *found, const drift__track_object *object)
{
    const live_object *there = find_live(found, object->name);
    return there && (strcmp(there->type, "trigger") != 0 || is_as_planned(there, object));
}

static int create_missing(drift_connection *connection, const objects *planned, const live *found, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < planned->count; i++)
        if (!is_kept(found, &planned->items[i])) rc = create(connection, &planned->items[i], err);
    return rc;
}

/* --- whether the triggers compile --- */

/* A trigger is compiled with the statement that fires it. */
static int explain(drift_connection *connection, const drift__tracked *t, const char *head, const char *tail,
                   drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift_error inner = {0};
    drift__str_printf(&sql, "EXPLAIN %s main.", head);
    drift__put_quoted(&sql, t->table->name);
    drift__str_puts(&sql, tail);
    /* Not by a cached statement: EXPLAIN does not notice that the schema has changed since it was compiled. */
    const int rc = sql.failed ? drift__no_memory(&inner) : drift_exec(connection, drift__str_text(&sql), &inner);
    drift__str_dispose(&sql);
    if (rc == DRIFT_SQL || rc == DRIFT_SYNTAX)
        return drift__error(err, DRIFT_MISMATCH, "expected the triggers that track %s to compile, found: %s",
                            t->table->name, inner.text);
    if (rc != DRIFT_OK) drift__error(err, rc, "%s", inner.text);
    return rc;
}

static int compile(drift_connection *connection, const drift__tracked *t, drift_error *err)
{
    drift__str set = DRIFT__STR_INIT;
    drift__str_puts(&set, " SET ");
    drift__put_quoted(&set, t->key[0]->name);
    drift__str_puts(&set, " = NULL");
    int rc = set.failed ? drift__no_memory(err) : explain(connection, t, "UPDATE", drift__str_text(&set), err);
    if (rc == DRIFT_OK) rc = explain(connection, t, "INSERT INTO", " DEFAULT VALUES", err);
    if (rc == DRIFT_OK) rc = explain(connection, t, "DELETE FROM", "", err);
    drift__str_dispose(&set);
    return rc;
}

static int verify(drift_connection *connection, const objects *planned, drift__arena *arena, drift_error *err)
{
    live found = {.arena = arena};
    int rc = read_live(&found, connection, err);
    if (rc == DRIFT_OK) rc = compare(planned, &found, err);
    for (size_t i = 0; rc == DRIFT_OK && i < planned->tracked->count; i++)
        rc = compile(connection, &planned->tracked->items[i], err);
    drift__free(found.items);
    return rc;
}

/* --- the calls --- */

typedef struct work {
    drift__arena *arena;
    objects planned;
} work;

static int install(drift_connection *connection, void *payload, drift_error *err)
{
    work *w = payload;
    live found = {.arena = w->arena};
    int rc = read_live(&found, connection, err);
    if (rc == DRIFT_OK) rc = drop_different(connection, &w->planned, &found, err);
    if (rc == DRIFT_OK) rc = create_missing(connection, &w->planned, &found, err);
    if (rc == DRIFT_OK) rc = verify(connection, &w->planned, w->arena, err);
    drift__free(found.items);
    return rc;
}

/* Takes no lock where nothing is to be done. */
static int install_if_needed(drift_connection *connection, void *payload, drift_error *err)
{
    work *w = payload;
    drift_error ignored = {0};
    live found = {.arena = w->arena};
    int rc = read_live(&found, connection, err);
    const bool as_planned = rc == DRIFT_OK && compare(&w->planned, &found, &ignored) == DRIFT_OK;
    drift__free(found.items);
    if (rc != DRIFT_OK || as_planned) return rc;
    return drift_transaction(connection, install, w, err);
}

static int verify_planned(drift_connection *connection, void *payload, drift_error *err)
{
    work *w = payload;
    return verify(connection, &w->planned, w->arena, err);
}

static int with_plan(drift_connection *connection, const drift_schema *schema, const drift_tracking *tracking,
                     drift_body_fn body, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__tracked_set set;
    work w = {.arena = &arena};
    int rc = drift__track_resolve(&set, &arena, schema, tracking, err);
    if (rc == DRIFT_OK) rc = plan(&w.planned, &arena, &set, err);
    if (rc == DRIFT_OK) rc = body(connection, &w, err);
    drift__arena_dispose(&arena);
    return rc;
}

int drift_track_install(drift_connection *connection, const drift_schema *schema, const drift_tracking *tracking,
                        drift_error *err)
{
    return with_plan(connection, schema, tracking, install_if_needed, err);
}

int drift_track_verify(drift_connection *connection, const drift_schema *schema, const drift_tracking *tracking,
                       drift_error *err)
{
    return with_plan(connection, schema, tracking, verify_planned, err);
}

/* Drops what is there of a type; triggers before what they stand on. */
static int drop_type(drift_connection *connection, const live *found, const char *type, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < found->count; i++)
        if (strcmp(found->items[i].type, type) == 0) rc = drop(connection, type, found->items[i].name, err);
    return rc;
}

static int drop_types(drift_connection *connection, const char *const *types, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    live found = {.arena = &arena};
    int rc = read_live(&found, connection, err);
    for (; rc == DRIFT_OK && *types; types++) rc = drop_type(connection, &found, *types, err);
    drift__free(found.items);
    drift__arena_dispose(&arena);
    return rc;
}

/* A migration may drop every view and create those of its schema, so the view goes too. */
static int suspend(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    return drop_types(connection, (const char *const[]){"trigger", "view", NULL}, err);
}

static int take_away(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    return drop_types(connection, (const char *const[]){"trigger", "view", "table", NULL}, err);
}

int drift_track_suspend(drift_connection *connection, drift_error *err)
{
    return drift_transaction(connection, suspend, NULL, err);
}

int drift_track_remove(drift_connection *connection, drift_error *err)
{
    return drift_transaction(connection, take_away, NULL, err);
}
