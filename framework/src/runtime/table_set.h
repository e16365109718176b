/* table_set.h — sets of tables, by the numbers that a tracker gives them. */
#ifndef DRIFT_RUNTIME_TABLE_SET_H
#define DRIFT_RUNTIME_TABLE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * All zero is the empty set. Nothing here fails: where there is no memory for a member the set becomes that of all
 * tables, because a change that is told for nothing does no harm and one that is not told does.
 */
typedef struct drift__table_set {
    uint64_t *words;
    size_t word_count;
    bool all;
} drift__table_set;

void drift__table_set_add(drift__table_set *set, size_t table);
void drift__table_set_merge(drift__table_set *into, const drift__table_set *from);
bool drift__table_set_has(const drift__table_set *set, size_t table);
bool drift__table_set_empty(const drift__table_set *set);

/** Whether the sets have a table in common; the empty set has none, even with all. */
bool drift__table_set_meets(const drift__table_set *a, const drift__table_set *b);

/** Takes out all members and keeps the memory. */
void drift__table_set_clear(drift__table_set *set);
void drift__table_set_dispose(drift__table_set *set);

#endif
