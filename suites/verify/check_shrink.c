/* check_shrink.c — a database gets as small as it can while it still shows what is looked for. */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "outcome/outcome.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/shrink.h"
#include "verify/world.h"

/* What is looked for: a query whose answer is not 0. */
typedef struct sought {
    const char *query;
    int tries;
    int fails_at; /* this try is an error; 0: none */
} sought;

static int shows(bool *out, drift_connection *candidate, void *payload, drift_error *err)
{
    sought *s = payload;
    int64_t answer = 0, orphans = 0;
    if (++s->tries == s->fails_at) return drift__error(err, DRIFT_IO, "the disk is gone");
    int rc = drift_query_int64(&answer, candidate, s->query, NULL, 0, err);
    if (rc == DRIFT_OK)
        rc = drift_query_int64(&orphans, candidate, "SELECT count(*) FROM pragma_foreign_key_check", NULL, 0, err);
    ck_assert_int_eq(orphans, 0); /* no candidate is one that could not have been */
    *out = answer != 0;
    return rc;
}

static int put_row(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *out = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) {
        const drift_value value = drift_column_value(row, i);
        drift__str_puts(out, i ? "|" : "");
        drift__literal_put(out, &value);
    }
    drift__str_puts(out, "\n");
    return DRIFT_OK;
}

static int put_table(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *out = payload;
    (void)err;
    drift__str_printf(out, "%s", drift_column_text(row, 0, NULL));
    return DRIFT_OK;
}

static char *dump(drift_connection *connection, const char *tables)
{
    drift_error err = {0};
    drift__str out = DRIFT__STR_INIT, sql = DRIFT__STR_INIT;
    char *text = NULL;
    ck_assert_drift(drift_query(connection,
                                "SELECT 'SELECT ''' || value || ''', * FROM ' || value || ';' FROM json_each(?)",
                                &(drift_value)DRIFT_BIND_TEXT(tables, strlen(tables)), 1, put_table, &sql, &err));
    for (char *at = sql.text, *end = NULL; at && (end = strchr(at, ';')); at = end + 1) {
        *end = '\0';
        ck_assert_drift(drift_query(connection, at, NULL, 0, put_row, &out, &err));
    }
    drift__str_dispose(&sql);
    ck_assert_drift(drift__str_take(&text, &out, &err));
    return text;
}

