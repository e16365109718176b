/* check_parse.c — the parser against SQLite: what SQLite accepts is understood, and parse, render, parse is the
 * identity. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "drift/kit/parse.h"
#include "drift/render.h"
#include "parse/parse.h"
#include "parse/same_schema.h"
#include "sql/cursor.h"
#include "support/suite.h"

/* What the statements below stand on. */
static const char base_schema[] = "CREATE TABLE p(id INTEGER PRIMARY KEY, a TEXT, b, UNIQUE(a, b));"
                                  "CREATE TABLE q(a, b, c, \"begin\", [end]);"
                                  "CREATE TABLE \"table\"(col, \"d e\");"
                                  "CREATE VIEW v0 AS SELECT a, b FROM q;";

static const char *const accepted[] = {
    /* columns and types */
    "CREATE TABLE t(a)",
    "CREATE TABLE t(a, b INT, c VARCHAR(255), d DECIMAL(10,2), e UNSIGNED BIG INT, f ieee ieee)",
    "CREATE TABLE IF NOT EXISTS main.t (\"a b\" TEXT, [c.d] INT, `e` BLOB, 'f' REAL)",
    "CREATE TEMP TABLE t(a)",
    "CREATE TEMPORARY TABLE t(a)",
    "CREATE TABLE 'locks'(a)",
    "CREATE TABLE \"table/with/slashes.csv\"(a)",
    "CREATE TABLE [123_x](a)",
    "CREATE TABLE \"say \"\"x\"\"\"(a)",
    "CREATE TABLE t(key, offset, virtual, match, left, desc, \"reply-to\", [select])",
    "CREATE TABLE t(generated, always INT, generated2 generated)",
    "CREATE TABLE t(a \"my type\", b 'str'(3), c DOUBLE PRECISION(-1 , +2))",
    "CREATE TABLE t(a -- what it is\n INT /* why */, b)",
    "CREATE TABLE t(a INT,\r\n\tb TEXT\r\n)",
    "CREATE TABLE \xc3\xbc(\xf0\x9f\x98\x80 TEXT, a$b)",
    "CREATE TABLE t(a GENERATED ALWAYS(1), b INT GENERATED, c ALWAYS GENERATED ALWAYS AS (1))",
    "CREATE TABLE t(a INT GENERATED ALWAYS NOT NULL, b INT GENERATED ALWAYS DEFERRABLE AS (1))",
    "CREATE TABLE stored(virtual, stored stored, row ROW)",
    /* column constraints */
    "CREATE TABLE t(a INTEGER PRIMARY KEY)",
    "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT)",
    "CREATE TABLE t(a integer primary key asc on conflict replace autoincrement)",
    "CREATE TABLE t(a INTEGER PRIMARY KEY DESC)",
    "CREATE TABLE t(a PRIMARY KEY ON CONFLICT FAIL)",
    "CREATE TABLE t(a NOT NULL ON CONFLICT IGNORE, b NULL, c NULL ON CONFLICT ABORT, d NOT NULL NULL)",
    "CREATE TABLE t(a UNIQUE ON CONFLICT ROLLBACK, b UNIQUE)",
    "CREATE TABLE t(a CHECK (a > 0), b CONSTRAINT positive CHECK (b IN (1, 2, (3))) CHECK (b <> ')'))",
    "CREATE TABLE t(a DEFAULT 1, b DEFAULT -1, c DEFAULT + 1.5e3, d DEFAULT 'x''y', e DEFAULT X'5B5D', f DEFAULT NULL)",
    "CREATE TABLE t(a DEFAULT (1 + (2)), b DEFAULT CURRENT_TIMESTAMP, c DEFAULT true, d DEFAULT \"\", e DEFAULT abc)",
    "CREATE TABLE t(a DEFAULT (datetime('now')), b DEFAULT(lower(hex(randomblob(16)))) NOT NULL)",
    "CREATE TABLE t(a DEFAULT 1 DEFAULT 2, b DEFAULT -9223372036854775808, c DEFAULT 0x1F, d DEFAULT [x], e DEFAULT - "
    "'a')",
    "CREATE TABLE t(a COLLATE NOCASE, b TEXT COLLATE \"rtrim\" COLLATE binary)",
    "CREATE TABLE t(a REFERENCES p)",
    "CREATE TABLE t(a REFERENCES p(id) ON DELETE CASCADE ON UPDATE SET NULL)",
    "CREATE TABLE t(a REFERENCES p (id) ON UPDATE NO ACTION MATCH full ON DELETE RESTRICT DEFERRABLE INITIALLY "
    "DEFERRED)",
    "CREATE TABLE t(a REFERENCES p ON DELETE SET DEFAULT NOT DEFERRABLE, b REFERENCES p DEFERRABLE INITIALLY "
    "IMMEDIATE)",
    "CREATE TABLE t(a REFERENCES p NOT NULL DEFERRABLE INITIALLY DEFERRED UNIQUE)",
    "CREATE TABLE t(a NOT DEFERRABLE, b)",
    "CREATE TABLE t(a REFERENCES p ON INSERT CASCADE, b REFERENCES t)",
    "CREATE TABLE t(a, b AS (a + 1), c INT GENERATED ALWAYS AS (a * 2) STORED, d GENERATED ALWAYS AS (a) VIRTUAL)",
    "CREATE TABLE t(a, b TEXT AS (\"$.path\") STORED NOT NULL, c AS (json_extract(a, '$.x')))",
    "CREATE TABLE t(a CONSTRAINT one NOT NULL CONSTRAINT two UNIQUE CONSTRAINT three)",
    "CREATE TABLE t(a CONSTRAINT one CONSTRAINT two NOT NULL)",
    "CREATE TABLE t(a INTEGER CONSTRAINT pk PRIMARY KEY CONSTRAINT c CHECK(a > 0) CONSTRAINT d DEFAULT 3)",
    /* table constraints */
    "CREATE TABLE t(a, b, PRIMARY KEY (a, b))",
    "CREATE TABLE t(a, b, PRIMARY KEY (b DESC, a COLLATE NOCASE ASC) ON CONFLICT REPLACE)",
    "CREATE TABLE t(a INTEGER, PRIMARY KEY (a AUTOINCREMENT))",
    "CREATE TABLE t(a INTEGER, PRIMARY KEY (a DESC))",
    "CREATE TABLE t(a, b, UNIQUE (a), UNIQUE ('b' COLLATE nocase) ON CONFLICT IGNORE)",
    "CREATE TABLE t(a, b, CONSTRAINT u UNIQUE (a, b), CONSTRAINT c CHECK (a < b) ON CONFLICT FAIL)",
    "CREATE TABLE t(a, b, FOREIGN KEY (a, b) REFERENCES p(a, b) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE t(a, b, FOREIGN KEY (a) REFERENCES p, FOREIGN KEY (b) REFERENCES p(id))",
    "CREATE TABLE t(a, b, UNIQUE (a) UNIQUE (b))",
    "CREATE TABLE t(a, b, CONSTRAINT u UNIQUE (a) CHECK (a > 1) CONSTRAINT x)",
    "CREATE TABLE t(a, b, FOREIGN KEY (a) REFERENCES p(id) CONSTRAINT y CHECK (1))",
    "CREATE TABLE t(a, UNIQUE ((a)))",
    /* options */
    "CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE t(a INT) STRICT",
    "CREATE TABLE t(a INT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "CREATE TABLE t(a ANY PRIMARY KEY) without rowid, strict, strict",
    "CREATE TABLE t(a INT), STRICT",
    /* indexes */
    "CREATE INDEX i ON q(a)",
    "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON q (a DESC, b COLLATE NOCASE ASC, \"c\")",
    "CREATE INDEX i ON q(lower(a), b + 1 DESC, (c), (b COLLATE rtrim) COLLATE nocase)",
    "CREATE INDEX i ON q(a) WHERE b IS NOT NULL AND c > (1)",
    "CREATE INDEX i ON q('a', [b], json_extract(c, '$.a,b)'))",
    "CREATE INDEX \"i x\" ON \"table\"(\"d e\") WHERE col = ';'",
    "CREATE INDEX i ON q(case when a then b else c end, (a || b) DESC)",
    /* views */
    "CREATE VIEW v AS SELECT 1",
    "CREATE TEMP VIEW IF NOT EXISTS v(x, \"y z\") AS SELECT a, b FROM q WHERE a > 1 ORDER BY b",
    "CREATE VIEW v AS WITH r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT n FROM r",
    "CREATE VIEW v AS VALUES (1, 2), (3, 4)",
    "CREATE VIEW main.v AS SELECT * -- all\n FROM q /* here */",
    /* triggers */
    "CREATE TRIGGER g INSERT ON q BEGIN SELECT 1; END",
    "CREATE TRIGGER g BEFORE UPDATE ON q FOR EACH ROW BEGIN UPDATE q SET a = new.a; DELETE FROM p; END",
    "CREATE TEMP TRIGGER IF NOT EXISTS g AFTER DELETE ON main.q BEGIN INSERT INTO p(a) VALUES (old.a); END",
    "CREATE TRIGGER g AFTER UPDATE OF a, \"b\", 'c' ON 'q' WHEN new.a <> old.a BEGIN SELECT CASE WHEN 1 THEN 2 END; "
    "END",
    "CREATE TRIGGER g INSTEAD OF INSERT ON v0 WHEN new.a > 1 BEGIN INSERT INTO q(a) VALUES (new.a); END",
    "CREATE TRIGGER g AFTER INSERT ON q WHEN new.begin IS NULL BEGIN SELECT RAISE(ABORT, \"no ; END;\"); END",
    "CREATE TRIGGER g AFTER INSERT ON q WHEN (new.\"begin\" + begin) NOTNULL BEGIN SELECT new.end; END",
    "CREATE TRIGGER g AFTER INSERT ON q BEGIN SELECT 'a;b' ; -- ; END\n END",
    "CREATE TRIGGER g UPDATE OF 'col' ON 'table' BEGIN SELECT 1; END",
    /* virtual tables */
    "CREATE VIRTUAL TABLE f USING fts5(a, b, content='', tokenize = \"unicode61 tokenchars '-_'\")",
    "CREATE VIRTUAL TABLE IF NOT EXISTS main.f USING fts5(a UNINDEXED, content=q, content_rowid='a')",
    "CREATE VIRTUAL TABLE f USING rtree(id, x0, x1, +note TEXT)",
    "CREATE VIRTUAL TABLE f USING fts5(a,  b  )",
};

