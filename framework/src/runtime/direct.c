/* direct.c — a connection on a SQLite handle: running statements, watching autocommit, waiting for locks. */
#include "runtime/direct.h"

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/batch.h"
#include "runtime/private_copy.h"
#include "runtime/sqlite_error.h"

drift__direct *drift__direct_of(drift_connection *connection)
{
    return (drift__direct *)connection;
}

/* A step failed. "The only way to find out whether SQLite automatically rolled back the transaction after an error is
 * to use this function" (https://www.sqlite.org/c3ref/get_autocommit.html). */
static int step_failed(drift__direct *direct, bool was_inside, drift_error *err)
{
    if (was_inside && sqlite3_get_autocommit(direct->handle)) {
        const int code = sqlite3_extended_errcode(direct->handle);
        if (direct->state.depth > 0) direct->state.refusal = DRIFT__REFUSAL_ENDED;
        /* Whoever reports what a statement did must not take that for its answer. */
        if (drift__sqlite_status(code, "") == DRIFT_NO_MEMORY) return drift__no_memory(err);
        return drift__error(err, DRIFT_TRANSACTION, "SQLite ended the transaction by itself: %s",
                            sqlite3_errmsg(direct->handle));
    }
    if (direct->busy.interrupted)
        return drift__error(err, DRIFT_INTERRUPTED, "waiting for a lock was interrupted: %s",
                            sqlite3_errmsg(direct->handle));
    return drift__sqlite_error(err, direct->handle);
}

/* A step succeeded. If it was a COMMIT or ROLLBACK inside drift_transaction, what follows must not run outside. */
static int step_ended(drift__direct *direct, bool was_inside, drift_error *err)
{
    if (!was_inside || direct->state.depth == 0 || !sqlite3_get_autocommit(direct->handle)) return DRIFT_OK;
    direct->state.refusal = DRIFT__REFUSAL_ENDED;
    return drift__error(err, DRIFT_MISUSE, DRIFT__ENDED_BY_STATEMENT);
}

int drift__direct_step(bool *row, drift__direct *direct, sqlite3_stmt *handle, drift__footprint *footprint,
                       drift_error *err)
{
    drift__tracked_run run;
    *row = false;
    if (direct->state.refusal != DRIFT__REFUSAL_NONE) return drift__refuse(&direct->state, err);
    const bool was_inside = !sqlite3_get_autocommit(direct->handle);
    drift__busy_arm(&direct->busy);
    drift__tracker_run_begin(&run, direct->tracker, handle);
    const int code = sqlite3_step(handle);
    drift__tracker_run_end(&run, direct->tracker, handle, footprint, code == SQLITE_DONE);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW) return DRIFT_OK;
    return code == SQLITE_DONE ? step_ended(direct, was_inside, err) : step_failed(direct, was_inside, err);
}

void drift__direct_reset_handle(drift__direct *direct, sqlite3_stmt *handle, drift__footprint *footprint)
{
    drift__tracked_run run;
    drift__tracker_run_begin(&run, direct->tracker, handle);
    sqlite3_reset(handle); /* repeats the error of the last step, which was told */
    drift__tracker_run_end(&run, direct->tracker, handle, footprint, false);
}

/* Runs a statement of a script to its end. What fails while running has no place of its own: the statement's beginning
 * is told. */
static int run_in_script(drift__direct *direct, sqlite3_stmt *handle, drift__footprint *footprint, const char *sql,
                         size_t start, drift_error *err)
{
    drift_error inner = {0};
    bool row = true;
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && row) rc = drift__direct_step(&row, direct, handle, footprint, &inner);
    drift__direct_reset_handle(direct, handle, footprint);
    if (rc == DRIFT_OK) return DRIFT_OK;
    drift__error_in(err, rc, NULL, sql, drift__statement_start(sql, start), "%s", inner.text);
    if (inner.hint[0]) drift__error_hint(err, "%s", inner.hint);
    return rc;
}

static int exec(drift_connection *connection, const char *sql, drift_error *err)
{
    drift__direct *direct = drift__direct_of(connection);
    drift__footprint footprint = {0};
    int rc = DRIFT_OK;
    for (size_t at = 0; rc == DRIFT_OK && sql[at];) {
        sqlite3_stmt *handle = NULL;
        const char *tail = sql;
        drift__tracker_compile_begin(direct->tracker, &footprint);
        if (sqlite3_prepare_v2(direct->handle, sql + at, -1, &handle, &tail) != SQLITE_OK)
            rc = drift__sqlite_error_in(err, direct->handle, sql, at);
        drift__tracker_compile_end(direct->tracker);
        if (handle) rc = run_in_script(direct, handle, &footprint, sql, at, err);
        sqlite3_finalize(handle);
        at = (size_t)(tail - sql);
    }
    drift__footprint_dispose(&footprint);
    return rc;
}

