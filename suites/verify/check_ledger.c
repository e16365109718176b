/* check_ledger.c — rows matched and compared: keys of every kind, values of every type, and what the ledger says. */
#include <sqlite3.h>
#include <string.h>

#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/ledger.h"
#include "verify/referee_world.h"
#include "verify/world.h"

/* Rebuilds t with these columns. */
#define REBUILD(columns, select) \
    "CREATE TABLE n (" columns "); INSERT INTO n " select "; DROP TABLE t; ALTER TABLE n RENAME TO t"
#define REBUILD_AS(columns, options, select) \
    "CREATE TABLE n (" columns ") " options "; INSERT INTO n " select "; DROP TABLE t; ALTER TABLE n RENAME TO t"

/* Each: the old database, the change, the findings. */
static const char *const matching[][3] = {
    /* by INTEGER PRIMARY KEY: values that two rows exchanged are changed values, not moved rows */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z')",
     "UPDATE t SET a = CASE id WHEN 1 THEN 'y' WHEN 2 THEN 'x' ELSE a END",
     "data.changed t.a: expected 'x', found 'y' in 2 of 3 rows, the first: id = 1\n"},
    /* a composite key of which one part changed is another row */
    {"CREATE TABLE t (a, b, v, PRIMARY KEY (a, b)); INSERT INTO t VALUES (1, 2, 'x'), (1, 3, 'y')",
     "UPDATE t SET b = 4 WHERE b = 3",
     "data.lost_rows t: 1 of 2 rows lost, the first: a = 1, b = 3\n"
     "data.extra_rows t: 1 of 2 rows were not there before, the first: a = 1, b = 4\n"},
    /* a composite key in another order of columns */
    {"CREATE TABLE t (a, b, v, PRIMARY KEY (a, b)); INSERT INTO t VALUES (1, 2, 'x'), (2, 1, 'y')",
     REBUILD("v, b, a, PRIMARY KEY (b, a)", "SELECT v, b, a FROM t"), ""},
    /* WITHOUT ROWID, on both sides and on one */
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO t VALUES ('a', 1), ('b', 2)",
     "UPDATE t SET v = 3 WHERE k = 'b'", "data.changed t.v: expected 2, found 3 in 1 of 2 rows, the first: k = 'b'\n"},
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO t VALUES ('a', 1), ('b', 2)",
     REBUILD("k TEXT PRIMARY KEY, v", "SELECT k, v FROM t WHERE k <> 'a'"),
     "data.lost_rows t: 1 of 2 rows lost, the first: k = 'a'\n"},
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('a', 1), (NULL, 2)",
     REBUILD_AS("k TEXT PRIMARY KEY, v", "WITHOUT ROWID", "SELECT coalesce(k, ''), v FROM t"),
     "data.lost_rows t: 1 of 2 rows lost, the first: k = NULL\n"
     "data.extra_rows t: 1 of 2 rows were not there before, the first: k = ''\n"},
    /* rows without a complete key are a multiset, the remainder paired by rowid */
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v);"
     "INSERT INTO t (rowid, k, v) VALUES (1, NULL, 'a'), (2, NULL, 'a'), (3, NULL, 'b'), (4, 'k', 'c')",
     "UPDATE t SET rowid = 8 WHERE rowid = 1; UPDATE t SET v = 'x' WHERE v = 'b'; UPDATE t SET v = 'd' WHERE k = 'k'",
     "data.changed t.v: expected 'b', found 'x' in 2 of 4 rows, the first: k = NULL\n"},
    /* a key under NOCASE: the letters of the key are its value */
    {"CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v); INSERT INTO t VALUES ('Ab', 1), ('c', 2)",
     "UPDATE t SET k = 'aB' WHERE k = 'ab'",
     "data.lost_rows t: 1 of 2 rows lost, the first: k = 'Ab'\n"
     "data.extra_rows t: 1 of 2 rows were not there before, the first: k = 'aB'\n"},
    {"CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO t VALUES ('Ab', 1), ('c', 2)",
     REBUILD("k TEXT PRIMARY KEY, v", "SELECT k, v FROM t"), ""},
    /* keys that are BLOBs, REALs, and the same number as another type */
    {"CREATE TABLE t (k BLOB PRIMARY KEY, v); INSERT INTO t VALUES (x'00ff', 1), ('00ff', 2), (x'', 3)",
     "UPDATE t SET v = 9 WHERE k = x''", "data.changed t.v: expected 3, found 9 in 1 of 3 rows, the first: k = x''\n"},
    {"CREATE TABLE t (k REAL PRIMARY KEY, v); INSERT INTO t VALUES (0.1, 1), (1e300, 2), (-9e999, 3)",
     "UPDATE t SET k = 0.1 + 1e-18, v = 4 WHERE v = 1",
     "data.changed t.v: expected 1, found 4 in 1 of 3 rows, the first: k = 0.10000000000000001\n"},
    {"CREATE TABLE t (k PRIMARY KEY, v); INSERT INTO t VALUES (1, 'a'), ('2', 'b')",
     "UPDATE t SET k = 1.0 WHERE k = 1; UPDATE t SET k = 2 WHERE k = '2'",
     "data.lost_rows t: 2 of 2 rows lost, the first: k = 1\n"
     "data.extra_rows t: 2 of 2 rows were not there before, the first: k = 1.0\n"},
    /* a key that is unique no more: its rows are counted */
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('a', 1), ('b', 2)",
     REBUILD("k TEXT, v", "SELECT k, v FROM t UNION ALL SELECT k, v FROM t WHERE k = 'a'"),
     "data.extra_rows t: 1 of 3 rows were not there before, the first: k = 'a'\n"},
    /* a key of another affinity, as it was or cast; rows that the cast merges are lost */
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('1', 1), ('x', 2)",
     REBUILD("k INTEGER PRIMARY KEY, v", "SELECT CAST(k AS INTEGER), v FROM t"),
     "data.affinity t.k: expected 'x', found 0 in 1 of 2 rows, the first: k = 'x'\n"},
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('1', 1), ('2', 2)",
     REBUILD("k INTEGER PRIMARY KEY, v", "SELECT CAST(k AS INTEGER), v FROM t"), ""},
    {"CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('1', 1), ('01', 2)",
     REBUILD("k INTEGER PRIMARY KEY, v", "SELECT CAST(k AS INTEGER), max(v) FROM t GROUP BY 1"),
     "data.lost_rows t: 1 of 2 rows lost, the first: k = '01'\n"
     "data.changed t.v: expected 1, found 2 in 1 of 2 rows, the first: k = '1'\n"},
    /* duplicates without a key are counted */
    {"CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (1, 2), (1, 2), (3, 4)",
     "DELETE FROM t WHERE rowid IN (2, 3)", "data.lost_rows t: 2 of 4 rows lost, the first: rowid = 2\n"},
    {"CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (1, 2), (3, 4)",
     REBUILD("a, b", "SELECT DISTINCT a, b FROM t"), "data.lost_rows t: 1 of 3 rows lost, the first: rowid = 2\n"},
    /* moved rows without a key are the same rows; exchanged values are another multiset */
    {"CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4)",
     REBUILD("b, a", "SELECT b, a FROM t ORDER BY a DESC"), ""},
    {"CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4)", REBUILD("a, b", "SELECT a, b + 0 FROM t"), ""},
    {"CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4)", "UPDATE t SET b = 6 - b",
     "data.changed t.b: expected 2, found 4 in 2 of 2 rows, the first: rowid = 1\n"},
    {"CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4)", REBUILD("a, b", "SELECT b, a FROM t"),
     "data.changed t.a: expected 1, found 2 in 2 of 2 rows, the first: rowid = 1\n"
     "data.changed t.b: expected 2, found 1 in 2 of 2 rows, the first: rowid = 1\n"},
    /* no shared column: only the number of rows is left to compare */
    {"CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)", REBUILD("b", "SELECT a FROM t WHERE a < 3"),
     "data.lost_rows t: 1 of 3 rows lost, the first: rowid = 3\n"},
    /* no name for the rowid is left */
    {"CREATE TABLE t (rowid, oid, _rowid_); INSERT INTO t VALUES (1, 2, 3), (4, 5, 6)", "DELETE FROM t WHERE oid = 5",
     "data.lost_rows t: 1 of 2 rows lost, the first: a row without key\n"},
    /* a retyped column of a table without a key */
    {"CREATE TABLE t (a TEXT, b); INSERT INTO t VALUES ('1', 'x'), ('2', 'y')",
     REBUILD("a INT, b", "SELECT a, b FROM t ORDER BY b DESC"), ""},
};

