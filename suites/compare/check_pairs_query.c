/* check_pairs_query.c — pairs of views and of triggers, each decided by what SQLite makes of it. */
#include "compare/cases.h"
#include "compare/diffing.h"
#include "support/suite.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const equal_view[][2] = {
    {"SELECT a AS x FROM t", "SELECT a x FROM t"},
    {"SELECT a AS x FROM t", "select \"a\" as [x] from `t`"},
    {"SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a ASC"},
    {"SELECT ALL a FROM t", "SELECT a FROM t"},
    {"WITH x AS (SELECT a FROM t) SELECT * FROM x", "with X as (select A from T) select * from x"},
    {"WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<10) SELECT i FROM n",
     "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE (i < 10)) SELECT i FROM n"},
    {"WITH x AS MATERIALIZED (SELECT a FROM t) SELECT * FROM x",
     "WITH x AS MATERIALIZED (SELECT a /* c */ FROM t) SELECT * FROM x"},
    {"SELECT row_number() OVER (PARTITION BY a ORDER BY b) AS n FROM t",
     "select ROW_NUMBER() over (partition by A order by B asc) as n from t"},
    {"SELECT sum(a) OVER w AS n FROM t WINDOW w AS (ORDER BY b)",
     "SELECT sum(a) OVER \"w\" AS n FROM t WINDOW w AS (ORDER BY b)"},
    {"SELECT sum(a) FILTER (WHERE b IS NOT NULL) AS n FROM t", "SELECT sum(a) FILTER (WHERE b NOTNULL) AS n FROM t"},
    {"SELECT count(*) AS n FROM t", "SELECT COUNT( * ) AS n FROM t"},
    {"SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t WHERE b == 'x'"},
    {"SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t WHERE b = \"x\""},
    {"SELECT a FROM t WHERE b <> 'x'", "SELECT a FROM t WHERE b != 'x'"},
    {"SELECT a FROM t WHERE b IN ('x','y')", "SELECT a FROM t WHERE b IN ( 'x' , 'y' )"},
    {"SELECT a FROM t WHERE (a, b) = (1, 'x')", "SELECT a FROM t WHERE (a,b) == (1,'x')"},
    {"SELECT CASE WHEN a THEN 1 ELSE 0 END AS x FROM t", "SELECT CASE WHEN (a) THEN (1) ELSE (0) END AS x FROM t"},
    {"SELECT t.a, u.b FROM t JOIN t u ON t.a = u.a", "SELECT t.a, u.b FROM t JOIN t AS u ON (t.a = u.a)"},
    {"SELECT t.a, u.b FROM t JOIN t u ON t.a = u.a", "SELECT t.a, u.b FROM t INNER JOIN t AS u ON t.a == u.a"},
    {"SELECT t.a, u.b FROM t LEFT JOIN t u ON t.a = u.a", "SELECT t.a, u.b FROM t LEFT OUTER JOIN t u ON t.a = u.a"},
    {"SELECT t.a, u.b FROM t JOIN t u USING (a)", "SELECT t.a, u.b FROM t JOIN t u USING (\"a\")"},
    {"SELECT a, b || ' ' || c AS x FROM t", "SELECT a, (b || ' ') || c AS x FROM t"},
    {"SELECT a FROM t WHERE (a AND b) OR c", "SELECT a FROM t WHERE a AND b OR c"},
    {"SELECT a FROM t WHERE NOT (a = b)", "SELECT a FROM t WHERE NOT a = b"},
    {"SELECT a FROM t WHERE a BETWEEN 1 AND 2 AND b", "SELECT a FROM t WHERE (a BETWEEN 1 AND 2) AND (b)"},
    {"SELECT a FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.a=t.a)",
     "SELECT a FROM t WHERE exists(SELECT 1 FROM t AS u WHERE u.a = t.a)"},
    {"SELECT a FROM t WHERE b COLLATE NOCASE = 'x'", "SELECT a FROM t WHERE b COLLATE nocase = 'x'"},
    {"SELECT CAST(a AS TEXT) AS x FROM t", "SELECT CAST(a AS VARCHAR(3)) AS x FROM t"},
    {"SELECT b->>'$.x' AS x FROM t", "SELECT b ->> \"$.x\" AS x FROM t"},
    {"SELECT value FROM t, json_each(t.b)", "SELECT value FROM t , json_each( t.b )"},
    {"VALUES (1,2),(3,4)", "VALUES(1,2) , (3,4)"},
    {"SELECT 0x10 AS x", "SELECT 16 AS x"},
    {"SELECT 1e3 AS x", "SELECT 1000.0 AS x"},
    {"SELECT x'AB' AS x", "SELECT X'ab' AS x"},
    {"SELECT a FROM t WHERE a IS NOT DISTINCT FROM b", "SELECT a FROM t WHERE a IS b"},
    {"SELECT a FROM t WHERE b = true", "SELECT a FROM t WHERE b = 1"},
    {"SELECT \"rowid\" AS x FROM t", "SELECT rowid AS x FROM t"},
    {"SELECT a AS 'x' FROM t", "SELECT a AS x FROM t"},
    {"SELECT a 'x' FROM t", "SELECT a \"x\" FROM t"},
    {"SELECT t.* FROM t", "SELECT T.* FROM t"},
    {"SELECT a | b & c AS x FROM t", "SELECT (a | b) & c AS x FROM t"},
    {"SELECT a << 1 + b AS x FROM t", "SELECT a << (1 + b) AS x FROM t"},
    {"SELECT a < b < c AS x FROM t", "SELECT (a < b) < c AS x FROM t"},
    {"SELECT a < b = c AS x FROM t", "SELECT (a < b) = c AS x FROM t"},
    {"SELECT a = b IS NULL AS x FROM t", "SELECT (a = b) IS NULL AS x FROM t"},
    {"SELECT a || b COLLATE NOCASE AS x FROM t", "SELECT a || (b COLLATE NOCASE) AS x FROM t"},
    {"SELECT -a || b AS x FROM t", "SELECT (-a) || b AS x FROM t"},
    {"SELECT a * b || c AS x FROM t", "SELECT a * (b || c) AS x FROM t"},
    {"SELECT a - b + c AS x FROM t", "SELECT (a - b) + c AS x FROM t"},
    {"SELECT a NOT IN (1) AS x FROM t", "SELECT NOT a IN (1) AS x FROM t"},
    {"SELECT NOT a IS NULL AS x FROM t", "SELECT NOT (a IS NULL) AS x FROM t"},
    {"SELECT a ISNULL AS x FROM t", "SELECT a IS NULL AS x FROM t"},
    {"SELECT a IS NOT NULL AND b AS x FROM t", "SELECT a NOTNULL AND b AS x FROM t"},
    {"SELECT b->'a'->'b' AS x FROM t", "SELECT (b->'a')->'b' AS x FROM t"},
    {"SELECT a BETWEEN 1 AND 2 OR b AS x FROM t", "SELECT (a BETWEEN 1 AND 2) OR b AS x FROM t"},
    {"SELECT a NOT BETWEEN 1 AND 2 AS x FROM t", "SELECT NOT (a BETWEEN 1 AND 2) AS x FROM t"},
    {"SELECT - -a AS x FROM t", "SELECT -(-a) AS x FROM t"},
    {"SELECT ~a AS x FROM t", "SELECT ~(a) AS x FROM t"},
    {"SELECT a FROM t WHERE b = 'it''s'", "SELECT a FROM t WHERE b = \"it's\""},
    {"SELECT 1. AS x", "SELECT 1.0 AS x"},
    {"SELECT 007 AS x", "SELECT 7 AS x"},
    {"SELECT 9223372036854775808 AS x", "SELECT 9223372036854775808.0 AS x"},
    {"SELECT 0x8000000000000000 AS x", "SELECT -9223372036854775808 AS x"},
    {"SELECT a, count(*) AS n FROM t GROUP BY a", "SELECT a, count(*) AS n FROM t GROUP BY (a)"},
    {"SELECT x.a FROM t x, t y WHERE x.a=y.b", "SELECT x.a FROM t AS x, t AS y WHERE x.a=y.b"},
    {"SELECT ((SELECT max(a) FROM t)) AS q", "SELECT (SELECT max(a) FROM t) AS q"},
    {"SELECT a FROM t WHERE a IN t", "SELECT a FROM t WHERE a IN \"t\""},
    {"SELECT like('a', b) AS x FROM t", "SELECT LIKE('a', b) AS x FROM t"},
    {"SELECT replace(b,'a','b') AS x FROM t", "SELECT REPLACE(b,'a','b') AS x FROM t"},
    {"SELECT glob('a',b) AS x FROM t", "SELECT GLOB('a',b) AS x FROM t"},
    {"SELECT current_date AS x", "SELECT CURRENT_DATE AS x"},
    {"SELECT a FROM t -- end", "SELECT a FROM t"},
    {"SELECT a AS \"x y\" FROM t", "SELECT a AS [x y] FROM t"}};