static sqlite3 *scratch(void)
{
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, base_schema, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

/* Parse, render, parse: the same data, and a text that does not change any more. */
static void assert_round_trip(const char *sql)
{
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_entity first = {0}, second = {0};
    char *once = NULL, *twice = NULL;
    const int rc = drift__parse_entity(&first, &arena, sql, strlen(sql), NULL, &err);
    ck_assert_msg(rc == DRIFT_OK, "%s\n%d:%d: %s", sql, err.line, err.column, err.text);
    ck_assert_drift(drift_render_entity(&once, &first, &err));
    const int again = drift__parse_entity(&second, &arena, once, strlen(once), NULL, &err);
    ck_assert_msg(again == DRIFT_OK, "%s\nrendered as %s\n%d:%d: %s", sql, once, err.line, err.column, err.text);
    ck_assert_msg(same_entity(&first, &second), "%s\nrendered as %s", sql, once);
    ck_assert_drift(drift_render_entity(&twice, &second, &err));
    ck_assert_str_eq(once, twice);
    drift_free(once);
    drift_free(twice);
    drift__arena_dispose(&arena);
}

START_TEST(what_sqlite_accepts_is_understood)
{
    const char *sql = accepted[_i];
    sqlite3 *db = scratch();
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
    assert_round_trip(sql);
    sqlite3_close(db);
}
END_TEST

/* One column of text per row: what SQLite says of the schema beyond its text. */
static char *pragmas_of(sqlite3 *db)
{
    static const char query[] =
        "SELECT group_concat(x, char(10)) FROM ("
        " SELECT "
        "quote(m.type)||quote(m.name)||quote(m.tbl_name)||ifnull(quote(c.cid)||quote(c.name)||upper(quote(c.type))"
        "   ||c.\"notnull\"||quote(c.dflt_value)||c.pk||c.hidden, '') AS x"
        "   FROM sqlite_schema m LEFT JOIN pragma_table_xinfo(m.name) c ON m.type IN ('table', 'view')"
        " UNION ALL SELECT quote(l.name)||l.type||l.ncol||l.wr||l.strict FROM pragma_table_list l"
        " UNION ALL SELECT "
        "quote(m.name)||i.seq||i.\"unique\"||i.origin||i.partial||ifnull(quote(x.name)||x.\"desc\"||x.coll||x.key,'')"
        "   FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x WHERE m.type = 'table'"
        " UNION ALL SELECT "
        "quote(m.name)||f.id||f.seq||quote(f.\"table\")||quote(f.\"from\")||quote(f.\"to\")||f.on_update||f.on_delete||"
        "f.match"
        "   FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table')";
    sqlite3_stmt *statement = NULL;
    ck_assert_msg(sqlite3_prepare_v2(db, query, -1, &statement, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    char *text = drift__strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return text;
}

START_TEST(a_rendered_statement_means_the_same_to_sqlite)
{
    const char *sql = accepted[_i];
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_entity entity = {0};
    char *rendered = NULL;
    ck_assert_drift(drift__parse_entity(&entity, &arena, sql, strlen(sql), NULL, &err));
    ck_assert_drift(drift_render_entity(&rendered, &entity, &err));
    sqlite3 *source = scratch(), *target = scratch();
    ck_assert_int_eq(sqlite3_exec(source, sql, NULL, NULL, NULL), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(target, rendered, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", rendered,
                  sqlite3_errmsg(target));
    char *want = pragmas_of(source), *got = pragmas_of(target);
    ck_assert_msg(strcmp(want, got) == 0, "%s\nrendered as %s\n%s\n---\n%s", sql, rendered, want, got);
    drift_free(want);
    drift_free(got);
    drift_free(rendered);
    sqlite3_close(source);
    sqlite3_close(target);
    drift__arena_dispose(&arena);
}
END_TEST

static const struct {
    const char *sql;
    int status, line, column;
    const char *text;
} refused[] = {
    {"", DRIFT_SYNTAX, 1, 1, "expected CREATE, found the end of the statement"},
    {"SELECT 1", DRIFT_SYNTAX, 1, 1, "expected CREATE, found SELECT"},
    {"CREATE GADGET x", DRIFT_SYNTAX, 1, 8, "expected TABLE, INDEX, VIEW, TRIGGER or VIRTUAL TABLE, found GADGET"},
    {"CREATE TABLE", DRIFT_SYNTAX, 1, 13, "expected a name, found the end of the statement"},
    {"CREATE TABLE select(a)", DRIFT_SYNTAX, 1, 14, "expected a name, found select"},
    {"CREATE TABLE t", DRIFT_SYNTAX, 1, 15, "expected ( or AS, found the end of the statement"},
    {"CREATE TABLE t()", DRIFT_SYNTAX, 1, 16, "expected a column's name, found )"},
    {"CREATE TABLE t(a,)", DRIFT_SYNTAX, 1, 18, "expected a column's name, found )"},
    {"CREATE TABLE t(\n  a INT,\n  b TEXT NOT,\n  c\n)", DRIFT_SYNTAX, 3, 13, "expected NULL, found ,"},
    {"CREATE TABLE t(\xc3\xbc INT PRIMARY)", DRIFT_SYNTAX, 1, 29, "expected KEY, found )"},
    {"CREATE TABLE t(a INT", DRIFT_SYNTAX, 1, 21, "expected , or ), found the end of the statement"},
    {"CREATE TABLE t(a DEFAULT)", DRIFT_SYNTAX, 1, 25, "expected a default value, found )"},
    {"CREATE TABLE t(a DEFAULT (1)", DRIFT_SYNTAX, 1, 29, "expected , or ), found the end of the statement"},
    {"CREATE TABLE t(a CHECK (1)", DRIFT_SYNTAX, 1, 27, "expected , or ), found the end of the statement"},
    {"CREATE TABLE t(a CHECK (1, b)", DRIFT_SYNTAX, 1, 30, "expected , or ), found the end of the statement"},
    {"CREATE TABLE t(a CHECK 1)", DRIFT_SYNTAX, 1, 24, "expected (, found 1"},
    {"CREATE TABLE t(a UNIQUE ON CONFLICT EXPLODE)", DRIFT_SYNTAX, 1, 37,
     "expected ROLLBACK, ABORT, FAIL, IGNORE or REPLACE, found EXPLODE"},
    {"CREATE TABLE t(a REFERENCES p ON DELETE VANISH)", DRIFT_SYNTAX, 1, 41,
     "expected SET NULL, SET DEFAULT, CASCADE, RESTRICT or NO ACTION, found VANISH"},
    {"CREATE TABLE t(a REFERENCES p ON)", DRIFT_SYNTAX, 1, 33, "expected DELETE or UPDATE, found )"},
    {"CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY)", DRIFT_SYNTAX, 1, 51,
     "expected DEFERRED or IMMEDIATE, found )"},
    {"CREATE TABLE t(a REFERENCES p ON DELETE SET 1)", DRIFT_SYNTAX, 1, 45, "expected NULL or DEFAULT, found 1"},
    {"CREATE TABLE t(a, UNIQUE (a), b)", DRIFT_SYNTAX, 1, 31, "expected a table constraint, found b"},
    {"CREATE TABLE t(a, UNIQUE ())", DRIFT_SYNTAX, 1, 27, "expected a column's name or an expression, found )"},
    {"CREATE TABLE t(a, FOREIGN KEY (a))", DRIFT_SYNTAX, 1, 34, "expected REFERENCES, found )"},
    {"CREATE TABLE t(a) WITHOUT WHEELS", DRIFT_SYNTAX, 1, 27, "expected ROWID, found WHEELS"},
    {"CREATE TABLE t(a) FAST", DRIFT_SYNTAX, 1, 19,
     "expected WITHOUT ROWID, STRICT or the end of the statement, found FAST"},
    {"CREATE TABLE t(a 'x)", DRIFT_SYNTAX, 1, 18, "expected , or ), found what is no SQL token: 'x)"},
    {"CREATE TABLE t(a AS (1) b)", DRIFT_SYNTAX, 1, 25, "expected , or ), found b"},
    {"CREATE TABLE t(a NOT NULL GENERATED ALWAYS (1))", DRIFT_SYNTAX, 1, 44, "expected AS, found ("},
    {"CREATE TABLE t AS SELECT 1", DRIFT_UNSUPPORTED, 1, 16,
     "CREATE TABLE t AS SELECT has no columns to parse; they are known only once SQLite has run it"},
    {"CREATE TABLE t(a); CREATE TABLE u(a)", DRIFT_SYNTAX, 1, 20, "expected one statement, found another behind it"},
    {"CREATE UNIQUE TABLE t(a)", DRIFT_SYNTAX, 1, 15, "expected INDEX, found TABLE"},
    {"CREATE INDEX i q(a)", DRIFT_SYNTAX, 1, 16, "expected ON, found q"},
    {"CREATE INDEX i ON q", DRIFT_SYNTAX, 1, 20, "expected (, found the end of the statement"},
    {"CREATE INDEX i ON q(a", DRIFT_SYNTAX, 1, 22, "expected ), found the end of the statement"},
    {"CREATE INDEX i ON q(a) WHERE", DRIFT_SYNTAX, 1, 29, "expected a condition, found the end of the statement"},
    {"CREATE INDEX i ON q(a) b", DRIFT_SYNTAX, 1, 24, "expected the end of the statement, found b"},
    {"CREATE VIEW v", DRIFT_SYNTAX, 1, 14, "expected AS, found the end of the statement"},
    {"CREATE VIEW v AS", DRIFT_SYNTAX, 1, 17, "expected SELECT, found the end of the statement"},
    {"CREATE TRIGGER g ON q BEGIN SELECT 1; END", DRIFT_SYNTAX, 1, 18, "expected DELETE, INSERT or UPDATE, found ON"},
    {"CREATE TRIGGER g INSERT ON q", DRIFT_SYNTAX, 1, 29, "expected BEGIN, found the end of the statement"},
    {"CREATE TRIGGER g INSERT ON q WHEN 1", DRIFT_SYNTAX, 1, 36, "expected BEGIN, found the end of the statement"},
    {"CREATE TRIGGER g INSERT ON q BEGIN SELECT 1", DRIFT_SYNTAX, 1, 44,
     "expected ; END, found the end of the statement"},
    {"CREATE TRIGGER g INSERT ON q FOR ALL ROWS BEGIN SELECT 1; END", DRIFT_SYNTAX, 1, 34, "expected EACH, found ALL"},
    {"CREATE VIRTUAL TABLE f fts5(a)", DRIFT_SYNTAX, 1, 24, "expected USING, found fts5"},
    {"CREATE VIRTUAL TABLE f USING fts5(a", DRIFT_SYNTAX, 1, 36, "expected ), found the end of the statement"},
};

START_TEST(an_error_says_where_and_what_was_expected)
{
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_entity entity = {0};
    const char *sql = refused[_i].sql;
    ck_assert_int_eq(drift__parse_entity(&entity, &arena, sql, strlen(sql), "x.sql", &err), refused[_i].status);
    ck_assert_str_eq(err.text, refused[_i].text);
    ck_assert_msg(err.line == refused[_i].line && err.column == refused[_i].column, "%s: %d:%d", sql, err.line,
                  err.column);
    ck_assert_str_eq(err.source, "x.sql");
    drift__arena_dispose(&arena);
    sqlite3 *db = scratch();
    if (refused[_i].status == DRIFT_SYNTAX && strncmp(sql, "SELECT", 6) != 0 && *sql && !strchr(sql, ';'))
        ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK, "SQLite accepts %s", sql);
    sqlite3_close(db);
}
END_TEST

/* The tokens of all samples, to mutate them with. */
typedef struct token_pool {
    drift__lexeme tokens[4096];
    size_t count;
} token_pool;

static void fill_pool(token_pool *pool)
{
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        drift__cursor c = drift__cursor_at(accepted[i], strlen(accepted[i]));
        for (; c.token.kind != DRIFT__TOKEN_END && pool->count < 4096; drift__cursor_next(&c))
            pool->tokens[pool->count++] = c.token;
    }
}

static unsigned next_random(unsigned *state, unsigned limit)
{
    ck_assert_uint_gt(limit, 0);
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 12) % limit;
}

/* A sample with one to three of its tokens left out, doubled, or replaced by any other sample's. */
static void mutate(char *out, size_t size, const char *sql, const token_pool *pool, unsigned *state)
{
    size_t used = 0, tokens = 0, at = 0;
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) tokens++;
    const unsigned changes = 1 + next_random(state, 3);
    size_t places[3];
    for (unsigned i = 0; i < changes; i++) places[i] = next_random(state, (unsigned)tokens);
    out[0] = '\0';
    for (c = drift__cursor_at(sql, strlen(sql)); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c), at++) {
        bool changed = false;
        for (unsigned i = 0; i < changes; i++) changed |= places[i] == at;
        const unsigned how = changed ? next_random(state, 4) : 4;
        const drift__lexeme other = pool->tokens[next_random(state, (unsigned)pool->count)];
        if (how == 0) continue;
        if (how != 1) used += (size_t)snprintf(out + used, size - used, "%.*s ", (int)c.token.length, c.token.text);
        if (how == 1 || how == 2)
            used += (size_t)snprintf(out + used, size - used, "%.*s ", (int)other.length, other.text);
        if (how == 3) used += (size_t)snprintf(out + used, size - used, "%.*s ", (int)c.token.length, c.token.text);
        ck_assert_uint_lt(used, size);
    }
}

