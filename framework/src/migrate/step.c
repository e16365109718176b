/* step.c — from version to version. */
#include <sqlite3.h>

#include "base/error.h"
#include "migrate/migrator.h"
#include "runtime/connection.h"

/* The longest step that begins at `at` and does not pass `to`, or NULL. */
static const drift_migration_step *next_step(const drift_migration_step *steps, size_t count, int at, int to)
{
    const drift_migration_step *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const drift_migration_step *step = &steps[i];
        if (step->from != at || step->to <= at || step->to > to || !step->run) continue;
        if (!best || step->to > best->to) best = step;
    }
    return best;
}

/* A step that is declared and has nothing to run, as generated code tells a callback that is missing. */
static const drift_migration_step *empty_step(const drift_migration_step *steps, size_t count, int at, int to)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].from == at && steps[i].to > at && steps[i].to <= to && !steps[i].run) return &steps[i];
    return NULL;
}

static int no_way(const drift_migration_step *steps, size_t count, int from, int to, int at, drift_error *err)
{
    const drift_migration_step *empty = empty_step(steps, count, at, to);
    if (empty)
        return drift__error(err, DRIFT_NOT_FOUND,
                            "expected steps that lead from version %d to %d, found no callback for the step from %d "
                            "to %d",
                            from, to, empty->from, empty->to);
    return drift__error(err, DRIFT_NOT_FOUND,
                        "expected steps that lead from version %d to %d, found none that begins at %d and ends at most "
                        "at %d",
                        from, to, at, to);
}

static int require_way(const drift_migration_step *steps, size_t count, int from, int to, drift_error *err)
{
    for (int at = from; at < to;) {
        const drift_migration_step *step = next_step(steps, count, at, to);
        if (!step) return no_way(steps, count, from, to, at, err);
        at = step->to;
    }
    return DRIFT_OK;
}

static int run_step(drift_migrator *migrator, const drift_migration_step *step, drift_error *err)
{
    const drift_migrator outer = *migrator;
    char name[48];
    migrator->schema = step->schema;
    migrator->step_from = step->from;
    migrator->step_to = step->to;
    const int rc = drift__told(step->run(migrator, step->from, step->to, step->payload, err), err);
    migrator->schema = outer.schema;
    migrator->step_from = outer.step_from;
    migrator->step_to = outer.step_to;
    if (rc == DRIFT_OK) return rc;
    sqlite3_snprintf(sizeof name, name, "step %d to %d", step->from, step->to);
    drift__error_source(err, name);
    return rc;
}

int drift_migrator_run_steps(drift_migrator *migrator, const drift_migration_step *steps, size_t count, int from,
                             int to, drift_error *err)
{
    int rc;
    if (from > to) return drift__error(err, DRIFT_MISUSE, "steps lead to later versions, not from %d to %d", from, to);
    rc = require_way(steps, count, from, to, err);
    for (int at = from; rc == DRIFT_OK && at < to;) {
        const drift_migration_step *step = next_step(steps, count, at, to);
        rc = run_step(migrator, step, err);
        at = step->to;
    }
    return rc;
}
