/* match.h — the rows of a table before a step and after it, matched and compared inside SQLite.
 *
 * Rows are matched (1) by INTEGER PRIMARY KEY; (2) else by the declared key where all its values are not NULL, compared
 * before affinity; (3) else as a multiset of the shared columns' (typeof, bytes), the remainder paired by rowid. A key
 * of another affinity may also have become what CAST makes of it.
 *
 * Where the key's indexes find all pairs, one join finds them and counts what became of them. Rows without a key are
 * first compared with those of the same rowid; pairs.h finds the partners of the rest, and writes down only the rows
 * that one join does not find.
 */
#ifndef DRIFT_VERIFY_MATCH_H
#define DRIFT_VERIFY_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "verify/tally.h"

/** What a column's new value has to be. */
typedef enum drift__want {
    DRIFT__WANT_SAME = 0,  /**< the old one */
    DRIFT__WANT_TRANSFORM, /**< `expression` over the old row */
    DRIFT__WANT_FILL,      /**< `expression` over the old row where the old one is NULL, else the old one */
    DRIFT__WANT_ANY        /**< anything: the column is new */
} drift__want;

/** A column of the new table, and where it comes from. */
typedef struct drift__match_column {
    const char *old_name; /**< NULL: the column is new, its old value NULL */
    const char *new_name;
    drift__want want;
    const char *expression; /**< of TRANSFORM and FILL */
    bool unsteady;          /**< the expression gives another value each time: its storage class is compared */
    const char *affinity;   /**< of the new column: what an expression's value becomes when it is stored */
    const char *cast;       /**< an affinity: what CAST makes of the old value is as good; NULL: it is not */
    bool null_may_go;       /**< NOT NULL now: whatever stands for an old NULL is good */
} drift__match_column;

/** One side. */
typedef struct drift__match_side {
    const char *table;
    const char *rowid;     /**< a name of the rowid, or NULL */
    bool is_virtual;       /**< read once, into a temporary table */
    bool unique_key;       /**< of the new side: the key has an index that finds its one row */
    const char *condition; /**< under which a row may go or come; NULL: it may not */
} drift__match_side;

typedef struct drift__match {
    drift_connection *referee;
    drift__match_side old, new;
    const drift__match_column *columns;
    size_t column_count;
    const size_t *key;   /**< indexes into `columns`, in the order of the key */
    size_t key_count;    /**< 0: rows have no key */
    bool rowid_key;      /**< the key is INTEGER PRIMARY KEY on both sides */
    bool staged;         /**< private: the rows were copied into temporary tables */
    bool joined;         /**< private: the key's indexes give all pairs; none are written down */
    bool in_place;       /**< private: rows without a key that are right under their old rowid are not written down */
    drift__tally *tally; /**< private */
} drift__match;

/** Which side could not be read. */
typedef enum drift__unreadable {
    DRIFT__READABLE = 0,
    DRIFT__UNREADABLE_OLD,
    DRIFT__UNREADABLE_NEW,
    DRIFT__UNREADABLE_EXPRESSION /**< both could, but an expression fails over some row */
} drift__unreadable;

typedef struct drift__match_result {
    drift__unreadable unreadable; /**< nothing else is known then, but `before` if it is the new side */
    drift_error why;
    int64_t before, after, matched;
    int64_t lost, lost_wrongly; /**< in all; without those whose condition lets them go */
    int64_t extra, extra_wrongly;
    drift__match_counts *columns; /**< the caller's array, one for each column */
} drift__match_result;

/** Matches and compares. After drift__match_run the pairs stay for drift__match_first_*, until drift__match_end. */
int drift__match_run(drift__match_result *result, drift__match *match, drift_error *err);

/**
 * Hands the first lost or extra row to `take`, the first that no condition allows: its rowid (NULL if it has none),
 * then the key's values. Only after a run that found one.
 */
int drift__match_first_lost(const drift__match *match, drift_row_fn take, void *payload, drift_error *err);
int drift__match_first_extra(const drift__match *match, drift_row_fn take, void *payload, drift_error *err);

/** The first matched row in which a column is NULL that should not be (`nulled`), or differs: as above, by the old row;
 * behind that the value that it should be, and the one that it is. */
int drift__match_first_wrong(const drift__match *match, size_t column, bool nulled, drift_row_fn take, void *payload,
                             drift_error *err);

/** Drops what a run left in the referee. */
int drift__match_end(drift__match *match, drift_error *err);

#endif
