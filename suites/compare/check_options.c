/* check_options.c — each field of drift_diff_options. */
#include "compare/cases.h"
#include "compare/diffing.h"
#include "drift/kit/parse.h"
#include "support/suite.h"

START_TEST(unexpected_entities_may_be_allowed_but_not_unexpected_columns)
{
    const drift_diff_options options = {.allow_unexpected = true};
    same_with("CREATE TABLE t (a)", "CREATE TABLE t (a)", &options);
    drift_schema *few = parsed("CREATE TABLE t (a)"), *more = parsed("CREATE TABLE t (a, b); CREATE INDEX i ON t (a)");
    drift_diff *diff = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_diff_schemas(&diff, few, more, &options, &err));
    ck_assert_uint_eq(diff->count, 1);
    ck_assert_int_eq(diff->differences[0].facet, DRIFT_FACET_COLUMN_UNEXPECTED);
    drift_diff_free(diff);
    ck_assert_drift(drift_diff_schemas(&diff, more, few, &options, &err));
    ck_assert_uint_eq(diff->count, 2);
    drift_diff_free(diff);
    drift_schema_free(few);
    drift_schema_free(more);
}
END_TEST

START_TEST(constraints_may_be_left_out)
{
    const drift_diff_options options = {.ignore_column_constraints = true};
    same_with("CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT NOT NULL "
              "DEFAULT 1 UNIQUE "
              "COLLATE NOCASE CHECK (b > 0) REFERENCES p, c AS (a))",
              "CREATE TABLE p (x); CREATE TABLE t (a INT, b TEXT, c)", &options);
    differ_with(
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b INT) STRICT", "CREATE TABLE t (a TEXT)",
        "t: table\n  a: type: expected INTEGER, found TEXT\n  b: missing\n  strict: expected STRICT, found none\n",
        &options);
}
END_TEST

START_TEST(strict_adds_column_order)
{
    const drift_diff_options options = {.strict = true};
    differ_with("CREATE TABLE t (a, b, c)", "CREATE TABLE t (c, a, d)",
                "t: table\n  b: missing\n  d: unexpected\n  order: expected (a, c), found (c, a)\n", &options);
    same_with("CREATE TABLE t (a, b)", "CREATE TABLE T (A, \"b\")", &options);
}
END_TEST

START_TEST(strict_adds_declared_type_names)
{
    const drift_diff_options options = {.strict = true};
    differ_with("CREATE TABLE t (a TEXT, b INT)", "CREATE TABLE t (a VARCHAR(42), b)",
                "t: table\n  a: type: expected TEXT, found VARCHAR(42)\n  b: type: expected INT, found none\n",
                &options);
    same_with("CREATE TABLE t (a double  precision)", "CREATE TABLE t (a DOUBLE PRECISION)", &options);
    same_with("CREATE TABLE t (a DECIMAL(10,5))", "CREATE TABLE t (a decimal ( 10, 5 ))", &options);
    differ_with("CREATE TABLE t (a DECIMAL(10,5))", "CREATE TABLE t (a DECIMAL(10,-5))",
                "t: table\n  a: type: expected DECIMAL(10,5), found DECIMAL(10,-5)\n", &options);
}
END_TEST

START_TEST(strict_adds_constraint_names)
{
    const drift_diff_options options = {.strict = true};
    differ_with(
        "CREATE TABLE t (a CONSTRAINT nn NOT NULL CONSTRAINT d DEFAULT 1 CONSTRAINT c COLLATE NOCASE, b CONSTRAINT g "
        "AS (a), CONSTRAINT k CHECK (a > 0))",
        "CREATE TABLE t (a NOT NULL DEFAULT 1 COLLATE NOCASE, b AS (a), CONSTRAINT m CHECK (a > 0))",
        "t: table\n"
        "  a: constraint: expected CONSTRAINT nn NOT NULL, found NOT NULL\n"
        "  a: default: expected CONSTRAINT d DEFAULT 1, found 1\n"
        "  a: collation: expected CONSTRAINT c COLLATE NOCASE, found NOCASE\n"
        "  b: generated: expected CONSTRAINT g GENERATED ALWAYS AS (a) VIRTUAL, found GENERATED ALWAYS AS (a) VIRTUAL\n"
        "  check: expected CONSTRAINT k CHECK (a > 0), found CONSTRAINT m CHECK (a > 0)\n",
        &options);
}
END_TEST

