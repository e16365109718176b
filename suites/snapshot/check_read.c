/* check_read.c — each format to a schema. The samples are one small file for each format that was ever written. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "snapshot/cases.h"

static drift_snapshot *sample(int version, const drift_snapshot_options *options)
{
    char relative[64];
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    snprintf(relative, sizeof relative, "suites/snapshot/samples/drift_schema_v%d.json", version);
    ck_assert_drift(drift_snapshot_read(&snapshot, suite_source(relative), options, &err));
    return snapshot;
}

static void check_sample(int version, const char *format, bool dates_as_text)
{
    char golden[64];
    drift_snapshot *snapshot = sample(version, NULL);
    ck_assert_int_eq(snapshot->schema.version, version);
    ck_assert_str_eq(snapshot->format, format);
    ck_assert_int_eq(snapshot->dates_as_text, dates_as_text);
    ck_assert_uint_eq(snapshot->unknown_count, 0);
    char *sql = statements_of(&snapshot->schema);
    snprintf(golden, sizeof golden, "snapshot/drift_schema_v%d.sql", version);
    suite_golden(golden, sql);
    drift_free(sql);
    drift_snapshot_free(snapshot);
}

START_TEST(format_0_1_is_read)
{
    check_sample(1, "0.1.0-dev-preview", false);
}
END_TEST

START_TEST(format_1_0_is_read)
{
    check_sample(2, "1.0.0", true);
}
END_TEST

START_TEST(format_1_1_is_read)
{
    check_sample(3, "1.1.0", false);
}
END_TEST

START_TEST(format_1_2_is_read)
{
    check_sample(4, "1.2.0", false);
}
END_TEST

START_TEST(format_1_3_is_read)
{
    check_sample(5, "1.3.0", false);
}
END_TEST

START_TEST(fixed_sql_makes_dart_irrelevant_and_entities_alone_do_not)
{
    drift_error err = {0};
    drift_snapshot *snapshot = sample(5, &(drift_snapshot_options){.entities_only = true});
    ck_assert_uint_eq(snapshot->unknown_count, 1);
    ck_assert_str_eq(snapshot->unknowns[0].entity, "visits");
    ck_assert_str_eq(snapshot->unknowns[0].column, "at");
    ck_assert_str_eq(snapshot->unknowns[0].what, "default");
    ck_assert_str_eq(snapshot->unknowns[0].expression, "Constant(DateTime.now())");
    ck_assert_str_eq(snapshot->schema.entities[0].sql,
                     "CREATE TABLE IF NOT EXISTS \"visits\" (\"id\" INTEGER NOT NULL, \"at\" INTEGER NOT NULL)");
    ck_assert_drift_fails(drift_snapshot_require_known(snapshot, "drift_schema_v5.json", &err), DRIFT_UNSUPPORTED);
    ck_assert_str_eq(err.source, "drift_schema_v5.json");
    ck_assert_str_eq(err.text, "visits.at: only Dart can evaluate its default: Constant(DateTime.now())");
    ck_assert_str_eq(err.hint, "supply the SQL in an overrides file: {\"visits.at\": {\"default\": \"SQL\"}}");
    drift_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_snapshot_that_is_known_passes)
{
    drift_error err = {0};
    drift_snapshot *snapshot = sample(4, NULL);
    ck_assert_drift(drift_snapshot_require_known(snapshot, "x", &err));
    drift_snapshot_free(snapshot);
}
END_TEST

START_TEST(columns_carry_what_they_hold)
{
    drift_snapshot *snapshot = sample(5, NULL);
    const drift_table *visits = drift_schema_table(&snapshot->schema, "visits");
    ck_assert_ptr_nonnull(visits);
    ck_assert_int_eq(drift_table_column(visits, "id")->logical, DRIFT_LOGICAL_INT);
    ck_assert_int_eq(drift_table_column(visits, "at")->logical, DRIFT_LOGICAL_DATE_TIME);
    drift_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_virtual_table_has_the_columns_that_the_snapshot_tells)
{
    drift_snapshot *snapshot = sample(2, NULL);
    const drift_entity *entity = drift_schema_entity(&snapshot->schema, DRIFT_ENTITY_VIRTUAL_TABLE, "recipe_text");
    ck_assert_ptr_nonnull(entity);
    ck_assert_uint_eq(entity->as.virtual_table->column_count, 1);
    ck_assert_str_eq(entity->as.virtual_table->columns[0].name, "body");
    ck_assert_int_eq(entity->as.virtual_table->columns[0].logical, DRIFT_LOGICAL_TEXT);
    drift_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_version_that_is_given_wins_over_the_name)
{
    drift_error err = {0};
    drift_snapshot *snapshot = sample(5, &(drift_snapshot_options){.version = 44});
    ck_assert_int_eq(snapshot->schema.version, 44);
    drift_snapshot_free(snapshot);
    char *json = snapshot_with("");
    snapshot = snapshot_of(json, NULL);
    ck_assert_int_eq(snapshot->schema.version, 0);
    ck_assert_uint_eq(snapshot->schema.entity_count, 0);
    drift_snapshot_free(snapshot);
    ck_assert_drift_fails(
        drift_snapshot_parse(&snapshot, json, strlen(json), "x", &(drift_snapshot_options){.version = -1}, &err),
        DRIFT_MISUSE);
    drift_free(json);
}
END_TEST

START_TEST(options_are_read_in_every_form)
{
    static const struct {
        const char *options;
        bool dates_as_text;
    } forms[] = {
        {"", false},
        {"\"options\": null,", false},
        {"\"options\": {},", false},
        {"\"options\": {\"store_date_time_values_as_text\": true, \"later\": 1},", true},
        {"\"options\": [{\"dialect\": \"postgres\"}, {\"dialect\": \"sqlite\", \"store_date_times_as_text\": true}],",
         true},
        {"\"options\": [{\"dialect\": \"sqlite\", \"store_date_times_as_text\": false}],", false},
        {"\"options\": [{\"dialect\": \"sqlite\"}],", true},
        {"\"options\": [],", false},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char json[256];
        snprintf(json, sizeof json, "{\"_meta\": {\"version\": \"1.4.0\"}, %s \"entities\": []}", forms[i].options);
        drift_snapshot *snapshot = snapshot_of(json, NULL);
        ck_assert_msg(snapshot->dates_as_text == forms[i].dates_as_text, "%s", json);
        drift_snapshot_free(snapshot);
    }
}
END_TEST

START_TEST(a_byte_order_mark_and_unknown_keys_are_ignored)
{
    drift_snapshot *snapshot = snapshot_of("\xEF\xBB\xBF{\"_meta\": {\"version\": \"1.9.0\", \"by\": 1}, \"new\": {}, "
                                           "\"entities\": []}",
                                           NULL);
    ck_assert_str_eq(snapshot->format, "1.9.0");
    drift_snapshot_free(snapshot);
}
END_TEST

/* ---- rendering, where a sample would hide the point ---- */

