/* check_sync.c — the worker: what it delivers, how it ends. */
#include <stdio.h>
#include <string.h>

#include "track/world.h"

/* A peer that answers by a script, one letter a call: d delivered, l later, n never, e an error; the last one stays. */
typedef struct peer {
    const char *script;
    char seen[256]; /* what was brought to it: "insert1 " */
    int64_t clock;
    world *w;
} peer;

static int deliver(drift_delivery *delivery, const drift_outbox_change *change, void *payload, drift_error *err)
{
    peer *p = payload;
    const size_t length = strlen(p->seen);
    const char answer = *p->script;
    (void)err;
    ck_assert(!drift_in_transaction(p->w->db));
    snprintf(p->seen + length, sizeof p->seen - length, "%s%.*s ", drift_operation_name(change->operation),
             (int)strlen(change->key) - 7, change->key + 6);
    if (p->script[1]) p->script++;
    if (answer == 'e') return DRIFT_IO;
    delivery->outcome = answer == 'd' ? DRIFT_DELIVERED : answer == 'l' ? DRIFT_DELIVER_LATER : DRIFT_NEVER_DELIVER;
    delivery->revision = (drift_value)DRIFT_BIND_INT64(change->sequence * 10);
    snprintf(delivery->why, sizeof delivery->why, "answer %c", answer);
    return DRIFT_OK;
}

static int64_t now(void *payload)
{
    return ((peer *)payload)->clock;
}

static const drift_sync_options clocked = {.tracking = &world_posts, .now = now};

START_TEST(a_run_delivers_all_that_is_due)
{
    drift_error err = {0};
    drift_sync_report report;
    world w = world_begin(world_posts_sql, &world_posts);
    peer p = {.script = "d", .clock = 1000, .w = &w};
    world_run(&w, "WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
                  "INSERT INTO posts (id) SELECT i FROM n");
    ck_assert_drift(drift_sync_run(w.db, deliver, &p, &clocked, &report, &err));
    ck_assert_int_eq(report.delivered, 40);
    ck_assert_int_eq(report.later + report.dead, 0);
    ck_assert_outbox(&w, "");
    ck_assert_value(w.db, "SELECT sum(revision = id * 10) FROM posts", "40");
    world_end(&w);
}
END_TEST

START_TEST(each_answer_is_written_down)
{
    drift_error err = {0};
    drift_sync_report report;
    world w = world_begin(world_posts_sql, &world_posts);
    peer p = {.script = "dlnd", .clock = 1000, .w = &w};
    world_run(&w, "INSERT INTO posts (id) VALUES (1), (2), (3), (4)");
    ck_assert_drift(drift_sync_run(w.db, deliver, &p, &clocked, &report, &err));
    ck_assert_str_eq(p.seen, "insert1 insert2 insert3 insert4 ");
    ck_assert_int_eq(report.delivered, 2);
    ck_assert_int_eq(report.later, 1);
    ck_assert_int_eq(report.dead, 1);
    ck_assert_value(w.db, "SELECT group_concat(key || state || last_error) FROM drift_track_outbox",
                    "{\"id\":2}dueanswer l,{\"id\":3}deadanswer n");
    p.clock += 1000;
    p.script = "d";
    ck_assert_drift(drift_sync_run(w.db, deliver, &p, &clocked, &report, &err));
    ck_assert_int_eq(report.delivered, 1);
    world_end(&w);
}
END_TEST

START_TEST(the_last_attempt_counts_as_dead)
{
    drift_error err = {0};
    drift_sync_report report;
    drift_sync_options options = clocked;
    world w = world_begin(world_posts_sql, &world_posts);
    peer p = {.script = "l", .clock = 1000, .w = &w};
    options.outbox.max_attempts = 1;
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    ck_assert_drift(drift_sync_run(w.db, deliver, &p, &options, &report, &err));
    ck_assert_int_eq(report.dead, 1);
    world_end(&w);
}
END_TEST

/* What was answered stands, the rest is due at once, and none of it counts as tried. */
START_TEST(a_deliverer_that_fails_ends_the_run)
{
    drift_error err = {0};
    drift_sync_report report;
    world w = world_begin(world_posts_sql, &world_posts);
    peer p = {.script = "de", .clock = 1000, .w = &w};
    world_run(&w, "INSERT INTO posts (id) VALUES (1), (2), (3)");
    ck_assert_drift_fails(drift_sync_run(w.db, deliver, &p, &clocked, &report, &err), DRIFT_IO);
    ck_assert_int_eq(report.delivered, 1);
    ck_assert_value(w.db, "SELECT group_concat(key || state || attempts) FROM drift_track_outbox",
                    "{\"id\":2}due0,{\"id\":3}due0");
    world_end(&w);
}
END_TEST

