/* check_create.c — creating and dropping entities, views anew. */
#include <string.h>

#include "migrate/given.h"

static const char all_kinds[] =
    "CREATE TABLE t(a /* kept */ TEXT); CREATE INDEX i ON t(a); CREATE VIEW w AS SELECT a FROM v; CREATE VIEW v AS "
    "SELECT "
    "a FROM t; CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END; CREATE VIRTUAL TABLE f USING fts5(a)";

START_TEST(create_all_creates_what_is_missing_and_keeps_what_is_there)
{
    drift_error err = {0};
    size_t count = 0;
    given g = given_database("CREATE TABLE T(a, older); CREATE VIRTUAL TABLE f USING fts5(b)", all_kinds);
    ck_assert_drift(drift_migrator_create_all(g.migrator, &err));
    ck_assert_value(g.connection, "SELECT count(*) FROM sqlite_schema WHERE name IN ('i', 'v', 'w', 'tr')", "4");
    ck_assert_value(g.connection, "SELECT count(*) FROM pragma_table_info('t')", "2");
    drift_migrator_touched(g.migrator, &count);
    ck_assert_uint_eq(count, 4);
    ck_assert_drift(drift_migrator_create_all(g.migrator, &err));
    given_end(&g);
}
END_TEST

static int create_all(const given *g, drift_error *err)
{
    return drift_migrator_create_all(g->migrator, err);
}

START_TEST(create_all_is_atomic)
{
    given g = given_database("CREATE VIEW i AS SELECT 1", all_kinds);
    given_refused(&g, DRIFT_SQL, "i", create_all);
    given_run(&g, "BEGIN");
    given_refused(&g, DRIFT_SQL, "i", create_all);
    given_end(&g);
}
END_TEST

START_TEST(a_query_is_run_when_all_is_created)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_migrator *migrator = NULL;
    static const drift_entity entities[] = {
        {.kind = DRIFT_ENTITY_TABLE, .name = "t", .sql = "CREATE TABLE t(a)"},
        {.kind = DRIFT_ENTITY_QUERY, .name = "$on_create", .sql = "INSERT INTO t VALUES (42)"}};
    static const drift_schema schema = {.version = 1, .entities = entities, .entity_count = 2};
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_migrator_new(&migrator, connection, &schema, &err));
    ck_assert_drift(drift_migrator_create_all(migrator, &err));
    ck_assert_value(connection, "SELECT a FROM t", "42");
    ck_assert_drift_fails(drift_migrator_drop(migrator, &entities[1], &err), DRIFT_MISUSE);
    drift_migrator_free(migrator);
    drift_connection_close(connection);
}
END_TEST

START_TEST(every_kind_is_created_from_its_text_and_dropped_again)
{
    drift_error err = {0};
    given g = given_database("SELECT 1", all_kinds);
    for (size_t i = 0; i < g.schema->entity_count; i++)
        ck_assert_drift(drift_migrator_create(g.migrator, &g.schema->entities[i], &err));
    ck_assert_value(g.connection, "SELECT instr(sql, 'kept') > 0 FROM sqlite_schema WHERE name = 't'", "1");
    for (size_t i = g.schema->entity_count; i-- > 0;)
        ck_assert_drift(drift_migrator_drop(g.migrator, &g.schema->entities[i], &err));
    ck_assert_value(g.connection, "SELECT count(*) FROM sqlite_schema", "0");
    ck_assert_drift_fails(drift_migrator_drop(g.migrator, &g.schema->entities[1], &err), DRIFT_NOT_FOUND);
    ck_assert_str_eq(err.text, "there is no index \"i\"");
    given_end(&g);
}
END_TEST

START_TEST(a_handle_of_one_kind_is_created)
{
    drift_error err = {0};
    given g = given_database("SELECT 1", all_kinds);
    ck_assert_drift(drift_migrator_create_table(g.migrator, given_table(&g, "t"), &err));
    const drift_entity *index = drift_schema_entity(g.schema, DRIFT_ENTITY_INDEX, "i");
    const drift_entity *view = drift_schema_entity(g.schema, DRIFT_ENTITY_VIEW, "v");
    const drift_entity *trigger = drift_schema_entity(g.schema, DRIFT_ENTITY_TRIGGER, "tr");
    ck_assert_drift(drift_migrator_create_index(g.migrator, index->as.index, &err));
    ck_assert_drift(drift_migrator_create_view(g.migrator, view->as.view, &err));
    ck_assert_drift(drift_migrator_create_trigger(g.migrator, trigger->as.trigger, &err));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM sqlite_schema", "t,i,v,tr");
    ck_assert_drift_fails(drift_migrator_create_table(g.migrator, given_table(&g, "t"), &err), DRIFT_SQL);
    given_end(&g);
}
END_TEST

START_TEST(a_table_without_a_text_is_rendered_from_its_data)
{
    drift_error err = {0};
    static const drift_column columns[] = {{.name = "select", .type = "INTEGER"}};
    static const drift_table table = {.name = "by data", .columns = columns, .column_count = 1};
    given g = given_database("SELECT 1", all_kinds);
    ck_assert_drift(drift_migrator_create_table(g.migrator, &table, &err));
    ck_assert_value(g.connection, "SELECT name FROM pragma_table_info('by data')", "select");
    given_end(&g);
}
END_TEST

