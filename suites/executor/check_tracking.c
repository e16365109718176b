/* check_tracking.c — what a commit has changed, as the authorizer and the hooks tell it. */
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "executor/cases.h"
#include "runtime/tracking.h"
#include "support/suite.h"

static const char schema[] =
    "PRAGMA foreign_keys = ON;"
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x UNIQUE);"
    "CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a (id) ON DELETE CASCADE);"
    "CREATE TABLE c (id INTEGER PRIMARY KEY, b REFERENCES b (id) ON DELETE SET NULL);"
    "CREATE TABLE log (text);"
    "CREATE TABLE w (k PRIMARY KEY, v) WITHOUT ROWID;"
    "CREATE TRIGGER a_insert AFTER INSERT ON a BEGIN INSERT INTO log VALUES (new.x); END;"
    "CREATE VIEW v AS SELECT x FROM a;"
    "CREATE TRIGGER v_insert INSTEAD OF INSERT ON v BEGIN INSERT INTO w VALUES (new.x, 1); END;"
    "CREATE VIRTUAL TABLE f USING fts5(text);"
    "INSERT INTO a VALUES (1, 'one'); INSERT INTO b VALUES (1, 1); INSERT INTO c VALUES (1, 1);"
    "INSERT INTO w VALUES ('k', 1);";

static const char *const tables[] = {"a", "b", "c", "log", "w"};

typedef struct tracked {
    drift_connection *connection;
    drift__str commits; /* one line each */
} tracked;

static void on_commit(const drift__table_set *written, bool changes_schema, void *payload)
{
    tracked *t = payload;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        drift__table_set one = {0};
        drift__track_find(&one, t->connection, tables[i]);
        if (drift__table_set_meets(&one, written)) drift__str_printf(&t->commits, "%s ", tables[i]);
        drift__table_set_dispose(&one);
    }
    drift__str_puts(&t->commits, changes_schema ? "schema; " : "; ");
}

static void begin(tracked *t)
{
    drift_error err = {0};
    *t = (tracked){0};
    ck_assert_drift(drift_connection_memory(&t->connection, NULL, &err));
    ck_assert_drift(drift_exec(t->connection, schema, &err));
    ck_assert_drift(drift__track(t->connection, on_commit, t, &err));
    /* Every table has been seen. */
    ck_assert_drift(drift_exec(t->connection, "SELECT 1 FROM a, b, c, log, w", &err));
}

static void end(tracked *t)
{
    drift_connection_close(t->connection);
    drift__str_dispose(&t->commits);
}

