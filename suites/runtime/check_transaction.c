/* check_transaction.c — exactly one of commit and rollback, and nothing outside a transaction that was meant inside. */
#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "runtime/cases.h"
#include "runtime/connection.h"
#include "runtime/world.h"
#include "support/suite.h"

/* A body: runs `sql`, then `inner` in a nested transaction whose status it gives, or ignores, then `after`. */
typedef struct script {
    const char *sql;
    const struct script *inner;
    bool ignore_inner;
    const char *after;
    int give; /* instead of DRIFT_OK */
} script;

static int run_script(drift_connection *connection, void *payload, drift_error *err)
{
    const script *s = payload;
    ck_assert(drift_in_transaction(connection));
    int rc = s->sql ? drift_exec(connection, s->sql, err) : DRIFT_OK;
    if (rc == DRIFT_OK && s->inner) {
        drift_error ignored = {0};
        const int inner = drift_transaction(connection, run_script, (void *)s->inner, s->ignore_inner ? &ignored : err);
        if (!s->ignore_inner) rc = inner;
    }
    if (rc == DRIFT_OK && s->after) rc = drift_exec(connection, s->after, err);
    return rc == DRIFT_OK ? s->give : rc;
}

static int transact(world *w, script s, drift_error *err)
{
    return drift_transaction(w->connection, run_script, &s, err);
}

static world open_with_table(int kind)
{
    world w = world_open(kind);
    world_exec(w.connection, "CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES ('old')");
    return w;
}

static void assert_rows(world *w, const char *expected)
{
    ck_assert(!drift_in_transaction(w->connection));
    world_expect(w->connection, "SELECT group_concat(a) FROM (SELECT a FROM t ORDER BY rowid)", expected);
}

START_TEST(a_body_that_succeeds_is_committed)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    ck_assert_drift(transact(&w, (script){.sql = "INSERT INTO t VALUES ('new')"}, &err));
    assert_rows(&w, "old,new");
    world_close(&w);
}
END_TEST

START_TEST(a_body_that_fails_is_rolled_back_with_its_status)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    const script s = {.sql = "INSERT INTO t VALUES ('new'); CREATE TABLE u(a)", .give = DRIFT_MIGRATION};
    ck_assert_drift_fails(transact(&w, s, &err), DRIFT_MIGRATION);
    assert_rows(&w, "old");
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'u'"), 0);
    world_close(&w);
}
END_TEST

START_TEST(a_nested_body_is_undone_alone)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    const script inner = {.sql = "INSERT INTO t VALUES ('inner')", .give = DRIFT_MIGRATION};
    const script outer = {.sql = "INSERT INTO t VALUES ('before')",
                          .inner = &inner,
                          .ignore_inner = true,
                          .after = "INSERT INTO t VALUES ('after')"};
    ck_assert_drift(transact(&w, outer, &err));
    assert_rows(&w, "old,before,after");
    world_close(&w);
}
END_TEST

START_TEST(nesting_goes_deep)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    const script d = {.sql = "INSERT INTO t VALUES (4)"};
    const script c = {.sql = "INSERT INTO t VALUES (3)", .inner = &d, .give = DRIFT_MIGRATION};
    const script b = {.sql = "INSERT INTO t VALUES (2)", .inner = &c, .ignore_inner = true};
    const script a = {.sql = "INSERT INTO t VALUES (1)", .inner = &b};
    ck_assert_drift(transact(&w, a, &err));
    assert_rows(&w, "old,1,2");
    world_close(&w);
}
END_TEST

START_TEST(inside_a_begin_of_the_users_own_a_savepoint_is_used)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    world_exec(w.connection, "BEGIN; INSERT INTO t VALUES ('mine')");
    ck_assert_drift_fails(transact(&w, (script){.sql = "DELETE FROM t", .give = DRIFT_MIGRATION}, &err),
                          DRIFT_MIGRATION);
    err = (drift_error){0};
    ck_assert_drift(transact(&w, (script){.sql = "INSERT INTO t VALUES ('more')"}, &err));
    ck_assert(drift_in_transaction(w.connection));
    world_exec(w.connection, "COMMIT");
    assert_rows(&w, "old,mine,more");
    world_close(&w);
}
END_TEST

