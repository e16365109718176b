/* check_stepped.c — pairs that go on from where another ended tell what each tells by itself. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "support/memory.h"
#include "support/report.h"
#include "support/suite.h"
#include "verify/apart.h"
#include "verify/given.h"
#include "verify/stepped.h"

/* ---- a history of seven versions ---- */

#define USERS "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
#define POSTS "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id), title TEXT);"
#define LONGER \
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id), title TEXT, body TEXT);"
#define INDEX "CREATE INDEX by_author ON posts (author);"
#define VIEW  "CREATE VIEW titles AS SELECT p.title, u.name FROM posts p JOIN users u ON u.id = p.author;"
#define TRIGGER \
    "CREATE TRIGGER touch AFTER UPDATE ON posts BEGIN UPDATE users SET name = name WHERE id = new.author; END;"

enum { VERSIONS = 7, PAIRS = 21, STEPPED = 15 };

/* The history, with another script in place of the step that leads to a version; 0: none. */
static given history(int to, const char *script)
{
    static const struct {
        const char *schema, *step;
    } versions[VERSIONS] = {
        {USERS, NULL},
        {USERS POSTS, POSTS},
        {USERS LONGER, "ALTER TABLE posts ADD COLUMN body TEXT"},
        {USERS LONGER INDEX, INDEX},
        {USERS LONGER INDEX VIEW, VIEW},
        {USERS LONGER INDEX VIEW TRIGGER, TRIGGER},
        {USERS LONGER VIEW TRIGGER,
         "PRAGMA legacy_alter_table = ON; CREATE TABLE n (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id),"
         " title TEXT, body TEXT); INSERT INTO n SELECT * FROM posts; DROP TABLE posts; ALTER TABLE n RENAME TO posts;"
         " PRAGMA legacy_alter_table = OFF;" TRIGGER}};
    given g = given_pair(versions[0].schema, versions[1].schema, to == 2 ? script : versions[1].step);
    for (int i = 2; i < VERSIONS; i++) given_add(&g, versions[i].schema, to == i + 1 ? script : versions[i].step);
    return g;
}

static const drift_verify_options one = {.levels = 1u << DRIFT_DATA_ONE, .seed = 7};

/* Verifies both ways; the reports are the same. Gives how many runs were stepped. */
static size_t stepped(const given *g, drift_verify_options options)
{
    drift_outcome *outcome = given_verify(g, &options);
    const size_t count = outcome->summary.stepped;
    options.independent = true;
    drift_outcome *alone = given_verify(g, &options);
    ck_assert_uint_eq(alone->summary.stepped, 0);
    assert_same_report(outcome, alone);
    return count;
}

START_TEST(a_pair_goes_on_from_the_one_before)
{
    static const drift_runner runners[] = {DRIFT_RUNNER_DRIFT, DRIFT_RUNNER_TRANSACTION, DRIFT_RUNNER_PLAIN};
    given g = history(0, NULL);
    for (size_t i = 0; i < 3; i++) {
        drift_verify_options options = one;
        options.runner = runners[i];
        drift_outcome *outcome = given_verify(&g, &options);
        ck_assert_uint_eq(outcome->summary.passed, PAIRS);
        ck_assert_uint_eq(outcome->summary.stepped, STEPPED);
        for (size_t k = 0; k < outcome->run_count; k++)
            ck_assert_int_eq(outcome->runs[k].stepped, outcome->runs[k].to > outcome->runs[k].from + 1);
        drift_outcome_free(outcome);
        ck_assert_uint_eq(stepped(&g, options), STEPPED);
    }
    given_done(&g);
}
END_TEST

START_TEST(every_level_goes_its_own_way)
{
    given g = history(0, NULL);
    ck_assert_uint_eq(stepped(&g, (drift_verify_options){.seed = 3, .rows = 20}), 5 * STEPPED);
    given_done(&g);
}
END_TEST

