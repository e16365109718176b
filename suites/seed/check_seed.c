/* check_seed.c — every table is filled, or the constraint that refuses it is named. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "seed/candidate.h"
#include "seed/cases.h"
#include "support/digest.h"
#include "support/memory.h"
#include "support/suite.h"

/* ---- schemas that must be filled ---- */

static const char *const schemas[] = {
    "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, c REAL NOT NULL, d BLOB NOT NULL, e NOT NULL)",
    "CREATE TABLE t (a INT NOT NULL, b TEXT NOT NULL, c REAL NOT NULL, d BLOB NOT NULL, e ANY NOT NULL) STRICT",
    "CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY, b UNIQUE) WITHOUT ROWID",
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL GENERATED ALWAYS AS (id * 2) STORED)",
    "CREATE TABLE \"odd \"\"name\" (\"select\" TEXT NOT NULL, [a b] INT NOT NULL, `x``y` NOT NULL)",
    "CREATE TABLE t (a, b, c)",
    /* CHECK */
    "CREATE TABLE t (a TEXT NOT NULL CHECK (a IN ('red', 'green')), b INT NOT NULL CHECK (b IN (0, 1)))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (length(a) BETWEEN 200 AND 210))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (length(a) = 2), b BLOB NOT NULL CHECK (length(b) = 16))",
    "CREATE TABLE t (a INT NOT NULL CHECK (a > 1000 AND a < 1002))",
    "CREATE TABLE t (a INT NOT NULL CHECK (a < -5), b REAL NOT NULL CHECK (b > 0.25 AND b < 0.5 OR b = 99.5))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (a LIKE 'https://%.org/_'))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (a LIKE '#%' AND length(a) = 7))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (a GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (a NOT GLOB '*[^0-9a-f]*' AND length(a) = 40))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (json_valid(a)), b TEXT NOT NULL CHECK (json_type(b) = 'array'))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (date(a) = a), b TEXT NOT NULL CHECK (datetime(b) IS NOT NULL))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (a = lower(a) AND a <> '' AND instr(a, ' ') = 0))",
    "CREATE TABLE t (a CHECK (typeof(a) = 'integer') NOT NULL, b CHECK (typeof(b) = 'blob') NOT NULL)",
    "CREATE TABLE t (low INT NOT NULL, high INT NOT NULL, CHECK (low > high))",
    "CREATE TABLE t (a TEXT, b TEXT, CHECK ((a IS NULL) <> (b IS NULL)))",
    "CREATE TABLE t (a, b, c, CONSTRAINT one CHECK ((a IS NOT NULL) + (b IS NOT NULL) + (c IS NOT NULL) = 1))",
    "CREATE TABLE t (k TEXT NOT NULL, n INT, s TEXT, CHECK (k IN ('n', 's')), CHECK (k <> 'n' OR n > 500),"
    " CHECK (k <> 's' OR s IS NOT NULL), CHECK (s IS NULL OR length(s) = 3))",
    "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, CHECK (a + b = c * 2))",
    "CREATE TABLE t (a INT NOT NULL CHECK (a % 7 = 3))",
    "CREATE TABLE t (a INT CHECK (a IS NULL))",
    "CREATE TABLE t (email TEXT NOT NULL CHECK (email LIKE '%_@_%._%'))",
    "CREATE TABLE t (start TEXT NOT NULL, stop TEXT NOT NULL, CHECK (stop > start AND date(start) IS NOT NULL AND"
    " date(stop) IS NOT NULL))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (a LIKE '10\\%%' ESCAPE '\\'))",
    "CREATE TABLE t (a INT NOT NULL CHECK (a BETWEEN 1700000000000 AND 1800000000000))",
    "CREATE TABLE t (a REAL NOT NULL CHECK (a >= -90.0 AND a <= -89.5), b REAL NOT NULL CHECK (abs(b) <= 180))",
    "CREATE TABLE t (id TEXT NOT NULL CHECK (length(id) = 36 AND id GLOB"
    " '[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]-*'))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (substr(a, 1, 4) = 'http'), b NOT NULL CHECK (b = upper(b)))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (CAST(a AS INTEGER) = a), b CHECK (b IS NOT NULL AND b != ''))",
    "CREATE TABLE t (kind TEXT NOT NULL CHECK (kind IN ('a', 'b')), a TEXT, b TEXT, CHECK (CASE kind WHEN 'a' THEN a IS"
    " NOT NULL AND b IS NULL ELSE a IS NULL AND b IS NOT NULL END))",
    "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, UNIQUE (a, b)); CREATE UNIQUE INDEX i ON t (a + b) WHERE a > 0",
    "CREATE TABLE t (a TEXT COLLATE NOCASE NOT NULL CHECK (a = 'YES' OR a = 'NO'))",
    "CREATE TABLE t (flags INT NOT NULL CHECK (flags & 6 = 4))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (json_valid(a) AND json_array_length(a) > 0))",
    /* several conditions on one text, two moments that are near, JSON that agrees with other columns */
    "CREATE TABLE t (id TEXT NOT NULL CHECK (length(id) = 11 AND substr(id, 1, 4) = 'job_' AND substr(id, 5) NOT GLOB"
    " '*[^0-9a-f]*'), tel TEXT NOT NULL CHECK (tel LIKE '+%' AND length(tel) BETWEEN 6 AND 12 AND substr(tel, 2) NOT"
    " GLOB '*[^0-9]*'), code TEXT NOT NULL CHECK (code LIKE 'v%' AND code NOT LIKE 'x%' AND substr(code, 3, 1) IS"
    " '-'))",
    "CREATE TABLE t (made TEXT NOT NULL CHECK (length(made) > 0), ends TEXT NOT NULL CHECK (julianday(ends) >"
    " julianday(made) AND julianday(ends) < julianday(made) + 0.25))",
    "CREATE TABLE t (month TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]' AND date(month || '-01') "
    "IS"
    " NOT NULL), monday TEXT NOT NULL CHECK (strftime('%w', monday) = '1'))",
    "CREATE TABLE t (box TEXT NOT NULL CHECK (json_type(box) = 'array' AND json_array_length(box) = 4), vector BLOB NOT"
    " NULL CHECK (typeof(vector) = 'blob' AND length(vector) = 4 * 24))",
    "CREATE TABLE t (ref TEXT PRIMARY KEY, n INT NOT NULL, doc TEXT NOT NULL, CHECK (json_extract(doc, '$.ref') IS ref"
    " AND json_type(doc, '$.ref') = 'text' AND json_array_length(doc, '$.tags') > 0 AND json_type(doc, '$.tags') ="
    " 'array' AND json_extract(doc, '$.n') = n AND doc ->> '$.mode' = 'dry' AND json_extract(doc, '$.count') = 7))",
    /* generated columns */
    "CREATE TABLE t (a TEXT, b INT NOT NULL AS (length(a)) STORED, c NOT NULL AS (json_extract(a, '$.x.y')) UNIQUE)",
    "CREATE TABLE t (a NOT NULL, k TEXT NOT NULL GENERATED ALWAYS AS (a ->> \"$.k\"), l NOT NULL AS (a -> '$.l[0]'))",
    /* an index's expression that cannot be evaluated for every text, and a trigger that speaks of another column */
    "CREATE TABLE t (done INT NOT NULL CHECK (done IN (0, 1)), scope TEXT NOT NULL, title TEXT NOT NULL);"
    "CREATE TABLE log (title); CREATE TRIGGER r AFTER INSERT ON t WHEN NEW.done = 0 BEGIN INSERT INTO log VALUES"
    " (NEW.title); END; CREATE INDEX i ON t (json_extract(scope, '$.user.id'), title) WHERE"
    " json_extract(scope, '$.user.id') IS NOT NULL; CREATE INDEX j ON t (title DESC)",
    /* conflict clauses and triggers that end the transaction */
    "CREATE TABLE before (a); CREATE TABLE t (a INT NOT NULL ON CONFLICT ROLLBACK CHECK (a = 5));"
    "CREATE TRIGGER r BEFORE INSERT ON t WHEN new.a <> 5 BEGIN SELECT RAISE(ROLLBACK, 'five'); END",
    /* foreign keys */
    "CREATE TABLE c (p INT NOT NULL REFERENCES p); CREATE TABLE p (id INTEGER PRIMARY KEY)",
    "CREATE TABLE c (p TEXT NOT NULL REFERENCES p (code)); CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE)",
    "CREATE TABLE c (x NOT NULL, y NOT NULL, FOREIGN KEY (x, y) REFERENCES p);"
    "CREATE TABLE p (a TEXT, b INT, PRIMARY KEY (b, a))",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, parent INT NOT NULL REFERENCES t)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, parent INT REFERENCES t CHECK (parent <> id))",
    "CREATE TABLE t (id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES t, CHECK (parent <> id))",
    "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b);"
    "CREATE TABLE b (id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE g (t TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (t, id));"
    "CREATE TABLE x (t TEXT NOT NULL CHECK (t = 'X'), id TEXT NOT NULL, FOREIGN KEY (t, id) REFERENCES g);"
    "CREATE TABLE y (t TEXT NOT NULL CHECK (t = 'Y'), id TEXT NOT NULL, FOREIGN KEY (t, id) REFERENCES g)",
    "CREATE TABLE g (id INTEGER PRIMARY KEY, t TEXT NOT NULL CHECK (t IN ('X', 'Y', 'Z')), UNIQUE (id, t)) STRICT;"
    "CREATE TABLE x (id INTEGER PRIMARY KEY, t TEXT NOT NULL CHECK (t = 'X'), FOREIGN KEY (id, t) REFERENCES g (id, "
    "t));"
    "CREATE TABLE y (id INTEGER PRIMARY KEY, t TEXT NOT NULL CHECK (t = 'Y'), FOREIGN KEY (id, t) REFERENCES g (id, "
    "t));"
    "CREATE TABLE z (id INTEGER PRIMARY KEY, t TEXT NOT NULL CHECK (t = 'Z'), FOREIGN KEY (id, t) REFERENCES g (id, "
    "t))",
    "CREATE TABLE role (name TEXT PRIMARY KEY CHECK (length(name) > 2));"
    "CREATE TABLE member (role TEXT NOT NULL REFERENCES role CHECK (role IN ('owner', 'guest')))",
    "CREATE TABLE c (p INT REFERENCES missing, q INT)",
    "CREATE TABLE c (p INT NOT NULL REFERENCES missing)",
    "CREATE TABLE p (a); CREATE TABLE c (p INT NOT NULL REFERENCES p (a))",
    /* triggers */
    "CREATE TABLE t (a INT NOT NULL); CREATE TRIGGER r BEFORE INSERT ON t WHEN new.a < 5000 BEGIN"
    " SELECT RAISE(ABORT, 'too small'); END",
    "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE log (id INT NOT NULL UNIQUE REFERENCES t);"
    "CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END",
    "CREATE TABLE kinds (name TEXT PRIMARY KEY); CREATE TABLE all_of (kind NOT NULL REFERENCES kinds, id NOT NULL);"
    "CREATE TABLE users (id TEXT PRIMARY KEY); CREATE TRIGGER r BEFORE INSERT ON users BEGIN"
    " INSERT INTO all_of VALUES ('user', new.id); END",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value); INSERT INTO settings VALUES ('theme', 'dark');"
    "CREATE TABLE uses (key NOT NULL REFERENCES settings)",
    /* triggers that look for rows of other tables, which come later in the schema */
    "CREATE TABLE page (isbn TEXT NOT NULL, number INT NOT NULL); CREATE TABLE book (isbn TEXT PRIMARY KEY);"
    "CREATE TRIGGER r BEFORE INSERT ON page BEGIN SELECT CASE WHEN (SELECT isbn FROM book WHERE isbn = NEW.isbn) IS"
    " NULL THEN RAISE(ABORT, 'no such book') END; END",
    "CREATE TABLE page (isbn NOT NULL); CREATE TABLE book (isbn TEXT PRIMARY KEY); CREATE TRIGGER r BEFORE INSERT ON"
    " page WHEN NEW.\"isbn\" NOT IN (SELECT DISTINCT b.isbn FROM book AS b) BEGIN SELECT RAISE(ABORT, 'no book'); END",
    "CREATE TABLE note (kind TEXT NOT NULL CHECK (kind <> 'ship'), thing TEXT NOT NULL, other TEXT NOT NULL);"
    "CREATE TRIGGER r BEFORE INSERT ON note BEGIN"
    " SELECT RAISE(ABORT, 'noted before') WHERE EXISTS (SELECT 1 FROM note n WHERE n.thing IS NEW.thing);"
    " SELECT RAISE(ABORT, 'no such ''thing''') WHERE NOT EXISTS (SELECT 1 FROM things t WHERE t.kind = NEW.kind AND"
    " NEW.thing == t.name);"
    " SELECT RAISE(ABORT, 'no other ''thing''') WHERE NOT EXISTS (SELECT 1 FROM harbour h JOIN things AS t ON"
    " t.name = h.name WHERE NEW.other = h.name UNION SELECT 1 FROM buoy WHERE name = NEW.other); END;"
    "CREATE VIEW things AS SELECT 'ship' AS kind, name FROM ship UNION ALL SELECT 'harbour', name FROM harbour;"
    "CREATE TABLE ship (name TEXT PRIMARY KEY); CREATE TABLE harbour (name TEXT PRIMARY KEY);"
    "CREATE TABLE buoy (name TEXT)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT); CREATE TRIGGER r BEFORE INSERT ON t WHEN NEW.up IS NOT NULL AND"
    " NOT EXISTS (SELECT 1 FROM t WHERE id = NEW.up) BEGIN SELECT RAISE(ABORT, 'no such row'); END",
    "CREATE TABLE account (id INTEGER PRIMARY KEY, currency TEXT NOT NULL, owner TEXT NOT NULL);"
    "CREATE TABLE payment (account INT NOT NULL REFERENCES account, currency TEXT NOT NULL, owner TEXT NOT NULL);"
    "CREATE TRIGGER r BEFORE INSERT ON payment WHEN NEW.currency <> (SELECT currency FROM account WHERE id ="
    " NEW.account) BEGIN SELECT RAISE(ABORT, 'another currency'); END; CREATE TRIGGER s BEFORE INSERT ON payment WHEN"
    " (SELECT DISTINCT a.owner FROM account a WHERE a.id = NEW.account) IS NOT NEW.owner BEGIN"
    " SELECT RAISE(ABORT, 'another owner'); END",
    "CREATE TABLE purchase (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'draft')));"
    "CREATE TABLE item (purchase INT NOT NULL REFERENCES purchase, kind TEXT CHECK (kind IN ('gift', 'sale')));"
    "CREATE TRIGGER r BEFORE INSERT ON item WHEN (SELECT CASE state WHEN 'open' THEN NEW.kind = 'sale' ELSE 0 END FROM"
    " purchase WHERE id = NEW.purchase) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'only sales, and only while it is open');"
    " END; CREATE VIEW purchases AS SELECT * FROM purchase;"
    "CREATE TABLE note (purchase INT NOT NULL); CREATE TRIGGER s BEFORE INSERT ON note WHEN NOT EXISTS (SELECT 1 FROM"
    " purchases p WHERE p.id = NEW.purchase AND p.state = 'draft') BEGIN SELECT RAISE(ABORT, 'no draft'); END",
    /* virtual tables */
    "CREATE VIRTUAL TABLE f USING fts5 (title, body UNINDEXED)",
    "CREATE VIRTUAL TABLE f USING fts5 (title, content='')",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, title TEXT);"
    "CREATE VIRTUAL TABLE f USING fts5 (title, content=t, content_rowid=id);"
    "CREATE VIRTUAL TABLE words USING fts5vocab (f, 'row')",
    "CREATE VIRTUAL TABLE f USING fts4 (body)",
    "CREATE VIRTUAL TABLE r USING rtree (id, x0, x1, y0, y1)",
};

