/* parse.h — one CREATE statement to one entity. */
#ifndef DRIFT_PARSE_PARSE_H
#define DRIFT_PARSE_PARSE_H

#include <stddef.h>

#include "base/arena.h"
#include "drift/error.h"
#include "drift/schema.h"

/**
 * Parses one CREATE statement; a final ';' may follow, nothing else. The entity and all it points to live in the arena;
 * its `sql` is a copy of the statement's text. `source` names the text in errors and may be NULL.
 * @return DRIFT_OK; SYNTAX with line and column; UNSUPPORTED for CREATE TABLE … AS SELECT; NO_MEMORY.
 */
int drift__parse_entity(drift_entity *out, drift__arena *arena, const char *sql, size_t length, const char *source,
                        drift_error *err);

/**
 * As drift__parse_entity, for a text that SQLite has accepted: what is not understood becomes an opaque entity of this
 * kind and name. Only NO_MEMORY is an error.
 * @param scratch for what is needed meanwhile; empty again afterwards, and best used for the next statement too.
 * @param sql lives as long as the arena and ends with NUL: it is not copied but becomes the entity's `sql`, cut behind
 * the statement's last token.
 */
int drift__parse_entity_lenient(drift_entity *out, drift__arena *arena, drift__arena *scratch, drift_entity_kind kind,
                                const char *name, char *sql, size_t length, drift_error *err);

/**
 * The length of the first statement of a text, up to and without its ';' (a trigger's body
 * holds some of its own, and a module's arguments may), and
 * in `next` the offset behind it. Leading white space and comments count. 0 with *next == length: nothing but those is
 * left.
 */
size_t drift__statement_length(size_t *next, const char *sql, size_t length);

/**
 * An empty schema with the arena that its content shall live in; drift_schema_free frees both. This is how every module
 * makes the schemas that the kit hands out.
 */
int drift__schema_new(drift_schema **out, drift__arena **arena, drift_error *err);

#endif
