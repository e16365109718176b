/* check_levels.c — what stands in the rows of `boundary` and `hostile`, and what never does. */
#include <stdio.h>
#include <string.h>

#include "seed/cases.h"
#include "seed/values.h"
#include "support/digest.h"
#include "support/suite.h"

static drift_connection *seeded(const char *schema, drift_data_level level)
{
    const drift_seed_options options = {.level = level, .seed = 42, .rows = 50};
    drift_connection *connection = with_schema(schema);
    seed_all(connection, &options);
    assert_sound(connection);
    return connection;
}

/* ---- single values: there must be a row with it ---- */

static const struct {
    drift_data_level level;
    const char *schema, *condition;
} present[] = {
#define BOUNDARY_TABLE "CREATE TABLE t (i INTEGER NOT NULL, r REAL, n NUMERIC, x VARCHAR(20), b BLOB, a)"
#define HOSTILE_TABLE  "CREATE TABLE t (i INTEGER NOT NULL, r REAL, n NUMERIC, x TEXT, b BLOB, a)"
#define AT_BOUNDARY(condition)                         \
    {                                                  \
        DRIFT_DATA_BOUNDARY, BOUNDARY_TABLE, condition \
    }
#define AT_HOSTILE(condition)                        \
    {                                                \
        DRIFT_DATA_HOSTILE, HOSTILE_TABLE, condition \
    }
    AT_BOUNDARY("i = 0"),
    AT_BOUNDARY("i = 9223372036854775807"),
    AT_BOUNDARY("i = -9223372036854775808"),
    AT_BOUNDARY("i = 9007199254740993"),
    AT_BOUNDARY("r IS NULL"),
    AT_BOUNDARY("r = 0.1"),
    AT_BOUNDARY("r = 4.9406564584124654e-324"),
    AT_BOUNDARY("r = 1.7976931348623157e308"),
    AT_BOUNDARY("n = 1.5"),
    AT_BOUNDARY("n = -1"),
    AT_BOUNDARY("x = ''"),
    AT_BOUNDARY("length(x) >= 2000"),
    AT_BOUNDARY("length(x) = 20"),
    AT_BOUNDARY("length(x) = 21"),
    AT_BOUNDARY("x = '9999-12-31'"),
    AT_BOUNDARY("b = x''"),
    AT_BOUNDARY("b = x'00'"),
    AT_BOUNDARY("typeof(a) = 'text'"),
    AT_BOUNDARY("typeof(a) = 'real'"),
    AT_HOSTILE("typeof(i) = 'text'"),
    AT_HOSTILE("typeof(i) = 'real'"),
    AT_HOSTILE("typeof(i) = 'blob'"),
    AT_HOSTILE("r = 9e999"),
    AT_HOSTILE("typeof(r) = 'text'"),
    AT_HOSTILE("n = 'abc'"),
    AT_HOSTILE("x = '007' AND typeof(x) = 'text'"),
    AT_HOSTILE("x = '12345678901234567890'"),
    AT_HOSTILE("typeof(x) = 'blob'"),
    AT_HOSTILE("instr(CAST(x AS BLOB), x'00')"),
    AT_HOSTILE("instr(CAST(x AS BLOB), x'fffe') AND typeof(x) = 'text'"),
    AT_HOSTILE("CAST(x AS BLOB) = x'636166c3a9'"),
    AT_HOSTILE("CAST(x AS BLOB) = x'63616665cc81'"),
    AT_HOSTILE("x LIKE '%''%\"%'"),
    AT_HOSTILE("typeof(b) = 'text'"),
    AT_HOSTILE("typeof(b) = 'integer'"),
    /* every edge of a CHECK, every value of an enumeration */
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (a INT NOT NULL CHECK (a BETWEEN 3 AND 9))", "a = 3"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (a INT NOT NULL CHECK (a BETWEEN 3 AND 9))", "a = 9"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (a TEXT CHECK (length(a) <= 5))", "length(a) = 5"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (a TEXT NOT NULL CHECK (a IN ('red', 'green', 'blue')))", "a = 'green'"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (a TEXT NOT NULL CHECK (a IN ('red', 'green', 'blue')))", "a = 'blue'"},
    {DRIFT_DATA_HOSTILE, "CREATE TABLE t (a TEXT NOT NULL CHECK (a IN ('red', 'green', 'blue')))", "a = 'red'"},
    /* values that only go with others */
    {DRIFT_DATA_BOUNDARY,
     "CREATE TABLE t (k TEXT NOT NULL CHECK (k IN ('n', 's')), n INT, CHECK (k <> 'n' OR n > 500))", "k = 'n'"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (a TEXT, b TEXT, CHECK ((a IS NULL) <> (b IS NULL)))", "a IS NULL"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (a TEXT, b TEXT, CHECK ((a IS NULL) <> (b IS NULL)))", "b IS NULL"},
    /* keys */
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)", "id = 0"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)", "id < 0"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)", "id > 9007199254740000"},
    {DRIFT_DATA_HOSTILE, "CREATE TABLE t (k TEXT PRIMARY KEY, a)", "k = '007'"},
    {DRIFT_DATA_HOSTILE, "CREATE TABLE t (k TEXT PRIMARY KEY, a)", "k IS NULL"},
    {DRIFT_DATA_HOSTILE, "CREATE TABLE t (k TEXT PRIMARY KEY COLLATE NOCASE, a) WITHOUT ROWID", "k = 'cafe'"},
    /* a foreign key: every hostile key has a child, and there are children without parents, parents without children
     * and rows that are their own parent */
    {DRIFT_DATA_HOSTILE, "CREATE TABLE p (k TEXT PRIMARY KEY); CREATE TABLE t (k TEXT REFERENCES p)",
     "instr(CAST(k AS BLOB), x'00')"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INT REFERENCES p)", "p IS NULL"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE p (id INTEGER PRIMARY KEY, a, b); CREATE TABLE t (p INT REFERENCES p)",
     "EXISTS (SELECT 1 FROM p WHERE id NOT IN (SELECT p FROM t WHERE p IS NOT NULL)) OR p = 0"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t)", "up = id"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t)", "up <> id"},
    {DRIFT_DATA_BOUNDARY, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t)", "up IS NULL"},
    /* full text */
    {DRIFT_DATA_HOSTILE, "CREATE VIRTUAL TABLE t USING fts5 (x)", "x = 'O''Brien said \"no\"; --'"},
};

