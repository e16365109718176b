/* check_equal.c — what is no difference. Each test is one phrase of the rules, in both directions. */
#include <stdio.h>

#include "compare/cases.h"
#include "compare/diffing.h"
#include "support/suite.h"

START_TEST(white_space_comments_and_keyword_case_are_no_difference)
{
    same("CREATE TABLE t (a INTEGER NOT NULL, b TEXT)",
         "create\ttable t(a integer /* key */ not  null -- last\n,\r\n b text);");
    same("CREATE VIEW v AS SELECT 1 AS a", "CREATE VIEW v AS -- one\nselect/**/1 as a;");
}
END_TEST

START_TEST(if_not_exists_and_a_final_semicolon_are_no_difference)
{
    same("CREATE TABLE t (a)", "CREATE TABLE IF NOT EXISTS t (a);");
    same("CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a); CREATE INDEX IF NOT EXISTS i ON t (a);");
    same("CREATE VIEW v AS SELECT 1", "CREATE VIEW IF NOT EXISTS v AS SELECT 1");
    same("CREATE TABLE t (a); CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END",
         "CREATE TABLE t (a); CREATE TRIGGER IF NOT EXISTS r DELETE ON t BEGIN SELECT 1; END;");
    same("CREATE TABLE t (a)", "CREATE TABLE main.t (a)");
}
END_TEST

START_TEST(identifier_quoting_is_no_difference)
{
    same("CREATE TABLE t (a INT REFERENCES p (x), CHECK (a > 0), UNIQUE (a)); CREATE TABLE p (x PRIMARY KEY)",
         "CREATE TABLE [t] (`a` INT REFERENCES \"p\" ([x]), CHECK (\"a\" > 0), UNIQUE (`a`)); CREATE TABLE 'p' ('x' "
         "PRIMARY KEY)");
    same("CREATE TABLE t (a, b AS (a + 1)); CREATE INDEX i ON t (a, a + 1) WHERE a > 0",
         "CREATE TABLE t (a, b AS (\"a\" + 1)); CREATE INDEX \"i\" ON [t] ('a', `a` + 1) WHERE [a] > 0");
    same("CREATE TABLE t (a); CREATE VIEW v AS SELECT t.a AS b FROM t WHERE a IN (SELECT a FROM t)",
         "CREATE TABLE t (a); CREATE VIEW `v` AS SELECT \"t\".[a] AS \"b\" FROM 't' WHERE \"a\" IN (SELECT `a` FROM "
         "\"t\")");
    same("CREATE TABLE t (a); CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN new.a > 0 BEGIN INSERT INTO t (a) VALUES "
         "(old.a); END",
         "CREATE TABLE t (a); CREATE TRIGGER \"r\" AFTER UPDATE OF 'a' ON 't' WHEN NEW.\"a\" > 0 BEGIN INSERT INTO "
         "\"t\" ([a]) VALUES (\"old\".`a`); END");
    same("CREATE TABLE t (a); CREATE VIEW v AS SELECT a b FROM t",
         "CREATE TABLE t (a); CREATE VIEW v AS SELECT a \"b\" FROM t");
    same("CREATE TABLE t (\"left\", \"key\"); CREATE VIEW v AS SELECT \"left\", \"key\" FROM t",
         "CREATE TABLE t (left, key); CREATE VIEW v AS SELECT left, key FROM t");
}
END_TEST

START_TEST(a_quoted_word_that_names_no_column_is_a_string)
{
    same("CREATE TABLE t (a DEFAULT 'x', CHECK (a <> 'no such'))",
         "CREATE TABLE t (a DEFAULT \"x\", CHECK (a <> \"no such\"))");
    same("CREATE TABLE t (a DEFAULT 'x')", "CREATE TABLE t (a DEFAULT x)");
    same("CREATE TABLE t (a DEFAULT '')", "CREATE TABLE t (a DEFAULT \"\")");
    same("CREATE TABLE t (a, b AS (json_extract(a, '$.path')))",
         "CREATE TABLE t (a, b AS (json_extract(a, \"$.path\")))");
    same("CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a = 'done'",
         "CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a = \"done\"");
    same("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t WHERE a = 'done'",
         "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t WHERE a = \"done\"");
    same("CREATE TABLE t (a); CREATE TRIGGER r BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no a'); END",
         "CREATE TABLE t (a); CREATE TRIGGER r BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, \"no a\"); END");
}
END_TEST

