/* verify.c — drift verify --schemas DIR (--migrations DIR | --exec CMD | --app LIBRARY) */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/app.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "drift/kit/report.h"
#include "drift/kit/verify.h"

#define WORD(name, word, text) word,
static const char *const runners[] = {DRIFT_RUNNER_MAP(WORD) NULL};
static const char *const levels[] = {DRIFT_DATA_LEVEL_MAP(WORD) NULL};
static const char *const pair_words[] = {DRIFT_PAIRS_MAP(WORD) NULL};
#undef WORD
static const char *const stamps[] = {"user_version", "none", NULL};
static const char *const audits[] = {"tell", "veto", NULL};
static const char *const formats[] = {"text", "json", "junit", "html", "tap", NULL};

enum { DEFAULT_SEED = 42, MOST_OUTPUTS = 16, MOST_ROWS = 1000000000, MOST_SECONDS = 1000000 };
enum { AUDIT_TELL, AUDIT_VETO };

/* ---- where reports go ---- */

/* A report: its form, and the file it goes to (NULL: standard output). */
typedef struct output {
    const char *format; /* NULL while only -o was given */
    const char *path;
} output;

typedef struct outputs {
    output list[MOST_OUTPUTS];
    size_t count;
} outputs;

static output *add_output(outputs *all)
{
    return all->count < MOST_OUTPUTS ? &all->list[all->count++] : NULL;
}

/* -o FILE belongs to the --format before it, or, if there is none without a file yet, to the one that follows. */
static int collect_outputs(outputs *all, const drift__invocation *invocation, drift_error *err)
{
    for (size_t i = 0; i < invocation->given_count; i++) {
        const drift__given *given = &invocation->given[i];
        const bool format = strcmp(given->option->name, "--format") == 0;
        if (!format && strcmp(given->option->name, "--output") != 0) continue;
        output *last = all->count ? &all->list[all->count - 1] : NULL;
        const char **place = !last ? NULL : format ? &last->format : &last->path;
        if (!place || *place) {
            last = add_output(all);
            if (!last) return drift__error(err, DRIFT_MISUSE, "at most %d reports", MOST_OUTPUTS);
            place = format ? &last->format : &last->path;
        }
        *place = given->value;
    }
    if (!all->count) (void)add_output(all);
    return DRIFT_OK;
}

static bool is_standard_output(const output *o)
{
    return !o->path || strcmp(o->path, "-") == 0;
}

static int check_outputs(const outputs *all, drift_error *err)
{
    for (size_t i = 0; i < all->count; i++) {
        for (size_t k = 0; k < i; k++) {
            const output *a = &all->list[i], *b = &all->list[k];
            if (is_standard_output(a) && is_standard_output(b)) {
                drift__error(err, DRIFT_MISUSE, "two reports would go to standard output");
                drift__error_hint(err, "give each --format its own -o FILE");
                return DRIFT_MISUSE;
            }
            if (!is_standard_output(a) && !is_standard_output(b) && strcmp(a->path, b->path) == 0)
                return drift__error(err, DRIFT_MISUSE, "two reports would go to %s", a->path);
        }
    }
    return DRIFT_OK;
}

static int write_reports(const drift__invocation *invocation, const outputs *all, const drift_outcome *outcome,
                         drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < all->count; i++) {
        const output *o = &all->list[i];
        const drift_report_options how = {.colour = is_standard_output(o) && drift__wants_colour(invocation),
                                          .ledger = invocation->verbose};
        char *text = NULL;
        rc = drift_reporter_named(o->format ? o->format : formats[0])->print(&text, outcome, &how, err);
        if (rc == DRIFT_OK) rc = drift__emit(o->path, text, strlen(text), err);
        drift_free(text);
    }
    return rc;
}

/* ---- progress ---- */

static void show_run(int from, int to, const char *data, size_t number, size_t count, void *payload)
{
    (void)payload;
    fprintf(stderr, "\r\x1b[K%zu/%zu  %d->%d %s", number, count, from, to, data);
}

static void clear_line(const drift_run *run, size_t number, size_t count, void *payload)
{
    (void)run;
    (void)payload;
    if (number == count) fputs("\r\x1b[K", stderr);
}

static void tell_run(const drift_run *run, size_t number, size_t count, void *payload)
{
    (void)payload;
    fprintf(stderr, "%zu/%zu  %d->%d %s: %s, %lld rows, %lld.%03lld ms\n", number, count, run->from, run->to, run->data,
            drift_run_status_name(run->status), (long long)run->rows, (long long)(run->duration_us / 1000),
            (long long)(run->duration_us % 1000));
}

/* ---- */

static int read_numbers(drift_verify_options *options, const drift__invocation *invocation, drift_error *err)
{
    int64_t from = 0, to = 0, seed = DEFAULT_SEED, seconds = 0;
    int rc = drift__option_number(&from, invocation, "--from", 1, 2147483647, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&to, invocation, "--to", 1, 2147483647, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&seed, invocation, "--seed", INT64_MIN + 1, INT64_MAX - 9, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&options->rows, invocation, "--rows", 1, MOST_ROWS, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&seconds, invocation, "--time-limit", 1, MOST_SECONDS, err);
    options->from = (int)from;
    options->to = (int)to;
    options->seed = seed;
    options->time_limit_ms = seconds * 1000;
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
    if (drift__option_given(invocation, "--runner") && !steps)
        return drift__error(err, DRIFT_MISUSE, "--runner: expected --migrations, whose steps it says how to run");
    if (options->veto && drift__option_given(invocation, "--exec"))
        return drift__error(err, DRIFT_MISUSE, "--audit: what the command of --exec changes cannot be vetoed");
    if (options->rows && options->levels && !(options->levels >> DRIFT_DATA_MANY & 1u))
        return drift__error(err, DRIFT_MISUSE, "--rows: expected the level many among those of --data");
    return DRIFT_OK;
}

