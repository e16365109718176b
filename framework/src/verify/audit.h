/* audit.h — the collateral audit: rows that a step changes in tables that it does not name.
 *
 * While a step runs, SQLite's authorizer tells which tables a statement writes, those that triggers and foreign keys
 * write included (https://www.sqlite.org/c3ref/set_authorizer.html), and its trace tells when the statement begins to
 * run (https://www.sqlite.org/c3ref/trace_v2.html), whoever runs it and by whatever interface. A table that the step
 * does not name is digested before the first statement that may write it, and again when the step has ended: only what
 * really changed is told, and a table that nothing writes costs nothing.
 */
#ifndef DRIFT_VERIFY_AUDIT_H
#define DRIFT_VERIFY_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"

struct drift__expect; /* verify/expect.h */

typedef struct drift__audit drift__audit;

/** A table whose rows a step changed though it does not name it. */
typedef struct drift__collateral {
    const char *table;
    int from, to;          /* the step */
    const char *statement; /* that did it, on one line, cut */
    const char *trigger;   /* through which; NULL: through a foreign key */
    int64_t rows_before, rows_after;
} drift__collateral;

/**
 * Watches a connection, whose authorizer and trace it takes. drift__audit_release gives them up.
 * @param expect whose TOUCHES are allowed; may be NULL.
 * @param veto a statement that may write a table that its step does not name does not run.
 */
int drift__audit_new(drift__audit **out, drift_connection *connection, struct drift__expect *expect, bool veto,
                     drift_error *err);

/**
 * A step begins. It names the tables that stand in `sql`, outside of the bodies of triggers; with NULL those that stand
 * in the writing statements that run until it ends.
 */
int drift__audit_begin(drift__audit *audit, int from, int to, const char *sql, size_t length, drift_error *err);

/** The step has ended well: what it changed is found now. */
int drift__audit_end(drift__audit *audit, drift_error *err);

/** Why a statement was refused, or NULL. */
const char *drift__audit_vetoed(const drift__audit *audit);

/** What was found. Borrowed. */
const drift__collateral *drift__audit_found(const drift__audit *audit, size_t *count);

/** Leaves the connection alone; what was found stays. Accepts NULL. */
void drift__audit_release(drift__audit *audit);

void drift__audit_free(drift__audit *audit); /* accepts NULL */

#endif
