/* migrate.c — the migration: before the transaction, inside it, after it. */
#include "base/clock.h"
#include "base/error.h"
#include "opening/opening.h"
#include "rebuild/setting.h"
#include "runtime/connection.h"
#include "runtime/pragma.h"

enum { INSTRUCTIONS = 10000 };

/* Runs a hook of the strategy, if it has one. */
static int run_hook(const drift__opening *opening, drift_open_fn hook, drift_error *err)
{
    if (!hook) return DRIFT_OK;
    return drift__told(hook(opening->database, &opening->details, opening->strategy->payload, err), err);
}

/* --- the work --- */

static int create(const drift__opening *opening, drift_error *err)
{
    if (opening->strategy->on_create)
        return drift__told(opening->strategy->on_create(opening->migrator, opening->strategy->payload, err), err);
    return drift_migrator_create_all(opening->migrator, err);
}

static int run_callback(drift__opening *opening, drift_error *err)
{
    const drift_migration_strategy *strategy = opening->strategy;
    const int from = opening->details.version_before, to = opening->details.version_now;
    int rc;
    switch (opening->action) {
    case DRIFT__ACTION_NOTHING: break;
    case DRIFT__ACTION_CREATE: return create(opening, err);
    case DRIFT__ACTION_UPGRADE:
        return drift__told(strategy->on_upgrade(opening->migrator, from, to, strategy->payload, err), err);
    case DRIFT__ACTION_DOWNGRADE:
        return drift__told(strategy->on_downgrade(opening->migrator, from, to, strategy->payload, err), err);
    case DRIFT__ACTION_DESTROY:
        if ((rc = drift__opening_destroy(opening, err)) != DRIFT_OK) return rc;
        return create(opening, err);
    }
    return DRIFT_OK;
}

/* The record of what was touched outlives the migrator in the report's memory. */
static int report_touches(drift__opening *opening, drift_error *err)
{
    const drift_migrator *migrator = opening->migrator;
    drift_touch *touched = drift__arena_copy(opening->arena, migrator->touches, migrator->touch_count, sizeof *touched);
    for (size_t i = 0; touched && i < migrator->touch_count; i++) {
        touched[i].name = drift__arena_strdup(opening->arena, touched[i].name);
        touched[i].was = drift__arena_strdup(opening->arena, touched[i].was);
    }
    if (opening->arena->failed) return drift__no_memory(err);
    opening->report.touched = touched;
    opening->report.touched_count = migrator->touch_count;
    return DRIFT_OK;
}

/* What happens under the lock. The version is read again: another process may have migrated in between. */
static int run_inside(drift_connection *connection, void *payload, drift_error *err)
{
    drift__opening *opening = payload;
    int rc = drift__opening_decide(opening, err);
    (void)connection;
    if (rc != DRIFT_OK || opening->action == DRIFT__ACTION_NOTHING) return rc;
    if ((rc = drift__opening_check_before(opening, err)) != DRIFT_OK) return rc;
    if ((rc = drift__opening_suspend_tracking(opening, err)) != DRIFT_OK) return rc;
    if ((rc = run_callback(opening, err)) != DRIFT_OK) return rc;
    if ((rc = run_hook(opening, opening->strategy->inside_transaction, err)) != DRIFT_OK) return rc;
    if ((rc = drift__opening_resume_tracking(opening, err)) != DRIFT_OK) return rc;
    if ((rc = report_touches(opening, err)) != DRIFT_OK) return rc;
    if ((rc = drift__opening_check_after(opening, err)) != DRIFT_OK) return rc;
    if (opening->options->stamp == DRIFT_STAMP_USER_VERSION)
        rc = drift_migrator_stamp(opening->migrator, opening->database->target_version, err);
    opening->ready = rc == DRIFT_OK;
    return rc;
}

/* --- progress --- */

static bool tell_progress(void *payload)
{
    drift__opening *opening = payload;
    const drift_opening_progress progress = {.from = opening->details.version_before,
                                             .to = opening->details.version_now,
                                             .step_from = opening->migrator->step_from,
                                             .step_to = opening->migrator->step_to,
                                             .instructions = ++opening->ticks * INSTRUCTIONS,
                                             .elapsed_us = drift__clock_us() - opening->began_us};
    if (!opening->cancelled)
        opening->cancelled = !opening->options->progress(&progress, opening->options->progress_payload);
    return !opening->cancelled;
}

/* Until the transaction is over nothing else is to be told, so that what is undone cannot be cancelled again. */
static int watch(drift__opening *opening, bool on, drift_error *err)
{
    if (!opening->options->progress) return DRIFT_OK;
    return drift_connection_progress(opening->connection, INSTRUCTIONS, on ? tell_progress : NULL, opening, err);
}

/* --- after the transaction --- */

static int read_again(int64_t *version, const drift__opening *opening, drift_error *err)
{
    const drift_open_options *options = opening->options;
    drift_connection_options same =
        options->connection_options ? *options->connection_options : (drift_connection_options){0};
    drift_connection *fresh = NULL;
    int rc = DRIFT_OK;
    if (options->path) {
        same.mode = DRIFT_OPEN_EXISTING;
        same.setup = NULL;
        rc = drift_connection_open(&fresh, options->path, &same, err);
    }
    if (rc == DRIFT_OK)
        rc = drift_query_int64(version, fresh ? fresh : opening->connection, "PRAGMA main.user_version", NULL, 0, err);
    drift_connection_close(fresh);
    return rc;
}

