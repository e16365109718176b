/* check_guide.c — the examples of framework/docs/migrations.md, taken out of it by guide.cmake, each run. */
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "scenario/scenario.h"
#include "scenario/sql_schemas.h"
#include "support/suite.h"

/* The examples are whole files of the guide, and belong to this one. */
/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "guide/callbacks.c"
#include "guide/complex.c"
#include "guide/development.c"
#include "guide/entities.c"
#include "guide/growing.c"
#include "guide/manual.c"
#include "guide/verifying.c"
/* NOLINTEND(bugprone-suspicious-include) */

/* --- the app that grows --- */

#define TODOS_1                                                                               \
    "CREATE TABLE todos (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL," \
    " body TEXT NOT NULL, category TEXT NOT NULL"

static const char *const todos_sql[] = {TODOS_1 ")", TODOS_1 ", due_date INTEGER)",
                                        TODOS_1 ", due_date INTEGER, priority INTEGER)"};

/* Writes the app's snapshots into a folder, as `drift schema dump` does. */
static void dump_snapshots(const char *folder)
{
    drift_error err = {0};
    sql_schemas schemas;
    sql_schemas_begin(&schemas, todos_sql, TODOS_VERSION);
    for (int i = 0; i < TODOS_VERSION; i++) {
        drift__str path = DRIFT__STR_INIT;
        char *text = NULL;
        size_t length = 0;
        drift__str_printf(&path, "%s/drift_schema_v%d.json", folder, i + 1);
        ck_assert_drift(drift_snapshot_print(&text, &length, schemas.schemas[i], &err));
        ck_assert_drift(drift__file_write(path.text, text, length, &err));
        drift_free(text);
        drift__str_dispose(&path);
    }
    sql_schemas_end(&schemas);
}

/* Loads the app; the caller removes the folder and frees the snapshots. */
static char *begin_todos(todos_app *app)
{
    drift_error err = {0};
    char *folder = suite_folder();
    *app = (todos_app){0};
    dump_snapshots(folder);
    ck_assert_drift(todos_load(app, folder, &err));
    return folder;
}

static void end_todos(todos_app *app, char *folder)
{
    drift_snapshot_provider_free(app->snapshots);
    suite_folder_remove(folder);
}

START_TEST(a_growing_app_upgrades_from_every_version)
{
    drift_error err = {0};
    todos_app app;
    size_t findings = 1;
    char *folder = begin_todos(&app);
    for (int from = 1; from < TODOS_VERSION; from++)
        for (int to = from + 1; to <= TODOS_VERSION; to++) ck_assert_drift(test_upgrade(&app, from, to, &err));
    ck_assert_drift(test_rows(&app, &err));
    ck_assert_drift(verify_all(&findings, &app, &err));
    ck_assert_uint_eq(findings, 0);
    end_todos(&app, folder);
}
END_TEST

START_TEST(a_growing_app_opens_its_file)
{
    drift_error err = {0};
    todos_app app;
    drift_database *database = NULL;
    char *folder = begin_todos(&app), *path = drift__path_join(folder, "todos.db");
    ck_assert_drift(todos_open(&database, &app, path, &err));
    assert_rows(drift_database_connection(database), "SELECT name FROM pragma_table_info('todos')",
                "id\ntitle\nbody\ncategory\ndue_date\npriority\n");
    drift_database_close(database);
    drift_free(path);
    end_todos(&app, folder);
}
END_TEST

START_TEST(the_mismatch_in_the_guide_is_what_is_told)
{
    drift_error err = {0};
    todos_app app;
    drift_verifier *verifier = NULL;
    drift_connection *db = NULL;
    char *differences = NULL;
    char *folder = begin_todos(&app);
    const drift_validate_options options = {.differences = &differences};
    ck_assert_drift(drift_verifier_new(&verifier, drift_snapshot_provider_schemas(app.snapshots), NULL, &err));
    ck_assert_drift(drift_verifier_start_at(&db, verifier, 3, &err));
    ck_assert_drift(drift_exec(db, "ALTER TABLE todos DROP COLUMN priority", &err));
    ck_assert_drift_fails(drift_verifier_migrate_connection(verifier, db, &app.definition, 3, &options, &err),
                          DRIFT_MISMATCH);
    ck_assert_str_eq(differences, "todos: table\n  priority: missing\n1 difference\n");
    drift_free(differences);
    drift_connection_close(db);
    drift_verifier_free(verifier);
    end_todos(&app, folder);
}
END_TEST