START_TEST(identifier_case_is_no_difference)
{
    same("CREATE TABLE Todos (DueDate TEXT, CHECK (DueDate > 1)); CREATE INDEX ByDue ON Todos (DueDate)",
         "CREATE TABLE todos (duedate TEXT, CHECK (DUEDATE > 1)); CREATE INDEX bydue ON TODOS (dueDate)");
    same("CREATE TABLE t (a); CREATE VIEW v (x, y) AS SELECT T.A, a FROM t",
         "CREATE TABLE t (a); CREATE VIEW V (X, y) AS SELECT t.a, A FROM T");
}
END_TEST

START_TEST(column_and_constraint_order_are_no_difference)
{
    same("CREATE TABLE t (a INT, b TEXT, UNIQUE (a), CHECK (a > 0), CHECK (b > 0), UNIQUE (b))",
         "CREATE TABLE t (b TEXT, a INT, CHECK (b > 0), UNIQUE (b), UNIQUE (a), CHECK (a > 0))");
    same("CREATE TABLE t (a TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE)",
         "CREATE TABLE t (a TEXT COLLATE NOCASE DEFAULT 'x' NOT NULL)");
    same("CREATE TABLE p (x, y, PRIMARY KEY (x, y)); CREATE TABLE t (a, b, FOREIGN KEY (a, b) REFERENCES p (x, y))",
         "CREATE TABLE p (x, y, PRIMARY KEY (x, y)); CREATE TABLE t (a, b, FOREIGN KEY (b, a) REFERENCES p (y, x))");
}
END_TEST

START_TEST(where_a_constraint_stands_is_no_difference)
{
    same("CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER, PRIMARY KEY (a))");
    same("CREATE TABLE t (a TEXT UNIQUE)", "CREATE TABLE t (a TEXT, UNIQUE (a))");
    same("CREATE TABLE t (a INT CHECK (a > 0), b INT)", "CREATE TABLE t (a INT, b INT CHECK (a > 0))");
    same("CREATE TABLE t (a INT CHECK (a > 0))", "CREATE TABLE t (a INT, CHECK (a > 0))");
    same("CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x) ON DELETE CASCADE)",
         "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a, FOREIGN KEY (a) REFERENCES p (x) ON DELETE CASCADE)");
    same("CREATE TABLE t (a TEXT UNIQUE ON CONFLICT IGNORE)", "CREATE TABLE t (a TEXT, UNIQUE (a) ON CONFLICT IGNORE)");
    same("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
         "CREATE TABLE t (a INTEGER, PRIMARY KEY (a AUTOINCREMENT))");
    same("CREATE TABLE t (a, b, UNIQUE (a), CHECK (a > b))", "CREATE TABLE t (a, b, UNIQUE (a) CHECK (a > b))");
}
END_TEST

START_TEST(constraint_names_are_no_difference)
{
    same("CREATE TABLE t (a CONSTRAINT nn NOT NULL CONSTRAINT u UNIQUE, CONSTRAINT c CHECK (a > 0))",
         "CREATE TABLE t (a NOT NULL UNIQUE, CONSTRAINT d CHECK (a > 0))");
    same("CREATE TABLE t (a, CONSTRAINT k PRIMARY KEY (a))", "CREATE TABLE t (a PRIMARY KEY)");
    same("CREATE TABLE t (a CONSTRAINT d DEFAULT 1 CONSTRAINT c COLLATE NOCASE)",
         "CREATE TABLE t (a DEFAULT 1 COLLATE NOCASE)");
}
END_TEST

