/* check_todos.c — the fixture todos as its user writes it: typed steps, rows typed into old versions, and mistakes. */
#include <string.h>

#include <drift/kit.h>

#include "schema_versions.h"
#include "support/suite.h"
#include "todos/app.h"
#include "todos/migrations.h"

static drift_verifier *verifier;
static drift_error err;

static void setup(void)
{
    err = (drift_error){0};
    ck_assert_drift(drift_verifier_new(&verifier, &todos_provider, NULL, &err));
}

static void teardown(void)
{
    drift_verifier_free(verifier);
}

START_TEST(every_version_becomes_every_later_one)
{
    for (int from = 1; from < todos_latest_version; from++)
        for (int to = from + 1; to <= todos_latest_version; to++) {
            drift_initialized_schema *at = NULL;
            ck_assert_drift(drift_verifier_schema_at(&at, verifier, from, &err));
            ck_assert_drift(drift_verifier_migrate_and_validate(verifier, at, &todos_database, to, NULL, &err));
            drift_initialized_schema_free(at);
        }
}
END_TEST

static void assert_text(drift_text text, const char *expected)
{
    ck_assert_uint_eq(text.length, strlen(expected));
    ck_assert_str_eq(text.data, expected);
}

START_TEST(category_becomes_an_integer)
{
    drift_initialized_schema *at3 = NULL;
    drift_connection *before = NULL, *after = NULL;
    todos_v4_todo *rows = NULL;
    size_t count = 0;
    ck_assert_drift(drift_verifier_schema_at(&at3, verifier, 3, &err));

    ck_assert_drift(drift_initialized_schema_connect(&before, at3, &err));
    ck_assert_drift(todos_v3_todo_insert(before,
                                         &(todos_v3_todo_companion){.title = DRIFT_SET_TEXT("Buy milk"),
                                                                    .body = DRIFT_SET_TEXT(""),
                                                                    .category = DRIFT_SET_TEXT("7"),
                                                                    .due_date = DRIFT_SET_NULL},
                                         NULL, &err));
    drift_connection_close(before);

    ck_assert_drift(drift_verifier_migrate_and_validate(verifier, at3, &todos_database, 4, NULL, &err));

    ck_assert_drift(drift_initialized_schema_connect(&after, at3, &err));
    ck_assert_drift(todos_v4_todo_all(&rows, &count, after, &err));
    ck_assert_uint_eq(count, 1);
    assert_text(rows[0].title, "Buy milk");
    assert_text(rows[0].body, "");
    ck_assert(rows[0].category.has_value && rows[0].category.value == 7);
    ck_assert(!rows[0].due_date.has_value && !rows[0].priority.has_value);
    ck_assert_int_eq(rows[0].created_at, 0);
    todos_v4_todo_free_all(rows, count);
    drift_connection_close(after);
    drift_initialized_schema_free(at3);
}
END_TEST

static int write_at_1(drift_connection *connection, void *payload, drift_error *e)
{
    int64_t *todo = payload;
    const todos_v1_todo_companion row = {.title = DRIFT_SET_TEXT("Water them"), .body = DRIFT_SET_TEXT("all")};
    const int rc = todos_v1_todo_insert(connection, &row, todo, e);
    if (rc != DRIFT_OK) return rc;
    const todos_v1_reminder_companion reminder = {.todo = DRIFT_SET_INT64(*todo), .remind_at = DRIFT_SET_INT64(99)};
    return todos_v1_reminder_insert(connection, &reminder, NULL, e);
}

static int read_at_4(drift_connection *connection, void *payload, drift_error *e)
{
    const int64_t *todo = payload;
    todos_v4_todo *row = NULL;
    todos_v4_reminder *reminders = NULL;
    size_t count = 0;
    const drift_value binds[] = {DRIFT_BIND_INT64(*todo)};
    int rc = todos_v4_todo_by_key(&row, connection, *todo, e);
    if (rc == DRIFT_OK) rc = todos_v4_reminder_where(&reminders, &count, connection, "todo = ?", binds, 1, e);
    if (rc == DRIFT_OK) {
        assert_text(row->title, "Water them");
        ck_assert_uint_eq(count, 1);
        ck_assert_int_eq(reminders[0].remind_at, 99);
        ck_assert_int_eq(reminders[0].is_done, 0);
    }
    todos_v4_todo_free(row);
    todos_v4_reminder_free_all(reminders, count);
    return rc;
}

START_TEST(rows_of_version_1_are_there_in_version_4)
{
    int64_t todo = 0;
    const drift_data_integrity_test test = {
        .from = 1, .to = 4, .create = write_at_1, .validate = read_at_4, .payload = &todo};
    ck_assert_drift(drift_verifier_test_with_data_integrity(verifier, &todos_database, &test, NULL, &err));
}
END_TEST

START_TEST(a_view_works_after_the_upgrade)
{
    drift_connection *connection = NULL;
    todos_v4_upcoming_todo *rows = NULL;
    size_t count = 0;
    ck_assert_drift(drift_verifier_start_at(&connection, verifier, 1, &err));
    ck_assert_drift(drift_verifier_migrate_connection(verifier, connection, &todos_database, 4, NULL, &err));
    const todos_v4_todo_companion row = {
        .title = DRIFT_SET_TEXT("Call home"), .body = DRIFT_SET_TEXT(""), .due_date = DRIFT_SET_INT64(5)};
    ck_assert_drift(todos_v4_todo_insert(connection, &row, NULL, &err));
    ck_assert_drift(todos_v4_upcoming_todo_all(&rows, &count, connection, &err));
    ck_assert_uint_eq(count, 1);
    ck_assert(rows[0].title.has_value);
    assert_text(rows[0].title.value, "Call home");
    todos_v4_upcoming_todo_free_all(rows, count);
    drift_connection_close(connection);
}
END_TEST

