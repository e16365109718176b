/* statistics.h — what ANALYZE gathered, kept over a rebuild. DROP TABLE deletes a table's rows of sqlite_stat1 and
 * sqlite_stat4, and RENAME does not follow them, so they are given the name under which they survive. */
#ifndef DRIFT_REBUILD_STATISTICS_H
#define DRIFT_REBUILD_STATISTICS_H

#include "drift/connection.h"

/** Gives the statistics of one table and of its indexes to another name. */
int drift__statistics_move(drift_connection *connection, const char *from, const char *to, drift_error *err);

/** Deletes statistics of the indexes that SQLite makes for keys: they are counted, so that with other keys a number
 * stands for another index. */
int drift__statistics_forget_keys(drift_connection *connection, const char *table, drift_error *err);

/** Deletes statistics of indexes that the table does not have, and has SQLite load what is left, if there are any. */
int drift__statistics_settle(drift_connection *connection, const char *table, drift_error *err);

#endif
