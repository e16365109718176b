/* typed.h — what code that `drift schema generate` writes is made of: typed fields, rows and companions.
 *
 * A row struct holds what a row holds. A companion says what is to be written: each of its fields is absent (the
 * default: the column is not mentioned), NULL, or a value:
 *
 *     todos_v3_todo_insert(connection, &(todos_v3_todo_companion){
 *         .title = DRIFT_SET_TEXT("Buy milk"), .category = DRIFT_SET_NULL }, NULL, &err);
 *
 * A value of the wrong type does not compile. The functions below take a table's description, which generated code
 * holds; they are called through the typed functions there.
 *
 * Threads: as the connection that is used. Descriptions are constant and may be shared.
 */
#ifndef DRIFT_TYPED_H
#define DRIFT_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/** UTF-8 text with its length in bytes; it may hold NUL. In a row that was read a NUL stands behind it. */
typedef struct drift_text {
    const char *data;
    size_t length;
} drift_text;

/** Bytes. In a row that was read `data` is never NULL. */
typedef struct drift_blob {
    const void *data;
    size_t length;
} drift_blob;

/* Fields of rows whose column may be NULL; all zero is NULL. A column of any type is a drift_value, which has a NULL of
 * its own. */
typedef struct drift_nullable_int64 {
    bool has_value;
    int64_t value;
} drift_nullable_int64;
typedef struct drift_nullable_bool {
    bool has_value;
    bool value;
} drift_nullable_bool;
typedef struct drift_nullable_double {
    bool has_value;
    double value;
} drift_nullable_double;
typedef struct drift_nullable_text {
    bool has_value;
    drift_text value;
} drift_nullable_text;
typedef struct drift_nullable_blob {
    bool has_value;
    drift_blob value;
} drift_nullable_blob;

/** What a field of a companion says. */
typedef enum drift_presence {
    DRIFT_ABSENT = 0, /**< nothing: an insert takes the column's default, an update leaves it */
    DRIFT_SET_TO_NULL,
    DRIFT_SET_TO_VALUE
} drift_presence;

/* Fields of companions; all zero is absent. The values' names differ, so that a value of another type is refused by the
 * compiler. */
typedef struct drift_value_int64 {
    drift_presence presence;
    int64_t int64;
} drift_value_int64;
typedef struct drift_value_bool {
    drift_presence presence;
    bool boolean;
} drift_value_bool;
typedef struct drift_value_double {
    drift_presence presence;
    double real;
} drift_value_double;
typedef struct drift_value_text {
    drift_presence presence;
    drift_text text;
} drift_value_text;
typedef struct drift_value_blob {
    drift_presence presence;
    drift_blob blob;
} drift_value_blob;
typedef struct drift_value_any {
    drift_presence presence;
    drift_value any;
} drift_value_any;

/* Initialisers of a companion's fields. In C also `(drift_value_text)DRIFT_SET_TEXT("x")` where an expression is
 * needed; in C++, which has no designated initialisers before C++20, they are expressions: `companion.title =
 * DRIFT_SET_TEXT("x")`. Texts and blobs are borrowed until the call that takes the companion returns. */
#ifdef __cplusplus
#define DRIFT_SET_FIELD(type, field, ...) \
    drift_value_##type                    \
    {                                     \
        DRIFT_SET_TO_VALUE, __VA_ARGS__   \
    }
#define DRIFT_SET_NULL     \
    {                      \
        DRIFT_SET_TO_NULL, \
        {                  \
        }                  \
    }
#else
#define DRIFT_SET_FIELD(type, field, ...)                    \
    {                                                        \
        .presence = DRIFT_SET_TO_VALUE, .field = __VA_ARGS__ \
    }
#define DRIFT_SET_NULL                \
    {                                 \
        .presence = DRIFT_SET_TO_NULL \
    }
#endif
#define DRIFT_SET_INT64(v)     DRIFT_SET_FIELD(int64, int64, (v))
#define DRIFT_SET_BOOL(v)      DRIFT_SET_FIELD(bool, boolean, (v))
#define DRIFT_SET_DOUBLE(v)    DRIFT_SET_FIELD(double, real, (v))
#define DRIFT_SET_TEXT(v)      DRIFT_SET_FIELD(text, text, {(v), strlen(v)}) /**< ends with NUL; evaluated twice */
#define DRIFT_SET_TEXT_N(v, n) DRIFT_SET_FIELD(text, text, {(v), (n)})       /**< with its length */
#define DRIFT_SET_BLOB(v, n)   DRIFT_SET_FIELD(blob, blob, {(v), (n)})
#define DRIFT_SET_ANY(v)       DRIFT_SET_FIELD(any, any, (v)) /**< a drift_value */

