/* check_different.c — what is a difference, and exactly which. Each test is one phrase of the rules. The text that is
 * told is compared whole, and the other direction must tell the same with its sides exchanged. */
#include "compare/cases.h"
#include "compare/diffing.h"
#include "support/suite.h"

START_TEST(a_missing_or_extra_entity_is_told)
{
    differ("CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a)", "i: index: missing\n");
    differ("CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE VIEW v AS SELECT 1", "v: view: unexpected\n");
    differ("CREATE TABLE t (a); CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END", "CREATE TABLE t (a)",
           "r: trigger: missing\n");
    differ("CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE TABLE t (a)",
           "f: virtual table: missing\nt: table: unexpected\n");
}
END_TEST

START_TEST(another_kind_of_the_same_name_is_told_once)
{
    differ("CREATE TABLE x (a)", "CREATE VIEW x AS SELECT 1 AS a", "x: kind: expected table, found view\n");
    differ("CREATE TABLE x (a)", "CREATE VIRTUAL TABLE x USING fts5(a)",
           "x: kind: expected table, found virtual table\n");
    differ("CREATE TABLE x (a)", "CREATE TEMP TABLE x (a)", "x: kind: expected table, found temporary table\n");
}
END_TEST

START_TEST(a_trigger_may_be_called_as_a_table_is)
{
    differ("CREATE TABLE x (a); CREATE TRIGGER x DELETE ON x BEGIN SELECT 1; END", "CREATE TABLE x (a)",
           "x: trigger: missing\n");
}
END_TEST

START_TEST(a_missing_or_extra_column_is_told_once)
{
    differ("CREATE TABLE t (a, b)", "CREATE TABLE t (a, c)", "t: table\n  b: missing\n  c: unexpected\n");
    differ("CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a, b TEXT UNIQUE CHECK (b > 0) REFERENCES p)",
           "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a)", "t: table\n  b: missing\n");
    differ("CREATE TABLE t (a PRIMARY KEY, b)", "CREATE TABLE t (b)", "t: table\n  a: missing\n");
    differ("CREATE TABLE t (a, b, UNIQUE (a, b))", "CREATE TABLE t (a)",
           "t: table\n  b: missing\n  unique: expected UNIQUE (a, b), found none\n");
}
END_TEST

START_TEST(another_affinity_is_told)
{
    differ("CREATE TABLE t (a INTEGER)", "CREATE TABLE t (a TEXT)",
           "t: table\n  a: type: expected INTEGER, found TEXT\n");
    differ("CREATE TABLE t (a TEXT)", "CREATE TABLE t (a STRING)",
           "t: table\n  a: type: expected TEXT, found STRING\n");
    differ("CREATE TABLE t (a REAL)", "CREATE TABLE t (a)", "t: table\n  a: type: expected REAL, found none\n");
    differ(
        "CREATE TABLE t (a, b AS (CAST(a AS TEXT)))", "CREATE TABLE t (a, b AS (CAST(a AS INT)))",
        "t: table\n  b: generated: expected GENERATED ALWAYS AS (CAST(a AS TEXT)) VIRTUAL, found GENERATED ALWAYS AS "
        "(CAST(a AS INT)) VIRTUAL\n");
}
END_TEST

START_TEST(int_primary_key_is_no_rowid_alias)
{
    differ("CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INT PRIMARY KEY)",
           "t: table\n  a: type: expected INTEGER, found INT\n");
    differ("CREATE TABLE t (a INTEGER, PRIMARY KEY (a))", "CREATE TABLE t (a BIGINT PRIMARY KEY)",
           "t: table\n  a: type: expected INTEGER, found BIGINT\n");
}
END_TEST

START_TEST(integer_primary_key_desc_in_the_column_is_no_rowid_alias)
{
    differ("CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER PRIMARY KEY DESC)",
           "t: table\n  primary key: expected PRIMARY KEY (a), found PRIMARY KEY (a DESC)\n");
    differ("CREATE TABLE t (a INTEGER, PRIMARY KEY (a DESC))", "CREATE TABLE t (a INTEGER PRIMARY KEY DESC)",
           "t: table\n  primary key: expected PRIMARY KEY (a), found PRIMARY KEY (a DESC)\n");
}
END_TEST

