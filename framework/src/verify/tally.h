/* tally.h — what became of the columns of matched rows, counted inside the engine: an aggregate that is handed every
 * pair of rows, and remembers which row was the first of each kind, so that no other pass has to look for it.
 *
 *     drift__tally(tally, at, new row, row …, old value, new value, …)
 *     drift__tally_cast(tally, at, new row, row …, old value, new value, what CAST makes of the old one, …)
 *     drift__tally_wanted(tally, at, new row, row …, old value, new value, whether that is as it should be, …)
 *
 * `at` is the place of the first of these columns in the tally's order. `new row` is a rowid, or anything that is NULL
 * where the old row has no partner, which then does not count. `row …` says which row it is: the old rowid, or where
 * there is none the values of its key.
 */
#ifndef DRIFT_VERIFY_TALLY_H
#define DRIFT_VERIFY_TALLY_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/error.h"

/** What was found of a column, in numbers of matched rows. */
typedef struct drift__match_counts {
    int64_t changed;   /**< another value than before */
    int64_t filled;    /**< of these, those where it was NULL */
    int64_t right;     /**< of these, those that are as they should be */
    int64_t nulled;    /**< NULL, and should not be */
    int64_t differing; /**< not NULL, and not as it should be */
} drift__match_counts;

/** The first row of a kind: the one with the least rowid, or the first that came. */
typedef struct drift__tally_row {
    int64_t old_row, new_row; /**< rowids, if the tally has no key */
    sqlite3_value **key;      /**< copies, as many as the tally's key has; NULL: none was kept */
} drift__tally_row;

/** What is handed over of a column, and so which function takes it. */
typedef enum drift__tally_kind {
    DRIFT__TALLY_PLAIN,  /**< drift__tally: as it should be is as it was */
    DRIFT__TALLY_CAST,   /**< drift__tally_cast: or what CAST made of it, where that leads back */
    DRIFT__TALLY_WANTED, /**< drift__tally_wanted */
    DRIFT__TALLY_KINDS
} drift__tally_kind;

typedef struct drift__tally {
    drift__match_counts *counts; /**< one for each column; borrowed */
    size_t column_count;
    size_t *order;                        /**< the columns that are counted, in the order of the arguments */
    size_t kinds[DRIFT__TALLY_KINDS + 1]; /**< of `order`: where the columns of each kind begin, and the end of all */
    size_t key_count;                     /**< how many values say which row it is; 0: a rowid does */
    drift__tally_row *nulled, *differing; /**< one for each column */
} drift__tally;

/** What the pointer's type is called (https://www.sqlite.org/bindptr.html). */
#define DRIFT__TALLY_POINTER "drift__tally"

/** The caller fills `order`, which has room for all columns, and sets the counts of those to zero. */
int drift__tally_new(drift__tally **out, drift__match_counts *counts, size_t column_count, size_t key_count,
                     drift_error *err);

/** Accepts NULL. */
void drift__tally_free(drift__tally *tally);

/** Whether every column of every row is as it should be. */
bool drift__tally_is_clean(const drift__tally *tally);

/** The name of the function that takes columns of this kind. */
const char *drift__tally_function(drift__tally_kind kind);

/** Registers the functions. `wide`: the databases hold UTF-16. */
int drift__tally_register(sqlite3 *handle, bool wide, drift_error *err);

#endif
