/* routes.h — other ways to the same version, which must end alike: directly; step by step, where the direct way takes a
 * step that spans versions; step by step with the database opened anew at each version, as an application does that was
 * updated each time; and, for a definition, a fresh install. */
#ifndef DRIFT_VERIFY_ROUTES_H
#define DRIFT_VERIFY_ROUTES_H

#include "verify/judge.h"

/** The route that is opened anew at each version, of one original: what is run towards one version leads on to the
 * next. All zero starts it. */
typedef struct drift__reopened {
    int at; /* the version that it has reached; 0: none */
    drift_connection *connection;
    bool begins; /* the case's own migration was the first part of this way: what it left is where the way leads on */
} drift__reopened;

/** What a fresh install of the definition gives. All zero starts it. */
typedef struct drift__fresh {
    bool tried;
    drift_schema *schema; /* NULL: the definition cannot create a database, or fails to */
    drift_error why;      /* it fails */
} drift__fresh;

/**
 * path.*: compares what a case's migration left with what the other routes leave.
 * @param direct the case's attempt, which succeeded.
 * @param reopened of the case's original.
 * @param versions those that exist, ascending.
 */
int drift__judge_routes(drift__judgement *judgement, const drift__attempt *direct, drift__reopened *reopened,
                        drift__fresh *fresh, const int *versions, size_t version_count, drift_error *err);

/** The same, without what a fresh database makes of the rows (verify/fresh_rows.h). */
int drift__compare_routes(drift__judgement *judgement, const drift__attempt *direct, drift__reopened *reopened,
                          drift__fresh *fresh, const int *versions, size_t version_count, drift_error *err);

/** Takes what a case's migration left if the way begins with it; `*after` is NULL then. */
void drift__reopened_take(drift__reopened *reopened, drift_connection **after, int at);

void drift__reopened_dispose(drift__reopened *reopened);
void drift__fresh_dispose(drift__fresh *fresh);

#endif
