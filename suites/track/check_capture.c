#include <stdio.h>
/* check_capture.c — what the triggers queue: each kind of change, each kind of value, and the ways around triggers. */
#include <string.h>

#include "track/world.h"

/* --- changes, and those that become one --- */

/* Each row: what runs, what is queued then. Between the two of a row, what was queued before is delivered. */
static const struct {
    const char *before, *sql, *outbox;
} changes[] = {
    {"", "INSERT INTO posts (id, title, body) VALUES (1, 'a', 'b')",
     "insert posts {\"id\":1} base NULL {\"title\":\"a\",\"body\":\"b\"}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "UPDATE posts SET title = 'c'",
     "update posts {\"id\":1} base 'r1' {\"title\":\"c\",\"body\":\"b\"}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "DELETE FROM posts", "delete posts {\"id\":1} base 'r1' -"},
    /* what does not concern the peer */
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "UPDATE posts SET note = 'n', revision = 'r2'", ""},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "UPDATE posts SET title = 'a', body = body", ""},
    /* changes of one row become one */
    {"", "INSERT INTO posts (id, title) VALUES (1, 'a'); UPDATE posts SET title = 'b', body = 'c'",
     "insert posts {\"id\":1} base NULL {\"title\":\"b\",\"body\":\"c\"}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)",
     "UPDATE posts SET title = 'b'; UPDATE posts SET revision = 'r9'; UPDATE posts SET title = 'c'",
     "update posts {\"id\":1} base 'r1' {\"title\":\"c\",\"body\":\"b\"}"},
    {"", "INSERT INTO posts (id) VALUES (1); DELETE FROM posts", ""},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "UPDATE posts SET title = 'b'; DELETE FROM posts",
     "delete posts {\"id\":1} base 'r1' -"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)",
     "DELETE FROM posts; INSERT INTO posts (id, title) VALUES (1, 'n')",
     "update posts {\"id\":1} base 'r1' {\"title\":\"n\",\"body\":null}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)",
     "DELETE FROM posts; INSERT INTO posts (id) VALUES (1); DELETE FROM posts", "delete posts {\"id\":1} base 'r1' -"},
    {"", "INSERT INTO posts (id) VALUES (1); DELETE FROM posts; INSERT INTO posts (id) VALUES (1)",
     "insert posts {\"id\":1} base NULL {\"title\":null,\"body\":null}"},
    /* a change keeps its place */
    {"",
     "INSERT INTO posts (id) VALUES (1); INSERT INTO posts (id) VALUES (2); UPDATE posts SET body = 'x' WHERE id = 1",
     "insert posts {\"id\":1} base NULL {\"title\":null,\"body\":\"x\"}\n"
     "insert posts {\"id\":2} base NULL {\"title\":null,\"body\":null}"},
    /* another key */
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "UPDATE posts SET id = 5",
     "delete posts {\"id\":1} base 'r1' -\ninsert posts {\"id\":5} base NULL {\"title\":\"a\",\"body\":\"b\"}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "UPDATE posts SET rowid = 5",
     "delete posts {\"id\":1} base 'r1' -\ninsert posts {\"id\":5} base NULL {\"title\":\"a\",\"body\":\"b\"}"},
    /* DELETE without WHERE, which the update hook does not see */
    {"INSERT INTO posts (id) VALUES (1), (2)", "DELETE FROM posts",
     "delete posts {\"id\":1} base NULL -\ndelete posts {\"id\":2} base NULL -"},
    {"", "BEGIN; INSERT INTO posts (id) VALUES (1); ROLLBACK", ""},
    {"", "INSERT INTO posts (title) VALUES ('the key is SQLite''s')",
     "insert posts {\"id\":1} base NULL {\"title\":\"the key is SQLite's\",\"body\":null}"},
    /* REPLACE */
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)", "REPLACE INTO posts (id, title) VALUES (1, 'n')",
     "update posts {\"id\":1} base 'r1' {\"title\":\"n\",\"body\":null}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL), (2, 'c', 'd', 'r2', NULL)",
     "UPDATE OR REPLACE posts SET id = 2 WHERE id = 1",
     "delete posts {\"id\":1} base 'r1' -\nupdate posts {\"id\":2} base 'r2' {\"title\":\"a\",\"body\":\"b\"}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)",
     "INSERT INTO posts (id, title) VALUES (1, 'n') ON CONFLICT (id) DO UPDATE SET title = excluded.title",
     "update posts {\"id\":1} base 'r1' {\"title\":\"n\",\"body\":\"b\"}"},
    {"INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)",
     "INSERT OR IGNORE INTO posts (id, title) VALUES (1, 'n'); INSERT INTO posts (id) VALUES (2)",
     "insert posts {\"id\":2} base NULL {\"title\":null,\"body\":null}"},
};

