/* live.h — a table as a database has it: its columns, its key, what its rows can be found by. */
#ifndef DRIFT_VERIFY_LIVE_H
#define DRIFT_VERIFY_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "drift/connection.h"
#include "drift/error.h"
#include "rebuild/object.h"

/** A column. */
typedef struct drift__live_column {
    const char *name;
    const char *type;
    int64_t key;    /**< its place in the primary key, from 1; 0: none */
    int64_t hidden; /**< 0 ordinary, 1 of a virtual table, 2 and 3 generated */
    bool not_null;
} drift__live_column;

typedef struct drift__live_table {
    const char *name;
    drift__live_column *columns;
    size_t count; /**< 0: there is no such table */
    size_t key_count;
    const char *rowid; /**< a name under which the rowid can be read, or NULL */
    bool without_rowid;
    bool is_virtual;
    bool rowid_key; /**< the key is the rowid: INTEGER PRIMARY KEY */
} drift__live_table;

/** The tables of the main database with rows of their own, virtual ones included, shadow tables and sqlite_% not, in
 * the order of creation. */
typedef struct drift__live_known {
    const char **names;
    drift__live_table *tables;
    size_t count;
} drift__live_known;

/** Borrowed, or NULL. */
const drift__live_column *drift__live_column_named(const drift__live_table *table, const char *name);

bool drift__live_is_generated(const drift__live_column *column);

/** Whether the table holds a row. What cannot be read counts as one that does: reading it tells why. */
int drift__live_has_rows(bool *out, drift_connection *connection, const char *name, drift_error *err);

/** Reads all tables; `objects` are the database's. In the arena. */
int drift__live_read(drift__live_known *out, drift__arena *arena, drift_connection *connection,
                     const drift__objects *objects, drift_error *err);

#endif
