/* check_rebuild.c — what a rebuilt table keeps, and what is refused before anything is touched. */
#include <stdio.h>
#include <stdlib.h>

#include "migrate/given.h"

/* --- values --- */

static const char todos[] =
    "CREATE TABLE todos(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, category TEXT);"
    "INSERT INTO todos VALUES (1, 'a', '7'), (5, 'b', NULL), (9, 'c', '12')";

START_TEST(a_transform_gives_a_column_its_new_values)
{
    drift_error err = {0};
    given g = given_database(todos, "CREATE TABLE todos(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, "
                                    "category INTEGER)");
    const drift_table_migration migration = {
        .table = given_table(&g, "todos"),
        .transforms =
            (drift_column_transform[]){{given_column(&g, "todos", "category"), "CAST(category AS INTEGER)"}, {0}}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT group_concat(id || quote(category) || typeof(category)) FROM todos",
                    "17integer,5NULLnull,912integer");
    given_end(&g);
}
END_TEST

START_TEST(a_transform_that_ends_in_a_comment_hides_nothing)
{
    drift_error err = {0};
    given g = given_database(todos, "CREATE TABLE todos(id INTEGER PRIMARY KEY, title TEXT, category INTEGER)");
    const drift_table_migration migration = {
        .table = given_table(&g, "todos"),
        .transforms =
            (drift_column_transform[]){{given_column(&g, "todos", "category"), "length(category) -- digits"}, {0}}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT category FROM todos WHERE id = 9", "2");
    given_end(&g);
}
END_TEST

START_TEST(columns_are_copied_by_name_into_another_order)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a, b, c); INSERT INTO t VALUES (1, 2, 3)", "CREATE TABLE t(c, a, b)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT c || a || b FROM t", "312");
    given_end(&g);
}
END_TEST

START_TEST(new_columns_get_their_default_or_their_transform)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); INSERT INTO t VALUES (4)",
                             "CREATE TABLE t(a, b INTEGER NOT NULL DEFAULT (2 + 3), c INTEGER NOT NULL)");
    const drift_table_migration migration = {
        .table = given_table(&g, "t"),
        .transforms = (drift_column_transform[]){{given_column(&g, "t", "c"), "a * 10"}, {0}},
        .new_columns = (const drift_column *[]){given_column(&g, "t", "b"), given_column(&g, "t", "c"), NULL}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT a || ' ' || b || ' ' || c FROM t", "4 5 40");
    given_end(&g);
}
END_TEST

START_TEST(a_column_renamed_by_transform_and_one_left_out)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(old, gone); INSERT INTO t VALUES (1, 2)", "CREATE TABLE t(new)");
    const drift_table_migration migration = {
        .table = given_table(&g, "t"),
        .transforms = (drift_column_transform[]){{given_column(&g, "t", "new"), "old"}, {0}}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT new FROM t", "1");
    ck_assert_value(g.connection, "SELECT count(*) FROM pragma_table_xinfo('t')", "1");
    given_end(&g);
}
END_TEST

START_TEST(old_name_renames_while_it_rebuilds_and_children_follow)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE old(id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE child(p REFERENCES old(id));"
                       "CREATE VIEW v AS SELECT a FROM old; INSERT INTO old VALUES (3, 'x'); INSERT INTO child "
                       "VALUES (3); PRAGMA foreign_keys = ON",
                       "CREATE TABLE new(id INTEGER PRIMARY KEY, a TEXT NOT NULL)");
    const drift_table_migration migration = {.table = given_table(&g, "new"), .old_name = "old"};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT \"table\" FROM pragma_foreign_key_list('child')", "new");
    ck_assert_value(g.connection, "SELECT a FROM v", "x");
    ck_assert_value(g.connection, "SELECT count(*) FROM pragma_foreign_key_check", "0");
    given_end(&g);
}
END_TEST

START_TEST(any_name_can_be_rebuilt)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE \"a \"\"b\"\" 'c' [d];--\"(\"x y\" TEXT, \"select\" INT);"
                             "CREATE INDEX \"i \"\" x\" ON \"a \"\"b\"\" 'c' [d];--\"(\"x y\");"
                             "INSERT INTO \"a \"\"b\"\" 'c' [d];--\" VALUES ('v', 1)",
                             "CREATE TABLE \"a \"\"b\"\" 'c' [d];--\"(\"select\" INT, \"x y\" TEXT)");
    ck_assert_drift(given_rebuild(&g, "a \"b\" 'c' [d];--", &err));
    ck_assert_value(g.connection, "SELECT \"select\" || \"x y\" FROM \"a \"\"b\"\" 'c' [d];--\"", "1v");
    given_end(&g);
}
END_TEST

