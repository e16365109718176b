/* check_generate.c — whole files, and what is refused. */
#include <stdio.h>
#include <string.h>

#include "codegen/cases.h"
#include "codegen/codegen.h"
#include "codegen/writer.h"
#include "drift/kit/parse.h"
#include "support/memory.h"
#include "support/suite.h"

/* A bit of everything. */
static const char sample[] =
    "CREATE TABLE todos (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL DEFAULT '' COLLATE NOCASE,\n"
    "  done INTEGER NOT NULL ON CONFLICT REPLACE DEFAULT 0, shout TEXT AS (upper(title)) STORED,\n"
    "  CONSTRAINT c CHECK (title <> '?')) STRICT;"
    "CREATE TABLE tags (todo INTEGER NOT NULL REFERENCES todos (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,\n"
    "  tag TEXT NOT NULL, PRIMARY KEY (tag, todo DESC)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX by_title ON todos (title COLLATE BINARY DESC, lower(title)) WHERE done = 0;"
    "CREATE VIEW tagged (name, tag) AS SELECT title, tag FROM todos JOIN tags ON todo = id;"
    "CREATE TRIGGER fill INSTEAD OF UPDATE OF name ON tagged WHEN 1 BEGIN SELECT 1; END;"
    "CREATE VIRTUAL TABLE search USING fts5(title, content = 'todos')";

static drift_schema *parse(const char *sql, int version)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    schema->version = version;
    return schema;
}

static const char *file_text(const drift__codegen *code, const char *name)
{
    for (size_t i = 0; i < code->file_count; i++)
        if (strcmp(code->files[i].name, name) == 0) return code->files[i].text;
    ck_abort_msg("no file %s", name);
    return NULL;
}

static void assert_golden(const drift__codegen *code, const char *name, const char *golden)
{
    suite_golden(golden, file_text(code, name));
}

START_TEST(a_version_is_a_header_and_a_source)
{
    drift_error err = {0};
    drift__codegen code;
    drift_schema *schema = parse(sample, 3);
    const drift_schema *schemas[] = {schema};
    const drift__codegen_options options = {"app", true, true};
    ck_assert_drift(drift__codegen_generate(&code, schemas, 1, &options, &err));
    assert_golden(&code, "schema_v3.h", "codegen/schema_v3.h");
    assert_golden(&code, "schema_v3.c", "codegen/schema_v3.c");
    drift__codegen_dispose(&code);
    drift_schema_free(schema);
}
END_TEST

START_TEST(rows_and_companions_are_written_only_if_asked_for)
{
    drift_error err = {0};
    drift__codegen code;
    drift_schema *schema = parse("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)", 1);
    const drift_schema *schemas[] = {schema};
    for (int i = 0; i < 4; i++) {
        const drift__codegen_options options = {"app", (i & 1) != 0, (i & 2) != 0};
        ck_assert_drift(drift__codegen_generate(&code, schemas, 1, &options, &err));
        const char *header = file_text(&code, "schema_v1.h"), *source = file_text(&code, "schema_v1.c");
        ck_assert_int_eq(strstr(header, "typedef struct app_v1_t_row {") != NULL, (i & 1) != 0);
        ck_assert_int_eq(strstr(header, "int app_v1_t_row_all(") != NULL, (i & 1) != 0);
        ck_assert_int_eq(strstr(header, "typedef struct app_v1_t_row_companion {") != NULL, (i & 2) != 0);
        ck_assert_int_eq(strstr(source, "int app_v1_t_row_insert(") != NULL, (i & 2) != 0);
        ck_assert_int_eq(strstr(source, "drift_typed_table") != NULL, i != 0);
        drift__codegen_dispose(&code);
    }
    drift_schema_free(schema);
}
END_TEST

START_TEST(versions_are_listed_with_their_gaps)
{
    drift_error err = {0};
    drift__codegen code;
    drift_schema *one = parse("CREATE TABLE t (a)", 1), *four = parse("", 4);
    const drift_schema *schemas[] = {one, four};
    const drift__codegen_options options = {"app", false, false};
    ck_assert_drift(drift__codegen_generate(&code, schemas, 2, &options, &err));
    ck_assert_uint_eq(code.file_count, 6);
    assert_golden(&code, "schema_versions.h", "codegen/schema_versions.h");
    assert_golden(&code, "schema_versions.c", "codegen/schema_versions.c");
    assert_golden(&code, "schema_v4.h", "codegen/schema_empty.h");
    assert_golden(&code, "schema_v4.c", "codegen/schema_empty.c");
    drift__codegen_dispose(&code);
    drift_schema_free(one);
    drift_schema_free(four);
}
END_TEST

