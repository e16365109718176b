/* check_pairs_table.c — pairs of tables, indexes and whole schemas, each decided by what SQLite makes of it. */
#include "compare/cases.h"
#include "compare/diffing.h"
#include "support/suite.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const equal_table[][2] = {
    {"a \"TEXT\" x", "a TEXT"},
    {"a \"INTEGER\" x PRIMARY KEY", "a INTEGER PRIMARY KEY"},
    {"a TEXT /* INT */", "a TEXT"},
    {"a UNIQUE, b", "a, b, UNIQUE(a)"},
    {"a UNIQUE, b UNIQUE", "a, b, UNIQUE(a), UNIQUE(b)"},
    {"a, b, UNIQUE(a,b), UNIQUE(a,b)", "a, b, UNIQUE(a,b)"},
    {"a UNIQUE ON CONFLICT ABORT", "a UNIQUE"},
    {"a CHECK(a > 0)", "a CHECK((a > 0))"},
    {"a CHECK(a > 0) CHECK(a < 9)", "a CHECK(a < 9) CHECK(a > 0)"},
    {"a CHECK(a IN ('x','y'))", "a CHECK(\"a\" IN ('x', 'y'))"},
    {"a BOOLEAN CHECK(a IN (0,1))", "a BOOLEAN CHECK (\"a\" IN (0, 1))"},
    {"a CHECK(length(a) BETWEEN 1 AND 32)", "a CHECK(LENGTH(\"a\") BETWEEN 1 AND 32)"},
    {"a CONSTRAINT x CHECK(a>0)", "a CONSTRAINT y CHECK(a>0)"},
    {"a DEFAULT 'x'", "a DEFAULT ('x')"},
    {"a DEFAULT 'x'", "a DEFAULT \"x\""},
    {"a DEFAULT NULL", "a"},
    {"a DEFAULT (NULL)", "a"},
    {"a DEFAULT CURRENT_TIMESTAMP", "a DEFAULT (CURRENT_TIMESTAMP)"},
    {"a DEFAULT CURRENT_TIMESTAMP", "a DEFAULT current_timestamp"},
    {"a DEFAULT (datetime('now'))", "a DEFAULT ( DATETIME( 'now' ) )"},
    {"a DEFAULT 0", "a DEFAULT FALSE"},
    {"a DEFAULT -1", "a DEFAULT (-1)"},
    {"a DEFAULT - 1", "a DEFAULT -1"},
    {"a DEFAULT 1.50", "a DEFAULT 1.5"},
    {"a DEFAULT .5", "a DEFAULT 0.5"},
    {"a DEFAULT 9223372036854775807", "a DEFAULT 0x7fffffffffffffff"},
    {"a DEFAULT -9223372036854775808", "a DEFAULT (-9223372036854775808)"},
    {"a DEFAULT x'00'", "a DEFAULT X'00'"},
    {"a DEFAULT foo", "a DEFAULT 'foo'"},
    {"a TEXT", "a VARCHAR(10)"},
    {"a FLOATING POINT", "a INTEGER"},
    {"a CHARINT", "a INTEGER"},
    {"a", "a BLOB"},
    {"a DATETIME", "a BOOLEAN"},
    {"a TEXT COLLATE NOCASE", "a TEXT COLLATE nocase"},
    {"a TEXT COLLATE BINARY", "a TEXT"},
    {"a, b AS (a+1)", "a, b GENERATED ALWAYS AS (a + 1) VIRTUAL"},
    {"a, b TEXT COLLATE NOCASE AS (a)", "a, b TEXT AS (a) COLLATE NOCASE"},
    {"a REFERENCES p(x)", "a, FOREIGN KEY(a) REFERENCES p(x)"},
    {"a REFERENCES p(x) DEFERRABLE", "a REFERENCES p(x)"},
    {"a REFERENCES p(x) NOT DEFERRABLE INITIALLY DEFERRED", "a REFERENCES p(x)"},
    {"a REFERENCES p(x) MATCH FULL", "a REFERENCES p(x)"},
    {"a REFERENCES p(x)", "a REFERENCES P(X)"},
    {"a, b, FOREIGN KEY(a,b) REFERENCES p(x,y)", "a, b, FOREIGN KEY(b,a) REFERENCES p(y,x)"},
    {"a,b,c", "c,b,a"},
    {"a INTEGER, PRIMARY KEY(a DESC)", "a INTEGER PRIMARY KEY"},
    {"a UNIQUE PRIMARY KEY", "a PRIMARY KEY"},
    {"\"a b\" TEXT CHECK(\"a b\" > 1)", "[a b] TEXT CHECK([a b] > 1)"},
    {"\"a\"\"b\" TEXT", "`a\"b` TEXT"},
    {"\"select\" INT, \"order\" INT", "[select] INT, `order` INT"},
    {"\346\227\245\346\234\254 TEXT", "\"\346\227\245\346\234\254\" TEXT"},
    {"a -- comment , b\n, c", "a, c"},
    {"a /* x */ INTEGER /* y */ NOT /**/ NULL", "a INTEGER NOT NULL"},
    {"a GENERATED ALWAYS", "a"},
    {"a INTEGER GENERATED ALWAYS", "a INTEGER"},
    {"a COLLATE RTRIM COLLATE NOCASE", "a COLLATE NOCASE"},
    {"a DEFAULT 1 DEFAULT 2", "a DEFAULT 2"},
    {"a REFERENCES p(x) ON DELETE CASCADE ON DELETE SET NULL", "a REFERENCES p(x) ON DELETE SET NULL"},
    {"a REFERENCES p(x) ON DELETE SET NULL ON UPDATE CASCADE",
     "a REFERENCES p(x) ON UPDATE CASCADE ON DELETE SET NULL"},
    {"a REFERENCES p(x) NOT NULL ON CONFLICT ROLLBACK", "a NOT NULL ON CONFLICT ROLLBACK REFERENCES p(x)"},
    {"a DEFAULT [x y]", "a DEFAULT 'x y'"},
    {"a DEFAULT +'x'", "a DEFAULT 'x'"},
    {"a DEFAULT 1e2", "a DEFAULT 100.0"},
    {"a DEFAULT (1e2)", "a DEFAULT 1e2"},
    {"a DEFAULT (-5)", "a DEFAULT -5"},
    {"a DEFAULT (- (5))", "a DEFAULT -5"},
    {"a DEFAULT -0", "a DEFAULT 0"},
    {"a DEFAULT ('a' || 'b')", "a DEFAULT ('a'||'b')"},
    {"a DEFAULT (random())", "a DEFAULT (RANDOM())"},
    {"a DEFAULT (CAST(strftime('%s', CURRENT_TIMESTAMP) AS INTEGER))",
     "a DEFAULT (CAST(STRFTIME('%s',CURRENT_TIMESTAMP) AS INT))"},
    {"a DEFAULT '[]'", "a DEFAULT \"[]\""},
    {"a DEFAULT ''''", "a DEFAULT \"'\""},
    {"a DEFAULT '\"'", "a DEFAULT \"\"\"\""},
    {"a DEFAULT NULL NOT NULL", "a NOT NULL"},
    {"a TEXT NULL", "a TEXT"},
    {"a TEXT NULL NOT NULL", "a TEXT NOT NULL"},
    {"a TEXT NOT NULL NULL", "a TEXT NOT NULL"},
    {"a \"INT\" ", "a INT"},
    {"a 'varchar' ", "a varchar"},
    {"a UNSIGNED BIG INT", "a INT8"},
    {"a DECIMAL(10,5)", "a NUMERIC"},
    {"a DOUBLE PRECISION", "a FLOAT"},
    {"a NVARCHAR(100)", "a CLOB"},
    {"a TIMESTAMP", "a DATETIME"},
    {"a POINT", "a INT"},
    {"a BLOBTEXT", "a TEXT"},
    {"\"A\" TEXT", "a TEXT"},
    {"a, b, PRIMARY KEY(a), UNIQUE(a)", "a PRIMARY KEY, b"},
    {"a INTEGER PRIMARY KEY, b UNIQUE", "a INTEGER PRIMARY KEY UNIQUE, b UNIQUE"},
    {"a INTEGER PRIMARY KEY CHECK(a>0)", "a INTEGER PRIMARY KEY, CHECK(a > 0)"},
    {"a, CONSTRAINT \"c 1\" CHECK (a)", "a, CHECK(a)"},
    {"a, CONSTRAINT x", "a"},
    {"a CONSTRAINT x", "a"},
    {"a CONSTRAINT x CONSTRAINT y UNIQUE", "a UNIQUE"},
    {"a, b AS (a || \"x\")", "a, b AS (a || 'x')"},
    {"a, b AS (lower(a)) STORED UNIQUE", "a, b UNIQUE AS (lower(a)) STORED"},
    {"a, b AS (a), c AS (b)", "a, c AS (b), b AS (a)"},
    {"a CHECK(json_valid(a))", "a CHECK(json_valid(\"a\"))"},
    {"a CHECK(a IS NULL OR a <> '')", "a CHECK((a ISNULL) OR (a != ''))"},
    {"a CHECK(t.a > 0)", "a CHECK(a > 0)"},
    {"a CHECK(\"t\".\"a\" > 0)", "a CHECK(a > 0)"},
    {"a CHECK(a > -1)", "a CHECK(a > - 1)"},
    {"a CHECK(a > 0), b", "a, b CHECK(a > 0)"},
    {"a CHECK(true)", "a CHECK(1)"},
    {"a CHECK(a = true)", "a CHECK(a = 1)"},
    {"a INT, UNIQUE (a) ON CONFLICT IGNORE", "a INT UNIQUE ON CONFLICT IGNORE"},
    {"a INT, CHECK(a>0) ON CONFLICT IGNORE", "a INT, CHECK(a>0)"},
    {"a, b, FOREIGN KEY(a) REFERENCES p(x) FOREIGN KEY(b) REFERENCES p(x)", "a REFERENCES p(x), b REFERENCES p(x)"},
    {"a REFERENCES p(x) REFERENCES q(y)", "a REFERENCES p(x), FOREIGN KEY(a) REFERENCES q(y)"},
    {"a INTEGER PRIMARY KEY ASC", "a INTEGER PRIMARY KEY"},
    {"a INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "a INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"},
    {"a \"INTEGER\" PRIMARY KEY", "a integer primary key"}};

