/* check_option.c — how an opening can be asked for: targets, stamps, backups, progress, destruction. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "drift/kit/parse.h"
#include "opening/opening.h"
#include "opening/world.h"

/* --- what is opened --- */

START_TEST(exactly_one_of_path_memory_and_connection_is_asked_for)
{
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_open_options options[] = {{0}, {.path = "x.db", .memory = true}};
    ck_assert_drift_fails(drift_database_open(&database, &world_v2, &options[_i], &err), DRIFT_MISUSE);
    ck_assert_ptr_null(database);
}
END_TEST

START_TEST(a_connection_stays_its_owners)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, world_version_1, &err));
    ck_assert_drift(drift_database_open(&database, &world_v2, &(drift_open_options){.connection = connection}, &err));
    ck_assert_ptr_eq(drift_database_connection(database), connection);
    drift_database_close(database);
    ck_assert_value(connection, "PRAGMA user_version", "2");
    drift_connection_close(connection);
}
END_TEST

START_TEST(a_connection_inside_a_transaction_cannot_be_migrated)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, world_version_1, &err));
    ck_assert_drift(drift_exec(connection, "BEGIN", &err));
    ck_assert_drift_fails(
        drift_database_open(&database, &world_v2, &(drift_open_options){.connection = connection}, &err), DRIFT_MISUSE);
    ck_assert(drift_in_transaction(connection));
    drift_connection_close(connection);
}
END_TEST

START_TEST(a_target_takes_the_place_of_the_definitions_version_and_schema)
{
    drift_error err = {0};
    drift_database *database = NULL;
    static const drift_schema other = {.version = 7};
    drift_open_options options = {.target = {.version = 7, .schema = &other}};
    world w = world_begin(WORLD_DELETE);
    options.path = w.path;
    ck_assert_drift(drift_database_open(&database, &world_v2, &options, &err));
    ck_assert_value(drift_database_connection(database), "PRAGMA user_version", "7");
    ck_assert_int_eq(drift_database_target_version(database), 7);
    ck_assert_ptr_eq(drift_database_target_schema(database), &other);
    drift_database_close(database);
    options.target.version = -7;
    ck_assert_drift_fails(drift_database_open(&database, &world_v2, &options, &err), DRIFT_MISUSE);
    world_end(&w);
}
END_TEST

START_TEST(without_a_stamp_the_version_is_what_the_caller_says)
{
    drift_error err = {0};
    drift_database *database = NULL;
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "PRAGMA user_version = 55");
    ck_assert_drift(drift_database_open(
        &database, &world_v2, &(drift_open_options){.path = w.path, .stamp = DRIFT_STAMP_NONE, .version_before = 1},
        &err));
    ck_assert_value(drift_database_connection(database), "PRAGMA user_version", "55");
    ck_assert_value(drift_database_connection(database), "SELECT max(year) FROM books", "1903");
    drift_database_close(database);
    world_end(&w);
}
END_TEST

/* --- what nothing could be promised with --- */

START_TEST(without_a_journal_a_migration_is_refused)
{
    static const char *const modes[] = {"PRAGMA journal_mode = OFF", "PRAGMA journal_mode = MEMORY"};
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    world w = world_begin(WORLD_DELETE);
    ck_assert_drift(drift_connection_open(&connection, w.path, NULL, &err));
    ck_assert_drift(drift_exec(connection, modes[_i], &err));
    ck_assert_drift_fails(
        drift_database_open(&database, &world_v2, &(drift_open_options){.connection = connection}, &err),
        DRIFT_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(err.text, "journal"));
    drift_connection_close(connection);
    world_end(&w);
}
END_TEST

START_TEST(attached_databases_are_warned_of)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    drift_opening_report report;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, world_version_1, &err));
    ck_assert_drift(drift_exec(connection, "ATTACH ':memory:' AS other", &err));
    ck_assert_drift(drift_database_open(&database, &world_v2,
                                        &(drift_open_options){.connection = connection, .report = &report}, &err));
    ck_assert_ptr_nonnull(strstr(report.warning, "attached"));
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    drift_connection_close(connection);
}
END_TEST

/* --- backup and free space --- */

