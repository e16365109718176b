/* make_migrations.c — drift make-migrations SOURCE: a new version, prepared.
 *
 * The snapshot, the generated code, the steps and a test of the new upgrade. Everything is made in memory, and all that
 * can be refused is refused, before the first file is written. The snapshot is written last: as long as it is missing
 * the version does not exist, and the command can be run again.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/generated.h"
#include "cli/output.h"
#include "cli/place.h"
#include "cli/snapshots.h"
#include "cli/source.h"
#include "codegen/codegen.h"
#include "codegen/folder.h"
#include "drift/kit/diff.h"

typedef struct making {
    const drift__invocation *invocation;
    drift__arena arena;
    const char *source_path, *schemas, *generated, *tests, *prefix;
    drift__source source;
    drift__snapshots released; /* without a folder if there is none yet */
    const drift_schema *latest;
    bool changed; /* against the latest snapshot */
    bool is_new;  /* `version` has no snapshot yet */
    int version;

    drift_snapshot *snapshot; /* the new version, as it will be read */
    char *snapshot_text;
    size_t snapshot_length;
    const char *snapshot_path;
    drift__codegen code, steps, test;
    drift__codegen files;  /* the files of `code` and `steps`, borrowed */
    const char *test_path; /* NULL: there is no test to be written */
} making;

static void dispose(making *m)
{
    drift__codegen_dispose(&m->test);
    drift__codegen_dispose(&m->steps);
    drift__codegen_dispose(&m->code);
    drift_free(m->snapshot_text);
    drift_snapshot_free(m->snapshot);
    drift__snapshots_dispose(&m->released);
    drift__source_dispose(&m->source);
    drift__arena_dispose(&m->arena);
}

/* ---- what is there ---- */