START_TEST(tables_in_another_writing_are_no_difference)
{
    same_pairs("CREATE TABLE t (", ")", equal_table, COUNT(equal_table));
}
END_TEST

static const char *const other_table[][3] = {
    {"a \"x\" TEXT", "a TEXT", "schema.column.type t.a"},
    {"a INTEGER PRIMARY KEY", "a INTEGER PRIMARY KEY AUTOINCREMENT", "schema.table.primary_key t"},
    {"a INTEGER PRIMARY KEY", "a INT PRIMARY KEY", "schema.column.type t.a"},
    {"a TEXT PRIMARY KEY", "a TEXT PRIMARY KEY NOT NULL", "schema.column.null t.a"},
    {"a, b, PRIMARY KEY(a, b)", "a, b, PRIMARY KEY(b, a)", "schema.table.primary_key t"},
    {"a, b, UNIQUE(a,b), UNIQUE(b,a)", "a, b, UNIQUE(a,b)", "schema.table.unique t"},
    {"a, UNIQUE(a COLLATE NOCASE)", "a, UNIQUE(a)", "schema.table.unique t"},
    {"a, UNIQUE(a DESC)", "a, UNIQUE(a)", "schema.table.unique t"},
    {"a UNIQUE ON CONFLICT REPLACE", "a UNIQUE", "schema.table.unique t"},
    {"a NOT NULL ON CONFLICT IGNORE", "a NOT NULL", "schema.column.constraint t.a"},
    {"a NOT NULL", "a", "schema.column.null t.a"},
    {"a CHECK(a > 0)", "a CHECK(a > 0 AND a < 9)", "schema.table.check t"},
    {"a CHECK(a IN ('x','y'))", "a CHECK(a IN ('x','z'))", "schema.table.check t"},
    {"a CHECK(a GLOB '[0-9]*')", "a CHECK(a LIKE '[0-9]*')", "schema.table.check t"},
    {"a DEFAULT 'x'", "a DEFAULT 'X'", "schema.column.default t.a"},
    {"a DEFAULT ''", "a", "schema.column.default t.a"},
    {"a DEFAULT CURRENT_TIMESTAMP", "a DEFAULT 'CURRENT_TIMESTAMP'", "schema.column.default t.a"},
    {"a DEFAULT CURRENT_TIMESTAMP", "a DEFAULT CURRENT_DATE", "schema.column.default t.a"},
    {"a DEFAULT (strftime('%s','now'))", "a DEFAULT (strftime('%S','now'))", "schema.column.default t.a"},
    {"a DEFAULT 0", "a DEFAULT '0'", "schema.column.default t.a"},
    {"a INTEGER DEFAULT 0", "a INTEGER DEFAULT '0'", "schema.column.default t.a"},
    {"a DEFAULT 1.0", "a DEFAULT 1", "schema.column.default t.a"},
    {"a DEFAULT 9223372036854775808", "a DEFAULT 9223372036854775807", "schema.column.default t.a"},
    {"a DEFAULT x'00'", "a DEFAULT x'01'", "schema.column.default t.a"},
    {"a DEFAULT (1+1)", "a DEFAULT 2", "schema.column.default t.a"},
    {"a DEFAULT true", "a DEFAULT \"true\"", "schema.column.default t.a"},
    {"a TEXT", "a STRING", "schema.column.type t.a"},
    {"a", "a NUMERIC", "schema.column.type t.a"},
    {"a ANY", "a BLOB", "schema.column.type t.a"},
    {"a TEXT COLLATE NOCASE", "a TEXT", "schema.column.collation t.a"},
    {"a, b AS (a+1) STORED", "a, b AS (a+1)", "schema.column.generated t.b"},
    {"a, b AS (a+1)", "a, b AS (a+2)", "schema.column.generated t.b"},
    {"a, b TEXT AS (a) COLLATE NOCASE", "a, b TEXT AS (a)", "schema.column.collation t.b"},
    {"a, b", "a, b AS (a)", "schema.column.generated t.b"},
    {"a REFERENCES p(x) ON DELETE CASCADE", "a REFERENCES p(x)", "schema.table.foreign_key t"},
    {"a REFERENCES p(x) ON DELETE CASCADE", "a REFERENCES p(x) ON UPDATE CASCADE", "schema.table.foreign_key t"},
    {"a REFERENCES p(x) DEFERRABLE INITIALLY DEFERRED", "a REFERENCES p(x)", "schema.table.foreign_key t"},
    {"a REFERENCES p(x)", "a REFERENCES p(y)", "schema.table.foreign_key t"},
    {"a REFERENCES p(x)", "a REFERENCES q(x)", "schema.table.foreign_key t"},
    {"a, b, FOREIGN KEY(a,b) REFERENCES p(x,y)", "a, b, FOREIGN KEY(a,b) REFERENCES p(y,x)",
     "schema.table.foreign_key t"},
    {"a REFERENCES p ON DELETE RESTRICT", "a REFERENCES p ON DELETE NO ACTION", "schema.table.foreign_key t"},
    {"a REFERENCES p ON DELETE SET NULL", "a REFERENCES p ON DELETE SET DEFAULT", "schema.table.foreign_key t"},
    {"a,b", "a", "schema.column.missing t.b"},
    {"a", "a,b", "schema.column.unexpected t.b"},
    {"a INTEGER PRIMARY KEY DESC", "a INTEGER PRIMARY KEY", "schema.table.primary_key t"},
    {"a PRIMARY KEY ON CONFLICT FAIL", "a PRIMARY KEY", "schema.table.primary_key t"},
    {"\346\227\245\346\234\254 TEXT", "\346\227\245\346\234\254\350\252\236 TEXT",
     "schema.column.missing t.\346\227\245\346\234\254,schema.column.unexpected "
     "t.\346\227\245\346\234\254\350\252\236"},
    {"a TEXT COLLATE NOCASE CHECK(a COLLATE BINARY = 'x')", "a TEXT COLLATE NOCASE CHECK(a = 'x')",
     "schema.table.check t"},
    {"a DEFAULT 1 DEFAULT 2", "a DEFAULT 1", "schema.column.default t.a"},
    {"a DEFAULT \"CURRENT_TIMESTAMP\"", "a DEFAULT CURRENT_TIMESTAMP", "schema.column.default t.a"},
    {"a DEFAULT 1e2", "a DEFAULT 100", "schema.column.default t.a"},
    {"a DEFAULT (CASE WHEN 1 THEN 2 END)", "a DEFAULT (CASE WHEN 1 THEN 3 END)", "schema.column.default t.a"},
    {"a DEFAULT (unixepoch())", "a DEFAULT (unixepoch('now'))", "schema.column.default t.a"},
    {"a TEXT DEFAULT 'null'", "a TEXT DEFAULT NULL", "schema.column.default t.a"},
    {"a DATE", "a REAL", "schema.column.type t.a"},
    {"a JSON", "a TEXT", "schema.column.type t.a"},
    {"a UUID", "a TEXT", "schema.column.type t.a"},
    {"a, b, PRIMARY KEY(a,b), UNIQUE(b,a)", "a, b, PRIMARY KEY(a,b)", "schema.table.unique t"},
    {"a, b INT GENERATED ALWAYS AS (a) STORED NOT NULL", "a, b INT AS (a) STORED", "schema.column.null t.b"},
    {"a CHECK(typeof(a)='integer')", "a CHECK('integer'=typeof(a))", "schema.table.check t"},
    {"a INT CHECK(a IN (1))", "a INT CHECK(a = 1)", "schema.table.check t"},
    {"a INT CHECK(a IN (1,2))", "a INT CHECK(a IN (2,1))", "schema.table.check t"},
    {"a REFERENCES t", "a REFERENCES t(rowid)", "schema.table.foreign_key t"},
    {"a REFERENCES p(x) DEFERRABLE INITIALLY DEFERRED", "a REFERENCES p(x) DEFERRABLE INITIALLY IMMEDIATE",
     "schema.table.foreign_key t"},
    {"a INTEGER(8) PRIMARY KEY", "a INTEGER PRIMARY KEY", "schema.column.type t.a"},
    {"a BIGINT PRIMARY KEY", "a INTEGER PRIMARY KEY", "schema.column.type t.a"},
    {"a INTEGER, b, PRIMARY KEY(a)", "a INTEGER, b, PRIMARY KEY(b)", "schema.table.primary_key t"},
    {"a, b, PRIMARY KEY(a, b)", "a, b", "schema.table.primary_key t"}};