START_TEST(what_gets_no_rows_is_noted_with_its_version)
{
    drift_error err = {0};
    drift__codegen code;
    drift_schema *schema = parse("CREATE VIRTUAL TABLE f USING no_such_module(a)", 7);
    const drift_schema *schemas[] = {schema};
    const drift__codegen_options options = {"app", true, true};
    ck_assert_drift(drift__codegen_generate(&code, schemas, 1, &options, &err));
    ck_assert_uint_eq(code.note_count, 1);
    ck_assert_str_eq(code.notes[0], "version 7: the virtual table \"f\" gets no row struct: no such table: f");
    drift__codegen_dispose(&code);
    drift_schema_free(schema);
}
END_TEST

static void assert_refused(const drift_schema *const *schemas, size_t count, const char *prefix, const char *text)
{
    drift_error err = {0};
    drift__codegen code;
    const drift__codegen_options options = {prefix, false, false};
    ck_assert_drift_fails(drift__codegen_generate(&code, schemas, count, &options, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, text);
    ck_assert_uint_eq(code.file_count, 0);
    drift__codegen_dispose(&code);
}

START_TEST(bad_prefixes_and_versions_are_refused)
{
    drift_schema *one = parse("", 1), *unknown = parse("", 0);
    const drift_schema *twice[] = {one, one}, *none[] = {unknown};
    assert_refused(twice, 1, "My-App", "expected a prefix for names in C, found \"My-App\"");
    assert_refused(twice, 2, "app", "expected schemas in the order of their versions, found version 1");
    assert_refused(none, 1, "app", "expected schemas in the order of their versions, found version 0");
    assert_refused(none, 0, "app", "expected at least one schema, found none");
    drift_schema_free(one);
    drift_schema_free(unknown);
}
END_TEST

static int generate_sample(void)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    drift__codegen code = {0};
    const drift__codegen_options options = {"app", true, true};
    static const char sql[] = "CREATE TABLE todos (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> ''), \"A \" TEXT);"
                              "CREATE VIEW v AS SELECT a FROM todos; CREATE INDEX i ON todos (a)";
    int rc = drift_schema_parse(&schema, sql, sizeof sql - 1, &err);
    if (rc == DRIFT_OK) {
        schema->version = 1;
        rc = drift__codegen_generate(&code, (const drift_schema *[]){schema}, 1, &options, &err);
    }
    drift__codegen_dispose(&code);
    drift_schema_free(schema);
    return rc;
}

START_TEST(every_allocation_may_fail)
{
    suite_memory_sweep(generate_sample);
}
END_TEST

START_TEST(a_source_tells_what_it_was_generated_from)
{
    static const char *const schemas[] = {"CREATE TABLE t (a)", "CREATE TABLE t (a )", "CREATE TABLE T (a)",
                                          "CREATE TABLE t (a); CREATE TABLE u (a)", ""};
    uint64_t stamps[5], told = 0;
    for (size_t i = 0; i < 5; i++) {
        drift__codegen code;
        drift_error err = {0};
        drift_schema *schema = parse(schemas[i], 1);
        const drift_schema *const list[] = {schema};
        ck_assert_drift(drift__codegen_generate(&code, list, 1, &(drift__codegen_options){.prefix = "p"}, &err));
        stamps[i] = drift__codegen_stamp(schema);
        ck_assert(drift__codegen_stamp_read(&told, file_text(&code, "schema_v1.c")));
        ck_assert_uint_eq(told, stamps[i]);
        ck_assert(!drift__codegen_stamp_read(&told, file_text(&code, "schema_v1.h")));
        for (size_t k = 0; k < i; k++) ck_assert_uint_ne(stamps[k], stamps[i]);
        drift__codegen_dispose(&code);
        drift_schema_free(schema);
    }
    ck_assert(!drift__codegen_stamp_read(&told, ""));
    ck_assert(!drift__codegen_stamp_read(&told, DRIFT__GENERATED_HEAD DRIFT__STAMP "0123456789abcde */"));
    ck_assert(!drift__codegen_stamp_read(&told, DRIFT__GENERATED_HEAD DRIFT__STAMP "0123456789ABCDEF */"));
}
END_TEST

TCase *generate_case(void)
{
    TCase *test = suite_case("generate");
    tcase_add_test(test, a_version_is_a_header_and_a_source);
    tcase_add_test(test, rows_and_companions_are_written_only_if_asked_for);
    tcase_add_test(test, versions_are_listed_with_their_gaps);
    tcase_add_test(test, what_gets_no_rows_is_noted_with_its_version);
    tcase_add_test(test, bad_prefixes_and_versions_are_refused);
    tcase_add_test(test, a_source_tells_what_it_was_generated_from);
    tcase_add_test(test, every_allocation_may_fail);
    return test;
}
