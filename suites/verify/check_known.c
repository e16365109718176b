/* check_known.c — what definitions decide, and when two databases have the same. */
#include <stdio.h>
#include <string.h>

#include "drift/kit/parse.h"
#include "support/suite.h"
#include "verify/facts.h"
#include "verify/live.h"

static drift_connection *open_with(const char *sql)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    return connection;
}

static drift__known *take(drift__known_all *all, drift_connection *connection)
{
    drift_error err = {0};
    drift__known *known = NULL;
    ck_assert_drift(drift__known_take(&known, all, connection, &err));
    return known;
}

/* ---- the same definitions ---- */

START_TEST(the_same_definitions_are_known_once)
{
    static const struct {
        const char *a, *b;
        bool same;
    } pairs[] = {
        {"", "", true},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a); INSERT INTO t VALUES (1)", true},
        {"CREATE TABLE t (a)", "CREATE TABLE u (a); DROP TABLE u; CREATE TABLE t (a)", true},
        {"CREATE TABLE t (a)", "CREATE TABLE t ( a)", false},
        {"CREATE TABLE t (a)", "CREATE TABLE T (a)", false},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE TEMP TABLE u (a)", false},
        {"CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", false},
        {"CREATE TABLE t (a); CREATE TABLE u (a)", "CREATE TABLE u (a); CREATE TABLE t (a)", false},
        /* Which object was created between which of another kind makes no difference. */
        {"CREATE TABLE t (a); CREATE INDEX i ON t (a); CREATE TABLE u (a)",
         "CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON t (a)", true},
        {"CREATE TABLE t (a)", "PRAGMA trusted_schema = OFF; CREATE TABLE t (a)", false},
        {"CREATE TABLE t (a UNIQUE)", "CREATE TABLE t (a UNIQUE)", true},
        /* Nor does where SQLite's own tables and indexes stand. */
        {"CREATE TABLE t (a UNIQUE); CREATE INDEX i ON t (a); CREATE TABLE u (a UNIQUE)",
         "CREATE TABLE t (a UNIQUE); CREATE TABLE u (a UNIQUE); CREATE INDEX i ON t (a)", true},
        {"CREATE TABLE t (a); CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT)",
         "CREATE TABLE v (a INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE t (a);"
         " CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE v",
         true},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a); ANALYZE", false},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        drift__known_all all = {0};
        drift_connection *a = open_with(pairs[i].a), *b = open_with(pairs[i].b);
        ck_assert_msg((take(&all, a) == take(&all, b)) == pairs[i].same, "%s and %s", pairs[i].a, pairs[i].b);
        drift_connection_close(a);
        drift_connection_close(b);
        drift__known_dispose(&all);
    }
}
END_TEST

START_TEST(what_nobody_holds_makes_room)
{
    drift__known_all all = {0};
    drift_connection *connection = open_with("CREATE TABLE held (a)");
    drift__known *held = take(&all, connection);
    for (int i = 0; i < 600; i++) {
        char sql[64];
        drift_error err = {0};
        snprintf(sql, sizeof sql, "CREATE TABLE t%d (a)", i);
        ck_assert_drift(drift_exec(connection, sql, &err));
        drift__known_release(take(&all, connection));
    }
    ck_assert_uint_eq(held->objects.count, 1);
    ck_assert_str_eq(held->objects.items[0].name, "held");
    ck_assert_uint_lt(all.count, 600);
    drift_connection_close(connection);
    connection = open_with("CREATE TABLE held (a)");
    ck_assert_ptr_eq(take(&all, connection), held);
    drift_connection_close(connection);
    drift__known_dispose(&all);
}
END_TEST

/* ---- a schema's own ---- */

static bool is(const char *built, const char *declared)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    drift__known_all all = {0};
    drift_connection *connection = open_with(built);
    ck_assert_drift(drift_schema_parse(&schema, declared, strlen(declared), &err));
    drift__known *known = take(&all, connection);
    const bool same = drift__known_is(known, schema);
    ck_assert_int_eq(drift__known_is(known, schema), same);
    drift__known_dispose(&all);
    drift_schema_free(schema);
    drift_connection_close(connection);
    return same;
}

