/* check_validate.c — drift_validate_database_schema, as debug builds call it in before_open. */
#include <sqlite3.h>
#include <string.h>

#include "scenario/scenario.h"
#include "scenario/sql_schemas.h"
#include "support/suite.h"

static const char *const tags_sql[] = {
    "CREATE TABLE tags (name TEXT NOT NULL)",
    "CREATE TABLE tags (name TEXT NOT NULL, color INTEGER); CREATE INDEX by_color ON tags (color)",
};

static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    (void)from, (void)to, (void)payload;
    return drift_migrator_exec(m, "ALTER TABLE tags ADD COLUMN color INTEGER; CREATE INDEX by_color ON tags (color)",
                               err);
}

static int validate(drift_database *database, const drift_opening_details *details, const void *payload,
                    drift_error *err)
{
    (void)details;
    return drift_validate_database_schema(database, payload, err);
}

static drift_database_definition tags(const sql_schemas *schemas, const drift_validate_options *options)
{
    return (drift_database_definition){
        .name = "tags",
        .schema_version = 2,
        .schema = schemas->schemas[1],
        .strategy = {.on_upgrade = upgrade, .before_open = validate, .payload = options},
    };
}

START_TEST(a_created_database_is_what_its_schema_says)
{
    drift_error err = {0};
    drift_database *database = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, tags_sql, 2);
    const drift_database_definition definition = tags(&schemas, NULL);
    ck_assert_drift(drift_database_open(&database, &definition, &(drift_open_options){.memory = true}, &err));
    drift_database_close(database);
    sql_schemas_end(&schemas);
}
END_TEST

START_TEST(a_database_that_grew_otherwise_is_told_when_it_is_opened)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    drift_database *database = NULL;
    char *differences = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, tags_sql, 2);
    const drift_validate_options options = {.differences = &differences};
    const drift_database_definition definition = tags(&schemas, &options);
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    ck_assert_drift(drift_exec(db, "CREATE TABLE tags (name TEXT, color INTEGER); PRAGMA user_version = 2", &err));
    ck_assert_drift_fails(drift_database_open(&database, &definition, &(drift_open_options){.connection = db}, &err),
                          DRIFT_MISMATCH);
    ck_assert_ptr_null(database);
    ck_assert_str_eq(err.text, "expected tags to have the schema of version 2, found 2 differences: "
                               "column tags.name: null: expected NOT NULL, found NULL; index by_color: missing");
    ck_assert_str_eq(differences, "tags: table\n  name: null: expected NOT NULL, found NULL\n"
                                  "by_color: index: missing\n2 differences\n");
    drift_free(differences);
    drift_connection_close(db);
    sql_schemas_end(&schemas);
}
END_TEST

START_TEST(inside_a_migration_test_the_target_version_counts)
{
    drift_error err = {0};
    drift_verifier *verifier = NULL;
    drift_connection *db = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, tags_sql, 2);
    drift_database_definition definition = tags(&schemas, NULL);
    ck_assert_drift(drift_verifier_new(&verifier, &schemas.provider, NULL, &err));
    ck_assert_drift(drift_verifier_start_at(&db, verifier, 1, &err));
    ck_assert_drift(drift_verifier_migrate_connection(verifier, db, &definition, 1, NULL, &err));
    /* Without the target it would be compared with version 2, whose column is not there. */
    ck_assert_drift(drift_exec(db, "PRAGMA user_version = 2", &err));
    ck_assert_drift_fails(drift_verifier_migrate_connection(verifier, db, &definition, 2, NULL, &err), DRIFT_MISMATCH);
    drift_connection_close(db);
    drift_verifier_free(verifier);
    sql_schemas_end(&schemas);
}
END_TEST

static int upgrade_without_the_index(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    (void)from, (void)to, (void)payload;
    return drift_migrator_exec(m, "ALTER TABLE tags ADD COLUMN color INTEGER", err);
}

/* before_open runs behind the commit: that the database stays migrated is no residue of a failed migration. */
START_TEST(a_failed_validation_is_told_once)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, tags_sql, 2);
    drift_database_definition definition = tags(&schemas, NULL);
    definition.strategy.on_upgrade = upgrade_without_the_index;
    const drift_migration_source source = {.definition = &definition};
    const drift_verify_options options = {.levels = 1u << DRIFT_DATA_ONE};
    ck_assert_drift(drift_verify_migrations(&outcome, &schemas.provider, &source, &options, &err));
    ck_assert_uint_eq(outcome->run_count, 1);
    ck_assert_uint_eq(outcome->runs[0].finding_count, 1);
    ck_assert_int_eq(outcome->runs[0].findings[0].code, DRIFT_FINDING_MIGRATION_FAILED);
    ck_assert_str_eq(outcome->runs[0].findings[0].message,
                     "expected tags to have the schema of version 2, found 1 difference: index by_color: missing");
    drift_outcome_free(outcome);
    sql_schemas_end(&schemas);
}
END_TEST

