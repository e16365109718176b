/* check_verify.c — drift verify, on the todos app and on what can be done wrong with it. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/program.h"
#include "drift/error.h"
#include "support/suite.h"

/* With the rows of level `one`, which a person can follow, if nothing else is asked for. */
static program verify(const char *steps, const char *option, const char *value)
{
    char schemas[1024], own_steps[1024]; /* suite_source has one buffer */
    snprintf(own_steps, sizeof own_steps, "%s", steps);
    steps = own_steps;
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    return option ? drift("verify", "--schemas", schemas, "--migrations", steps, "--data", "empty,one", option, value)
                  : drift("verify", "--schemas", schemas, "--migrations", steps, "--data", "empty,one");
}

/* What differs from machine to machine and from run to run is masked. */
static char *masked(const char *text)
{
    drift_error err = {0};
    drift__str out = DRIFT__STR_INIT;
    char *result = NULL;
    while (*text) {
        if (strncmp(text, DRIFT_SOURCE_DIR, strlen(DRIFT_SOURCE_DIR)) == 0) {
            drift__str_puts(&out, "TREE");
            text += strlen(DRIFT_SOURCE_DIR);
        } else if (strncmp(text, folder, strlen(folder)) == 0) {
            drift__str_puts(&out, "FOLDER");
            text += strlen(folder);
        } else if (strncmp(text, "\"duration_ms\": ", 15) == 0) {
            drift__str_puts(&out, "\"duration_ms\": 0");
            text += 15 + strspn(text + 15, "0123456789.");
        } else if (strncmp(text, "SQLite ", 7) == 0 || strncmp(text, "\"sqlite\": \"", 11) == 0) {
            const size_t head = *text == 'S' ? 7 : 11;
            drift__str_putn(&out, text, head);
            drift__str_puts(&out, "3");
            text += head + strspn(text + head, "0123456789.");
        } else {
            drift__str_putc(&out, *text++);
        }
    }
    ck_assert_drift(drift__str_take(&result, &out, &err));
    return result;
}

static void golden(const char *name, const char *text)
{
    char *stable = masked(text);
    suite_golden(name, stable);
    drift_free(stable);
}

START_TEST(todos_passes_for_every_pair_and_level)
{
    char schemas[1024], steps[1024];
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    snprintf(steps, sizeof steps, "%s", suite_source("fixtures/todos/migrations"));
    program p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps);
    ck_assert_holds(p.out, "24 runs: 24 passed, 0 failed, 0 errors; 0 findings\n");
    ck_assert_str_eq(p.err, "");
    golden("cli/verify_todos.txt", p.out);
    program_done(&p);
}
END_TEST

START_TEST(todos_passes_statement_by_statement)
{
    program p =
        program_assert(verify(suite_source("fixtures/todos/migrations"), "--runner", "plain"), 0, __FILE__, __LINE__);
    ck_assert_holds(p.out, "12 passed");
    program_done(&p);
}
END_TEST

START_TEST(a_rebuild_with_foreign_keys_on_loses_the_children)
{
    program p = program_assert(verify(suite_source("fixtures/todos/migrations"), "--runner", "transaction"), 1,
                               __FILE__, __LINE__);
    ck_assert_holds(p.out, "data.lost_rows reminders [step 3->4]: 1 of 1 rows lost");
    ck_assert_holds(p.out,
                    "data.collateral reminders [step 3->4]: rows changed though the step does not name reminders, "
                    "through a foreign key: DROP TABLE todos");
    golden("cli/verify_todos_transaction.txt", p.out);
    program_done(&p);
}
END_TEST

