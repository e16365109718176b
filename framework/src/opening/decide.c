/* decide.c — what the version says that is to be done. */
#include "base/error.h"
#include "opening/opening.h"

static int read_version(int *out, const drift__opening *opening, drift_error *err)
{
    int64_t version = opening->options->version_before;
    int rc = DRIFT_OK;
    if (opening->options->stamp == DRIFT_STAMP_USER_VERSION)
        rc = drift_query_int64(&version, opening->connection, "PRAGMA main.user_version", NULL, 0, err);
    *out = (int)version; /* user_version is a signed 32-bit integer */
    return rc;
}

/* Anything that is not SQLite's own; android_metadata is the system's. */
static int count_objects(int64_t *out, const drift__opening *opening, drift_error *err)
{
    return drift_query_int64(out, opening->connection,
                             "SELECT count(*) FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND "
                             "tbl_name <> 'android_metadata'",
                             NULL, 0, err);
}

static int decide_unversioned(drift__opening *opening, int64_t objects, drift_error *err)
{
    opening->action = DRIFT__ACTION_CREATE;
    if (objects == 0) return DRIFT_OK;
    opening->action = DRIFT__ACTION_DESTROY;
    if (opening->strategy->destructive) return DRIFT_OK;
    drift__error(err, DRIFT_MIGRATION,
                 "expected version 0 only of an empty database, found one with %lld object%s: which version of %s it "
                 "has cannot be told",
                 (long long)objects, objects == 1 ? "" : "s", opening->definition->name);
    drift__error_hint(err, "stamp it with the version that it has: PRAGMA user_version = N");
    return DRIFT_MIGRATION;
}

static int decide_older(drift__opening *opening, int version, drift_error *err)
{
    opening->action = opening->strategy->destructive ? DRIFT__ACTION_DESTROY : DRIFT__ACTION_UPGRADE;
    if (opening->strategy->destructive || opening->strategy->on_upgrade) return DRIFT_OK;
    drift__error(err, DRIFT_MISUSE, "the database has version %d and the code %d, but the strategy has no on_upgrade",
                 version, opening->database->target_version);
    drift__error_hint(err, "give the strategy of %s an on_upgrade callback", opening->definition->name);
    return DRIFT_MISUSE;
}

static int decide_newer(drift__opening *opening, int version, drift_error *err)
{
    opening->action = opening->strategy->destructive ? DRIFT__ACTION_DESTROY : DRIFT__ACTION_DOWNGRADE;
    if (opening->strategy->destructive || opening->strategy->on_downgrade) return DRIFT_OK;
    drift__error(err, DRIFT_NEWER, "the database has version %d, newer than version %d of the code", version,
                 opening->database->target_version);
    drift__error_hint(err, "open it with the newer release of %s", opening->definition->name);
    return DRIFT_NEWER;
}

static int decide_changed(drift__opening *opening, int version, int64_t objects, drift_error *err)
{
    if (version < 0)
        return drift__error(err, DRIFT_MIGRATION, "expected a version from 0 to 2147483647, found %d", version);
    if (version == 0) return decide_unversioned(opening, objects, err);
    return version < opening->database->target_version ? decide_older(opening, version, err)
                                                       : decide_newer(opening, version, err);
}

/* Objects count only at version 0. Without a lock another process may create the database between the two readings, so
 * where there are objects the version is read again: objects and version come by one commit, and the version never goes
 * back to 0. */
static int read_state(int *version, int64_t *objects, const drift__opening *opening, drift_error *err)
{
    int rc = read_version(version, opening, err);
    *objects = 0;
    if (rc == DRIFT_OK && *version == 0) rc = count_objects(objects, opening, err);
    if (rc == DRIFT_OK && *objects) rc = read_version(version, opening, err);
    return rc;
}

int drift__opening_decide(drift__opening *opening, drift_error *err)
{
    int version = 0;
    int64_t objects = 0;
    int rc = read_state(&version, &objects, opening, err);
    if (rc < 0) return rc;
    opening->action = DRIFT__ACTION_NOTHING;
    opening->details = (drift_opening_details){version, opening->database->target_version, false, false};
    if (version == opening->database->target_version) return DRIFT_OK;
    if ((rc = decide_changed(opening, version, objects, err)) < 0) return rc;
    opening->details.was_created = opening->action == DRIFT__ACTION_CREATE;
    opening->details.had_upgrade = opening->action != DRIFT__ACTION_CREATE;
    return DRIFT_OK;
}
