/* check_audit.c — rows that change in tables that a step does not name. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "support/memory.h"
#include "support/suite.h"
#include "verify/given.h"

#define FAMILY                                         \
    "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);" \
    "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE);"
#define REBUILD                                                                                       \
    "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO n SELECT * FROM p;\nDROP TABLE p; " \
    "ALTER TABLE n RENAME TO p"
#define LOGGED                          \
    "CREATE TABLE t (a TEXT, b INT);"   \
    "CREATE TABLE log (x TEXT, n INT);" \
    "CREATE TRIGGER keep AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (old.a, 1); END;"

/* Only the findings of the audit: what became of the rows is told by other codes too. */
static void assert_collateral(const given *g, const drift_verify_options *options, const char *expected)
{
    char text[4096] = "";
    drift_outcome *outcome = given_verify(g, options);
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        for (size_t k = 0; k < run->finding_count; k++) {
            const drift_finding *f = &run->findings[k];
            const size_t used = strlen(text);
            if (f->code == DRIFT_FINDING_DATA_COLLATERAL)
                snprintf(text + used, sizeof text - used, "%d->%d %s [%s]: %s\n", run->from, run->to, f->object,
                         f->step, f->message);
        }
    }
    ck_assert_str_eq(text, expected);
    drift_outcome_free(outcome);
}

static void assert_pair(const char *schema, const char *step, drift_runner runner, const char *expected)
{
    given g = given_pair(schema, schema, step);
    assert_collateral(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .runner = runner},
                      expected);
    given_done(&g);
}

START_TEST(rows_that_a_foreign_key_deletes_are_told_with_the_statement)
{
    static const char told[] =
        "1->2 c [1->2]: rows changed though the step does not name c, through a foreign key: DROP TABLE p\n";
    assert_pair(FAMILY, REBUILD, DRIFT_RUNNER_TRANSACTION, told);
    assert_pair(FAMILY, REBUILD, DRIFT_RUNNER_DRIFT, "");
    assert_pair(FAMILY, "PRAGMA foreign_keys = ON; " REBUILD, DRIFT_RUNNER_PLAIN, told);
}
END_TEST

START_TEST(a_key_that_is_set_to_null_is_told)
{
    assert_pair("CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);"
                "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE SET NULL)",
                "DELETE\n  FROM p -- all\n  WHERE id > -99999999", DRIFT_RUNNER_TRANSACTION,
                "1->2 c [1->2]: rows changed though the step does not name c, through a foreign key: DELETE FROM p "
                "WHERE id > -99999999\n");
}
END_TEST

START_TEST(rows_that_a_trigger_writes_are_told_with_the_trigger)
{
    assert_pair(LOGGED, "UPDATE t SET a = a", DRIFT_RUNNER_DRIFT,
                "1->2 log [1->2]: rows changed though the step does not name log, through the trigger keep: UPDATE t "
                "SET a = a\n");
}
END_TEST

START_TEST(counts_are_told_where_they_differ)
{
    given g = given_pair(LOGGED, LOGGED, "UPDATE t SET a = a");
    drift_outcome *outcome =
        given_verify(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .no_paths = true});
    const drift_finding *last = &outcome->runs[0].findings[outcome->runs[0].finding_count - 1];
    ck_assert_int_eq(last->code, DRIFT_FINDING_DATA_COLLATERAL);
    ck_assert_str_eq(last->expected, "1");
    ck_assert_str_eq(last->actual, "2");
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