START_TEST(in_a_strict_table_types_are_compared_by_name)
{
    differ("CREATE TABLE t (a INT, b ANY) STRICT", "CREATE TABLE t (a INTEGER, b BLOB) STRICT",
           "t: table\n  a: type: expected INT, found INTEGER\n  b: type: expected ANY, found BLOB\n");
}
END_TEST

START_TEST(not_null_is_told)
{
    differ("CREATE TABLE t (a NOT NULL)", "CREATE TABLE t (a)", "t: table\n  a: null: expected NOT NULL, found NULL\n");
    differ("CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY)", "CREATE TABLE t (a TEXT PRIMARY KEY)",
           "t: table\n  a: null: expected NOT NULL, found NULL\n");
    differ("CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY DESC)", "CREATE TABLE t (a INTEGER PRIMARY KEY DESC)",
           "t: table\n  a: null: expected NOT NULL, found NULL\n");
}
END_TEST

START_TEST(another_default_is_told)
{
    differ("CREATE TABLE t (a DEFAULT 0)", "CREATE TABLE t (a)", "t: table\n  a: default: expected 0, found none\n");
    differ("CREATE TABLE t (a DEFAULT 'a')", "CREATE TABLE t (a DEFAULT 'A')",
           "t: table\n  a: default: expected 'a', found 'A'\n");
    differ("CREATE TABLE t (a DEFAULT 1)", "CREATE TABLE t (a DEFAULT 1.0)",
           "t: table\n  a: default: expected 1, found 1.0\n");
    differ("CREATE TABLE t (a DEFAULT 'x')", "CREATE TABLE t (a DEFAULT x'78')",
           "t: table\n  a: default: expected 'x', found x'78'\n");
    differ("CREATE TABLE t (a DEFAULT 1)", "CREATE TABLE t (a DEFAULT -1)",
           "t: table\n  a: default: expected 1, found -1\n");
    differ("CREATE TABLE t (a DEFAULT '1')", "CREATE TABLE t (a DEFAULT 1)",
           "t: table\n  a: default: expected '1', found 1\n");
    differ("CREATE TABLE t (a DEFAULT TRUE)", "CREATE TABLE t (a DEFAULT 'true')",
           "t: table\n  a: default: expected TRUE, found 'true'\n");
    differ("CREATE TABLE t (a DEFAULT CURRENT_TIMESTAMP)", "CREATE TABLE t (a DEFAULT 'CURRENT_TIMESTAMP')",
           "t: table\n  a: default: expected CURRENT_TIMESTAMP, found 'CURRENT_TIMESTAMP'\n");
    differ("CREATE TABLE t (a DEFAULT (1 - (2 - 3)))", "CREATE TABLE t (a DEFAULT (1 - 2 - 3))",
           "t: table\n  a: default: expected (1 - (2 - 3)), found (1 - 2 - 3)\n");
}
END_TEST

START_TEST(another_collation_is_told_of_the_column_alone)
{
    differ("CREATE TABLE t (a COLLATE NOCASE)", "CREATE TABLE t (a)",
           "t: table\n  a: collation: expected NOCASE, found BINARY\n");
    differ("CREATE TABLE t (a COLLATE NOCASE UNIQUE); CREATE INDEX i ON t (a)",
           "CREATE TABLE t (a UNIQUE); CREATE INDEX i ON t (a)",
           "t: table\n  a: collation: expected NOCASE, found BINARY\n");
}
END_TEST

START_TEST(another_generated_column_is_told)
{
    differ("CREATE TABLE t (a, b AS (a + 1))", "CREATE TABLE t (a, b AS (a + 2))",
           "t: table\n  b: generated: expected GENERATED ALWAYS AS (a + 1) VIRTUAL, found GENERATED ALWAYS AS (a + 2) "
           "VIRTUAL\n");
    differ(
        "CREATE TABLE t (a, b AS (a) STORED)", "CREATE TABLE t (a, b AS (a))",
        "t: table\n  b: generated: expected GENERATED ALWAYS AS (a) STORED, found GENERATED ALWAYS AS (a) VIRTUAL\n");
    differ("CREATE TABLE t (a, b AS (a))", "CREATE TABLE t (a, b)",
           "t: table\n  b: generated: expected GENERATED ALWAYS AS (a) VIRTUAL, found none\n");
}
END_TEST