START_TEST(views_in_another_writing_are_no_difference)
{
    same_pairs("CREATE TABLE t (a INTEGER, b TEXT, c REAL); CREATE VIEW v AS ", "", equal_view, COUNT(equal_view));
}
END_TEST

static const char *const other_view[][2] = {
    {"SELECT a AS x FROM t", "SELECT a AS y FROM t"},
    {"SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a DESC"},
    {"SELECT a FROM t ORDER BY a NULLS FIRST", "SELECT a FROM t ORDER BY a NULLS LAST"},
    {"SELECT a FROM t LIMIT 5", "SELECT a FROM t LIMIT 6"},
    {"SELECT a FROM t LIMIT 5 OFFSET 2", "SELECT a FROM t LIMIT 5, 2"},
    {"SELECT a FROM t UNION SELECT 1", "SELECT a FROM t UNION ALL SELECT 1"},
    {"SELECT DISTINCT a FROM t", "SELECT a FROM t"},
    {"WITH x AS (SELECT a FROM t) SELECT * FROM x", "WITH x AS (SELECT b FROM t) SELECT * FROM x"},
    {"WITH x(q) AS (SELECT a FROM t) SELECT q FROM x", "WITH x(r) AS (SELECT a FROM t) SELECT r FROM x"},
    {"WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<10) SELECT i FROM n",
     "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<11) SELECT i FROM n"},
    {"SELECT row_number() OVER (PARTITION BY a ORDER BY b) AS n FROM t",
     "SELECT row_number() OVER (PARTITION BY b ORDER BY a) AS n FROM t"},
    {"SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM t",
     "SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS n FROM t"},
    {"SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM t",
     "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS n FROM t"},
    {"SELECT sum(a) FILTER (WHERE b IS NOT NULL) AS n FROM t", "SELECT sum(a) FILTER (WHERE b IS NULL) AS n FROM t"},
    {"SELECT count(DISTINCT a) AS n FROM t", "SELECT count(a) AS n FROM t"},
    {"SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t WHERE b = 'X'"},
    {"SELECT a FROM t WHERE b LIKE 'x%' ESCAPE '!'", "SELECT a FROM t WHERE b LIKE 'x%'"},
    {"SELECT a FROM t WHERE b IN ('x','y')", "SELECT a FROM t WHERE b NOT IN ('x','y')"},
    {"SELECT a FROM t WHERE (a, b) = (1, 'x')", "SELECT a FROM t WHERE (b, a) = (1, 'x')"},
    {"SELECT CASE WHEN a THEN 1 ELSE 0 END AS x FROM t", "SELECT CASE WHEN a THEN 1 END AS x FROM t"},
    {"SELECT CASE a WHEN 1 THEN 2 END AS x FROM t", "SELECT CASE WHEN a THEN 2 END AS x FROM t"},
    {"SELECT t.a, u.b FROM t LEFT JOIN t u ON t.a = u.a", "SELECT t.a, u.b FROM t JOIN t u ON t.a = u.a"},
    {"SELECT t.a, u.b FROM t NATURAL JOIN t u", "SELECT t.a, u.b FROM t JOIN t u"},
    {"SELECT t.a, u.b FROM t RIGHT JOIN t u ON t.a = u.a", "SELECT t.a, u.b FROM t FULL JOIN t u ON t.a = u.a"},
    {"SELECT a - (b - c) AS x FROM t", "SELECT a - b - c AS x FROM t"},
    {"SELECT a FROM t WHERE a AND (b OR c)", "SELECT a FROM t WHERE a AND b OR c"},
    {"SELECT a FROM t WHERE (NOT a) = b", "SELECT a FROM t WHERE NOT a = b"},
    {"SELECT a FROM t WHERE b COLLATE NOCASE = 'x'", "SELECT a FROM t WHERE b COLLATE RTRIM = 'x'"},
    {"SELECT CAST(a AS TEXT) AS x FROM t", "SELECT CAST(a AS INTEGER) AS x FROM t"},
    {"SELECT b -> '$.x' AS x FROM t", "SELECT b ->> '$.x' AS x FROM t"},
    {"SELECT a FROM t GROUP BY b HAVING count(*) > 1", "SELECT a FROM t GROUP BY b HAVING count(*) > 2"},
    {"VALUES (1,2),(3,4)", "VALUES (1,2),(3,5)"},
    {"SELECT 1e3 AS x", "SELECT 1000 AS x"},
    {"SELECT \"true\" AS x FROM t", "SELECT true AS x FROM t"},
    {"SELECT a FROM t WHERE b IS TRUE", "SELECT a FROM t WHERE b IS 1"},
    {"SELECT \"q\" FROM (SELECT 1 AS q)", "SELECT 'q' FROM (SELECT 1 AS q)"},
    {"WITH x AS (SELECT 1 AS q) SELECT \"q\" FROM x", "WITH x AS (SELECT 1 AS q) SELECT 'q' FROM x"},
    {"WITH x(q) AS (SELECT 1) SELECT \"q\" FROM x", "WITH x(q) AS (SELECT 1) SELECT 'q' FROM x"},
    {"SELECT a AS q FROM t WHERE \"q\" > 1", "SELECT a AS q FROM t WHERE 'q' > 1"},
    {"SELECT \"value\" FROM t, json_each(t.b)", "SELECT 'value' FROM t, json_each(t.b)"},
    {"SELECT \"rowid\" FROM t", "SELECT 'rowid' FROM t"},
    {"SELECT * FROM t", "SELECT a,b,c FROM t"},
    {"SELECT a | b & c AS x FROM t", "SELECT a | (b & c) AS x FROM t"},
    {"SELECT a < b < c AS x FROM t", "SELECT a < (b < c) AS x FROM t"},
    {"SELECT a = b IS NULL AS x FROM t", "SELECT a = (b IS NULL) AS x FROM t"},
    {"SELECT a || b COLLATE NOCASE AS x FROM t", "SELECT (a || b) COLLATE NOCASE AS x FROM t"},
    {"SELECT -a || b AS x FROM t", "SELECT -(a || b) AS x FROM t"},
    {"SELECT a / b * c AS x FROM t", "SELECT a / (b * c) AS x FROM t"},
    {"SELECT NOT a IS NULL AS x FROM t", "SELECT (NOT a) IS NULL AS x FROM t"},
    {"SELECT a IS NOT b AS x FROM t", "SELECT a IS (NOT b) AS x FROM t"},
    {"SELECT b->('a'->'b') AS x FROM t", "SELECT b->'a'->'b' AS x FROM t"},
    {"SELECT - -a AS x FROM t", "SELECT a AS x FROM t"},
    {"SELECT +a AS x FROM t", "SELECT a AS x FROM t"},
    {"SELECT '1' AS x", "SELECT 1 AS x"},
    {"SELECT x'' AS x", "SELECT '' AS x"},
    {"SELECT sum(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING EXCLUDE TIES) AS x FROM t",
     "SELECT sum(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING) AS x FROM t"},
    {"SELECT lag(a, 1, 0) OVER (PARTITION BY b ORDER BY c DESC) AS x FROM t",
     "SELECT lag(a, 1, 0) OVER (PARTITION BY b ORDER BY c) AS x FROM t"},
    {"SELECT a FROM t GROUP BY 1", "SELECT a FROM t GROUP BY a"},
    {"SELECT a FROM t UNION SELECT b FROM t ORDER BY 1", "SELECT a FROM t UNION SELECT b FROM t ORDER BY 1 DESC"},
    {"SELECT a FROM t INTERSECT SELECT b FROM t", "SELECT a FROM t EXCEPT SELECT b FROM t"},
    {"SELECT x.a FROM t x, t y WHERE x.a=y.b", "SELECT x.a FROM t AS x CROSS JOIN t AS y WHERE x.a=y.b"},
    {"SELECT CASE WHEN a=1 THEN 'x' WHEN a=2 THEN 'y' END AS q FROM t",
     "SELECT CASE WHEN a=2 THEN 'y' WHEN a=1 THEN 'x' END AS q FROM t"},
    {"SELECT (SELECT max(a) FROM t) AS q", "SELECT (SELECT min(a) FROM t) AS q"},
    {"SELECT a FROM t WHERE a IN (SELECT a FROM t)", "SELECT a FROM t WHERE a IN t"},
    {"SELECT date('now') AS x", "SELECT date('NOW') AS x"},
    {"SELECT \"current_date\" AS x", "SELECT CURRENT_DATE AS x"},
    {"SELECT a AS \"x y\" FROM t", "SELECT a AS \"x  y\" FROM t"},
    {"SELECT 'a  b' AS x", "SELECT 'a b' AS x"},
    {"SELECT 'a\nb' AS x", "SELECT 'a b' AS x"},
    {"SELECT a FROM t WHERE b REGEXP 'x'", "SELECT a FROM t WHERE b MATCH 'x'"},
    {"SELECT group_concat(DISTINCT b) AS x FROM t", "SELECT group_concat(b) AS x FROM t"},
    {"SELECT EXISTS(SELECT 1) AS x", "SELECT NOT EXISTS(SELECT 1) AS x"},
    {"SELECT row_number() OVER w AS x FROM t WINDOW w AS (PARTITION BY a), u AS (ORDER BY b)",
     "SELECT row_number() OVER u AS x FROM t WINDOW w AS (PARTITION BY a), u AS (ORDER BY b)"}};

