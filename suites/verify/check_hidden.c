/* check_hidden.c — what a migration breaks without changing a schema or a value: found where it is planted, and silent
 * where a migration only looks as if it did. */
#include <string.h>

#include "base/str.h"
#include "drift/kit/parse.h"
#include "outcome/outcome.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/given.h"
#include "verify/hidden.h"
#include "verify/world.h"

/* A database, what is done to it, and what is told. */
typedef struct story {
    const char *name;
    const char *before;    /* the old schema, and rows */
    const char *migration; /* run on a copy of it */
    const char *target;    /* the target's schema; NULL: what `schema` was taken from, without its rows */
    const char *findings;
    const char *temp; /* run on both connections before the migration: what the application's setup makes */
} story;

static drift_connection *open_with(const char *sql, const drift_verify_options *options)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift__world_open(&connection, options, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    return connection;
}

static drift_connection *copy_of(drift_connection *original, const drift_verify_options *options)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift__world_clone(&connection, original, options, &err));
    return connection;
}

/* The findings as "code object: message" lines. */
static char *told(drift__outcome_builder *builder)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift__str text = DRIFT__STR_INIT;
    char *out = NULL;
    drift__outcome_end_run(builder, 0);
    ck_assert_drift(drift__outcome_finish(&outcome, builder, 2, 1, &err));
    for (size_t i = 0; i < outcome->runs[0].finding_count; i++) {
        const drift_finding *finding = &outcome->runs[0].findings[i];
        drift__str_printf(&text, "%s %s: %s\n", drift_finding_code_name(finding->code),
                          finding->object ? finding->object : "-", finding->message);
    }
    drift_outcome_free(outcome);
    ck_assert_drift(drift__str_take(&out, &text, &err));
    return out;
}

static char *judged(drift_connection *before, drift_connection *after, const char *target,
                    const drift_verify_options *options)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    drift__outcome_builder *builder = NULL;
    ck_assert_drift(drift_schema_parse(&schema, target, strlen(target), &err));
    schema->version = 2;
    ck_assert_drift(drift__outcome_begin(&builder, "schemas", "steps", "plain", 7, &err));
    drift__outcome_begin_run(builder, 1, 2, "one");
    drift__judgement judgement = {
        .outcome = builder, .before = before, .after = after, .target = schema, .options = options};
    ck_assert_drift(drift__judge_hidden(&judgement, &err));
    drift_schema_free(schema);
    return told(builder);
}

static void assert_story(const story *s)
{
    const drift_verify_options options = {.seed = 7};
    drift_error err = {0};
    drift_connection *before = open_with(s->before, &options), *after = copy_of(before, &options);
    if (s->temp) {
        ck_assert_drift(drift_exec(before, s->temp, &err));
        ck_assert_drift(drift_exec(after, s->temp, &err));
    }
    ck_assert_drift(drift_exec(after, s->migration, &err));
    char *found = judged(before, after, s->target, &options);
    ck_assert_msg(strcmp(found, s->findings) == 0, "%s: expected\n%sfound\n%s", s->name, s->findings, found);
    drift_free(found);
    drift_connection_close(after);
    drift_connection_close(before);
}

/* ---- rowids ---- */

#define NOTES    "CREATE TABLE notes (a TEXT, b INT)"
#define NOTES_IN NOTES ";INSERT INTO notes (rowid, a, b) VALUES (3, 'x', 1), (7, 'y', 2), (9, 'x', 1)"
#define KEYED    "CREATE TABLE keyed (k TEXT PRIMARY KEY, a)"
#define KEYED_IN KEYED ";INSERT INTO keyed (rowid, k, a) VALUES (4, 'p', 1), (5, 'q', 2), (6, NULL, 3)"