START_TEST(another_primary_key_is_told)
{
    differ("CREATE TABLE t (a TEXT PRIMARY KEY)", "CREATE TABLE t (a TEXT)",
           "t: table\n  primary key: expected PRIMARY KEY (a), found none\n");
    differ("CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER)",
           "t: table\n  primary key: expected PRIMARY KEY (a), found none\n");
    differ("CREATE TABLE t (a, b, PRIMARY KEY (a, b))", "CREATE TABLE t (a, b, PRIMARY KEY (b, a))",
           "t: table\n  primary key: expected PRIMARY KEY (a, b), found PRIMARY KEY (b, a)\n");
    differ("CREATE TABLE t (a TEXT, PRIMARY KEY (a DESC))", "CREATE TABLE t (a TEXT PRIMARY KEY)",
           "t: table\n  primary key: expected PRIMARY KEY (a DESC), found PRIMARY KEY (a)\n");
    differ("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE t (a INTEGER PRIMARY KEY)",
           "t: table\n  primary key: expected PRIMARY KEY (a AUTOINCREMENT), found PRIMARY KEY (a)\n");
    differ("CREATE TABLE t (a TEXT PRIMARY KEY ON CONFLICT FAIL)", "CREATE TABLE t (a TEXT PRIMARY KEY)",
           "t: table\n  primary key: expected PRIMARY KEY (a) ON CONFLICT FAIL, found PRIMARY KEY (a)\n");
    differ("CREATE TABLE t (a TEXT, PRIMARY KEY (a COLLATE NOCASE))", "CREATE TABLE t (a TEXT PRIMARY KEY)",
           "t: table\n  primary key: expected PRIMARY KEY (a COLLATE NOCASE), found PRIMARY KEY (a)\n");
    differ(
        "CREATE TABLE t (a TEXT PRIMARY KEY, b)", "CREATE TABLE t (a TEXT UNIQUE, b)",
        "t: table\n  primary key: expected PRIMARY KEY (a), found none\n  unique: expected none, found UNIQUE (a)\n");
}
END_TEST

START_TEST(another_unique_is_told)
{
    differ("CREATE TABLE t (a UNIQUE)", "CREATE TABLE t (a)", "t: table\n  unique: expected UNIQUE (a), found none\n");
    differ("CREATE TABLE t (a, b, UNIQUE (a, b))", "CREATE TABLE t (a, b, UNIQUE (b, a))",
           "t: table\n  unique: expected UNIQUE (a, b), found UNIQUE (b, a)\n");
    differ("CREATE TABLE t (a UNIQUE ON CONFLICT REPLACE)", "CREATE TABLE t (a UNIQUE)",
           "t: table\n  unique: expected UNIQUE (a) ON CONFLICT REPLACE, found UNIQUE (a)\n");
    differ("CREATE TABLE t (a, UNIQUE (a COLLATE NOCASE))", "CREATE TABLE t (a UNIQUE)",
           "t: table\n  unique: expected UNIQUE (a COLLATE NOCASE), found UNIQUE (a)\n");
    differ("CREATE TABLE t (a, UNIQUE (a DESC))", "CREATE TABLE t (a UNIQUE)",
           "t: table\n  unique: expected UNIQUE (a DESC), found UNIQUE (a)\n");
    differ("CREATE TABLE t (a, b, UNIQUE (a), UNIQUE (b))", "CREATE TABLE t (a, b, UNIQUE (a, b))",
           "t: table\n  unique: expected UNIQUE (a), found none\n  unique: expected UNIQUE (b), found none\n  unique: "
           "expected none, found UNIQUE (a, b)\n");
}
END_TEST

START_TEST(a_unique_index_is_no_unique_constraint)
{
    differ("CREATE TABLE t (a UNIQUE)", "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)",
           "t: table\n  unique: expected UNIQUE (a), found none\ni: index: unexpected\n");
}
END_TEST

