/* check_apply.c — what the peer sends: written without an echo, conflicts decided, all of a batch or nothing. */
#include <string.h>

#include "track/world.h"

#define CHANGE(operation_, key_, payload_, ...)                                                                     \
    {                                                                                                               \
        .entity = "posts", .operation = DRIFT_OPERATION_##operation_, .key = key_, .payload = payload_, __VA_ARGS__ \
    }
#define R(text) .revision = DRIFT_BIND_TEXT(text, sizeof text - 1)

static int apply(const world *w, const drift_remote_batch *batch, drift_conflict_fn resolve, void *payload,
                 drift_error *err)
{
    return drift_track_apply(w->db, w->schema, &world_posts, batch, resolve, payload, err);
}

static void apply_one(const world *w, drift_remote_change change, drift_conflict_fn resolve, void *payload)
{
    drift_error err = {0};
    ck_assert_drift(apply(w, &(drift_remote_batch){.changes = &change, .change_count = 1}, resolve, payload, &err));
}

#define ck_assert_posts(w, expected)                                                                             \
    ck_assert_value((w)->db,                                                                                     \
                    "SELECT ifnull(group_concat(quote(id) || quote(title) || quote(body) || quote(revision) || " \
                    "quote(note), ' '), '') FROM posts",                                                         \
                    expected)

START_TEST(the_peers_rows_are_written_and_do_not_echo)
{
    drift_error err = {0};
    const drift_remote_change changes[] = {
        CHANGE(INSERT, "{\"id\":1}", "{\"title\":\"a\",\"body\":{\"$hex\":\"00\"},\"note\":\"not tracked\"}", R("r1")),
        CHANGE(UPDATE, "{\"id\":2}", "{\"title\":0.5,\"body\":{\"$real\":\"inf\"}}", ),
        CHANGE(UPDATE, "{\"id\":1}", "{\"title\":\"b\"}", R("r2")),
        CHANGE(DELETE, "{\"id\":3}", NULL, ),
    };
    char *cursor = NULL;
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts (id) VALUES (3)");
    world_deliver(&w);
    ck_assert_drift(drift_track_cursor(&cursor, w.db, "server", &err));
    ck_assert_ptr_null(cursor);
    ck_assert_drift(apply(&w, &(drift_remote_batch){"server", "", "c1", changes, 4}, NULL, NULL, &err));
    ck_assert_posts(&w, "1'b'X'00''r2'NULL 20.5InfNULLNULL");
    ck_assert_outbox(&w, "");
    ck_assert_drift(drift_track_cursor(&cursor, w.db, "server", &err));
    ck_assert_str_eq(cursor, "c1");
    drift_free(cursor);
    world_run(&w, "UPDATE posts SET title = 'local again' WHERE id = 1");
    ck_assert_outbox(&w, "update posts {\"id\":1} base 'r2' {\"title\":\"local again\",\"body\":{\"$hex\":\"00\"}}");
    world_end(&w);
}
END_TEST

/* Whatever a trigger wrote, the other side's tables hold the same afterwards. */
START_TEST(what_the_outbox_tells_is_what_apply_writes)
{
    const drift_tracking tracking = {&(const drift_tracked_table){.table = "t"}, 1};
    const char *schema = "CREATE TABLE t (a, b, c, PRIMARY KEY (a, b));";
    drift_error err = {0};
    world here = world_begin(schema, &tracking), there = world_begin(schema, &tracking);
    world_run(&here, "INSERT INTO t VALUES (1, 'x', 0.1), (1.5, x'00ff', 0.1 + 0.2), ('a' || char(0) || 'b', 'é😀\"\\', "
                     "9223372036854775807), (-9e999, '', -9223372036854775808), ('007', x'', NULL), "
                     "('1', 1, 5e-324), (1e300, 1.7976931348623157e308, -123456.789)");
    drift_outbox_batch *batch = world_lease(&here, 0);
    ck_assert_uint_eq(drift_outbox_batch_count(batch), 7);
    for (size_t i = 0; i < 7; i++) {
        const drift_outbox_change *c = drift_outbox_batch_at(batch, i);
        const drift_remote_change change = {.entity = c->entity, .key = c->key, .payload = c->payload};
        const drift_remote_batch one = {.changes = &change, .change_count = 1};
        for (int twice = 0; twice < 2; twice++)
            ck_assert_drift(drift_track_apply(there.db, there.schema, &tracking, &one, NULL, NULL, &err));
    }
    const char *all = "SELECT group_concat(typeof(a) || hex(a) || typeof(b) || hex(b) || typeof(c) || "
                      "iif(typeof(c) = 'real', printf('%!.17g', c), hex(c)), ' ') FROM t";
    char *want = suite_value(here.db, all);
    ck_assert_value(there.db, all, want);
    drift_free(want);
    drift_outbox_batch_free(batch);
    world_end(&here);
    world_end(&there);
}
END_TEST

