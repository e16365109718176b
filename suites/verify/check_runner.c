/* check_runner.c — the runners, and what a migration leaves. */
#include <stdio.h>
#include <string.h>

#include "support/suite.h"
#include "verify/given.h"

static const char *const parent_and_child = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);"
                                            "CREATE TABLE c (p INT NOT NULL REFERENCES p ON DELETE CASCADE)";

/* A rebuild of the parent. */
static const char *const rebuild =
    "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO n SELECT * FROM p; DROP TABLE p;"
    "ALTER TABLE n RENAME TO p";

#define LOST_CHILDREN                                                      \
    "1->2 one: data.lost_rows c: 1 of 1 rows lost, the first: rowid = 1\n" \
    "1->2 one: data.collateral c: rows changed though the step does not name c, through a foreign key: DROP TABLE p\n"

static void assert_run(const char *schema, const char *step, drift_runner runner, const char *findings)
{
    given g = given_pair(schema, schema, step);
    assert_findings(
        given_verify(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .runner = runner}),
        findings);
    given_done(&g);
}

START_TEST(a_rebuild_of_a_parent_keeps_the_children_where_foreign_keys_are_off)
{
    assert_run(parent_and_child, rebuild, DRIFT_RUNNER_DRIFT, "");
    assert_run(parent_and_child, rebuild, DRIFT_RUNNER_PLAIN, "");
    assert_run(parent_and_child, rebuild, DRIFT_RUNNER_TRANSACTION, LOST_CHILDREN);
}
END_TEST

START_TEST(a_pragma_inside_a_transaction_does_not_help)
{
    char script[512];
    snprintf(script, sizeof script, "PRAGMA foreign_keys = OFF; %s", rebuild);
    assert_run(parent_and_child, script, DRIFT_RUNNER_TRANSACTION, LOST_CHILDREN);
}
END_TEST

START_TEST(plain_starts_with_foreign_keys_off_and_then_does_as_the_script_says)
{
    char script[512];
    snprintf(script, sizeof script, "PRAGMA foreign_keys = ON; %s", rebuild);
    assert_run(parent_and_child, script, DRIFT_RUNNER_PLAIN, LOST_CHILDREN);
}
END_TEST

START_TEST(an_orphan_that_a_migration_makes_is_found_by_every_runner)
{
    assert_run(parent_and_child, "UPDATE c SET p = p + 1", DRIFT_RUNNER_DRIFT,
               "1->2 one: fk.violation c: the row with rowid = 1 has no parent in p: FOREIGN KEY (p) REFERENCES p\n");
    assert_run(
        parent_and_child, "UPDATE c SET p = p + 1", DRIFT_RUNNER_TRANSACTION,
        "1->2 one: migration.failed -: v1_to_v2.sql:1:1: FOREIGN KEY constraint failed; in: UPDATE c SET p = p + 1\n");
    assert_run(parent_and_child, "PRAGMA foreign_keys = OFF; DELETE FROM p; INSERT INTO p VALUES (-1, 'x')",
               DRIFT_RUNNER_PLAIN,
               "1->2 one: data.lost_rows p: 1 of 1 rows lost, the first: id = 3763\n"
               "1->2 one: data.extra_rows p: 1 of 1 rows were not there before, the first: id = -1\n"
               "1->2 one: fk.violation c: the row with rowid = 1 has no parent in p: FOREIGN KEY (p) REFERENCES p\n");
}
END_TEST

START_TEST(a_foreign_key_that_many_rows_break_is_told_once)
{
    assert_run(parent_and_child, "INSERT INTO c VALUES (-1), (-2), (-3)", DRIFT_RUNNER_DRIFT,
               "1->2 one: fk.violation c: 3 rows have no parent in p, the first with rowid = 2: FOREIGN KEY (p)"
               " REFERENCES p\n");
    assert_run(parent_and_child, "INSERT INTO c VALUES (-1), (-2), (-3)", DRIFT_RUNNER_PLAIN,
               "1->2 one: data.extra_rows c: 3 of 4 rows were not there before, the first: rowid = 2\n"
               "1->2 one: fk.violation c: 3 rows have no parent in p, the first with rowid = 2: FOREIGN KEY (p)"
               " REFERENCES p\n");
}
END_TEST