START_TEST(types_of_one_affinity_are_no_difference)
{
    same("CREATE TABLE t (a TEXT, b INTEGER, c REAL, d NUMERIC, e BLOB)",
         "CREATE TABLE t (a VARCHAR(42), b BIGINT, c DOUBLE PRECISION, d DECIMAL(10, 5), e)");
    same("CREATE TABLE t (a DATETIME)", "CREATE TABLE t (a BOOLEAN)");
    same("CREATE TABLE t (a TEXT PRIMARY KEY)", "CREATE TABLE t (a VARCHAR(10) PRIMARY KEY)");
    same("CREATE TABLE t (a INTEGER PRIMARY KEY, b) WITHOUT ROWID",
         "CREATE TABLE t (a INT PRIMARY KEY, b) WITHOUT ROWID");
    same("CREATE TABLE t (a INTEGER, b, PRIMARY KEY (a, b))", "CREATE TABLE t (a INT, b, PRIMARY KEY (a, b))");
    same("CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a \"INTEGER\" PRIMARY KEY)");
    same("CREATE TABLE t (a, b AS (CAST(a AS TEXT)))", "CREATE TABLE t (a, b AS (CAST(a AS VARCHAR(20))))");
}
END_TEST

START_TEST(a_bare_null_and_default_null_are_no_difference)
{
    same("CREATE TABLE t (a TEXT NULL)", "CREATE TABLE t (a TEXT)");
    same("CREATE TABLE t (a TEXT DEFAULT NULL)", "CREATE TABLE t (a TEXT)");
    same("CREATE TABLE t (a TEXT DEFAULT (NULL))", "CREATE TABLE t (a TEXT)");
    same("CREATE TABLE t (a TEXT NOT NULL NULL)", "CREATE TABLE t (a TEXT NOT NULL)");
}
END_TEST

START_TEST(true_is_1_and_false_is_0)
{
    same("CREATE TABLE t (a INT DEFAULT TRUE, b INT DEFAULT false)",
         "CREATE TABLE t (a INT DEFAULT 1, b INT DEFAULT (0))");
    same("CREATE TABLE t (a INT CHECK (a = true OR a = FALSE))", "CREATE TABLE t (a INT CHECK (a = 1 OR a = 0))");
    same("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t WHERE TRUE",
         "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t WHERE 1");
}
END_TEST

START_TEST(redundant_parentheses_are_no_difference)
{
    same("CREATE TABLE t (a INT DEFAULT (0))", "CREATE TABLE t (a INT DEFAULT 0)");
    same("CREATE TABLE t (a INT DEFAULT ((0)))", "CREATE TABLE t (a INT DEFAULT (0))");
    same("CREATE TABLE t (a, b, CHECK (a > 0 AND b + 1 < 2))",
         "CREATE TABLE t (a, b, CHECK (((a) > 0) AND ((b + (1)) < 2)))");
    same("CREATE TABLE t (a, b, CHECK (a OR b AND NOT a = b))",
         "CREATE TABLE t (a, b, CHECK (a OR (b AND (NOT (a = b)))))");
    same("CREATE TABLE t (a, b, CHECK (a AND b AND a))", "CREATE TABLE t (a, b, CHECK (a AND (b AND a)))");
    same("CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a); CREATE INDEX i ON t ((a))");
    same("CREATE TABLE t (a); CREATE INDEX i ON t (a COLLATE NOCASE)",
         "CREATE TABLE t (a); CREATE INDEX i ON t ((a COLLATE NOCASE))");
    same("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t WHERE a = 1",
         "CREATE TABLE t (a); CREATE VIEW v AS SELECT (a) FROM t WHERE ((a) = (1))");
    same(
        "CREATE TABLE t (a); CREATE TRIGGER r DELETE ON t WHEN old.a > 0 BEGIN UPDATE t SET a = a + 1 WHERE a = 1; END",
        "CREATE TABLE t (a); CREATE TRIGGER r DELETE ON t WHEN (old.a > 0) BEGIN UPDATE t SET a = (a + 1) WHERE (a = "
        "1); END");
}
END_TEST

START_TEST(a_plus_before_a_literal_is_no_difference)
{
    same("CREATE TABLE t (a DEFAULT +1)", "CREATE TABLE t (a DEFAULT 1)");
    same("CREATE TABLE t (a DEFAULT +1.5, b DEFAULT (+'x'))", "CREATE TABLE t (a DEFAULT 1.5, b DEFAULT 'x')");
    same("CREATE TABLE t (a DEFAULT (- 1))", "CREATE TABLE t (a DEFAULT -1)");
}
END_TEST

