/* statement.h — statements of a direct connection, and the cache of those that are not in use. */
#ifndef DRIFT_RUNTIME_STATEMENT_H
#define DRIFT_RUNTIME_STATEMENT_H

#include <sqlite3.h>
#include <stdint.h>

#include "runtime/connection.h"
#include "runtime/tracker.h"

typedef enum drift__statement_state {
    DRIFT__STATEMENT_READY = 0,
    DRIFT__STATEMENT_ROW,
    DRIFT__STATEMENT_END,
    DRIFT__STATEMENT_FAILED
} drift__statement_state;

typedef struct drift__direct_statement {
    drift_statement base;
    sqlite3_stmt *handle;
    drift__statement_state state;
    drift__footprint footprint; /**< if the connection is tracked */
    uint64_t hash;              /**< of the text, which sqlite3_sql knows */
    struct drift__direct_statement *previous, *next;
} drift__direct_statement;

typedef struct drift__statement_list {
    drift__direct_statement *first, *last;
    size_t count;
} drift__statement_list;

/** Every statement is in one of the two lists. */
typedef struct drift__statements {
    drift__statement_list in_use;
    drift__statement_list idle; /**< the cache: at most 64, the last used one first */
} drift__statements;

/** Empties the cache. */
void drift__statements_forget(drift__statements *statements);

/** Finalizes and frees all statements, also those in use. */
void drift__statements_dispose(drift__statements *statements);

/* The operations of a direct connection that concern statements. */
int drift__direct_prepare(drift_statement **out, drift_connection *connection, const char *sql, drift_error *err);
void drift__direct_release(drift_statement *statement);
int drift__direct_parameter_count(const drift_statement *statement);
int drift__direct_bind(drift_statement *statement, int index, const drift_value *value, drift_error *err);
int drift__direct_step_statement(bool *row, drift_statement *statement, drift_error *err);
void drift__direct_reset(drift_statement *statement);
int drift__direct_column_count(const drift_statement *statement);
const char *drift__direct_column_name(drift_statement *statement, int column);
drift_value drift__direct_column_value(drift_statement *statement, int column);
int64_t drift__direct_column_int64(drift_statement *statement, int column);
double drift__direct_column_double(drift_statement *statement, int column);
const char *drift__direct_column_text(drift_statement *statement, int column, size_t *length);

#endif
