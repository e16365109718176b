/* check_mistakes.c — the library's steps with one mistake each: every one is found. */
#include <string.h>

#include "library/migrations.h"
#include "scenario/library_rows.h"
#include "scenario/scenario.h"
#include "support/suite.h"

/* Runs the right step, then what spoils it. */
static int right_then(drift_migrator *m, int from, const char *spoil, drift_error *err)
{
    const int rc = library_run_steps(m, from, from + 1, &library_migrations, err);
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
    const drift_table_migration loans = {
        .table = library_v3.loans.table,
        .transforms = (const drift_column_transform[]){{library_v3.loans.due_at, "lent_at + 1"},
                                                       {library_v3.loans.returned_at, "NULL"},
                                                       {0}},
        .new_columns = (const drift_column *const[]){library_v3.loans.due_at, library_v3.loans.days, NULL},
    };
    return drift_migrator_alter_table(m, &loans, err);
}

STEP(a_column_is_changed_on_the_way)
{
    (void)from, (void)to, (void)payload;
    const drift_table_migration books = {
        .table = library_v4.books.table,
        .transforms =
            (const drift_column_transform[]){{library_v4.books.published, "nullif(CAST(published AS INTEGER), 0)"},
                                             {library_v4.books.title, "title || '.'"},
                                             {0}},
        .new_columns = (const drift_column *const[]){library_v4.books.sort_title, NULL},
    };
    return drift_migrator_alter_table(m, &books, err);
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
    {a_column_is_emptied_on_the_way, 2, DRIFT_FOREIGN_KEYS_CHECKED, "data.nulled", "loans.returned_at"},
    {a_column_is_changed_on_the_way, 3, DRIFT_FOREIGN_KEYS_CHECKED, "data.changed", "books.title"},
    {rows_that_nobody_needs_are_deleted, 1, DRIFT_FOREIGN_KEYS_CHECKED, "data.lost_rows", "postcards"},
    {rows_appear, 5, DRIFT_FOREIGN_KEYS_CHECKED, "data.extra_rows", "subjects"},
    {parents_are_deleted, 5, DRIFT_FOREIGN_KEYS_CHECKED, "fk.violation", "loans"},
    {columns_are_copied_by_position, 1, DRIFT_FOREIGN_KEYS_CHECKED, "data.changed", "borrowers.first_name"},
    {a_parent_is_rebuilt_by_hand, 5, DRIFT_FOREIGN_KEYS_IMMEDIATE, "data.lost_rows", "loans"},
};

/* The application with one step replaced, and without its own validation: what is tested is the verification. */
typedef struct planted {
    int from;
    drift_step_fn run; /* NULL: the right one */
    drift_database_definition definition;
} planted;

static int run_planted(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const planted *wrong = payload;
    if (from == wrong->from && wrong->run) return wrong->run(m, from, to, NULL, err);
    return library_run_steps(m, from, to, &library_migrations, err);
}

static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    drift_migration_step steps[library_latest_version - 1];
    for (int i = 0; i < library_latest_version - 1; i++)
        steps[i] = (drift_migration_step){i + 1, i + 2, library_schemas[i + 1], run_planted, payload};
    return drift_migrator_run_steps(m, steps, library_latest_version - 1, from, to, err);
}

