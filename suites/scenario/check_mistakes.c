/* check_mistakes.c — copies of the library's steps with one mistake each: every one is found. */
#include <string.h>

#include "library/by_name.h"
#include "scenario/library_rows.h"
#include "scenario/scenario.h"
#include "support/suite.h"

/* Runs the right step, then what spoils it. */
static int right_then(drift_migrator *m, int from, const char *spoil, drift_error *err)
{
    const int rc = library_steps[from - 1].run(m, from, from + 1, NULL, err);
    return rc == DRIFT_OK ? drift_migrator_exec(m, spoil, err) : rc;
}

#define STEP(name) static int name(drift_migrator *m, int from, int to, const void *payload, drift_error *err)

STEP(an_index_is_forgotten)
{
    (void)to, (void)payload;
    return right_then(m, from, "DROP INDEX books_by_subject", err);
}

STEP(a_trigger_is_forgotten)
{
    (void)to, (void)payload;
    return right_then(m, from, "DROP TRIGGER books_search_delete", err);
}

STEP(a_view_keeps_its_old_definition)
{
    (void)to, (void)payload;
    return right_then(m, from,
                      "DROP VIEW lent_books; CREATE VIEW lent_books AS"
                      " SELECT loans.id, books.title, borrowers.last_name AS borrower, loans.lent_at FROM loans"
                      " JOIN books ON books.isbn = loans.book JOIN borrowers ON borrowers.id = loans.borrower"
                      " WHERE loans.returned_at IS NULL",
                      err);
}

STEP(a_column_is_emptied_on_the_way)
{
    (void)from, (void)to, (void)payload;
    const by_name_rebuild rebuild = {.table = "loans",
                                     .transforms = {{"due_at", "lent_at + 1"}, {"returned_at", "NULL"}},
                                     .new_columns = {"due_at", "days"}};
    return by_name_alter_table(m, &rebuild, err);
}

STEP(a_column_is_changed_on_the_way)
{
    (void)from, (void)to, (void)payload;
    const by_name_rebuild rebuild = {
        .table = "books",
        .transforms = {{"published", "nullif(CAST(published AS INTEGER), 0)"}, {"title", "title || '.'"}},
        .new_columns = {"sort_title"}};
    return by_name_alter_table(m, &rebuild, err);
}

STEP(rows_that_nobody_needs_are_deleted)
{
    (void)to, (void)payload;
    return right_then(m, from, "DELETE FROM postcards", err);
}

STEP(rows_appear)
{
    (void)to, (void)payload;
    return right_then(m, from, "INSERT INTO subjects (code, name) VALUES ('9', 'History')", err);
}

STEP(parents_are_deleted)
{
    (void)to, (void)payload;
    return right_then(m, from, "DELETE FROM patrons", err);
}

/* SELECT * into a table whose columns stand in another order. */
STEP(columns_are_copied_by_position)
{
    (void)to, (void)payload;
    return right_then(m, from,
                      "CREATE TABLE new_borrowers (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,"
                      " last_name TEXT NOT NULL, first_name TEXT NOT NULL, phone TEXT, joined_at INTEGER NOT NULL);"
                      "INSERT INTO new_borrowers SELECT * FROM borrowers;"
                      "DROP VIEW lent_books; DROP TABLE borrowers; ALTER TABLE new_borrowers RENAME TO borrowers;"
                      "CREATE VIEW lent_books AS SELECT 1",
                      err);
}

/* With foreign keys on, "SQLite will perform an implicit DELETE FROM command before removing the table"
 * (https://www.sqlite.org/foreignkeys.html#fk_schemacommands): the loans of all patrons go with the old table. */
STEP(a_parent_is_rebuilt_by_hand)
{
    (void)to, (void)payload;
    return right_then(m, from,
                      "CREATE TABLE new_patrons (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,"
                      " name TEXT NOT NULL COLLATE NOCASE, joined_at INTEGER NOT NULL,"
                      " guardian INTEGER REFERENCES patrons (id) ON DELETE SET NULL);"
                      "INSERT INTO new_patrons SELECT * FROM patrons;"
                      "DROP VIEW lent_books; DROP TABLE patrons; ALTER TABLE new_patrons RENAME TO patrons;"
                      "CREATE VIEW lent_books AS"
                      " SELECT loans.id, books.title, patrons.name AS patron, loans.lent_at, loans.due_at FROM loans"
                      " JOIN books ON books.isbn = loans.book JOIN patrons ON patrons.id = loans.patron"
                      " WHERE loans.returned_at IS NULL",
                      err);
}