START_TEST(a_change_is_queued_as_what_the_peer_has_to_do)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, changes[_i].before);
    world_deliver(&w);
    ck_assert_outbox(&w, "");
    world_run(&w, changes[_i].sql);
    ck_assert_outbox(&w, changes[_i].outbox);
    ck_assert_drift(drift_track_verify(w.db, w.schema, &world_posts, &err));
    world_end(&w);
}
END_TEST

/* The same with the delete triggers that REPLACE then fires; what it deletes is then told before what it changes. */
START_TEST(recursive_triggers_change_nothing)
{
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "PRAGMA recursive_triggers = ON");
    world_run(&w, changes[_i].before);
    world_deliver(&w);
    world_run(&w, changes[_i].sql);
    ck_assert_value(w.db,
                    "SELECT ifnull(group_concat(line, char(10)), '') FROM (SELECT operation || ' ' || entity || ' ' || "
                    "key || ' base ' || quote(base_revision) || ' ' || ifnull(payload, '-') AS line "
                    "FROM drift_track_outbox ORDER BY key)",
                    changes[_i].outbox);
    world_end(&w);
}
END_TEST

START_TEST(what_was_handed_out_takes_nothing_in)
{
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id, title) VALUES (1, 'a')");
    drift_outbox_batch *batch = world_lease(&w, 0);
    world_run(&w, "UPDATE posts SET title = 'b'; UPDATE posts SET title = 'c'; DELETE FROM posts");
    ck_assert_outbox(&w, "insert posts {\"id\":1} base NULL {\"title\":\"a\",\"body\":null}\n"
                         "delete posts {\"id\":1} base NULL -");
    drift_outbox_batch_free(batch);
    world_end(&w);
}
END_TEST

/* --- values --- */

static const struct {
    const char *value, *json;
} values[] = {
    {"NULL", "null"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"0.1", "0.10000000000000001"},
    {"0.1 + 0.2", "0.30000000000000004"},
    {"1.0", "1.0"},
    {"1e300", "1.0000000000000001e+300"},
    {"9e999", "{\"$real\":\"inf\"}"},
    {"-9e999", "{\"$real\":\"-inf\"}"},
    {"x''", "{\"$hex\":\"\"}"},
    {"x'00ff7B'", "{\"$hex\":\"00FF7B\"}"},
    {"''", "\"\""},
    {"'a\"b\\c' || char(10) || 'é😀'", "\"a\\\"b\\\\c\\né😀\""},
    {"'a' || char(0) || 'b'", "\"a\\u0000b\""},
    {"'{\"$hex\":\"00\"}'", "\"{\\\"$hex\\\":\\\"00\\\"}\""},
    {"'007'", "\"007\""},
};

START_TEST(every_value_is_told_exactly)
{
    world w = world_begin(world_posts_sql, &world_posts);
    char sql[256], want[256];
    snprintf(sql, sizeof sql, "INSERT INTO posts (id, title) VALUES (1, %s)", values[_i].value);
    snprintf(want, sizeof want, "insert posts {\"id\":1} base NULL {\"title\":%s,\"body\":null}", values[_i].json);
    if (strcmp(values[_i].value, "1e300") == 0) { /* how the 17th digit is rounded differs between versions */
        world_run(&w, sql);
        ck_assert_value(w.db, "SELECT CAST(payload ->> 'title' AS REAL) = 1e300 FROM drift_track_outbox", "1");
        world_end(&w);
        return;
    }
    world_run(&w, sql);
    ck_assert_outbox(&w, want);
    world_end(&w);
}
END_TEST

/* What compares as equal is not the same: the collation's, and 1 and 1.0. */
START_TEST(a_change_that_compares_as_equal_is_a_change)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t"}, 1};
    world w = world_begin("CREATE TABLE t (id INTEGER PRIMARY KEY, a COLLATE NOCASE);", &tracking);
    world_run(&w, "INSERT INTO t VALUES (1, 'a'), (2, 1)");
    world_deliver(&w);
    world_run(&w, "UPDATE t SET a = 'A' WHERE id = 1; UPDATE t SET a = 1.0 WHERE id = 2");
    ck_assert_outbox(&w, "update t {\"id\":1} base NULL {\"id\":1,\"a\":\"A\"}\n"
                         "update t {\"id\":2} base NULL {\"id\":2,\"a\":1.0}");
    world_end(&w);
}
END_TEST

