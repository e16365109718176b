/* check_faults.c — mistakes that people make in migrations, each with what is told of it, and changes that look like
 * one and are none. The mistakes are those of the issues that users of other tools have filed. */
#include <string.h>

#include "base/str.h"
#include "support/suite.h"
#include "verify/given.h"

typedef struct migration {
    const char *name, *v1, *v2, *step; /* v2 NULL: as v1 */
    const char *told;                  /* "empty: code object" lines; without a level: at both */
    drift_runner runner;
} migration;

#define COLUMNS "(id INTEGER PRIMARY KEY, a TEXT, b INT)"
#define TABLE   "CREATE TABLE t " COLUMNS
/* Of t, everything about it copied in the order in which it comes. */
#define REBUILD(columns) \
    "CREATE TABLE n " columns "; INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t"

#define FAMILY(action)                                 \
    "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);" \
    "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE " action ")"
#define REBUILD_PARENT                                                                              \
    "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO n SELECT * FROM p; DROP TABLE p;" \
    "ALTER TABLE n RENAME TO p"
#define RENAME_ASIDE                                                                                             \
    "ALTER TABLE p RENAME TO o; CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO p SELECT * FROM o;" \
    "DROP TABLE o"

static const migration faults[] = {
    {"index", TABLE "; CREATE INDEX i ON t (a)", NULL, REBUILD(COLUMNS), "schema.missing i", DRIFT_RUNNER_DRIFT},
    {"predicate of an index", TABLE "; CREATE INDEX i ON t (a) WHERE b > 0", NULL,
     REBUILD(COLUMNS) "; CREATE INDEX i ON t (a)", "schema.index.where i", DRIFT_RUNNER_DRIFT},
    {"another predicate", TABLE "; CREATE INDEX i ON t (a) WHERE b > 0", NULL,
     REBUILD(COLUMNS) "; CREATE INDEX i ON t (a) WHERE b >= 0", "schema.index.where i", DRIFT_RUNNER_DRIFT},
    {"DESC of an index", TABLE "; CREATE INDEX i ON t (a DESC)", NULL, REBUILD(COLUMNS) "; CREATE INDEX i ON t (a)",
     "schema.index.columns i", DRIFT_RUNNER_DRIFT},
    {"COLLATE of an index", TABLE "; CREATE INDEX i ON t (a COLLATE NOCASE)", NULL,
     REBUILD(COLUMNS) "; CREATE INDEX i ON t (a)", "schema.index.columns i", DRIFT_RUNNER_DRIFT},
    {"order of an index", TABLE "; CREATE INDEX i ON t (a, b)", NULL, REBUILD(COLUMNS) "; CREATE INDEX i ON t (b, a)",
     "schema.index.columns i", DRIFT_RUNNER_DRIFT},
    {"expression of an index", TABLE "; CREATE INDEX i ON t (lower(a))", NULL,
     REBUILD(COLUMNS) "; CREATE INDEX i ON t (upper(a))", "schema.index.columns i", DRIFT_RUNNER_DRIFT},
    {"UNIQUE of an index", TABLE "; CREATE UNIQUE INDEX i ON t (a)", NULL, REBUILD(COLUMNS) "; CREATE INDEX i ON t (a)",
     "schema.index.unique i", DRIFT_RUNNER_DRIFT},
    {"UNIQUE", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT)"), "schema.table.unique t", DRIFT_RUNNER_DRIFT},
    {"CHECK", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a > 0))", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a INT)"), "schema.table.check t", DRIFT_RUNNER_DRIFT},
    {"another CHECK", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a > 0))", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a INT CHECK (a > 1))"), "schema.table.check t", DRIFT_RUNNER_DRIFT},
    {"NOT NULL", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a INT)"), "schema.column.null t.a", DRIFT_RUNNER_DRIFT},
    {"default", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT DEFAULT 5)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a INT)"), "schema.column.default t.a", DRIFT_RUNNER_DRIFT},
    {"parentheses of a default", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT (datetime('now')))", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT DEFAULT 'datetime(''now'')')"), "schema.column.default t.a",
     DRIFT_RUNNER_DRIFT},
    {"default of another type", "CREATE TABLE t (id INTEGER PRIMARY KEY, a DEFAULT '1')", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a DEFAULT 1)"), "schema.column.default t.a", DRIFT_RUNNER_DRIFT},
    {"type", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", NULL, REBUILD("(id INTEGER PRIMARY KEY, a BLOB)"),
     "schema.column.type t.a", DRIFT_RUNNER_DRIFT},
    {"collation", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT)"), "schema.column.collation t.a", DRIFT_RUNNER_DRIFT},
    {"conflict clause", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL ON CONFLICT IGNORE)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT NOT NULL)"), "schema.column.constraint t.a", DRIFT_RUNNER_DRIFT},
    {"foreign key", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT REFERENCES t)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a INT)"), "schema.table.foreign_key t", DRIFT_RUNNER_DRIFT},
    {"action of a foreign key", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT REFERENCES t ON DELETE CASCADE)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a INT REFERENCES t)"), "schema.table.foreign_key t", DRIFT_RUNNER_DRIFT},
    {"deferral of a foreign key",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT REFERENCES t DEFERRABLE INITIALLY DEFERRED)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a INT REFERENCES t)"), "schema.table.foreign_key t", DRIFT_RUNNER_DRIFT},
    {"STRICT", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT", NULL,
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT)"), "schema.table.strict t", DRIFT_RUNNER_DRIFT},
    {"AUTOINCREMENT", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", NULL,
     REBUILD("(id INTEGER PRIMARY KEY)"), "schema.table.primary_key t", DRIFT_RUNNER_DRIFT},
    {"primary key", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", NULL, REBUILD("(id INTEGER, a TEXT)"),
     "schema.table.primary_key t", DRIFT_RUNNER_DRIFT},
    {"rowid alias", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", NULL, REBUILD("(id INT PRIMARY KEY, a TEXT)"),
     "schema.column.type t.id", DRIFT_RUNNER_DRIFT},
    {"WITHOUT ROWID", "CREATE TABLE t (k TEXT PRIMARY KEY, a) WITHOUT ROWID", NULL,
     REBUILD("(k TEXT NOT NULL PRIMARY KEY, a)"), "schema.table.without_rowid t", DRIFT_RUNNER_DRIFT},
    {"generated column", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT AS (a + 1) STORED)", NULL,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a INT, b INT); INSERT INTO n (id, a) SELECT id, a FROM t; DROP TABLE t; "
     "ALTER TABLE n RENAME TO t",
     "schema.column.generated t.b", DRIFT_RUNNER_DRIFT},
    {"STORED", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT AS (a + 1) STORED)", NULL,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a INT, b INT AS (a + 1)); INSERT INTO n (id, a) SELECT id, a FROM t; "
     "DROP TABLE t; ALTER TABLE n RENAME TO t",
     "schema.column.generated t.b", DRIFT_RUNNER_DRIFT},
    {"expression of a generated column", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT AS (a + 1) STORED)",
     NULL,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a INT, b INT AS (a + 2) STORED); INSERT INTO n (id, a) SELECT id, a FROM "
     "t; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "schema.column.generated t.b", DRIFT_RUNNER_DRIFT},
    {"trigger", TABLE "; CREATE TRIGGER r AFTER UPDATE ON t BEGIN SELECT 1; END", NULL, REBUILD(COLUMNS),
     "schema.missing r", DRIFT_RUNNER_DRIFT},
    {"body of a trigger", TABLE "; CREATE TRIGGER r AFTER UPDATE ON t BEGIN SELECT 1; END", NULL,
     "DROP TRIGGER r; CREATE TRIGGER r AFTER UPDATE ON t BEGIN SELECT 2; END", "schema.trigger.sql r",
     DRIFT_RUNNER_DRIFT},
    {"WHEN of a trigger", TABLE "; CREATE TRIGGER r AFTER UPDATE ON t WHEN new.b BEGIN SELECT 1; END", NULL,
     "DROP TRIGGER r; CREATE TRIGGER r AFTER UPDATE ON t BEGIN SELECT 1; END", "schema.trigger.sql r",
     DRIFT_RUNNER_DRIFT},
    {"view", TABLE "; CREATE VIEW v AS SELECT a FROM t", NULL, "DROP VIEW v", "schema.missing v", DRIFT_RUNNER_DRIFT},
    {"WHERE of a view", TABLE "; CREATE VIEW v AS SELECT a FROM t WHERE b", NULL,
     "DROP VIEW v; CREATE VIEW v AS SELECT a FROM t", "schema.view.sql v", DRIFT_RUNNER_DRIFT},
    {"a view that became a table", TABLE "; CREATE VIEW v AS SELECT a FROM t", NULL, "DROP VIEW v; CREATE TABLE v (a)",
     "schema.kind v", DRIFT_RUNNER_DRIFT},
    {"a table left behind", TABLE, NULL, "CREATE TABLE old AS SELECT * FROM t", "schema.unexpected old",
     DRIFT_RUNNER_DRIFT},
    {"a column too many", TABLE, NULL, "ALTER TABLE t ADD c", "schema.column.unexpected t.c", DRIFT_RUNNER_DRIFT},
    {"a column too few", TABLE, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c)", "",
     "schema.column.missing t.c", DRIFT_RUNNER_DRIFT},
    {"a table too few", TABLE, TABLE "; CREATE TABLE u (a)", "", "schema.missing u", DRIFT_RUNNER_DRIFT},
    {"arguments of a virtual table", "CREATE VIRTUAL TABLE f USING fts5 (a)",
     "CREATE VIRTUAL TABLE f USING fts5 (a, prefix = 2)", "", "schema.virtual.sql f", DRIFT_RUNNER_DRIFT},
    {"positional copy", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, a TEXT)", REBUILD("(id INTEGER PRIMARY KEY, b TEXT, a TEXT)"),
     "one: data.changed t.a\none: data.changed t.b", DRIFT_RUNNER_DRIFT},
    {"positional copy of flags",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL CHECK (a IN (0, 1)), b INT NOT NULL CHECK (b IN (0, 1)))",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT NOT NULL CHECK (b IN (0, 1)), a INT NOT NULL CHECK (a IN (0, 1)))",
     REBUILD("(id INTEGER PRIMARY KEY, b INT NOT NULL CHECK (b IN (0, 1)), a INT NOT NULL CHECK (a IN (0, 1)))"),
     "one: data.changed t.a\none: data.changed t.b", DRIFT_RUNNER_DRIFT},
    {"rows by WHERE", TABLE, NULL,
     "CREATE TABLE n " COLUMNS "; INSERT INTO n SELECT * FROM t WHERE a = 'x'; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "one: data.lost_rows t", DRIFT_RUNNER_DRIFT},
    {"rows by INNER JOIN", TABLE "; CREATE TABLE u (x)", NULL,
     "CREATE TABLE n " COLUMNS
     "; INSERT INTO n SELECT t.* FROM t JOIN u ON x = -id; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "one: data.lost_rows t", DRIFT_RUNNER_DRIFT},
    {"rows by OR IGNORE", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (length(a) < 3))",
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT CHECK (length(a) < 3)); INSERT OR IGNORE INTO n SELECT * FROM t; "
     "DROP TABLE t; ALTER TABLE n RENAME TO t",
     "one: data.lost_rows t", DRIFT_RUNNER_DRIFT},
    {"columns by OR REPLACE", TABLE, NULL, "INSERT OR REPLACE INTO t (id, a) SELECT id, a FROM t",
     "one: data.nulled t.b", DRIFT_RUNNER_DRIFT},
    {"rows twice", "CREATE TABLE t (a)", NULL, "INSERT INTO t SELECT * FROM t", "one: data.extra_rows t",
     DRIFT_RUNNER_DRIFT},
    {"text to NULL", TABLE, NULL, "UPDATE t SET a = NULL", "one: data.nulled t.a", DRIFT_RUNNER_DRIFT},
    {"text to BLOB", TABLE, NULL, "UPDATE t SET a = CAST(a AS BLOB)", "one: data.changed t.a", DRIFT_RUNNER_DRIFT},
    {"NUL behind a text", TABLE, NULL, "UPDATE t SET a = a || char(0)", "one: data.changed t.a", DRIFT_RUNNER_DRIFT},
    {"an integer that overflows", TABLE, NULL, "UPDATE t SET b = b * 9223372036854775807", "one: data.changed t.b",
     DRIFT_RUNNER_DRIFT},
    {"a name taken for a string", TABLE, NULL,
     "CREATE TABLE n " COLUMNS "; INSERT INTO n SELECT id, 'a', b FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "one: data.changed t.a", DRIFT_RUNNER_DRIFT},
    {"another table's rows", TABLE "; CREATE TABLE u (x TEXT)", NULL, "UPDATE u SET x = 'x'", "one: data.changed u.x",
     DRIFT_RUNNER_DRIFT},
    {"a trigger that fires in the copy",
     TABLE "; CREATE TABLE l (x); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO l VALUES (new.a); END", NULL,
     "CREATE TEMP TABLE c AS SELECT * FROM t; DELETE FROM t; INSERT INTO t SELECT * FROM c; DROP TABLE c",
     "one: data.extra_rows l\none: data.collateral l", DRIFT_RUNNER_DRIFT},
    {"a trigger that rewrites rows",
     TABLE "; CREATE TRIGGER r AFTER UPDATE OF a ON t BEGIN UPDATE t SET b = 99 WHERE id = new.id; END", NULL,
     "UPDATE t SET a = a", "one: data.changed t.b", DRIFT_RUNNER_DRIFT},
    {"full-text rows", "CREATE VIRTUAL TABLE f USING fts5 (a)", NULL,
     "DROP TABLE f; CREATE VIRTUAL TABLE f USING fts5 (a)", "one: data.lost_rows f", DRIFT_RUNNER_DRIFT},
    {"CASCADE", FAMILY("CASCADE"), NULL, REBUILD_PARENT, "one: data.lost_rows c\none: data.collateral c",
     DRIFT_RUNNER_TRANSACTION},
    {"CASCADE in spite of deferral", FAMILY("CASCADE"), NULL, "PRAGMA defer_foreign_keys = ON; " REBUILD_PARENT,
     "one: data.lost_rows c\none: data.collateral c", DRIFT_RUNNER_TRANSACTION},
    {"SET NULL", FAMILY("SET NULL"), NULL, REBUILD_PARENT, "one: data.nulled c.p\none: data.collateral c",
     DRIFT_RUNNER_TRANSACTION},
    {"CASCADE of OR REPLACE", FAMILY("CASCADE"), NULL, "INSERT OR REPLACE INTO p SELECT * FROM p",
     "one: data.lost_rows c\none: data.collateral c", DRIFT_RUNNER_TRANSACTION},
    {"ON UPDATE CASCADE",
     "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT UNIQUE); CREATE TABLE c (a REFERENCES p (a) ON UPDATE CASCADE)",
     NULL, "UPDATE p SET a = a || '!'", "one: data.changed p.a\none: data.changed c.a\none: data.collateral c",
     DRIFT_RUNNER_TRANSACTION},
    {"a trigger that counts",
     TABLE "; CREATE TABLE n (x INT); CREATE TRIGGER r AFTER UPDATE ON t BEGIN UPDATE n SET x = x + 1; END", NULL,
     "UPDATE t SET a = a", "one: data.changed n.x\none: data.collateral n", DRIFT_RUNNER_PLAIN},
    {"a trigger that deletes elsewhere",
     TABLE "; CREATE TABLE u (x); CREATE TRIGGER r AFTER DELETE ON t BEGIN DELETE FROM u; END", NULL,
     "CREATE TEMP TABLE q AS SELECT * FROM t; DELETE FROM t; INSERT INTO t SELECT * FROM q; DROP TABLE q",
     "one: data.lost_rows u\none: data.collateral u", DRIFT_RUNNER_DRIFT},
    {"RESTRICT", FAMILY("RESTRICT"), NULL, REBUILD_PARENT, "one: migration.failed -", DRIFT_RUNNER_TRANSACTION},
    {"PRAGMA inside a transaction", FAMILY("CASCADE"), NULL,
     "PRAGMA foreign_keys = ON; BEGIN; PRAGMA foreign_keys = OFF; " REBUILD_PARENT "; COMMIT",
     "one: data.lost_rows c\none: data.collateral c", DRIFT_RUNNER_PLAIN},
    {"renamed aside", FAMILY("CASCADE"), NULL, RENAME_ASIDE,
     "empty: fk.dangling c\none: fk.violation c\none: fk.dangling c", DRIFT_RUNNER_DRIFT},
    {"renamed aside, plainly", FAMILY("CASCADE"), NULL, RENAME_ASIDE,
     "empty: schema.table.foreign_key c\nempty: fk.dangling c\none: schema.table.foreign_key c\none: fk.violation "
     "c\none: fk.dangling c",
     DRIFT_RUNNER_PLAIN},
    {"parents that are gone", FAMILY("CASCADE"), NULL, "UPDATE p SET id = -id", "one: fk.violation c",
     DRIFT_RUNNER_DRIFT},
    {"a reference to no key", "CREATE TABLE a (x)", "CREATE TABLE a (x); CREATE TABLE b (y REFERENCES a (x))",
     "CREATE TABLE b (y REFERENCES a (x))", "fk.violation b", DRIFT_RUNNER_DRIFT},
    {"a reference to nothing", "CREATE TABLE a (x)", "CREATE TABLE a (x); CREATE TABLE b (y REFERENCES c)",
     "CREATE TABLE b (y REFERENCES c)", "fk.dangling b", DRIFT_RUNNER_DRIFT},
    {"own BEGIN", TABLE, NULL, "BEGIN; DELETE FROM t; COMMIT", "migration.failed -", DRIFT_RUNNER_DRIFT},
    {"own COMMIT", TABLE, NULL, "DELETE FROM t; COMMIT",
     "empty: migration.failed -\none: migration.failed -\none: migration.residue -", DRIFT_RUNNER_DRIFT},
    {"own COMMIT and BEGIN", TABLE, NULL, "DELETE FROM t; COMMIT; BEGIN",
     "empty: migration.failed -\none: migration.failed -\none: migration.residue -", DRIFT_RUNNER_DRIFT},
    {"own ROLLBACK", TABLE, NULL, "DELETE FROM t; ROLLBACK", "migration.failed -", DRIFT_RUNNER_DRIFT},
    {"a failure in the middle", TABLE, NULL, "DELETE FROM t; CREATE TABLE u (x); INSERT INTO nowhere VALUES (1)",
     "migration.failed -", DRIFT_RUNNER_DRIFT},
    {"VACUUM", TABLE, NULL, "VACUUM", "migration.failed -", DRIFT_RUNNER_DRIFT},
    {"own BEGIN, with foreign keys on", TABLE, NULL, "BEGIN; DELETE FROM t; COMMIT", "migration.failed -",
     DRIFT_RUNNER_TRANSACTION},
    {"own COMMIT, with foreign keys on", TABLE, NULL, "DELETE FROM t; COMMIT",
     "empty: migration.failed -\none: migration.failed -\none: migration.residue -", DRIFT_RUNNER_TRANSACTION},
    {"own COMMIT and BEGIN, with foreign keys on", TABLE, NULL, "DELETE FROM t; COMMIT; BEGIN",
     "empty: migration.failed -\none: migration.failed -\none: migration.residue -", DRIFT_RUNNER_TRANSACTION},
    {"own ROLLBACK, with foreign keys on", TABLE, NULL, "DELETE FROM t; ROLLBACK", "migration.failed -",
     DRIFT_RUNNER_TRANSACTION},
    {"a failure in the middle, with foreign keys on", TABLE, NULL,
     "DELETE FROM t; CREATE TABLE u (x); INSERT INTO nowhere VALUES (1)", "migration.failed -",
     DRIFT_RUNNER_TRANSACTION},
    {"VACUUM, with foreign keys on", TABLE, NULL, "VACUUM", "migration.failed -", DRIFT_RUNNER_TRANSACTION},
    {"OR ROLLBACK", "CREATE TABLE t (a UNIQUE)", NULL,
     "CREATE TABLE u (x); INSERT OR ROLLBACK INTO t SELECT 1 UNION ALL SELECT 1", "migration.failed -",
     DRIFT_RUNNER_DRIFT},
    {"a transaction left open", TABLE, NULL, "BEGIN; DELETE FROM t", "migration.transaction -", DRIFT_RUNNER_PLAIN},
    {"a savepoint left open", TABLE, NULL, "SAVEPOINT s; DELETE FROM t", "migration.transaction -", DRIFT_RUNNER_PLAIN},
    {"NOT NULL without default", TABLE, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c INT NOT NULL)",
     "ALTER TABLE t ADD c INT NOT NULL", "one: migration.failed -", DRIFT_RUNNER_DRIFT},
    {"a default that is not constant", TABLE,
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c DEFAULT CURRENT_TIME)",
     "ALTER TABLE t ADD c DEFAULT CURRENT_TIME", "one: migration.failed -", DRIFT_RUNNER_DRIFT},
    {"an unknown function", TABLE, NULL, "UPDATE t SET a = app(a)", "migration.failed -", DRIFT_RUNNER_DRIFT},
    {"an unknown collation", TABLE, NULL, "CREATE INDEX i ON t (a COLLATE app)", "migration.failed -",
     DRIFT_RUNNER_DRIFT},
    {"no SQL", TABLE, NULL, "SELEC 1", "migration.failed -", DRIFT_RUNNER_DRIFT},
    {"a trigger without END", TABLE, NULL, "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1;", "migration.failed -",
     DRIFT_RUNNER_DRIFT},
    {"rows behind a TEMP table", TABLE, NULL, "CREATE TEMP TABLE t (z); UPDATE main.t SET a = NULL; DROP TABLE temp.t",
     "one: data.nulled t.a", DRIFT_RUNNER_DRIFT},
    {"a schema that nobody can read", TABLE, NULL,
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (' WHERE name = 't'; PRAGMA "
     "writable_schema = RESET",
     "migration.failed -", DRIFT_RUNNER_PLAIN},
    {"a primary key that was renumbered", TABLE, NULL, "UPDATE t SET id = id + 1000",
     "one: data.lost_rows t\none: data.extra_rows t", DRIFT_RUNNER_DRIFT},
    {"a column dropped and added", TABLE, NULL, "ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD COLUMN b INT",
     "one: data.nulled t.b", DRIFT_RUNNER_DRIFT},
    {"two tables that changed places", TABLE "; CREATE TABLE u " COLUMNS, NULL,
     "ALTER TABLE t RENAME TO x; ALTER TABLE u RENAME TO t; ALTER TABLE x RENAME TO u",
     "one: data.lost_rows t\none: data.extra_rows t\none: data.lost_rows u\none: data.extra_rows u",
     DRIFT_RUNNER_DRIFT},
};

