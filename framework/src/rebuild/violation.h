/* violation.h — rows whose parents do not exist, each with its row and its constraint. */
#ifndef DRIFT_REBUILD_VIOLATION_H
#define DRIFT_REBUILD_VIOLATION_H

#include <stddef.h>

#include "base/str.h"
#include "drift/connection.h"
#include "drift/database.h"

/** A violation as it is found. Texts are borrowed for the call. */
typedef struct drift__violation {
    drift_foreign_key_violation told;
    const char *const *names; /**< the child's columns */
    size_t name_count;
    const char *columns; /**< the same as a text, "author, book" */
} drift__violation;

typedef int (*drift__violation_fn)(const drift__violation *violation, void *payload, drift_error *err);

/**
 * Finds the violations of the main database and hands each to `found`.
 *
 * PRAGMA foreign_key_check tells rows of rowid tables. What it does not tell is found otherwise: rows of WITHOUT ROWID
 * tables (it gives NULL for a rowid) and of tables where it fails because a parent's key is no key ("foreign key
 * mismatch"), by an anti-join; a parent that does not exist is told also where no row refers to it yet. Such a
 * violation of the schema has no row: its key is NULL.
 * @param tables if not NULL, only these and their children are checked; ends with NULL.
 */
int drift__violations_find(drift_connection *connection, const char *const *tables, drift__violation_fn found,
                           void *payload, drift_error *err);

/** Writes names as a violation's `columns` has them. */
void drift__put_names(drift__str *s, const char *const *names, size_t count);

/** A set of violations, to tell new ones from those that were there before. `{0}` starts it. */
typedef struct drift__violation_set {
    char **identities;
    size_t count, capacity;
    bool sorted;
} drift__violation_set;

/** Adds to the set; a drift__violation_fn whose payload is the set. */
int drift__violation_set_add(const drift__violation *violation, void *set, drift_error *err);

/**
 * Whether the set holds this violation: the same row of the same table, the same columns. The parent may have another
 * name, as after a rename.
 * @param table the name that the table had when the set was filled.
 * @param has the answer.
 */
int drift__violation_set_has(bool *has, drift__violation_set *set, const drift__violation *violation, const char *table,
                             drift_error *err);
void drift__violation_set_dispose(drift__violation_set *set);

/** Tells a violation as an error: FOREIGN_KEY, "row … of … refers to a row of … that does not exist". */
int drift__violation_error(const drift_foreign_key_violation *violation, int64_t more, drift_error *err);

#endif
