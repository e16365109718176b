/* main.c — the program. Process-wide settings are made here and nowhere else. */
#include <jansson.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/pool.h"
#include "drift/kit/report.h"

const drift__command *const drift__commands[] = {
    &drift__command_dump,           &drift__command_export,
    &drift__command_diff,           &drift__command_schema_generate,
    &drift__command_schema_steps,   &drift__command_make_migrations,
    &drift__command_seed,           &drift__command_check,
    &drift__command_verify,         &drift__command_report_merge,
    &drift__command_report_convert, NULL,
};

static int print_and_free(char *text, int rc, drift_error *err)
{
    if (rc == DRIFT_OK) rc = drift__print(text, strlen(text), err);
    drift__free(text);
    return rc;
}

static int print_version(drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    char *line = NULL;
    drift__str_printf(&text, "drift %s, SQLite %s\n", drift_version(), sqlite3_libversion());
    const int rc = drift__str_take(&line, &text, err);
    return print_and_free(line, rc, err);
}

static int print_overview(drift_error *err)
{
    char *text = NULL;
    const int rc = drift__help_overview(&text, err);
    return print_and_free(text, rc, err);
}

/* drift help [COMMAND], drift schema --help */
static int help(int argc, char **argv, drift_error *err)
{
    char *text = NULL;
    int used = 0;
    if (argc < 1) return print_overview(err);
    const drift__command *command = drift__command_find(argc, argv, &used);
    if (!command && !(argc == 1 && drift__is_group(argv[0]))) return drift__unknown_command(argc, argv, err);
    const int rc = command ? drift__help_command(&text, command, err) : drift__help_group(&text, argv[0], err);
    return print_and_free(text, rc, err);
}

static int run_command(const drift__command *command, int argc, char **argv, drift_error *err)
{
    drift__invocation invocation;
    int rc = drift__invocation_parse(&invocation, command, argc, argv, err);
    if (rc == DRIFT_OK && invocation.help) {
        char *text = NULL;
        rc = drift__help_command(&text, command, err);
        rc = print_and_free(text, rc, err);
    } else if (rc == DRIFT_OK) {
        rc = command->run(&invocation, err);
    }
    drift__invocation_dispose(&invocation);
    return rc;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int nothing_given(drift_error *err)
{
    drift__error(err, DRIFT_MISUSE, "expected a command");
    drift__error_hint(err, "see: drift help");
    return DRIFT_MISUSE;
}

static int dispatch(int argc, char **argv, drift_error *err)
{
    int used = 0;
    if (argc < 1) return nothing_given(err);
    if (is_help(argv[0])) return print_overview(err);
    if (strcmp(argv[0], "--version") == 0) return print_version(err);
    if (strcmp(argv[0], "help") == 0) return help(argc - 1, argv + 1, err);
    const drift__command *command = drift__command_find(argc, argv, &used);
    if (command) return run_command(command, argc - used, argv + used, err);
    if (argc > 1 && drift__is_group(argv[0]) && is_help(argv[1])) return help(1, argv, err);
    if (argv[0][0] == '-') {
        drift__error(err, DRIFT_MISUSE, "unknown option %s before a command", argv[0]);
        drift__error_hint(err, "see: drift help");
        return DRIFT_MISUSE;
    }
    return drift__unknown_command(argc, argv, err);
}

static bool is_app(const char *word)
{
    return strcmp(word, "--app") == 0 || strncmp(word, "--app=", 6) == 0;
}

/*
 * The program's own work is done by one thread, and nobody asks how much memory it uses: mutexes and counters are left
 * out, and memory comes from a pool. A library that is loaded may have threads of its own, which need both, so that the
 * words are looked at before anything else: sqlite3_config "may only be invoked prior to library initialization"
 * (https://www.sqlite.org/c3ref/config.html). A libsqlite3 that cannot leave them out goes on as it is.
 */
static void configure_sqlite(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (is_app(argv[i])) return;
    }
    (void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)drift__pool_install();
}

int main(int argc, char **argv)
{
    drift_error err = {0};
    configure_sqlite(argc, argv);
    json_set_alloc_funcs(drift__malloc, drift__free);
    /* A reader that went away and a limit on file sizes are errors of writing, told and with an exit status. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    const int rc = dispatch(argc - 1, argv + 1, &err);
    if (err.code) drift__print_error(&err);
    return drift_status_exit(rc);
}