enum { LEVELS = DRIFT_DATA_MANY };

START_TEST(every_level_fills_every_table)
{
    const drift_data_level level = (drift_data_level)(_i % LEVELS + 1);
    const drift_seed_options options = {.level = level, .seed = 42, .rows = 40};
    drift_connection *connection = with_schema(schemas[_i / LEVELS]);
    seed_all(connection, &options);
    assert_sound(connection);
    drift_connection_close(connection);
}
END_TEST

START_TEST(the_level_empty_leaves_every_table_as_it_is)
{
    drift_error err = {0};
    drift_seed_report *report = NULL;
    const drift_seed_options options = {.level = DRIFT_DATA_EMPTY, .seed = 42};
    drift_connection *connection = with_schema("CREATE TABLE b (x); CREATE TABLE a (x NOT NULL CHECK (0));"
                                               "INSERT INTO b VALUES (7)");
    ck_assert_drift(drift_seed_database(&report, connection, &options, &err));
    ck_assert_uint_eq(report->count, 2);
    ck_assert_str_eq(report->tables[0].table, "a");
    ck_assert_int_eq(report->tables[0].rows, 0);
    ck_assert_ptr_null(report->tables[0].reason);
    ck_assert_int_eq(report->tables[1].rows, 1);
    ck_assert_int_eq(report->rows, 1);
    drift_seed_report_free(report);
    drift_connection_close(connection);
}
END_TEST