/* Runs a text of one statement; false if SQLite refuses it, or if there are more. */
static bool runs_as_one(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    bool ran = sqlite3_prepare_v2(db, sql, -1, &statement, &tail) == SQLITE_OK && !*tail;
    if (ran) ran = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return ran;
}

/* Round trips the text that SQLite stored for the objects that are not of the base schema. @return how many. */
static unsigned round_trip_stored(sqlite3 *db)
{
    static const char query[] =
        "SELECT sql FROM (SELECT * FROM sqlite_schema UNION ALL SELECT * FROM sqlite_temp_schema) "
        "WHERE sql IS NOT NULL AND name NOT IN ('p', 'q', 'table', 'v0')";
    sqlite3_stmt *statement = NULL;
    unsigned count = 0;
    ck_assert_int_eq(sqlite3_prepare_v2(db, query, -1, &statement, NULL), SQLITE_OK);
    for (; sqlite3_step(statement) == SQLITE_ROW; count++)
        assert_round_trip((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return count;
}

/* CREATE TABLE … AS SELECT: only what SQLite stored can be parsed. */
static bool is_as_select(const char *sql)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    const int rc = drift_schema_parse(&schema, sql, strlen(sql), &err);
    drift_schema_free(schema);
    return rc == DRIFT_UNSUPPORTED;
}

/* Whatever SQLite takes, the parser takes; statements are made by mutating the samples' tokens. */
START_TEST(the_parser_never_refuses_what_sqlite_takes)
{
    static token_pool pool;
    unsigned state = (unsigned)_i + 1, taken = 0;
    fill_pool(&pool);
    sqlite3 *db = scratch();
    for (int round = 0; round < 10000; round++) {
        char sql[1024];
        const char *sample = accepted[next_random(&state, sizeof accepted / sizeof *accepted)];
        mutate(sql, sizeof sql, sample, &pool, &state);
        if (strncmp(sql, "CREATE", 6) != 0) continue;
        ck_assert_int_eq(sqlite3_exec(db, "SAVEPOINT s", NULL, NULL, NULL), SQLITE_OK);
        if (runs_as_one(db, sql) && round_trip_stored(db) > 0) {
            if (!is_as_select(sql)) assert_round_trip(sql);
            taken++;
        }
        /* Some mutants SQLite takes once and cannot read back: it then calls the schema malformed. */
        if (sqlite3_exec(db, "ROLLBACK TO s; RELEASE s", NULL, NULL, NULL) != SQLITE_OK) {
            sqlite3_close(db);
            db = scratch();
        }
    }
    ck_assert_msg(taken > 300, "only %u of the mutants were accepted by SQLite", taken);
    sqlite3_close(db);
}
END_TEST

START_TEST(a_script_is_parsed_statement_by_statement)
{
    static const char sql[] = "\xef\xbb\xbf-- the schema\r\n;;CREATE TABLE a(x);\r\n"
                              "CREATE TRIGGER g AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;"
                              "/* z */ CREATE VIEW v AS SELECT 1";
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    ck_assert_uint_eq(schema->entity_count, 3);
    ck_assert_str_eq(schema->entities[0].sql, "CREATE TABLE a(x)");
    ck_assert_str_eq(schema->entities[1].sql, "CREATE TRIGGER g AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END");
    ck_assert_str_eq(schema->entities[2].name, "v");
    ck_assert_ptr_nonnull(drift_schema_table(schema, "A"));
    ck_assert_ptr_null(drift_schema_table(schema, "v"));
    drift_schema_free(schema);
    drift_schema_free(NULL);
}
END_TEST

START_TEST(a_script_without_statements_is_an_empty_schema)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift(drift_schema_parse(&schema, " ; -- nothing\n", 14, &err));
    ck_assert_uint_eq(schema->entity_count, 0);
    drift_schema_free(schema);
}
END_TEST