static void check_table(const char *columns, const char *more, const char *sql)
{
    char *table = table_element(0, "", "t", columns, more);
    char *json = snapshot_with(table);
    drift_snapshot *snapshot = snapshot_of(json, NULL);
    ck_assert_str_eq(snapshot->schema.entities[0].sql, sql);
    drift_snapshot_free(snapshot);
    drift_free(json);
    drift_free(table);
}

START_TEST(a_default_is_bare_only_if_it_is_a_literal)
{
    static const struct {
        const char *sql, *written;
    } defaults[] = {
        {"0", "0"},           {"-1.5", "-1.5"},       {"+1", "+1"},
        {"1e5", "1e5"},       {"0xff", "0xff"},       {"'it''s'", "'it''s'"},
        {"x'00'", "x'00'"},   {"null", "null"},       {"TRUE", "TRUE"},
        {"-'a'", "(-'a')"},   {"- TRUE", "(- TRUE)"}, {"CURRENT_TIMESTAMP", "(CURRENT_TIMESTAMP)"},
        {"1 + 2", "(1 + 2)"}, {"(1)", "((1))"},       {"unixepoch('now')", "(unixepoch('now'))"},
    };
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        char column[512], sql[256];
        snprintf(column, sizeof column,
                 "{\"name\": \"a\", \"moor_type\": \"int\", \"nullable\": true, \"customConstraints\": null, "
                 "\"default_dart\": \"CustomExpression(\\\"%s\\\")\", \"dsl_features\": []}",
                 defaults[i].sql);
        snprintf(sql, sizeof sql, "CREATE TABLE IF NOT EXISTS \"t\" (\"a\" INTEGER NULL DEFAULT %s)",
                 defaults[i].written);
        check_table(column, "", sql);
    }
}
END_TEST