START_TEST(clauses_that_say_what_holds_anyway_are_no_difference)
{
    same("CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x) ON DELETE NO ACTION ON UPDATE NO ACTION)",
         "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x))");
    same("CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x) NOT DEFERRABLE)",
         "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x))");
    same("CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x) DEFERRABLE INITIALLY IMMEDIATE)",
         "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x) DEFERRABLE)");
    same("CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x) NOT DEFERRABLE INITIALLY DEFERRED)",
         "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x) MATCH FULL)");
    same("CREATE TABLE t (a); CREATE INDEX i ON t (a ASC)", "CREATE TABLE t (a); CREATE INDEX i ON t (a)");
    same("CREATE TABLE t (a, PRIMARY KEY (a ASC))", "CREATE TABLE t (a PRIMARY KEY)");
    same("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t ORDER BY a ASC, a DESC",
         "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t ORDER BY a, a DESC");
    same("CREATE TABLE t (a); CREATE TRIGGER r BEFORE DELETE ON t FOR EACH ROW BEGIN SELECT 1; END",
         "CREATE TABLE t (a); CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END");
    same("CREATE TABLE t (a, b); CREATE TRIGGER r UPDATE OF a, b ON t BEGIN SELECT 1; END",
         "CREATE TABLE t (a, b); CREATE TRIGGER r UPDATE OF b, A, a ON t BEGIN SELECT 1; END");
    same("CREATE TABLE t (a NOT NULL ON CONFLICT ABORT UNIQUE ON CONFLICT ABORT)",
         "CREATE TABLE t (a NOT NULL UNIQUE)");
    same("CREATE TABLE t (a COLLATE BINARY)", "CREATE TABLE t (a)");
    same("CREATE TABLE t (a, b GENERATED ALWAYS AS (a) VIRTUAL)", "CREATE TABLE t (a, b AS (a))");
    same("CREATE TABLE t (a, CHECK (a > 0) ON CONFLICT REPLACE)", "CREATE TABLE t (a, CHECK (a > 0))");
}
END_TEST

START_TEST(the_last_of_several_clauses_counts)
{
    same("CREATE TABLE t (a DEFAULT 1 DEFAULT 2)", "CREATE TABLE t (a DEFAULT 2)");
    same("CREATE TABLE t (a COLLATE NOCASE COLLATE RTRIM)", "CREATE TABLE t (a COLLATE RTRIM)");
    same("CREATE TABLE t (a NOT NULL ON CONFLICT FAIL NOT NULL)", "CREATE TABLE t (a NOT NULL)");
}
END_TEST

START_TEST(the_forms_of_not_null_are_no_difference)
{
    same("CREATE TABLE t (a, CHECK (a IS NOT NULL))", "CREATE TABLE t (a, CHECK (a NOTNULL))");
    same("CREATE TABLE t (a, CHECK (a IS NOT NULL))", "CREATE TABLE t (a, CHECK (a NOT NULL))");
    same("CREATE TABLE t (a, CHECK (a IS NULL))", "CREATE TABLE t (a, CHECK (a ISNULL))");
    same("CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a IS NOT NULL",
         "CREATE TABLE t (a); CREATE INDEX i ON t (a) WHERE a NOT NULL");
}
END_TEST

START_TEST(a_key_that_is_also_unique_is_no_difference)
{
    same("CREATE TABLE t (a INTEGER PRIMARY KEY UNIQUE)", "CREATE TABLE t (a INTEGER PRIMARY KEY)");
    same("CREATE TABLE t (a TEXT PRIMARY KEY, UNIQUE (a))", "CREATE TABLE t (a TEXT PRIMARY KEY)");
    same("CREATE TABLE t (a TEXT UNIQUE, b, UNIQUE (a))", "CREATE TABLE t (a TEXT UNIQUE, b)");
    same("CREATE TABLE t (a, b, PRIMARY KEY (a, b), UNIQUE (a, b))", "CREATE TABLE t (a, b, PRIMARY KEY (a, b))");
    same("CREATE TABLE t (a UNIQUE, b, UNIQUE (a) ON CONFLICT IGNORE)",
         "CREATE TABLE t (a UNIQUE ON CONFLICT IGNORE, b)");
}
END_TEST