static const story rowids[] = {
    {"a rebuild that numbers anew", NOTES_IN,
     "CREATE TABLE n (a TEXT, b INT); INSERT INTO n SELECT * FROM notes; DROP TABLE notes; ALTER TABLE n RENAME TO"
     " notes",
     NOTES, "hidden.rowid notes: 2 rows have another rowid, the first: 7 is 2 now\n", NULL},
    {"one row that moved", NOTES_IN, "UPDATE notes SET rowid = 70 WHERE rowid = 7", NOTES,
     "hidden.rowid notes: 1 row has another rowid, the first: 7 is 70 now\n", NULL},
    {"by key, though its other value changed too", KEYED_IN, "UPDATE keyed SET rowid = 50, a = 9 WHERE k = 'q'", KEYED,
     "hidden.rowid keyed: 1 row has another rowid, the first: 5 is 50 now\n", NULL},
    {"a NULL in the key: by its values", KEYED_IN, "UPDATE keyed SET rowid = 60 WHERE k IS NULL", KEYED,
     "hidden.rowid keyed: 1 row has another rowid, the first: 6 is 60 now\n", NULL},
    {"two rows that changed places", NOTES_IN,
     "UPDATE notes SET rowid = -1 WHERE rowid = 3; UPDATE notes SET rowid = 3 WHERE rowid = 7; UPDATE notes SET rowid ="
     " 7 WHERE rowid = -1",
     NOTES, "hidden.rowid notes: 2 rows have another rowid, the first: 3 is 7 now\n", NULL},
    {"a column named rowid", "CREATE TABLE t (rowid TEXT, a); INSERT INTO t (_rowid_, a) VALUES (5, 1)",
     "UPDATE t SET oid = 6", "CREATE TABLE t (rowid TEXT, a)",
     "hidden.rowid t: 1 row has another rowid, the first: 5 is 6 now\n", NULL},
    /* silent */
    {"a rebuild that copies them", NOTES_IN,
     "CREATE TABLE n (a TEXT, b INT); INSERT INTO n (rowid, a, b) SELECT rowid, a, b FROM notes; DROP TABLE notes;"
     "ALTER TABLE n RENAME TO notes",
     NOTES, "", NULL},
    {"equal rows, deleted and inserted again", NOTES_IN,
     "DELETE FROM notes WHERE rowid IN (3, 9); INSERT INTO notes (rowid, a, b) VALUES (9, 'x', 1), (3, 'x', 1)", NOTES,
     "", NULL},
    {"a value that changed", NOTES_IN, "UPDATE notes SET a = 'changed'", NOTES, "", NULL},
    {"rows that went, and others that came", NOTES_IN, "DELETE FROM notes; INSERT INTO notes VALUES ('new', 0)", NOTES,
     "", NULL},
    {"an INTEGER PRIMARY KEY names it", "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 2)",
     "UPDATE t SET id = 5", "CREATE TABLE t (id INTEGER PRIMARY KEY, a)", "", NULL},
    {"WITHOUT ROWID from now on", KEYED ";INSERT INTO keyed (rowid, k) VALUES (9, 'a')",
     "CREATE TABLE n (k TEXT PRIMARY KEY, a) WITHOUT ROWID; INSERT INTO n SELECT * FROM keyed; DROP TABLE keyed; ALTER"
     " TABLE n RENAME TO keyed",
     "CREATE TABLE keyed (k TEXT PRIMARY KEY, a) WITHOUT ROWID", "", NULL},
    {"a rowid that nobody can name", "CREATE TABLE t (rowid, _rowid_, oid); INSERT INTO t VALUES (1, 2, 3)",
     "CREATE TABLE n (rowid, _rowid_, oid); INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
     "CREATE TABLE t (rowid, _rowid_, oid)", "", NULL},
    {"no column is left", NOTES_IN, "CREATE TABLE n (z); DROP TABLE notes; ALTER TABLE n RENAME TO notes",
     "CREATE TABLE notes (z)", "", NULL},
};

/* ---- sequences ---- */

#define SEQ    "CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)"
#define SEQ_IN SEQ ";INSERT INTO s VALUES (1, 'a'), (2, 'b'); UPDATE sqlite_sequence SET seq = 50 WHERE name = 's'"
#define SEQ_REBUILD                                                                                               \
    "CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); INSERT INTO n SELECT * FROM s; DROP TABLE s;" \
    "ALTER TABLE n RENAME TO s"
#define SEQ_TOLD(actual)                                                                                   \
    "hidden.sequence s: the AUTOINCREMENT sequence stood at 50 and stands at " actual ": keys in between " \
    "may be given again\n"