START_TEST(one_change_of_tables_is_told_by_its_code)
{
    differ_as_told("CREATE TABLE t (", ")", other_table, COUNT(other_table));
}
END_TEST

static const char *const equal_index[][2] = {
    {"INDEX i ON t(a)", "INDEX \"i\" ON \"t\" (\"a\" ASC)"},
    {"INDEX i ON t(b)", "INDEX i ON t(b COLLATE BINARY)"},
    {"INDEX i ON t(b)", "INDEX i ON t((b))"},
    {"INDEX i ON t(lower(b))", "INDEX i ON t(LOWER(\"b\"))"},
    {"INDEX i ON t(CASE WHEN a THEN b ELSE c END)", "INDEX i ON t(case when a then b else c end)"},
    {"INDEX i ON t(a) WHERE b IN (1,2)", "INDEX i ON t(a) WHERE (b IN (1,2))"},
    {"INDEX i ON t(a) WHERE b IS NOT NULL", "INDEX i ON t(a) WHERE b NOT NULL"},
    {"INDEX i ON t(a) WHERE NOT b", "INDEX i ON t(a) WHERE (NOT b)"},
    {"INDEX i ON t((a COLLATE NOCASE))", "INDEX i ON t(a COLLATE NOCASE)"},
    {"INDEX i ON t(lower(b) COLLATE NOCASE DESC)", "INDEX i ON t(lower(b) COLLATE nocase DESC)"},
    {"INDEX main.i ON t(a)", "INDEX i ON t(a)"},
    {"INDEX i ON t('a')", "INDEX i ON t(a)"},
    {"INDEX i ON t(a) WHERE b = \"x\"", "INDEX i ON t(a) WHERE b = 'x'"},
    {"INDEX i ON t(a) WHERE a IS NULL", "INDEX i ON t(a) WHERE a ISNULL"},
    {"INDEX i ON t(a) WHERE b BETWEEN 1 AND 2", "INDEX i ON t(a) WHERE (b) BETWEEN (1) AND (2)"},
    {"INDEX i ON t(a ASC, b DESC)", "INDEX i ON t(a, b DESC)"},
    {"INDEX i ON t(abs(a) ASC)", "INDEX i ON t(abs(a))"},
    {"INDEX i ON t(-a)", "INDEX i ON t(- a)"},
    {"INDEX i ON t(a COLLATE \"NOCASE\")", "INDEX i ON t(a COLLATE NOCASE)"},
    {"INDEX i ON t(a % 2)", "INDEX i ON t(a%2)"}};