/* What is deliberately lost in a step, and what has to be said about it. */
static const struct {
    const char *step, *from, *to, *finding;
} losses[] = {
    {"v1_to_v2.sql", "CREATE INDEX todos_by_due_date ON todos (due_date) WHERE due_date IS NOT NULL;", "",
     "schema.missing todos_by_due_date [step 1->2]: index missing"},
    {"v1_to_v2.sql", " WHERE due_date IS NOT NULL", "", "schema.index.where todos_by_due_date [step 1->2]"},
    {"v3_to_v4.sql", "CREATE INDEX todos_by_category ON todos (category);",
     "CREATE INDEX todos_by_category ON todos (id);", "schema.index.columns todos_by_category [step 3->4]"},
    {"v1_to_v2.sql", "is_done INTEGER NOT NULL DEFAULT 0", "is_done INTEGER DEFAULT 0",
     "schema.column.null reminders.is_done [step 1->2]: column null: expected NOT NULL, found NULL"},
    {"v3_to_v4.sql", "created_at INTEGER NOT NULL DEFAULT 0", "created_at INTEGER NOT NULL DEFAULT 1",
     "schema.column.default todos.created_at [step 3->4]: column default: expected 0, found 1"},
    {"v1_to_v2.sql", " CHECK (is_done IN (0, 1))", "", "schema.table.check reminders"},
    {"v3_to_v4.sql",
     "CREATE TRIGGER keep_old_title AFTER UPDATE OF title ON todos WHEN new.title <> old.title BEGIN\n"
     "    INSERT INTO old_titles (todo, title) VALUES (old.id, old.title);\nEND;",
     "", "schema.missing keep_old_title [step 3->4]: trigger missing"},
    {"v2_to_v3.sql", "VALUES (old.id, old.title)", "VALUES (old.id, new.title)",
     "schema.trigger.sql keep_old_title [step 2->3]"},
    {"v3_to_v4.sql", "id, title, due_date, priority FROM todos", "id, title, due_date FROM todos",
     "schema.view.sql upcoming_todos [step 3->4]"},
    {"v3_to_v4.sql", "DROP VIEW upcoming_todos;", "DROP VIEW upcoming_todos; CREATE TABLE scratch (x);",
     "schema.unexpected scratch [step 3->4]: table unexpected"},
    {"v3_to_v4.sql", "category INTEGER,", "category TEXT,",
     "schema.column.type todos.category [step 3->4]: column type: expected INTEGER, found TEXT"},
    {"v3_to_v4.sql", "KEY AUTOINCREMENT", "KEY", "schema.table.primary_key todos"},
    {"v2_to_v3.sql", "todo INTEGER NOT NULL REFERENCES todos (id) ON DELETE CASCADE", "todo INTEGER NOT NULL",
     "schema.table.foreign_key old_titles"},
    {"v2_to_v3.sql", "REFERENCES todos (id)", "REFERENCES todoes (id)",
     "fk.dangling old_titles [step 2->3]: todoes does not exist: FOREIGN KEY (todo)"},
    {"v1_to_v2.sql", "CREATE INDEX", "DELETE FROM reminders; CREATE INDEX",
     "data.lost_rows reminders [step 1->2]: 1 of 1 rows lost"},
    {"v1_to_v2.sql", "CREATE INDEX", "INSERT INTO reminders (todo, remind_at) SELECT id, 0 FROM todos; CREATE INDEX",
     "data.extra_rows reminders [step 1->2]: 1 of 2 rows were not there before"},
    {"v3_to_v4.sql", "SELECT id, title, body, CAST", "SELECT id, title, title, CAST",
     "data.changed todos.body [step 3->4]: expected '1104 body', found '7383 title' in 1 of 1 rows"},
    {"v3_to_v4.sql", "due_date, priority FROM todos;", "priority, due_date FROM todos;",
     "data.changed todos.due_date [step 3->4]"},
    {"v3_to_v4.sql", "CAST(category AS INTEGER)", "NULL",
     "data.nulled todos.category [step 3->4]: expected 4767, found NULL"},
    {"v3_to_v4.sql", "DROP TABLE todos;", "DELETE FROM new_todos; DROP TABLE todos;", "fk.violation reminders"},
    {"v2_to_v3.sql", "ADD COLUMN priority", "ADD COLUMN due_date",
     "v2_to_v3.sql:1:1: duplicate column name: due_date;"
     " in: ALTER TABLE todos ADD COLUMN due_date INTEGER"},
    {"v2_to_v3.sql", "ALTER TABLE", "BEGIN; ALTER TABLE", "hint: a script with transactions of its own needs --runner"},
    {"v3_to_v4.sql", "DROP TABLE todos;", "COMMIT; DROP TABLE todos;", "migration.residue [step 3->4]"},
};

