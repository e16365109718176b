/* check_install.c — making tracking, looking at it, taking it away. */
#include <string.h>

#include "track/world.h"

START_TEST(installing_again_changes_nothing)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    char *before = suite_digest(w.db, NULL);
    ck_assert_drift(drift_track_install(w.db, w.schema, &world_posts, &err));
    ck_assert_drift(drift_track_verify(w.db, w.schema, &world_posts, &err));
    suite_same_digest(before, suite_digest(w.db, NULL));
    world_end(&w);
}
END_TEST

/* What somebody did, and what verify says about it. */
static const struct {
    const char *sql, *says;
} faults[] = {
    {"DROP TRIGGER drift_track_updated_posts",
     "expected the trigger drift_track_updated_posts of change tracking, found none"},
    {"DROP TABLE drift_track_cursor", "expected the object drift_track_cursor of change tracking, found none"},
    {"DROP TRIGGER drift_track_deleted_posts; CREATE TRIGGER drift_track_deleted_posts AFTER DELETE ON posts BEGIN "
     "SELECT 1; END",
     "expected drift_track_deleted_posts of change tracking as it is made, found another text"},
    {"CREATE TABLE t (a); CREATE TRIGGER drift_track_inserted_t AFTER INSERT ON t BEGIN SELECT 1; END",
     "expected nothing named drift_track_ beside change tracking, found drift_track_inserted_t"},
    {"DROP TABLE posts", "expected the trigger drift_track_inserting_posts of change tracking, found none"},
};

START_TEST(what_is_missing_different_or_foreign_is_told)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, faults[_i].sql);
    ck_assert_drift_fails(drift_track_verify(w.db, w.schema, &world_posts, &err), DRIFT_MISMATCH);
    ck_assert_str_eq(err.text, faults[_i].says);
    world_end(&w);
}
END_TEST

START_TEST(installing_mends_triggers_and_keeps_what_is_queued)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    for (int i = 0; i < 4; i++) world_run(&w, faults[i].sql);
    ck_assert_drift(drift_track_install(w.db, w.schema, &world_posts, &err));
    ck_assert_drift(drift_track_verify(w.db, w.schema, &world_posts, &err));
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox", "1");
    world_end(&w);
}
END_TEST

/* The schema says a column that the database does not have: no CREATE TRIGGER notices. */
START_TEST(triggers_that_do_not_compile_are_told)
{
    static const char promised[] = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title, body, revision, extra);";
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "posts"}, 1};
    drift_error err = {0};
    drift_schema *schema = NULL;
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift(drift_schema_parse(&schema, promised, strlen(promised), &err));
    char *before = suite_digest(w.db, NULL);
    ck_assert_drift_fails(drift_track_install(w.db, schema, &tracking, &err), DRIFT_MISMATCH);
    ck_assert_ptr_nonnull(strstr(err.text, "expected the triggers that track posts to compile, found: "));
    ck_assert_ptr_nonnull(strstr(err.text, "extra"));
    suite_same_digest(before, suite_digest(w.db, NULL));
    drift_schema_free(schema);
    world_end(&w);
}
END_TEST

#define TABLE(...)                                   \
    {                                                \
        &(const drift_tracked_table){__VA_ARGS__}, 1 \
    }
static const struct {
    drift_tracking tracking;
    int status;
    const char *says;
} refused[] = {
    {TABLE(.table = "absent"), DRIFT_NOT_FOUND, "expected a table absent to track, found none"},
    {TABLE(.table = "v"), DRIFT_NOT_FOUND, "expected a table v to track, found none"},
    {TABLE(.table = "keyless"), DRIFT_MISUSE, "expected a tracked table with a PRIMARY KEY, found keyless without"},
    {TABLE(.table = "temporary"), DRIFT_MISUSE, "expected an ordinary table to track, found temporary"},
    {TABLE(.table = "t", .columns = (const char *const[]){"b", NULL}), DRIFT_NOT_FOUND,
     "expected a column b of the tracked table t, found none"},
    {TABLE(.table = "t", .revision = "r"), DRIFT_NOT_FOUND, "expected a column r of the tracked table t, found none"},
    {{(const drift_tracked_table[]){{.table = "t"}, {.table = "u", .entity = "t"}}, 2},
     DRIFT_MISUSE,
     "expected one table for the entity t, found t and u"},
};