static const story sequences[] = {
    {"a rebuild that forgets it", SEQ_IN, SEQ_REBUILD, SEQ, SEQ_TOLD("2"), NULL},
    {"an entry deleted", SEQ_IN, "DELETE FROM sqlite_sequence", SEQ, SEQ_TOLD("2"), NULL},
    {"an entry lowered", SEQ_IN, "UPDATE sqlite_sequence SET seq = 40", SEQ, SEQ_TOLD("40"), NULL},
    {"an entry under another spelling", SEQ_IN, "UPDATE sqlite_sequence SET name = 'S'", SEQ, SEQ_TOLD("2"), NULL},
    {"an entry behind a lower one", SEQ_IN,
     "DELETE FROM sqlite_sequence; INSERT INTO sqlite_sequence VALUES ('s', 3), ('s', 50)", SEQ, SEQ_TOLD("3"), NULL},
    {"an empty table", SEQ_IN "; DELETE FROM s", SEQ_REBUILD, SEQ, SEQ_TOLD("0"), NULL},
    /* silent */
    {"a rebuild that carries it over", SEQ_IN, SEQ_REBUILD "; UPDATE sqlite_sequence SET seq = 50 WHERE name = 's'",
     SEQ, "", NULL},
    {"nothing is ahead of the rows", SEQ ";INSERT INTO s VALUES (1, 'a'), (2, 'b')", SEQ_REBUILD, SEQ, "", NULL},
    {"an entry lost, and a row in its place", SEQ_IN, "DELETE FROM sqlite_sequence; INSERT INTO s VALUES (50, 'z')",
     SEQ, "", NULL},
    {"raised", SEQ_IN, "UPDATE sqlite_sequence SET seq = 60", SEQ, "", NULL},
    {"AUTOINCREMENT no more", SEQ_IN,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO n SELECT * FROM s; DROP TABLE s; ALTER TABLE n"
     " RENAME TO s",
     "CREATE TABLE s (id INTEGER PRIMARY KEY, a TEXT)", "", NULL},
    {"the word in a name", "CREATE TABLE s (id INTEGER PRIMARY KEY, \"autoincrement\"); INSERT INTO s VALUES (9, 1)",
     "DELETE FROM s", "CREATE TABLE s (id INTEGER PRIMARY KEY, \"autoincrement\")", "", NULL},
    {"dropped", SEQ_IN, "DROP TABLE s", "CREATE TABLE other (x)", "", NULL},
};

/* ---- full-text and spatial indexes ---- */

#define DOCS            "CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT)"
#define EXTERNAL        DOCS ";CREATE VIRTUAL TABLE f USING fts5 (body, content = 'docs', content_rowid = 'id')"
#define EXTERNAL_IN     EXTERNAL ";INSERT INTO docs VALUES (1, 'one'), (2, 'two'); INSERT INTO f (f) VALUES ('rebuild')"
#define EXTERNAL_4      DOCS ";CREATE VIRTUAL TABLE f USING fts4 (body, content='docs')"
#define EXTERNAL_4_IN   EXTERNAL_4 ";INSERT INTO docs VALUES (1, 'one'), (2, 'two'); INSERT INTO f (f) VALUES ('rebuild')"
#define FTS_TOLD(why)   "hidden.fts f: the full-text index does not agree with its content: " why "\n"
#define RTREE_TOLD(why) "hidden.fts r: the spatial index does not agree with its content: " why "\n"

