/* check_memory.c — every allocation failing in turn: NO_MEMORY, nothing leaks, the next attempt succeeds. */
#include <sqlite3.h>
#include <string.h>

#include "support/memory.h"
#include "track/world.h"

static drift_schema *schema;

static int deliver(drift_delivery *delivery, const drift_outbox_change *change, void *payload, drift_error *err)
{
    (void)payload;
    (void)err;
    delivery->outcome = change->sequence % 2 ? DRIFT_DELIVERED : DRIFT_DELIVER_LATER;
    delivery->revision = (drift_value)DRIFT_BIND_INT64(1);
    return DRIFT_OK;
}

static int merge(drift_resolution *out, drift_sync_conflict *conflict, void *payload, drift_error *err)
{
    (void)payload;
    (void)err;
    *out = DRIFT_MERGED;
    conflict->merged = "{\"title\":\"merged\"}";
    return DRIFT_OK;
}

static int use(drift_connection *db, drift_error *err)
{
    static const drift_remote_change changes[] = {
        {.entity = "posts", .key = "{\"id\":2}", .payload = "{\"title\":{\"$hex\":\"00\"}}"},
        {.entity = "posts", .key = "{\"id\":9}", .payload = "{\"title\":1.5}", .revision = DRIFT_BIND_INT64(3)}};
    static const drift_remote_batch batch = {"server", "", "c", changes, 2};
    static const drift_sync_options options = {.tracking = &world_posts};
    char *cursor = NULL;
    int rc = drift_exec(db, "INSERT INTO posts (id, title) VALUES (1, 'a'), (2, x'00')", err);
    if (rc == DRIFT_OK) rc = drift_sync_run(db, deliver, NULL, &options, NULL, err);
    if (rc == DRIFT_OK) rc = drift_track_apply(db, schema, &world_posts, &batch, merge, NULL, err);
    if (rc == DRIFT_OK) rc = drift_track_cursor(&cursor, db, "server", err);
    drift_free(cursor);
    return rc;
}

static int attempt(void)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    int rc = drift_connection_memory(&db, NULL, &err);
    if (rc == DRIFT_OK) rc = drift_exec(db, world_posts_sql, &err);
    if (rc == DRIFT_OK) rc = drift_track_install(db, schema, &world_posts, &err);
    if (rc == DRIFT_OK) rc = use(db, &err);
    if (rc == DRIFT_OK) rc = drift_track_verify(db, schema, &world_posts, &err);
    if (rc == DRIFT_OK) rc = drift_track_remove(db, &err);
    drift_connection_close(db);
    /* SQLite ends a transaction by itself when memory is short, and that is what is told, with the reason */
    return rc == DRIFT_TRANSACTION && strstr(err.text, "out of memory") ? DRIFT_NO_MEMORY : rc;
}

/* One attempt with allocation `nth` failing. @return whether it was reached. */
static bool fails_cleanly(long nth, bool lasting)
{
    const sqlite3_int64 before = sqlite3_memory_used();
    suite_memory_fail(nth, lasting);
    const int status = attempt();
    const bool hit = suite_memory_restore();
    ck_assert_msg(sqlite3_memory_used() == before, "allocation %ld: %lld bytes leaked", nth,
                  (long long)(sqlite3_memory_used() - before));
    /* SQLite does without some allocations (sqlite3BeginBenignMalloc), so one that fails alone may do no harm */
    ck_assert_msg(status == (hit ? DRIFT_NO_MEMORY : DRIFT_OK) || (hit && !lasting && status == DRIFT_OK),
                  "allocation %ld gave %d", nth, status);
    return hit;
}

/* All of the first allocations, and then samples. */
START_TEST(any_allocation_of_tracking_may_fail)
{
    drift_error err = {0};
    ck_assert_drift(drift_schema_parse(&schema, world_posts_sql, strlen(world_posts_sql), &err));
    for (long nth = 1; fails_cleanly(nth, _i); nth += 1 + nth / 100) continue;
    drift_schema_free(schema);
}
END_TEST

TCase *memory_case(void)
{
    TCase *tcase = suite_case("memory");
    tcase_add_loop_test(tcase, any_allocation_of_tracking_may_fail, 0, 2);
    return tcase;
}
