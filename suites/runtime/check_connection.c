/* check_connection.c — opening, adopting, closing. */
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "runtime/cases.h"
#include "runtime/connection.h"
#include "runtime/stand_in.h"
#include "runtime/world.h"
#include "support/suite.h"

START_TEST(a_connection_runs_statements_in_every_world)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)");
    ck_assert_int_eq(world_int64(w.connection, "SELECT sum(a) FROM t"), 3);
    ck_assert_int_eq(drift_changes(w.connection), 2);
    ck_assert_int_eq(drift_last_insert_rowid(w.connection), 2);
    ck_assert_ptr_nonnull(drift_connection_handle(w.connection));
    world_close(&w);
}
END_TEST

START_TEST(what_was_committed_is_there_when_the_file_is_opened_again)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES ('kept')");
    drift_connection_close(w.connection);
    w.connection = world_connect(&w);
    world_expect(w.connection, "SELECT a FROM t", "kept");
    world_close(&w);
}
END_TEST

START_TEST(closing_rolls_back_and_takes_open_statements_with_it)
{
    drift_error err = {0};
    world w = world_open(_i);
    drift_statement *statement = NULL;
    bool row = false;
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2)");
    ck_assert_drift(drift_statement_prepare(&statement, w.connection, "SELECT a FROM t", &err));
    ck_assert_drift(drift_statement_step(&row, statement, &err));
    drift_connection_close(w.connection);
    w.connection = world_connect(&w);
    ck_assert_int_eq(world_int64(w.connection, "SELECT count(*) FROM t"), 1);
    world_close(&w);
}
END_TEST

static void assert_open_fails(const char *path, drift_open_mode mode, int status, const char *text)
{
    drift_error err = {0};
    drift_connection *connection = (drift_connection *)&err;
    ck_assert_drift_fails(drift_connection_open(&connection, path, &(drift_connection_options){.mode = mode}, &err),
                          status);
    ck_assert_ptr_null(connection);
    ck_assert_msg(strstr(err.text, text) != NULL, "expected %s, found %s", text, err.text);
}

START_TEST(a_file_that_does_not_exist_is_not_found_unless_it_may_be_created)
{
    char *folder = suite_folder();
    char *path = drift__path_join(folder, "none.db"), *deep = drift__path_join(folder, "no/folder.db");
    assert_open_fails(path, DRIFT_OPEN_EXISTING, DRIFT_NOT_FOUND, path);
    assert_open_fails(path, DRIFT_OPEN_READ_ONLY, DRIFT_NOT_FOUND, path);
    assert_open_fails(deep, DRIFT_OPEN_CREATE, DRIFT_NOT_FOUND, deep);
    ck_assert(!drift__file_exists(path));
    drift__free(path);
    drift__free(deep);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_path_is_needed)
{
    assert_open_fails("", DRIFT_OPEN_CREATE, DRIFT_MISUSE, "path");
    assert_open_fails(NULL, DRIFT_OPEN_CREATE, DRIFT_MISUSE, "path");
}
END_TEST

static char *write_file(const char *folder, const char *name, const char *bytes, size_t length)
{
    drift_error err = {0};
    char *path = drift__path_join(folder, name);
    ck_assert_drift(drift__file_write(path, bytes, length, &err));
    return path;
}

START_TEST(a_file_that_is_no_database_is_told)
{
    char *folder = suite_folder();
    char text[4096];
    memset(text, 'x', sizeof text);
    char *path = write_file(folder, "text.db", text, sizeof text);
    assert_open_fails(path, DRIFT_OPEN_CREATE, DRIFT_NOT_A_DATABASE, "file is not a database");
    assert_open_fails(path, DRIFT_OPEN_READ_ONLY, DRIFT_NOT_A_DATABASE, path);
    assert_open_fails(folder, DRIFT_OPEN_CREATE, DRIFT_NOT_A_DATABASE, "it is a folder");
    assert_open_fails(folder, DRIFT_OPEN_READ_ONLY, DRIFT_NOT_A_DATABASE, "it is a folder");
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(an_unread_file_is_told_by_its_first_statement)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    char *folder = suite_folder();
    char text[4096] = "no database";
    char *path = write_file(folder, "text.db", text, sizeof text);
    ck_assert_drift(drift_connection_open(&connection, path, &(drift_connection_options){.unread = true}, &err));
    ck_assert_drift_fails(drift_exec(connection, "SELECT * FROM t", &err), DRIFT_NOT_A_DATABASE);
    drift_connection_close(connection);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

/* Bytes 44 to 47 of the header: "the schema format number. Supported schema formats are 1, 2, 3, and 4"
 * (https://www.sqlite.org/fileformat2.html#the_database_header). */
START_TEST(a_format_of_the_future_is_not_supported)
{
    drift_error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "CREATE TABLE t(a)");
    drift_connection_close(w.connection);
    ck_assert_drift(drift__file_read(&bytes, &length, w.path, &err));
    bytes[47] = 5;
    ck_assert_drift(drift__file_write(w.path, bytes, length, &err));
    ck_assert_drift(drift_connection_open(&w.connection, w.path, NULL, &err));
    ck_assert_drift_fails(drift_exec(w.connection, "SELECT * FROM t", &err), DRIFT_UNSUPPORTED);
    drift__free(bytes);
    world_close(&w);
}
END_TEST