START_TEST(another_check_is_told)
{
    differ("CREATE TABLE t (a CHECK (a > 0))", "CREATE TABLE t (a)",
           "t: table\n  check: expected CHECK (a > 0), found none\n");
    differ("CREATE TABLE t (a CHECK (a > 0))", "CREATE TABLE t (a, CHECK (a > 1))",
           "t: table\n  check: expected CHECK (a > 0), found CHECK (a > 1)\n");
    differ("CREATE TABLE t (a, b, CHECK (a > 0), CHECK (a > 0))", "CREATE TABLE t (a, b, CHECK (a > 0))",
           "t: table\n  check: expected CHECK (a > 0), found none\n");
    differ("CREATE TABLE t (a, b, CHECK (a AND b))", "CREATE TABLE t (a, b, CHECK (b AND a))",
           "t: table\n  check: expected CHECK (a AND b), found CHECK (b AND a)\n");
    differ("CREATE TABLE t (a, CHECK (a = 'x'))", "CREATE TABLE t (a, CHECK (a = 'X'))",
           "t: table\n  check: expected CHECK (a = 'x'), found CHECK (a = 'X')\n");
    differ("CREATE TABLE t (a, CHECK (a IS TRUE))", "CREATE TABLE t (a, CHECK (a IS 1))",
           "t: table\n  check: expected CHECK (a IS TRUE), found CHECK (a IS 1)\n");
    differ("CREATE TABLE t (a, CHECK (+a = '1'))", "CREATE TABLE t (a, CHECK (a = '1'))",
           "t: table\n  check: expected CHECK (+a = '1'), found CHECK (a = '1')\n");
    differ("CREATE TABLE t (a, CHECK (a IN (1)))", "CREATE TABLE t (a, CHECK (a IN (1, 2)))",
           "t: table\n  check: expected CHECK (a IN (1)), found CHECK (a IN (1, 2))\n");
    differ("CREATE TABLE t (a, CHECK (a COLLATE BINARY = 'x'))", "CREATE TABLE t (a, CHECK (a = 'x'))",
           "t: table\n  check: expected CHECK (a COLLATE BINARY = 'x'), found CHECK (a = 'x')\n");
}
END_TEST

START_TEST(a_quoted_word_that_names_a_column_is_no_string)
{
    differ(
        "CREATE TABLE t (a, b, CHECK (a <> \"b\"))", "CREATE TABLE t (a, b, CHECK (a <> 'b'))",
        "t: table\n  check: expected CHECK (a <> \"b\"), found none\n  check: expected none, found CHECK (a <> 'b')\n");
}
END_TEST

START_TEST(another_foreign_key_is_told)
{
    const char *parent = "CREATE TABLE t (a REFERENCES p (x)); CREATE TABLE p (x PRIMARY KEY, y UNIQUE)";
    differ(parent, "CREATE TABLE t (a); CREATE TABLE p (x PRIMARY KEY, y UNIQUE)",
           "t: table\n  foreign key: expected FOREIGN KEY (a) REFERENCES p(x), found none\n");
    differ(
        parent, "CREATE TABLE t (a REFERENCES p (y)); CREATE TABLE p (x PRIMARY KEY, y UNIQUE)",
        "t: table\n  foreign key: expected FOREIGN KEY (a) REFERENCES p(x), found FOREIGN KEY (a) REFERENCES p(y)\n");
    differ(
        parent,
        "CREATE TABLE t (a REFERENCES p (x) ON DELETE CASCADE ON UPDATE SET NULL); CREATE TABLE p (x PRIMARY KEY, y "
        "UNIQUE)",
        "t: table\n  foreign key: expected FOREIGN KEY (a) REFERENCES p(x), found FOREIGN KEY (a) REFERENCES p(x) ON "
        "DELETE CASCADE ON UPDATE SET NULL\n");
    differ(
        parent,
        "CREATE TABLE t (a REFERENCES p (x) DEFERRABLE INITIALLY DEFERRED); CREATE TABLE p (x PRIMARY KEY, y UNIQUE)",
        "t: table\n  foreign key: expected FOREIGN KEY (a) REFERENCES p(x), found FOREIGN KEY (a) REFERENCES p(x) "
        "DEFERRABLE INITIALLY DEFERRED\n");
    differ(
        "CREATE TABLE t (a REFERENCES p (x) ON DELETE RESTRICT); CREATE TABLE p (x PRIMARY KEY, y UNIQUE)", parent,
        "t: table\n  foreign key: expected FOREIGN KEY (a) REFERENCES p(x) ON DELETE RESTRICT, found FOREIGN KEY (a) "
        "REFERENCES p(x)\n");
    differ(parent, "CREATE TABLE t (a REFERENCES p (x) REFERENCES p (x)); CREATE TABLE p (x PRIMARY KEY, y UNIQUE)",
           "t: table\n  foreign key: expected none, found FOREIGN KEY (a) REFERENCES p(x)\n");
}
END_TEST