START_TEST(a_value_of_the_level_stands_in_a_row)
{
    char sql[512];
    drift_connection *connection = seeded(present[_i].schema, present[_i].level);
    snprintf(sql, sizeof sql, "SELECT count(*) > 0 FROM t WHERE %s", present[_i].condition);
    char *found = suite_value(connection, sql);
    ck_assert_msg(strcmp(found, "1") == 0, "no row of %s has %s", present[_i].schema, present[_i].condition);
    drift_free(found);
    drift_connection_close(connection);
}
END_TEST

/* ---- what must hold of all rows ---- */

static const struct {
    const char *schema, *query, *expected;
} holding[] = {
    /* NULL in every nullable column, also where a foreign key stands */
    {"CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a TEXT, b INT UNIQUE, c REFERENCES p, d BLOB)",
     "SELECT sum(a IS NULL) > 0, sum(b IS NULL) > 0 AND sum(c IS NULL) > 0 AND sum(d IS NULL) > 0 FROM t", "1"},
    /* a key at the end would let every later row fail */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a)",
     "SELECT ((SELECT seq FROM sqlite_sequence) - max(id)) || ' ' || (max(id) < 9007199254740992) FROM t", "1000 1"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a)", "SELECT max(id) < 9223372036854775807 FROM t", "1"},
    {"CREATE TABLE t (a TEXT)", "SELECT max(rowid) - min(rowid) + 1 > count(*) FROM t", "1"},
    {"CREATE TABLE t (a TEXT, b INT)", "SELECT count(*) > count(DISTINCT a) AND count(*) > count(DISTINCT b) FROM t",
     "1"},
    {"CREATE TABLE t (a INT, b REAL, c TEXT, d BLOB) STRICT",
     "SELECT count(*) FROM t WHERE typeof(a) NOT IN ('integer', 'null') OR typeof(b) NOT IN ('real', 'null')"
     " OR typeof(c) NOT IN ('text', 'null') OR typeof(d) NOT IN ('blob', 'null')",
     "0"},
    /* a conflict clause that replaces would take rows away that others refer to */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE ON CONFLICT REPLACE);"
     "CREATE TABLE c (t INT NOT NULL REFERENCES t)",
     "SELECT count(*) > 5 AND (SELECT count(*) FROM c) > 5 FROM t", "1"},
    /* constraints that few rows satisfy */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id = 1), a TEXT)", "SELECT count(*) FROM t", "1"},
    {"CREATE TABLE t (a INT NOT NULL PRIMARY KEY CHECK (a IN (1, 2, 3)))", "SELECT count(*) FROM t", "3"},
    {"CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, CHECK (a + b = c))", "SELECT count(*) > 3 FROM t",
     "1"},
    {"CREATE TABLE t (a TEXT NOT NULL UNIQUE CHECK (length(a) = 2))", "SELECT count(*) > 3 FROM t", "1"},
    {"CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE q (id INTEGER PRIMARY KEY);"
     "CREATE TABLE t (p INT REFERENCES p, q INT REFERENCES q, PRIMARY KEY (p, q)) WITHOUT ROWID",
     "SELECT count(*) > 3 FROM t", "1"},
    {"CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE t (id INTEGER PRIMARY KEY REFERENCES p, b)",
     "SELECT count(*) > 3 FROM t", "1"},
    /* foreign keys that share a column agree in it */
    {"CREATE TABLE tenant (id INTEGER PRIMARY KEY); CREATE TABLE a (tenant INT NOT NULL REFERENCES tenant, id INT NOT"
     " NULL, PRIMARY KEY (tenant, id)); CREATE TABLE b (tenant INT NOT NULL REFERENCES tenant, id INT NOT NULL,"
     " PRIMARY KEY (tenant, id)); CREATE TABLE t (tenant INT NOT NULL, a INT NOT NULL, b INT NOT NULL,"
     " FOREIGN KEY (tenant, a) REFERENCES a, FOREIGN KEY (tenant, b) REFERENCES b)",
     "SELECT count(*) > 3 FROM t", "1"},
    /* a circle of two tables, both of which have further rows */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, o INT NOT NULL REFERENCES o);"
     "CREATE TABLE o (id INTEGER PRIMARY KEY, t INT NOT NULL REFERENCES t)",
     "SELECT count(*) > 3 AND (SELECT count(*) FROM o) > 3 FROM t", "1"},
    /* a trigger that refuses, one that rewrites, one that silently ignores */
    {"CREATE TABLE t (a INT); CREATE TRIGGER r BEFORE INSERT ON t WHEN new.a < 5000 BEGIN SELECT RAISE(ABORT, 'small');"
     " END",
     "SELECT count(*) > 3 AND min(a) >= 5000 FROM t", "1"},
    {"CREATE TABLE t (a INT NOT NULL, b TEXT); CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET b = 'seen' WHERE"
     " rowid = new.rowid; END",
     "SELECT count(*) > 3 AND min(b = 'seen') FROM t", "1"},
    {"CREATE TABLE t (a INT NOT NULL); CREATE TRIGGER r BEFORE INSERT ON t WHEN new.a < 5000 BEGIN SELECT"
     " RAISE(IGNORE); END",
     "SELECT count(*) > 0 AND min(a) >= 5000 FROM t", "1"},
    /* rows that a partial index is for, and a value at the path of an expression */
    {"CREATE TABLE t (state TEXT, meta TEXT CHECK (json_valid(meta))); CREATE INDEX i ON t (state) WHERE state = "
     "'open';"
     "CREATE UNIQUE INDEX j ON t (json_extract(meta, '$.ref'))",
     "SELECT sum(state = 'open') > 0 AND sum(json_extract(meta, '$.ref') IS NOT NULL) > 0 FROM t", "1"},
    /* a trigger that looks a row up: all rows there are, and NULL where it lets NULL pass */
    {"CREATE TABLE t (isbn TEXT, n INT); CREATE TABLE book (isbn TEXT NOT NULL, shelf INT NOT NULL);"
     "CREATE VIEW books AS SELECT isbn, shelf FROM book;"
     "CREATE TRIGGER r BEFORE INSERT ON t WHEN NEW.isbn IS NOT NULL AND NOT EXISTS (SELECT 1 FROM books WHERE isbn ="
     " NEW.isbn) BEGIN SELECT RAISE(ABORT, 'no such book'); END",
     "SELECT count(DISTINCT isbn) > 3 AND sum(isbn IS NULL) > 0 AND count(DISTINCT n) > 10 FROM t", "1"},
    /* a trigger that reads rows and lets pass takes no value away */
    {"CREATE TABLE t (kind TEXT); CREATE TRIGGER r AFTER INSERT ON t WHEN (SELECT count(*) FROM t WHERE kind ="
     " NEW.kind) > 1000 BEGIN SELECT RAISE(ABORT, 'too many'); END",
     "SELECT count(DISTINCT kind) > 7 FROM t", "1"},
    /* rows that a trigger makes have parents too */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE log (id INT NOT NULL UNIQUE REFERENCES t);"
     "CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END",
     "SELECT count(*) = (SELECT count(*) FROM log) FROM t", "1"},
    {"CREATE TABLE t (a TEXT, n INT NOT NULL AS (length(a)) STORED, u NOT NULL AS (lower(a)) UNIQUE)",
     "SELECT count(*) > 3 FROM t", "1"},
    /* behind a key at the end SQLite would draw the next one by lot */
    {"CREATE VIRTUAL TABLE t USING rtree (id, x0, x1)",
     "SELECT count(*) > 3 AND min(x0 <= x1) AND max(id) < 9223372036854775807 FROM t", "1"},
};

