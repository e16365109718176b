/* check_library.c — the library application through all its releases, in memory, in a file, in a file with a WAL. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "scenario/library_rows.h"
#include "scenario/scenario.h"
#include "support/suite.h"

static drift_connection *connect(drift_initialized_schema *initialized)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    ck_assert_drift(drift_initialized_schema_connect(&db, initialized, &err));
    return db;
}

/* A database at `from` with the typed rows, upgraded to `to` by this definition and compared with its schema. */
static drift_initialized_schema *upgraded_by(const drift_database_definition *definition, drift_verifier *verifier,
                                             int from, int to)
{
    drift_error err = {0};
    drift_initialized_schema *initialized = NULL;
    ck_assert_drift(drift_verifier_schema_at(&initialized, verifier, from, &err));
    drift_connection *before = connect(initialized);
    library_type_rows(before, from);
    drift_connection_close(before);
    ck_assert_drift(drift_verifier_migrate_and_validate(verifier, initialized, definition, to, NULL, &err));
    return initialized;
}

static drift_initialized_schema *upgraded(drift_verifier *verifier, int from, int to)
{
    return upgraded_by(&library_database, verifier, from, to);
}

START_TEST(every_pair_keeps_what_was_typed_in)
{
    drift_verifier *verifier = scenario_verifier(_i);
    for (int from = 1; from < library_latest_version; from++)
        for (int to = from + 1; to <= library_latest_version; to++) {
            drift_initialized_schema *initialized = upgraded(verifier, from, to);
            drift_connection *after = connect(initialized);
            library_assert_rows(after, to);
            drift_connection_close(after);
            drift_initialized_schema_free(initialized);
        }
    drift_verifier_free(verifier);
}
END_TEST

/* The migrator's rebuilds suspend foreign keys by themselves; the rest of the steps obeys them. */
START_TEST(the_steps_hold_with_foreign_keys_on)
{
    drift_verifier *verifier = scenario_verifier(_i);
    drift_database_definition immediate = library_database;
    immediate.strategy.foreign_keys = DRIFT_FOREIGN_KEYS_IMMEDIATE;
    for (int from = 1; from < library_latest_version; from++) {
        drift_initialized_schema *initialized = upgraded_by(&immediate, verifier, from, library_latest_version);
        drift_connection *after = connect(initialized);
        library_assert_rows(after, library_latest_version);
        drift_connection_close(after);
        drift_initialized_schema_free(initialized);
    }
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(every_pair_passes_the_verification)
{
    drift_outcome *outcome = NULL;
    drift_expectations *expect = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_expectations_read(&expect, suite_source("fixtures/library/expect.json"), &err));
    const drift_verify_options options = {.levels = 1u << DRIFT_DATA_EMPTY | 1u << DRIFT_DATA_ONE, .expect = expect};
    const drift_migration_source source = {.definition = &library_database};
    ck_assert_drift(drift_verify_migrations(&outcome, &library_provider, &source, &options, &err));
    ck_assert_uint_eq(outcome->summary.runs, 42);
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        ck_assert_int_eq(run->started_at, run->from);
        ck_assert_msg(run->finding_count == 0, "%d to %d: %s", run->from, run->to, run->findings[0].message);
    }
    drift_outcome_free(outcome);
    drift_expectations_free(expect);
}
END_TEST