/* From 1: to 3 and 4; from 2: to 4; from 5: to 7. From 4 on the step is wrong by itself. */
START_TEST(what_is_found_on_the_way_is_that_of_a_direct_run)
{
    static const char *const wrong[] = {
        "CREATE VIEW titles AS SELECT nobody FROM posts", /* a view that does not compile */
        VIEW "DELETE FROM posts",
        VIEW "UPDATE posts SET title = title || '!'",
        VIEW "DROP INDEX by_author",
        VIEW "DELETE FROM users", /* what refers to them is left: the check before the commit fails */
        "CREATE VIEW titles AS SELECT 1 FROM posts; PRAGMA user_version = 77",
        "SELECT 1",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        given g = history(5, wrong[i]);
        drift_outcome *outcome = given_verify(&g, &one);
        ck_assert_uint_gt(outcome->summary.findings, 0);
        for (size_t k = 0; k < outcome->run_count; k++)
            ck_assert(!outcome->runs[k].stepped || !outcome->runs[k].finding_count);
        drift_outcome_free(outcome);
        (void)stepped(&g, one);
        given_done(&g);
    }
}
END_TEST

/* A violation that the next step mends fails where the database stops between, and nowhere else. */
START_TEST(what_the_next_step_mends_is_told_where_a_way_stops_between)
{
    given g = history(5, VIEW "INSERT INTO posts (author) VALUES (99)");
    g.files[4].sql = TRIGGER "DELETE FROM posts WHERE author = 99";
    g.files[4].length = strlen(g.files[4].sql);
    ck_assert_uint_lt(stepped(&g, one), STEPPED);
    given_done(&g);
}
END_TEST

START_TEST(what_reaches_into_the_connection_is_run_by_itself)
{
    static const char *const scripts[] = {VIEW "CREATE TEMP TABLE memo (x); DROP TABLE memo",
                                          VIEW "UPDATE users SET name = name WHERE changes() > 5",
                                          VIEW "PRAGMA recursive_triggers = ON", VIEW "PRAGMA legacy_alter_table = ON"};
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        given g = history(5, scripts[i]);
        ck_assert_uint_eq(stepped(&g, one), 0);
        given_done(&g);
    }
}
END_TEST

START_TEST(a_trigger_that_asks_the_connection_keeps_all_from_stepping)
{
    static const char trigger[] = "CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET name = "
                                  "last_insert_rowid() WHERE 0; END;";
    char schemas[VERSIONS][256];
    snprintf(schemas[0], sizeof schemas[0], "%s%s", USERS, trigger);
    given g = given_pair(schemas[0], schemas[0], "SELECT 1");
    for (int i = 2; i < VERSIONS; i++) given_add(&g, schemas[0], "SELECT 1");
    ck_assert_uint_eq(stepped(&g, one), 0);
    given_done(&g);
}
END_TEST

static int set_up_nothing(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)connection;
    (void)payload;
    (void)err;
    return DRIFT_OK;
}

START_TEST(what_the_application_brings_keeps_all_from_stepping)
{
    given g = history(0, NULL);
    drift_verify_options options[4] = {one, one, one, one};
    options[0].setup = set_up_nothing;
    options[1].setup_sql = "SELECT 1";
    options[2].stub_functions = true;
    options[3].independent = true;
    for (size_t i = 0; i < 4; i++) ck_assert_uint_eq(stepped(&g, options[i]), 0);
    given_done(&g);
}
END_TEST

START_TEST(a_time_limit_leaves_stepping_as_it_is)
{
    given g = history(0, NULL);
    drift_verify_options limited = one;
    limited.time_limit_ms = 60000;
    ck_assert_uint_eq(stepped(&g, limited), STEPPED);
    given_done(&g);
}
END_TEST

/* A direct run takes the time of all its steps. */
START_TEST(the_time_of_the_steps_before_counts)
{
    static const char endless[] = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT count(*) FROM c";
    const drift_step_file step = {2, 3, "v2_to_v3.sql", endless, sizeof endless - 1}, *steps[] = {NULL, &step};
    const drift_step_folder folder = {"steps", &step, 1};
    const drift_migration_source source = {.steps = &folder};
    const drift_verify_options limited = {.time_limit_ms = 60000, .runner = DRIFT_RUNNER_PLAIN};
    drift__path path = {steps, 2};
    drift__attempt attempt = {
        .source = &source, .options = &limited, .path = &path, .from = 1, .to = 3, .unaudited = true};
    drift__stepped way = {.steps = 1, .spent_us = 60000000};
    drift_connection *after = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_connection_open(&way.connection, ":memory:", NULL, &err));
    ck_assert_drift(drift__stepped_run(&after, &attempt, &way, &err));
    ck_assert(attempt.failed && attempt.timed_out);
    ck_assert_str_eq(attempt.why.text, "the migration took longer than 60 s");
    drift__stepped_put(&way, &after, &attempt, true);
    ck_assert_int_ge(way.spent_us, 60000000);
    drift__stepped_dispose(&way);
    drift__attempt_dispose(&attempt);
}
END_TEST