START_TEST(what_a_step_loses_is_named)
{
    const char *steps = todos_with(losses[_i].step, losses[_i].from, losses[_i].to);
    program p = program_assert(verify(steps, NULL, NULL), 1, __FILE__, __LINE__);
    ck_assert_holds(p.out, losses[_i].finding);
    program_done(&p);
}
END_TEST

START_TEST(a_transaction_that_was_left_open_is_told)
{
    const char *steps = todos_with("v2_to_v3.sql", "ALTER TABLE", "BEGIN; ALTER TABLE");
    program p = program_assert(verify(steps, "--runner", "plain"), 1, __FILE__, __LINE__);
    ck_assert_holds(p.out, "migration.transaction [step 2->3]");
    ck_assert_ptr_null(strstr(p.out, "schema."));
    program_done(&p);
}
END_TEST

START_TEST(a_script_with_its_own_transaction_passes_plainly)
{
    const char *steps = todos_with("v1_to_v2.sql", "ALTER TABLE todos", "BEGIN; COMMIT; ALTER TABLE todos");
    program p = program_assert(verify(steps, "--runner", "plain"), 0, __FILE__, __LINE__);
    program_done(&p);
}
END_TEST

START_TEST(json_is_the_contract)
{
    const char *steps = todos_with("v3_to_v4.sql", "body, CAST", "title, CAST");
    program p = program_assert(verify(steps, "--format", "json"), 1, __FILE__, __LINE__);
    golden("cli/verify_changed.json", p.out);
    program_done(&p);
}
END_TEST

START_TEST(several_reports_go_to_several_files)
{
    char schemas[1024], steps[1024];
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    snprintf(steps, sizeof steps, "%s", suite_source("fixtures/todos/migrations"));
    program p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "--format", "json", "-o",
                            in_folder("r.json"), "--format", "text", "--output=-", "--data=one", "--pairs", "adjacent");
    char *json = text_of(in_folder("r.json"));
    ck_assert_holds(p.out, "3 runs: 3 passed");
    ck_assert_holds(json, "\"format\": 1");
    ck_assert_holds(json, "\"runs\": 3");
    drift_free(json);
    program_done(&p);
    p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "-o", in_folder("r.txt"), "--from", "2",
                    "--to", "4", "--data", "empty,one");
    char *text = text_of(in_folder("r.txt"));
    ck_assert_str_eq(p.out, "");
    ck_assert_holds(text, "2 runs: 2 passed");
    drift_free(text);
    program_done(&p);
}
END_TEST

START_TEST(every_form_of_report_is_written)
{
    char schemas[1024], steps[1024];
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    snprintf(steps, sizeof steps, "%s", suite_source("fixtures/todos/migrations"));
    char *xml_path = drift__strdup(in_folder("r.xml")), *html_path = drift__strdup(in_folder("r.html"));
    program p =
        drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "--data=one", "--pairs", "adjacent",
                    "--format", "tap", "--format", "junit", "-o", xml_path, "--format", "html", "-o", html_path);
    ck_assert_str_eq(p.out, "TAP version 13\n1..3\nok 1 - 1->2 one\nok 2 - 2->3 one\nok 3 - 3->4 one\n");
    char *xml = text_of(xml_path), *html = text_of(html_path);
    ck_assert_holds(xml, "<testsuites name=\"drift verify\" tests=\"3\" failures=\"0\" errors=\"0\"");
    ck_assert_holds(html, "3 runs: 3 passed, 0 failed, 0 errors; 0 findings</p>");
    drift_free(xml);
    drift_free(html);
    drift__free(xml_path);
    drift__free(html_path);
    program_done(&p);
}
END_TEST

START_TEST(colour_only_when_it_is_wanted)
{
    program never = verify(suite_source("fixtures/todos/migrations"), NULL, NULL);
    program always = verify(suite_source("fixtures/todos/migrations"), "--color", "always");
    ck_assert_ptr_null(strchr(never.out, '\x1b'));
    ck_assert_ptr_nonnull(strchr(always.out, '\x1b'));
    program_done(&never);
    program_done(&always);
}
END_TEST

