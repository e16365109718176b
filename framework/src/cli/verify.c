/* verify.c — drift verify --schemas DIR (--migrations DIR | --exec CMD | --app LIBRARY) */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/jobs.h"
#include "cli/output.h"
#include "cli/place.h"
#include "cli/progress.h"
#include "cli/reports.h"
#include "cli/signals.h"
#include "drift/kit/report.h"
#include "drift/kit/verify.h"

#define WORD(name, word, text) word,
static const char *const runners[] = {DRIFT_RUNNER_MAP(WORD) NULL};
static const char *const levels[] = {DRIFT_DATA_LEVEL_MAP(WORD) NULL};
static const char *const pair_words[] = {DRIFT_PAIRS_MAP(WORD) NULL};
#undef WORD
static const char *const stamps[] = {"user_version", "none", NULL};
static const char *const audits[] = {"tell", "veto", NULL};

enum { DEFAULT_SEED = 42, MOST_JOBS = 1024, MOST_SHARDS = 1000000, MOST_ROWS = 1000000000, MOST_SECONDS = 1000000 };
enum { AUDIT_TELL, AUDIT_VETO };

/* So that a migration that never ends is told, with all that ran before it. */
enum { DEFAULT_LIMIT_SECONDS = 600 };

/* ---- options ---- */

static int read_numbers(drift_verify_options *options, const drift__invocation *invocation, drift_error *err)
{
    int64_t from = 0, to = 0, seed = DEFAULT_SEED;
    int rc = drift__option_number(&from, invocation, "--from", 1, 2147483647, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&to, invocation, "--to", 1, 2147483647, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&seed, invocation, "--seed", INT64_MIN + 1, INT64_MAX - 9, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&options->rows, invocation, "--rows", 1, MOST_ROWS, err);
    options->from = (int)from;
    options->to = (int)to;
    options->seed = seed;
    return rc;
}

/* The rows of level many are as many as somebody wants: what they take is no sign. */
static int read_limit(drift_verify_options *options, const drift__invocation *invocation, drift_error *err)
{
    const bool many = options->rows || options->levels >> DRIFT_DATA_MANY & 1u;
    int64_t seconds = many ? 0 : DEFAULT_LIMIT_SECONDS;
    const int rc = drift__option_number(&seconds, invocation, "--time-limit", 0, MOST_SECONDS, err);
    options->time_limit_ms = seconds * 1000;
    return rc;
}

/* "2/5", of which the first is 1 to the second. */
static int read_shard(drift_verify_options *options, const drift__invocation *invocation, drift_error *err)
{
    const char *given = drift__option_value(invocation, "--shard"), *at = given;
    int64_t numbers[2] = {0, 0};
    if (!given) return DRIFT_OK;
    for (int i = 0; i < 2; i++) {
        for (; *at >= '0' && *at <= '9' && numbers[i] <= MOST_SHARDS; at++) numbers[i] = numbers[i] * 10 + (*at - '0');
        if (i == 0 && *at++ != '/') break;
    }
    if (numbers[0] < 1 || numbers[0] > numbers[1] || numbers[1] > MOST_SHARDS || *at)
        return drift__error(err, DRIFT_MISUSE, "--shard: expected K/N with 1 <= K <= N <= %d, found \"%s\"",
                            (int)MOST_SHARDS, given);
    options->shard = (int)numbers[0];
    options->shards = (int)numbers[1];
    return DRIFT_OK;
}

/* 0: as many as there are processors. */
static int read_jobs(size_t *jobs, const drift__invocation *invocation, drift_error *err)
{
    int64_t number = 1;
    const int rc = drift__option_number(&number, invocation, "--jobs", 0, MOST_JOBS, err);
    if (rc == DRIFT_OK && number == 0) number = sysconf(_SC_NPROCESSORS_ONLN);
    *jobs = number < 1 ? 1 : number > MOST_JOBS ? MOST_JOBS : (size_t)number;
    return rc;
}