START_TEST(a_definition_without_a_schema_cannot_be_compared)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    drift_database *database = NULL;
    char *differences = (char *)"";
    const drift_validate_options options = {.differences = &differences};
    const drift_database_definition definition = {
        .name = "tags", .schema_version = 2, .strategy = {.before_open = validate, .payload = &options}};
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    ck_assert_drift(drift_exec(db, "PRAGMA user_version = 2", &err));
    ck_assert_drift_fails(drift_database_open(&database, &definition, &(drift_open_options){.connection = db}, &err),
                          DRIFT_MISUSE);
    ck_assert_ptr_null(differences);
    drift_connection_close(db);
}
END_TEST

/* --- what only the application has --- */

static void double_it(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
}

static int by_length(void *payload, int a_length, const void *a, int b_length, const void *b)
{
    (void)payload, (void)a, (void)b;
    return a_length - b_length;
}

static int register_both(drift_connection *connection, const void *payload, drift_error *err)
{
    sqlite3 *handle = drift_connection_handle(connection);
    (void)payload, (void)err;
    if (sqlite3_create_function_v2(handle, "double_it", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, double_it, NULL,
                                   NULL, NULL) != SQLITE_OK ||
        sqlite3_create_collation_v2(handle, "by_length", SQLITE_UTF8, NULL, by_length, NULL) != SQLITE_OK)
        return DRIFT_SQL;
    return DRIFT_OK;
}

static const char *const own_sql[] = {"CREATE TABLE own (n INTEGER, t TEXT COLLATE by_length, d AS (double_it(n)));"
                                      "CREATE INDEX own_by ON own (double_it(n), t)"};

START_TEST(functions_and_collations_of_the_application_need_no_setup)
{
    const drift_connection_options connection = {.setup = register_both};
    drift_error err = {0};
    drift_database *database = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, own_sql, 1);
    const drift_database_definition definition = {
        .name = "own", .schema_version = 1, .schema = schemas.schemas[0], .strategy = {.before_open = validate}};
    const drift_open_options open = {.memory = true, .connection_options = &connection};
    ck_assert_drift(drift_database_open(&database, &definition, &open, &err));
    drift_database_close(database);
    sql_schemas_end(&schemas);
}
END_TEST

/* As generated code holds it: data without source text. */
START_TEST(a_schema_without_texts_is_built_from_its_data)
{
    static const drift_column columns[] = {{.name = "a", .type = "INTEGER"}};
    static const drift_table table = {.name = "plain", .columns = columns, .column_count = 1};
    static const drift_entity entities[] = {{.kind = DRIFT_ENTITY_TABLE, .name = "plain", .as.table = &table}};
    static const drift_schema schema = {1, entities, 1};
    static const drift_database_definition definition = {
        .name = "plain", .schema_version = 1, .schema = &schema, .strategy = {.before_open = validate}};
    drift_error err = {0};
    drift_database *database = NULL;
    ck_assert_drift(drift_database_open(&database, &definition, &(drift_open_options){.memory = true}, &err));
    drift_database_close(database);
}
END_TEST

static int refuse_scratch(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)connection, (void)payload, (void)err;
    return DRIFT_UNSUPPORTED;
}

START_TEST(a_setup_hook_of_the_scratch_database_that_fails_is_the_answer)
{
    drift_error err = {0};
    drift_database *database = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, tags_sql, 2);
    const drift_validate_options options = {.setup = refuse_scratch};
    const drift_database_definition definition = tags(&schemas, &options);
    ck_assert_drift_fails(drift_database_open(&database, &definition, &(drift_open_options){.memory = true}, &err),
                          DRIFT_UNSUPPORTED);
    sql_schemas_end(&schemas);
}
END_TEST

/* Validation reads: the database is as before, and so is a transaction that is open. */
START_TEST(validation_changes_nothing)
{
    drift_error err = {0};
    drift_database *database = NULL;
    sql_schemas schemas;
    sql_schemas_begin(&schemas, tags_sql, 2);
    const drift_database_definition definition = tags(&schemas, NULL);
    ck_assert_drift(drift_database_open(&database, &definition, &(drift_open_options){.memory = true}, &err));
    drift_connection *db = drift_database_connection(database);
    ck_assert_drift(drift_exec(db, "BEGIN; INSERT INTO tags VALUES ('a', 1)", &err));
    ck_assert_drift(drift_validate_database_schema(database, NULL, &err));
    ck_assert(drift_in_transaction(db));
    assert_rows(db, "SELECT total_changes()", "1\n");
    drift_database_close(database);
    sql_schemas_end(&schemas);
}
END_TEST

TCase *validate_cases(void)
{
    TCase *tcase = suite_case("validate");
    tcase_add_test(tcase, a_created_database_is_what_its_schema_says);
    tcase_add_test(tcase, a_database_that_grew_otherwise_is_told_when_it_is_opened);
    tcase_add_test(tcase, inside_a_migration_test_the_target_version_counts);
    tcase_add_test(tcase, a_failed_validation_is_told_once);
    tcase_add_test(tcase, a_definition_without_a_schema_cannot_be_compared);
    tcase_add_test(tcase, functions_and_collations_of_the_application_need_no_setup);
    tcase_add_test(tcase, a_schema_without_texts_is_built_from_its_data);
    tcase_add_test(tcase, a_setup_hook_of_the_scratch_database_that_fails_is_the_answer);
    tcase_add_test(tcase, validation_changes_nothing);
    return tcase;
}
