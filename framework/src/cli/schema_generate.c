/* schema_generate.c — drift schema generate SCHEMAS OUT */
#include "base/arena.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/generated.h"
#include "cli/place.h"
#include "cli/snapshots.h"
#include "codegen/codegen.h"

static int run(drift__invocation *invocation, drift_error *err)
{
    drift__snapshots s = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__codegen generated = {0};
    const char *folder = invocation->arguments[0];
    const char *prefix = drift__option_value(invocation, "--prefix");
    drift__codegen_options options = {
        .prefix = prefix ? prefix : drift__codegen_default_prefix(&arena, folder),
        .data_classes = drift__option_given(invocation, "--data-classes"),
        .companions = drift__option_given(invocation, "--companions"),
    };
    int rc = options.prefix ? drift__codegen_check_prefix(options.prefix, err) : drift__no_memory(err);
    if (rc == DRIFT_OK) rc = drift__place_check_folder(invocation->arguments[1], err);
    if (rc == DRIFT_OK) rc = drift__snapshots_read(&s, folder, drift__option_value(invocation, "--overrides"), err);
    if (rc == DRIFT_OK) rc = drift__codegen_generate(&generated, s.schemas, s.folder->count, &options, err);
    if (rc == DRIFT_OK) rc = drift__generated_write(invocation, &generated, invocation->arguments[1], true, err);
    drift__codegen_dispose(&generated);
    drift__arena_dispose(&arena);
    drift__snapshots_dispose(&s);
    return rc;
}

static const drift__option options[] = {
    {.name = "--data-classes", .help = "a struct for the rows of each table and view, and functions to read them"},
    {.name = "--companions", .help = "a struct to write each table's rows, and functions to insert and update"},
    {.name = "--prefix", .value = "PREFIX", .help = "what every name begins with; else the name of the folder SCHEMAS"},
    {.name = "--overrides", .value = "FILE", .help = "JSON: what only Dart could evaluate, as SQL"},
    {.name = NULL},
};

const drift__command drift__command_schema_generate = {
    .name = "schema generate",
    .usage = "SCHEMAS OUT [--data-classes] [--companions] [--prefix PREFIX] [--overrides FILE]",
    .summary = "write every version's schema as C",
    .details = "SCHEMAS is a folder of snapshots. For each version OUT gets schema_vN.h and schema_vN.c, and for all\n"
               "of them schema_versions.h and schema_versions.c. The same snapshots give the same bytes. Only files\n"
               "that drift generated are overwritten, or removed when their version is gone.",
    .options = options,
    .min_arguments = 2,
    .max_arguments = 2,
    .run = run,
};