START_TEST(an_empty_file_is_an_empty_database)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    char *folder = suite_folder();
    char *path = write_file(folder, "empty.db", "", 0);
    ck_assert_drift(drift_connection_open(&connection, path, NULL, &err));
    ck_assert_int_eq(world_int64(connection, "SELECT count(*) FROM sqlite_schema"), 0);
    drift_connection_close(connection);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

/* Root may write every file, so the test becomes somebody else, in its own process. */
static void become_nobody(const char *folder)
{
    ck_assert_int_eq(chmod(folder, 0777), 0);
    if (geteuid() == 0) ck_assert_int_eq(seteuid(65534), 0);
}

START_TEST(a_file_that_cannot_be_written_is_a_matter_of_permission)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "CREATE TABLE t(a)");
    ck_assert_int_eq(chmod(w.path, 0444), 0);
    const uid_t before = geteuid();
    become_nobody(w.folder);
    assert_open_fails(w.path, DRIFT_OPEN_CREATE, DRIFT_PERMISSION, "cannot be written");
    assert_open_fails(w.path, DRIFT_OPEN_EXISTING, DRIFT_PERMISSION, "cannot be written");
    ck_assert_drift(
        drift_connection_open(&connection, w.path, &(drift_connection_options){.mode = DRIFT_OPEN_READ_ONLY}, &err));
    ck_assert_drift_fails(drift_exec(connection, "INSERT INTO t VALUES (1)", &err), DRIFT_PERMISSION);
    drift_connection_close(connection);
    if (before == 0) ck_assert_int_eq(seteuid(before), 0);
    world_close(&w);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_a_matter_of_permission)
{
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "CREATE TABLE t(a)");
    ck_assert_int_eq(chmod(w.path, 0000), 0);
    const uid_t before = geteuid();
    become_nobody(w.folder);
    assert_open_fails(w.path, DRIFT_OPEN_READ_ONLY, DRIFT_PERMISSION, w.path);
    if (before == 0) ck_assert_int_eq(seteuid(before), 0);
    world_close(&w);
}
END_TEST

START_TEST(names_that_sqlite_takes_for_something_else_are_files)
{
    drift_error err = {0};
    char before[4096];
    static const char *const names[] = {":memory:", "file:x?mode=memory", "a%20b?mode=ro#c"};
    char *folder = suite_folder();
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    ck_assert_int_eq(chdir(folder), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        drift_connection *connection = NULL;
        ck_assert_drift(drift_connection_open(&connection, names[i], NULL, &err));
        world_exec(connection, "CREATE TABLE t(a)");
        drift_connection_close(connection);
        ck_assert_msg(drift__file_exists(names[i]), "%s is no file", names[i]);
    }
    ck_assert_int_eq(chdir(before), 0);
    suite_folder_remove(folder);
}
END_TEST

static void answer(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_int(context, 42);
}

static int add_answer(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)err;
    ck_assert_str_eq(payload, "payload");
    sqlite3_create_function(drift_connection_handle(connection), "answer", 0, SQLITE_UTF8, NULL, answer, NULL, NULL);
    return drift_exec(connection, "PRAGMA foreign_keys = ON", err);
}

START_TEST(the_setup_hook_runs_before_the_database_is_read)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    const drift_connection_options options = {.setup = add_answer, .setup_payload = "payload"};
    ck_assert_drift(drift_connection_memory(&connection, &options, &err));
    ck_assert_int_eq(world_int64(connection, "SELECT answer()"), 42);
    ck_assert_int_eq(world_int64(connection, "PRAGMA foreign_keys"), 1);
    drift_connection_close(connection);
}
END_TEST