START_TEST(debug_builds_check_the_schema)
{
    drift_error err = {0};
    todos_app app;
    drift_database *database = NULL;
    drift_connection *db = NULL;
    char *folder = begin_todos(&app);
    app.definition.strategy.before_open = check_in_debug_builds;
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    ck_assert_drift(drift_exec(db, "PRAGMA user_version = 3", &err));
#ifndef NDEBUG
    ck_assert_drift_fails(
        drift_database_open(&database, &app.definition, &(drift_open_options){.connection = db}, &err), DRIFT_MISMATCH);
#else
    ck_assert_drift(drift_database_open(&database, &app.definition, &(drift_open_options){.connection = db}, &err));
    drift_database_close(database);
#endif
    drift_connection_close(db);
    end_todos(&app, folder);
}
END_TEST

START_TEST(a_destructive_draft_creates_everything_anew)
{
    drift_error err = {0};
    todos_app app;
    drift_database *database = NULL;
    drift_connection *db = NULL;
    drift_opening_report report = {0};
    char *folder = begin_todos(&app);
    const drift_database_definition draft = for_development(&app.definition);
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    ck_assert_drift(drift_exec(db, "CREATE TABLE todos (x); PRAGMA user_version = 2", &err));
    const drift_open_options open = {.connection = db, .report = &report};
    ck_assert_drift(drift_database_open(&database, &draft, &open, &err));
    ck_assert_uint_eq(report.dropped_count, 1);
    ck_assert_str_eq(report.dropped[0], "todos");
    assert_rows(db, "SELECT count(*) FROM pragma_table_info('todos')", "6\n");
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    drift_connection_close(db);
    end_todos(&app, folder);
}
END_TEST

/* --- single steps, from version 1 to 2 --- */

static const struct step_example {
    drift_upgrade_fn run;
    const char *old_schema, *new_schema;
    const char *rows;           /* typed into the old one */
    const char *query, *result; /* asked of the new one */
} examples[] = {
    {change_type, "CREATE TABLE todos (id INTEGER PRIMARY KEY, category TEXT NOT NULL)",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY, category INTEGER)", "INSERT INTO todos VALUES (1, '7'), (2, '007')",
     "SELECT id, category, typeof(category) FROM todos", "1|7|integer\n2|7|integer\n"},
    {change_constraints, "CREATE TABLE todos (id INTEGER PRIMARY KEY, category TEXT NOT NULL)",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY, category TEXT DEFAULT 'none' CHECK (category <> ''))",
     "INSERT INTO todos VALUES (1, 'a')", "SELECT * FROM todos", "1|a\n"},
    {delete_column, "CREATE TABLE todos (id INTEGER PRIMARY KEY, category TEXT)",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY)", "INSERT INTO todos VALUES (1, 'a')", "SELECT * FROM todos", "1\n"},
    {rename_column,
     "CREATE TABLE todos (id INTEGER PRIMARY KEY, body TEXT); CREATE VIEW bodies AS SELECT body FROM todos;"
     "CREATE INDEX by_body ON todos (body)",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY, content TEXT); CREATE VIEW bodies AS SELECT content FROM todos;"
     "CREATE INDEX by_body ON todos (content)",
     "INSERT INTO todos VALUES (1, 'a')", "SELECT * FROM bodies", "a\n"},
    {rename_in_a_rebuild, "CREATE TABLE todos (id INTEGER PRIMARY KEY, body TEXT)",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY, content TEXT NOT NULL)", "INSERT INTO todos VALUES (1, 'a')",
     "SELECT id, content FROM todos", "1|a\n"},
    {combine_columns, "CREATE TABLE people (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL)",
     "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
     "INSERT INTO people VALUES (1, 'Ada', 'Lovelace'), (2, '', 'Plato')", "SELECT * FROM people",
     "1|Ada Lovelace\n2|Plato\n"},
    {change_trigger,
     "CREATE TABLE todos (title); CREATE TABLE old_titles (title);"
     "CREATE TRIGGER keep_old_title AFTER UPDATE ON todos BEGIN INSERT INTO old_titles VALUES (new.title); END",
     "CREATE TABLE todos (title); CREATE TABLE old_titles (title);"
     "CREATE TRIGGER keep_old_title AFTER UPDATE ON todos BEGIN INSERT INTO old_titles VALUES (old.title); END",
     "INSERT INTO todos VALUES ('a'); UPDATE todos SET title = 'b'", "SELECT title FROM todos", "b\n"},
    {change_table_below_a_view,
     "CREATE TABLE todos (id INTEGER PRIMARY KEY, done INTEGER);"
     "CREATE VIEW open_todos AS SELECT id FROM todos WHERE done = 0",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY); CREATE VIEW open_todos AS SELECT id FROM todos",
     "INSERT INTO todos VALUES (1, 0), (2, 1)", "SELECT id FROM open_todos", "1\n2\n"},
    {add_search, "CREATE TABLE todos (id INTEGER PRIMARY KEY, title TEXT)",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY, title TEXT);"
     "CREATE VIRTUAL TABLE search USING fts5 (title, content = 'todos', content_rowid = 'id')",
     "INSERT INTO todos VALUES (5, 'Buy milk')", "SELECT rowid FROM search WHERE search MATCH 'milk'", "5\n"},
};