START_TEST(indexes_in_another_writing_are_no_difference)
{
    same_pairs("CREATE TABLE t (a INTEGER, b TEXT, c REAL); CREATE ", "", equal_index, COUNT(equal_index));
}
END_TEST

static const char *const other_index[][3] = {
    {"INDEX i ON t(a)", "INDEX i ON t(a DESC)", "schema.index.columns i"},
    {"INDEX i ON t(a,b)", "INDEX i ON t(b,a)", "schema.index.columns i"},
    {"INDEX i ON t(a)", "UNIQUE INDEX i ON t(a)", "schema.index.unique i"},
    {"INDEX i ON t(b)", "INDEX i ON t(b COLLATE NOCASE)", "schema.index.columns i"},
    {"INDEX i ON t(lower(b))", "INDEX i ON t(upper(b))", "schema.index.columns i"},
    {"INDEX i ON t(CASE WHEN a THEN b ELSE c END)", "INDEX i ON t(CASE WHEN a THEN c ELSE b END)",
     "schema.index.columns i"},
    {"INDEX i ON t(a) WHERE b IN (1,2)", "INDEX i ON t(a) WHERE b IN (1,3)", "schema.index.where i"},
    {"INDEX i ON t(a) WHERE b IS NOT NULL", "INDEX i ON t(a)", "schema.index.where i"},
    {"INDEX i ON t(a+b)", "INDEX i ON t(b+a)", "schema.index.columns i"},
    {"INDEX i ON t(lower(b) DESC)", "INDEX i ON t(lower(b))", "schema.index.columns i"},
    {"INDEX i ON t(a) WHERE b AND c", "INDEX i ON t(a) WHERE c AND b", "schema.index.where i"},
    {"INDEX i ON t(a) WHERE b LIKE 'x%'", "INDEX i ON t(a) WHERE b GLOB 'x%'", "schema.index.where i"},
    {"INDEX i ON t(a, a)", "INDEX i ON t(a)", "schema.index.columns i"},
    {"INDEX i ON t(ifnull(a, 0))", "INDEX i ON t(coalesce(a, 0))", "schema.index.columns i"},
    {"INDEX i ON t(substr(b,1,3))", "INDEX i ON t(substr(b,1,4))", "schema.index.columns i"}};

