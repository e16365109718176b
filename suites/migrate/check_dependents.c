/* check_dependents.c — indexes, triggers and views of a rebuilt table: they survive as they were written, or the call
 * is refused before anything is touched. */
#include <sqlite3.h>
#include <string.h>

#include "migrate/given.h"

static int rebuild_t(const given *g, drift_error *err)
{
    return given_rebuild(g, "t", err);
}

/* --- what survives --- */

START_TEST(indexes_come_back_from_their_own_text)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a, b TEXT, c);"
                             "CREATE INDEX partial ON t(a) WHERE b IS NOT NULL /* why */;"
                             "CREATE INDEX expression ON T(lower(b), c DESC);"
                             "CREATE UNIQUE INDEX collated ON \"t\"(b COLLATE NOCASE);"
                             "INSERT INTO t VALUES (1, 'x', 2)",
                             "CREATE TABLE t(a, b TEXT NOT NULL, c)");
    char *before = suite_value(g.connection, "SELECT group_concat(name || sql, char(10)) FROM (SELECT * FROM "
                                             "sqlite_schema WHERE type = 'index' ORDER BY name)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection,
                    "SELECT group_concat(name || sql, char(10)) FROM (SELECT * FROM sqlite_schema WHERE type "
                    "= 'index' ORDER BY name)",
                    before);
    drift_free(before);
    given_end(&g);
}
END_TEST

START_TEST(objects_of_a_table_spelt_in_another_case_come_back)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE Todos(a); CREATE INDEX i ON TODOS(a); CREATE TRIGGER tr AFTER INSERT ON todoS "
                       "BEGIN SELECT 1; END",
                       "CREATE TABLE tODOs(a, CHECK (a > 0))");
    ck_assert_drift(given_rebuild(&g, "todos", &err));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)",
                    "i,tODOs,tr");
    given_end(&g);
}
END_TEST

START_TEST(triggers_come_back_and_do_not_fire_during_the_copy)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); CREATE TABLE log(what); INSERT INTO t VALUES (1), (2);"
                             "CREATE TRIGGER ins AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('ins' || new.a); END;"
                             "CREATE TRIGGER del AFTER DELETE ON t BEGIN INSERT INTO log VALUES ('del'); END;"
                             "CREATE TEMP TRIGGER fleeting AFTER UPDATE ON t BEGIN INSERT INTO log VALUES ('upd'); END",
                             "CREATE TABLE t(a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT count(*) FROM log", "0");
    given_run(&g, "INSERT INTO t VALUES (3); UPDATE t SET a = 4 WHERE a = 3; DELETE FROM t WHERE a = 4");
    ck_assert_value(g.connection, "SELECT group_concat(what) FROM log", "ins3,upd,del");
    ck_assert_value(g.connection, "SELECT count(*) FROM temp.sqlite_schema", "1");
    given_end(&g);
}
END_TEST

START_TEST(a_recursive_delete_trigger_does_not_fire_when_the_old_table_goes)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); CREATE TABLE u(a); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1);"
                             "PRAGMA recursive_triggers = ON;"
                             "CREATE TRIGGER gone AFTER DELETE ON t BEGIN DELETE FROM u; END",
                             "CREATE TABLE t(a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT count(*) FROM u", "1");
    given_end(&g);
}
END_TEST

START_TEST(views_and_triggers_elsewhere_keep_working)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a, b); CREATE TABLE u(x); INSERT INTO t VALUES (1, 2);"
                       "CREATE VIEW v AS SELECT t.a, b FROM t; CREATE VIEW w(s) AS SELECT a + b FROM v;"
                       "CREATE TRIGGER elsewhere AFTER INSERT ON u BEGIN UPDATE t SET b = new.x; END;"
                       "CREATE TRIGGER instead INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a, new.b); END;"
                       "CREATE TEMP VIEW tv AS SELECT a FROM t",
                       "CREATE TABLE t(b, a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    given_run(&g, "INSERT INTO u VALUES (5)");
    ck_assert_value(g.connection, "SELECT s FROM w", "6");
    ck_assert_value(g.connection, "SELECT a FROM tv", "1");
    given_run(&g, "DELETE FROM t WHERE a = 1; INSERT INTO v VALUES (10, 20)");
    ck_assert_value(g.connection, "SELECT b || a FROM t", "1020");
    given_end(&g);
}
END_TEST

