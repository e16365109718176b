/* check_make_migrations.c — make-migrations: what is written, what is left alone, and when nothing is written at all.
 * That the test which it writes compiles, fails and passes is shown by house.grow_*. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "cli/program.h"
#include "support/suite.h"

/* Everything that the command writes is below world/. */
#define FOLDERS                                                                                            \
    "--schemas", in_folder("world/schemas/todos"), "--generated", in_folder("world/generated"), "--tests", \
        in_folder("world/tests")

#define make(expected, ...)   drift_gives(expected, "make-migrations", __VA_ARGS__, FOLDERS)
#define leaves(expected, ...) leave((const char *const[]){"make-migrations", __VA_ARGS__, FOLDERS, NULL}, expected)

/* A program's run of which only the status counts. */
static void done(program p)
{
    program_done(&p);
}

static const char *todos_sql(int version)
{
    static const char *const names[] = {"fixtures/todos/history/schema_v1.sql", "fixtures/todos/history/schema_v2.sql",
                                        "fixtures/todos/history/schema_v3.sql", "fixtures/todos/schema.sql"};
    return suite_source(names[version - 1]);
}

static void put_tree(drift__str *out, const char *path)
{
    drift_error err = {0};
    char **names = NULL;
    size_t count = 0;
    ck_assert_drift(drift__folder_list(&names, &count, path, &err));
    for (size_t i = 0; i < count; i++) {
        char *inside = drift__path_join(path, names[i]);
        drift__str_printf(out, "%s\n", inside);
        if (drift__is_folder(inside)) {
            put_tree(out, inside);
        } else if (drift__file_exists(inside)) {
            char *text = text_of(inside);
            drift__str_puts(out, text);
            drift_free(text);
        }
        drift_free(inside);
    }
    drift__names_free(names, count);
}

/* Every path below world/, with what it holds. */
static char *world(void)
{
    drift_error err = {0};
    drift__str out = DRIFT__STR_INIT;
    char *text = NULL;
    if (drift__is_folder(in_folder("world"))) put_tree(&out, in_folder("world"));
    ck_assert_drift(drift__str_take(&text, &out, &err));
    return text;
}

static void assert_untouched(char *before)
{
    char *after = world();
    ck_assert_str_eq(before, after);
    drift_free(before);
    drift_free(after);
}

/* The program ends with this status and wrote nothing. Gives what it told. */
static program leave(const char *const *words, int expected)
{
    char *before = world();
    program p = program_assert(program_run_to(NULL, words), expected, __FILE__, __LINE__);
    ck_assert_str_eq(p.out, "");
    assert_untouched(before);
    return p;
}

static void assert_told(program p, const char *text)
{
    ck_assert_holds(p.err, text);
    program_done(&p);
}

static void assert_same_file(const char *a, const char *b)
{
    char *left = text_of(a), *right = text_of(b);
    ck_assert_str_eq(left, right);
    drift_free(left);
    drift_free(right);
}

static void assert_missing(const char *name)
{
    struct stat st;
    ck_assert_msg(lstat(in_folder(name), &st) != 0, "%s is there", name);
}

static void folder_made(const char *name)
{
    drift_error err = {0};
    ck_assert_drift(drift__folder_make(in_folder(name), &err));
}

/* ---- what is written ---- */

START_TEST(a_first_version_gets_its_snapshot_and_its_code)
{
    char expected[2048];
    program p = make(0, todos_sql(1));
    snprintf(expected, sizeof expected,
             "Version 1, the first, is %s. Next:\n"
             "  1. In todos_database: .schema_version = 1, .schema = &todos_v1_entities\n",
             in_folder("world/schemas/todos/drift_schema_v1.json"));
    ck_assert_str_eq(p.out, expected);
    program_done(&p);
    assert_same_file(in_folder("world/schemas/todos/drift_schema_v1.json"),
                     suite_source("drift_schemas/todos/drift_schema_v1.json"));
    ck_assert(drift__file_exists(in_folder("world/generated/schema_steps.c")));
    assert_missing("world/tests");
}
END_TEST

