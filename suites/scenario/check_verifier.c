/* check_verifier.c — the verifier itself: its databases, its answers, its errors. */
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "scenario/scenario.h"
#include "scenario/sql_schemas.h"
#include "support/memory.h"
#include "support/suite.h"

static const char *const notes_sql[] = {
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)",
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, created_at INT); CREATE INDEX by_day ON notes (created_at)",
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, created_at INT, color TEXT)",
};

enum { NOTES_VERSION = 3 };

/* Adds what is new; forgets to drop the index at version 3 if the payload says so. */
static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const bool *forgetful = payload;
    int rc = DRIFT_OK;
    if (from < 2) rc = drift_migrator_exec(m, "ALTER TABLE notes ADD COLUMN created_at INT", err);
    if (rc == DRIFT_OK && from < 2) rc = drift_migrator_exec(m, "CREATE INDEX by_day ON notes (created_at)", err);
    if (rc == DRIFT_OK && to >= 3) rc = drift_migrator_exec(m, "ALTER TABLE notes ADD COLUMN color TEXT", err);
    if (rc == DRIFT_OK && to >= 3 && !*forgetful) rc = drift_migrator_exec(m, "DROP INDEX by_day", err);
    return rc;
}

static const bool careful = false, forgetful = true;

static const drift_database_definition notes = {
    .name = "notes", .schema_version = NOTES_VERSION, .strategy = {.on_upgrade = upgrade, .payload = &careful}};
static const drift_database_definition forgetful_notes = {
    .name = "notes", .schema_version = NOTES_VERSION, .strategy = {.on_upgrade = upgrade, .payload = &forgetful}};

typedef struct fixture {
    sql_schemas schemas;
    drift_verifier *verifier;
} fixture;

static void begin(fixture *f, const drift_verifier_options *options)
{
    drift_error err = {0};
    sql_schemas_begin(&f->schemas, notes_sql, NOTES_VERSION);
    ck_assert_drift(drift_verifier_new(&f->verifier, &f->schemas.provider, options, &err));
}

static void begin_in(fixture *f, int world)
{
    begin(f, &(drift_verifier_options){.world = (drift_world)world});
}

static void end(fixture *f)
{
    drift_verifier_free(f->verifier);
    sql_schemas_end(&f->schemas);
}

static drift_initialized_schema *schema_at(const fixture *f, int version)
{
    drift_error err = {0};
    drift_initialized_schema *initialized = NULL;
    ck_assert_drift(drift_verifier_schema_at(&initialized, f->verifier, version, &err));
    return initialized;
}

static drift_connection *connect(drift_initialized_schema *initialized)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    ck_assert_drift(drift_initialized_schema_connect(&db, initialized, &err));
    return db;
}

