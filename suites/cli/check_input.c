/* check_input.c — bad input: each a one-line error, exit 2, 3 or 4, nothing half written. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/program.h"
#include "support/suite.h"

static const char *message(const char *format, ...) DRIFT_PRINTF(1, 2);

static const char *message(const char *format, ...)
{
    static char text[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return text;
}

static void verify_refuses(int status, const char *text, const char *schemas, const char *migrations)
{
    drift_refuses(status, text, "verify", "--schemas", schemas, "--migrations", migrations);
}

static const char *snapshots(void)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s", suite_source("drift_schemas/todos"));
    return path;
}

START_TEST(a_folder_that_is_missing)
{
    const char *none = in_folder("none"), *steps = suite_source("fixtures/todos/migrations");
    verify_refuses(3, message("cannot read the folder %s: No such file or directory", none), none, steps);
    drift_refuses(3, message("cannot read the folder %s: No such file or directory", none), "verify", "--schemas",
                  suite_source("drift_schemas/todos"), "--migrations", none);
    drift_refuses(3, message("cannot read the folder %s: No such file or directory", none), "check", "x.db",
                  "--schemas", none);
}
END_TEST

START_TEST(a_folder_without_snapshots)
{
    program p = drift_gives(3, "verify", "--schemas", folder, "--migrations", folder);
    ck_assert_holds(p.err, "drift_schema_v");
    program_done(&p);
}
END_TEST

START_TEST(one_snapshot_is_no_pair)
{
    program p = drift_gives(0, "schema", "dump", file("s.sql", "CREATE TABLE t (a)"), folder, "--version", "3");
    program_done(&p);
    verify_refuses(3, message("no pair of versions to verify: 1 snapshot in %s", folder), folder, folder);
}
END_TEST

START_TEST(a_selection_without_pairs)
{
    const char *schemas = "drift_schemas/todos";
    char steps[1024];
    snprintf(steps, sizeof steps, "%s", suite_source("fixtures/todos/migrations"));
    char place[1024];
    snprintf(place, sizeof place, "%s", suite_source(schemas));
    drift_refuses(3, message("no snapshot of version 7 in %s", place), "verify", "--schemas", place, "--migrations",
                  steps, "--from", "7");
    drift_refuses(3,
                  message("no pair of versions to verify: 4 snapshots in %s, none of their pairs is selected", place),
                  "verify", "--schemas", place, "--migrations", steps, "--from", "4");
}
END_TEST

START_TEST(a_gap_in_the_steps_names_the_step)
{
    const char *steps = todos_with(NULL, NULL, NULL);
    ck_assert_int_eq(unlink(in_folder("steps/v2_to_v3.sql")), 0);
    program p = drift_gives(3, "verify", "--schemas", suite_source("drift_schemas/todos"), "--migrations", steps);
    ck_assert_str_eq(p.out, "");
    ck_assert_holds(p.err, "no step leads on from version 2, on the way from 1 to 3\n");
    ck_assert_holds(p.err, "steps/v2_to_v3.sql\n");
    program_done(&p);
}
END_TEST

START_TEST(two_files_for_one_step)
{
    const char *steps = todos_with(NULL, NULL, NULL);
    char expected[2048];
    const char *twice = file("steps/v01_to_v2.sql", "");
    snprintf(expected, sizeof expected, "two files for the step from 1 to 2: %s and %s", twice,
             in_folder("steps/v1_to_v2.sql"));
    verify_refuses(3, expected, suite_source("drift_schemas/todos"), steps);
}
END_TEST

START_TEST(a_name_that_is_almost_a_step)
{
    static const char *const names[] = {"v1_to_2.sql",  "v1.sql",       "V1_to_v2.sql",
                                        "v0_to_v1.sql", "v1_to_v2.SQL", "v1_to_v99999999999.sql"};
    for (int i = 0; i < 6; i++) {
        char name[64];
        const char *steps = todos_with(NULL, NULL, NULL);
        snprintf(name, sizeof name, "steps/%s", names[i]);
        const char *path = file(name, "");
        verify_refuses(3, message("%s: expected a name as v1_to_v2.sql, with versions from 1 to 2147483647", path),
                       suite_source("drift_schemas/todos"), steps);
        ck_assert_int_eq(unlink(path), 0);
    }
}
END_TEST

START_TEST(a_snapshot_that_is_none)
{
    static const struct {
        const char *text, *error;
    } snapshots[] = {
        {"{\"entities\": [", "drift_schema_v1.json:1:"},
        {"[]", "drift_schema_v1.json"},
        {"{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": 7}", "$.entities"},
        {"{\"_meta\": {\"version\": \"9.0.0\"}, \"entities\": []}", "9.0.0"},
    };
    for (int i = 0; i < 4; i++) {
        file("drift_schema_v1.json", snapshots[i].text);
        program p = drift_gives(3, "verify", "--schemas", folder, "--migrations", folder);
        ck_assert_str_eq(p.out, "");
        ck_assert_holds(p.err, snapshots[i].error);
        program_done(&p);
        p = drift_gives(3, "schema", "export", in_folder("drift_schema_v1.json"));
        ck_assert_str_eq(p.out, "");
        program_done(&p);
    }
}
END_TEST

START_TEST(sql_that_does_not_parse_is_told_with_line_and_column)
{
    const char *sql = file("bad.sql", "CREATE TABLE a (x);\n\n  CREATE TABEL b (y);\n");
    drift_refuses(3, message("%s:3:10: near \"TABEL\": syntax error; in: CREATE TABEL b (y)", sql), "schema", "dump",
                  sql, in_folder("s.json"));
    ck_assert(!drift__file_exists(in_folder("s.json")));
    sql = file("bad.sql", "CREATE TABLE a (x);\nINSERT INTO a VALUES (1, 2);\n");
    drift_refuses(
        3, message("%s:2:1: table a has 1 columns but 2 values were supplied; in: INSERT INTO a VALUES (1, 2)", sql),
        "schema", "diff", sql, sql);
}
END_TEST

START_TEST(a_script_reaches_nothing_but_its_own_database)
{
    char sql[2048];
    static const char *const attempts[] = {"ATTACH '%s' AS x;", "VACUUM INTO '%s';", "SELECT load_extension('%s');"};
    for (int i = 0; i < 3; i++) {
        const char *outside = in_folder("outside.db");
        snprintf(sql, sizeof sql, attempts[i], outside);
        program p = drift_gives(3, "schema", "dump", file("s.sql", sql), in_folder("s.json"));
        ck_assert_holds(p.err, "s.sql:1:");
        ck_assert(!drift__file_exists(outside));
        program_done(&p);
    }
}
END_TEST

START_TEST(a_database_that_is_none)
{
    const char *text = file("text.db", "this is no database, however long it may be, and it never was one");
    const char *expected = message("cannot read %s: file is not a database", text);
    drift_refuses(3, expected, "check", text, "--schemas", suite_source("drift_schemas/todos"));
    drift_refuses(3, expected, "schema", "dump", text, folder);
    program p = drift_gives(3, "schema", "diff", text, text);
    ck_assert_holds(p.err, "a snapshot's name ends in .json");
    program_done(&p);
    const char *none = in_folder("none.db");
    drift_refuses(3, message("cannot read %s: No such file or directory", none), "schema", "dump", none, folder);
    p = drift_gives(3, "check", none, "--schemas", suite_source("drift_schemas/todos"));
    ck_assert_holds(p.err, "none.db: No such file");
    ck_assert(!drift__file_exists(none));
    program_done(&p);
}
END_TEST

/* What begins as a database is one, however broken: its name is not to blame. */
START_TEST(a_database_that_is_cut_off)
{
    const char *path = file("cut.db", "SQLite format 3");
    ck_assert_int_eq(truncate(path, 512), 0);
    program p = drift_gives(3, "schema", "diff", path, path);
    ck_assert_holds(p.err, "cut.db: ");
    ck_assert_ptr_null(strstr(p.err, "a snapshot's name"));
    program_done(&p);
}
END_TEST