START_TEST(the_code_of_todos_grows_into_what_is_committed)
{
    static const char *const files[] = {"schema_v1.h",    "schema_v1.c",    "schema_v2.h",       "schema_v2.c",
                                        "schema_v3.h",    "schema_v3.c",    "schema_v4.h",       "schema_v4.c",
                                        "schema_steps.h", "schema_steps.c", "schema_versions.h", "schema_versions.c"};
    char name[128], committed[128];
    for (int version = 1; version <= 4; version++) done(make(0, todos_sql(version)));
    for (int i = 0; i < 12; i++) {
        snprintf(name, sizeof name, "world/generated/%s", files[i]);
        snprintf(committed, sizeof committed, "generated/todos/%s", files[i]);
        assert_same_file(in_folder(name), suite_source(committed));
    }
    for (int version = 1; version <= 4; version++) {
        snprintf(name, sizeof name, "world/schemas/todos/drift_schema_v%d.json", version);
        snprintf(committed, sizeof committed, "drift_schemas/todos/drift_schema_v%d.json", version);
        assert_same_file(in_folder(name), suite_source(committed));
    }
}
END_TEST

START_TEST(a_new_version_gets_a_test_and_says_what_to_do_next)
{
    char expected[4096];
    done(make(0, todos_sql(3)));
    program p = make(0, todos_sql(4));
    snprintf(expected, sizeof expected,
             "Version 4 is %s. Next:\n"
             "  1. Write this step, and name it in the todos_steps that on_upgrade is given:\n"
             "       static int from3_to4(drift_migrator *migrator, const todos_v4_schema *v4,\n"
             "                              const void *payload, drift_error *err)\n"
             "     What changed: drift schema diff %s %s\n"
             "  2. In todos_database: .schema_version = 4, .schema = &todos_v4_entities\n"
             "  3. Build and run %s, which fails until then.\n",
             in_folder("world/schemas/todos/drift_schema_v4.json"),
             in_folder("world/schemas/todos/drift_schema_v3.json"),
             in_folder("world/schemas/todos/drift_schema_v4.json"), in_folder("world/tests/check_v3_to_v4.c"));
    ck_assert_str_eq(p.out, expected);
    program_done(&p);
    char *test = text_of(in_folder("world/tests/check_v3_to_v4.c"));
    suite_golden("codegen/check_v3_to_v4.c", test);
    drift_free(test);
}
END_TEST

START_TEST(quiet_leaves_the_notes_out)
{
    program p = make(0, todos_sql(1), "-q");
    ck_assert_str_eq(p.err, "");
    ck_assert_str_ne(p.out, "");
    program_done(&p);
}
END_TEST

START_TEST(names_begin_with_the_prefix)
{
    done(make(0, todos_sql(1), "--prefix", "my_app"));
    done(make(0, todos_sql(2), "--prefix", "my_app"));
    char *test = text_of(in_folder("world/tests/check_v1_to_v2.c"));
    ck_assert_holds(test, "my_app_database");
    ck_assert_ptr_null(strstr(test, "todos"));
    drift_free(test);
}
END_TEST

/* ---- the version ---- */

START_TEST(a_changed_schema_needs_a_raised_version)
{
    const char *source = file("s.sql", "CREATE TABLE t (a INTEGER); PRAGMA user_version = 3");
    done(make(0, source));
    file("s.sql", "CREATE TABLE t (a TEXT, b); PRAGMA user_version = 3");
    program p = leaves(1, source);
    char expected[2048];
    snprintf(
        expected, sizeof expected,
        "drift: the schema of %s changed, but its version is still 3: t.a: type: expected INTEGER, found TEXT (and "
        "more)\n  raise the version: PRAGMA user_version = 4 in the source, or --version 4; if version 3 was never "
        "released: drift schema dump --force\n",
        source);
    ck_assert_str_eq(p.err, expected);
    program_done(&p);
    done(make(0, source, "--version", "4"));
    ck_assert(drift__file_exists(in_folder("world/tests/check_v3_to_v4.c")));
}
END_TEST