static const story indexes[] = {
    {"external content changed without the index", EXTERNAL_IN, "UPDATE docs SET body = 'three' WHERE id = 2", EXTERNAL,
     FTS_TOLD("database disk image is malformed"), NULL},
    {"external content rebuilt with other rowids", EXTERNAL_IN,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO n SELECT id + 10, body FROM docs; DROP TABLE "
     "docs;"
     "ALTER TABLE n RENAME TO docs",
     EXTERNAL, FTS_TOLD("database disk image is malformed"), NULL},
    {"a row behind the index", EXTERNAL_IN, "INSERT INTO docs VALUES (3, 'three')", EXTERNAL,
     FTS_TOLD("database disk image is malformed"), NULL},
    {"external content gone", EXTERNAL_IN, "DROP TABLE docs", EXTERNAL, FTS_TOLD("no such table: main.docs"), NULL},
    {"fts4, external content changed", EXTERNAL_4_IN, "UPDATE docs SET body = 'three' WHERE id = 2", EXTERNAL_4,
     FTS_TOLD("database disk image is malformed"), NULL},
    {"an index that lost its data", "CREATE VIRTUAL TABLE f USING fts5 (a); INSERT INTO f VALUES ('one'), ('two')",
     "DELETE FROM f_data WHERE id > 10", "CREATE VIRTUAL TABLE f USING fts5 (a)",
     FTS_TOLD("database disk image is malformed"), NULL},
    {"content under a full-text table", "CREATE VIRTUAL TABLE f USING fts5 (a); INSERT INTO f VALUES ('one'), ('two')",
     "UPDATE f_content SET c0 = 'three'", "CREATE VIRTUAL TABLE f USING fts5 (a)",
     FTS_TOLD("database disk image is malformed"), NULL},
    {"a new index that was never filled", DOCS ";INSERT INTO docs VALUES (1, 'one')",
     "CREATE VIRTUAL TABLE f USING fts5 (body, content = 'docs', content_rowid = 'id')", EXTERNAL,
     FTS_TOLD("database disk image is malformed"), NULL},
    {"a spatial index without its node",
     "CREATE VIRTUAL TABLE r USING rtree (id, a, b); INSERT INTO r VALUES (1, 2, 3)", "DELETE FROM r_rowid",
     "CREATE VIRTUAL TABLE r USING rtree (id, a, b)",
     RTREE_TOLD("Mapping (1 -> 1) missing from %_rowid table Wrong number of entries in %_rowid table - expected 1, "
                "actual 0"),
     NULL},
    /* silent */
    {"external content changed, the index rebuilt", EXTERNAL_IN,
     "UPDATE docs SET body = 'three'; INSERT INTO f (f) VALUES ('rebuild')", EXTERNAL, "", NULL},
    {"a rebuild that keeps the rowids", EXTERNAL_IN,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO n SELECT * FROM docs; DROP TABLE docs; ALTER "
     "TABLE"
     " n RENAME TO docs",
     EXTERNAL, "", NULL},
    {"out of step before", EXTERNAL_IN "; UPDATE docs SET body = 'three'", "UPDATE docs SET body = 'four'", EXTERNAL,
     "", NULL},
    {"contentless", "CREATE VIRTUAL TABLE f USING fts5 (a, content = ''); INSERT INTO f (rowid, a) VALUES (1, 'one')",
     "INSERT INTO f (rowid, a) VALUES (2, 'two')", "CREATE VIRTUAL TABLE f USING fts5 (a, content = '')", "", NULL},
    {"contentless fts4, new", "CREATE TABLE t (x)",
     "CREATE VIRTUAL TABLE f USING fts4 (a, content=''); INSERT INTO f (docid, a) VALUES (1, 'one')",
     "CREATE TABLE t (x); CREATE VIRTUAL TABLE f USING fts4 (a, content='')", "", NULL},
    {"made anew and filled by a trigger",
     EXTERNAL "; INSERT INTO docs VALUES (1, 'one'); INSERT INTO f (f) VALUES ('rebuild')",
     "DROP TABLE f; CREATE VIRTUAL TABLE f USING fts5 (body, content = 'docs', content_rowid = 'id', prefix = 2);"
     "INSERT INTO f (rowid, body) SELECT id, body FROM docs",
     DOCS ";CREATE VIRTUAL TABLE f USING fts5 (body, content = 'docs', content_rowid = 'id', prefix = 2)", "", NULL},
    {"a quoted module", "CREATE VIRTUAL TABLE f USING \"fts5\"(a); INSERT INTO f VALUES ('one')",
     "INSERT INTO f VALUES ('two')", "CREATE VIRTUAL TABLE f USING \"fts5\"(a)", "", NULL},
};

/* ---- views and triggers ---- */

#define T         "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)"
#define L         "CREATE TABLE l (x)"
#define LOG(name) "CREATE TRIGGER " name " AFTER INSERT ON t BEGIN INSERT INTO l VALUES (new.a); END"

