/* check_column.c — adding, dropping and renaming columns, renaming tables. */
#include <stdio.h>
#include <string.h>

#include "migrate/given.h"

/* --- adding --- */

typedef struct addition {
    const char *definition;
    const char *value; /* of the row that exists, as typeof and quote; NULL: refused */
    bool rebuilt;
} addition;

static const addition additions[] = {
    {"n INTEGER", "nullNULL", false},
    {"n TEXT NOT NULL DEFAULT 'it''s'", "text'it''s'", false},
    {"n INTEGER NOT NULL DEFAULT -1", "integer-1", false},
    {"n INTEGER NOT NULL DEFAULT (7)", "integer7", false},
    {"n BLOB DEFAULT x'00ff'", "blobX'00FF'", false},
    {"n BOOLEAN NOT NULL DEFAULT TRUE", "integer1", false},
    {"n REFERENCES other(id)", "nullNULL", false},
    {"n INTEGER AS (id + 1)", "integer6", false},
    {"n INTEGER CHECK (n > 1) DEFAULT 2", "integer2", false},
    {"n INTEGER NOT NULL DEFAULT (2 + 3)", "integer5", true},
    {"n TEXT NOT NULL DEFAULT (upper('x') || '-')", "text'X-'", true},
    {"n INTEGER UNIQUE", "nullNULL", true},
    {"n INTEGER AS (id * 2) STORED", "integer10", true},
    {"n INTEGER DEFAULT 5 REFERENCES other(id)", "integer5", true},
    {"n INTEGER NOT NULL", NULL, false},
    {"n INTEGER NOT NULL DEFAULT NULL", NULL, false},
    {"id INTEGER", NULL, false},
};

/* The table has a table constraint, without a comma before the second one, and a comment that ends in ')'. */
static const char old_table[] = "CREATE TABLE other(id INTEGER PRIMARY KEY); INSERT INTO other VALUES (5);"
                                "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT DEFAULT ('x, y') -- )\n, CHECK (id > 0) "
                                "CONSTRAINT named UNIQUE (a));"
                                "CREATE INDEX i ON t(a); CREATE TRIGGER tr AFTER DELETE ON t BEGIN SELECT 1; END;"
                                "CREATE TABLE child(t REFERENCES t(id) ON DELETE CASCADE); INSERT INTO t VALUES (5, "
                                "'v'); INSERT INTO child VALUES (5);"
                                "PRAGMA foreign_keys = ON";

static char definition_schema[512];

static int add_last(const given *g, drift_error *err)
{
    const drift_table *table = given_table(g, "t");
    return drift_migrator_add_column(g->migrator, table, &table->columns[table->column_count - 1], err);
}

START_TEST(a_column_is_added_by_alter_or_by_a_rebuild_or_refused)
{
    const addition *a = &additions[_i % (int)(sizeof additions / sizeof *additions)];
    const bool inside = _i >= (int)(sizeof additions / sizeof *additions);
    drift_error err = {0};
    size_t count = 0;
    snprintf(definition_schema, sizeof definition_schema, "CREATE TABLE t(x, %s)", a->definition);
    given g = given_database(old_table, definition_schema);
    if (inside) given_run(&g, "BEGIN; SAVEPOINT s");
    if (!a->value) {
        given_refused(&g, DRIFT_MIGRATION, "\"t\"", add_last);
        given_end(&g);
        return;
    }
    ck_assert_drift(add_last(&g, &err));
    ck_assert_value(g.connection, "SELECT typeof(n) || quote(n) FROM t", a->value);
    ck_assert_value(g.connection, "SELECT max(cid) || name FROM pragma_table_xinfo('t')", "2n");
    ck_assert_value(g.connection, "SELECT count(*) FROM child", "1");
    ck_assert_value(g.connection,
                    "SELECT group_concat(name) FROM sqlite_schema WHERE tbl_name = 't' AND sql IS NOT NULL", "t,i,tr");
    ck_assert_int_eq(drift_migrator_touched(g.migrator, &count)[0].kind,
                     a->rebuilt ? DRIFT_TOUCH_REBUILT : DRIFT_TOUCH_ALTERED);
    /* the constraints behind it still hold */
    ck_assert_int_eq(drift_exec(g.connection, "INSERT INTO t(id, a) VALUES (-1, 'w')", NULL), DRIFT_CONSTRAINT);
    ck_assert_int_eq(drift_exec(g.connection, "INSERT INTO t(id, a) VALUES (6, 'v')", NULL), DRIFT_CONSTRAINT);
    given_end(&g);
}
END_TEST

