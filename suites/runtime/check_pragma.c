/* check_pragma.c */
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "runtime/cases.h"
#include "runtime/pragma.h"
#include "runtime/world.h"
#include "support/suite.h"

static int64_t get(drift_connection *connection, drift__pragma pragma)
{
    drift_error err = {0};
    int64_t value = -99;
    ck_assert_drift(drift__pragma_get(&value, connection, pragma, &err));
    return value;
}

START_TEST(every_pragma_can_be_read)
{
    world w = world_open(_i);
#define READ(name, sql) ck_assert_int_ne(get(w.connection, DRIFT__PRAGMA_##name), -99);
    DRIFT__PRAGMA_MAP(READ)
#undef READ
    world_close(&w);
}
END_TEST

START_TEST(a_pragma_that_was_set_is_read_back)
{
    drift_error err = {0};
    world w = world_open(_i);
    ck_assert_drift(drift__pragma_set(w.connection, DRIFT__PRAGMA_USER_VERSION, 2147483647, &err));
    ck_assert_int_eq(get(w.connection, DRIFT__PRAGMA_USER_VERSION), 2147483647);
    ck_assert_drift(drift__pragma_set(w.connection, DRIFT__PRAGMA_SYNCHRONOUS, DRIFT__SYNCHRONOUS_EXTRA, &err));
    ck_assert_int_eq(get(w.connection, DRIFT__PRAGMA_SYNCHRONOUS), DRIFT__SYNCHRONOUS_EXTRA);
    ck_assert_drift(drift__pragma_set(w.connection, DRIFT__PRAGMA_APPLICATION_ID, -5, &err));
    world_close(&w);
}
END_TEST

/* Measured on SQLite 3.40: 2147483648 becomes 0, and foreign_keys inside a transaction is ignored. */
START_TEST(a_pragma_that_sqlite_ignores_is_told)
{
    drift_error err = {0}, wide = {0};
    world w = world_open(_i);
    world_exec(w.connection, "BEGIN");
    ck_assert_drift_fails(drift__pragma_set(w.connection, DRIFT__PRAGMA_FOREIGN_KEYS, 1, &err), DRIFT_SQL);
    ck_assert_str_eq(err.text, "expected PRAGMA foreign_keys to become 1, found 0");
    ck_assert_int_eq(drift__pragma_set(w.connection, DRIFT__PRAGMA_USER_VERSION, INT64_C(2147483648), &wide),
                     DRIFT_SQL);
    world_close(&w);
}
END_TEST

START_TEST(the_journal_mode_is_read_and_changed)
{
    drift_error err = {0};
    drift__journal journal = DRIFT__JOURNAL_OFF;
    world w = world_open(WORLD_FILE);
    ck_assert_drift(drift__journal_get(&journal, w.connection, &err));
    ck_assert_int_eq(journal, DRIFT__JOURNAL_DELETE);
    ck_assert_drift(drift__journal_set(w.connection, DRIFT__JOURNAL_WAL, 0, &err));
    ck_assert_drift(drift__journal_get(&journal, w.connection, &err));
    ck_assert_str_eq(drift__journal_word(journal), "wal");
    world_close(&w);
}
END_TEST

START_TEST(a_journal_mode_that_stays_is_told)
{
    drift_error err = {0};
    world w = world_open(WORLD_MEMORY);
    ck_assert_drift_fails(drift__journal_set(w.connection, DRIFT__JOURNAL_WAL, 0, &err), DRIFT_SQL);
    ck_assert_str_eq(err.text, "expected the journal mode to become wal, found memory");
    world_close(&w);
}
END_TEST

enum { OPENERS = 8, ROUNDS = 20 };

static void *open_with_wal(void *payload)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    const drift_connection_options options = {.busy_timeout_ms = 10000};
    int rc = drift_connection_open(&connection, payload, &options, &err);
    if (rc == DRIFT_OK) rc = drift__journal_set(connection, DRIFT__JOURNAL_WAL, 10000, &err);
    drift_connection_close(connection);
    return (void *)(intptr_t)rc;
}