/* By every runner. */
static const migration harmless[] = {
    {"nothing", TABLE, NULL, "", "", 0},
    {"comments", TABLE, NULL, "-- one\n/* two */", "", 0},
    {"an open comment", TABLE, NULL, "/* open", "", 0},
    {"semicolons", TABLE, NULL, ";; ;\n;", "", 0},
    {"CRLF", TABLE, TABLE "; CREATE TABLE u (a)", "CREATE TABLE u (a);\r\n-- x\r\n", "", 0},
    {"several on a line", TABLE, TABLE "; CREATE TABLE u (a)", "CREATE TABLE u (a);DELETE FROM u;ANALYZE", "", 0},
    {"no final semicolon", TABLE, TABLE "; CREATE TABLE u (a)", "CREATE TABLE u (a)", "", 0},
    {"respelled", TABLE, NULL,
     "create table \"n\" ([ID] integer primary key asc, `A` varchar(20) null default null, b BIGINT); INSERT INTO n "
     "SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "", 0},
    {"another order of columns", TABLE, "CREATE TABLE t (b INT, a TEXT, id INTEGER PRIMARY KEY)", "", "", 0},
    {"TRUE and 1", "CREATE TABLE t (a BOOLEAN DEFAULT TRUE)", "CREATE TABLE t (a BOOLEAN DEFAULT 1)", "", "", 0},
    {"parentheses", "CREATE TABLE t (a INT DEFAULT 0 CHECK (a > 0))",
     "CREATE TABLE t (a INT DEFAULT (0), CHECK ((a > 0)))", "", "", 0},
    {"where constraints stand", "CREATE TABLE t (a INT UNIQUE, b INT REFERENCES t (a))",
     "CREATE TABLE t (a INT, b INT, FOREIGN KEY (b) REFERENCES t (a), CONSTRAINT q UNIQUE (a))", "", "", 0},
    {"dropped and made again", TABLE "; CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT * FROM t", NULL,
     "DROP INDEX i; CREATE INDEX i ON t (a); DROP VIEW v; CREATE VIEW v AS SELECT * FROM t", "", 0},
    {"IF EXISTS", TABLE, NULL, "CREATE TABLE IF NOT EXISTS t (x); DROP TABLE IF EXISTS u", "", 0},
    {"a savepoint released", TABLE, TABLE "; CREATE TABLE u (a)", "SAVEPOINT s; CREATE TABLE u (a); RELEASE s", "", 0},
    {"a savepoint undone", TABLE, NULL, "SAVEPOINT s; DELETE FROM t; ROLLBACK TO s; RELEASE s", "", 0},
    {"a TEMP table dropped", TABLE, NULL, "CREATE TEMP TABLE x AS SELECT * FROM t; DROP TABLE x", "", 0},
    {"a TEMP table of the same name", TABLE, NULL, "CREATE TEMP TABLE t (z); DROP TABLE temp.t", "", 0},
    {"rows copied elsewhere too", TABLE, TABLE "; CREATE TABLE u (a)",
     "CREATE TABLE u (a); INSERT INTO u SELECT a FROM t", "", 0},
    {"a rebuild done right",
     TABLE " STRICT; CREATE INDEX i ON t (a COLLATE NOCASE DESC) WHERE b > 0; CREATE TRIGGER r AFTER UPDATE OF a ON t "
           "WHEN new.a IS NOT NULL BEGIN SELECT ';END;'; END; CREATE VIEW v AS SELECT * FROM t",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT NOT NULL DEFAULT 0) STRICT; CREATE INDEX i ON t (a COLLATE "
     "NOCASE DESC) WHERE b > 0; CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN new.a IS NOT NULL BEGIN SELECT ';END;'; "
     "END; CREATE VIEW v AS SELECT * FROM t",
     "DROP VIEW v; CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b INT NOT NULL DEFAULT 0) STRICT; INSERT INTO n "
     "SELECT id, a, coalesce(b, 0) FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t; CREATE INDEX i ON t (a COLLATE "
     "NOCASE DESC) WHERE b > 0; CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN new.a IS NOT NULL BEGIN SELECT ';END;'; "
     "END; CREATE VIEW v AS SELECT * FROM t",
     "", 0},
    {"a column dropped", TABLE, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "ALTER TABLE t DROP COLUMN b", "",
     0},
    {"a column renamed", TABLE, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c INT)", "ALTER TABLE t RENAME b TO c",
     "", 0},
    {"a table renamed", TABLE, "CREATE TABLE u " COLUMNS, "ALTER TABLE t RENAME TO u", "", 0},
    {"pragmas", TABLE, NULL,
     "PRAGMA foreign_keys = OFF; PRAGMA foreign_key_check; PRAGMA optimize; PRAGMA user_version = 9", "", 0},
    {"queries", TABLE, NULL, "SELECT * FROM t; EXPLAIN SELECT 1; VALUES (1), (2)", "", 0},
    {"rows updated to themselves", TABLE, NULL, "UPDATE t SET a = a, b = b", "", 0},
    {"deleted and inserted again", TABLE, NULL,
     "CREATE TEMP TABLE q AS SELECT * FROM t; DELETE FROM t; INSERT INTO t SELECT * FROM q; DROP TABLE q", "", 0},
    {"to AUTOINCREMENT", TABLE, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, b INT)",
     REBUILD("(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, b INT)"), "", 0},
    {"to WITHOUT ROWID", "CREATE TABLE t (k TEXT NOT NULL PRIMARY KEY, a)",
     "CREATE TABLE t (k TEXT NOT NULL PRIMARY KEY, a) WITHOUT ROWID",
     REBUILD("(k TEXT NOT NULL PRIMARY KEY, a) WITHOUT ROWID"), "", 0},
    {"another primary key", "CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT NOT NULL UNIQUE)",
     "CREATE TABLE t (k TEXT NOT NULL PRIMARY KEY)",
     "CREATE TABLE n (k TEXT NOT NULL PRIMARY KEY); INSERT INTO n (k) SELECT k FROM t; DROP TABLE t; ALTER TABLE n "
     "RENAME TO t",
     "", 0},
    {"a table that became a view", TABLE, "CREATE TABLE u " COLUMNS "; CREATE VIEW t AS SELECT * FROM u",
     "ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT * FROM u", "", 0},
    {"a small integer column to REAL",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT CHECK (abs(b) < 1000000))",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL CHECK (abs(b) < 1000000))",
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT, b REAL CHECK (abs(b) < 1000000))"), "", 0},
    {"a full-text index rebuilt", TABLE "; CREATE VIRTUAL TABLE f USING fts5 (a, content = t, content_rowid = id)",
     TABLE "; CREATE VIRTUAL TABLE f USING fts5 (a, content = t, content_rowid = id, prefix = 2)",
     "DROP TABLE f; CREATE VIRTUAL TABLE f USING fts5 (a, content = t, content_rowid = id, prefix = 2); INSERT INTO f "
     "(f) VALUES ('rebuild')",
     "", 0},
    {"schema-qualified names", TABLE, TABLE "; CREATE TABLE u (a)",
     "CREATE TABLE main.u (a); CREATE INDEX main.i ON u (a); DROP INDEX main.i", "", 0},
};

