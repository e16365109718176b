/* grow.c — the levels `boundary` and `hostile`.
 *
 * Every value that the level has for a column is to stand in at least one row. So row after row takes the next value of
 * each column, all columns at once, each beginning elsewhere; what is refused falls back to the first row (row.h).
 * Values that found no place then get a row of their own, if need be with other columns changed to go with them. A
 * value that SQLite never takes is left out. Bounded by MOST_TRIES for a table.
 */
#include <string.h>

#include "base/error.h"
#include "runtime/value.h"
#include "seed/row.h"

enum {
    LEAST_ROWS = 6,
    MOST_ROWS = 40,
    MOST_TRIES = 1500,
    MOST_PARTNERS = 24,
    MOST_PARENTS = 64,
    DUPLICATES = 2,
    GAP = 1000
};

static int fill_values(drift__seed_row *row, drift_error *err)
{
    static const drift_value null = DRIFT_BIND_NULL;
    const drift_data_level level = row->seeding->options->level;
    for (size_t i = 0; i < row->table->column_count; i++) {
        drift__seed_cell *cell = &row->cells[i];
        if (!cell->column->references) {
            drift__seed_values_fill(&cell->values, row->table, cell->column, level, &row->arena);
        } else if (!cell->column->not_null && !cell->column->is_rowid) {
            /* Its values are its parents'; it may have none. */
            cell->values.items = drift__arena_copy(&row->arena, &null, 1, sizeof null);
            cell->values.count = 1;
        }
        cell->placed = drift__arena_array(&row->arena, cell->values.count + 1, sizeof *cell->placed);
    }
    return row->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

/* ---- row after row ---- */

static size_t row_count(const drift__seed_row *row)
{
    size_t most = LEAST_ROWS;
    for (size_t i = 0; i < row->table->column_count; i++) {
        if (row->cells[i].values.count > most) most = row->cells[i].values.count;
    }
    for (size_t i = 0; i < row->table->reference_count; i++) {
        /* Each gets a child, and every fourth child has no parent. */
        const size_t children = row->parents[i].count / 3 * 4 + 4;
        if (children > most) most = children;
    }
    return most < MOST_ROWS ? most : MOST_ROWS;
}

/* Where a column's values begin follows from its place and the seed: neighbours of one type, latitude and longitude,
 * must not hold the same in every row, or nobody would see them exchanged. */
static size_t shift_of(const drift__seed_row *row, size_t place)
{
    return (size_t)((uint64_t)row->seeding->options->seed * 2654435761u % 104729) + place;
}

static void choose_values(drift__seed_row *row, size_t nth)
{
    for (size_t i = 0; i < row->table->column_count; i++) {
        drift__seed_cell *cell = &row->cells[i];
        if (!cell->values.count || cell->column->references) continue;
        if (cell->column->unique && nth >= cell->values.count) continue; /* each only once */
        drift__seed_row_choose(row, cell, (nth + shift_of(row, i)) % cell->values.count);
    }
    /* Gaps in rowids that no column shows. */
    if (nth % 4 == 1) row->rowid = (drift_value){.kind = DRIFT_INTEGER, .integer = ((int64_t)nth + 1) * GAP};
}

/* A table refers to itself: by then there are more parents. */
static int refresh_parents(drift__seed_row *row, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < row->table->reference_count; i++) {
        drift__seed_parents *parents = &row->parents[i];
        if (parents->reference->usable && parents->reference->parent == row->table)
            rc = drift__seed_parents_read(row, parents, MOST_ROWS, err);
    }
    return rc;
}

static int rotate(drift__seed_row *row, drift_error *err)
{
    int rc = DRIFT_OK;
    const size_t count = row_count(row);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) {
        bool done = false;
        if ((rc = refresh_parents(row, err)) != DRIFT_OK) return rc;
        drift__seed_row_reset(row, (int64_t)i);
        choose_values(row, i);
        rc = drift__seed_row_settle(&done, row, err);
    }
    return rc;
}

/* ---- what found no place ---- */

/* Other columns that the refusal speaks of take their own values, one after another, until they go with the pinned
 * one. */
static int vary_partner(bool *done, drift__seed_row *row, drift__seed_cell *partner, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && !*done && i < partner->values.count && i < MOST_PARTNERS; i++) {
        if (row->attempt.tries >= row->limit) return DRIFT_OK;
        drift__seed_row_choose(row, partner, i);
        rc = drift__seed_row_try(done, row, err);
    }
    return rc;
}

static int vary_partners(bool *done, drift__seed_row *row, drift_error *err)
{
    drift__seed_column *implicated[DRIFT__SEED_MOST_IMPLICATED];
    const size_t count = row->attempt.implicated_count;
    int rc = DRIFT_OK;
    memcpy(implicated, row->attempt.implicated, sizeof implicated);
    for (size_t i = 0; rc == DRIFT_OK && !*done && i < count && count < 4; i++) {
        drift__seed_cell *partner = &row->cells[implicated[i] - row->table->columns];
        if (partner == row->pinned || partner->column->references) continue;
        const drift__seed_origin before = partner->origin;
        rc = vary_partner(done, row, partner, err);
        if (!*done) partner->origin = before;
    }
    return rc;
}

static int place(drift__seed_row *row, drift__seed_cell *cell, size_t value, drift_error *err)
{
    bool done = false;
    drift__seed_row_reset(row, 0);
    row->pinned = cell;
    drift__seed_row_choose(row, cell, value);
    const int rc = drift__seed_row_settle(&done, row, err);
    if (rc != DRIFT_OK || done || drift__seed_is_duplicate(&row->attempt)) return rc;
    return vary_partners(&done, row, err);
}

static int place_rest(drift__seed_row *row, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < row->table->column_count; i++) {
        drift__seed_cell *cell = &row->cells[i];
        for (size_t k = 0; rc == DRIFT_OK && k < cell->values.count && row->attempt.tries < row->limit; k++) {
            if (!cell->placed[k]) rc = place(row, cell, k, err);
        }
    }
    return rc;
}

/* ---- */

/* Rows that are as the first one, where nothing must be unique, their parents as well: a later UNIQUE may be over a
 * foreign key and another column. */
static int repeat(drift__seed_row *row, drift_error *err)
{
    int rc = DRIFT_OK;
    for (int i = 0; rc == DRIFT_OK && i < DUPLICATES; i++) {
        bool done = false;
        drift__seed_row_reset(row, 0);
        (void)drift__seed_row_restore_parents(row);
        rc = drift__seed_row_settle(&done, row, err);
    }
    return rc;
}

int drift__seed_grow(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    drift__seed_row row;
    bool found = false;
    int rc = drift__seed_row_begin(&found, &row, s, table, MOST_PARENTS, err);
    row.limit = MOST_TRIES;
    if (rc == DRIFT_OK && found) rc = fill_values(&row, err);
    if (rc == DRIFT_OK && found) rc = rotate(&row, err);
    if (rc == DRIFT_OK && found) rc = place_rest(&row, err);
    if (rc == DRIFT_OK && found) rc = repeat(&row, err);
    drift__seed_row_end(&row);
    return rc;
}
