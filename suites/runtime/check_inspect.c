/* check_inspect.c — files of unknown origin: never written to, and nothing in them runs. */
#define _XOPEN_SOURCE 700 /* symlink, mkfifo, truncate */

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "runtime/cases.h"
#include "runtime/super_journal.h"
#include "runtime/world.h"
#include "support/suite.h"

static drift_connection *inspect(const char *path)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_inspect(&connection, path, NULL, &err));
    return connection;
}

static void assert_inspect_fails(const char *path, int status, const char *text)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift_fails(drift_connection_inspect(&connection, path, NULL, &err), status);
    ck_assert_ptr_null(connection);
    ck_assert_msg(strstr(err.text, text) != NULL, "expected %s, found %s", text, err.text);
}

/* All files of a folder with their bytes, as one text. */
static char *folder_content(const char *folder)
{
    drift_error err = {0};
    drift__str all = DRIFT__STR_INIT;
    char **names = NULL, *text = NULL;
    size_t count = 0;
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    for (size_t i = 0; i < count; i++) {
        char *path = drift__path_join(folder, names[i]), *bytes = NULL;
        size_t length = 0;
        ck_assert_drift(drift__file_read(&bytes, &length, path, &err));
        drift__str_printf(&all, "%s %zu:", names[i], length);
        for (size_t at = 0; at < length; at++) drift__str_printf(&all, "%02x", (unsigned char)bytes[at]);
        drift__free(bytes);
        drift__free(path);
    }
    drift__names_free(names, count);
    ck_assert_drift(drift__str_take(&text, &all, &err));
    return text;
}

/* Runs SQL on a file in another connection, which leaves its journal behind if it ends with the process. */
static void make_file(const char *path, const char *sql)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_open(&connection, path, NULL, &err));
    world_exec(connection, sql);
    drift_connection_close(connection);
}

static void copy_file(const char *to, const char *from)
{
    drift_error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_read(&bytes, &length, from, &err));
    ck_assert_drift(drift__file_write(to, bytes, length, &err));
    drift__free(bytes);
}

static char *beside(const char *folder, const char *name)
{
    char *path = drift__path_join(folder, name);
    ck_assert_ptr_nonnull(path);
    return path;
}

static void assert_untouched(const char *folder, const char *path, const char *sql, const char *expected)
{
    char *before = folder_content(folder);
    drift_connection *connection = inspect(path);
    world_expect(connection, sql, expected);
    char *during = folder_content(folder);
    drift_connection_close(connection);
    char *after = folder_content(folder);
    ck_assert(strcmp(before, during) == 0 && strcmp(before, after) == 0);
    drift__free(before);
    drift__free(during);
    drift__free(after);
}

START_TEST(a_file_is_read_and_nothing_appears_beside_it)
{
    static const char *const names[] = {"plain.db", "a b%20?x=1#y&\xc3\xa4'\".db", "file:x"};
    static const char *const modes[] = {"PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = WAL"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *folder = suite_folder(), *path = beside(folder, names[i]);
        make_file(path, modes[_i]);
        make_file(path, "CREATE TABLE t(a); INSERT INTO t VALUES ('row')");
        assert_untouched(folder, path, "SELECT a FROM t", "row");
        drift__free(path);
        suite_folder_remove(folder);
    }
}
END_TEST

/* Private copies are made in TMPDIR: it must be empty afterwards. */
static void use_private_tmp(char **tmp)
{
    *tmp = suite_folder();
    ck_assert_int_eq(setenv("TMPDIR", *tmp, 1), 0);
}

static void assert_empty_and_remove(char *tmp)
{
    char *content = folder_content(tmp);
    ck_assert_str_eq(content, "");
    drift__free(content);
    ck_assert_int_eq(unsetenv("TMPDIR"), 0);
    suite_folder_remove(tmp);
}