START_TEST(a_trigger_that_writes_to_a_view_finds_the_views_own_trigger)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); CREATE TABLE log(x); CREATE VIEW w AS SELECT x FROM log;"
                             "CREATE TRIGGER iw INSTEAD OF INSERT ON w BEGIN INSERT INTO log VALUES (new.x); END;"
                             "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO w VALUES (new.a); END",
                             "CREATE TABLE t(a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    given_run(&g, "INSERT INTO t VALUES (6)");
    ck_assert_value(g.connection, "SELECT x FROM log", "6");
    given_end(&g);
}
END_TEST

START_TEST(an_upsert_in_a_trigger_finds_its_unique_index)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a, n); CREATE UNIQUE INDEX ti ON t(a); CREATE TABLE u(x);"
                       "CREATE TRIGGER count AFTER INSERT ON u BEGIN INSERT INTO t VALUES (new.x, 1) ON CONFLICT(a) "
                       "DO UPDATE SET n = n + 1; END",
                       "CREATE TABLE t(a NOT NULL, n)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    given_run(&g, "INSERT INTO u VALUES (1), (1)");
    ck_assert_value(g.connection, "SELECT n FROM t", "2");
    given_end(&g);
}
END_TEST

START_TEST(an_external_content_index_stays_in_step)
{
    drift_error err = {0};
    given g = given_database(
        "CREATE TABLE t(a TEXT); INSERT INTO t(rowid, a) VALUES (10, 'ten'), (20, 'twenty');"
        "CREATE VIRTUAL TABLE f USING fts5(a, content='t', content_rowid='rowid'); INSERT INTO f(f) VALUES ('rebuild');"
        "CREATE TRIGGER fi AFTER INSERT ON t BEGIN INSERT INTO f(rowid, a) VALUES (new.rowid, new.a); END;"
        "CREATE VIEW found AS SELECT a, rank FROM f WHERE f MATCH 'twenty' ORDER BY bm25(f)",
        "CREATE TABLE t(a TEXT NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    given_run(&g, "INSERT INTO t VALUES ('thirty'); INSERT INTO f(f, rank) VALUES ('integrity-check', 1)");
    ck_assert_value(g.connection, "SELECT rowid FROM f WHERE f MATCH 'twenty'", "20");
    given_end(&g);
}
END_TEST

/* --- what the application supplies --- */

static void twice(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
}

static int by_length(void *unused, int a_length, const void *a, int b_length, const void *b)
{
    (void)unused;
    (void)a;
    (void)b;
    return a_length - b_length;
}

static void supply_collation(void *unused, sqlite3 *handle, int encoding, const char *name)
{
    (void)unused;
    sqlite3_create_collation(handle, name, encoding, NULL, by_length);
}

START_TEST(functions_and_collations_of_the_application_are_no_obstacle)
{
    drift_error err = {0};
    given g = given_database("SELECT 1", "CREATE TABLE t(a INT NOT NULL, b TEXT)");
    sqlite3 *handle = drift_connection_handle(g.connection);
    ck_assert_int_eq(
        sqlite3_create_function(handle, "twice", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, twice, NULL, NULL),
        SQLITE_OK);
    ck_assert_int_eq(sqlite3_collation_needed(handle, NULL, supply_collation), SQLITE_OK);
    given_run(&g,
              "CREATE TABLE t(a INT, b TEXT); CREATE INDEX i ON t(twice(a)); CREATE INDEX j ON t(b COLLATE by_length);"
              "CREATE VIEW v AS SELECT twice(a) AS x FROM t; INSERT INTO t VALUES (4, 'x')");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT x FROM v", "8");
    ck_assert_value(g.connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'index'", "2");
    given_end(&g);
}
END_TEST

/* DROP TABLE would work without the collation, and CREATE INDEX then fail. */
START_TEST(a_collation_that_is_missing_is_told_before_the_table_is_dropped)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a TEXT)", "CREATE TABLE t(a TEXT NOT NULL)");
    sqlite3 *handle = drift_connection_handle(g.connection);
    sqlite3_create_collation(handle, "lost", SQLITE_UTF8, NULL, by_length);
    given_run(&g, "CREATE INDEX i ON t(a COLLATE lost); INSERT INTO t VALUES ('x')");
    sqlite3_create_collation(handle, "lost", SQLITE_UTF8, NULL, NULL);
    ck_assert_drift_fails(given_rebuild(&g, "t", &err), DRIFT_SQL);
    ck_assert_ptr_nonnull(strstr(err.text, "collation \"lost\""));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM sqlite_schema", "t,i");
    given_end(&g);
}
END_TEST

