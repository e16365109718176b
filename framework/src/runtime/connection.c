/* connection.c — the public calls, over whatever kind of connection they are given. */
#include "runtime/connection.h"

#include "base/error.h"

struct sqlite3 *drift_connection_handle(drift_connection *connection)
{
    return connection->operations->handle(connection);
}

void drift_connection_close(drift_connection *connection)
{
    if (connection) connection->operations->close(connection);
}

void drift_connection_interrupt(drift_connection *connection)
{
    connection->operations->interrupt(connection);
}

int drift_connection_progress(drift_connection *connection, int instructions, drift_progress_fn progress, void *payload,
                              drift_error *err)
{
    return connection->operations->progress(connection, instructions, progress, payload, err);
}

int64_t drift_last_insert_rowid(drift_connection *connection)
{
    return connection->operations->last_insert_rowid(connection);
}

int64_t drift_changes(drift_connection *connection)
{
    return connection->operations->changes(connection);
}

bool drift_in_transaction(drift_connection *connection)
{
    return connection->operations->in_transaction(connection);
}

int drift_exec(drift_connection *connection, const char *sql, drift_error *err)
{
    return connection->operations->exec(connection, sql, err);
}

int drift_statement_prepare(drift_statement **out, drift_connection *connection, const char *sql, drift_error *err)
{
    *out = NULL;
    return connection->operations->prepare(out, connection, sql, err);
}

void drift_statement_free(drift_statement *statement)
{
    if (statement) statement->connection->operations->release(statement);
}

int drift_statement_bind_value(drift_statement *statement, int index, const drift_value *value, drift_error *err)
{
    return statement->connection->operations->bind(statement, index, value, err);
}

int drift_statement_bind_null(drift_statement *statement, int index, drift_error *err)
{
    return drift_statement_bind_value(statement, index, &(drift_value)DRIFT_BIND_NULL, err);
}

int drift_statement_bind_int64(drift_statement *statement, int index, int64_t value, drift_error *err)
{
    return drift_statement_bind_value(statement, index, &(drift_value)DRIFT_BIND_INT64(value), err);
}

int drift_statement_bind_double(drift_statement *statement, int index, double value, drift_error *err)
{
    return drift_statement_bind_value(statement, index, &(drift_value)DRIFT_BIND_DOUBLE(value), err);
}

int drift_statement_bind_text(drift_statement *statement, int index, const char *text, size_t length, drift_error *err)
{
    return drift_statement_bind_value(statement, index, &(drift_value)DRIFT_BIND_TEXT(text, length), err);
}

int drift_statement_bind_blob(drift_statement *statement, int index, const void *bytes, size_t length, drift_error *err)
{
    return drift_statement_bind_value(statement, index, &(drift_value)DRIFT_BIND_BLOB(bytes, length), err);
}

int drift_statement_step(bool *row, drift_statement *statement, drift_error *err)
{
    return statement->connection->operations->step(row, statement, err);
}

void drift_statement_reset(drift_statement *statement)
{
    statement->connection->operations->reset(statement);
}

int drift_statement_run(drift_statement *statement, drift_error *err)
{
    bool row = true;
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && row) rc = drift_statement_step(&row, statement, err);
    drift_statement_reset(statement);
    return rc;
}

int drift_column_count(const drift_statement *statement)
{
    return statement->connection->operations->column_count(statement);
}

const char *drift_column_name(drift_statement *statement, int column)
{
    return statement->connection->operations->column_name(statement, column);
}

drift_value drift_column_value(drift_statement *statement, int column)
{
    return statement->connection->operations->column_value(statement, column);
}

int64_t drift_column_int64(drift_statement *statement, int column)
{
    return statement->connection->operations->column_int64(statement, column);
}

double drift_column_double(drift_statement *statement, int column)
{
    return statement->connection->operations->column_double(statement, column);
}

const char *drift_column_text(drift_statement *statement, int column, size_t *length)
{
    return statement->connection->operations->column_text(statement, column, length);
}

int drift__bind_all(drift_statement *statement, const drift_value *binds, size_t bind_count, drift_error *err)
{
    const int expected = statement->connection->operations->parameter_count(statement);
    if ((size_t)expected != bind_count)
        return drift__error(err, DRIFT_MISUSE, "expected %d values for the statement's parameters, found %zu", expected,
                            bind_count);
    int rc = DRIFT_OK;
    for (int i = 0; rc == DRIFT_OK && i < expected; i++) {
        rc = drift_statement_bind_value(statement, i + 1, &binds[i], err);
    }
    return rc;
}

int drift__told(int status, drift_error *err)
{
    if (status == DRIFT_OK) return DRIFT_OK;
    const char *text = drift_status_text(status);
    return drift__error(err, status, "%s", text ? text : "a callback gave a status that does not exist");
}

static int each_row(drift_statement *statement, drift_row_fn row, void *payload, drift_error *err)
{
    bool is_row = false;
    int rc = drift_statement_step(&is_row, statement, err);
    while (rc == DRIFT_OK && is_row) {
        if (row) rc = drift__told(row(statement, payload, err), err);
        if (rc == DRIFT_OK) rc = drift_statement_step(&is_row, statement, err);
    }
    return rc;
}

int drift_query(drift_connection *connection, const char *sql, const drift_value *binds, size_t bind_count,
                drift_row_fn row, void *payload, drift_error *err)
{
    drift_statement *statement = NULL;
    int rc = drift_statement_prepare(&statement, connection, sql, err);
    if (rc == DRIFT_OK) rc = drift__bind_all(statement, binds, bind_count, err);
    if (rc == DRIFT_OK) rc = each_row(statement, row, payload, err);
    drift_statement_free(statement);
    return rc;
}

int drift_query_int64(int64_t *out, drift_connection *connection, const char *sql, const drift_value *binds,
                      size_t bind_count, drift_error *err)
{
    drift_statement *statement = NULL;
    bool row = false;
    int rc = drift_statement_prepare(&statement, connection, sql, err);
    if (rc == DRIFT_OK) rc = drift__bind_all(statement, binds, bind_count, err);
    if (rc == DRIFT_OK) rc = drift_statement_step(&row, statement, err);
    if (rc == DRIFT_OK && !row) rc = drift__error(err, DRIFT_NOT_FOUND, "expected a row, found none");
    if (rc == DRIFT_OK) *out = drift_column_int64(statement, 0);
    drift_statement_free(statement);
    return rc;
}