static void plant(planted *wrong, int from, drift_step_fn run, drift_foreign_keys policy)
{
    *wrong = (planted){from, run, library_database};
    wrong->definition.strategy =
        (drift_migration_strategy){.on_upgrade = upgrade, .payload = wrong, .foreign_keys = policy};
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
    planted wrong;
    const drift_migration_source source = {.definition = &wrong.definition};
    plant(&wrong, m->from, m->run, m->foreign_keys);
    ck_assert_drift(drift_verify_migrations(&outcome, &library_provider, &source, &options, &err));
    ck_assert_msg(has_finding(outcome, m), "mistake %d: no finding %s of %s", _i, m->code,
                  m->object ? m->object : "anything");
    drift_outcome_free(outcome);
    plant(&wrong, m->from, NULL, DRIFT_FOREIGN_KEYS_CHECKED);
    ck_assert_drift(drift_verify_migrations(&outcome, &library_provider, &source, &options, &err));
    ck_assert_msg(!has_finding(outcome, m), "the right step has the finding %s too", m->code);
    drift_outcome_free(outcome);
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
    const library_v5_schema *v5 = &library_v5;
    const drift_table_migration patrons = {
        .table = v5->patrons.table,
        .transforms = (const drift_column_transform[]){{v5->patrons.name, "last_name"}, {0}},
        .new_columns = (const drift_column *const[]){v5->patrons.name, v5->patrons.guardian, NULL},
        .drop_objects = (const char *const[]){"lent_books", NULL},
    };
    int rc;
    (void)from, (void)to, (void)payload;
    if ((rc = drift_migrator_drop(m, library_v4.loans_by_borrower.entity, err)) != DRIFT_OK ||
        (rc = drift_migrator_rename_table(m, "borrowers", "patrons", err)) != DRIFT_OK ||
        (rc = drift_migrator_rename_column(m, "loans", "borrower", "patron", err)) != DRIFT_OK ||
        (rc = drift_migrator_drop_column(m, "patrons", "phone", err)) != DRIFT_OK ||
        (rc = drift_migrator_alter_table(m, &patrons, err)) != DRIFT_OK ||
        (rc = drift_migrator_create_index(m, v5->loans_by_patron.index, err)) != DRIFT_OK)
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
static char *rows_after(drift_verifier *verifier, const planted *app, const struct typed_mistake *m)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    drift_database *database = NULL;
    ck_assert_drift(drift_verifier_start_at(&db, verifier, m->from, &err));
    library_type_rows(db, m->from);
    const drift_open_options options = {.connection = db, .target = {m->from + 1, library_schemas[m->from]}};
    ck_assert_drift(drift_database_open(&database, &app->definition, &options, &err));
    char *rows = scenario_rows(db, m->sql);
    drift_database_close(database);
    drift_connection_close(db);
    return rows;
}

START_TEST(rows_typed_by_hand_find_what_is_in_no_schema)
{
    const struct typed_mistake *m = &typed[_i];
    planted app;
    drift_verifier *verifier = scenario_verifier(DRIFT_WORLD_MEMORY);
    plant(&app, m->from, m->run, DRIFT_FOREIGN_KEYS_CHECKED);
    char *rows = rows_after(verifier, &app, m);
    ck_assert_str_ne(rows, m->right);
    drift_free(rows);
    plant(&app, m->from, NULL, DRIFT_FOREIGN_KEYS_CHECKED);
    rows = rows_after(verifier, &app, m);
    ck_assert_str_eq(rows, m->right);
    drift_free(rows);
    drift_verifier_free(verifier);
}
END_TEST

/* --- mistakes that the migrator refuses --- */

/* '1974' would become 1974 by the new column's affinity alone. */
STEP(a_type_changes_without_a_transform)
{
    (void)from, (void)to, (void)payload;
    return drift_migrator_alter_table(
        m,
        &(drift_table_migration){.table = library_v4.books.table,
                                 .new_columns = (const drift_column *const[]){library_v4.books.sort_title, NULL}},
        err);
}

START_TEST(a_value_that_a_new_type_would_change_stops_the_migration)
{
    drift_error err = {0};
    drift_initialized_schema *initialized = NULL;
    drift_connection *db = NULL;
    planted wrong;
    drift_verifier *verifier = scenario_verifier(_i);
    plant(&wrong, 3, a_type_changes_without_a_transform, DRIFT_FOREIGN_KEYS_CHECKED);
    ck_assert_drift(drift_verifier_schema_at(&initialized, verifier, 3, &err));
    ck_assert_drift(drift_initialized_schema_connect(&db, initialized, &err));
    library_type_rows(db, 3);
    ck_assert_drift_fails(drift_verifier_migrate_and_validate(verifier, initialized, &wrong.definition, 4, NULL, &err),
                          DRIFT_MIGRATION);
    library_assert_rows(db, 3);
    drift_connection_close(db);
    drift_initialized_schema_free(initialized);
    drift_verifier_free(verifier);
}
END_TEST

TCase *mistake_cases(void)
{
    TCase *tcase = suite_case("mistakes");
    tcase_add_loop_test(tcase, every_mistake_in_a_step_is_found, 0, (int)(sizeof found / sizeof *found));
    tcase_add_loop_test(tcase, rows_typed_by_hand_find_what_is_in_no_schema, 0, (int)(sizeof typed / sizeof *typed));
    tcase_add_loop_test(tcase, a_value_that_a_new_type_would_change_stops_the_migration, 0, WORLDS);
    return tcase;
}