START_TEST(a_database_starts_with_its_schema_its_stamp_and_no_rows)
{
    static const char *const journals[] = {"memory\n", "delete\n", "wal\n"};
    fixture f;
    begin_in(&f, _i);
    drift_initialized_schema *initialized = schema_at(&f, 2);
    drift_connection *db = connect(initialized);
    assert_rows(db, "PRAGMA user_version", "2\n");
    assert_rows(db, "SELECT name FROM sqlite_schema", "notes\nby_day\n");
    assert_rows(db, "SELECT * FROM notes", "");
    assert_rows(db, "PRAGMA journal_mode", journals[_i]);
    assert_rows(db, "PRAGMA foreign_keys", "1\n");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

START_TEST(a_database_can_be_connected_to_in_turn_and_at_once)
{
    drift_error err = {0};
    fixture f;
    begin_in(&f, _i);
    drift_initialized_schema *initialized = schema_at(&f, 1);
    drift_connection *one = connect(initialized), *two = connect(initialized);
    ck_assert_drift(drift_exec(one, "INSERT INTO notes VALUES (1, 'a')", &err));
    assert_rows(two, "SELECT * FROM notes", "1|a\n");
    /* Locks are those of a file. */
    ck_assert_drift(drift_exec(one, "BEGIN IMMEDIATE", &err));
    ck_assert_drift(drift_exec(two, "PRAGMA busy_timeout = 0", &err));
    ck_assert_drift_fails(drift_exec(two, "BEGIN IMMEDIATE", &err), DRIFT_BUSY);
    err = (drift_error){0};
    drift_connection_close(two);
    drift_connection_close(one);
    one = connect(initialized);
    assert_rows(one, "SELECT * FROM notes", "1|a\n");
    drift_connection_close(one);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

enum { ROWS_OF_A_THREAD = 20 };

static void *write_rows(void *connection)
{
    drift_error err = {0};
    int rc = DRIFT_OK;
    for (int i = 0; rc == DRIFT_OK && i < ROWS_OF_A_THREAD; i++)
        rc = drift_exec(connection, "INSERT INTO notes (body) VALUES ('x')", &err);
    return rc == DRIFT_OK ? NULL : connection;
}

START_TEST(two_threads_can_write_over_two_connections)
{
    fixture f;
    begin_in(&f, _i);
    drift_initialized_schema *initialized = schema_at(&f, 1);
    drift_connection *connections[] = {connect(initialized), connect(initialized)};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) ck_assert_int_eq(pthread_create(&threads[i], NULL, write_rows, connections[i]), 0);
    for (int i = 0; i < 2; i++) {
        void *failed = NULL;
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    assert_rows(connections[0], "SELECT count(*) FROM notes", "40\n");
    for (int i = 0; i < 2; i++) drift_connection_close(connections[i]);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

START_TEST(databases_of_one_version_are_strangers)
{
    drift_error err = {0};
    fixture f;
    begin_in(&f, _i);
    drift_initialized_schema *a = schema_at(&f, 1), *b = schema_at(&f, 1);
    drift_connection *in_a = connect(a), *in_b = connect(b);
    ck_assert_drift(drift_exec(in_a, "INSERT INTO notes VALUES (1, 'a')", &err));
    assert_rows(in_b, "SELECT * FROM notes", "");
    drift_connection_close(in_a);
    drift_connection_close(in_b);
    drift_initialized_schema_free(a);
    drift_initialized_schema_free(b);
    end(&f);
}
END_TEST

START_TEST(a_migration_towards_an_old_version_stops_there)
{
    drift_error err = {0};
    fixture f;
    begin_in(&f, _i);
    drift_initialized_schema *initialized = schema_at(&f, 1);
    ck_assert_drift(drift_verifier_migrate_and_validate(f.verifier, initialized, &notes, 2, NULL, &err));
    drift_connection *db = connect(initialized);
    assert_rows(db, "PRAGMA user_version", "2\n");
    ck_assert_drift(drift_verifier_migrate_connection(f.verifier, db, &notes, 3, NULL, &err));
    assert_rows(db, "PRAGMA user_version", "3\n");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

START_TEST(a_mismatch_names_what_differs)
{
    drift_error err = {0};
    char *differences = NULL;
    fixture f;
    begin_in(&f, _i);
    drift_initialized_schema *initialized = schema_at(&f, 2);
    const drift_validate_options options = {.differences = &differences};
    ck_assert_drift_fails(
        drift_verifier_migrate_and_validate(f.verifier, initialized, &forgetful_notes, 3, &options, &err),
        DRIFT_MISMATCH);
    ck_assert_str_eq(err.text,
                     "expected notes to have the schema of version 3, found 1 difference: index by_day: unexpected");
    ck_assert_str_eq(differences, "by_day: index: unexpected\n1 difference\n");
    drift_free(differences);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

START_TEST(a_long_mismatch_is_told_in_full_beside_the_error)
{
    drift_error err = {0};
    char *differences = NULL;
    drift_connection *db = NULL;
    fixture f;
    begin_in(&f, DRIFT_WORLD_MEMORY);
    ck_assert_drift(drift_verifier_start_at(&db, f.verifier, 3, &err));
    ck_assert_drift(drift_exec(db,
                               "DROP TABLE notes; CREATE TABLE a (x); CREATE TABLE b (x); CREATE VIEW v AS SELECT 1;"
                               "CREATE INDEX i ON a (x)",
                               &err));
    const drift_validate_options options = {.differences = &differences};
    ck_assert_drift_fails(drift_verifier_migrate_connection(f.verifier, db, &notes, 3, &options, &err), DRIFT_MISMATCH);
    ck_assert_str_eq(err.text, "expected notes to have the schema of version 3, found 5 differences: "
                               "table notes: missing; table a: unexpected; table b: unexpected; …");
    ck_assert_str_eq(differences, "notes: table: missing\na: table: unexpected\nb: table: unexpected\n"
                                  "v: view: unexpected\ni: index: unexpected\n5 differences\n");
    drift_free(differences);
    drift_connection_close(db);
    end(&f);
}
END_TEST

START_TEST(options_of_the_comparison_are_honoured)
{
    drift_error err = {0};
    char *differences = NULL;
    fixture f;
    begin_in(&f, DRIFT_WORLD_MEMORY);
    drift_initialized_schema *initialized = schema_at(&f, 2);
    const drift_diff_options diff = {.allow_unexpected = true};
    const drift_validate_options options = {.diff = &diff, .differences = &differences};
    ck_assert_drift(drift_verifier_migrate_and_validate(f.verifier, initialized, &forgetful_notes, 3, &options, &err));
    ck_assert_ptr_null(differences);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

/* --- data integrity --- */

static int type_note(drift_connection *db, void *payload, drift_error *err)
{
    int *called = payload;
    ++*called;
    return drift_exec(db, "INSERT INTO notes (id, body) VALUES (7, 'seven')", err);
}

static int read_note(drift_connection *db, void *payload, drift_error *err)
{
    int *called = payload;
    (void)err;
    *called += 10;
    assert_rows(db, "SELECT id, body, created_at, color FROM notes", "7|seven|NULL|NULL\n");
    return DRIFT_OK;
}

static int refuse(drift_connection *db, void *payload, drift_error *err)
{
    (void)db, (void)payload, (void)err;
    return DRIFT_FORMAT;
}

START_TEST(rows_are_written_before_and_read_after)
{
    drift_error err = {0};
    int called = 0;
    fixture f;
    begin_in(&f, _i);
    const drift_data_integrity_test test = {1, 3, type_note, read_note, &called};
    ck_assert_drift(drift_verifier_test_with_data_integrity(f.verifier, &notes, &test, NULL, &err));
    ck_assert_int_eq(called, 11);
    end(&f);
}
END_TEST

START_TEST(what_a_callback_refuses_is_the_answer)
{
    drift_error err = {0};
    int called = 0;
    fixture f;
    begin_in(&f, DRIFT_WORLD_FILE);
    drift_data_integrity_test test = {1, 3, refuse, read_note, &called};
    ck_assert_drift_fails(drift_verifier_test_with_data_integrity(f.verifier, &notes, &test, NULL, &err), DRIFT_FORMAT);
    ck_assert_int_eq(called, 0);
    err = (drift_error){0};
    test.create = NULL;
    test.validate = refuse;
    ck_assert_drift_fails(drift_verifier_test_with_data_integrity(f.verifier, &notes, &test, NULL, &err), DRIFT_FORMAT);
    end(&f);
}
END_TEST

START_TEST(rows_typed_in_obey_foreign_keys)
{
    static const char *const sql[] = {
        "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p INTEGER REFERENCES parent (id))"};
    drift_error err = {0};
    sql_schemas schemas;
    drift_verifier *verifier = NULL;
    drift_connection *db = NULL;
    sql_schemas_begin(&schemas, sql, 1);
    ck_assert_drift(drift_verifier_new(&verifier, &schemas.provider, NULL, &err));
    ck_assert_drift(drift_verifier_start_at(&db, verifier, 1, &err));
    ck_assert_drift_fails(drift_exec(db, "INSERT INTO child VALUES (1)", &err), DRIFT_FOREIGN_KEY);
    drift_connection_close(db);
    drift_verifier_free(verifier);
    sql_schemas_end(&schemas);
}
END_TEST

/* --- the setup hook --- */

static int count_setup(drift_connection *connection, const void *payload, drift_error *err)
{
    int *const *count = payload;
    ++**count;
    return drift_exec(connection, "CREATE TEMP TABLE mine (x)", err);
}

static int fail_setup(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)connection, (void)payload, (void)err;
    return DRIFT_UNSUPPORTED;
}

START_TEST(the_setup_hook_runs_on_every_connection)
{
    int count = 0;
    int *const counter = &count;
    fixture f;
    begin(&f, &(drift_verifier_options){.world = (drift_world)_i, .setup = count_setup, .setup_payload = &counter});
    drift_initialized_schema *initialized = schema_at(&f, 1);
    const int built = count;
    drift_connection *db = connect(initialized);
    ck_assert_int_eq(count, built + 1);
    assert_rows(db, "SELECT count(*) FROM temp.mine", "0\n");
    assert_rows(db, "SELECT name FROM sqlite_schema", "notes\n");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

START_TEST(a_setup_hook_that_fails_is_the_answer)
{
    drift_error err = {0};
    drift_initialized_schema *initialized = NULL;
    fixture f;
    begin(&f, &(drift_verifier_options){.world = (drift_world)_i, .setup = fail_setup});
    ck_assert_drift_fails(drift_verifier_schema_at(&initialized, f.verifier, 1, &err), DRIFT_UNSUPPORTED);
    ck_assert_ptr_null(initialized);
    end(&f);
}
END_TEST

/* --- errors --- */

START_TEST(a_version_that_does_not_exist_is_not_found)
{
    drift_error err = {0};
    drift_initialized_schema *initialized = NULL;
    drift_connection *db = NULL;
    fixture f;
    begin_in(&f, _i);
    ck_assert_drift_fails(drift_verifier_schema_at(&initialized, f.verifier, 9, &err), DRIFT_NOT_FOUND);
    ck_assert_ptr_null(initialized);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_verifier_start_at(&db, f.verifier, 9, &err), DRIFT_NOT_FOUND);
    ck_assert_ptr_null(db);
    err = (drift_error){0};
    initialized = schema_at(&f, 1);
    ck_assert_drift_fails(drift_verifier_migrate_and_validate(f.verifier, initialized, &notes, 9, NULL, &err),
                          DRIFT_NOT_FOUND);
    drift_initialized_schema_free(initialized);
    end(&f);
}
END_TEST

START_TEST(a_schema_that_sqlite_refuses_names_the_entity)
{
    static const char *const sql[] = {"CREATE TABLE a (x); CREATE INDEX broken ON a (nowhere(x))"};
    drift_error err = {0};
    sql_schemas schemas;
    drift_verifier *verifier = NULL;
    drift_connection *db = NULL;
    sql_schemas_begin(&schemas, sql, 1);
    const drift_verifier_options options = {.world = (drift_world)_i};
    ck_assert_drift(drift_verifier_new(&verifier, &schemas.provider, &options, &err));
    ck_assert_drift_fails(drift_verifier_start_at(&db, verifier, 1, &err), DRIFT_SQL);
    ck_assert_str_eq(err.source, "broken");
    drift_verifier_free(verifier);
    sql_schemas_end(&schemas);
}
END_TEST

START_TEST(a_folder_that_does_not_exist_is_not_found)
{
    drift_error err = {0};
    drift_initialized_schema *initialized = NULL;
    fixture f;
    begin(&f, &(drift_verifier_options){.world = DRIFT_WORLD_FILE, .folder = "/nowhere/at/all"});
    ck_assert_drift_fails(drift_verifier_schema_at(&initialized, f.verifier, 1, &err), DRIFT_NOT_FOUND);
    end(&f);
}
END_TEST

START_TEST(a_world_that_does_not_exist_is_misuse)
{
    drift_error err = {0};
    drift_verifier *verifier = NULL;
    const drift_verifier_options options = {.world = (drift_world)WORLDS};
    ck_assert_drift_fails(drift_verifier_new(&verifier, NULL, &options, &err), DRIFT_MISUSE);
    ck_assert_ptr_null(verifier);
    ck_assert_ptr_null(drift_world_name(options.world));
    ck_assert_str_eq(drift_world_name(DRIFT_WORLD_WAL), "wal");
}
END_TEST

static void assert_empty(const char *folder)
{
    drift_error err = {0};
    char **names = NULL;
    size_t count = 0;
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    ck_assert_uint_eq(count, 0);
    drift__names_free(names, count);
}

START_TEST(files_go_with_their_database)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    char **names = NULL;
    size_t count = 0;
    fixture f;
    char *folder = suite_folder();
    begin(&f, &(drift_verifier_options){.world = (drift_world)_i, .folder = folder});
    drift_initialized_schema *initialized = schema_at(&f, 1);
    ck_assert_drift(drift_verifier_start_at(&db, f.verifier, 1, &err));
    ck_assert_drift(drift_exec(db, "INSERT INTO notes VALUES (1, '')", &err));
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    ck_assert_uint_eq(count, _i == DRIFT_WORLD_MEMORY ? 0 : 2);
    drift__names_free(names, count);
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    end(&f);
    assert_empty(folder);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(freeing_nothing_is_allowed)
{
    drift_verifier_free(NULL);
    drift_initialized_schema_free(NULL);
}
END_TEST

/* --- no memory --- */

/* Everything that a verifier does, a mismatch at its end. */
static int upgrade_and_compare(const sql_schemas *schemas, const drift_verifier_options *where)
{
    drift_error err = {0};
    drift_verifier *verifier = NULL;
    char *differences = NULL;
    const drift_data_integrity_test test = {.from = 1, .to = 3};
    const drift_validate_options options = {.differences = &differences};
    int rc = drift_verifier_new(&verifier, &schemas->provider, where, &err);
    if (rc == DRIFT_OK) rc = drift_verifier_test_with_data_integrity(verifier, &forgetful_notes, &test, &options, &err);
    ck_assert_int_eq(rc, err.code);
    drift_free(differences);
    drift_verifier_free(verifier);
    return rc;
}

/* Lets the first allocation fail, the second, and so on. What runs out of memory says so, as TRANSACTION where SQLite
 * rolled back because of it; what could do without (the opening tries twice to set its settings back) has its answer.
 * Nothing leaks, no file is left. */
static void sweep_memory(const sql_schemas *schemas, const drift_verifier_options *where, long most, bool lasting)
{
    const sqlite3_int64 used = sqlite3_memory_used();
    bool hit = true;
    for (long nth = 1; hit && nth <= most; nth++) {
        suite_memory_fail(nth, lasting);
        const int rc = upgrade_and_compare(schemas, where);
        hit = suite_memory_restore();
        ck_assert_msg(sqlite3_memory_used() == used, "allocation %ld failed, and something leaked", nth);
        ck_assert_msg(rc == DRIFT_MISMATCH || (hit && (rc == DRIFT_NO_MEMORY || rc == DRIFT_TRANSACTION)),
                      "allocation %ld failed, and the status is %d", nth, rc);
    }
}

START_TEST(every_allocation_that_fails_is_told)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    fixture f;
    char *folder = suite_folder();
    const drift_verifier_options where = {.world = (drift_world)_i, .folder = folder};
    begin_in(&f, DRIFT_WORLD_MEMORY);
    /* SQLite's list of shared databases in memory never shrinks while one is open: so it has its size before. */
    ck_assert_drift(drift_verifier_start_at(&db, f.verifier, 1, &err));
    ck_assert_int_eq(upgrade_and_compare(&f.schemas, &where), DRIFT_MISMATCH);
    /* What a file has more than memory, its folder and its name, is among the first. */
    const long most = _i == DRIFT_WORLD_MEMORY ? LONG_MAX : 30;
    sweep_memory(&f.schemas, &where, most, false);
    sweep_memory(&f.schemas, &where, most, true);
    drift_connection_close(db);
    end(&f);
    assert_empty(folder);
    suite_folder_remove(folder);
}
END_TEST

TCase *verifier_cases(void)
{
    TCase *tcase = suite_case("verifier");
    tcase_add_loop_test(tcase, a_database_starts_with_its_schema_its_stamp_and_no_rows, 0, WORLDS);
    tcase_add_loop_test(tcase, a_database_can_be_connected_to_in_turn_and_at_once, 0, WORLDS);
    tcase_add_loop_test(tcase, two_threads_can_write_over_two_connections, 0, WORLDS);
    tcase_add_loop_test(tcase, databases_of_one_version_are_strangers, 0, WORLDS);
    tcase_add_loop_test(tcase, a_migration_towards_an_old_version_stops_there, 0, WORLDS);
    tcase_add_loop_test(tcase, a_mismatch_names_what_differs, 0, WORLDS);
    tcase_add_test(tcase, a_long_mismatch_is_told_in_full_beside_the_error);
    tcase_add_test(tcase, options_of_the_comparison_are_honoured);
    tcase_add_loop_test(tcase, rows_are_written_before_and_read_after, 0, WORLDS);
    tcase_add_test(tcase, what_a_callback_refuses_is_the_answer);
    tcase_add_test(tcase, rows_typed_in_obey_foreign_keys);
    tcase_add_loop_test(tcase, the_setup_hook_runs_on_every_connection, 0, WORLDS);
    tcase_add_loop_test(tcase, a_setup_hook_that_fails_is_the_answer, 0, WORLDS);
    tcase_add_loop_test(tcase, a_version_that_does_not_exist_is_not_found, 0, WORLDS);
    tcase_add_loop_test(tcase, a_schema_that_sqlite_refuses_names_the_entity, 0, WORLDS);
    tcase_add_test(tcase, a_folder_that_does_not_exist_is_not_found);
    tcase_add_test(tcase, a_world_that_does_not_exist_is_misuse);
    tcase_add_loop_test(tcase, files_go_with_their_database, 0, WORLDS);
    tcase_add_test(tcase, freeing_nothing_is_allowed);
    tcase_add_loop_test(tcase, every_allocation_that_fails_is_told, 0, WORLDS);
    return tcase;
}
