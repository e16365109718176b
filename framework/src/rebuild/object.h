/* object.h — what stands in sqlite_schema, and whether it compiles. */
#ifndef DRIFT_REBUILD_OBJECT_H
#define DRIFT_REBUILD_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "drift/connection.h"

typedef enum drift__object_kind {
    DRIFT__OBJECT_TABLE,
    DRIFT__OBJECT_VIRTUAL_TABLE,
    DRIFT__OBJECT_INDEX,
    DRIFT__OBJECT_VIEW,
    DRIFT__OBJECT_TRIGGER
} drift__object_kind;

typedef struct drift__object {
    drift__object_kind kind;
    const char *database; /**< "main" or "temp" */
    const char *name;
    const char *table; /**< what an index or a trigger stands on */
    const char *sql;
} drift__object;

typedef struct drift__objects {
    drift__object *items;
    size_t count, capacity;
} drift__objects;

/**
 * Reads all objects of the databases main and temp that have a text, in the order of their creation. Left out:
 * SQLite's own (sqlite_%) and the tables in which virtual tables keep their data. Texts are in the arena; the caller
 * frees `items` with drift__free, also on error.
 */
int drift__objects_read(drift__objects *out, drift__arena *arena, drift_connection *connection, drift_error *err);

/** The word for a kind: "index". Static. */
const char *drift__object_word(drift__object_kind kind);

/**
 * Compiles a view (a SELECT from it) or a trigger (the statement that fires it; an UPDATE sets every column, since a
 * trigger UPDATE OF b is compiled only then) on a connection, without running anything.
 * @param why where it does not compile, SQLite's reason; may not be NULL.
 * @return DRIFT_OK, also if it does not compile.
 */
int drift__object_compiles(bool *compiles, drift_error *why, drift_connection *connection, const drift__object *object,
                           drift_error *err);

#endif
