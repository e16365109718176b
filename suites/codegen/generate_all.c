/* generate_all.c — generate_all OUT: typed code for every published snapshot, for the samples and for hostile schemas,
 * twice, which must give the same bytes; and a program over all of it, in which each table's row makes the trip through
 * its companion. What it leaves in OUT is compiled by compile.cmake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "codegen/codegen.h"
#include "codegen/folder.h"
#include "codegen/hostile.h"
#include "codegen/plan.h"
#include "codegen/schema_text.h"
#include "drift/kit/parse.h"
#include "drift/kit/snapshot.h"
#include "sql/quote.h"
#include "support/suite.h"

typedef struct work {
    const char *out;
    drift__str unity;    /* includes every source */
    drift__str versions; /* the program's list */
    int databases, files;
} work;

static void check(int rc, const char *what, const drift_error *err)
{
    if (rc == DRIFT_OK) return;
    fprintf(stderr, "%s: %s %s: %s\n", what, drift_status_name(rc), err->source, err->text);
    exit(1);
}

static void write_text(const work *w, const char *name, drift__str *text)
{
    drift_error err = {0};
    char *path = drift__path_join(w->out, name);
    check(path && !text->failed ? DRIFT_OK : DRIFT_NO_MEMORY, name, &err);
    check(drift__file_write(path, drift__str_text(text), text->length, &err), path, &err);
    drift__free(path);
    drift__str_dispose(text);
}

/* ---- the program ---- */

static const char *field_word(const drift__plan_field *field)
{
    static const char *const words[][2] = {
        [DRIFT_TYPED_INT64] = {"int64", "nullable_int64"},    [DRIFT_TYPED_BOOL] = {"bool", "nullable_bool"},
        [DRIFT_TYPED_DOUBLE] = {"double", "nullable_double"}, [DRIFT_TYPED_TEXT] = {"text", "nullable_text"},
        [DRIFT_TYPED_BLOB] = {"blob", "nullable_blob"},       [DRIFT_TYPED_ANY] = {"any", "any"},
    };
    return words[field->kind][field->nullable];
}

static void put_trip(drift__str *s, const char *name, const drift__plan_entity *e)
{
    drift__str_printf(s,
                      "static round_trip_result %s_%s_trip(drift_connection *from, drift_connection *to, drift_error "
                      "*err)\n{\n    %s_%s *before = NULL, *after = NULL;\n    size_t count = 0, found = 0;\n    "
                      "round_trip_result result = ROUND_TRIP_FAILED;\n    if (%s_%s_all(&before, &count, from, err) != "
                      "DRIFT_OK) return result;\n    if (!count) return ROUND_TRIP_NO_ROW;\n    for (size_t i = 0; i < "
                      "count; i++) {\n        %s_%s_companion c;\n        memset(&c, 0, sizeof c);\n",
                      name, e->row, name, e->row, name, e->row, name, e->row);
    for (size_t i = 0; i < e->field_count; i++) {
        const drift__plan_field *field = &e->fields[i];
        if (field->generated) continue;
        drift__str_printf(s, "        again_%s(&c.%s, &before[i].%s);\n", field_word(field), field->name, field->name);
    }
    drift__str_printf(s,
                      "        if (%s_%s_insert(to, &c, NULL, err) != DRIFT_OK) goto done;\n    }\n    if "
                      "(%s_%s_all(&after, &found, to, err) != DRIFT_OK) goto done;\n    result = "
                      "ROUND_TRIP_DIFFERENT;\n    if (found != count) goto done;\n    for (size_t i = 0; i < count; "
                      "i++)\n        if (",
                      name, e->row, name, e->row);
    for (size_t i = 0; i < e->field_count; i++)
        drift__str_printf(s, "%s!same_%s(&before[i].%s, &after[i].%s)", i ? " ||\n            " : "",
                          field_word(&e->fields[i]), e->fields[i].name, e->fields[i].name);
    drift__str_printf(s,
                      ") goto done;\n    result = ROUND_TRIP_EQUAL;\ndone:\n    %s_%s_free_all(before, count);\n    "
                      "%s_%s_free_all(after, found);\n    return result;\n}\n\n",
                      name, e->row, name, e->row);
}

static bool makes_the_trip(const drift__plan_entity *e)
{
    return e->row && e->writable;
}

static void ignore_note(const char *text, void *payload)
{
    (void)text;
    (void)payload;
}

static void put_c_string(drift__str *s, const char *text)
{
    drift__str_putc(s, '"');
    for (; *text; text++) drift__str_printf(s, "\\%03o", (unsigned char)*text);
    drift__str_putc(s, '"');
}

/* A seeded row is valid to SQLite, which knows no booleans. */
static void put_prepare(drift__str *s, const drift__plan_entity *e)
{
    drift__str sql = DRIFT__STR_INIT;
    for (size_t i = 0; i < e->field_count; i++) {
        if (e->fields[i].kind != DRIFT_TYPED_BOOL || e->fields[i].generated) continue;
        drift__str_puts(&sql, "UPDATE ");
        drift__put_quoted(&sql, e->entity->name);
        drift__str_puts(&sql, " SET ");
        drift__put_quoted(&sql, e->fields[i].column);
        drift__str_puts(&sql, " = ");
        drift__put_quoted(&sql, e->fields[i].column);
        drift__str_puts(&sql, " <> 0;");
    }
    put_c_string(s, drift__str_text(&sql));
    drift__str_dispose(&sql);
}