START_TEST(a_backup_holds_what_was_there_before)
{
    char path[4200];
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *copy = NULL;
    world w = world_begin((world_journal)_i);
    char *before = world_digest(&w);
    snprintf(path, sizeof path, "%s/it's a backup.db", w.folder);
    const drift_open_options options = {.path = w.path, .backup_path = path};
    ck_assert_drift(drift_database_open(&database, &world_v2, &options, &err));
    drift_database_close(database);
    ck_assert_drift(drift_connection_open(&copy, path, NULL, &err));
    suite_same_digest(before, suite_digest(copy, NULL));
    drift_connection_close(copy);
    world_end(&w);
}
END_TEST

START_TEST(a_backup_that_cannot_be_written_fails_before_anything_is_migrated)
{
    char path[4200];
    drift_error err = {0};
    drift_database *database = NULL;
    world w = world_begin(WORLD_DELETE);
    char *before = world_digest(&w);
    snprintf(path, sizeof path, "%s/no folder/backup.db", w.folder);
    if (_i == 1) snprintf(path, sizeof path, "%s", w.path);
    ck_assert_int_lt(
        drift_database_open(&database, &world_v2, &(drift_open_options){.path = w.path, .backup_path = path}, &err), 0);
    ck_assert_str_ne(err.text, "");
    suite_same_digest(before, world_digest(&w));
    world_end(&w);
}
END_TEST

START_TEST(an_opening_with_nothing_to_do_makes_no_backup)
{
    char path[4200];
    drift_error err = {0};
    drift_database *database = NULL;
    world w = world_begin(WORLD_DELETE);
    world_run(&w, "PRAGMA user_version = 2");
    snprintf(path, sizeof path, "%s/backup.db", w.folder);
    ck_assert_drift(
        drift_database_open(&database, &world_v2, &(drift_open_options){.path = w.path, .backup_path = path}, &err));
    ck_assert(!drift__file_exists(path));
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(a_disk_without_enough_space_refuses_the_migration)
{
    drift_error err = {0};
    drift_database *database = NULL;
    world w = world_begin(WORLD_DELETE);
    char *before = world_digest(&w);
    ck_assert_drift_fails(drift_database_open(&database, &world_v2,
                                              &(drift_open_options){.path = w.path, .free_space_percent = 2147483647},
                                              &err),
                          DRIFT_FULL);
    suite_same_digest(before, world_digest(&w));
    err = (drift_error){0};
    ck_assert_drift(drift_database_open(&database, &world_v2,
                                        &(drift_open_options){.path = w.path, .free_space_percent = 290}, &err));
    drift_database_close(database);
    world_end(&w);
}
END_TEST

/* --- progress --- */

typedef struct watch {
    int calls, until;
    int step_from, step_to;
} watch;

static bool on_progress(const drift_opening_progress *progress, void *payload)
{
    watch *w = payload;
    w->calls++;
    ck_assert_int_eq(progress->from, 1);
    ck_assert_int_eq(progress->to, 2);
    ck_assert_int_eq(progress->instructions, 10000 * (int64_t)w->calls);
    w->step_from = progress->step_from;
    w->step_to = progress->step_to;
    return w->calls != w->until;
}

static int work_long(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    return drift_migrator_exec(migrator,
                               "CREATE TABLE long(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                               "WHERE i < 100000) INSERT INTO long SELECT i FROM n",
                               err);
}

static int run_long_step(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    static const drift_migration_step steps[] = {{1, 2, NULL, work_long, NULL}};
    (void)payload;
    return drift_migrator_run_steps(migrator, steps, 1, from, to, err);
}

static const drift_database_definition long_v2 = {
    .name = "books", .schema_version = 2, .strategy = {.on_upgrade = run_long_step}};

START_TEST(progress_tells_the_step_that_runs)
{
    drift_error err = {0};
    drift_database *database = NULL;
    watch seen = {0};
    world w = world_begin(WORLD_DELETE);
    ck_assert_drift(drift_database_open(
        &database, &long_v2, &(drift_open_options){.path = w.path, .progress = on_progress, .progress_payload = &seen},
        &err));
    ck_assert_int_gt(seen.calls, 10);
    ck_assert_int_eq(seen.step_from, 1);
    ck_assert_int_eq(seen.step_to, 2);
    const int calls = seen.calls;
    ck_assert_drift(drift_exec(drift_database_connection(database), "SELECT sum(a) FROM long", &err));
    ck_assert_int_eq(seen.calls, calls);
    drift_database_close(database);
    world_end(&w);
}
END_TEST

