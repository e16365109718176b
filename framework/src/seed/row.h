/* row.h — further rows for a table that has one: what stands in it, and what is changed when SQLite refuses it.
 *
 * The first row of a table, which level `one` found by search, is what every other row falls back upon: a column whose
 * value was refused gets the first row's value, a unique one a value that was not there yet, the columns of a foreign
 * key the key of another parent. So a row gets in with as much of what it was meant to show as the constraints allow.
 */
#ifndef DRIFT_SEED_ROW_H
#define DRIFT_SEED_ROW_H

#include "seed/attempt.h"
#include "seed/seeding.h"
#include "seed/values.h"

/** A foreign key, and the keys of some of its parents. */
typedef struct drift__seed_parents {
    const drift__seed_reference *reference;
    drift_value *keys; /* `count` keys of reference->count values */
    size_t count;
    size_t next;             /* the parent that is taken next */
    bool streamed;           /* each parent has at most one child: they are drawn one after another */
    const drift_value *last; /* the key that was drawn last, or NULL */
} drift__seed_parents;

/** Where a column's value comes from, in the row that is being made. */
typedef enum drift__seed_origin {
    DRIFT__SEED_BASE = 0, /* the first row */
    DRIFT__SEED_LEVEL,    /* the level's values: `chosen` */
    DRIFT__SEED_NEW,      /* drift__seed_fresh */
    DRIFT__SEED_PARENT,   /* a parent's key, or NULL instead of one */
    DRIFT__SEED_MADE      /* a maker */
} drift__seed_origin;

typedef struct drift__seed_cell {
    drift__seed_column *column;
    drift_value base;
    drift__seed_values values;
    bool *placed; /* which of them stand in a row */
    drift__seed_origin origin;
    size_t chosen;
    drift_value own; /* what is bound unless it comes from `values` */
    drift__seed_scheme scheme;
    int64_t serial;
    int refusals; /* of new values, since one was taken */
} drift__seed_cell;

typedef struct drift__seed_row {
    drift__seeding *seeding;
    drift__seed_table *table;
    drift__arena arena;
    drift__seed_attempt attempt;
    drift__seed_cell *cells; /* as the table's columns */
    drift__seed_parents *parents;
    const drift_value **bound;
    drift_value rowid;        /* NULL: SQLite chooses */
    drift__seed_cell *pinned; /* whose value the row is made for, or NULL */
    int64_t made;
    int limit; /* of tries */
} drift__seed_row;

/** Reads the table's first row and the keys of up to `most_parents` parents for each foreign key. `found` is false if
 * there is no row to fall back upon. */
int drift__seed_row_begin(bool *found, drift__seed_row *row, drift__seeding *s, drift__seed_table *table,
                          size_t most_parents, drift_error *err);
void drift__seed_row_end(drift__seed_row *row);

/** The keys of at most `most` parents from now on. */
int drift__seed_parents_read(drift__seed_row *row, drift__seed_parents *parents, size_t most, drift_error *err);

/** The keys of the next `most` parents that have no child, in the order of their keys. They are in `arena`, and the
 * last one must stand until the next call. */
int drift__seed_parents_draw(drift__seed_row *row, drift__seed_parents *parents, size_t most, drift__arena *arena,
                             drift_error *err);

/** Makes the row anew: as the first one, but for what must differ. `nth` decides which parents. */
void drift__seed_row_reset(drift__seed_row *row, int64_t nth);

/** Gives all columns of foreign keys, which belong together, the first row's parents. Whether any had others. */
bool drift__seed_row_restore_parents(drift__seed_row *row);

/** Sets a column to one of the level's values. */
void drift__seed_row_choose(drift__seed_row *row, drift__seed_cell *cell, size_t value);

/** Tries the row, and changes it until SQLite takes it or nothing is left to change. */
int drift__seed_row_settle(bool *done, drift__seed_row *row, drift_error *err);

/** Tries the row as it is. */
int drift__seed_row_try(bool *done, drift__seed_row *row, drift_error *err);

#endif