/* The trips of one version, as OUT/<name>_trip.h. */
static void put_version(work *w, const drift_schema *schema, const char *prefix)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__plan plan;
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT, text = DRIFT__STR_INIT;
    char name[64], file[96];
    snprintf(name, sizeof name, "%s_v%d", prefix, schema->version);
    check(drift__plan_make(&plan, &arena, schema, prefix, true, true, ignore_note, NULL, &err), name, &err);
    for (size_t i = 0; i < schema->entity_count; i++)
        if (makes_the_trip(&plan.entities[i])) put_trip(&s, name, &plan.entities[i]);
    drift__str_printf(&s, "static const round_trip_table %s_trips[] = {\n", name);
    for (size_t i = 0; i < schema->entity_count; i++) {
        const drift__plan_entity *e = &plan.entities[i];
        if (!makes_the_trip(e)) continue;
        drift__str_puts(&s, "    {");
        put_c_string(&s, e->entity->name);
        drift__str_puts(&s, ", ");
        put_prepare(&s, e);
        drift__str_printf(&s, ", %s_%s_trip},\n", name, e->row);
    }
    drift__str_puts(&s, "    {NULL, NULL, NULL}};\n");
    snprintf(file, sizeof file, "%s_trip.h", name);
    write_text(w, file, &s);
    snprintf(file, sizeof file, "%s.txt", name);
    schema_text(&text, schema);
    write_text(w, file, &text);
    drift__str_printf(&w->versions, "    {\"%s.txt\", &%s_entities, %s_trips},\n", name, name, name);
    drift__str_printf(&w->unity, "#include \"%s_trip.h\"\n", name);
    drift__arena_dispose(&arena);
}

/* ---- databases ---- */

static void assert_same(const drift__codegen *a, const drift__codegen *b)
{
    bool same = a->file_count == b->file_count;
    for (size_t i = 0; same && i < a->file_count; i++)
        same = strcmp(a->files[i].name, b->files[i].name) == 0 && strcmp(a->files[i].text, b->files[i].text) == 0;
    if (same) return;
    fprintf(stderr, "generating twice gave two results\n");
    exit(1);
}

/* The steps' file is included last: its header includes the versions' files by name alone. */
static void put_sources(work *w, const drift__codegen *code, const char *prefix)
{
    for (size_t i = 0; i < code->file_count; i++) {
        const char *name = code->files[i].name;
        if (name[strlen(name) - 1] == 'c') drift__str_printf(&w->unity, "#include \"%s/%s\"\n", prefix, name);
    }
}

static void generate(work *w, const drift_schema *const *schemas, size_t count, const char *prefix)
{
    drift_error err = {0};
    drift__codegen first, second, steps;
    const drift__codegen_options options = {prefix, true, true};
    int versions[256];
    char *folder = drift__path_join(w->out, prefix);
    for (size_t i = 0; i < count && i < 256; i++) versions[i] = schemas[i]->version;
    check(drift__codegen_generate(&first, schemas, count, &options, &err), prefix, &err);
    check(drift__codegen_generate(&second, schemas, count, &options, &err), prefix, &err);
    check(drift__codegen_steps(&steps, versions, count, "schema_steps", prefix, &err), prefix, &err);
    assert_same(&first, &second);
    check(drift__codegen_write(&first, folder, true, NULL, NULL, &err), folder, &err);
    check(drift__codegen_write(&steps, folder, false, NULL, NULL, &err), folder, &err);
    put_sources(w, &first, prefix);
    put_sources(w, &steps, prefix);
    for (size_t i = 0; i < count; i++) put_version(w, schemas[i], prefix);
    w->databases++;
    w->files += (int)count;
    drift__codegen_dispose(&first);
    drift__codegen_dispose(&second);
    drift__codegen_dispose(&steps);
    drift__free(folder);
}

/* What only Dart could evaluate gets a value that suits any column. */
static char *write_overrides(const work *w, const drift_snapshot *snapshot)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_putc(&s, '{');
    for (size_t i = 0; i < snapshot->unknown_count; i++) {
        const drift_unknown *u = &snapshot->unknowns[i];
        drift__str_printf(&s, "%s\"%s.%s\": {\"%s\": \"1\"}", i ? ", " : "", u->entity, u->column, u->what);
    }
    drift__str_putc(&s, '}');
    write_text(w, "overrides.json", &s);
    return drift__path_join(w->out, "overrides.json");
}

static drift_snapshot *read_snapshot(const work *w, const drift_snapshot_file *file)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    drift_snapshot_options options = {.version = file->version};
    check(drift_snapshot_read(&snapshot, file->path, &options, &err), file->path, &err);
    if (!snapshot->unknown_count) return snapshot;
    char *overrides = write_overrides(w, snapshot);
    drift_snapshot_free(snapshot);
    options.overrides = overrides;
    check(drift_snapshot_read(&snapshot, file->path, &options, &err), file->path, &err);
    check(drift_snapshot_require_known(snapshot, file->path, &err), file->path, &err);
    drift__free(overrides);
    return snapshot;
}