START_TEST(foreign_keys_work_after_an_upgrade)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = upgraded(verifier, 1, library_latest_version);
    drift_connection *db = connect(initialized);
    ck_assert_drift_fails(drift_exec(db, "INSERT INTO copies (book, number) VALUES ('none', 1)", &err),
                          DRIFT_FOREIGN_KEY);
    err = (drift_error){0};
    /* RESTRICT, CASCADE, SET NULL and SET DEFAULT, each on a table that was rebuilt or renamed on the way. */
    ck_assert_drift_fails(drift_exec(db, "DELETE FROM authors WHERE id = 1", &err), DRIFT_FOREIGN_KEY);
    err = (drift_error){0};
    ck_assert_drift(drift_exec(db,
                               "INSERT INTO patrons (id, name, joined_at, guardian) VALUES (20, 'Ida', 1, 2);"
                               "INSERT INTO fines (loan, cents, paid_at) VALUES (2, 50, 1);"
                               "INSERT INTO branches (id, name) VALUES (2, 'East');"
                               "UPDATE copies SET branch = 2;"
                               "DELETE FROM patrons WHERE id = 2;"
                               "DELETE FROM branches WHERE id = 2;",
                               &err));
    assert_rows(db, "SELECT id, guardian FROM patrons ORDER BY id", "1|NULL\n20|NULL\n");
    assert_rows(db, "SELECT id FROM loans ORDER BY id", "1\n4\n");
    assert_rows(db, "SELECT count(*) FROM fines", "0\n");
    assert_rows(db, "SELECT DISTINCT branch FROM copies", "1\n");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(a_deferred_foreign_key_is_checked_when_the_transaction_ends)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = upgraded(verifier, 2, library_latest_version);
    drift_connection *db = connect(initialized);
    ck_assert_drift(drift_exec(db,
                               "BEGIN;"
                               "INSERT INTO fines (id, loan, cents) VALUES (1, 77, 50);"
                               "INSERT INTO loans (id, book, patron, lent_at, due_at) VALUES (77, '0007', 1, 1, 2);"
                               "COMMIT;",
                               &err));
    assert_rows(db, "SELECT loan FROM fines", "77\n");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(views_and_triggers_work_after_an_upgrade)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = upgraded(verifier, 1, library_latest_version);
    drift_connection *db = connect(initialized);
    assert_rows(db, "SELECT * FROM lent_books ORDER BY id",
                "2|The Dispossessed|Åke Öberg|3000|2422200\n4|It's Åke's|Ada Lovelace|4000|2423200\n");
    /* INSTEAD OF triggers. */
    ck_assert_drift(library_lend(db, "12345678901234567890", 1, 9000, &err));
    assert_rows(db, "SELECT loan, book, patron, due_at FROM desk WHERE lent_at = 9000",
                "5|12345678901234567890|1|2428200\n");
    ck_assert_drift(library_give_back(db, 5, 9500, &err));
    assert_rows(db, "SELECT returned_at FROM loans WHERE id = 5", "9500\n");
    /* A trigger that refuses. */
    ck_assert_drift(drift_exec(db, "INSERT INTO fines (loan, cents) VALUES (4, 50)", &err));
    ck_assert_drift_fails(drift_exec(db, "DELETE FROM loans WHERE id = 4", &err), DRIFT_CONSTRAINT);
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

static int take_title(drift_statement *row, void *payload, drift_error *err)
{
    char *title = payload;
    const char *text = drift_column_text(row, 1, NULL);
    (void)err;
    if (text) snprintf(title, 64, "%s", text);
    return DRIFT_OK;
}