static drift_connection *open_with(const char *sql)
{
    static const drift_verify_options options = {0};
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift__world_open(&connection, &options, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    return connection;
}

/* A database, what is looked for, the tables that are shown, and what they hold in the end. */
typedef struct story {
    const char *name;
    const char *database;
    const char *query;
    const char *tables;
    const char *rest;
} story;

#define NUMBERS(n) "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #n ") "
#define FAMILY                                                                                                         \
    "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);"                                                                 \
    "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT NOT NULL REFERENCES p, q TEXT);"                                    \
    "CREATE TABLE g (id INTEGER PRIMARY KEY, c INT NOT NULL REFERENCES c);" NUMBERS(                                   \
        20) "INSERT INTO p SELECT i, 'parent ' || i FROM n;" NUMBERS(20) "INSERT INTO c SELECT i * 10, 21 - i, "       \
                                                                         "'child ' || i FROM n;" NUMBERS(20) "INSERT " \
                                                                                                             "INTO g " \
                                                                                                             "SELECT " \
                                                                                                             "i * "    \
                                                                                                             "100, i " \
                                                                                                             "* 10 "   \
                                                                                                             "FROM n;"

static const story stories[] = {
    {"one row of many, one word of its text",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT NOT NULL, c);" NUMBERS(
         300) "INSERT INTO t SELECT i * 7, 'row ' || i || ' of them', i, i / 2.0 FROM n; UPDATE t SET a = 'a long "
              "needle in a"
              " haystack' WHERE id = 700",
     "SELECT count(*) FROM t WHERE a LIKE '%needle%'", "[\"t\"]", "'t'|1|'needle'|0|NULL\n"},
    {"no row at all", FAMILY, "SELECT 1", "[\"p\", \"c\", \"g\"]", ""},
    {"a child keeps its parents, and nobody else's", FAMILY, "SELECT count(*) FROM g WHERE c = 70",
     "[\"p\", \"c\", \"g\"]", "'p'|14|NULL\n'c'|70|14|NULL\n'g'|1|70\n"},
    {"two rows that have to differ",
     "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x'), ('Anna'), ('y'), ('anna'), ('z')",
     "SELECT count(*) FROM t x JOIN t y ON x.a = y.a COLLATE NOCASE AND x.a > y.a", "[\"t\"]",
     "'t'|'Anna'\n't'|'anna'\n"},
    {"WITHOUT ROWID, by its key",
     "CREATE TABLE t (k TEXT, l INT, a TEXT, PRIMARY KEY (l, k)) WITHOUT ROWID;" NUMBERS(
         50) "INSERT INTO t SELECT 'k' || i, i % 5, 'v' || i FROM n",
     "SELECT count(*) FROM t WHERE a = 'v33'", "[\"t\"]", "'t'|'k33'|3|'v33'\n"},
    {"a row that refers to itself, and a cycle",
     "CREATE TABLE s (id INTEGER PRIMARY KEY, up INT REFERENCES s); INSERT INTO s VALUES (1, 1), (2, 1), (3, 2);"
     "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT"
     " REFERENCES a); INSERT INTO a VALUES (1, 1), (2, 2); INSERT INTO b VALUES (1, 1), (2, 2)",
     "SELECT (SELECT count(*) FROM s WHERE up = 2) AND (SELECT count(*) FROM a WHERE b = 2)", "[\"s\", \"a\", \"b\"]",
     "'s'|2|NULL\n's'|3|2\n'a'|1|2\n'b'|2|NULL\n"},
    {"triggers do not fire",
     "CREATE TABLE t (a INT); CREATE TABLE l (x); INSERT INTO t VALUES (1), (2), (3); INSERT INTO l VALUES (9);"
     "CREATE TRIGGER r BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'never'); END;"
     "CREATE TRIGGER q AFTER UPDATE ON t BEGIN INSERT INTO l VALUES (1); END",
     "SELECT count(*) FROM t WHERE a = 2", "[\"t\", \"l\"]", "'t'|2\n"},
    {"constraints hold",
     "CREATE TABLE t (a TEXT NOT NULL CHECK (length(a) > 2), b INT NOT NULL UNIQUE, c AS (b + 1)); INSERT INTO t VALUES"
     " ('abcdef', 10), ('ghijkl', 20)",
     "SELECT count(*) = 2 FROM t", "[\"t\"]", "'t'|'def'|0|1\n't'|'jkl'|1|2\n"},
    {"characters are not torn apart", "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('äöüé€😀ßñ')",
     "SELECT count(*) FROM t WHERE instr(a, '€')", "[\"t\"]", "'t'|'€'\n"},
    {"bytes, and bytes that are no characters",
     "CREATE TABLE t (a BLOB, b TEXT); INSERT INTO t VALUES (x'00010203ff0405', CAST(x'61ff62ff63' AS TEXT))",
     "SELECT count(*) FROM t WHERE instr(a, x'ff') AND instr(CAST(b AS BLOB), x'ff')", "[\"t\"]",
     "'t'|x'ff'|CAST(x'ff' AS TEXT)\n"},
    {"numbers", "CREATE TABLE t (a INT, b INT, c REAL, d REAL); INSERT INTO t VALUES (1000000, -77, 12.5, 7.25)",
     "SELECT count(*) FROM t WHERE a > 100 AND b < 0 AND c > 0 AND d = 7.25", "[\"t\"]", "'t'|122|-1|1.0|7.25\n"},
    {"an index of another table's text stays in step",
     "CREATE TABLE d (id INTEGER PRIMARY KEY, body TEXT); CREATE VIRTUAL TABLE f USING fts5 (body, content = 'd',"
     " content_rowid = 'id'); INSERT INTO d VALUES (1, 'one word'), (2, 'two words'), (3, 'three'); INSERT INTO f (f)"
     " VALUES ('rebuild')",
     "SELECT count(*) FROM f WHERE f MATCH 'two'", "[\"d\"]", "'d'|1|'two'\n"},
    {"full-text rows", "CREATE VIRTUAL TABLE f USING fts5 (a); INSERT INTO f VALUES ('one'), ('two'), ('three')",
     "SELECT count(*) FROM f WHERE f MATCH 'two'", "[\"f\"]", "'f'|'two'\n"},
    {"a sequence ahead of its rows",
     "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (7), (9); DELETE FROM t WHERE id = 9",
     "SELECT count(*) FROM t", "[\"t\", \"sqlite_sequence\"]", "'t'|1\n"},
    {"names in need of quotes",
     "CREATE TABLE \"a \"\" b\" (\"x y\" TEXT, \"select\" INT); INSERT INTO \"a \"\" b\" VALUES ('p', 1), ('qrs', 2)",
     "SELECT count(*) FROM \"a \"\" b\" WHERE \"x y\" LIKE '%r%'", "[\"\\\"a \\\"\\\" b\\\"\"]",
     "'\"a \"\" b\"'|'r'|NULL\n"},
};