START_TEST(the_current_time_is_the_same_for_all_rows_that_exist)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)",
                             "CREATE TABLE t(a, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)");
    ck_assert_drift(add_last(&g, &err));
    ck_assert_value(g.connection, "SELECT count(DISTINCT at) || min(length(at)) FROM t", "119");
    given_end(&g);
}
END_TEST

START_TEST(a_check_that_rows_violate_fails_the_column)
{
    given g =
        given_database("CREATE TABLE t(a); INSERT INTO t VALUES (1)", "CREATE TABLE t(a, n INTEGER DEFAULT 0 CHECK (n "
                                                                      "> 0))");
    given_refused(&g, DRIFT_CONSTRAINT, "CHECK", add_last);
    given_end(&g);
}
END_TEST

/* --- dropping --- */

typedef struct obstacle {
    const char *setup, *words;
} obstacle;

static const obstacle obstacles[] = {
    {"CREATE TABLE t(a, b PRIMARY KEY)", "\"b\" of \"t\"|the primary key"},
    {"CREATE TABLE t(a, b UNIQUE)", "a UNIQUE constraint"},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(b); CREATE INDEX j ON t(a, b)", "the index \"j\", the index \"i\""},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(abs(b))", "index \"i\"|no such column: b"},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(a) WHERE b > 0", "index \"i\"|no such column: b"},
    {"CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(a, b REFERENCES p(id))", "the foreign key to \"p\""},
    {"CREATE TABLE t(a, b); CREATE UNIQUE INDEX i ON t(b); CREATE TABLE c(x REFERENCES t(b))",
     "the index \"i\", the foreign key of \"c\""},
    {"CREATE TABLE t(a, b, CHECK (b > a))", "used by table t|b"},
    {"CREATE TABLE t(a, b, c AS (b + 1))", "table t|b"},
    {"CREATE TABLE t(a, b); CREATE VIEW v AS SELECT b FROM t", "view \"v\"|no such column: b"},
    {"CREATE TABLE t(a, b); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT new.b; END", "trigger \"tr\"|new.b"},
    {"CREATE TABLE t(a, b); CREATE TRIGGER tr AFTER UPDATE OF a, B ON t BEGIN SELECT 1; END", "trigger \"tr\""},
    {"CREATE TABLE t(a, b); CREATE VIEW v AS SELECT \"b\" FROM t", "view \"v\"|no such column: b"},
    {"CREATE TABLE t(a, b); CREATE VIEW v AS SELECT \"b\" FROM t; CREATE VIEW w AS SELECT b FROM v", "view \"v\""},
    {"CREATE TABLE t(a, b); CREATE TABLE u(x); CREATE TRIGGER tr AFTER DELETE ON u BEGIN INSERT INTO u SELECT \"b\" "
     "FROM t; END",
     "trigger \"tr\"|no such column: b"},
    {"CREATE TABLE t(a, b); CREATE VIRTUAL TABLE f USING fts5(b, content='t')",
     "virtual table \"f\"|content|column \"b\""},
};

static int drop_b(const given *g, drift_error *err)
{
    return drift_migrator_drop_column(g->migrator, "t", "b", err);
}

START_TEST(what_is_in_the_way_of_dropping_a_column_is_named)
{
    given g = given_database(obstacles[_i].setup, "CREATE TABLE t(a)");
    given_run(&g, "PRAGMA foreign_keys = ON");
    given_refused(&g, DRIFT_MIGRATION, obstacles[_i].words, drop_b);
    given_end(&g);
}
END_TEST

START_TEST(a_column_that_nothing_uses_is_dropped)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a, b, c); INSERT INTO t VALUES (1, 2, 3)", "CREATE TABLE t(a)");
    ck_assert_drift(drop_b(&g, &err));
    ck_assert_value(g.connection, "SELECT a || c FROM t", "13");
    given_end(&g);
}
END_TEST

