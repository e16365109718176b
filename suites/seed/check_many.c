/* check_many.c — rows by the thousand. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "seed/cases.h"
#include "support/digest.h"
#include "support/suite.h"

enum { ROWS = 500 };

/* A schema, and of each table how many rows it can hold at most (ROWS if nothing is said). */
static const struct {
    const char *schema;
    const char *counts; /* "table: rows", in the order of names */
} many[] = {
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b REAL, c BLOB, d)", "t: 500"},
    {"CREATE TABLE t (a TEXT PRIMARY KEY COLLATE NOCASE, b INT UNIQUE, c REAL UNIQUE, d BLOB UNIQUE) WITHOUT ROWID",
     "t: 500"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT) STRICT", "t: 500"},
    {"CREATE TABLE t (a TEXT NOT NULL UNIQUE CHECK (length(a) = 36), b TEXT CHECK (b IN ('x', 'y')),"
     " c INT NOT NULL CHECK (c BETWEEN 1 AND 5))",
     "t: 500"},
    {"CREATE TABLE t (a INT UNIQUE CHECK (a BETWEEN 1 AND 100000))", "t: 500"},
    /* constraints that let in no more */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id = 1), a TEXT)", "t: 1"},
    {"CREATE TABLE t (a INT NOT NULL PRIMARY KEY CHECK (a IN (1, 2, 3)))", "t: 3"},
    {"CREATE TABLE p (id INT PRIMARY KEY CHECK (id IN (1, 2))); CREATE TABLE t (p INT NOT NULL UNIQUE REFERENCES p)",
     "p: 2, t: 2"},
    /* foreign keys */
    {"CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE);"
     "CREATE TABLE t (p INT NOT NULL REFERENCES p, k TEXT REFERENCES p (k))",
     "p: 500, t: 500"},
    {"CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INTEGER PRIMARY KEY REFERENCES p, a TEXT)",
     "p: 500, t: 500"},
    {"CREATE TABLE p (id TEXT PRIMARY KEY) WITHOUT ROWID; CREATE TABLE q (id INTEGER PRIMARY KEY);"
     "CREATE TABLE t (p REFERENCES p, q REFERENCES q, PRIMARY KEY (p, q)) WITHOUT ROWID",
     "p: 500, q: 500, t: 500"},
    {"CREATE TABLE p (a TEXT, b INT, PRIMARY KEY (a, b)); CREATE TABLE t (x NOT NULL, y NOT NULL, n INT,"
     " FOREIGN KEY (x, y) REFERENCES p, UNIQUE (x, n))",
     "p: 500, t: 500"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t, CHECK (up <> id OR up IS NULL))", "t: 500"},
    {"CREATE TABLE t (id TEXT PRIMARY KEY, up TEXT NOT NULL REFERENCES t)", "t: 500"},
    {"CREATE TABLE t (id TEXT PRIMARY KEY, up TEXT UNIQUE REFERENCES t)", "t: 500"},
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, o INT NOT NULL REFERENCES u);"
     "CREATE TABLE u (id INTEGER PRIMARY KEY, t INT NOT NULL REFERENCES t)",
     "t: 500, u: 500"},
    /* rows that are refused one by one */
    {"CREATE TABLE t (a INT NOT NULL); CREATE TRIGGER r BEFORE INSERT ON t WHEN new.a % 10 = 3 BEGIN"
     " SELECT RAISE(ABORT, 'no threes'); END",
     "t: 500"},
    {"CREATE TABLE t (a INT NOT NULL UNIQUE CHECK (a % 7 <> 0), b INT NOT NULL, CHECK (a <> b))", "t: 500"},
    /* triggers that make rows */
    {"CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE log (id INTEGER PRIMARY KEY, t INT REFERENCES t);"
     "CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log (t) VALUES (new.id); END",
     "log: 500, t: 500"},
    {"CREATE TABLE t (a TEXT, b INT NOT NULL AS (length(a)) STORED)", "t: 500"},
    {"CREATE VIRTUAL TABLE t USING fts5 (a, b)", "t: 500"},
    {"CREATE VIRTUAL TABLE t USING rtree (id, x0, x1, +note)", "t: 500"},
};

static char *counts_of(drift_connection *connection, const drift_seed_options *options)
{
    drift_error err = {0};
    drift_seed_report *report = NULL;
    char text[256] = "";
    size_t length = 0;
    ck_assert_drift(drift_seed_database(&report, connection, options, &err));
    for (size_t i = 0; i < report->count; i++) {
        ck_assert_pstr_eq(report->tables[i].reason, NULL);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s: %lld", i ? ", " : "",
                                   report->tables[i].table, (long long)report->tables[i].rows);
    }
    drift_seed_report_free(report);
    return drift__path_join("", text); /* a copy */
}

START_TEST(a_table_gets_as_many_rows_as_it_can_hold)
{
    const drift_seed_options options = {.level = DRIFT_DATA_MANY, .seed = 42, .rows = ROWS};
    drift_connection *connection = with_schema(many[_i].schema);
    char *counts = counts_of(connection, &options);
    ck_assert_str_eq(counts + (*counts == '/'), many[_i].counts);
    assert_sound(connection);
    drift_free(counts);
    drift_connection_close(connection);
}
END_TEST

