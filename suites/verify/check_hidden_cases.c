/* check_hidden_cases.c — hidden state in whole verifications: under new names, by definitions, with the application's
 * setup, without memory. */
#include <sqlite3.h>
#include <string.h>

#include "drift/kit/parse.h"
#include "outcome/outcome.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/given.h"
#include "verify/hidden.h"
#include "verify/world.h"

/* ---- new names ---- */

START_TEST(a_renamed_table_is_still_the_same)
{
    static const drift_expectation renamed[] = {{1, 2, DRIFT_EXPECT_RENAME_TABLE, "notes", NULL, "pages"},
                                                {1, 2, DRIFT_EXPECT_RENAME_COLUMN, "notes", "a", "text"},
                                                {2, 3, DRIFT_EXPECT_RENAME_TABLE, "pages", NULL, "sheets"},
                                                {1, 2, DRIFT_EXPECT_RENAME_TABLE, "s", NULL, "u"}};
    const drift_expectations expect = {.items = renamed, .count = 4};
    given g = given_pair(
        "CREATE TABLE notes (a TEXT UNIQUE, b INT); CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE pages (text TEXT UNIQUE, b INT); CREATE TABLE u (id INTEGER PRIMARY KEY"
        " AUTOINCREMENT)",
        "CREATE TABLE pages (text TEXT UNIQUE, b INT); INSERT INTO pages SELECT a, b FROM notes ORDER BY b; DROP TABLE"
        " notes; ALTER TABLE s RENAME TO u");
    given_add(&g,
              "CREATE TABLE sheets (text TEXT UNIQUE, b INT); CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT)",
              "ALTER TABLE pages RENAME TO sheets; DELETE FROM sqlite_sequence");
    drift_outcome *outcome = given_verify(
        &g, &(drift_verify_options){
                .from = 1, .to = 3, .levels = 1u << DRIFT_DATA_BOUNDARY, .expect = &expect, .no_paths = true});
    assert_findings(
        outcome, "1->3 boundary: hidden.rowid sheets: 20 rows have another rowid, the first: 1 is 9 now\n"
                 "1->3 boundary: hidden.sequence u: the AUTOINCREMENT sequence stood at 9007199254731000 and stands at"
                 " 9007199254730000: keys in between may be given again\n");
    given_done(&g);
}
END_TEST

/* ---- definitions ---- */

static int upgrade(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

static int make_cache(drift_database *database, const drift_opening_details *details, const void *payload,
                      drift_error *err)
{
    (void)details;
    (void)payload;
    return drift_exec(drift_database_connection(database), "CREATE TEMP TABLE cache (k, v)", err);
}

static void assert_definition(const char *sql, const char *findings)
{
    static const char schema[] = "CREATE TABLE t (id INTEGER PRIMARY KEY)";
    const drift_database_definition definition = {
        .name = "app",
        .schema_version = 2,
        .strategy = {.on_upgrade = upgrade, .before_open = make_cache, .payload = sql}};
    given g = given_pair(schema, schema, "");
    assert_findings(given_verify_definition(&g, &definition,
                                            &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .no_paths = true}),
                    findings);
    given_done(&g);
}

START_TEST(what_every_opening_makes_is_not_left_behind)
{
    assert_definition("SELECT 1", "");
    assert_definition("CREATE TEMP TABLE copy AS SELECT * FROM t",
                      "1->2 one: hidden.temp copy: TEMP table is left behind\n");
}
END_TEST

START_TEST(what_the_setup_makes_is_not_left_behind)
{
    static const char schema[] = "CREATE TABLE t (id INTEGER PRIMARY KEY)";
    const drift_verify_options options = {.levels = 1u << DRIFT_DATA_ONE,
                                          .setup_sql = "CREATE TEMP TABLE seen (x); CREATE TEMP VIEW w AS SELECT 1"};
    given g = given_pair(schema, schema, "SELECT 1");
    assert_findings(given_verify(&g, &options), "");
    given_done(&g);
    g = given_pair(schema, schema, "DROP VIEW w");
    assert_findings(given_verify(&g, &options), "1->2 one: hidden.temp w: TEMP view is gone\n");
    given_done(&g);
}
END_TEST

