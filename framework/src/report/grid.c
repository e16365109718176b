/* grid.c */
#include "report/grid.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static void insert_sorted(int *list, size_t *count, int version)
{
    size_t at = *count;
    while (at > 0 && list[at - 1] > version) at--;
    if (at > 0 && list[at - 1] == version) return;
    memmove(list + at + 1, list + at, (*count - at) * sizeof *list);
    list[at] = version;
    (*count)++;
}

static bool has_level(const drift__grid *grid, const char *level)
{
    for (size_t i = 0; i < grid->level_count; i++) {
        if (strcmp(grid->levels[i], level) == 0) return true;
    }
    return false;
}

int drift__grid_read(drift__grid *grid, const drift_outcome *outcome, drift_error *err)
{
    const size_t room = outcome->run_count + 1;
    *grid = (drift__grid){.outcome = outcome};
    grid->from = drift__calloc(room, sizeof *grid->from);
    grid->to = drift__calloc(room, sizeof *grid->to);
    grid->levels = drift__calloc(room, sizeof *grid->levels);
    if (!grid->from || !grid->to || !grid->levels) return drift__no_memory(err);
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        insert_sorted(grid->from, &grid->from_count, run->from);
        insert_sorted(grid->to, &grid->to_count, run->to);
        if (!has_level(grid, run->data)) grid->levels[grid->level_count++] = run->data;
    }
    return DRIFT_OK;
}

void drift__grid_dispose(drift__grid *grid)
{
    drift__free(grid->from);
    drift__free(grid->to);
    drift__free(grid->levels);
    *grid = (drift__grid){0};
}

static bool is_before(const drift_run *run, int from, int to)
{
    return run->from != from ? run->from < from : run->to < to;
}

/* The first run that is not before (from, to). */
static size_t place_of(const drift_outcome *outcome, int from, int to)
{
    size_t low = 0, high = outcome->run_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (is_before(&outcome->runs[middle], from, to))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const drift_run *drift__grid_run(const drift__grid *grid, int from, int to, const char *level)
{
    const drift_outcome *outcome = grid->outcome;
    for (size_t i = place_of(outcome, from, to); i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        if (run->from != from || run->to != to) return NULL;
        if (strcmp(run->data, level) == 0) return run;
    }
    return NULL;
}

int drift__grid_started_at(const drift__grid *grid, int from, const char *level)
{
    const drift_outcome *outcome = grid->outcome;
    for (size_t i = place_of(outcome, from, from); i < outcome->run_count && outcome->runs[i].from == from; i++) {
        const drift_run *run = &outcome->runs[i];
        if (run->started_at && strcmp(run->data, level) == 0) return run->started_at;
    }
    return 0;
}
