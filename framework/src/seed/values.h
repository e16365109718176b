/* values.h — what a level of data wants to see in a column, and values that were not there yet. */
#ifndef DRIFT_SEED_VALUES_H
#define DRIFT_SEED_VALUES_H

#include "drift/kit/seed.h"
#include "seed/graph.h"

typedef struct drift__seed_values {
    drift_value *items; /* in the arena */
    size_t count, capacity;
} drift__seed_values;

/** Fills the values of a level for a column, without those that its domain forbids. Not all of them need be possible.
 * NO_MEMORY is told by `arena->failed`. */
void drift__seed_values_fill(drift__seed_values *values, const drift__seed_table *table,
                             const drift__seed_column *column, drift_data_level level, drift__arena *arena);

/** Ways to make a value that was not there yet out of one that was taken. */
typedef enum drift__seed_scheme {
    DRIFT__SEED_COUNT_UP = 0, /* 5, 6, 7; 'a 1', 'a 2' */
    DRIFT__SEED_TURN,         /* 5, 4, 3; 'a07', 'a08': a text of the same length, digits stay digits */
    DRIFT__SEED_CANDIDATES,   /* what the constraints speak of, one after another */
    DRIFT__SEED_SCHEMES
} drift__seed_scheme;

/** The `serial`th value (from 1) that a scheme makes out of `base`. NULL stays NULL. */
drift_value drift__seed_fresh(const drift__seed_column *column, const drift_value *base, drift__seed_scheme scheme,
                              int64_t serial, drift__arena *arena);

/** The scheme TURN in place: `bytes` are a copy of those of `base`, a text or a blob. */
void drift__seed_turn(char *bytes, const drift_value *base, int64_t serial);

/** Whether there is such a domain ("integer"). */
bool drift__seed_is_domain(const char *domain);

/** Whether it is the domain "json", whose values the level's own are not. `domain` may be NULL. */
bool drift__seed_is_json_domain(const char *domain);

/** Whether a domain lets a value through; NULL passes all but none of them asks for it. `domain` may be NULL. */
bool drift__seed_allows(const char *domain, const drift_value *value);

#endif