START_TEST(many_that_turn_a_new_database_to_wal_at_once_all_succeed)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[OPENERS];
        char *folder = suite_folder(), *path = drift__path_join(folder, "new.db");
        for (int i = 0; i < OPENERS; i++) ck_assert_int_eq(pthread_create(&threads[i], NULL, open_with_wal, path), 0);
        for (int i = 0; i < OPENERS; i++) {
            void *status = NULL;
            ck_assert_int_eq(pthread_join(threads[i], &status), 0);
            ck_assert_int_eq((intptr_t)status, DRIFT_OK);
        }
        drift__free(path);
        suite_folder_remove(folder);
    }
}
END_TEST

START_TEST(a_journal_mode_that_others_hold_is_busy)
{
    drift_error err = {0};
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "CREATE TABLE t(a); BEGIN IMMEDIATE");
    drift_connection *other = world_connect(&w);
    ck_assert_drift_fails(drift__journal_set(other, DRIFT__JOURNAL_WAL, 60, &err), DRIFT_BUSY);
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

/* --- drift_connection_use_wal --- */

START_TEST(a_file_is_put_into_wal_and_memory_stays)
{
    static const char *const modes[] = {[WORLD_MEMORY] = "memory", [WORLD_FILE] = "wal", [WORLD_WAL] = "wal"};
    drift_error err = {0};
    drift__journal journal = DRIFT__JOURNAL_OFF;
    world w = world_open(_i);
    ck_assert_drift(drift_connection_use_wal(w.connection, 0, &err));
    ck_assert_drift(drift__journal_get(&journal, w.connection, &err));
    ck_assert_str_eq(drift__journal_word(journal), modes[_i]);
    world_close(&w);
}
END_TEST

START_TEST(a_file_whose_journal_is_in_memory_is_put_into_wal_too)
{
    drift_error err = {0};
    drift__journal journal = DRIFT__JOURNAL_OFF;
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "PRAGMA journal_mode = MEMORY");
    ck_assert_drift(drift_connection_use_wal(w.connection, -1, &err));
    ck_assert_drift(drift__journal_get(&journal, w.connection, &err));
    ck_assert_str_eq(drift__journal_word(journal), "wal");
    world_close(&w);
}
END_TEST

START_TEST(wal_is_refused_inside_a_transaction_and_where_others_write)
{
    drift_error err = {0}, busy = {0};
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "CREATE TABLE t(a); BEGIN IMMEDIATE");
    ck_assert_drift_fails(drift_connection_use_wal(w.connection, 0, &err), DRIFT_MISUSE);
    drift_connection *other = world_connect(&w);
    ck_assert_int_eq(drift_connection_use_wal(other, 60, &busy), DRIFT_BUSY);
    ck_assert_ptr_nonnull(strstr(busy.text, "journal mode"));
    drift_connection_close(other);
    world_close(&w);
}
END_TEST

TCase *pragma_case(void)
{
    TCase *tcase = suite_case("pragma");
    tcase_add_loop_test(tcase, every_pragma_can_be_read, 0, WORLDS);
    tcase_add_loop_test(tcase, a_pragma_that_was_set_is_read_back, 0, WORLDS);
    tcase_add_loop_test(tcase, a_pragma_that_sqlite_ignores_is_told, 0, WORLDS);
    tcase_add_test(tcase, the_journal_mode_is_read_and_changed);
    tcase_add_test(tcase, a_journal_mode_that_stays_is_told);
    tcase_add_test(tcase, many_that_turn_a_new_database_to_wal_at_once_all_succeed);
    tcase_add_test(tcase, a_journal_mode_that_others_hold_is_busy);
    tcase_add_loop_test(tcase, a_file_is_put_into_wal_and_memory_stays, 0, WORLDS);
    tcase_add_test(tcase, a_file_whose_journal_is_in_memory_is_put_into_wal_too);
    tcase_add_test(tcase, wal_is_refused_inside_a_transaction_and_where_others_write);
    return tcase;
}