START_TEST(search_follows_books_after_an_upgrade)
{
    char title[64] = "";
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = upgraded(verifier, 1, library_latest_version);
    drift_connection *db = connect(initialized);
    ck_assert_drift(drift_exec(db, "UPDATE books SET title = 'The Telling' WHERE isbn = '0007'", &err));
    ck_assert_drift(library_search(db, "telling", take_title, title, &err));
    ck_assert_str_eq(title, "The Telling");
    assert_rows(db, "SELECT rowid FROM book_search WHERE book_search MATCH 'dispossessed'", "");
    ck_assert_drift(drift_exec(db, "INSERT INTO book_search (book_search, rank) VALUES ('integrity-check', 1)", &err));
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(authors_that_stand_twice_are_joined_and_keep_their_books)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = NULL;
    ck_assert_drift(drift_verifier_schema_at(&initialized, verifier, 6, &err));
    drift_connection *db = connect(initialized);
    ck_assert_drift(
        drift_exec(db,
                   "INSERT INTO authors (id, name) VALUES (1, 'Le Guin'), (2, 'LE GUIN'), (3, 'Jansson');"
                   "INSERT INTO books (isbn, title, author) VALUES ('a', 'A', 1), ('b', 'B', 2), ('c', 'C', 3)",
                   &err));
    ck_assert_drift(drift_verifier_migrate_and_validate(verifier, initialized, &library_database, 7, NULL, &err));
    assert_rows(db, "SELECT id, name FROM authors ORDER BY id", "1|Le Guin\n3|Jansson\n");
    assert_rows(db, "SELECT isbn, author FROM books ORDER BY isbn", "a|1\nb|1\nc|3\n");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(a_year_that_is_no_number_becomes_unknown)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = NULL;
    ck_assert_drift(drift_verifier_schema_at(&initialized, verifier, 3, &err));
    drift_connection *db = connect(initialized);
    ck_assert_drift(drift_exec(db,
                               "INSERT INTO authors (id, name) VALUES (1, 'Anonymous');"
                               "INSERT INTO books (isbn, title, author, published) VALUES"
                               " ('a', 'A', 1, '0842'), ('b', 'B', 1, 'c. 1890'), ('c', 'C', 1, NULL)",
                               &err));
    ck_assert_drift(drift_verifier_migrate_and_validate(verifier, initialized, &library_database, 4, NULL, &err));
    assert_rows(db, "SELECT isbn, published FROM books ORDER BY isbn", "a|842\nb|NULL\nc|NULL\n");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(half_a_copy_stops_the_migration)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = NULL;
    ck_assert_drift(drift_verifier_schema_at(&initialized, verifier, 5, &err));
    drift_connection *db = connect(initialized);
    library_type_rows(db, 5);
    ck_assert_drift(drift_exec(db, "UPDATE books SET copies = 1.5 WHERE isbn = '9-x'", &err));
    ck_assert_drift_fails(drift_verifier_migrate_and_validate(verifier, initialized, &library_database, 6, NULL, &err),
                          DRIFT_MIGRATION);
    ck_assert_str_eq(err.text, "not every copy of the book 9-x was taken over");
    assert_rows(db, "PRAGMA user_version", "5\n");
    assert_rows(db, "SELECT name FROM sqlite_schema WHERE name IN ('copies', 'branches', 'desk')", "");
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(a_created_database_is_populated_once)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(DRIFT_WORLD_MEMORY);
    char *folder = suite_folder();
    char *path = drift__path_join(folder, "library.db");
    for (int opening = 0; opening < 2; opening++) {
        drift_database *database = NULL;
        ck_assert_drift(drift_database_open(&database, &library_database, &(drift_open_options){.path = path}, &err));
        drift_connection *db = drift_database_connection(database);
        assert_rows(db, "SELECT code, broader FROM subjects ORDER BY code", "5|NULL\n51|5\n8|NULL\n");
        assert_rows(db, "SELECT name FROM branches", "Main\n");
        assert_rows(db, "PRAGMA user_version", "7\n");
        assert_rows(db, "PRAGMA foreign_keys", "1\n");
        drift_database_close(database);
    }
    drift_free(path);
    suite_folder_remove(folder);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(a_newer_database_is_refused_and_left_alone)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = upgraded(verifier, 6, 7);
    drift_connection *db = connect(initialized);
    drift_database_definition older = library_database;
    older.schema_version = 6;
    ck_assert_drift_fails(drift_database_open(&database, &older, &(drift_open_options){.connection = db}, &err),
                          DRIFT_NEWER);
    ck_assert_ptr_null(database);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_verifier_migrate_and_validate(verifier, initialized, &library_database, 5, NULL, &err),
                          DRIFT_NEWER);
    assert_rows(db, "PRAGMA user_version", "7\n");
    library_assert_rows(db, 7);
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(a_step_that_fails_leaves_the_old_database)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_initialized_schema *initialized = NULL;
    ck_assert_drift(drift_verifier_schema_at(&initialized, verifier, 5, &err));
    drift_connection *db = connect(initialized);
    library_type_rows(db, 5);
    /* Something in the way of step 5 to 6: a table that it wants to create with other columns. */
    ck_assert_drift(drift_exec(db, "CREATE TABLE branches (id INTEGER PRIMARY KEY)", &err));
    ck_assert_drift_fails(drift_verifier_migrate_and_validate(verifier, initialized, &library_database, 7, NULL, &err),
                          DRIFT_SQL);
    ck_assert_str_eq(err.source, "step 5 to 6");
    assert_rows(db, "PRAGMA user_version", "5\n");
    library_assert_rows(db, 5);
    err = (drift_error){0};
    ck_assert_drift(drift_exec(db, "DROP TABLE branches", &err));
    ck_assert_drift(drift_verifier_migrate_and_validate(verifier, initialized, &library_database, 7, NULL, &err));
    library_assert_rows(db, 7);
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

/* --- opening files --- */

/* Writes a file as the release of this version left it. */
static void write_old_file(drift_verifier *verifier, int version, const char *path)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    const drift_value binds[] = {DRIFT_BIND_TEXT(path, strlen(path))};
    ck_assert_drift(drift_verifier_start_at(&db, verifier, version, &err));
    library_type_rows(db, version);
    ck_assert_drift(drift_query(db, "VACUUM INTO ?1", binds, 1, NULL, NULL, &err));
    drift_connection_close(db);
}

START_TEST(the_file_of_every_release_can_be_opened)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(DRIFT_WORLD_FILE);
    for (int version = 1; version <= library_latest_version; version++) {
        drift_database *database = NULL;
        char *folder = suite_folder(), *path = drift__path_join(folder, "library.db");
        write_old_file(verifier, version, path);
        ck_assert_drift(drift_database_open(&database, &library_database, &(drift_open_options){.path = path}, &err));
        library_assert_rows(drift_database_connection(database), library_latest_version);
        drift_database_close(database);
        drift_free(path);
        suite_folder_remove(folder);
    }
    drift_verifier_free(verifier);
}
END_TEST

/* --- the fixture itself --- */