START_TEST(a_source_that_cannot_be_dumped_is_named)
{
    static const char *const scripts[] = {
        "CREATE TABLE t (a INT\xff)",
        "PRAGMA writable_schema = 1; INSERT INTO sqlite_schema VALUES ('table', 'z', 'z', 0, 'CREATE nothing')"};
    for (int i = 0; i < 2; i++) {
        const char *sql = file("s.sql", scripts[i]);
        program p = drift_gives(3, "schema", "dump", sql, in_folder("s.json"));
        ck_assert_holds(p.err, message("drift: %s: ", sql));
        ck_assert(!drift__file_exists(in_folder("s.json")));
        program_done(&p);
    }
}
END_TEST

START_TEST(a_folder_is_no_file_and_a_file_no_folder)
{
    const char *path = file("file", "text");
    drift_refuses(3, message("cannot read %s: it is a folder", folder), "schema", "dump", folder, folder);
    drift_refuses(3, message("cannot read %s: it is a folder", folder), "schema", "diff", folder, folder);
    program p = drift_gives(3, "check", folder, "--schemas", suite_source("drift_schemas/todos"));
    program_done(&p);
    p = drift_gives(3, "schema", "export", folder);
    program_done(&p);
    verify_refuses(3, message("cannot read the folder %s: Not a directory", path), path, folder);
    drift_refuses(3, message("cannot read the folder %s: Not a directory", path), "verify", "--schemas",
                  suite_source("drift_schemas/todos"), "--migrations", path);
}
END_TEST

