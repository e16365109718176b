/* check_dart.c — Dart expressions to SQL. */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "snapshot/cases.h"
#include "snapshot/dart.h"

static const drift__dart_column columns[] = {
    {"age", "age", DRIFT_LOGICAL_INT},
    {"fullName", "full_name", DRIFT_LOGICAL_TEXT},
    {"weight", "weight", DRIFT_LOGICAL_DOUBLE},
};

enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

typedef struct pair {
    const char *dart;
    const char *sql; /* NULL: not known */
} pair;

static void check_in(const pair *pairs, size_t count, const drift__dart_scope *scope)
{
    drift_error err = {0};
    for (size_t i = 0; i < count; i++) {
        drift__arena arena = DRIFT__ARENA_INIT;
        const char *sql = NULL;
        ck_assert_drift(drift__dart_to_sql(&sql, &arena, pairs[i].dart, scope, &err));
        if (!sql != !pairs[i].sql || (sql && strcmp(sql, pairs[i].sql) != 0))
            ck_abort_msg("%s gave %s, not %s", pairs[i].dart, sql ? sql : "nothing",
                         pairs[i].sql ? pairs[i].sql : "nothing");
        drift__arena_dispose(&arena);
    }
}

static void check_pairs(const pair *pairs, size_t count)
{
    check_in(pairs, count, &(drift__dart_scope){columns, COLUMN_COUNT, false, false});
}

#define CHECK_PAIRS(pairs) check_pairs(pairs, sizeof(pairs) / sizeof(pairs)[0])

START_TEST(a_custom_expression_is_its_text)
{
    static const pair pairs[] = {
        {"const CustomExpression('0')", "0"},
        {"CustomExpression(\"it's\")", "it's"},
        {"const CustomExpression<bool>('FALSE')", "FALSE"},
        {"const CustomExpression<Map<String, List<int>>>('1')", "1"},
        {"new CustomExpression('x')", "x"},
        {"const drift.CustomExpression('x')", "x"},
        {"const CustomExpression('1 + 2', precedence: Precedence.plusMinus)", "1 + 2"},
        {"const CustomExpression('x', watchedTables: [a, b(c)], )", "x"},
        {"const CustomExpression.dialectSpecific({SqlDialect.postgres: 'now()', SqlDialect.sqlite: 'date()'})",
         "date()"},
        {"const CustomExpression.dialectSpecific({SqlDialect.postgres: 'now()'})", NULL},
        {"/* a /* b */ */ const // c\n CustomExpression('x')", "x"},
    };
    CHECK_PAIRS(pairs);
}
END_TEST

START_TEST(every_form_of_a_string_is_read)
{
    static const pair pairs[] = {
        {"CustomExpression('a\\n\\t\\'\\\\\\$\\x41\\u00e9\\u{1F600}\\q')", "a\n\t'\\$A\xc3\xa9\xf0\x9f\x98\x80q"},
        {"CustomExpression(r'a\\n$b')", "a\\n$b"},
        {"CustomExpression(r\"\\\")", "\\"},
        {"CustomExpression('a' \"b\" r'c')", "abc"},
        {"CustomExpression('''it's\n\"so\"''')", "it's\n\"so\""},
        {"CustomExpression(\"\"\"\n  a\"\"\")", "  a"},
        {"CustomExpression('''''')", ""},
        {"CustomExpression('\\uD83D\\uDE00')", "\xf0\x9f\x98\x80"},
        {"CustomExpression('\xc3\xbc')", "\xc3\xbc"},
        {"CustomExpression('\\u20AC')", "\xe2\x82\xac"},
    };
    CHECK_PAIRS(pairs);
}
END_TEST

START_TEST(a_string_that_dart_would_compute_or_refuse_is_not_known)
{
    static const pair pairs[] = {
        {"CustomExpression('$x')", NULL},          {"CustomExpression('a' 'b${c}')", NULL},
        {"CustomExpression('open)", NULL},         {"CustomExpression('''open'')", NULL},
        {"CustomExpression('two\nlines')", NULL},  {"CustomExpression('\\u12')", NULL},
        {"CustomExpression('\\uD83D')", NULL},     {"CustomExpression('\\uD83D\\u0041')", NULL},
        {"CustomExpression('\\u{110000}')", NULL}, {"CustomExpression('\\x00')", NULL},
        {"CustomExpression('\\u{41')", NULL},      {"CustomExpression('a\\", NULL},
    };
    CHECK_PAIRS(pairs);
}
END_TEST

