/* sync.c — the worker: lease, deliver, write down the answer, until nothing is due. */
#include "base/error.h"
#include "runtime/connection.h"
#include "track/batch.h"

typedef struct sync_run {
    drift_connection *connection;
    drift_deliver_fn deliver;
    void *payload;
    const drift_sync_options *options;
    drift_sync_report report;
    /* the change whose answer is written down */
    const drift_outbox_change *change;
    const drift_delivery *delivery;
} sync_run;

static int64_t now(const sync_run *run)
{
    return run->options->now ? run->options->now(run->payload) : drift_outbox_now();
}

/* --- the answer --- */

static int write_outcome(const sync_run *run, drift_error *err)
{
    const drift_delivery *d = run->delivery;
    switch (d->outcome) {
    case DRIFT_DELIVERED:
        return drift_outbox_acknowledge(run->connection, run->change, &d->revision, run->options->tracking, err);
    case DRIFT_DELIVER_LATER:
        return drift_outbox_retry(run->connection, run->change, d->why, d->not_before, &run->options->outbox, now(run),
                                  err);
    case DRIFT_NEVER_DELIVER: return drift_outbox_reject(run->connection, run->change, d->why, err);
    }
    return drift__error(err, DRIFT_MISUSE, "expected an outcome of a delivery, found %d", (int)d->outcome);
}

static int write_answer(drift_connection *connection, void *payload, drift_error *err)
{
    const sync_run *run = payload;
    int rc = write_outcome(run, err);
    if (rc != DRIFT_OK || !run->options->answered) return rc;
    return drift__told(run->options->answered(connection, run->change, run->delivery, run->payload, err), err);
}

static int count_answer(sync_run *run, drift_error *err)
{
    drift_outbox_options settings;
    const int rc = drift__outbox_settings(&settings, &run->options->outbox, err);
    const bool last = run->change->attempts >= settings.max_attempts;
    if (run->delivery->outcome == DRIFT_DELIVERED)
        run->report.delivered++;
    else if (run->delivery->outcome == DRIFT_NEVER_DELIVER || last)
        run->report.dead++;
    else
        run->report.later++;
    return rc;
}

static int take_answer(sync_run *run, drift_delivery *delivery, drift_error *err)
{
    int rc = drift__told(run->deliver(delivery, run->change, run->payload, err), err);
    if (rc != DRIFT_OK) return rc;
    delivery->why[sizeof delivery->why - 1] = '\0';
    if ((rc = drift_transaction(run->connection, write_answer, run, err)) != DRIFT_OK) return rc;
    return count_answer(run, err);
}

static int deliver_one(sync_run *run, const drift_outbox_change *change, drift_error *err)
{
    drift_delivery delivery = {DRIFT_DELIVERED, DRIFT_BIND_NULL, 0, ""};
    run->change = change;
    run->delivery = &delivery;
    const int rc = take_answer(run, &delivery, err);
    run->delivery = NULL;
    run->change = NULL;
    return rc;
}

/* --- the run --- */

/* What a run that ends early has leased is due again at once. */
static void release_from(const sync_run *run, const drift_outbox_batch *batch, size_t from)
{
    for (size_t i = from; i < batch->count; i++)
        if (drift_outbox_release(run->connection, &batch->changes[i], NULL) != DRIFT_OK) return; /* the lease expires */
}

static int deliver_batch(sync_run *run, const drift_outbox_batch *batch, drift_error *err)
{
    int rc = DRIFT_OK;
    size_t i = 0;
    for (; i < batch->count; i++)
        if ((rc = deliver_one(run, &batch->changes[i], err)) != DRIFT_OK) break;
    release_from(run, batch, i);
    return rc;
}

static int run_all(sync_run *run, drift_error *err)
{
    for (;;) {
        drift_outbox_batch *batch = NULL;
        int rc = drift_outbox_lease(&batch, run->connection, &run->options->outbox, now(run), err);
        if (rc != DRIFT_OK) return rc;
        const bool done = batch->count == 0;
        rc = deliver_batch(run, batch, err);
        drift_outbox_batch_free(batch);
        if (rc != DRIFT_OK || done) return rc;
    }
}

int drift_sync_run(drift_connection *connection, drift_deliver_fn deliver, void *payload,
                   const drift_sync_options *options, drift_sync_report *report, drift_error *err)
{
    static const drift_sync_options normal;
    sync_run run = {.connection = connection, .deliver = deliver, .payload = payload};
    run.options = options ? options : &normal;
    int rc = drift_in_transaction(connection)
                 ? drift__error(err, DRIFT_MISUSE,
                                "expected a connection without a transaction to deliver, found one "
                                "inside: the peer would be waited for with the database locked")
                 : run_all(&run, err);
    if (report) *report = run.report;
    return rc;
}
