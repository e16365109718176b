/* jobs_child.c — a process that verifies what it is handed, portion by portion, and tells what it does. */
#include "cli/jobs_child.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/app.h"
#include "cli/jobs_channel.h"
#include "cli/signals.h"
#include "drift/kit/report.h"

typedef drift__jobs_child child;

static void tell_begun(int from, int to, const char *data, size_t number, size_t count, void *payload)
{
    const child *c = payload;
    drift__message_begun begun = {.from = from, .to = to};
    (void)number;
    (void)count;
    snprintf(begun.data, sizeof begun.data, "%s", data);
    (void)drift__channel_send(c->fd, DRIFT__MESSAGE_BEGUN, &begun, sizeof begun);
}

static void tell_ended(const drift_run *run, size_t number, size_t count, void *payload)
{
    const child *c = payload;
    (void)run;
    (void)number;
    (void)count;
    (void)drift__channel_send(c->fd, DRIFT__MESSAGE_ENDED, "", 0);
}

/* Nobody waits for what a child finds whose parent is gone. */
static bool is_stopped(void *payload)
{
    const child *c = payload;
    return drift__signals_came(NULL) || getppid() != c->parent;
}

static int run_portion(const child *c, drift__verification *v, size_t portion, drift_error *err)
{
    drift_outcome *outcome = NULL;
    char *json = NULL;
    int rc = drift__verification_run(&outcome, v, portion, err);
    if (rc == DRIFT_OK) rc = drift_reporter_named("json")->print(&json, outcome, NULL, err);
    if (rc == DRIFT_OK) (void)drift__channel_send(c->fd, DRIFT__MESSAGE_PART, json, strlen(json));
    drift_free(json);
    drift_outcome_free(outcome);
    return rc;
}

static int run_portions(const child *c, drift__verification *v, drift_error *err)
{
    drift__message_ready ready = {.runs = drift__verification_runs(v)};
    uint64_t portion = 0;
    int rc = drift__verification_divide(&ready.portions, v, c->jobs, err);
    if (rc == DRIFT_OK) (void)drift__channel_send(c->fd, DRIFT__MESSAGE_READY, &ready, sizeof ready);
    while (rc == DRIFT_OK && drift__channel_read_number(&portion, c->fd, drift__signals_came))
        rc = run_portion(c, v, (size_t)portion, err);
    return rc;
}

static int verify(child *c, drift_error *err)
{
    const drift_listener listener = {tell_begun, tell_ended, c};
    drift_verify_options options = *c->work->options;
    drift_migration_source source = c->work->source;
    drift__verification *v = NULL;
    drift__app app = {0};
    options.listener = &listener;
    options.is_stopped = is_stopped;
    options.stop_payload = c;
    int rc = c->work->app ? drift__app_open(&app, c->work->app, err) : DRIFT_OK;
    if (app.definition) source.definition = app.definition;
    if (rc == DRIFT_OK) rc = drift__verification_begin(&v, c->work->schemas, &source, &options, err);
    if (rc == DRIFT_OK) drift__verification_set_lost(v, c->lost, c->lost_count);
    if (rc == DRIFT_OK) rc = run_portions(c, v, err);
    drift__verification_free(v);
    drift__app_close(&app);
    return rc;
}

void drift__jobs_child_run(const drift__jobs_child *given)
{
    child c = *given;
    drift_error err = {0};
    drift__signals_set_final(true);
    sqlite3_randomness(0, NULL); /* random numbers of its own */
    if (verify(&c, &err) != DRIFT_OK) (void)drift__channel_send(c.fd, DRIFT__MESSAGE_ERROR, &err, sizeof err);
    exit(0);
}