START_TEST(not_null_on_an_alias_of_the_rowid_is_no_difference)
{
    same("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT)",
         "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)");
    same("CREATE TABLE t (id INTEGER NOT NULL, a, PRIMARY KEY (id DESC))",
         "CREATE TABLE t (id INTEGER, a, PRIMARY KEY (id))");
}
END_TEST

START_TEST(not_null_on_a_without_rowid_key_is_no_difference)
{
    same("CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID",
         "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID");
    same("CREATE TABLE t (a NOT NULL, b, PRIMARY KEY (a, b)) WITHOUT ROWID",
         "CREATE TABLE t (a, b NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID");
}
END_TEST

START_TEST(a_collation_equal_to_the_columns_is_no_difference)
{
    same("CREATE TABLE t (a COLLATE NOCASE); CREATE INDEX i ON t (a COLLATE nocase)",
         "CREATE TABLE t (a COLLATE NOCASE); CREATE INDEX i ON t (a)");
    same("CREATE TABLE t (a); CREATE INDEX i ON t (a COLLATE BINARY)", "CREATE TABLE t (a); CREATE INDEX i ON t (a)");
    same("CREATE TABLE t (a COLLATE NOCASE, UNIQUE (a COLLATE NOCASE))", "CREATE TABLE t (a COLLATE NOCASE UNIQUE)");
}
END_TEST

START_TEST(operators_and_functions_in_another_spelling_are_no_difference)
{
    same("CREATE TABLE t (a, CHECK (length(a) = 3 AND a <> 'x'))",
         "CREATE TABLE t (a, CHECK (LENGTH(a) == 3 AND a != 'x'))");
    same("CREATE TABLE t (a, CHECK (NOT a IN (1, 2)))", "CREATE TABLE t (a, CHECK (a NOT IN (1,2)))");
    same("CREATE TABLE t (a, CHECK (a NOT BETWEEN 1 AND 2))", "CREATE TABLE t (a, CHECK (NOT (a BETWEEN (1) AND 2)))");
    same("CREATE TABLE t (a, CHECK (a NOT LIKE 'x' ESCAPE '!'))",
         "CREATE TABLE t (a, CHECK (NOT a LIKE ('x') ESCAPE ('!')))");
    same("CREATE TABLE t (a, CHECK (t.a > 0))", "CREATE TABLE t (a, CHECK (a > 0))");
}
END_TEST

START_TEST(a_number_in_another_form_is_no_difference)
{
    same("CREATE TABLE t (a DEFAULT 0x1F, b DEFAULT -0x10)", "CREATE TABLE t (a DEFAULT 31, b DEFAULT -16)");
    same("CREATE TABLE t (a DEFAULT 0xffffffffffffffff)", "CREATE TABLE t (a DEFAULT -1)");
    same("CREATE TABLE t (a DEFAULT 007)", "CREATE TABLE t (a DEFAULT 7)");
    same("CREATE TABLE t (a DEFAULT 1.50, b DEFAULT .5, c DEFAULT 1e3)",
         "CREATE TABLE t (a DEFAULT 1.5, b DEFAULT 0.5, c DEFAULT 1000.0)");
    same("CREATE TABLE t (a DEFAULT 9223372036854775808)", "CREATE TABLE t (a DEFAULT 9223372036854775808.0)");
    same("CREATE TABLE t (a DEFAULT x'AB')", "CREATE TABLE t (a DEFAULT X'ab')");
}
END_TEST

START_TEST(a_parents_key_that_is_left_out_is_its_primary_key)
{
    same("CREATE TABLE p (x INTEGER PRIMARY KEY); CREATE TABLE t (a REFERENCES p)",
         "CREATE TABLE p (x INTEGER PRIMARY KEY); CREATE TABLE t (a REFERENCES p (x))");
    same("CREATE TABLE t (id INTEGER PRIMARY KEY, a REFERENCES t)",
         "CREATE TABLE t (id INTEGER PRIMARY KEY, a REFERENCES T (ID))");
    same("CREATE TABLE p (x, y, PRIMARY KEY (y, x)); CREATE TABLE t (a, b, FOREIGN KEY (a, b) REFERENCES p)",
         "CREATE TABLE p (x, y, PRIMARY KEY (y, x)); CREATE TABLE t (a, b, FOREIGN KEY (b, a) REFERENCES p (x, y))");
}
END_TEST

