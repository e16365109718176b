/* tracking.h — a direct connection that tells what its commits have changed, for the floors above. */
#ifndef DRIFT_RUNTIME_TRACKING_H
#define DRIFT_RUNTIME_TRACKING_H

#include <stdbool.h>
#include <stdint.h>

#include "drift/connection.h"
#include "runtime/table_set.h"

/** Is told, on the connection's thread, what a commit has changed. It must not use the connection. */
typedef void (*drift__commit_fn)(const drift__table_set *written, bool schema, void *payload);

/** Has the commits of a direct connection told to `on_commit`. Statements prepared before are not tracked: none may be
 * in use. */
int drift__track(drift_connection *connection, drift__commit_fn on_commit, void *payload, drift_error *err);

/** Adds every table of this name that a tracked connection has seen in a statement. */
void drift__track_find(drift__table_set *out, drift_connection *connection, const char *table);

/** Whether a tracked connection's statement only reads, and begins and ends no transaction. */
bool drift__tracked_reads_only(const drift_statement *statement);

/** How many statements have written rows so far, or tried: whether drift_changes speaks of something new. */
uint64_t drift__tracked_row_statements(drift_connection *connection);

/** What a statement reads, as it was compiled last; of one that reads a virtual table: everything. */
int drift__tracked_reads(drift__table_set *out, drift_statement *statement, drift_error *err);

/** The rowid that drift_last_insert_rowid and SQL's last_insert_rowid() give until the next INSERT. */
void drift__direct_set_last_insert_rowid(drift_connection *connection, int64_t rowid);

#endif