START_TEST(strict_adds_constraint_position)
{
    const drift_diff_options options = {.strict = true};
    differ_with("CREATE TABLE t (a INTEGER PRIMARY KEY, b UNIQUE, c CHECK (c > 0))",
                "CREATE TABLE t (a INTEGER, b, c, PRIMARY KEY (a), UNIQUE (b), CHECK (c > 0))",
                "t: table\n"
                "  primary key: expected column a: PRIMARY KEY (a), found PRIMARY KEY (a)\n"
                "  unique: expected column b: UNIQUE (b), found UNIQUE (b)\n"
                "  check: expected column c: CHECK (c > 0), found CHECK (c > 0)\n",
                &options);
}
END_TEST

START_TEST(a_unique_index_may_stand_for_a_unique_constraint)
{
    const drift_diff_options options = {.unique_index_is_constraint = true};
    same_with("CREATE TABLE t (a, b, UNIQUE (a, b))", "CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (a, b)",
              &options);
    same_with("CREATE TABLE t (a COLLATE NOCASE UNIQUE)",
              "CREATE TABLE t (a COLLATE NOCASE); CREATE UNIQUE INDEX i ON t (a COLLATE NOCASE)", &options);
    differ_with("CREATE TABLE t (a, b, UNIQUE (a, b))", "CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (b, a)",
                "t: table\n  unique: expected UNIQUE (a, b), found none\ni: index: unexpected\n", &options);
    differ_with("CREATE TABLE t (a UNIQUE)", "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a) WHERE a > 0",
                "t: table\n  unique: expected UNIQUE (a), found none\ni: index: unexpected\n", &options);
    differ_with("CREATE TABLE t (a UNIQUE)", "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
                "t: table\n  unique: expected UNIQUE (a), found none\ni: index: unexpected\n", &options);
    differ_with("CREATE TABLE t (a UNIQUE ON CONFLICT IGNORE)", "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)",
                "t: table\n  unique: expected UNIQUE (a) ON CONFLICT IGNORE, found none\ni: index: unexpected\n",
                &options);
}
END_TEST

START_TEST(ignored_objects_take_no_part)
{
    const char *const globs[] = {"temp_*", "T.cache_?", "", NULL};
    const drift_diff_options options = {.ignore = globs};
    same_with("CREATE TABLE t (a, cache_1, cache_\xc3\xa9)", "CREATE TABLE t (a)", &options);
    same_with("CREATE TABLE TEMP_x (a); CREATE INDEX i ON temp_x (a); CREATE VIEW temp_ AS SELECT 1", "", &options);
    differ_with("CREATE TABLE t (a, cache_12); CREATE TABLE x_temp_ (a)", "CREATE TABLE t (a)",
                "t: table\n  cache_12: missing\nx_temp_: table: missing\n", &options);
}
END_TEST

START_TEST(globs_match_whole_paths)
{
    const char *const globs[] = {"*_log*s", "a*b*c", NULL};
    const drift_diff_options options = {.ignore = globs};
    same_with("CREATE TABLE my_log_entries (a); CREATE TABLE axxbyybzzc (a)", "", &options);
    differ_with("CREATE TABLE my_log_entry (a); CREATE TABLE abcd (a)", "",
                "my_log_entry: table: missing\nabcd: table: missing\n", &options);
}
END_TEST

TCase *compare_options_case(void)
{
    TCase *tcase = suite_case("options");
    tcase_add_test(tcase, unexpected_entities_may_be_allowed_but_not_unexpected_columns);
    tcase_add_test(tcase, constraints_may_be_left_out);
    tcase_add_test(tcase, strict_adds_column_order);
    tcase_add_test(tcase, strict_adds_declared_type_names);
    tcase_add_test(tcase, strict_adds_constraint_names);
    tcase_add_test(tcase, strict_adds_constraint_position);
    tcase_add_test(tcase, a_unique_index_may_stand_for_a_unique_constraint);
    tcase_add_test(tcase, ignored_objects_take_no_part);
    tcase_add_test(tcase, globs_match_whole_paths);
    return tcase;
}
