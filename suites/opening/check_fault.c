/* check_fault.c — whatever fails at whichever statement of a migration: the database and the connection are as before,
 * and the next attempt succeeds. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "drift/kit/parse.h"
#include "opening/world.h"

/* What fails: the nth thing that is counted. */
typedef struct fault {
    int nth, count;
    bool fired;
} fault;

static int deny(void *payload, int action, const char *a, const char *b, const char *database, const char *trigger)
{
    fault *f = payload;
    (void)action;
    (void)a;
    (void)b;
    (void)database;
    (void)trigger;
    if (++f->count != f->nth) return SQLITE_OK;
    f->fired = true;
    return SQLITE_DENY;
}

static void step(sqlite3_context *context, int count, sqlite3_value **values)
{
    fault *f = sqlite3_user_data(context);
    (void)count;
    if (++f->count == f->nth) {
        f->fired = true;
        sqlite3_result_error(context, "this step fails", -1);
    } else {
        sqlite3_result_value(context, values[0]);
    }
}

/* A migration with a bit of everything: rebuilds a parent, adds, renames, drops, writes. */
static const char version_2[] =
    "CREATE TABLE authors(id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> ''), born INTEGER);"
    "CREATE TABLE books(id INTEGER PRIMARY KEY, title TEXT, author INTEGER REFERENCES authors(id) ON DELETE CASCADE, "
    "year INTEGER);"
    "CREATE INDEX by_year ON books(year); CREATE VIEW titles AS SELECT title FROM books";

static int migrate(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const drift_schema *schema = payload;
    const drift_table *authors = drift_schema_table(schema, "authors"), *books = drift_schema_table(schema, "books");
    const drift_column *added[] = {drift_table_column(authors, "born"), NULL};
    int rc;
    (void)from;
    (void)to;
    if ((rc = drift_migrator_exec(
             m,
             "PRAGMA legacy_alter_table = ON; PRAGMA recursive_triggers = ON; PRAGMA secure_delete = "
             "FAST; PRAGMA cache_size = 7; PRAGMA trusted_schema = OFF; PRAGMA "
             "automatic_index = OFF",
             err)) < 0 ||
        (rc = drift_migrator_alter_table(
             m, &(drift_table_migration){.table = authors, .new_columns = (const drift_column *const *)added}, err)) <
            0 ||
        (rc = drift_migrator_add_column(m, books, drift_table_column(books, "year"), err)) < 0 ||
        (rc = drift_migrator_exec(m, "UPDATE books SET year = step(1900 + id)", err)) < 0)
        return rc;
    return drift_migrator_create_all(m, err);
}

static const char *const settings[] = {"PRAGMA foreign_keys",       "PRAGMA legacy_alter_table", "PRAGMA synchronous",
                                       "PRAGMA recursive_triggers", "PRAGMA secure_delete",      "PRAGMA cache_size",
                                       "PRAGMA trusted_schema",     "PRAGMA automatic_index"};
enum { SETTINGS = sizeof settings / sizeof *settings };

enum { FILE_EVERY = 16 };

/* A database of version 1: in memory, and now and then, since syncing takes its time, in a file. */
static drift_connection *begin(world *w, int nth)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    if (nth % FILE_EVERY == 0) {
        *w = world_begin((world_journal)(nth / FILE_EVERY % WORLD_JOURNALS));
        return world_look(w);
    }
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, world_version_1, &err));
    return connection;
}