/* https://www.sqlite.org/lang_conflict.html: ROLLBACK "aborts the current SQL statement … and rolls back the current
 * transaction". */
START_TEST(a_transaction_that_sqlite_ended_is_reported_and_not_used_on)
{
    static const char *const endings[] = {
        "INSERT OR ROLLBACK INTO t VALUES ('old')",
        "INSERT INTO r VALUES (1)",
        "INSERT INTO g VALUES (1)",
    };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        drift_error err = {0};
        world w = open_with_table(_i);
        world_exec(w.connection,
                   "CREATE TABLE r(a UNIQUE ON CONFLICT ROLLBACK); INSERT INTO r VALUES (1); CREATE TABLE g(a);"
                   "CREATE TRIGGER stop BEFORE INSERT ON g BEGIN SELECT RAISE(ROLLBACK, 'stop'); END");
        const script inner = {.sql = endings[i]};
        const script outer = {.sql = "INSERT INTO t VALUES ('new')",
                              .inner = &inner,
                              .ignore_inner = true,
                              .after = "INSERT INTO t VALUES ('outside')"};
        ck_assert_drift_fails(transact(&w, outer, &err), DRIFT_TRANSACTION);
        assert_rows(&w, "old");
        err = (drift_error){0};
        ck_assert_drift(transact(&w, (script){.sql = "INSERT INTO t VALUES ('next')"}, &err));
        assert_rows(&w, "old,next");
        world_close(&w);
    }
}
END_TEST

START_TEST(a_transaction_that_sqlite_ended_tells_why)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    ck_assert_drift_fails(transact(&w, (script){.sql = "INSERT OR ROLLBACK INTO t VALUES ('old')"}, &err),
                          DRIFT_TRANSACTION);
    ck_assert_str_eq(err.text, "SQLite ended the transaction by itself: UNIQUE constraint failed: t.a");
    world_close(&w);
}
END_TEST

START_TEST(a_begin_of_the_users_own_that_sqlite_ended_is_reported)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    world_exec(w.connection, "BEGIN; INSERT INTO t VALUES ('new')");
    ck_assert_drift_fails(drift_exec(w.connection, "INSERT OR ROLLBACK INTO t VALUES ('old')", &err),
                          DRIFT_TRANSACTION);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

START_TEST(a_body_that_ignores_the_end_of_its_transaction_is_told)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    const script inner = {.sql = "INSERT OR ROLLBACK INTO t VALUES ('old')"};
    ck_assert_drift_fails(transact(&w, (script){.inner = &inner, .ignore_inner = true}, &err), DRIFT_TRANSACTION);
    ck_assert_str_eq(err.text, "the transaction was ended before its work was done");
    world_close(&w);
}
END_TEST

static int begin_again(drift_connection *connection, void *payload, drift_error *err)
{
    drift_error ignored = {0};
    drift_exec(connection, "INSERT OR ROLLBACK INTO t VALUES ('old')", &ignored);
    return drift_transaction(connection, run_script, payload, err);
}

START_TEST(no_transaction_begins_inside_one_that_sqlite_ended)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    script s = {.sql = "INSERT INTO t VALUES ('outside')"};
    ck_assert_drift_fails(drift_transaction(w.connection, begin_again, &s, &err), DRIFT_TRANSACTION);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

START_TEST(a_body_must_not_end_its_transaction)
{
    static const char *const endings[] = {"COMMIT; INSERT INTO t VALUES ('outside')",
                                          "ROLLBACK; INSERT INTO t VALUES ('outside')"};
    static const char *const rows[] = {"old,new", "old"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        drift_error err = {0};
        world w = open_with_table(_i);
        const script s = {.sql = "INSERT INTO t VALUES ('new')", .after = endings[i]};
        ck_assert_drift_fails(transact(&w, s, &err), DRIFT_MISUSE);
        ck_assert_int_eq(err.line, 1);
        assert_rows(&w, rows[i]);
        world_close(&w);
    }
}
END_TEST

