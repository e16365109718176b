/* grid.h — the runs of an outcome by where they start, where they lead and what data they had. */
#ifndef DRIFT_REPORT_GRID_H
#define DRIFT_REPORT_GRID_H

#include "drift/kit/outcome.h"

/** Versions ascend; levels are in the order of their first run. The texts are the outcome's. */
typedef struct drift__grid {
    const drift_outcome *outcome;
    int *from, *to;
    size_t from_count, to_count;
    const char **levels;
    size_t level_count;
} drift__grid;

/** Reads an outcome, whose runs are by from, to, level. The caller disposes, also of what failed. */
int drift__grid_read(drift__grid *grid, const drift_outcome *outcome, drift_error *err);

void drift__grid_dispose(drift__grid *grid);

/** The run from one version to another with this level of data, or NULL. */
const drift_run *drift__grid_run(const drift__grid *grid, int from, int to, const char *level);

/** The version stamp that was read at the start of the runs from a version: one for all of them, or 0 where no database
 * could be built. */
int drift__grid_started_at(const drift__grid *grid, int from, const char *level);

#endif
