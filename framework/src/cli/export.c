/* export.c — drift schema export SNAPSHOT */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/snapshots.h"
#include "sql/token.h"

/* Whether the last line holds a comment that would swallow the ';'. */
static bool ends_in_comment(const char *sql)
{
    const char *end = sql + strlen(sql);
    drift__token_kind kind = DRIFT__TOKEN_END;
    bool comment = false;
    for (const char *at = sql; at < end;) {
        const size_t length = drift__token(&kind, at, end);
        if (kind != DRIFT__TOKEN_SPACE) comment = kind == DRIFT__TOKEN_COMMENT && at[0] == '-';
        at += length;
    }
    return comment;
}

static int print_schema(char **out, size_t *length, const drift__invocation *invocation, const drift_schema *schema,
                        drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    for (size_t i = 0; i < schema->entity_count; i++) {
        const char *sql = schema->entities[i].sql;
        drift__str_printf(&text, "%s%s;\n", sql, ends_in_comment(sql) ? "\n" : "");
    }
    if (schema->version > 0)
        drift__str_printf(&text, "PRAGMA user_version = %d;\n", schema->version);
    else
        drift__note(invocation, "the version is not known (--version N): PRAGMA user_version is left out");
    *length = text.length;
    return drift__str_take(out, &text, err);
}

static int run(drift__invocation *invocation, drift_error *err)
{
    drift_snapshot *snapshot = NULL;
    const char *path = invocation->arguments[0];
    char *text = NULL;
    size_t length = 0;
    int64_t version = 0;
    drift_snapshot_options options = {.overrides = drift__option_value(invocation, "--overrides")};
    int rc = drift__option_number(&version, invocation, "--version", 1, 2147483647, err);
    options.version = (int)version;
    if (rc == DRIFT_OK) rc = drift__snapshot_read_whole(&snapshot, path, &options, err);
    if (rc == DRIFT_OK) rc = print_schema(&text, &length, invocation, &snapshot->schema, err);
    if (rc == DRIFT_OK) rc = drift__print(text, length, err);
    drift__free(text);
    drift_snapshot_free(snapshot);
    return rc;
}

static const drift__option options[] = {
    {.name = "--version", .value = "N", .help = "the schema's version; else the one in the file's name"},
    {.name = "--overrides", .value = "FILE", .help = "JSON: what only Dart could evaluate, as SQL"},
    {.name = NULL},
};

const drift__command drift__command_export = {
    .name = "schema export",
    .usage = "SNAPSHOT [--version N] [--overrides FILE]",
    .summary = "print the SQL that builds a snapshot",
    .details = "One statement after another, each ending in ';', and last PRAGMA user_version:\n"
               "  drift schema export drift_schema_v3.json | sqlite3 new.db",
    .options = options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
