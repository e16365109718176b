/* check_lease.c — handing changes out, and what becomes of them. */
#include <stdio.h>
#include <string.h>

#include "track/world.h"

enum { NOW = 1000000000 };

/* The keys of a lease, in its order: "1 3 2". */
static void ck_keys(const drift_outbox_batch *batch, const char *expected)
{
    char keys[256] = "";
    for (size_t i = 0; i < drift_outbox_batch_count(batch); i++) {
        const char *key = drift_outbox_batch_at(batch, i)->key; /* {"id":7} */
        const size_t length = strlen(keys);
        snprintf(keys + length, sizeof keys - length, "%s%.*s", i ? " " : "", (int)strlen(key) - 7, key + 6);
    }
    ck_assert_str_eq(keys, expected);
}

static void ck_leases(const world *w, int64_t now, const char *expected)
{
    drift_outbox_batch *batch = world_lease(w, now);
    ck_keys(batch, expected);
    drift_outbox_batch_free(batch);
}

static const drift_outbox_options once = {.limit = 1};

static drift_outbox_batch *lease_one(const world *w, int64_t now)
{
    drift_error err = {0};
    drift_outbox_batch *batch = NULL;
    ck_assert_drift(drift_outbox_lease(&batch, w->db, &once, now, &err));
    return batch;
}

START_TEST(a_change_is_told_whole)
{
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts VALUES (1, 'a', NULL, x'0102', NULL)");
    world_deliver(&w);
    world_run(&w, "UPDATE posts SET title = 'b'");
    drift_outbox_batch *batch = world_lease(&w, NOW);
    const drift_outbox_change *c = drift_outbox_batch_at(batch, 0);
    ck_assert_uint_eq(drift_outbox_batch_count(batch), 1);
    ck_assert_ptr_null(drift_outbox_batch_at(batch, 1));
    ck_assert_int_eq(c->sequence, 2);
    ck_assert_str_eq(c->entity, "posts");
    ck_assert_str_eq(c->key, "{\"id\":1}");
    ck_assert_str_eq(drift_operation_name(c->operation), "update");
    ck_assert_int_eq(c->base_revision.kind, DRIFT_BLOB);
    ck_assert_mem_eq(c->base_revision.bytes, "\1\2", 2);
    ck_assert_str_eq(c->payload, "{\"title\":\"b\",\"body\":null}");
    ck_assert_uint_eq(strlen(c->idempotency_key), 32);
    ck_assert_int_eq(c->state, DRIFT_OUTBOX_LEASED);
    ck_assert_int_eq(c->attempts, 1);
    ck_assert_ptr_null(c->last_error);
    ck_assert_ptr_nonnull(c->lease);
    ck_assert_ptr_null(drift_operation_name((drift_operation)3));
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

START_TEST(changes_go_by_priority_then_in_their_order)
{
    const drift_tracked_table tables[] = {{.table = "low"}, {.table = "high", .priority = 5}};
    const drift_tracking tracking = {tables, 2};
    world w = world_begin("CREATE TABLE low (id INTEGER PRIMARY KEY); CREATE TABLE high (id INTEGER PRIMARY KEY);",
                          &tracking);
    world_run(&w, "INSERT INTO low VALUES (4), (1); INSERT INTO high VALUES (9), (3)");
    drift_outbox_batch *first = lease_one(&w, NOW);
    ck_keys(first, "9");
    ck_leases(&w, NOW, "3 4 1");
    ck_leases(&w, NOW, "");
    drift_outbox_batch_free(first);
    world_end(&w);
}
END_TEST

START_TEST(a_later_change_of_a_row_waits_for_the_earlier)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    drift_outbox_batch *first = world_lease(&w, NOW);
    world_run(&w, "UPDATE posts SET title = 'b'; INSERT INTO posts (id) VALUES (2)");
    ck_leases(&w, NOW, "2");
    ck_assert_drift(drift_outbox_acknowledge(w.db, drift_outbox_batch_at(first, 0), NULL, NULL, &err));
    ck_leases(&w, NOW, "1");
    drift_outbox_batch_free(first);
    world_end(&w);
}
END_TEST

