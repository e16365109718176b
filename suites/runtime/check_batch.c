/* check_batch.c — many runs of few statements, all or none. */
#include <sqlite3.h>
#include <string.h>

#include "runtime/batch.h"
#include "runtime/cases.h"
#include "runtime/world.h"
#include "support/suite.h"

static drift_batch *new_batch(void)
{
    drift_error err = {0};
    drift_batch *batch = NULL;
    ck_assert_drift(drift_batch_new(&batch, &err));
    return batch;
}

static void add(drift_batch *batch, const char *sql, const drift_value *binds, size_t count)
{
    drift_error err = {0};
    ck_assert_drift(drift_batch_add(batch, sql, binds, count, &err));
}

static void add_text(drift_batch *batch, const char *sql, const char *text)
{
    const drift_value value = DRIFT_BIND_TEXT(text, strlen(text));
    add(batch, sql, &value, 1);
}

START_TEST(entries_run_in_order_in_one_transaction)
{
    drift_error err = {0};
    world w = world_open(_i);
    drift_batch *batch = new_batch();
    add(batch, "CREATE TABLE t(a)", NULL, 0);
    add_text(batch, "INSERT INTO t VALUES (?)", "one");
    add(batch, "UPDATE t SET a = a || '!'", NULL, 0);
    add_text(batch, "INSERT INTO t VALUES (?)", "two");
    ck_assert_drift(drift_batch_run(batch, w.connection, &err));
    world_expect(w.connection, "SELECT group_concat(a) FROM t", "one!,two");
    drift_batch_free(batch);
    world_close(&w);
}
END_TEST

START_TEST(values_are_copied)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    drift_batch *batch = new_batch();
    char sql[] = "INSERT INTO t VALUES (?, ?)", text[] = "text", blob[] = "blob";
    world_exec(w.connection, "CREATE TABLE t(a, b)");
    const drift_value values[] = {DRIFT_BIND_TEXT(text, 4), DRIFT_BIND_BLOB(blob, 4)};
    add(batch, sql, values, 2);
    memset(sql, 'x', sizeof sql - 1);
    memset(text, 'x', 4);
    memset(blob, 'x', 4);
    ck_assert_drift(drift_batch_run(batch, w.connection, &err));
    world_expect(w.connection, "SELECT a || CAST(b AS TEXT) || typeof(b) FROM t", "textblobblob");
    drift_batch_free(batch);
    world_close(&w);
}
END_TEST

START_TEST(an_error_leaves_nothing_and_names_its_entry)
{
    drift_error err = {0};
    world w = world_open(_i);
    drift_batch *batch = new_batch();
    world_exec(w.connection, "CREATE TABLE t(a UNIQUE)");
    add_text(batch, "INSERT INTO t VALUES (?)", "one");
    add_text(batch, "INSERT INTO t VALUES (?)", "one");
    ck_assert_drift_fails(drift_batch_run(batch, w.connection, &err), DRIFT_CONSTRAINT);
    ck_assert_str_eq(err.hint, "in entry 2 of the batch, counted from 1");
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM t"), 0);
    drift_batch_free(batch);
    world_close(&w);
}
END_TEST

START_TEST(a_batch_can_be_run_again)
{
    drift_error err = {0};
    world w = world_open(_i);
    drift_batch *batch = new_batch();
    world_exec(w.connection, "CREATE TABLE t(a)");
    add_text(batch, "INSERT INTO t VALUES (?)", "x");
    ck_assert_drift(drift_batch_run(batch, w.connection, &err));
    ck_assert_drift(drift_batch_run(batch, w.connection, &err));
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM t"), 2);
    drift_batch_free(batch);
    world_close(&w);
}
END_TEST

START_TEST(texts_are_interned_but_their_case_counts)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    drift_batch *batch = new_batch();
    world_exec(w.connection, "CREATE TABLE t(a)");
    for (int i = 0; i < 100; i++) {
        add(batch, "INSERT INTO t VALUES ('a')", NULL, 0);
        add(batch, "INSERT INTO t VALUES ('A')", NULL, 0);
    }
    ck_assert_uint_eq(batch->text_count, 2);
    ck_assert_drift(drift_batch_run(batch, w.connection, &err));
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM t WHERE a = 'A'"), 100);
    drift_batch_free(batch);
    world_close(&w);
}
END_TEST

START_TEST(a_batch_wants_as_many_values_as_parameters)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    drift_batch *batch = new_batch();
    add(batch, "SELECT ?", NULL, 0);
    ck_assert_drift_fails(drift_batch_run(batch, w.connection, &err), DRIFT_MISUSE);
    drift_batch_free(batch);
    drift_batch_free(NULL);
    world_close(&w);
}
END_TEST

START_TEST(an_empty_batch_does_nothing)
{
    drift_error err = {0};
    world w = world_open(_i);
    drift_batch *batch = new_batch();
    ck_assert_drift(drift_batch_run(batch, w.connection, &err));
    drift_batch_free(batch);
    world_close(&w);
}
END_TEST

TCase *batch_case(void)
{
    TCase *tcase = suite_case("batch");
    tcase_add_loop_test(tcase, entries_run_in_order_in_one_transaction, 0, WORLDS);
    tcase_add_test(tcase, values_are_copied);
    tcase_add_loop_test(tcase, an_error_leaves_nothing_and_names_its_entry, 0, WORLDS);
    tcase_add_loop_test(tcase, a_batch_can_be_run_again, 0, WORLDS);
    tcase_add_test(tcase, texts_are_interned_but_their_case_counts);
    tcase_add_test(tcase, a_batch_wants_as_many_values_as_parameters);
    tcase_add_loop_test(tcase, an_empty_batch_does_nothing, 0, WORLDS);
    return tcase;
}