/* The snapshot of what a text in the fixture's folder makes. */
static char *dumped(const char *file)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    drift_schema *schema = NULL;
    char *sql = NULL, *text = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_read(&sql, &length, file, &err));
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    ck_assert_drift(drift_exec(db, sql, &err));
    ck_assert_drift(drift_introspect(&schema, db, &err));
    ck_assert_drift(drift_snapshot_print(&text, &length, schema, &err));
    drift_schema_free(schema);
    drift_connection_close(db);
    drift_free(sql);
    return text;
}

START_TEST(every_snapshot_is_what_its_sql_makes)
{
    for (int version = 1; version <= library_latest_version; version++) {
        char name[96];
        drift_error err = {0};
        size_t length = 0;
        char *snapshot = NULL;
        snprintf(name, sizeof name, "fixtures/library/history/schema_v%d.sql", version);
        char *text = dumped(suite_source(version < library_latest_version ? name : "fixtures/library/schema.sql"));
        snprintf(name, sizeof name, "drift_schemas/library/drift_schema_v%d.json", version);
        ck_assert_drift(drift__file_read(&snapshot, &length, suite_source(name), &err));
        ck_assert_str_eq(text, snapshot);
        drift_free(snapshot);
        drift_free(text);
    }
}
END_TEST

/* Whether a call of this name and an opening parenthesis stand in a file of the fixture. */
static bool calls(const char *const *texts, const char *name, size_t length)
{
    for (; *texts; texts++)
        for (const char *at = *texts; (at = strstr(at, "drift_migrator_")); at++)
            if (strncmp(at, name, length) == 0 && at[length] == '(') return true;
    return false;
}

/* What a migration can do is every call that can fail; stamping is the opening's. */
START_TEST(the_steps_use_every_call_of_the_migrator)
{
    static const char *const files[] = {"framework/include/drift/migrator.h", "fixtures/library/migrations.c",
                                        "generated/library/schema_steps.c", "fixtures/library/app.c"};
    static const char call[] = "DRIFT_API int drift_migrator_";
    char *texts[5] = {0};
    drift_error err = {0};
    size_t length = 0, count = 0;
    for (int i = 0; i < 4; i++) ck_assert_drift(drift__file_read(&texts[i], &length, suite_source(files[i]), &err));
    for (const char *at = texts[0]; (at = strstr(at, call));) {
        const char *name = at + strlen("DRIFT_API int ");
        const size_t name_length = strcspn(name, "(");
        at = name + name_length;
        if (strncmp(name, "drift_migrator_new(", 19) == 0 || strncmp(name, "drift_migrator_stamp(", 21) == 0) continue;
        count++;
        ck_assert_msg(calls((const char *const *)texts + 1, name, name_length), "no step calls %.*s", (int)name_length,
                      name);
    }
    ck_assert_uint_ge(count, 17);
    for (int i = 0; i < 4; i++) drift_free(texts[i]);
}
END_TEST

TCase *library_cases(void)
{
    TCase *tcase = suite_case("library");
    tcase_add_loop_test(tcase, every_pair_keeps_what_was_typed_in, 0, WORLDS);
    tcase_add_loop_test(tcase, the_steps_hold_with_foreign_keys_on, 0, WORLDS);
    tcase_add_test(tcase, every_pair_passes_the_verification);
    tcase_add_loop_test(tcase, foreign_keys_work_after_an_upgrade, 0, WORLDS);
    tcase_add_loop_test(tcase, a_deferred_foreign_key_is_checked_when_the_transaction_ends, 0, WORLDS);
    tcase_add_loop_test(tcase, views_and_triggers_work_after_an_upgrade, 0, WORLDS);
    tcase_add_loop_test(tcase, search_follows_books_after_an_upgrade, 0, WORLDS);
    tcase_add_loop_test(tcase, authors_that_stand_twice_are_joined_and_keep_their_books, 0, WORLDS);
    tcase_add_loop_test(tcase, a_year_that_is_no_number_becomes_unknown, 0, WORLDS);
    tcase_add_loop_test(tcase, half_a_copy_stops_the_migration, 0, WORLDS);
    tcase_add_test(tcase, a_created_database_is_populated_once);
    tcase_add_loop_test(tcase, a_newer_database_is_refused_and_left_alone, 0, WORLDS);
    tcase_add_loop_test(tcase, a_step_that_fails_leaves_the_old_database, 0, WORLDS);
    tcase_add_test(tcase, the_file_of_every_release_can_be_opened);
    tcase_add_test(tcase, every_snapshot_is_what_its_sql_makes);
    tcase_add_test(tcase, the_steps_use_every_call_of_the_migrator);
    return tcase;
}