/* What names a table, and what does not. */
START_TEST(a_name_counts_wherever_a_statement_says_it)
{
    static const char *const naming[] = {
        "UPDATE t SET a = a; SELECT * FROM log",
        "UPDATE t SET a = a; SELECT 1 FROM \"LOG\"",
        "UPDATE t SET a = a; SELECT 1 FROM [log]",
        "UPDATE t SET a = a; SELECT 1 FROM `log`",
        "UPDATE t SET a = a; SELECT 1 FROM 'log'",
        "UPDATE t SET a = a; SELECT 1 FROM main.log",
        "UPDATE t SET a = a; CREATE TEMP TRIGGER x AFTER INSERT ON log BEGIN SELECT 1; END; DROP TRIGGER x",
    };
    static const char *const silent[] = {
        "UPDATE t SET a = a; -- log",
        "UPDATE t SET a = a /* log */",
        "UPDATE t SET a = 'log'",
        "CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM log; END; DROP TRIGGER x; UPDATE t SET a = a",
    };
    for (size_t i = 0; i < sizeof naming / sizeof naming[0]; i++)
        assert_pair(LOGGED, naming[i], DRIFT_RUNNER_PLAIN, "");
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        given g = given_pair(LOGGED, LOGGED, silent[i]);
        drift_outcome *outcome = given_verify(&g, &(drift_verify_options){.levels = 2, .seed = 7});
        bool told = false;
        for (size_t k = 0; k < outcome->runs[0].finding_count; k++)
            told |= outcome->runs[0].findings[k].code == DRIFT_FINDING_DATA_COLLATERAL;
        ck_assert_msg(told, "not told: %s", silent[i]);
        drift_outcome_free(outcome);
        given_done(&g);
    }
}
END_TEST

START_TEST(what_is_as_it_was_at_the_end_is_no_finding)
{
    /* The trigger could write, and does not; it writes, and that is undone; nothing is there to be deleted. */
    assert_pair("CREATE TABLE t (a INT); CREATE TABLE log (x);"
                "CREATE TRIGGER keep AFTER UPDATE ON t WHEN new.a IS NOT old.a BEGIN DELETE FROM log; END",
                "UPDATE t SET a = a", DRIFT_RUNNER_DRIFT, "");
    assert_pair(LOGGED, "SAVEPOINT s; UPDATE t SET a = a; ROLLBACK TO s; RELEASE s", DRIFT_RUNNER_DRIFT, "");
    given g = given_pair(FAMILY, FAMILY, REBUILD);
    assert_collateral(&g, &(drift_verify_options){.levels = 1, .runner = DRIFT_RUNNER_TRANSACTION}, "");
    given_done(&g);
}
END_TEST

START_TEST(of_several_statements_the_one_that_did_it_is_told)
{
    static const char schema[] = "CREATE TABLE t (a INT); CREATE TABLE log (x INT);"
                                 "CREATE TRIGGER keep AFTER UPDATE ON t WHEN new.a = 77 BEGIN UPDATE log SET x = x || "
                                 "'!'; END";
    assert_pair(schema, "UPDATE t SET a = 1; UPDATE t SET a = 77; UPDATE t SET a = 3", DRIFT_RUNNER_DRIFT,
                "1->2 log [1->2]: rows changed though the step does not name log, through the trigger keep: UPDATE t "
                "SET a = 77\n");
}
END_TEST

START_TEST(a_trigger_that_the_step_itself_makes_is_followed)
{
    assert_pair("CREATE TABLE t (a INT); CREATE TABLE log (x INT)",
                "CREATE TEMP TRIGGER x AFTER UPDATE ON main.t BEGIN DELETE FROM log; END; UPDATE t SET a = a;"
                "DROP TRIGGER x",
                DRIFT_RUNNER_DRIFT,
                "1->2 log [1->2]: rows changed though the step does not name log, through the trigger x: UPDATE t SET "
                "a = a\n");
}
END_TEST

START_TEST(an_index_over_the_content_of_a_table_is_that_tables)
{
    /* The triggers that https://www.sqlite.org/fts5.html#external_content_tables gives. */
    static const char indexed[] =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);"
        "CREATE VIRTUAL TABLE f USING fts5 (a, content = t, content_rowid = id);"
        "CREATE TRIGGER ti AFTER INSERT ON t BEGIN INSERT INTO f (rowid, a) VALUES (new.id, new.a); END;"
        "CREATE TRIGGER tu AFTER UPDATE ON t BEGIN INSERT INTO f (f, rowid, a) VALUES ('delete', old.id, old.a);"
        " INSERT INTO f (rowid, a) VALUES (new.id, new.a); END";
    static const char own[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a);"
                              "CREATE TRIGGER tu AFTER UPDATE ON t BEGIN INSERT INTO f (a) VALUES (new.a); END";
    assert_pair(indexed, "UPDATE t SET a = a || '!'", DRIFT_RUNNER_DRIFT, "");
    assert_pair(own, "UPDATE t SET a = a", DRIFT_RUNNER_DRIFT,
                "1->2 f [1->2]: rows changed though the step does not name f, through the trigger tu: UPDATE t SET a = "
                "a\n");
}
END_TEST