START_TEST(one_change_of_indexes_is_told_by_its_code)
{
    differ_as_told("CREATE TABLE t (a INTEGER, b TEXT, c REAL); CREATE ", "", other_index, COUNT(other_index));
}
END_TEST

static const char *const equal_virtual[][2] = {
    {"fts5(a,b)", "FTS5(a, b)"},
    {"fts5(a, tokenize='porter unicode61')", "fts5(a, tokenize = 'porter unicode61')"},
    {"fts5(a, tokenize='porter unicode61')", "fts5(a, tokenize=\"porter unicode61\")"},
    {"fts5(a, content='t', content_rowid='id')", "fts5(a, content=t, content_rowid=id)"},
    {"fts5(a UNINDEXED, b)", "fts5(a unindexed, b)"},
    {"rtree(id,x0,x1)", "rtree( id , x0 , x1 )"},
    {"fts5(a, tokenize = \"unicode61 tokenchars '-_'\")", "fts5(a, tokenize='unicode61 tokenchars ''-_''')"},
    {"fts5(A)", "fts5(a)"}};

START_TEST(virtual_tables_in_another_writing_are_no_difference)
{
    same_pairs("CREATE VIRTUAL TABLE f USING ", "", equal_virtual, COUNT(equal_virtual));
}
END_TEST