START_TEST(a_thousand_rows_are_made_where_no_number_is_given)
{
    const drift_seed_options options = {.level = DRIFT_DATA_MANY};
    drift_connection *connection = with_schema("CREATE TABLE t (a)");
    seed_all(connection, &options);
    ck_assert_value(connection, "SELECT count(*) || ' ' || count(DISTINCT a) FROM t", "1000 1000");
    drift_connection_close(connection);
}
END_TEST

START_TEST(children_spread_over_their_parents)
{
    const drift_seed_options options = {.level = DRIFT_DATA_MANY, .rows = 300};
    drift_connection *connection = with_schema("CREATE TABLE p (id INTEGER PRIMARY KEY);"
                                               "CREATE TABLE c (p INT NOT NULL REFERENCES p);"
                                               "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t)");
    seed_all(connection, &options);
    ck_assert_value(connection, "SELECT count(DISTINCT p) FROM c", "300");
    ck_assert_value(connection, "SELECT count(DISTINCT up) > 100 AND max(up <= id) FROM t", "1");
    drift_connection_close(connection);
}
END_TEST

/* Tables whose keys SQLite could count by itself, and what stands against it. */
static const char *const counted[] = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b REAL)",
    "CREATE TABLE t (a TEXT, id INTEGER PRIMARY KEY NOT NULL CHECK (id <> 7), b INT AS (id * 2) STORED)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT NOT NULL REFERENCES t)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE); INSERT INTO t VALUES (-70, 1), (5000, 2)",
    /* the largest key there can be: behind it SQLite takes any that is free */
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE); INSERT INTO t VALUES (9223372036854775800, 1)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT); INSERT INTO t VALUES (900, 1), (1, 1);"
    "DELETE FROM t WHERE id = 900",
    /* rows that are refused, and rows that are passed over */
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL UNIQUE CHECK (a % 7 <> 0))",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL,"
    " b INT NOT NULL ON CONFLICT IGNORE AS (nullif(a % 7, 5)) STORED)",
};

/* Beside a TEMP trigger all keys are given. */
START_TEST(keys_are_the_same_whoever_counts_them)
{
    const drift_seed_options options = {.level = DRIFT_DATA_MANY, .rows = 2 * ROWS};
    drift_error err = {0};
    drift_connection *left = with_schema(counted[_i]), *given = with_schema(counted[_i]);
    ck_assert_drift(drift_exec(given, "CREATE TEMP TRIGGER watch AFTER INSERT ON t BEGIN SELECT 1; END", &err));
    seed_all(left, &options);
    seed_all(given, &options);
    suite_same_digest(suite_digest(given, NULL), suite_digest(left, NULL));
    assert_sound(left);
    drift_connection_close(given);
    drift_connection_close(left);
}
END_TEST

START_TEST(triggers_see_the_keys_of_rows)
{
    const drift_seed_options options = {.level = DRIFT_DATA_MANY, .rows = ROWS};
    drift_error err = {0};
    drift_connection *connection =
        with_schema("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE log (t INT);"
                    "CREATE TRIGGER r BEFORE INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END;"
                    "CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT); CREATE TEMP TABLE seen (u INT)");
    ck_assert_drift(drift_exec(
        connection, "CREATE TEMP TRIGGER r BEFORE INSERT ON main.u BEGIN INSERT INTO seen VALUES (new.id); END", &err));
    seed_all(connection, &options);
    ck_assert_value(connection, "SELECT count(*) FROM t WHERE id NOT IN (SELECT t FROM log)", "0");
    ck_assert_value(connection, "SELECT count(*) FROM u WHERE id NOT IN (SELECT u FROM seen)", "0");
    drift_connection_close(connection);
}
END_TEST

/* The file grows far beyond what is held in memory. */
START_TEST(rows_are_not_held_in_memory)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    char *folder = suite_folder(), *path = drift__path_join(folder, "many.db");
    const drift_seed_options options = {.level = DRIFT_DATA_MANY, .rows = 40000};
    ck_assert_drift(drift_connection_open(&connection, path, NULL, &err));
    ck_assert_drift(drift_exec(connection,
                               "PRAGMA synchronous = OFF; PRAGMA cache_size = -256;"
                               "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL CHECK (length(a) = 200));"
                               "CREATE TABLE c (p INTEGER PRIMARY KEY REFERENCES p)",
                               &err));
    sqlite3_memory_highwater(1);
    seed_all(connection, &options);
    const sqlite3_int64 peak = sqlite3_memory_highwater(0);
    ck_assert_value(connection, "SELECT page_count * page_size > 8000000 FROM pragma_page_count, pragma_page_size",
                    "1");
    ck_assert_int_lt(peak, 3000000);
    drift_connection_close(connection);
    suite_folder_remove(folder);
    drift_free(path);
}
END_TEST

TCase *case_many(void)
{
    TCase *tcase = suite_case("many");
    tcase_add_loop_test(tcase, a_table_gets_as_many_rows_as_it_can_hold, 0, (int)(sizeof many / sizeof many[0]));
    tcase_add_test(tcase, a_thousand_rows_are_made_where_no_number_is_given);
    tcase_add_test(tcase, children_spread_over_their_parents);
    tcase_add_loop_test(tcase, keys_are_the_same_whoever_counts_them, 0, (int)(sizeof counted / sizeof counted[0]));
    tcase_add_test(tcase, triggers_see_the_keys_of_rows);
    tcase_add_test(tcase, rows_are_not_held_in_memory);
    return tcase;
}