static const story compiled[] = {
    {"a view over a table that is gone", T ";" L ";CREATE VIEW v AS SELECT x FROM l", "DROP TABLE l",
     T ";CREATE VIEW v AS SELECT x FROM l", "hidden.view v: view does not compile: no such table: main.l\n", NULL},
    {"a view over a column that is gone", T ";CREATE VIEW v AS SELECT id, b FROM t",
     "PRAGMA legacy_alter_table = ON; CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT); DROP TABLE t; ALTER TABLE n"
     " RENAME TO t",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIEW v AS SELECT id, b FROM t",
     "hidden.view v: view does not compile: no such column: b\n", NULL},
    {"a view over a view", T ";CREATE VIEW u AS SELECT a FROM t; CREATE VIEW v AS SELECT a FROM u", "DROP VIEW u",
     T ";CREATE VIEW v AS SELECT a FROM u", "hidden.view v: view does not compile: no such table: main.u\n", NULL},
    {"a column that became a string", T ";CREATE VIEW v AS SELECT id, \"b\" FROM t",
     "PRAGMA legacy_alter_table = ON; CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT); DROP TABLE t; ALTER TABLE n"
     " RENAME TO t",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIEW v AS SELECT id, \"b\" FROM t",
     "hidden.view v: view takes for a string what was a column before: no such column: b\n", NULL},
    {"a new view that never worked", T, "CREATE VIEW v AS SELECT c FROM t", T ";CREATE VIEW v AS SELECT c FROM t",
     "hidden.view v: view does not compile: no such column: c\n", NULL},
    {"a view that calls the application", T, "CREATE VIEW v AS SELECT app(a) FROM t",
     T ";CREATE VIEW v AS SELECT app(a) FROM t",
     "hidden.view v: view does not compile: no such function: app; hint: --stub-functions stands in for an "
     "application's own functions and collations\n",
     NULL},
    {"a trigger into a table that is gone", T ";" L ";" LOG("r"), "DROP TABLE l", T ";" LOG("r"),
     "hidden.trigger r: trigger does not compile: no such table: main.l\n", NULL},
    {"a trigger into a table that is lost", T ";" L ";" LOG("r"), "DROP TABLE l", T ";" L ";" LOG("r"),
     "hidden.trigger r: trigger does not compile: no such table: main.l\n"
     "hidden.insert t: a valid row is refused: no such table: main.l\n",
     NULL},
    {"of two triggers the one", T ";" L ";" LOG("r") ";CREATE TRIGGER q AFTER INSERT ON t BEGIN SELECT 1; END",
     "DROP TABLE l", T ";" LOG("r") ";CREATE TRIGGER q AFTER INSERT ON t BEGIN SELECT 1; END",
     "hidden.trigger r: trigger does not compile: no such table: main.l\n", NULL},
    {"a trigger UPDATE OF", T ";" L ";CREATE TRIGGER r AFTER UPDATE OF b ON t BEGIN INSERT INTO l VALUES (new.b); END",
     "DROP TABLE l", T ";CREATE TRIGGER r AFTER UPDATE OF b ON t BEGIN INSERT INTO l VALUES (new.b); END",
     "hidden.trigger r: trigger does not compile: no such table: main.l\n", NULL},
    {"a trigger ON DELETE", T ";" L ";CREATE TRIGGER r AFTER DELETE ON t BEGIN INSERT INTO l VALUES (old.b); END",
     "DROP TABLE l; CREATE TABLE l (x, y)",
     T ";CREATE TABLE l (x, y); CREATE TRIGGER r AFTER DELETE ON t BEGIN INSERT INTO l VALUES (old.b); END",
     "hidden.trigger r: trigger does not compile: table l has 2 columns but 1 values were supplied\n", NULL},
    {"a trigger on a view",
     T ";" L ";CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN INSERT INTO l VALUES "
       "(new.a); END",
     "DROP TABLE l",
     T ";CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN INSERT INTO l VALUES (new.a);"
       "END",
     "hidden.trigger r: trigger does not compile: no such table: main.l\n", NULL},
    {"a trigger on a broken view",
     T ";" L ";CREATE VIEW v AS SELECT x FROM l; CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
     "DROP TABLE l", T ";CREATE VIEW v AS SELECT x FROM l; CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
     "hidden.view v: view does not compile: no such table: main.l\n", NULL},
    {"a TEMP trigger", T ";" L, "DROP TABLE l", T, "hidden.trigger r: trigger does not compile: no such table: l\n",
     "CREATE TEMP TRIGGER r AFTER DELETE ON main.t BEGIN INSERT INTO l VALUES (old.a); END"},
    /* silent */
    {"broken before",
     T ";CREATE VIEW v AS SELECT c FROM t; CREATE TRIGGER r AFTER DELETE ON t BEGIN DELETE FROM"
       " nowhere; END",
     "UPDATE t SET a = 1",
     T ";CREATE VIEW v AS SELECT c FROM t; CREATE TRIGGER r AFTER DELETE ON t BEGIN DELETE FROM nowhere; END", "",
     NULL},
    {"strings in double quotes, from the start", T ";CREATE VIEW v AS SELECT a || \" and \" || b FROM t",
     "ALTER TABLE t ADD c",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c); CREATE VIEW v AS SELECT a ||"
     " \" and \" || b FROM t",
     "", NULL},
    {"a new view with a string in double quotes", T ";CREATE VIEW v AS SELECT b FROM t",
     "DROP VIEW v; CREATE VIEW v AS SELECT \"none\" FROM t", T ";CREATE VIEW v AS SELECT \"none\" FROM t", "", NULL},
    {"a view that follows a rename", T ";CREATE VIEW v AS SELECT a FROM t", "ALTER TABLE t RENAME a TO c",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT, b INT); CREATE VIEW v AS SELECT c FROM t", "", NULL},
    {"a trigger dropped with its table", T ";" L ";" LOG("r"), "DROP TABLE t; DROP TABLE l", "CREATE TABLE o (x)", "",
     NULL},
};

/* ---- valid rows ---- */