START_TEST(without_a_change_nothing_is_written)
{
    const char *source = file("s.sql", "CREATE TABLE t (a INTEGER); PRAGMA user_version = 3");
    done(make(0, source));
    file("s.sql", "create table [T] (\"A\" integer /* the same */); PRAGMA user_version = 3");
    program p = leaves(0, source);
    ck_assert_holds(p.err, "the schema is that of version 3, the latest: there is nothing to migrate");
    program_done(&p);
}
END_TEST

START_TEST(code_that_is_gone_is_generated_again)
{
    done(make(0, todos_sql(1)));
    char *before = world();
    ck_assert_int_eq(unlink(in_folder("world/generated/schema_v1.c")), 0);
    done(make(0, todos_sql(1)));
    assert_untouched(before);
}
END_TEST

START_TEST(a_source_without_a_version_is_the_next_one_if_it_changed)
{
    const char *source = file("s.sql", "CREATE TABLE t (a)");
    assert_told(leaves(2, source), "is not known, and ");
    done(make(0, source, "--version", "5"));
    assert_told(leaves(0, source), "the schema is that of version 5");
    file("s.sql", "CREATE TABLE t (a, b)");
    done(make(0, source));
    ck_assert(drift__file_exists(in_folder("world/schemas/todos/drift_schema_v6.json")));
    ck_assert(drift__file_exists(in_folder("world/tests/check_v5_to_v6.c")));
}
END_TEST

START_TEST(versions_may_have_gaps)
{
    done(make(0, todos_sql(1)));
    done(make(0, todos_sql(4)));
    char *steps = text_of(in_folder("world/generated/schema_steps.h"));
    ck_assert_holds(steps, "(*from1_to4)");
    drift_free(steps);
    ck_assert(drift__file_exists(in_folder("world/tests/check_v1_to_v4.c")));
}
END_TEST

START_TEST(a_version_below_the_latest_is_refused)
{
    done(make(0, todos_sql(1)));
    done(make(0, todos_sql(4)));
    assert_told(leaves(1, todos_sql(3)), "is 3, but ");
    assert_told(leaves(1, todos_sql(1)), "holds version 4 already\n");
    assert_told(leaves(2, todos_sql(4), "--version", "0"), "--version: expected a whole number");
}
END_TEST

START_TEST(there_is_no_version_after_the_last_one)
{
    const char *source = file("s.sql", "CREATE TABLE t (a)");
    done(make(0, source, "--version", "2147483647"));
    file("s.sql", "CREATE TABLE t (a, b)");
    assert_told(leaves(2, source), "version 2147483647 is the last one that there can be");
    assert_told(leaves(1, source, "--version", "2147483647"), "--version 2147483648");
}
END_TEST

/* A step may change rows alone. */
START_TEST(a_raised_version_may_have_the_same_schema)
{
    const char *source = file("s.sql", "CREATE TABLE t (a)");
    done(make(0, source, "--version", "1"));
    program p = make(0, source, "--version", "2");
    ck_assert_holds(p.out, "     The schema is that of version 1: it is a step for rows.\n");
    program_done(&p);
    assert_same_file(in_folder("world/schemas/todos/drift_schema_v1.json"),
                     in_folder("world/schemas/todos/drift_schema_v2.json"));
    ck_assert(drift__file_exists(in_folder("world/tests/check_v1_to_v2.c")));
}
END_TEST

/* ---- what a person wrote ---- */

START_TEST(a_test_that_is_there_stays)
{
    done(make(0, todos_sql(1)));
    folder_made("world/tests");
    file("world/tests/check_v1_to_v2.c", "mine\n");
    program p = make(0, todos_sql(2));
    ck_assert_holds(p.err, "check_v1_to_v2.c is there already; it stays as it is");
    program_done(&p);
    char *text = text_of(in_folder("world/tests/check_v1_to_v2.c"));
    ck_assert_str_eq(text, "mine\n");
    drift_free(text);
}
END_TEST

