/* check_keys.c — foreign keys over a migration: suspended, checked, new violations told from old ones. */
#include <string.h>

#include "opening/world.h"

/* A migration that is a script. */
static int run_script(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

static drift_database_definition scripted(const char *sql)
{
    return (drift_database_definition){
        .name = "books", .schema_version = 2, .strategy = {.on_upgrade = run_script, .payload = sql}};
}

static const char twelve_steps[] =
    "PRAGMA foreign_keys = OFF; CREATE TABLE new_authors(id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> "
    "''));"
    "INSERT INTO new_authors SELECT * FROM authors; DROP TABLE authors; ALTER TABLE new_authors RENAME TO authors;";

START_TEST(a_parent_rebuilt_by_hand_keeps_its_children)
{
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = scripted(twelve_steps);
    world w = world_begin((world_journal)_i);
    ck_assert_drift(world_open(&database, &w, &definition, &err));
    ck_assert_value(drift_database_connection(database), "SELECT count(*) FROM books", "3");
    ck_assert_value(drift_database_connection(database), "PRAGMA foreign_keys", "1");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(a_new_violation_fails_the_migration_and_is_told)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    const drift_database_definition definition = scripted("DELETE FROM authors WHERE id = 1");
    world w = world_begin(WORLD_DELETE);
    char *before = world_digest(&w);
    ck_assert_drift_fails(
        drift_database_open(&database, &definition, &(drift_open_options){.path = w.path, .report = &report}, &err),
        DRIFT_FOREIGN_KEY);
    ck_assert_str_eq(err.text, "the row rowid = 1 of \"books\" has no parent in \"authors\": FOREIGN KEY (author) "
                               "REFERENCES authors (id) (and 1 more)");
    ck_assert_int_eq(report.outcome, DRIFT_OUTCOME_OLD);
    ck_assert_int_eq(report.violations_found, 2);
    ck_assert_uint_eq(report.violation_count, 2);
    ck_assert_str_eq(report.violations[1].table, "books");
    ck_assert(report.violations[1].has_rowid);
    ck_assert_int_eq(report.violations[1].rowid, 3);
    ck_assert_str_eq(report.violations[1].parent, "authors");
    ck_assert_str_eq(report.violations[1].constraint, "FOREIGN KEY (author) REFERENCES authors (id)");
    ck_assert(!report.violations[1].was_there_before);
    drift_opening_report_dispose(&report);
    suite_same_digest(before, world_digest(&w));
    world_end(&w);
}
END_TEST

typedef struct old_violation {
    const char *setup, *script;
} old_violation;

/* What was broken before, and a migration after which it still is. */
static const old_violation old_violations[] = {
    {"INSERT INTO books VALUES (9, 'orphan', 77)", "ALTER TABLE books ADD COLUMN year"},
    {"INSERT INTO books VALUES (9, 'orphan', 77)", "CREATE TABLE n(id INTEGER PRIMARY KEY, author INTEGER REFERENCES "
                                                   "authors(id)); INSERT INTO n SELECT id, author FROM "
                                                   "books; DROP TABLE books; ALTER TABLE n RENAME TO Books"},
    {"INSERT INTO books VALUES (9, 'orphan', 77)", "ALTER TABLE authors RENAME TO writers"},
    {"CREATE TABLE c(a TEXT, b INT, p REFERENCES authors(id), PRIMARY KEY (a, b)) WITHOUT ROWID; INSERT INTO c VALUES "
     "('it''s', 3, 88)",
     "ALTER TABLE c ADD COLUMN d"},
    {"CREATE TABLE c(p REFERENCES nowhere(id)); INSERT INTO c VALUES (1)", "ALTER TABLE c ADD COLUMN d"},
    {"CREATE TABLE c(p REFERENCES authors(name)); INSERT INTO c VALUES ('Ada'), ('Nobody')",
     "ALTER TABLE c ADD COLUMN d"},
};

START_TEST(violations_from_before_do_not_block)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    const drift_database_definition definition = scripted(old_violations[_i].script);
    world w = world_begin(WORLD_DELETE);
    world_run(&w, old_violations[_i].setup);
    ck_assert_drift(
        drift_database_open(&database, &definition, &(drift_open_options){.path = w.path, .report = &report}, &err));
    ck_assert_int_ge(report.violations_found, 1);
    ck_assert(report.violations[0].was_there_before);
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    world_end(&w);
}
END_TEST

static int rename_all(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    int rc;
    (void)from;
    (void)to;
    (void)payload;
    if ((rc = drift_migrator_rename_column(migrator, "books", "author", "writer", err)) < 0 ||
        (rc = drift_migrator_rename_table(migrator, "books", "volumes", err)) < 0 ||
        (rc = drift_migrator_rename_table(migrator, "authors", "people", err)) < 0)
        return rc;
    return drift_migrator_rename_column(migrator, "Volumes", "writer", "who", err);
}