static const char *const other_virtual[][2] = {
    {"fts5(a,b)", "fts5(b,a)"},
    {"fts5(a, tokenize='porter unicode61')", "fts5(a, tokenize='unicode61')"},
    {"fts5(a, content='')", "fts5(a)"},
    {"fts5(a, prefix='2 3')", "fts5(a, prefix='2')"},
    {"fts5(a UNINDEXED, b)", "fts5(a, b)"},
    {"fts5(a, detail=none)", "fts5(a, detail=full)"},
    {"fts4(a,b)", "fts3(a,b)"},
    {"fts4(a, tokenize=porter)", "fts4(a, tokenize=simple)"},
    {"fts4(a, notindexed=a)", "fts4(a)"},
    {"rtree(id,x0,x1)", "rtree_i32(id,x0,x1)"},
    {"rtree(id,x0,x1)", "rtree(id,x0,x1,+n)"},
    {"fts5(a, tokenize='trigram')", "fts5(a, tokenize='trigram case_sensitive 1')"},
    {"fts5(a,b,columnsize=0)", "fts5(a,b)"},
    {"fts4(content=\"t\", a, b)", "fts4(content=\"t\", a, c)"},
    {"fts4(a, order=desc)", "fts4(a)"},
    {"fts4(tokenize=unicode61 \"remove_diacritics=0\", a)", "fts4(tokenize=unicode61 \"remove_diacritics=1\", a)"}};