START_TEST(a_link_in_the_place_of_a_test_is_not_followed)
{
    char target[16];
    done(make(0, todos_sql(1)));
    folder_made("world/tests");
    ck_assert_int_eq(symlink("nowhere", in_folder("world/tests/check_v1_to_v2.c")), 0);
    done(make(0, todos_sql(2)));
    ck_assert_int_eq(readlink(in_folder("world/tests/check_v1_to_v2.c"), target, sizeof target), 7);
    assert_missing("world/tests/nowhere");
}
END_TEST

START_TEST(somebodys_file_under_a_generated_name_is_kept)
{
    done(make(0, todos_sql(1)));
    file("world/generated/schema_v2.h", "/* mine */\n");
    assert_told(leaves(2, todos_sql(2)), "schema_v2.h exists and was not generated: it is kept");
    ck_assert_int_eq(unlink(in_folder("world/generated/schema_v2.h")), 0);
    file("world/generated/schema_steps.c", "/* mine */\n");
    assert_told(leaves(2, todos_sql(2)), "schema_steps.c exists and was not generated: it is kept");
}
END_TEST

/* ---- what cannot be read or written ---- */

/* Whatever was edited: also what means the same. */
START_TEST(a_released_snapshot_that_was_edited_is_refused)
{
    const char *snapshot = in_folder("world/schemas/todos/drift_schema_v1.json");
    char expected[4096];
    done(make(0, todos_sql(1)));
    done(make(0, todos_sql(2)));
    char *original = text_of(snapshot), *edited = text_of(snapshot), *length;
    while ((length = strstr(edited, "BETWEEN 6 AND 10"))) length[8] = '5';
    file("world/schemas/todos/drift_schema_v1.json", edited);
    program p = leaves(1, todos_sql(3));
    snprintf(expected, sizeof expected,
             "drift: %s was edited: it is not what %s was generated from\n  a released version is immutable: take the "
             "snapshot back; if version 1 was never released, remove %s\n",
             snapshot, in_folder("world/generated/schema_v1.c"), in_folder("world/generated/schema_v1.c"));
    ck_assert_str_eq(p.err, expected);
    program_done(&p);
    ck_assert_int_eq(unlink(in_folder("world/generated/schema_v1.c")), 0);
    done(make(0, todos_sql(3)));
    file("world/schemas/todos/drift_schema_v1.json", original);
    assert_told(leaves(1, todos_sql(4)), "drift_schema_v1.json was edited");
    drift_free(original);
    drift_free(edited);
}
END_TEST

/* As make-migrations itself proposes where a version was not raised. */
START_TEST(the_latest_version_may_be_dumped_anew)
{
    const char *schemas = in_folder("world/schemas/todos");
    done(make(0, todos_sql(1)));
    done(drift_gives(0, "schema", "dump", todos_sql(2), schemas, "--version", "1", "--force"));
    done(make(0, todos_sql(2), "--version", "1"));
    char *text = text_of(in_folder("world/generated/schema_v1.c"));
    ck_assert_holds(text, "due_date");
    drift_free(text);
}
END_TEST

/* It was generated before code told what it is of. */
START_TEST(code_that_does_not_tell_its_schema_is_written_anew)
{
    done(make(0, todos_sql(1)));
    char *before = world(), *text = text_of(in_folder("world/generated/schema_v1.c"));
    char *stamp = strstr(text, "/* schema ");
    ck_assert_ptr_nonnull(stamp);
    memmove(stamp, strchr(stamp, '\n') + 1, strlen(strchr(stamp, '\n') + 1) + 1);
    file("world/generated/schema_v1.c", text);
    done(make(0, todos_sql(1)));
    assert_untouched(before);
    drift_free(text);
}
END_TEST

