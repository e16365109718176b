/* check_fresh_rows.c — a row of an upgraded database has to be a row of a fresh one. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "support/suite.h"
#include "verify/given.h"

/* Writes a table's text by hand, which no row notices. */
#define EDIT(kind, name, sql)                                                                                         \
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '" sql "' WHERE type = '" kind "' AND name = '" name \
    "'; PRAGMA writable_schema = RESET"

#define BOUNDARY (1u << DRIFT_DATA_BOUNDARY)
#define HOSTILE  (1u << DRIFT_DATA_HOSTILE)
#define ONE      (1u << DRIFT_DATA_ONE)

static const drift_verify_options one = {.levels = ONE, .seed = 7};
static const drift_verify_options plain = {.levels = ONE, .seed = 7, .runner = DRIFT_RUNNER_PLAIN};

/* What only the comparison with a fresh database sees. */
static const struct {
    const char *before, *after, *step, *told;
} edited[] = {
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, g AS (a + 1) STORED)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, g AS (a + 1 - a) STORED)",
     EDIT("table", "t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, g AS (a + 1 - a) STORED)"),
     "path.data t.g"},
    {"CREATE TABLE t (a INT NOT NULL, g AS (a + 1) STORED NOT NULL)",
     "CREATE TABLE t (a INT NOT NULL, g AS (nullif(a, a)) STORED NOT NULL)",
     EDIT("table", "t", "CREATE TABLE t (a INT NOT NULL, g AS (nullif(a, a)) STORED NOT NULL)"), "path.data t"},
    {"CREATE TABLE u (x)", "CREATE TABLE u (x); CREATE TABLE t (k TEXT, l INT, a INTEGER, PRIMARY KEY (k, l))",
     "CREATE TABLE t (k TEXT, l INT, a REAL, PRIMARY KEY (k, l)); INSERT INTO t VALUES ('k', 1, 5e14);" EDIT(
         "table", "t", "CREATE TABLE t (k TEXT, l INT, a INTEGER, PRIMARY KEY (k, l))"),
     "path.data t.a"},
    {"CREATE TABLE u (x)", "CREATE TABLE u (x); CREATE TABLE t (k INTEGER, a, PRIMARY KEY (k)) WITHOUT ROWID",
     "CREATE TABLE t (k REAL, a, PRIMARY KEY (k)) WITHOUT ROWID; INSERT INTO t VALUES (5e14, 1);" EDIT(
         "table", "t", "CREATE TABLE t (k INTEGER, a, PRIMARY KEY (k)) WITHOUT ROWID"),
     "path.data t.k"},
    {"CREATE TABLE t (a INT)", "CREATE TABLE t (a INT CHECK (a IS NULL))",
     "PRAGMA ignore_check_constraints = ON; CREATE TABLE n (a INT CHECK (a IS NULL)); INSERT INTO n (rowid, a) SELECT"
     " rowid, a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "path.data t"},
    {"CREATE TABLE t (a TEXT, rowid INT, _rowid_ INT, oid INT)",
     "CREATE TABLE t (a TEXT CHECK (a IS NULL), rowid INT, _rowid_ INT, oid INT)",
     "PRAGMA ignore_check_constraints = ON;" EDIT(
         "table", "t", "CREATE TABLE t (a TEXT CHECK (a IS NULL), rowid INT, _rowid_ INT, oid INT)"),
     "path.data t"},
};

static void assert_told(drift_outcome *outcome, const char *told)
{
    ck_assert_uint_eq(outcome->run_count, 1);
    ck_assert_msg(outcome->runs[0].finding_count == 1, "%s: %zu findings", told, outcome->runs[0].finding_count);
    const drift_finding *finding = &outcome->runs[0].findings[0];
    char found[128];
    snprintf(found, sizeof found, "%s %s", drift_finding_code_name(finding->code), finding->object);
    ck_assert_str_eq(found, told);
    drift_outcome_free(outcome);
}

START_TEST(what_nobody_could_store_now_is_told)
{
    given g = given_pair(edited[_i].before, edited[_i].after, edited[_i].step);
    assert_told(given_verify(&g, &plain), edited[_i].told);
    given_done(&g);
}
END_TEST

START_TEST(a_value_is_told_with_what_it_would_be_and_its_row)
{
    assert_one(
        "CREATE TABLE u (x)", "CREATE TABLE u (x); CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a REAL); INSERT INTO t VALUES (1, 0.5), (2, 5e14), (3, 6e14);" //
        EDIT("table", "t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)"),
        "1->2 one: path.data t.a: the same row inserted into a fresh v2 comes out as 500000000000000, not"
        " 500000000000000.0, in 2 rows, the first: id = 2\n");
    assert_one("CREATE TABLE u (x)", "CREATE TABLE u (x); CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
               "CREATE TABLE t (id INTEGER PRIMARY KEY, a REAL); INSERT INTO t VALUES (1, 0.5), (2, 5e14);" //
               EDIT("table", "t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)"),
               "1->2 one: path.data t.a: the same row inserted into a fresh v2 comes out as 500000000000000, not"
               " 500000000000000.0, in 1 row, the first: id = 2\n");
}
END_TEST

