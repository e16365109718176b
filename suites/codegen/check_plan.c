/* check_plan.c — which C type a column has, what is a key, what a row is called. */
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "codegen/cases.h"
#include "codegen/plan.h"
#include "drift/kit/parse.h"
#include "support/suite.h"

static drift__arena arena;
static drift_schema *schema;
static drift__plan plan;
static char noted[512];

static void note(const char *text, void *payload)
{
    (void)payload;
    strncat(noted, text, sizeof noted - strlen(noted) - 1);
}

static void make(const char *sql)
{
    drift_error err = {0};
    noted[0] = '\0';
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    schema->version = 1;
    ck_assert_drift(drift__plan_make(&plan, &arena, schema, "app", true, true, note, NULL, &err));
}

static void teardown(void)
{
    drift__arena_dispose(&arena);
    drift_schema_free(schema);
    schema = NULL;
}

/* "int64 text?": the types of the fields of the last entity, '?' where they may be NULL, '=' where they are generated,
 * a digit for the place in the key. */
static void assert_fields(const char *expected)
{
    static const char *const words[] = {"int64", "bool", "double", "text", "blob", "any"};
    const drift__plan_entity *e = &plan.entities[schema->entity_count - 1];
    drift__str found = DRIFT__STR_INIT;
    for (size_t i = 0; i < e->field_count; i++) {
        const drift__plan_field *f = &e->fields[i];
        drift__str_printf(&found, "%s%s%s%s", i ? " " : "", words[f->kind], f->nullable ? "?" : "",
                          f->generated ? "=" : "");
        if (f->key) drift__str_printf(&found, "%d", f->key);
    }
    ck_assert_str_eq(drift__str_text(&found), expected);
    drift__str_dispose(&found);
}

START_TEST(affinity_says_what_is_stored)
{
    make("CREATE TABLE t (a INT, b BIGINT, c VARCHAR(20), d TEXT, e DOUBLE, f FLOAT, g BLOB, h)");
    assert_fields("int64? int64? text? text? double? double? blob? any?");
}
END_TEST

START_TEST(numeric_types_hold_anything_but_booleans_are_clear)
{
    make("CREATE TABLE t (a NUMERIC, b DECIMAL(10,2), c DATETIME, d BOOLEAN NOT NULL, e bool)");
    assert_fields("any? any? any? bool bool?");
}
END_TEST

START_TEST(any_is_any_only_in_strict_tables)
{
    make("CREATE TABLE t (a ANY, b INT NOT NULL) STRICT");
    assert_fields("any? int64");
    ck_assert_int_eq(drift__plan_kind("ANY", DRIFT_LOGICAL_UNKNOWN, false), DRIFT_TYPED_ANY);
}
END_TEST

START_TEST(a_snapshots_word_refines_the_type)
{
    ck_assert_int_eq(drift__plan_kind("INTEGER", DRIFT_LOGICAL_BOOL, false), DRIFT_TYPED_BOOL);
    ck_assert_int_eq(drift__plan_kind("INTEGER", DRIFT_LOGICAL_BIG_INT, false), DRIFT_TYPED_INT64);
    ck_assert_int_eq(drift__plan_kind("INTEGER", DRIFT_LOGICAL_DOUBLE, false), DRIFT_TYPED_DOUBLE);
    ck_assert_int_eq(drift__plan_kind("INTEGER", DRIFT_LOGICAL_DATE_TIME, false), DRIFT_TYPED_INT64);
    ck_assert_int_eq(drift__plan_kind("TEXT", DRIFT_LOGICAL_DATE_TIME, false), DRIFT_TYPED_TEXT);
    ck_assert_int_eq(drift__plan_kind("NUMERIC", DRIFT_LOGICAL_BOOL, false), DRIFT_TYPED_BOOL);
    ck_assert_int_eq(drift__plan_kind("NUMERIC", DRIFT_LOGICAL_INT, false), DRIFT_TYPED_INT64);
    ck_assert_int_eq(drift__plan_kind("NUMERIC", DRIFT_LOGICAL_DOUBLE, false), DRIFT_TYPED_ANY);
    ck_assert_int_eq(drift__plan_kind("INTEGER", DRIFT_LOGICAL_ANY, false), DRIFT_TYPED_ANY);
}
END_TEST