START_TEST(rows_honour_what_the_schema_says)
{
    const drift_data_level level = _i % 2 ? DRIFT_DATA_HOSTILE : DRIFT_DATA_BOUNDARY;
    drift_connection *connection = seeded(holding[_i / 2].schema, level);
    char *found = suite_value(connection, holding[_i / 2].query);
    ck_assert_msg(strcmp(found, holding[_i / 2].expected) == 0, "%s gave %s", holding[_i / 2].query, found);
    drift_free(found);
    drift_connection_close(connection);
}
END_TEST

START_TEST(rows_of_a_level_follow_from_the_seed)
{
    static const char schema[] = "CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE COLLATE NOCASE, r REAL);"
                                 "CREATE TABLE c (p INT REFERENCES p, k TEXT REFERENCES p (k), b BLOB)";
    const drift_seed_options options = {.level = (drift_data_level)_i, .seed = 1, .rows = 30};
    const drift_seed_options others = {.level = (drift_data_level)_i, .seed = -9000000000000000001, .rows = 30};
    drift_connection *one = with_schema(schema), *same = with_schema(schema), *other = with_schema(schema);
    seed_all(one, &options);
    seed_all(same, &options);
    seed_all(other, &others);
    char *of_one = suite_digest(one, NULL), *of_other = suite_digest(other, NULL);
    ck_assert_int_ne(strcmp(of_one, of_other), 0);
    drift_free(of_other);
    suite_same_digest(of_one, suite_digest(same, NULL));
    drift_connection_close(one);
    drift_connection_close(same);
    drift_connection_close(other);
}
END_TEST

