/* check_step.c — from version to version. */
#include <string.h>

#include "migrate/given.h"

/* Each step writes down what it ran as. */
static int note(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(from), DRIFT_BIND_INT64(to),
                                 DRIFT_BIND_TEXT(payload, strlen(payload))};
    ck_assert_int_eq(drift_migrator_schema(migrator) ? drift_migrator_schema(migrator)->version : 0, to == 9 ? 0 : to);
    return drift_migrator_query(migrator, "INSERT INTO ran VALUES (?1 || '>' || ?2 || ?3)", binds, 3, NULL, NULL, err);
}

static int stumble(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    return drift_migrator_exec(migrator, "INSERT INTO absent VALUES (1)", err);
}

static const drift_schema v2 = {.version = 2}, v3 = {.version = 3}, v5 = {.version = 5};
static const drift_migration_step steps[] = {
    {1, 2, &v2, note, "a"}, {2, 3, &v3, note, "b"},  {3, 5, &v5, note, "c"},
    {1, 3, &v3, note, "d"}, {5, 9, NULL, note, "e"}, {9, 10, NULL, stumble, NULL},
};

typedef struct way {
    int from, to;
    const char *ran;
} way;

static const way ways[] = {
    {1, 2, "1>2a"}, {1, 3, "1>3d"}, {1, 5, "1>3d,3>5c"}, {2, 9, "2>3b,3>5c,5>9e"}, {3, 3, "NULL"}};

START_TEST(the_longest_step_that_does_not_pass_the_target_is_taken)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE ran(what)", "CREATE TABLE t(a)");
    ck_assert_drift(drift_migrator_run_steps(g.migrator, steps, 6, ways[_i].from, ways[_i].to, &err));
    ck_assert_value(g.connection, "SELECT group_concat(what) FROM ran", ways[_i].ran);
    ck_assert_ptr_eq(drift_migrator_schema(g.migrator), g.schema);
    given_end(&g);
}
END_TEST

static int beyond_a_gap(const given *g, drift_error *err)
{
    return drift_migrator_run_steps(g->migrator, steps, 6, 1, 4, err);
}

START_TEST(a_gap_is_told_before_any_step_runs)
{
    given g = given_database("CREATE TABLE ran(what)", "CREATE TABLE t(a)");
    given_refused(&g, DRIFT_NOT_FOUND, "from version 1 to 4|begins at 3", beyond_a_gap);
    given_end(&g);
}
END_TEST

START_TEST(a_step_that_fails_is_named)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE ran(what)", "CREATE TABLE t(a)");
    ck_assert_drift_fails(drift_migrator_run_steps(g.migrator, steps, 6, 5, 10, &err), DRIFT_SQL);
    ck_assert_str_eq(err.source, "step 9 to 10");
    ck_assert_ptr_eq(drift_migrator_schema(g.migrator), g.schema);
    given_end(&g);
}
END_TEST

START_TEST(steps_backwards_are_misuse)
{
    drift_error err = {0};
    given g = given_database("CREATE TABLE ran(what)", "CREATE TABLE t(a)");
    ck_assert_drift_fails(drift_migrator_run_steps(g.migrator, steps, 6, 3, 1, &err), DRIFT_MISUSE);
    given_end(&g);
}
END_TEST

START_TEST(a_version_that_user_version_cannot_hold_is_misuse)
{
    drift_error err = {0};
    given g = given_database("SELECT 1", "CREATE TABLE t(a)");
    ck_assert_int_eq(drift_migrator_stamp(g.migrator, _i - 1, &err), _i == 2 ? DRIFT_OK : DRIFT_MISUSE);
    given_end(&g);
}
END_TEST

START_TEST(a_script_is_atomic_and_is_recorded)
{
    drift_error err = {0};
    size_t count = 0;
    given g = given_database("CREATE TABLE ran(what)", "CREATE TABLE t(a)");
    ck_assert_drift_fails(
        drift_migrator_exec(g.migrator, "INSERT INTO ran VALUES (1);\nINSERT INTO absent VALUES (1)", &err), DRIFT_SQL);
    ck_assert_int_eq(err.line, 2);
    ck_assert_value(g.connection, "SELECT count(*) FROM ran", "0");
    err = (drift_error){0};
    ck_assert_drift(drift_migrator_exec(g.migrator, "INSERT INTO ran VALUES (1)", &err));
    ck_assert_str_eq(drift_migrator_touched(g.migrator, &count)[0].name, "INSERT INTO ran VALUES (1)");
    ck_assert_uint_eq(count, 1);
    given_end(&g);
}
END_TEST

TCase *step_case(void)
{
    TCase *tcase = suite_case("steps");
    tcase_add_loop_test(tcase, the_longest_step_that_does_not_pass_the_target_is_taken, 0,
                        (int)(sizeof ways / sizeof *ways));
    tcase_add_test(tcase, a_gap_is_told_before_any_step_runs);
    tcase_add_test(tcase, a_step_that_fails_is_named);
    tcase_add_test(tcase, steps_backwards_are_misuse);
    tcase_add_loop_test(tcase, a_version_that_user_version_cannot_hold_is_misuse, 0, 3);
    tcase_add_test(tcase, a_script_is_atomic_and_is_recorded);
    return tcase;
}