START_TEST(full_text_is_found_by_its_index)
{
    drift_connection *connection =
        with_schema("CREATE TABLE t (id INTEGER PRIMARY KEY, title TEXT);"
                    "CREATE VIRTUAL TABLE f USING fts5 (title, content=t, content_rowid=id)");
    seed_one(connection, 42);
    ck_assert_value(connection, "SELECT count(*) FROM f WHERE f MATCH 'title'", "1");
    drift_connection_close(connection);
}
END_TEST

/* ---- what makes rows worth having ---- */

START_TEST(values_differ_from_column_to_column_and_from_their_defaults)
{
    drift_connection *connection = with_schema(
        "CREATE TABLE t (a INT, b INT, c TEXT DEFAULT 'x' CHECK (c IN ('x', 'y')), d INT DEFAULT 0 CHECK (d IN (0, 1)),"
        " e INT DEFAULT TRUE CHECK (e IN (TRUE, FALSE)))");
    seed_one(connection, 42);
    ck_assert_value(connection, "SELECT a <> b AND a IS NOT NULL AND b IS NOT NULL FROM t", "1");
    ck_assert_value(connection, "SELECT c FROM t", "y");
    ck_assert_value(connection, "SELECT d FROM t", "1");
    ck_assert_value(connection, "SELECT e FROM t", "0");
    drift_connection_close(connection);
}
END_TEST