START_TEST(verbose_tells_every_run)
{
    char schemas[1024], steps[1024];
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    snprintf(steps, sizeof steps, "%s", suite_source("fixtures/todos/migrations"));
    program p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "-v", "--data", "empty,one");
    ck_assert_holds(p.err, "1/12  1->2 empty: passed, 0 rows, ");
    ck_assert_holds(p.err, "12/12  3->4 one: passed, 3 rows, ");
    program_done(&p);
}
END_TEST

START_TEST(a_step_that_nothing_was_dumped_for_is_named)
{
    const char *steps = todos_with(NULL, NULL, NULL);
    file("steps/v4_to_v5.sql", "DROP TABLE todos");
    program p = program_assert(verify(steps, NULL, NULL), 0, __FILE__, __LINE__);
    ck_assert_holds(p.err, "drift: note: ");
    ck_assert_holds(p.err, "steps/v4_to_v5.sql was not verified: ");
    ck_assert_holds(p.err, "has no snapshot of version 5 or later\n");
    program_done(&p);
    p = program_assert(verify(in_folder("steps"), "--quiet", NULL), 0, __FILE__, __LINE__);
    ck_assert_str_eq(p.err, "");
    program_done(&p);
}
END_TEST

/* ---- the levels, the audit, other ways ---- */

START_TEST(many_rows_only_if_they_are_asked_for)
{
    const char *steps = todos_with(NULL, NULL, NULL);
    char schemas[1024];
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    program p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "-v", "--rows", "7", "--from",
                            "1", "--to", "2");
    ck_assert_holds(p.err, "5/5  1->2 many: passed, 14 rows, ");
    program_done(&p);
    p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "-v", "--data", "many", "--rows=8",
                    "--from", "1", "--to", "2");
    ck_assert_holds(p.err, "1/1  1->2 many: passed, 16 rows, ");
    program_done(&p);
}
END_TEST

START_TEST(a_veto_fails_the_step_that_would_lose_the_children)
{
    char schemas[1024], steps[1024];
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    snprintf(steps, sizeof steps, "%s", suite_source("fixtures/todos/migrations"));
    program p = drift_gives(1, "verify", "--schemas", schemas, "--migrations", steps, "--runner", "transaction",
                            "--audit", "veto", "--from", "3", "--data", "one");
    ck_assert_holds(p.out, "migration.failed [step 3->4]: ");
    ck_assert_holds(p.out, "v3_to_v4.sql:25:1: the audit refused a statement that may change rows of ");
    ck_assert_ptr_null(strstr(p.out, "data."));
    program_done(&p);
}
END_TEST

START_TEST(a_step_that_spans_versions_must_end_as_its_parts_do)
{
    const char *steps = todos_with(NULL, NULL, NULL);
    file("steps/v1_to_v3.sql", "SELECT 'forgotten'");
    program p = program_assert(verify(steps, "--to", "3"), 1, __FILE__, __LINE__);
    ck_assert_holds(p.out, "path.schema ");
    ck_assert_holds(p.out, "directly (1->3) and by its parts (1->2->3) the schemas end differently");
    program_done(&p);
    p = program_assert(verify(steps, "--no-paths", NULL), 1, __FILE__, __LINE__);
    ck_assert_ptr_null(strstr(p.out, "path."));
    program_done(&p);
}
END_TEST

START_TEST(what_a_step_is_expected_to_touch_is_read_from_a_file)
{
    const char *steps = todos_with("v3_to_v4.sql", "DROP VIEW", "UPDATE todos SET title = upper(title); DROP VIEW");
    program p = program_assert(verify(steps, "--from", "3"), 1, __FILE__, __LINE__);
    ck_assert_holds(p.out, "data.collateral old_titles [step 3->4]");
    program_done(&p);
    p = program_assert(
        verify(steps, "--expect", file("e.json", "{\"steps\": {\"3->4\": {\"touches\": [\"old_titles\"]}}}")), 1,
        __FILE__, __LINE__);
    ck_assert_ptr_null(strstr(p.out, "data.collateral"));
    program_done(&p);
    p = program_assert(verify(steps, "--expect", file("e.json", "{\"steps\": 3}")), 3, __FILE__, __LINE__);
    ck_assert_str_eq(p.out, "");
    program_done(&p);
}
END_TEST