START_TEST(one_change_of_views_is_told_by_its_code)
{
    differ_pairs("CREATE TABLE t (a INTEGER, b TEXT, c REAL); CREATE VIEW v AS ", "", other_view, COUNT(other_view),
                 "schema.view.sql v");
}
END_TEST

static const char *const equal_trigger[][2] = {
    {"AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = NEW.a; END",
     "after insert on \"t\" for each row begin delete from t where a == new.\"a\"; end"},
    {"INSERT ON t BEGIN SELECT 1; END", "BEFORE INSERT ON t BEGIN SELECT 1; END"},
    {"AFTER UPDATE OF a,b ON t BEGIN SELECT 1; END", "AFTER UPDATE OF b,a ON t BEGIN SELECT 1; END"},
    {"AFTER INSERT ON t WHEN NEW.a > 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
     "AFTER INSERT ON t WHEN (NEW.a > 0) BEGIN SELECT raise(abort, \"no\"); END"},
    {"AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END", "AFTER INSERT ON t BEGIN SELECT raise ( ignore ) ; END"},
    {"AFTER INSERT ON t BEGIN UPDATE t SET a = 1, b = 2 WHERE c = new.c; END",
     "AFTER INSERT ON t BEGIN UPDATE t SET a=(1), b=(2) WHERE (c = new.c); END"},
    {"AFTER INSERT ON t BEGIN UPDATE t SET a = 1 FROM (SELECT 1 AS z) AS q WHERE q.z = t.a; END",
     "AFTER INSERT ON t BEGIN UPDATE t SET a = 1 FROM (SELECT 1 z) q WHERE q.z = t.a; END"},
    {"AFTER INSERT ON t BEGIN SELECT CASE WHEN new.a THEN RAISE(ABORT,'x') END; END",
     "AFTER INSERT ON t BEGIN SELECT CASE WHEN new.a THEN RAISE(ABORT,'x') END /* end; */; -- END\n END"},
    {"AFTER UPDATE ON t WHEN old.a IS NOT new.a BEGIN SELECT 1; END",
     "AFTER UPDATE ON t WHEN OLD.\"a\" IS NOT NEW.\"a\" BEGIN SELECT 1; END"},
    {"AFTER INSERT ON t BEGIN DELETE FROM t WHERE a=1; DELETE FROM t WHERE a=2; END",
     "AFTER INSERT ON t BEGIN DELETE FROM t WHERE a=1;DELETE FROM t WHERE a=2 ;\nEND"},
    {"AFTER INSERT ON t FOR EACH ROW WHEN new.a BEGIN SELECT 1; END",
     "AFTER INSERT ON t WHEN new.a BEGIN SELECT 1; END"}};