START_TEST(a_key_is_left_out_where_the_column_says_it)
{
    check_table("{\"name\": \"id\", \"moor_type\": \"int\", \"nullable\": false, \"customConstraints\": null, "
                "\"defaultConstraints\": \"PRIMARY KEY AUTOINCREMENT\", \"default_dart\": null, \"dsl_features\": "
                "[\"auto-increment\", {\"later\": 1}, \"later\"]}",
                ", \"explicit_pk\": [\"id\"], \"strict\": true, \"constraints\": []",
                "CREATE TABLE IF NOT EXISTS \"t\" (\"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT) STRICT");
    check_table(PLAIN_COLUMN("a", "string"), ", \"explicit_pk\": [\"a\"], \"without_rowid\": true, \"strict\": true",
                "CREATE TABLE IF NOT EXISTS \"t\" (\"a\" TEXT NULL, PRIMARY KEY (\"a\")) WITHOUT ROWID, STRICT");
}
END_TEST

START_TEST(names_are_quoted)
{
    char *table = table_element(0, "", "a \\\"b\\\"", PLAIN_COLUMN("x\\\"y", "int"), "");
    char *json = snapshot_with(table);
    drift_snapshot *snapshot = snapshot_of(json, NULL);
    ck_assert_str_eq(snapshot->schema.entities[0].sql,
                     "CREATE TABLE IF NOT EXISTS \"a \"\"b\"\"\" (\"x\"\"y\" INTEGER NULL)");
    drift_snapshot_free(snapshot);
    drift_free(json);
    drift_free(table);
}
END_TEST

START_TEST(an_index_is_written_as_drift_writes_it)
{
    static const struct {
        const char *data, *sql;
    } indexes[] = {
        {"\"name\": \"i\", \"unique\": false, \"columns\": [\"a\"]", "CREATE INDEX i ON t (a)"},
        {"\"name\": \"select\", \"unique\": true, \"columns\": [\"order\", \"a b\"]",
         "CREATE UNIQUE INDEX \"select\" ON t (\"order\", \"a b\")"},
        {"\"name\": \"spaced \", \"unique\": false, \"columns\": [{\"column\": \"a\", \"order_by\": \"ascending\"}]",
         "CREATE INDEX spaced ON t (a ASC)"},
        {"\"name\": \" \", \"unique\": false, \"columns\": [\"a\"]", "CREATE INDEX \" \" ON t (a)"},
    };
    char *table = table_element(0, "", "t", PLAIN_COLUMN("a", "int"), "");
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        char elements[2048];
        snprintf(elements, sizeof elements,
                 "%s, {\"id\": 1, \"references\": [0], \"type\": \"index\", \"data\": {\"on\": 0, \"sql\": null, %s}}",
                 table, indexes[i].data);
        char *json = snapshot_with(elements);
        drift_snapshot *snapshot = snapshot_of(json, NULL);
        ck_assert_str_eq(snapshot->schema.entities[1].sql, indexes[i].sql);
        drift_snapshot_free(snapshot);
        drift_free(json);
    }
    drift_free(table);
}
END_TEST

/* ---- overrides ---- */