/* Runs an example as the only step; the caller frees what it asks for. */
static char *run_example(const struct step_example *example, const drift_migration_strategy *strategy, int world)
{
    const char *const sql[] = {example->old_schema, example->new_schema};
    const drift_verifier_options options = {.world = (drift_world)world};
    drift_error err = {0};
    sql_schemas schemas;
    drift_verifier *verifier = NULL;
    drift_connection *db = NULL;
    sql_schemas_begin(&schemas, sql, 2);
    const drift_database_definition definition = {
        .name = "example", .schema_version = 2, .schema = schemas.schemas[1], .strategy = *strategy};
    ck_assert_drift(drift_verifier_new(&verifier, &schemas.provider, &options, &err));
    ck_assert_drift(drift_verifier_start_at(&db, verifier, 1, &err));
    ck_assert_drift(drift_exec(db, example->rows, &err));
    ck_assert_drift(drift_verifier_migrate_connection(verifier, db, &definition, 2, NULL, &err));
    char *rows = scenario_rows(db, example->query);
    drift_connection_close(db);
    drift_verifier_free(verifier);
    sql_schemas_end(&schemas);
    return rows;
}

START_TEST(every_step_in_the_guide_does_what_it_says)
{
    const struct step_example *example = &examples[_i];
    for (int world = 0; world < WORLDS; world++) {
        char *rows = run_example(example, &(drift_migration_strategy){.on_upgrade = example->run}, world);
        ck_assert_str_eq(rows, example->result);
        drift_free(rows);
    }
}
END_TEST

/* --- what the guide says is refused --- */

static int add_category(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const drift_table *todos = drift_schema_table(drift_migrator_schema(m), "todos");
    return drift_migrator_add_column(m, todos, drift_table_column(todos, "category"), err);
}

#define TODO_WITH(category) "CREATE TABLE todos (id INTEGER PRIMARY KEY, category " category ")"

static const struct refused_example {
    drift_upgrade_fn run;
    const char *old_schema, *new_schema;
    const char *rows;
    int status;
    const char *told; /* stands in the error's text */
} refused[] = {
    {change_constraints, TODO_WITH("TEXT NOT NULL"), TODO_WITH("INTEGER"), "INSERT INTO todos VALUES (1, '007')",
     DRIFT_MIGRATION, "category"},
    {change_constraints, TODO_WITH("TEXT"), TODO_WITH("TEXT NOT NULL"), "INSERT INTO todos VALUES (1, NULL)",
     DRIFT_CONSTRAINT, "category"},
    {change_constraints, TODO_WITH("TEXT") "; CREATE VIEW open_todos AS SELECT category FROM todos",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY)", "INSERT INTO todos VALUES (1, 'a')", DRIFT_MIGRATION, "open_todos"},
    {change_constraints, "CREATE TABLE todos (id INTEGER PRIMARY KEY)", TODO_WITH("TEXT"), "", DRIFT_MIGRATION,
     "category"},
    {delete_column, TODO_WITH("TEXT") "; CREATE INDEX by_category ON todos (category)",
     "CREATE TABLE todos (id INTEGER PRIMARY KEY)", "INSERT INTO todos VALUES (1, 'a')", DRIFT_MIGRATION,
     "by_category"},
    {add_category, "CREATE TABLE todos (id INTEGER PRIMARY KEY)", TODO_WITH("TEXT NOT NULL"), "", DRIFT_MIGRATION,
     "category"},
};

