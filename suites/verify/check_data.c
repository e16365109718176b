/* check_data.c — what counts as loss. */
#include <string.h>

#include "support/suite.h"
#include "verify/given.h"

static const char *const rows_of_t = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)";

/* Each: old schema, new schema, step, findings. */
static const char *const cases[][4] = {
    /* dropped as declared */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE gone (x)", "CREATE TABLE t (id INTEGER PRIMARY KEY)",
     "DROP TABLE gone", ""},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)", "CREATE TABLE t (id INTEGER PRIMARY KEY, b)",
     "ALTER TABLE t DROP COLUMN a", ""},
    {"CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE TABLE n (x)", "CREATE TABLE n (x); INSERT INTO n VALUES (1)",
     ""},
    /* a new column is no loss, whatever it holds */
    {"CREATE TABLE t (a)", "CREATE TABLE t (a, b INT DEFAULT 5)", "ALTER TABLE t ADD COLUMN b INT DEFAULT 5", ""},
    /* copied by name into another order */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
     "CREATE TABLE t (b TEXT, a TEXT, id INTEGER PRIMARY KEY)",
     "CREATE TABLE n (b TEXT, a TEXT, id INTEGER PRIMARY KEY); INSERT INTO n (id, a, b) SELECT id, a, b FROM t;"
     "DROP TABLE t; ALTER TABLE n RENAME TO t",
     ""},
    /* the names' case does not matter */
    {"CREATE TABLE Tee (ID INTEGER PRIMARY KEY, a TEXT)", "CREATE TABLE tee (id INTEGER PRIMARY KEY, A TEXT)",
     "UPDATE tee SET a = NULL",
     "1->2 one: data.nulled Tee.a: expected '453 a', found NULL in 1 of 1 rows, the first: ID = 8743\n"},
    /* lost and extra rows */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
     "UPDATE t SET id = id + 1",
     "1->2 one: data.lost_rows t: 1 of 1 rows lost, the first: id = 7331\n"
     "1->2 one: data.extra_rows t: 1 of 1 rows were not there before, the first: id = 7332\n"},
    {"CREATE TABLE t (k TEXT PRIMARY KEY, a) WITHOUT ROWID", "CREATE TABLE t (k TEXT PRIMARY KEY, a) WITHOUT ROWID",
     "DELETE FROM t", "1->2 one: data.lost_rows t: 1 of 1 rows lost, the first: k = '8427 k'\n"},
    {"CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT)", "INSERT INTO t SELECT * FROM t",
     "1->2 one: data.extra_rows t: 1 of 2 rows were not there before, the first: rowid = 2\n"},
    /* a row without a key whose rowid changed is the same row, neither lost nor extra */
    {"CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT)", "UPDATE t SET rowid = 50",
     "1->2 one: hidden.rowid t: 1 row has another rowid, the first: 1 is 50 now\n"},
    /* a row without a key that changed is found again by its rowid */
    {"CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT)", "UPDATE t SET a = 'x'",
     "1->2 one: data.changed t.a: expected '6973 a', found 'x' in 1 of 1 rows, the first: rowid = 1\n"},
    /* type and bytes */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a)",
     "UPDATE t SET a = CAST(a AS BLOB)",
     "1->2 one: data.changed t.a: expected '6973 a', found x'363937332061' in 1 of 1 rows, the first: id = 7331\n"},
    /* another affinity: the old value, or what CAST makes of it if the way back leads to the old value */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO n SELECT * FROM t; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     ""},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a REAL)",
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a REAL); INSERT INTO n SELECT id, CAST(a AS REAL) FROM t; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     ""},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)",
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a INT); INSERT INTO n SELECT id, CAST(a AS INT) FROM t; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     "1->2 one: data.affinity t.a: expected '6973 a', found 6973 in 1 of 1 rows, the first: id = 7331\n"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)",
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a INT); INSERT INTO n SELECT id, 99 FROM t; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     "1->2 one: data.affinity t.a: expected '6973 a', found 99 in 1 of 1 rows, the first: id = 7331\n"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)",
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a INT); INSERT INTO n SELECT id, 0 FROM t; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     "1->2 one: data.affinity t.a: expected '6973 a', found 0 in 1 of 1 rows, the first: id = 7331\n"},
    /* a key of another affinity: the rows are the same, as the old key or as what CAST makes of it */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)",
     "CREATE TABLE n (id TEXT PRIMARY KEY, a TEXT); INSERT INTO n SELECT id, a FROM t; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     ""},
    {"CREATE TABLE t (k TEXT, l INT, a TEXT, PRIMARY KEY (k, l)) WITHOUT ROWID",
     "CREATE TABLE t (k INT, l INT, a TEXT, PRIMARY KEY (k, l)) WITHOUT ROWID",
     "CREATE TABLE n (k INT, l INT, a TEXT, PRIMARY KEY (k, l)) WITHOUT ROWID;"
     "INSERT INTO n SELECT CAST(k AS INT), l, NULL FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "1->2 one: data.affinity t.k: expected '8427 k', found 8427 in 1 of 1 rows, the first: k = '8427 k', l = 7700\n"
     "1->2 one: data.nulled t.a: expected '6973 a', found NULL in 1 of 1 rows, the first: k = '8427 k', l = 7700\n"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)",
     "CREATE TABLE n (id TEXT PRIMARY KEY, a TEXT); INSERT INTO n SELECT 'x' || id, a FROM t; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     "1->2 one: data.lost_rows t: 1 of 1 rows lost, the first: id = 7331\n"
     "1->2 one: data.extra_rows t: 1 of 1 rows were not there before, the first: id = 'x7331'\n"},
    /* what a column that becomes generated held is dropped as declared */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT GENERATED ALWAYS AS (id * 2) VIRTUAL)",
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a INT GENERATED ALWAYS AS (id * 2) VIRTUAL); INSERT INTO n SELECT id FROM"
     " t; DROP TABLE t; ALTER TABLE n RENAME TO t",
     ""},
    /* virtual tables have rows too */
    {"CREATE VIRTUAL TABLE f USING fts5 (body)", "CREATE VIRTUAL TABLE f USING fts5 (body)", "DELETE FROM f",
     "1->2 one: data.lost_rows f: 1 of 1 rows lost, the first: rowid = 1\n"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a, content=t, "
     "content_rowid=id)",
     "CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a, content=t, "
     "content_rowid=id)",
     "ALTER TABLE t RENAME TO u",
     "1->2 one: data.lost_rows f: the rows cannot be read any more: no such table: main.t\n"
     "1->2 one: hidden.fts f: the full-text index does not agree with its content: no such table: main.t\n"},
    /* odd names */
    {"CREATE TABLE \"a.\"\"b\" (\"x y\" TEXT PRIMARY KEY, [select] INT)",
     "CREATE TABLE \"a.\"\"b\" (\"x y\" TEXT PRIMARY KEY, [select] INT)", "UPDATE \"a.\"\"b\" SET [select] = -1",
     "1->2 one: data.changed a.\"b.select: expected 5214, found -1 in 1 of 1 rows, the first: x y = '986 x y'\n"},
    /* rowid shadowed by columns */
    {"CREATE TABLE t (rowid TEXT, oid TEXT)", "CREATE TABLE t (rowid TEXT, oid TEXT)", "DELETE FROM t",
     "1->2 one: data.lost_rows t: 1 of 1 rows lost, the first: rowid = 1\n"},
    {"CREATE TABLE t (rowid TEXT, oid TEXT, _rowid_ TEXT)", "CREATE TABLE t (rowid TEXT, oid TEXT, _rowid_ TEXT)",
     "DELETE FROM t", "1->2 one: data.lost_rows t: 1 of 1 rows lost, the first: a row without key\n"},
};

START_TEST(loss_is_what_the_rules_say)
{
    assert_one(cases[_i][0], cases[_i][1], cases[_i][2], cases[_i][3]);
}
END_TEST

START_TEST(a_missing_table_is_told_once)
{
    assert_one(rows_of_t, rows_of_t, "DROP TABLE t", "1->2 one: schema.missing t: table missing\n");
}
END_TEST

START_TEST(without_rows_nothing_is_lost)
{
    given g = given_pair(rows_of_t, rows_of_t, "DELETE FROM t");
    assert_findings(given_verify(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_EMPTY}), "");
    given_done(&g);
}
END_TEST

TCase *case_data(void)
{
    TCase *tcase = suite_case("data");
    tcase_add_loop_test(tcase, loss_is_what_the_rules_say, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tcase, a_missing_table_is_told_once);
    tcase_add_test(tcase, without_rows_nothing_is_lost);
    return tcase;
}
