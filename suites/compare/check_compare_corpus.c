/* check_compare_corpus.c — the schemas that real apps published: each is equal to itself however it is read, and what
 * changed from one version to the next is found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/file.h"
#include "drift/kit/diff.h"
#include "drift/kit/snapshot.h"
#include "support/suite.h"

/* What the corpus holds, so that a reader that skips files fails. */
enum { SNAPSHOTS = 197, PAIRS = 170, PAIRS_WITHOUT_CHANGE = 18 };

static drift_snapshot *read_snapshot(const char *path, bool entities_only)
{
    const drift_snapshot_options options = {.entities_only = entities_only};
    drift_snapshot *snapshot = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_snapshot_read(&snapshot, path, &options, &err));
    return snapshot;
}

static drift_diff *diffed(const drift_schema *expected, const drift_schema *actual)
{
    drift_diff *diff = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_diff_schemas(&diff, expected, actual, NULL, &err));
    return diff;
}

/* -- Every file, and every two that follow one another. -- */

typedef void (*file_fn)(const char *path);
typedef void (*pair_fn)(const char *from, const char *to);

static size_t files_seen, pairs_seen;

static void walk_folder(const char *path, file_fn file, pair_fn pair)
{
    drift_snapshot_folder *folder = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_snapshot_folder_read(&folder, path, &err));
    for (size_t i = 0; i < folder->count; i++) {
        if (file) file(folder->files[i].path);
        if (i && pair) pair(folder->files[i - 1].path, folder->files[i].path);
        files_seen++;
        if (i) pairs_seen++;
    }
    drift_snapshot_folder_free(folder);
}

/* The fourth column of INDEX.tsv names the folders. */
static void walk_corpus(file_fn file, pair_fn pair)
{
    char *index = drift__path_join(suite_corpus(), "INDEX.tsv"), *text = NULL;
    size_t length = 0;
    drift_error err = {0};
    files_seen = pairs_seen = 0;
    ck_assert_drift(drift__file_read(&text, &length, index, &err));
    for (char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
        const char *at = line + 1;
        for (int column = 1; column < 4; column++) at = strchr(at, '\t') + 1;
        char *name = drift__strndup(at, strcspn(at, "\t\n"));
        char *path = drift__path_join(suite_corpus(), name);
        walk_folder(path, file, pair);
        drift__free(path);
        drift__free(name);
    }
    drift__free(text);
    drift__free(index);
    ck_assert_uint_eq(files_seen, SNAPSHOTS);
    ck_assert_uint_eq(pairs_seen, PAIRS);
}

static void assert_equal(const drift_schema *a, const drift_schema *b, const char *path)
{
    drift_error err = {0};
    char *text = NULL;
    drift_diff *diff = diffed(a, b);
    ck_assert_drift(drift_diff_print_text(&text, diff, &err));
    if (diff->count) ck_abort_msg("%s differs from itself:\n%s", path, text);
    drift_free(text);
    drift_diff_free(diff);
}

/* The same data without its text, so that all of it has to be compared. */
static drift_schema without_text(const drift_schema *schema, drift__arena *arena)
{
    drift_entity *entities = drift__arena_copy(arena, schema->entities, schema->entity_count, sizeof *entities);
    for (size_t i = 0; i < schema->entity_count; i++) entities[i].sql = NULL;
    return (drift_schema){schema->version, entities, schema->entity_count};
}

static void compare_with_itself(const char *path)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift_snapshot *snapshot = read_snapshot(path, false);
    const drift_schema bare = without_text(&snapshot->schema, &arena);
    assert_equal(&snapshot->schema, &bare, path);
    drift_snapshot_free(snapshot);
    drift__arena_dispose(&arena);
}

START_TEST(every_snapshot_is_equal_to_itself)
{
    walk_corpus(compare_with_itself, NULL);
}
END_TEST

static void compare_both_readings(const char *path)
{
    drift_snapshot *sql = read_snapshot(path, false), *entities = read_snapshot(path, true);
    assert_equal(&sql->schema, &entities->schema, path);
    assert_equal(&entities->schema, &sql->schema, path);
    drift_snapshot_free(sql);
    drift_snapshot_free(entities);
}

START_TEST(the_sql_of_a_snapshot_is_equal_to_what_its_entities_say)
{
    walk_corpus(compare_both_readings, NULL);
}
END_TEST

/* -- What changed, found in another way: by asking for every name. -- */

static size_t columns_not_in(const drift_table *table, const drift_table *other)
{
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) count += !drift_table_column(other, table->columns[i].name);
    return count;
}