/* ---- what was accepted once ---- */

/* Version 3 is reached from 1 by a step of its own, then from 2 by another: with the same definition of the table, or
 * almost. */
static void assert_second_way(const char *schema, const char *first, const char *second, drift_runner runner,
                              const char *findings)
{
    static const char other[] = "CREATE TABLE other (a);";
    const drift_verify_options options = {
        .to = 3, .levels = 1u << DRIFT_DATA_EMPTY, .no_paths = true, .runner = runner};
    given g = given_pair(other, other, "SELECT 1");
    given_add(&g, schema, second);
    given_span(&g, 1, 3, "span", first);
    assert_findings(given_verify(&g, &options), findings);
    given_done(&g);
}

#define CHECKED "CREATE TABLE t (a TEXT NOT NULL)"
#define NUMBERS "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)"
#define REPLACE "DROP TABLE other;"

START_TEST(what_was_accepted_is_asked_again_where_a_trigger_fires)
{
    assert_second_way(CHECKED, REPLACE CHECKED,
                      REPLACE CHECKED ";CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT raise(ABORT, 'no'); END",
                      DRIFT_RUNNER_DRIFT,
                      "2->3 empty: schema.unexpected r: trigger unexpected\n"
                      "2->3 empty: hidden.insert t: a valid row is refused: no\n");
}
END_TEST

START_TEST(what_was_accepted_without_its_checks_is_asked_again_with_them)
{
    static const char never[] = REPLACE "CREATE TABLE t (a TEXT NOT NULL CHECK (a = 'never'))";
    char *ignoring = sqlite3_mprintf("%s;PRAGMA ignore_check_constraints = 1", never);
    assert_second_way(CHECKED, ignoring, never, DRIFT_RUNNER_PLAIN,
                      "1->3 empty: schema.table.check t: table check: expected none, found CHECK (a = 'never')\n"
                      "2->3 empty: schema.table.check t: table check: expected none, found CHECK (a = 'never')\n"
                      "2->3 empty: hidden.insert t: a valid row is refused: CHECK constraint failed: a = 'never'\n");
    sqlite3_free(ignoring);
}
END_TEST

START_TEST(what_was_accepted_is_asked_again_where_no_key_is_left)
{
    assert_second_way(NUMBERS, REPLACE NUMBERS,
                      REPLACE NUMBERS ";INSERT INTO sqlite_sequence VALUES ('t', 9223372036854775807)",
                      DRIFT_RUNNER_DRIFT,
                      "2->3 empty: hidden.insert t: a valid row is refused: SQLite ended the transaction by itself: "
                      "database or disk is full\n");
}
END_TEST

START_TEST(what_is_refused_is_told_of_every_start)
{
    static const char never[] = REPLACE "CREATE TABLE t (a TEXT NOT NULL CHECK (a = 'never'))";
    assert_second_way(CHECKED, never, never, DRIFT_RUNNER_DRIFT,
                      "1->3 empty: schema.table.check t: table check: expected none, found CHECK (a = 'never')\n"
                      "1->3 empty: hidden.insert t: a valid row is refused: CHECK constraint failed: a = 'never'\n"
                      "2->3 empty: schema.table.check t: table check: expected none, found CHECK (a = 'never')\n"
                      "2->3 empty: hidden.insert t: a valid row is refused: CHECK constraint failed: a = 'never'\n");
}
END_TEST

/* ---- without memory ---- */

static const char swept[] =
    "CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE); CREATE TABLE n (a TEXT);"
    "CREATE VIEW v AS SELECT a FROM n; CREATE TRIGGER r AFTER DELETE ON n BEGIN DELETE FROM s WHERE a = old.a; END;"
    "CREATE VIRTUAL TABLE f USING fts5 (a)";