static const char *bytes(const char *name, const char *text, size_t length)
{
    drift_error err = {0};
    ck_assert_drift(drift__file_write(in_folder(name), text, length, &err));
    return in_folder(name);
}

/* As PowerShell writes what `sqlite3 app.db .schema` prints. */
START_TEST(utf16_is_told_as_such)
{
    static const char little[] = "\xff\xfe{\0}", big[] = "\xfe\xff\0{\0}";
    const char *sql = bytes("s.sql", little, sizeof little), *json = bytes("s.json", big, sizeof big);
    drift_refuses(3, message("%s:1:1: expected UTF-8, found UTF-16", sql), "schema", "dump", sql, in_folder("o.json"));
    drift_refuses(3, message("%s:1:1: expected UTF-8, found UTF-16", json), "schema", "export", json);
    drift_refuses(3, message("%s:1:1: expected UTF-8, found UTF-16", json), "verify", "--schemas", snapshots(),
                  "--exec", "true", "--expect", json);
}
END_TEST

START_TEST(a_name_that_is_empty_is_wrong_usage)
{
    const char *no_file = "expected the name of a file to read, found \"\"";
    const char *no_folder = "expected the name of a folder to read, found \"\"";
    drift_refuses(2, no_file, "schema", "dump", "", "o.json");
    drift_refuses(2, no_file, "schema", "export", "");
    drift_refuses(2, no_file, "report", "convert", "");
    drift_refuses(2, no_file, "verify", "--schemas", snapshots(), "--exec", "true", "--expect", "");
    drift_refuses(2, no_folder, "verify", "--schemas", "", "--exec", "true");
    drift_refuses(2, no_folder, "verify", "--schemas", snapshots(), "--migrations", "");
    drift_refuses(2, "--exec: expected a command, found \"\"", "verify", "--schemas", snapshots(), "--exec", "");
    drift_refuses(2, no_file, "verify", "--schemas", snapshots(), "--app", "");
}
END_TEST