/* --- keys, names, constraints --- */

START_TEST(keys_of_every_shape_are_told)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t", .entity = "thing"}, 1};
    world w = world_begin("CREATE TABLE t (a TEXT, b BLOB, n, PRIMARY KEY (b, a)) WITHOUT ROWID;", &tracking);
    world_run(&w, "INSERT INTO t VALUES ('x', x'01', 1), ('x', x'02', 2)");
    ck_assert_outbox(&w, "insert thing {\"b\":{\"$hex\":\"01\"},\"a\":\"x\"} base NULL "
                         "{\"a\":\"x\",\"b\":{\"$hex\":\"01\"},\"n\":1}\n"
                         "insert thing {\"b\":{\"$hex\":\"02\"},\"a\":\"x\"} base NULL "
                         "{\"a\":\"x\",\"b\":{\"$hex\":\"02\"},\"n\":2}");
    world_deliver(&w);
    world_run(&w, "UPDATE t SET a = 'y' WHERE n = 1; DELETE FROM t WHERE n = 2");
    ck_assert_outbox(&w, "delete thing {\"b\":{\"$hex\":\"01\"},\"a\":\"x\"} base NULL -\n"
                         "insert thing {\"b\":{\"$hex\":\"01\"},\"a\":\"y\"} base NULL "
                         "{\"a\":\"y\",\"b\":{\"$hex\":\"01\"},\"n\":1}\n"
                         "delete thing {\"b\":{\"$hex\":\"02\"},\"a\":\"x\"} base NULL -");
    world_end(&w);
}
END_TEST

START_TEST(names_with_quotes_are_names)
{
    const drift_tracked_table tables[] = {{.table = "a \"b' c"}, {.table = "order"}};
    const drift_tracking tracking = {tables, 2};
    drift_error err = {0};
    world w = world_begin("CREATE TABLE \"a \"\"b' c\" (\"i'd \"\"\\\" TEXT NOT NULL PRIMARY KEY, \"select\");"
                          "CREATE TABLE \"order\" (\"group\" INTEGER PRIMARY KEY, \"new\", \"old\");",
                          &tracking);
    world_run(&w, "INSERT INTO \"a \"\"b' c\" VALUES ('k', 1); INSERT INTO \"order\" VALUES (1, 2, 3)");
    ck_assert_outbox(&w, "insert a \"b' c {\"i'd \\\"\\\\\":\"k\"} base NULL {\"i'd \\\"\\\\\":\"k\",\"select\":1}\n"
                         "insert order {\"group\":1} base NULL {\"group\":1,\"new\":2,\"old\":3}");
    ck_assert_drift(drift_track_verify(w.db, w.schema, &tracking, &err));
    world_end(&w);
}
END_TEST

/* Each: a table with something unique, a row, a statement that replaces it by a row of another key. */
static const struct {
    const char *schema, *row, *replace;
} uniques[] = {
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, b);", "1, 'x', 1", "REPLACE INTO t VALUES (2, 'x', 2)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, UNIQUE (a, b));", "1, 'x', 1", "REPLACE INTO t VALUES (2, 'x', 1)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE UNIQUE INDEX i ON t (a);", "1, 'x', 1",
     "REPLACE INTO t VALUES (2, 'x', 2)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a COLLATE NOCASE UNIQUE, b);", "1, 'x', 1",
     "REPLACE INTO t VALUES (2, 'X', 2)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE UNIQUE INDEX i ON t (a COLLATE NOCASE);", "1, 'x', 1",
     "REPLACE INTO t VALUES (2, 'X', 2)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE UNIQUE INDEX i ON t (a) WHERE b > 0;", "1, 'x', 1",
     "REPLACE INTO t VALUES (2, 'x', 2)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE UNIQUE INDEX i ON t (lower(a), b);", "1, 'x', 1",
     "REPLACE INTO t VALUES (2, 'X', 1)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE UNIQUE INDEX i ON t (a);", "1, 'x', 1",
     "INSERT INTO t VALUES (2, 'y', 2); UPDATE OR REPLACE t SET a = 'x' WHERE id = 2"},
    {"CREATE TABLE t (id TEXT PRIMARY KEY COLLATE NOCASE, a, b) WITHOUT ROWID;", "'k', 'x', 1",
     "REPLACE INTO t VALUES ('K', 'x', 1)"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE ON CONFLICT REPLACE, b);", "1, 'x', 1",
     "INSERT INTO t VALUES (2, 'x', 2)"},
};

