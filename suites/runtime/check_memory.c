/* check_memory.c — every allocation failing in turn: a clean error or the whole work, never half of it, and no leak. */
#include <sqlite3.h>
#include <string.h>

#include "runtime/cases.h"
#include "runtime/world.h"
#include "support/memory.h"
#include "support/suite.h"

/* SQLite goes on without some allocations (a page cache that does not grow), so a failed one need not be an error; but
 * an error must be one that want of memory explains, and without a failure there is none. */
static void sweep(int (*attempt)(void), bool lasting)
{
    bool hit = true;
    for (long nth = 1; hit; nth++) {
        const sqlite3_int64 before = sqlite3_memory_used();
        suite_memory_fail(nth, lasting);
        const int status = attempt();
        hit = suite_memory_restore();
        ck_assert_msg(sqlite3_memory_used() == before, "%lld bytes leaked when allocation %ld failed",
                      (long long)(sqlite3_memory_used() - before), nth);
        ck_assert_msg(status == DRIFT_OK || (hit && status == DRIFT_NO_MEMORY), "allocation %ld failing gave %s", nth,
                      drift_status_name(status));
    }
}

static int take_row(drift_statement *row, void *payload, drift_error *err)
{
    (void)payload, (void)err;
    return drift_column_text(row, 0, NULL) ? DRIFT_OK : DRIFT_NO_MEMORY;
}

static int open_and_query(void)
{
    drift_connection *connection = NULL;
    const drift_value bind = DRIFT_BIND_TEXT("text", 4);
    int rc = drift_connection_memory(&connection, NULL, NULL);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "CREATE TABLE t(a); INSERT INTO t VALUES (1)", NULL);
    if (rc == DRIFT_OK) rc = drift_query(connection, "SELECT ? || a FROM t", &bind, 1, take_row, NULL, NULL);
    drift_connection_close(connection);
    return rc;
}

START_TEST(opening_and_querying_survive_want_of_memory)
{
    sweep(open_and_query, _i);
}
END_TEST

static world swept;

/* The work of two nested transactions and a batch. */
static int insert_two(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    return drift_exec(connection, "INSERT INTO t VALUES ('b'); INSERT INTO t VALUES ('c')", err);
}

static int insert_three(drift_connection *connection, void *payload, drift_error *err)
{
    drift_batch *batch = NULL;
    (void)payload;
    int rc = drift_exec(connection, "INSERT INTO t VALUES ('a')", err);
    if (rc == DRIFT_OK) rc = drift_transaction(connection, insert_two, NULL, err);
    if (rc == DRIFT_OK) rc = drift_batch_new(&batch, err);
    if (rc == DRIFT_OK) rc = drift_batch_add(batch, "DELETE FROM t WHERE a = 'c'", NULL, 0, err);
    if (rc == DRIFT_OK) rc = drift_batch_run(batch, connection, err);
    drift_batch_free(batch);
    return rc;
}

static int transact(void)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    int rc = drift_connection_adopt(&connection, drift_connection_handle(swept.connection), &err);
    if (rc == DRIFT_OK) rc = drift_transaction(connection, insert_three, NULL, &err);
    drift_connection_close(connection);
    ck_assert_int_eq(err.code, rc);
    return rc;
}

START_TEST(a_transaction_that_runs_out_of_memory_leaves_all_or_nothing)
{
    swept = world_open(_i);
    world_exec(swept.connection, "CREATE TABLE t(a)");
    drift_connection *other = _i == WORLD_MEMORY ? NULL : world_connect(&swept);
    bool hit = true;
    for (long nth = 1; hit; nth++) {
        suite_memory_fail(nth, nth % 2 == 0);
        const int rc = transact();
        hit = suite_memory_restore();
        ck_assert_msg(rc == DRIFT_OK || (hit && rc == DRIFT_NO_MEMORY), "allocation %ld gave %s", nth,
                      drift_status_name(rc));
        if (drift_in_transaction(swept.connection)) world_exec(swept.connection, "ROLLBACK");
        world_expect(swept.connection, "SELECT coalesce(group_concat(a, ''), '') FROM t", rc == DRIFT_OK ? "ab" : "");
        if (other) world_expect(other, "SELECT coalesce(group_concat(a, ''), '') FROM t", rc == DRIFT_OK ? "ab" : "");
        world_exec(swept.connection, "DELETE FROM t");
    }
    drift_connection_close(other);
    world_close(&swept);
}
END_TEST

static int inspect(void)
{
    drift_connection *connection = NULL;
    const int rc = drift_connection_inspect(&connection, swept.path, NULL, NULL);
    drift_connection_close(connection);
    return rc;
}

START_TEST(inspecting_survives_want_of_memory)
{
    swept = world_open(_i);
    world_exec(swept.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    sweep(inspect, false);
    sweep(inspect, true);
    world_close(&swept);
}
END_TEST

TCase *memory_case(void)
{
    TCase *tcase = suite_case("memory");
    tcase_add_loop_test(tcase, opening_and_querying_survive_want_of_memory, 0, 2);
    tcase_add_loop_test(tcase, a_transaction_that_runs_out_of_memory_leaves_all_or_nothing, 0, WORLDS);
    tcase_add_loop_test(tcase, inspecting_survives_want_of_memory, WORLD_FIRST_ON_DISK, WORLDS);
    return tcase;
}