START_TEST(what_the_guide_says_is_refused_changes_nothing)
{
    const struct refused_example *example = &refused[_i];
    const char *const sql[] = {example->old_schema, example->new_schema};
    drift_error err = {0};
    sql_schemas schemas;
    drift_verifier *verifier = NULL;
    drift_connection *db = NULL;
    sql_schemas_begin(&schemas, sql, 2);
    const drift_database_definition definition = {
        .name = "example", .schema_version = 2, .strategy = {.on_upgrade = example->run}};
    ck_assert_drift(drift_verifier_new(&verifier, &schemas.provider, NULL, &err));
    ck_assert_drift(drift_verifier_start_at(&db, verifier, 1, &err));
    ck_assert_drift(drift_exec(db, example->rows, &err));
    char *before = scenario_rows(db, "SELECT sql FROM sqlite_schema"), *rows = scenario_rows(db, "SELECT * FROM todos");
    ck_assert_drift_fails(drift_verifier_migrate_connection(verifier, db, &definition, 2, NULL, &err), example->status);
    ck_assert_msg(strstr(err.text, example->told) != NULL, "\"%s\" does not name %s", err.text, example->told);
    assert_rows(db, "PRAGMA user_version", "1\n");
    assert_rows(db, "SELECT sql FROM sqlite_schema", before);
    assert_rows(db, "SELECT * FROM todos", rows);
    drift_free(before);
    drift_free(rows);
    drift_connection_close(db);
    drift_verifier_free(verifier);
    sql_schemas_end(&schemas);
}
END_TEST

START_TEST(a_manual_migration_stamps_by_itself)
{
    const char *schema = "CREATE TABLE todos (id INTEGER PRIMARY KEY, category TEXT)";
    const struct step_example example = {upgrade_manually,
                                         schema,
                                         schema,
                                         "INSERT INTO todos VALUES (1, ' a ')",
                                         "SELECT category, (SELECT user_version FROM pragma_user_version),"
                                         " (SELECT auto_vacuum FROM pragma_auto_vacuum) FROM todos",
                                         "a|2|1\n"};
    const drift_migration_strategy strategy = {.on_upgrade = example.run, .foreign_keys = DRIFT_FOREIGN_KEYS_MANUAL};
    char *rows = run_example(&example, &strategy, DRIFT_WORLD_FILE);
    ck_assert_str_eq(rows, example.result);
    drift_free(rows);
}
END_TEST

START_TEST(a_new_database_gets_its_first_rows_once)
{
    static const char *const sql[] = {
        "CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE todos (title TEXT, body TEXT, category INTEGER REFERENCES categories (id))"};
    drift_error err = {0};
    drift_connection *db = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, sql, 1);
    const drift_database_definition definition = {
        .name = "todos", .schema_version = 1, .schema = schemas.schemas[0], .strategy = {.before_open = before_open}};
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    for (int opening = 0; opening < 2; opening++) {
        drift_database *database = NULL;
        ck_assert_drift(drift_database_open(&database, &definition, &(drift_open_options){.connection = db}, &err));
        assert_rows(db, "SELECT title, name FROM todos JOIN categories ON categories.id = category",
                    "Write a todo|Work\n");
        drift_database_close(database);
    }
    drift_connection_close(db);
    sql_schemas_end(&schemas);
}
END_TEST

TCase *guide_cases(void)
{
    TCase *tcase = suite_case("guide");
    tcase_add_test(tcase, a_growing_app_upgrades_from_every_version);
    tcase_add_test(tcase, a_growing_app_opens_its_file);
    tcase_add_test(tcase, the_mismatch_in_the_guide_is_what_is_told);
    tcase_add_test(tcase, debug_builds_check_the_schema);
    tcase_add_test(tcase, a_destructive_draft_creates_everything_anew);
    tcase_add_loop_test(tcase, every_step_in_the_guide_does_what_it_says, 0, (int)(sizeof examples / sizeof *examples));
    tcase_add_loop_test(tcase, what_the_guide_says_is_refused_changes_nothing, 0,
                        (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tcase, a_manual_migration_stamps_by_itself);
    tcase_add_test(tcase, a_new_database_gets_its_first_rows_once);
    return tcase;
}