static int open_swept(drift_connection **out, const char *rows, drift_error *err)
{
    static const drift_verify_options options = {0};
    int rc = drift__world_open(out, &options, err);
    if (rc == DRIFT_OK) rc = drift_exec(*out, swept, err);
    return rc == DRIFT_OK ? drift_exec(*out, rows, err) : rc;
}

static int judge_all_of_it(drift_connection *before, drift_connection *after, const drift_schema *target,
                           drift_error *err)
{
    static const drift_verify_options options = {0};
    drift_outcome *outcome = NULL;
    drift__judgement judgement = {.before = before, .after = after, .target = target, .options = &options};
    int rc = drift__outcome_begin(&judgement.outcome, "schemas", "steps", "plain", 0, err);
    if (rc != DRIFT_OK) return rc;
    drift__outcome_begin_run(judgement.outcome, 1, 2, "one");
    rc = drift__judge_hidden(&judgement, err);
    if (rc != DRIFT_OK) {
        drift__outcome_abandon(judgement.outcome);
        return rc;
    }
    (void)drift__outcome_end_run(judgement.outcome, 0);
    rc = drift__outcome_finish(&outcome, judgement.outcome, 2, 1, err);
    drift_outcome_free(outcome);
    return rc;
}

static int judge_without_memory(void)
{
    drift_error err = {0};
    drift_schema *target = NULL;
    drift_connection *before = NULL, *after = NULL;
    int rc = open_swept(&before, "INSERT INTO s VALUES (5, 'a'); INSERT INTO n VALUES ('x'), ('y')", &err);
    if (rc == DRIFT_OK)
        rc = open_swept(&after,
                        "INSERT INTO n VALUES ('y'), ('x'); DROP TABLE s; CREATE TABLE s (id INTEGER PRIMARY KEY"
                        " AUTOINCREMENT, a TEXT CHECK (a = 'b')); CREATE TEMP TABLE left_over (x)",
                        &err);
    if (rc == DRIFT_OK) rc = drift_schema_parse(&target, swept, sizeof swept - 1, &err);
    if (rc == DRIFT_OK) rc = judge_all_of_it(before, after, target, &err);
    drift_schema_free(target);
    drift_connection_close(after);
    drift_connection_close(before);
    return rc;
}

/* Not suite_memory_sweep, which counts bytes after each attempt: SQLite keeps a list of its databases in memory, whose
 * size depends on how many there were (memdb.c, memdbOpen). When the last one is closed it is gone, and after the test
 * no byte may be left. Where SQLite does without what it asked for, all is well too. Of the later allocations not every
 * one is tried. */
static void sweep(bool lasting)
{
    long told = 0, nth = 1;
    for (bool hit = true; hit; nth += 1 + nth / 200) {
        suite_memory_fail(nth, lasting);
        const int status = judge_without_memory();
        hit = suite_memory_restore();
        ck_assert_msg(status == DRIFT_OK || (hit && status == DRIFT_NO_MEMORY),
                      "allocation %ld %s, and the status is %d", nth, hit ? "failed" : "was beyond the last", status);
        told += status == DRIFT_NO_MEMORY;
    }
    ck_assert_int_gt(told, 500);
}

START_TEST(running_out_of_memory_is_told_wherever_it_happens)
{
    sweep(false);
    sweep(true);
}
END_TEST

TCase *case_hidden_cases(void)
{
    TCase *tcase = suite_case("hidden_cases");
    tcase_add_test(tcase, what_was_accepted_is_asked_again_where_a_trigger_fires);
    tcase_add_test(tcase, what_was_accepted_without_its_checks_is_asked_again_with_them);
    tcase_add_test(tcase, what_was_accepted_is_asked_again_where_no_key_is_left);
    tcase_add_test(tcase, what_is_refused_is_told_of_every_start);
    tcase_add_test(tcase, a_renamed_table_is_still_the_same);
    tcase_add_test(tcase, what_every_opening_makes_is_not_left_behind);
    tcase_add_test(tcase, what_the_setup_makes_is_not_left_behind);
    tcase_add_test(tcase, running_out_of_memory_is_told_wherever_it_happens);
    return tcase;
}