START_TEST(a_changed_parent_is_told_once)
{
    differ("CREATE TABLE p (x PRIMARY KEY, y); CREATE TABLE t (a REFERENCES p); CREATE TABLE u (a REFERENCES p)",
           "CREATE TABLE p (x, y PRIMARY KEY); CREATE TABLE t (a references p); CREATE TABLE u (a references p)",
           "p: table\n  primary key: expected PRIMARY KEY (x), found PRIMARY KEY (y)\n");
}
END_TEST

START_TEST(conflict_clauses_are_told)
{
    differ("CREATE TABLE t (a NOT NULL ON CONFLICT REPLACE DEFAULT 1)", "CREATE TABLE t (a NOT NULL DEFAULT 1)",
           "t: table\n  a: constraint: expected NOT NULL ON CONFLICT REPLACE, found NOT NULL\n");
    differ("CREATE TABLE t (a NOT NULL ON CONFLICT IGNORE)", "CREATE TABLE t (a)",
           "t: table\n  a: null: expected NOT NULL, found NULL\n");
}
END_TEST

START_TEST(without_rowid_and_strict_are_told)
{
    differ("CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE t (a TEXT PRIMARY KEY)",
           "t: table\n  without rowid: expected WITHOUT ROWID, found none\n");
    differ("CREATE TABLE t (a TEXT) STRICT", "CREATE TABLE t (a TEXT)",
           "t: table\n  strict: expected STRICT, found none\n");
}
END_TEST

START_TEST(another_index_is_told)
{
    differ("CREATE TABLE t (a, b); CREATE INDEX i ON t (a, b)", "CREATE TABLE t (a, b); CREATE INDEX i ON t (b, a)",
           "i: index\n  columns: expected (a, b), found (b, a)\n");
    differ("CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a); CREATE INDEX i ON t (a DESC)",
           "i: index\n  columns: expected (a), found (a DESC)\n");
    differ("CREATE TABLE t (a COLLATE NOCASE); CREATE INDEX i ON t (a)",
           "CREATE TABLE t (a COLLATE NOCASE); CREATE INDEX i ON t (a COLLATE BINARY)",
           "i: index\n  columns: expected (a), found (a COLLATE BINARY)\n");
    differ("CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)", "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
           "i: index\n  unique: expected UNIQUE, found none\n");
    differ("CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a > 0",
           "CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a > 1",
           "i: index\n  where: expected a > 0, found a > 1\n");
    differ("CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a > 0", "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
           "i: index\n  where: expected a > 0, found none\n");
    differ("CREATE TABLE t (a); CREATE INDEX i ON t (lower(a))", "CREATE TABLE t (a); CREATE INDEX i ON t (upper(a))",
           "i: index\n  columns: expected (lower(a)), found (upper(a))\n");
    differ("CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON t (a)",
           "CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON u (a)",
           "i: index\n  columns: expected ON t (a), found ON u (a)\n");
}
END_TEST

