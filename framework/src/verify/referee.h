/* referee.h — a third connection that sees the database before and the one after, so that SQLite itself matches and
 * compares their rows: nothing goes through a cursor of ours, and what does not fit into memory goes into SQLite's own
 * temporary files.
 *
 * Both databases must have a name: a file, or one of the VFS "memdb" (world.h). The referee is set up as the options
 * say, so that an application's functions, collations and virtual tables work there too, and knows besides
 *     drift__same(a, b, …)        1 if a and b, and every further pair, have the same type and bytes, else 0: 1 and
 *                                 1.0 differ, 0.0 and -0.0, 'a' and x'61'; collations and affinities mean nothing
 *     drift__carried(a, b, c)     1 if c is the same as a, or as b, what CAST made of a, where CAST leads back to a
 *     drift__digest(a, …)         a BLOB, the same for the same values only
 *     drift__stored(a, affinity)  what a column of this affinity ("TEXT") makes of a value that is stored in it
 * and those of tally.h and pairs.h.
 */
#ifndef DRIFT_VERIFY_REFEREE_H
#define DRIFT_VERIFY_REFEREE_H

#include "base/str.h"
#include "drift/connection.h"
#include "drift/error.h"
#include "drift/kit/verify.h"

/** What the two databases are called there. */
#define DRIFT__REFEREE_OLD "drift_old"
#define DRIFT__REFEREE_NEW "drift_new"

/** The most arguments that the functions are given at once: SQLite takes no more than 127
 * (https://www.sqlite.org/limits.html), and the most values of rows among them. */
enum { DRIFT__REFEREE_ARGUMENTS = 100, DRIFT__REFEREE_VALUES = 96 };

/**
 * Opens a referee. Neither database may be in a transaction. The caller closes the connection, before the others.
 * @return DRIFT_OK; UNSUPPORTED for a database without a name; SQL if a database cannot be attached.
 */
int drift__referee_open(drift_connection **out, drift_connection *before, drift_connection *after,
                        const drift_verify_options *options, drift_error *err);

/** A pointer for a function (https://www.sqlite.org/bindptr.html). */
typedef struct drift__pointer {
    void *pointer;
    const char *type;
} drift__pointer;

/** Runs what was written, and disposes of it. Its parameters, as many as it has, are the pointers. `take` may be NULL,
 * as of drift_query. */
int drift__referee_query(drift_connection *referee, drift__str *text, const drift__pointer *pointers, drift_row_fn take,
                         void *payload, drift_error *err);

#endif
