/* seed.c — drift seed SNAPSHOT OUT.db */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/place.h"
#include "cli/signals.h"
#include "cli/snapshots.h"
#include "drift/kit/seed.h"
#include "verify/world.h"

#define WORD(name, word, text) word,
static const char *const levels[] = {DRIFT_DATA_LEVEL_MAP(WORD) NULL};
#undef WORD

enum { DEFAULT_SEED = 42, MOST_ROWS = 1000000000 };

/* ---- the options ---- */

static int read_options(drift_seed_options *options, const drift__invocation *invocation, drift_error *err)
{
    const bool rows = drift__option_given(invocation, "--rows");
    *options = (drift_seed_options){.seed = DEFAULT_SEED, .orphans = drift__option_given(invocation, "--orphans")};
    options->level =
        (drift_data_level)drift__option_choice(invocation, "--data", rows ? DRIFT_DATA_MANY : DRIFT_DATA_BOUNDARY);
    int rc = drift__option_number(&options->seed, invocation, "--seed", INT64_MIN, INT64_MAX, err);
    if (rc == DRIFT_OK) rc = drift__option_number(&options->rows, invocation, "--rows", 1, MOST_ROWS, err);
    if (rc == DRIFT_OK && rows && options->level != DRIFT_DATA_MANY)
        rc = drift__error(err, DRIFT_MISUSE, "--rows is for --data many, not for --data %s",
                          drift_data_level_name(options->level));
    return rc;
}

/* ---- the report ---- */

static void put_table(drift__str *text, const drift_seeded_table *table)
{
    drift__str_put_visible(text, table->table);
    drift__str_printf(text, ": %lld row%s\n", (long long)table->rows, table->rows == 1 ? "" : "s");
    if (!table->reason) return;
    drift__str_put_visible(text, table->table);
    drift__str_puts(text, ": not filled: ");
    drift__str_put_visible(text, table->reason);
    drift__str_putc(text, '\n');
}

/* @return MISMATCH if a table was not filled. */
static int print_report(const drift_seed_report *report, const drift_seed_options *options, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    char *taken = NULL;
    int filled = DRIFT_OK;
    for (size_t i = 0; i < report->count; i++) {
        put_table(&text, &report->tables[i]);
        if (report->tables[i].reason) filled = DRIFT_MISMATCH;
    }
    drift__str_printf(&text, "%zu table%s, %lld row%s, data %s, seed %lld\n", report->count,
                      report->count == 1 ? "" : "s", (long long)report->rows, report->rows == 1 ? "" : "s",
                      drift_data_level_name(options->level), (long long)options->seed);
    const size_t length = text.length;
    int rc = drift__str_take(&taken, &text, err);
    if (rc == DRIFT_OK) rc = drift__print(taken, length, err);
    drift__free(taken);
    return rc == DRIFT_OK ? filled : rc;
}

/* ---- the database ---- */

/* Nobody else knows the file yet, and after a crash it is not the one that was asked for: no journal is needed on disk,
 * and no sync. The setup comes behind that, and may say otherwise. */
static int seed_file(drift_seed_report **report, const char *path, const drift_schema *schema,
                     const drift_seed_options *options, const drift_verify_options *world, drift_error *err)
{
    drift_connection *connection = NULL;
    int rc = drift_connection_open(&connection, path, NULL, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF", err);
    if (rc == DRIFT_OK) rc = drift__world_prepare(connection, world, err);
    if (rc == DRIFT_OK) rc = drift__world_build(connection, schema, world, err);
    if (rc == DRIFT_OK) rc = drift_seed_database(report, connection, options, err);
    drift_connection_close(connection);
    return rc;
}

/* The name of a file of its own beside the one that is wanted. */
static int name_beside(char **out, const char *path, drift_error *err)
{
    drift__str name = DRIFT__STR_INIT;
    drift__str_printf(&name, "%s.%ld.tmp", path, (long)getpid());
    return drift__str_take(out, &name, err);
}

static int create(const char *path, drift_error *err)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd >= 0 && close(fd) == 0) return DRIFT_OK;
    return drift__error_errno(err, errno, "create", path);
}

static int check_place(const char *path, drift_error *err)
{
    if (!drift__file_exists(path)) return drift__place_check_file(path, err);
    drift__error(err, DRIFT_MISUSE, "expected no file at %s, but there is one", path);
    drift__error_hint(err, "remove it, or give another name: nothing is overwritten");
    return DRIFT_MISUSE;
}

/* Under its own name only when all of it is there. */
static int seed_path(drift_seed_report **report, const char *path, const drift_schema *schema,
                     const drift_seed_options *options, const drift_verify_options *world, drift_error *err)
{
    char *temporary = NULL;
    drift__signals signals;
    int rc = check_place(path, err);
    if (rc == DRIFT_OK) rc = name_beside(&temporary, path, err);
    if (rc != DRIFT_OK) return rc;
    drift__signals_watch_file(&signals, temporary);
    rc = create(temporary, err);
    if (rc == DRIFT_OK) {
        rc = seed_file(report, temporary, schema, options, world, err);
        if (rc == DRIFT_OK && rename(temporary, path) != 0) rc = drift__error_errno(err, errno, "write", path);
        if (rc != DRIFT_OK) (void)unlink(temporary);
    }
    drift__signals_unwatch(&signals);
    drift__free(temporary);
    return rc;
}

static int run(drift__invocation *invocation, drift_error *err)
{
    const drift_verify_options world = {.stub_functions = drift__option_given(invocation, "--stub-functions"),
                                        .setup_sql = drift__option_value(invocation, "--setup")};
    drift_snapshot *snapshot = NULL;
    drift_seed_report *report = NULL;
    drift_seed_options options;
    int rc = read_options(&options, invocation, err);
    if (rc == DRIFT_OK) rc = drift__snapshot_read_whole(&snapshot, invocation->arguments[0], NULL, err);
    if (rc == DRIFT_OK) rc = seed_path(&report, invocation->arguments[1], &snapshot->schema, &options, &world, err);
    if (rc == DRIFT_OK) rc = print_report(report, &options, err);
    drift_seed_report_free(report);
    drift_snapshot_free(snapshot);
    return rc;
}

static const drift__option options[] = {
    {.name = "--data", .value = "LEVEL", .choices = levels, .help = "which rows (boundary)"},
    {.name = "--rows", .value = "N", .help = "rows in each table, for --data many (1000)"},
    {.name = "--seed", .value = "S", .help = "what the values follow from (42)"},
    {.name = "--setup", .value = "SQL", .help = "run on the connection before anything else"},
    {.name = "--stub-functions", .help = "stand in for SQL functions and collations that SQLite does not know"},
    {.name = "--orphans", .help = "also children whose parent is missing"},
    {.name = NULL},
};

const drift__command drift__command_seed = {
    .name = "seed",
    .usage = "SNAPSHOT OUT.db [--data LEVEL] [--rows N] [--seed S] […]",
    .summary = "make a database at a version, filled with rows that honour its constraints",
    .details =
        "Levels: empty; one (a valid row in every table); boundary (values at the edges of what each column\n"
        "takes); hostile (values that a column takes though nobody expected them); many (--rows rows a table).\n"
        "The same snapshot, level and seed give the same rows. The file must not exist. Exit status 1 if a table\n"
        "could not be filled: the constraint is named.",
    .options = options,
    .min_arguments = 2,
    .max_arguments = 2,
    .run = run,
};