START_TEST(an_alias_of_the_rowid_has_no_order)
{
    same("CREATE TABLE t (a INTEGER, PRIMARY KEY (a DESC))", "CREATE TABLE t (a INTEGER PRIMARY KEY)");
}
END_TEST

START_TEST(internal_objects_take_no_part)
{
    same("CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE TABLE android_metadata (locale TEXT)");
}
END_TEST

START_TEST(entities_in_another_order_are_no_difference)
{
    same("CREATE TABLE t (a); CREATE TABLE u (b); CREATE VIEW v AS SELECT * FROM t",
         "CREATE TABLE u (b); CREATE VIEW v AS SELECT * FROM t; CREATE TABLE t (a)");
}
END_TEST

START_TEST(a_virtual_tables_module_and_options_may_be_written_in_another_way)
{
    same("CREATE VIRTUAL TABLE f USING fts5(title, body, content='')",
         "CREATE VIRTUAL TABLE f USING FTS5(\"title\",  Body, content = \"\")");
    same("CREATE VIRTUAL TABLE f USING fts5(title, content='posts', content_rowid='id')",
         "CREATE VIRTUAL TABLE f USING fts5(title, content=posts, content_rowid=\"id\")");
}
END_TEST

START_TEST(a_select_in_another_writing_is_no_difference)
{
    static const char *const pairs[][2] = {
        {"WITH c (x) AS (SELECT a FROM t) SELECT x FROM c",
         "with \"c\"(\"x\") as (select \"a\" from \"t\") select \"x\" from \"c\""},
        {"SELECT value FROM t, json_each(t.j) WHERE key = 1",
         "SELECT \"value\" FROM t, json_each(\"t\".\"j\") WHERE \"key\" = 1"},
        {"SELECT a AS 'x y' FROM t", "SELECT a AS \"x y\" FROM t"},
        {"SELECT x.a FROM t AS x", "SELECT x.a FROM t x"},
        {"SELECT t.* FROM t WHERE a LIKE '%x'", "SELECT \"t\" . * FROM [t] WHERE a LIKE \"%x\""},
        {"SELECT count(*) c, sum(a) OVER (PARTITION BY b ORDER BY a) FROM t GROUP BY b HAVING count(*) > 1",
         "SELECT COUNT( * ) \"c\", SUM(a) OVER (PARTITION BY (b) ORDER BY a ASC) FROM t GROUP BY (b) HAVING (count(*)) "
         "> 1"},
        {"SELECT t.a FROM t LEFT JOIN u USING (a) WHERE t.a IS NOT NULL",
         "SELECT t.a FROM t left join u using (\"a\") WHERE (t.a NOTNULL)"},
        {"SELECT t.a FROM t LEFT JOIN u ON t.a = u.a", "SELECT ALL t.a FROM t LEFT OUTER JOIN u ON t.a = u.a"},
        {"SELECT x.a FROM t x JOIN u y ON x.a = y.a", "SELECT x.a FROM t x INNER JOIN u y ON (x.a = y.a)"},
        {"SELECT a FROM t NATURAL JOIN u", "SELECT ALL a FROM t NATURAL INNER JOIN u"},
        {"SELECT CASE WHEN a THEN b ELSE j END FROM t", "SELECT (CASE WHEN (a) THEN (b) ELSE ((j)) END) FROM t"},
        {"SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)",
         "SELECT a FROM t WHERE (EXISTS(SELECT 1 FROM u WHERE (u.a == t.a)))"},
        {"SELECT a FROM (SELECT a FROM t) AS x UNION ALL SELECT a FROM u",
         "SELECT (a) FROM (SELECT a FROM t) x UNION ALL SELECT a FROM u"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char a[512], b[512];
        snprintf(a, sizeof a, "CREATE TABLE t (a, b, j); CREATE TABLE u (a); CREATE VIEW v AS %s", pairs[i][0]);
        snprintf(b, sizeof b, "CREATE TABLE t (a, b, j); CREATE TABLE u (a); CREATE VIEW v AS %s", pairs[i][1]);
        same(a, b);
    }
}
END_TEST

START_TEST(a_triggers_body_in_another_writing_is_no_difference)
{
    same("CREATE TABLE t (a, b); CREATE TABLE u (a UNIQUE); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO u (a) "
         "VALUES (new.a); "
         "UPDATE t SET a = coalesce(new.b, 1), b = 2 WHERE a = new.a; DELETE FROM u WHERE a IN (SELECT a FROM t); END",
         "CREATE TABLE t (a, b); CREATE TABLE u (a UNIQUE); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO "
         "\"u\"(\"a\") VALUES((NEW.\"a\"));\n"
         "update 't' set \"a\"=COALESCE((new.b),(1)),b=(2) where (a==new.a); delete from [u] where (a in (select (a) "
         "from t)); end");
    same("CREATE TABLE t (a); CREATE TABLE u (a UNIQUE); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO u VALUES "
         "(1) ON CONFLICT (a) DO "
         "UPDATE SET a = excluded.a WHERE 1; END",
         "CREATE TABLE t (a); CREATE TABLE u (a UNIQUE); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO 'u' "
         "VALUES ((1)) ON CONFLICT(\"a\") DO "
         "UPDATE SET \"a\" = \"excluded\".\"a\" WHERE TRUE; END");
}
END_TEST

TCase *compare_equal_case(void)
{
    TCase *tcase = suite_case("equal");
    tcase_add_test(tcase, white_space_comments_and_keyword_case_are_no_difference);
    tcase_add_test(tcase, if_not_exists_and_a_final_semicolon_are_no_difference);
    tcase_add_test(tcase, identifier_quoting_is_no_difference);
    tcase_add_test(tcase, a_quoted_word_that_names_no_column_is_a_string);
    tcase_add_test(tcase, identifier_case_is_no_difference);
    tcase_add_test(tcase, column_and_constraint_order_are_no_difference);
    tcase_add_test(tcase, where_a_constraint_stands_is_no_difference);
    tcase_add_test(tcase, constraint_names_are_no_difference);
    tcase_add_test(tcase, types_of_one_affinity_are_no_difference);
    tcase_add_test(tcase, a_bare_null_and_default_null_are_no_difference);
    tcase_add_test(tcase, true_is_1_and_false_is_0);
    tcase_add_test(tcase, redundant_parentheses_are_no_difference);
    tcase_add_test(tcase, a_plus_before_a_literal_is_no_difference);
    tcase_add_test(tcase, clauses_that_say_what_holds_anyway_are_no_difference);
    tcase_add_test(tcase, the_last_of_several_clauses_counts);
    tcase_add_test(tcase, the_forms_of_not_null_are_no_difference);
    tcase_add_test(tcase, a_key_that_is_also_unique_is_no_difference);
    tcase_add_test(tcase, not_null_on_an_alias_of_the_rowid_is_no_difference);
    tcase_add_test(tcase, not_null_on_a_without_rowid_key_is_no_difference);
    tcase_add_test(tcase, a_collation_equal_to_the_columns_is_no_difference);
    tcase_add_test(tcase, operators_and_functions_in_another_spelling_are_no_difference);
    tcase_add_test(tcase, a_number_in_another_form_is_no_difference);
    tcase_add_test(tcase, a_parents_key_that_is_left_out_is_its_primary_key);
    tcase_add_test(tcase, an_alias_of_the_rowid_has_no_order);
    tcase_add_test(tcase, internal_objects_take_no_part);
    tcase_add_test(tcase, entities_in_another_order_are_no_difference);
    tcase_add_test(tcase, a_virtual_tables_module_and_options_may_be_written_in_another_way);
    tcase_add_test(tcase, a_select_in_another_writing_is_no_difference);
    tcase_add_test(tcase, a_triggers_body_in_another_writing_is_no_difference);
    return tcase;
}
