/* report.c — drift report merge IN… and drift report convert IN */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/reports.h"
#include "drift/kit/outcome.h"
#include "drift/kit/report.h"

static int read_report(drift_outcome **out, const char *path, drift_error *err)
{
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    int rc = drift__file_read(&text, &length, path, err);
    if (rc == DRIFT_OK) rc = drift_report_read(out, text, length, path, err);
    drift__free(text);
    return rc;
}

static int merge_files(drift_outcome **out, const drift__invocation *invocation, drift_error *err)
{
    const size_t count = invocation->argument_count;
    drift_outcome **parts = drift__calloc(count, sizeof(drift_outcome *));
    int rc = parts ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) rc = read_report(&parts[i], invocation->arguments[i], err);
    if (rc == DRIFT_OK)
        rc = drift_outcome_merge(out, (const drift_outcome *const *)parts, invocation->arguments, count, err);
    for (size_t i = 0; parts && i < count; i++) drift_outcome_free(parts[i]);
    drift__free(parts);
    return rc;
}

static int run(const drift__invocation *invocation, drift__outputs *all,
               int (*make)(drift_outcome **out, const drift__invocation *invocation, drift_error *err),
               drift_error *err)
{
    drift_outcome *outcome = NULL;
    int rc = drift__outputs_collect(all, invocation, err);
    if (rc == DRIFT_OK) rc = make(&outcome, invocation, err);
    if (rc == DRIFT_OK) rc = drift__outputs_write(all, invocation, outcome, err);
    if (rc == DRIFT_OK && outcome->summary.findings) rc = DRIFT_MISMATCH;
    drift_outcome_free(outcome);
    return rc;
}

static int merge(drift__invocation *invocation, drift_error *err)
{
    drift__outputs all = {.fallback = "json"};
    return run(invocation, &all, merge_files, err);
}

static int read_one(drift_outcome **out, const drift__invocation *invocation, drift_error *err)
{
    return read_report(out, invocation->arguments[0], err);
}

static int convert(drift__invocation *invocation, drift_error *err)
{
    drift__outputs all = {.fallback = "text"};
    return run(invocation, &all, read_one, err);
}

static const drift__option report_options[] = {
    DRIFT__OUTPUT_OPTIONS,
    {.name = NULL},
};

const drift__command drift__command_report_merge = {
    .name = "report merge",
    .usage = "IN.json… [-o OUT.json]",
    .summary = "make the whole out of the reports of all shards",
    .details =
        "The reports are those that `drift verify --shard K/N --format json -o IN.json` wrote, in any order: each\n"
        "shard once, all of one verification. The result is the report that the verification had given without\n"
        "shards, but for durations: as JSON, unless --format says otherwise.\n\n"
        "Exit status 0 if everything passed, 1 if anything was found, 3 if a shard is missing, is there twice,\n"
        "or is of another verification.",
    .options = report_options,
    .min_arguments = 1,
    .max_arguments = SIZE_MAX,
    .run = merge,
};

const drift__command drift__command_report_convert = {
    .name = "report convert",
    .usage = "IN.json [--format FORMAT]",
    .summary = "write a report anew in another form",
    .details = "IN.json is what `drift verify --format json` wrote. Without --format it becomes text.\n\n"
               "Exit status as that of the verification: 0 if everything passed, 1 if anything was found.",
    .options = report_options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = convert,
};