/* At the levels `empty` and `one`, whose rows are told apart by eye, all that is told. */
static void put_findings(drift__str *out, const drift_outcome *outcome)
{
    for (size_t i = 0; i < 2; i++) {
        const drift_run *run = &outcome->runs[i];
        for (size_t k = 0; k < run->finding_count; k++)
            drift__str_printf(out, "%s: %s %s\n", run->data, drift_finding_code_name(run->findings[k].code),
                              run->findings[k].object ? run->findings[k].object : "-");
    }
}

/* What is told without a level is told at both. */
static void put_expected(drift__str *out, const migration *m)
{
    if (!*m->told) return;
    if (strstr(m->told, ": "))
        drift__str_printf(out, "%s\n", m->told);
    else
        drift__str_printf(out, "empty: %s\none: %s\n", m->told, m->told);
}

/* With more rows, and with such as nobody expected, the fault is found too, perhaps by other codes. */
static void assert_more_rows(const migration *m, const drift_outcome *outcome)
{
    ck_assert_uint_eq(outcome->run_count, 4);
    for (size_t i = 2; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        const drift_run_status expected = *m->told ? DRIFT_RUN_FAILED : DRIFT_RUN_PASSED;
        ck_assert_msg(run->status == expected, "%s: at level %s the run %s: %s", m->name, run->data,
                      drift_run_status_name(run->status), run->finding_count ? run->findings[0].message : "");
    }
}

