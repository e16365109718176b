/* check_foreign_keys.c — a rebuilt or dropped parent never costs another table a row, in every kind of transaction. */
#include <sqlite3.h>
#include <string.h>

#include "migrate/given.h"

static const char family[] =
    "CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO parent VALUES (1, 'a'), (2, 'b');"
    "CREATE TABLE cascades(p INTEGER NOT NULL REFERENCES parent(id) ON DELETE CASCADE ON UPDATE CASCADE, v);"
    "CREATE TABLE nulls(p INTEGER REFERENCES parent(id) ON DELETE SET NULL, v);"
    "CREATE TABLE defaults(p INTEGER DEFAULT 2 REFERENCES parent(id) ON DELETE SET DEFAULT, v);"
    "CREATE TABLE restricts(p INTEGER REFERENCES PARENT ON DELETE RESTRICT, v);"
    "CREATE TABLE defers(p INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED, v);"
    "CREATE TABLE grandchild(c REFERENCES cascades(rowid_of) ON DELETE CASCADE);"
    "ALTER TABLE cascades ADD COLUMN rowid_of INTEGER; CREATE UNIQUE INDEX ci ON cascades(rowid_of);"
    "INSERT INTO cascades VALUES (1, 'x', 1), (2, 'y', 2); INSERT INTO nulls VALUES (1, 'x'), (NULL, 'n');"
    "INSERT INTO defaults VALUES (1, 'x'); INSERT INTO restricts VALUES (2, 'z'); INSERT INTO defers VALUES (2, 'd');"
    "INSERT INTO grandchild VALUES (1); PRAGMA foreign_keys = ON";

static const char grown[] = "CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> ''))";

static const char *const beginnings[] = {
    "SELECT 1",
    "BEGIN",
    "SAVEPOINT one",
    "BEGIN; SAVEPOINT one; SAVEPOINT two",
    "BEGIN; PRAGMA defer_foreign_keys = ON",
};
static const char *const endings[] = {
    "SELECT 1", "COMMIT", "RELEASE one", "RELEASE two; RELEASE one; COMMIT", "COMMIT",
};
enum { BEGINNINGS = sizeof beginnings / sizeof *beginnings };

START_TEST(a_rebuilt_parent_leaves_every_other_table_as_it_is)
{
    static const char *const parent[] = {"parent", NULL};
    drift_error err = {0};
    const int how = _i % BEGINNINGS;
    given g = given_database_in((given_world)(_i / BEGINNINGS), family, grown);
    char *before = suite_digest(g.connection, parent);
    given_run(&g, beginnings[how]);
    ck_assert_drift(given_rebuild(&g, "parent", &err));
    ck_assert_value(g.connection, "PRAGMA foreign_keys", "1");
    given_run(&g, endings[how]);
    suite_same_digest(before, suite_digest(g.connection, parent));
    ck_assert_value(g.connection, "SELECT count(*) FROM pragma_foreign_key_check", "0");
    /* and they are enforced again */
    ck_assert_int_eq(drift_exec(g.connection, "DELETE FROM parent WHERE id = 2", NULL), DRIFT_FOREIGN_KEY);
    given_run(&g, "DELETE FROM restricts; DELETE FROM defers; DELETE FROM parent WHERE id = 1");
    ck_assert_value(g.connection, "SELECT count(*) FROM cascades", "1");
    given_end(&g);
}
END_TEST

START_TEST(a_dropped_parent_leaves_its_children)
{
    static const char *const parent[] = {"parent", NULL};
    drift_error err = {0};
    given g = given_database(family, grown);
    char *before = suite_digest(g.connection, parent);
    given_run(&g, beginnings[_i]);
    ck_assert_drift(drift_migrator_drop_table(g.migrator, "parent", &err));
    ck_assert_value(g.connection, "PRAGMA foreign_keys", "1");
    given_run(&g, endings[_i]);
    suite_same_digest(before, suite_digest(g.connection, parent));
    given_end(&g);
}
END_TEST

static int rebuild_parent(const given *g, drift_error *err)
{
    return given_rebuild(g, "parent", err);
}

START_TEST(a_constraint_that_is_deferred_and_violated_refuses_and_names_the_tables_in_danger)
{
    given g = given_database(family, grown);
    given_run(&g, "BEGIN; INSERT INTO defers VALUES (99, 'not yet')");
    given_refused(&g, DRIFT_UNSUPPORTED, "\"parent\"|\"cascades\", \"nulls\", \"defaults\", \"restricts\", \"defers\"",
                  rebuild_parent);
    given_run(&g, "INSERT INTO parent VALUES (99, 'now'); COMMIT");
    given_end(&g);
}
END_TEST

