/* check_migrations.c — from every version to every later one, with what waits in the outbox kept, and its triggers
 * alive afterwards. (That no row is lost on the way is shown by the tests that drift_add_migration_tests makes.) */
#include <drift/kit.h>

#include "offline_social/app.h"
#include "offline_social/cases.h"
#include "schema_versions.h"
#include "support/digest.h"
#include "support/suite.h"

static drift_error err;

static void reset(void)
{
    err = (drift_error){0};
}

static void open_at(drift_connection *db, int version)
{
    drift_database *database = NULL;
    const drift_open_options options = {.connection = db, .target = {version, offline_social_schema_at(version, &err)}};
    ck_assert_drift(drift_database_open(&database, &offline_social_database, &options, &err));
    ck_assert_drift(
        drift_track_verify(db, drift_database_target_schema(database), offline_social_database.tracking, &err));
    drift_database_close(database);
}

START_TEST(tracking_is_alive_after_each_migration)
{
    const char *count = "SELECT count(*) FROM drift_track_outbox";
    for (int from = 1; from < 5; from++)
        for (int to = from + 1; to <= 5; to++) {
            drift_connection *db = NULL;
            ck_assert_drift(drift_connection_memory(&db, NULL, &err));
            open_at(db, from);
            ck_assert_drift(drift_exec(db,
                                       "INSERT INTO local_posts (id, user_id, content, created_at, updated_at) "
                                       "VALUES ('a', 'me', 'x', 1, 1)",
                                       &err));
            ck_assert_value(db, count, "1");
            open_at(db, to);
            ck_assert_value(db, count, "1");
            ck_assert_drift(drift_exec(db, "UPDATE local_posts SET sync_status = 3", &err));
            ck_assert_value(db, count, "1");
            ck_assert_drift(drift_exec(db,
                                       "INSERT INTO local_posts (id, user_id, content, created_at, updated_at) "
                                       "VALUES ('b', 'me', 'y', 2, 2); "
                                       "INSERT INTO local_messages (id, conversation_id, sender_id, receiver_id, "
                                       "content, created_at) VALUES ('m', 'c', 'me', 'you', 'hi', 3)",
                                       &err));
            ck_assert_value(
                db, "SELECT group_concat(entity || key) FROM (SELECT * FROM drift_track_outbox ORDER BY sequence)",
                "post{\"id\":\"a\"},post{\"id\":\"b\"},message{\"id\":\"m\"}");
            drift_connection_close(db);
        }
}
END_TEST

START_TEST(of_posts_that_share_a_local_id_the_first_keeps_it)
{
    drift_connection *db = NULL;
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    open_at(db, 2);
    ck_assert_drift(drift_exec(db,
                               "INSERT INTO local_posts (id, local_id, user_id, content, created_at, updated_at) "
                               "VALUES ('a', 'l', 'me', '', 1, 1), ('b', 'l', 'me', '', 1, 1), "
                               "('c', NULL, 'me', '', 1, 1), ('d', NULL, 'me', '', 1, 1)",
                               &err));
    open_at(db, 5);
    ck_assert_value(db, "SELECT group_concat(id || ifnull(local_id, '-')) FROM local_posts", "al,b-,c-,d-");
    drift_connection_close(db);
}
END_TEST

START_TEST(likes_become_integers_and_none_is_negative)
{
    drift_connection *db = NULL;
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    open_at(db, 3);
    ck_assert_drift(drift_exec(db,
                               "INSERT INTO local_posts (id, likes_count, user_id, content, created_at, updated_at) "
                               "VALUES ('a', '007', 'me', '', 1, 1), ('b', '-3', 'me', '', 1, 1), "
                               "('c', 'many', 'me', '', 1, 1)",
                               &err));
    open_at(db, 5);
    ck_assert_value(db, "SELECT group_concat(typeof(likes_count) || likes_count) FROM local_posts",
                    "integer7,integer0,integer0");
    ck_assert_drift_fails(drift_exec(db, "UPDATE local_posts SET likes_count = -1", &err), DRIFT_CONSTRAINT);
    drift_connection_close(db);
}
END_TEST

TCase *migrations_case(void)
{
    TCase *tcase = suite_case("migrations");
    tcase_add_checked_fixture(tcase, reset, NULL);
    tcase_add_test(tcase, tracking_is_alive_after_each_migration);
    tcase_add_test(tcase, of_posts_that_share_a_local_id_the_first_keeps_it);
    tcase_add_test(tcase, likes_become_integers_and_none_is_negative);
    return tcase;
}
