/* check_order.c — the order in which entities can be created. */
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "snapshot/cases.h"

#define INT_ID PLAIN_COLUMN("id", "int")

/* A column with a foreign key. */
#define KEY_TO(table)                                                                                           \
    INT_ID ", {\"name\": \"" table "_id\", \"getter_name\": null, \"moor_type\": \"int\", \"nullable\": true, " \
           "\"customConstraints\": \"REFERENCES " table " (id)\", \"default_dart\": null, \"dsl_features\": []}"

/* The names of the entities of a snapshot with these elements, with a space behind each. */
static void check_order(const char *const *elements, size_t count, const char *names)
{
    drift__str all = DRIFT__STR_INIT, found = DRIFT__STR_INIT;
    for (size_t i = 0; i < count; i++) drift__str_printf(&all, "%s%s", i ? ", " : "", elements[i]);
    char *json = snapshot_with(drift__str_text(&all));
    drift_snapshot *snapshot = snapshot_of(json, NULL);
    for (size_t i = 0; i < snapshot->schema.entity_count; i++)
        drift__str_printf(&found, "%s ", snapshot->schema.entities[i].name);
    ck_assert_str_eq(drift__str_text(&found), names);
    drift_snapshot_free(snapshot);
    drift_free(json);
    drift__str_dispose(&all);
    drift__str_dispose(&found);
}

static void check_circle(const char *const *elements, size_t count, const char *text)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    drift__str all = DRIFT__STR_INIT;
    for (size_t i = 0; i < count; i++) drift__str_printf(&all, "%s%s", i ? ", " : "", elements[i]);
    char *json = snapshot_with(drift__str_text(&all));
    ck_assert_drift_fails(drift_snapshot_parse(&snapshot, json, strlen(json), "test.json", NULL, &err), DRIFT_FORMAT);
    ck_assert_str_eq(err.text, text);
    ck_assert_ptr_null(snapshot);
    drift_free(json);
    drift__str_dispose(&all);
}

START_TEST(what_is_referred_to_comes_first_and_else_the_order_stays)
{
    char *tables[] = {
        table_element(4, "999", "child", KEY_TO("parent"), ""),
        table_element(1, "", "other", INT_ID, ""),
        table_element(999, "", "parent", INT_ID, ""),
    };
    check_order((const char *const *)tables, 3, "parent child other ");
    for (size_t i = 0; i < 3; i++) drift_free(tables[i]);
}
END_TEST

START_TEST(an_index_comes_behind_its_table_in_any_case)
{
    char *table = table_element(7, "", "t", INT_ID, "");
    const char *const elements[] = {
        "{\"id\": 1, \"references\": [], \"type\": \"index\", \"data\": {\"on\": 7, \"name\": \"i\", \"sql\": "
        "\"CREATE INDEX i ON t (id)\"}}",
        table,
    };
    check_order(elements, 2, "t i ");
    drift_free(table);
}
END_TEST

START_TEST(tables_may_refer_to_one_another_by_foreign_keys)
{
    char *tables[] = {
        table_element(0, "1", "a", KEY_TO("b"), ""),
        table_element(1, "0", "b", KEY_TO("a"), ""),
        table_element(2, "2", "c", KEY_TO("c"), ""),
    };
    check_order((const char *const *)tables, 3, "b a c ");
    for (size_t i = 0; i < 3; i++) drift_free(tables[i]);
}
END_TEST

START_TEST(a_circle_without_foreign_keys_names_its_ids)
{
    char *tables[] = {
        table_element(0, "10", "a", INT_ID, ""),
        table_element(10, "20", "b", INT_ID, ""),
        table_element(20, "10", "c", INT_ID, ""),
    };
    check_circle((const char *const *)tables, 3,
                 "$.entities[2].references: entities refer to one another in a circle: 10 -> 20 -> 10");
    for (size_t i = 0; i < 3; i++) drift_free(tables[i]);
}
END_TEST

START_TEST(views_in_a_circle_are_an_error)
{
    static const char *const views[] = {
        "{\"id\": 0, \"references\": [1], \"type\": \"view\", \"data\": {\"name\": \"v\", \"sql\": "
        "\"CREATE VIEW v AS SELECT * FROM w\", \"dart_info_name\": \"V\", \"columns\": []}}",
        "{\"id\": 1, \"references\": [0], \"type\": \"view\", \"data\": {\"name\": \"w\", \"sql\": "
        "\"CREATE VIEW w AS SELECT * FROM v\", \"dart_info_name\": \"W\", \"columns\": []}}",
    };
    check_circle(views, 2, "$.entities[1].references: entities refer to one another in a circle: 0 -> 1 -> 0");
}
END_TEST

START_TEST(an_entity_that_refers_to_itself_for_no_reason_is_an_error)
{
    char *table = table_element(5, "5", "a", INT_ID, "");
    check_circle((const char *const[]){table}, 1,
                 "$.entities[0].references: entities refer to one another in a circle: 5 -> 5");
    drift_free(table);
}
END_TEST

/* The chain is as long as a hostile file can make it: the walk must not be recursive. */
START_TEST(a_chain_of_references_may_be_long)
{
    enum { COUNT = 20000 };
    drift__str all = DRIFT__STR_INIT;
    for (int i = 0; i < COUNT; i++)
        drift__str_printf(&all,
                          "%s{\"id\": %d, \"references\": [%d], \"type\": \"special-query\", \"data\": "
                          "{\"scenario\": \"create\", \"sql\": \"SELECT %d\"}}",
                          i ? "," : "", i, i + 1, i);
    drift__str_printf(&all,
                      ",{\"id\": %d, \"references\": [], \"type\": \"special-query\", \"data\": {\"scenario\": "
                      "\"create\", \"sql\": \"SELECT 'last'\"}}",
                      COUNT);
    char *json = snapshot_with(drift__str_text(&all));
    drift_snapshot *snapshot = snapshot_of(json, NULL);
    ck_assert_uint_eq(snapshot->schema.entity_count, COUNT + 1);
    ck_assert_str_eq(snapshot->schema.entities[0].sql, "SELECT 'last'");
    ck_assert_str_eq(snapshot->schema.entities[COUNT].sql, "SELECT 0");
    drift_snapshot_free(snapshot);
    drift_free(json);
    drift__str_dispose(&all);
}
END_TEST

TCase *order_case(void)
{
    TCase *c = suite_case("order");
    tcase_add_test(c, what_is_referred_to_comes_first_and_else_the_order_stays);
    tcase_add_test(c, an_index_comes_behind_its_table_in_any_case);
    tcase_add_test(c, tables_may_refer_to_one_another_by_foreign_keys);
    tcase_add_test(c, a_circle_without_foreign_keys_names_its_ids);
    tcase_add_test(c, views_in_a_circle_are_an_error);
    tcase_add_test(c, an_entity_that_refers_to_itself_for_no_reason_is_an_error);
    tcase_add_test(c, a_chain_of_references_may_be_long);
    return c;
}
