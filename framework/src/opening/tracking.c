/* tracking.c — change tracking over a migration. Its triggers name columns that the migration may drop, and would queue
 * every row that it rewrites: they are taken away first and come back last, in the migration's transaction. */
#include "base/error.h"
#include "opening/opening.h"

static int count_queued(bool *has_outbox, int64_t *queued, drift_connection *connection, drift_error *err)
{
    int64_t tables = 0;
    int rc = drift_query_int64(
        &tables, connection, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'drift_track_outbox'", NULL, 0, err);
    *has_outbox = tables != 0;
    *queued = 0;
    if (rc == DRIFT_OK && *has_outbox)
        rc = drift_query_int64(queued, connection, "SELECT count(*) FROM main.drift_track_outbox", NULL, 0, err);
    return rc;
}

int drift__opening_suspend_tracking(drift__opening *opening, drift_error *err)
{
    const bool migrates = opening->action == DRIFT__ACTION_UPGRADE || opening->action == DRIFT__ACTION_DOWNGRADE;
    if (!opening->definition->tracking || !migrates) return DRIFT_OK;
    const int rc = count_queued(&opening->has_outbox, &opening->queued, opening->connection, err);
    return rc != DRIFT_OK ? rc : drift_track_suspend(opening->connection, err);
}

static int require_queued(const drift__opening *opening, drift_error *err)
{
    bool has_outbox = false;
    int64_t queued = 0;
    const int rc = count_queued(&has_outbox, &queued, opening->connection, err);
    if (rc != DRIFT_OK || (has_outbox && queued == opening->queued)) return rc;
    return drift__error(err, DRIFT_MIGRATION,
                        "expected that the migration leaves the %lld changes in drift_track_outbox alone, found %lld",
                        (long long)opening->queued, (long long)queued);
}

int drift__opening_resume_tracking(drift__opening *opening, drift_error *err)
{
    const drift_tracking *tracking = opening->definition->tracking;
    const int rc = opening->has_outbox ? require_queued(opening, err) : DRIFT_OK;
    if (rc != DRIFT_OK || !tracking) return rc;
    return drift_track_install(opening->connection, opening->database->target_schema, tracking, err);
}
