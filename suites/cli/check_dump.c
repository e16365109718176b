/* check_dump.c — dump, export, diff, check. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/program.h"
#include "drift/connection.h"
#include "support/suite.h"

static const char *database(const char *name, const char *sql)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    const char *path = in_folder(name);
    ck_assert_drift(drift_connection_open(&connection, path, NULL, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    drift_connection_close(connection);
    return path;
}

static const char *subfolder(const char *name)
{
    drift_error err = {0};
    const char *path = in_folder(name);
    ck_assert_drift(drift__folder_make(path, &err));
    return path;
}

static void assert_same_text(const char *a, const char *b)
{
    char *left = text_of(a), *right = text_of(b);
    ck_assert_str_eq(left, right);
    drift_free(left);
    drift_free(right);
}

/* Every snapshot of the todos app is what its SQL gives, byte for byte. */
START_TEST(the_snapshots_of_todos_are_dumped_from_its_sql)
{
    static const char *const sources[] = {"fixtures/todos/history/schema_v1.sql",
                                          "fixtures/todos/history/schema_v2.sql",
                                          "fixtures/todos/history/schema_v3.sql", "fixtures/todos/schema.sql"};
    char name[64], committed[64];
    for (int version = 1; version <= 4; version++) {
        program p = drift_gives(0, "schema", "dump", suite_source(sources[version - 1]), folder);
        ck_assert_str_eq(p.out, "");
        program_done(&p);
        snprintf(name, sizeof name, "drift_schema_v%d.json", version);
        snprintf(committed, sizeof committed, "drift_schemas/todos/drift_schema_v%d.json", version);
        assert_same_text(in_folder(name), suite_source(committed));
    }
}
END_TEST

static const char odd_script[] =
    "\xef\xbb\xbf.print it's the shell's\r\n"
    "PRAGMA foreign_keys=OFF;\r\nBEGIN TRANSACTION;\r\n"
    "CREATE TABLE sqlite_sequence(name,seq);\r\n"
    "CREATE TABLE IF NOT EXISTS \"a b\" (id INTEGER PRIMARY KEY AUTOINCREMENT, [select] TEXT DEFAULT \"\","
    " x AS (id * 2), CHECK (app_check([select])));\r\n"
    "INSERT INTO \"a b\" ([select]) VALUES ('semi;colon'), ('.dot');\r\n"
    "DELETE FROM sqlite_sequence; INSERT INTO sqlite_sequence VALUES('a b', 7);\r\n"
    ".mode csv\r\n"
    "CREATE INDEX by_app ON \"a b\" (app_key([select]) COLLATE app_order);\r\n"
    "CREATE VIRTUAL TABLE f USING fts5 (body);\r\n"
    "CREATE TRIGGER t AFTER INSERT ON \"a b\" BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END;\r\n"
    "COMMIT;\r\nPRAGMA user_version = 12\r\n";

START_TEST(a_script_and_the_database_it_makes_dump_alike)
{
    const char *sql = suite_source("fixtures/todos/schema.sql");
    char *text = text_of(sql);
    const char *db = database("todos.db", text);
    drift_free(text);
    program a = drift_gives(0, "schema", "dump", sql, in_folder("a.json"));
    program b = drift_gives(0, "schema", "dump", db, in_folder("b.json"));
    assert_same_text(in_folder("a.json"), in_folder("b.json"));
    program_done(&a);
    program_done(&b);
}
END_TEST

START_TEST(a_script_may_be_as_odd_as_people_write_them)
{
    program p = drift_gives(0, "schema", "dump", file("odd.sql", odd_script), folder);
    char *text = text_of(in_folder("drift_schema_v12.json"));
    ck_assert_holds(text, "app_order");
    ck_assert_ptr_null(strstr(text, "sqlite_sequence"));
    ck_assert_ptr_null(strstr(text, "f_content"));
    drift_free(text);
    program_done(&p);
    /* Dumping the snapshot's own SQL gives the same bytes. */
    program sql = drift_gives(0, "schema", "export", in_folder("drift_schema_v12.json"));
    program again = drift_gives(0, "schema", "dump", file("again.sql", sql.out), in_folder("again.json"));
    assert_same_text(in_folder("drift_schema_v12.json"), in_folder("again.json"));
    program_done(&sql);
    program_done(&again);
}
END_TEST