START_TEST(what_is_not_needed_goes)
{
    static const drift_verify_options options = {0};
    const story *s = &stories[_i];
    drift_error err = {0};
    sought what = {.query = s->query};
    drift_connection *database = open_with(s->database);
    ck_assert_drift(drift__shrink(&database, &options, shows, &what, &err));
    char *rest = dump(database, s->tables);
    ck_assert_msg(strcmp(rest, s->rest) == 0, "%s: expected\n%sfound\n%s", s->name, s->rest, rest);
    ck_assert_int_le(what.tries, DRIFT__SHRINK_TRIES);
    drift_free(rest);
    drift_connection_close(database);
}
END_TEST

START_TEST(the_number_of_tries_is_bounded)
{
    static const drift_verify_options options = {0};
    drift_error err = {0};
    /* All of it is needed: nothing can be left out, and every row and value is tried. */
    sought what = {.query = "SELECT count(*) = 3000 AND sum(a) = 4501500 AND sum(length(b)) = 15000 FROM t"};
    drift_connection *database = open_with("CREATE TABLE t (a INT, b TEXT);" NUMBERS(3000) //
                                           "INSERT INTO t SELECT i, 'value' FROM n");
    ck_assert_drift(drift__shrink(&database, &options, shows, &what, &err));
    ck_assert_int_le(what.tries, DRIFT__SHRINK_TRIES);
    drift_connection_close(database);
}
END_TEST

START_TEST(what_cannot_be_asked_ends_it)
{
    static const drift_verify_options options = {0};
    drift_error err = {0};
    sought what = {.query = "SELECT count(*) FROM t", .fails_at = 3};
    drift_connection *database = open_with("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2), (3), (4)");
    ck_assert_drift_fails(drift__shrink(&database, &options, shows, &what, &err), DRIFT_IO);
    ck_assert_int_eq(what.tries, 3);
    ck_assert_ptr_nonnull(database);
    drift_connection_close(database);
}
END_TEST

/* ---- memory ---- */

static const char fts_and_keys[] =
    "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); CREATE TABLE c (k TEXT PRIMARY KEY, p INT "
    "REFERENCES"
    " p) WITHOUT ROWID; CREATE VIRTUAL TABLE f USING fts5 (a, content = 'p', content_rowid = 'id');"
    "INSERT INTO p VALUES (7, 'abc'), (8, 'd'); INSERT INTO c VALUES ('x', 7), ('y', 8); INSERT INTO f (f) VALUES"
    " ('rebuild')";

static int shows_without_memory(bool *out, drift_connection *candidate, void *payload, drift_error *err)
{
    int64_t answer = 0;
    const int rc = drift_query_int64(&answer, candidate, payload, NULL, 0, err);
    *out = rc == DRIFT_OK && answer != 0;
    return rc;
}

/* Whatever fails: an error that says so, and a database that still shows it, or as small a one as ever. */
START_TEST(without_memory_it_ends_with_a_database_that_shows_it)
{
    static const drift_verify_options options = {0};
    char query[] = "SELECT count(*) FROM c JOIN p ON p.id = c.p WHERE a LIKE '%c%'";
    bool hit = true;
    for (long nth = 1; hit; nth += 37) {
        drift_error err = {0};
        bool still = false;
        drift_connection *database = open_with(fts_and_keys);
        suite_memory_fail(nth, nth % 2 == 0);
        const int rc = drift__shrink(&database, &options, shows_without_memory, query, &err);
        hit = suite_memory_restore();
        ck_assert_msg(rc == DRIFT_OK || (hit && rc == DRIFT_NO_MEMORY), "allocation %ld gave %d", nth, rc);
        ck_assert_int_eq(err.code, rc);
        ck_assert_drift(shows_without_memory(&still, database, query, &err));
        ck_assert(still);
        if (rc == DRIFT_OK) {
            char *rest = dump(database, "[\"p\", \"c\"]");
            ck_assert_str_eq(rest, "'p'|7|'c'\n'c'|'x'|7\n");
            drift_free(rest);
        }
        drift_connection_close(database);
    }
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("verify_shrink");
    TCase *tcase = suite_case("shrink");
    tcase_add_loop_test(tcase, what_is_not_needed_goes, 0, (int)(sizeof stories / sizeof stories[0]));
    tcase_add_test(tcase, the_number_of_tries_is_bounded);
    tcase_add_test(tcase, what_cannot_be_asked_ends_it);
    tcase_add_test(tcase, without_memory_it_ends_with_a_database_that_shows_it);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