/* Each: the old value and the new one of a column without a type. The first are texts of UTF-8. */
enum { ONLY_UTF8 = 3 };
static const char *const values[][2] = {
    {"'a'", "CAST(x'6100' AS TEXT)"},
    {"CAST(x'ff' AS TEXT)", "CAST(x'fe' AS TEXT)"},
    {"CAST(x'610062' AS TEXT)", "CAST(x'610063' AS TEXT)"},
    {"1", "1.0"},
    {"0.0", "-0.0"},
    {"'a'", "x'61'"},
    {"''", "x''"},
    {"'a'", "'A'"},
    {"'a'", "'a '"},
    {"9007199254740993", "9007199254740992"},
    {"9223372036854775807", "9223372036854775807.0"},
    {"-9223372036854775808", "-9223372036854775808.0"},
    {"0.1", "0.10000000000000002"},
    {"4.9e-324", "0.0"},
    {"9e999", "1.7976931348623157e308"},
    {"CAST(x'6100' AS TEXT)", "CAST(x'6200' AS TEXT)"},
    {"'e' || char(0x301)", "char(0xe9)"},
    {"'1'", "1"},
    {"x'00'", "zeroblob(2)"},
};

START_TEST(rows_are_matched_as_the_rules_say)
{
    assert_findings_are(&(judged){matching[_i][0], matching[_i][1], NULL, 0, NULL}, matching[_i][2]);
}
END_TEST

