/* check_peer.c — the outbox against a peer that drops, doubles and reorders: over many seeds nothing is lost and
 * nothing is applied twice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drift/executor.h"
#include "track/world.h"

/* The peer has the tables without what is unique beside the key: order is kept for each row, not between rows, so that
 * a value may come to its new row before it leaves the old one. */
static const char peer_sql[] = "CREATE TABLE a (id INTEGER PRIMARY KEY, u, v);"
                               "CREATE TABLE b (k TEXT, n INT, v, PRIMARY KEY (k, n)) WITHOUT ROWID;";
static const char schema_sql[] = "CREATE TABLE a (id INTEGER PRIMARY KEY, u UNIQUE, v);"
                                 "CREATE TABLE b (k TEXT, n INT, v, PRIMARY KEY (k, n)) WITHOUT ROWID;";
static const drift_tracked_table tables[] = {{.table = "a", .priority = 1}, {.table = "b"}};
static const drift_tracking tracking = {tables, 2};

enum { LATE = 64 };

/* A request that the network still holds: it arrives after the device has given it up. */
typedef struct late {
    char *entity, *key, *payload, *id;
    drift_operation operation;
} late;

typedef struct net {
    world here, there;
    uint64_t state;
    int64_t clock;
    late late[LATE];
    size_t late_count;
    int64_t applied, doubled;
} net;

static uint32_t roll(net *n, uint32_t sides)
{
    n->state = n->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(n->state >> 33) % sides;
}

/* The peer keeps the keys that it has seen, and writes with them what they stand for. */
static void receive(net *n, const drift_remote_change *change, const char *id)
{
    drift_error err = {0};
    const drift_value bind = DRIFT_BIND_TEXT(id, strlen(id));
    const drift_remote_batch one = {.changes = change, .change_count = 1};
    ck_assert_drift(drift_query(n->there.db, "INSERT OR IGNORE INTO seen VALUES (?1)", &bind, 1, NULL, NULL, &err));
    if (drift_changes(n->there.db) == 0) {
        n->doubled++;
        return;
    }
    ck_assert_drift(drift_track_apply(n->there.db, n->there.schema, &tracking, &one, NULL, NULL, &err));
    n->applied++;
}

static char *copy(const char *text)
{
    char *made = text ? malloc(strlen(text) + 1) : NULL;
    if (made) memcpy(made, text, strlen(text) + 1);
    return made;
}

static void hold_back(net *n, const drift_outbox_change *c)
{
    if (n->late_count == LATE) return; /* dropped */
    n->late[n->late_count++] =
        (late){copy(c->entity), copy(c->key), copy(c->payload), copy(c->idempotency_key), c->operation};
}

/* Something that was held back arrives, whichever. */
static void arrive(net *n)
{
    if (n->late_count == 0) return;
    const size_t which = roll(n, (uint32_t)n->late_count);
    late l = n->late[which];
    n->late[which] = n->late[--n->late_count];
    receive(n, &(drift_remote_change){.entity = l.entity, .operation = l.operation, .key = l.key, .payload = l.payload},
            l.id);
    free(l.entity);
    free(l.key);
    free(l.payload);
    free(l.id);
}

static int deliver(drift_delivery *delivery, const drift_outbox_change *c, void *payload, drift_error *err)
{
    net *n = payload;
    const drift_remote_change change = {
        .entity = c->entity, .operation = c->operation, .key = c->key, .payload = c->payload};
    const uint32_t fate = roll(n, 10);
    (void)err;
    n->clock += roll(n, 50);
    if (fate == 0) hold_back(n, c);                         /* comes late, when it was sent again */
    if (fate >= 2) receive(n, &change, c->idempotency_key); /* else the request is lost */
    if (fate == 3) receive(n, &change, c->idempotency_key); /* comes twice */
    if (fate == 4) hold_back(n, c);                         /* and once more, much later */
    if (roll(n, 4) == 0) arrive(n);
    if (fate < 2 || fate == 5) delivery->outcome = DRIFT_DELIVER_LATER; /* 5: the answer is lost */
    return roll(n, 40) == 0 ? DRIFT_INTERRUPTED : DRIFT_OK;
}

static int64_t now(void *payload)
{
    return ((net *)payload)->clock;
}

static const drift_sync_options options = {
    .outbox = {.limit = 4, .lease_ms = 100, .max_attempts = 1000, .backoff_ms = 10, .backoff_cap_ms = 80}, .now = now};

static void change_something(net *n)
{
    static const char *const statements[] = {
        "INSERT OR REPLACE INTO a VALUES (?1, ?2, ?3)",
        "INSERT OR IGNORE INTO a VALUES (?1, ?2, ?3)",
        "UPDATE OR REPLACE a SET u = ?2, v = ?3 WHERE id = ?1",
        "DELETE FROM a WHERE id = ?1 AND ?2 >= 0 AND ?3 >= 0",
        "INSERT INTO b VALUES ('k' || ?1, ?2, ?3) ON CONFLICT DO UPDATE SET v = excluded.v",
        "UPDATE OR IGNORE b SET n = ?2, v = ?3 WHERE k = 'k' || ?1",
        "DELETE FROM b WHERE k = 'k' || ?1 AND ?2 >= 0 AND ?3 >= 0",
    };
    drift_error err = {0};
    const drift_value binds[] = {DRIFT_BIND_INT64(roll(n, 6)), DRIFT_BIND_INT64(roll(n, 4)),
                                 DRIFT_BIND_INT64(roll(n, 1000))};
    const uint32_t which = roll(n, sizeof statements / sizeof *statements);
    ck_assert_drift(drift_query(n->here.db, statements[which], binds, 3, NULL, NULL, &err));
}

