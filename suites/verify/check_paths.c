/* check_paths.c — several ways to one version end alike, or that is told. */
#include <string.h>

#include "support/suite.h"
#include "verify/given.h"
#include "verify/world.h"

static const drift_verify_options one = {.levels = 1u << DRIFT_DATA_ONE, .seed = 7};

/* Of version 1, 2 and 3 with a step between each. */
static given three(const char *v1, const char *step1, const char *v2, const char *step2, const char *v3)
{
    given g = given_pair(v1, v2, step1);
    given_add(&g, v3, step2);
    return g;
}

START_TEST(what_a_step_leaves_to_the_next_in_the_connection_is_lost_with_it)
{
    given g = three("CREATE TABLE t (a)", "CREATE TEMP TABLE memo (x)", "CREATE TABLE t (a)", "DROP TABLE memo",
                    "CREATE TABLE t (a)");
    drift_verify_options direct = one;
    direct.from = 1;
    direct.to = 3;
    assert_findings(
        given_verify(&g, &direct),
        "1->3 one: path.schema -: directly (1->2->3) the migration succeeds, but opened anew at each version "
        "(1->2->3) it fails: v2_to_v3.sql: no such table: memo; in: DROP TABLE memo\n");
    given_done(&g);
}
END_TEST

START_TEST(a_setting_that_reaches_into_the_next_step_is_told)
{
    static const char family[] = "CREATE TABLE p (id INTEGER PRIMARY KEY);"
                                 "CREATE TABLE c (p INT REFERENCES p ON DELETE SET NULL)";
    given g = three(family, "PRAGMA foreign_keys = ON", family, "DELETE FROM p WHERE id = (SELECT p FROM c)", family);
    drift_verify_options plain = one;
    plain.runner = DRIFT_RUNNER_PLAIN;
    plain.from = 1;
    plain.to = 3;
    drift_outcome *outcome = given_verify(&g, &plain);
    const drift_finding *last = &outcome->runs[0].findings[outcome->runs[0].finding_count - 1];
    ck_assert_int_eq(last->code, DRIFT_FINDING_PATH_DATA);
    ck_assert_str_eq(last->object, "c");
    ck_assert_str_eq(last->message, "directly (1->2->3) and opened anew at each version (1->2->3) the rows end "
                                    "differently: as many, with other values");
    ck_assert_ptr_null(last->step);
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

/* A column b that the steps fill with 1, 2, 3 and a step that spans them with `sum`. */
static given filled(const char *span)
{
    given g = three("CREATE TABLE t (a)", "ALTER TABLE t ADD COLUMN b; UPDATE t SET b = 1", "CREATE TABLE t (a, b)",
                    "ALTER TABLE t ADD COLUMN c; UPDATE t SET c = b + 1", "CREATE TABLE t (a, b, c)");
    given_span(&g, 1, 3, "v1_to_v3.sql", span);
    return g;
}

START_TEST(a_step_that_spans_versions_is_held_against_its_parts)
{
    static const struct {
        const char *span, *told;
    } cases[] = {
        {"ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c; UPDATE t SET b = 1, c = 2", ""},
        /* Another order of columns, and of rows, is no difference. */
        {"CREATE TABLE n (c, a, b); INSERT INTO n SELECT 2, a, 1 FROM t ORDER BY rowid DESC; DROP TABLE t;"
         "ALTER TABLE n RENAME TO t",
         ""},
        {"ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c; UPDATE t SET b = 1, c = 3",
         "1->3 one: path.data t: directly (1->3) and by its parts (1->2->3) the rows end differently: as many, with "
         "other values\n"},
    };
    drift_verify_options direct = one;
    direct.from = 1;
    direct.to = 3;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        given g = filled(cases[i].span);
        assert_findings(given_verify(&g, &direct), cases[i].told);
        given_done(&g);
    }
}
END_TEST