START_TEST(triggers_in_another_writing_are_no_difference)
{
    same_pairs("CREATE TABLE t (a INTEGER, b TEXT, c REAL); CREATE TRIGGER g ", "", equal_trigger,
               COUNT(equal_trigger));
}
END_TEST

static const char *const other_trigger[][2] = {
    {"AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = NEW.a; END",
     "AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = NEW.b; END"},
    {"AFTER INSERT ON t BEGIN SELECT 1; END", "BEFORE INSERT ON t BEGIN SELECT 1; END"},
    {"AFTER UPDATE OF a,b ON t BEGIN SELECT 1; END", "AFTER UPDATE ON t BEGIN SELECT 1; END"},
    {"AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO t(a) VALUES(1); END",
     "AFTER INSERT ON t BEGIN INSERT INTO t(a) VALUES(1); END"},
    {"AFTER INSERT ON t BEGIN INSERT OR ABORT INTO t(a) VALUES(1); END",
     "AFTER INSERT ON t BEGIN INSERT INTO t(a) VALUES(1); END"},
    {"AFTER INSERT ON t WHEN NEW.a > 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
     "AFTER INSERT ON t WHEN NEW.a > 0 BEGIN SELECT RAISE(FAIL, 'no'); END"},
    {"AFTER INSERT ON t WHEN NEW.a > 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
     "AFTER INSERT ON t WHEN NEW.a > 0 BEGIN SELECT RAISE(ABORT, 'No'); END"},
    {"AFTER INSERT ON t BEGIN UPDATE t SET (a,b) = (1,2); END",
     "AFTER INSERT ON t BEGIN UPDATE t SET (b,a) = (1,2); END"},
    {"AFTER INSERT ON t BEGIN INSERT INTO t SELECT * FROM t; SELECT 1; END",
     "AFTER INSERT ON t BEGIN SELECT 1; INSERT INTO t SELECT * FROM t; END"},
    {"AFTER INSERT ON t BEGIN INSERT INTO t(a) SELECT x FROM (WITH q(x) AS (SELECT 1) SELECT x FROM q); END",
     "AFTER INSERT ON t BEGIN INSERT INTO t(a) SELECT x FROM (WITH q(x) AS (SELECT 2) SELECT x FROM q); END"},
    {"AFTER UPDATE ON t WHEN old.a IS NOT new.a BEGIN SELECT 1; END",
     "AFTER UPDATE ON t WHEN old.a <> new.a BEGIN SELECT 1; END"},
    {"AFTER INSERT ON t BEGIN INSERT INTO t(a) VALUES(1) ON CONFLICT DO NOTHING; END",
     "AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO t(a) VALUES(1); END"},
    {"AFTER INSERT ON t BEGIN INSERT INTO t(a) SELECT 1 WHERE true ON CONFLICT(a) WHERE a > 0 DO UPDATE SET b = 1 "
     "WHERE b > 2; END",
     "AFTER INSERT ON t BEGIN INSERT INTO t(a) SELECT 1 WHERE true ON CONFLICT(a) WHERE a > 0 DO UPDATE SET b = 1 "
     "WHERE b > 3; END"},
    {"AFTER INSERT ON t BEGIN INSERT INTO t(a) VALUES(1) ON CONFLICT(a) DO UPDATE SET b=1 ON CONFLICT(b) DO NOTHING; "
     "END",
     "AFTER INSERT ON t BEGIN INSERT INTO t(a) VALUES(1) ON CONFLICT(a) DO UPDATE SET b=1; END"},
    {"AFTER INSERT ON t BEGIN DELETE FROM t WHERE a=1; DELETE FROM t WHERE a=2; END",
     "AFTER INSERT ON t BEGIN DELETE FROM t WHERE a=1; END"},
    {"AFTER INSERT ON t BEGIN UPDATE OR IGNORE t SET a=1; END", "AFTER INSERT ON t BEGIN UPDATE t SET a=1; END"},
    {"AFTER INSERT ON t BEGIN INSERT INTO t(a,b) VALUES(new.a, 'x;y'); END",
     "AFTER INSERT ON t BEGIN INSERT INTO t(a,b) VALUES(new.a, 'x; y'); END"},
    {"AFTER INSERT ON t BEGIN INSERT INTO t VALUES(1,2,3); END",
     "AFTER INSERT ON t BEGIN INSERT INTO t(a,b,c) VALUES(1,2,3); END"}};

START_TEST(one_change_of_triggers_is_told_by_its_code)
{
    differ_pairs("CREATE TABLE t (a INTEGER, b TEXT, c REAL); CREATE TRIGGER g ", "", other_trigger,
                 COUNT(other_trigger), "schema.trigger.sql g");
}
END_TEST

TCase *compare_pairs_query_case(void)
{
    TCase *tcase = suite_case("pairs of queries");
    tcase_add_test(tcase, views_in_another_writing_are_no_difference);
    tcase_add_test(tcase, one_change_of_views_is_told_by_its_code);
    tcase_add_test(tcase, triggers_in_another_writing_are_no_difference);
    tcase_add_test(tcase, one_change_of_triggers_is_told_by_its_code);
    return tcase;
}
