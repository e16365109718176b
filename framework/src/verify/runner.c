/* runner.c — the three ways of running step files, a definition's own strategy, and a command. */
#include "verify/runner.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "runtime/connection.h"
#include "runtime/pragma.h"
#include "verify/command.h"
#include "verify/script.h"
#include "verify/world.h"

static const char own_transaction_hint[] = "a script with transactions of its own needs --runner plain";

/* The script has ended the transaction that it runs in, by a COMMIT or ROLLBACK of its own. */
static int still_in_transaction(drift_connection *connection, void *payload, drift_error *err)
{
    (void)payload;
    if (drift_in_transaction(connection)) return DRIFT_OK;
    drift__error(err, DRIFT_MIGRATION, "the script ended the transaction that it runs in");
    drift__error_hint(err, "%s", own_transaction_hint);
    return DRIFT_MIGRATION;
}

static bool begins_with(const char *text, const char *words)
{
    return strncmp(text, words, strlen(words)) == 0;
}

/* What SQLite says of statements that cannot run inside the runner's transaction, and we of those that end it. */
static bool wants_no_transaction(int status, const drift_error *err)
{
    static const char *const messages[] = {"cannot start a transaction within a transaction",
                                           "cannot VACUUM from within a transaction", DRIFT__ENDED_BY_STATEMENT};
    if (status == DRIFT_TRANSACTION) return true;
    for (size_t i = 0; err && i < sizeof messages / sizeof messages[0]; i++) {
        if (begins_with(err->text, messages[i])) return true;
    }
    return false;
}