START_TEST(a_step_that_spans_versions_keeps_all_from_stepping)
{
    given g = history(0, NULL);
    g.count--; /* room for one step more */
    g.steps.count--;
    given_span(&g, 2, 4, "v2_to_v4.sql", "ALTER TABLE posts ADD COLUMN body TEXT;" INDEX);
    ck_assert_uint_eq(stepped(&g, one), 0);
    g.count++;
    given_done(&g);
}
END_TEST

START_TEST(pairs_through_a_step_with_expectations_are_run_by_themselves)
{
    static const drift_expectation entry = {4, 5, DRIFT_EXPECT_DROP_ROWS, "posts", NULL, "id > 0"};
    const drift_expectations expect = {"told", &entry, 1};
    given g = history(5, VIEW "DELETE FROM posts");
    drift_verify_options options = one;
    options.expect = &expect;
    drift_outcome *outcome = given_verify(&g, &options);
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        ck_assert(!run->stepped || run->to <= 4 || run->from >= 5);
    }
    drift_outcome_free(outcome);
    ck_assert_uint_eq(stepped(&g, options), 4); /* 1->3, 1->4, 2->4, 5->7 */
    given_done(&g);
}
END_TEST

START_TEST(a_few_versions_are_not_worth_it)
{
    given g = history(0, NULL);
    drift_verify_options few = one;
    g.count = 4;
    ck_assert_uint_eq(stepped(&g, few), 0);
    g.count = VERSIONS;
    few.pairs = DRIFT_PAIRS_TO_LATEST;
    ck_assert_uint_eq(stepped(&g, few), 0);
    few.pairs = DRIFT_PAIRS_ADJACENT;
    ck_assert_uint_eq(stepped(&g, few), 0);
    given_done(&g);
}
END_TEST

/* ---- what keeps to its database ---- */

START_TEST(a_script_keeps_apart_as_far_as_its_words_tell)
{
    static const struct {
        const char *sql;
        bool in_transaction, alone; /* what is said of it, in a transaction and without one */
    } scripts[] = {
        {"", true, true},
        {" -- nothing\n;;", true, true},
        {"CREATE TABLE t (a DEFAULT CURRENT_TIMESTAMP); INSERT INTO t VALUES (random())", true, true},
        {"WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x; REINDEX; ANALYZE", true, true},
        {"CREATE TABLE t (changes, total_changes)", true, true},
        {"CREATE TABLE changes (a)", false, false}, /* as if it were called */
        {"CREATE TEMP TABLE t (a)", false, false},
        {"create temporary view v as select 1", false, false},
        {"DROP TABLE temp.t", false, false},
        {"DROP TABLE \"TEMP\".t", false, false},
        {"SELECT * FROM sqlite_temp_schema", false, false},
        {"UPDATE t SET a = changes()", false, false},
        {"UPDATE t SET a = \"Total_Changes\" ( )", false, false},
        {"INSERT INTO t VALUES ([last_insert_rowid]())", false, false},
        {"SELECT * FROM pragma_foreign_keys", false, false},
        {"SELECT * FROM `pragma_database_list`", false, false},
        {"BEGIN; SELECT 1; COMMIT", false, false},
        {"SAVEPOINT s", false, false},
        {"ATTACH 'x' AS y", false, false},
        {"VACUUM", false, false},
        {"PRAGMA user_version = 3; PRAGMA main.foreign_key_check; PRAGMA table_info(t)", true, true},
        {"PRAGMA temp.user_version = 3", false, false},
        {"PRAGMA recursive_triggers", false, false},
        {"PRAGMA writable_schema = ON; PRAGMA writable_schema = OFF", false, false},
        {"PRAGMA legacy_alter_table = ON", false, false},
        {"PRAGMA legacy_alter_table = ON; PRAGMA legacy_alter_table(off)", true, true},
        {"PRAGMA legacy_alter_table", true, true},
        {"PRAGMA foreign_keys = OFF; DROP TABLE t; PRAGMA foreign_keys = ON", true, false},
        {"PRAGMA foreign_keys = 1; PRAGMA foreign_keys = 0", true, true},
        {"PRAGMA foreign_keys", true, true},
    };
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        const char *sql = scripts[i].sql;
        ck_assert_msg(drift__script_keeps_apart(sql, strlen(sql), false) == scripts[i].in_transaction, "%s", sql);
        ck_assert_msg(drift__script_keeps_apart(sql, strlen(sql), true) == scripts[i].alone, "%s", sql);
    }
}
END_TEST