/* ---- whole rows ---- */

/* That is what a UNIQUE over both, added later, has to face. */
START_TEST(children_of_one_parent_are_alike_where_nothing_forbids_it)
{
    static const char *const schema =
        "CREATE TABLE p (k TEXT PRIMARY KEY);"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p TEXT NOT NULL REFERENCES p, n INT NOT NULL)";
    for (int level = DRIFT_DATA_BOUNDARY; level <= DRIFT_DATA_HOSTILE; level++) {
        drift_connection *connection = seeded(schema, (drift_data_level)level);
        ck_assert_value(connection, "SELECT max(alike) >= 3 FROM (SELECT count(*) AS alike FROM c GROUP BY p, n)", "1");
        drift_connection_close(connection);
    }
}
END_TEST

/* ---- domains ---- */

static const struct {
    const char *domain, *outside;
} domains[] = {
    {"integer", "typeof(b) <> 'integer' OR typeof(a) <> 'text' OR a GLOB '*[^-0-9]*'"},
    {"real", "typeof(b) <> 'real'"},
    {"text", "typeof(b) <> 'text' OR a GLOB '[0-9]' OR a = '007'"},
    {"blob", "typeof(b) <> 'blob' OR typeof(a) <> 'blob'"},
    {"null", "a IS NOT NULL OR b IS NOT NULL"},
    {"numeric", "typeof(b) NOT IN ('integer', 'real', 'text') OR typeof(a) <> 'text' OR (typeof(b) = 'text' AND"
                " b GLOB '*[a-z]*' AND b NOT GLOB '*[0-9]e[0-9]*')"},
    {"json", "typeof(a) <> 'text' OR NOT json_valid(a) OR typeof(b) <> 'text' OR NOT json_valid(b)"},
};