START_TEST(a_created_database_begins_with_a_row)
{
    drift_database *database = NULL;
    todos_v4_todo *rows = NULL;
    size_t count = 0;
    ck_assert_drift(drift_database_open(&database, &todos_database, &(drift_open_options){.memory = true}, &err));
    ck_assert_drift(todos_v4_todo_all(&rows, &count, drift_database_connection(database), &err));
    ck_assert_uint_eq(count, 1);
    assert_text(rows[0].title, "Try it out");
    todos_v4_todo_free_all(rows, count);
    drift_database_close(database);
}
END_TEST

/* ---- mistakes ---- */

static const todos_steps *chosen;

static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *e)
{
    (void)payload;
    return todos_run_steps(m, from, to, chosen, e);
}

static void assert_upgrade_fails(const todos_steps *steps, int from, int to, int status, const char *text)
{
    drift_connection *connection = NULL;
    const drift_database_definition broken = {
        .name = "todos", .schema_version = 4, .schema = &todos_v4_entities, .strategy = {.on_upgrade = upgrade}};
    chosen = steps;
    ck_assert_drift(drift_verifier_start_at(&connection, verifier, from, &err));
    ck_assert_drift_fails(drift_verifier_migrate_connection(verifier, connection, &broken, to, NULL, &err), status);
    ck_assert_str_eq(err.text, text);
    drift_connection_close(connection);
}

static int ran;

static int count_run(drift_migrator *m, const todos_v2_schema *v2, const void *payload, drift_error *e)
{
    (void)m;
    (void)v2;
    (void)payload;
    (void)e;
    ran++;
    return DRIFT_OK;
}

START_TEST(a_missing_callback_is_an_error_before_any_runs)
{
    const todos_steps steps = {.from1_to2 = count_run};
    ran = 0;
    assert_upgrade_fails(&steps, 1, 4, DRIFT_NOT_FOUND,
                         "expected steps that lead from version 1 to 4, found no callback for the step from 2 to 3");
    ck_assert_int_eq(ran, 0);
    err = (drift_error){0};
    assert_upgrade_fails(NULL, 1, 2, DRIFT_NOT_FOUND,
                         "expected steps that lead from version 1 to 2, found no callback for the step from 1 to 2");
}
END_TEST

static int add_to_wrong_table(drift_migrator *m, const todos_v2_schema *v2, const void *payload, drift_error *e)
{
    (void)payload;
    return drift_migrator_add_column(m, v2->reminders.table, v2->todos.due_date, e);
}

static int add_of_wrong_version(drift_migrator *m, const todos_v2_schema *v2, const void *payload, drift_error *e)
{
    (void)payload;
    return drift_migrator_add_column(m, v2->todos.table, todos_v3.todos.due_date, e);
}

static int transform_in_wrong_table(drift_migrator *m, const todos_v2_schema *v2, const void *payload, drift_error *e)
{
    (void)payload;
    return drift_migrator_alter_table(
        m,
        &(drift_table_migration){.table = v2->todos.table,
                                 .transforms = (const drift_column_transform[]){{v2->reminders.id, "id"}, {0}},
                                 .new_columns = (const drift_column *const[]){v2->todos.due_date, NULL}},
        e);
}

START_TEST(a_column_of_another_table_or_version_is_refused)
{
    assert_upgrade_fails(&(todos_steps){.from1_to2 = add_to_wrong_table}, 1, 2, DRIFT_MISUSE,
                         "the column to add must be one of the table's own, but \"due_date\" is not of \"reminders\"");
    ck_assert_str_eq(err.hint, "take table and column from the same table of the same version");
    err = (drift_error){0};
    assert_upgrade_fails(&(todos_steps){.from1_to2 = add_of_wrong_version}, 1, 2, DRIFT_MISUSE,
                         "the column to add must be one of the table's own, but \"due_date\" is not of \"todos\"");
    err = (drift_error){0};
    assert_upgrade_fails(&(todos_steps){.from1_to2 = transform_in_wrong_table}, 1, 2, DRIFT_MISUSE,
                         "a transform's column must be one of the table's own, but \"id\" is not of \"todos\"");
}
END_TEST

START_TEST(a_version_that_was_not_released_is_named)
{
    ck_assert_ptr_eq(todos_schema_at(3, &err), &todos_v3_entities);
    ck_assert_ptr_null(todos_schema_at(5, &err));
    ck_assert_str_eq(err.text, "expected one of the versions 1, 2, 3, 4, found version 5");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codegen_todos");
    TCase *test = suite_case("todos");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, every_version_becomes_every_later_one);
    tcase_add_test(test, category_becomes_an_integer);
    tcase_add_test(test, rows_of_version_1_are_there_in_version_4);
    tcase_add_test(test, a_view_works_after_the_upgrade);
    tcase_add_test(test, a_created_database_begins_with_a_row);
    tcase_add_test(test, a_missing_callback_is_an_error_before_any_runs);
    tcase_add_test(test, a_column_of_another_table_or_version_is_refused);
    tcase_add_test(test, a_version_that_was_not_released_is_named);
    suite_add_tcase(suite, test);
    return suite_run(suite);
}
