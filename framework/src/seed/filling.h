/* filling.h — gathering what a column might hold: who fills, and what is added. */
#ifndef DRIFT_SEED_FILLING_H
#define DRIFT_SEED_FILLING_H

#include "seed/graph.h"

typedef struct drift__filling {
    drift__seed_graph *graph;
    drift__seed_class *into;
    drift__seed_column *column; /* whose candidates are sought */
    int64_t seed;
    bool defaults; /* the column's default is a candidate too */
    int failed;
} drift__filling;

/** Adds a candidate that the domain allows and that is not there yet. Bytes and texts are borrowed, NULL adds none. */
void drift__filling_add(drift__filling *filling, drift_value value);
void drift__filling_add_integer(drift__filling *filling, int64_t integer);
void drift__filling_add_real(drift__filling *filling, double real);
void drift__filling_add_bytes(drift__filling *filling, drift_value_kind kind, const char *bytes, size_t length);
void drift__filling_add_text(drift__filling *filling, const char *text);

/** A text of one character, in the arena; NULL if there is no memory. */
char *drift__filling_repeated(drift__filling *filling, char c, size_t length);

/** Adds what the text of a constraint or a trigger names: literals and those beside them, what matches its patterns,
 * texts of its lengths, times, arrays. (mine.c) */
void drift__filling_mine(drift__filling *filling, const drift__seed_column *column, const char *text, size_t length);

/** Adds a JSON object that has something at every path that the table's CHECKs ask of this column. (json_paths.c) */
void drift__filling_add_json(drift__filling *filling, const drift__seed_table *table, const drift__seed_column *column);

#endif
