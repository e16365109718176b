/* check_guide.c — the examples of framework/docs/synchronisation.md, taken out of it, compiled and run. */
#include <string.h>

#include "track/world.h"

/* What the guide takes for given: a server that is reached somehow. */
typedef enum notes_answer { SERVER_TOOK_IT, SERVER_IS_BUSY, SERVER_REFUSES } notes_answer;
typedef struct notes_server {
    notes_answer answer;
    int64_t revision;
    int calls;
} notes_server;

static notes_answer notes_server_put(notes_server *server, const drift_outbox_change *change)
{
    ck_assert_str_eq(change->entity, "note");
    server->calls++;
    return server->answer;
}

/* The examples are a file of the guide, and belong to this one. */
#include "guide/notes.c" /* NOLINT(bugprone-suspicious-include) */

static const char notes_sql[] =
    "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, title TEXT, body TEXT, revision INTEGER, sync_error TEXT);";

START_TEST(the_guides_worker_delivers)
{
    drift_error err = {0};
    drift_sync_report report;
    notes_server server = {.answer = (notes_answer)_i, .revision = 7};
    world w = world_begin(notes_sql, &tracking);
    world_run(&w, "INSERT INTO notes (id, title) VALUES ('a', 'Bread'); UPDATE notes SET sync_error = 'none'");
    ck_assert_drift(send_all(w.db, &server, &report, &err));
    ck_assert_int_eq(server.calls, 1);
    ck_assert_int_eq(_i == SERVER_TOOK_IT ? report.delivered : _i == SERVER_IS_BUSY ? report.later : report.dead, 1);
    ck_assert_value(w.db, "SELECT ifnull(revision, 0) FROM notes", _i == SERVER_TOOK_IT ? "7" : "0");
    world_end(&w);
}
END_TEST

START_TEST(the_guides_rows_come_in)
{
    drift_error err = {0};
    world w = world_begin(notes_sql, &tracking);
    world_run(&w, "INSERT INTO notes (id, title) VALUES ('a', 'Bread'), ('b', 'Butter')");
    ck_assert_drift(receive(w.db, w.schema, &err));
    ck_assert_value(w.db, "SELECT group_concat(id || title || revision) FROM notes", "aMilk8");
    ck_assert_outbox(&w, "");
    ck_assert_drift_fails(receive(w.db, w.schema, &err), DRIFT_MISMATCH);
    world_end(&w);
}
END_TEST

START_TEST(the_guides_decision_keeps_a_local_deletion)
{
    drift_error err = {0};
    notes_server server = {.answer = SERVER_TOOK_IT, .revision = 1};
    world w = world_begin(notes_sql, &tracking);
    world_run(&w, "INSERT INTO notes (id, title) VALUES ('a', 'Bread')");
    ck_assert_drift(send_all(w.db, &server, NULL, &err));
    world_run(&w, "DELETE FROM notes");
    ck_assert_drift(receive(w.db, w.schema, &err));
    ck_assert_value(w.db, "SELECT count(*) FROM notes", "0");
    ck_assert_outbox(&w, "delete note {\"id\":\"a\"} base 8 -");
    world_end(&w);
}
END_TEST

TCase *guide_case(void)
{
    TCase *tcase = suite_case("guide");
    tcase_add_loop_test(tcase, the_guides_worker_delivers, 0, 3);
    tcase_add_test(tcase, the_guides_rows_come_in);
    tcase_add_test(tcase, the_guides_decision_keeps_a_local_deletion);
    return tcase;
}
