/* check_telling.c — how a difference is told: data, text, JSON. */
#include <string.h>

#include "base/utf8.h"
#include "compare/cases.h"
#include "compare/diffing.h"
#include "drift/kit/parse.h"
#include "support/suite.h"

typedef struct world {
    drift_schema *expected;
    drift_schema *actual;
    drift_diff *diff;
} world;

static world diffed(const char *expected, const char *actual)
{
    drift_error err = {0};
    world w = {parsed(expected), parsed(actual), NULL};
    ck_assert_drift(drift_diff_schemas(&w.diff, w.expected, w.actual, NULL, &err));
    return w;
}

static void dispose(world *w)
{
    drift_diff_free(w->diff);
    drift_schema_free(w->expected);
    drift_schema_free(w->actual);
}

static void assert_span(const drift_entity *entity, drift_span span, const char *text)
{
    ck_assert_uint_eq(span.length, strlen(text));
    ck_assert(strncmp(entity->sql + span.offset, text, span.length) == 0);
}

START_TEST(a_difference_holds_both_sides_and_their_places)
{
    world w = diffed("CREATE TABLE todos (id INTEGER, category INTEGER DEFAULT 1)",
                     "CREATE TABLE todos (id INTEGER, category TEXT DEFAULT 2, UNIQUE (id))");
    ck_assert_uint_eq(w.diff->count, 3);
    const drift_difference *type = &w.diff->differences[0], *value = &w.diff->differences[1];
    const drift_difference *unique = &w.diff->differences[2];
    ck_assert_int_eq(type->facet, DRIFT_FACET_COLUMN_TYPE);
    ck_assert_int_eq(type->kind, DRIFT_ENTITY_TABLE);
    ck_assert_str_eq(type->object, "todos.category");
    ck_assert_str_eq(type->entity_name, "todos");
    ck_assert_str_eq(type->column_name, "category");
    ck_assert_str_eq(type->expected, "INTEGER");
    ck_assert_str_eq(type->actual, "TEXT");
    ck_assert_ptr_eq(type->expected_entity, &w.expected->entities[0]);
    ck_assert_ptr_eq(type->actual_entity, &w.actual->entities[0]);
    assert_span(type->expected_entity, type->expected_span, "category INTEGER DEFAULT 1");
    assert_span(type->actual_entity, type->actual_span, "category TEXT DEFAULT 2");
    assert_span(value->expected_entity, value->expected_span, "DEFAULT 1");
    assert_span(value->actual_entity, value->actual_span, "DEFAULT 2");
    ck_assert_str_eq(unique->object, "todos");
    ck_assert_ptr_null(unique->column_name);
    ck_assert_ptr_null(unique->expected);
    ck_assert_uint_eq(unique->expected_span.length, 0);
    assert_span(unique->actual_entity, unique->actual_span, "UNIQUE (id)");
    dispose(&w);
}
END_TEST

START_TEST(a_missing_entity_has_one_side)
{
    world w = diffed("CREATE TABLE t (a)", "CREATE VIEW v AS SELECT 1");
    ck_assert_uint_eq(w.diff->count, 2);
    ck_assert_ptr_null(w.diff->differences[0].actual_entity);
    ck_assert_ptr_eq(w.diff->differences[0].expected_entity, &w.expected->entities[0]);
    assert_span(&w.expected->entities[0], w.diff->differences[0].expected_span, "CREATE TABLE t (a)");
    ck_assert_ptr_null(w.diff->differences[1].expected_entity);
    ck_assert_int_eq(w.diff->differences[1].kind, DRIFT_ENTITY_VIEW);
    dispose(&w);
}
END_TEST