static const story inserts[] = {
    {"a UNIQUE index that stayed",
     T ";CREATE TABLE u (a TEXT); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO u"
       " VALUES ('same'); INSERT INTO u VALUES ('same'); END",
     "CREATE UNIQUE INDEX i ON u (a)",
     T ";CREATE TABLE u (a TEXT); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO u VALUES ('same'); INSERT INTO u"
       " VALUES ('same'); END",
     "hidden.insert t: a valid row is refused: UNIQUE constraint failed: u.a\n", NULL},
    {"a CHECK that stayed", "CREATE TABLE t (a TEXT CHECK (a = 'only'))", "", "CREATE TABLE t (a TEXT)",
     "hidden.insert t: a valid row is refused: CHECK constraint failed: a = 'only'\n", NULL},
    {"a NOT NULL column too many", "CREATE TABLE t (a TEXT, b INT NOT NULL)", "", "CREATE TABLE t (a TEXT)",
     "hidden.insert t: a valid row is refused: NOT NULL constraint failed: t.b\n", NULL},
    {"a trigger that refuses", T, "CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'read only'); END", T,
     "hidden.insert t: a valid row is refused: read only\n", NULL},
    {"a trigger that rolls back", T, "CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'never'); END",
     T, "hidden.insert t: a valid row is refused: SQLite ended the transaction by itself: never\n", NULL},
    {"no key is left", SEQ ";INSERT INTO s VALUES (1, 'a')", "UPDATE sqlite_sequence SET seq = 9223372036854775807",
     SEQ, "hidden.insert s: a valid row is refused: SQLite ended the transaction by itself: database or disk is full\n",
     NULL},
    {"STRICT of another type", "CREATE TABLE t (a INT) STRICT", "", "CREATE TABLE t (a TEXT) STRICT",
     "hidden.insert t: a valid row is refused: cannot store TEXT value in INT column t.a\n", NULL},
    {"full-text shadow tables that a trigger writes to",
     EXTERNAL ";CREATE TRIGGER r AFTER INSERT ON docs BEGIN INSERT"
              " INTO f (rowid, body) VALUES (new.id, new.body);"
              " END",
     "DROP TABLE f", DOCS ";CREATE TRIGGER q AFTER DELETE ON docs BEGIN SELECT 1; END",
     "hidden.trigger r: trigger does not compile: no such table: main.f\n"
     "hidden.insert docs: a valid row is refused: no such table: main.f\n",
     NULL},
    /* silent */
    {"a table of one row, which is there",
     "CREATE TABLE one (id INTEGER PRIMARY KEY CHECK (id = 1), a TEXT);"
     "INSERT INTO one VALUES (1, 'x')",
     "UPDATE one SET a = 'y'", "CREATE TABLE one (id INTEGER PRIMARY KEY CHECK (id = 1), a TEXT)", "", NULL},
    {"rows in the way",
     "CREATE TABLE flag (f INT UNIQUE NOT NULL CHECK (f IN (0, 1))); INSERT INTO flag VALUES (0), (1)", "ANALYZE",
     "CREATE TABLE flag (f INT UNIQUE NOT NULL CHECK (f IN (0, 1)))", "", NULL},
    {"a trigger that wants a parent",
     "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT NOT NULL); CREATE TRIGGER r BEFORE INSERT ON c "
     "WHEN"
     " NOT EXISTS (SELECT 1 FROM p WHERE id = new.p) BEGIN SELECT RAISE(ABORT, 'no parent'); END",
     "INSERT INTO p VALUES (-5)",
     "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT NOT NULL); CREATE TRIGGER r BEFORE INSERT ON c "
     "WHEN"
     " NOT EXISTS (SELECT 1 FROM p WHERE id = new.p) BEGIN SELECT RAISE(ABORT, 'no parent'); END",
     "", NULL},
    {"no key was left before", SEQ ";INSERT INTO s VALUES (9223372036854775807, 'a')", "UPDATE s SET a = 'b'", SEQ, "",
     NULL},
    {"a CHECK that came with the target", "CREATE TABLE t (a TEXT)",
     "DROP TABLE t; CREATE TABLE t (a TEXT CHECK (a <> ''))", "CREATE TABLE t (a TEXT CHECK (a <> ''))", "", NULL},
    {"rows in the way of a table that rolls back", "CREATE TABLE t (x)",
     "CREATE TABLE flag (f INT UNIQUE ON CONFLICT ROLLBACK NOT NULL CHECK (f IN (0, 1))); INSERT INTO flag VALUES (0),"
     " (1)",
     "CREATE TABLE t (x); CREATE TABLE flag (f INT UNIQUE ON CONFLICT ROLLBACK NOT NULL CHECK (f IN (0, 1)))", "",
     NULL},
    {"a column that is missing is the schema's matter", "CREATE TABLE t (a TEXT)", "", "CREATE TABLE t (a TEXT, b INT)",
     "", NULL},
    {"a trigger that refuses, declared", T, "CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'no'); END",
     T ";CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'no'); END", "", NULL},
};

/* ---- temporary objects ---- */