START_TEST(what_did_not_compile_before_is_not_held_against_the_rebuild)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a); CREATE VIEW broken AS SELECT absent FROM t; CREATE VIEW lost AS SELECT * "
                       "FROM nowhere; CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO nowhere VALUES (1); END",
                       "CREATE TABLE t(a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)",
                    "broken,lost,t,tr");
    given_end(&g);
}
END_TEST

/* An aggregate over a window, which no stand-in can be: only the live database can compile its users. */
static void sum_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_int64 *sum = sqlite3_aggregate_context(context, sizeof *sum);
    (void)count;
    if (sum) *sum += sqlite3_value_int64(values[0]);
}

static void sum_value(sqlite3_context *context)
{
    sqlite3_int64 *sum = sqlite3_aggregate_context(context, sizeof *sum);
    sqlite3_result_int64(context, sum ? *sum : 0);
}

static void sum_inverse(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)context;
    (void)count;
    (void)values;
}

static given given_window(const char *schema)
{
    given g = given_database("CREATE TABLE t(a INT, b INT); INSERT INTO t VALUES (1, 10), (2, 20)", schema);
    ck_assert_int_eq(sqlite3_create_window_function(drift_connection_handle(g.connection), "my_sum", 1, SQLITE_UTF8,
                                                    NULL, sum_step, sum_value, sum_value, sum_inverse, NULL),
                     SQLITE_OK);
    given_run(&g, "CREATE VIEW v AS SELECT my_sum(b) OVER (ORDER BY a) AS s FROM t");
    return g;
}

START_TEST(what_only_the_live_database_can_judge_is_judged_there)
{
    drift_error err = {0};
    given g = given_window("CREATE TABLE t(a INT NOT NULL, b INT)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT max(s) FROM v", "30");
    given_end(&g);
    g = given_window("CREATE TABLE t(a INT NOT NULL)");
    given_refused(&g, DRIFT_MIGRATION, "view \"v\"|no such column: b", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(a_virtual_table_without_its_module_is_no_obstacle)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); INSERT INTO t VALUES (1); PRAGMA writable_schema = ON; INSERT INTO "
                             "sqlite_schema VALUES ('table', 'lost', 'lost', 0, 'CREATE VIRTUAL TABLE lost USING "
                             "absent(a)'); PRAGMA writable_schema = RESET; CREATE VIEW v AS SELECT t.a FROM t, lost",
                             "CREATE TABLE t(a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT a FROM t", "1");
    given_end(&g);
}
END_TEST

/* --- what names a column that goes --- */

typedef struct victim {
    const char *sql, *words;
} victim;

