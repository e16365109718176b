/* check_model.c — a schema as `static const` data, as generated code holds it, and looking things up in it. */
#include "drift/schema.h"
#include "support/suite.h"

static const drift_constraint id_constraints[] = {{.kind = DRIFT_CONSTRAINT_PRIMARY_KEY, .autoincrement = true}};
static const drift_column columns[] = {
    {.name = "id", .type = "INTEGER", .constraints = id_constraints, .constraint_count = 1},
    {.name = "Title", .type = "TEXT"},
    {.name = "\xc3\x9c", .type = ""},
};
static const drift_table todos = {.name = "Todos", .columns = columns, .column_count = 3};
static const drift_view todos_view = {.name = "open_todos", .select = "SELECT 1"};
static const drift_entity entities[] = {
    {.kind = DRIFT_ENTITY_TABLE, .name = "Todos", .sql = "", .as.table = &todos},
    {.kind = DRIFT_ENTITY_VIEW, .name = "open_todos", .sql = "", .as.view = &todos_view},
};
static const drift_schema schema = {.version = 1, .entities = entities, .entity_count = 2};

START_TEST(names_are_matched_as_sqlite_does)
{
    ck_assert_ptr_eq(drift_schema_table(&schema, "TODOS"), &todos);
    ck_assert_ptr_eq(drift_table_column(&todos, "title"), &columns[1]);
    ck_assert_ptr_eq(drift_table_column(&todos, "\xc3\x9c"), &columns[2]);
    /* Only ASCII letters fold. */
    ck_assert_ptr_null(drift_table_column(&todos, "\xc3\xbc"));
    ck_assert_ptr_null(drift_table_column(&todos, "titl"));
}
END_TEST

START_TEST(an_entity_is_found_by_kind_and_name)
{
    ck_assert_ptr_eq(drift_schema_entity(&schema, DRIFT_ENTITY_VIEW, "Open_Todos"), &entities[1]);
    ck_assert_ptr_null(drift_schema_entity(&schema, DRIFT_ENTITY_TABLE, "open_todos"));
    ck_assert_ptr_null(drift_schema_table(&schema, "open_todos"));
}
END_TEST

START_TEST(a_columns_constraint_is_found_by_kind)
{
    ck_assert_ptr_eq(drift_column_constraint(&columns[0], DRIFT_CONSTRAINT_PRIMARY_KEY), &id_constraints[0]);
    ck_assert_ptr_null(drift_column_constraint(&columns[0], DRIFT_CONSTRAINT_UNIQUE));
    ck_assert_ptr_null(drift_column_constraint(&columns[1], DRIFT_CONSTRAINT_PRIMARY_KEY));
}
END_TEST

START_TEST(every_kind_of_entity_has_a_word)
{
    ck_assert_str_eq(drift_entity_kind_name(DRIFT_ENTITY_TABLE), "table");
    ck_assert_str_eq(drift_entity_kind_name(DRIFT_ENTITY_VIRTUAL_TABLE), "virtual table");
    ck_assert_str_eq(drift_entity_kind_name(DRIFT_ENTITY_QUERY), "query");
    ck_assert_ptr_null(drift_entity_kind_name((drift_entity_kind)99));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model");
    TCase *tcase = suite_case("model");
    tcase_add_test(tcase, names_are_matched_as_sqlite_does);
    tcase_add_test(tcase, an_entity_is_found_by_kind_and_name);
    tcase_add_test(tcase, a_columns_constraint_is_found_by_kind);
    tcase_add_test(tcase, every_kind_of_entity_has_a_word);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