static const story temporary[] = {
    {"a table left behind", T, "CREATE TEMP TABLE copy AS SELECT * FROM t", T,
     "hidden.temp copy: TEMP table is left behind\n", NULL},
    {"a table that hides another", T, "CREATE TEMP TABLE T (z)", T,
     "hidden.temp T: TEMP table is left behind, and hides the one of this name in the database\n", NULL},
    {"a view left behind", T, "CREATE TEMP VIEW w AS SELECT a FROM main.t", T,
     "hidden.temp w: TEMP view is left behind\n", NULL},
    {"a trigger left behind", T, "CREATE TEMP TRIGGER r AFTER DELETE ON main.t BEGIN SELECT 1; END", T,
     "hidden.temp r: TEMP trigger is left behind\n", NULL},
    {"a trigger that went with a rebuilt table", T,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b INT); DROP TABLE t; ALTER TABLE n RENAME TO t", T,
     "hidden.temp r: TEMP trigger is gone\n", "CREATE TEMP TRIGGER r AFTER DELETE ON main.t BEGIN SELECT 1; END"},
    {"a view that was dropped", T, "DROP VIEW w", T, "hidden.temp w: TEMP view is gone\n",
     "CREATE TEMP VIEW w AS SELECT a FROM main.t"},
    /* silent */
    {"made and dropped", T, "CREATE TEMP TABLE copy AS SELECT * FROM t; DROP TABLE copy", T, "", NULL},
    {"the setup's own", T, "UPDATE t SET a = 1", T, "",
     "CREATE TEMP TABLE cache (x); CREATE INDEX temp.ci ON cache (x); CREATE TEMP TRIGGER r AFTER DELETE ON main.t "
     "BEGIN"
     " DELETE FROM cache; END"},
    {"a trigger made again after a rebuild", T,
     "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b INT); DROP TABLE t; ALTER TABLE n RENAME TO t; CREATE TEMP"
     " TRIGGER r AFTER DELETE ON main.t BEGIN SELECT 1; END",
     T, "", "CREATE TEMP TRIGGER r AFTER DELETE ON main.t BEGIN SELECT 1; END"},
    {"a trigger on a table that the target does not have", T ";" L, "DROP TABLE l", T, "",
     "CREATE TEMP TRIGGER r AFTER DELETE ON main.l BEGIN SELECT 1; END"},
};

/* ---- the file itself ---- */

static const story integrity[] = {
    {"an index that lost its entries", "CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a); INSERT INTO t VALUES ('x')",
     "PRAGMA writable_schema = ON; CREATE TABLE e (a TEXT); CREATE INDEX ei ON e (a); UPDATE sqlite_schema SET "
     "rootpage ="
     " (SELECT rootpage FROM sqlite_schema WHERE name = 'ei') WHERE name = 'i'; DELETE FROM sqlite_schema WHERE name ="
     " 'ei'; PRAGMA writable_schema = RESET",
     "CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a); CREATE TABLE e (a TEXT)",
     "hidden.integrity -: integrity_check finds 3 faults, the first: *** in database main *** Page 3 is never used\n",
     NULL},
    {"NOT NULL written into the schema", "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (NULL)",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a TEXT NOT NULL)' WHERE name = 't';"
     "PRAGMA writable_schema = RESET",
     "CREATE TABLE t (a TEXT NOT NULL)", "hidden.integrity -: integrity_check: NULL value in t.a\n", NULL},
    {"a CHECK written into the schema", "CREATE TABLE t (a INT); INSERT INTO t VALUES (-1), (-2)",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a INT CHECK (a > 0))' WHERE name ="
     " 't'; PRAGMA writable_schema = RESET",
     "CREATE TABLE t (a INT CHECK (a > 0))",
     "hidden.integrity -: integrity_check finds 2 faults, the first: CHECK constraint failed in t\n", NULL},
    /* silent */
    {"a schema rewritten rightly", "CREATE TABLE t (a INT NOT NULL); INSERT INTO t VALUES (1)",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a INT)' WHERE name = 't';"
     "PRAGMA writable_schema = RESET",
     "CREATE TABLE t (a INT)", "", NULL},
    {"faulty before",
     "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (NULL); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
     " 'CREATE TABLE t (a TEXT NOT NULL)' WHERE name = 't'; PRAGMA writable_schema = RESET",
     "ANALYZE", "CREATE TABLE t (a TEXT NOT NULL)", "", NULL},
};

#define COUNT(stories) ((int)(sizeof(stories) / sizeof((stories)[0])))
#define STORY_TEST(test, stories)   \
    START_TEST(test)                \
    {                               \
        assert_story(&stories[_i]); \
    }                               \
    END_TEST