/* One attempt on a fresh old database. @return whether the fault fired. */
static bool attempt(const drift_database_definition *definition, int nth, bool by_authorizer)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    fault f = {0};
    char *before[SETTINGS];
    world w = {0};
    drift_connection *connection = begin(&w, nth);
    char *old = suite_digest(connection, NULL);
    ck_assert_drift(drift_exec(connection, nth % 3 ? "PRAGMA synchronous = NORMAL" : "PRAGMA foreign_keys = ON", &err));
    for (int i = 0; i < SETTINGS; i++) before[i] = suite_value(connection, settings[i]);
    sqlite3 *handle = drift_connection_handle(connection);
    sqlite3_create_function(handle, "step", 1, SQLITE_UTF8, &f, step, NULL, NULL);
    const drift_open_options options = {.connection = connection, .report = &report};
    f.nth = nth;
    if (by_authorizer) sqlite3_set_authorizer(handle, deny, &f);
    int rc = drift_database_open(&database, definition, &options, &err);
    sqlite3_set_authorizer(handle, NULL, NULL);
    const bool fired = f.fired;
    ck_assert_msg(fired || rc == DRIFT_OK, "%s", err.text);
    if (rc != DRIFT_OK) {
        ck_assert_int_ne(err.code, 0);
        ck_assert_ptr_null(database);
        ck_assert_int_eq(report.outcome, DRIFT_OUTCOME_OLD);
        suite_same_digest(old, suite_digest(connection, NULL));
        ck_assert(!drift_in_transaction(connection));
        for (int i = 0; i < SETTINGS; i++) ck_assert_value(connection, settings[i], before[i]);
        drift_opening_report_dispose(&report);
        f.nth = 0;
        err = (drift_error){0};
        ck_assert_drift(drift_database_open(&database, definition, &options, &err));
    } else {
        drift_free(old);
    }
    ck_assert_value(connection, "PRAGMA user_version", "2");
    ck_assert_value(connection, "SELECT group_concat(year) FROM books", "1901,1902,1903");
    ck_assert_value(connection, "PRAGMA legacy_alter_table", "0");
    ck_assert_value(connection, "PRAGMA recursive_triggers", "0");
    ck_assert_value(connection, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'drift%'", "0");
    for (int i = 0; i < SETTINGS; i++) drift_free(before[i]);
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    drift_connection_close(connection);
    if (w.folder) world_end(&w);
    return fired;
}

static int sweep(bool by_authorizer)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    int nth = 1;
    ck_assert_drift(drift_schema_parse(&schema, version_2, strlen(version_2), &err));
    const drift_database_definition definition = {
        .name = "books", .schema_version = 2, .schema = schema, .strategy = {.on_upgrade = migrate, .payload = schema}};
    while (attempt(&definition, nth, by_authorizer)) nth++;
    drift_schema_free(schema);
    return nth - 1;
}

START_TEST(a_statement_that_is_denied_leaves_old_and_the_next_attempt_succeeds)
{
    const int points = sweep(true);
    printf("denied at %d points\n", points);
    ck_assert_int_gt(points, 100);
}
END_TEST

START_TEST(a_function_that_fails_leaves_old_and_the_next_attempt_succeeds)
{
    ck_assert_int_eq(sweep(false), 3);
}
END_TEST

/* --- transactions that end by themselves, or by the callback --- */

