/* dump.c — drift schema dump SOURCE DEST */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/place.h"
#include "cli/snapshots.h"
#include "cli/source.h"
#include "drift/kit/diff.h"
#include "snapshot/name.h"

/* --version, else what the source says of itself, else the name of the file that is written. */
static int choose_version(int *out, const drift__invocation *invocation, const drift_schema *schema, const char *dest,
                          drift_error *err)
{
    const int named = drift__is_folder(dest) ? 0 : drift__snapshot_version(dest);
    int64_t version = schema->version > 0 ? schema->version : named;
    const int rc = drift__option_number(&version, invocation, "--version", 1, 2147483647, err);
    if (rc != DRIFT_OK) return rc;
    *out = (int)version;
    if (!named || named == version) return DRIFT_OK;
    drift__error(err, DRIFT_MISUSE, "the schema is of version %d, but %s is named after version %d", (int)version, dest,
                 named);
    drift__error_hint(err, "give the version with --version, or write to drift_schema_v%d.json", (int)version);
    return DRIFT_MISUSE;
}

/* The file in DEST if that is a folder, else DEST itself, which must be a .json path. */
static int choose_path(const char **out, drift__arena *arena, const char *dest, int version, const char *source,
                       drift_error *err)
{
    if (!drift__is_folder(dest)) {
        *out = dest;
        if (drift__path_has_suffix(dest, ".json")) return drift__place_check_file(dest, err);
        drift__error(err, DRIFT_MISUSE, "expected a folder or a .json path to write, found \"%s\"", dest);
        if (*dest && !drift__file_exists(dest)) drift__error_hint(err, "make the folder first: mkdir -p %s", dest);
        return DRIFT_MISUSE;
    }
    if (!version) {
        drift__error(err, DRIFT_MISUSE, "the version of %s is not known", source);
        drift__error_hint(err, "give it with --version N, or set PRAGMA user_version in the source");
        return DRIFT_MISUSE;
    }
    const char *slash = dest[strlen(dest) - 1] == '/' ? "" : "/";
    *out = drift__arena_printf(arena, "%s%sdrift_schema_v%d.json", dest, slash, version);
    return *out ? DRIFT_OK : drift__no_memory(err);
}

/* The difference goes to standard error: standard output is for results. */
static int refuse(const char *path, const drift_diff *diff, drift_error *err)
{
    char *text = NULL;
    const drift_difference *first = &diff->differences[0];
    int rc = drift_difference_print_text(&text, first, err);
    if (rc != DRIFT_OK) return rc;
    drift__error(err, DRIFT_MISMATCH, "%s exists with another meaning: %s: %s%s", path, first->object, text,
                 diff->count > 1 ? " (and more)" : "");
    drift__error_hint(err, "a released version is immutable: raise the version, or overwrite it with --force");
    drift_free(text);
    return DRIFT_MISMATCH;
}

/* A snapshot that is there: *stands if it means the same; MISMATCH if it does not. */
static int compare_existing(bool *stands, const char *path, const drift_schema *schema, drift_error *err)
{
    drift_snapshot *existing = NULL;
    drift_diff *diff = NULL;
    *stands = false;
    if (!drift__file_exists(path)) return DRIFT_OK;
    int rc = drift__snapshot_read_whole(&existing, path, NULL, err);
    if (rc == DRIFT_OK) rc = drift_diff_schemas(&diff, &existing->schema, schema, NULL, err);
    if (rc == DRIFT_OK) rc = diff->count ? refuse(path, diff, err) : DRIFT_OK;
    *stands = rc == DRIFT_OK;
    drift_diff_free(diff);
    drift_snapshot_free(existing);
    return rc;
}

static int write_snapshot(const drift__invocation *invocation, const drift_schema *schema, const char *path,
                          drift_error *err)
{
    const char *source = invocation->arguments[0];
    char *text = NULL;
    size_t length = 0;
    bool stands = false;
    int rc = DRIFT_OK;
    if (!drift__option_given(invocation, "--force")) rc = compare_existing(&stands, path, schema, err);
    if (rc != DRIFT_OK) return rc;
    if (stands) {
        drift__note(invocation, "%s already says the same; it stays as it is", path);
        return DRIFT_OK;
    }
    rc = drift_snapshot_print(&text, &length, schema, err);
    if (rc != DRIFT_OK) drift__error_source(err, source);
    if (rc == DRIFT_OK) rc = drift__file_write(path, text, length, err);
    drift_free(text);
    if (rc == DRIFT_OK) drift__note(invocation, "wrote %s", path);
    return rc;
}

static int run(drift__invocation *invocation, drift_error *err)
{
    const char *from = invocation->arguments[0], *dest = invocation->arguments[1], *path = NULL;
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__source source = {0};
    int version = 0;
    int rc = drift__source_read_live(&source, from, err);
    if (rc == DRIFT_OK) rc = choose_version(&version, invocation, source.schema, dest, err);
    if (rc == DRIFT_OK) rc = choose_path(&path, &arena, dest, version, from, err);
    if (rc == DRIFT_OK && !source.schema->entity_count)
        drift__note(invocation, "%s holds no table, view, index or trigger", from);
    if (rc == DRIFT_OK) rc = write_snapshot(invocation, source.schema, path, err);
    drift__source_dispose(&source);
    drift__arena_dispose(&arena);
    return rc;
}

static const drift__option options[] = {
    {.name = "--version", .value = "N", .help = "the schema's version; else PRAGMA user_version, else DEST's name"},
    {.name = "--force", .help = "overwrite a snapshot that has another meaning"},
    {.name = NULL},
};

const drift__command drift__command_dump = {
    .name = "schema dump",
    .usage = "SOURCE DEST [--version N] [--force]",
    .summary = "write a schema's snapshot",
    .details = "SOURCE is a SQLite database, or an .sql file with any SQL: it is run in a scratch database in memory,\n"
               "and what SQLite then holds is written; rows are ignored. DEST is a folder (the file is then named\n"
               "drift_schema_vN.json) or a .json path. Functions and collations that SQLite does not know get\n"
               "stand-ins. A snapshot that exists is not overwritten with another meaning.",
    .options = options,
    .min_arguments = 2,
    .max_arguments = 2,
    .run = run,
};