typedef struct mistake {
    drift_step_fn run;
    int from;
    drift_foreign_keys foreign_keys;
    const char *code, *object; /* of a finding that there must be; object NULL: any */
} mistake;

static const mistake found[] = {
    {an_index_is_forgotten, 1, DRIFT_FOREIGN_KEYS_CHECKED, "schema.missing", "books_by_subject"},
    {a_trigger_is_forgotten, 1, DRIFT_FOREIGN_KEYS_CHECKED, "schema.missing", "books_search_delete"},
    {a_view_keeps_its_old_definition, 2, DRIFT_FOREIGN_KEYS_CHECKED, "schema.view.sql", "lent_books"},
    {a_column_is_emptied_on_the_way, 2, DRIFT_FOREIGN_KEYS_CHECKED, "data.changed", "loans.returned_at"},
    {a_column_is_changed_on_the_way, 3, DRIFT_FOREIGN_KEYS_CHECKED, "data.changed", "books.title"},
    {rows_that_nobody_needs_are_deleted, 1, DRIFT_FOREIGN_KEYS_CHECKED, "data.lost_rows", "postcards"},
    {rows_appear, 5, DRIFT_FOREIGN_KEYS_CHECKED, "data.extra_rows", "subjects"},
    {parents_are_deleted, 5, DRIFT_FOREIGN_KEYS_CHECKED, "fk.violation", "loans"},
    {columns_are_copied_by_position, 1, DRIFT_FOREIGN_KEYS_CHECKED, "data.changed", "borrowers.first_name"},
    {a_parent_is_rebuilt_by_hand, 5, DRIFT_FOREIGN_KEYS_IMMEDIATE, "data.lost_rows", "loans"},
};

/* The application with one step replaced, and without its own validation: what is tested is the verification. */
static void plant(library_app *wrong, const library_app *right, int from, drift_step_fn run, drift_foreign_keys policy)
{
    *wrong = *right;
    wrong->steps[from - 1].run = run;
    wrong->definition.strategy.payload = wrong;
    wrong->definition.strategy.before_open = NULL;
    wrong->definition.strategy.foreign_keys = policy;
}

static bool has_finding(const drift_outcome *outcome, const mistake *m)
{
    for (size_t i = 0; i < outcome->run_count; i++)
        for (size_t k = 0; k < outcome->runs[i].finding_count; k++) {
            const drift_finding *finding = &outcome->runs[i].findings[k];
            const bool same_object = !m->object || (finding->object && strcmp(finding->object, m->object) == 0);
            if (same_object && strcmp(drift_finding_code_name(finding->code), m->code) == 0) return true;
        }
    return false;
}

START_TEST(every_mistake_in_a_step_is_found)
{
    const mistake *m = &found[_i];
    const drift_verify_options options = {.from = m->from, .to = m->from + 1};
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    library_app wrong;
    scenario s = scenario_begin(DRIFT_WORLD_MEMORY);
    const drift_migration_source planted = {.definition = &wrong.definition};
    plant(&wrong, s.app, m->from, m->run, m->foreign_keys);
    ck_assert_drift(drift_verify_migrations(&outcome, s.schemas, &planted, &options, &err));
    ck_assert_msg(has_finding(outcome, m), "mistake %d: no finding %s of %s", _i, m->code,
                  m->object ? m->object : "anything");
    drift_outcome_free(outcome);
    plant(&wrong, s.app, m->from, library_steps[m->from - 1].run, DRIFT_FOREIGN_KEYS_CHECKED);
    ck_assert_drift(drift_verify_migrations(&outcome, s.schemas, &planted, &options, &err));
    ck_assert_msg(!has_finding(outcome, m), "the right step has the finding %s too", m->code);
    drift_outcome_free(outcome);
    scenario_end(&s);
}
END_TEST

