/* parse.h (kit) — CREATE statements to a schema, and back. */
#ifndef DRIFT_KIT_PARSE_H
#define DRIFT_KIT_PARSE_H

#include <stddef.h>

#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/**
 * Parses CREATE statements (tables, indexes, views, triggers, virtual tables), one after another, separated by ';'.
 * Nothing is executed and nothing is checked beyond grammar: names may be unknown. `CREATE TABLE … AS SELECT` has no
 * columns to parse and is an UNSUPPORTED error that says so; dump the database that it makes instead. Statements of
 * other kinds are a SYNTAX error.
 * @param out the schema, version 0; the caller frees it with drift_schema_free.
 * @param sql UTF-8; a byte order mark is skipped. Need not end with NUL.
 * @return DRIFT_OK; SYNTAX with line, column and offset; UNSUPPORTED; NO_MEMORY.
 */
DRIFT_API int drift_schema_parse(drift_schema **out, const char *sql, size_t length, drift_error *err);

/** Frees a schema that the kit made (parsed, read, introspected). Accepts NULL. Never for `static const` schemas. */
DRIFT_API void drift_schema_free(drift_schema *schema);

DRIFT_END_DECLS

#endif