START_TEST(of_two_flags_one_is_set)
{
    drift_connection *connection = with_schema("CREATE TABLE t (a INT NOT NULL CHECK (a IN (0, 1)), b TEXT,"
                                               " c INT NOT NULL CHECK (c IN (0, 1)), d INT CHECK (d IN (0, 1)),"
                                               " e INT CHECK (e IN (0, 1)))");
    seed_one(connection, 42);
    ck_assert_value(connection, "SELECT a <> c AND d <> e FROM t", "1");
    drift_connection_close(connection);
}
END_TEST

START_TEST(rows_follow_from_the_seed)
{
    static const char sql[] = "CREATE TABLE t (a TEXT, b INT, CHECK (b * 2 > length(a)));"
                              "CREATE TABLE c (t INT NOT NULL, CHECK (t <> 7))";
    drift_connection *one = with_schema(sql), *same = with_schema(sql), *other = with_schema(sql);
    seed_one(one, 1);
    seed_one(same, 1);
    seed_one(other, -2);
    char *of_one = suite_digest(one, NULL), *of_other = suite_digest(other, NULL);
    ck_assert_str_ne(of_one, of_other);
    drift_free(of_other);
    suite_same_digest(of_one, suite_digest(same, NULL));
    drift_connection_close(one);
    drift_connection_close(same);
    drift_connection_close(other);
}
END_TEST