static int answered(drift_connection *connection, const drift_outbox_change *change, const drift_delivery *delivery,
                    void *payload, drift_error *err)
{
    peer *p = payload;
    ck_assert(drift_in_transaction(connection));
    ck_assert_ptr_eq(connection, p->w->db);
    if (delivery->outcome == DRIFT_NEVER_DELIVER) return DRIFT_FULL;
    return drift_query(connection, "UPDATE posts SET note = 'sent' WHERE '{\"id\":' || id || '}' = ?1",
                       &(drift_value)DRIFT_BIND_TEXT(change->key, strlen(change->key)), 1, NULL, NULL, err);
}

START_TEST(the_application_writes_its_own_with_the_answer)
{
    drift_error err = {0};
    drift_sync_options options = clocked;
    world w = world_begin(world_posts_sql, &world_posts);
    peer p = {.script = "dn", .clock = 1000, .w = &w};
    options.answered = answered;
    world_run(&w, "INSERT INTO posts (id) VALUES (1), (2)");
    ck_assert_drift_fails(drift_sync_run(w.db, deliver, &p, &options, NULL, &err), DRIFT_FULL);
    ck_assert_value(w.db, "SELECT group_concat(id || ifnull(note, '-')) FROM posts", "1sent,2-");
    ck_assert_value(w.db, "SELECT group_concat(key || state) FROM drift_track_outbox", "{\"id\":2}due");
    world_end(&w);
}
END_TEST

START_TEST(a_run_inside_a_transaction_is_refused)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    peer p = {.script = "d", .w = &w};
    world_run(&w, "BEGIN");
    ck_assert_drift_fails(drift_sync_run(w.db, deliver, &p, NULL, NULL, &err), DRIFT_MISUSE);
    world_run(&w, "ROLLBACK");
    world_end(&w);
}
END_TEST

static int unknown(drift_delivery *delivery, const drift_outbox_change *change, void *payload, drift_error *err)
{
    (void)change;
    (void)payload;
    (void)err;
    delivery->outcome = (drift_delivery_outcome)9;
    return DRIFT_OK;
}

START_TEST(an_outcome_that_does_not_exist_is_refused)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    ck_assert_drift_fails(drift_sync_run(w.db, unknown, NULL, NULL, NULL, &err), DRIFT_MISUSE);
    ck_assert_value(w.db, "SELECT state FROM drift_track_outbox", "due");
    world_end(&w);
}
END_TEST

/* While it waits for the peer the lease runs out, and another worker delivers the change. */
typedef struct late_peer {
    peer *other;
    int64_t clock;
    drift_delivery_outcome answer;
} late_peer;

static int64_t late_now(void *payload)
{
    return ((late_peer *)payload)->clock;
}

static int deliver_late(drift_delivery *delivery, const drift_outbox_change *change, void *payload, drift_error *err)
{
    late_peer *late = payload;
    drift_sync_report report;
    (void)change;
    late->clock += 100000;
    late->other->clock = late->clock;
    ck_assert_int_eq(drift_sync_run(late->other->w->db, deliver, late->other, &clocked, &report, err), DRIFT_OK);
    ck_assert_int_eq(report.delivered, 1);
    *delivery = (drift_delivery){.outcome = late->answer, .revision = DRIFT_BIND_INT64(3), .why = "it took too long"};
    return DRIFT_OK;
}

START_TEST(an_answer_behind_the_end_of_its_lease_changes_nothing)
{
    static const drift_delivery_outcome answers[] = {DRIFT_DELIVERED, DRIFT_DELIVER_LATER, DRIFT_NEVER_DELIVER};
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    peer other = {.script = "d", .w = &w};
    late_peer late = {&other, 1000, answers[_i]};
    const drift_sync_options options = {.tracking = &world_posts, .now = late_now};
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    ck_assert_drift(drift_sync_run(w.db, deliver_late, &late, &options, NULL, &err));
    ck_assert_outbox(&w, "");
    ck_assert_str_eq(other.seen, "insert1 ");
    ck_assert_value(w.db, "SELECT revision FROM posts", "10"); /* what the answer in time told */
    world_end(&w);
}
END_TEST

TCase *sync_case(void)
{
    TCase *tcase = suite_case("sync");
    tcase_add_test(tcase, a_run_delivers_all_that_is_due);
    tcase_add_test(tcase, each_answer_is_written_down);
    tcase_add_test(tcase, the_last_attempt_counts_as_dead);
    tcase_add_test(tcase, a_deliverer_that_fails_ends_the_run);
    tcase_add_test(tcase, the_application_writes_its_own_with_the_answer);
    tcase_add_test(tcase, a_run_inside_a_transaction_is_refused);
    tcase_add_loop_test(tcase, an_answer_behind_the_end_of_its_lease_changes_nothing, 0, 3);
    tcase_add_test(tcase, an_outcome_that_does_not_exist_is_refused);
    return tcase;
}