START_TEST(an_error_in_a_script_has_the_scripts_line)
{
    static const char sql[] = "CREATE TABLE a(x);\n\nCREATE TABLE b(x,\n  y NOT);\n";
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift_fails(drift_schema_parse(&schema, sql, strlen(sql), &err), DRIFT_SYNTAX);
    ck_assert_ptr_null(schema);
    ck_assert_int_eq(err.line, 4);
    ck_assert_int_eq(err.column, 8);
    ck_assert_uint_eq(err.offset, (size_t)(strstr(sql, ");\n") - sql) + strlen(");\n\nCREATE TABLE b(x,\n  y NOT"));
    ck_assert_str_eq(err.text, "expected NULL, found )");
}
END_TEST

START_TEST(a_nul_byte_in_sql_is_an_error)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift_fails(drift_schema_parse(&schema, "CREATE TABLE a('\0')", 19, &err), DRIFT_SYNTAX);
    ck_assert_str_eq(err.text, "a NUL byte stands in the SQL");
    ck_assert_int_eq(err.column, 17);
}
END_TEST

/* The entity of a text that sqlite_schema holds for an object of this kind, called t. */
static drift_entity stored(drift__arena *arena, drift_entity_kind kind, const char *sql)
{
    drift_error err = {0};
    drift__arena scratch = DRIFT__ARENA_INIT;
    drift_entity entity = {0};
    char *text = drift__arena_strdup(arena, sql);
    ck_assert_drift(drift__parse_entity_lenient(&entity, arena, &scratch, kind, "t", text, strlen(sql), &err));
    ck_assert_int_eq(entity.kind, kind);
    ck_assert_str_eq(entity.name, "t");
    drift__arena_dispose(&scratch);
    return entity;
}

