/* rows.c — results as data. */
#include "executor/rows.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "runtime/value.h"

struct drift_rows {
    atomic_size_t references;
    drift__arena arena; /* names, texts and blobs */
    const char **names;
    int column_count;
    drift_value *values; /* row by row */
    size_t count, capacity;
    size_t bytes;
};

size_t drift_rows_count(const drift_rows *rows)
{
    return rows ? rows->count : 0;
}

int drift_rows_column_count(const drift_rows *rows)
{
    return rows ? rows->column_count : 0;
}

const char *drift_rows_column_name(const drift_rows *rows, int column)
{
    return rows && column >= 0 && column < rows->column_count ? rows->names[column] : NULL;
}

drift_value drift_rows_value(const drift_rows *rows, size_t row, int column)
{
    if (row >= drift_rows_count(rows) || column < 0 || column >= rows->column_count)
        return (drift_value){.kind = DRIFT_NULL};
    return rows->values[row * (size_t)rows->column_count + (size_t)column];
}

static bool same_names(const drift_rows *a, const drift_rows *b)
{
    for (int i = 0; i < a->column_count; i++) {
        if (strcmp(a->names[i], b->names[i]) != 0) return false;
    }
    return true;
}

bool drift_rows_same(const drift_rows *a, const drift_rows *b)
{
    if (a == b) return true;
    if (!a || !b || a->count != b->count || a->column_count != b->column_count || !same_names(a, b)) return false;
    for (size_t i = 0; i < a->count * (size_t)a->column_count; i++) {
        if (!drift__value_same(&a->values[i], &b->values[i])) return false;
    }
    return true;
}

/* Counting is the one thing that changes in rows. */
static drift_rows *counted(const drift_rows *rows)
{
    return (drift_rows *)(uintptr_t)rows;
}

const drift_rows *drift_rows_retain(const drift_rows *rows)
{
    if (rows) atomic_fetch_add_explicit(&counted(rows)->references, 1, memory_order_relaxed);
    return rows;
}

void drift_rows_free(const drift_rows *rows)
{
    drift_rows *own = counted(rows);
    if (!own || atomic_fetch_sub_explicit(&own->references, 1, memory_order_acq_rel) > 1) return;
    drift__arena_dispose(&own->arena);
    drift__free(own->values);
    drift__free(own);
}

int drift__rows_header(drift_rows **out, drift_statement *statement, drift_error *err)
{
    drift_rows *rows = drift__calloc(1, sizeof *rows);
    *out = rows;
    if (!rows) return drift__no_memory(err);
    atomic_init(&rows->references, 1);
    rows->column_count = drift_column_count(statement);
    rows->names = drift__arena_array(&rows->arena, (size_t)rows->column_count, sizeof *rows->names);
    for (int i = 0; rows->names && i < rows->column_count; i++)
        rows->names[i] = drift__arena_strdup(&rows->arena, drift_column_name(statement, i));
    for (int i = 0; rows->names && i < rows->column_count; i++) {
        if (!rows->names[i]) rows->arena.failed = 1;
    }
    if (!rows->arena.failed) return DRIFT_OK;
    drift_rows_free(rows);
    *out = NULL;
    return drift__no_memory(err);
}

static int add_row(drift_rows *rows, drift_statement *statement, drift_error *err)
{
    const size_t width = (size_t)rows->column_count, at = rows->count * width;
    if (drift__reserve((void **)&rows->values, &rows->capacity, at + width, sizeof *rows->values) != 0)
        return drift__no_memory(err);
    for (int i = 0; i < rows->column_count; i++) {
        const drift_value value = drift_column_value(statement, i);
        if ((value.kind == DRIFT_TEXT || value.kind == DRIFT_BLOB) && !value.bytes) return drift__no_memory(err);
        rows->values[at + (size_t)i] = drift__value_copy(&rows->arena, &value);
        rows->bytes += sizeof value + value.length;
    }
    if (rows->arena.failed) return drift__no_memory(err);
    rows->count++;
    return DRIFT_OK;
}

/* The columns are settled by the first step (a statement may be compiled again by it), so they are asked for after it.
 */
int drift__rows_read(drift_rows **out, bool *more, drift_statement *statement, drift__rows_limit limit,
                     drift_error *err)
{
    *out = NULL;
    *more = true;
    int rc = drift_statement_step(more, statement, err);
    if (rc == DRIFT_OK) rc = drift__rows_header(out, statement, err);
    drift_rows *rows = *out;
    while (rc == DRIFT_OK && *more) {
        rc = add_row(rows, statement, err);
        if (rc == DRIFT_OK && (rows->count >= limit.rows || rows->bytes >= limit.bytes)) break;
        if (rc == DRIFT_OK) rc = drift_statement_step(more, statement, err);
    }
    if (rc != DRIFT_OK) *more = false;
    return rc;
}