static const char *control_sql(drift__control control)
{
    static const char *const texts[] = {
#define CONTROL_SQL(name, sql) sql,
        DRIFT__CONTROL_MAP(CONTROL_SQL)
#undef CONTROL_SQL
    };
    return texts[control];
}

static int prepare_control(drift__direct *direct, drift__control control, drift_error *err)
{
    if (direct->controls[control]) return DRIFT_OK;
    const int code = sqlite3_prepare_v3(direct->handle, control_sql(control), -1, SQLITE_PREPARE_PERSISTENT,
                                        &direct->controls[control], NULL);
    return code == SQLITE_OK ? DRIFT_OK : drift__sqlite_error(err, direct->handle);
}

/* What ends a transaction is prepared before it begins, so that ending it needs no memory that may not be there. */
static int prepare_controls(drift__direct *direct, drift__control control, drift_error *err)
{
    int rc = prepare_control(direct, control, err);
    if (rc == DRIFT_OK && control == DRIFT__CONTROL_BEGIN &&
        (rc = prepare_control(direct, DRIFT__CONTROL_COMMIT, err)) == DRIFT_OK)
        rc = prepare_control(direct, DRIFT__CONTROL_ROLLBACK, err);
    if (rc == DRIFT_OK && control == DRIFT__CONTROL_SAVEPOINT &&
        (rc = prepare_control(direct, DRIFT__CONTROL_RELEASE, err)) == DRIFT_OK)
        rc = prepare_control(direct, DRIFT__CONTROL_ROLLBACK_TO, err);
    return rc;
}

/* What the controls do, for the tracker. */
static drift__footprint control_footprint(drift__control control)
{
    static const drift__span spans[] = {
        [DRIFT__CONTROL_BEGIN] = DRIFT__SPAN_TRANSACTION,    [DRIFT__CONTROL_COMMIT] = DRIFT__SPAN_TRANSACTION,
        [DRIFT__CONTROL_ROLLBACK] = DRIFT__SPAN_TRANSACTION, [DRIFT__CONTROL_SAVEPOINT] = DRIFT__SPAN_SAVEPOINT,
        [DRIFT__CONTROL_RELEASE] = DRIFT__SPAN_RELEASE,      [DRIFT__CONTROL_ROLLBACK_TO] = DRIFT__SPAN_ROLLBACK_TO};
    return (drift__footprint){.span = spans[control], .savepoint = drift__strdup(DRIFT__SAVEPOINT)};
}

/* COMMIT is also BUSY, without asking the busy handler, while a statement that writes has not ended ("cannot commit
 * transaction - SQL statements in progress"): no waiting helps there. */
static bool is_writing(sqlite3 *handle)
{
    for (sqlite3_stmt *at = sqlite3_next_stmt(handle, NULL); at; at = sqlite3_next_stmt(handle, at)) {
        if (sqlite3_stmt_busy(at) && !sqlite3_stmt_readonly(at)) return true;
    }
    return false;
}

static int step_tracked(drift__direct *direct, sqlite3_stmt *handle, drift__control control)
{
    if (!direct->tracker) return sqlite3_step(handle);
    drift__footprint footprint = control_footprint(control);
    drift__tracked_run run;
    drift__tracker_run_begin(&run, direct->tracker, handle);
    const int code = sqlite3_step(handle);
    drift__tracker_run_end(&run, direct->tracker, handle, &footprint, code == SQLITE_DONE);
    drift__footprint_dispose(&footprint);
    return code;
}

/* A COMMIT that is BUSY leaves the transaction open (https://www.sqlite.org/lang_transaction.html): it is retried until
 * the busy timeout has passed. With an adopted handle the timeout is 0: there its own handler has done the waiting. */
static int step_control(drift__direct *direct, drift__control control)
{
    sqlite3_stmt *handle = direct->controls[control];
    int code = SQLITE_OK;
    drift__busy_arm(&direct->busy);
    const int64_t deadline = drift__busy_deadline(&direct->busy);
    do {
        sqlite3_reset(handle);
        code = step_tracked(direct, handle, control);
    } while (control == DRIFT__CONTROL_COMMIT && (code & 0xff) == SQLITE_BUSY && !is_writing(direct->handle) &&
             drift__busy_pause(&direct->busy, deadline));
    return code;
}

static int control_failed(drift__direct *direct, drift__control control, int code, drift_error *err)
{
    if (direct->busy.interrupted)
        return drift__error(err, DRIFT_INTERRUPTED, "waiting for a lock was interrupted: %s",
                            sqlite3_errmsg(direct->handle));
    if (control == DRIFT__CONTROL_COMMIT && (code & 0xff) == SQLITE_BUSY && is_writing(direct->handle))
        return drift__error(err, DRIFT_MISUSE, "expected all writing statements to have ended before COMMIT: %s",
                            sqlite3_errmsg(direct->handle));
    return drift__sqlite_error(err, direct->handle);
}

