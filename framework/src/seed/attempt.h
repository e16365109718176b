/* attempt.h — a row that is put to SQLite, and what its answer says. */
#ifndef DRIFT_SEED_ATTEMPT_H
#define DRIFT_SEED_ATTEMPT_H

#include "seed/graph.h"

enum { DRIFT__SEED_MOST_IMPLICATED = 64 };

/** Inserts into one table, prepared once. Zeroed at first. */
typedef struct drift__seed_attempt {
    drift_connection *connection;
    const drift__seed_table *table;
    drift_statement *statement;
    bool with_rowid; /* the last parameter is the rowid of a table that has no column for it */
    bool parents;    /* a row that leaves children of this table without a parent is refused */
    int tries;
    drift_error last; /* why the last row was refused */
    drift__seed_column *implicated[DRIFT__SEED_MOST_IMPLICATED];
    size_t implicated_count;
} drift__seed_attempt;

/** Prepares the INSERT; `attempt` has its connection, table and switches. What SQLite says against it is an error. */
int drift__seed_attempt_prepare(drift__seed_attempt *attempt, drift_error *err);
void drift__seed_attempt_dispose(drift__seed_attempt *attempt);

/**
 * Tries a row: a value for each column of the table. `rowid` may be NULL.
 * @return DRIFT_OK with *done, and if it is not done the reason in `last`; an error only where trying makes no sense
 * (no memory, an I/O error).
 */
int drift__seed_attempt_run(bool *done, drift__seed_attempt *attempt, const drift_value *const *values,
                            const drift_value *rowid, drift_error *err);

/** Runs a statement that begins or ends a savepoint. It is prepared once, which drift_exec would do every time. */
int drift__seed_control(drift_connection *connection, const char *sql, drift_error *err);

/** Why SQLite ended the transaction (DRIFT_TRANSACTION) just now: a refusal with ROLLBACK, or a machine that failed. */
int drift__seed_reason_of_end(drift_error *why, drift_connection *connection);

/** Whether a failure tells about the row that was tried, not about the machine. */
bool drift__seed_is_refusal(int status);

/** Whether the last row was refused for being there already. */
bool drift__seed_is_duplicate(const drift__seed_attempt *attempt);

/** The CHECK that a message says failed, or NULL. */
const drift__seed_check *drift__seed_failed_check(const drift__seed_table *table, const char *message);

/** Finds the columns that the last refusal speaks of; all of them if it names none. */
void drift__seed_implicate(drift__seed_attempt *attempt);

#endif