START_TEST(a_table_with_other_rows_tells_how_many)
{
    given g = filled("ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c; DELETE FROM t");
    drift_verify_options direct = one;
    direct.from = 1;
    direct.to = 3;
    drift_outcome *outcome = given_verify(&g, &direct);
    const drift_finding *last = &outcome->runs[0].findings[outcome->runs[0].finding_count - 1];
    ck_assert_int_eq(last->code, DRIFT_FINDING_PATH_DATA);
    ck_assert_str_eq(last->expected, "0");
    ck_assert_str_eq(last->actual, "1");
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

START_TEST(schemas_that_differ_are_told_once_with_the_first_difference)
{
    given g =
        filled("ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c INT; CREATE INDEX i ON t (b); UPDATE t SET "
               "b = 1, c = 2");
    drift_verify_options direct = one;
    direct.from = 1;
    direct.to = 3;
    assert_findings(
        given_verify(&g, &direct),
        "1->3 one: schema.column.type t.c: column type: expected none, found INT\n"
        "1->3 one: schema.unexpected i: index unexpected\n"
        "1->3 one: path.schema t.c: directly (1->3) and by its parts (1->2->3) the schemas end differently, "
        "in 2 places: column t.c type: expected INT, found none\n");
    given_done(&g);
}
END_TEST

START_TEST(parts_that_fail_where_the_span_succeeds_are_told)
{
    given g = three("CREATE TABLE t (a)", "SELECT 1", "CREATE TABLE t (a)", "INSERT INTO nowhere VALUES (1)",
                    "CREATE TABLE t (a)");
    given_span(&g, 1, 3, "v1_to_v3.sql", "SELECT 1");
    drift_verify_options direct = one;
    direct.from = 1;
    direct.to = 3;
    assert_findings(given_verify(&g, &direct),
                    "1->3 one: path.schema -: directly (1->3) the migration succeeds, but by its parts (1->2->3) it "
                    "fails: v2_to_v3.sql: no such table: nowhere; in: INSERT INTO nowhere VALUES (1)\n");
    given_done(&g);
}
END_TEST

START_TEST(values_that_are_new_each_time_are_no_difference)
{
    given g =
        three("CREATE TABLE t (a)", "ALTER TABLE t ADD COLUMN b; UPDATE t SET b = random()", "CREATE TABLE t (a, b)",
              "ALTER TABLE t ADD COLUMN c; UPDATE t SET c = strftime('%f', 'now') || hex(randomblob(8))",
              "CREATE TABLE t (a, b, c)");
    given_span(&g, 1, 3, "v1_to_v3.sql",
               "ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c; UPDATE t SET b = random(), c = "
               "strftime('%f', 'now') || hex(randomblob(8))");
    assert_findings(given_verify(&g, &one), "");
    given_done(&g);
}
END_TEST

START_TEST(no_other_way_is_gone_if_nobody_asks)
{
    given g = filled("ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c; UPDATE t SET b = 1, c = 3");
    drift_verify_options unasked = one;
    unasked.no_paths = true;
    assert_findings(given_verify(&g, &unasked), "");
    given_done(&g);
}
END_TEST

/* Four versions; from each of the steps the next one takes a number on, so that every one must have run once. */
START_TEST(every_way_runs_every_step_once_whatever_pairs_are_selected)
{
    static const drift_pairs selected[] = {DRIFT_PAIRS_ALL, DRIFT_PAIRS_TO_LATEST, DRIFT_PAIRS_ADJACENT};
    for (int runner = DRIFT_RUNNER_DRIFT; runner <= DRIFT_RUNNER_PLAIN; runner++) {
        for (size_t i = 0; i < sizeof selected / sizeof selected[0]; i++) {
            given g =
                three("CREATE TABLE t (a)", "ALTER TABLE t ADD COLUMN b; UPDATE t SET b = 1", "CREATE TABLE t (a, b)",
                      "ALTER TABLE t ADD COLUMN c; UPDATE t SET c = b + 1", "CREATE TABLE t (a, b, c)");
            given_add(&g, "CREATE TABLE t (a, b, c, d)", "ALTER TABLE t ADD COLUMN d; UPDATE t SET d = c + 1");
            drift_verify_options options = {.seed = 7, .pairs = selected[i], .runner = (drift_runner)runner};
            assert_findings(given_verify(&g, &options), "");
            given_done(&g);
        }
    }
}
END_TEST

/* ---- definitions in C ---- */

/* Runs the script of each version on the way. */
static int by_scripts(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    const char *const *scripts = payload;
    int rc = DRIFT_OK;
    for (int version = from; rc == DRIFT_OK && version < to; version++)
        rc = drift_migrator_exec(migrator, scripts[version], err);
    return rc;
}

static int create_other(drift_migrator *migrator, const void *payload, drift_error *err)
{
    (void)payload;
    return drift_migrator_exec(migrator, "CREATE TABLE t (a, b)", err);
}

static int create_nothing(drift_migrator *migrator, const void *payload, drift_error *err)
{
    (void)payload;
    return drift_migrator_exec(migrator, "CREATE TABLE t (", err);
}

static void assert_definition(const char *const *scripts, drift_create_fn create, const drift_verify_options *options,
                              const char *expected)
{
    given g = three("CREATE TABLE t (a)", "", "CREATE TABLE t (a, b)", "", "CREATE TABLE t (a, b, c)");
    const drift_database_definition definition = {
        .name = "app",
        .schema_version = 3,
        .strategy = {.on_create = create, .on_upgrade = by_scripts, .payload = scripts}};
    assert_findings(given_verify_definition(&g, &definition, options), expected);
    given_done(&g);
}

START_TEST(a_definition_is_opened_anew_at_each_version)
{
    static const char *const good[] = {NULL, "ALTER TABLE t ADD COLUMN b", "ALTER TABLE t ADD COLUMN c"};
    static const char *const temporary[] = {NULL, "ALTER TABLE t ADD COLUMN b; CREATE TEMP TABLE memo AS SELECT 1 x",
                                            "ALTER TABLE t ADD COLUMN c; DROP TABLE memo"};
    drift_verify_options direct = one;
    assert_definition(good, NULL, &direct, "");
    direct.from = 1;
    direct.to = 3;
    assert_definition(
        temporary, NULL, &direct,
        "1->3 one: path.schema -: directly (1->3) the migration succeeds, but opened anew at each version "
        "(1->2->3) it fails: no such table: memo\n");
}
END_TEST

START_TEST(a_fresh_install_ends_as_an_upgrade_does)
{
    static const char *const good[] = {NULL, "ALTER TABLE t ADD COLUMN b", "ALTER TABLE t ADD COLUMN c"};
    drift_verify_options last = one;
    last.from = 2;
    assert_definition(good, create_other, &last,
                      "2->3 one: path.schema t.c: by a fresh install and by an upgrade (2->3) the schemas end "
                      "differently, in 1 place: column t.c unexpected\n");
    assert_definition(good, create_nothing, &last,
                      "2->3 one: path.schema -: by an upgrade (2->3) the migration succeeds, but by a fresh install it "
                      "fails: incomplete input\n");
}
END_TEST

/* ---- the same bytes ---- */

static drift_connection *world_of(const char *sql, const drift_verify_options *options)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift__world_open(&connection, options, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    return connection;
}

START_TEST(databases_that_were_written_more_often_are_the_same)
{
    static const drift_verify_options large = {.rows = DRIFT__WORLD_ROWS_IN_MEMORY + 1};
    static const char table[] = "CREATE TABLE t (a); INSERT INTO t VALUES (1)";
    static const struct {
        const char *sql;
        const drift_verify_options *options;
        bool same;
    } others[] = {
        {"CREATE TABLE t (a); INSERT INTO t VALUES (0); UPDATE t SET a = 1", &one, true},
        {"CREATE TABLE t (a); INSERT INTO t VALUES (2)", &one, false},
        {"CREATE TABLE t (a); CREATE TABLE u (a); INSERT INTO t VALUES (1)", &one, false},
        {table, &large, false}, /* it is not read whole */
    };
    drift_error err = {0};
    drift_connection *a = world_of(table, &one);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        drift_connection *b = world_of(others[i].sql, others[i].options);
        bool same = !others[i].same;
        ck_assert_drift(drift__world_same_bytes(&same, a, b, &err));
        ck_assert_msg(same == others[i].same, "%s", others[i].sql);
        drift_connection_close(b);
    }
    drift_connection_close(a);
}
END_TEST