static const char *inside(making *m, const char *folder, const char *name)
{
    return drift__arena_printf(&m->arena, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

static int read_folder(const char **out, const making *m, const char *option, const char *otherwise, drift_error *err)
{
    const char *value = drift__option_value(m->invocation, option);
    *out = value ? value : otherwise;
    return **out ? DRIFT_OK : drift__error(err, DRIFT_MISUSE, "%s: expected a folder, found \"\"", option);
}

static int read_words(making *m, drift_error *err)
{
    m->source_path = m->invocation->arguments[0];
    int rc = read_folder(&m->schemas, m, "--schemas", "drift_schemas", err);
    if (rc == DRIFT_OK) rc = read_folder(&m->generated, m, "--generated", "generated", err);
    if (rc == DRIFT_OK) rc = read_folder(&m->tests, m, "--tests", "tests", err);
    if (rc != DRIFT_OK) return rc;
    m->prefix = drift__option_value(m->invocation, "--prefix");
    if (!m->prefix) m->prefix = drift__codegen_default_prefix(&m->arena, m->schemas);
    return m->prefix ? drift__codegen_check_prefix(m->prefix, err) : drift__no_memory(err);
}

/* Snapshots stand in a folder for each app. Where there are such folders, the one above them is no place to begin. */
static int refuse_folder_of_apps(making *m, drift_error *err)
{
    char **names = NULL;
    size_t count = 0;
    int rc = drift__is_folder(m->schemas) ? drift__folder_list(&names, &count, m->schemas, err) : DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) {
        drift_snapshot_folder *app = NULL;
        const char *path = inside(m, m->schemas, names[i]);
        if (!path) {
            rc = drift__no_memory(err);
        } else if (drift__is_folder(path) && drift_snapshot_folder_read(&app, path, NULL) == DRIFT_OK) {
            rc = drift__error(err, DRIFT_MISUSE, "%s holds no snapshot, but %s does", m->schemas, path);
            drift__error_hint(err, "name the app's folder, which need not be there yet: --schemas %s", path);
        }
        drift_snapshot_folder_free(app);
    }
    drift__names_free(names, count);
    return rc;
}

/* No folder and no snapshot in it are a beginning, not an error. */
static int read_released(making *m, drift_error *err)
{
    drift_snapshot_folder *folder = NULL;
    const int found = drift_snapshot_folder_read(&folder, m->schemas, NULL);
    drift_snapshot_folder_free(folder);
    if (found == DRIFT_NOT_FOUND) return refuse_folder_of_apps(m, err);
    const int rc =
        drift__snapshots_read(&m->released, m->schemas, drift__option_value(m->invocation, "--overrides"), err);
    if (rc == DRIFT_OK) m->latest = m->released.schemas[m->released.folder->count - 1];
    return rc;
}

/* ---- which version ---- */

static int refuse_unraised(const making *m, const drift_diff *diff, drift_error *err)
{
    char *text = NULL;
    const drift_difference *first = &diff->differences[0];
    const int rc = drift_difference_print_text(&text, first, err);
    if (rc != DRIFT_OK) return rc;
    drift__error(err, DRIFT_MISMATCH, "the schema of %s changed, but its version is still %d: %s: %s%s", m->source_path,
                 m->version, first->object, text, diff->count > 1 ? " (and more)" : "");
    drift__error_hint(
        err,
        "raise the version: PRAGMA user_version = %lld in the source, or --version %lld; if version %d was "
        "never released: drift schema dump --force",
        m->version + 1LL, m->version + 1LL, m->version);
    drift_free(text);
    return DRIFT_MISMATCH;
}

static int refuse_older(const making *m, drift_error *err)
{
    drift__error(err, DRIFT_MISMATCH, "the version of %s is %d, but %s holds version %d already", m->source_path,
                 m->version, m->schemas, m->latest->version);
    drift__error_hint(err, "a new version is above all that were released; to write an old one: drift schema dump");
    return DRIFT_MISMATCH;
}

/* The version that was stated, by --version or by the source's PRAGMA user_version; 0 if none was. */
static int stated_version(making *m, drift_error *err)
{
    int64_t version = m->source.schema->version;
    const int rc = drift__option_number(&version, m->invocation, "--version", 1, INT_MAX, err);
    m->version = (int)version;
    return rc;
}

/* A source that states no version cannot have raised it: a change is the next one. Nothing that was released is lost by
 * that. The first version is not guessed: what users have may be stamped otherwise. */
static int guess_version(making *m, drift_error *err)
{
    if (!m->latest) {
        drift__error(err, DRIFT_MISUSE, "the version of %s is not known, and %s holds no snapshot", m->source_path,
                     m->schemas);
        drift__error_hint(err, "give it with --version N (1 for a new application), or set PRAGMA user_version in the "
                               "source");
        return DRIFT_MISUSE;
    }
    m->version = m->latest->version;
    if (m->changed && m->version == INT_MAX)
        return drift__error(err, DRIFT_MISUSE, "version %d is the last one that there can be", INT_MAX);
    m->version += m->changed;
    return DRIFT_OK;
}

static int choose_version(making *m, drift_error *err)
{
    drift_diff *diff = NULL;
    int rc = stated_version(m, err);
    if (rc == DRIFT_OK && m->latest) rc = drift_diff_schemas(&diff, m->latest, m->source.schema, NULL, err);
    m->changed = diff && diff->count;
    if (rc == DRIFT_OK && !m->version) rc = guess_version(m, err);
    if (rc == DRIFT_OK && m->latest && m->version < m->latest->version) rc = refuse_older(m, err);
    if (rc == DRIFT_OK && m->latest && m->version == m->latest->version && m->changed)
        rc = refuse_unraised(m, diff, err);
    m->is_new = !m->latest || m->version > m->latest->version;
    drift_diff_free(diff);
    return rc;
}

/* ---- everything, in memory ---- */

/* Code is generated from what the snapshot will say, not from the source: later it is all that there is. */
static int make_snapshot(making *m, drift_error *err)
{
    char name[64];
    drift_snapshot_options options = {.version = m->version};
    snprintf(name, sizeof name, "drift_schema_v%d.json", m->version);
    m->snapshot_path = inside(m, m->schemas, name);
    int rc = m->snapshot_path ? DRIFT_OK : drift__no_memory(err);
    if (rc == DRIFT_OK) rc = drift_snapshot_print(&m->snapshot_text, &m->snapshot_length, m->source.schema, err);
    if (rc != DRIFT_OK) drift__error_source(err, m->source_path);
    if (rc == DRIFT_OK)
        rc = drift_snapshot_parse(&m->snapshot, m->snapshot_text, m->snapshot_length, m->snapshot_path, &options, err);
    return rc;
}

/* All versions, the new one last, and their numbers. In the arena. */
static int list_schemas(const drift_schema *const **schemas, int **versions, size_t *count, making *m, drift_error *err)
{
    const size_t old = m->released.folder ? m->released.folder->count : 0;
    const drift_schema **list = drift__arena_array(&m->arena, old + 1, sizeof *list);
    int *numbers = drift__arena_array(&m->arena, old + 1, sizeof *numbers);
    if (!list || !numbers) return drift__no_memory(err);
    for (size_t i = 0; i < old; i++) list[i] = m->released.schemas[i];
    if (m->snapshot) list[old] = &m->snapshot->schema;
    *count = old + (m->snapshot != NULL);
    for (size_t i = 0; i < *count; i++) numbers[i] = list[i]->version;
    *schemas = list;
    *versions = numbers;
    return DRIFT_OK;
}

/* One list, so that a folder is looked at once for all of them. */
static int join_files(making *m, drift_error *err)
{
    const size_t first = m->code.file_count, second = m->steps.file_count;
    m->files.files = drift__arena_array(&m->arena, first + second, sizeof *m->files.files);
    if (!m->files.files) return drift__no_memory(err);
    memcpy(m->files.files, m->code.files, first * sizeof *m->files.files);
    memcpy(m->files.files + first, m->steps.files, second * sizeof *m->files.files);
    m->files.file_count = first + second;
    m->files.notes = m->code.notes;
    m->files.note_count = m->code.note_count;
    return DRIFT_OK;
}

static int make_code(making *m, drift_error *err)
{
    const drift__codegen_options options = {.prefix = m->prefix, .data_classes = true, .companions = true};
    const drift_schema *const *schemas = NULL;
    int *versions = NULL;
    size_t count = 0;
    int rc = list_schemas(&schemas, &versions, &count, m, err);
    if (rc == DRIFT_OK) rc = drift__codegen_generate(&m->code, schemas, count, &options, err);
    if (rc == DRIFT_OK) rc = drift__codegen_steps(&m->steps, versions, count, "schema_steps", m->prefix, err);
    return rc == DRIFT_OK ? join_files(m, err) : rc;
}

static int make_test(making *m, drift_error *err)
{
    int rc = drift__codegen_test(&m->test, m->latest->version, m->version, m->prefix, err);
    if (rc != DRIFT_OK) return rc;
    m->test_path = inside(m, m->tests, m->test.files[0].name);
    return m->test_path ? DRIFT_OK : drift__no_memory(err);
}

/* ---- what can be refused ---- */

static int refuse_edited(const char *snapshot, const char *code, int version, drift_error *err)
{
    drift__error(err, DRIFT_MISMATCH, "%s was edited: it is not what %s was generated from", snapshot, code);
    drift__error_hint(err,
                      "a released version is immutable: take the snapshot back; if version %d was never released, "
                      "remove %s",
                      version, code);
    return DRIFT_MISMATCH;
}

/* What was generated tells of which schema; it may be gone, or be from before that was told. The latest version may not
 * be released yet: it is dumped anew with --force. */
static int check_released(making *m, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && m->latest && i + 1 < m->released.folder->count; i++) {
        const drift_schema *schema = m->released.schemas[i];
        const char *path = inside(m, m->generated, drift__arena_printf(&m->arena, "schema_v%d.c", schema->version));
        uint64_t told = 0;
        char *text = NULL;
        size_t length = 0;
        if (!path) return drift__no_memory(err);
        if (!drift__file_exists(path)) continue;
        rc = drift__file_read(&text, &length, path, err);
        if (rc == DRIFT_OK && drift__codegen_stamp_read(&told, text) && told != drift__codegen_stamp(schema))
            rc = refuse_edited(m->released.folder->files[i].path, path, schema->version, err);
        drift__free(text);
    }
    return rc;
}

