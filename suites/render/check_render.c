/* check_render.c — the text of rendered statements. That it parses back to the same data, and means the same to SQLite,
 * is shown in suites/parse for every statement there. */
#include <string.h>

#include "drift/kit/parse.h"
#include "drift/render.h"
#include "support/suite.h"

static void assert_rendered(const char *sql, const char *expected)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    char *text = NULL;
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    ck_assert_drift(drift_render_entity(&text, &schema->entities[0], &err));
    ck_assert_str_eq(text, expected);
    drift_free(text);
    drift_schema_free(schema);
}

START_TEST(a_table_is_written_a_line_a_column)
{
    assert_rendered(
        "create table if not exists main.'my todos'(id integer primary key autoincrement, \"order\" text not null "
        "default '' collate nocase, p references p(id) on delete cascade, unique(id, [order] desc)) strict",
        "CREATE TABLE IF NOT EXISTS main.\"my todos\" (\n"
        "  id integer PRIMARY KEY AUTOINCREMENT,\n"
        "  \"order\" text NOT NULL DEFAULT '' COLLATE nocase,\n"
        "  p REFERENCES p(id) ON DELETE CASCADE,\n"
        "  UNIQUE (id, \"order\" DESC)\n"
        ") STRICT");
}
END_TEST

START_TEST(both_table_options_are_written)
{
    assert_rendered("CREATE TEMPORARY TABLE t(a INT PRIMARY KEY) STRICT, WITHOUT ROWID",
                    "CREATE TEMP TABLE t (\n  a INT PRIMARY KEY\n) WITHOUT ROWID, STRICT");
}
END_TEST

START_TEST(an_index_keeps_expressions_collations_order_and_predicate)
{
    assert_rendered("create unique index i on t(lower(a), b collate nocase desc) where c is not null",
                    "CREATE UNIQUE INDEX i ON t (lower(a), b COLLATE nocase DESC) WHERE c is not null");
}
END_TEST

START_TEST(bodies_of_views_and_triggers_stay_as_they_were_written)
{
    assert_rendered("create view v(a, \"b c\") as select 1,  2", "CREATE VIEW v (a, \"b c\") AS select 1,  2");
    assert_rendered("create trigger g after update of a, b on t for each row when new.a>1 begin select  1; end",
                    "CREATE TRIGGER g AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a>1 begin select  1; end");
}
END_TEST

START_TEST(a_virtual_table_keeps_its_arguments)
{
    assert_rendered("create virtual table f using fts5(a,content = '')",
                    "CREATE VIRTUAL TABLE f USING fts5(a, content = '')");
}
END_TEST

START_TEST(an_opaque_entity_and_a_query_are_their_source_text)
{
    drift_error err = {0};
    char *text = NULL;
    const drift_entity opaque = {.kind = DRIFT_ENTITY_TABLE, .name = "t", .sql = "CREATE TABLE t(a ?)", .opaque = true};
    const drift_entity query = {.kind = DRIFT_ENTITY_QUERY, .name = "", .sql = "INSERT INTO t VALUES (1)"};
    ck_assert_drift(drift_render_entity(&text, &opaque, &err));
    ck_assert_str_eq(text, "CREATE TABLE t(a ?)");
    drift_free(text);
    ck_assert_drift(drift_render_entity(&text, &query, &err));
    ck_assert_str_eq(text, "INSERT INTO t VALUES (1)");
    drift_free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render");
    TCase *tcase = suite_case("render");
    tcase_add_test(tcase, a_table_is_written_a_line_a_column);
    tcase_add_test(tcase, both_table_options_are_written);
    tcase_add_test(tcase, an_index_keeps_expressions_collations_order_and_predicate);
    tcase_add_test(tcase, bodies_of_views_and_triggers_stay_as_they_were_written);
    tcase_add_test(tcase, a_virtual_table_keeps_its_arguments);
    tcase_add_test(tcase, an_opaque_entity_and_a_query_are_their_source_text);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