/* An option that would have no effect was given for one that it seems to have. */
static int require_sense(const drift_verify_options *options, const drift__invocation *invocation, drift_error *err)
{
    const bool steps = drift__option_given(invocation, "--migrations");
    const int sources = steps + drift__option_given(invocation, "--exec") + drift__option_given(invocation, "--app");
    if (sources != 1) {
        drift__error(err, DRIFT_MISUSE, "verify: expected one of --migrations, --exec and --app, found %s",
                     sources ? "more" : "none");
        drift__error_hint(err, "usage: drift %s %s", invocation->command->name, invocation->command->usage);
        return DRIFT_MISUSE;
    }
    const char *command = drift__option_value(invocation, "--exec");
    if (command && !*command) return drift__error(err, DRIFT_MISUSE, "--exec: expected a command, found \"\"");
    if (drift__option_given(invocation, "--runner") && !steps)
        return drift__error(err, DRIFT_MISUSE, "--runner: expected --migrations, whose steps it says how to run");
    if (options->veto && command)
        return drift__error(err, DRIFT_MISUSE, "--audit: what the command of --exec changes cannot be vetoed");
    if (options->rows && options->levels && !(options->levels >> DRIFT_DATA_MANY & 1u))
        return drift__error(err, DRIFT_MISUSE, "--rows: expected the level many among those of --data");
    return DRIFT_OK;
}

static int read_options(drift_verify_options *options, const drift__invocation *invocation, drift_error *err)
{
    int rc = read_numbers(options, invocation, err);
    if (rc == DRIFT_OK) rc = read_shard(options, invocation, err);
    options->pairs = (drift_pairs)drift__option_choice(invocation, "--pairs", DRIFT_PAIRS_ALL);
    options->levels = drift__option_choices(invocation, "--data");
    options->runner = (drift_runner)drift__option_choice(invocation, "--runner", DRIFT_RUNNER_DRIFT);
    options->stamp = (drift_stamp)drift__option_choice(invocation, "--stamp", DRIFT_STAMP_USER_VERSION);
    options->setup_sql = drift__option_value(invocation, "--setup");
    options->stub_functions = drift__option_given(invocation, "--stub-functions");
    options->keep = drift__option_value(invocation, "--keep");
    options->veto = drift__option_choice(invocation, "--audit", AUDIT_TELL) == AUDIT_VETO;
    options->no_paths = drift__option_given(invocation, "--no-paths");
    options->independent = drift__option_given(invocation, "--independent");
    if (rc == DRIFT_OK) rc = read_limit(options, invocation, err);
    return rc == DRIFT_OK ? require_sense(options, invocation, err) : rc;
}

/* ---- what is read ---- */

/* All zero: nothing was read yet. */
typedef struct inputs {
    drift_snapshot_provider *provider;
    drift_step_folder *steps;
    drift_expectations *expect;
    drift__app app;
} inputs;

/* What is given, or else expect.json beside the steps, if it is there; the report's head says which it was. */
static int read_expectations(inputs *in, const drift__invocation *invocation, drift_error *err)
{
    const char *given = drift__option_value(invocation, "--expect");
    if (given) return drift_expectations_read(&in->expect, given, err);
    if (!in->steps) return DRIFT_OK;
    char *beside = drift__path_join(in->steps->path, "expect.json");
    if (!beside) return drift__no_memory(err);
    const int rc = drift__file_exists(beside) ? drift_expectations_read(&in->expect, beside, err) : DRIFT_OK;
    drift__free(beside);
    return rc;
}

static int read_inputs(inputs *in, const drift__invocation *invocation, drift_error *err)
{
    const char *steps = drift__option_value(invocation, "--migrations");
    int rc = drift_snapshot_provider_open(&in->provider, drift__option_value(invocation, "--schemas"),
                                          drift__option_value(invocation, "--overrides"), err);
    if (rc == DRIFT_OK && steps) rc = drift_step_folder_read(&in->steps, steps, err);
    return rc == DRIFT_OK ? read_expectations(in, invocation, err) : rc;
}