START_TEST(another_type_or_byte_is_another_value)
{
    static const char *const encodings[] = {"UTF-8", "UTF-16le", "UTF-16be"};
    static const char *const tables[] = {"t (id INTEGER PRIMARY KEY, a)", "t (id PRIMARY KEY, a)", "t (id, a)"};
    for (size_t i = 0; i < (_i < ONLY_UTF8 ? 3 : 9); i++) {
        char before[512], change[512], *found;
        sqlite3_snprintf((int)sizeof before, before,
                         "PRAGMA encoding = '%s'; CREATE TABLE %s; INSERT INTO t VALUES (1, %s), (2, 'other')",
                         encodings[i / 3], tables[i % 3], values[_i][0]);
        sqlite3_snprintf((int)sizeof change, change, "UPDATE t SET a = %s WHERE id = 1", values[_i][1]);
        found = judge_findings(&(judged){before, change, NULL, 0, NULL});
        ck_assert_ptr_nonnull(strstr(found, "data.changed t.a: "));
        ck_assert_ptr_nonnull(strstr(found, "in 1 of 2 rows"));
        drift_free(found);
        sqlite3_snprintf((int)sizeof change, change, "UPDATE t SET a = %s WHERE id = 1", values[_i][0]);
        assert_findings_are(&(judged){before, change, NULL, 0, NULL}, "");
    }
}
END_TEST

START_TEST(a_value_that_became_null_has_its_own_code)
{
    assert_findings_are(&(judged){.before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b);"
                                            "INSERT INTO t VALUES (1, 7, 1), (2, 8, 2), (3, NULL, NULL)",
                                  .change = REBUILD("id INTEGER PRIMARY KEY, a TEXT, b",
                                                    "SELECT id, nullif(a, 7), nullif(b, 1) + 5 FROM t")},
                        "data.nulled t.a: expected 7, found NULL in 1 of 3 rows, the first: id = 1\n"
                        "data.nulled t.b: expected 1, found NULL in 1 of 3 rows, the first: id = 1\n"
                        "data.changed t.b: expected 2, found 7 in 1 of 3 rows, the first: id = 2\n");
}
END_TEST

START_TEST(null_that_has_to_go_may_become_anything)
{
    assert_findings_are(
        &(judged){.before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
                            "INSERT INTO t VALUES (1, 7), (2, NULL)",
                  .change = REBUILD("id INTEGER PRIMARY KEY, a NOT NULL", "SELECT id, coalesce(a, 'none') FROM t")},
        "");
}
END_TEST