/* --- affinities --- */

typedef struct affinity_row {
    const char *from, *value, *to;
    bool changes;
} affinity_row;

static const affinity_row affinity_rows[] = {
    {"TEXT", "'007'", "INTEGER", true},  {"TEXT", "'12345678901234567890'", "INTEGER", true},
    {"TEXT", "'1.50'", "NUMERIC", true}, {"TEXT", "' 12 '", "REAL", true},
    {"TEXT", "'abc'", "INTEGER", false}, {"TEXT", "''", "INTEGER", false},
    {"TEXT", "'12abc'", "REAL", false},  {"TEXT", "'0x10'", "INTEGER", false},
    {"TEXT", "x'31'", "INTEGER", false}, {"TEXT", "NULL", "INTEGER", false},
    {"INTEGER", "5", "TEXT", true},      {"INTEGER", "'x'", "TEXT", false},
    {"INTEGER", "5", "REAL", true},      {"INTEGER", "5", "NUMERIC", false},
    {"INTEGER", "5", "", false},         {"REAL", "5.0", "INTEGER", true},
    {"REAL", "5.5", "INTEGER", false},   {"REAL", "9.3e18", "INTEGER", false},
    {"REAL", "1e999", "INTEGER", false}, {"REAL", "5.5", "TEXT", true},
    {"", "'007'", "INTEGER", true},      {"", "'007'", "TEXT", false},
    {"STRING", "'x'", "TEXT", false},
};

/* The prediction is compared with what SQLite does: a copy that is let through must not have changed a value. */
START_TEST(a_value_that_the_new_affinity_would_change_fails_unless_declared)
{
    const affinity_row *row = &affinity_rows[_i];
    char sql[256], schema[128];
    drift_error err = {0};
    snprintf(sql, sizeof sql, "CREATE TABLE t(a %s); INSERT INTO t VALUES (%s)", row->from, row->value);
    snprintf(schema, sizeof schema, "CREATE TABLE t(a %s)", row->to);
    given g = given_database(sql, schema);
    char *before = suite_value(g.connection, "SELECT typeof(a) || quote(a) FROM t");
    const int rc = given_rebuild(&g, "t", &err);
    ck_assert_msg(row->changes ? rc == DRIFT_MIGRATION : rc == DRIFT_OK, "%s from %s to %s gave %d: %s", row->value,
                  row->from, row->to, rc, err.text);
    ck_assert_value(g.connection, "SELECT typeof(a) || quote(a) FROM t", before);
    drift_free(before);
    given_end(&g);
}
END_TEST

START_TEST(any_in_a_strict_table_converts_nothing)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a TEXT); INSERT INTO t VALUES ('007')", "CREATE TABLE t(a ANY) STRICT");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT quote(a) FROM t", "'007'");
    given_end(&g);
}
END_TEST

/* --- rowids, sequences, statistics --- */

START_TEST(rowids_survive_without_an_integer_primary_key)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a TEXT); INSERT INTO t(rowid, a) VALUES (3, 'x'), (70, 'y'), (-5, 'z')",
                             "CREATE TABLE t(a TEXT, b)");
    const drift_table_migration migration = {.table = given_table(&g, "t"),
                                             .new_columns = (const drift_column *[]){given_column(&g, "t", "b"), NULL}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT group_concat(rowid || a) FROM t", "-5z,3x,70y");
    given_end(&g);
}
END_TEST

START_TEST(rowids_survive_where_a_column_is_named_rowid)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(rowid TEXT, a); INSERT INTO t(_rowid_, rowid, a) VALUES (42, 'r', 1)",
                             "CREATE TABLE t(a, rowid TEXT)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT _rowid_ || rowid || a FROM t", "42r1");
    given_end(&g);
}
END_TEST

START_TEST(a_new_integer_primary_key_takes_the_rowids_over)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); INSERT INTO t(rowid, a) VALUES (7, 'x'), (9, 'y')",
                             "CREATE TABLE t(id INTEGER PRIMARY KEY, a)");
    const drift_table_migration migration = {
        .table = given_table(&g, "t"), .new_columns = (const drift_column *[]){given_column(&g, "t", "id"), NULL}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT group_concat(id || a) FROM t", "7x,9y");
    given_end(&g);
}
END_TEST

static int rebuild_t(const given *g, drift_error *err)
{
    return given_rebuild(g, "t", err);
}

