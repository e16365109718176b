/* check.c — drift check DATABASE --schemas DIR */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "drift/kit/verify.h"

static const char *const formats[] = {"text", "json", NULL};
enum { TEXT, JSON };

static int print_text(char **out, const char *database, const drift_check_result *result, const char *schemas,
                      drift_error *err)
{
    char *differences = NULL;
    drift__str text = DRIFT__STR_INIT;
    const size_t count = result->diff->count;
    int rc = drift_diff_print_text(&differences, result->diff, err);
    if (rc != DRIFT_OK) return rc;
    drift__str_put_visible(&text, database);
    drift__str_printf(&text, ": version %d, %s its snapshot in ", result->version, count ? "differs from" : "equal to");
    drift__str_put_visible(&text, schemas);
    drift__str_putc(&text, '\n');
    if (count || result->diff->note_count) drift__str_puts(&text, differences);
    drift_free(differences);
    return drift__str_take(out, &text, err);
}

static int print_result(const drift__invocation *invocation, const drift_check_result *result, const char *schemas,
                        drift_error *err)
{
    char *text = NULL;
    int rc = drift__option_choice(invocation, "--format", TEXT) == JSON
                 ? drift_diff_print_json(&text, result->diff, err)
                 : print_text(&text, invocation->arguments[0], result, schemas, err);
    if (rc == DRIFT_OK) rc = drift__print(text, strlen(text), err);
    drift_free(text);
    return rc;
}

static int run(drift__invocation *invocation, drift_error *err)
{
    const char *path = invocation->arguments[0], *folder = drift__option_value(invocation, "--schemas");
    const drift_diff_options how = {.strict = drift__option_given(invocation, "--strict")};
    drift_snapshot_provider *provider = NULL;
    drift_connection *connection = NULL;
    drift_check_result result = {0};
    int rc = drift_snapshot_provider_open(&provider, folder, drift__option_value(invocation, "--overrides"), err);
    if (rc == DRIFT_OK) rc = drift_connection_inspect(&connection, path, NULL, err); /* its errors name the path */
    if (rc == DRIFT_OK) {
        rc = drift_check_database(&result, connection, drift_snapshot_provider_schemas(provider), &how, err);
        if (rc != DRIFT_OK) drift__error_source(err, path);
    }
    if (rc == DRIFT_OK) rc = print_result(invocation, &result, folder, err);
    if (rc == DRIFT_OK && result.diff->count) rc = DRIFT_MISMATCH;
    drift_check_result_dispose(&result);
    drift_connection_close(connection);
    drift_snapshot_provider_free(provider);
    return rc;
}

static const drift__option options[] = {
    {.name = "--schemas", .value = "DIR", .required = true, .help = "the folder of snapshots"},
    {.name = "--format", .value = "FORMAT", .choices = formats, .help = "how to tell it"},
    {.name = "--strict", .help = "also column order, declared type names, constraint and index names"},
    {.name = "--overrides", .value = "FILE", .help = "JSON: what only Dart could evaluate, as SQL"},
    {.name = NULL},
};

const drift__command drift__command_check = {
    .name = "check",
    .usage = "DATABASE --schemas DIR [--format FORMAT] [--strict] [--overrides FILE]",
    .summary = "compare a database with the snapshot of its version",
    .details = "The version is PRAGMA user_version. The file is only read.\n"
               "Exit status 0 if it is what its version says, 1 if it differs.",
    .options = options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