START_TEST(the_version_comes_from_the_option_the_stamp_or_the_name)
{
    const char *stamped = file("stamped.sql", "CREATE TABLE t (a); PRAGMA user_version = 5");
    const char *plain = file("plain.sql", "CREATE TABLE t (a)");
    program p = drift_gives(0, "schema", "dump", stamped, folder, "--version", "6");
    ck_assert(drift__file_exists(in_folder("drift_schema_v6.json")));
    program_done(&p);
    p = drift_gives(0, "schema", "dump", stamped, folder);
    ck_assert(drift__file_exists(in_folder("drift_schema_v5.json")));
    program_done(&p);
    p = drift_gives(0, "schema", "dump", plain, in_folder("drift_schema_v7.json"));
    program_done(&p);
    char expected[2048];
    snprintf(expected, sizeof expected, "the version of %s is not known", plain);
    drift_refuses(2, expected, "schema", "dump", plain, folder);
    snprintf(expected, sizeof expected, "the schema is of version 5, but %s is named after version 7",
             in_folder("drift_schema_v7.json"));
    drift_refuses(2, expected, "schema", "dump", stamped, in_folder("drift_schema_v7.json"));
}
END_TEST

START_TEST(a_folder_may_be_called_as_a_snapshot_is)
{
    const char *place = subfolder("drift_schema_v2.json");
    program p = drift_gives(0, "schema", "dump", file("s.sql", "CREATE TABLE t (a)"), place, "--version", "3");
    ck_assert(drift__file_exists(in_folder("drift_schema_v2.json/drift_schema_v3.json")));
    program_done(&p);
}
END_TEST

START_TEST(a_released_snapshot_is_not_overwritten_with_another_meaning)
{
    char expected[2048];
    const char *dest = in_folder("s.json");
    program p = drift_gives(0, "schema", "dump", file("1.sql", "CREATE TABLE t (a INT);"), dest);
    program_done(&p);
    char *before = text_of(dest);
    snprintf(expected, sizeof expected, "%s exists with another meaning: t.a: type: expected INT, found TEXT", dest);
    drift_refuses(1, expected, "schema", "dump", file("2.sql", "CREATE TABLE t (a TEXT);"), dest);
    char *after = text_of(dest);
    ck_assert_str_eq(before, after);
    drift_free(after);
    /* The same meaning in other words leaves the file as it is. */
    p = drift_gives(0, "schema", "dump", file("3.sql", "create table T ( [A] integer /* x */ );"), dest);
    ck_assert_holds(p.err, "stays as it is");
    program_done(&p);
    after = text_of(dest);
    ck_assert_str_eq(before, after);
    drift_free(after);
    p = drift_gives(0, "schema", "dump", in_folder("2.sql"), dest, "--force", "-q");
    ck_assert_str_eq(p.err, "");
    program_done(&p);
    after = text_of(dest);
    ck_assert_str_ne(before, after);
    drift_free(after);
    drift_free(before);
}
END_TEST

START_TEST(export_builds_the_database_again)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    int64_t version = 0;
    program p = drift_gives(0, "schema", "export", suite_source("drift_schemas/todos/drift_schema_v4.json"));
    ck_assert_str_eq(p.err, "");
    ck_assert_drift(drift_connection_open(&connection, in_folder("new.db"), NULL, &err));
    ck_assert_drift(drift_exec(connection, p.out, &err));
    ck_assert_drift(drift_query_int64(&version, connection, "PRAGMA user_version", NULL, 0, &err));
    ck_assert_int_eq(version, 4);
    drift_connection_close(connection);
    program_done(&p);
    p = drift_gives(0, "check", in_folder("new.db"), "--schemas", suite_source("drift_schemas/todos"));
    ck_assert_holds(p.out, "version 4, equal to its snapshot");
    program_done(&p);
}
END_TEST

START_TEST(export_says_that_the_version_is_not_known)
{
    program p = drift_gives(0, "schema", "dump", file("s.sql", "CREATE TABLE t (a -- note\n)"), in_folder("s.json"));
    program_done(&p);
    p = drift_gives(0, "schema", "export", in_folder("s.json"));
    ck_assert_str_eq(p.out, "CREATE TABLE t (a -- note\n);\n");
    ck_assert_holds(p.err, "drift: note: the version is not known");
    program_done(&p);
    p = drift_gives(0, "schema", "export", in_folder("s.json"), "--version", "3");
    ck_assert_holds(p.out, "PRAGMA user_version = 3;\n");
    ck_assert_str_eq(p.err, "");
    program_done(&p);
}
END_TEST

