/* uniques.h — for the option that a UNIQUE constraint and a CREATE UNIQUE INDEX on the same columns are equal. */
#ifndef DRIFT_COMPARE_UNIQUES_H
#define DRIFT_COMPARE_UNIQUES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/map.h"
#include "compare/catalog.h"
#include "compare/normalise.h"

/** What one schema keeps unique, and how. */
typedef struct drift__unique_side {
    drift__map indexes;
    drift__map constraints;
} drift__unique_side;

/** All zero where the option is off: then nothing is kept. */
typedef struct drift__uniques {
    drift__unique_side expected;
    drift__unique_side actual;
    drift__arena arena;
} drift__uniques;

/** @return 0, or -1 if there is no memory (to be disposed all the same). */
int drift__uniques_init(drift__uniques *uniques, const drift__catalog *expected, const drift__catalog *actual);
void drift__uniques_dispose(drift__uniques *uniques);

/** The key of an index under which it is kept; NULL if no constraint can be equal to it, or there is no memory. */
const char *drift__unique_index_key(drift__arena *arena, const drift_index *index, const drift__catalog *catalog);

/** The key of a table's UNIQUE; NULL if no index can be equal to it, or there is no memory. */
const char *drift__unique_rule_key(drift__arena *arena, const drift__rule *rule, const drift_table *table);

#endif