START_TEST(rowids_that_no_name_reaches_are_refused)
{
    given g = given_database("CREATE TABLE t(rowid, _rowid_, oid); INSERT INTO t VALUES (1, 2, 3)",
                             "CREATE TABLE t(oid, rowid, _rowid_)");
    given_refused(&g, DRIFT_MIGRATION, "rowids of \"t\"|rowid, _rowid_ and oid", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(the_autoincrement_mark_is_carried_over_in_one_row)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t VALUES (50, 1), (2, "
                       "1); DELETE FROM t WHERE id = 50",
                       "CREATE TABLE T(id INTEGER PRIMARY KEY AUTOINCREMENT, a)");
    ck_assert_drift(given_rebuild(&g, "T", &err));
    ck_assert_value(g.connection, "SELECT group_concat(name || seq) FROM sqlite_sequence", "T50");
    given_run(&g, "INSERT INTO t(a) VALUES (2)");
    ck_assert_value(g.connection, "SELECT max(id) FROM t", "51");
    given_end(&g);
}
END_TEST

START_TEST(the_mark_of_an_empty_table_is_carried_over)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (9); DELETE FROM "
                       "t; INSERT INTO sqlite_sequence VALUES ('t', 12)",
                       "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a)");
    const drift_table_migration migration = {.table = given_table(&g, "t"),
                                             .new_columns = (const drift_column *[]){given_column(&g, "t", "a"), NULL}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT group_concat(name || seq) FROM sqlite_sequence", "t12");
    given_end(&g);
}
END_TEST

START_TEST(statistics_survive_and_those_of_dropped_indexes_go)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a, b); CREATE INDEX i ON t(a); CREATE INDEX j ON t(b);"
                             "INSERT INTO t VALUES (1, 2), (1, 3); ANALYZE",
                             "CREATE TABLE t(a, b TEXT)");
    const drift_table_migration migration = {
        .table = given_table(&g, "t"),
        .transforms = (drift_column_transform[]){{given_column(&g, "t", "b"), "CAST(b AS TEXT)"}, {0}},
        .drop_objects = (const char *[]){"J", NULL}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection, "SELECT group_concat(tbl || idx || stat) FROM sqlite_stat1", "ti2 2");
    given_end(&g);
}
END_TEST

/* --- what the table says --- */

START_TEST(statistics_of_keys_that_changed_go)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a UNIQUE, b, c, UNIQUE (b, c)); CREATE INDEX i ON t(c); INSERT INTO t VALUES "
                       "(1, 2, 3), (3, 4, 3); ANALYZE",
                       "CREATE TABLE t(a, b, c, UNIQUE (b, c))");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT group_concat(idx || '=' || stat) FROM sqlite_stat1", "i=2 2");
    given_end(&g);
}
END_TEST

START_TEST(an_autoincrement_table_that_was_never_filled_gets_no_mark)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a)",
                             "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT count(*) FROM sqlite_sequence", "0");
    given_end(&g);
}
END_TEST

/* SQLite's own limit (https://www.sqlite.org/limits.html, SQLITE_MAX_COLUMN). */
enum { MANY = 2000 };

/* CREATE TABLE t(id INTEGER PRIMARY KEY, c1, c2, …) with MANY columns. */
static char *many_columns(void)
{
    char *sql = malloc(64 + MANY * 8);
    int length = sprintf(sql, "CREATE TABLE t(id INTEGER PRIMARY KEY");
    for (int i = 1; i < MANY; i++) length += sprintf(sql + length, ", c%d", i);
    sprintf(sql + length, ")");
    return sql;
}

START_TEST(a_table_of_2000_columns_is_rebuilt)
{
    drift_error err = {0};
    char *sql = many_columns();
    given g = given_database(sql, sql);
    given_run(&g, "INSERT INTO t(id, c1, c1999) VALUES (7, 'a', 'z')");
    given_run(
        &g, "CREATE TRIGGER tr AFTER UPDATE OF c1999 ON t BEGIN SELECT new.c1; END; CREATE VIEW v AS SELECT * FROM t");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT id || c1 || c1999 FROM v", "7az");
    free(sql);
    given_end(&g);
}
END_TEST

START_TEST(a_self_reference_keeps_the_final_name)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(id INTEGER PRIMARY KEY, up INTEGER REFERENCES t(id) ON DELETE CASCADE);"
                             "INSERT INTO t VALUES (1, NULL), (2, 1), (3, 2); PRAGMA foreign_keys = ON",
                             "CREATE TABLE t(id INTEGER PRIMARY KEY, up INTEGER REFERENCES t(id) ON DELETE SET NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT \"table\" || on_delete FROM pragma_foreign_key_list('t')", "tSET NULL");
    given_run(&g, "DELETE FROM t WHERE id = 1");
    ck_assert_value(g.connection, "SELECT group_concat(id || quote(up)) FROM t", "2NULL,32");
    given_end(&g);
}
END_TEST