START_TEST(another_view_is_told)
{
    differ("CREATE VIEW v AS SELECT 1 AS a", "CREATE VIEW v AS SELECT 2 AS a",
           "v: view\n  sql: expected SELECT 1 AS a, found SELECT 2 AS a\n");
    differ("CREATE VIEW v (a) AS SELECT 1", "CREATE VIEW v AS SELECT 1", "v: view\n  sql: expected (a), found none\n");
    differ("CREATE VIEW v (a) AS SELECT 1", "CREATE VIEW v (b) AS SELECT 1",
           "v: view\n  sql: expected (a), found (b)\n");
    differ("CREATE TABLE t (a); CREATE VIEW v AS SELECT 'a' FROM t",
           "CREATE TABLE t (a); CREATE VIEW v AS SELECT \"a\" FROM t",
           "v: view\n  sql: expected SELECT 'a' FROM t, found SELECT \"a\" FROM t\n");
    differ("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t UNION SELECT 1",
           "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t UNION ALL SELECT 1",
           "v: view\n  sql: expected SELECT a FROM t UNION SELECT 1, found SELECT a FROM t UNION ALL SELECT 1\n");
    differ("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t ORDER BY a",
           "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t ORDER BY a DESC",
           "v: view\n  sql: expected SELECT a FROM t ORDER BY a, found SELECT a FROM t ORDER BY a DESC\n");
    differ("CREATE TABLE t (a); CREATE VIEW v AS SELECT t.a FROM t LEFT JOIN t u",
           "CREATE TABLE t (a); CREATE VIEW v AS SELECT t.a FROM t JOIN t u",
           "v: view\n  sql: expected SELECT t.a FROM t LEFT JOIN t u, found SELECT t.a FROM t JOIN t u\n");
    differ("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t WHERE a IN (SELECT 1)",
           "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t WHERE a IN ((SELECT 1))",
           "v: view\n  sql: expected SELECT a FROM t WHERE a IN (SELECT 1), found SELECT a FROM t WHERE a IN ((SELECT "
           "1))\n");
}
END_TEST

START_TEST(a_word_that_is_a_keyword_here_and_a_name_there_is_told)
{
    differ(
        "CREATE TABLE t (a); CREATE TABLE u (a); CREATE VIEW v AS SELECT t.a FROM t LEFT JOIN u ON 1",
        "CREATE TABLE t (a); CREATE TABLE u (a); CREATE VIEW v AS SELECT t.a FROM t \"left\" JOIN u ON 1",
        "v: view\n  sql: expected SELECT t.a FROM t LEFT JOIN u ON 1, found SELECT t.a FROM t \"left\" JOIN u ON 1\n");
    differ("CREATE TABLE t (a); CREATE VIEW v AS SELECT a ASC FROM t",
           "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t",
           "v: view\n  sql: expected SELECT a ASC FROM t, found SELECT a FROM t\n");
    differ("CREATE TABLE t (true INT, CHECK (true > 1))", "CREATE TABLE t (true INT, CHECK (1 > 1))",
           "t: table\n  check: expected CHECK (true > 1), found none\n  check: expected none, found CHECK (1 > 1)\n");
}
END_TEST

START_TEST(another_trigger_is_told_by_the_part_that_differs)
{
    const char *trigger =
        "CREATE TABLE t (a, b); CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN new.a > 0 BEGIN SELECT 1; END";
    differ(trigger,
           "CREATE TABLE t (a, b); CREATE TRIGGER r BEFORE UPDATE OF a ON t WHEN new.a > 0 BEGIN SELECT 1; END",
           "r: trigger\n  sql: expected AFTER UPDATE OF a ON t, found BEFORE UPDATE OF a ON t\n");
    differ(trigger, "CREATE TABLE t (a, b); CREATE TRIGGER r AFTER UPDATE OF b ON t WHEN new.a > 0 BEGIN SELECT 1; END",
           "r: trigger\n  sql: expected AFTER UPDATE OF a ON t, found AFTER UPDATE OF b ON t\n");
    differ(trigger, "CREATE TABLE t (a, b); CREATE TRIGGER r AFTER UPDATE OF a ON t BEGIN SELECT 1; END",
           "r: trigger\n  sql: expected WHEN new.a > 0, found none\n");
    differ(trigger, "CREATE TABLE t (a, b); CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN new.a > 0 BEGIN SELECT 2; END",
           "r: trigger\n  sql: expected BEGIN SELECT 1; END, found BEGIN SELECT 2; END\n");
    differ(
        trigger, "CREATE TABLE t (a, b); CREATE TRIGGER r AFTER DELETE ON t BEGIN SELECT 1; SELECT 1; END",
        "r: trigger\n  sql: expected AFTER UPDATE OF a ON t WHEN new.a > 0 BEGIN SELECT 1; END, found AFTER DELETE ON "
        "t BEGIN SELECT 1; SELECT 1; END\n");
}
END_TEST