START_TEST(foreign_keys_are_as_before_afterwards)
{
    drift_error err = {0};
    drift_connection *connection = with_schema("CREATE TABLE t (a)");
    ck_assert_drift(drift_exec(connection, "PRAGMA foreign_keys = ON", &err));
    seed_one(connection, 42);
    ck_assert_value(connection, "PRAGMA foreign_keys", "1");
    drift_connection_close(connection);
}
END_TEST

/* ---- what cannot be filled ---- */

static const struct {
    const char *schema, *table, *reason;
} impossible[] = {
    {"CREATE TABLE ok (a); CREATE TABLE t (a INT NOT NULL CHECK (a > 5 AND a < 5))", "t",
     "CHECK constraint failed: a > 5 AND a < 5"},
    {"CREATE TABLE t (a); CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'closed'); END", "t", "closed"},
    {"CREATE TABLE t (a); CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(IGNORE); END", "t",
     "a row was inserted, but did not stay"},
    {"CREATE TABLE ok (a); CREATE TABLE t (a); CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'no');"
     " END",
     "t", "no"},
    {"CREATE TABLE p (id INTEGER PRIMARY KEY CHECK (id < 0)); CREATE TABLE c (p INT NOT NULL REFERENCES p CHECK (p > "
     "0))",
     "c", "no row was found whose foreign keys hold"},
    {"CREATE TABLE ok (a); CREATE VIRTUAL TABLE f USING fts5 (title, content=gone)", "f", "no such table: main.gone"},
    {"CREATE TABLE p (k TEXT); CREATE TABLE c (k TEXT); CREATE TRIGGER r BEFORE INSERT ON c WHEN NOT EXISTS (SELECT 1"
     " FROM p WHERE p.missing = NEW.k) BEGIN SELECT RAISE(ABORT, 'no such row'); END",
     "c", "no such column: p.missing"},
};