static void free_inputs(inputs *in)
{
    drift__app_close(&in->app);
    drift_expectations_free(in->expect);
    drift_step_folder_free(in->steps);
    drift_snapshot_provider_free(in->provider);
}

/* A step that leads on from the newest snapshot was written, but what it leads to was not dumped. */
static int note_unverified(const drift__invocation *invocation, const drift_schema_provider *schemas,
                           const drift_step_folder *steps, drift_error *err)
{
    const int *versions = NULL;
    size_t count = 0;
    const int rc = schemas->versions(&versions, &count, schemas->payload, err);
    for (size_t i = 0; rc == DRIFT_OK && count && i < steps->count; i++) {
        if (steps->files[i].to > versions[count - 1])
            drift__note(invocation, "%s was not verified: %s has no snapshot of version %d or later",
                        steps->files[i].path, schemas->name, steps->files[i].to);
    }
    return rc;
}

/* In this process, or in several. */
static int verify_with(drift_outcome **out, inputs *in, const drift__invocation *invocation, size_t jobs,
                       const drift_verify_options *options, drift_error *err)
{
    const char *app = drift__option_value(invocation, "--app");
    drift__jobs_work work = {.schemas = drift_snapshot_provider_schemas(in->provider),
                             .source = {.steps = in->steps, .command = drift__option_value(invocation, "--exec")},
                             .app = app,
                             .options = options};
    if (jobs > 1) return drift__jobs_verify(out, jobs, &work, err);
    const int rc = app ? drift__app_open(&in->app, app, err) : DRIFT_OK;
    work.source.definition = in->app.definition;
    return rc == DRIFT_OK ? drift_verify_migrations(out, work.schemas, &work.source, options, err) : rc;
}

static int verify(const drift__invocation *invocation, drift_verify_options *options, size_t jobs,
                  const drift__outputs *all, drift_error *err)
{
    inputs in = {0};
    drift_outcome *outcome = NULL;
    int rc = read_inputs(&in, invocation, err);
    options->expect = in.expect;
    if (rc == DRIFT_OK) rc = verify_with(&outcome, &in, invocation, jobs, options, err);
    if (rc == DRIFT_OK && in.steps)
        rc = note_unverified(invocation, drift_snapshot_provider_schemas(in.provider), in.steps, err);
    if (rc == DRIFT_OK) rc = drift__outputs_write(all, invocation, outcome, err);
    if (rc == DRIFT_OK && outcome->summary.findings) rc = DRIFT_MISMATCH;
    drift_outcome_free(outcome);
    free_inputs(&in);
    return rc;
}

/* ---- */

static int run(drift__invocation *invocation, drift_error *err)
{
    drift__signals signals;
    drift__progress progress;
    const drift_diff_options how = {.strict = drift__option_given(invocation, "--strict")};
    drift_verify_options options = {.diff = &how, .is_stopped = drift__progress_is_stopped, .stop_payload = &progress};
    drift__outputs all = {.fallback = "text"};
    size_t jobs = 1;
    int rc = read_options(&options, invocation, err);
    if (rc == DRIFT_OK) rc = read_jobs(&jobs, invocation, err);
    if (rc == DRIFT_OK) rc = drift__outputs_collect(&all, invocation, err);
    if (rc == DRIFT_OK && options.keep) rc = drift__place_check_folder(options.keep, err);
    if (rc != DRIFT_OK) return rc;
    drift__progress_begin(&progress, invocation);
    options.listener = &progress.listener;
    drift__signals_watch(&signals);
    rc = verify(invocation, &options, jobs, &all, err);
    drift__progress_end(&progress); /* an error in the middle gets a line of its own */
    drift__signals_unwatch(&signals);
    return rc;
}