START_TEST(every_facet_has_a_code_and_a_word)
{
#define FACET_CODE(name, code, word)                              \
    ck_assert_str_eq(drift_facet_code(DRIFT_FACET_##name), code); \
    ck_assert_str_eq(drift_facet_word(DRIFT_FACET_##name), word);
    DRIFT_FACET_MAP(FACET_CODE)
#undef FACET_CODE
    ck_assert_ptr_null(drift_facet_code((drift_facet)(DRIFT_FACET_ORDER + 1)));
    ck_assert_ptr_null(drift_facet_word((drift_facet)(DRIFT_FACET_ORDER + 1)));
}
END_TEST

START_TEST(a_name_in_another_case_is_a_note)
{
    world w = diffed("CREATE TABLE todos (id, due)", "CREATE TABLE Todos (ID, due)");
    drift_error err = {0};
    char *text = NULL;
    ck_assert_uint_eq(w.diff->count, 0);
    ck_assert_uint_eq(w.diff->note_count, 2);
    ck_assert_drift(drift_diff_print_text(&text, w.diff, &err));
    ck_assert_str_eq(text, "note: todos: found as Todos, which differs only in case\n"
                           "note: todos.id: found as ID, which differs only in case\n"
                           "0 differences\n");
    drift_free(text);
    dispose(&w);
}
END_TEST

static char *printed(const world *w)
{
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_diff_print_text(&text, w->diff, &err));
    return text;
}

START_TEST(one_difference_is_one_line_whatever_is_in_it)
{
    world w =
        diffed("CREATE TABLE \"a\nb\" (x DEFAULT 'one\ntwo\x1b[31m')", "CREATE TABLE \"a\nb\" (x DEFAULT 'one\r\x7f')");
    char *text = printed(&w);
    ck_assert_str_eq(text, "a\\nb: table\n"
                           "  x: default: expected 'one\\ntwo\\x1b[31m', found 'one\\x0d\\x7f'\n"
                           "1 difference\n");
    drift_free(text);
    dispose(&w);
}
END_TEST

/* C1 controls steer as ESC does, and an override turns what stands behind a name. */
START_TEST(no_name_steers_the_terminal_that_shows_it)
{
    world w = diffed("CREATE TABLE \"\xc2\x9b"
                     "31m\xe2\x80\xae\xff\" (x)",
                     "CREATE TABLE u (x)");
    char *text = printed(&w);
    ck_assert_str_eq(text, "\\u009b31m\\u202e\xef\xbf\xbd: table: missing\n"
                           "u: table: unexpected\n"
                           "2 differences\n");
    drift_free(text);
    dispose(&w);
}
END_TEST

#define LONG_VIEW(third)                                                                                             \
    "CREATE VIEW v AS SELECT 'the first column' AS one, 'the second column' AS two, '" third                         \
    "' AS three, 'the fourth column' AS four, 'the fifth of them' AS five, 'and a sixth' AS six, 'seven' AS seven, " \
    "'the number eight' AS eight, 'and the last of them, which is nine' AS nine"

START_TEST(of_two_long_texts_only_what_differs_is_shown)
{
    world w = diffed(LONG_VIEW("third"), LONG_VIEW("thrid"));
    char *text = printed(&w);
    ck_assert_str_eq(text,
                     "v: view\n"
                     "  sql: expected … one, 'the second column' AS two, 'third' AS three, 'the fourth column' …, "
                     "found … one, 'the second column' AS two, 'thrid' AS three, 'the fourth column' …\n"
                     "1 difference\n");
    ck_assert_uint_gt(strlen(w.diff->differences[0].expected), 200);
    drift_free(text);
    dispose(&w);
}
END_TEST

#define TEN   "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
#define FIFTY TEN TEN TEN TEN TEN

START_TEST(long_texts_are_cut_between_characters)
{
    world w = diffed("CREATE TABLE t (a DEFAULT '" FIFTY "x" FIFTY FIFTY "')",
                     "CREATE TABLE t (a DEFAULT '" FIFTY FIFTY FIFTY "')");
    char *text = printed(&w);
    ck_assert_ptr_nonnull(strstr(text, "expected … "));
    ck_assert_ptr_nonnull(strstr(text, " …, found … "));
    ck_assert(drift__utf8_valid(text, strlen(text)));
    ck_assert_uint_lt(strlen(text), 400);
    drift_free(text);
    dispose(&w);
}
END_TEST

START_TEST(json_tells_the_same)
{
    world w = diffed("CREATE TABLE t (\"q\\\"\"\" TEXT, b DEFAULT 'x\ty'); CREATE INDEX i ON t (b)",
                     "CREATE TABLE T (\"q\\\"\"\" INT, b)");
    drift_error err = {0};
    char *json = NULL;
    ck_assert_drift(drift_diff_print_json(&json, w.diff, &err));
    ck_assert_str_eq(
        json,
        "{\n"
        "  \"format\": 1,\n"
        "  \"differences\": [\n"
        "    {\"code\": \"schema.column.type\", \"kind\": \"table\", \"object\": \"t.q\\\\\\\"\", \"expected\": "
        "\"TEXT\", "
        "\"actual\": \"INT\", \"expected_span\": {\"offset\": 16, \"length\": 11}, \"actual_span\": {\"offset\": 16, "
        "\"length\": 10}, \"message\": \"type: expected TEXT, found INT\"},\n"
        "    {\"code\": \"schema.column.default\", \"kind\": \"table\", \"object\": \"t.b\", \"expected\": "
        "\"'x\\u0009y'\", \"actual\": null, \"expected_span\": {\"offset\": 31, \"length\": 13}, \"actual_span\": "
        "{\"offset\": 28, \"length\": 1}, \"message\": \"default: expected 'x\\\\x09y', found none\"},\n"
        "    {\"code\": \"schema.missing\", \"kind\": \"index\", \"object\": \"i\", \"expected\": null, \"actual\": "
        "null, "
        "\"expected_span\": {\"offset\": 0, \"length\": 23}, \"message\": \"missing\"}\n"
        "  ],\n"
        "  \"notes\": [\n"
        "    {\"object\": \"t\", \"message\": \"found as T, which differs only in case\"}\n"
        "  ],\n"
        "  \"summary\": {\"differences\": 3}\n"
        "}\n");
    drift_free(json);
    dispose(&w);
}
END_TEST

START_TEST(json_of_equal_schemas_is_empty)
{
    world w = diffed("CREATE TABLE t (a)", "CREATE TABLE t (a)");
    drift_error err = {0};
    char *json = NULL;
    ck_assert_drift(drift_diff_print_json(&json, w.diff, &err));
    ck_assert_str_eq(json, "{\n  \"format\": 1,\n  \"differences\": [],\n  \"notes\": [],\n  \"summary\": "
                           "{\"differences\": 0}\n}\n");
    drift_free(json);
    dispose(&w);
}
END_TEST

START_TEST(json_is_unicode_whatever_the_names_are)
{
    world w = diffed("CREATE TABLE \"a\xff\xc3\xa9\" (x)", "");
    drift_error err = {0};
    char *json = NULL;
    ck_assert_drift(drift_diff_print_json(&json, w.diff, &err));
    ck_assert_ptr_nonnull(strstr(json, "\"object\": \"a\\ufffd\xc3\xa9\""));
    drift_free(json);
    dispose(&w);
}
END_TEST

START_TEST(nothing_can_be_freed)
{
    drift_diff_free(NULL);
}
END_TEST

TCase *compare_telling_case(void)
{
    TCase *tcase = suite_case("telling");
    tcase_add_test(tcase, a_difference_holds_both_sides_and_their_places);
    tcase_add_test(tcase, a_missing_entity_has_one_side);
    tcase_add_test(tcase, every_facet_has_a_code_and_a_word);
    tcase_add_test(tcase, a_name_in_another_case_is_a_note);
    tcase_add_test(tcase, one_difference_is_one_line_whatever_is_in_it);
    tcase_add_test(tcase, no_name_steers_the_terminal_that_shows_it);
    tcase_add_test(tcase, of_two_long_texts_only_what_differs_is_shown);
    tcase_add_test(tcase, long_texts_are_cut_between_characters);
    tcase_add_test(tcase, json_tells_the_same);
    tcase_add_test(tcase, json_of_equal_schemas_is_empty);
    tcase_add_test(tcase, json_is_unicode_whatever_the_names_are);
    tcase_add_test(tcase, nothing_can_be_freed);
    return tcase;
}