static int run_script(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

static const char *const enders[] = {
    "ALTER TABLE books ADD COLUMN x; COMMIT",
    "ALTER TABLE books ADD COLUMN x; ROLLBACK",
    "ALTER TABLE books ADD COLUMN x; COMMIT; BEGIN",
    "BEGIN; ALTER TABLE books ADD COLUMN x; COMMIT",
    "ALTER TABLE books ADD COLUMN x; INSERT OR ROLLBACK INTO authors VALUES (1, 'again')",
};

START_TEST(a_migration_that_ends_the_transaction_fails)
{
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = {
        .name = "books", .schema_version = 2, .strategy = {.on_upgrade = run_script, .payload = enders[_i]}};
    world w = world_begin(WORLD_DELETE);
    ck_assert_int_lt(world_open(&database, &w, &definition, &err), 0);
    ck_assert_int_ne(err.code, 0);
    drift_connection *look = world_look(&w);
    ck_assert_value(look, "PRAGMA user_version", "1");
    drift_connection_close(look);
    world_end(&w);
}
END_TEST

static int swallow(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    ck_assert_int_lt(drift_migrator_exec(migrator, "ALTER TABLE books ADD COLUMN x; DELETE FROM absent", NULL), 0);
    return drift_migrator_exec(migrator, "ALTER TABLE books ADD COLUMN year", err);
}

START_TEST(a_failed_call_that_the_callback_tolerates_leaves_nothing)
{
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = {
        .name = "books", .schema_version = 2, .strategy = {.on_upgrade = swallow}};
    world w = world_begin(WORLD_DELETE);
    ck_assert_drift(world_open(&database, &w, &definition, &err));
    ck_assert_value(drift_database_connection(database), "SELECT group_concat(name) FROM pragma_table_info('books')",
                    "id,title,author,year");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

static int say_nothing(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)migrator;
    (void)from;
    (void)to;
    (void)err;
    return *(const int *)payload;
}

START_TEST(a_status_without_a_text_fails_too)
{
    static const int statuses[] = {DRIFT_MIGRATION, 7};
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = {
        .name = "books", .schema_version = 2, .strategy = {.on_upgrade = say_nothing, .payload = &statuses[_i]}};
    world w = world_begin(WORLD_DELETE);
    ck_assert_int_ne(world_open(&database, &w, &definition, &err), DRIFT_OK);
    ck_assert_ptr_null(database);
    ck_assert_str_ne(err.text, "");
    world_end(&w);
}
END_TEST

/* --- a COMMIT that a reader holds up --- */

START_TEST(a_commit_that_stays_busy_is_told_and_leaves_old)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    const drift_connection_options impatient = {.busy_timeout_ms = 50};
    world w = world_begin(WORLD_DELETE);
    char *old = world_digest(&w);
    drift_connection *reader = world_look(&w);
    ck_assert_drift(drift_exec(reader, "BEGIN; SELECT * FROM books", &err));
    ck_assert_drift_fails(
        drift_database_open(&database, &world_v2,
                            &(drift_open_options){.path = w.path, .connection_options = &impatient, .report = &report},
                            &err),
        DRIFT_BUSY);
    ck_assert_int_eq(report.outcome, DRIFT_OUTCOME_OLD);
    drift_opening_report_dispose(&report);
    drift_connection_close(reader);
    suite_same_digest(old, world_digest(&w));
    err = (drift_error){0};
    ck_assert_drift(world_open(&database, &w, &world_v2, &err));
    drift_database_close(database);
    world_end(&w);
}
END_TEST

/* --- a COMMIT that fails --- */

static int refuse_commit(void *payload)
{
    (void)payload;
    return 1;
}

static int refuse_commits(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)payload;
    (void)err;
    sqlite3_commit_hook(drift_connection_handle(connection), refuse_commit, NULL);
    return DRIFT_OK;
}

/* Where the stamp is read again it tells what stands; where the application keeps its version nothing can be told. */
START_TEST(after_a_commit_that_fails_the_database_is_read_again)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    const drift_connection_options refusing = {.setup = refuse_commits};
    world w = world_begin(WORLD_DELETE);
    char *old = world_digest(&w);
    const drift_open_options options = {.path = w.path,
                                        .connection_options = &refusing,
                                        .stamp = _i ? DRIFT_STAMP_NONE : DRIFT_STAMP_USER_VERSION,
                                        .version_before = 1,
                                        .report = &report};
    ck_assert_drift_fails(drift_database_open(&database, &world_v2, &options, &err), DRIFT_CONSTRAINT);
    ck_assert_int_eq(report.outcome, _i ? DRIFT_OUTCOME_UNKNOWN : DRIFT_OUTCOME_OLD);
    drift_opening_report_dispose(&report);
    suite_same_digest(old, world_digest(&w));
    world_end(&w);
}
END_TEST

TCase *fault_case(void)
{
    TCase *tcase = suite_case("faults");
    tcase_add_test(tcase, a_statement_that_is_denied_leaves_old_and_the_next_attempt_succeeds);
    tcase_add_test(tcase, a_function_that_fails_leaves_old_and_the_next_attempt_succeeds);
    tcase_add_loop_test(tcase, a_migration_that_ends_the_transaction_fails, 0, (int)(sizeof enders / sizeof *enders));
    tcase_add_test(tcase, a_failed_call_that_the_callback_tolerates_leaves_nothing);
    tcase_add_loop_test(tcase, a_status_without_a_text_fails_too, 0, 2);
    tcase_add_test(tcase, a_commit_that_stays_busy_is_told_and_leaves_old);
    tcase_add_loop_test(tcase, after_a_commit_that_fails_the_database_is_read_again, 0, 2);
    return tcase;
}