START_TEST(a_savepoint_that_the_body_released_takes_the_transaction_with_it)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    const script inner = {.sql = "RELEASE drift__savepoint", .give = DRIFT_MIGRATION};
    const script outer = {.sql = "INSERT INTO t VALUES ('new')", .inner = &inner, .ignore_inner = true};
    ck_assert_drift_fails(transact(&w, outer, &err), DRIFT_TRANSACTION);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

START_TEST(a_commit_that_fails_is_rolled_back)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    world_exec(w.connection, "PRAGMA foreign_keys = ON; CREATE TABLE p(a PRIMARY KEY);"
                             "CREATE TABLE c(p REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
    const script s = {.sql = "INSERT INTO t VALUES ('new'); INSERT INTO c VALUES (1)"};
    ck_assert_drift_fails(transact(&w, s, &err), DRIFT_FOREIGN_KEY);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

static int leave_writer(drift_connection *connection, void *payload, drift_error *err)
{
    drift_statement **statement = payload;
    bool row = false;
    int rc = drift_statement_prepare(statement, connection, "INSERT INTO t VALUES (1), (2) RETURNING a", err);
    return rc == DRIFT_OK ? drift_statement_step(&row, *statement, err) : rc;
}

START_TEST(a_statement_that_has_not_ended_writing_keeps_a_transaction_from_its_commit)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    world w = open_with_table(_i);
    const int64_t start = drift__clock_us();
    ck_assert_drift_fails(drift_transaction(w.connection, leave_writer, &statement, &err), DRIFT_MISUSE);
    ck_assert_int_lt(drift__clock_us() - start, 4000000); /* no waiting for a lock that nobody else holds */
    drift_statement_free(statement);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

START_TEST(a_cursor_that_a_rollback_ended_says_so)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    bool row = false;
    world w = open_with_table(_i);
    world_exec(w.connection, "INSERT INTO t VALUES ('second'); BEGIN; CREATE TABLE u(a)");
    ck_assert_drift(drift_statement_prepare(&statement, w.connection, "SELECT a FROM t", &err));
    ck_assert_drift(drift_statement_step(&row, statement, &err));
    world_exec(w.connection, "ROLLBACK");
    ck_assert_drift_fails(drift_statement_step(&row, statement, &err), DRIFT_TRANSACTION);
    ck_assert(!row);
    drift_statement_free(statement);
    world_close(&w);
}
END_TEST

static int read_foreign_keys(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    ck_assert(!drift_in_transaction(connection));
    return drift_exec(connection, "PRAGMA foreign_keys = ON", err);
}

START_TEST(exclusive_work_has_no_transaction)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    ck_assert_drift(drift_exclusive(w.connection, read_foreign_keys, NULL, &err));
    ck_assert_int_eq(world_int64(w.connection, "PRAGMA foreign_keys"), 1);
    world_exec(w.connection, "BEGIN");
    ck_assert_drift_fails(drift_exclusive(w.connection, read_foreign_keys, NULL, &err), DRIFT_MISUSE);
    world_close(&w);
}
END_TEST

static int deny_rollback(void *unused, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)unused, (void)c, (void)d, (void)b;
    const bool rollback = (action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT) && strcmp(a, "ROLLBACK") == 0;
    return rollback ? SQLITE_DENY : SQLITE_OK;
}

START_TEST(what_cannot_be_rolled_back_is_not_begun)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    sqlite3_set_authorizer(drift_connection_handle(w.connection), deny_rollback, NULL);
    ck_assert_drift_fails(transact(&w, (script){.sql = "DELETE FROM t"}, &err), DRIFT_PERMISSION);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

/* Setting an authorizer has every statement compiled anew, the prepared ROLLBACK too. */
static int deny_and_fail(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    const int rc = drift_exec(connection, "DELETE FROM t", err);
    sqlite3_set_authorizer(drift_connection_handle(connection), deny_rollback, NULL);
    return rc == DRIFT_OK ? DRIFT_MIGRATION : rc;
}

