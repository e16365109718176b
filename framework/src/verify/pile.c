/* pile.c — an external merge sort.
 *
 * A run is what was in memory once. Where FAN runs of one level stand in a row they become one of the next, so that
 * neither the runs to be merged at once nor the times that a record is written grow with more than the logarithm.
 */
#include "verify/pile.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* A chunk of 16 KB. */
enum { CHUNK = 682, FAN = 16 };

typedef struct drift__pile_run {
    int level;
    int64_t first, next, end;     /* chunks: the run's first, the next to be read, the one behind the last */
    drift__pile_record *chunk;    /* room for one; NULL: nothing is to be read */
    const drift__pile_record *at; /* the next record, up to `stop` */
    const drift__pile_record *stop;
} drift__pile_run;

static int order(const drift__pile_record *a, const drift__pile_record *b)
{
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    if (a->high != b->high) return a->high < b->high ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static int order_of(const void *a, const void *b)
{
    return order(a, b);
}

/* ---- chunks ---- */

int drift__pile_store_open(const drift__pile_store *store, drift_error *err)
{
    return drift_exec(store->connection,
                      "CREATE TEMP TABLE IF NOT EXISTS drift__chunks (chunk INTEGER PRIMARY KEY, records BLOB)", err);
}

static int write_chunk(drift__pile_store *store, const drift__pile_record *records, size_t count, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(store->next_chunk),
                                 DRIFT_BIND_BLOB(records, count * sizeof *records)};
    store->next_chunk++;
    return drift_query(store->connection, "REPLACE INTO temp.drift__chunks VALUES (?, ?)", binds, 2, NULL, NULL, err);
}

static int take_chunk(drift_statement *row, void *payload, drift_error *err)
{
    drift__pile_run *run = payload;
    const drift_value value = drift_column_value(row, 0);
    if (!value.bytes || value.length > CHUNK * sizeof *run->chunk) return drift__no_memory(err);
    memcpy(run->chunk, value.bytes, value.length);
    run->at = run->chunk;
    run->stop = run->chunk + value.length / sizeof *run->chunk;
    return DRIFT_OK;
}

/* Has the next record at `run->at`, or stands at `stop` behind the last. */
static int refill(drift__pile_run *run, drift__pile_store *store, drift_error *err)
{
    if (run->at != run->stop || run->next == run->end) return DRIFT_OK;
    const drift_value chunk = DRIFT_BIND_INT64(run->next);
    run->next++;
    return drift_query(store->connection, "SELECT records FROM temp.drift__chunks WHERE chunk = ?", &chunk, 1,
                       take_chunk, run, err);
}

static int drop_chunks(drift__pile_store *store, int64_t first, int64_t end, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(first), DRIFT_BIND_INT64(end)};
    return drift_query(store->connection, "DELETE FROM temp.drift__chunks WHERE chunk >= ? AND chunk < ?", binds, 2,
                       NULL, NULL, err);
}

/* ---- merging: a heap of runs, the one with the least record first ---- */

static bool comes_before(const drift__pile *pile, size_t a, size_t b)
{
    return order(pile->runs[pile->heap[a]].at, pile->runs[pile->heap[b]].at) < 0;
}

static void sift_down(drift__pile *pile, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < pile->heap_count; child++) {
            if (comes_before(pile, child, least)) least = child;
        }
        if (least == at) return;
        const size_t run = pile->heap[at];
        pile->heap[at] = pile->heap[least];
        pile->heap[least] = run;
        at = least;
    }
}

static int begin_merge(drift__pile *pile, size_t first, drift_error *err)
{
    int rc = DRIFT_OK;
    pile->heap = drift__calloc(pile->run_count - first + 1, sizeof *pile->heap);
    pile->heap_count = 0;
    if (!pile->heap) return drift__no_memory(err);
    for (size_t i = first; rc == DRIFT_OK && i < pile->run_count; i++) {
        drift__pile_run *run = &pile->runs[i];
        if (run->next != run->end) {
            run->chunk = drift__calloc(CHUNK, sizeof *run->chunk);
            rc = run->chunk ? refill(run, pile->store, err) : drift__no_memory(err);
        }
        if (run->at != run->stop) pile->heap[pile->heap_count++] = i;
    }
    for (size_t i = pile->heap_count / 2; rc == DRIFT_OK && i-- > 0;) sift_down(pile, i);
    return rc;
}

static void end_merge(drift__pile *pile, size_t first)
{
    for (size_t i = first; i < pile->run_count; i++) {
        drift__free(pile->runs[i].chunk);
        pile->runs[i].chunk = NULL;
    }
    drift__free(pile->heap);
    pile->heap = NULL;
    pile->heap_count = 0;
}

