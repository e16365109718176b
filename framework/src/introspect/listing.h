/* listing.h — what sqlite_schema holds, in the order of creation. */
#ifndef DRIFT_INTROSPECT_LISTING_H
#define DRIFT_INTROSPECT_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "drift/connection.h"
#include "drift/schema.h"

/** A row of sqlite_schema. */
typedef struct drift__listed {
    drift_entity_kind kind;
    const char *name; /**< the listing's */
    char *sql;        /**< in the arena that drift__listing_read was given */
    size_t sql_length;
} drift__listed;

typedef struct drift__listing {
    drift__listed *items;
    size_t count;
    size_t capacity;
    drift__arena names;
} drift__listing;

/**
 * Reads the main database's sqlite_schema without what is not the application's: internal objects, indexes that SQLite
 * made for constraints, shadow tables, android_metadata.
 * @param arena where the statements' texts go, which outlive the listing.
 */
int drift__listing_read(drift__listing *out, drift__arena *arena, drift_connection *connection, drift_error *err);

/** Frees all but the statements' texts. */
void drift__listing_dispose(drift__listing *listing);

#endif
