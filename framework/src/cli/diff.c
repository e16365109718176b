/* diff.c — drift schema diff A B */
#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/source.h"
#include "drift/kit/diff.h"

static const char *const formats[] = {"text", "json", NULL};
enum { TEXT, JSON };

static int print_diff(const drift__invocation *invocation, const drift_diff *diff, drift_error *err)
{
    char *text = NULL;
    int rc = drift__option_choice(invocation, "--format", TEXT) == JSON ? drift_diff_print_json(&text, diff, err)
                                                                        : drift_diff_print_text(&text, diff, err);
    if (rc == DRIFT_OK) rc = drift__print(text, strlen(text), err);
    drift_free(text);
    return rc;
}

static int run(drift__invocation *invocation, drift_error *err)
{
    const char *overrides = drift__option_value(invocation, "--overrides");
    const drift_diff_options how = {.strict = drift__option_given(invocation, "--strict")};
    drift__source a = {0}, b = {0};
    drift_diff *diff = NULL;
    int rc = drift__source_read(&a, invocation->arguments[0], overrides, err);
    if (rc == DRIFT_OK) rc = drift__source_read(&b, invocation->arguments[1], overrides, err);
    if (rc == DRIFT_OK) rc = drift_diff_schemas(&diff, a.schema, b.schema, &how, err);
    if (rc == DRIFT_OK) rc = print_diff(invocation, diff, err);
    if (rc == DRIFT_OK && diff->count) rc = DRIFT_MISMATCH;
    drift_diff_free(diff);
    drift__source_dispose(&a);
    drift__source_dispose(&b);
    return rc;
}

static const drift__option options[] = {
    {.name = "--format", .value = "FORMAT", .choices = formats, .help = "how to tell it"},
    {.name = "--strict", .help = "also column order, declared type names, constraint and index names"},
    {.name = "--overrides", .value = "FILE", .help = "JSON: what only Dart could evaluate, as SQL"},
    {.name = NULL},
};

const drift__command drift__command_diff = {
    .name = "schema diff",
    .usage = "A B [--format FORMAT] [--strict] [--overrides FILE]",
    .summary = "show how two schemas differ",
    .details =
        "A and B are each a snapshot, an .sql file or a SQLite database; A is what is expected, B what is found.\n"
        "Exit status 0 if they are equal, 1 if they differ.",
    .options = options,
    .min_arguments = 2,
    .max_arguments = 2,
    .run = run,
};
