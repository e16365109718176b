/* schema_steps.c — drift schema steps SCHEMAS OUT_BASENAME */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/generated.h"
#include "cli/place.h"
#include "codegen/codegen.h"
#include "codegen/folder.h"
#include "drift/kit/snapshot.h"

static int list_versions(int **out, size_t *count, const char *path, drift_error *err)
{
    drift_snapshot_folder *folder = NULL;
    int rc = drift_snapshot_folder_read(&folder, path, err);
    if (rc != DRIFT_OK) return rc;
    *out = drift__calloc(folder->count, sizeof **out);
    *count = folder->count;
    for (size_t i = 0; *out && i < folder->count; i++) (*out)[i] = folder->files[i].version;
    drift_snapshot_folder_free(folder);
    return *out ? DRIFT_OK : drift__no_memory(err);
}

/* The folder of a path: "." of a bare name. */
static const char *folder_of(drift__arena *arena, const char *path)
{
    const char *name = drift__path_name(path);
    if (name == path) return ".";
    return name == path + 1 ? "/" : drift__arena_strndup(arena, path, (size_t)(name - path) - 1);
}

static int run(drift__invocation *invocation, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__codegen generated = {0};
    int *versions = NULL;
    size_t count = 0;
    const char *base = invocation->arguments[1];
    const char *prefix = drift__option_value(invocation, "--prefix");
    const char *folder = folder_of(&arena, base);
    if (!prefix) prefix = drift__codegen_default_prefix(&arena, invocation->arguments[0]);
    int rc = prefix && folder ? drift__codegen_check_prefix(prefix, err) : drift__no_memory(err);
    if (rc == DRIFT_OK) rc = drift__place_check_folder(folder, err);
    if (rc == DRIFT_OK) rc = list_versions(&versions, &count, invocation->arguments[0], err);
    if (rc == DRIFT_OK) rc = drift__codegen_steps(&generated, versions, count, drift__path_name(base), prefix, err);
    if (rc == DRIFT_OK) rc = drift__generated_write(invocation, &generated, folder, false, err);
    drift__codegen_dispose(&generated);
    drift__free(versions);
    drift__arena_dispose(&arena);
    return rc;
}

static const drift__option options[] = {
    {.name = "--prefix", .value = "PREFIX", .help = "what every name begins with; else the name of the folder SCHEMAS"},
    {.name = NULL},
};

const drift__command drift__command_schema_steps = {
    .name = "schema steps",
    .usage = "SCHEMAS OUT_BASENAME [--prefix PREFIX]",
    .summary = "write typed step-by-step migration callbacks as C",
    .details =
        "Writes OUT_BASENAME.h and OUT_BASENAME.c: a callback from1_to2 for each pair of neighbouring versions,\n"
        "and PREFIX_run_steps, which is an on_upgrade. They include what `drift schema generate` writes, which\n"
        "stands in the same folder: drift schema steps drift_schemas/app generated/app/schema_steps",
    .options = options,
    .min_arguments = 2,
    .max_arguments = 2,
    .run = run,
};