static int check_all(making *m, drift_error *err)
{
    int rc = drift__place_check_folder(m->generated, err);
    if (rc == DRIFT_OK && m->test_path) rc = drift__place_check_folder(m->tests, err);
    if (rc == DRIFT_OK && m->is_new) rc = drift__place_check_folder(m->schemas, err);
    if (rc == DRIFT_OK) rc = drift__codegen_check(&m->files, m->generated, err);
    return rc == DRIFT_OK ? check_released(m, err) : rc;
}

/* ---- writing ---- */

/* A test that is there is somebody's, whatever it is: a link too. */
static int write_test(making *m, drift_error *err)
{
    struct stat st;
    const drift__codegen_file *file = &m->test.files[0];
    if (lstat(m->test_path, &st) == 0) {
        drift__note(m->invocation, "%s is there already; it stays as it is", m->test_path);
        return DRIFT_OK;
    }
    int rc = drift__folder_make(m->tests, err);
    if (rc == DRIFT_OK) rc = drift__file_write(m->test_path, file->text, file->length, err);
    if (rc == DRIFT_OK) drift__note(m->invocation, "wrote %s", m->test_path);
    return rc;
}

static int write_snapshot(making *m, drift_error *err)
{
    int rc = drift__folder_make(m->schemas, err);
    if (rc == DRIFT_OK) rc = drift__file_write(m->snapshot_path, m->snapshot_text, m->snapshot_length, err);
    if (rc == DRIFT_OK) drift__note(m->invocation, "wrote %s", m->snapshot_path);
    return rc;
}

/* ---- what to do next ---- */

static void put_step(drift__str *out, const making *m)
{
    drift__str_printf(out,
                      "  1. Write this step, and name it in the %s_steps that on_upgrade is given:\n"
                      "       static int from%d_to%d(drift_migrator *migrator, const %s_v%d_schema *v%d,\n"
                      "                              const void *payload, drift_error *err)\n",
                      m->prefix, m->latest->version, m->version, m->prefix, m->version, m->version);
    if (m->changed)
        drift__str_printf(out, "     What changed: drift schema diff %s %s\n",
                          m->released.folder->files[m->released.folder->count - 1].path, m->snapshot_path);
    else
        drift__str_printf(out, "     The schema is that of version %d: it is a step for rows.\n", m->latest->version);
}

