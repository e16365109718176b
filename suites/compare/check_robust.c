/* check_robust.c — no memory, hostile texts, many tables, and entities of which only the text is known. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/str.h"
#include "compare/cases.h"
#include "compare/diffing.h"
#include "drift/kit/parse.h"
#include "support/memory.h"
#include "support/suite.h"

/* A pair in which every reader of the module has something to do. */
static const char *const rich[] = {
    "CREATE TABLE p (x INTEGER PRIMARY KEY, y TEXT UNIQUE, z AS (x + 1), CHECK (x BETWEEN 1 AND 9 OR y IN ('a', 'b')));"
    "CREATE TABLE t (a REFERENCES p ON DELETE CASCADE, b DEFAULT \"s\", c NOT NULL ON CONFLICT FAIL, UNIQUE (a, b));"
    "CREATE UNIQUE INDEX u ON t (b, c); CREATE INDEX i ON t (lower(b) DESC) WHERE c IS NOT NULL;"
    "CREATE VIEW v (m, n) AS SELECT a, CASE b WHEN 1 THEN 'x' END FROM t WHERE a = \"k\" ORDER BY a ASC;"
    "CREATE TRIGGER r AFTER UPDATE OF a, b ON t WHEN new.a > 1 BEGIN SELECT RAISE(ABORT, 'no'); END;"
    "CREATE VIRTUAL TABLE f USING fts5(a, content='p')",
    "CREATE TABLE P (x INT PRIMARY KEY, y TEXT, z AS (x + 2) STORED, CHECK (x BETWEEN 2 AND 9 OR y IN ('a', 'b')));"
    "CREATE TABLE t (a REFERENCES p (x), b DEFAULT 't' COLLATE NOCASE, c NOT NULL, d, UNIQUE (b, a));"
    "CREATE INDEX i ON t (upper(b)) WHERE c IS NULL; CREATE UNIQUE INDEX w ON p (y);"
    "CREATE VIEW v (m) AS SELECT a FROM t WHERE a = 'k' ORDER BY a DESC;"
    "CREATE TRIGGER r BEFORE UPDATE OF a ON t WHEN new.a > 2 BEGIN SELECT RAISE(ABORT, \"yes\"); END;"
    "CREATE VIRTUAL TABLE f USING fts5(a, content=\"q\")"};

static drift_schema *expected, *actual;
static drift_diff_options sweep_options;

static int compare_and_print(void)
{
    drift_diff *diff = NULL;
    char *text = NULL, *json = NULL;
    drift_error err = {0};
    int rc = drift_diff_schemas(&diff, expected, actual, &sweep_options, &err);
    if (rc == DRIFT_OK) rc = drift_diff_print_text(&text, diff, &err);
    if (rc == DRIFT_OK) rc = drift_diff_print_json(&json, diff, &err);
    if (rc != DRIFT_OK) ck_assert_int_eq(err.code, rc);
    drift_free(text);
    drift_free(json);
    drift_diff_free(diff);
    return rc;
}

static int parse_compare_and_print(void)
{
    drift_error err = {0};
    expected = actual = NULL;
    int rc = drift_schema_parse(&expected, rich[0], strlen(rich[0]), &err);
    if (rc == DRIFT_OK) rc = drift_schema_parse(&actual, rich[1], strlen(rich[1]), &err);
    if (rc == DRIFT_OK) rc = compare_and_print();
    drift_schema_free(expected);
    drift_schema_free(actual);
    return rc;
}

START_TEST(out_of_memory_anywhere_is_told_and_nothing_leaks)
{
    sweep_options = (drift_diff_options){0};
    suite_memory_sweep(parse_compare_and_print);
}
END_TEST

START_TEST(out_of_memory_is_told_with_every_option_too)
{
    static const char *const globs[] = {"zz*", NULL};
    sweep_options = (drift_diff_options){.unique_index_is_constraint = true, .ignore = globs};
    suite_memory_sweep(parse_compare_and_print);
    sweep_options = (drift_diff_options){.strict = true};
    suite_memory_sweep(parse_compare_and_print);
}
END_TEST

/* A table whose CHECK is `head`, `count` times `part`, `middle`, `count` times `close`. */
static drift_schema *nested(const char *part, const char *middle, const char *close, size_t count)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    drift_schema *schema = NULL;
    drift__str_puts(&text, "CREATE TABLE t (a, CHECK (");
    for (size_t i = 0; i < count; i++) drift__str_puts(&text, part);
    drift__str_puts(&text, middle);
    for (size_t i = 0; i < count; i++) drift__str_puts(&text, close);
    drift__str_puts(&text, "))");
    ck_assert_drift(drift_schema_parse(&schema, drift__str_text(&text), text.length, &err));
    drift__str_dispose(&text);
    return schema;
}