static void assert_told(const migration *m, drift_runner runner)
{
    drift__str expected = DRIFT__STR_INIT, found = DRIFT__STR_INIT;
    given g = given_pair(m->v1, m->v2 ? m->v2 : m->v1, m->step);
    drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.seed = 42, .runner = runner});
    put_expected(&expected, m);
    put_findings(&found, outcome);
    ck_assert_msg(strcmp(drift__str_text(&found), drift__str_text(&expected)) == 0, "%s: expected\n%sfound\n%s",
                  m->name, drift__str_text(&expected), drift__str_text(&found));
    assert_more_rows(m, outcome);
    drift__str_dispose(&found);
    drift__str_dispose(&expected);
    drift_outcome_free(outcome);
    given_done(&g);
}

START_TEST(a_fault_is_told_by_its_code_and_object_and_nothing_else_is)
{
    assert_told(&faults[_i], faults[_i].runner);
}
END_TEST

START_TEST(what_only_looks_like_a_fault_passes_with_every_runner)
{
    for (int runner = DRIFT_RUNNER_DRIFT; runner <= DRIFT_RUNNER_PLAIN; runner++)
        assert_told(&harmless[_i], (drift_runner)runner);
}
END_TEST

TCase *case_faults(void)
{
    TCase *tcase = suite_case("faults");
    tcase_add_loop_test(tcase, a_fault_is_told_by_its_code_and_object_and_nothing_else_is, 0,
                        (int)(sizeof faults / sizeof faults[0]));
    tcase_add_loop_test(tcase, what_only_looks_like_a_fault_passes_with_every_runner, 0,
                        (int)(sizeof harmless / sizeof harmless[0]));
    return tcase;
}
