/* cursor.c — the worker's side of clients' statements.
 *
 * SQLite isolates connections, not the statements of one: "If changes occur on the same database connection after a
 * query starts running but before the query completes, then the query might return a changed row more than once, or it
 * might return a row that was previously deleted" (https://www.sqlite.org/isolation.html). So a cursor is read to its
 * end before another actor runs anything that may write.
 */
#include "executor/cursor.h"

#include "base/alloc.h"
#include "base/error.h"
#include "executor/rows.h"
#include "runtime/tracking.h"

static const drift__rows_limit block_limit = {256, (size_t)64 * 1024};

/* --- the list of cursors --- */

static void cursor_open(drift_executor *executor, drift__client_statement *statement)
{
    if (statement->open) return;
    statement->open = true;
    statement->previous_cursor = NULL;
    statement->next_cursor = executor->cursors;
    if (executor->cursors) executor->cursors->previous_cursor = statement;
    executor->cursors = statement;
}

static void cursor_close(drift_executor *executor, drift__client_statement *statement)
{
    if (!statement->open) return;
    statement->open = false;
    if (statement->previous_cursor)
        statement->previous_cursor->next_cursor = statement->next_cursor;
    else
        executor->cursors = statement->next_cursor;
    if (statement->next_cursor) statement->next_cursor->previous_cursor = statement->previous_cursor;
    drift_statement_reset(statement->remote);
}

static void drop_ahead(drift__client_statement *statement)
{
    if (statement->ahead) drift_rows_free(statement->ahead->rows);
    drift__free(statement->ahead);
    statement->ahead = NULL;
}

/* --- reading --- */

static void read_block(drift__answer *answer, drift_statement *remote, drift__rows_limit limit)
{
    *answer = (drift__answer){0};
    answer->rc = drift__rows_read(&answer->rows, &answer->more, remote, limit, &answer->failure);
}

int drift__cursor_answer(drift__client_statement *statement, drift_executor *executor, bool first, drift_error *err)
{
    drift__answer *answer = &statement->answer;
    *answer = (drift__answer){0};
    if (!statement->remote) return drift__closed(err);
    if (first) drift__cursor_rewind(statement, executor);
    if (!first && statement->ahead) {
        *answer = *statement->ahead;
        drift__free(statement->ahead);
        statement->ahead = NULL;
        return DRIFT_OK;
    }
    int rc = DRIFT_OK;
    for (int i = 0; rc == DRIFT_OK && first && i < statement->parameter_count; i++)
        rc = drift_statement_bind_value(statement->remote, i + 1, &statement->binds[i], err);
    if (rc != DRIFT_OK) return rc;
    read_block(answer, statement->remote, statement->reads_only ? block_limit : DRIFT__ROWS_ALL);
    if (answer->more)
        cursor_open(executor, statement);
    else if (statement->open)
        cursor_close(executor, statement);
    else
        drift_statement_reset(statement->remote);
    return DRIFT_OK;
}

void drift__cursor_rewind(drift__client_statement *statement, drift_executor *executor)
{
    drop_ahead(statement);
    if (statement->open)
        cursor_close(executor, statement);
    else if (statement->remote)
        drift_statement_reset(statement->remote);
}

int drift__cursor_compile(drift__client_statement *statement, drift_connection *connection, drift_error *err)
{
    int rc = drift_statement_prepare(&statement->remote, connection, statement->sql, err);
    if (rc == DRIFT_OK) rc = drift__rows_header(&statement->header, statement->remote, err);
    if (rc != DRIFT_OK) return rc;
    statement->parameter_count = connection->operations->parameter_count(statement->remote);
    statement->reads_only = drift__tracked_reads_only(statement->remote);
    return DRIFT_OK;
}

/* --- before others write --- */

static void drain(drift_executor *executor, drift__client_statement *statement)
{
    statement->ahead = drift__malloc(sizeof *statement->ahead);
    if (statement->ahead) read_block(statement->ahead, statement->remote, DRIFT__ROWS_ALL);
    cursor_close(executor, statement);
}

void drift__cursors_drain(drift_executor *executor, const drift__actor *except)
{
    executor->draining = true;
    for (drift__client_statement *at = executor->cursors, *next; at; at = next) {
        next = at->next_cursor;
        if (!except || at->actor != except->id) drain(executor, at);
    }
    executor->draining = false;
}

void drift__cursors_fail(drift_executor *executor, uint64_t actor)
{
    for (drift__client_statement *at = executor->cursors, *next; at; at = next) {
        next = at->next_cursor;
        if (at->actor != actor) continue;
        at->ahead = drift__calloc(1, sizeof *at->ahead);
        if (at->ahead)
            at->ahead->rc = drift__error(&at->ahead->failure, DRIFT_TRANSACTION,
                                         "the transaction of the query was rolled back before its last row");
        cursor_close(executor, at);
    }
}

/* --- giving back --- */

void drift__cursor_dispose_remote(drift_executor *executor, drift__client_statement *statement)
{
    drift_statement *remote = statement->remote;
    if (statement->open) cursor_close(executor, statement);
    drift__lock(executor);
    statement->remote = NULL;
    drift__unlock(executor);
    drift_statement_free(remote);
}

void drift__garbage_free(drift_executor *executor)
{
    drift__lock(executor);
    drift__client_statement *garbage = executor->garbage;
    executor->garbage = NULL;
    drift__unlock(executor);
    while (garbage) {
        drift__client_statement *statement = garbage;
        garbage = statement->next_free;
        if (statement->remote) drift__cursor_dispose_remote(executor, statement);
        drift__client_statement_free(statement);
    }
}

static void orphan(drift__client_statement *statement)
{
    statement->remote = NULL;
    statement->open = false;
}

void drift__statements_orphan(drift_executor *executor)
{
    executor->cursors = NULL;
    for (drift__client_statement *at = executor->garbage; at; at = at->next_free) orphan(at);
    for (drift_client *client = executor->clients; client; client = client->next) {
        for (drift__client_statement *at = client->statements; at; at = at->next) orphan(at);
    }
}

void drift__client_statement_free(drift__client_statement *statement)
{
    for (int i = 0; statement->binds && i < statement->parameter_count; i++)
        drift__free((void *)(uintptr_t)statement->binds[i].bytes);
    drop_ahead(statement);
    drift_rows_free(statement->answer.rows);
    drift_rows_free(statement->header);
    drift__arena_dispose(&statement->converted);
    drift__free(statement->binds);
    drift__free(statement->sql);
    drift__free(statement);
}

void drift__client_statement_drop(drift__client_statement *statement)
{
    drift_executor *executor = ((drift_client *)statement->base.connection)->executor;
    if (executor->worker_ended) {
        drift__client_statement_free(statement);
        return;
    }
    statement->next_free = executor->garbage;
    executor->garbage = statement;
}