static const victim victims[] = {
    {"CREATE INDEX i ON t(b)", "index \"i\"|\"t\"|no such column: b"},
    {"CREATE INDEX i ON t(a) WHERE b > 1", "index \"i\"|b"},
    {"CREATE INDEX i ON t(abs(b))", "index \"i\"|b"},
    {"CREATE TRIGGER i AFTER INSERT ON t BEGIN SELECT new.b; END", "trigger \"i\"|new.b"},
    {"CREATE TRIGGER i AFTER UPDATE OF a ON t BEGIN SELECT old.b; END", "trigger \"i\"|old.b"},
    {"CREATE TRIGGER i AFTER UPDATE OF b ON t BEGIN SELECT 1; END", "trigger \"i\"|b"},
    {"CREATE TRIGGER i BEFORE DELETE ON t WHEN old.b > 1 BEGIN SELECT 1; END", "trigger \"i\"|old.b"},
    {"CREATE TEMP TRIGGER i BEFORE DELETE ON t BEGIN SELECT old.b; END", "trigger \"i\"|old.b"},
    {"CREATE TABLE u(x); CREATE TRIGGER i AFTER UPDATE OF x ON u BEGIN UPDATE t SET b = 1; END", "trigger \"i\"|b"},
    {"CREATE VIEW i AS SELECT a, b AS c FROM t", "view \"i\"|b"},
    {"CREATE VIEW ii AS SELECT * FROM t; CREATE VIEW i AS SELECT b FROM ii", "view \"i\"|b"},
    {"CREATE VIEW ii AS SELECT * FROM t; CREATE TRIGGER i INSTEAD OF UPDATE ON ii BEGIN SELECT new.b; END",
     "trigger \"i\"|new.b"},
    {"CREATE TEMP VIEW i AS SELECT b FROM t", "view \"i\"|b"},
    {"CREATE INDEX i ON t(abs(\"b\"))", "index \"i\"|no such column: b"},
    {"CREATE VIEW i AS SELECT \"b\" FROM t", "view \"i\"|no such column: b"},
    {"CREATE TABLE u(x); CREATE TRIGGER i AFTER INSERT ON u BEGIN INSERT INTO u SELECT \"b\" FROM t; END",
     "trigger \"i\"|no such column: b"},
};

START_TEST(an_object_that_names_a_vanished_column_fails_the_call_first)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2)", "CREATE TABLE t(a)");
    given_run(&g, victims[_i].sql);
    given_refused(&g, DRIFT_MIGRATION, victims[_i].words, rebuild_t);
    given_run(&g, "BEGIN");
    given_refused(&g, DRIFT_MIGRATION, victims[_i].words, rebuild_t);
    const drift_table_migration migration = {.table = given_table(&g, "t"),
                                             .drop_objects = (const char *[]){"i", NULL}};
    ck_assert_drift(drift_migrator_alter_table(g.migrator, &migration, &err));
    ck_assert_value(g.connection,
                    "SELECT count(*) FROM (SELECT name FROM sqlite_schema UNION SELECT name FROM "
                    "temp.sqlite_schema) WHERE name = 'i'",
                    "0");
    given_end(&g);
}
END_TEST

START_TEST(a_string_in_double_quotes_is_no_obstacle)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2); CREATE VIEW v AS SELECT a, \"text\" AS "
                       "s FROM t; CREATE TRIGGER tr BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, \"stays\"); END",
                       "CREATE TABLE t(a)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "SELECT a || s FROM v", "1text");
    given_end(&g);
}
END_TEST

START_TEST(a_column_that_a_full_text_index_reads_does_not_go)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a, b, c); INSERT INTO t VALUES ('x', 'y', 'z'); CREATE VIRTUAL TABLE f USING "
                       "fts5(b, content = \"T\"); INSERT INTO f(f) VALUES ('rebuild')",
                       "CREATE TABLE t(a); CREATE TABLE other(b)");
    given_refused(&g, DRIFT_MIGRATION, "virtual table \"f\"|column \"b\"", rebuild_t);
    given_run(&g, "DROP TABLE f");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    given_end(&g);
}
END_TEST

/* --- TEMP triggers, whose table may be of any database --- */

static const char temp_triggers[] = "SELECT group_concat(name) FROM (SELECT name FROM temp.sqlite_schema WHERE type = "
                                    "'trigger' ORDER BY name)";

START_TEST(a_temp_trigger_on_a_table_that_a_temporary_one_hides_comes_back)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); CREATE TABLE log(x); CREATE TEMP TABLE t(z); CREATE TEMP TRIGGER ours "
                             "AFTER UPDATE OF a ON \"main\".t BEGIN INSERT INTO log VALUES (new.a); END; CREATE TEMP "
                             "TRIGGER theirs AFTER INSERT ON t BEGIN SELECT new.z; END",
                             "CREATE TABLE t(a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, temp_triggers, "ours,theirs");
    given_run(&g, "INSERT INTO main.t VALUES (1); UPDATE main.t SET a = 7");
    ck_assert_value(g.connection, "SELECT x FROM log", "7");
    given_end(&g);
}
END_TEST