START_TEST(an_expired_lease_comes_back)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    drift_outbox_batch *lost = world_lease(&w, NOW);
    ck_leases(&w, NOW + 59999, "");
    drift_outbox_batch *again = world_lease(&w, NOW + 60000);
    ck_keys(again, "1");
    ck_assert_int_eq(drift_outbox_batch_at(again, 0)->attempts, 2);
    ck_assert_str_eq(drift_outbox_batch_at(again, 0)->last_error, "the lease ended without an answer");
    ck_assert_str_eq(drift_outbox_batch_at(again, 0)->idempotency_key, drift_outbox_batch_at(lost, 0)->idempotency_key);
    /* who lost it can neither put it back nor kill it */
    ck_assert_drift(drift_outbox_retry(w.db, drift_outbox_batch_at(lost, 0), "late", 0, NULL, NOW, &err));
    ck_assert_drift(drift_outbox_reject(w.db, drift_outbox_batch_at(lost, 0), "late", &err));
    ck_assert_drift(drift_outbox_release(w.db, drift_outbox_batch_at(lost, 0), &err));
    ck_assert_value(w.db, "SELECT state || attempts FROM drift_track_outbox", "leased2");
    /* but that it was delivered is true all the same */
    ck_assert_drift(drift_outbox_acknowledge(w.db, drift_outbox_batch_at(lost, 0), NULL, NULL, &err));
    ck_assert_drift(drift_outbox_acknowledge(w.db, drift_outbox_batch_at(again, 0), NULL, NULL, &err));
    ck_assert_outbox(&w, "");
    drift_outbox_batch_free(lost);
    drift_outbox_batch_free(again);
    world_end(&w);
}
END_TEST

START_TEST(who_never_answers_makes_a_change_dead)
{
    drift_error err = {0};
    drift_outbox_batch *batch = NULL;
    const drift_outbox_options twice = {.max_attempts = 2, .lease_ms = 10};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    for (int i = 0; i < 3; i++) {
        ck_assert_drift(drift_outbox_lease(&batch, w.db, &twice, NOW + i * 10, &err));
        ck_assert_uint_eq(drift_outbox_batch_count(batch), i < 2 ? 1 : 0);
        drift_outbox_batch_free(batch);
    }
    ck_assert_value(w.db, "SELECT state || attempts || last_error FROM drift_track_outbox",
                    "dead2the lease ended without an answer");
    world_end(&w);
}
END_TEST

/* A clock that was a year ahead when it leased and when it put off. */
START_TEST(a_clock_that_is_set_back_delays_nothing_for_long)
{
    const int64_t year = INT64_C(31536000000);
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1), (2)");
    drift_outbox_batch *batch = world_lease(&w, NOW + year);
    ck_assert_drift(drift_outbox_retry(w.db, drift_outbox_batch_at(batch, 0), "no", 0, NULL, NOW + year, &err));
    ck_leases(&w, NOW, "1 2");
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

START_TEST(the_wait_doubles_up_to_its_cap_with_jitter)
{
    drift_error err = {0};
    const drift_outbox_options options = {.backoff_ms = 1000, .backoff_cap_ms = 5000, .max_attempts = 100};
    const int64_t longest[] = {1000, 2000, 4000, 5000, 5000};
    bool spread = false;
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    int64_t now = NOW, next = 0;
    for (int i = 0; i < 5; i++, now = next) {
        drift_outbox_batch *batch = world_lease(&w, now);
        ck_assert_drift(drift_outbox_retry(w.db, drift_outbox_batch_at(batch, 0), "no", 0, &options, now, &err));
        drift_outbox_batch_free(batch);
        ck_assert_drift(drift_query_int64(&next, w.db, "SELECT next_attempt FROM drift_track_outbox", NULL, 0, &err));
        ck_assert_int_ge(next, now + longest[i] / 2);
        ck_assert_int_le(next, now + longest[i]);
        spread = spread || next != now + longest[i] / 2;
        ck_leases(&w, next - 1, "");
    }
    ck_assert(spread);
    ck_assert_value(w.db, "SELECT state || attempts || last_error FROM drift_track_outbox", "due5no");
    world_end(&w);
}
END_TEST

