/* check_todos.c — the todos application, whose steps are SQL files, run by the opening as an application would. */
#include "base/file.h"
#include "base/str.h"
#include "scenario/scenario.h"
#include "support/suite.h"

enum { TODOS_VERSION = 4, STEPS = TODOS_VERSION - 1 };

/* What the application would hold. */
typedef struct todos {
    drift_snapshot_provider *snapshots;
    const drift_schema_provider *schemas;
    drift_step_folder *files;
    drift_migration_step steps[STEPS];
    drift_database_definition definition;
    drift_verifier *verifier;
} todos;

static int run_file(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const drift_step_file *file = payload;
    (void)from, (void)to;
    return drift_migrator_exec(m, file->sql, err);
}

static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const todos *app = payload;
    return drift_migrator_run_steps(m, app->steps, STEPS, from, to, err);
}

static void todos_begin(todos *app, int world)
{
    drift_error err = {0};
    *app = (todos){.definition = {.name = "todos", .schema_version = TODOS_VERSION}};
    ck_assert_drift(drift_snapshot_provider_open(&app->snapshots, suite_source("drift_schemas/todos"), NULL, &err));
    ck_assert_drift(drift_step_folder_read(&app->files, suite_source("fixtures/todos/migrations"), &err));
    ck_assert_uint_eq(app->files->count, STEPS);
    app->schemas = drift_snapshot_provider_schemas(app->snapshots);
    for (int i = 0; i < STEPS; i++) {
        const drift_step_file *file = &app->files->files[i];
        app->steps[i] = (drift_migration_step){file->from, file->to, NULL, run_file, file};
        ck_assert_drift(app->schemas->schema(&app->steps[i].schema, file->to, app->schemas->payload, &err));
    }
    app->definition.schema = app->steps[STEPS - 1].schema;
    app->definition.strategy = (drift_migration_strategy){.on_upgrade = upgrade, .payload = app};
    const drift_verifier_options options = {.world = (drift_world)world};
    ck_assert_drift(drift_verifier_new(&app->verifier, app->schemas, &options, &err));
}

static void todos_end(todos *app)
{
    drift_verifier_free(app->verifier);
    drift_step_folder_free(app->files);
    drift_snapshot_provider_free(app->snapshots);
}

/* A todo with a category that is a number in a text, and one that was deleted; a reminder that hangs on the first. */
static const char rows[] =
    "INSERT INTO todos (id, title, body, category) VALUES (1, 'Buy milk', '', '7'), (2, 'Old one', 'x', NULL);"
    "INSERT INTO reminders (id, todo, remind_at) VALUES (1, 1, 1000);"
    "DELETE FROM todos WHERE id = 2;";

static int assert_survived(drift_connection *db, void *payload, drift_error *err)
{
    const drift_data_integrity_test *test = payload;
    (void)err;
    assert_rows(db, "SELECT id, title, body, category, typeof(category) FROM todos",
                test->to >= 4 && test->from <= 4 ? "1|Buy milk||7|integer\n" : "1|Buy milk||7|text\n");
    assert_rows(db, "SELECT id, todo, remind_at FROM reminders", "1|1|1000\n");
    assert_rows(db, "SELECT seq FROM sqlite_sequence WHERE name = 'todos'", "2\n");
    return DRIFT_OK;
}

static int type_rows(drift_connection *db, void *payload, drift_error *err)
{
    (void)payload;
    return drift_exec(db, rows, err);
}

START_TEST(every_pair_of_todos_keeps_what_was_typed_in)
{
    todos app;
    drift_error err = {0};
    todos_begin(&app, _i);
    for (int from = 1; from < TODOS_VERSION; from++)
        for (int to = from + 1; to <= TODOS_VERSION; to++) {
            drift_data_integrity_test test = {from, to, type_rows, assert_survived, NULL};
            test.payload = &test;
            ck_assert_drift(drift_verifier_test_with_data_integrity(app.verifier, &app.definition, &test, NULL, &err));
        }
    todos_end(&app);
}
END_TEST

START_TEST(a_trigger_of_todos_works_after_an_upgrade)
{
    todos app;
    drift_error err = {0};
    drift_connection *db = NULL;
    todos_begin(&app, _i);
    ck_assert_drift(drift_verifier_start_at(&db, app.verifier, 1, &err));
    ck_assert_drift(drift_exec(db, rows, &err));
    ck_assert_drift(drift_verifier_migrate_connection(app.verifier, db, &app.definition, 4, NULL, &err));
    ck_assert_drift(drift_exec(db, "UPDATE todos SET title = 'Buy oats', due_date = 5", &err));
    assert_rows(db, "SELECT todo, title FROM old_titles", "1|Buy milk\n");
    assert_rows(db, "SELECT id, title, due_date FROM upcoming_todos", "1|Buy oats|5\n");
    drift_connection_close(db);
    todos_end(&app);
}
END_TEST

TCase *todos_cases(void)
{
    TCase *tcase = suite_case("todos");
    tcase_add_loop_test(tcase, every_pair_of_todos_keeps_what_was_typed_in, 0, WORLDS);
    tcase_add_loop_test(tcase, a_trigger_of_todos_works_after_an_upgrade, 0, WORLDS);
    return tcase;
}