START_TEST(a_prefix_is_an_identifier)
{
    static const char *const wrong[] = {"int", "2fa", "My", "a-b", "", "drift", "_a"};
    for (int i = 0; i < 7; i++)
        assert_told(leaves(2, todos_sql(1), "--prefix", wrong[i]), "expected a prefix for names in C, found ");
    assert_missing("world");
}
END_TEST

START_TEST(the_source_is_a_database_or_a_script)
{
    assert_told(leaves(3, suite_source("drift_schemas/todos/drift_schema_v4.json")),
                "expected a database or an .sql file, found a snapshot");
    assert_told(leaves(3, in_folder("missing.sql")), "cannot read ");
    assert_told(leaves(3, file("bad.sql", "CREATE TABLE (")), "bad.sql:1:");
    assert_told(leaves(3, file("bad.db", "not a database")), "bad.db");
    assert_missing("world");
}
END_TEST

START_TEST(old_snapshots_must_be_readable)
{
    done(make(0, todos_sql(1)));
    file("world/schemas/todos/drift_schema_v2.json", "{\"_meta\": ");
    assert_told(leaves(3, todos_sql(4)), "drift_schema_v2.json");
}
END_TEST

START_TEST(what_only_dart_knows_of_an_old_version_is_supplied)
{
    const char *source = file("s.sql", "CREATE TABLE t (a INTEGER NOT NULL DEFAULT 1, b); PRAGMA user_version = 2");
    folder_made("world/schemas/todos");
    file("world/schemas/todos/drift_schema_v1.json",
         "{\"_meta\": {\"description\": \"\", \"version\": \"1.2.0\"}, \"options\": {}, \"entities\": [{\"id\": 0,"
         " \"references\": [], \"type\": \"table\", \"data\": {\"name\": \"t\", \"was_declared_in_moor\": false,"
         " \"columns\": [{\"name\": \"a\", \"getter_name\": \"a\", \"moor_type\": \"int\", \"nullable\": false,"
         " \"customConstraints\": null, \"default_dart\": \"compute()\", \"default_client_dart\": null,"
         " \"dsl_features\": []}], \"is_virtual\": false}}]}");
    assert_told(leaves(3, source), "t.a: only Dart can evaluate its default: compute()");
    done(make(0, source, "--overrides", file("overrides", "{\"t.a\": {\"default\": \"1\"}}")));
    ck_assert(drift__file_exists(in_folder("world/tests/check_v1_to_v2.c")));
}
END_TEST

START_TEST(a_version_has_one_snapshot)
{
    done(make(0, todos_sql(1)));
    char *text = text_of(in_folder("world/schemas/todos/drift_schema_v1.json"));
    file("world/schemas/todos/moor_schema_v1.json", text);
    drift_free(text);
    assert_told(leaves(3, todos_sql(2)), "moor_schema_v1.json");
}
END_TEST

START_TEST(the_folder_above_the_apps_is_no_apps_folder)
{
    done(make(0, todos_sql(1)));
    char *before = world(), expected[2048];
    snprintf(expected, sizeof expected, "%s holds no snapshot, but %s does", in_folder("world/schemas"),
             in_folder("world/schemas/todos"));
    drift_refuses(2, expected, "make-migrations", todos_sql(2), FOLDERS, "--schemas", in_folder("world/schemas"));
    assert_untouched(before);
}
END_TEST

static void leaves_folder(const char *option, const char *place, int status, const char *told)
{
    char *before = world();
    program p = drift_gives(status, "make-migrations", todos_sql(2), FOLDERS, option, place);
    assert_told(p, told);
    assert_untouched(before);
}

START_TEST(a_folder_that_is_none_is_refused_before_anything_is_written)
{
    static const char *const options[] = {"--schemas", "--generated", "--tests"};
    done(make(0, todos_sql(1)));
    file("plain", "");
    for (int i = 0; i < 3; i++) {
        leaves_folder(options[i], "", 2, "expected a folder, found \"\"");
        leaves_folder(options[i], in_folder("plain"), 2, "plain is no folder");
        leaves_folder(options[i], in_folder("plain/below/it"), 2, "plain is no folder");
    }
}
END_TEST