/* --- mistakes that only who typed the rows can know --- */

STEP(copies_are_not_counted)
{
    (void)to, (void)payload;
    return right_then(m, from, "DELETE FROM copies WHERE number > 1", err);
}

STEP(names_lose_their_first_part)
{
    int rc;
    (void)from, (void)to, (void)payload;
    const by_name_rebuild rebuild = {
        .table = "patrons",
        .transforms = {{"name", "last_name"}},
        .new_columns = {"name", "guardian"},
        .drop_objects = {"lent_books"},
    };
    if ((rc = by_name_drop(m, DRIFT_ENTITY_INDEX, "loans_by_borrower", err)) != DRIFT_OK ||
        (rc = drift_migrator_rename_table(m, "borrowers", "patrons", err)) != DRIFT_OK ||
        (rc = drift_migrator_rename_column(m, "loans", "borrower", "patron", err)) != DRIFT_OK ||
        (rc = drift_migrator_drop_column(m, "patrons", "phone", err)) != DRIFT_OK ||
        (rc = by_name_alter_table(m, &rebuild, err)) != DRIFT_OK ||
        (rc = by_name_create_index(m, "loans_by_patron", err)) != DRIFT_OK)
        return rc;
    return drift_migrator_recreate_all_views(m, err);
}

/* A rebuild that does not copy rowids: the search finds other books than it says. */
STEP(rowids_are_given_anew)
{
    (void)to, (void)payload;
    return right_then(m, from,
                      "CREATE TABLE kept AS SELECT * FROM books; DROP TRIGGER books_search_delete;"
                      "DROP TRIGGER books_search_insert; DELETE FROM books;"
                      "INSERT INTO books (isbn, title, author, published, summary, subject)"
                      " SELECT isbn, title, author, published, summary, subject FROM kept; DROP TABLE kept",
                      err);
}

STEP(the_mark_of_autoincrement_is_lost)
{
    (void)to, (void)payload;
    return right_then(m, from, "DELETE FROM sqlite_sequence WHERE name = 'patrons'", err);
}

static const struct typed_mistake {
    drift_step_fn run;
    int from;
    const char *sql, *right;
} typed[] = {
    {copies_are_not_counted, 5, "SELECT count(*) FROM copies WHERE book = '0007'", "2\n"},
    {names_lose_their_first_part, 4, "SELECT name FROM patrons WHERE id = 1", "Ada Lovelace\n"},
    {rowids_are_given_anew, 5, "SELECT rowid FROM books WHERE isbn = '9-x'", "4\n"},
    {the_mark_of_autoincrement_is_lost, 5, "SELECT seq FROM sqlite_sequence WHERE name = 'patrons'", "9\n"},
};

/* The typed rows after the step; the caller frees. */
static char *rows_after(const scenario *s, const library_app *app, const struct typed_mistake *m)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    drift_database *database = NULL;
    const int to = m->from + 1;
    const drift_open_options open = {.target = {to, app->steps[m->from - 1].schema}};
    ck_assert_drift(drift_verifier_start_at(&db, s->verifier, m->from, &err));
    library_type_rows(db, m->from);
    drift_open_options options = open;
    options.connection = db;
    ck_assert_drift(drift_database_open(&database, &app->definition, &options, &err));
    char *rows = scenario_rows(db, m->sql);
    drift_database_close(database);
    drift_connection_close(db);
    return rows;
}

START_TEST(rows_typed_by_hand_find_what_is_in_no_schema)
{
    const struct typed_mistake *m = &typed[_i];
    library_app wrong;
    scenario s = scenario_begin(DRIFT_WORLD_MEMORY);
    plant(&wrong, s.app, m->from, m->run, DRIFT_FOREIGN_KEYS_CHECKED);
    char *rows = rows_after(&s, &wrong, m);
    ck_assert_str_ne(rows, m->right);
    drift_free(rows);
    rows = rows_after(&s, s.app, m);
    ck_assert_str_eq(rows, m->right);
    drift_free(rows);
    scenario_end(&s);
}
END_TEST