START_TEST(a_constant_is_written_as_drift_writes_it)
{
    static const pair pairs[] = {
        {"const Constant(null)", "NULL"},
        {"const Constant(true)", "1"},
        {"const Constant<bool>(false)", "0"},
        {"Constant(-5)", "-5"},
        {"Constant(0x1F)", "31"},
        {"Constant(0xFFFFFFFFFFFFFFFF)", "-1"},
        {"Constant(-0x10)", "-16"},
        {"Constant(9223372036854775807)", "9223372036854775807"},
        {"Constant(-9223372036854775808)", "-9223372036854775808"},
        {"Constant(9223372036854775808)", NULL},
        {"Constant(0x10000000000000000)", NULL},
        {"Constant(1_000)", "1000"},
        {"Constant(1.0)", "1.0"},
        {"Constant(-1.50)", "-1.5"},
        {"Constant(1e3)", "1000.0"},
        {"Constant(.5)", "0.5"},
        {"Constant(0.000001)", "0.000001"},
        {"Constant(0.0000001)", "1e-7"},
        {"Constant(1e20)", "100000000000000000000.0"},
        {"Constant(1.25e21)", "1.25e+21"},
        {"Constant(0.0)", "0.0"},
        {"Constant(1e999)", NULL},
        {"Constant('it\\'s')", "'it''s'"},
        {"Constant(\"\", )", "''"},
        {"Constant(ThemeMode.system.name)", "'system'"},
        {"Constant(theme.ThemeMode.system.name)", "'system'"},
        {"drift.Constant(1)", "1"},
        {"Constant(BigInt.zero)", "0"},
        {"Constant(BigInt.from(-42))", "-42"},
        {"Constant(BigInt.from(x))", NULL},
        {"Constant(BigInt.parse('1'))", NULL},
    };
    CHECK_PAIRS(pairs);
}
END_TEST

START_TEST(a_constant_of_a_double_column_is_a_double)
{
    static const pair pairs[] = {{"const Constant(0)", "0.0"}, {"Constant(-3)", "-3.0"}, {"Constant(2.5)", "2.5"}};
    check_in(pairs, 3, &(drift__dart_scope){NULL, 0, false, true});
}
END_TEST

START_TEST(the_current_date_follows_the_storage_of_dates)
{
    static const pair numbers[] = {
        {"currentDateAndTime", "CAST(strftime('%s', CURRENT_TIMESTAMP) AS INTEGER)"},
        {"currentDate", "CAST(strftime('%s', CURRENT_DATE) AS INTEGER)"},
        {"drift.currentDate", "CAST(strftime('%s', CURRENT_DATE) AS INTEGER)"},
    };
    static const pair texts[] = {{"currentDateAndTime", "CURRENT_TIMESTAMP"}, {"currentDate", "CURRENT_DATE"}};
    CHECK_PAIRS(numbers);
    check_in(texts, 2, &(drift__dart_scope){NULL, 0, true, false});
}
END_TEST

START_TEST(comparisons_of_columns_are_written_as_drift_writes_them)
{
    static const pair pairs[] = {
        {"age.isBiggerOrEqualValue(18)", "\"age\" >= 18"},
        {"age.isBiggerThanValue(BigInt.two)", "\"age\" > 2"},
        {"ComparableExpr(age).isBiggerThanValue(-1)", "\"age\" > -1"},
        {"age.isSmallerThanValue(5)", "\"age\" < 5"},
        {"age.isSmallerOrEqual(age)", "\"age\" <= \"age\""},
        {"weight.isBiggerThanValue(0)", "\"weight\" > 0.0"},
        {"weight.isBiggerThan(const Constant(0))", "\"weight\" > 0.0"},
        {"(weight * const Constant(2)).isSmallerThanValue(3)", "\"weight\" * 2.0 < 3.0"},
        {"this.age.isBiggerThan(const Constant(1))", "\"age\" > 1"},
        {"fullName.equals('x')", "\"full_name\" = 'x'"},
        {"fullName.isNotValue('')", "\"full_name\" IS NOT ''"},
        {"fullName.isValue('a')", "\"full_name\" IS 'a'"},
        {"age.isBetweenValues(1, 5)", "\"age\" BETWEEN 1 AND 5"},
        {"age.isIn(const [1, 2, 3])", "\"age\" IN (1, 2, 3)"},
        {"age.isNotIn(<int>{1})", "\"age\" NOT IN (1)"},
        {"fullName.isIn(['a', Kind.b.name,])", "\"full_name\" IN ('a', 'b')"},
        {"fullName.length.isBiggerThanValue(0)", "LENGTH(\"full_name\") > 0"},
        {"StringExpressionOperators(fullName).length.equals(3)", "LENGTH(\"full_name\") = 3"},
        {"fullName.lower().like('a%')", "LOWER(\"full_name\") LIKE 'a%'"},
        {"age.isNull()", "\"age\" IS NULL"},
        {"age.isNotNull()", "\"age\" IS NOT NULL"},
        {"age.isNull().not()", "NOT \"age\" IS NULL"},
        {"age.isNull() & age.equals(1)", "\"age\" IS NULL AND \"age\" = 1"},
        {"(age.equals(1) | age.equals(2)) & age.isNotNull()", "(\"age\" = 1 OR \"age\" = 2) AND \"age\" IS NOT NULL"},
        {"age.isBiggerThan(CustomExpression('a OR b'))", "\"age\" > (a OR b)"},
    };
    CHECK_PAIRS(pairs);
}
END_TEST