STORY_TEST(a_row_keeps_its_rowid, rowids)
STORY_TEST(autoincrement_gives_no_key_twice, sequences)
STORY_TEST(an_index_agrees_with_its_content, indexes)
STORY_TEST(views_and_triggers_compile, compiled)
STORY_TEST(a_valid_row_is_accepted, inserts)
STORY_TEST(no_temporary_object_is_left_behind_or_lost, temporary)
STORY_TEST(the_file_passes_its_integrity_check, integrity)

/* ---- */

START_TEST(the_applications_functions_get_stand_ins)
{
    static const char schema[] = "CREATE TABLE t (a TEXT COLLATE app_order, CHECK (app_valid(a))); CREATE VIEW v AS"
                                 " SELECT app_name(a) FROM t; CREATE TRIGGER r AFTER INSERT ON t WHEN app_wants(new.a)"
                                 " BEGIN SELECT app_told(new.a); END";
    const drift_verify_options options = {.seed = 7, .stub_functions = true};
    drift_error err = {0};
    drift_connection *before = NULL;
    ck_assert_drift(drift__world_open(&before, &options, &err));
    ck_assert_drift(drift__world_stub(before, schema, strlen(schema), &options, &err));
    ck_assert_drift(drift_exec(before, schema, &err));
    drift_connection *after = copy_of(before, &options);
    /* made by code that nobody could look through for names */
    ck_assert_drift(drift_exec(after, "CREATE VIEW w AS SELECT app_other(a) FROM t", &err));
    char *found = judged(before, after, schema, &options);
    ck_assert_str_eq(found, "");
    drift_free(found);
    drift_connection_close(after);
    drift_connection_close(before);
}
END_TEST

START_TEST(nothing_is_changed_by_being_judged)
{
    static const char schema[] = SEQ ";" EXTERNAL ";CREATE TABLE p (id INTEGER PRIMARY KEY, q INT REFERENCES nowhere);"
                                     "CREATE TRIGGER r AFTER INSERT ON s BEGIN INSERT INTO docs (body) VALUES (new.a);"
                                     " END";
    const drift_verify_options options = {.seed = 7};
    drift_error err = {0};
    const char *difference = NULL;
    int64_t keys[2] = {0};
    drift__fingerprint *was[2] = {NULL}, *is[2] = {NULL};
    drift_connection *worlds[2] = {open_with(schema, &options), NULL};
    ck_assert_drift(drift_exec(worlds[0], "PRAGMA foreign_keys = ON; INSERT INTO s (a) VALUES ('x')", &err));
    worlds[1] = copy_of(worlds[0], &options);
    ck_assert_drift(drift_exec(worlds[1], "PRAGMA foreign_keys = OFF", &err));
    for (int i = 0; i < 2; i++) ck_assert_drift(drift__fingerprint_take(&was[i], worlds[i], &err));
    drift_free(judged(worlds[0], worlds[1], schema, &options));
    for (int i = 0; i < 2; i++) {
        ck_assert_drift(drift__fingerprint_take(&is[i], worlds[i], &err));
        difference = drift__fingerprint_difference(was[i], is[i]);
        ck_assert_msg(!difference, "%s", difference);
        ck_assert_drift(drift_query_int64(&keys[i], worlds[i], "PRAGMA foreign_keys", NULL, 0, &err));
        ck_assert(!drift_in_transaction(worlds[i]));
        drift__fingerprint_free(was[i]);
        drift__fingerprint_free(is[i]);
        drift_connection_close(worlds[i]);
    }
    ck_assert_int_eq(keys[0], 1);
    ck_assert_int_eq(keys[1], 0);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("verify_hidden");
    TCase *tcase = suite_case("hidden");
    tcase_add_loop_test(tcase, a_row_keeps_its_rowid, 0, COUNT(rowids));
    tcase_add_loop_test(tcase, autoincrement_gives_no_key_twice, 0, COUNT(sequences));
    tcase_add_loop_test(tcase, an_index_agrees_with_its_content, 0, COUNT(indexes));
    tcase_add_loop_test(tcase, views_and_triggers_compile, 0, COUNT(compiled));
    tcase_add_loop_test(tcase, a_valid_row_is_accepted, 0, COUNT(inserts));
    tcase_add_loop_test(tcase, no_temporary_object_is_left_behind_or_lost, 0, COUNT(temporary));
    tcase_add_loop_test(tcase, the_file_passes_its_integrity_check, 0, COUNT(integrity));
    tcase_add_test(tcase, the_applications_functions_get_stand_ins);
    tcase_add_test(tcase, nothing_is_changed_by_being_judged);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_hidden_cases());
    return suite_run(suite);
}
