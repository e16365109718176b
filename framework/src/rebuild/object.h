/* object.h — what stands in sqlite_schema, and whether it compiles. */
#ifndef DRIFT_REBUILD_OBJECT_H
#define DRIFT_REBUILD_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
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
    /** The database that `table` is in, as far as the text tells: of a TEMP trigger what it is qualified with, or NULL.
     */
    const char *table_database;
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

/** Whether an index or a trigger stands on the table or view of this name in the main database. What a TEMP trigger
 * does not qualify is the temporary database's first (https://www.sqlite.org/lang_naming.html). */
bool drift__object_stands_on(const drift__objects *objects, const drift__object *object, const char *table);

/** The virtual table whose rows are those of an ordinary one (FTS with external content): the first that names
 * `column` too, if `column` is not NULL; NULL if there is none. */
const drift__object *drift__objects_content_user(const drift__objects *objects, const char *table, const char *column);

/** Tells that such a virtual table is in the way: MIGRATION. `column` is the one that goes, or NULL: the table does. */
int drift__content_error(const drift__object *user, const char *table, const char *column, drift_error *err);

/** The word for a kind: "index". Static. */
const char *drift__object_word(drift__object_kind kind);

/** Writes the statement that drift__object_compiles has SQLite compile: an EXPLAIN. */
int drift__object_statement_put(drift__str *s, drift_connection *connection, const drift__object *object,
                                drift_error *err);

/**
 * Compiles a view (a SELECT from it) or a trigger (the statement that fires it; an UPDATE sets every column, since a
 * trigger UPDATE OF b is compiled only then) on a connection, without running anything.
 * @param why where it does not compile, SQLite's reason; may not be NULL.
 * @return DRIFT_OK, also if it does not compile.
 */
int drift__object_compiles(bool *compiles, drift_error *why, drift_connection *connection, const drift__object *object,
                           drift_error *err);

/** How well an object compiles. */
typedef enum drift__soundness {
    DRIFT__BROKEN = 0,
    DRIFT__LOOSE, /**< names in double quotes that are no column are taken for strings */
    DRIFT__SOUND
} drift__soundness;

/**
 * As drift__object_compiles, telling too whether a name in double quotes is taken for a string, which is what a column
 * that vanished becomes (https://www.sqlite.org/quirks.html#dblquote). A connection without a handle cannot tell that:
 * there what compiles is SOUND.
 */
int drift__object_soundness(drift__soundness *out, drift_error *why, drift_connection *connection,
                            const drift__object *object, drift_error *err);

#endif