static int run_control(drift_connection *connection, drift__control control, drift_error *err)
{
    drift__direct *direct = drift__direct_of(connection);
    int rc = prepare_controls(direct, control, err);
    if (rc != DRIFT_OK) return rc;
    const int code = step_control(direct, control);
    if (code != SQLITE_DONE) rc = control_failed(direct, control, code, err);
    sqlite3_reset(direct->controls[control]);
    return rc;
}

static int state_of(drift__transaction_state **out, drift_connection *connection, drift_error *err)
{
    (void)err;
    *out = &drift__direct_of(connection)->state;
    return DRIFT_OK;
}

static bool in_transaction(drift_connection *connection)
{
    return !sqlite3_get_autocommit(drift__direct_of(connection)->handle);
}

/* One thread at a time uses a direct connection: there is nobody to keep away. */
static int exclusive(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err)
{
    return body(connection, payload, err);
}

static int64_t last_insert_rowid(drift_connection *connection)
{
    return sqlite3_last_insert_rowid(drift__direct_of(connection)->handle);
}

static int64_t changes(drift_connection *connection)
{
    return sqlite3_changes64(drift__direct_of(connection)->handle);
}

static void interrupt(drift_connection *connection)
{
    drift__direct *direct = drift__direct_of(connection);
    drift__busy_interrupt(&direct->busy);
    sqlite3_interrupt(direct->handle);
}

/* SQLite interrupts the statement if this is not 0. */
static int ask_progress(void *payload)
{
    const drift__direct *direct = payload;
    return !direct->progress(direct->progress_payload);
}

static int set_progress(drift_connection *connection, int instructions, drift_progress_fn progress, void *payload,
                        drift_error *err)
{
    drift__direct *direct = drift__direct_of(connection);
    if (progress && instructions < 1)
        return drift__error(err, DRIFT_MISUSE, "expected at least 1 instruction, found %d", instructions);
    direct->progress = progress;
    direct->progress_payload = payload;
    sqlite3_progress_handler(direct->handle, progress ? instructions : 0, progress ? ask_progress : NULL, direct);
    return DRIFT_OK;
}

/* The progress callback is asked while waiting too: a cancellation need not wait for the deadline. */
static int on_busy(void *payload, int attempt)
{
    drift__direct *direct = payload;
    if (direct->progress && !direct->progress(direct->progress_payload)) drift__busy_interrupt(&direct->busy);
    return drift__busy_wait(&direct->busy, attempt);
}

void drift__direct_set_timeout(drift__direct *direct, int timeout_ms)
{
    direct->busy.timeout_us = (int64_t)timeout_ms * 1000;
    sqlite3_busy_handler(direct->handle, timeout_ms > 0 ? on_busy : NULL, direct);
}

static sqlite3 *handle_of(drift_connection *connection)
{
    return drift__direct_of(connection)->handle;
}

static void close_connection(drift_connection *connection)
{
    drift__direct *direct = drift__direct_of(connection);
    drift__statements_dispose(&direct->statements);
    for (int i = 0; i < DRIFT__CONTROL_COUNT; i++) sqlite3_finalize(direct->controls[i]);
    if (direct->progress) sqlite3_progress_handler(direct->handle, 0, NULL, NULL);
    drift__tracker_free(direct->tracker);
    if (direct->owned) sqlite3_close_v2(direct->handle);
    drift__private_copy_remove(direct->private_folder);
    drift__free(direct);
}

static const drift__connection_operations operations = {
    .exec = exec,
    .prepare = drift__direct_prepare,
    .release = drift__direct_release,
    .parameter_count = drift__direct_parameter_count,
    .bind = drift__direct_bind,
    .step = drift__direct_step_statement,
    .reset = drift__direct_reset,
    .column_count = drift__direct_column_count,
    .column_name = drift__direct_column_name,
    .column_value = drift__direct_column_value,
    .column_int64 = drift__direct_column_int64,
    .column_double = drift__direct_column_double,
    .column_text = drift__direct_column_text,
    .control = run_control,
    .state = state_of,
    .exclusive = exclusive,
    .run_batch = drift__batch_run_statements,
    .in_transaction = in_transaction,
    .last_insert_rowid = last_insert_rowid,
    .changes = changes,
    .interrupt = interrupt,
    .progress = set_progress,
    .handle = handle_of,
    .close = close_connection,
};

int drift__direct_new(drift__direct **out, sqlite3 *handle, bool owned, drift_error *err)
{
    drift__direct *direct = drift__calloc(1, sizeof *direct);
    if (!direct) {
        if (owned) sqlite3_close_v2(handle);
        return drift__no_memory(err);
    }
    direct->base.operations = &operations;
    direct->handle = handle;
    direct->owned = owned;
    atomic_init(&direct->busy.interrupts, 0);
    *out = direct;
    return DRIFT_OK;
}