START_TEST(names_with_quotes_are_names)
{
    assert_findings_are(&(judged){.before = "CREATE TABLE \"it's \"\"t\"\"\" (\"a'b\" PRIMARY KEY, \"x;--\", [r]);"
                                            "INSERT INTO \"it's \"\"t\"\"\" VALUES ('k', 1, 2)",
                                  .change = "UPDATE \"it's \"\"t\"\"\" SET \"x;--\" = 3"},
                        "data.changed it's \"t\".x;--: expected 1, found 3 in 1 of 1 rows, the first: a'b = 'k'\n");
}
END_TEST

START_TEST(virtual_tables_are_read_and_compared)
{
    static const char rows[] = "INSERT INTO f (rowid, a, b) VALUES (1, 'one', 'x'), (5, 'two', 'y'), (9, 'two', 'y')";
    static const char *const modules[] = {"fts4 (a, b)", "fts5 (a, b)"};
    for (size_t i = 0; i < 2; i++) {
        char before[256];
        sqlite3_snprintf((int)sizeof before, before, "CREATE VIRTUAL TABLE f USING %s; %s", modules[i], rows);
        assert_findings_are(&(judged){before, "UPDATE f SET a = a", NULL, 0, NULL}, "");
        assert_findings_are(
            &(judged){before, "UPDATE f SET b = 'z' WHERE rowid = 5; DELETE FROM f WHERE rowid = 9", NULL, 0, NULL},
            "data.lost_rows f: 1 of 3 rows lost, the first: rowid = 9\n"
            "data.changed f.b: expected 'y', found 'z' in 1 of 3 rows, the first: rowid = 5\n");
    }
    assert_findings_are(&(judged){.before = "CREATE VIRTUAL TABLE r USING rtree (id, x1, x2);"
                                            "INSERT INTO r VALUES (1, 0, 1), (2, 2, 3)",
                                  .change = "UPDATE r SET x2 = 4 WHERE id = 2"},
                        "data.changed r.x2: expected 3.0, found 4.0 in 1 of 2 rows, the first: rowid = 2\n");
}
END_TEST

/* Its rows are those of the content table, and told there. */
START_TEST(an_index_over_another_table_is_told_once)
{
    assert_findings_are(
        &(judged){.before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x'), (2, 'y');"
                            "CREATE VIRTUAL TABLE f USING fts5 (a, content = 't', content_rowid = 'id');"
                            "INSERT INTO f (f) VALUES ('rebuild')",
                  .change = "UPDATE t SET a = 'z' WHERE id = 1; DELETE FROM t WHERE id = 2;"
                            "INSERT INTO f (f) VALUES ('rebuild')"},
        "data.lost_rows t: 1 of 2 rows lost, the first: id = 2\n"
        "data.changed t.a: expected 'x', found 'z' in 1 of 2 rows, the first: id = 1\n");
}
END_TEST

START_TEST(generated_columns_are_computed_not_lost)
{
    assert_findings_are(
        &(judged){.before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, g INT AS (a * 2), s AS (a || '!') STORED);"
                            "INSERT INTO t (id, a) VALUES (1, 5)",
                  .change = REBUILD("id INTEGER PRIMARY KEY, a INT, g INT, s AS (a || '?') STORED",
                                    "SELECT id, a, g FROM t")},
        "");
}
END_TEST

START_TEST(a_table_whose_old_rows_cannot_be_read_has_nothing_to_lose)
{
    assert_findings_are(&(judged){.before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x');"
                                            "CREATE VIRTUAL TABLE f USING fts5 (a, content=t, content_rowid=id);"
                                            "INSERT INTO f (f) VALUES ('rebuild'); DROP TABLE t",
                                  .change = "SELECT 1"},
                        "");
}
END_TEST

START_TEST(the_referee_needs_no_exclusive_lock_to_be_lifted)
{
    assert_findings_are(&(judged){.before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x')",
                                  .change = "PRAGMA locking_mode = EXCLUSIVE; UPDATE t SET a = 'y'"},
                        "data.changed t.a: expected 'x', found 'y' in 1 of 1 rows, the first: id = 1\n");
}
END_TEST