START_TEST(what_replace_deletes_under_any_constraint_is_told)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t"}, 1};
    char sql[256];
    world w = world_begin(uniques[_i].schema, &tracking);
    snprintf(sql, sizeof sql, "INSERT INTO t VALUES (%s)", uniques[_i].row);
    world_run(&w, sql);
    world_deliver(&w);
    world_run(&w, uniques[_i].replace);
    ck_assert_value(w.db, "SELECT count(*) FROM t", "1");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox WHERE operation = 'delete'", "1");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox WHERE operation = 'insert'", "1");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox", "2");
    world_end(&w);
}
END_TEST

/* Outside the predicate two rows may share a value: nothing is replaced. */
START_TEST(what_a_partial_index_leaves_out_is_no_conflict)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t"}, 1};
    world w = world_begin(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE UNIQUE INDEX i ON t (a) WHERE t.b > 0;", &tracking);
    world_run(&w, "INSERT INTO t VALUES (1, 'x', 0)");
    world_deliver(&w);
    world_run(&w, "REPLACE INTO t VALUES (2, 'x', 1); REPLACE INTO t VALUES (3, 'x', -1)");
    ck_assert_value(w.db, "SELECT group_concat(operation || key) FROM drift_track_outbox",
                    "insert{\"id\":2},insert{\"id\":3}");
    world_end(&w);
}
END_TEST

START_TEST(cascades_are_told)
{
    const drift_tracked_table tables[] = {{.table = "p"}, {.table = "c"}};
    const drift_tracking tracking = {tables, 2};
    world w =
        world_begin("CREATE TABLE p (id INTEGER PRIMARY KEY);"
                    "CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE);",
                    &tracking);
    world_run(&w, "PRAGMA foreign_keys = ON; INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1, 1), (2, 2)");
    world_deliver(&w);
    world_run(&w, "DELETE FROM p WHERE id = 1; UPDATE p SET id = 3 WHERE id = 2");
    ck_assert_value(w.db,
                    "SELECT group_concat(operation || entity || key, ' ') FROM "
                    "(SELECT * FROM drift_track_outbox ORDER BY entity, sequence)",
                    "deletec{\"id\":1} updatec{\"id\":2} deletep{\"id\":1} deletep{\"id\":2} insertp{\"id\":3}");
    world_end(&w);
}
END_TEST

/* The application's own trigger changes the row once more, before or after ours: the last state is told. */
START_TEST(triggers_of_the_application_do_not_hide_the_last_state)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t"}, 1};
    static const char touch[] =
        "CREATE TRIGGER touch AFTER INSERT ON t BEGIN UPDATE t SET a = upper(new.a) WHERE id = new.id; END;"
        "CREATE TRIGGER touch_again AFTER UPDATE OF a ON t BEGIN UPDATE t SET b = new.a WHERE id = new.id; END;";
    drift_error err = {0};
    world w = {0};
    char sql[1024];
    snprintf(sql, sizeof sql, "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);%s", _i == 0 ? touch : "");
    ck_assert_drift(drift_connection_memory(&w.db, NULL, &err));
    w.schema = world_create(w.db, sql, &tracking);
    if (_i == 1) world_run(&w, touch);
    world_run(&w, "INSERT INTO t (id, a) VALUES (1, 'x')");
    ck_assert_outbox(&w, "insert t {\"id\":1} base NULL {\"id\":1,\"a\":\"X\",\"b\":\"X\"}");
    world_deliver(&w);
    world_run(&w, "UPDATE t SET a = 'y'");
    ck_assert_outbox(&w, "update t {\"id\":1} base NULL {\"id\":1,\"a\":\"y\",\"b\":\"y\"}");
    world_end(&w);
}
END_TEST

START_TEST(a_row_without_a_key_is_refused)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t"}, 1};
    drift_error err = {0};
    world w = world_begin("CREATE TABLE t (id TEXT PRIMARY KEY, a);", &tracking);
    ck_assert_drift_fails(drift_exec(w.db, "INSERT INTO t VALUES (NULL, 1)", &err), DRIFT_CONSTRAINT);
    ck_assert_ptr_nonnull(strstr(err.text, "a row whose key holds NULL cannot be tracked"));
    ck_assert_value(w.db, "SELECT count(*) FROM t", "0");
    world_end(&w);
}
END_TEST