START_TEST(a_table_that_cannot_be_filled_is_told)
{
    const drift_data_level level = (drift_data_level)(_i % LEVELS + 1);
    const drift_seed_options options = {.level = level, .seed = 42, .rows = 5};
    drift_error err = {0};
    drift_seed_report *report = NULL;
    drift_connection *connection = with_schema(impossible[_i / LEVELS].schema);
    ck_assert_drift(drift_seed_database(&report, connection, &options, &err));
    for (size_t i = 0; i < report->count; i++) {
        const drift_seeded_table *table = &report->tables[i];
        if (strcmp(table->table, impossible[_i / LEVELS].table) == 0)
            ck_assert_pstr_eq(table->reason, impossible[_i / LEVELS].reason);
        else
            ck_assert_ptr_null(table->reason);
    }
    drift_seed_report_free(report);
    drift_connection_close(connection);
}
END_TEST

START_TEST(seeding_inside_a_transaction_is_refused)
{
    drift_error err = {0};
    const drift_seed_options options = {.level = DRIFT_DATA_ONE};
    drift_seed_report *report = NULL;
    drift_connection *connection = with_schema("CREATE TABLE t (a); BEGIN");
    ck_assert_drift_fails(drift_seed_database(&report, connection, &options, &err), DRIFT_MISUSE);
    ck_assert_ptr_null(report);
    drift_connection_close(connection);
}
END_TEST

START_TEST(every_level_has_its_word)
{
    ck_assert_str_eq(drift_data_level_name(DRIFT_DATA_EMPTY), "empty");
    ck_assert_str_eq(drift_data_level_name(DRIFT_DATA_MANY), "many");
    ck_assert_ptr_null(drift_data_level_name((drift_data_level)(DRIFT_DATA_MANY + 1)));
    drift_seed_report_free(NULL);
}
END_TEST

/* ---- patterns ---- */

static const struct {
    drift__seed_pattern pattern;
    size_t length;
    const char *match;
} patterns[] = {
    {{"abc", false, 0}, 0, "abc"},
    {{"a%c", false, 0}, 0, "ac"},
    {{"a%c", false, 0}, 5, "aaaac"},
    {{"__-_", false, 0}, 0, "aa-a"},
    {{"10\\%%\\", false, '\\'}, 5, "10%a\\"},
    {{"a*b", true, 0}, 0, "ab"},
    {{"[0-9][A-C]?", true, 0}, 0, "0Aa"},
    {{"[^0-9]*", true, 0}, 4, ":aaa"},
    {{"[]x]", true, 0}, 0, "]"},
    {{"[abc", true, 0}, 0, "[abc"},
    {{"%\xc3\xbc", false, 0}, 2, "a\xc3\xbc"},
};