START_TEST(violations_from_before_are_known_under_new_names)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "DELETE FROM authors WHERE id = 2");
    const drift_database_definition definition = {
        .name = "books", .schema_version = 2, .strategy = {.on_upgrade = rename_all}};
    ck_assert_drift(
        drift_database_open(&database, &definition, &(drift_open_options){.path = w.path, .report = &report}, &err));
    ck_assert_int_eq(report.violations_found, 1);
    ck_assert(report.violations[0].was_there_before);
    ck_assert_str_eq(report.violations[0].constraint, "FOREIGN KEY (who) REFERENCES people (id)");
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(violations_from_before_block_where_the_strategy_is_strict)
{
    drift_database_definition definition = scripted(old_violations[_i].script);
    definition.strategy.strict_foreign_keys = true;
    world w = world_begin(WORLD_DELETE);
    world_run(&w, old_violations[_i].setup);
    world_refused(&w, &definition, DRIFT_FOREIGN_KEY);
    world_end(&w);
}
END_TEST

START_TEST(a_row_of_a_without_rowid_table_is_named_by_its_key)
{
    const drift_database_definition definition = scripted("DELETE FROM authors WHERE id = 2");
    world w = world_begin(WORLD_DELETE);
    world_run(&w,
              "CREATE TABLE c(\"a b\" TEXT, n, p INTEGER REFERENCES authors, PRIMARY KEY (n, \"a b\")) WITHOUT ROWID;"
              "DELETE FROM books; INSERT INTO c VALUES ('it''s', 3, 2), ('x', 4, 1), ('y', 5, NULL)");
    const drift_error err = world_refused(&w, &definition, DRIFT_FOREIGN_KEY);
    ck_assert_str_eq(err.text,
                     "the row \"a b\" = 'it''s', n = 3 of \"c\" has no parent in \"authors\": FOREIGN KEY (p) "
                     "REFERENCES authors");
    world_end(&w);
}
END_TEST

/* A text '1' refers to an INTEGER key 1, and a NOCASE key to any case: the parent's affinity and collation hold. */
START_TEST(keys_are_compared_with_the_parents_affinity_and_collation)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_database_definition definition = scripted("ALTER TABLE c ADD COLUMN d");
    definition.strategy.strict_foreign_keys = true;
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "CREATE TABLE t(k TEXT COLLATE NOCASE PRIMARY KEY); INSERT INTO t VALUES ('Key'), ('12');"
                  "CREATE TABLE c(a PRIMARY KEY, b REFERENCES t, e INTEGER REFERENCES t) WITHOUT ROWID;"
                  "INSERT INTO c VALUES (1, 'KEY', 12)");
    ck_assert_drift(world_open(&database, &w, &definition, &err));
    drift_database_close(database);
    world_end(&w);
}
END_TEST

typedef struct broken_schema {
    const char *script, *words;
} broken_schema;

static const broken_schema broken_schemas[] = {
    {"CREATE TABLE c(p REFERENCES nowhere)", "nowhere"},
    {"CREATE TABLE c(p, q, FOREIGN KEY (p, q) REFERENCES authors(id, name))", "authors"},
    {"DROP TABLE authors; DELETE FROM books", "authors"},
    {"CREATE TABLE c(p REFERENCES authors(absent))", "absent"},
};

START_TEST(a_reference_to_no_key_fails_also_without_rows)
{
    const drift_database_definition definition = scripted(broken_schemas[_i].script);
    world w = world_begin(WORLD_DELETE);
    const drift_error err = world_refused(&w, &definition, DRIFT_FOREIGN_KEY);
    ck_assert_msg(strstr(err.text, broken_schemas[_i].words) != NULL, "%s", err.text);
    world_end(&w);
}
END_TEST