/* The loader would wait for somebody who writes into a pipe. */
START_TEST(a_library_is_a_regular_file)
{
    const char *pipe = in_folder("pipe");
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    drift_refuses(3, message("cannot load %s: it is not a regular file", pipe), "verify", "--schemas", snapshots(),
                  "--app", pipe);
    drift_refuses(3, message("cannot load %s: it is not a regular file", folder), "verify", "--schemas", snapshots(),
                  "--app", folder);
    drift_refuses(3, message("cannot load %s: No such file or directory", in_folder("none.so")), "verify", "--schemas",
                  snapshots(), "--app", in_folder("none.so"));
}
END_TEST

START_TEST(a_file_that_is_too_large_is_named_once)
{
    const char *large = file("large.sql", "");
    ck_assert_int_eq(truncate(large, 64 * 1024 * 1024 + 1), 0);
    drift_refuses(3, message("%s has 67108865 bytes; at most 67108864 are read", large), "schema", "dump", large,
                  in_folder("o.json"));
}
END_TEST

START_TEST(what_is_no_snapshot_gets_a_hint_where_its_name_says_so_too)
{
    const char *sql = file("s.sql", "CREATE TABLE t (a)"), *json = file("s.json", "CREATE TABLE t (a)");
    const char *hint = "\n  a snapshot is a drift_schema_vN.json, which is made by: drift schema dump SOURCE DEST\n";
    program p = drift_gives(3, "seed", sql, in_folder("o.db"));
    ck_assert_holds(p.err, hint);
    program_done(&p);
    p = drift_gives(3, "seed", json, in_folder("o.db"));
    ck_assert_ptr_null(strstr(p.err, hint));
    program_done(&p);
}
END_TEST

/* The statements that it brings in would be missing from the snapshot. */
START_TEST(a_script_that_reads_another_is_refused)
{
    const char *sql = file("s.sql", ".mode list\nCREATE TABLE t (a);\n  .read rest.sql\n");
    program p = drift_gives(3, "schema", "dump", sql, in_folder("o.json"));
    ck_assert_str_eq(p.err, message("drift: %s:3:3: expected the whole script in this file, found .read\n  put the "
                                    "statements of the file that it names in the place of this line\n",
                                    sql));
    ck_assert(!drift__file_exists(in_folder("o.json")));
    program_done(&p);
    file("s.sql", "CREATE TABLE t (a DEFAULT '\n.read rest.sql');\n.reading\n");
    p = drift_gives(0, "schema", "dump", sql, in_folder("o.json"));
    program_done(&p);
}
END_TEST

START_TEST(a_source_without_anything_is_noted)
{
    const char *sql = file("s.sql", "-- +goose Up\n");
    program p = drift_gives(0, "schema", "dump", sql, in_folder("o.json"), "--version", "1");
    ck_assert_holds(p.err, message("drift: note: %s holds no table, view, index or trigger\n", sql));
    program_done(&p);
}
END_TEST

START_TEST(a_snapshot_is_no_source_of_a_dump)
{
    const char *path = suite_source("drift_schemas/todos/drift_schema_v1.json");
    drift_refuses(3, message("%s: expected a database or an .sql file, found a snapshot", path), "schema", "dump", path,
                  folder);
}
END_TEST

/* Where something would be written, relative to the test's folder, and what is told of it. */
typedef struct spot {
    const char *name, *told;
} spot;

static const spot no_files[] = {{"none/r", "cannot write %s/none/r: there is no folder %s/none"},
                                {"none/at/all/r", "cannot write %s/none/at/all/r: there is no folder %s/none/at/all"},
                                {"plain/r", "cannot write %s/plain/r: %s/plain is no folder"},
                                {"plain/at/r", "cannot write %s/plain/at/r: %s/plain is no folder"},
                                {"r/", "expected the name of a file to write, found a folder: %s/r/"},
                                {"locked/r", "cannot write %s/locked/r: Permission denied"}};