START_TEST(a_view_that_is_broken_elsewhere_is_no_user_of_the_column)
{
    given g = given_database("CREATE TABLE t(a, b); CREATE VIEW v AS SELECT * FROM gone", "CREATE TABLE t(a)");
    given_refused(&g, DRIFT_SQL, "error in view v|gone", drop_b);
    given_end(&g);
}
END_TEST

START_TEST(a_column_that_does_not_exist_is_told)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a)", "CREATE TABLE t(a)");
    ck_assert_drift_fails(drop_b(&g, &err), DRIFT_SQL);
    ck_assert_ptr_nonnull(strstr(err.text, "b"));
    given_end(&g);
}
END_TEST

/* --- renaming --- */

static const char related[] =
    "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE c(p REFERENCES t(id)); CREATE INDEX i ON t(a);"
    "CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER tr AFTER INSERT ON c BEGIN UPDATE t SET a = 'hit'; END;"
    "INSERT INTO t VALUES (1, 'x'); ANALYZE";

START_TEST(renaming_a_column_takes_indexes_views_triggers_and_children_along)
{
    drift_error err = {0};
    given g = given_database(related, "CREATE TABLE t(id, a)");
    given_run(&g, _i ? "PRAGMA legacy_alter_table = ON; PRAGMA foreign_keys = ON" : "SELECT 1");
    ck_assert_drift(drift_migrator_rename_column(g.migrator, "t", "a", "na\"me", &err));
    ck_assert_drift(drift_migrator_rename_column(g.migrator, "t", "id", "key", &err));
    ck_assert_value(g.connection, "SELECT name FROM pragma_index_info('i')", "na\"me");
    ck_assert_value(g.connection, "SELECT \"to\" FROM pragma_foreign_key_list('c')", "key");
    given_run(&g, "INSERT INTO c VALUES (1)");
    ck_assert_value(g.connection, "SELECT * FROM v", "hit");
    ck_assert_value(g.connection, "PRAGMA legacy_alter_table", _i ? "1" : "0");
    given_end(&g);
}
END_TEST

START_TEST(renaming_a_table_takes_everything_along_also_where_only_the_case_differs)
{
    static const char *const names[] = {"tasks", "T", "a \"b\""};
    drift_error err = {0};
    size_t count = 0;
    given g = given_database(related, "CREATE TABLE t(id, a)");
    given_run(&g, "PRAGMA legacy_alter_table = ON; PRAGMA foreign_keys = ON");
    ck_assert_drift(drift_migrator_rename_table(g.migrator, "t", names[_i], &err));
    ck_assert_value(g.connection, "SELECT \"table\" FROM pragma_foreign_key_list('c')", names[_i]);
    ck_assert_value(g.connection, "SELECT tbl_name FROM sqlite_schema WHERE name = 'i'", names[_i]);
    ck_assert_value(g.connection, "SELECT tbl FROM sqlite_stat1", names[_i]);
    given_run(&g, "INSERT INTO c VALUES (1)");
    ck_assert_value(g.connection, "SELECT * FROM v", "hit");
    ck_assert_value(g.connection, "PRAGMA legacy_alter_table", "1");
    const drift_touch *touched = drift_migrator_touched(g.migrator, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(touched[0].name, names[_i]);
    ck_assert_str_eq(touched[0].was, "t");
    given_end(&g);
}
END_TEST

static int rename_onto_c(const given *g, drift_error *err)
{
    return drift_migrator_rename_table(g->migrator, "t", "c", err);
}

START_TEST(a_change_of_case_leaves_what_has_a_reserved_name_alone)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); INSERT INTO t VALUES (1); CREATE TABLE drift__rename_1(b); CREATE "
                             "TEMP VIEW Drift__Rename_2 AS SELECT 1",
                             "CREATE TABLE T(a)");
    ck_assert_drift(drift_migrator_rename_table(g.migrator, "t", "T", &err));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)",
                    "T,drift__rename_1");
    ck_assert_value(g.connection, "SELECT a FROM T", "1");
    given_end(&g);
}
END_TEST

static int rename_t(const given *g, drift_error *err)
{
    return drift_migrator_rename_table(g->migrator, "t", "u", err);
}