START_TEST(what_is_not_understood_becomes_opaque)
{
    static const char sql[] = "CREATE TABLE t(a FUTURE CLAUSE => 1)";
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_entity entity = stored(&arena, DRIFT_ENTITY_TABLE, sql);
    char *text = NULL;
    ck_assert(entity.opaque);
    ck_assert_drift(drift_render_entity(&text, &entity, &err));
    ck_assert_str_eq(text, sql);
    drift_free(text);
    drift__arena_dispose(&arena);
}
END_TEST

/* A text of another kind than sqlite_schema says is not trusted either. */
START_TEST(an_opaque_entity_has_the_whole_text)
{
    static const char *const texts[] = {
        "CREATE TABLE t(a) -- and", "CREATE TABLE t(a); ", "CREATE TABLE t(a); SELECT 1", "CREATE TABLE t", " ", ""};
    drift__arena arena = DRIFT__ARENA_INIT;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const drift_entity entity = stored(&arena, DRIFT_ENTITY_VIEW, texts[i]);
        ck_assert(entity.opaque);
        ck_assert_str_eq(entity.sql, texts[i]);
    }
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(a_stored_text_is_cut_behind_its_statement)
{
    static const char *const texts[] = {"CREATE TABLE t(a) -- and", "CREATE TABLE t(a) ; ",
                                        "/* x */ CREATE TABLE t(a)"};
    drift__arena arena = DRIFT__ARENA_INIT;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const drift_entity entity = stored(&arena, DRIFT_ENTITY_TABLE, texts[i]);
        ck_assert(!entity.opaque);
        ck_assert_str_eq(entity.sql, "CREATE TABLE t(a)");
    }
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(spans_give_the_source_text)
{
    static const char sql[] = " CREATE TABLE t(a INT NOT NULL DEFAULT (1) , CONSTRAINT c CHECK (a > 0) );";
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_entity e = {0};
    ck_assert_drift(drift__parse_entity(&e, &arena, sql, strlen(sql), NULL, &err));
    const drift_column *a = &e.as.table->columns[0];
    ck_assert_str_eq(drift__arena_strndup(&arena, e.sql + a->span.offset, a->span.length),
                     "a INT NOT NULL DEFAULT (1)");
    const drift_span d = a->constraints[1].span, c = e.as.table->constraints[0].span;
    ck_assert_str_eq(drift__arena_strndup(&arena, e.sql + d.offset, d.length), "DEFAULT (1)");
    ck_assert_str_eq(drift__arena_strndup(&arena, e.sql + c.offset, c.length), "CONSTRAINT c CHECK (a > 0)");
    ck_assert_str_eq(a->default_value, "(1)");
    ck_assert_str_eq(e.as.table->constraints[0].expression, "a > 0");
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(parentheses_and_collations_around_an_indexed_column_are_seen_through)
{
    static const char sql[] =
        "CREATE INDEX i ON q((a), (b COLLATE rtrim) COLLATE nocase DESC, ((\"c\") collate RTRIM), (a + b))";
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_entity e = {0};
    ck_assert_drift(drift__parse_entity(&e, &arena, sql, strlen(sql), NULL, &err));
    const drift_indexed_column *columns = e.as.index->columns;
    ck_assert_uint_eq(e.as.index->column_count, 4);
    ck_assert_str_eq(columns[0].name, "a");
    ck_assert_str_eq(columns[1].name, "b");
    ck_assert_str_eq(columns[1].collation, "nocase");
    ck_assert_int_eq(columns[1].sort, DRIFT_SORT_DESC);
    ck_assert_str_eq(columns[2].name, "c");
    ck_assert_str_eq(columns[2].collation, "RTRIM");
    ck_assert_ptr_null(columns[3].name);
    ck_assert_str_eq(columns[3].expression, "a + b");
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(a_deferral_clause_by_itself_belongs_to_the_last_foreign_key)
{
    static const char sql[] =
        "CREATE TABLE t(a REFERENCES p, b REFERENCES p NOT NULL, c DEFERRABLE INITIALLY DEFERRED)";
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_entity e = {0};
    ck_assert_drift(drift__parse_entity(&e, &arena, sql, strlen(sql), NULL, &err));
    ck_assert_int_eq(e.as.table->columns[0].constraints[0].reference->deferral, DRIFT_DEFERRAL_NONE);
    ck_assert_int_eq(e.as.table->columns[1].constraints[0].reference->deferral, DRIFT_DEFERRABLE_INITIALLY_DEFERRED);
    ck_assert_uint_eq(e.as.table->columns[2].constraint_count, 0);
    drift__arena_dispose(&arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parse");
    TCase *tcase = suite_case("parse");
    tcase_add_loop_test(tcase, what_sqlite_accepts_is_understood, 0, (int)(sizeof accepted / sizeof *accepted));
    tcase_add_loop_test(tcase, a_rendered_statement_means_the_same_to_sqlite, 0,
                        (int)(sizeof accepted / sizeof *accepted));
    tcase_add_loop_test(tcase, an_error_says_where_and_what_was_expected, 0, (int)(sizeof refused / sizeof *refused));
    tcase_add_loop_test(tcase, the_parser_never_refuses_what_sqlite_takes, 0, 4);
    tcase_add_test(tcase, a_script_is_parsed_statement_by_statement);
    tcase_add_test(tcase, a_script_without_statements_is_an_empty_schema);
    tcase_add_test(tcase, an_error_in_a_script_has_the_scripts_line);
    tcase_add_test(tcase, a_nul_byte_in_sql_is_an_error);
    tcase_add_test(tcase, what_is_not_understood_becomes_opaque);
    tcase_add_test(tcase, an_opaque_entity_has_the_whole_text);
    tcase_add_test(tcase, a_stored_text_is_cut_behind_its_statement);
    tcase_add_test(tcase, spans_give_the_source_text);
    tcase_add_test(tcase, parentheses_and_collations_around_an_indexed_column_are_seen_through);
    tcase_add_test(tcase, a_deferral_clause_by_itself_belongs_to_the_last_foreign_key);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