START_TEST(a_connection_that_cannot_roll_back_is_not_used_on)
{
    drift_error err = {0}, use = {0}, begin = {0};
    world w = open_with_table(_i);
    ck_assert_drift_fails(drift_transaction(w.connection, deny_and_fail, NULL, &err), DRIFT_MIGRATION);
    sqlite3_set_authorizer(drift_connection_handle(w.connection), NULL, NULL);
    ck_assert_int_eq(drift_exec(w.connection, "COMMIT", &use), DRIFT_TRANSACTION);
    ck_assert_ptr_nonnull(strstr(use.text, "a rollback failed, so the connection must be closed"));
    ck_assert_int_eq(transact(&w, (script){0}, &begin), DRIFT_TRANSACTION);
    drift_connection_close(w.connection);
    w.connection = world_connect(&w);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

static int nest_deny_and_fail(drift_connection *connection, void *payload, drift_error *err)
{
    drift_error ignored = {0};
    (void)payload;
    (void)err;
    ck_assert_int_eq(drift_transaction(connection, deny_and_fail, NULL, &ignored), DRIFT_MIGRATION);
    return DRIFT_OK;
}

START_TEST(a_savepoint_that_cannot_be_rolled_back_is_never_committed)
{
    drift_error err = {0};
    world w = open_with_table(_i);
    ck_assert_drift_fails(drift_transaction(w.connection, nest_deny_and_fail, NULL, &err), DRIFT_TRANSACTION);
    drift_connection_close(w.connection);
    w.connection = world_connect(&w);
    assert_rows(&w, "old");
    world_close(&w);
}
END_TEST

TCase *transaction_case(void)
{
    TCase *tcase = suite_case("transaction");
    tcase_add_loop_test(tcase, a_body_that_succeeds_is_committed, 0, WORLDS);
    tcase_add_loop_test(tcase, a_body_that_fails_is_rolled_back_with_its_status, 0, WORLDS);
    tcase_add_loop_test(tcase, a_nested_body_is_undone_alone, 0, WORLDS);
    tcase_add_loop_test(tcase, nesting_goes_deep, 0, WORLDS);
    tcase_add_loop_test(tcase, inside_a_begin_of_the_users_own_a_savepoint_is_used, 0, WORLDS);
    tcase_add_loop_test(tcase, a_transaction_that_sqlite_ended_is_reported_and_not_used_on, 0, WORLDS);
    tcase_add_loop_test(tcase, a_transaction_that_sqlite_ended_tells_why, 0, WORLDS);
    tcase_add_loop_test(tcase, a_begin_of_the_users_own_that_sqlite_ended_is_reported, 0, WORLDS);
    tcase_add_loop_test(tcase, a_body_that_ignores_the_end_of_its_transaction_is_told, 0, WORLDS);
    tcase_add_loop_test(tcase, no_transaction_begins_inside_one_that_sqlite_ended, 0, WORLDS);
    tcase_add_loop_test(tcase, a_body_must_not_end_its_transaction, 0, WORLDS);
    tcase_add_loop_test(tcase, a_savepoint_that_the_body_released_takes_the_transaction_with_it, 0, WORLDS);
    tcase_add_loop_test(tcase, a_commit_that_fails_is_rolled_back, 0, WORLDS);
    tcase_add_loop_test(tcase, exclusive_work_has_no_transaction, 0, WORLDS);
    if (!world_is_direct())
        return tcase; /* what follows needs SQLite's handle, or a statement that is not at its end */
    tcase_add_loop_test(tcase, a_statement_that_has_not_ended_writing_keeps_a_transaction_from_its_commit, 0, WORLDS);
    tcase_add_loop_test(tcase, a_cursor_that_a_rollback_ended_says_so, 0, WORLDS);
    tcase_add_loop_test(tcase, what_cannot_be_rolled_back_is_not_begun, 0, WORLDS);
    tcase_add_loop_test(tcase, a_connection_that_cannot_roll_back_is_not_used_on, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_savepoint_that_cannot_be_rolled_back_is_never_committed, WORLD_FIRST_ON_DISK, WORLDS);
    return tcase;
}
