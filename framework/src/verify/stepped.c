/* stepped.c */
#include "verify/stepped.h"

#include <string.h>

#include "base/error.h"
#include "rebuild/setting.h"
#include "verify/apart.h"
#include "verify/routes.h"
#include "verify/world.h"

/* ---- whether it may be ---- */

/* Code of the application's own may keep what nobody sees, and what setup brings is the connection's. */
static bool options_fit(const drift_verify_options *options)
{
    return !options->independent && !options->setup && !options->setup_sql && !options->stub_functions;
}

/* Then there is one way from a version to another, and a way to a later version begins with those to all before. */
static bool ways_are_single(const drift_step_folder *steps)
{
    for (size_t i = 1; i < steps->count; i++) {
        if (steps->files[i].from == steps->files[i - 1].from) return false;
    }
    return true;
}

bool drift__steps_keep_apart(const drift_step_folder *steps, drift_runner runner)
{
    for (size_t i = 0; i < steps->count; i++) {
        const drift_step_file *step = &steps->files[i];
        if (!drift__script_keeps_apart(step->sql, step->length, runner == DRIFT_RUNNER_PLAIN)) return false;
    }
    return true;
}

/* The triggers and defaults that steps set off. */
static bool schema_fits(const drift_schema *schema)
{
    for (size_t i = 0; i < schema->entity_count; i++) {
        const char *sql = schema->entities[i].sql;
        if (!drift__script_keeps_apart(sql, strlen(sql), true)) return false;
    }
    return true;
}

static int schemas_fit(bool *out, const drift_schema_provider *schemas, drift_error *err)
{
    const int *versions = NULL;
    size_t count = 0;
    int rc = schemas->versions(&versions, &count, schemas->payload, err);
    *out = rc == DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && *out && i < count; i++) {
        const drift_schema *schema = NULL;
        drift_error why = {0};
        rc = schemas->schema(&schema, versions[i], schemas->payload, &why);
        if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
        *out = rc == DRIFT_OK && schema_fits(schema);
        rc = DRIFT_OK;
    }
    return rc;
}

int drift__stepping_fits(bool *out, const drift_migration_source *source, const drift_schema_provider *schemas,
                         const drift_verify_options *options, drift_error *err)
{
    *out = source->steps && options_fit(options) && ways_are_single(source->steps) &&
           drift__steps_keep_apart(source->steps, options->runner);
    return *out ? schemas_fit(out, schemas, err) : DRIFT_OK;
}

/* ---- the sample ---- */

static int compare_ways(drift__outcome_builder *outcome, const drift__attempt *attempt, drift_connection *original,
                        drift_connection *after, const drift_schema_provider *schemas, const int *versions,
                        size_t version_count, drift_error *err)
{
    drift__judgement judgement = {.outcome = outcome,
                                  .before = original,
                                  .after = after,
                                  .target = attempt->target,
                                  .options = attempt->options,
                                  .attempt = attempt,
                                  .schemas = schemas};
    drift__reopened reopened = {0};
    drift__fresh fresh = {0};
    const int rc = drift__compare_routes(&judgement, attempt, &reopened, &fresh, versions, version_count, err);
    drift__reopened_dispose(&reopened);
    drift__fresh_dispose(&fresh);
    return rc;
}

/* What the scripts may set, a connection starts without. */
static int starts_plain(bool *out, drift_connection *connection, drift_error *err)
{
    bool legacy = false;
    const int rc = drift__setting_get(&legacy, connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, err);
    *out = !legacy;
    return rc;
}

static int run_sample(bool *same, const drift__attempt *like, drift__outcome_builder *outcome,
                      drift_connection *original, const drift_schema_provider *schemas, const int *versions,
                      size_t version_count, drift_error *err)
{
    drift__attempt attempt = *like;
    drift_connection *after = NULL;
    bool plain = false;
    int rc = drift__world_clone(&after, original, like->options, err);
    if (rc == DRIFT_OK) rc = starts_plain(&plain, after, err);
    if (rc == DRIFT_OK) rc = drift__attempt_run(&attempt, after, err);
    *same = plain && !attempt.failed && !attempt.left_open;
    if (rc == DRIFT_OK && *same)
        rc = compare_ways(outcome, &attempt, original, after, schemas, versions, version_count, err);
    *same = *same && rc == DRIFT_OK && !drift__outcome_found(outcome);
    drift__attempt_dispose(&attempt);
    drift_connection_close(after);
    return rc;
}

int drift__stepping_sample(bool *same, const drift__attempt *attempt, drift_connection *original,
                           const drift_schema_provider *schemas, const int *versions, size_t version_count,
                           drift_error *err)
{
    drift__outcome_builder *outcome = NULL;
    drift_error why = {0};
    *same = false;
    int rc = drift__outcome_begin(&outcome, NULL, NULL, NULL, attempt->options->seed, err);
    if (rc != DRIFT_OK) return rc;
    drift__outcome_begin_run(outcome, attempt->from, attempt->to, NULL);
    rc = run_sample(same, attempt, outcome, original, schemas, versions, version_count, &why);
    drift__outcome_abandon(outcome);
    /* What cannot be read the runs by themselves will tell. */
    if (rc == DRIFT_SQL || rc == DRIFT_NOT_A_DATABASE) return DRIFT_OK;
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

/* ---- the way ---- */

bool drift__stepped_leads_to(const drift__stepped *stepped, const drift__path *path)
{
    return stepped->connection && !stepped->over && stepped->steps < path->count;
}

int drift__stepped_run(drift_connection **after, drift__attempt *attempt, drift__stepped *stepped, drift_error *err)
{
    const drift__path *whole = attempt->path;
    const drift__path rest = {whole->steps + stepped->steps, whole->count - stepped->steps};
    const int from = attempt->from;
    *after = stepped->connection;
    stepped->connection = NULL;
    attempt->foreknown.keys_hold = stepped->keys_hold;
    attempt->path = &rest;
    attempt->from = rest.steps[0]->from;
    attempt->spent_us = stepped->spent_us;
    const int rc = drift__attempt_run(attempt, *after, err);
    attempt->path = whole;
    attempt->from = from;
    return rc;
}

void drift__stepped_put(drift__stepped *stepped, drift_connection **after, const drift__attempt *attempt,
                        bool keys_hold)
{
    drift_connection_close(stepped->connection);
    stepped->connection = *after;
    stepped->steps = attempt->path->count;
    stepped->spent_us = attempt->spent_us;
    stepped->keys_hold = keys_hold;
    *after = NULL;
}

void drift__stepped_dispose(drift__stepped *stepped)
{
    drift_connection_close(stepped->connection);
    *stepped = (drift__stepped){0};
}