/* 300 columns: longer than a function may have arguments, and an expression may be deep when each has its operator. */
START_TEST(a_wide_table_is_told_whole)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t"}, 1};
    static char sql[8192];
    size_t length = (size_t)snprintf(sql, sizeof sql, "CREATE TABLE t (id INTEGER PRIMARY KEY");
    for (int i = 1; i < 300; i++)
        length += (size_t)snprintf(sql + length, sizeof sql - length, ", c%d DEFAULT %d", i, i);
    snprintf(sql + length, sizeof sql - length, ");");
    world w = world_begin(sql, &tracking);
    world_run(&w, "INSERT INTO t (id) VALUES (1)");
    ck_assert_value(w.db,
                    "SELECT json_valid(payload) || (SELECT count(*) || ' ' || sum(value) FROM json_each(payload)) "
                    "FROM drift_track_outbox",
                    "1300 44851");
    world_end(&w);
}
END_TEST

START_TEST(generated_columns_are_told_when_they_change)
{
    const drift_tracking tracking = {
        &(const drift_tracked_table){.table = "t", .columns = (const char *const[]){"double", NULL}}, 1};
    world w = world_begin("CREATE TABLE t (id INTEGER PRIMARY KEY, n, double AS (n * 2));", &tracking);
    world_run(&w, "INSERT INTO t VALUES (1, 1)");
    world_deliver(&w);
    world_run(&w, "UPDATE t SET n = 5");
    ck_assert_outbox(&w, "update t {\"id\":1} base NULL {\"double\":10}");
    world_end(&w);
}
END_TEST

START_TEST(nothing_is_queued_inside_untracked_or_what_it_undoes)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox", "1");
    world_run(&w, "INSERT INTO drift_track_applying DEFAULT VALUES; UPDATE posts SET title = 'x'; REPLACE INTO posts "
                  "(id) VALUES (1); DELETE FROM posts; DELETE FROM drift_track_applying");
    ck_assert_outbox(&w, "insert posts {\"id\":1} base NULL {\"title\":null,\"body\":null}");
    ck_assert_drift(drift_track_verify(w.db, w.schema, &world_posts, &err));
    world_end(&w);
}
END_TEST

START_TEST(the_priority_and_an_own_key_go_with_each_change)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t", .priority = 7}, 1};
    world w = world_begin("CREATE TABLE t (id INTEGER PRIMARY KEY);", &tracking);
    world_run(&w, "INSERT INTO t VALUES (1), (2), (3)");
    ck_assert_value(w.db, "SELECT min(priority) || max(priority) FROM drift_track_outbox", "77");
    ck_assert_value(w.db,
                    "SELECT count(DISTINCT idempotency_key) || ' ' || min(length(idempotency_key)) FROM "
                    "drift_track_outbox",
                    "3 32");
    ck_assert_value(w.db, "SELECT abs(created_at - unixepoch('now') * 1000) < 600000 FROM drift_track_outbox LIMIT 1",
                    "1");
    world_end(&w);
}
END_TEST

TCase *capture_case(void)
{
    TCase *tcase = suite_case("capture");
    const int count = sizeof changes / sizeof *changes;
    tcase_add_loop_test(tcase, a_change_is_queued_as_what_the_peer_has_to_do, 0, count);
    tcase_add_loop_test(tcase, recursive_triggers_change_nothing, 0, count);
    tcase_add_test(tcase, what_was_handed_out_takes_nothing_in);
    tcase_add_loop_test(tcase, every_value_is_told_exactly, 0, sizeof values / sizeof *values);
    tcase_add_test(tcase, a_change_that_compares_as_equal_is_a_change);
    tcase_add_test(tcase, keys_of_every_shape_are_told);
    tcase_add_test(tcase, names_with_quotes_are_names);
    tcase_add_loop_test(tcase, what_replace_deletes_under_any_constraint_is_told, 0, sizeof uniques / sizeof *uniques);
    tcase_add_test(tcase, what_a_partial_index_leaves_out_is_no_conflict);
    tcase_add_test(tcase, cascades_are_told);
    tcase_add_loop_test(tcase, triggers_of_the_application_do_not_hide_the_last_state, 0, 2);
    tcase_add_test(tcase, a_row_without_a_key_is_refused);
    tcase_add_test(tcase, a_wide_table_is_told_whole);
    tcase_add_test(tcase, generated_columns_are_told_when_they_change);
    tcase_add_test(tcase, nothing_is_queued_inside_untracked_or_what_it_undoes);
    tcase_add_test(tcase, the_priority_and_an_own_key_go_with_each_change);
    return tcase;
}