static size_t count_differences(const drift_schema *a, const drift_schema *b)
{
    drift_diff *diff = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_diff_schemas(&diff, a, b, NULL, &err));
    const size_t count = diff->count;
    drift_diff_free(diff);
    return count;
}

/* Deep, long, and made to be read again and again: each is compared with itself (spelled otherwise) and with another.
 */
START_TEST(hostile_expressions_are_compared_in_bounded_time_and_depth)
{
    static const char *const shapes[][3] = {{"(", "a", ")"},
                                            {"- ", "a", ""},
                                            {"NOT ", "a", ""},
                                            {"a+", "a", ""},
                                            {"a AND ", "a", ""},
                                            {"f(", "a", ")"},
                                            {"CASE WHEN ", "a", " THEN 1 END"},
                                            {"((f(", "a", ") x) y)"},
                                            {"(a IN (", "a", "))"},
                                            {"a || (", "a", ")"},
                                            {"(SELECT (", "a", "))"},
                                            {"((a x ((f(", "a", ") z))) q)"}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        drift_schema *one = nested(shapes[i][0], "a", shapes[i][2], 20000);
        drift_schema *two = nested(shapes[i][0], "  A", shapes[i][2], 20000);
        drift_schema *other = nested(shapes[i][0], "b", shapes[i][2], 20000);
        const int64_t start = drift__clock_us();
        if (count_differences(one, two) != 0) ck_abort_msg("%s… is not itself", shapes[i][0]);
        if (count_differences(one, other) == 0) ck_abort_msg("%s… is taken for another", shapes[i][0]);
        if (drift__clock_us() - start > 20 * 1000 * 1000) ck_abort_msg("%s… takes too long", shapes[i][0]);
        drift_schema_free(one);
        drift_schema_free(two);
        drift_schema_free(other);
    }
}
END_TEST

static drift_schema *many_tables(int count, const char *table, const char *index)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    drift_schema *schema = NULL;
    for (int i = 0; i < count; i++) {
        drift__str_printf(&text, table, i, i ? i - 1 : 0);
        drift__str_printf(&text, index, i, i);
    }
    ck_assert_drift(drift_schema_parse(&schema, drift__str_text(&text), text.length, &err));
    drift__str_dispose(&text);
    return schema;
}

/* How the work grows with the number of tables is what suites/bench counts, in instructions. */
START_TEST(a_chain_of_five_thousand_tables_is_compared)
{
    drift_schema *one =
        many_tables(5000, "CREATE TABLE t%d (id INTEGER PRIMARY KEY, a, b, c, d, e, f, g, h, p REFERENCES t%d (id));",
                    "CREATE INDEX i%d ON t%d (a, b);");
    drift_schema *two = many_tables(5000,
                                    "create table \"t%d\" (id integer, a, b, c, d, e, f, g, h, p, primary key (id), "
                                    "foreign key (p) references \"t%d\");",
                                    "create index [i%d] on [t%d] (a asc, b);");
    ck_assert_uint_eq(count_differences(one, two), 0);
    drift_schema_free(one);
    drift_schema_free(two);
}
END_TEST

static drift_entity opaque(drift_entity_kind kind, const char *sql)
{
    return (drift_entity){.kind = kind, .name = "x", .sql = sql, .opaque = true};
}

static drift_facet only_facet(drift_entity a, drift_entity b)
{
    const drift_schema one = {.entities = &a, .entity_count = 1}, two = {.entities = &b, .entity_count = 1};
    drift_diff *diff = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_diff_schemas(&diff, &one, &two, NULL, &err));
    ck_assert_uint_eq(diff->count, 1);
    const drift_facet facet = diff->differences[0].facet;
    drift_diff_free(diff);
    return facet;
}