START_TEST(a_sample_matches_its_pattern)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    ck_assert_str_eq(drift__seed_match(&arena, &patterns[_i].pattern, patterns[_i].length), patterns[_i].match);
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(a_negated_class_tells_what_is_allowed)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    ck_assert_str_eq(drift__seed_allowed(&arena, "*[^a-f]*", 3), "aaa");
    ck_assert_ptr_null(drift__seed_allowed(&arena, "*[a-f]*", 3));
    ck_assert_ptr_null(drift__seed_allowed(&arena, "*[^a-f", 3));
    drift__arena_dispose(&arena);
}
END_TEST

/* ---- JSON ---- */

static const struct {
    drift__seed_path paths[3];
    size_t count;
    const char *json;
} objects[] = {
    {{{"$.a", "1"}}, 1, "{\"a\":1}"},
    {{{"$.a.b", "1"}, {"$.c", "[1]"}, {"$.a.d", "1"}}, 3, "{\"a\":{\"b\":1},\"c\":[1]}"},
    {{{"$.a[0].b", "\"t\""}, {"$.\"x.y\"", "1"}}, 2, "{\"a\":[{\"b\":\"t\"}],\"x.y\":1}"},
};

START_TEST(a_json_object_has_something_at_every_path)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    ck_assert_str_eq(drift__seed_json(&arena, objects[_i].paths, objects[_i].count), objects[_i].json);
    drift__arena_dispose(&arena);
}
END_TEST

/* ---- memory ---- */

static int attempt_to_seed(drift_data_level level)
{
    drift_error err = {0};
    drift_seed_report *report = NULL;
    drift_connection *connection = NULL;
    const drift_seed_options options = {.level = level, .seed = 42, .rows = 4, .orphans = true};
    int rc = drift_connection_memory(&connection, NULL, &err);
    if (rc == DRIFT_OK)
        rc =
            drift_exec(connection,
                       "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, k TEXT UNIQUE CHECK (k IN ('a b', 'c')));"
                       "CREATE TABLE c (p INT UNIQUE REFERENCES p, k TEXT NOT NULL REFERENCES p (k))",
                       &err);
    if (rc == DRIFT_OK) rc = drift_seed_database(&report, connection, &options, &err);
    drift_seed_report_free(report);
    drift_connection_close(connection);
    /* Without memory SQLite may end the transaction by itself; that is then what is told. */
    return rc == DRIFT_TRANSACTION ? DRIFT_NO_MEMORY : rc;
}

static int attempt_one(void)
{
    return attempt_to_seed(DRIFT_DATA_ONE);
}

static int attempt_many(void)
{
    return attempt_to_seed(DRIFT_DATA_MANY);
}

START_TEST(seeding_without_memory_is_an_error)
{
    suite_memory_sweep(_i ? attempt_many : attempt_one);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("seed");
    TCase *tcase = suite_case("seed");
    tcase_add_loop_test(tcase, every_level_fills_every_table, 0, LEVELS * (int)(sizeof schemas / sizeof schemas[0]));
    tcase_add_test(tcase, the_level_empty_leaves_every_table_as_it_is);
    tcase_add_test(tcase, full_text_is_found_by_its_index);
    tcase_add_test(tcase, values_differ_from_column_to_column_and_from_their_defaults);
    tcase_add_test(tcase, of_two_flags_one_is_set);
    tcase_add_test(tcase, rows_follow_from_the_seed);
    tcase_add_test(tcase, foreign_keys_are_as_before_afterwards);
    tcase_add_loop_test(tcase, a_table_that_cannot_be_filled_is_told, 0,
                        LEVELS * (int)(sizeof impossible / sizeof impossible[0]));
    tcase_add_test(tcase, seeding_inside_a_transaction_is_refused);
    tcase_add_test(tcase, every_level_has_its_word);
    tcase_add_loop_test(tcase, a_sample_matches_its_pattern, 0, (int)(sizeof patterns / sizeof patterns[0]));
    tcase_add_test(tcase, a_negated_class_tells_what_is_allowed);
    tcase_add_loop_test(tcase, a_json_object_has_something_at_every_path, 0, (int)(sizeof objects / sizeof objects[0]));
    tcase_add_loop_test(tcase, seeding_without_memory_is_an_error, 0, 2);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_levels());
    suite_add_tcase(suite, case_many());
    suite_add_tcase(suite, case_property());
    suite_add_tcase(suite, case_transaction());
    return suite_run(suite);
}