START_TEST(definitions_are_a_schema_s_own_token_for_token)
{
    static const struct {
        const char *built, *declared;
        bool same;
    } cases[] = {
        {"CREATE TABLE t (a INT, b)", "CREATE TABLE t (a INT, b);", true},
        {"CREATE TABLE t (a INT, b)", "create  table /* of */ t(a INT,b)", true},
        {"CREATE TABLE t (a INT)", "CREATE TABLE IF NOT EXISTS main.\"t\" (a INT)", true},
        {"CREATE TABLE u (a); ALTER TABLE u RENAME TO t", "CREATE TABLE t (a)", true},
        {"CREATE TABLE t (a INT)", "CREATE TABLE t (a int)", false},
        {"CREATE TABLE t (a INT)", "CREATE TABLE t (\"a\" INT)", false},
        {"CREATE TABLE t (a, b)", "CREATE TABLE t (b, a)", false},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a, b)", false},
        {"CREATE TABLE t (a, b)", "CREATE TABLE t (a)", false},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE TABLE u (a)", false},
        {"CREATE TABLE t (a); CREATE TABLE u (a)", "CREATE TABLE t (a)", false},
        {"CREATE TABLE t (a CHECK (a <> 'x y'))", "CREATE TABLE t (a CHECK (a <> 'x  y'))", false},
        {"CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a); CREATE INDEX i ON t(a)", true},
        {"CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)", false},
        {"CREATE TABLE t (a); CREATE VIEW v AS SELECT 1", "CREATE TABLE t (a); CREATE VIEW v AS SELECT 1", true},
        {"CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END",
         "CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;", true},
        {"CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END",
         "CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 3; END", false},
        {"CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", false},
        {"CREATE TABLE t (a); CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", "CREATE TABLE t (a)",
         false},
        {"CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE VIRTUAL TABLE f USING fts5(a)", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_msg(is(cases[i].built, cases[i].declared) == cases[i].same, "%s and %s", cases[i].built,
                      cases[i].declared);
}
END_TEST

/* ---- rows ---- */

START_TEST(a_database_is_empty_if_nothing_in_it_holds_a_row)
{
    static const struct {
        const char *sql;
        bool empty;
    } cases[] = {
        {"", true},
        {"CREATE TABLE t (a); CREATE TABLE u (a PRIMARY KEY) WITHOUT ROWID", true},
        {"CREATE TABLE t (a); CREATE TABLE u (a); INSERT INTO u VALUES (NULL)", false},
        {"CREATE TABLE t (a); INSERT INTO t VALUES (1); DELETE FROM t", true},
        {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (1); DELETE FROM t", false},
        {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE u (a); INSERT INTO t SELECT a FROM u",
         true},
        {"CREATE VIRTUAL TABLE f USING fts5(a)", true},
        {"CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f VALUES ('x')", false},
        {"CREATE TABLE t (a); CREATE VIEW v AS SELECT 1", true},
        /* What cannot be read is not known to be empty. */
        {"CREATE TABLE t (a, b AS (a)); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a,"
         " b AS (nobody(a)))'; PRAGMA writable_schema = RESET",
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        drift__known_all all = {0};
        drift_connection *connection = open_with(cases[i].sql);
        for (int twice = 0; twice < 2; twice++) { /* the second time the definitions are known */
            drift_error err = {0};
            bool empty = false;
            drift__facts facts = {.connection = connection, .all = &all};
            ck_assert_drift(drift__facts_empty(&empty, &facts, &err));
            ck_assert_msg(empty == cases[i].empty, "%s", cases[i].sql);
            drift__facts_dispose(&facts);
        }
        drift_connection_close(connection);
        drift__known_dispose(&all);
    }
}
END_TEST

/* Where there is no row the definitions alone decide, and are asked once. */
START_TEST(foreign_keys_hold_if_none_is_violated)
{
    static const char tables[] = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p);";
    static const struct {
        const char *rows;
        bool hold, fit;
    } cases[] = {
        {"", true, true},
        {"INSERT INTO c VALUES (1)", false, false},
        {"INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)", true, false},
        {"CREATE TABLE d (q REFERENCES nobody)", false, false},
        {"CREATE TABLE d (q REFERENCES c (p))", false, false},
        {"CREATE TABLE d (q, FOREIGN KEY (q)references\"nobody\")", false, false},
        {"CREATE TABLE d (k PRIMARY KEY, q REFERENCES p) without rowid; INSERT INTO d VALUES (1, 9)", false, false},
        {"CREATE TABLE d (k PRIMARY KEY, q REFERENCES p) WITHOUT ROWID", true, true},
        {"CREATE TABLE d (q DEFAULT 'references' /* REFERENCES nobody, references */)", true, true},
        {"CREATE TABLE d (my_references, q /* REFERENCES */)", true, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        drift__known_all all = {0};
        drift_connection *connection = open_with(tables);
        drift_error err = {0};
        bool hold = false;
        drift__facts facts = {.connection = connection, .all = &all};
        ck_assert_drift(drift_exec(connection, cases[i].rows, &err));
        for (int twice = 0; twice < 2; twice++) {
            ck_assert_drift(drift__facts_keys_hold(&hold, &facts, &err));
            ck_assert_msg(hold == cases[i].hold && facts.keys_hold == hold, "%s", cases[i].rows);
            ck_assert_msg(facts.known->keys_fit == cases[i].fit, "%s", cases[i].rows);
        }
        drift__facts_dispose(&facts);
        drift_connection_close(connection);
        drift__known_dispose(&all);
    }
}
END_TEST

START_TEST(more_tables_than_a_statement_takes_are_read)
{
    drift__known_all all = {0};
    drift_connection *connection = open_with("");
    for (int i = 0; i < 120; i++) {
        char sql[64];
        drift_error err = {0};
        snprintf(sql, sizeof sql, "CREATE TABLE t%d (a)", i);
        ck_assert_drift(drift_exec(connection, sql, &err));
    }
    for (int last = 0; last < 2; last++) {
        drift_error err = {0};
        bool empty = false;
        const drift__live_known *tables = NULL;
        drift__facts facts = {.connection = connection, .all = &all};
        if (last) ck_assert_drift(drift_exec(connection, "INSERT INTO t119 VALUES (1)", &err));
        ck_assert_drift(drift__facts_empty(&empty, &facts, &err));
        ck_assert_int_eq(empty, !last);
        ck_assert_drift(drift__facts_tables(&tables, &facts, &err));
        ck_assert_uint_eq(tables->count, 120);
        ck_assert_str_eq(tables->tables[119].columns[0].name, "a");
        drift__facts_dispose(&facts);
    }
    drift_connection_close(connection);
    drift__known_dispose(&all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("verify_known");
    TCase *tcase = suite_case("known");
    tcase_add_test(tcase, the_same_definitions_are_known_once);
    tcase_add_test(tcase, what_nobody_holds_makes_room);
    tcase_add_test(tcase, definitions_are_a_schema_s_own_token_for_token);
    tcase_add_test(tcase, a_database_is_empty_if_nothing_in_it_holds_a_row);
    tcase_add_test(tcase, foreign_keys_hold_if_none_is_violated);
    tcase_add_test(tcase, more_tables_than_a_statement_takes_are_read);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