START_TEST(a_batch_that_fails_leaves_nothing)
{
    drift_error err = {0};
    const drift_remote_change changes[] = {CHANGE(INSERT, "{\"id\":1}", "{\"title\":\"a\"}", ),
                                           CHANGE(INSERT, "{\"id\":2}", "{\"title\":[]}", )};
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift_fails(apply(&w, &(drift_remote_batch){"server", NULL, "c1", changes, 2}, NULL, NULL, &err),
                          DRIFT_FORMAT);
    ck_assert_posts(&w, "");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_cursor", "0");
    world_run(&w, "INSERT INTO posts (id) VALUES (1)");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox", "1");
    world_end(&w);
}
END_TEST

START_TEST(a_batch_that_comes_twice_or_out_of_order_is_told)
{
    drift_error err = {0};
    const drift_remote_change change = CHANGE(INSERT, "{\"id\":1}", "{\"title\":\"a\"}", );
    const drift_remote_batch first = {"server", "", "c1", &change, 1}, third = {"server", "c2", "c3", &change, 1};
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift_fails(apply(&w, &third, NULL, NULL, &err), DRIFT_MISMATCH);
    ck_assert_str_eq(err.text, "expected a batch that follows \"\", found one that follows \"c2\"");
    err = (drift_error){0};
    ck_assert_drift(apply(&w, &first, NULL, NULL, &err));
    world_run(&w, "DELETE FROM posts");
    ck_assert_drift_fails(apply(&w, &first, NULL, NULL, &err), DRIFT_MISMATCH);
    ck_assert_posts(&w, "");
    world_end(&w);
}
END_TEST

START_TEST(children_may_come_before_their_parents)
{
    const drift_tracked_table tables[] = {{.table = "p"}, {.table = "c"}};
    const drift_tracking tracking = {tables, 2};
    const drift_remote_change changes[] = {
        {.entity = "c", .key = "{\"id\":1}", .payload = "{\"p\":7}"},
        {.entity = "p", .key = "{\"id\":7}", .payload = "{}"},
    };
    const drift_remote_batch both = {.changes = changes, .change_count = 2},
                             child = {.changes = changes, .change_count = 1};
    drift_error err = {0};
    world w = world_begin("CREATE TABLE p (id INTEGER PRIMARY KEY);"
                          "CREATE TABLE c (id INTEGER PRIMARY KEY, p NOT NULL REFERENCES p);",
                          &tracking);
    world_run(&w, "PRAGMA foreign_keys = ON");
    ck_assert_int_ne(drift_track_apply(w.db, w.schema, &tracking, &child, NULL, NULL, &err), DRIFT_OK);
    ck_assert_value(w.db, "SELECT count(*) FROM c", "0");
    err = (drift_error){0};
    ck_assert_drift(drift_track_apply(w.db, w.schema, &tracking, &both, NULL, NULL, &err));
    ck_assert_value(w.db, "SELECT count(*) FROM c JOIN p ON p.id = c.p", "1");
    world_end(&w);
}
END_TEST

static const struct {
    drift_remote_change change;
    int status;
    const char *says;
} refused[] = {
    {{.entity = "absent", .key = "{}"}, DRIFT_NOT_FOUND, "expected an entity that is tracked, found absent"},
    {CHANGE(INSERT, NULL, "{}", ), DRIFT_FORMAT, "expected a key and a payload of a change of posts, found none"},
    {CHANGE(UPDATE, "{\"id\":1}", NULL, ), DRIFT_FORMAT,
     "expected a key and a payload of a change of posts, found none"},
    {CHANGE(DELETE, "{\"id\":1,\"x\":1}", NULL, ), DRIFT_FORMAT,
     "expected a key of posts: a value for each column of its PRIMARY KEY"},
    {CHANGE(DELETE, "{\"id\":null}", NULL, ), DRIFT_FORMAT,
     "expected a key of posts: a value for each column of its PRIMARY KEY"},
    {CHANGE(DELETE, "7", NULL, ), DRIFT_FORMAT, "expected an object in the key of a remote change"},
    {CHANGE(INSERT, "{\"id\":\"text\"}", "{}", ), DRIFT_CONSTRAINT, NULL},
};