static int read_options(drift_verify_options *options, const drift__invocation *invocation, drift_error *err)
{
    const int rc = read_numbers(options, invocation, err);
    options->pairs = (drift_pairs)drift__option_choice(invocation, "--pairs", DRIFT_PAIRS_ALL);
    options->levels = drift__option_choices(invocation, "--data");
    options->runner = (drift_runner)drift__option_choice(invocation, "--runner", DRIFT_RUNNER_DRIFT);
    options->stamp = (drift_stamp)drift__option_choice(invocation, "--stamp", DRIFT_STAMP_USER_VERSION);
    options->setup_sql = drift__option_value(invocation, "--setup");
    options->stub_functions = drift__option_given(invocation, "--stub-functions");
    options->keep = drift__option_value(invocation, "--keep");
    options->veto = drift__option_choice(invocation, "--audit", AUDIT_TELL) == AUDIT_VETO;
    options->no_paths = drift__option_given(invocation, "--no-paths");
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
    const char *app = drift__option_value(invocation, "--app");
    int rc = drift_snapshot_provider_open(&in->provider, drift__option_value(invocation, "--schemas"),
                                          drift__option_value(invocation, "--overrides"), err);
    if (rc == DRIFT_OK && steps) rc = drift_step_folder_read(&in->steps, steps, err);
    if (rc == DRIFT_OK) rc = read_expectations(in, invocation, err);
    if (rc == DRIFT_OK && app) rc = drift__app_open(&in->app, app, err);
    return rc;
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

static int verify(const drift__invocation *invocation, drift_verify_options *options, const outputs *all,
                  drift_error *err)
{
    inputs in = {0};
    drift_outcome *outcome = NULL;
    int rc = read_inputs(&in, invocation, err);
    const drift_migration_source source = {
        .steps = in.steps, .definition = in.app.definition, .command = drift__option_value(invocation, "--exec")};
    options->expect = in.expect;
    if (rc == DRIFT_OK)
        rc = drift_verify_migrations(&outcome, drift_snapshot_provider_schemas(in.provider), &source, options, err);
    if (rc == DRIFT_OK && in.steps)
        rc = note_unverified(invocation, drift_snapshot_provider_schemas(in.provider), in.steps, err);
    if (rc == DRIFT_OK) rc = write_reports(invocation, all, outcome, err);
    if (rc == DRIFT_OK && outcome->summary.findings) rc = DRIFT_MISMATCH;
    drift_outcome_free(outcome);
    free_inputs(&in);
    return rc;
}

/* ---- signals ---- */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

enum { PATIENCE = 3 };

static volatile sig_atomic_t caught, times;

/* A shell or timeout(1) may send the same to the program and to its group: two are one. */
static void catch_signal(int number)
{
    caught = number;
    if (++times < PATIENCE) return;
    signal(number, SIG_DFL);
    raise(number);
}

static bool is_stopped(void *payload)
{
    (void)payload;
    return caught != 0;
}

/* The first signal ends the verification in order, with its command and its files; the third ends the program. What
 * was ignored at the start (nohup) stays so. */
static void watch_signals(struct sigaction before[SIGNALS])
{
    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction how = {.sa_handler = catch_signal};
        sigemptyset(&how.sa_mask);
        sigaction(signals[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) sigaction(signals[i], &how, NULL);
    }
}

/* Whoever started the program learns that it was the signal. */
static void unwatch_signals(const struct sigaction before[SIGNALS])
{
    for (size_t i = 0; i < SIGNALS; i++) sigaction(signals[i], &before[i], NULL);
    if (caught) raise(caught);
}

/* ---- */

static int run(drift__invocation *invocation, drift_error *err)
{
    struct sigaction before[SIGNALS];
    const drift_diff_options how = {.strict = drift__option_given(invocation, "--strict")};
    const drift_listener progress = {show_run, clear_line, NULL}, telling = {NULL, tell_run, NULL};
    drift_verify_options options = {.diff = &how, .is_stopped = is_stopped};
    outputs all = {0};
    int rc = read_options(&options, invocation, err);
    if (rc == DRIFT_OK) rc = collect_outputs(&all, invocation, err);
    if (rc == DRIFT_OK) rc = check_outputs(&all, err);
    if (rc != DRIFT_OK) return rc;
    if (invocation->verbose)
        options.listener = &telling;
    else if (drift__wants_progress(invocation))
        options.listener = &progress;
    watch_signals(before);
    rc = verify(invocation, &options, &all, err);
    /* An error in the middle gets a line of its own. */
    if (rc != DRIFT_OK && rc != DRIFT_MISMATCH && options.listener == &progress) fputs("\r\x1b[K", stderr);
    unwatch_signals(before);
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
    {.name = "--time-limit", .value = "SECONDS", .help = "that one migration may take"},
    {.name = "--strict", .help = "also column order, declared type names, constraint and index names"},
    {.name = "--setup", .value = "SQL", .help = "run on every connection before anything else"},
    {.name = "--stub-functions", .help = "stand-ins for functions and collations that SQLite does not know"},
    {.name = "--overrides", .value = "FILE", .help = "JSON: what only Dart could evaluate, as SQL"},
    {.name = "--format", .value = "FORMAT", .choices = formats, .many = true, .help = "the form of the report"},
    {.name = "--output",
     .letter = 'o',
     .value = "FILE",
     .many = true,
     .help = "where the report of the --format before it goes"},
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
        "its parts; the database opened anew at each version) they must end alike.\n\n"
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