static int take_least(drift__pile_record *out, drift__pile *pile, drift_error *err)
{
    drift__pile_run *run = &pile->runs[pile->heap[0]];
    *out = *run->at++;
    const int rc = refill(run, pile->store, err);
    if (rc == DRIFT_OK && run->at == run->stop) pile->heap[0] = pile->heap[--pile->heap_count];
    if (rc == DRIFT_OK) sift_down(pile, 0);
    return rc;
}

/* ---- runs ---- */

static int add_run(drift__pile *pile, const drift__pile_run *run, drift_error *err)
{
    if (drift__reserve((void **)&pile->runs, &pile->run_capacity, pile->run_count + 1, sizeof *pile->runs) != 0)
        return drift__no_memory(err);
    pile->runs[pile->run_count++] = *run;
    return DRIFT_OK;
}

/* Writes all that the heap hands out. */
static int write_merged(drift__pile *pile, drift__pile_record *room, drift_error *err)
{
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && pile->heap_count) {
        size_t count = 0;
        while (rc == DRIFT_OK && count < CHUNK && pile->heap_count) rc = take_least(&room[count++], pile, err);
        if (rc == DRIFT_OK) rc = write_chunk(pile->store, room, count, err);
    }
    return rc;
}

/* The last FAN runs become one. */
static int merge_last(drift__pile *pile, drift_error *err)
{
    const size_t first = pile->run_count - FAN;
    drift__pile_run merged = {
        .level = pile->runs[first].level + 1, .first = pile->store->next_chunk, .next = pile->store->next_chunk};
    drift__pile_record *room = drift__calloc(CHUNK, sizeof *room);
    int rc = room ? begin_merge(pile, first, err) : drift__no_memory(err);
    if (rc == DRIFT_OK) rc = write_merged(pile, room, err);
    end_merge(pile, first);
    drift__free(room);
    if (rc != DRIFT_OK) return rc;
    merged.end = pile->store->next_chunk;
    for (size_t i = first; rc == DRIFT_OK && i < pile->run_count; i++)
        rc = drop_chunks(pile->store, pile->runs[i].first, pile->runs[i].end, err);
    pile->run_count = first;
    return rc == DRIFT_OK ? add_run(pile, &merged, err) : rc;
}

static bool is_row_of_equals(const drift__pile *pile)
{
    const size_t count = pile->run_count;
    return count >= FAN && pile->runs[count - FAN].level == pile->runs[count - 1].level;
}

static int write_run(drift__pile *pile, drift_error *err)
{
    drift__pile_run run = {.first = pile->store->next_chunk, .next = pile->store->next_chunk};
    int rc = DRIFT_OK;
    qsort(pile->records, pile->count, sizeof *pile->records, order_of);
    for (size_t at = 0; rc == DRIFT_OK && at < pile->count; at += CHUNK)
        rc = write_chunk(pile->store, pile->records + at, pile->count - at < CHUNK ? pile->count - at : CHUNK, err);
    run.end = pile->store->next_chunk;
    pile->count = 0;
    if (rc == DRIFT_OK) rc = add_run(pile, &run, err);
    while (rc == DRIFT_OK && is_row_of_equals(pile)) rc = merge_last(pile, err);
    return rc;
}

/* ---- */

int drift__pile_add(drift__pile *pile, drift__pile_record record, drift_error *err)
{
    const int rc = pile->count == DRIFT__PILE_MEMORY ? write_run(pile, err) : DRIFT_OK;
    if (rc != DRIFT_OK) return rc;
    if (drift__reserve((void **)&pile->records, &pile->capacity, pile->count + 1, sizeof record) != 0)
        return drift__no_memory(err);
    pile->records[pile->count++] = record;
    pile->size++;
    return DRIFT_OK;
}

int drift__pile_sort(drift__pile *pile, drift_error *err)
{
    if (pile->count) qsort(pile->records, pile->count, sizeof *pile->records, order_of);
    const drift__pile_run last = {.at = pile->records, .stop = pile->count ? pile->records + pile->count : NULL};
    const int rc = add_run(pile, &last, err);
    return rc == DRIFT_OK ? begin_merge(pile, 0, err) : rc;
}

int drift__pile_next(bool *some, drift__pile_record *out, drift__pile *pile, drift_error *err)
{
    *some = pile->heap_count > 0;
    return *some ? take_least(out, pile, err) : DRIFT_OK;
}

void drift__pile_dispose(drift__pile *pile)
{
    end_merge(pile, 0);
    drift__free(pile->runs);
    drift__free(pile->records);
    *pile = (drift__pile){.store = pile->store};
}