START_TEST(what_is_no_change_of_a_tracked_row_is_refused)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    const drift_remote_batch one = {.changes = &refused[_i].change, .change_count = 1};
    const int rc = apply(&w, &one, NULL, NULL, &err);
    ck_assert_int_eq(err.code, rc);
    if (refused[_i].says) {
        ck_assert_int_eq(rc, refused[_i].status);
        ck_assert_str_eq(err.text, refused[_i].says);
    } else {
        ck_assert_int_ne(rc, DRIFT_OK);
    }
    ck_assert_posts(&w, "");
    world_end(&w);
}
END_TEST

START_TEST(a_cursor_without_a_peer_is_refused)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift_fails(apply(&w, &(drift_remote_batch){.cursor = "c"}, NULL, NULL, &err), DRIFT_MISUSE);
    world_end(&w);
}
END_TEST

/* --- conflicts --- */

typedef struct decision {
    drift_resolution resolution;
    const char *merged;
    int status;
    int asked;
} decision;

static int decide(drift_resolution *out, drift_sync_conflict *conflict, void *payload, drift_error *err)
{
    decision *d = payload;
    (void)err;
    d->asked++;
    ck_assert_str_eq(conflict->remote->payload, "{\"title\":\"theirs\"}");
    ck_assert_str_eq(conflict->local->payload, "{\"title\":\"mine\",\"body\":\"b\"}");
    *out = d->resolution;
    conflict->merged = d->merged;
    return d->status;
}

static const drift_remote_change theirs = CHANGE(UPDATE, "{\"id\":1}", "{\"title\":\"theirs\"}", R("r2"));

/* A row that both sides changed since revision r1. */
static world changed_on_both_sides(void)
{
    world w = world_begin(world_posts_sql, &world_posts);
    world_run(&w, "INSERT INTO posts VALUES (1, 'a', 'b', 'r1', NULL)");
    world_deliver(&w);
    world_run(&w, "UPDATE posts SET title = 'mine'");
    return w;
}

static const struct {
    decision decision;
    const char *posts, *outbox;
} decisions[] = {
    {{.resolution = DRIFT_KEEP_LOCAL},
     "1'mine''b''r2'NULL",
     "update posts {\"id\":1} base 'r2' {\"title\":\"mine\",\"body\":\"b\"}"},
    {{.resolution = DRIFT_KEEP_SERVER}, "1'theirs''b''r2'NULL", ""},
    {{.resolution = DRIFT_MERGED, .merged = "{\"title\":\"both\"}"},
     "1'both''b''r2'NULL",
     "update posts {\"id\":1} base 'r2' {\"title\":\"both\",\"body\":\"b\"}"},
};

START_TEST(a_conflict_is_decided_by_the_application)
{
    decision d = decisions[_i].decision;
    world w = changed_on_both_sides();
    apply_one(&w, theirs, decide, &d);
    ck_assert_int_eq(d.asked, 1);
    ck_assert_posts(&w, decisions[_i].posts);
    ck_assert_outbox(&w, decisions[_i].outbox);
    world_end(&w);
}
END_TEST

START_TEST(a_conflict_that_nobody_decides_fails_the_batch)
{
    drift_error err = {0};
    world w = changed_on_both_sides();
    const drift_remote_batch one = {.changes = &theirs, .change_count = 1};
    ck_assert_drift_fails(apply(&w, &one, NULL, NULL, &err), DRIFT_MISMATCH);
    ck_assert_str_eq(err.text, "posts {\"id\":1} was changed on both sides, and nobody decides");
    ck_assert_posts(&w, "1'mine''b''r1'NULL");
    world_end(&w);
}
END_TEST

static const struct {
    decision decision;
    int status;
} undecided[] = {
    {{.resolution = DRIFT_MERGED}, DRIFT_FORMAT},
    {{.resolution = DRIFT_MERGED, .merged = "no object"}, DRIFT_FORMAT},
    {{.resolution = (drift_resolution)7}, DRIFT_MISUSE},
    {{.status = DRIFT_BUSY}, DRIFT_BUSY},
};

START_TEST(a_decision_that_is_none_fails_the_batch)
{
    drift_error err = {0};
    decision d = undecided[_i].decision;
    world w = changed_on_both_sides();
    const drift_remote_batch one = {.changes = &theirs, .change_count = 1};
    ck_assert_drift_fails(apply(&w, &one, decide, &d, &err), undecided[_i].status);
    ck_assert_posts(&w, "1'mine''b''r1'NULL");
    ck_assert_outbox(&w, "update posts {\"id\":1} base 'r1' {\"title\":\"mine\",\"body\":\"b\"}");
    world_end(&w);
}
END_TEST