START_TEST(the_peer_may_ask_for_a_longer_wait)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    drift_outbox_batch *batch = world_lease(&w, NOW);
    ck_assert_drift(drift_outbox_retry(w.db, drift_outbox_batch_at(batch, 0), "503", NOW + 90000, NULL, NOW, &err));
    ck_assert_value(w.db, "SELECT next_attempt FROM drift_track_outbox", "1000090000");
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

START_TEST(the_last_attempt_that_fails_makes_a_change_dead)
{
    drift_error err = {0};
    const drift_outbox_options one = {.max_attempts = 1};
    drift_outbox_batch *dead = NULL;
    int64_t count = 0;
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    drift_outbox_batch *batch = world_lease(&w, NOW);
    ck_assert_drift(drift_outbox_retry(w.db, drift_outbox_batch_at(batch, 0), "no", 0, &one, NOW, &err));
    world_run(&w, "UPDATE posts SET title = 'waits behind it'; INSERT INTO posts (id) VALUES (2)");
    ck_leases(&w, NOW, "2");
    ck_assert_drift(drift_outbox_list(&dead, w.db, DRIFT_OUTBOX_DEAD, 0, &err));
    ck_keys(dead, "1");
    ck_assert_str_eq(drift_outbox_batch_at(dead, 0)->last_error, "no");
    ck_assert_drift(drift_outbox_count(&count, w.db, DRIFT_OUTBOX_DEAD, &err));
    ck_assert_int_eq(count, 1);
    drift_outbox_batch_free(dead);
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

/* Revived it goes first, and takes nothing in: the peer may know its key. */
START_TEST(a_dead_change_can_be_revived)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id, title) VALUES (1, 'a')");
    drift_outbox_batch *batch = world_lease(&w, NOW);
    ck_assert_drift(drift_outbox_reject(w.db, drift_outbox_batch_at(batch, 0), "bad", &err));
    ck_assert_drift(drift_outbox_revive(w.db, 1, &err));
    world_run(&w, "UPDATE posts SET title = 'b'");
    ck_assert_value(w.db, "SELECT group_concat(state || attempts || handed_out) FROM drift_track_outbox",
                    "due01,due00");
    ck_leases(&w, NOW, "1");
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

START_TEST(a_dead_change_can_be_discarded)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id, title) VALUES (1, 'a')");
    ck_assert_drift_fails(drift_outbox_discard(w.db, 1, &err), DRIFT_NOT_FOUND);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_outbox_revive(w.db, 1, &err), DRIFT_NOT_FOUND);
    err = (drift_error){0};
    drift_outbox_batch *batch = world_lease(&w, NOW);
    ck_assert_drift(drift_outbox_reject(w.db, drift_outbox_batch_at(batch, 0), "bad", &err));
    world_run(&w, "UPDATE posts SET title = 'b'");
    ck_leases(&w, NOW, "");
    ck_assert_drift(drift_outbox_discard(w.db, 1, &err));
    ck_leases(&w, NOW, "1");
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

START_TEST(a_lease_that_is_given_back_is_no_attempt)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    drift_outbox_batch *batch = world_lease(&w, NOW);
    ck_assert_drift(drift_outbox_release(w.db, drift_outbox_batch_at(batch, 0), &err));
    drift_outbox_batch *again = world_lease(&w, NOW);
    ck_assert_int_eq(drift_outbox_batch_at(again, 0)->attempts, 1);
    drift_outbox_batch_free(batch);
    drift_outbox_batch_free(again);
    world_end(&w);
}
END_TEST

/* Changes that were queued meanwhile are based on what the peer has now, and the row knows its revision; neither is a
 * change. */
START_TEST(the_revision_that_is_acknowledged_is_the_next_base)
{
    drift_error err = {0};
    const drift_value revision = DRIFT_BIND_TEXT("r1", 2);
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id, title) VALUES (1, 'a')");
    drift_outbox_batch *batch = world_lease(&w, NOW);
    world_run(&w, "UPDATE posts SET title = 'b'");
    ck_assert_drift(drift_outbox_acknowledge(w.db, drift_outbox_batch_at(batch, 0), &revision, &world_posts, &err));
    ck_assert_outbox(&w, "update posts {\"id\":1} base 'r1' {\"title\":\"b\",\"body\":null}");
    ck_assert_value(w.db, "SELECT revision FROM posts", "r1");
    /* once more, when there is a newer one: no effect */
    world_run(&w, "UPDATE posts SET revision = 'r2'");
    ck_assert_drift(drift_outbox_acknowledge(w.db, drift_outbox_batch_at(batch, 0), &revision, &world_posts, &err));
    ck_assert_value(w.db, "SELECT revision FROM posts", "r2");
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