START_TEST(each_step_of_a_way_answers_for_itself)
{
    given g = given_pair(LOGGED, LOGGED, "SELECT * FROM log");
    given_add(&g, LOGGED, "UPDATE t SET a = a");
    assert_collateral(
        &g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .from = 1, .to = 3},
        "1->3 log [2->3]: rows changed though the step does not name log, through the trigger keep: UPDATE t SET a = "
        "a\n");
    given_done(&g);
}
END_TEST

/* ---- what is declared ---- */

START_TEST(a_table_that_a_step_is_expected_to_touch_is_no_finding)
{
    given g = given_pair(LOGGED, LOGGED, "UPDATE t SET a = a");
    const drift_expectation item = {.from = 1, .to = 2, .kind = DRIFT_EXPECT_TOUCHES, .table = "log"};
    const drift_expectations expect = {.items = &item, .count = 1};
    assert_collateral(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .expect = &expect}, "");
    given_done(&g);
}
END_TEST

/* ---- veto ---- */

static void assert_vetoed(const char *schema, const char *step, drift_runner runner, const char *expected)
{
    given g = given_pair(schema, schema, step);
    assert_findings(
        given_verify(
            &g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .runner = runner, .veto = true}),
        expected);
    given_done(&g);
}

START_TEST(a_veto_refuses_before_a_row_is_lost)
{
    assert_vetoed(FAMILY, REBUILD, DRIFT_RUNNER_TRANSACTION,
                  "1->2 one: migration.failed -: v1_to_v2.sql:2:1: the audit refused a statement that may change rows "
                  "of c, which the step does not name, through a foreign key: DROP TABLE p\n");
    assert_vetoed(LOGGED, "UPDATE t SET a = a", DRIFT_RUNNER_DRIFT,
                  "1->2 one: migration.failed -: v1_to_v2.sql:1:1: the audit refused a statement that may change rows "
                  "of log, which the step does not name, through the trigger keep: UPDATE t SET a = a\n");
    assert_vetoed(LOGGED, "UPDATE t SET a = a", DRIFT_RUNNER_PLAIN,
                  "1->2 one: migration.failed -: v1_to_v2.sql:1:1: the audit refused a statement that may change rows "
                  "of log, which the step does not name, through the trigger keep: UPDATE t SET a = a\n");
}
END_TEST

START_TEST(a_veto_lets_pass_what_the_step_names)
{
    assert_vetoed(LOGGED, "DELETE FROM log WHERE 0; UPDATE t SET a = a WHERE 0", DRIFT_RUNNER_DRIFT, "");
    assert_vetoed(FAMILY, REBUILD, DRIFT_RUNNER_DRIFT, "");
}
END_TEST

/* ---- definitions in C ---- */

static int by_migrator(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

static int by_statement(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    drift_statement *statement = NULL;
    (void)from;
    (void)to;
    int rc = drift_statement_prepare(&statement, drift_migrator_connection(migrator), payload, err);
    for (int i = 0; rc == DRIFT_OK && i < 3; i++) rc = drift_statement_run(statement, err);
    drift_statement_free(statement);
    return rc;
}

static int by_handle(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    sqlite3 *handle = drift_connection_handle(drift_migrator_connection(migrator));
    (void)from;
    (void)to;
    (void)err;
    return sqlite3_exec(handle, payload, NULL, NULL, NULL) == SQLITE_OK ? DRIFT_OK : DRIFT_SQL;
}

static drift_outcome *verify_in_c(const given *g, drift_upgrade_fn upgrade, const char *sql,
                                  const drift_verify_options *options)
{
    const drift_database_definition definition = {
        .name = "app", .schema_version = 2, .strategy = {.on_upgrade = upgrade, .payload = sql}};
    return given_verify_definition(g, &definition, options);
}

static size_t collaterals(drift_outcome *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->run_count; i++) {
        for (size_t k = 0; k < outcome->runs[i].finding_count; k++)
            count += outcome->runs[i].findings[k].code == DRIFT_FINDING_DATA_COLLATERAL;
    }
    drift_outcome_free(outcome);
    return count;
}