#define UNKNOWN_COLUMN                                                                                               \
    "{\"name\": \"at\", \"getter_name\": \"at\", \"moor_type\": \"int\", \"nullable\": false, "                      \
    "\"customConstraints\": null, \"default_dart\": \"now()\", \"dsl_features\": [{\"check\": "                      \
    "{\"dart_expression\": {\"elements\": [\"late()\"]}}}, {\"generated_as\": {\"dart_expression\": {\"elements\": " \
    "[{\"lexeme\": \"f\"}, \"()\"]}, \"stored\": true}}]}"

static drift_snapshot *with_overrides(const char *overrides)
{
    drift_error err = {0};
    char *folder = suite_folder();
    char *path = drift__path_join(folder, "overrides.json");
    char *table = table_element(0, "", "Visits", UNKNOWN_COLUMN, "");
    char *json = snapshot_with(table);
    ck_assert_drift(drift__file_write(path, overrides, strlen(overrides), &err));
    drift_snapshot *snapshot = snapshot_of(json, &(drift_snapshot_options){.overrides = path});
    drift_free(json);
    drift_free(table);
    drift__free(path);
    suite_folder_remove(folder);
    return snapshot;
}

START_TEST(overrides_supply_what_only_dart_could_know)
{
    drift_snapshot *snapshot = with_overrides("{\"visits.AT\": {\"default\": \"unixepoch()\", \"check\": \"at > 0\", "
                                              "\"generated\": \"1\"}, \"other.column\": {\"default\": \"1\"}}");
    ck_assert_uint_eq(snapshot->unknown_count, 0);
    ck_assert_str_eq(snapshot->schema.entities[0].sql,
                     "CREATE TABLE IF NOT EXISTS \"Visits\" (\"at\" INTEGER NOT NULL DEFAULT (unixepoch()) GENERATED "
                     "ALWAYS AS (1) STORED CHECK(at > 0))");
    drift_snapshot_free(snapshot);
}
END_TEST

START_TEST(what_no_override_supplies_stays_unknown)
{
    drift_snapshot *snapshot = with_overrides("{\"visits.at\": {\"check\": \"at > 0\"}}");
    ck_assert_uint_eq(snapshot->unknown_count, 2);
    ck_assert_str_eq(snapshot->unknowns[0].what, "default");
    ck_assert_str_eq(snapshot->unknowns[0].expression, "now()");
    ck_assert_str_eq(snapshot->unknowns[1].what, "generated");
    ck_assert_str_eq(snapshot->unknowns[1].expression, "f()");
    drift_snapshot_free(snapshot);
}
END_TEST

TCase *read_case(void)
{
    TCase *c = suite_case("read");
    tcase_add_test(c, format_0_1_is_read);
    tcase_add_test(c, format_1_0_is_read);
    tcase_add_test(c, format_1_1_is_read);
    tcase_add_test(c, format_1_2_is_read);
    tcase_add_test(c, format_1_3_is_read);
    tcase_add_test(c, fixed_sql_makes_dart_irrelevant_and_entities_alone_do_not);
    tcase_add_test(c, a_snapshot_that_is_known_passes);
    tcase_add_test(c, columns_carry_what_they_hold);
    tcase_add_test(c, a_virtual_table_has_the_columns_that_the_snapshot_tells);
    tcase_add_test(c, a_version_that_is_given_wins_over_the_name);
    tcase_add_test(c, options_are_read_in_every_form);
    tcase_add_test(c, a_byte_order_mark_and_unknown_keys_are_ignored);
    tcase_add_test(c, a_default_is_bare_only_if_it_is_a_literal);
    tcase_add_test(c, a_key_is_left_out_where_the_column_says_it);
    tcase_add_test(c, names_are_quoted);
    tcase_add_test(c, an_index_is_written_as_drift_writes_it);
    tcase_add_test(c, overrides_supply_what_only_dart_could_know);
    tcase_add_test(c, what_no_override_supplies_stays_unknown);
    return c;
}