START_TEST(what_only_the_wal_holds_is_read_from_a_private_copy)
{
    char *folder = suite_folder(), *path = beside(folder, "copy.db"), *wal = beside(folder, "copy.db-wal"), *tmp = NULL;
    world w = world_open(WORLD_WAL);
    world_exec(w.connection, "PRAGMA wal_autocheckpoint = 0; CREATE TABLE t(a); INSERT INTO t VALUES ('in the wal')");
    char *from_wal = beside(w.folder, "world.db-wal");
    copy_file(path, w.path);
    copy_file(wal, from_wal);
    use_private_tmp(&tmp);
    assert_untouched(folder, path, "SELECT a FROM t", "in the wal");
    assert_empty_and_remove(tmp);
    world_close(&w);
    drift__free(from_wal);
    drift__free(wal);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

/* A database as a crash in the middle of a transaction leaves it: pages written, the journal hot. */
static char *make_hot(const char *folder)
{
    char *path = beside(folder, "hot.db"), *journal = beside(folder, "hot.db-journal");
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; CREATE TABLE t(a);"
                             "INSERT INTO t VALUES ('committed'); BEGIN; UPDATE t SET a = 'not committed';"
                             "CREATE TABLE u(a); INSERT INTO u VALUES (zeroblob(200000))");
    char *from_journal = beside(w.folder, "world.db-journal");
    copy_file(path, w.path);
    copy_file(journal, from_journal);
    world_close(&w);
    drift__free(from_journal);
    drift__free(journal);
    return path;
}

