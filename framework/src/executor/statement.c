/* statement.c — the client's side of its statements: binds are kept until the first step, rows come in blocks, and a
 * statement that was given back waits in the client's cache with its remote side, so that using it again costs one hop.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "executor/cursor.h"
#include "executor/job.h"

enum { IDLE_LIMIT = 16 };

static drift__client_statement *own(const drift_statement *statement)
{
    return (drift__client_statement *)(uintptr_t)statement;
}

static drift_client *client_of(const drift_statement *statement)
{
    return (drift_client *)statement->connection;
}

typedef struct statement_job {
    drift__job job;
    drift__client_statement *statement;
    bool first;
} statement_job;

/* --- making --- */

static int run_compile(drift__job *job, drift_connection *connection, drift_error *err)
{
    return drift__cursor_compile(((statement_job *)job)->statement, connection, err);
}

static const drift__job_kind compile_kind = {.run = run_compile};

static drift__client_statement *take_idle(drift_client *client, const char *sql)
{
    drift__client_statement **at = &client->idle;
    drift__lock(client->executor);
    while (*at && strcmp((*at)->sql, sql) != 0) at = &(*at)->next_free;
    drift__client_statement *found = *at;
    if (found) {
        *at = found->next_free;
        client->idle_count--;
    }
    drift__unlock(client->executor);
    return found;
}

static void link_statement(drift_client *client, drift__client_statement *statement)
{
    statement->previous = NULL;
    statement->next = client->statements;
    if (client->statements) client->statements->previous = statement;
    client->statements = statement;
}

static void unlink_statement(drift_client *client, drift__client_statement *statement)
{
    if (statement->previous)
        statement->previous->next = statement->next;
    else
        client->statements = statement->next;
    if (statement->next) statement->next->previous = statement->previous;
}

static void drop(drift__client_statement *statement)
{
    drift_client *client = client_of(&statement->base);
    unlink_statement(client, statement);
    drift__client_statement_drop(statement);
}

static int compile(drift__client_statement *statement, drift_error *err)
{
    statement_job job = {.job = {.kind = &compile_kind, .reads = true}, .statement = statement};
    int rc = drift__job_run(client_of(&statement->base), &job.job, err);
    if (rc != DRIFT_OK) return rc;
    statement->binds = drift__calloc((size_t)statement->parameter_count, sizeof *statement->binds);
    return statement->binds ? DRIFT_OK : drift__no_memory(err);
}

static int create(drift__client_statement **out, drift_client *client, const char *sql, drift_error *err)
{
    drift__client_statement *statement = drift__calloc(1, sizeof *statement);
    if (!statement) return drift__no_memory(err);
    statement->base.connection = &client->base;
    statement->sql = drift__strdup(sql);
    drift__lock(client->executor);
    link_statement(client, statement);
    drift__unlock(client->executor);
    const int rc = statement->sql ? compile(statement, err) : drift__no_memory(err);
    if (rc == DRIFT_OK) {
        *out = statement;
    } else {
        drift__lock(client->executor);
        drop(statement);
        drift__unlock(client->executor);
    }
    return rc;
}

int drift__client_prepare(drift_statement **out, drift_connection *connection, const char *sql, drift_error *err)
{
    drift_client *client = (drift_client *)connection;
    int rc = drift__refuse_forked(client->executor, err);
    if (rc != DRIFT_OK) return rc;
    drift__client_statement *statement = take_idle(client, sql);
    rc = statement ? DRIFT_OK : create(&statement, client, sql, err);
    if (rc == DRIFT_OK) *out = &statement->base;
    return rc;
}

/* --- binding --- */

int drift__client_parameter_count(const drift_statement *statement)
{
    return own(statement)->parameter_count;
}

static void unbind(drift_value *bind)
{
    drift__free((void *)(uintptr_t)bind->bytes);
    *bind = (drift_value){.kind = DRIFT_NULL};
}

int drift__client_bind(drift_statement *base, int index, const drift_value *value, drift_error *err)
{
    drift__client_statement *statement = own(base);
    drift_value copy = *value;
    if (index < 1 || index > statement->parameter_count)
        return drift__error(err, DRIFT_MISUSE, "expected a parameter from 1 to %d, found %d",
                            statement->parameter_count, index);
    if (statement->state != DRIFT__CURSOR_READY)
        return drift__error(err, DRIFT_MISUSE, "expected a statement that was reset, found one that is running");
    const bool has_bytes = value->kind == DRIFT_TEXT || value->kind == DRIFT_BLOB;
    if (has_bytes && !value->bytes && value->length > 0)
        return drift__error(err, DRIFT_MISUSE, "expected %zu bytes for parameter %d, found NULL", value->length, index);
    copy.bytes = NULL;
    if (has_bytes && value->length > 0) {
        copy.bytes = drift__strndup(value->bytes, value->length);
        if (!copy.bytes) return drift__no_memory(err);
    }
    unbind(&statement->binds[index - 1]);
    statement->binds[index - 1] = copy;
    return DRIFT_OK;
}