/* ---- histories by chance, with mistakes ---- */

static const char first[] =
    "CREATE TABLE base (id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE other (id INTEGER PRIMARY KEY, base INTEGER REFERENCES base (id), n INTEGER);";

static unsigned below(uint64_t *random, unsigned limit)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (unsigned)((*random >> 11) % limit);
}

static void put_step(drift__str *out, unsigned kind, int n)
{
    switch (kind) {
    case 0:
        drift__str_printf(out, "CREATE TABLE t%d (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL);", n);
        break;
    case 1: drift__str_printf(out, "ALTER TABLE base ADD COLUMN c%d INTEGER;", n); break;
    case 2: drift__str_printf(out, "CREATE INDEX i%d ON base (name);", n); break;
    case 3: drift__str_printf(out, "CREATE VIEW v%d AS SELECT id, name FROM base;", n); break;
    case 4:
        drift__str_printf(out, "CREATE TRIGGER g%d AFTER UPDATE ON base BEGIN UPDATE other SET n = n + 1; END;", n);
        break;
    default:
        drift__str_printf(out,
                          "PRAGMA legacy_alter_table = ON; CREATE TABLE x%d (id INTEGER PRIMARY KEY, base INTEGER"
                          " REFERENCES base (id), n INTEGER, CHECK (n IS NOT %d000000)); INSERT INTO x%d SELECT id,"
                          " base, n FROM other; DROP TABLE other; ALTER TABLE x%d RENAME TO other;"
                          " PRAGMA legacy_alter_table = OFF;",
                          n, n, n, n);
    }
}

static const char *const mistakes[] = {
    "DELETE FROM other;",         "UPDATE base SET name = name || 'x';",
    "DROP VIEW IF EXISTS v2;",    "DROP INDEX IF EXISTS i3;",
    "DROP TRIGGER IF EXISTS g4;", "DELETE FROM base;",
    "PRAGMA user_version = 0;",   "INSERT INTO base (name) VALUES ('new');",
    "SELECT * FROM nothing;",     "UPDATE other SET n = CAST(n AS TEXT) || '';",
};

static int put_definition(drift_statement *row, void *payload, drift_error *err)
{
    (void)err;
    drift__str_printf(payload, "%s;", drift_column_text(row, 0, NULL));
    return DRIFT_OK;
}

/* What the right steps lead to; the steps that are verified have a mistake now and then. */
static given by_chance(drift__str schemas[GIVEN_MOST], drift__str steps[GIVEN_MOST], uint64_t *random)
{
    drift_error err = {0};
    drift_connection *right = NULL;
    given g = {.count = 0};
    ck_assert_drift(drift_connection_memory(&right, NULL, &err));
    ck_assert_drift(drift_exec(right, first, &err));
    drift__str_puts(&schemas[0], first);
    for (int n = 1; n < VERSIONS; n++) {
        put_step(&steps[n], below(random, 6), n + 1);
        ck_assert_drift(drift_exec(right, drift__str_text(&steps[n]), &err));
        ck_assert_drift(drift_query(right, "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY rowid",
                                    NULL, 0, put_definition, &schemas[n], &err));
        if (below(random, 5) == 0)
            drift__str_puts(&steps[n], mistakes[below(random, sizeof mistakes / sizeof mistakes[0])]);
        if (n == 1)
            g = given_pair(drift__str_text(&schemas[0]), drift__str_text(&schemas[1]), drift__str_text(&steps[1]));
        else
            given_add(&g, drift__str_text(&schemas[n]), drift__str_text(&steps[n]));
    }
    drift_connection_close(right);
    return g;
}