/* ---- what migrates ---- */

/* Two versions of a table t; gives the folder of their snapshots. */
static const char *two_versions(void)
{
    program p = drift_gives(0, "schema", "dump", file("v1.sql", "CREATE TABLE t (a)"), folder, "--version", "1");
    program_done(&p);
    p = drift_gives(0, "schema", "dump", file("v2.sql", "CREATE TABLE t (a, b)"), folder, "--version", "2");
    program_done(&p);
    return folder;
}

START_TEST(a_command_migrates_a_file)
{
    const char *schemas = two_versions();
    program p = drift_gives(1, "verify", "--schemas", schemas, "--exec", "echo {from}-{to}; exit 5", "--data", "one");
    ck_assert_holds(p.out, "runner command");
    ck_assert_holds(p.out, "migration.failed");
    ck_assert_holds(p.out, "expected that the command ends with status 0, found 5: 1-2");
    program_done(&p);
    p = drift_gives(1, "verify", "--schemas", schemas, "--exec", "/no/such/program", "--data", "one");
    ck_assert_holds(p.out, "error.exec");
    ck_assert_holds(p.out, "1 run: 0 passed, 0 failed, 1 error");
    program_done(&p);
    p = drift_gives(1, "verify", "--schemas", schemas, "--exec", "sleep 1000", "--data", "one", "--time-limit", "1");
    ck_assert_holds(p.out, "error.timeout");
    program_done(&p);
}
END_TEST

/* Shards say what they were asked for. With as many rows as somebody wants time is no sign. */
START_TEST(a_migration_is_limited_unless_that_is_not_wanted)
{
    static const char *const options[][3] = {{"--data", "one", "rows 0, time limit 600000 ms"},
                                             {"--time-limit", "0", "rows 0"},
                                             {"--time-limit", "9", "rows 0, time limit 9000 ms"},
                                             {"--rows", "1", "rows 1"},
                                             {"--data", "many", "rows 0"}};
    const char *schemas = two_versions();
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        char end[64];
        program p = drift_gives(1, "verify", "--schemas", schemas, "--exec", "exit 1", "--shard", "1/1", "--format",
                                "json", options[i][0], options[i][1]);
        snprintf(end, sizeof end, ", %s\"", options[i][2]);
        ck_assert_holds(p.out, end);
        program_done(&p);
    }
    drift_refuses(2, "--time-limit: expected a whole number from 0 to 1000000, found \"-1\"", "verify", "--schemas",
                  schemas, "--exec", "exit 1", "--time-limit", "-1");
}
END_TEST

START_TEST(an_application_migrates_by_its_own_code)
{
    const char *schemas = two_versions();
    program p = drift_gives(0, "verify", "--schemas", schemas, "--app", DRIFT_APP_LIBRARY);
    ck_assert_holds(p.out, "migrations  app, runner drift");
    ck_assert_holds(p.out, "4 passed");
    program_done(&p);
    p = drift_gives(1, "verify", "--schemas", schemas, "--app", DRIFT_APP_LIBRARY ":forgetful_app", "--data", "one");
    ck_assert_holds(p.out, "data.lost_rows t");
    program_done(&p);
    drift_refuses(3, DRIFT_APP_LIBRARY " has no symbol nothing", "verify", "--schemas", schemas, "--app",
                  DRIFT_APP_LIBRARY ":nothing");
    drift_refuses(3, "cannot load /no/such/library.so: No such file or directory", "verify", "--schemas", schemas,
                  "--app", "/no/such/library.so");
    p = drift_gives(3, "verify", "--schemas", schemas, "--app", in_folder("v1.sql"));
    ck_assert_holds(p.err, "drift: cannot load ");
    program_done(&p);
}
END_TEST