START_TEST(a_cancelled_migration_leaves_old_and_says_so)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_opening_report report;
    watch seen = {.until = 5};
    world w = world_begin((world_journal)_i);
    char *before = world_digest(&w);
    const drift_open_options options = {
        .path = w.path, .progress = on_progress, .progress_payload = &seen, .report = &report};
    ck_assert_drift_fails(drift_database_open(&database, &long_v2, &options, &err), DRIFT_INTERRUPTED);
    ck_assert_str_eq(err.text, "the migration from version 1 to 2 was cancelled, and was rolled back");
    ck_assert_int_eq(report.outcome, DRIFT_OUTCOME_OLD);
    drift_opening_report_dispose(&report);
    suite_same_digest(before, world_digest(&w));
    world_end(&w);
}
END_TEST

/* --- destruction --- */

static const char fresh[] = "CREATE TABLE authors(fresh); CREATE INDEX i ON authors(fresh)";

static const char *const strange[] = {
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 77",
    "PRAGMA user_version = 0",
    "CREATE VIEW v AS SELECT 1; CREATE TRIGGER tr AFTER INSERT ON books BEGIN SELECT 1; END; CREATE VIRTUAL TABLE f "
    "USING "
    "fts5(a); CREATE TABLE seq(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO seq VALUES (4); CREATE TABLE r(p "
    "REFERENCES authors(id) ON DELETE RESTRICT); INSERT INTO r VALUES (1); ANALYZE",
};

START_TEST(destructive_creates_everything_anew_and_tells_what_went)
{
    drift_error err = {0};
    drift_database *database = NULL;
    drift_schema *schema = NULL;
    drift_opening_report report;
    bool told = false;
    ck_assert_drift(drift_schema_parse(&schema, fresh, strlen(fresh), &err));
    const drift_database_definition definition = {
        .name = "books",
        .schema_version = 2,
        .schema = schema,
        .strategy = {.destructive = true, .foreign_keys = (drift_foreign_keys)(_i % 2)}};
    world w = world_begin(WORLD_DELETE);
    world_run(&w, strange[_i]);
    ck_assert_drift(
        drift_database_open(&database, &definition, &(drift_open_options){.path = w.path, .report = &report}, &err));
    ck_assert_value(drift_database_connection(database),
                    "SELECT group_concat(name) FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'", "authors,i");
    ck_assert_value(drift_database_connection(database), "PRAGMA user_version", "2");
    ck_assert_uint_ge(report.dropped_count, 2);
    for (size_t i = 0; i < report.dropped_count; i++) told = told || strcmp(report.dropped[i], "books") == 0;
    ck_assert(told && report.details.had_upgrade && !report.details.was_created);
    drift_opening_report_dispose(&report);
    drift_database_close(database);
    drift_schema_free(schema);
    world_end(&w);
}
END_TEST

/* --- what is known beforehand --- */

static int change_settings(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    return drift_exec(drift_migrator_connection(migrator),
                      "PRAGMA recursive_triggers = ON; PRAGMA cache_size = -77; PRAGMA legacy_alter_table = ON", err);
}

/* Of a file `synchronous` is raised all the same, and comes back. */
START_TEST(settings_that_are_known_to_stay_are_not_kept)
{
    static const drift_database_definition careless = {
        .name = "careless", .schema_version = 2, .strategy = {.on_upgrade = change_settings}};
    drift_error err = {0};
    drift_database *database = NULL;
    const drift__foreknown foreknown = {.keeps_settings = _i};
    world w = world_begin(WORLD_DELETE);
    drift_connection *own = world_look(&w);
    ck_assert_drift(drift_exec(own, "PRAGMA recursive_triggers = OFF; PRAGMA synchronous = NORMAL", &err));
    ck_assert_drift(
        drift__database_open(&database, &careless, &(drift_open_options){.connection = own}, foreknown, &err));
    ck_assert_value(own, "PRAGMA recursive_triggers", _i ? "1" : "0");
    ck_assert_value(own, "SELECT (SELECT cache_size FROM pragma_cache_size) = -77", _i ? "1" : "0");
    ck_assert_value(own, "PRAGMA legacy_alter_table", "0");
    ck_assert_value(own, "PRAGMA synchronous", "1");
    drift_database_close(database);
    drift_connection_close(own);
    world_end(&w);
}
END_TEST