START_TEST(a_reference_that_dangles_from_now_on_is_told)
{
    given g = given_pair("CREATE TABLE a (x INT REFERENCES never)",
                         "CREATE TABLE a (x INT REFERENCES never); CREATE TABLE b (y INT REFERENCES nowhere)",
                         "CREATE TABLE b (y INT REFERENCES nowhere)");
    assert_findings(given_verify(&g, &(drift_verify_options){.levels = 1, .runner = DRIFT_RUNNER_PLAIN}),
                    "1->2 empty: fk.dangling b: nowhere does not exist: FOREIGN KEY (y) REFERENCES nowhere\n");
    given_done(&g);
}
END_TEST

START_TEST(a_failure_leaves_everything_as_it_was_or_that_is_told)
{
    static const char *const schema = "CREATE TABLE t (a TEXT)";
    static const char *const failing = "CREATE TABLE u (x);\nCREATE TABLE u (x);";
    static const char *const failed =
        "1->2 one: migration.failed -: v1_to_v2.sql:2:14: table u already exists; in: CREATE TABLE u (x)\n";
    assert_run(schema, failing, DRIFT_RUNNER_DRIFT, failed);
    assert_run(schema, failing, DRIFT_RUNNER_TRANSACTION, failed);
    assert_run(schema, failing, DRIFT_RUNNER_PLAIN, failed); /* which promises nothing */
    assert_run(
        schema, "DELETE FROM t;\nCOMMIT;", DRIFT_RUNNER_TRANSACTION,
        "1->2 one: migration.failed -: v1_to_v2.sql:2:1: the script ended the transaction that it runs in; hint: a"
        " script with transactions of its own needs --runner plain\n"
        "1->2 one: migration.residue -: the migration failed, and the database is not as before: rows of t\n");
}
END_TEST

START_TEST(a_script_that_no_transaction_bears_is_told_which_runner_it_needs)
{
    static const char *const schema = "CREATE TABLE t (a TEXT)";
    assert_run(
        schema, "COMMIT;", DRIFT_RUNNER_DRIFT,
        "1->2 one: migration.failed -: v1_to_v2.sql:1:1: the statement ended a transaction that drift_transaction"
        " had begun; in: COMMIT; hint: a script with transactions of its own needs --runner plain\n");
    assert_run(schema, "VACUUM;", DRIFT_RUNNER_TRANSACTION,
               "1->2 one: migration.failed -: v1_to_v2.sql:1:1: cannot VACUUM from within a transaction; in: VACUUM;"
               " hint: a script with transactions of its own needs --runner plain\n");
    assert_run(schema, "BEGIN;\nBEGIN;", DRIFT_RUNNER_PLAIN,
               "1->2 one: migration.failed -: v1_to_v2.sql:2:1: cannot start a transaction within a transaction; in:"
               " BEGIN\n");
}
END_TEST

START_TEST(the_stamp_is_the_runners)
{
    static const char *const schema = "CREATE TABLE t (a)";
    assert_run(schema, "PRAGMA user_version = 77", DRIFT_RUNNER_DRIFT, "");
    assert_run(schema, "PRAGMA user_version = 77", DRIFT_RUNNER_TRANSACTION, "");
    assert_run(schema, "PRAGMA user_version = 77", DRIFT_RUNNER_PLAIN, "");
}
END_TEST

START_TEST(without_a_stamp_nothing_is_stamped_or_checked)
{
    for (int runner = DRIFT_RUNNER_DRIFT; runner <= DRIFT_RUNNER_PLAIN; runner++) {
        given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "PRAGMA user_version = 77");
        assert_findings(
            given_verify(&g, &(drift_verify_options){.stamp = DRIFT_STAMP_NONE, .runner = (drift_runner)runner}), "");
        given_done(&g);
    }
}
END_TEST