/* A COMMIT that fails may have committed: in journal modes TRUNCATE and PERSIST the sync that fails can be the one
 * behind the point of no return. */
static drift_opening_outcome outcome_of(const drift__opening *opening, int rc)
{
    drift_error ignored = {0};
    int64_t version = 0;
    if (rc == DRIFT_OK) return DRIFT_OUTCOME_NEW;
    if (!opening->ready) return DRIFT_OUTCOME_OLD;
    if (opening->options->stamp == DRIFT_STAMP_NONE || read_again(&version, opening, &ignored) < 0)
        return DRIFT_OUTCOME_UNKNOWN;
    if (version == opening->details.version_now) return DRIFT_OUTCOME_NEW;
    return version == opening->details.version_before ? DRIFT_OUTCOME_OLD : DRIFT_OUTCOME_UNKNOWN;
}

static int run_transaction(drift__opening *opening, drift_error *err)
{
    drift_error inner = {0};
    int rc = watch(opening, true, err);
    if (rc != DRIFT_OK) return rc;
    opening->began_us = drift__clock_us();
    rc = drift_transaction(opening->connection, run_inside, opening, &inner);
    opening->report.migration_us = drift__clock_us() - opening->began_us;
    if (rc != DRIFT_OK && opening->cancelled) /* whatever SQLite said when it was interrupted, this is why */
        rc = drift__error(err, DRIFT_INTERRUPTED,
                          "the migration from version %d to %d was cancelled, and was rolled back",
                          opening->details.version_before, opening->details.version_now);
    if (rc != DRIFT_OK && err && !err->code) *err = inner;
    const int unwatched = watch(opening, false, err);
    return rc != DRIFT_OK ? rc : unwatched;
}

static int raise_synchronous(const drift__opening *opening, drift_error *err)
{
    drift__journal journal;
    const int rc = drift__journal_get(&journal, opening->connection, err);
    if (rc != DRIFT_OK) return rc;
    return drift__settings_raise(&opening->settings, opening->connection, journal == DRIFT__JOURNAL_WAL, err);
}

/* Foreign keys are turned off and `synchronous` is raised before BEGIN: inside a transaction the one is ignored and the
 * other an error. What is in memory no power cut leaves anything of, nor does anybody want what passes. */
static int set_up(drift__opening *opening, drift_error *err)
{
    const bool enforced =
        opening->strategy->foreign_keys == DRIFT_FOREIGN_KEYS_IMMEDIATE && opening->action != DRIFT__ACTION_DESTROY;
    const unsigned raised = opening->in_memory || opening->foreknown.passes ? 0 : 1u << DRIFT__KEPT_SYNCHRONOUS;
    int rc = drift__settings_keep(&opening->settings, opening->connection,
                                  opening->foreknown.keeps_settings ? raised : DRIFT__KEPT_ALL, err);
    if (rc == DRIFT_OK && raised) rc = raise_synchronous(opening, err);
    if (rc == DRIFT_OK) rc = drift__setting_set(opening->connection, DRIFT__SETTING_FOREIGN_KEYS, enforced, err);
    return rc;
}

static int migrate_inside(drift__opening *opening, drift_error *err)
{
    int rc = set_up(opening, err);
    if (rc == DRIFT_OK) {
        rc = run_transaction(opening, err);
        opening->report.outcome = outcome_of(opening, rc);
    }
    const int restored = drift__settings_restore(&opening->settings, opening->connection, err);
    return rc != DRIFT_OK ? rc : restored;
}

/* DRIFT_FOREIGN_KEYS_MANUAL: the callback does it all, the stamp included. */
static int migrate_manually(drift__opening *opening, drift_error *err)
{
    int64_t version = 0;
    int rc = run_callback(opening, err);
    opening->report.outcome = rc != DRIFT_OK ? DRIFT_OUTCOME_UNKNOWN : DRIFT_OUTCOME_NEW;
    if (rc == DRIFT_OK) rc = report_touches(opening, err);
    if (rc == DRIFT_OK) rc = drift__opening_resume_tracking(opening, err);
    if (rc != DRIFT_OK || opening->options->stamp == DRIFT_STAMP_NONE) return rc;
    if (drift_in_transaction(opening->connection))
        return drift__error(err, DRIFT_MIGRATION, "expected that the migration ends the transaction that it began");
    rc = drift_query_int64(&version, opening->connection, "PRAGMA main.user_version", NULL, 0, err);
    if (rc != DRIFT_OK || version == opening->details.version_now) return rc;
    drift__error(err, DRIFT_MIGRATION, "expected that the migration stamps version %d, found %lld",
                 opening->details.version_now, (long long)version);
    drift__error_hint(err, "call drift_migrator_stamp in the migration's last transaction");
    return DRIFT_MIGRATION;
}

int drift__opening_migrate(drift__opening *opening, drift_error *err)
{
    int rc;
    if (drift_in_transaction(opening->connection))
        return drift__error(err, DRIFT_MISUSE,
                            "expected a connection without a transaction to migrate, found one inside");
    if ((rc = drift__opening_prepare(opening, err)) != DRIFT_OK) return rc;
    if ((rc = run_hook(opening, opening->strategy->before_transaction, err)) != DRIFT_OK) return rc;
    rc = opening->strategy->foreign_keys == DRIFT_FOREIGN_KEYS_MANUAL ? migrate_manually(opening, err)
                                                                      : migrate_inside(opening, err);
    if (rc != DRIFT_OK || opening->action == DRIFT__ACTION_NOTHING) return rc;
    return run_hook(opening, opening->strategy->after_commit, err);
}