START_TEST(a_rowid_is_never_null)
{
    make("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
    assert_fields("int641 any?");
    drift__arena_dispose(&arena);
    drift_schema_free(schema);
    make("CREATE TABLE t (id INTEGER, a, PRIMARY KEY (id DESC))");
    assert_fields("int641 any?");
}
END_TEST

START_TEST(other_keys_may_be_null_where_sqlite_lets_them)
{
    make("CREATE TABLE t (id INTEGER PRIMARY KEY DESC)");
    assert_fields("int64?1");
    drift__arena_dispose(&arena);
    drift_schema_free(schema);
    make("CREATE TABLE t (id INT PRIMARY KEY)");
    assert_fields("int64?1");
    drift__arena_dispose(&arena);
    drift_schema_free(schema);
    make("CREATE TABLE t (a TEXT, b INTEGER, PRIMARY KEY (b, A))");
    assert_fields("text?2 int64?1");
    drift__arena_dispose(&arena);
    drift_schema_free(schema);
    make("CREATE TABLE t (a TEXT, b INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID");
    assert_fields("text2 int641");
}
END_TEST

START_TEST(generated_columns_are_read_only)
{
    make("CREATE TABLE t (a INT NOT NULL, b TEXT AS (a || '') STORED)");
    assert_fields("int64 text?=");
}
END_TEST

START_TEST(a_view_has_the_types_of_the_columns_that_it_hands_through)
{
    make("CREATE TABLE t (a INTEGER NOT NULL, b TEXT);"
         "CREATE VIEW inner_v AS SELECT a, b FROM t;"
         "CREATE VIEW v (x, y, z) AS SELECT a, b, my_function(a) FROM inner_v");
    assert_fields("int64? text? any?");
    ck_assert_str_eq(plan.entities[2].fields[2].name, "z");
    ck_assert(!plan.entities[2].writable);
    ck_assert_str_eq(noted, "");
}
END_TEST

START_TEST(a_virtual_table_shows_its_columns_without_the_hidden_ones)
{
    make("CREATE VIRTUAL TABLE f USING fts5(title, body)");
    assert_fields("any? any?");
    ck_assert(plan.entities[0].writable);
}
END_TEST

START_TEST(what_sqlite_cannot_build_is_noted_and_has_no_rows)
{
    make("CREATE VIRTUAL TABLE f USING no_such_module(a); CREATE VIEW v AS SELECT * FROM f");
    ck_assert_ptr_null(plan.entities[0].row);
    ck_assert_ptr_null(plan.entities[1].row);
    ck_assert_str_eq(plan.entities[0].member, "f");
    ck_assert_str_eq(noted, "the virtual table \"f\" gets no row struct: no such table: f"
                            "the view \"v\" gets no row struct: no such table: main.f");
}
END_TEST

START_TEST(a_table_that_only_sqlite_understands_can_be_read)
{
    drift_error err = {0};
    const drift_entity entity = {
        .kind = DRIFT_ENTITY_TABLE, .name = "odd", .sql = "CREATE TABLE odd (a INTEGER, b TEXT)", .opaque = true};
    const drift_schema odd = {1, &entity, 1};
    ck_assert_drift(drift__plan_make(&plan, &arena, &odd, "app", true, true, note, NULL, &err));
    ck_assert_str_eq(plan.entities[0].row, "odd_row");
    ck_assert_uint_eq(plan.entities[0].field_count, 2);
    ck_assert_uint_eq(plan.entities[0].column_count, 0);
    ck_assert_int_eq(plan.entities[0].fields[1].kind, DRIFT_TYPED_TEXT);
    ck_assert(!plan.entities[0].writable);
}
END_TEST

START_TEST(a_schema_reaches_no_other_database)
{
    drift_error err = {0};
    struct stat st;
    char *folder = suite_folder();
    char *path = drift__path_join(folder, "attached.db");
    const char *sql = drift__arena_printf(&arena, "ATTACH '%s' AS x; CREATE TABLE x.t (a); CREATE TABLE t (a)", path);
    const drift_entity entity = {.kind = DRIFT_ENTITY_TABLE, .name = "t", .sql = sql, .opaque = true};
    const drift_schema hostile = {1, &entity, 1};
    noted[0] = '\0';
    ck_assert_drift(drift__plan_make(&plan, &arena, &hostile, "app", true, true, note, NULL, &err));
    ck_assert_str_eq(noted, "the table \"t\" gets no row struct: no such table: t");
    ck_assert_int_ne(stat(path, &st), 0);
    drift__free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(rows_are_called_by_the_singular)
{
    make("CREATE TABLE todos (a); CREATE TABLE address_book (a); CREATE TABLE s (a); CREATE TABLE \"my_s\" (a);"
         "CREATE TABLE news (a); CREATE TABLE todo (a); CREATE TABLE todo_rows (a)");
    static const char *const rows[] = {"todo", "address_book_row", "s_row", "my_s_row", "new", "todo_row"};
    for (size_t i = 0; i < 6; i++) ck_assert_str_eq(plan.entities[i].row, rows[i]);
    ck_assert_int_eq(strncmp(plan.entities[6].row, "todo_row_x", 10), 0);
}
END_TEST

START_TEST(members_of_a_handle_keep_out_of_the_way)
{
    make("CREATE TABLE entities (\"table\" INT, entity INT, name INT); CREATE TRIGGER entities AFTER INSERT ON "
         "entities BEGIN SELECT 1; END; CREATE TABLE \"int\" (a)");
    ck_assert_str_eq(plan.entities[0].fields[0].name, "table_");
    ck_assert_str_eq(plan.entities[0].fields[1].name, "entity_");
    ck_assert_str_ne(plan.entities[0].member, "entities");
    ck_assert_str_ne(plan.entities[0].member, plan.entities[1].member);
    ck_assert_str_eq(plan.entities[2].member, "int_");
    ck_assert_str_eq(plan.entities[2].row, "int_row");
}
END_TEST

TCase *plan_case(void)
{
    TCase *test = suite_case("plan");
    tcase_add_checked_fixture(test, NULL, teardown);
    tcase_add_test(test, affinity_says_what_is_stored);
    tcase_add_test(test, numeric_types_hold_anything_but_booleans_are_clear);
    tcase_add_test(test, any_is_any_only_in_strict_tables);
    tcase_add_test(test, a_snapshots_word_refines_the_type);
    tcase_add_test(test, a_rowid_is_never_null);
    tcase_add_test(test, other_keys_may_be_null_where_sqlite_lets_them);
    tcase_add_test(test, generated_columns_are_read_only);
    tcase_add_test(test, a_view_has_the_types_of_the_columns_that_it_hands_through);
    tcase_add_test(test, a_virtual_table_shows_its_columns_without_the_hidden_ones);
    tcase_add_test(test, what_sqlite_cannot_build_is_noted_and_has_no_rows);
    tcase_add_test(test, a_table_that_only_sqlite_understands_can_be_read);
    tcase_add_test(test, a_schema_reaches_no_other_database);
    tcase_add_test(test, rows_are_called_by_the_singular);
    tcase_add_test(test, members_of_a_handle_keep_out_of_the_way);
    return test;
}