START_TEST(strict_without_rowid_and_generated_columns_are_what_the_new_table_says)
{
    drift_error err = {0};
    given g = given_database(
        "CREATE TABLE t(a TEXT, b INT, c AS (b * 2) STORED); INSERT INTO t(a, b) VALUES ('x', 4)",
        "CREATE TABLE t(a TEXT NOT NULL PRIMARY KEY, b INTEGER CHECK (b > 3), c INTEGER AS (b * 3) VIRTUAL) STRICT, "
        "WITHOUT ROWID");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT a || b || c FROM t", "x412");
    ck_assert_value(g.connection, "SELECT wr || strict FROM pragma_table_list('t')", "11");
    given_end(&g);
}
END_TEST

START_TEST(a_check_that_names_its_table_is_kept_as_written)
{
    drift_error err = {0};
    given g = given_database(
        "CREATE TABLE t(a INTEGER); CREATE INDEX i ON t(a); INSERT INTO t(rowid, a) VALUES (6, 1); ANALYZE",
        "CREATE TABLE t(a INTEGER, CHECK (t.a > 0))");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT rowid || a FROM t", "61");
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM sqlite_schema", "sqlite_stat1,t,i");
    ck_assert_value(g.connection, "SELECT instr(sql, 't.a > 0') > 0 FROM sqlite_schema WHERE name = 't'", "1");
    ck_assert_value(g.connection, "SELECT stat FROM sqlite_stat1", "1 1");
    given_end(&g);
}
END_TEST

START_TEST(a_conflict_clause_loses_no_row)
{
    given g = given_database("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2), (1, 3)",
                             "CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE, b)");
    given_refused(&g, DRIFT_CONSTRAINT, "UNIQUE constraint failed: t.a", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(a_row_that_breaks_a_new_constraint_fails_and_names_the_table)
{
    given g = given_database("CREATE TABLE t(a); INSERT INTO t VALUES (NULL); PRAGMA foreign_keys = ON",
                             "CREATE TABLE t(a NOT NULL)");
    given_refused(&g, DRIFT_CONSTRAINT, "NOT NULL constraint failed: t.a", rebuild_t);
    given_run(&g, "BEGIN; SAVEPOINT one");
    given_refused(&g, DRIFT_CONSTRAINT, "NOT NULL constraint failed: t.a", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(a_taken_temporary_name_is_left_alone)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); CREATE TABLE drift__rebuild_1(kept); INSERT INTO t VALUES (1);"
                             "INSERT INTO drift__rebuild_1 VALUES (8)",
                             "CREATE TABLE t(a, CHECK (a > 0))");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT kept FROM drift__rebuild_1", "8");
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM sqlite_schema", "drift__rebuild_1,t");
    given_end(&g);
}
END_TEST

START_TEST(a_temporary_table_of_the_same_name_is_left_alone)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); INSERT INTO t VALUES (1); CREATE TEMP TABLE t(x); INSERT INTO temp.t "
                             "VALUES ('temp'); CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
                             "CREATE TABLE t(a, CHECK (a > 0))");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT x FROM temp.t", "temp");
    ck_assert_value(g.connection, "SELECT a FROM main.t", "1");
    ck_assert_value(g.connection, "SELECT count(*) FROM temp.sqlite_schema WHERE type = 'trigger'", "1");
    given_end(&g);
}
END_TEST

/* --- refused before anything is touched --- */