START_TEST(a_refused_row_is_told_with_the_reason)
{
    static const char *const schemas[] = {
        "CREATE TABLE t (a INT NOT NULL); CREATE TABLE n (k TEXT, l INT, a INT CHECK (a < 3), PRIMARY KEY (l, k))"
        " WITHOUT ROWID",
        "CREATE TABLE t (a INT NOT NULL); CREATE TABLE n (a INT CHECK (a < 3))"};
    static const char *const rows[] = {"('a', 2, 1), ('b', 1, 3), ('c', 3, 5)", "(1), (3), (5)"};
    static const char *const named[] = {"k = 'b', l = 1", "rowid = 2"};
    for (int i = 0; i < 2; i++) {
        char step[256], told[256];
        snprintf(step, sizeof step, "PRAGMA ignore_check_constraints = ON; %s; INSERT INTO n VALUES %s",
                 strchr(schemas[i], ';') + 1, rows[i]);
        snprintf(told, sizeof told,
                 "1->2 one: path.data n: the same row inserted into a fresh v2 is refused: CHECK constraint failed:"
                 " a < 3; the first: %s\n",
                 named[i]);
        given g = given_pair("CREATE TABLE t (a INT NOT NULL)", schemas[i], step);
        assert_findings(given_verify(&g, &plain), told);
        given_done(&g);
    }
}
END_TEST

/* Of these PRAGMA integrity_check knows as well, of the second only from SQLite 3.40 on. */
static const struct {
    unsigned level;
    const char *before, *after, *step;
} unsound[] = {
    {BOUNDARY, "CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT NOT NULL)",
     EDIT("table", "t", "CREATE TABLE t (a TEXT NOT NULL)")},
    {ONE, "CREATE TABLE u (x)", "CREATE TABLE u (x); CREATE TABLE t (a INTEGER)",
     "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('42');" EDIT("table", "t", "CREATE TABLE t (a INTEGER)")},
    {ONE, "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT CHECK (a IS NULL))",
     EDIT("table", "t", "CREATE TABLE t (a INT CHECK (a IS NULL))")},
    {HOSTILE, "CREATE TABLE t (a INT); CREATE INDEX i ON t (a)",
     "CREATE TABLE t (a INT); CREATE UNIQUE INDEX i ON t (a)", EDIT("index", "i", "CREATE UNIQUE INDEX i ON t (a)")},
};

START_TEST(what_integrity_check_tells_too_is_told_once)
{
    given g = given_pair(unsound[_i].before, unsound[_i].after, unsound[_i].step);
    drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.levels = unsound[_i].level, .seed = 7});
    const drift_run *run = &outcome->runs[0];
    ck_assert_uint_eq(run->finding_count, 1);
    ck_assert(run->findings[0].code == DRIFT_FINDING_HIDDEN_INTEGRITY ||
              run->findings[0].code == DRIFT_FINDING_PATH_DATA);
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

START_TEST(a_fault_of_one_table_hides_none_of_another)
{
    static const char after[] = "CREATE TABLE t (a TEXT NOT NULL); CREATE TABLE u (a INT, g AS (a + 2) STORED)";
    given g = given_pair("CREATE TABLE t (a TEXT); CREATE TABLE u (a INT, g AS (a + 1) STORED)", after,
                         EDIT("table", "t", "CREATE TABLE t (a TEXT NOT NULL)") ";" EDIT(
                             "table", "u", "CREATE TABLE u (a INT, g AS (a + 2) STORED)"));
    drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.levels = BOUNDARY, .seed = 7});
    ck_assert_uint_eq(outcome->runs[0].finding_count, 2);
    ck_assert_int_eq(outcome->runs[0].findings[0].code, DRIFT_FINDING_HIDDEN_INTEGRITY);
    ck_assert_int_eq(outcome->runs[0].findings[1].code, DRIFT_FINDING_PATH_DATA);
    ck_assert_str_eq(outcome->runs[0].findings[1].object, "u.g");
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