START_TEST(a_domain_restricts_a_column)
{
    char sql[512];
    const drift_seed_domain domain[] = {{"t", "a", domains[_i].domain},
                                        {"T", "B", domains[_i].domain},
                                        {"t", "of another version", "integer"},
                                        {"of another version", "a", "integer"}};
    for (int level = DRIFT_DATA_ONE; level <= DRIFT_DATA_MANY; level++) {
        const drift_seed_options options = {
            .level = (drift_data_level)level, .seed = 42, .rows = 20, .domains = domain, .domain_count = 4};
        drift_connection *connection = with_schema("CREATE TABLE t (a TEXT, b, c INT)");
        seed_all(connection, &options);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM t WHERE NOT (a IS NULL OR b IS NULL) AND (%s)",
                 domains[_i].outside);
        ck_assert_value(connection, sql, "0");
        drift_connection_close(connection);
    }
}
END_TEST

START_TEST(a_domain_of_json_has_values_of_every_kind)
{
    static const char *const kinds =
        "SELECT group_concat(DISTINCT json_type(a) || ' ') FROM (SELECT a FROM t WHERE a NOT NULL ORDER BY 1)";
    static const drift_seed_domain domain = {"t", "a", "json"};
    for (int level = DRIFT_DATA_BOUNDARY; level <= DRIFT_DATA_HOSTILE; level++) {
        const drift_seed_options options = {
            .level = (drift_data_level)level, .seed = 42, .domains = &domain, .domain_count = 1};
        drift_connection *connection = with_schema("CREATE TABLE t (a TEXT)");
        seed_all(connection, &options);
        ck_assert_value(connection, kinds,
                        level == DRIFT_DATA_BOUNDARY ? "text ,integer ,array ,false ,null ,object "
                                                     : "object ,text ,integer ,real ,array ");
        drift_connection_close(connection);
    }
}
END_TEST

/* Texts that are JSON, and texts that are none. */
static const char *const jsons[] = {
    "",
    " ",
    "{}",
    "[]",
    "nul",
    "null",
    "nullx",
    "true false",
    "0",
    "-",
    "-0",
    "01",
    "1.",
    ".5",
    "1.5e",
    "1.5E+07",
    "1e-2 ",
    "\"",
    "\"a",
    "\"a\"",
    "\"\\\"",
    "\"\\x\"",
    "\"\\u00e\"",
    "\"\\u00E9\"",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "[,]",
    "[1,]",
    "[1 2]",
    "[1,[2,{}]]",
    "[1",
    " [ 1 , \"2\" ] ",
    "{\"a\" : 1 , \"b\":[]}",
    "{} {}",
};