/* A folder without snapshots is none of ours. */
static void generate_folder(work *w, const char *path, const char *prefix)
{
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    drift_snapshot *snapshots[256] = {0};
    const drift_schema *schemas[256];
    if (!drift__is_folder(path) || drift_snapshot_folder_read(&folder, path, &err) != DRIFT_OK) return;
    for (size_t i = 0; i < folder->count && i < 256; i++) {
        snapshots[i] = read_snapshot(w, &folder->files[i]);
        schemas[i] = &snapshots[i]->schema;
    }
    generate(w, schemas, folder->count, prefix);
    for (size_t i = 0; i < folder->count; i++) drift_snapshot_free(snapshots[i]);
    drift_snapshot_folder_free(folder);
}

/* Published databases lie two folders down, by repository and by database. */
static void generate_published(work *w, const char *corpus)
{
    drift_error err = {0};
    char **repositories = NULL, **databases = NULL;
    size_t count = 0, inner = 0;
    check(drift__folder_list(&repositories, &count, corpus, &err), corpus, &err);
    for (size_t i = 0; i < count; i++) {
        char *repository = drift__path_join(corpus, repositories[i]);
        if (drift__is_folder(repository))
            check(drift__folder_list(&databases, &inner, repository, &err), repository, &err);
        for (size_t k = 0; k < inner; k++) {
            char prefix[64];
            char *path = drift__path_join(repository, databases[k]);
            snprintf(prefix, sizeof prefix, "c%zun%zu", i, k);
            generate_folder(w, path, prefix);
            drift__free(path);
        }
        drift__names_free(databases, inner);
        drift__free(repository);
        databases = NULL;
        inner = 0;
    }
    drift__names_free(repositories, count);
}

static void generate_samples(work *w, const char *schemas)
{
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    char **names = NULL;
    size_t count = 0;
    check(drift__folder_list(&names, &count, schemas, &err), schemas, &err);
    for (size_t i = 0; i < count; i++) {
        char *path = drift__path_join(schemas, names[i]);
        generate_folder(w, path, drift__codegen_default_prefix(&arena, path));
        drift__free(path);
    }
    drift__names_free(names, count);
    drift__arena_dispose(&arena);
}

static void generate_hostile(work *w)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    char *sql = hostile_sql();
    check(sql ? DRIFT_OK : DRIFT_NO_MEMORY, "hostile", &err);
    check(drift_schema_parse(&schema, sql, strlen(sql), &err), "hostile", &err);
    schema->version = 1;
    const drift_schema *schemas[] = {schema};
    generate(w, schemas, 1, "hostile");
    drift_schema_free(schema);
    drift__free(sql);
}

/* What only SQLite understands has a handle to its entity alone; a query has none. */
static void generate_opaque(work *w)
{
    static const drift_entity entities[] = {
        {.kind = DRIFT_ENTITY_TABLE, .name = "odd", .sql = "CREATE TABLE odd (a INTEGER, b TEXT)", .opaque = true},
        {.kind = DRIFT_ENTITY_INDEX, .name = "odd_index", .sql = "CREATE INDEX odd_index ON odd (a)", .opaque = true},
        {.kind = DRIFT_ENTITY_QUERY, .name = "", .sql = "INSERT INTO odd VALUES (1, 'x')"},
    };
    static const drift_schema schema = {1, entities, sizeof entities / sizeof *entities};
    generate(w, (const drift_schema *const[]){&schema}, 1, "opaque");
}

int main(int argc, char **argv)
{
    work w = {.out = argc == 2 ? argv[1] : "", .unity = DRIFT__STR_INIT, .versions = DRIFT__STR_INIT};
    drift_error err = {0};
    drift__str program = DRIFT__STR_INIT;
    if (argc != 2) return 2;
    check(drift__folder_make(w.out, &err), w.out, &err);
    drift__str_puts(&w.unity, "#include <string.h>\n\n#include \"codegen/round_trip.h\"\n");
    if (suite_corpus()) generate_published(&w, suite_corpus());
    const int published = w.files;
    generate_samples(&w, suite_source("drift_schemas"));
    generate_hostile(&w);
    generate_opaque(&w);
    write_text(&w, "all.h", &w.unity);
    drift__str_printf(&program,
                      "#include \"all.h\"\n\nint main(void)\n{\n    static const round_trip_version versions[] = "
                      "{\n%s    };\n    return round_trip_run(versions, sizeof versions / sizeof *versions);\n}\n",
                      drift__str_text(&w.versions));
    drift__str_dispose(&w.versions);
    write_text(&w, "all.c", &program);
    printf("%d databases, %d schemas, %d of them published\n", w.databases, w.files, published);
    if (!suite_corpus()) printf("the published snapshots are not there: only samples were generated\n");
    if (suite_corpus() && !getenv("DRIFT_CORPUS") && published != 197) return 1;
    return 0;
}
