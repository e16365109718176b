/* runner.c — the three ways of running step files, and a definition's own strategy. */
#include "verify/runner.h"

#include "base/error.h"
#include "runtime/pragma.h"
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

static bool begins_transaction(const drift_error *err)
{
    static const char message[] = "cannot start a transaction within a transaction";
    for (const char *at = err->text, *m = message; *at == *m; at++, m++) {
        if (!m[1]) return true;
    }
    return false;
}

static int run_step(drift__attempt *attempt, const drift_step_file *step, drift_connection *connection,
                    drift__after_statement_fn after, drift_error *err)
{
    attempt->step = step;
    int rc = drift__world_stub(connection, step->sql, step->length, attempt->options, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift__script_run(connection, step->sql, step->length, step->path, after, attempt, err);
    if (rc == DRIFT_TRANSACTION || (rc != DRIFT_OK && err && begins_transaction(err)))
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
        if (rc == DRIFT_OK) rc = stamp(*attempt, connection, step->to, err);
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
    const int rc = drift_database_open(&database, definition, &options, err);
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

static int run_definition(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    return open_database(attempt, attempt->source->definition, connection, err);
}

/* ---- */

typedef struct runner {
    int (*run)(drift__attempt *attempt, drift_connection *connection, drift_error *err);
    bool atomic;
} runner;

static runner runner_of(const drift__attempt *attempt)
{
    const drift_database_definition *definition = attempt->source->definition;
    if (definition) return (runner){run_definition, definition->strategy.foreign_keys != DRIFT_FOREIGN_KEYS_MANUAL};
    switch (attempt->options->runner) {
    case DRIFT_RUNNER_TRANSACTION: return (runner){run_transaction, true};
    case DRIFT_RUNNER_PLAIN: return (runner){run_plain, false};
    case DRIFT_RUNNER_DRIFT: break;
    }
    return (runner){run_drift, true};
}

int drift__attempt_run(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    const runner way = runner_of(attempt);
    attempt->atomic = way.atomic;
    const int rc = way.run(attempt, connection, &attempt->why);
    attempt->failed = rc != DRIFT_OK;
    if (drift_in_transaction(connection)) {
        attempt->left_open = !attempt->failed;
        const int undone = drift_exec(connection, "ROLLBACK", err);
        if (undone != DRIFT_OK) return undone;
    }
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

void drift__attempt_dispose(drift__attempt *attempt)
{
    drift__fingerprint_free(attempt->before);
    attempt->before = NULL;
    drift_opening_report_dispose(&attempt->report);
}