static const spot no_folders[] = {{"plain", "cannot write %s/plain: %s/plain is no folder"},
                                  {"plain/at", "cannot write %s/plain/at: %s/plain is no folder"},
                                  {"locked", "cannot write %s/locked: Permission denied"},
                                  {"locked/at", "cannot write %s/locked/at: Permission denied"}};

enum { NO_FILES = sizeof no_files / sizeof *no_files, NO_FOLDERS = sizeof no_folders / sizeof *no_folders };

/* With the file `plain` and the folder `locked` beside; to root nothing is locked. False if the case cannot be. */
static bool make_place(const char **path, const char **told, int *status, const spot *p)
{
    static char text[4096], name[1024];
    const bool locked = strncmp(p->name, "locked", 6) == 0;
    if (locked && geteuid() == 0) return false;
    file("plain", "");
    if (locked) ck_assert_int_eq(mkdir(in_folder("locked"), 0500), 0);
    snprintf(name, sizeof name, "%s/%s", folder, p->name);
    snprintf(text, sizeof text, p->told, folder, folder);
    *path = name;
    *told = text;
    *status = locked ? 4 : 2;
    return true;
}

/* Loop: the places. What would run leaves a trace. */
START_TEST(a_report_that_cannot_be_written_is_told_before_the_work)
{
    char command[1100];
    const char *path, *told, *schemas = snapshots();
    int status;
    if (!make_place(&path, &told, &status, &no_files[_i])) return;
    snprintf(command, sizeof command, "touch '%s'", in_folder("ran"));
    drift_refuses(status, told, "verify", "--schemas", schemas, "--exec", command, "-o", path);
    drift_refuses(status, told, "verify", "--schemas", schemas, "--exec", command, "-o", in_folder("r.txt"), "--format",
                  "json", "-o", path);
    drift_refuses(status, told, "report", "convert", "none.json", "-o", path);
    ck_assert(!drift__file_exists(in_folder("ran")) && !drift__file_exists(in_folder("r.txt")));
}
END_TEST

START_TEST(a_folder_to_keep_cases_in_is_told_before_the_work)
{
    char command[1100];
    const char *path, *told, *schemas = snapshots();
    int status;
    if (!make_place(&path, &told, &status, &no_folders[_i])) return;
    snprintf(command, sizeof command, "touch '%s'", in_folder("ran"));
    drift_refuses(status, told, "verify", "--schemas", schemas, "--exec", command, "--keep", path);
    ck_assert(!drift__file_exists(in_folder("ran")));
}
END_TEST

START_TEST(a_file_that_cannot_be_made_is_told)
{
    const char *path, *told, *sql = file("s.sql", "CREATE TABLE t (a)");
    int status;
    if (!make_place(&path, &told, &status, &no_files[_i])) return;
    drift_refuses(status, told, "seed", suite_source("drift_schemas/todos/drift_schema_v1.json"), path);
    if (path[strlen(path) - 1] == '/') return; /* that is a folder to the rest */
    char json[1024], why[4096];
    snprintf(json, sizeof json, "%s.json", path);
    const size_t head = strlen("cannot write ") + strlen(path);
    snprintf(why, sizeof why, "cannot write %s%s", json, told + head);
    drift_refuses(status, why, "schema", "dump", sql, json, "--version", "1");
}
END_TEST

START_TEST(a_folder_that_code_cannot_be_generated_into_is_told)
{
    const char *path, *told, *schemas = snapshots();
    int status;
    if (!make_place(&path, &told, &status, &no_folders[_i])) return;
    drift_refuses(status, told, "schema", "generate", schemas, path);
    char base[1024];
    snprintf(base, sizeof base, "%s/steps", path);
    drift_refuses(status, told, "schema", "steps", schemas, base);
}
END_TEST

