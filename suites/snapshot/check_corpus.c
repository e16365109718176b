/* check_corpus.c — the snapshots that real applications published: all are read, those without unknowable Dart build a
 * database, and what is dumped from it builds the same again. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "drift/connection.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "drift/kit/snapshot.h"
#include "runtime/stand_in.h"
#include "sql/cursor.h"
#include "stand_in/text.h"
#include "support/suite.h"

typedef void (*visit_fn)(const char *path, const char *relative, void *payload);

static void visit_folder(const char *root, const char *relative, visit_fn visit, void *payload)
{
    char **names = NULL;
    size_t count = 0;
    drift_error err = {0};
    char *folder = drift__path_join(root, relative);
    ck_assert_drift(drift__folder_list(&names, &count, folder, &err));
    for (size_t i = 0; i < count; i++) {
        char *inner = *relative ? drift__path_join(relative, names[i]) : drift__strdup(names[i]);
        char *path = drift__path_join(root, inner);
        if (drift__is_folder(path))
            visit_folder(root, inner, visit, payload);
        else if (drift__path_has_suffix(path, ".json"))
            visit(path, inner, payload);
        drift__free(path);
        drift__free(inner);
    }
    drift__names_free(names, count);
    drift__free(folder);
}

static void visit_corpus(visit_fn visit, void *payload)
{
    visit_folder(suite_corpus(), "", visit, payload);
}

static drift_snapshot *read_file(const char *path, bool entities_only)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    ck_assert_drift(
        drift_snapshot_read(&snapshot, path, &(drift_snapshot_options){.entities_only = entities_only}, &err));
    return snapshot;
}

/* ---- reading ---- */

static void count_one(const char *path, const char *relative, void *payload)
{
    (void)relative;
    drift_snapshot *snapshot = read_file(path, false);
    ck_assert_int_gt(snapshot->schema.version, 0);
    drift_snapshot_free(snapshot);
    ++*(int *)payload;
}

START_TEST(every_file_is_read)
{
    int count = 0;
    visit_corpus(count_one, &count);
    ck_assert_int_eq(count, 197);
}
END_TEST

static void tell_unknowns(const char *path, const char *relative, void *payload)
{
    drift_snapshot *snapshot = read_file(path, false);
    for (size_t i = 0; i < snapshot->unknown_count; i++) {
        const drift_unknown *u = &snapshot->unknowns[i];
        drift__str_printf(payload, "%s: %s.%s: %s: %s\n", relative, u->entity, u->column, u->what, u->expression);
    }
    drift_snapshot_free(snapshot);
}

START_TEST(exactly_what_only_dart_can_evaluate_is_unknown)
{
    drift__str told = DRIFT__STR_INIT;
    visit_corpus(tell_unknowns, &told);
    suite_golden("snapshot/corpus_unknowns.txt", drift__str_text(&told));
    drift__str_dispose(&told);
}
END_TEST

/* ---- DDL out of `entities` against Drift's own ---- */

static bool same_tokens(const char *a, const char *b)
{
    drift__cursor left = drift__cursor_at(a, strlen(a)), right = drift__cursor_at(b, strlen(b));
    while (left.token.kind == right.token.kind && left.token.length == right.token.length &&
           memcmp(left.token.text, right.token.text, left.token.length) == 0) {
        if (left.token.kind == DRIFT__TOKEN_END) return true;
        drift__cursor_next(&left);
        drift__cursor_next(&right);
    }
    return false;
}

static bool has_fixed_sql(const char *path)
{
    char *text = NULL;
    size_t length = 0;
    drift_error err = {0};
    ck_assert_drift(drift__file_read(&text, &length, path, &err));
    const bool found = strstr(text, "\"fixed_sql\"") != NULL;
    drift__free(text);
    return found;
}

typedef struct rendered {
    int files, statements;
} rendered;

static void compare_one(const char *path, const char *relative, void *payload)
{
    rendered *count = payload;
    if (!has_fixed_sql(path)) return;
    drift_snapshot *fixed = read_file(path, false), *entities = read_file(path, true);
    ck_assert_uint_eq(fixed->schema.entity_count, entities->schema.entity_count);
    for (size_t i = 0; i < fixed->schema.entity_count; i++) {
        const char *want = fixed->schema.entities[i].sql, *got = entities->schema.entities[i].sql;
        ck_assert_msg(same_tokens(want, got), "%s:\n%s\n%s", relative, want, got);
        count->statements++;
    }
    count->files++;
    drift_snapshot_free(fixed);
    drift_snapshot_free(entities);
}

START_TEST(sql_rendered_from_entities_is_drifts_own)
{
    rendered count = {0, 0};
    visit_corpus(compare_one, &count);
    ck_assert_int_eq(count.files, 50);
    ck_assert_int_eq(count.statements, 385);
}
END_TEST

/* ---- dump, build, dump ---- */

static char *dump(const drift_schema *schema)
{
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_snapshot_print(&text, NULL, schema, &err));
    return text;
}

/* The schema that SQLite holds after running the statements, with stand-ins for the application's functions. */
static drift_schema *build(const drift_schema *schema, const char *relative)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_schema *live = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift__stand_in_collations(connection, &err));
    for (size_t i = 0; i < schema->entity_count; i++) {
        const char *sql = schema->entities[i].sql;
        ck_assert_drift(drift__stand_in_functions(connection, sql, strlen(sql), &err));
        ck_assert_msg(drift_exec(connection, sql, &err) == DRIFT_OK, "%s: %s\n%s", relative, err.text, sql);
    }
    ck_assert_drift(drift_introspect(&live, connection, &err));
    drift_connection_close(connection);
    return live;
}

static void build_one(const char *path, const char *relative, void *payload)
{
    drift_error err = {0};
    drift_snapshot *snapshot = read_file(path, false), *again = NULL;
    if (snapshot->unknown_count == 0) {
        drift_schema *first = build(&snapshot->schema, relative);
        char *dumped = dump(first);
        ck_assert_drift(drift_snapshot_parse(&again, dumped, strlen(dumped), relative, NULL, &err));
        drift_schema *second = build(&again->schema, relative);
        char *redumped = dump(second);
        ck_assert_msg(strcmp(dumped, redumped) == 0, "%s: dump, build, dump differs", relative);
        ++*(int *)payload;
        drift_free(redumped);
        drift_schema_free(second);
        drift_snapshot_free(again);
        drift_free(dumped);
        drift_schema_free(first);
    }
    drift_snapshot_free(snapshot);
}

START_TEST(dump_build_dump_is_identical)
{
    int count = 0;
    visit_corpus(build_one, &count);
    ck_assert_int_eq(count, 193);
}
END_TEST

int main(void)
{
    if (!suite_corpus()) return suite_skip("the corpus of published snapshots is not beside the project");
    json_set_alloc_funcs(drift__malloc, drift__free);
    Suite *suite = suite_create("snapshot_corpus");
    TCase *c = suite_case("corpus");
    tcase_add_test(c, every_file_is_read);
    tcase_add_test(c, exactly_what_only_dart_can_evaluate_is_unknown);
    tcase_add_test(c, sql_rendered_from_entities_is_drifts_own);
    tcase_add_test(c, dump_build_dump_is_identical);
    suite_add_tcase(suite, c);
    return suite_run(suite);
}