START_TEST(under_immediate_foreign_keys_are_enforced_meanwhile)
{
    drift_database_definition definition = scripted("DELETE FROM authors WHERE id = 1; DELETE FROM absent");
    definition.strategy.foreign_keys = DRIFT_FOREIGN_KEYS_IMMEDIATE;
    world w = world_begin(WORLD_DELETE);
    world_refused(&w, &definition, DRIFT_SQL);
    definition.strategy.payload = "INSERT INTO books VALUES (9, 'orphan', 77)";
    world_refused(&w, &definition, DRIFT_FOREIGN_KEY);
    definition.strategy.payload = "PRAGMA foreign_keys = OFF";
    const drift_error err = world_refused(&w, &definition, DRIFT_MIGRATION);
    ck_assert_ptr_nonnull(strstr(err.text, "no effect"));
    drift_database *database = NULL;
    drift_error ok = {0};
    definition.strategy.payload = "DELETE FROM authors WHERE id = 1";
    ck_assert_int_eq(world_open(&database, &w, &definition, &ok), DRIFT_OK);
    ck_assert_value(drift_database_connection(database), "SELECT count(*) FROM books", "1");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

/* --- policy MANUAL --- */

static int by_hand(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    drift_connection *connection = drift_migrator_connection(migrator);
    int rc;
    (void)from;
    ck_assert(!drift_in_transaction(connection));
    if ((rc = drift_exec(connection, "PRAGMA foreign_keys = OFF; BEGIN", err)) < 0 ||
        (rc = drift_exec(connection, twelve_steps, err)) < 0)
        return rc;
    if (payload && (rc = drift_migrator_stamp(migrator, to, err)) < 0) return rc;
    return drift_exec(connection, "COMMIT; PRAGMA foreign_keys = ON", err);
}

START_TEST(under_manual_the_callback_does_it_all)
{
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = {
        .name = "books",
        .schema_version = 2,
        .strategy = {.on_upgrade = by_hand, .payload = "stamp", .foreign_keys = DRIFT_FOREIGN_KEYS_MANUAL}};
    world w = world_begin(WORLD_DELETE);
    ck_assert_drift(world_open(&database, &w, &definition, &err));
    ck_assert_value(drift_database_connection(database), "SELECT count(*) FROM books", "3");
    ck_assert_value(drift_database_connection(database), "PRAGMA user_version", "2");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(under_manual_a_callback_that_does_not_stamp_fails_the_opening)
{
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = {
        .name = "books",
        .schema_version = 2,
        .strategy = {.on_upgrade = by_hand, .foreign_keys = DRIFT_FOREIGN_KEYS_MANUAL}};
    world w = world_begin(WORLD_DELETE);
    ck_assert_drift_fails(world_open(&database, &w, &definition, &err), DRIFT_MIGRATION);
    ck_assert_ptr_nonnull(strstr(err.text, "stamps version 2"));
    world_end(&w);
}
END_TEST

/* The migration works past the migrator, on the connection that the application has itself. */
static int delete_an_author(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    drift_connection *const *own = payload;
    (void)from;
    (void)to;
    const int rc = drift_exec(*own, "DELETE FROM authors WHERE id = 1", err);
    return rc == DRIFT_OK ? drift_migrator_drop_column(migrator, "books", "title", err) : rc;
}

START_TEST(work_past_the_migrator_is_checked_too)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *own = NULL;
    world w = world_begin(WORLD_DELETE);
    char *before = world_digest(&w);
    drift_database_definition definition = {
        .name = "books", .schema_version = 2, .strategy = {.on_upgrade = delete_an_author, .payload = &own}};
    own = world_look(&w);
    ck_assert_drift_fails(drift_database_open(&database, &definition, &(drift_open_options){.connection = own}, &err),
                          DRIFT_FOREIGN_KEY);
    drift_connection_close(own);
    suite_same_digest(before, world_digest(&w));
    world_end(&w);
}
END_TEST

TCase *keys_case(void)
{
    const int old = (int)(sizeof old_violations / sizeof *old_violations);
    TCase *tcase = suite_case("foreign keys");
    tcase_add_loop_test(tcase, a_parent_rebuilt_by_hand_keeps_its_children, 0, WORLD_JOURNALS);
    tcase_add_test(tcase, a_new_violation_fails_the_migration_and_is_told);
    tcase_add_loop_test(tcase, violations_from_before_do_not_block, 0, old);
    tcase_add_test(tcase, violations_from_before_are_known_under_new_names);
    tcase_add_loop_test(tcase, violations_from_before_block_where_the_strategy_is_strict, 0, old);
    tcase_add_test(tcase, a_row_of_a_without_rowid_table_is_named_by_its_key);
    tcase_add_test(tcase, keys_are_compared_with_the_parents_affinity_and_collation);
    tcase_add_loop_test(tcase, a_reference_to_no_key_fails_also_without_rows, 0,
                        (int)(sizeof broken_schemas / sizeof *broken_schemas));
    tcase_add_test(tcase, under_immediate_foreign_keys_are_enforced_meanwhile);
    tcase_add_test(tcase, under_manual_the_callback_does_it_all);
    tcase_add_test(tcase, under_manual_a_callback_that_does_not_stamp_fails_the_opening);
    tcase_add_test(tcase, work_past_the_migrator_is_checked_too);
    return tcase;
}
