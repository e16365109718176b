/* portion.h — dividing the pairs of a verification among several: shards, or processes. */
#ifndef DRIFT_VERIFY_PORTION_H
#define DRIFT_VERIFY_PORTION_H

#include <stddef.h>

#include "drift/error.h"

/** Pairs that follow one another and start at one version, whose database they share. */
typedef struct drift__portion {
    size_t first, count;
    size_t owner; /* whose it is once they are dealt, from 0 */
} drift__portion;

/**
 * Cuts pairs into portions. What starts at one version stays together unless it is more than a `workers`-th of all: it
 * is then cut evenly.
 * @param starts where each pair starts, ascending.
 * @param out in the order of the pairs; the caller frees it with drift__free.
 */
int drift__portions_cut(drift__portion **out, size_t *count, const int *starts, size_t pair_count, size_t workers,
                        drift_error *err);

/** Deals portions to owners: the largest first, each to who has the fewest pairs then. The same every time. */
int drift__portions_deal(drift__portion *portions, size_t count, size_t owners, drift_error *err);

#endif