START_TEST(without_memory_nothing_else_is_told)
{
    given g = filled("ALTER TABLE t ADD COLUMN b; ALTER TABLE t ADD COLUMN c INT; UPDATE t SET b = 1, c = 3");
    assert_verified_without_memory(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .from = 1, .to = 3},
                                   NULL, 29);
    given_done(&g);
}
END_TEST

TCase *case_paths(void)
{
    TCase *tcase = suite_case("paths");
    tcase_add_test(tcase, what_a_step_leaves_to_the_next_in_the_connection_is_lost_with_it);
    tcase_add_test(tcase, a_setting_that_reaches_into_the_next_step_is_told);
    tcase_add_test(tcase, a_step_that_spans_versions_is_held_against_its_parts);
    tcase_add_test(tcase, a_table_with_other_rows_tells_how_many);
    tcase_add_test(tcase, schemas_that_differ_are_told_once_with_the_first_difference);
    tcase_add_test(tcase, parts_that_fail_where_the_span_succeeds_are_told);
    tcase_add_test(tcase, values_that_are_new_each_time_are_no_difference);
    tcase_add_test(tcase, no_other_way_is_gone_if_nobody_asks);
    tcase_add_test(tcase, every_way_runs_every_step_once_whatever_pairs_are_selected);
    tcase_add_test(tcase, a_definition_is_opened_anew_at_each_version);
    tcase_add_test(tcase, a_fresh_install_ends_as_an_upgrade_does);
    tcase_add_test(tcase, databases_that_were_written_more_often_are_the_same);
    tcase_add_test(tcase, without_memory_nothing_else_is_told);
    return tcase;
}