/* The like of a fault, and what would follow from one that is told already. */
static const struct {
    const char *before, *after, *step, *told;
} quiet[] = {
    {"CREATE TABLE t (a VARCHAR(20) NOT NULL)", "CREATE TABLE t (a TEXT)",
     EDIT("table", "t", "CREATE TABLE t (a TEXT)"), ""},
    {"CREATE TABLE t (a INT, g AS (a + 1) STORED)", "CREATE TABLE t (a INT, g AS (1 + a) STORED)",
     EDIT("table", "t", "CREATE TABLE t (a INT, g AS (1 + a) STORED)"), ""},
    {"CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE, b INT NOT NULL ON CONFLICT REPLACE DEFAULT 0)",
     "CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE, b INT NOT NULL ON CONFLICT REPLACE DEFAULT 0, c REAL DEFAULT 5)",
     "ALTER TABLE t ADD COLUMN c REAL DEFAULT 5", ""},
    {"CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INT REFERENCES p)",
     "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INT REFERENCES p, b TEXT DEFAULT 1);"
     "CREATE TRIGGER r BEFORE INSERT ON t WHEN new.b = 1 BEGIN SELECT RAISE(ABORT, 'no'); END",
     "ALTER TABLE t ADD COLUMN b TEXT DEFAULT 1;"
     "CREATE TRIGGER r BEFORE INSERT ON t WHEN new.b = 1 BEGIN SELECT RAISE(ABORT, 'no'); END",
     ""},
    {"CREATE TABLE t (a TEXT CHECK (a IN ('42', '43')))", "CREATE TABLE t (a INTEGER CHECK (a IN ('42', '43')))",
     "SELECT 1", "1->2 one: schema.column.type t.a: column type: expected INTEGER, found TEXT\n"},
    {"CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX i ON t (1)",
     "INSERT INTO t SELECT a FROM t",
     "1->2 one: schema.missing i: index missing\n"
     "1->2 one: data.extra_rows t: 1 of 2 rows were not there before, the first: rowid = 2\n"},
};

START_TEST(what_comes_out_the_same_is_no_difference)
{
    assert_one(quiet[_i].before, quiet[_i].after, quiet[_i].step, quiet[_i].told);
}
END_TEST

START_TEST(only_rows_are_compared_and_only_if_routes_are)
{
    given g = given_pair(edited[0].before, edited[0].after, edited[0].step);
    assert_findings(given_verify(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_EMPTY}), "");
    assert_findings(given_verify(&g, &(drift_verify_options){.levels = ONE, .no_paths = true}), "");
    given_done(&g);
}
END_TEST

static char *wide_table(const char *computed)
{
    drift_error err = {0};
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL;
    drift__str_printf(&text, "CREATE TABLE t (g AS (%s) STORED", computed);
    for (int i = 1; i <= 120; i++) drift__str_printf(&text, ", a%d", i);
    drift__str_putc(&text, ')');
    ck_assert_drift(drift__str_take(&sql, &text, &err));
    return sql;
}

/* Many columns are compared in several calls of a function that takes a hundred values. */
START_TEST(wide_tables_are_compared_whole)
{
    char *before = wide_table("a2"), *after = wide_table("a3"), step[4096];
    snprintf(step, sizeof step, EDIT("table", "t", "%s"), after);
    given g = given_pair(before, after, step);
    assert_told(given_verify(&g, &one), "path.data t.g");
    given_done(&g);
    drift_free(before);
    drift_free(after);
}
END_TEST

START_TEST(stand_ins_serve_a_fresh_database_too)
{
    static const char table[] = "CREATE TABLE t (a TEXT COLLATE app_order CHECK (app_valid(a)), g AS (app_key(a)))";
    given g = given_pair(table, "CREATE TABLE t (a TEXT COLLATE app_order CHECK (app_valid(a)), g AS (app_key(a)), b)",
                         "ALTER TABLE t ADD COLUMN b");
    assert_findings(given_verify(&g, &(drift_verify_options){.levels = ONE, .stub_functions = true}), "");
    given_done(&g);
}
END_TEST

START_TEST(without_memory_nothing_else_is_told)
{
    given g = given_pair(edited[_i].before, edited[_i].after, edited[_i].step);
    assert_verified_without_memory(&g, &plain, NULL, 7);
    given_done(&g);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

TCase *case_fresh_rows(void)
{
    TCase *tcase = suite_case("fresh_rows");
    tcase_add_loop_test(tcase, what_nobody_could_store_now_is_told, 0, COUNT(edited));
    tcase_add_test(tcase, a_value_is_told_with_what_it_would_be_and_its_row);
    tcase_add_test(tcase, a_refused_row_is_told_with_the_reason);
    tcase_add_loop_test(tcase, what_integrity_check_tells_too_is_told_once, 0, COUNT(unsound));
    tcase_add_test(tcase, a_fault_of_one_table_hides_none_of_another);
    tcase_add_loop_test(tcase, what_comes_out_the_same_is_no_difference, 0, COUNT(quiet));
    tcase_add_test(tcase, only_rows_are_compared_and_only_if_routes_are);
    tcase_add_test(tcase, wide_tables_are_compared_whole);
    tcase_add_test(tcase, stand_ins_serve_a_fresh_database_too);
    tcase_add_loop_test(tcase, without_memory_nothing_else_is_told, 0, 2);
    return tcase;
}
