/* live.h — a table as it stands in a database, read through pragmas: columns, key, where its rowid is to be had. */
#ifndef DRIFT_REBUILD_LIVE_H
#define DRIFT_REBUILD_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "drift/connection.h"

typedef struct drift__live_column {
    const char *name;
    const char *type; /**< as declared, "" if there is none */
    bool not_null;
    bool has_default;
    int key;        /**< the place in the primary key, from 1; 0: not in it */
    bool generated; /**< never copied: the engine computes it */
    bool hidden;    /**< of a virtual table, not in `SELECT *`: what it is for, its module knows */
} drift__live_column;

typedef struct drift__live_table {
    const char *name; /**< as it is spelt in the database */
    const char *sql;  /**< its CREATE statement as SQLite stores it */
    const drift__live_column *columns;
    size_t column_count;
    bool is_virtual, without_rowid, strict;
    /** The column that is the rowid (https://www.sqlite.org/lang_createtable.html#rowid), or NULL. */
    const drift__live_column *integer_key;
    const char *key_indexes; /**< what the indexes that SQLite makes for keys are over, in their order */
} drift__live_table;

/** The text of a column that is never NULL, in the arena. Without memory NULL, and the arena has failed. */
char *drift__take_text(drift__arena *arena, drift_statement *row, int column);

/** Reads a table of the main database into the arena; NOT_FOUND if there is none of this name. */
int drift__live_table_read(drift__live_table *out, drift__arena *arena, drift_connection *connection, const char *name,
                           drift_error *err);

/** A name under the project's prefix ("drift__rebuild_1" for the word "rebuild") that nothing in the databases main and
 * temp has. In the arena. */
int drift__free_name(const char **out, drift__arena *arena, drift_connection *connection, const char *word,
                     drift_error *err);

/** The column of this name, matched as SQLite does, or NULL. */
const drift__live_column *drift__live_column_find(const drift__live_table *table, const char *name);

/** The name under which a statement reaches the rowid: the INTEGER PRIMARY KEY, else one of rowid, _rowid_ and oid that
 * no column has; NULL if there is none, or no rowid. */
const char *drift__live_rowid(const drift__live_table *table);

#endif
