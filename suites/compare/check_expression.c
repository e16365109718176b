/* check_expression.c — the canonical form of expressions, by themselves: which spellings are one, and which are not.
 * SQLite's own reading is asked where it can be: two constant expressions that are one must have one value. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "compare/cases.h"
#include "compare/expression.h"
#include "support/suite.h"

static drift__map columns;
static const drift__scope scope = {.names = &columns, .table = "t"};

static void with_columns(void)
{
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) ck_assert_int_eq(drift__map_put(&columns, names[i], names[i], NULL), 0);
}

static bool are_one(const char *x, const char *y)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    const char *one = drift__expression_canonical(&arena, x, &scope);
    const char *two = drift__expression_canonical(&arena, y, &scope);
    ck_assert_ptr_nonnull(one);
    ck_assert_ptr_nonnull(two);
    const bool same = strcmp(one, two) == 0;
    drift__arena_dispose(&arena);
    return same;
}

static void assert_one(const char *const (*pairs)[2], size_t count)
{
    with_columns();
    for (size_t i = 0; i < count; i++) {
        if (!are_one(pairs[i][0], pairs[i][1])) ck_abort_msg("%s is not %s", pairs[i][0], pairs[i][1]);
    }
    drift__map_dispose(&columns);
}

static void assert_two(const char *const (*pairs)[2], size_t count)
{
    with_columns();
    for (size_t i = 0; i < count; i++) {
        if (are_one(pairs[i][0], pairs[i][1])) ck_abort_msg("%s is taken for %s", pairs[i][0], pairs[i][1]);
    }
    drift__map_dispose(&columns);
}

#define ONE(...)                                         \
    static const char *const pairs[][2] = {__VA_ARGS__}; \
    assert_one(pairs, sizeof pairs / sizeof *pairs)
#define TWO(...)                                         \
    static const char *const pairs[][2] = {__VA_ARGS__}; \
    assert_two(pairs, sizeof pairs / sizeof *pairs)

START_TEST(parentheses_that_precedence_makes_redundant_are_dropped)
{
    ONE({"a + b * c", "a + (b * c)"}, {"a - b - c", "(a - b) - c"}, {"a || b || c", "((a || b) || c)"},
        {"a < b = c", "(a < b) = c"}, {"a = b < c", "a = (b < c)"}, {"a & b + c", "a & (b + c)"},
        {"a << b & c", "(a << b) & c"}, {"NOT a = b", "NOT (a = b)"}, {"a OR b AND c", "a OR (b AND c)"},
        {"-a * b", "(-a) * b"}, {"-a || b", "(-a) || b"}, {"~a + b", "(~a) + b"},
        {"a BETWEEN b AND c AND a", "(a BETWEEN b AND c) AND a"},
        {"a BETWEEN b + 1 AND c + 1", "a BETWEEN (b + 1) AND (c + 1)"}, {"a LIKE b || '%'", "a LIKE (b || '%')"},
        {"a IS NULL = b", "(a IS NULL) = b"}, {"a COLLATE NOCASE = b", "(a COLLATE NOCASE) = b"},
        {"a || b COLLATE NOCASE", "a || (b COLLATE NOCASE)"}, {"a -> '$' ->> 'x'", "(a -> '$') ->> 'x'"},
        {"a IN (b) = c", "(a IN (b)) = c"}, {"((((a))))", "a"},
        {"CASE WHEN (a) THEN (b) ELSE ((c)) END", "CASE WHEN a THEN b ELSE c END"}, {"abs((a))", "abs(a)"},
        {"coalesce(a, (b), c)", "coalesce((a), b, (c))"}, {"a IN ((1), (2))", "a IN (1, 2)"}, {"(a), (b)", "a, b"});
}
END_TEST

START_TEST(parentheses_that_mean_something_stay)
{
    TWO({"(a + b) * c", "a + b * c"}, {"a - (b - c)", "a - b - c"}, {"(a OR b) AND c", "a OR b AND c"},
        {"(NOT a) = b", "NOT a = b"}, {"a = (b = c)", "a = b = c"}, {"-(a || b)", "-a || b"},
        {"(a || b) COLLATE NOCASE", "a || b COLLATE NOCASE"}, {"a IN (SELECT 1)", "a IN ((SELECT 1))"},
        {"(a, b) = (1, 2)", "a, b = 1, 2"}, {"a BETWEEN (b AND c) AND 1", "a BETWEEN b AND c AND 1"},
        {"(a BETWEEN b AND c) = 1", "a BETWEEN b AND (c = 1)"}, {"a + (b + c)", "a + b + c"});
}
END_TEST

START_TEST(names_fold_and_lose_their_quotes)
{
    ONE({"\"a\"", "a"}, {"[A]", "a"}, {"`a`", "A"}, {"t.a", "a"}, {"\"T\".[a]", "a"}, {"'t'.'a'", "a"},
        {"LOWER(a)", "lower(A)"}, {"a COLLATE nocase", "A COLLATE \"NOCASE\""}, {"\"other\"", "'other'"},
        {"\"it\"\"s\"", "'it\"s'"}, {"\"it's\"", "'it''s'"}, {"current_TIME", "CURRENT_TIME"});
}
END_TEST

START_TEST(names_are_told_from_strings_and_words)
{
    TWO({"\"a\"", "'a'"}, {"[other]", "'other'"}, {"u.a", "a"}, {"\"current_time\"", "current_time"},
        {"\"true\"", "true"}, {"'a'", "'A'"}, {"lower(a)", "upper(a)"}, {"\"a.b\"", "a.b"}, {"null", "'null'"},
        {"a COLLATE nocase", "a COLLATE rtrim"});
}
END_TEST

START_TEST(operators_have_one_spelling)
{
    ONE({"a == b", "a = b"}, {"a != b", "a <> b"}, {"a NOTNULL", "a IS NOT NULL"}, {"a NOT NULL", "a IS NOT NULL"},
        {"a ISNULL", "a IS NULL"}, {"a IS (NULL)", "a ISNULL"}, {"a IS NOT DISTINCT FROM b", "a IS b"},
        {"a IS DISTINCT FROM b", "a IS NOT b"}, {"a NOT IN (1)", "NOT a IN (1)"}, {"a NOT LIKE b", "NOT (a LIKE b)"},
        {"a NOT GLOB b", "NOT a GLOB b"}, {"a NOT BETWEEN 1 AND 2", "NOT a BETWEEN 1 AND 2"},
        {"a AND NOT b NOTNULL", "a AND NOT (b IS NOT NULL)"}, {"a IS (TRUE)", "a IS true"},
        {"raise(abort, \"x\")", "RAISE(ABORT, 'x')"}, {"a = TRUE", "a = 1"}, {"CAST(a AS INT)", "cast((a) AS BIGINT)"});
}
END_TEST

START_TEST(operators_that_differ_are_told_apart)
{
    TWO({"a = b", "a IS b"}, {"a = NULL", "a IS NULL"}, {"a IS TRUE", "a IS 1"}, {"a IS TRUE", "a IS FALSE"},
        {"a IS NOT TRUE", "NOT a IS TRUE"}, {"a < b", "a <= b"}, {"a < b", "b > a"}, {"a AND b", "b AND a"},
        {"a LIKE b", "a GLOB b"}, {"a -> b", "a ->> b"}, {"a LIKE b", "a LIKE b ESCAPE 'x'"}, {"+a", "a"}, {"-a", "a"},
        {"~a", "a"}, {"EXISTS (SELECT a)", "(SELECT a)"}, {"CAST(a AS INT)", "CAST(a AS REAL)"},
        {"count(a)", "count(DISTINCT a)"}, {"count(*)", "count(a)"},
        {"CASE a WHEN b THEN c END", "CASE WHEN a THEN c END"}, {"a is not distinct from b", "a is not b"});
}
END_TEST

START_TEST(numbers_are_compared_by_value)
{
    ONE({"0x10", "16"}, {"0X1f", "31"}, {"0xFFFFFFFFFFFFFFFF", "-1"}, {"0x8000000000000000", "-9223372036854775808"},
        {"007", "7"}, {"00", "0"}, {"+1", "1"}, {"- -1", "1"}, {"-0", "0"}, {"-(1)", "-1"}, {"1.", "1.0"},
        {".5", "0.50"}, {"1e3", "1000.0"}, {"12.5e-1", "1.25"}, {"0.0", "0e9"}, {"1E+2", "100.0"},
        {"9223372036854775808", "9223372036854775808.0"}, {"- 9223372036854775808", "(-9223372036854775808)"},
        {"+'x'", "'x'"}, {"x'AB'", "X'ab'"}, {"-TRUE", "-1"}, {"1e400", "1E+0400"}, {"100000000000000000000", "1e20"});
}
END_TEST

START_TEST(numbers_of_another_value_or_class_are_told_apart)
{
    TWO({"1", "1.0"}, {"1", "'1'"}, {"1", "-1"}, {"9223372036854775807", "9223372036854775808"},
        {"-9223372036854775808", "-9223372036854775808.0"}, {"9223372036854775807", "9223372036854775807.0"},
        {"0.1", "0.01"}, {"1e3", "1e-3"}, {"x'ab'", "'ab'"}, {"10", "1"}, {"1.5", "15"}, {"-0.0", "0.0"});
}
END_TEST

START_TEST(what_is_not_understood_stays_as_tokens)
{
    ONE({"a b  c", "a B /**/ c"}, {"a ? 1", "A  ?  1"}, {"((a", "( (a"}, {"12ab", "12ab"}, {"a +", "a  +"},
        {"", " -- nothing"},
        {"max(a) FILTER (WHERE a > 0) OVER (PARTITION BY b ORDER BY c ASC)",
         "MAX(a) filter (where (a > 0)) over (partition by (b) order by c)"});
    with_columns();
    ck_assert(!are_one("a b", "a c"));
    ck_assert(!are_one("max(a) OVER (ORDER BY b)", "max(a) OVER (ORDER BY b DESC)"));
    drift__map_dispose(&columns);
}
END_TEST

/* The tree is the one that SQLite sees: a random constant expression has the same value when it is written again with
 * every parenthesis that the tree has. */
typedef struct random_text {
    char text[4096];
    size_t length;
    unsigned state;
} random_text;

static unsigned draw(random_text *r, unsigned below)
{
    r->state = r->state * 1664525u + 1013904223u;
    return (r->state >> 16) % below;
}

static void put(random_text *r, const char *text)
{
    r->length += (size_t)snprintf(r->text + r->length, sizeof r->text - r->length, "%s", text);
}

static void put_random(random_text *r, int depth)
{
    static const char *const operators[] = {" OR ", " AND ", " = ", " <> ", " IS ", " IS NOT ",
                                            " < ",  " >= ",  " & ", " | ",  " << ", " + ",
                                            " - ",  " * ",   " / ", " % ",  " || ", " LIKE "};
    static const char *const leaves[] = {"0", "1", "2", "NULL", "'1'", "'x'", "1.5", "-3"};
    static const char *const signs[] = {"NOT ", "-", "~"};
    const unsigned what = depth ? draw(r, 8) : 0;
    if (what < 2) {
        put(r, leaves[draw(r, 8)]);
    } else if (what == 2) {
        put(r, signs[draw(r, 3)]);
        put(r, " ");
        put_random(r, depth - 1);
    } else if (what == 3) {
        put(r, "(");
        put_random(r, depth - 1);
        put(r, ")");
    } else {
        put_random(r, depth - 1);
        put(r, operators[draw(r, 18)]);
        put_random(r, depth - 1);
    }
}

/* The tree, written as SQL with every parenthesis. */
static void put_tree(drift__str *out, const drift__node *node)
{
    if (node->kind != DRIFT__NODE_LIST) {
        drift__node_print(out, node);
        return;
    }
    static const char *const names[][2] = {{"isnull", " IS NULL"}, {"notnull", " IS NOT NULL"}};
    static const char *const prefixes[][2] = {{"not", "NOT "}, {"minus", "- "}, {"~", "~ "}};
    drift__str_putc(out, '(');
    for (size_t i = 0; i < 3; i++) {
        if (drift__node_is(node, prefixes[i][0])) drift__str_puts(out, prefixes[i][1]);
    }
    for (const drift__node *child = node->first; child; child = child->next) {
        if (child != node->first) drift__str_printf(out, " %s ", drift__node_is(node, "isnot") ? "IS NOT" : node->text);
        put_tree(out, child);
    }
    for (size_t i = 0; i < 2; i++) {
        if (drift__node_is(node, names[i][0])) drift__str_puts(out, names[i][1]);
    }
    drift__str_putc(out, ')');
}

static char *value_of(sqlite3 *db, const char *expression)
{
    sqlite3_stmt *statement = NULL;
    char *value = NULL, *sql = sqlite3_mprintf("SELECT quote(%s)", expression);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) ck_abort_msg("%s: %s", sql, sqlite3_errmsg(db));
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_mprintf("%s", sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return value;
}

static void assert_tree_has_value(sqlite3 *db, const char *expression)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__str text = DRIFT__STR_INIT;
    const drift__node *run = drift__expression_parse(&arena, expression, &scope);
    ck_assert_ptr_nonnull(run);
    if (run->first != run->last) ck_abort_msg("%s is not understood", expression);
    put_tree(&text, run->first);
    char *want = value_of(db, expression), *got = value_of(db, drift__str_text(&text));
    if (strcmp(want, got) != 0) ck_abort_msg("%s is %s, but %s is %s", expression, want, drift__str_text(&text), got);
    sqlite3_free(want);
    sqlite3_free(got);
    drift__str_dispose(&text);
    drift__arena_dispose(&arena);
}

START_TEST(random_expressions_are_read_as_sqlite_reads_them)
{
    sqlite3 *db = NULL;
    static random_text r;
    r.state = 42;
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (int i = 0; i < 3000; i++) {
        r.length = 0;
        put_random(&r, 4);
        assert_tree_has_value(db, r.text);
    }
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}
END_TEST

TCase *compare_expression_case(void)
{
    TCase *tcase = suite_case("expression");
    tcase_add_test(tcase, parentheses_that_precedence_makes_redundant_are_dropped);
    tcase_add_test(tcase, parentheses_that_mean_something_stay);
    tcase_add_test(tcase, names_fold_and_lose_their_quotes);
    tcase_add_test(tcase, names_are_told_from_strings_and_words);
    tcase_add_test(tcase, operators_have_one_spelling);
    tcase_add_test(tcase, operators_that_differ_are_told_apart);
    tcase_add_test(tcase, numbers_are_compared_by_value);
    tcase_add_test(tcase, numbers_of_another_value_or_class_are_told_apart);
    tcase_add_test(tcase, what_is_not_understood_stays_as_tokens);
    tcase_add_test(tcase, random_expressions_are_read_as_sqlite_reads_them);
    return tcase;
}