START_TEST(a_table_that_nothing_references_can_be_rebuilt_even_then)
{
    drift_error err = {0};
    given g =
        given_database(family, "CREATE TABLE nulls(p INTEGER REFERENCES parent(id) ON DELETE SET NULL, v NOT NULL)");
    given_run(&g, "BEGIN; INSERT INTO defers VALUES (99, 'not yet')");
    ck_assert_drift(given_rebuild(&g, "nulls", &err));
    given_run(&g, "INSERT INTO parent VALUES (99, 'now'); COMMIT");
    ck_assert_value(g.connection, "SELECT group_concat(quote(p)) FROM nulls", "1,NULL");
    given_end(&g);
}
END_TEST

START_TEST(foreign_keys_that_are_off_stay_off)
{
    drift_error err = {0};
    given g = given_database(family, grown);
    given_run(&g, "PRAGMA foreign_keys = OFF");
    ck_assert_drift(given_rebuild(&g, "parent", &err));
    ck_assert_value(g.connection, "PRAGMA foreign_keys", "0");
    given_end(&g);
}
END_TEST

static int lose_a_parent(const given *g, drift_error *err)
{
    const drift_table_migration migration = {
        .table = given_table(g, "parent"),
        .transforms = (drift_column_transform[]){{given_column(g, "parent", "id"), "id + 10"}, {0}}};
    return drift_migrator_alter_table(g->migrator, &migration, err);
}

START_TEST(a_rebuild_that_leaves_an_orphan_is_rolled_back)
{
    given g = given_database(family, grown);
    given_refused(&g, DRIFT_FOREIGN_KEY, "rowid = 1|\"cascades\"|\"parent\"", lose_a_parent);
    given_run(&g, "BEGIN");
    given_refused(&g, DRIFT_FOREIGN_KEY, "rowid = 1|\"cascades\"|\"parent\"", lose_a_parent);
    given_end(&g);
}
END_TEST

START_TEST(an_orphan_that_was_there_before_does_not_block)
{
    drift_error err = {0};
    given g = given_database(family, grown);
    given_run(&g, "PRAGMA foreign_keys = OFF; INSERT INTO cascades VALUES (77, 'orphan', 3); PRAGMA foreign_keys = ON");
    ck_assert_drift(given_rebuild(&g, "parent", &err));
    given_end(&g);
}
END_TEST

/* Foreign keys that are on would refuse the copy: the row for its parent, the table for its parent's key. */
START_TEST(an_orphan_or_a_mismatch_of_the_table_itself_does_not_block)
{
    drift_error err = {0};
    given g =
        given_database("CREATE TABLE p(a, b); CREATE TABLE q(id INTEGER PRIMARY KEY); CREATE TABLE c(x REFERENCES "
                       "p(b), y REFERENCES q); INSERT INTO c VALUES (1, NULL), (NULL, 7); PRAGMA foreign_keys = ON",
                       "CREATE TABLE c(x REFERENCES p(b), y REFERENCES q, CHECK (x IS NULL OR y IS NULL))");
    given_run(&g, beginnings[_i]);
    ck_assert_drift(given_rebuild(&g, "c", &err));
    given_run(&g, endings[_i]);
    ck_assert_value(g.connection, "SELECT count(*) FROM c", "2");
    given_end(&g);
}
END_TEST

START_TEST(a_pragma_that_would_have_no_effect_is_refused)
{
    drift_error err = {0};
    given g = given_database(family, grown);
    given_run(&g, beginnings[_i]);
    ck_assert_drift_fails(
        drift_migrator_exec(g.migrator, "CREATE TABLE x(a);\n  pragma main.\"foreign_keys\" = off; DROP TABLE parent",
                            &err),
        DRIFT_MIGRATION);
    ck_assert_int_eq(err.line, 2);
    ck_assert_value(g.connection, "SELECT count(*) FROM cascades", "2");
    given_run(&g, endings[_i]);
    given_end(&g);
}
END_TEST

TCase *foreign_keys_case(void)
{
    TCase *tcase = suite_case("foreign keys");
    tcase_add_loop_test(tcase, a_rebuilt_parent_leaves_every_other_table_as_it_is, 0, GIVEN_WORLDS * BEGINNINGS);
    tcase_add_loop_test(tcase, a_dropped_parent_leaves_its_children, 0, BEGINNINGS);
    tcase_add_test(tcase, a_constraint_that_is_deferred_and_violated_refuses_and_names_the_tables_in_danger);
    tcase_add_test(tcase, a_table_that_nothing_references_can_be_rebuilt_even_then);
    tcase_add_test(tcase, foreign_keys_that_are_off_stay_off);
    tcase_add_test(tcase, a_rebuild_that_leaves_an_orphan_is_rolled_back);
    tcase_add_test(tcase, an_orphan_that_was_there_before_does_not_block);
    tcase_add_loop_test(tcase, an_orphan_or_a_mismatch_of_the_table_itself_does_not_block, 0, BEGINNINGS);
    tcase_add_loop_test(tcase, a_pragma_that_would_have_no_effect_is_refused, 0, BEGINNINGS);
    return tcase;
}