/* SQL, the status it gives, and the commits with what they have changed. */
static const struct {
    const char *sql;
    int status;
    const char *commits;
} rows[] = {
    {"SELECT * FROM a", DRIFT_OK, ""},
    {"INSERT INTO b VALUES (9, 1)", DRIFT_OK, "b ; "},
    {"INSERT INTO a VALUES (2, 'two')", DRIFT_OK, "a log ; "},
    {"UPDATE a SET x = 'uno' WHERE id = 77", DRIFT_OK, ""},
    {"DELETE FROM b", DRIFT_OK, "b c ; "},
    {"DELETE FROM a", DRIFT_OK, "a b c ; "},
    {"DELETE FROM w", DRIFT_OK, "w ; "},
    {"REPLACE INTO w VALUES ('k', 2)", DRIFT_OK, "w ; "},
    {"REPLACE INTO a VALUES (7, 'one')", DRIFT_OK, "a b c log ; "},
    {"INSERT INTO v VALUES ('through the view')", DRIFT_OK, "w ; "},
    {"INSERT INTO a VALUES (2, 'one')", DRIFT_CONSTRAINT, ""},
    {"INSERT OR IGNORE INTO a VALUES (2, 'one')", DRIFT_OK, ""},
    {"INSERT OR FAIL INTO a VALUES (2, 'new'), (3, 'one')", DRIFT_CONSTRAINT, "a log ; "},
    {"INSERT OR ABORT INTO a VALUES (2, 'new'), (3, 'one')", DRIFT_CONSTRAINT, ""},
    {"BEGIN; INSERT INTO b VALUES (9, 1); DELETE FROM w; COMMIT", DRIFT_OK, "b w ; "},
    {"BEGIN; INSERT INTO b VALUES (9, 1); ROLLBACK", DRIFT_OK, ""},
    {"BEGIN; INSERT INTO b VALUES (9, 1); INSERT OR ROLLBACK INTO a VALUES (1, 1)", DRIFT_TRANSACTION, ""},
    {"BEGIN; DELETE FROM w; SAVEPOINT s; DELETE FROM c; ROLLBACK TO s; COMMIT", DRIFT_OK, "w ; "},
    {"BEGIN; SAVEPOINT s; DELETE FROM c; ROLLBACK TO s; RELEASE s; COMMIT", DRIFT_OK, ""},
    {"BEGIN; SAVEPOINT s; DELETE FROM c; RELEASE s; COMMIT", DRIFT_OK, "c ; "},
    {"SAVEPOINT s; DELETE FROM c; RELEASE s", DRIFT_OK, "c ; "},
    {"SAVEPOINT s; DELETE FROM c; ROLLBACK TO s; DELETE FROM w; RELEASE s", DRIFT_OK, "w ; "},
    {"BEGIN; SAVEPOINT s; DELETE FROM c; SAVEPOINT S; DELETE FROM w; ROLLBACK TO s; COMMIT", DRIFT_OK, "c ; "},
    {"BEGIN; SAVEPOINT o; DELETE FROM c; SAVEPOINT i; DELETE FROM w; RELEASE i; ROLLBACK TO o; COMMIT", DRIFT_OK, ""},
    {"BEGIN; SAVEPOINT o; DELETE FROM c; SAVEPOINT i; RELEASE o; DELETE FROM w; COMMIT", DRIFT_OK, "c w ; "},
    {"CREATE TABLE n (x)", DRIFT_OK, "schema; "},
    {"CREATE INDEX i ON a (x)", DRIFT_OK, ""},
    {"BEGIN; ALTER TABLE a ADD COLUMN y; ROLLBACK", DRIFT_OK, ""},
    {"ALTER TABLE a ADD COLUMN y", DRIFT_OK, "schema; "},
    {"DROP VIEW v", DRIFT_OK, "schema; "},
    {"CREATE TEMP TABLE a (x); INSERT INTO temp.a VALUES (1)", DRIFT_OK, "schema; a ; "},
    {"DROP TRIGGER a_insert; INSERT INTO a (x) VALUES ('quiet')", DRIFT_OK, "a ; "},
    {"PRAGMA foreign_keys = OFF; DELETE FROM a", DRIFT_OK, "a ; "},
    {"INSERT INTO f VALUES ('words')", DRIFT_OK, "; "},
    {"PRAGMA user_version = 3; VACUUM", DRIFT_OK, ""},
};

START_TEST(a_commit_tells_what_it_has_changed)
{
    tracked t;
    begin(&t);
    ck_assert_int_eq(drift_exec(t.connection, rows[_i].sql, NULL), rows[_i].status);
    ck_assert_msg(strcmp(drift__str_text(&t.commits), rows[_i].commits) == 0, "%s: expected %s, found %s", rows[_i].sql,
                  rows[_i].commits, drift__str_text(&t.commits));
    end(&t);
}
END_TEST

static int write_and_fail(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    int rc = drift_exec(connection, "DELETE FROM c", err);
    return rc == DRIFT_OK ? DRIFT_INTERRUPTED : rc;
}

static int write_nested(drift_connection *connection, void *payload, drift_error *err)
{
    int rc = drift_exec(connection, "DELETE FROM w", err);
    if (rc == DRIFT_OK) drift_transaction(connection, write_and_fail, payload, NULL);
    return rc;
}

START_TEST(transactions_of_a_body_tell_once_and_not_what_was_undone)
{
    drift_error err = {0};
    tracked t;
    begin(&t);
    ck_assert_drift(drift_transaction(t.connection, write_nested, NULL, &err));
    ck_assert_int_eq(drift_transaction(t.connection, write_and_fail, NULL, NULL), DRIFT_INTERRUPTED);
    ck_assert_str_eq(drift__str_text(&t.commits), "w ; ");
    end(&t);
}
END_TEST

START_TEST(a_write_that_is_reset_before_its_end_is_told)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    bool row = false;
    tracked t;
    begin(&t);
    ck_assert_drift(drift_statement_prepare(&statement, t.connection, "DELETE FROM w RETURNING k", &err));
    ck_assert_drift(drift_statement_step(&row, statement, &err));
    ck_assert_str_eq(drift__str_text(&t.commits), "");
    drift_statement_reset(statement);
    ck_assert_str_eq(drift__str_text(&t.commits), "w ; ");
    drift_statement_free(statement);
    end(&t);
}
END_TEST

