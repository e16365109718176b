/* check_error.c — files that are no snapshots: each error is one line that names the place. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "snapshot/cases.h"

static void check_fails(const char *json, const drift_snapshot_options *options, int status, const char *text)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    const int rc = drift_snapshot_parse(&snapshot, json, strlen(json), "test.json", options, &err);
    if (rc != status || err.code != status || strcmp(err.text, text) != 0)
        ck_abort_msg("%s\ngave %d: %s\nnot %d: %s", json, rc, err.text, status, text);
    ck_assert_ptr_null(snapshot);
}

START_TEST(the_top_level_is_checked)
{
    static const struct {
        const char *json, *text;
    } cases[] = {
        {"[]", "$: expected an object with the keys \"_meta\" and \"entities\""},
        {"{}", "$: expected the key \"_meta\", which is missing"},
        {"{\"_meta\": 1}", "$._meta: expected an object, found an integer"},
        {"{\"_meta\": {}}", "$._meta: expected the key \"version\", which is missing"},
        {"{\"_meta\": {\"version\": 1.5}}", "$._meta.version: expected a string, found a number with a fraction"},
        {"{\"_meta\": {\"version\": \"one\"}}", "$._meta.version: expected a version like \"1.3.0\", found \"one\""},
        {"{\"_meta\": {\"version\": \"1.0.0\"}}", "$: expected the key \"entities\", which is missing"},
        {"{\"_meta\": {\"version\": \"1.0.0\"}, \"entities\": {}}", "$.entities: expected an array, found an object"},
        {"{\"_meta\": {\"version\": \"1.0.0\"}, \"entities\": [true]}",
         "$.entities[0]: expected an object, found a bool"},
        {"{\"_meta\": {\"version\": \"1.0.0\"}, \"options\": 1, \"entities\": []}",
         "$.options: expected an object or an array or null, found an integer"},
        {"{\"_meta\": {\"version\": \"1.0.0\"}, \"options\": {\"store_date_time_values_as_text\": \"x\"}, "
         "\"entities\": []}",
         "$.options.store_date_time_values_as_text: expected a bool, found a string"},
        {"{\"_meta\": {\"version\": \"1.0.0\"}, \"options\": [{}], \"entities\": []}",
         "$.options[0]: expected the key \"dialect\", which is missing"},
        {"{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": [], \"fixed_sql\": {}}",
         "$.fixed_sql: expected an array or null, found an object"},
        {"{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": [], \"fixed_sql\": [{\"name\": \"t\", \"sql\": "
         "[{\"dialect\": "
         "\"sqlite\", \"sql\": \"x\"}]}]}",
         "$.fixed_sql[0]: no entity is called \"t\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_fails(cases[i].json, NULL, DRIFT_FORMAT, cases[i].text);
}
END_TEST

START_TEST(a_newer_major_format_is_refused)
{
    check_fails("{\"_meta\": {\"version\": \"2.0.0\"}}", NULL, DRIFT_UNSUPPORTED,
                "$._meta.version: expected a snapshot of format 1, found \"2.0.0\"");
    check_fails("{\"_meta\": {\"version\": \"10.0.0\"}}", NULL, DRIFT_UNSUPPORTED,
                "$._meta.version: expected a snapshot of format 1, found \"10.0.0\"");
}
END_TEST

#define TABLE(id, name, columns)                                                             \
    "{\"id\": " id ", \"references\": [], \"type\": \"table\", \"data\": {\"name\": \"" name \
    "\", \"was_declared_in_moor\": false, \"columns\": [" columns "], \"is_virtual\": false}}"
#define COLUMN(more) \
    "{\"name\": \"a\", \"moor_type\": \"int\", \"nullable\": true, \"customConstraints\": null" more "}"
#define ELEMENT(references, type, data) \
    "{\"id\": 9, \"references\": [" references "], \"type\": \"" type "\", \"data\": {" data "}}"
#define T TABLE("0", "t", COLUMN(""))

static const struct {
    const char *entities, *text;
} entity_cases[] = {
    {"{}", "$.entities[0]: expected the key \"id\", which is missing"},
    {"{\"id\": \"a\"}", "$.entities[0].id: expected an integer, found a string"},
    {"{\"id\": 0}", "$.entities[0]: expected the key \"references\", which is missing"},
    {"{\"id\": 0, \"references\": []}", "$.entities[0]: expected the key \"data\", which is missing"},
    {"{\"id\": 0, \"references\": [], \"data\": {}}", "$.entities[0]: expected the key \"type\", which is missing"},
    {ELEMENT("", "sequence", ""), "$.entities[0].type: expected \"table\", \"index\", \"view\", \"trigger\" or "
                                  "\"special-query\", found \"sequence\""},
    {ELEMENT("", "table", ""), "$.entities[0].data: expected the key \"name\", which is missing"},
    {ELEMENT("", "table", "\"name\": \"t\", \"is_virtual\": 1"),
     "$.entities[0].data.is_virtual: expected a bool, found an integer"},
    {ELEMENT("", "table", "\"name\": \"t\""), "$.entities[0].data: expected the key \"columns\", which is missing"},
    {ELEMENT("", "table", "\"name\": \"t\", \"is_virtual\": true"),
     "$.entities[0].data: expected the key \"create_virtual_stmt\", which is missing"},
    {ELEMENT("", "special-query", "\"scenario\": \"open\""),
     "$.entities[0].data.scenario: expected \"create\", found \"open\""},
    {ELEMENT("", "special-query", "\"scenario\": \"create\", \"sql\": 5"),
     "$.entities[0].data.sql: expected a string, found an integer"},
    {T ", " TABLE("0", "u", COLUMN("")), "$.entities[1]: expected an id of its own, found 0, which entities[0] has"},
    {T ", " TABLE("1", "T", COLUMN("")),
     "$.entities[1].data: expected a name of its own, found \"T\", which entities[0] has"},
    {ELEMENT("5", "special-query", "\"scenario\": \"create\", \"sql\": \"SELECT 1\""),
     "$.entities[0].references[0]: no entity has the id 5"},
    {ELEMENT("\"5\"", "special-query", "\"scenario\": \"create\", \"sql\": \"SELECT 1\""),
     "$.entities[0].references[0]: expected an integer, found a string"},
    {TABLE("0", "t", "7"), "$.entities[0].data.columns[0]: expected an object, found an integer"},
    {TABLE("0", "t", COLUMN("") ", " COLUMN("")),
     "$.entities[0].data.columns[1]: expected a name of its own, found \"a\" a second time"},
    {TABLE("0", "t", "{\"name\": \"a\"}"),
     "$.entities[0].data.columns[0]: expected the key \"moor_type\", which is missing"},
    {TABLE("0", "t", "{\"name\": \"a\", \"moor_type\": 1}"),
     "$.entities[0].data.columns[0].moor_type: expected a string, found an integer"},
    {TABLE("0", "t", "{\"name\": \"a\", \"moor_type\": \"money\"}"),
     "$.entities[0].data.columns[0].moor_type: expected a type like \"int\", \"string\" or \"dateTime\", found "
     "\"money\""},
    {TABLE("0", "t", "{\"name\": \"a\", \"moor_type\": \"int\"}"),
     "$.entities[0].data.columns[0]: expected the key \"nullable\", which is missing"},
    {TABLE("0", "t", COLUMN(", \"defaultConstraints\": 1")),
     "$.entities[0].data.columns[0].defaultConstraints: expected a string or null, found an integer"},
    {TABLE("0", "t", COLUMN(", \"dialectAwareDefaultConstraints\": []")),
     "$.entities[0].data.columns[0].dialectAwareDefaultConstraints: expected an object or null, found an array"},
    {TABLE("0", "t", COLUMN(", \"dsl_features\": [1]")),
     "$.entities[0].data.columns[0].dsl_features[0]: expected an object or a string, found an integer"},
    {TABLE("0", "t", COLUMN(", \"dsl_features\": [{\"check\": {}}]")),
     "$.entities[0].data.columns[0].dsl_features[0].check: expected the key \"dart_expression\", which is missing"},
    {TABLE("0", "t", COLUMN(", \"dsl_features\": [{\"generated_as\": {\"stored\": 1}}]")),
     "$.entities[0].data.columns[0].dsl_features[0].generated_as.stored: expected a bool, found an integer"},
    {TABLE("0", "t", COLUMN(", \"dsl_features\": [{\"check\": {\"dart_expression\": {\"elements\": [{}]}}}]")),
     "$.entities[0].data.columns[0].dsl_features[0].check.dart_expression.elements[0]: expected the key \"lexeme\", "
     "which "
     "is missing"},
    {T ", " ELEMENT("", "index", "\"name\": \"i\", \"sql\": null"),
     "$.entities[1].data: expected the key \"on\", which is missing"},
    {T ", " ELEMENT("", "index", "\"name\": \"i\", \"sql\": null, \"on\": 4"),
     "$.entities[1].data.on: no entity has the id 4"},
    {T ", " ELEMENT("", "index",
                    "\"name\": \"i\", \"sql\": null, \"on\": 0, \"columns\": [{\"column\": \"a\", \"order_by\": "
                    "\"up\"}]"),
     "$.entities[1].data.columns[0]: expected the order \"ascending\" or \"descending\", found \"up\""},
    {T ", " ELEMENT("", "index", "\"name\": \"i\", \"sql\": \"CREATE INDEX i ON t (a)\", \"on\": 9"),
     "$.entities[1].data.on: expected the id of a table, found that of index \"i\""},
    {T ", " ELEMENT("", "trigger",
                    "\"name\": \"g\", \"sql\": \"CREATE TRIGGER g DELETE ON t BEGIN SELECT 1; END\", \"on\": 9"),
     "$.entities[1].data.on: expected the id of a table or a view, found that of trigger \"g\""},
    {T ", " ELEMENT("", "trigger",
                    "\"name\": \"g\", \"sql\": \"CREATE TRIGGER g DELETE ON t BEGIN SELECT 1; END\", \"on\": 0, "
                    "\"refences_in_body\": [8]"),
     "$.entities[1].data.refences_in_body[0]: no entity has the id 8"},
    {ELEMENT("", "view", "\"name\": \"v\", \"sql\": null"), "$.entities[0].data.sql: expected a string, found null"},
    {ELEMENT("", "view", "\"name\": \"v\", \"sql\": \"CREATE TABLE v (a)\", \"columns\": []"),
     "$.entities[0]: expected the statement of a view, found that of a table"},
    {ELEMENT("", "table", "\"name\": \"t\", \"columns\": [], \"explicit_pk\": [1]"),
     "$.entities[0].data.explicit_pk[0]: expected a string, found an integer"},
    {ELEMENT("", "table", "\"name\": \"t\", \"columns\": [], \"unique_keys\": [\"a\"]"),
     "$.entities[0].data.unique_keys[0]: expected an array, found a string"},
    {ELEMENT("", "table", "\"name\": \"t\", \"columns\": [], \"constraints\": [null]"),
     "$.entities[0].data.constraints[0]: expected a string, found null"},
    {ELEMENT("", "table", "\"name\": \"t\", \"columns\": [], \"strict\": 1"),
     "$.entities[0].data.strict: expected a bool, found an integer"},
    {ELEMENT("", "table",
             "\"name\": \"t\", \"is_virtual\": true, \"columns\": [{\"a\\\"b c\": {}}], "
             "\"create_virtual_stmt\": \"CREATE VIRTUAL TABLE t USING fts5(a)\""),
     "$.entities[0].data.columns[0]: expected the key \"name\", which is missing"},
};

START_TEST(every_element_is_checked_and_its_path_told)
{
    for (size_t i = 0; i < sizeof entity_cases / sizeof entity_cases[0]; i++) {
        char *json = snapshot_with(entity_cases[i].entities);
        check_fails(json, NULL, DRIFT_FORMAT, entity_cases[i].text);
        drift_free(json);
    }
}
END_TEST

static void check_fixed(const char *fixed, int status, const char *text)
{
    char json[2048];
    snprintf(json, sizeof json, "{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": [%s], \"fixed_sql\": [%s]}", T,
             fixed);
    check_fails(json, NULL, status, text);
}

START_TEST(fixed_sql_is_checked)
{
    check_fixed("", DRIFT_FORMAT, "$.fixed_sql: expected a statement for \"t\"");
    check_fixed("{\"name\": \"t\"}", DRIFT_FORMAT, "$.fixed_sql[0]: expected the key \"sql\", which is missing");
    check_fixed("{\"name\": \"t\", \"sql\": [{\"dialect\": \"postgres\", \"sql\": \"x\"}]}", DRIFT_FORMAT,
                "$.fixed_sql[0].sql: expected a statement for the dialect \"sqlite\"");
    check_fixed("{\"name\": \"t\", \"sql\": [{\"sql\": \"x\"}]}", DRIFT_FORMAT,
                "$.fixed_sql[0].sql[0]: expected the key \"dialect\", which is missing");
}
END_TEST

START_TEST(data_is_checked_beside_fixed_sql_too)
{
    check_fails(
        "{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": [" ELEMENT(
            "", "table",
            "\"name\": \"t\", \"columns\": [], \"explicit_pk\": [1]") "], \"fixed_sql\": [{\"name\": "
                                                                      "\"t\", \"sql\": [{\"dialect\": \"sqlite\", "
                                                                      "\"sql\": \"CREATE TABLE t (a)\"}]}]}",
        NULL, DRIFT_FORMAT, "$.entities[0].data.explicit_pk[0]: expected a string, found an integer");
}
END_TEST

START_TEST(sql_that_is_wrong_is_told_with_its_entity_and_place)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    const char *json = "{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": [" T "], \"fixed_sql\": [{\"name\": \"t\", "
                       "\"sql\": [{\"dialect\": \"sqlite\", \"sql\": \"CREATE TABLE t (a,\\n)\"}]}]}";
    ck_assert_drift_fails(drift_snapshot_parse(&snapshot, json, strlen(json), "test.json", NULL, &err), DRIFT_SYNTAX);
    ck_assert_str_eq(err.source, "test.json: table \"t\"");
    ck_assert_int_eq(err.line, 2);
    ck_assert_int_eq(err.column, 1);
}
END_TEST

START_TEST(text_that_is_no_json_is_told_with_line_and_column)
{
    static const struct {
        const char *json;
        int line;
    } cases[] = {
        {"", 1},
        {"{", 1},
        {"{\"a\": 1,\n \"a\": 2}", 2},
        {"{\n\"_meta\": tru}", 2},
        {"[1] x", 1},
        {"{\"a\": \"\\u0000\"}", 1},
        {"{\"a\": \"\xff\"}", 1},
        {"{\"a\": 99999999999999999999}", 1},
        {"nul", 1},
        {"\"\\", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        drift_error err = {0};
        drift_snapshot *snapshot = NULL;
        ck_assert_drift_fails(
            drift_snapshot_parse(&snapshot, cases[i].json, strlen(cases[i].json), "test.json", NULL, &err),
            DRIFT_FORMAT);
        ck_assert_str_eq(err.source, "test.json");
        ck_assert_msg(err.line == cases[i].line && err.column > 0, "%s: %d:%d", cases[i].json, err.line, err.column);
        ck_assert_msg(strncmp(err.text, "expected JSON: ", 15) == 0, "%s", err.text);
    }
}
END_TEST

START_TEST(files_that_cannot_be_read_are_errors)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    ck_assert_drift_fails(drift_snapshot_read(&snapshot, "/nonexistent/drift_schema_v1.json", NULL, &err),
                          DRIFT_NOT_FOUND);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_snapshot_read(&snapshot, suite_source("suites"), NULL, &err), DRIFT_FORMAT);
    drift_snapshot_free(snapshot);
}
END_TEST

START_TEST(overrides_that_are_wrong_are_errors)
{
    static const struct {
        const char *overrides, *text;
    } cases[] = {
        {"[]", "$: expected an object of \"table.column\" entries"},
        {"{\"t\": {}}", "$.t: expected a key \"table.column\""},
        {"{\".a\": {}}", "$[\".a\"]: expected a key \"table.column\""},
        {"{\"t.\": {}}", "$[\"t.\"]: expected a key \"table.column\""},
        {"{\"t.a\": \"0\"}", "$[\"t.a\"]: expected an object like {\"default\": \"0\"}"},
        {"{\"t.a\": {\"defualt\": \"0\"}}",
         "$[\"t.a\"].defualt: expected one of the keys \"default\", \"check\", \"generated\""},
        {"{\"t.a\": {\"default\": 0}}", "$[\"t.a\"].default: expected a string of SQL"},
        {"{\"t.a\": {\"check\": \"\"}}", "$[\"t.a\"].check: expected SQL, found an empty string"},
    };
    char *folder = suite_folder(), *path = drift__path_join(folder, "overrides.json"), *json = snapshot_with("");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        drift_error err = {0};
        ck_assert_drift(drift__file_write(path, cases[i].overrides, strlen(cases[i].overrides), &err));
        check_fails(json, &(drift_snapshot_options){.overrides = path}, DRIFT_FORMAT, cases[i].text);
    }
    suite_folder_remove(folder);
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    ck_assert_drift_fails(
        drift_snapshot_parse(&snapshot, json, strlen(json), "x", &(drift_snapshot_options){.overrides = path}, &err),
        DRIFT_NOT_FOUND);
    drift_free(json);
    drift__free(path);
}
END_TEST

TCase *error_case(void)
{
    TCase *c = suite_case("error");
    tcase_add_test(c, the_top_level_is_checked);
    tcase_add_test(c, a_newer_major_format_is_refused);
    tcase_add_test(c, every_element_is_checked_and_its_path_told);
    tcase_add_test(c, fixed_sql_is_checked);
    tcase_add_test(c, data_is_checked_beside_fixed_sql_too);
    tcase_add_test(c, sql_that_is_wrong_is_told_with_its_entity_and_place);
    tcase_add_test(c, text_that_is_no_json_is_told_with_line_and_column);
    tcase_add_test(c, files_that_cannot_be_read_are_errors);
    tcase_add_test(c, overrides_that_are_wrong_are_errors);
    return c;
}