START_TEST(what_cannot_be_tracked_is_refused)
{
    const drift_tracking nothing = {NULL, 0};
    drift_error err = {0};
    world w = world_begin("CREATE TABLE t (a PRIMARY KEY); CREATE TABLE u (a PRIMARY KEY); CREATE TABLE keyless (a);"
                          "CREATE VIEW v AS SELECT 1; CREATE TEMP TABLE temporary (a PRIMARY KEY);",
                          &nothing);
    ck_assert_drift_fails(drift_track_install(w.db, w.schema, &refused[_i].tracking, &err), refused[_i].status);
    ck_assert_str_eq(err.text, refused[_i].says);
    world_end(&w);
}
END_TEST

START_TEST(tracking_without_a_schema_is_refused)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift_fails(drift_track_install(w.db, NULL, &world_posts, &err), DRIFT_MISUSE);
    world_end(&w);
}
END_TEST

/* Of two entries for a table the last that holds at the schema's version counts. */
START_TEST(an_entry_holds_from_its_version_on)
{
    const drift_tracked_table tables[] = {
        {.table = "posts", .columns = (const char *const[]){"title", NULL}},
        {.table = "posts", .columns = (const char *const[]){"body", NULL}, .since = 2},
        {.table = "absent", .since = 3},
    };
    const drift_tracking tracking = {tables, 3};
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    for (int version = 1; version <= 2; version++) {
        w.schema->version = version;
        ck_assert_drift(drift_track_install(w.db, w.schema, &tracking, &err));
        world_run(&w, "DELETE FROM posts; INSERT INTO posts (id, title, body) VALUES (1, 't', 'b')");
        ck_assert_value(w.db, "SELECT payload FROM drift_track_outbox",
                        version == 1 ? "{\"title\":\"t\"}" : "{\"body\":\"b\"}");
    }
    w.schema->version = 3;
    ck_assert_drift_fails(drift_track_install(w.db, w.schema, &tracking, &err), DRIFT_NOT_FOUND);
    world_end(&w);
}
END_TEST

START_TEST(suspending_keeps_the_outbox_and_queues_nothing)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    ck_assert_drift(drift_track_suspend(w.db, &err));
    ck_assert_drift(drift_track_suspend(w.db, &err));
    world_run(&w, "DELETE FROM posts; ALTER TABLE posts RENAME COLUMN body TO text");
    world_run(&w, "ALTER TABLE posts RENAME COLUMN text TO body");
    ck_assert_drift(drift_track_install(w.db, w.schema, &world_posts, &err));
    world_run(&w, "INSERT INTO posts (id) VALUES (2)");
    ck_assert_value(w.db, "SELECT group_concat(key) FROM drift_track_outbox", "{\"id\":1},{\"id\":2}");
    world_end(&w);
}
END_TEST

START_TEST(removing_leaves_nothing)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    ck_assert_drift(drift_track_remove(w.db, &err));
    ck_assert_value(w.db, "SELECT group_concat(name) FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'", "posts");
    ck_assert_drift(drift_track_remove(w.db, &err));
    world_end(&w);
}
END_TEST

/* A TEMP table of the same name takes no trigger away. */
START_TEST(the_triggers_stand_on_the_main_table)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift(drift_track_remove(w.db, &err));
    world_run(&w, "CREATE TEMP TABLE posts (id INTEGER PRIMARY KEY, title, body, revision, note)");
    ck_assert_drift(drift_track_install(w.db, w.schema, &world_posts, &err));
    world_run(&w, "INSERT INTO main.posts (id) VALUES (1); INSERT INTO temp.posts (id) VALUES (2)");
    ck_assert_value(w.db, "SELECT group_concat(key) FROM drift_track_outbox", "{\"id\":1}");
    world_end(&w);
}
END_TEST

TCase *install_case(void)
{
    TCase *tcase = suite_case("install");
    tcase_add_test(tcase, installing_again_changes_nothing);
    tcase_add_loop_test(tcase, what_is_missing_different_or_foreign_is_told, 0, sizeof faults / sizeof *faults);
    tcase_add_test(tcase, installing_mends_triggers_and_keeps_what_is_queued);
    tcase_add_test(tcase, triggers_that_do_not_compile_are_told);
    tcase_add_loop_test(tcase, what_cannot_be_tracked_is_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tcase, tracking_without_a_schema_is_refused);
    tcase_add_test(tcase, an_entry_holds_from_its_version_on);
    tcase_add_test(tcase, suspending_keeps_the_outbox_and_queues_nothing);
    tcase_add_test(tcase, removing_leaves_nothing);
    tcase_add_test(tcase, the_triggers_stand_on_the_main_table);
    return tcase;
}