START_TEST(the_longest_step_that_does_not_pass_the_target_is_taken)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a, b)", "ALTER TABLE t ADD COLUMN b");
    given_add(&g, "CREATE TABLE t (a, b, c)", "ALTER TABLE t ADD COLUMN c");
    /* v1_to_v3 does what both do; if 1->2->3 were run instead, nothing would differ but the table below. */
    static const char direct[] = "ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c; CREATE TABLE direct (x)";
    g.files[2] = g.files[1];
    g.files[1] = (drift_step_file){1, 3, "v1_to_v3.sql", direct, strlen(direct)};
    g.steps.count = 3;
    assert_findings(given_verify(&g, &(drift_verify_options){.levels = 1, .no_paths = true}),
                    "1->3 empty: schema.unexpected direct: table unexpected\n");
    given_done(&g);
}
END_TEST

/* ---- definitions in C ---- */

static int upgrade(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

static drift_outcome *verify_definition(const given *g, const char *sql, drift_foreign_keys policy)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift_schema_provider provider = g->provider;
    provider.payload = g;
    const drift_database_definition definition = {
        .name = "app",
        .schema_version = 2,
        .strategy = {.on_upgrade = upgrade, .payload = sql, .foreign_keys = policy}};
    const drift_verify_options levels = {.levels = 1u << DRIFT_DATA_EMPTY | 1u << DRIFT_DATA_ONE};
    ck_assert_drift(drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.definition = &definition},
                                            &levels, &err));
    return outcome;
}

START_TEST(a_definition_in_c_is_verified_alike)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a, b)", "");
    assert_findings(verify_definition(&g, "ALTER TABLE t ADD COLUMN b", DRIFT_FOREIGN_KEYS_CHECKED), "");
    assert_findings(verify_definition(&g, "SELECT 1", DRIFT_FOREIGN_KEYS_CHECKED),
                    "1->2 empty: schema.column.missing t.b: column missing\n"
                    "1->2 one: schema.column.missing t.b: column missing\n");
    given_done(&g);
}
END_TEST

START_TEST(a_manual_strategy_that_does_not_stamp_fails)
{
    given g = given_pair("CREATE TABLE t (a)", "CREATE TABLE t (a)", "");
    drift_outcome *outcome = verify_definition(&g, "SELECT 1", DRIFT_FOREIGN_KEYS_MANUAL);
    ck_assert_uint_eq(outcome->summary.failed, 2);
    ck_assert_int_eq(outcome->runs[0].findings[0].code, DRIFT_FINDING_MIGRATION_FAILED);
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

TCase *case_runner(void)
{
    TCase *tcase = suite_case("runner");
    tcase_add_test(tcase, a_rebuild_of_a_parent_keeps_the_children_where_foreign_keys_are_off);
    tcase_add_test(tcase, a_pragma_inside_a_transaction_does_not_help);
    tcase_add_test(tcase, plain_starts_with_foreign_keys_off_and_then_does_as_the_script_says);
    tcase_add_test(tcase, an_orphan_that_a_migration_makes_is_found_by_every_runner);
    tcase_add_test(tcase, a_foreign_key_that_many_rows_break_is_told_once);
    tcase_add_test(tcase, a_reference_that_dangles_from_now_on_is_told);
    tcase_add_test(tcase, a_failure_leaves_everything_as_it_was_or_that_is_told);
    tcase_add_test(tcase, a_script_that_no_transaction_bears_is_told_which_runner_it_needs);
    tcase_add_test(tcase, the_stamp_is_the_runners);
    tcase_add_test(tcase, without_a_stamp_nothing_is_stamped_or_checked);
    tcase_add_test(tcase, the_longest_step_that_does_not_pass_the_target_is_taken);
    tcase_add_test(tcase, a_definition_in_c_is_verified_alike);
    tcase_add_test(tcase, a_manual_strategy_that_does_not_stamp_fails);
    return tcase;
}
