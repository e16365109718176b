/* extra.c — what a level adds when all tables are filled: a sequence ahead of its rows, and children without parents
 * where they were asked for. */
#include <string.h>

#include "base/error.h"
#include "seed/row.h"

enum { AHEAD = 1000 };

/* As after a thousand rows that were deleted again: a migration that counts from the largest key gives keys twice. */
int drift__seed_advance(drift__seeding *s, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.table_count; i++) {
        const drift__seed_table *table = &s->graph.tables[i];
        if (!table->autoincrement) continue;
        const drift_value binds[] = {DRIFT_BIND_INT64(AHEAD), DRIFT_BIND_TEXT(table->name, strlen(table->name))};
        rc = drift_query(s->connection, "UPDATE main.sqlite_sequence SET seq = seq + ? WHERE lower(name) = lower(?)",
                         binds, 2, NULL, NULL, err);
    }
    return rc;
}

/* ---- orphans ---- */

/* A key that no parent has: made out of one that a parent has. */
static void miss_parent(drift__seed_row *row, const drift__seed_parents *parents, int64_t serial)
{
    for (size_t i = 0; i < parents->reference->count; i++) {
        drift__seed_cell *cell = &row->cells[parents->reference->child_columns[i] - row->table->columns];
        cell->origin = DRIFT__SEED_LEVEL;
        cell->values.items[0] =
            drift__seed_fresh(cell->column, &parents->keys[i], DRIFT__SEED_COUNT_UP, serial, &row->arena);
        cell->chosen = 0;
    }
}

static int orphan(drift__seed_row *row, const drift__seed_parents *parents, drift_error *err)
{
    bool done = false;
    for (size_t i = 0; i < row->table->column_count; i++) {
        drift__seed_cell *cell = &row->cells[i];
        cell->values.items = drift__arena_array(&row->arena, 1, sizeof *cell->values.items);
        cell->placed = drift__arena_array(&row->arena, 1, sizeof *cell->placed);
        if (!cell->values.items || !cell->placed) return drift__no_memory(err);
    }
    drift__seed_row_reset(row, 0);
    miss_parent(row, parents, INT32_MAX);
    return drift__seed_row_settle(&done, row, err);
}

/* One child without a parent for each foreign key, where the table's own constraints let it in. */
static int orphan_table(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    drift__seed_row row;
    bool found = false;
    int rc = drift__seed_row_begin(&found, &row, s, table, 1, err);
    row.limit = INT32_MAX;
    row.attempt.parents = false;
    for (size_t i = 0; rc == DRIFT_OK && found && i < table->reference_count; i++) {
        const drift__seed_reference *reference = &table->references[i];
        if (reference->usable && !reference->by_trigger && row.parents[i].count)
            rc = orphan(&row, &row.parents[i], err);
    }
    drift__seed_row_end(&row);
    return rc;
}

int drift__seed_orphan(drift__seeding *s, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.table_count; i++) {
        drift__seed_table *table = &s->graph.tables[i];
        if (!table->is_virtual && !table->reason && table->reference_count) rc = orphan_table(s, table, err);
    }
    return rc;
}
