/* column.c — columns of a client's rows, converted as SQLite converts them
 * (https://www.sqlite.org/c3ref/column_blob.html). */
#include <string.h>

#include "base/error.h"
#include "executor/cursor.h"
#include "executor/job.h"
#include "runtime/value.h"

static drift__client_statement *own(const drift_statement *statement)
{
    return (drift__client_statement *)(uintptr_t)statement;
}

static const drift_rows *columns_of(const drift_statement *base)
{
    const drift__client_statement *statement = own(base);
    return statement->answer.rows ? statement->answer.rows : statement->header;
}

int drift__client_column_count(const drift_statement *statement)
{
    return drift_rows_column_count(columns_of(statement));
}

const char *drift__client_column_name(drift_statement *statement, int column)
{
    return drift_rows_column_name(columns_of(statement), column);
}

drift_value drift__client_column_value(drift_statement *base, int column)
{
    const drift__client_statement *statement = own(base);
    if (statement->state != DRIFT__CURSOR_ROW) return (drift_value){.kind = DRIFT_NULL};
    return drift_rows_value(statement->answer.rows, statement->at, column);
}

/* --- conversions that only SQLite knows --- */

typedef struct cast_job {
    drift__job job;
    const char *sql;
    const drift_value *from;
    drift_value to; /* in the arena */
    drift__arena *arena;
} cast_job;

static int keep_cast(drift_statement *row, void *payload, drift_error *err)
{
    cast_job *cast = payload;
    const drift_value value = drift_column_value(row, 0);
    cast->to = drift__value_copy(cast->arena, &value);
    return cast->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int run_cast(drift__job *job, drift_connection *connection, drift_error *err)
{
    cast_job *cast = (cast_job *)job;
    if (!connection) return drift__closed(err);
    return drift_query(connection, cast->sql, cast->from, 1, keep_cast, cast, err);
}

static const drift__job_kind cast_kind = {.run = run_cast};

/* A cast reads no table, so that it need not wait for anybody's transaction. One that fails gives NULL. */
static drift_value cast(drift_statement *base, const drift_value *value, const char *sql)
{
    cast_job job = {.job = {.kind = &cast_kind, .reads = true}, .sql = sql, .from = value};
    job.arena = &own(base)->converted;
    const int rc = drift__job_run_urgent((drift_client *)base->connection, &job.job, NULL);
    return rc == DRIFT_OK ? job.to : (drift_value){.kind = DRIFT_NULL};
}

/* "If the REAL value is too large (or too small) to be an INTEGER, the result is the nearest" one. */
static int64_t truncate_real(double real)
{
    if (real <= -9223372036854775808.0) return INT64_MIN;
    if (real >= 9223372036854775808.0) return INT64_MAX;
    return (int64_t)real;
}

int64_t drift__client_column_int64(drift_statement *statement, int column)
{
    const drift_value value = drift__client_column_value(statement, column);
    switch (value.kind) {
    case DRIFT_NULL: return 0;
    case DRIFT_INTEGER: return value.integer;
    case DRIFT_REAL: return truncate_real(value.real);
    case DRIFT_TEXT:
    case DRIFT_BLOB: break;
    }
    return cast(statement, &value, "SELECT CAST(?1 AS INTEGER)").integer;
}

double drift__client_column_double(drift_statement *statement, int column)
{
    const drift_value value = drift__client_column_value(statement, column);
    switch (value.kind) {
    case DRIFT_NULL: return 0.0;
    case DRIFT_INTEGER: return (double)value.integer;
    case DRIFT_REAL: return value.real;
    case DRIFT_TEXT:
    case DRIFT_BLOB: break;
    }
    return cast(statement, &value, "SELECT CAST(?1 AS REAL)").real;
}

const char *drift__client_column_text(drift_statement *statement, int column, size_t *length)
{
    drift_value value = drift__client_column_value(statement, column);
    if (value.kind == DRIFT_INTEGER || value.kind == DRIFT_REAL)
        value = cast(statement, &value, "SELECT CAST(?1 AS TEXT)");
    const char *text = value.kind == DRIFT_NULL ? NULL : value.bytes;
    if (length) *length = text ? value.length : 0;
    return text;
}
