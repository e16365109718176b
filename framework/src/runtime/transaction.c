/* transaction.c — transactions and savepoints: exactly one of commit and rollback. */
#include "base/error.h"
#include "runtime/connection.h"

static int run(drift_connection *connection, drift__control control, drift_error *err)
{
    return connection->operations->control(connection, control, err);
}

/* A savepoint that cannot be rolled back takes the whole transaction with it; a transaction that cannot be rolled back
 * leaves the connection unusable. Either way nothing is used on that should have been undone. */
static void undo_all(drift_connection *connection, drift__transaction_state *state)
{
    const bool undone = run(connection, DRIFT__CONTROL_ROLLBACK, NULL) == DRIFT_OK || !drift_in_transaction(connection);
    state->refusal = undone ? DRIFT__REFUSAL_ENDED : DRIFT__REFUSAL_STUCK;
}

/* "The ROLLBACK TO command does not cancel the transaction" and keeps the savepoint on the stack: RELEASE takes it off
 * (https://www.sqlite.org/lang_savepoint.html). */
static void undo_savepoint(drift_connection *connection, drift__transaction_state *state)
{
    if (run(connection, DRIFT__CONTROL_ROLLBACK_TO, NULL) != DRIFT_OK ||
        run(connection, DRIFT__CONTROL_RELEASE, NULL) != DRIFT_OK)
        undo_all(connection, state);
}

static void undo(drift_connection *connection, drift__transaction_state *state, bool outer)
{
    if (!drift_in_transaction(connection)) return; /* SQLite has rolled it back, as after a failed COMMIT */
    if (outer)
        undo_all(connection, state);
    else
        undo_savepoint(connection, state);
}

/* Ends what drift_transaction began, by what the body gave. */
static int finish(drift_connection *connection, drift__transaction_state *state, bool outer, int rc, drift_error *err)
{
    if (state->refusal != DRIFT__REFUSAL_NONE) {
        if (rc != DRIFT_OK) return rc;
        return drift__error(err, DRIFT_TRANSACTION, "the transaction was ended before its work was done");
    }
    if (rc == DRIFT_OK) rc = run(connection, outer ? DRIFT__CONTROL_COMMIT : DRIFT__CONTROL_RELEASE, err);
    if (rc != DRIFT_OK) undo(connection, state, outer);
    return rc;
}

int drift__refuse(const drift__transaction_state *state, drift_error *err)
{
    if (state->refusal == DRIFT__REFUSAL_STUCK)
        return drift__error(err, DRIFT_TRANSACTION,
                            "the statement was not run: a rollback failed, so the connection must be closed");
    return drift__error(err, DRIFT_TRANSACTION,
                        "the statement was not run: the transaction that it belongs to was ended before it");
}

static int begin(drift__transaction_state **state, bool *outer, drift_connection *connection, drift_error *err)
{
    const int rc = connection->operations->state(state, connection, err);
    if (rc != DRIFT_OK) return rc;
    if ((*state)->refusal != DRIFT__REFUSAL_NONE)
        return drift__error(err, DRIFT_TRANSACTION,
                            "the transaction was not begun: the one around it was ended before it");
    *outer = !drift_in_transaction(connection);
    return run(connection, *outer ? DRIFT__CONTROL_BEGIN : DRIFT__CONTROL_SAVEPOINT, err);
}

int drift_transaction(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err)
{
    drift__transaction_state *state = NULL;
    bool outer = false;
    int rc = begin(&state, &outer, connection, err);
    if (rc != DRIFT_OK) return rc;
    state->depth++;
    rc = finish(connection, state, outer, drift__told(body(connection, payload, err), err), err);
    if (--state->depth == 0 && state->refusal == DRIFT__REFUSAL_ENDED) state->refusal = DRIFT__REFUSAL_NONE;
    return rc;
}

int drift_exclusive(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err)
{
    if (drift_in_transaction(connection))
        return drift__error(err, DRIFT_MISUSE, "expected a connection without a transaction, found one inside");
    return drift__told(connection->operations->exclusive(connection, body, payload, err), err);
}
