/* rows.c — reading rows, and matching them: by key where all its values are there, else as a multiset, the remainder by
 * rowid. Sorting and merging, so that a table of a million rows costs n log n. */
#include "verify/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/value.h"
#include "sql/quote.h"

typedef struct reading {
    drift__table_rows *rows;
    const drift__table_rows_query *query;
} reading;

static void digest_row(drift__row *row, const drift__table_rows_query *query)
{
    drift__digest_state state;
    drift__digest_begin(&state);
    for (size_t i = 0; i < query->column_count; i++) drift__digest_value(&state, &row->values[i]);
    row->whole = drift__digest_end(&state);
    row->has_key = query->key_count > 0;
    drift__digest_begin(&state);
    for (size_t i = 0; row->values && i < query->key_count; i++) {
        const drift_value *value = &row->values[query->key[i]];
        if (value->kind == DRIFT_NULL) row->has_key = false;
        drift__digest_value(&state, value);
    }
    row->key = drift__digest_end(&state);
}

/* The key's values as the target's types make them; they stand behind the columns. */
static void digest_cast(drift__row *row, drift_statement *statement, int first, const drift__table_rows_query *query)
{
    drift__digest_state state;
    row->cast = row->key;
    if (!query->key_types) return;
    drift__digest_begin(&state);
    for (size_t i = 0; i < query->key_count; i++) {
        const drift_value value = drift_column_value(statement, first + (int)i);
        drift__digest_value(&state, &value);
    }
    row->cast = drift__digest_end(&state);
}

static int take_row(drift_statement *statement, void *payload, drift_error *err)
{
    reading *r = payload;
    drift__table_rows *rows = r->rows;
    const size_t skip = r->query->rowid ? 1 : 0;
    if (drift__reserve((void **)&rows->rows, &rows->capacity, rows->count + 1, sizeof *rows->rows) != 0)
        return drift__no_memory(err);
    drift__row *row = &rows->rows[rows->count];
    *row = (drift__row){.has_rowid = skip == 1, .rowid = skip ? drift_column_int64(statement, 0) : 0};
    row->values = drift__arena_array(&rows->arena, rows->column_count + 1, sizeof *row->values);
    for (size_t i = 0; row->values && i < rows->column_count; i++) {
        const drift_value value = drift_column_value(statement, (int)(i + skip));
        row->values[i] = drift__value_copy(&rows->arena, &value);
    }
    if (rows->arena.failed) return drift__no_memory(err);
    digest_row(row, r->query);
    digest_cast(row, statement, (int)(rows->column_count + skip), r->query);
    rows->count++;
    return DRIFT_OK;
}

static int write_query(char **out, const drift__table_rows_query *query, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    if (query->rowid) drift__str_puts(&sql, query->rowid);
    for (size_t i = 0; i < query->column_count; i++) {
        if (i || query->rowid) drift__str_puts(&sql, ", ");
        drift__put_quoted(&sql, query->columns[i]);
    }
    if (!query->rowid && !query->column_count) drift__str_putc(&sql, '1');
    for (size_t i = 0; query->key_types && i < query->key_count; i++) {
        drift__str_puts(&sql, ", CAST(");
        drift__put_quoted(&sql, query->columns[query->key[i]]);
        drift__str_printf(&sql, " AS %s)", query->key_types[i]);
    }
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, query->table);
    return drift__str_take(out, &sql, err);
}

int drift__table_rows_read(drift__table_rows *out, drift_connection *connection, const drift__table_rows_query *query,
                           drift_error *err)
{
    reading r = {out, query};
    char *sql = NULL;
    *out = (drift__table_rows){.arena = DRIFT__ARENA_INIT, .column_count = query->column_count};
    int rc = write_query(&sql, query, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, sql, NULL, 0, take_row, &r, err);
    drift__free(sql);
    return rc;
}

void drift__table_rows_dispose(drift__table_rows *rows)
{
    drift__free(rows->rows);
    drift__arena_dispose(&rows->arena);
    *rows = (drift__table_rows){.arena = DRIFT__ARENA_INIT};
}

/* ---- matching ---- */

static int compare_digests(drift__digest a, drift__digest b)
{
    if (a.high != b.high) return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

static int by_key(const void *a, const void *b)
{
    drift__row *const *left = a, *const *right = b;
    const int order = compare_digests((*left)->key, (*right)->key);
    return order ? order : compare_digests((*left)->whole, (*right)->whole);
}

static int by_whole(const void *a, const void *b)
{
    drift__row *const *left = a, *const *right = b;
    return compare_digests((*left)->whole, (*right)->whole);
}

static int by_rowid(const void *a, const void *b)
{
    drift__row *const *left = a, *const *right = b;
    return (*left)->rowid < (*right)->rowid ? -1 : (*left)->rowid > (*right)->rowid;
}

static bool with_key(const drift__row *row)
{
    return row->has_key;
}

/* Rows that have a key are matched by nothing else. */
static bool without_key(const drift__row *row)
{
    return !row->has_key;
}

static bool without_key_with_rowid(const drift__row *row)
{
    return !row->has_key && row->has_rowid;
}

/* Rows that this way of matching is for and that have no match yet, sorted. */
static size_t select_rows(drift__row **out, drift__table_rows *rows, bool (*wanted)(const drift__row *),
                          int (*order)(const void *, const void *))
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (!rows->rows[i].match && wanted(&rows->rows[i])) out[count++] = &rows->rows[i];
    }
    if (count) qsort(out, count, sizeof(drift__row *), order);
    return count;
}

typedef struct matching {
    bool (*wanted)(const drift__row *);
    int (*order)(const void *, const void *); /* sorts */
    int (*same)(const void *, const void *);  /* decides */
} matching;

static int same_key(const void *a, const void *b)
{
    drift__row *const *left = a, *const *right = b;
    return compare_digests((*left)->key, (*right)->key);
}

static void merge(drift__row **before, size_t before_count, drift__row **after, size_t after_count, const matching *way)
{
    size_t i = 0, k = 0;
    while (i < before_count && k < after_count) {
        const int order = way->same(&before[i], &after[k]);
        if (order == 0) {
            before[i]->match = after[k];
            after[k]->match = before[i];
        }
        if (order <= 0) i++;
        if (order >= 0) k++;
    }
}

/* A key that was retyped may have become what CAST makes of it: 7 may be '7' now. */
static void cast_keys(drift__table_rows *before)
{
    for (size_t i = 0; i < before->count; i++) {
        if (!before->rows[i].match) before->rows[i].key = before->rows[i].cast;
    }
}

int drift__table_rows_match(drift__table_rows *before, drift__table_rows *after, drift_error *err)
{
    static const matching ways[] = {{with_key, by_key, same_key},
                                    {with_key, by_key, same_key},
                                    {without_key, by_whole, by_whole},
                                    {without_key_with_rowid, by_rowid, by_rowid}};
    drift__row **left = drift__calloc(before->count + 1, sizeof(drift__row *));
    drift__row **right = drift__calloc(after->count + 1, sizeof(drift__row *));
    for (size_t i = 0; left && right && i < sizeof ways / sizeof ways[0]; i++) {
        if (i == 1) cast_keys(before);
        const size_t left_count = select_rows(left, before, ways[i].wanted, ways[i].order);
        const size_t right_count = select_rows(right, after, ways[i].wanted, ways[i].order);
        merge(left, left_count, right, right_count, &ways[i]);
    }
    const int rc = left && right ? DRIFT_OK : drift__no_memory(err);
    drift__free(left);
    drift__free(right);
    return rc;
}