START_TEST(a_table_that_does_not_exist_is_not_found)
{
    given g = given_database("CREATE TABLE other(a)", "CREATE TABLE t(a)");
    given_refused(&g, DRIFT_NOT_FOUND, "\"t\"", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(a_column_from_nowhere_is_refused)
{
    given g = given_database("CREATE TABLE t(a)", "CREATE TABLE t(a, b)");
    given_refused(&g, DRIFT_MIGRATION, "\"t\"|\"b\"|new ones", rebuild_t);
    given_end(&g);
}
END_TEST

static int rebuild_with_new_b(const given *g, drift_error *err)
{
    const drift_table_migration migration = {.table = given_table(g, "t"),
                                             .new_columns = (const drift_column *[]){given_column(g, "t", "b"), NULL}};
    return drift_migrator_alter_table(g->migrator, &migration, err);
}

START_TEST(a_new_column_without_a_value_is_refused_also_in_an_empty_table)
{
    given g = given_database("CREATE TABLE t(a)", "CREATE TABLE t(a, b INTEGER NOT NULL)");
    given_refused(&g, DRIFT_MIGRATION, "\"b\"|NOT NULL|default|transform", rebuild_with_new_b);
    given_end(&g);
}
END_TEST

START_TEST(a_new_column_that_exists_is_refused)
{
    given g = given_database("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2)", "CREATE TABLE t(a, b)");
    given_refused(&g, DRIFT_MISUSE, "\"b\" already", rebuild_with_new_b);
    given_end(&g);
}
END_TEST

START_TEST(a_new_collation_that_is_not_known_is_refused)
{
    given g = given_database("CREATE TABLE t(a); INSERT INTO t VALUES ('x')", "CREATE TABLE t(a COLLATE nowhere)");
    given_refused(&g, DRIFT_SQL, "nowhere", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(a_virtual_table_is_refused)
{
    given g = given_database("CREATE VIRTUAL TABLE t USING fts5(a)", "CREATE TABLE t(a)");
    given_refused(&g, DRIFT_UNSUPPORTED, "virtual", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(the_call_records_what_it_rebuilt_and_nothing_of_what_failed)
{
    drift_error err = {0};
    size_t count = 9;
    given g =
        given_database("CREATE TABLE t(a); CREATE TABLE u(a)", "CREATE TABLE t(a, CHECK (a > 0)); CREATE TABLE u(b)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_drift_fails(given_rebuild(&g, "u", &err), DRIFT_MIGRATION);
    const drift_touch *touched = drift_migrator_touched(g.migrator, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(touched[0].name, "t");
    ck_assert_str_eq(drift_touch_name(touched[0].kind), "rebuilt");
    given_end(&g);
}
END_TEST

TCase *rebuild_case(void)
{
    TCase *tcase = suite_case("rebuild");
    tcase_add_test(tcase, a_transform_gives_a_column_its_new_values);
    tcase_add_test(tcase, a_transform_that_ends_in_a_comment_hides_nothing);
    tcase_add_test(tcase, columns_are_copied_by_name_into_another_order);
    tcase_add_test(tcase, new_columns_get_their_default_or_their_transform);
    tcase_add_test(tcase, a_column_renamed_by_transform_and_one_left_out);
    tcase_add_test(tcase, old_name_renames_while_it_rebuilds_and_children_follow);
    tcase_add_test(tcase, any_name_can_be_rebuilt);
    tcase_add_loop_test(tcase, a_value_that_the_new_affinity_would_change_fails_unless_declared, 0,
                        (int)(sizeof affinity_rows / sizeof *affinity_rows));
    tcase_add_test(tcase, any_in_a_strict_table_converts_nothing);
    tcase_add_test(tcase, rowids_survive_without_an_integer_primary_key);
    tcase_add_test(tcase, rowids_survive_where_a_column_is_named_rowid);
    tcase_add_test(tcase, a_new_integer_primary_key_takes_the_rowids_over);
    tcase_add_test(tcase, rowids_that_no_name_reaches_are_refused);
    tcase_add_test(tcase, the_autoincrement_mark_is_carried_over_in_one_row);
    tcase_add_test(tcase, the_mark_of_an_empty_table_is_carried_over);
    tcase_add_test(tcase, statistics_survive_and_those_of_dropped_indexes_go);
    tcase_add_test(tcase, statistics_of_keys_that_changed_go);
    tcase_add_test(tcase, an_autoincrement_table_that_was_never_filled_gets_no_mark);
    tcase_add_test(tcase, a_table_of_2000_columns_is_rebuilt);
    tcase_add_test(tcase, a_self_reference_keeps_the_final_name);
    tcase_add_test(tcase, strict_without_rowid_and_generated_columns_are_what_the_new_table_says);
    tcase_add_test(tcase, a_check_that_names_its_table_is_kept_as_written);
    tcase_add_test(tcase, a_conflict_clause_loses_no_row);
    tcase_add_test(tcase, a_row_that_breaks_a_new_constraint_fails_and_names_the_table);
    tcase_add_test(tcase, a_taken_temporary_name_is_left_alone);
    tcase_add_test(tcase, a_temporary_table_of_the_same_name_is_left_alone);
    tcase_add_test(tcase, a_table_that_does_not_exist_is_not_found);
    tcase_add_test(tcase, a_column_from_nowhere_is_refused);
    tcase_add_test(tcase, a_new_column_without_a_value_is_refused_also_in_an_empty_table);
    tcase_add_test(tcase, a_new_column_that_exists_is_refused);
    tcase_add_test(tcase, a_new_collation_that_is_not_known_is_refused);
    tcase_add_test(tcase, a_virtual_table_is_refused);
    tcase_add_test(tcase, the_call_records_what_it_rebuilt_and_nothing_of_what_failed);
    return tcase;
}