START_TEST(a_lease_of_nothing_writes_nothing)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "PRAGMA query_only = ON");
    ck_leases(&w, NOW, "");
    world_run(&w, "PRAGMA query_only = OFF; INSERT INTO posts (id) VALUES (1); PRAGMA query_only = ON");
    drift_outbox_batch *batch = NULL;
    ck_assert_int_ne(drift_outbox_lease(&batch, w.db, NULL, NOW, &err), DRIFT_OK);
    ck_assert_ptr_null(batch);
    world_end(&w);
}
END_TEST

static const struct {
    drift_outbox_options options;
    const char *says;
} misused[] = {
    {{.limit = -1}, "expected a limit from 1 to 1000000, found -1"},
    {{.lease_ms = 3600001}, "expected milliseconds of a lease from 1 to 3600000, found 3600001"},
    {{.max_attempts = -5}, "expected a number of attempts from 1 to 1000000, found -5"},
    {{.backoff_ms = -1}, "expected milliseconds of backoff from 1 to 86400000, found -1"},
    {{.backoff_cap_ms = 86400001}, "expected milliseconds as the cap from 1 to 86400000, found 86400001"},
};

START_TEST(options_out_of_range_are_refused)
{
    drift_error err = {0};
    drift_outbox_batch *batch = NULL;
    const drift_outbox_change change = {.lease = "x"};
    int64_t count = 0;
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift_fails(drift_outbox_lease(&batch, w.db, &misused[_i].options, NOW, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, misused[_i].says);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_outbox_retry(w.db, &change, "", 0, &misused[_i].options, NOW, &err), DRIFT_MISUSE);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_outbox_list(&batch, w.db, (drift_outbox_state)9, 0, &err), DRIFT_MISUSE);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_outbox_count(&count, w.db, (drift_outbox_state)9, &err), DRIFT_MISUSE);
    world_end(&w);
}
END_TEST

START_TEST(the_clock_tells_this_century)
{
    ck_assert_int_gt(drift_outbox_now(), INT64_C(1600000000000));
    ck_assert_int_lt(drift_outbox_now(), INT64_C(4200000000000));
    drift_outbox_batch_free(NULL);
}
END_TEST

TCase *lease_case(void)
{
    TCase *tcase = suite_case("lease");
    tcase_add_test(tcase, a_change_is_told_whole);
    tcase_add_test(tcase, changes_go_by_priority_then_in_their_order);
    tcase_add_test(tcase, a_later_change_of_a_row_waits_for_the_earlier);
    tcase_add_test(tcase, an_expired_lease_comes_back);
    tcase_add_test(tcase, who_never_answers_makes_a_change_dead);
    tcase_add_test(tcase, a_clock_that_is_set_back_delays_nothing_for_long);
    tcase_add_test(tcase, the_wait_doubles_up_to_its_cap_with_jitter);
    tcase_add_test(tcase, the_peer_may_ask_for_a_longer_wait);
    tcase_add_test(tcase, the_last_attempt_that_fails_makes_a_change_dead);
    tcase_add_test(tcase, a_dead_change_can_be_revived);
    tcase_add_test(tcase, a_dead_change_can_be_discarded);
    tcase_add_test(tcase, a_lease_that_is_given_back_is_no_attempt);
    tcase_add_test(tcase, the_revision_that_is_acknowledged_is_the_next_base);
    tcase_add_test(tcase, a_lease_of_nothing_writes_nothing);
    tcase_add_loop_test(tcase, options_out_of_range_are_refused, 0, sizeof misused / sizeof *misused);
    tcase_add_test(tcase, the_clock_tells_this_century);
    return tcase;
}