START_TEST(another_virtual_table_is_told)
{
    differ("CREATE VIRTUAL TABLE f USING fts5(a, b)", "CREATE VIRTUAL TABLE f USING fts5(a)",
           "f: virtual table\n  sql: expected fts5(a, b), found fts5(a)\n");
    differ("CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE VIRTUAL TABLE f USING fts4(a)",
           "f: virtual table\n  sql: expected fts5(a), found fts4(a)\n");
    differ("CREATE VIRTUAL TABLE f USING fts5(a, content='p')", "CREATE VIRTUAL TABLE f USING fts5(a, content='q')",
           "f: virtual table\n  sql: expected fts5(a, content='p'), found fts5(a, content='q')\n");
    differ("CREATE VIRTUAL TABLE f USING fts5(a, b)", "CREATE VIRTUAL TABLE f USING fts5(b, a)",
           "f: virtual table\n  sql: expected fts5(a, b), found fts5(b, a)\n");
}
END_TEST

START_TEST(only_ascii_letters_fold)
{
    differ("CREATE TABLE t (\"stra\xc3\x9f"
           "e\")",
           "CREATE TABLE t (\"STRASSE\")",
           "t: table\n  stra\xc3\x9f"
           "e: missing\n  STRASSE: unexpected\n");
    differ("CREATE TABLE t (\"\xc3\xa9\")", "CREATE TABLE t (\"\xc3\x89\")",
           "t: table\n  \xc3\xa9: missing\n  \xc3\x89: unexpected\n");
}
END_TEST

START_TEST(differences_are_nested_as_the_expected_schema_and_unexpected_ones_come_last)
{
    differ("CREATE TABLE b (x TEXT, y); CREATE TABLE a (x, CHECK (x > 0)); CREATE INDEX i ON b (x)",
           "CREATE TABLE z (x); CREATE TABLE a (x); CREATE TABLE b (w, y INT DEFAULT 1, x INT)",
           "b: table\n  x: type: expected TEXT, found INT\n  y: type: expected none, found INT\n  y: default: expected "
           "none, found 1\n"
           "  w: unexpected\na: table\n  check: expected CHECK (x > 0), found none\ni: index: missing\nz: table: "
           "unexpected\n");
}
END_TEST

TCase *compare_different_case(void)
{
    TCase *tcase = suite_case("different");
    tcase_add_test(tcase, a_missing_or_extra_entity_is_told);
    tcase_add_test(tcase, another_kind_of_the_same_name_is_told_once);
    tcase_add_test(tcase, a_trigger_may_be_called_as_a_table_is);
    tcase_add_test(tcase, a_missing_or_extra_column_is_told_once);
    tcase_add_test(tcase, another_affinity_is_told);
    tcase_add_test(tcase, int_primary_key_is_no_rowid_alias);
    tcase_add_test(tcase, integer_primary_key_desc_in_the_column_is_no_rowid_alias);
    tcase_add_test(tcase, in_a_strict_table_types_are_compared_by_name);
    tcase_add_test(tcase, not_null_is_told);
    tcase_add_test(tcase, another_default_is_told);
    tcase_add_test(tcase, another_collation_is_told_of_the_column_alone);
    tcase_add_test(tcase, another_generated_column_is_told);
    tcase_add_test(tcase, another_primary_key_is_told);
    tcase_add_test(tcase, another_unique_is_told);
    tcase_add_test(tcase, a_unique_index_is_no_unique_constraint);
    tcase_add_test(tcase, another_check_is_told);
    tcase_add_test(tcase, a_quoted_word_that_names_a_column_is_no_string);
    tcase_add_test(tcase, another_foreign_key_is_told);
    tcase_add_test(tcase, a_changed_parent_is_told_once);
    tcase_add_test(tcase, conflict_clauses_are_told);
    tcase_add_test(tcase, without_rowid_and_strict_are_told);
    tcase_add_test(tcase, another_index_is_told);
    tcase_add_test(tcase, another_view_is_told);
    tcase_add_test(tcase, a_word_that_is_a_keyword_here_and_a_name_there_is_told);
    tcase_add_test(tcase, another_trigger_is_told_by_the_part_that_differs);
    tcase_add_test(tcase, another_virtual_table_is_told);
    tcase_add_test(tcase, only_ascii_letters_fold);
    tcase_add_test(tcase, differences_are_nested_as_the_expected_schema_and_unexpected_ones_come_last);
    return tcase;
}