/** What a field holds. */
typedef enum drift_typed_kind {
    DRIFT_TYPED_INT64 = 0,
    DRIFT_TYPED_BOOL,
    DRIFT_TYPED_DOUBLE,
    DRIFT_TYPED_TEXT,
    DRIFT_TYPED_BLOB,
    DRIFT_TYPED_ANY
} drift_typed_kind;

/** In place of an offset: there is no such field. */
#define DRIFT_TYPED_NO_FIELD ((size_t)-1)

/** A column and its fields. */
typedef struct drift_typed_column {
    const char *name; /**< as SQLite knows it */
    drift_typed_kind kind;
    bool nullable;    /**< the row's field is a drift_nullable_… */
    int key;          /**< the place in the primary key, from 1; 0: not part of it */
    size_t row;       /**< offset of the row's field */
    size_t companion; /**< offset of the companion's field; none of a generated column */
} drift_typed_column;

/** A table or a view, and the structs of its rows. */
typedef struct drift_typed_table {
    const char *name; /**< as SQLite knows it */
    const drift_typed_column *columns;
    size_t column_count;
    size_t row_size;       /**< 0: there is no row struct */
    size_t companion_size; /**< 0: there is no companion */
    bool without_rowid;
} drift_typed_table;

/**
 * Reads rows, in the order of the primary key where there is one.
 * @param rows the rows, freed together by drift_typed_free; NULL if there are none.
 * @param where an SQL expression over the table's columns, its parameters bound by `binds`; NULL: all rows.
 * @return DRIFT_OK; MISMATCH for a value that is not of its column's type (SQLite stores what it is given in a table
 * that is not STRICT), naming table, column and row: nothing is converted, except an integer in a double's column that
 * the double holds exactly; errors of the statement.
 */
DRIFT_API int drift_typed_select(void **rows, size_t *count, drift_connection *connection,
                                 const drift_typed_table *table, const char *where, const drift_value *binds,
                                 size_t bind_count, drift_error *err);

/**
 * Reads the row with this primary key.
 * @param key the key's columns in the key's order.
 * @return as drift_typed_select; NOT_FOUND if there is no such row.
 */
DRIFT_API int drift_typed_find(void **row, drift_connection *connection, const drift_typed_table *table,
                               const drift_value *key, size_t key_count, drift_error *err);

/** Frees what drift_typed_select or drift_typed_find gave, texts and blobs included. Accepts NULL. */
DRIFT_API void drift_typed_free(void *rows);

/**
 * Inserts one row.
 * @param rowid set to the new row's rowid, to 0 for a table WITHOUT ROWID; may be NULL.
 * @return DRIFT_OK; CONSTRAINT and other errors of the statement.
 */
DRIFT_API int drift_typed_insert(drift_connection *connection, const drift_typed_table *table, const void *companion,
                                 int64_t *rowid, drift_error *err);

/** Inserts `count` rows, all or none, in one transaction (a savepoint inside one). */
DRIFT_API int drift_typed_insert_many(drift_connection *connection, const drift_typed_table *table,
                                      const void *companions, size_t count, drift_error *err);

/**
 * Writes the companion's other fields into the row with the companion's primary key.
 * @return DRIFT_OK; NOT_FOUND if there is no such row; MISUSE if a field of the key has no value, or no other has one.
 */
DRIFT_API int drift_typed_update(drift_connection *connection, const drift_typed_table *table, const void *companion,
                                 drift_error *err);

/**
 * Writes the companion's fields into every row for which `where` holds.
 * @param changed the number of rows; may be NULL.
 * @param where as for drift_typed_select; NULL: all rows. Its parameters are written `?`, without numbers: they follow
 * those of the companion's fields.
 * @return DRIFT_OK; MISUSE if no field is set; errors of the statement.
 */
DRIFT_API int drift_typed_update_where(int64_t *changed, drift_connection *connection, const drift_typed_table *table,
                                       const void *companion, const char *where, const drift_value *binds,
                                       size_t bind_count, drift_error *err);

/**
 * The schema of a version out of a list; NULL, with a NOT_FOUND error that lists the versions that there are, if it has
 * none. Borrowed from the list.
 */
DRIFT_API const drift_schema *drift_schema_of_version(const drift_schema *const *schemas, size_t count, int version,
                                                      drift_error *err);

DRIFT_END_DECLS

#endif
