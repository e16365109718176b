/* cursor.h — a client's statements: the client's side holds rows, the worker's side the statement. */
#ifndef DRIFT_EXECUTOR_CURSOR_H
#define DRIFT_EXECUTOR_CURSOR_H

#include "base/arena.h"
#include "executor/executor.h"

typedef enum drift__cursor_state {
    DRIFT__CURSOR_READY = 0,
    DRIFT__CURSOR_ROW,
    DRIFT__CURSOR_END,
    DRIFT__CURSOR_FAILED
} drift__cursor_state;

/** An answer of the worker to a step: a block of rows, and what comes behind it. */
typedef struct drift__answer {
    drift_rows *rows;
    bool more; /**< the statement is not at its end */
    int rc;    /**< of what came behind the rows */
    drift_error failure;
} drift__answer;

typedef struct drift__client_statement {
    drift_statement base;
    struct drift__client_statement *previous, *next; /**< of the client; lock */
    struct drift__client_statement *next_free;       /**< idle or garbage; lock */
    char *sql;
    int parameter_count;
    bool reads_only;
    drift_value *binds; /**< their bytes are the statement's own */
    drift__cursor_state state;
    drift_rows *header; /**< before the first step: the columns */
    drift__answer answer;
    size_t at;              /**< the row of the block */
    drift__arena converted; /**< texts of numbers of the current row */

    drift_statement *remote; /**< worker */
    uint64_t actor;          /**< worker: whose cursor it is */
    bool open;               /**< worker: it is in the list of cursors */
    drift__answer *ahead;    /**< worker: read because another client was about to write */
    struct drift__client_statement *previous_cursor, *next_cursor; /**< worker */
} drift__client_statement;

/* The operations of a client that concern statements. */
int drift__client_prepare(drift_statement **out, drift_connection *connection, const char *sql, drift_error *err);
void drift__client_release(drift_statement *statement);
int drift__client_parameter_count(const drift_statement *statement);
int drift__client_bind(drift_statement *statement, int index, const drift_value *value, drift_error *err);
int drift__client_step(bool *row, drift_statement *statement, drift_error *err);
void drift__client_reset(drift_statement *statement);
int drift__client_column_count(const drift_statement *statement);
const char *drift__client_column_name(drift_statement *statement, int column);
drift_value drift__client_column_value(drift_statement *statement, int column);
int64_t drift__client_column_int64(drift_statement *statement, int column);
double drift__client_column_double(drift_statement *statement, int column);
const char *drift__client_column_text(drift_statement *statement, int column, size_t *length);

/* ---- the worker's side; worker, without the lock ---- */

/** Reads the cursors of all other actors to their ends, before what they have not read may change. */
void drift__cursors_drain(drift_executor *executor, const drift__actor *except);

/** An actor's transaction is rolled back: what its cursors have not read is an error. */
void drift__cursors_fail(drift_executor *executor, uint64_t actor);

/** Worker's parts of jobs: compiles; answers a step, the first of them with binds; takes back to before the first row.
 */
int drift__cursor_compile(drift__client_statement *statement, drift_connection *connection, drift_error *err);
int drift__cursor_answer(drift__client_statement *statement, drift_executor *executor, bool first, drift_error *err);
void drift__cursor_rewind(drift__client_statement *statement, drift_executor *executor);

/** Gives back a statement's remote side. */
void drift__cursor_dispose_remote(drift_executor *executor, drift__client_statement *statement);

/** Frees the statements that were given back. */
void drift__garbage_free(drift_executor *executor);

/** Rolls back the transaction that is open, if its owner is this client's, and this actor's unless that is NULL. */
void drift__owner_roll_back(drift_executor *executor, const drift_client *client, const drift__actor *actor);

/* ---- with the lock held ---- */

/** Frees a statement's memory, whose remote side is gone. */
void drift__client_statement_free(drift__client_statement *statement);

/** Has a statement freed by the worker, or frees it if there is none any more. */
void drift__client_statement_drop(drift__client_statement *statement);

/** The connection is gone: no statement has a remote side any more. */
void drift__statements_orphan(drift_executor *executor);

#endif