START_TEST(a_place_without_a_name_is_wrong_usage)
{
    const char *schemas = snapshots(), *none = "expected the name of a file to write, found \"\"";
    drift_refuses(2, none, "verify", "--schemas", schemas, "--exec", "true", "-o", "");
    drift_refuses(2, none, "seed", suite_source("drift_schemas/todos/drift_schema_v1.json"), "");
    drift_refuses(2, "expected a folder, found \"\"", "verify", "--schemas", schemas, "--exec", "true", "--keep", "");
    drift_refuses(2, "expected a folder, found \"\"", "schema", "generate", schemas, "");
}
END_TEST

START_TEST(a_folder_that_is_missing_is_to_be_made_first)
{
    char hint[2048];
    const char *none = in_folder("none"), *sql = file("s.sql", "CREATE TABLE t (a)");
    program p = drift_gives(2, "schema", "dump", sql, none, "--version", "1");
    snprintf(hint, sizeof hint,
             "drift: expected a folder or a .json path to write, found \"%s\"\n  make the folder first: mkdir -p %s\n",
             none, none);
    ck_assert_str_eq(p.err, hint);
    program_done(&p);
    p = drift_gives(2, "seed", suite_source("drift_schemas/todos/drift_schema_v1.json"), in_folder("none/out.db"));
    snprintf(hint, sizeof hint, "\n  make the folder first: mkdir -p %s\n", none);
    ck_assert_holds(p.err, hint);
    program_done(&p);
}
END_TEST

/* What can be written is, and what was learned is not lost with one file. */
START_TEST(a_report_that_fails_late_does_not_cost_the_others)
{
    const char *steps = todos_with(NULL, NULL, NULL), *schemas = snapshots();
    if (access("/dev/full", W_OK) != 0) return;
    program p = drift_gives(4, "verify", "--schemas", schemas, "--migrations", steps, "-o", "/dev/full", "--format",
                            "json", "-o", in_folder("r.json"));
    ck_assert_str_eq(p.err, "drift: cannot write /dev/full: No space left on device\n");
    ck_assert(drift__file_exists(in_folder("r.json")));
    program_done(&p);
}
END_TEST

START_TEST(a_device_is_written_as_it_is)
{
    const char *steps = todos_with(NULL, NULL, NULL), *schemas = suite_source("drift_schemas/todos");
    program p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "-o", "/dev/null");
    ck_assert_str_eq(p.out, "");
    program_done(&p);
    p = drift_gives(0, "verify", "--schemas", schemas, "--migrations", steps, "-o", "/dev/stdout");
    ck_assert_holds(p.out, "24 runs: 24 passed");
    program_done(&p);
    if (access("/dev/full", W_OK) != 0) return;
    p = drift_gives(4, "verify", "--schemas", schemas, "--migrations", steps, "-o", "/dev/full");
    ck_assert_holds(p.err, "drift: cannot write /dev/full: ");
    program_done(&p);
}
END_TEST

/* SIGXFSZ would end the program with half a file behind it. */
START_TEST(a_file_that_may_not_grow_so_large)
{
    const char *sql = file("s.sql", "CREATE TABLE t (a)"), *place = in_folder("small");
    char **names = NULL;
    size_t count = 0;
    drift_error err = {0};
    ck_assert_int_eq(mkdir(place, 0700), 0);
    program p = program_run_limited(512, (const char *const[]){"schema", "dump", sql, place, "--version", "1", NULL});
    ck_assert_int_eq(p.status, 4);
    ck_assert_holds(p.err, "drift_schema_v1.json: File too large\n");
    program_done(&p);
    ck_assert_drift(drift__folder_list(&names, &count, place, &err));
    ck_assert_uint_eq(count, 0);
    drift__names_free(names, count);
}
END_TEST

START_TEST(a_folder_without_permission)
{
    if (geteuid() == 0) return; /* nothing is forbidden to root */
    const char *sql = file("s.sql", "CREATE TABLE t (a)");
    ck_assert_int_eq(mkdir(in_folder("closed"), 0500), 0);
    program p = drift_gives(4, "schema", "dump", sql, in_folder("closed/s.json"));
    ck_assert_holds(p.err, "Permission denied");
    program_done(&p);
}
END_TEST