static int run_step(drift__attempt *attempt, const drift_step_file *step, drift_connection *connection,
                    drift__after_statement_fn after, drift_error *err)
{
    attempt->step = step;
    int rc = drift__world_stub(connection, step->sql, step->length, attempt->options, err);
    if (rc == DRIFT_OK && attempt->audit)
        rc = drift__audit_begin(attempt->audit, step->from, step->to, step->sql, step->length, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift__script_run(connection, step->sql, step->length, step->path, after, attempt, err);
    if (rc == DRIFT_OK && attempt->audit) rc = drift__audit_end(attempt->audit, err);
    if (rc != DRIFT_OK && attempt->options->runner != DRIFT_RUNNER_PLAIN && wants_no_transaction(rc, err))
        drift__error_hint(err, "%s", own_transaction_hint);
    if (rc != DRIFT_OK) drift__world_hint(err, attempt->options);
    return rc;
}

static int stamp(const drift__attempt *attempt, drift_connection *connection, int version, drift_error *err)
{
    if (attempt->options->stamp == DRIFT_STAMP_NONE) return DRIFT_OK;
    return drift__pragma_set(connection, DRIFT__PRAGMA_USER_VERSION, version, err);
}

/* What a failed step must leave is what the steps before it committed; for the first it is the original. */
static int remember(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    drift__fingerprint_free(attempt->before);
    return drift__fingerprint_take(&attempt->before, connection, err);
}

/* ---- plain ---- */

static int run_plain(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    int rc = drift__pragma_set(connection, DRIFT__PRAGMA_FOREIGN_KEYS, 0, err);
    for (size_t i = 0; rc == DRIFT_OK && i < attempt->path->count; i++) {
        const drift_step_file *step = attempt->path->steps[i];
        rc = run_step(attempt, step, connection, NULL, err);
        if (rc == DRIFT_OK && drift_in_transaction(connection)) return DRIFT_OK; /* the caller tells it */
        if (rc == DRIFT_OK) rc = stamp(attempt, connection, step->to, err);
    }
    return rc;
}

/* ---- transaction ---- */

static int run_transaction(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    int rc = drift__pragma_set(connection, DRIFT__PRAGMA_FOREIGN_KEYS, 1, err);
    for (size_t i = 0; rc == DRIFT_OK && i < attempt->path->count; i++) {
        const drift_step_file *step = attempt->path->steps[i];
        if (i && (rc = remember(attempt, connection, err)) != DRIFT_OK) return rc;
        if ((rc = drift_exec(connection, "BEGIN", err)) != DRIFT_OK) return rc;
        rc = run_step(attempt, step, connection, still_in_transaction, err);
        if (rc == DRIFT_OK) rc = stamp(attempt, connection, step->to, err);
        if (rc == DRIFT_OK) rc = drift_exec(connection, "COMMIT", err);
        if (rc != DRIFT_OK) drift__error_source(err, step->path);
    }
    return rc;
}

/* ---- drift: through the opening that an application uses ---- */

static int upgrade_by_scripts(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    /* The attempt is told which step runs; definitions only know const payloads. */
    drift__attempt *const *attempt = payload;
    drift_connection *connection = drift_migrator_connection(migrator);
    int rc = DRIFT_OK;
    (void)from;
    (void)to;
    for (size_t i = 0; rc == DRIFT_OK && i < (*attempt)->path->count; i++) {
        const drift_step_file *step = (*attempt)->path->steps[i];
        rc = run_step(*attempt, step, connection, still_in_transaction, err);
        /* The last version is the opening's to stamp. */
        if (rc == DRIFT_OK && i + 1 < (*attempt)->path->count) rc = stamp(*attempt, connection, step->to, err);
    }
    if (rc == DRIFT_OK) (*attempt)->step = NULL; /* what fails now is no step's own statement */
    return rc;
}

static int open_database(drift__attempt *attempt, const drift_database_definition *definition,
                         drift_connection *connection, drift_error *err)
{
    drift_database *database = NULL;
    drift_open_options options = {.connection = connection,
                                  .target = {attempt->to, attempt->target},
                                  .stamp = attempt->options->stamp,
                                  .version_before = attempt->from,
                                  .report = &attempt->report};
    drift__foreknown foreknown = attempt->foreknown;
    foreknown.passes = true;
    const int rc = drift__database_open(&database, definition, &options, foreknown, err);
    drift_database_close(database);
    return rc;
}

static int run_drift(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    const drift_database_definition definition = {
        .name = "migrations",
        .schema_version = attempt->to,
        .schema = attempt->target,
        .strategy = {.on_upgrade = upgrade_by_scripts, .payload = &attempt},
    };
    return open_database(attempt, &definition, connection, err);
}

/* What a definition runs is not known before: it names tables as it goes. */
static int run_definition(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    int rc = DRIFT_OK;
    if (attempt->audit) rc = drift__audit_begin(attempt->audit, attempt->from, attempt->to, NULL, 0, err);
    if (rc == DRIFT_OK) rc = open_database(attempt, attempt->source->definition, connection, err);
    if (rc == DRIFT_OK && attempt->audit) rc = drift__audit_end(attempt->audit, err);
    return rc;
}

/* ---- */

typedef struct runner {
    int (*run)(drift__attempt *attempt, drift_connection *connection, drift_error *err);
    bool atomic;
} runner;

static runner runner_of(const drift__attempt *attempt)
{
    const drift_database_definition *definition = attempt->source->definition;
    if (attempt->source->command) return (runner){drift__command_run, false};
    if (definition) return (runner){run_definition, definition->strategy.foreign_keys != DRIFT_FOREIGN_KEYS_MANUAL};
    switch (attempt->options->runner) {
    case DRIFT_RUNNER_TRANSACTION: return (runner){run_transaction, true};
    case DRIFT_RUNNER_PLAIN: return (runner){run_plain, false};
    case DRIFT_RUNNER_DRIFT: break;
    }
    return (runner){run_drift, true};
}

/* ---- what watches it ---- */

bool drift__attempt_is_over(drift__attempt *attempt)
{
    const drift_verify_options *options = attempt->options;
    if (options->is_stopped && options->is_stopped(options->stop_payload)) attempt->stopped = true;
    if (attempt->deadline_us && drift__clock_us() >= attempt->deadline_us) attempt->timed_out = true;
    return attempt->stopped || attempt->timed_out;
}

static bool may_go_on(void *payload)
{
    return !drift__attempt_is_over(payload);
}

enum { INSTRUCTIONS = 10000 };

static bool is_watched(const drift__attempt *attempt)
{
    return attempt->deadline_us || attempt->options->is_stopped;
}

static int watch(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    const drift_verify_options *options = attempt->options;
    int rc = DRIFT_OK;
    if (options->time_limit_ms > 0)
        attempt->deadline_us = drift__clock_us() + options->time_limit_ms * 1000 - attempt->spent_us;
    if (is_watched(attempt)) rc = drift_connection_progress(connection, INSTRUCTIONS, may_go_on, attempt, err);
    if (rc == DRIFT_OK && !attempt->unaudited && !attempt->source->command)
        rc = drift__audit_new(&attempt->audit, connection, attempt->expect, options->veto, err);
    return rc;
}

static int stop_watching(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    drift__audit_release(attempt->audit);
    if (attempt->deadline_us)
        attempt->spent_us = drift__clock_us() - attempt->deadline_us + attempt->options->time_limit_ms * 1000;
    if (!is_watched(attempt)) return DRIFT_OK;
    return drift_connection_progress(connection, INSTRUCTIONS, NULL, NULL, err);
}

/* What SQLite says of a statement that was stopped is not why. The place stays. */
static void tell_why(drift__attempt *attempt, int status, const char *text)
{
    drift_error why = {0};
    drift__error_at(&why, status, attempt->why.source, attempt->why.line, attempt->why.column, attempt->why.offset,
                    "%s", text);
    attempt->why = why;
}

static void conclude(drift__attempt *attempt)
{
    char text[80];
    const char *vetoed = attempt->audit ? drift__audit_vetoed(attempt->audit) : NULL;
    if (attempt->timed_out) {
        const long long limit = attempt->options->time_limit_ms;
        const bool seconds = limit % 1000 == 0;
        snprintf(text, sizeof text, "the migration took longer than %lld %s", seconds ? limit / 1000 : limit,
                 seconds ? "s" : "ms");
        tell_why(attempt, DRIFT_INTERRUPTED, text);
    } else if (vetoed) {
        tell_why(attempt, DRIFT_MIGRATION, vetoed);
    }
}

int drift__attempt_run(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    const runner way = runner_of(attempt);
    attempt->atomic = way.atomic;
    int rc = watch(attempt, connection, err);
    if (rc != DRIFT_OK) return rc;
    rc = way.run(attempt, connection, &attempt->why);
    const int unwatched = stop_watching(attempt, connection, err);
    attempt->failed = rc != DRIFT_OK || (attempt->audit && drift__audit_vetoed(attempt->audit));
    if (drift_in_transaction(connection)) {
        attempt->left_open = !attempt->failed;
        const int undone = drift_exec(connection, "ROLLBACK", err);
        if (undone != DRIFT_OK) return undone;
    }
    if (attempt->failed) conclude(attempt);
    if (attempt->stopped) return drift__error(err, DRIFT_INTERRUPTED, "the verification was stopped");
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : unwatched;
}

void drift__attempt_dispose(drift__attempt *attempt)
{
    drift__fingerprint_free(attempt->before);
    attempt->before = NULL;
    drift__audit_free(attempt->audit);
    attempt->audit = NULL;
    drift_opening_report_dispose(&attempt->report);
}