static int refuse_quietly(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)connection, (void)payload, (void)err;
    return DRIFT_PERMISSION;
}

START_TEST(a_setup_hook_that_fails_fails_the_opening)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift_fails(
        drift_connection_memory(&connection, &(drift_connection_options){.setup = refuse_quietly}, &err),
        DRIFT_PERMISSION);
    ck_assert_ptr_null(connection);
}
END_TEST

START_TEST(an_unknown_vfs_is_told)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift_fails(drift_connection_memory(&connection, &(drift_connection_options){.vfs = "none"}, &err),
                          DRIFT_SQL);
    ck_assert_ptr_nonnull(strstr(err.text, "no such vfs: none"));
}
END_TEST

START_TEST(an_adopted_handle_stays_its_owners)
{
    drift_error err = {0};
    sqlite3 *handle = NULL;
    drift_connection *connection = NULL;
    ck_assert_int_eq(sqlite3_open(":memory:", &handle), SQLITE_OK);
    ck_assert_drift(drift_connection_adopt(&connection, handle, &err));
    ck_assert_ptr_eq(drift_connection_handle(connection), handle);
    world_exec(connection, "CREATE TABLE t(a UNIQUE); BEGIN; INSERT INTO t VALUES (1)");
    ck_assert_drift_fails(drift_exec(connection, "INSERT INTO t VALUES (1)", &err), DRIFT_CONSTRAINT);
    drift_connection_close(connection);
    ck_assert_int_eq(sqlite3_get_autocommit(handle), 0);
    ck_assert_int_eq(sqlite3_exec(handle, "COMMIT; SELECT a FROM t", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(handle), SQLITE_OK);
}
END_TEST

START_TEST(there_must_be_a_handle_to_adopt)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift_fails(drift_connection_adopt(&connection, NULL, &err), DRIFT_MISUSE);
    drift_connection_close(NULL);
}
END_TEST

static sqlite3 *no_handle(drift_connection *connection)
{
    (void)connection;
    return NULL;
}

/* As a client of an executor: other operations, and no handle of its own. */
START_TEST(another_kind_of_connection_can_stand_in)
{
    drift_error err = {0}, one = {0};
    world w = world_open(_i);
    drift__connection_operations operations = *w.connection->operations;
    operations.handle = no_handle;
    w.connection->operations = &operations;
    ck_assert_ptr_null(drift_connection_handle(w.connection));
    world_exec(w.connection, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    ck_assert_int_eq(world_int64(w.connection, "SELECT a FROM t"), 1);
    ck_assert_drift_fails(drift__stand_in_collations(w.connection, &err), DRIFT_UNSUPPORTED);
    ck_assert_int_eq(drift__stand_in_function(w.connection, "f", &one), DRIFT_UNSUPPORTED);
    world_close(&w);
}
END_TEST

TCase *connection_case(void)
{
    TCase *tcase = suite_case("connection");
    tcase_add_loop_test(tcase, a_connection_runs_statements_in_every_world, 0, WORLDS);
    tcase_add_loop_test(tcase, what_was_committed_is_there_when_the_file_is_opened_again, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, closing_rolls_back_and_takes_open_statements_with_it, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_test(tcase, a_file_that_does_not_exist_is_not_found_unless_it_may_be_created);
    tcase_add_test(tcase, a_path_is_needed);
    tcase_add_test(tcase, a_file_that_is_no_database_is_told);
    tcase_add_test(tcase, an_unread_file_is_told_by_its_first_statement);
    tcase_add_test(tcase, a_format_of_the_future_is_not_supported);
    tcase_add_test(tcase, an_empty_file_is_an_empty_database);
    tcase_add_test(tcase, a_file_that_cannot_be_written_is_a_matter_of_permission);
    tcase_add_test(tcase, a_file_that_cannot_be_read_is_a_matter_of_permission);
    tcase_add_test(tcase, names_that_sqlite_takes_for_something_else_are_files);
    tcase_add_test(tcase, the_setup_hook_runs_before_the_database_is_read);
    tcase_add_test(tcase, a_setup_hook_that_fails_fails_the_opening);
    tcase_add_test(tcase, an_unknown_vfs_is_told);
    tcase_add_test(tcase, an_adopted_handle_stays_its_owners);
    tcase_add_test(tcase, there_must_be_a_handle_to_adopt);
    tcase_add_loop_test(tcase, another_kind_of_connection_can_stand_in, 0, WORLDS);
    return tcase;
}