START_TEST(a_cached_statement_is_looked_at_again_after_a_change_of_the_schema)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    tracked t;
    begin(&t);
    ck_assert_drift(drift_statement_prepare(&statement, t.connection, "INSERT INTO b (a) VALUES (NULL)", &err));
    ck_assert_drift(drift_statement_run(statement, &err));
    ck_assert_drift(
        drift_exec(t.connection, "CREATE TRIGGER b_insert AFTER INSERT ON b BEGIN DELETE FROM w; END", &err));
    ck_assert_drift(drift_statement_run(statement, &err));
    ck_assert_drift(drift_exec(t.connection, "DROP TRIGGER b_insert; INSERT INTO w VALUES (5, 5)", &err));
    ck_assert_drift(drift_statement_run(statement, &err));
    ck_assert_str_eq(drift__str_text(&t.commits), "b ; b w ; w ; b ; ");
    drift_statement_free(statement);
    end(&t);
}
END_TEST

static bool reads(tracked *t, const char *sql, const char *table)
{
    drift_error err = {0};
    drift_statement *statement = NULL;
    drift__table_set set = {0}, one = {0};
    ck_assert_drift(drift_statement_prepare(&statement, t->connection, sql, &err));
    ck_assert(drift__tracked_reads_only(statement));
    ck_assert_drift(drift__tracked_reads(&set, statement, &err));
    drift__track_find(&one, t->connection, table);
    const bool meets = drift__table_set_meets(&set, &one);
    drift_statement_free(statement);
    drift__table_set_dispose(&set);
    drift__table_set_dispose(&one);
    return meets;
}

START_TEST(a_query_reads_what_stands_behind_its_views)
{
    tracked t;
    begin(&t);
    ck_assert(reads(&t, "SELECT * FROM v", "a"));
    ck_assert(!reads(&t, "SELECT * FROM v", "b"));
    ck_assert(reads(&t, "SELECT count(*) FROM a", "a"));
    ck_assert(reads(&t, "SELECT 1 WHERE EXISTS (SELECT 1 FROM b)", "b"));
    ck_assert(reads(&t, "WITH x AS (SELECT * FROM c) SELECT 1 FROM x", "c"));
    ck_assert(reads(&t, "SELECT * FROM f", "w")); /* a virtual table may read anything */
    ck_assert(!reads(&t, "SELECT value FROM json_each('[1]')", "a"));
    ck_assert(!reads(&t, "SELECT 1", "a"));
    end(&t);
}
END_TEST

START_TEST(sets_of_tables_are_sets)
{
    drift__table_set a = {0}, b = {0}, all = {.all = true}, none = {0};
    drift__table_set_add(&a, 3);
    drift__table_set_add(&b, 200);
    ck_assert(!drift__table_set_meets(&a, &b));
    ck_assert(drift__table_set_meets(&all, &a) && drift__table_set_meets(&b, &all));
    ck_assert(!drift__table_set_meets(&all, &none) && !drift__table_set_meets(&none, &all));
    drift__table_set_merge(&a, &b);
    ck_assert(drift__table_set_meets(&a, &b));
    ck_assert(drift__table_set_has(&a, 200) && drift__table_set_has(&a, 3) && !drift__table_set_has(&a, 201));
    ck_assert(drift__table_set_has(&all, 4000) && !drift__table_set_has(&none, 0));
    drift__table_set_clear(&a);
    ck_assert(drift__table_set_empty(&a) && !drift__table_set_empty(&all));
    drift__table_set_dispose(&a);
    drift__table_set_dispose(&b);
}
END_TEST

TCase *tracking_case(void)
{
    TCase *tcase = suite_case("tracking");
    tcase_add_loop_test(tcase, a_commit_tells_what_it_has_changed, 0, (int)(sizeof rows / sizeof *rows));
    tcase_add_test(tcase, transactions_of_a_body_tell_once_and_not_what_was_undone);
    tcase_add_test(tcase, a_write_that_is_reset_before_its_end_is_told);
    tcase_add_test(tcase, a_cached_statement_is_looked_at_again_after_a_change_of_the_schema);
    tcase_add_test(tcase, a_query_reads_what_stands_behind_its_views);
    tcase_add_test(tcase, sets_of_tables_are_sets);
    return tcase;
}