/* --- stepping --- */

static int run_step(drift__job *job, drift_connection *connection, drift_error *err)
{
    statement_job *own_job = (statement_job *)job;
    (void)connection;
    own_job->statement->actor = job->actor->id;
    return drift__cursor_answer(own_job->statement, job->client->executor, own_job->first, err);
}

static const drift__job_kind step_kind = {.run = run_step};

static void forget_answer(drift__client_statement *statement)
{
    drift_rows_free(statement->answer.rows);
    statement->answer = (drift__answer){0};
    statement->at = 0;
}

static int fail(drift__client_statement *statement, int rc, drift_error *err)
{
    statement->state = DRIFT__CURSOR_FAILED;
    return statement->answer.rc ? drift__error_copy(err, &statement->answer.failure) : rc;
}

/* What follows a block that is used up, when the worker has nothing more. */
static int finish(drift__client_statement *statement, drift_error *err)
{
    if (statement->answer.rc != DRIFT_OK) return fail(statement, statement->answer.rc, err);
    statement->state = DRIFT__CURSOR_END;
    return DRIFT_OK;
}

static int ask(bool *row, drift__client_statement *statement, drift_error *err)
{
    drift_client *client = client_of(&statement->base);
    statement_job job = {.job = {.kind = &step_kind, .reads = statement->reads_only},
                         .statement = statement,
                         .first = statement->state == DRIFT__CURSOR_READY};
    forget_answer(statement);
    const int rc = drift__job_run(client, &job.job, err);
    if (rc != DRIFT_OK) return fail(statement, rc, err);
    *row = drift_rows_count(statement->answer.rows) > 0;
    if (!*row) return finish(statement, err);
    statement->state = DRIFT__CURSOR_ROW;
    return DRIFT_OK;
}

int drift__client_step(bool *row, drift_statement *base, drift_error *err)
{
    drift__client_statement *statement = own(base);
    *row = false;
    drift__arena_dispose(&statement->converted);
    if (statement->state == DRIFT__CURSOR_END) return DRIFT_OK;
    if (statement->state == DRIFT__CURSOR_FAILED)
        return drift__error(err, DRIFT_MISUSE, "expected a statement that was reset, found one that has failed");
    if (statement->state == DRIFT__CURSOR_ROW && statement->at + 1 < drift_rows_count(statement->answer.rows)) {
        statement->at++;
        *row = true;
        return DRIFT_OK;
    }
    if (statement->state == DRIFT__CURSOR_ROW && !statement->answer.more) return finish(statement, err);
    return ask(row, statement, err);
}

/* --- taking back --- */

static int run_rewind(drift__job *job, drift_connection *connection, drift_error *err)
{
    (void)connection, (void)err;
    drift__cursor_rewind(((statement_job *)job)->statement, job->client->executor);
    return DRIFT_OK;
}

static const drift__job_kind rewind_kind = {.run = run_rewind};

/* The worker is asked only if it has more rows: else its side is at the beginning again. */
void drift__client_reset(drift_statement *base)
{
    drift__client_statement *statement = own(base);
    if (statement->answer.more) {
        statement_job job = {.job = {.kind = &rewind_kind, .reads = true}, .statement = statement};
        drift__job_run_urgent(client_of(base), &job.job, NULL);
    }
    forget_answer(statement);
    drift__arena_dispose(&statement->converted);
    statement->state = DRIFT__CURSOR_READY;
}

static void keep_idle(drift_client *client, drift__client_statement *statement)
{
    statement->next_free = client->idle;
    client->idle = statement;
    if (++client->idle_count <= IDLE_LIMIT) return;
    drift__client_statement **last = &client->idle;
    while ((*last)->next_free) last = &(*last)->next_free;
    statement = *last;
    *last = NULL;
    client->idle_count--;
    drop(statement);
}

void drift__client_release(drift_statement *base)
{
    drift__client_statement *statement = own(base);
    drift_client *client = client_of(base);
    if (drift__is_forked(client->executor)) return;
    drift__client_reset(base);
    for (int i = 0; i < statement->parameter_count; i++) unbind(&statement->binds[i]);
    drift__lock(client->executor);
    if (client->closed || client->executor->worker_ended)
        drop(statement);
    else
        keep_idle(client, statement);
    drift__unlock(client->executor);
}