START_TEST(code_in_c_is_watched_whatever_it_runs_sql_with)
{
    static const drift_upgrade_fn ways[] = {by_migrator, by_statement, by_handle};
    const drift_verify_options one = {.levels = 1u << DRIFT_DATA_ONE, .seed = 7};
    given g = given_pair(LOGGED, LOGGED, "");
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        ck_assert_uint_eq(collaterals(verify_in_c(&g, ways[i], "UPDATE t SET a = a", &one)), 1);
        ck_assert_uint_eq(collaterals(verify_in_c(&g, ways[i], "UPDATE t SET a = (SELECT a FROM log)", &one)), 0);
        ck_assert_uint_eq(collaterals(verify_in_c(&g, ways[i], "SELECT * FROM t", &one)), 0);
    }
    ck_assert_uint_eq(collaterals(verify_in_c(&g, by_migrator, "UPDATE t SET a = a; DELETE FROM log", &one)), 0);
    given_done(&g);
}
END_TEST

START_TEST(code_in_c_is_vetoed)
{
    given g = given_pair(LOGGED, LOGGED, "");
    const drift_verify_options veto = {.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .veto = true};
    assert_findings(verify_in_c(&g, by_migrator, "UPDATE t SET a = a", &veto),
                    "1->2 one: migration.failed -: the audit refused a statement that may change rows of log, which "
                    "the step does not name, through the trigger keep: UPDATE t SET a = a\n");
    given_done(&g);
}
END_TEST

/* ---- memory ---- */

static given swept;

static int attempt_to_audit(void)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift_schema_provider provider = swept.provider;
    drift_step_folder steps = swept.steps;
    provider.payload = &swept;
    steps.files = swept.files;
    const int rc = drift_verify_migrations(
        &outcome, &provider, &(drift_migration_source){.steps = &steps},
        &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .runner = DRIFT_RUNNER_TRANSACTION}, &err);
    bool told = rc != DRIFT_OK;
    for (size_t i = 0; !told && i < outcome->runs[0].finding_count; i++)
        told = outcome->runs[0].findings[i].code == DRIFT_FINDING_DATA_COLLATERAL ||
               outcome->runs[0].status == DRIFT_RUN_ERROR ||
               outcome->runs[0].findings[i].code == DRIFT_FINDING_MIGRATION_FAILED;
    drift_outcome_free(outcome);
    ck_assert(told);
    return rc;
}

/* Whatever fails for want of memory: nothing leaks, and what was lost is never passed over. */
START_TEST(auditing_without_memory_neither_leaks_nor_lies)
{
    swept = given_pair(FAMILY, FAMILY, REBUILD);
    for (long nth = 1;; nth += 13) {
        suite_memory_fail(nth, nth % 2 == 0);
        const int status = attempt_to_audit();
        if (!suite_memory_restore()) break;
        ck_assert_msg(status == DRIFT_OK || drift_status_exit(status) >= 3, "allocation %ld gave %d", nth, status);
    }
    given_done(&swept);
}
END_TEST

TCase *case_audit(void)
{
    TCase *tcase = suite_case("audit");
    tcase_add_test(tcase, rows_that_a_foreign_key_deletes_are_told_with_the_statement);
    tcase_add_test(tcase, a_key_that_is_set_to_null_is_told);
    tcase_add_test(tcase, rows_that_a_trigger_writes_are_told_with_the_trigger);
    tcase_add_test(tcase, counts_are_told_where_they_differ);
    tcase_add_test(tcase, a_name_counts_wherever_a_statement_says_it);
    tcase_add_test(tcase, what_is_as_it_was_at_the_end_is_no_finding);
    tcase_add_test(tcase, of_several_statements_the_one_that_did_it_is_told);
    tcase_add_test(tcase, a_trigger_that_the_step_itself_makes_is_followed);
    tcase_add_test(tcase, an_index_over_the_content_of_a_table_is_that_tables);
    tcase_add_test(tcase, each_step_of_a_way_answers_for_itself);
    tcase_add_test(tcase, a_table_that_a_step_is_expected_to_touch_is_no_finding);
    tcase_add_test(tcase, a_veto_refuses_before_a_row_is_lost);
    tcase_add_test(tcase, a_veto_lets_pass_what_the_step_names);
    tcase_add_test(tcase, code_in_c_is_watched_whatever_it_runs_sql_with);
    tcase_add_test(tcase, code_in_c_is_vetoed);
    tcase_add_test(tcase, auditing_without_memory_neither_leaks_nor_lies);
    return tcase;
}