START_TEST(arithmetic_groups_as_it_does_in_dart)
{
    static const pair pairs[] = {
        {"age * weight", "\"age\" * \"weight\""},
        {"age + age * age", "\"age\" + \"age\" * \"age\""},
        {"(age + age) * age", "(\"age\" + \"age\") * \"age\""},
        {"age - (age - age)", "\"age\" - (\"age\" - \"age\")"},
        {"age / (age * age)", "\"age\" / (\"age\" * \"age\")"},
        {"-age", "-\"age\""},
        {"fullName + const Constant('!')", "\"full_name\" || '!'"},
        {"const Constant('a') + fullName + fullName", "'a' || \"full_name\" || \"full_name\""},
        {"FunctionCallExpression<String>('coalesce', [fullName, const Constant('')])", "coalesce(\"full_name\", '')"},
        {"FunctionCallExpression(\"f\",[age,weight])", "f(\"age\", \"weight\")"},
        {"FunctionCallExpression('random', [])", "random()"},
    };
    CHECK_PAIRS(pairs);
}
END_TEST

START_TEST(what_only_dart_can_evaluate_is_not_known)
{
    static const pair pairs[] = {
        {"Constant(DateTime.now())", NULL},
        {"Constant(Kind.a.index)", NULL},
        {"Constant(kind.name)", NULL},
        {"Constant(settings.theme.name)", NULL},
        {"Constant(Kind.a.name.length)", NULL},
        {"Constant(1 + 2)", NULL},
        {"Constant()", NULL},
        {"Constant(1", NULL},
        {"Constant(1) extra", NULL},
        {"Constant(12ab)", NULL},
        {"ComparableExpr(age).isBiggerThan(Constant(DateTime(1900)))", NULL},
        {"stranger.equals(1)", NULL},
        {"age.isEven()", NULL},
        {"age.equals(other())", NULL},
        {"age.isIn(list)", NULL},
        {"age.isBiggerThan(-5 + age)", NULL},
        {"age + -5", NULL},
        {"CustomExpression('x', (", NULL},
        {"Constant<'x'>(1)", NULL},
        {"age.isBetweenValues(1)", NULL},
        {"age.isNull", NULL},
        {"1 + age", NULL},
        {"5", NULL},
        {"'text'", NULL},
        {"", NULL},
        {"(", NULL},
        {"FunctionCallExpression('f', age)", NULL},
        {"CustomExpression.other('x')", NULL},
        {"a.b.c.d.name", NULL},
        {"SomethingElse(1)", NULL},
    };
    CHECK_PAIRS(pairs);
}
END_TEST

/* Nesting and length have bounds: neither the stack nor the memory follows a hostile text. */
START_TEST(a_monstrous_expression_is_not_known)
{
    enum { SIZE = 200000 };
    char *text = drift__malloc(SIZE + 1);
    ck_assert_ptr_nonnull(text);
    memset(text, '(', SIZE);
    text[SIZE] = '\0';
    CHECK_PAIRS(((const pair[]){{text, NULL}}));
    for (size_t i = 0; i + 4 <= SIZE; i += 4) memcpy(text + i, "age+", 4);
    CHECK_PAIRS(((const pair[]){{text, NULL}}));
    memset(text, '-', SIZE);
    CHECK_PAIRS(((const pair[]){{text, NULL}}));
    drift__free(text);
}
END_TEST

TCase *dart_case(void)
{
    TCase *c = suite_case("dart");
    tcase_add_test(c, a_custom_expression_is_its_text);
    tcase_add_test(c, every_form_of_a_string_is_read);
    tcase_add_test(c, a_string_that_dart_would_compute_or_refuse_is_not_known);
    tcase_add_test(c, a_constant_is_written_as_drift_writes_it);
    tcase_add_test(c, a_constant_of_a_double_column_is_a_double);
    tcase_add_test(c, the_current_date_follows_the_storage_of_dates);
    tcase_add_test(c, comparisons_of_columns_are_written_as_drift_writes_them);
    tcase_add_test(c, arithmetic_groups_as_it_does_in_dart);
    tcase_add_test(c, what_only_dart_can_evaluate_is_not_known);
    tcase_add_test(c, a_monstrous_expression_is_not_known);
    return c;
}