START_TEST(a_temp_trigger_on_another_database_stays_there)
{
    drift_error err = {0};
    given g =
        given_database("ATTACH ':memory:' AS other; CREATE TABLE other.t(z); CREATE TABLE t(a); CREATE TEMP TRIGGER "
                       "tr AFTER INSERT ON other.t BEGIN SELECT new.z; END",
                       "CREATE TABLE t(a NOT NULL)");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, temp_triggers, "tr");
    given_end(&g);
}
END_TEST

START_TEST(a_trigger_of_a_hidden_table_is_judged_by_its_own_table)
{
    given g =
        given_database("CREATE TABLE t(a, b); CREATE TEMP TABLE t(a, b); CREATE TRIGGER i AFTER INSERT ON t BEGIN "
                       "SELECT new.b; END",
                       "CREATE TABLE t(a)");
    given_run(&g,
              "DROP TRIGGER i; DROP TABLE temp.t; CREATE TRIGGER i AFTER INSERT ON t BEGIN SELECT new.b; END; CREATE "
              "TEMP TABLE t(a, b)");
    given_refused(&g, DRIFT_MIGRATION, "trigger \"i\"|new.b", rebuild_t);
    given_end(&g);
}
END_TEST

START_TEST(a_name_to_drop_that_nothing_has_is_told)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a, b)", "CREATE TABLE t(a)");
    const drift_table_migration migration = {.table = given_table(&g, "t"),
                                             .drop_objects = (const char *[]){"typo", NULL}};
    ck_assert_drift_fails(drift_migrator_alter_table(g.migrator, &migration, &err), DRIFT_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(err.text, "\"typo\""));
    given_end(&g);
}
END_TEST

START_TEST(legacy_alter_table_is_restored_as_it_was)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t", "CREATE TABLE t(a NOT NULL)");
    given_run(&g, _i ? "PRAGMA legacy_alter_table = ON" : "PRAGMA legacy_alter_table = OFF");
    ck_assert_drift(given_rebuild(&g, "t", &err));
    ck_assert_value(g.connection, "PRAGMA legacy_alter_table", _i ? "1" : "0");
    given_end(&g);
}
END_TEST

TCase *dependents_case(void)
{
    TCase *tcase = suite_case("dependents");
    tcase_add_test(tcase, indexes_come_back_from_their_own_text);
    tcase_add_test(tcase, objects_of_a_table_spelt_in_another_case_come_back);
    tcase_add_test(tcase, triggers_come_back_and_do_not_fire_during_the_copy);
    tcase_add_test(tcase, a_recursive_delete_trigger_does_not_fire_when_the_old_table_goes);
    tcase_add_test(tcase, views_and_triggers_elsewhere_keep_working);
    tcase_add_test(tcase, a_trigger_that_writes_to_a_view_finds_the_views_own_trigger);
    tcase_add_test(tcase, an_upsert_in_a_trigger_finds_its_unique_index);
    tcase_add_test(tcase, an_external_content_index_stays_in_step);
    tcase_add_test(tcase, functions_and_collations_of_the_application_are_no_obstacle);
    tcase_add_test(tcase, a_collation_that_is_missing_is_told_before_the_table_is_dropped);
    tcase_add_test(tcase, what_did_not_compile_before_is_not_held_against_the_rebuild);
    tcase_add_test(tcase, what_only_the_live_database_can_judge_is_judged_there);
    tcase_add_test(tcase, a_virtual_table_without_its_module_is_no_obstacle);
    tcase_add_loop_test(tcase, an_object_that_names_a_vanished_column_fails_the_call_first, 0,
                        (int)(sizeof victims / sizeof *victims));
    tcase_add_test(tcase, a_name_to_drop_that_nothing_has_is_told);
    tcase_add_test(tcase, a_string_in_double_quotes_is_no_obstacle);
    tcase_add_test(tcase, a_column_that_a_full_text_index_reads_does_not_go);
    tcase_add_test(tcase, a_temp_trigger_on_a_table_that_a_temporary_one_hides_comes_back);
    tcase_add_test(tcase, a_temp_trigger_on_another_database_stays_there);
    tcase_add_test(tcase, a_trigger_of_a_hidden_table_is_judged_by_its_own_table);
    tcase_add_loop_test(tcase, legacy_alter_table_is_restored_as_it_was, 0, 2);
    return tcase;
}