START_TEST(one_change_of_virtual_tables_is_told_by_its_code)
{
    differ_pairs("CREATE VIRTUAL TABLE f USING ", "", other_virtual, COUNT(other_virtual), "schema.virtual.sql f");
}
END_TEST

static const char *const equal_schema[][2] = {
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v(x,y) AS SELECT a,b FROM t",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v(\"x\" , [y]) AS SELECT a,b FROM t"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW w AS SELECT a FROM t; CREATE VIEW v AS SELECT * FROM w",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v AS SELECT * FROM w; CREATE VIEW w AS SELECT a FROM t"},
    {"CREATE TABLE t(a COLLATE NOCASE); CREATE INDEX i ON t(a)",
     "CREATE TABLE t(a COLLATE NOCASE); CREATE INDEX i ON t(a COLLATE NOCASE)"},
    {"CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID"},
    {"CREATE TABLE t (a TEXT COLLATE NOCASE, b, PRIMARY KEY(a, b)) WITHOUT ROWID",
     "CREATE TABLE t (a TEXT COLLATE NOCASE, b, PRIMARY KEY(a COLLATE NOCASE, b)) WITHOUT ROWID"},
    {"CREATE TABLE t(a INT PRIMARY KEY,b INT) STRICT, WITHOUT ROWID",
     "CREATE TABLE t(a INT PRIMARY KEY,b INT) WITHOUT ROWID,STRICT"},
    {"CREATE TABLE android_metadata(locale TEXT);CREATE TABLE t (a INTEGER, b TEXT, c REAL);",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);"},
    {"CREATE TABLE t (a int) STRICT", "CREATE TABLE t (a INT) STRICT"},
    {"CREATE TABLE p(x PRIMARY KEY);CREATE TABLE t(a REFERENCES p)",
     "CREATE TABLE p(x PRIMARY KEY);CREATE TABLE t(a REFERENCES p(x))"},
    {"CREATE TABLE p(x,y,PRIMARY KEY(x,y));CREATE TABLE t(a,b,FOREIGN KEY(a,b) REFERENCES p)",
     "CREATE TABLE p(x,y,PRIMARY KEY(x,y));CREATE TABLE t(a,b,FOREIGN KEY(a,b) REFERENCES p(x,y))"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE TRIGGER main.g AFTER INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END"},
    {"CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5(a)", "CREATE VIRTUAL TABLE main.f USING fts5(a)"},
    {"CREATE TABLE t(a);CREATE TABLE \"T2\"(a)", "CREATE TABLE t(a);CREATE TABLE t2(A)"},
    {"CREATE TABLE t(a CHECK(a > ((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))",
     "CREATE TABLE t(a CHECK(a>1))"}};

START_TEST(schemas_in_another_writing_are_no_difference)
{
    same_pairs("", "", equal_schema, COUNT(equal_schema));
}
END_TEST

