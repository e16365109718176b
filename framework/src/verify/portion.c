/* portion.c */
#include "verify/portion.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* ---- cutting ---- */

static size_t divided_up(size_t count, size_t by)
{
    return count / by + (count % by != 0);
}

static size_t start_length(const int *starts, size_t first, size_t pair_count)
{
    size_t end = first;
    while (end < pair_count && starts[end] == starts[first]) end++;
    return end - first;
}

int drift__portions_cut(drift__portion **out, size_t *count, const int *starts, size_t pair_count, size_t workers,
                        drift_error *err)
{
    const size_t most = divided_up(pair_count, workers);
    drift__portion *portions = drift__calloc(pair_count + 1, sizeof *portions);
    *out = portions;
    *count = 0;
    if (!portions) return drift__no_memory(err);
    for (size_t first = 0; first < pair_count;) {
        const size_t length = start_length(starts, first, pair_count), pieces = divided_up(length, most);
        for (size_t i = 0; i < pieces; i++) {
            const size_t begin = length * i / pieces, end = length * (i + 1) / pieces;
            portions[(*count)++] = (drift__portion){.first = first + begin, .count = end - begin};
        }
        first += length;
    }
    return DRIFT_OK;
}

/* ---- dealing ---- */

static int largest_first(const void *a, const void *b)
{
    const drift__portion *left = *(drift__portion *const *)a, *right = *(drift__portion *const *)b;
    if (left->count != right->count) return left->count > right->count ? -1 : 1;
    return left->first < right->first ? -1 : 1;
}

static size_t least(const size_t *loads, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        if (loads[i] < loads[best]) best = i;
    }
    return best;
}

int drift__portions_deal(drift__portion *portions, size_t count, size_t owners, drift_error *err)
{
    const size_t used = owners < count ? owners : count; /* others get none */
    drift__portion **order = drift__calloc(count + 1, sizeof(drift__portion *));
    size_t *loads = drift__calloc(used + 1, sizeof *loads);
    const int rc = order && loads ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) order[i] = &portions[i];
    if (rc == DRIFT_OK) qsort(order, count, sizeof(drift__portion *), largest_first);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) {
        order[i]->owner = least(loads, used);
        loads[order[i]->owner] += order[i]->count;
    }
    drift__free(loads);
    drift__free(order);
    return rc;
}