START_TEST(functions_of_an_application_get_stand_ins)
{
    const drift_verify_options options = {.stub_functions = true};
    assert_findings_are(&(judged){.before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x')",
                                  .change = "UPDATE t SET a = NULL",
                                  .options = &options},
                        "data.nulled t.a: expected 'x', found NULL in 1 of 1 rows, the first: id = 1\n");
}
END_TEST

/* ---- the ledger ---- */

START_TEST(the_ledger_says_what_became_of_each_column)
{
    assert_ledger_is(&(judged){.before =
                                   "CREATE TABLE t (id INTEGER PRIMARY KEY, same TEXT, cast_ TEXT, filled INT, gone);"
                                   "INSERT INTO t VALUES (1, 'a', '1', NULL, 5), (2, 'b', '2', 7, 6);"
                                   "CREATE TABLE dropped (x); INSERT INTO dropped VALUES (1), (2), (3);"
                                   "CREATE TABLE empty (x)",
                               .change = REBUILD("new, new2 DEFAULT 3, id INTEGER PRIMARY KEY, same TEXT, cast_ INT,"
                                                 "filled INT NOT NULL",
                                                 "(id, same, cast_, filled) SELECT id, same, cast_, coalesce(filled, "
                                                 "0) FROM t") ";"
                                                              "DROP TABLE dropped; CREATE TABLE added (y); INSERT INTO "
                                                              "added VALUES (1)"},
                     "t identity 2>2 matched 2 lost 0 extra 0 | id identity, same identity, cast_ transformed 2, "
                     "filled filled 1,"
                     " gone dropped, new added, new2 filled 2\n"
                     "dropped dropped 3>0 matched 0 lost 0 extra 0\n"
                     "empty identity 0>0 matched 0 lost 0 extra 0 | x identity\n"
                     "added added 0>1 matched 0 lost 0 extra 0\n");
}
END_TEST

START_TEST(the_ledger_counts_rows_in_and_out)
{
    assert_ledger_is(&(judged){.before = "CREATE TABLE t (k TEXT PRIMARY KEY, v);"
                                         "INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3)",
                               .change = "DELETE FROM t WHERE k = 'a'; INSERT INTO t VALUES ('d', 4), ('e', 5);"
                                         "UPDATE t SET v = 0 WHERE k = 'c'"},
                     "t identity 3>4 matched 2 lost 1 extra 2 | k identity, v transformed 1\n");
}
END_TEST

/* 200,000 rows on each side are matched as a multiset, all of them moved, within a bound that does not know of them. */
START_TEST(memory_does_not_grow_with_the_rows)
{
    static const char before[] = "CREATE TABLE t (a, b);"
                                 "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d)"
                                 "INSERT INTO t SELECT n, 'value ' || n FROM s";
    sqlite3_int64 used[2];
    for (int i = 0; i < 2; i++) {
        char sql[256];
        sqlite3_snprintf((int)sizeof sql, sql, before, i ? 60000 : 30000);
        sqlite3_memory_highwater(1);
        assert_findings_are(&(judged){sql, "UPDATE t SET rowid = rowid + 1000000", NULL, 0, NULL}, "");
        used[i] = sqlite3_memory_highwater(0);
    }
    /* The databases themselves are in memory: 1.2 MB for 30,000 rows, three times. What is ours is bounded. */
    ck_assert_int_lt(used[1] - used[0], 8 * 1024 * 1024);
}
END_TEST

/* ---- without memory ---- */

static drift_connection *swept_before, *swept_after;
static drift_schema *swept_target;

/* A connection of its own for every attempt: what a connection keeps is no leak. */
static int open_again(drift_connection **out, drift_connection *of, drift_error *err)
{
    return drift_connection_open(out, sqlite3_db_filename(drift_connection_handle(of), "main"),
                                 &(drift_connection_options){.vfs = "memdb"}, err);
}