/* The peer's change of a row whose deletion is queued, and its deletion of a row that was changed. */
static int keep(drift_resolution *out, drift_sync_conflict *conflict, void *payload, drift_error *err)
{
    (void)conflict;
    (void)err;
    *out = *(drift_resolution *)payload;
    return DRIFT_OK;
}

START_TEST(deletions_conflict_too)
{
    drift_resolution resolution = _i ? DRIFT_KEEP_SERVER : DRIFT_KEEP_LOCAL;
    world w = changed_on_both_sides();
    apply_one(&w, (drift_remote_change)CHANGE(DELETE, "{\"id\":1}", NULL, ), keep, &resolution);
    ck_assert_posts(&w, _i ? "" : "1'mine''b''r1'NULL");
    world_end(&w);
    w = changed_on_both_sides();
    world_run(&w, "DELETE FROM posts");
    apply_one(&w, theirs, keep, &resolution);
    ck_assert_posts(&w, _i ? "1'theirs'NULL'r2'NULL" : "");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox", _i ? "0" : "1");
    world_end(&w);
}
END_TEST

/* --- untracked --- */

static int fill(drift_connection *connection, void *payload, drift_error *err)
{
    int *depth = payload;
    int rc = drift_exec(connection, "INSERT INTO posts (title) VALUES ('quiet')", err);
    if (rc == DRIFT_OK && (*depth)-- > 0) rc = drift_track_untracked(connection, fill, payload, err);
    return rc != DRIFT_OK ? rc : drift_exec(connection, "INSERT INTO posts (title) VALUES ('quiet')", err);
}

START_TEST(untracked_calls_nest_and_end)
{
    drift_error err = {0};
    int depth = 2;
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift(drift_track_untracked(w.db, fill, &depth, &err));
    ck_assert_value(w.db, "SELECT count(*) FROM posts", "6");
    ck_assert_outbox(&w, "");
    world_run(&w, "DELETE FROM posts WHERE id = 1");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox", "1");
    world_end(&w);
}
END_TEST

static int stumble(drift_connection *connection, void *payload, drift_error *err)
{
    const int rc = drift_exec(connection, "INSERT INTO posts (title) VALUES ('quiet')", err);
    (void)payload;
    return rc == DRIFT_OK ? DRIFT_FULL : rc;
}

START_TEST(untracked_that_fails_tracks_again)
{
    drift_error err = {0};
    world w = world_begin(world_posts_sql, &world_posts);
    ck_assert_drift_fails(drift_track_untracked(w.db, stumble, NULL, &err), DRIFT_FULL);
    world_run(&w, "BEGIN");
    err = (drift_error){0};
    ck_assert_drift_fails(drift_track_untracked(w.db, stumble, NULL, &err), DRIFT_FULL);
    world_run(&w, "INSERT INTO posts (id) VALUES (1); COMMIT");
    ck_assert_value(w.db, "SELECT count(*) FROM drift_track_outbox", "1");
    world_end(&w);
}
END_TEST

TCase *apply_case(void)
{
    TCase *tcase = suite_case("apply");
    tcase_add_test(tcase, the_peers_rows_are_written_and_do_not_echo);
    tcase_add_test(tcase, what_the_outbox_tells_is_what_apply_writes);
    tcase_add_test(tcase, a_batch_that_fails_leaves_nothing);
    tcase_add_test(tcase, a_batch_that_comes_twice_or_out_of_order_is_told);
    tcase_add_test(tcase, children_may_come_before_their_parents);
    tcase_add_loop_test(tcase, what_is_no_change_of_a_tracked_row_is_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tcase, a_cursor_without_a_peer_is_refused);
    tcase_add_loop_test(tcase, a_conflict_is_decided_by_the_application, 0, sizeof decisions / sizeof *decisions);
    tcase_add_test(tcase, a_conflict_that_nobody_decides_fails_the_batch);
    tcase_add_loop_test(tcase, a_decision_that_is_none_fails_the_batch, 0, sizeof undecided / sizeof *undecided);
    tcase_add_loop_test(tcase, deletions_conflict_too, 0, 2);
    tcase_add_test(tcase, untracked_calls_nest_and_end);
    tcase_add_test(tcase, untracked_that_fails_tracks_again);
    return tcase;
}