START_TEST(a_hot_journal_is_rolled_back_in_a_private_copy)
{
    char *folder = suite_folder(), *path = make_hot(folder), *tmp = NULL;
    use_private_tmp(&tmp);
    assert_untouched(folder, path, "SELECT a FROM t", "committed");
    assert_empty_and_remove(tmp);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

/* Ends a journal with the name of a super-journal, as SQLite writes it. */
static void append_super_journal(const char *journal, const char *name)
{
    const size_t length = strlen(name);
    uint32_t sum = 0;
    unsigned char tail[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    for (size_t i = 0; i < length; i++) sum += (unsigned char)name[i];
    tail[2] = (unsigned char)(length >> 8);
    tail[3] = (unsigned char)length;
    tail[6] = (unsigned char)(sum >> 8);
    tail[7] = (unsigned char)sum;
    FILE *file = fopen(journal, "ab");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite("\0\0\0\1", 1, 4, file), 4);
    ck_assert_uint_eq(fwrite(name, 1, length, file), length);
    ck_assert_uint_eq(fwrite(tail, 1, sizeof tail, file), sizeof tail);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_journal_cannot_name_a_file_that_is_then_deleted)
{
    char *folder = suite_folder(), *victims = suite_folder(), *path = make_hot(folder);
    char *journal = beside(folder, "hot.db-journal"), *victim = beside(victims, "precious");
    drift_error err = {0};
    ck_assert_drift(drift__file_write(victim, "precious", 8, &err));
    append_super_journal(journal, victim);
    assert_untouched(folder, path, "SELECT a FROM t", "committed");
    ck_assert(drift__file_exists(victim));
    append_super_journal(journal, victim); /* behind the first: cutting one must not uncover another */
    assert_untouched(folder, path, "SELECT a FROM t", "committed");
    ck_assert(drift__file_exists(victim));
    drift__free(victim);
    drift__free(journal);
    drift__free(path);
    suite_folder_remove(victims);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_journal_whose_super_journal_is_gone_does_not_count)
{
    char *folder = suite_folder(), *path = make_hot(folder), *journal = beside(folder, "hot.db-journal");
    char *gone = beside(folder, "gone");
    drift_error err = {0};
    struct stat st;
    append_super_journal(journal, gone);
    ck_assert_drift(drift__super_journal_resolve(journal, &err));
    ck_assert_int_eq(stat(journal, &st), 0);
    ck_assert_int_eq(st.st_size, 0);
    ck_assert_drift(drift__super_journal_resolve(gone, &err));
    drift__free(gone);
    drift__free(journal);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_journal_without_a_super_journal_stays_as_it_is)
{
    char *folder = suite_folder(), *path = make_hot(folder), *journal = beside(folder, "hot.db-journal");
    drift_error err = {0};
    char *before = folder_content(folder);
    ck_assert_drift(drift__super_journal_resolve(journal, &err));
    char *after = folder_content(folder);
    ck_assert_str_eq(before, after);
    drift__free(before);
    drift__free(after);
    drift__free(journal);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(nothing_can_be_written)
{
    drift_error err = {0}, attach = {0}, extension = {0}, schema = {0};
    char *folder = suite_folder(), *path = beside(folder, "x.db"), *other = beside(folder, "other.db");
    make_file(path, "CREATE TABLE t(a)");
    drift_connection *connection = inspect(path);
    ck_assert_drift_fails(drift_exec(connection, "INSERT INTO t VALUES (1)", &err), DRIFT_PERMISSION);
    char *sql = sqlite3_mprintf("ATTACH %Q AS other", other);
    ck_assert_int_eq(drift_exec(connection, sql, &attach), DRIFT_PERMISSION);
    sqlite3_free(sql);
    ck_assert_int_ne(drift_exec(connection, "SELECT load_extension('x')", &extension), DRIFT_OK);
    ck_assert_int_ne(drift_exec(connection, "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema", &schema),
                     DRIFT_OK);
    ck_assert(!drift__file_exists(other));
    drift_connection_close(connection);
    drift__free(other);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(views_of_the_file_do_not_run)
{
    drift_error err = {0};
    char *folder = suite_folder(), *path = beside(folder, "x.db");
    make_file(path, "CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t");
    drift_connection *connection = inspect(path);
    ck_assert_drift_fails(drift_exec(connection, "SELECT * FROM v", &err), DRIFT_SQL);
    ck_assert_int_eq(world_int64(connection, "SELECT count(*) FROM sqlite_schema"), 2);
    drift_connection_close(connection);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

/* With an untrusted schema SQLite 3.40 calls such a file malformed. */
START_TEST(a_file_that_uses_json_is_read_and_checked)
{
    char *folder = suite_folder(), *path = beside(folder, "x.db");
    make_file(path, "CREATE TABLE t(a CHECK (json_valid(a)), b AS (a ->> '$.b')); CREATE INDEX i ON t(json_extract(a,"
                    "'$.x')); CREATE INDEX j ON t(a) WHERE json_valid(a); INSERT INTO t VALUES ('{\"b\":\"row\"}')");
    drift_connection *connection = inspect(path);
    world_expect(connection, "SELECT b FROM t", "row");
    world_expect(connection, "PRAGMA integrity_check", "ok");
    drift_connection_close(connection);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

static void give_null(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_null(context);
}

/* Neither innocuous nor direct only: what an application registers without a thought. */
static int add_md5(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)payload, (void)err;
    sqlite3_create_function(drift_connection_handle(connection), "md5", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                            give_null, NULL, NULL);
    return DRIFT_OK;
}

START_TEST(a_function_of_the_setup_hook_does_not_make_the_schema_malformed)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    const drift_connection_options options = {.setup = add_md5};
    char *folder = suite_folder(), *path = beside(folder, "x.db");
    ck_assert_drift(drift_connection_open(&connection, path, &options, &err));
    world_exec(connection, "CREATE TABLE t(a); CREATE INDEX i ON t(md5(a))");
    drift_connection_close(connection);
    ck_assert_drift(drift_connection_inspect(&connection, path, &options, &err));
    ck_assert_int_eq(world_int64(connection, "SELECT count(*) FROM sqlite_schema"), 2);
    drift_connection_close(connection);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(only_regular_files_are_opened)
{
    char *folder = suite_folder(), *path = beside(folder, "x.db"), *link = beside(folder, "link.db");
    char *pipe_path = beside(folder, "pipe.db"), *none = beside(folder, "none.db"), *deep = beside(folder, "no/x.db");
    make_file(path, "CREATE TABLE t(a)");
    ck_assert_int_eq(symlink(path, link), 0);
    ck_assert_int_eq(mkfifo(pipe_path, 0600), 0);
    assert_inspect_fails(link, DRIFT_PERMISSION, "symbolic link");
    assert_inspect_fails(pipe_path, DRIFT_NOT_A_DATABASE, "expected a regular file");
    assert_inspect_fails(folder, DRIFT_NOT_A_DATABASE, "expected a regular file");
    assert_inspect_fails(none, DRIFT_NOT_FOUND, none);
    assert_inspect_fails(deep, DRIFT_NOT_FOUND, deep);
    assert_inspect_fails("", DRIFT_MISUSE, "path");
    drift__free(path);
    drift__free(link);
    drift__free(pipe_path);
    drift__free(none);
    drift__free(deep);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_link_to_the_folder_is_followed)
{
    char *folder = suite_folder(), *other = suite_folder(), *path = beside(folder, "x.db"), *link = beside(other, "to");
    char *through = beside(link, "x.db");
    make_file(path, "CREATE TABLE t(a); INSERT INTO t VALUES ('row')");
    ck_assert_int_eq(symlink(folder, link), 0);
    assert_untouched(folder, through, "SELECT a FROM t", "row");
    drift__free(through);
    drift__free(link);
    drift__free(path);
    suite_folder_remove(other);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_told_with_and_without_a_journal)
{
    drift_error err = {0};
    char *folder = suite_folder(), *path = beside(folder, "x.db"), *wal = beside(folder, "x.db-wal"), *tmp = NULL;
    char garbage[5000];
    memset(garbage, 'x', sizeof garbage);
    ck_assert_drift(drift__file_write(path, garbage, sizeof garbage, &err));
    assert_inspect_fails(path, DRIFT_NOT_A_DATABASE, path);
    ck_assert_drift(drift__file_write(wal, garbage, sizeof garbage, &err));
    use_private_tmp(&tmp);
    assert_inspect_fails(path, DRIFT_NOT_A_DATABASE, path);
    assert_empty_and_remove(tmp);
    drift__free(wal);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_journal_that_is_no_file_is_told)
{
    char *folder = suite_folder(), *path = beside(folder, "x.db"), *wal = beside(folder, "x.db-wal"), *tmp = NULL;
    make_file(path, "CREATE TABLE t(a)");
    ck_assert_int_eq(symlink("/dev/zero", wal), 0);
    use_private_tmp(&tmp);
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_int_ne(drift_connection_inspect(&connection, path, NULL, &err), DRIFT_OK);
    ck_assert_ptr_null(connection);
    assert_empty_and_remove(tmp);
    drift__free(wal);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_journal_that_is_a_folder_is_told)
{
    char *folder = suite_folder(), *path = beside(folder, "x.db"), *wal = beside(folder, "x.db-wal");
    make_file(path, "CREATE TABLE t(a)");
    ck_assert_int_eq(mkdir(wal, 0700), 0);
    struct stat st;
    ck_assert_int_eq(stat(wal, &st), 0);
    if (st.st_size > 0) assert_inspect_fails(path, DRIFT_NOT_A_DATABASE, wal); /* some file systems say 0 */
    drift__free(wal);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_name_that_leaves_no_room_for_a_journals_is_read)
{
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    char *folder = suite_folder(), *plain = beside(folder, "x.db"), *path = beside(folder, name);
    make_file(plain, "CREATE TABLE t(a); INSERT INTO t VALUES ('row')");
    ck_assert_int_eq(rename(plain, path), 0);
    assert_untouched(folder, path, "SELECT a FROM t", "row");
    drift__free(plain);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

/* A limit on the size of files stands for a full disk. */
START_TEST(a_copy_that_cannot_be_written_is_told)
{
    char *folder = suite_folder(), *path = make_hot(folder), *tmp = NULL;
    drift_error err = {0};
    drift_connection *connection = NULL;
    use_private_tmp(&tmp);
    suite_file_limit(4096);
    const int rc = drift_connection_inspect(&connection, path, NULL, &err);
    suite_file_limit_end();
    ck_assert_drift_fails(rc, DRIFT_IO);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot write a copy of"));
    assert_empty_and_remove(tmp);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

typedef struct growing {
    const char *path;
    atomic_bool stop;
} growing;

static void *keep_growing(void *payload)
{
    growing *g = payload;
    FILE *file = fopen(g->path, "ab");
    while (file && !atomic_load(&g->stop)) {
        fputc('x', file);
        fflush(file);
    }
    if (file) fclose(file);
    return NULL;
}

/* Whether the other thread runs during a copy is the machine's decision: it gets many chances. */
START_TEST(a_file_that_changes_while_it_is_copied_is_busy)
{
    char *folder = suite_folder(), *path = make_hot(folder), *journal = beside(folder, "hot.db-journal"), *tmp = NULL;
    pthread_t thread;
    growing g = {.path = journal};
    int rc = DRIFT_OK;
    ck_assert_int_eq(truncate(path, 8 * 1024 * 1024), 0); /* so that copying takes long enough */
    use_private_tmp(&tmp);
    ck_assert_int_eq(pthread_create(&thread, NULL, keep_growing, &g), 0);
    for (int i = 0; rc == DRIFT_OK && i < 1000; i++) {
        drift_error err = {0};
        drift_connection *connection = NULL;
        rc = drift_connection_inspect(&connection, path, NULL, &err);
        ck_assert_int_eq(rc, err.code);
        drift_connection_close(connection);
    }
    atomic_store(&g.stop, true);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(rc, DRIFT_BUSY);
    assert_empty_and_remove(tmp);
    drift__free(journal);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_folder_for_copies_is_needed)
{
    char *folder = suite_folder(), *path = make_hot(folder);
    ck_assert_int_eq(setenv("TMPDIR", "/nonexistent", 1), 0);
    assert_inspect_fails(path, DRIFT_IO, "/nonexistent");
    ck_assert_int_eq(unsetenv("TMPDIR"), 0);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

static int fail_setup(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)connection, (void)payload, (void)err;
    return DRIFT_MISUSE;
}

START_TEST(options_that_mean_nothing_here_are_refused)
{
    drift_error err = {0}, vfs = {0}, setup = {0};
    drift_connection *connection = NULL;
    char *folder = suite_folder(), *path = beside(folder, "x.db");
    make_file(path, "CREATE TABLE t(a)");
    const drift_connection_options mode = {.mode = DRIFT_OPEN_EXISTING}, named = {.vfs = "unix"};
    ck_assert_drift_fails(drift_connection_inspect(&connection, path, &mode, &err), DRIFT_MISUSE);
    ck_assert_int_eq(drift_connection_inspect(&connection, path, &named, &vfs), DRIFT_MISUSE);
    ck_assert_int_eq(
        drift_connection_inspect(&connection, path, &(drift_connection_options){.setup = fail_setup}, &setup),
        DRIFT_MISUSE);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

/* Every 97th byte of a small database turned over: a typed error or an answer, never a crash. */
START_TEST(a_corrupt_file_is_an_error_or_an_answer)
{
    drift_error err = {0};
    char *folder = suite_folder(), *path = beside(folder, "x.db"), *bytes = NULL;
    size_t length = 0;
    make_file(path, "CREATE TABLE t(a UNIQUE, b); CREATE INDEX i ON t(b); CREATE VIEW v AS SELECT 1;"
                    "INSERT INTO t VALUES (1, 'x'), (2, 'y')");
    ck_assert_drift(drift__file_read(&bytes, &length, path, &err));
    for (size_t at = 0; at < length; at += at < 200 ? 1 : 97) {
        drift_connection *connection = NULL;
        drift_error found = {0};
        bytes[at] = (char)~bytes[at];
        ck_assert_drift(drift__file_write(path, bytes, length, &err));
        int rc = drift_connection_inspect(&connection, path, NULL, &found);
        if (rc == DRIFT_OK) rc = drift_exec(connection, "PRAGMA integrity_check; SELECT * FROM t", &found);
        ck_assert_int_eq(rc, found.code);
        drift_connection_close(connection);
        bytes[at] = (char)~bytes[at];
    }
    drift__free(bytes);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

TCase *inspect_case(void)
{
    TCase *tcase = suite_case("inspect");
    tcase_add_loop_test(tcase, a_file_is_read_and_nothing_appears_beside_it, 0, 2);
    tcase_add_test(tcase, what_only_the_wal_holds_is_read_from_a_private_copy);
    tcase_add_test(tcase, a_hot_journal_is_rolled_back_in_a_private_copy);
    tcase_add_test(tcase, a_journal_cannot_name_a_file_that_is_then_deleted);
    tcase_add_test(tcase, a_journal_whose_super_journal_is_gone_does_not_count);
    tcase_add_test(tcase, a_journal_without_a_super_journal_stays_as_it_is);
    tcase_add_test(tcase, nothing_can_be_written);
    tcase_add_test(tcase, views_of_the_file_do_not_run);
    tcase_add_test(tcase, a_file_that_uses_json_is_read_and_checked);
    tcase_add_test(tcase, a_function_of_the_setup_hook_does_not_make_the_schema_malformed);
    tcase_add_test(tcase, only_regular_files_are_opened);
    tcase_add_test(tcase, a_link_to_the_folder_is_followed);
    tcase_add_test(tcase, a_file_that_is_no_database_is_told_with_and_without_a_journal);
    tcase_add_test(tcase, a_journal_that_is_no_file_is_told);
    tcase_add_test(tcase, a_journal_that_is_a_folder_is_told);
    tcase_add_test(tcase, a_name_that_leaves_no_room_for_a_journals_is_read);
    tcase_add_test(tcase, a_copy_that_cannot_be_written_is_told);
    tcase_add_test(tcase, a_file_that_changes_while_it_is_copied_is_busy);
    tcase_add_test(tcase, a_folder_for_copies_is_needed);
    tcase_add_test(tcase, options_that_mean_nothing_here_are_refused);
    tcase_add_test(tcase, a_corrupt_file_is_an_error_or_an_answer);
    return tcase;
}