START_TEST(all_views_are_created_anew_in_an_order_that_compiles)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE t(a TEXT); CREATE VIEW gone AS SELECT 1; CREATE VIEW V AS SELECT 2 AS a;"
                             "CREATE TRIGGER instead INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a); END;"
                             "CREATE TEMP VIEW mine AS SELECT 1; INSERT INTO t VALUES ('x')",
                             all_kinds);
    ck_assert_drift(drift_migrator_recreate_all_views(g.migrator, &err));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM sqlite_schema WHERE type <> 'table'", "v,w,instead");
    ck_assert_value(g.connection, "SELECT a FROM w", "x");
    ck_assert_value(g.connection, "SELECT count(*) FROM mine", "1");
    given_end(&g);
}
END_TEST

static int recreate(const given *g, drift_error *err)
{
    return drift_migrator_recreate_all_views(g->migrator, err);
}

START_TEST(a_view_that_does_not_compile_is_told_and_the_old_ones_stand)
{
    given g =
        given_database("CREATE TABLE t(a); CREATE VIEW old AS SELECT a FROM t", "CREATE VIEW v AS SELECT b FROM t");
    given_refused(&g, DRIFT_MIGRATION, "view \"v\"|no such column: b", recreate);
    given_end(&g);
}
END_TEST

/* What uses a view, and would be broken by the view that comes in its place: SELECT a, without b. */
static const char *const broken_by_views[] = {
    "CREATE TRIGGER i INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a, new.b); END",
    "CREATE TRIGGER i AFTER DELETE ON t BEGIN SELECT b FROM v; END",
    "CREATE TRIGGER i AFTER DELETE ON t BEGIN SELECT \"b\" FROM v; END",
    "CREATE TEMP TRIGGER i INSTEAD OF INSERT ON v BEGIN SELECT new.b; END",
    "CREATE TEMP VIEW i AS SELECT b FROM v",
};

static int recreate_views(const given *g, drift_error *err)
{
    return drift_migrator_recreate_all_views(g->migrator, err);
}

START_TEST(what_the_new_views_would_break_fails_the_call)
{
    given g = given_database("CREATE TABLE t(a, b); CREATE VIEW v AS SELECT a, b FROM t",
                             "CREATE TABLE t(a, b); CREATE VIEW v AS SELECT a FROM t");
    given_run(&g, broken_by_views[_i]);
    given_refused(&g, DRIFT_MIGRATION, "\"i\"|no such column", recreate_views);
    given_end(&g);
}
END_TEST

START_TEST(what_was_broken_before_the_new_views_does_not_block_them)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a); CREATE VIEW v AS SELECT absent FROM t; CREATE TRIGGER i INSTEAD OF INSERT "
                       "ON v BEGIN SELECT new.absent; END; CREATE TRIGGER j AFTER INSERT ON t BEGIN SELECT gone FROM "
                       "v; END",
                       "CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t");
    ck_assert_drift(drift_migrator_recreate_all_views(g.migrator, &err));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)",
                    "i,j,t,v");
    given_end(&g);
}
END_TEST

START_TEST(views_and_triggers_of_the_temporary_database_stay)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t; CREATE TEMP TRIGGER ours INSTEAD OF "
                       "INSERT ON main.v BEGIN SELECT new.a; END; CREATE TEMP VIEW v AS SELECT 1 AS z; CREATE TEMP "
                       "TRIGGER theirs INSTEAD OF INSERT ON v BEGIN SELECT new.z; END; CREATE VIEW went AS SELECT 1 AS "
                       "o; CREATE TRIGGER with_it INSTEAD OF INSERT ON went BEGIN SELECT new.o; END",
                       "CREATE TABLE t(a); CREATE VIEW v AS SELECT a, a + 1 AS b FROM t");
    ck_assert_drift(drift_migrator_recreate_all_views(g.migrator, &err));
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM (SELECT name FROM temp.sqlite_schema ORDER BY name)",
                    "ours,theirs,v");
    ck_assert_value(g.connection, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)",
                    "t,v");
    given_end(&g);
}
END_TEST

START_TEST(without_a_schema_what_needs_one_is_misuse)
{
    drift_error err = {0}, second = {0};
    drift_migrator *migrator = NULL;
    given g = given_database("SELECT 1", all_kinds);
    ck_assert_drift(drift_migrator_new(&migrator, g.connection, NULL, &err));
    ck_assert_int_eq(drift_migrator_create_all(migrator, &err), DRIFT_MISUSE);
    ck_assert_int_eq(drift_migrator_recreate_all_views(migrator, &second), DRIFT_MISUSE);
    drift_migrator_free(migrator);
    given_end(&g);
}
END_TEST

TCase *create_case(void)
{
    TCase *tcase = suite_case("create");
    tcase_add_test(tcase, create_all_creates_what_is_missing_and_keeps_what_is_there);
    tcase_add_test(tcase, create_all_is_atomic);
    tcase_add_test(tcase, a_query_is_run_when_all_is_created);
    tcase_add_test(tcase, every_kind_is_created_from_its_text_and_dropped_again);
    tcase_add_test(tcase, a_handle_of_one_kind_is_created);
    tcase_add_test(tcase, a_table_without_a_text_is_rendered_from_its_data);
    tcase_add_test(tcase, all_views_are_created_anew_in_an_order_that_compiles);
    tcase_add_test(tcase, a_view_that_does_not_compile_is_told_and_the_old_ones_stand);
    tcase_add_loop_test(tcase, what_the_new_views_would_break_fails_the_call, 0,
                        (int)(sizeof broken_by_views / sizeof *broken_by_views));
    tcase_add_test(tcase, what_was_broken_before_the_new_views_does_not_block_them);
    tcase_add_test(tcase, views_and_triggers_of_the_temporary_database_stay);
    tcase_add_test(tcase, without_a_schema_what_needs_one_is_misuse);
    return tcase;
}
