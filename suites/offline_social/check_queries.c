/* check_queries.c — the app's queries, each over a direct connection and over a client of an executor: the same code.
 */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "offline_social/app.h"
#include "offline_social/cases.h"
#include "offline_social/queries.h"
#include "support/digest.h"
#include "support/suite.h"

static drift_error err;
static drift_executor *executor;
static drift_client *client;
static drift_connection *db;

static int open_memory(drift_connection **out, void *payload, drift_error *error)
{
    drift_database *database = NULL;
    (void)payload;
    int rc = drift_connection_memory(out, NULL, error);
    if (rc == DRIFT_OK)
        rc = drift_database_open(&database, &offline_social_database, &(drift_open_options){.connection = *out}, error);
    drift_database_close(database);
    return rc;
}

/* The loop's index says which world: 0 a direct connection, 1 a client. */
static void begin(int world)
{
    err = (drift_error){0};
    executor = NULL;
    client = NULL;
    if (world == 0) {
        ck_assert_drift(open_memory(&db, NULL, &err));
        return;
    }
    ck_assert_drift(drift_executor_spawn(&executor, open_memory, NULL, NULL, &err));
    ck_assert_drift(drift_executor_connect(&client, executor, -1, &err));
    db = drift_client_connection(client);
}

static void end(void)
{
    if (!client) {
        drift_connection_close(db);
        return;
    }
    drift_client_free(client);
    ck_assert_drift(drift_executor_shutdown(executor, -1, &err));
    drift_executor_free(executor);
}

static social_post_companion post(const char *id, int64_t at)
{
    return (social_post_companion){.id = DRIFT_SET_TEXT(id),
                                   .local_id = DRIFT_SET_TEXT(id),
                                   .user_id = DRIFT_SET_TEXT("me"),
                                   .content = DRIFT_SET_TEXT("hello"),
                                   .created_at = DRIFT_SET_INT64(at),
                                   .updated_at = DRIFT_SET_INT64(at),
                                   .sync_status = DRIFT_SET_INT64(SOCIAL_PENDING)};
}

static void add(const char *id, int64_t at)
{
    const social_post_companion one = post(id, at);
    ck_assert_drift(social_upsert_post(db, &one, &err));
}

START_TEST(posts_are_written_read_and_deleted)
{
    social_post *row = NULL, *rows = NULL;
    size_t count = 0;
    begin(_i);
    add("b", 2);
    add("a", 3);
    add("c", 1);
    ck_assert_drift(social_upsert_post(
        db, &(social_post_companion){.id = DRIFT_SET_TEXT("b"), .content = DRIFT_SET_TEXT("edited")}, &err));
    ck_assert_drift(social_get_post(&row, db, "b", &err));
    ck_assert_str_eq(row->content.data, "edited");
    ck_assert_int_eq(row->created_at, 2);
    offline_social_v5_local_post_free(row);

    ck_assert_drift(social_pending_posts(&rows, &count, db, &err));
    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(rows[0].id.data, "c");
    ck_assert_str_eq(rows[2].id.data, "a");
    offline_social_v5_local_post_free_all(rows, count);

    ck_assert_drift(social_set_post_status(db, "a", SOCIAL_FAILED, "refused", 2, &err));
    ck_assert_drift(social_set_post_status(db, "b", SOCIAL_FAILED, "refused", 3, &err));
    ck_assert_drift(social_set_post_status(db, "c", SOCIAL_SYNCED, NULL, -1, &err));
    ck_assert_drift(social_failed_posts(&rows, &count, db, &err));
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(rows[0].id.data, "a");
    ck_assert_str_eq(rows[0].sync_error.value.data, "refused");
    offline_social_v5_local_post_free_all(rows, count);

    ck_assert_drift(social_delete_post(db, "a", &err));
    ck_assert_drift_fails(social_get_post(&row, db, "a", &err), DRIFT_NOT_FOUND);
    end();
}
END_TEST

START_TEST(what_the_server_sends_is_not_queued)
{
    const social_post_companion posts[] = {post("s1", 1), post("s2", 2)};
    social_post_companion broken[] = {post("s3", 3), {.id = DRIFT_SET_TEXT("s4")}};
    int64_t waiting = 0;
    begin(_i);
    add("a", 1);
    ck_assert_drift(social_upsert_posts_from_server(db, posts, 2, &err));
    ck_assert_drift(social_update_from_server(
        db, "a",
        &(social_post_companion){.likes_count = DRIFT_SET_INT64(4), .sync_status = DRIFT_SET_INT64(SOCIAL_SYNCED)},
        &err));
    ck_assert_drift(drift_outbox_count(&waiting, db, DRIFT_OUTBOX_DUE, &err));
    ck_assert_int_eq(waiting, 1);
    ck_assert_value(db, "SELECT group_concat(id || likes_count) FROM local_posts", "a4,s10,s20");
    ck_assert_int_ne(social_upsert_posts_from_server(db, broken, 2, &err), DRIFT_OK);
    ck_assert_value(db, "SELECT count(*) FROM local_posts", "3");
    err = (drift_error){0};
    ck_assert_drift(social_clear_all(db, &err));
    ck_assert_value(db, "SELECT (SELECT count(*) FROM local_posts) + (SELECT count(*) FROM drift_track_outbox)", "0");
    end();
}
END_TEST

