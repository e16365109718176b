/* introspect.h (kit) — the schema of a live database. */
#ifndef DRIFT_KIT_INTROSPECT_H
#define DRIFT_KIT_INTROSPECT_H

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/**
 * Reads the schema of a connection's main database from sqlite_schema: tables, indexes, views, triggers and virtual
 * tables in the order of their creation. Left out: internal objects (sqlite_%), the shadow tables of virtual tables as
 * pragma_table_list marks them (https://www.sqlite.org/pragma.html#pragma_table_list), android_metadata. A statement
 * that the parser does not understand becomes an `opaque` entity; nothing that SQLite holds is refused. `version` is
 * PRAGMA user_version. The caller frees with drift_schema_free.
 */
DRIFT_API int drift_introspect(drift_schema **out, drift_connection *connection, drift_error *err);

/**
 * The same of a file of unknown origin, which is opened and closed as by drift_connection_inspect, whose `options`
 * these are. It is closed before the statements are parsed: what SQLite and the schema hold is never in memory
 * together.
 * @return as drift_connection_inspect and drift_introspect; errors name the path.
 */
DRIFT_API int drift_introspect_file(drift_schema **out, const char *path, const drift_connection_options *options,
                                    drift_error *err);

DRIFT_END_DECLS

#endif