static void put_next(drift__str *out, const making *m)
{
    if (!m->latest) {
        drift__str_printf(out, "Version %d, the first, is %s. Next:\n", m->version, m->snapshot_path);
        drift__str_printf(out, "  1. In %s_database: .schema_version = %d, .schema = &%s_v%d_entities\n", m->prefix,
                          m->version, m->prefix, m->version);
        return;
    }
    drift__str_printf(out, "Version %d is %s. Next:\n", m->version, m->snapshot_path);
    put_step(out, m);
    drift__str_printf(out, "  2. In %s_database: .schema_version = %d, .schema = &%s_v%d_entities\n", m->prefix,
                      m->version, m->prefix, m->version);
    drift__str_printf(out, "  3. Build and run %s, which fails until then.\n", m->test_path);
}

static int tell_next(const making *m, drift_error *err)
{
    drift__str out = DRIFT__STR_INIT;
    char *text = NULL;
    put_next(&out, m);
    int rc = drift__str_take(&text, &out, err);
    if (rc == DRIFT_OK) rc = drift__print(text, strlen(text), err);
    drift_free(text);
    return rc;
}

/* ---- the command ---- */

static int write_all(making *m, drift_error *err)
{
    /* Versions that are gone are the business of `drift schema generate`: the wrong --schemas must not cost code. */
    int rc = drift__generated_write(m->invocation, &m->files, m->generated, false, err);
    if (rc == DRIFT_OK && m->test_path) rc = write_test(m, err);
    if (rc == DRIFT_OK && m->is_new) rc = write_snapshot(m, err);
    return rc;
}

static int make(making *m, drift_error *err)
{
    int rc = read_words(m, err);
    if (rc == DRIFT_OK) rc = drift__source_read_live(&m->source, m->source_path, err);
    if (rc == DRIFT_OK) rc = read_released(m, err);
    if (rc == DRIFT_OK) rc = choose_version(m, err);
    if (rc == DRIFT_OK && m->is_new) rc = make_snapshot(m, err);
    if (rc == DRIFT_OK) rc = make_code(m, err);
    if (rc == DRIFT_OK && m->is_new && m->latest) rc = make_test(m, err);
    if (rc == DRIFT_OK) rc = check_all(m, err);
    if (rc == DRIFT_OK) rc = write_all(m, err);
    if (rc != DRIFT_OK) return rc;
    if (m->is_new) return tell_next(m, err);
    drift__note(m->invocation, "the schema is that of version %d, the latest: there is nothing to migrate", m->version);
    return DRIFT_OK;
}

static int run(drift__invocation *invocation, drift_error *err)
{
    making m = {.invocation = invocation, .arena = DRIFT__ARENA_INIT};
    const int rc = make(&m, err);
    dispose(&m);
    return rc;
}

static const drift__option options[] = {
    {.name = "--schemas", .value = "DIR", .help = "the snapshots; else drift_schemas"},
    {.name = "--generated", .value = "DIR", .help = "the generated code; else generated"},
    {.name = "--tests", .value = "DIR", .help = "where the test of the new upgrade is written; else tests"},
    {.name = "--prefix",
     .value = "PREFIX",
     .help = "what every name begins with; else the name of the folder of snapshots"},
    {.name = "--version", .value = "N", .help = "the schema's version; else PRAGMA user_version, else the next one"},
    {.name = "--overrides", .value = "FILE", .help = "JSON: what only Dart could evaluate in old snapshots, as SQL"},
    {.name = NULL},
};

const drift__command drift__command_make_migrations = {
    .name = "make-migrations",
    .usage = "SOURCE [--schemas DIR] [--generated DIR] [--tests DIR] [--prefix PREFIX] [--version N]",
    .summary = "prepare a new version: snapshot, code, steps, test",
    .details =
        "SOURCE is a SQLite database or an .sql file. If its schema is not that of the latest snapshot, and its\n"
        "version was raised, the new version's snapshot is written, the typed code and the steps are generated\n"
        "anew, and the new upgrade gets a test, check_vN_to_vM.c. A version that was not raised is told, exit 1.\n"
        "A source without PRAGMA user_version that changed is the version after the latest one; the first\n"
        "version must be stated. Code that a person wrote is never touched: a test that is there stays, and a\n"
        "file under a generated name that drift did not generate is refused before anything is written, and so\n"
        "is a snapshot that was edited after its code was generated.",
    .options = options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