static int64_t enqueue(const char *entity, int64_t at, int64_t priority)
{
    int64_t id = 0;
    ck_assert_drift(social_enqueue(db,
                                   &(social_action_companion){.entity_type = DRIFT_SET_INT64(SOCIAL_FOLLOW),
                                                              .entity_id = DRIFT_SET_TEXT(entity),
                                                              .action = DRIFT_SET_INT64(SOCIAL_CREATE),
                                                              .payload = DRIFT_SET_TEXT("{}"),
                                                              .created_at = DRIFT_SET_INT64(at),
                                                              .priority = DRIFT_SET_INT64(priority)},
                                   &id, &err));
    return id;
}

START_TEST(actions_come_by_priority_time_and_order)
{
    social_action *rows = NULL;
    size_t count = 0;
    bool pending = false;
    begin(_i);
    const int64_t later = enqueue("later", 9, 0), first = enqueue("first", 5, 0), second = enqueue("second", 5, 0);
    const int64_t urgent = enqueue("urgent", 10, 1);
    ck_assert_drift(social_next_actions(&rows, &count, db, 3, &err));
    ck_assert_uint_eq(count, 3);
    ck_assert_int_eq(rows[0].id, urgent);
    ck_assert_int_eq(rows[1].id, first);
    ck_assert_int_eq(rows[2].id, second);
    offline_social_v5_sync_queue_row_free_all(rows, count);

    ck_assert_drift(social_mark_retry(db, later, "timed out", 77, &err));
    ck_assert_drift(social_mark_retry(db, later, "timed out", 78, &err));
    ck_assert_value(db, "SELECT retry_count || error_message || last_attempt FROM sync_queue WHERE entity_id = 'later'",
                    "2timed out78");
    ck_assert_drift(social_remove_failed_actions(db, 2, &err));
    ck_assert_drift(social_dequeue(db, urgent, &err));
    ck_assert_drift(social_has_pending_action(&pending, db, SOCIAL_FOLLOW, "first", &err));
    ck_assert(pending);
    ck_assert_drift(social_clear_entity_actions(db, SOCIAL_FOLLOW, "first", &err));
    ck_assert_drift(social_has_pending_action(&pending, db, SOCIAL_FOLLOW, "first", &err));
    ck_assert(!pending);
    ck_assert_value(db, "SELECT group_concat(entity_id) FROM sync_queue", "second");
    end();
}
END_TEST

START_TEST(a_like_that_is_taken_back_before_it_is_sent_is_none)
{
    const char *state = "SELECT likes_count || is_liked_by_me || (SELECT count(*) FROM sync_queue) FROM local_posts";
    begin(_i);
    add("a", 1);
    ck_assert_drift(social_like(db, "a", true, 5, &err));
    ck_assert_drift(social_like(db, "a", true, 6, &err));
    ck_assert_value(db, state, "111");
    ck_assert_drift(social_like(db, "a", false, 7, &err));
    ck_assert_value(db, state, "000");
    end();
}
END_TEST

/* --- streams --- */

typedef struct seen {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t rows;
    int64_t number; /* of the first row's first column, if it is one */
} seen;

static void see(const drift_rows *rows, const drift_error *failure, void *payload)
{
    seen *s = payload;
    pthread_mutex_lock(&s->lock);
    s->rows = failure ? 999 : drift_rows_count(rows);
    s->number = drift_rows_value(rows, 0, 0).integer;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* Waits until a callback has shown this; the test's time limit ends a wait that has no end. */
static void wait_for(seen *s, size_t rows, int64_t number)
{
    pthread_mutex_lock(&s->lock);
    while (s->rows != rows || s->number != number) pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

START_TEST(lists_and_counts_follow_every_commit)
{
    seen all = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 99, 0};
    seen mine = all, pending = all;
    drift_watch *watches[3];
    begin(1);
    ck_assert_drift(social_watch_posts(&watches[0], client, see, &all, &err));
    ck_assert_drift(social_watch_user_posts(&watches[1], client, "me", see, &mine, &err));
    ck_assert_drift(social_watch_pending_count(&watches[2], client, see, &pending, &err));
    wait_for(&all, 0, 0);
    wait_for(&pending, 1, 0);
    add("a", 1);
    ck_assert_drift(social_upsert_posts_from_server(db,
                                                    &(social_post_companion){.id = DRIFT_SET_TEXT("s"),
                                                                             .user_id = DRIFT_SET_TEXT("you"),
                                                                             .content = DRIFT_SET_TEXT(""),
                                                                             .created_at = DRIFT_SET_INT64(1),
                                                                             .updated_at = DRIFT_SET_INT64(1)},
                                                    1, &err));
    wait_for(&all, 2, 0);
    wait_for(&mine, 1, 0);
    wait_for(&pending, 1, 1);
    ck_assert_drift(social_like(db, "s", true, 1, &err));
    wait_for(&pending, 1, 2);
    for (int i = 0; i < 3; i++) drift_unwatch(watches[i]);
    end();
}
END_TEST

TCase *queries_case(void)
{
    TCase *tcase = suite_case("queries");
    tcase_add_loop_test(tcase, posts_are_written_read_and_deleted, 0, 2);
    tcase_add_loop_test(tcase, what_the_server_sends_is_not_queued, 0, 2);
    tcase_add_loop_test(tcase, actions_come_by_priority_time_and_order, 0, 2);
    tcase_add_loop_test(tcase, a_like_that_is_taken_back_before_it_is_sent_is_none, 0, 2);
    tcase_add_test(tcase, lists_and_counts_follow_every_commit);
    return tcase;
}