START_TEST(a_standard_output_that_is_full)
{
    if (access("/dev/full", W_OK) != 0) return;
    program p = program_run_to("/dev/full", (const char *const[]){"help", NULL});
    ck_assert_int_eq(p.status, 4);
    ck_assert_holds(p.err, "drift: cannot write standard output: ");
    program_done(&p);
}
END_TEST

START_TEST(reports_that_would_collide)
{
    drift_refuses(2, "two reports would go to standard output", "verify", "--schemas", "a", "--migrations", "b",
                  "--format", "text", "--format", "json");
    drift_refuses(2, "two reports would go to x", "verify", "--schemas", "a", "--migrations", "b", "-o", "x",
                  "--format", "json", "--format", "text", "-o", "x");
}
END_TEST

TCase *case_input(void)
{
    TCase *tcase = suite_case("bad input");
    tcase_add_test(tcase, a_folder_that_is_missing);
    tcase_add_test(tcase, a_folder_without_snapshots);
    tcase_add_test(tcase, one_snapshot_is_no_pair);
    tcase_add_test(tcase, a_selection_without_pairs);
    tcase_add_test(tcase, a_gap_in_the_steps_names_the_step);
    tcase_add_test(tcase, two_files_for_one_step);
    tcase_add_test(tcase, a_name_that_is_almost_a_step);
    tcase_add_test(tcase, a_snapshot_that_is_none);
    tcase_add_test(tcase, sql_that_does_not_parse_is_told_with_line_and_column);
    tcase_add_test(tcase, a_script_reaches_nothing_but_its_own_database);
    tcase_add_test(tcase, a_database_that_is_none);
    tcase_add_test(tcase, a_database_that_is_cut_off);
    tcase_add_test(tcase, a_source_that_cannot_be_dumped_is_named);
    tcase_add_test(tcase, a_folder_is_no_file_and_a_file_no_folder);
    tcase_add_test(tcase, utf16_is_told_as_such);
    tcase_add_test(tcase, a_name_that_is_empty_is_wrong_usage);
    tcase_add_test(tcase, a_library_is_a_regular_file);
    tcase_add_test(tcase, a_file_that_is_too_large_is_named_once);
    tcase_add_test(tcase, what_is_no_snapshot_gets_a_hint_where_its_name_says_so_too);
    tcase_add_test(tcase, a_script_that_reads_another_is_refused);
    tcase_add_test(tcase, a_source_without_anything_is_noted);
    tcase_add_test(tcase, a_snapshot_is_no_source_of_a_dump);
    tcase_add_loop_test(tcase, a_report_that_cannot_be_written_is_told_before_the_work, 0, NO_FILES);
    tcase_add_loop_test(tcase, a_folder_to_keep_cases_in_is_told_before_the_work, 0, NO_FOLDERS);
    tcase_add_loop_test(tcase, a_file_that_cannot_be_made_is_told, 0, NO_FILES);
    tcase_add_loop_test(tcase, a_folder_that_code_cannot_be_generated_into_is_told, 0, NO_FOLDERS);
    tcase_add_test(tcase, a_place_without_a_name_is_wrong_usage);
    tcase_add_test(tcase, a_folder_that_is_missing_is_to_be_made_first);
    tcase_add_test(tcase, a_report_that_fails_late_does_not_cost_the_others);
    tcase_add_test(tcase, a_device_is_written_as_it_is);
    tcase_add_test(tcase, a_file_that_may_not_grow_so_large);
    tcase_add_test(tcase, a_folder_without_permission);
    tcase_add_test(tcase, a_standard_output_that_is_full);
    tcase_add_test(tcase, reports_that_would_collide);
    return tcase;
}