START_TEST(a_folder_that_is_locked_is_refused_before_anything_is_written)
{
    static const char *const options[] = {"--generated", "--tests"};
    if (geteuid() == 0) return; /* to whom nothing is locked */
    done(make(0, todos_sql(1)));
    folder_made("locked");
    ck_assert_int_eq(chmod(in_folder("locked"), 0500), 0);
    for (int i = 0; i < 2; i++) {
        leaves_folder(options[i], in_folder("locked"), 4, "cannot write ");
        leaves_folder(options[i], in_folder("locked/below/it"), 4, "cannot write ");
    }
    ck_assert_int_eq(chmod(in_folder("locked"), 0700), 0);
}
END_TEST

/* The snapshot comes last: where the rest could not be written, there is no new version, and the next run makes it. */
START_TEST(where_writing_fails_there_is_no_new_version)
{
    done(make(0, todos_sql(1)));
    program p = program_run_limited(4096, (const char *const[]){"make-migrations", todos_sql(2), FOLDERS, NULL});
    ck_assert_int_eq(p.status, 4);
    ck_assert_str_eq(p.out, "");
    assert_told(p, "cannot write ");
    assert_missing("world/schemas/todos/drift_schema_v2.json");
    done(make(0, todos_sql(2)));
    ck_assert(drift__file_exists(in_folder("world/schemas/todos/drift_schema_v2.json")));
    ck_assert(drift__file_exists(in_folder("world/tests/check_v1_to_v2.c")));
}
END_TEST

static void add_writing(TCase *tcase)
{
    tcase_add_test(tcase, a_first_version_gets_its_snapshot_and_its_code);
    tcase_add_test(tcase, the_code_of_todos_grows_into_what_is_committed);
    tcase_add_test(tcase, a_new_version_gets_a_test_and_says_what_to_do_next);
    tcase_add_test(tcase, quiet_leaves_the_notes_out);
    tcase_add_test(tcase, names_begin_with_the_prefix);
    tcase_add_test(tcase, code_that_is_gone_is_generated_again);
    tcase_add_test(tcase, code_that_does_not_tell_its_schema_is_written_anew);
    tcase_add_test(tcase, the_latest_version_may_be_dumped_anew);
    tcase_add_test(tcase, a_test_that_is_there_stays);
    tcase_add_test(tcase, a_link_in_the_place_of_a_test_is_not_followed);
    tcase_add_test(tcase, somebodys_file_under_a_generated_name_is_kept);
    tcase_add_test(tcase, where_writing_fails_there_is_no_new_version);
}

TCase *case_make_migrations(void)
{
    TCase *tcase = suite_case("make-migrations");
    add_writing(tcase);
    tcase_add_test(tcase, a_changed_schema_needs_a_raised_version);
    tcase_add_test(tcase, without_a_change_nothing_is_written);
    tcase_add_test(tcase, a_source_without_a_version_is_the_next_one_if_it_changed);
    tcase_add_test(tcase, versions_may_have_gaps);
    tcase_add_test(tcase, a_version_below_the_latest_is_refused);
    tcase_add_test(tcase, there_is_no_version_after_the_last_one);
    tcase_add_test(tcase, a_raised_version_may_have_the_same_schema);
    tcase_add_test(tcase, a_released_snapshot_that_was_edited_is_refused);
    tcase_add_test(tcase, a_prefix_is_an_identifier);
    tcase_add_test(tcase, the_source_is_a_database_or_a_script);
    tcase_add_test(tcase, old_snapshots_must_be_readable);
    tcase_add_test(tcase, what_only_dart_knows_of_an_old_version_is_supplied);
    tcase_add_test(tcase, a_version_has_one_snapshot);
    tcase_add_test(tcase, the_folder_above_the_apps_is_no_apps_folder);
    tcase_add_test(tcase, a_folder_that_is_none_is_refused_before_anything_is_written);
    tcase_add_test(tcase, a_folder_that_is_locked_is_refused_before_anything_is_written);
    return tcase;
}