static const drift__option verify_options[] = {
    {.name = "--schemas", .value = "DIR", .required = true, .help = "the folder of snapshots"},
    {.name = "--migrations", .value = "DIR", .help = "what migrates: the folder of steps, v1_to_v2.sql, …"},
    {.name = "--exec", .value = "CMD", .help = "or a command for the shell; {db}, {from} and {to} are replaced"},
    {.name = "--app",
     .value = "LIBRARY",
     .help = "or a definition in a shared library; LIBRARY:SYMBOL, else drift_app"},
    {.name = "--runner", .value = "RUNNER", .choices = runners, .help = "how steps are run"},
    {.name = "--stamp",
     .value = "STAMP",
     .choices = stamps,
     .help = "where the version is kept; none: it is neither stamped nor checked"},
    {.name = "--from", .value = "N", .help = "only pairs from this version"},
    {.name = "--to", .value = "N", .help = "only pairs to this version"},
    {.name = "--pairs", .value = "PAIRS", .choices = pair_words, .help = "which pairs"},
    {.name = "--data",
     .value = "LEVEL",
     .choices = levels,
     .list = true,
     .help = "levels of data; all but many if not given"},
    {.name = "--rows", .value = "N", .help = "rows in each table at level many (1000)"},
    {.name = "--seed", .value = "S", .help = "what the rows follow from (42)"},
    {.name = "--expect",
     .value = "FILE",
     .help = "JSON: what each step means to change (expect.json beside the steps)"},
    {.name = "--audit",
     .value = "WHAT",
     .choices = audits,
     .help = "veto: what may change rows of a table that the step does not name is refused"},
    {.name = "--no-paths", .help = "do not compare other ways to the same version"},
    {.name = "--independent", .help = "migrate every pair by itself; none goes on from where another ended"},
    {.name = "--jobs", .value = "N", .help = "so many processes at once (1); 0: one for each processor"},
    {.name = "--shard",
     .value = "K/N",
     .help = "only the K-th of N parts; drift report merge makes the whole of their JSON"},
    {.name = "--time-limit",
     .value = "SECONDS",
     .help = "that one migration may take (600, with level many any); 0: any"},
    {.name = "--strict", .help = "also column order, declared type names, constraint and index names"},
    {.name = "--setup", .value = "SQL", .help = "run on every connection before anything else"},
    {.name = "--stub-functions", .help = "stand-ins for functions and collations that SQLite does not know"},
    {.name = "--overrides", .value = "FILE", .help = "JSON: what only Dart could evaluate, as SQL"},
    DRIFT__OUTPUT_OPTIONS,
    {.name = "--keep", .value = "DIR", .help = "keep the database of every failed case, with a repro.sql"},
    {.name = NULL},
};

const drift__command drift__command_verify = {
    .name = "verify",
    .usage = "--schemas DIR (--migrations DIR | --exec CMD | --app LIBRARY) [OPTIONS]",
    .summary = "migrate every old version to every later one, and judge what became of it",
    .details =
        "For every pair of snapshots (from < to) and every level of data a database is built at `from`, filled,\n"
        "migrated to `to`, and judged: schema, rows, rows of tables that the step does not name, foreign keys,\n"
        "hidden state, version stamp. Where other ways lead to the same version (a step that spans versions and\n"
        "its parts; the database opened anew at each version) they must end alike. Where the steps keep to the\n"
        "database, one that was judged at a version goes on to the next; the longest way is run directly as well.\n\n"
        "runners:\n"
        "  drift        one transaction, foreign keys suspended and checked, version stamped inside (default)\n"
        "  transaction  BEGIN; script; COMMIT for each step, with foreign keys on\n"
        "  plain        each statement by itself, foreign keys off until the script turns them on\n"
        "A command gets a file in a folder of its own, and stamps the version itself.\n"
        "levels of data:\n"
        "  empty        no rows\n"
        "  one          a valid row in every table\n"
        "  boundary     values at the edges of what each column takes\n"
        "  hostile      values that a column takes though nobody expected them\n"
        "  many         as many rows a table as --rows says; only if it is asked for\n"
        "\n"
        "Exit status 0 if everything passed, 1 if anything was found.",
    .options = verify_options,
    .min_arguments = 0,
    .max_arguments = 0,
    .run = run,
};