static int attempt_to_judge(void)
{
    static const drift_expectation entries[] = {
        {1, 2, DRIFT_EXPECT_TRANSFORM, "t", "v", "3"},
        {1, 2, DRIFT_EXPECT_DROP_ROWS, "t", NULL, "v = 1"},
        {1, 2, DRIFT_EXPECT_TRANSFORM, "t", "k", "k || 'y'"},
    };
    const drift_expectations list = {"test", entries, 3};
    const drift_verify_options options = {0};
    drift_error err = {0};
    drift__outcome_builder *builder = NULL;
    drift__expect *expect = NULL;
    drift_outcome *outcome = NULL;
    drift_connection *before = NULL, *after = NULL;
    int rc = drift__outcome_begin(&builder, "schemas", "steps", "drift", 0, &err);
    if (rc == DRIFT_OK) rc = drift__expect_begin(&expect, &list, NULL, &err);
    if (rc == DRIFT_OK) rc = open_again(&before, swept_before, &err);
    if (rc == DRIFT_OK) rc = open_again(&after, swept_after, &err);
    if (rc == DRIFT_OK) {
        drift__outcome_begin_run(builder, 1, 2, "boundary");
        drift__outcome_set_rows(builder, 4);
        drift__judgement judgement = {.outcome = builder,
                                      .before = before,
                                      .after = after,
                                      .target = swept_target,
                                      .options = &options,
                                      .expect = expect};
        drift__ledger_step step = {
            .judgement = &judgement, .before = before, .after = after, .target = swept_target, .from = 1, .to = 2};
        rc = drift__ledger_judge(&step, &err);
    }
    if (rc == DRIFT_OK) {
        drift__outcome_end_run(builder, 0);
        rc = drift__outcome_finish(&outcome, builder, 2, 1, &err);
        builder = NULL;
    }
    drift__outcome_abandon(builder);
    drift_outcome_free(outcome);
    drift__expect_free(expect);
    drift_connection_close(after);
    drift_connection_close(before);
    return rc;
}

START_TEST(judging_without_memory_is_an_error)
{
    const drift_verify_options options = {0};
    drift_error err = {0};
    ck_assert_drift(drift__world_open(&swept_before, &options, &err));
    ck_assert_drift(drift_exec(swept_before,
                               "CREATE TABLE t (k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
                               "INSERT INTO t VALUES ('a', 1), ('b', 2)",
                               &err));
    ck_assert_drift(drift__world_clone(&swept_after, swept_before, &options, &err));
    ck_assert_drift(drift_exec(swept_after, "UPDATE t SET v = 3, k = k || 'x'; CREATE TABLE new (x)", &err));
    ck_assert_drift(drift_introspect(&swept_target, swept_after, &err));
    suite_memory_sweep(attempt_to_judge);
    drift_schema_free(swept_target);
    drift_connection_close(swept_after);
    drift_connection_close(swept_before);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("ledger");
    TCase *tcase = suite_case("ledger");
    tcase_add_loop_test(tcase, rows_are_matched_as_the_rules_say, 0, (int)(sizeof matching / sizeof matching[0]));
    tcase_add_loop_test(tcase, another_type_or_byte_is_another_value, 0, (int)(sizeof values / sizeof values[0]));
    tcase_add_test(tcase, a_value_that_became_null_has_its_own_code);
    tcase_add_test(tcase, null_that_has_to_go_may_become_anything);
    tcase_add_test(tcase, names_with_quotes_are_names);
    tcase_add_test(tcase, virtual_tables_are_read_and_compared);
    tcase_add_test(tcase, an_index_over_another_table_is_told_once);
    tcase_add_test(tcase, generated_columns_are_computed_not_lost);
    tcase_add_test(tcase, a_table_whose_old_rows_cannot_be_read_has_nothing_to_lose);
    tcase_add_test(tcase, the_referee_needs_no_exclusive_lock_to_be_lifted);
    tcase_add_test(tcase, functions_of_an_application_get_stand_ins);
    tcase_add_test(tcase, the_ledger_says_what_became_of_each_column);
    tcase_add_test(tcase, the_ledger_counts_rows_in_and_out);
    tcase_add_test(tcase, memory_does_not_grow_with_the_rows);
    tcase_add_test(tcase, judging_without_memory_is_an_error);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_expect());
    suite_add_tcase(suite, case_expect_file());
    return suite_run(suite);
}