static int do_nothing(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)migrator;
    (void)from;
    (void)to;
    (void)payload;
    (void)err;
    return DRIFT_OK;
}

START_TEST(where_keys_are_known_to_hold_every_violation_is_new)
{
    static const drift_database_definition idle = {
        .name = "idle", .schema_version = 2, .strategy = {.on_upgrade = do_nothing}};
    drift_error err = {0};
    drift_database *database = NULL;
    drift_connection *connection = NULL;
    const drift__foreknown foreknown = {.keys_hold = _i};
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection,
                               "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p);"
                               "INSERT INTO c VALUES (7); PRAGMA user_version = 1",
                               &err));
    const int rc =
        drift__database_open(&database, &idle, &(drift_open_options){.connection = connection}, foreknown, &err);
    ck_assert_int_eq(rc, _i ? DRIFT_FOREIGN_KEY : DRIFT_OK);
    drift_database_close(database);
    drift_connection_close(connection);
}
END_TEST

static int tell_synchronous(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    return drift_exec(drift_migrator_connection(migrator),
                      "CREATE TABLE told AS SELECT synchronous FROM pragma_synchronous", err);
}

START_TEST(what_passes_is_not_written_through)
{
    static const drift_database_definition telling = {
        .name = "telling", .schema_version = 2, .strategy = {.on_upgrade = tell_synchronous}};
    drift_error err = {0};
    drift_database *database = NULL;
    const drift__foreknown foreknown = {.passes = _i};
    world w = world_begin(WORLD_DELETE);
    drift_connection *own = world_look(&w);
    ck_assert_drift(drift_exec(own, "PRAGMA synchronous = OFF", &err));
    ck_assert_drift(
        drift__database_open(&database, &telling, &(drift_open_options){.connection = own}, foreknown, &err));
    ck_assert_value(own, "SELECT synchronous FROM told", _i ? "0" : "3");
    ck_assert_value(own, "PRAGMA synchronous", "0");
    drift_database_close(database);
    drift_connection_close(own);
    world_end(&w);
}
END_TEST

TCase *option_case(void)
{
    TCase *tcase = suite_case("options");
    tcase_add_loop_test(tcase, exactly_one_of_path_memory_and_connection_is_asked_for, 0, 2);
    tcase_add_test(tcase, a_connection_stays_its_owners);
    tcase_add_test(tcase, a_connection_inside_a_transaction_cannot_be_migrated);
    tcase_add_test(tcase, a_target_takes_the_place_of_the_definitions_version_and_schema);
    tcase_add_test(tcase, without_a_stamp_the_version_is_what_the_caller_says);
    tcase_add_loop_test(tcase, without_a_journal_a_migration_is_refused, 0, 2);
    tcase_add_test(tcase, attached_databases_are_warned_of);
    tcase_add_loop_test(tcase, a_backup_holds_what_was_there_before, 0, WORLD_JOURNALS);
    tcase_add_loop_test(tcase, a_backup_that_cannot_be_written_fails_before_anything_is_migrated, 0, 2);
    tcase_add_test(tcase, an_opening_with_nothing_to_do_makes_no_backup);
    tcase_add_test(tcase, a_disk_without_enough_space_refuses_the_migration);
    tcase_add_test(tcase, progress_tells_the_step_that_runs);
    tcase_add_loop_test(tcase, a_cancelled_migration_leaves_old_and_says_so, 0, WORLD_JOURNALS);
    tcase_add_loop_test(tcase, destructive_creates_everything_anew_and_tells_what_went, 0,
                        (int)(sizeof strange / sizeof *strange));
    tcase_add_loop_test(tcase, settings_that_are_known_to_stay_are_not_kept, 0, 2);
    tcase_add_loop_test(tcase, what_passes_is_not_written_through, 0, 2);
    tcase_add_loop_test(tcase, where_keys_are_known_to_hold_every_violation_is_new, 0, 2);
    return tcase;
}