static void run_once(net *n)
{
    drift_error err = {0};
    const int rc = drift_sync_run(n->here.db, deliver, n, &options, NULL, &err);
    ck_assert_msg(rc == DRIFT_OK || rc == DRIFT_INTERRUPTED, "%s", err.text);
    n->clock += roll(n, 100);
}

/* Sometimes a worker leases and dies. */
static void die_with_a_lease(net *n)
{
    drift_error err = {0};
    drift_outbox_batch *batch = NULL;
    ck_assert_drift(drift_outbox_lease(&batch, n->here.db, &options.outbox, n->clock, &err));
    drift_outbox_batch_free(batch);
}

static void ck_same_tables(net *n, int seed)
{
    const char *all = "SELECT ifnull((SELECT group_concat(quote(id) || quote(u) || quote(v)) FROM a), '') || '; ' || "
                      "ifnull((SELECT group_concat(quote(k) || quote(n) || quote(v)) FROM b), '')";
    char *here = suite_value(n->here.db, all), *there = suite_value(n->there.db, all);
    ck_assert_msg(strcmp(here, there) == 0, "seed %d: here %s, there %s", seed, here, there);
    drift_free(here);
    drift_free(there);
}

/* Until nothing waits any more; what the network holds arrives last. */
static void settle(net *n, int seed)
{
    int64_t waiting = 1;
    drift_error err = {0};
    for (int i = 0; waiting > 0; i++) {
        ck_assert_msg(i < 10000, "seed %d: %lld changes are never delivered", seed, (long long)waiting);
        run_once(n);
        ck_assert_drift(
            drift_query_int64(&waiting, n->here.db, "SELECT count(*) FROM drift_track_outbox", NULL, 0, &err));
    }
    while (n->late_count > 0) arrive(n);
}

static void begin_peer(net *n)
{
    n->there = world_begin(peer_sql, &tracking);
    world_run(&n->there, "CREATE TABLE seen (id TEXT PRIMARY KEY)");
}

static void clear(net *n)
{
    world_run(&n->here, "DELETE FROM a; DELETE FROM b; DELETE FROM drift_track_outbox");
    world_run(&n->there, "DELETE FROM a; DELETE FROM b; DELETE FROM drift_track_outbox; DELETE FROM seen");
}

static void run_seeds(net *n, int from, int to)
{
    for (int seed = from; seed < to; seed++) {
        n->state = (uint64_t)seed + 1;
        for (int step = 0; step < 16; step++) {
            change_something(n);
            if (roll(n, 3) == 0) run_once(n);
            if (roll(n, 12) == 0) die_with_a_lease(n);
        }
        settle(n, seed);
        ck_same_tables(n, seed);
        clear(n);
    }
}

enum { SEEDS = 1000, CHUNKS = 4 };

START_TEST(nothing_is_lost_and_nothing_applied_twice)
{
    net n = {.clock = 1000000};
    n.here = world_begin(schema_sql, &tracking);
    begin_peer(&n);
    run_seeds(&n, _i * (SEEDS / CHUNKS), (_i + 1) * (SEEDS / CHUNKS));
    printf("outbox: %d seeds, %lld changes applied, %lld doubles known\n", SEEDS / CHUNKS, (long long)n.applied,
           (long long)n.doubled);
    ck_assert_int_gt(n.doubled, 0);
    world_end(&n.here);
    world_end(&n.there);
}
END_TEST

static int open_memory(drift_connection **out, void *payload, drift_error *err)
{
    (void)payload;
    return drift_connection_memory(out, NULL, err);
}

/* The device's side over a background executor: the same calls, the same promises. */
START_TEST(over_a_client_too_nothing_is_lost_and_nothing_applied_twice)
{
    enum { SHARE = 40 };
    drift_error err = {0};
    drift_executor *executor = NULL;
    net n = {.clock = 1000000};
    ck_assert_drift(drift_executor_spawn(&executor, open_memory, NULL, NULL, &err));
    ck_assert_drift(drift_executor_connection(&n.here.db, executor, -1, &err));
    n.here.schema = world_create(n.here.db, schema_sql, &tracking);
    begin_peer(&n);
    run_seeds(&n, SEEDS, SEEDS + SHARE);
    printf("outbox over a client: %d seeds, %lld changes applied, %lld doubles known\n", SHARE, (long long)n.applied,
           (long long)n.doubled);
    world_end(&n.here);
    world_end(&n.there);
    drift_executor_free(executor);
}
END_TEST

TCase *peer_case(void)
{
    TCase *tcase = suite_case("peer");
    tcase_add_loop_test(tcase, nothing_is_lost_and_nothing_applied_twice, 0, CHUNKS);
    tcase_add_test(tcase, over_a_client_too_nothing_is_lost_and_nothing_applied_twice);
    return tcase;
}
