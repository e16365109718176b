/* connection.h — a connection is an operations table plus state. Everything above this floor runs over the operations,
 * so that a client of an executor can stand in for a direct connection. */
#ifndef DRIFT_RUNTIME_CONNECTION_H
#define DRIFT_RUNTIME_CONNECTION_H

#include "drift/connection.h"

#define DRIFT__SAVEPOINT "drift__savepoint"

/** What begins and ends transactions, once: X(NAME, statement). */
#define DRIFT__CONTROL_MAP(X)                   \
    X(BEGIN, "BEGIN IMMEDIATE")                 \
    X(COMMIT, "COMMIT")                         \
    X(ROLLBACK, "ROLLBACK")                     \
    X(SAVEPOINT, "SAVEPOINT " DRIFT__SAVEPOINT) \
    X(RELEASE, "RELEASE " DRIFT__SAVEPOINT)     \
    X(ROLLBACK_TO, "ROLLBACK TO " DRIFT__SAVEPOINT)

typedef enum drift__control {
#define DRIFT__CONTROL_ENUM(name, sql) DRIFT__CONTROL_##name,
    DRIFT__CONTROL_MAP(DRIFT__CONTROL_ENUM)
#undef DRIFT__CONTROL_ENUM
        DRIFT__CONTROL_COUNT
} drift__control;

/** Why no statement may run, beside that none needs to. */
typedef enum drift__refusal {
    DRIFT__REFUSAL_NONE = 0,
    DRIFT__REFUSAL_ENDED, /**< drift_transaction's transaction is gone; lasts until the outermost call returns */
    DRIFT__REFUSAL_STUCK  /**< a rollback failed; lasts until the connection is closed */
} drift__refusal;

/** What drift_transaction knows of a connection's transaction; of a client's there is one for each thread. */
typedef struct drift__transaction_state {
    unsigned depth; /**< calls of drift_transaction that have not returned */
    drift__refusal refusal;
} drift__transaction_state;

/** What a kind of connection can do. Each operation has the contract of the public function that calls it. */
typedef struct drift__connection_operations {
    int (*exec)(drift_connection *connection, const char *sql, drift_error *err);
    int (*prepare)(drift_statement **out, drift_connection *connection, const char *sql, drift_error *err);
    void (*release)(drift_statement *statement);
    int (*parameter_count)(const drift_statement *statement);
    int (*bind)(drift_statement *statement, int index, const drift_value *value, drift_error *err);
    int (*step)(bool *row, drift_statement *statement, drift_error *err);
    void (*reset)(drift_statement *statement);
    int (*column_count)(const drift_statement *statement);
    const char *(*column_name)(drift_statement *statement, int column);
    drift_value (*column_value)(drift_statement *statement, int column);
    int64_t (*column_int64)(drift_statement *statement, int column);
    double (*column_double)(drift_statement *statement, int column);
    const char *(*column_text)(drift_statement *statement, int column, size_t *length);
    int (*control)(drift_connection *connection, drift__control control, drift_error *err);
    /** The calling thread's. */
    int (*state)(drift__transaction_state **out, drift_connection *connection, drift_error *err);
    int (*exclusive)(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err);
    int (*run_batch)(drift_connection *connection, const drift_batch *batch, drift_error *err);
    bool (*in_transaction)(drift_connection *connection);
    int64_t (*last_insert_rowid)(drift_connection *connection);
    int64_t (*changes)(drift_connection *connection);
    void (*interrupt)(drift_connection *connection);
    int (*progress)(drift_connection *connection, int instructions, drift_progress_fn progress, void *payload,
                    drift_error *err);
    struct sqlite3 *(*handle)(drift_connection *connection);
    void (*close)(drift_connection *connection);
} drift__connection_operations;

/** The first member of every kind of connection. */
struct drift_connection {
    const drift__connection_operations *operations;
};

/** The first member of every kind of statement. */
struct drift_statement {
    drift_connection *connection;
};

/** Binds all parameters; MISUSE if there are not as many values. */
int drift__bind_all(drift_statement *statement, const drift_value *binds, size_t bind_count, drift_error *err);

/** Why a statement was not run. */
int drift__refuse(const drift__transaction_state *state, drift_error *err);

/** The text of MISUSE for a statement that ends drift_transaction's transaction. */
#define DRIFT__ENDED_BY_STATEMENT "the statement ended a transaction that drift_transaction had begun"

/** A callback's status, told if the callback did not tell its error itself. */
int drift__told(int status, drift_error *err);

#endif