static const char *const other_schema[][3] = {
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v(x,y) AS SELECT a,b FROM t",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v AS SELECT a,b FROM t", "schema.view.sql v"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW w AS SELECT a FROM t; CREATE VIEW v AS SELECT * FROM w",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v AS SELECT * FROM w; CREATE VIEW w AS SELECT b FROM t",
     "schema.view.sql w"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v AS SELECT nosuch FROM nowhere",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v AS SELECT \"nosuch\" FROM nowhere", "schema.view.sql v"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g INSTEAD OF INSERT "
     "ON v WHEN new.a>1 BEGIN SELECT 1; END",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g INSTEAD OF INSERT "
     "ON v WHEN new.a>2 BEGIN SELECT 1; END",
     "schema.trigger.sql g"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE INDEX i ON t(json_extract(b,'$.x'))",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE INDEX i ON t(b->>'$.x')", "schema.index.columns i"},
    {"CREATE TABLE t(a COLLATE NOCASE); CREATE INDEX i ON t(a)",
     "CREATE TABLE t(a COLLATE NOCASE); CREATE INDEX i ON t(a COLLATE BINARY)", "schema.index.columns i"},
    {"CREATE TABLE t (a TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID",
     "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID", "schema.column.collation t.a"},
    {"CREATE TABLE t (a TEXT, b, PRIMARY KEY(a COLLATE NOCASE, b)) WITHOUT ROWID",
     "CREATE TABLE t (a TEXT, b, PRIMARY KEY(a, b)) WITHOUT ROWID", "schema.table.primary_key t"},
    {"CREATE TABLE t (a, b, PRIMARY KEY(a, b DESC)) WITHOUT ROWID",
     "CREATE TABLE t (a, b, PRIMARY KEY(a, b)) WITHOUT ROWID", "schema.table.primary_key t"},
    {"CREATE TABLE t (a ANY) STRICT", "CREATE TABLE t (a BLOB) STRICT", "schema.column.type t.a"},
    {"CREATE TABLE t (a INT) STRICT", "CREATE TABLE t (a INTEGER) STRICT", "schema.column.type t.a"},
    {"CREATE TABLE t(a PRIMARY KEY,b)", "CREATE TABLE t(a PRIMARY KEY,b) WITHOUT ROWID",
     "schema.table.without_rowid t"},
    {"CREATE TABLE t(a TEXT,b TEXT)", "CREATE TABLE t(a TEXT,b TEXT) STRICT", "schema.table.strict t"},
    {"CREATE TABLE t(a)", "CREATE VIEW t AS SELECT 1 AS a", "schema.kind t"},
    {"CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE TABLE f(a)", "schema.kind f"},
    {"CREATE VIRTUAL TABLE f USING fts5(a);CREATE TABLE f2_content(x)", "CREATE VIRTUAL TABLE f USING fts5(a)",
     "schema.missing f2_content"},
    {"CREATE TABLE f_content(x)", "CREATE TABLE x(y)", "schema.missing f_content,schema.unexpected x"},
    {"CREATE TABLE p(x,y,PRIMARY KEY(x,y));CREATE TABLE t(a,b,FOREIGN KEY(a,b) REFERENCES p)",
     "CREATE TABLE p(x,y,PRIMARY KEY(x,y));CREATE TABLE t(a,b,FOREIGN KEY(a,b) REFERENCES p(y,x))",
     "schema.table.foreign_key t"},
    {"CREATE TABLE p(x,y,PRIMARY KEY(x,y));CREATE TABLE t(a,b,FOREIGN KEY(a,b) REFERENCES p)",
     "CREATE TABLE p(x,y,PRIMARY KEY(y,x));CREATE TABLE t(a,b,FOREIGN KEY(a,b) REFERENCES p)",
     "schema.table.primary_key p"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE TABLE u(a);CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; "
     "END",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE TABLE u(a);CREATE TRIGGER g AFTER INSERT ON u BEGIN SELECT 1; "
     "END",
     "schema.trigger.sql g"},
    {"CREATE VIRTUAL TABLE f USING fts5(a);CREATE VIRTUAL TABLE w USING fts5vocab(f, row)",
     "CREATE VIRTUAL TABLE f USING fts5(a);CREATE VIRTUAL TABLE w USING fts5vocab(f, col)", "schema.virtual.sql w"},
    {"CREATE VIRTUAL TABLE f USING fts5(a);CREATE TABLE f_config2(x)",
     "CREATE VIRTUAL TABLE f USING fts5(a);CREATE TABLE f_config2(y)",
     "schema.column.missing f_config2.x,schema.column.unexpected f_config2.y"},
    {"CREATE VIEW t AS SELECT 1 AS x", "CREATE TABLE t(x)", "schema.kind t"},
    {"CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE TABLE t2(a UNIQUE)",
     "CREATE TABLE t (a INTEGER, b TEXT, c REAL);CREATE TABLE t2(a); CREATE UNIQUE INDEX q ON t2(a)",
     "schema.table.unique t2,schema.unexpected q"}};

START_TEST(one_change_of_schemas_is_told_by_its_code)
{
    differ_as_told("", "", other_schema, COUNT(other_schema));
}
END_TEST

TCase *compare_pairs_table_case(void)
{
    TCase *tcase = suite_case("pairs of tables");
    tcase_add_test(tcase, tables_in_another_writing_are_no_difference);
    tcase_add_test(tcase, one_change_of_tables_is_told_by_its_code);
    tcase_add_test(tcase, indexes_in_another_writing_are_no_difference);
    tcase_add_test(tcase, one_change_of_indexes_is_told_by_its_code);
    tcase_add_test(tcase, virtual_tables_in_another_writing_are_no_difference);
    tcase_add_test(tcase, one_change_of_virtual_tables_is_told_by_its_code);
    tcase_add_test(tcase, schemas_in_another_writing_are_no_difference);
    tcase_add_test(tcase, one_change_of_schemas_is_told_by_its_code);
    return tcase;
}