START_TEST(diff_compares_snapshots_scripts_and_databases)
{
    const char *v3 = suite_source("drift_schemas/todos/drift_schema_v3.json");
    char *copy = text_of(v3);
    v3 = file("v3.json", copy);
    drift_free(copy);
    copy = text_of(suite_source("drift_schemas/todos/drift_schema_v4.json"));
    const char *v4 = file("v4.json", copy);
    drift_free(copy);
    char *sql = text_of(suite_source("fixtures/todos/history/schema_v3.sql"));
    const char *db = database("v3.db", sql), *script = file("v3.sql", sql);
    drift_free(sql);
    program p = drift_gives(0, "schema", "diff", v3, db);
    program_done(&p);
    p = drift_gives(0, "schema", "diff", script, db, "--strict");
    program_done(&p);
    p = drift_gives(1, "schema", "diff", v3, v4);
    suite_golden("cli/diff_todos_v3_v4.txt", p.out);
    program_done(&p);
    p = drift_gives(1, "schema", "diff", db, v4, "--format", "json");
    suite_golden("cli/diff_todos_v3_v4.json", p.out);
    program_done(&p);
}
END_TEST

START_TEST(strict_also_compares_the_order_of_columns)
{
    const char *a = file("a.sql", "CREATE TABLE t (a, b)"), *b = file("b.sql", "CREATE TABLE t (b, a)");
    program p = drift_gives(0, "schema", "diff", a, b);
    program_done(&p);
    p = drift_gives(1, "schema", "diff", a, b, "--strict");
    program_done(&p);
}
END_TEST

START_TEST(check_tells_how_a_database_differs_from_its_version)
{
    const char *schemas = suite_source("drift_schemas/todos");
    char expected[2048];
    const char *db = database("x.db", "CREATE TABLE todos (id INTEGER PRIMARY KEY); PRAGMA user_version = 1");
    program p = drift_gives(1, "check", db, "--schemas", schemas);
    ck_assert_holds(p.out, "version 1, differs from its snapshot");
    ck_assert_holds(p.out, "category: missing");
    ck_assert_holds(p.out, "reminders: table: missing");
    program_done(&p);
    p = drift_gives(1, "check", db, "--schemas", schemas, "--format", "json");
    ck_assert_holds(p.out, "\"schema.column.missing\"");
    program_done(&p);
    snprintf(expected, sizeof expected, "%s: the database is at version 9, of which %s has no snapshot",
             database("y.db", "PRAGMA user_version = 9"), schemas);
    drift_refuses(3, expected, "check", in_folder("y.db"), "--schemas", schemas);
}
END_TEST

START_TEST(looking_at_a_database_leaves_nothing_beside_it)
{
    const char *place = subfolder("alone"),
               *db = database("alone/w.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
    char **names = NULL;
    size_t count = 0;
    drift_error err = {0};
    char *before = NULL, *after = NULL;
    size_t before_length = 0, after_length = 0;
    ck_assert_drift(drift__file_read(&before, &before_length, db, &err));
    program p = drift_gives(0, "schema", "dump", db, in_folder("w.json"));
    program_done(&p);
    ck_assert_drift(drift__folder_list(&names, &count, place, &err));
    ck_assert_uint_eq(count, 1);
    drift__names_free(names, count);
    ck_assert_drift(drift__file_read(&after, &after_length, db, &err));
    ck_assert_mem_eq(before, after, before_length);
    drift_free(before);
    drift_free(after);
}
END_TEST

TCase *case_dump(void)
{
    TCase *tcase = suite_case("dump, export, diff, check");
    tcase_add_test(tcase, the_snapshots_of_todos_are_dumped_from_its_sql);
    tcase_add_test(tcase, a_script_and_the_database_it_makes_dump_alike);
    tcase_add_test(tcase, a_script_may_be_as_odd_as_people_write_them);
    tcase_add_test(tcase, the_version_comes_from_the_option_the_stamp_or_the_name);
    tcase_add_test(tcase, a_folder_may_be_called_as_a_snapshot_is);
    tcase_add_test(tcase, a_released_snapshot_is_not_overwritten_with_another_meaning);
    tcase_add_test(tcase, export_builds_the_database_again);
    tcase_add_test(tcase, export_says_that_the_version_is_not_known);
    tcase_add_test(tcase, diff_compares_snapshots_scripts_and_databases);
    tcase_add_test(tcase, strict_also_compares_the_order_of_columns);
    tcase_add_test(tcase, check_tells_how_a_database_differs_from_its_version);
    tcase_add_test(tcase, looking_at_a_database_leaves_nothing_beside_it);
    return tcase;
}
