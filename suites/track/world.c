/* world.c */
#include "track/world.h"

#include <string.h>

#include "drift/render.h"
#include "support/memory.h"

const char world_posts_sql[] = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title, body, revision, note);";

const drift_tracking world_posts = {
    .tables = &(const drift_tracked_table){.table = "posts",
                                           .columns = (const char *const[]){"title", "body", NULL},
                                           .revision = "revision"},
    .table_count = 1,
};

drift_schema *world_create(drift_connection *db, const char *sql, const drift_tracking *tracking)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift(drift_exec(db, sql, &err));
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    ck_assert_drift(drift_track_install(db, schema, tracking, &err));
    return schema;
}

world world_begin(const char *sql, const drift_tracking *tracking)
{
    drift_error err = {0};
    world w = {0};
    ck_assert_drift(drift_connection_memory(&w.db, NULL, &err));
    w.schema = world_create(w.db, sql, tracking);
    return w;
}

void world_end(world *w)
{
    drift_connection_close(w->db);
    drift_schema_free(w->schema);
}

void world_run(const world *w, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift_exec(w->db, sql, &err));
}

drift_outbox_batch *world_lease(const world *w, int64_t now)
{
    drift_error err = {0};
    drift_outbox_batch *batch = NULL;
    ck_assert_drift(drift_outbox_lease(&batch, w->db, NULL, now, &err));
    return batch;
}

static int take_all(drift_delivery *delivery, const drift_outbox_change *change, void *payload, drift_error *err)
{
    (void)delivery;
    (void)change;
    (void)payload;
    (void)err;
    return DRIFT_OK;
}

void world_deliver(const world *w)
{
    drift_error err = {0};
    ck_assert_drift(drift_sync_run(w->db, take_all, NULL, NULL, NULL, &err));
}

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("track");
    suite_add_tcase(suite, install_case());
    suite_add_tcase(suite, capture_case());
    suite_add_tcase(suite, json_case());
    suite_add_tcase(suite, lease_case());
    suite_add_tcase(suite, apply_case());
    suite_add_tcase(suite, sync_case());
    suite_add_tcase(suite, opening_case());
    suite_add_tcase(suite, peer_case());
    suite_add_tcase(suite, kill_case());
    suite_add_tcase(suite, guide_case());
    suite_add_tcase(suite, memory_case());
    return suite_run(suite);
}