START_TEST(what_sqlite_takes_for_json_is_in_the_domain)
{
    char sql[128];
    const drift_value value = DRIFT_BIND_TEXT(jsons[_i], strlen(jsons[_i]));
    drift_connection *connection = with_schema("CREATE TABLE t (a TEXT)");
    snprintf(sql, sizeof sql, "SELECT json_valid('%s')", jsons[_i]);
    ck_assert_value(connection, sql, drift__seed_allows("json", &value) ? "1" : "0");
    drift_connection_close(connection);
}
END_TEST

START_TEST(a_domain_that_is_none_is_refused)
{
    drift_error err = {0};
    const drift_seed_domain domain = {"t", "a", "float"};
    const drift_seed_options options = {.level = DRIFT_DATA_ONE, .domains = &domain, .domain_count = 1};
    drift_connection *connection = with_schema("CREATE TABLE t (a TEXT)");
    ck_assert_drift_fails(drift_seed_database(NULL, connection, &options, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text,
                     "expected integer, real, text, blob, null, numeric or json as the domain of t.a, found float");
    drift_connection_close(connection);
}
END_TEST

/* ---- values against each other ---- */

/* Were neighbours equal in every row, a migration that exchanges them would pass. */
START_TEST(neighbours_of_one_type_differ_in_some_row)
{
    static const drift_data_level levels[] = {DRIFT_DATA_BOUNDARY, DRIFT_DATA_HOSTILE};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const drift_seed_options options = {.level = levels[i], .seed = _i};
        drift_connection *connection = with_schema(
            "CREATE TABLE place (id INTEGER PRIMARY KEY, latitude REAL, longitude REAL, name TEXT, city TEXT)");
        seed_all(connection, &options);
        ck_assert_value(connection,
                        "SELECT sum(latitude IS NOT longitude) > count(*) / 2 AND sum(name IS NOT city) > count(*) / 2 "
                        "AND sum((latitude IS NULL) <> (longitude IS NULL)) > 0 FROM place",
                        "1");
        drift_connection_close(connection);
    }
}
END_TEST

/* ---- orphans ---- */

START_TEST(orphans_are_made_only_if_they_are_wanted)
{
    static const char schema[] = "CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE);"
                                 "CREATE TABLE c (p INT NOT NULL REFERENCES p, k TEXT REFERENCES p (k));"
                                 "CREATE TABLE d (p INT REFERENCES p)";
    for (int level = DRIFT_DATA_ONE; level <= DRIFT_DATA_MANY; level++) {
        const drift_seed_options options = {.level = (drift_data_level)level, .seed = 42, .rows = 20, .orphans = true};
        drift_connection *connection = with_schema(schema);
        seed_all(connection, &options);
        ck_assert_value(connection,
                        "SELECT group_concat(broken) FROM (SELECT DISTINCT \"table\" || fkid AS broken FROM"
                        " pragma_foreign_key_check ORDER BY 1)",
                        "c0,c1,d0");
        drift_connection_close(connection);
    }
}
END_TEST

TCase *case_levels(void)
{
    TCase *tcase = suite_case("levels");
    tcase_add_loop_test(tcase, a_value_of_the_level_stands_in_a_row, 0, (int)(sizeof present / sizeof present[0]));
    tcase_add_loop_test(tcase, rows_honour_what_the_schema_says, 0, 2 * (int)(sizeof holding / sizeof holding[0]));
    tcase_add_loop_test(tcase, rows_of_a_level_follow_from_the_seed, DRIFT_DATA_ONE, DRIFT_DATA_MANY + 1);
    tcase_add_loop_test(tcase, a_domain_restricts_a_column, 0, (int)(sizeof domains / sizeof domains[0]));
    tcase_add_test(tcase, children_of_one_parent_are_alike_where_nothing_forbids_it);
    tcase_add_test(tcase, a_domain_of_json_has_values_of_every_kind);
    tcase_add_loop_test(tcase, what_sqlite_takes_for_json_is_in_the_domain, 0, (int)(sizeof jsons / sizeof jsons[0]));
    tcase_add_test(tcase, a_domain_that_is_none_is_refused);
    tcase_add_loop_test(tcase, neighbours_of_one_type_differ_in_some_row, 0, 20);
    tcase_add_test(tcase, orphans_are_made_only_if_they_are_wanted);
    return tcase;
}