START_TEST(histories_by_chance_tell_the_same_both_ways)
{
    size_t all = 0, without = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        drift__str schemas[GIVEN_MOST] = {DRIFT__STR_INIT}, steps[GIVEN_MOST] = {DRIFT__STR_INIT};
        uint64_t random = seed * 0x9e3779b97f4a7c15u;
        given g = by_chance(schemas, steps, &random);
        drift_verify_options options = one;
        options.runner = (drift_runner)(seed % 3);
        options.levels |= seed % 2 ? 1u << DRIFT_DATA_EMPTY : 1u << DRIFT_DATA_BOUNDARY;
        const size_t count = stepped(&g, options);
        all += count;
        without += !count;
        given_done(&g);
        for (size_t i = 0; i < GIVEN_MOST; i++) {
            drift__str_dispose(&schemas[i]);
            drift__str_dispose(&steps[i]);
        }
    }
    ck_assert_uint_gt(all, 100);
    ck_assert_uint_gt(without, 0); /* the sample failed */
}
END_TEST

/* ---- memory ---- */

static given swept;

static int attempt_to_step(void)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift_schema_provider provider = swept.provider;
    drift_step_folder steps = swept.steps;
    provider.payload = &swept;
    steps.files = swept.files;
    const int rc = drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.steps = &steps},
                                           &(drift_verify_options){.levels = 1u << DRIFT_DATA_EMPTY}, &err);
    drift_outcome_free(outcome);
    return rc;
}

/* Also where a finding ends the way. */
START_TEST(stepping_without_memory_leaks_nothing)
{
    static const char table[] = "CREATE TABLE t (a)", both[] = "CREATE TABLE t (a); CREATE TABLE u (a)";
    swept = given_pair(table, table, "SELECT 1");
    given_add(&swept, both, "CREATE TABLE u (a)");
    given_add(&swept, both, "DROP TABLE u");
    given_add(&swept, both, "CREATE TABLE u (a)");
    given_add(&swept, both, "SELECT 1");
    ck_assert_int_eq(attempt_to_step(), DRIFT_OK);
    for (long nth = 1;; nth += 149) {
        suite_memory_fail(nth, nth % 2 == 0);
        const int status = attempt_to_step();
        if (!suite_memory_restore()) break;
        ck_assert_msg(status == DRIFT_OK || drift_status_exit(status) >= 3, "allocation %ld gave %d", nth, status);
    }
    given_done(&swept);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("verify_stepped");
    TCase *tcase = suite_case("stepped");
    tcase_add_test(tcase, a_pair_goes_on_from_the_one_before);
    tcase_add_test(tcase, every_level_goes_its_own_way);
    tcase_add_test(tcase, what_is_found_on_the_way_is_that_of_a_direct_run);
    tcase_add_test(tcase, what_the_next_step_mends_is_told_where_a_way_stops_between);
    tcase_add_test(tcase, what_reaches_into_the_connection_is_run_by_itself);
    tcase_add_test(tcase, a_trigger_that_asks_the_connection_keeps_all_from_stepping);
    tcase_add_test(tcase, what_the_application_brings_keeps_all_from_stepping);
    tcase_add_test(tcase, a_time_limit_leaves_stepping_as_it_is);
    tcase_add_test(tcase, the_time_of_the_steps_before_counts);
    tcase_add_test(tcase, a_step_that_spans_versions_keeps_all_from_stepping);
    tcase_add_test(tcase, pairs_through_a_step_with_expectations_are_run_by_themselves);
    tcase_add_test(tcase, a_few_versions_are_not_worth_it);
    tcase_add_test(tcase, a_script_keeps_apart_as_far_as_its_words_tell);
    tcase_add_test(tcase, histories_by_chance_tell_the_same_both_ways);
    tcase_add_test(tcase, stepping_without_memory_leaks_nothing);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