START_TEST(what_is_only_text_is_compared_as_tokens)
{
    drift_entity a = opaque(DRIFT_ENTITY_TABLE, "CREATE TABLE IF NOT EXISTS x (a WITH \"b\" ? ? == 1)");
    drift_entity b = opaque(DRIFT_ENTITY_TABLE, "create temp table [X](A with b ? ?=01)");
    const drift_schema one = {.entities = &a, .entity_count = 1}, two = {.entities = &b, .entity_count = 1};
    ck_assert_uint_eq(count_differences(&one, &two), 0);
    b.sql = "create table x (a with c ? ? = 1)";
    ck_assert_int_eq(only_facet(a, b), DRIFT_FACET_TABLE_SQL);
    ck_assert_int_eq(only_facet(opaque(DRIFT_ENTITY_INDEX, "CREATE UNIQUE INDEX x ?"),
                                opaque(DRIFT_ENTITY_INDEX, "CREATE INDEX x ?")),
                     DRIFT_FACET_INDEX_COLUMNS);
    ck_assert_int_eq(
        only_facet(opaque(DRIFT_ENTITY_VIEW, "CREATE VIEW x ? 1"), opaque(DRIFT_ENTITY_VIEW, "CREATE VIEW x ? 2")),
        DRIFT_FACET_VIEW_SQL);
    ck_assert_int_eq(only_facet(opaque(DRIFT_ENTITY_TRIGGER, "CREATE TRIGGER x ? 1"),
                                opaque(DRIFT_ENTITY_TRIGGER, "CREATE TRIGGER x")),
                     DRIFT_FACET_TRIGGER_SQL);
    ck_assert_int_eq(only_facet(opaque(DRIFT_ENTITY_VIRTUAL_TABLE, "CREATE VIRTUAL TABLE x 1"),
                                opaque(DRIFT_ENTITY_VIRTUAL_TABLE, NULL)),
                     DRIFT_FACET_VIRTUAL_SQL);
}
END_TEST

START_TEST(statements_without_a_name_take_no_part)
{
    drift_entity query = {.kind = DRIFT_ENTITY_QUERY, .sql = "INSERT INTO t VALUES (1)"};
    const drift_schema one = {.entities = &query, .entity_count = 1}, none = {0};
    ck_assert_uint_eq(count_differences(&one, &none), 0);
    ck_assert_uint_eq(count_differences(&none, &one), 0);
}
END_TEST

/* CREATE TABLE t (`first`, `count` more columns, `last`). */
static drift_schema *wide(const char *first, unsigned count, const char *last)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    drift_schema *schema = NULL;
    drift__str_printf(&text, "CREATE TABLE t (%s", first);
    for (unsigned i = 0; i < count; i++) drift__str_printf(&text, ", c%u", i);
    drift__str_printf(&text, ", %s)", last);
    ck_assert_drift(drift_schema_parse(&schema, drift__str_text(&text), text.length, &err));
    drift__str_dispose(&text);
    return schema;
}

/* SQLite refuses two columns of one name, a text may hold them: of each the last is meant, wherever it stands, and
 * however many columns there are. */
START_TEST(of_columns_with_one_name_the_last_is_compared)
{
    const unsigned counts[] = {0, 1, 13, 14, 15, 16, 40};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        drift_schema *twice = wide("a TEXT", counts[i], "A INT"), *once = wide("a INT", counts[i], "b TEXT");
        ck_assert_uint_eq(count_differences(once, twice), 1); /* b is missing */
        ck_assert_uint_eq(count_differences(twice, once), 2); /* the first a is TEXT, and b is not expected */
        drift_schema_free(once);
        drift_schema_free(twice);
    }
}
END_TEST

/* What a rule names is found among few columns and among many. */
START_TEST(a_rule_names_columns_of_wide_tables_too)
{
    const unsigned counts[] = {0, 13, 14, 15, 16, 40};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        drift_schema *one = wide("a INTEGER CHECK (\"a\" > \"z\")", counts[i], "b, PRIMARY KEY (A), UNIQUE (\"B\")");
        drift_schema *two = wide("A INTEGER CHECK ([a] > 'z') PRIMARY KEY", counts[i], "b UNIQUE");
        ck_assert_uint_eq(count_differences(one, two), 0);
        ck_assert_uint_eq(count_differences(two, one), 0);
        drift_schema_free(one);
        drift_schema_free(two);
    }
}
END_TEST

TCase *compare_robust_case(void)
{
    TCase *tcase = suite_case("robust");
    tcase_add_test(tcase, out_of_memory_anywhere_is_told_and_nothing_leaks);
    tcase_add_test(tcase, out_of_memory_is_told_with_every_option_too);
    tcase_add_test(tcase, hostile_expressions_are_compared_in_bounded_time_and_depth);
    tcase_add_test(tcase, a_chain_of_five_thousand_tables_is_compared);
    tcase_add_test(tcase, what_is_only_text_is_compared_as_tokens);
    tcase_add_test(tcase, statements_without_a_name_take_no_part);
    tcase_add_test(tcase, of_columns_with_one_name_the_last_is_compared);
    tcase_add_test(tcase, a_rule_names_columns_of_wide_tables_too);
    return tcase;
}
