/* maker.h — the rows of level `many`: each follows from its number alone, by arithmetic. */
#ifndef DRIFT_SEED_MAKER_H
#define DRIFT_SEED_MAKER_H

#include "base/str.h"
#include "seed/row.h"

typedef enum drift__seed_making {
    DRIFT__SEED_SAME = 0, /* as the first row */
    DRIFT__SEED_SERIAL,   /* drift__seed_fresh */
    DRIFT__SEED_ROUND,    /* the cell's values, one after another */
    DRIFT__SEED_KEY,      /* a column of a parent's key */
    DRIFT__SEED_OWN_KEY   /* the key of an earlier row of this table */
} drift__seed_making;

/** How one column is made. */
typedef struct drift__seed_made {
    drift__seed_making making;
    drift__seed_cell *cell;
    drift__seed_scheme scheme;          /* SERIAL */
    int64_t divisor;                    /* ROUND, KEY: every so many rows the next one */
    const drift__seed_parents *parents; /* KEY */
    size_t part;                        /* KEY: which value of it */
    size_t key;                         /* OWN_KEY: the column that is referenced */
    bool itself;                        /* OWN_KEY: the row's own key, for it must be unique */
    char *text;                         /* a copy of the text that it is made of, with room behind it */
} drift__seed_made;

typedef struct drift__seed_maker {
    drift__seed_row *row;
    drift__seed_made *columns;
    int64_t sound;  /* rows with a lower number are all there */
    int64_t window; /* the number of the row that takes the first key of a stream */
    int64_t most;   /* rows that there can be */
} drift__seed_maker;

/** Finds out how each column of a table can be made, by trying rows that do not stay. Everything is in the row's arena.
 */
int drift__seed_maker_plan(drift__seed_maker *maker, drift__seed_row *row, int64_t rows, drift_error *err);

/** Puts the row of a number by itself, changed where it must be. */
int drift__seed_maker_settle(bool *done, drift__seed_maker *maker, drift_value *values, int64_t number,
                             drift_error *err);

/** The row of a number, from 1; `payload` is a maker. Texts are borrowed until the next call. */
void drift__seed_make(drift_value *values, int64_t number, void *payload);

#endif