START_TEST(a_failed_case_is_kept_and_can_be_repeated)
{
    char schemas[1024];
    snprintf(schemas, sizeof schemas, "%s", suite_source("drift_schemas/todos"));
    const char *steps = todos_with("v3_to_v4.sql", "body, CAST", "title, CAST");
    program p = drift_gives(1, "verify", "--schemas", schemas, "--migrations", steps, "--keep", in_folder("kept"),
                            "--data", "one", "--pairs", "adjacent");
    char *repro = text_of(in_folder("kept/v3_to_v4_one/repro.sql"));
    golden("cli/repro.sql", repro);
    drift_free(repro);
    ck_assert(!drift__file_exists(in_folder("kept/v1_to_v2_one")));
    program_done(&p);
    p = drift_gives(0, "check", in_folder("kept/v3_to_v4_one/database.db"), "--schemas", schemas);
    program_done(&p);
}
END_TEST

START_TEST(a_snapshot_that_only_dart_knows_is_an_error_of_its_runs)
{
    static const char column[] =
        "{\"_meta\": {\"description\": \"\", \"version\": \"1.2.0\"}, \"options\": {}, \"entities\": [{\"id\": 0,"
        " \"references\": [], \"type\": \"table\", \"data\": {\"name\": \"t\", \"was_declared_in_moor\": false,"
        " \"columns\": [{\"name\": \"a\", \"getter_name\": \"a\", \"moor_type\": \"int\", \"nullable\": false,"
        " \"customConstraints\": null, \"default_dart\": \"%s\", \"default_client_dart\": null, \"dsl_features\": []}],"
        " \"is_virtual\": false}}]}";
    char text[2048];
    snprintf(text, sizeof text, column, "Constant(compute())");
    file("drift_schema_v1.json", text);
    snprintf(text, sizeof text, column, "const Constant(1)");
    file("drift_schema_v2.json", text);
    file("v1_to_v2.sql", "");
    program p = drift_gives(1, "verify", "--schemas", folder, "--migrations", folder);
    ck_assert_holds(p.out, "error.build");
    ck_assert_holds(p.out, "compute()");
    ck_assert_holds(p.out, "4 runs: 0 passed, 0 failed, 4 errors");
    program_done(&p);
    p = drift_gives(0, "verify", "--schemas", folder, "--migrations", folder, "--overrides",
                    file("overrides", "{\"t.a\": {\"default\": \"1\"}}"));
    program_done(&p);
}
END_TEST

TCase *case_verify(void)
{
    TCase *tcase = suite_case("verify");
    tcase_add_test(tcase, todos_passes_for_every_pair_and_level);
    tcase_add_test(tcase, todos_passes_statement_by_statement);
    tcase_add_test(tcase, a_rebuild_with_foreign_keys_on_loses_the_children);
    tcase_add_loop_test(tcase, what_a_step_loses_is_named, 0, (int)(sizeof losses / sizeof losses[0]));
    tcase_add_test(tcase, a_transaction_that_was_left_open_is_told);
    tcase_add_test(tcase, a_script_with_its_own_transaction_passes_plainly);
    tcase_add_test(tcase, json_is_the_contract);
    tcase_add_test(tcase, several_reports_go_to_several_files);
    tcase_add_test(tcase, every_form_of_report_is_written);
    tcase_add_test(tcase, colour_only_when_it_is_wanted);
    tcase_add_test(tcase, verbose_tells_every_run);
    tcase_add_test(tcase, a_step_that_nothing_was_dumped_for_is_named);
    tcase_add_test(tcase, many_rows_only_if_they_are_asked_for);
    tcase_add_test(tcase, a_veto_fails_the_step_that_would_lose_the_children);
    tcase_add_test(tcase, a_step_that_spans_versions_must_end_as_its_parts_do);
    tcase_add_test(tcase, what_a_step_is_expected_to_touch_is_read_from_a_file);
    tcase_add_test(tcase, a_command_migrates_a_file);
    tcase_add_test(tcase, a_migration_is_limited_unless_that_is_not_wanted);
    tcase_add_test(tcase, an_application_migrates_by_its_own_code);
    tcase_add_test(tcase, a_failed_case_is_kept_and_can_be_repeated);
    tcase_add_test(tcase, a_snapshot_that_only_dart_knows_is_an_error_of_its_runs);
    return tcase;
}