/* Entities and columns of the one that the other does not have. */
static size_t names_not_in(const drift_schema *schema, const drift_schema *other)
{
    size_t count = 0;
    for (size_t i = 0; i < schema->entity_count; i++) {
        const drift_entity *entity = &schema->entities[i];
        if (entity->kind == DRIFT_ENTITY_QUERY) continue;
        const drift_entity *found = drift_schema_entity(other, entity->kind, entity->name);
        if (!found)
            count++;
        else if (entity->as.table)
            count += columns_not_in(entity->as.table, found->as.table);
    }
    return count;
}

static size_t told(const drift_diff *diff, drift_facet entity, drift_facet column)
{
    size_t count = 0;
    for (size_t i = 0; i < diff->count; i++)
        count += diff->differences[i].facet == entity || diff->differences[i].facet == column;
    return count;
}

static size_t pairs_without_change;

static void compare_versions(const char *from, const char *to)
{
    drift_snapshot *old = read_snapshot(from, false), *new = read_snapshot(to, false);
    drift_diff *diff = diffed(&old->schema, &new->schema), *back = diffed(&new->schema, &old->schema);
    ck_assert_uint_eq(told(diff, DRIFT_FACET_MISSING, DRIFT_FACET_COLUMN_MISSING),
                      names_not_in(&old->schema, &new->schema));
    ck_assert_uint_eq(told(diff, DRIFT_FACET_UNEXPECTED, DRIFT_FACET_COLUMN_UNEXPECTED),
                      names_not_in(&new->schema, &old->schema));
    ck_assert_uint_eq(diff->count, back->count);
    pairs_without_change += diff->count == 0;
    drift_diff_free(diff);
    drift_diff_free(back);
    drift_snapshot_free(old);
    drift_snapshot_free(new);
}

/* Of the 18 pairs without a difference, 17 hold the same entities byte for byte; in one only the format's version and
 * what Dart makes of it differ. */
START_TEST(what_changed_between_versions_is_found)
{
    pairs_without_change = 0;
    walk_corpus(NULL, compare_versions);
    ck_assert_uint_eq(pairs_without_change, PAIRS_WITHOUT_CHANGE);
}
END_TEST

/* -- Ten of them, told whole. -- */

typedef struct golden {
    const char *folder;
    int from, to;
    const char *name;
} golden;

static const golden goldens[] = {
    {"celest-dev+celest/services__celest_cloud_auth__drift_schema__auth_database", 1, 2, "foreign_key_actions"},
    {"celest-dev+celest/services__celest_cloud_auth__drift_schema__auth_database", 3, 4, "triggers_and_indexes"},
    {"celest-dev+celest/services__celest_cloud_hub__drift_schema__cloud_hub_database", 1, 2, "view_added"},
    {"KRTirtho+spotube/drift_schemas__app_db", 9, 10, "index_columns_and_defaults"},
    {"brandonp2412+MarketMonk/drift_schemas__database", 9, 10, "table_dropped"},
    {"getBoolean+anime_character_tierlist/drift_schemas__my_database", 2, 3, "primary_key"},
    {"tm-ox+time_tracker/drift_schemas", 12, 13, "types_and_keys"},
    {"simolus3+drift/examples__migrations_example__drift_schemas__default", 8, 9, "check_added"},
    {"CrossEvol+what_todo/drift_schemas__app_database", 10, 11, "not_null"},
    {"simolus3+drift/examples__migrations_example__drift_schemas__default", 6, 7, "virtual_table"},
};

static char *snapshot_path(const golden *g, int version)
{
    char name[256];
    snprintf(name, sizeof name, "%s/drift_schema_v%d.json", g->folder, version);
    return drift__path_join(suite_corpus(), name);
}

START_TEST(a_change_is_told_whole)
{
    const golden *g = &goldens[_i];
    char name[128], *from = snapshot_path(g, g->from), *to = snapshot_path(g, g->to), *text = NULL;
    drift_error err = {0};
    drift_snapshot *old = read_snapshot(from, false), *new = read_snapshot(to, false);
    drift_diff *diff = diffed(&old->schema, &new->schema);
    ck_assert_drift(drift_diff_print_text(&text, diff, &err));
    snprintf(name, sizeof name, "diff/%s.txt", g->name);
    suite_golden(name, text);
    drift_free(text);
    drift_diff_free(diff);
    drift_snapshot_free(old);
    drift_snapshot_free(new);
    drift__free(from);
    drift__free(to);
}
END_TEST

int main(void)
{
    if (!suite_corpus()) return suite_skip("there is no corpus (DRIFT_CORPUS names it)");
    Suite *suite = suite_create("compare corpus");
    TCase *tcase = suite_case("corpus");
    tcase_add_test(tcase, every_snapshot_is_equal_to_itself);
    tcase_add_test(tcase, the_sql_of_a_snapshot_is_equal_to_what_its_entities_say);
    tcase_add_test(tcase, what_changed_between_versions_is_found);
    tcase_add_loop_test(tcase, a_change_is_told_whole, 0, (int)(sizeof goldens / sizeof *goldens));
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