/* --- mistakes that the migrator refuses --- */

/* '1974' would become 1974 by the new column's affinity alone. */
STEP(a_type_changes_without_a_transform)
{
    (void)from, (void)to, (void)payload;
    return by_name_alter_table(m, &(by_name_rebuild){.table = "books", .new_columns = {"sort_title"}}, err);
}

START_TEST(a_value_that_a_new_type_would_change_stops_the_migration)
{
    drift_error err = {0};
    drift_initialized_schema *initialized = NULL;
    drift_connection *db = NULL;
    library_app wrong;
    scenario s = scenario_begin(_i);
    plant(&wrong, s.app, 3, a_type_changes_without_a_transform, DRIFT_FOREIGN_KEYS_CHECKED);
    ck_assert_drift(drift_verifier_schema_at(&initialized, s.verifier, 3, &err));
    ck_assert_drift(drift_initialized_schema_connect(&db, initialized, &err));
    library_type_rows(db, 3);
    ck_assert_drift_fails(
        drift_verifier_migrate_and_validate(s.verifier, initialized, &wrong.definition, 4, NULL, &err),
        DRIFT_MIGRATION);
    library_assert_rows(db, 3);
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    scenario_end(&s);
}
END_TEST

/* --- names that are spelled wrongly --- */

STEP(the_table_is_misspelled)
{
    (void)from, (void)to, (void)payload;
    return by_name_add_column(m, "boks", "summary", err);
}

STEP(the_column_is_misspelled)
{
    (void)from, (void)to, (void)payload;
    return by_name_add_column(m, "books", "sumary", err);
}

/* A NULL in the list of transforms would end it, and the column would be copied as it is. */
STEP(the_column_of_a_transform_is_misspelled)
{
    (void)from, (void)to, (void)payload;
    return by_name_alter_table(
        m, &(by_name_rebuild){.table = "books", .transforms = {{"sumary", "''"}}, .new_columns = {"summary"}}, err);
}

STEP(the_trigger_is_misspelled)
{
    (void)from, (void)to, (void)payload;
    return by_name_create_trigger(m, "books_serch_insert", err);
}

static const struct misspelling {
    drift_step_fn run;
    const char *told;
} misspellings[] = {
    {the_table_is_misspelled, "the schema of the step has no table boks"},
    {the_column_is_misspelled, "the schema of the step has no column sumary"},
    {the_column_of_a_transform_is_misspelled, "the schema of the step has no column sumary"},
    {the_trigger_is_misspelled, "the schema of the step has no trigger books_serch_insert"},
};

START_TEST(a_misspelled_name_is_told_and_nothing_happens)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    library_app wrong;
    scenario s = scenario_begin(DRIFT_WORLD_MEMORY);
    plant(&wrong, s.app, 1, misspellings[_i].run, DRIFT_FOREIGN_KEYS_CHECKED);
    ck_assert_drift(drift_verifier_start_at(&db, s.verifier, 1, &err));
    library_type_rows(db, 1);
    ck_assert_drift_fails(drift_verifier_migrate_connection(s.verifier, db, &wrong.definition, 2, NULL, &err),
                          DRIFT_NOT_FOUND);
    ck_assert_str_eq(err.text, misspellings[_i].told);
    ck_assert_str_eq(err.source, "step 1 to 2");
    library_assert_rows(db, 1);
    drift_connection_close(db);
    scenario_end(&s);
}
END_TEST

TCase *mistake_cases(void)
{
    TCase *tcase = suite_case("mistakes");
    tcase_add_loop_test(tcase, every_mistake_in_a_step_is_found, 0, (int)(sizeof found / sizeof *found));
    tcase_add_loop_test(tcase, rows_typed_by_hand_find_what_is_in_no_schema, 0, (int)(sizeof typed / sizeof *typed));
    tcase_add_loop_test(tcase, a_value_that_a_new_type_would_change_stops_the_migration, 0, WORLDS);
    tcase_add_loop_test(tcase, a_misspelled_name_is_told_and_nothing_happens, 0,
                        (int)(sizeof misspellings / sizeof *misspellings));
    return tcase;
}