static int rename_b(const given *g, drift_error *err)
{
    return drift_migrator_rename_column(g->migrator, "t", "b", "c", err);
}

static int alter_renaming(const given *g, drift_error *err)
{
    return drift_migrator_alter_table(g->migrator,
                                      &(drift_table_migration){.table = given_table(g, "u"), .old_name = "t"}, err);
}

START_TEST(what_a_full_text_index_reads_by_name_is_not_renamed_under_it)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a, b); INSERT INTO t VALUES ('x', 'y'); CREATE VIRTUAL TABLE f USING "
                             "fts5(b, content=t); INSERT INTO f(f) VALUES ('rebuild')",
                             "CREATE TABLE u(a, b)");
    given_refused(&g, DRIFT_MIGRATION, "virtual table \"f\"|\"t\"", rename_t);
    given_refused(&g, DRIFT_MIGRATION, "virtual table \"f\"|\"t\"", alter_renaming);
    given_refused(&g, DRIFT_MIGRATION, "virtual table \"f\"|\"t\"|column \"b\"", rename_b);
    ck_assert_drift(drift_migrator_rename_column(g.migrator, "t", "a", "z", &err));
    ck_assert_drift(drift_migrator_rename_table(g.migrator, "t", "T", &err));
    ck_assert_value(g.connection, "SELECT b FROM f WHERE f MATCH 'y'", "y");
    given_end(&g);
}
END_TEST

START_TEST(statistics_follow_a_table_to_its_new_name)
{
    drift_error err = {0};
    static const char stats[] =
        "SELECT group_concat(tbl || '.' || ifnull(idx, '-') || '=' || stat, ';') FROM (SELECT * FROM sqlite_stat1 "
        "ORDER BY tbl, idx)";
    given g = given_database(
        "CREATE TABLE \"a_b%\"(a UNIQUE, b); CREATE INDEX i ON \"a_b%\"(b); INSERT INTO \"a_b%\" VALUES (1, 2), (3, 2);"
        "CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID; INSERT INTO w VALUES (1); ANALYZE",
        "CREATE TABLE t(a)");
    ck_assert_drift(drift_migrator_rename_table(g.migrator, "A_B%", "t", &err));
    ck_assert_drift(drift_migrator_rename_table(g.migrator, "w", "W", &err));
    ck_assert_value(g.connection, stats, "W.W=1 1;t.i=2 2;t.sqlite_autoindex_t_1=2 1");
    given_end(&g);
}
END_TEST

START_TEST(a_name_that_is_taken_is_refused)
{
    given g = given_database(related, "CREATE TABLE t(a)");
    given_refused(&g, DRIFT_SQL, "c", rename_onto_c);
    given_end(&g);
}
END_TEST

TCase *column_case(void)
{
    TCase *tcase = suite_case("columns");
    tcase_add_loop_test(tcase, a_column_is_added_by_alter_or_by_a_rebuild_or_refused, 0,
                        2 * (int)(sizeof additions / sizeof *additions));
    tcase_add_test(tcase, the_current_time_is_the_same_for_all_rows_that_exist);
    tcase_add_test(tcase, a_check_that_rows_violate_fails_the_column);
    tcase_add_loop_test(tcase, what_is_in_the_way_of_dropping_a_column_is_named, 0,
                        (int)(sizeof obstacles / sizeof *obstacles));
    tcase_add_test(tcase, a_column_that_nothing_uses_is_dropped);
    tcase_add_test(tcase, a_view_that_is_broken_elsewhere_is_no_user_of_the_column);
    tcase_add_test(tcase, a_column_that_does_not_exist_is_told);
    tcase_add_loop_test(tcase, renaming_a_column_takes_indexes_views_triggers_and_children_along, 0, 2);
    tcase_add_loop_test(tcase, renaming_a_table_takes_everything_along_also_where_only_the_case_differs, 0, 3);
    tcase_add_test(tcase, a_name_that_is_taken_is_refused);
    tcase_add_test(tcase, a_change_of_case_leaves_what_has_a_reserved_name_alone);
    tcase_add_test(tcase, what_a_full_text_index_reads_by_name_is_not_renamed_under_it);
    tcase_add_test(tcase, statistics_follow_a_table_to_its_new_name);
    return tcase;
}
