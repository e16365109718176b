/* shrink_values.c — simpler values: NULL, nothing, zero, one, then a part of what stood there. */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"
#include "runtime/value.h"
#include "sql/quote.h"
#include "verify/shrink.h"

/* One value of one row. */
typedef struct place {
    drift__shrinking *shrinking;
    const drift__shrink_table *table;
    const char *column;
    int64_t row; /* in the order of the table */
    drift__arena arena;
    drift_value value;
} place;

/* ---- reading and writing ---- */

static void put_row(drift__str *sql, const place *p)
{
    drift__str_printf(sql, "(%s) IN (SELECT %s FROM main.", p->table->order, p->table->order);
    drift__put_quoted(sql, p->table->live.name);
    drift__str_printf(sql, " ORDER BY %s LIMIT 1 OFFSET ?1)", p->table->order);
}

static int take_value(drift_statement *row, void *payload, drift_error *err)
{
    place *p = payload;
    const drift_value value = drift_column_value(row, 0);
    p->value = drift__value_copy(&p->arena, &value);
    return p->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

static int read_value(place *p, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_INT64(p->row);
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    drift__put_quoted(&sql, p->column);
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, p->table->live.name);
    drift__str_puts(&sql, " WHERE ");
    put_row(&sql, p);
    const int rc = sql.failed ? drift__no_memory(err)
                              : drift_query(*p->shrinking->database, sql.text, &bind, 1, take_value, p, err);
    drift__str_dispose(&sql);
    return rc;
}

/* `*taken` is false too where there are no more tries. */
static int try_value(bool *taken, place *p, const drift_value *value, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(p->row), *value};
    drift__str sql = DRIFT__STR_INIT;
    *taken = false;
    if (!drift__shrink_goes_on(p->shrinking) || drift__value_same(&p->value, value)) return DRIFT_OK;
    drift__str_puts(&sql, "UPDATE main.");
    drift__put_quoted(&sql, p->table->live.name);
    drift__str_puts(&sql, " SET ");
    drift__put_quoted(&sql, p->column);
    drift__str_puts(&sql, " = ?2 WHERE ");
    put_row(&sql, p);
    const int rc = sql.failed
                       ? drift__no_memory(err)
                       : drift__shrink_try(taken, p->shrinking, &(drift__shrink_change){sql.text, binds, 2}, err);
    drift__str_dispose(&sql);
    if (rc == DRIFT_OK && *taken) p->value = *value;
    return rc;
}

/* ---- parts of a text, digits of a number ---- */

/* Bytes from..to without those of a chunk; the chunk ends at a character where the text is UTF-8. */
static int try_without(bool *taken, place *p, size_t from, size_t to, drift_error *err)
{
    const char *bytes = p->value.bytes;
    const size_t length = p->value.length - (to - from);
    char *rest = drift__arena_array(&p->arena, length + 1, 1);
    drift_value value = p->value;
    if (!rest) return drift__no_memory(err);
    memcpy(rest, bytes, from);
    memcpy(rest + from, bytes + to, p->value.length - to);
    value.bytes = rest;
    value.length = length;
    return try_value(taken, p, &value, err);
}

static size_t step_over(const drift_value *value, size_t from, size_t chunk)
{
    const char *bytes = value->bytes, *end = bytes + value->length;
    if (value->kind == DRIFT_BLOB || !drift__utf8_valid(bytes, value->length))
        return chunk < value->length - from ? from + chunk : value->length;
    for (size_t i = 0; i < chunk && from < value->length; i++) from += drift__utf8_next(bytes + from, end);
    return from;
}

static int shorten(place *p, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t chunk = p->value.length / 2; rc == DRIFT_OK && chunk > 0; chunk /= 2) {
        for (size_t from = 0; rc == DRIFT_OK && from < p->value.length && drift__shrink_goes_on(p->shrinking);) {
            bool taken = false;
            const size_t to = step_over(&p->value, from, chunk);
            rc = try_without(&taken, p, from, to, err);
            if (!taken) from = to;
        }
    }
    return rc;
}

static int halve(place *p, drift_error *err)
{
    bool taken = true;
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && taken && (p->value.integer > 1 || p->value.integer < -1)) {
        const drift_value half = DRIFT_BIND_INT64(p->value.integer / 2);
        rc = try_value(&taken, p, &half, err);
    }
    return rc;
}

static int reduce(place *p, drift_error *err)
{
    switch (p->value.kind) {
    case DRIFT_TEXT:
    case DRIFT_BLOB: return shorten(p, err);
    case DRIFT_INTEGER: return halve(p, err);
    case DRIFT_REAL:
    case DRIFT_NULL: break;
    }
    return DRIFT_OK;
}

/* ---- */

static const drift_value nothing = DRIFT_BIND_NULL;

/* What is simplest of each kind; the first that will do. */
static const drift_value simple[][3] = {
    [DRIFT_NULL] = {{DRIFT_NULL, 0, 0, NULL, 0}, {DRIFT_NULL, 0, 0, NULL, 0}, {DRIFT_NULL, 0, 0, NULL, 0}},
    [DRIFT_INTEGER] = {{DRIFT_INTEGER, 0, 0, NULL, 0}, {DRIFT_INTEGER, 1, 0, NULL, 0}, {DRIFT_INTEGER, -1, 0, NULL, 0}},
    [DRIFT_REAL] = {{DRIFT_REAL, 0, 0.0, NULL, 0}, {DRIFT_REAL, 0, 1.0, NULL, 0}, {DRIFT_REAL, 0, 0.5, NULL, 0}},
    [DRIFT_TEXT] = {{DRIFT_TEXT, 0, 0, "", 0}, {DRIFT_TEXT, 0, 0, "a", 1}, {DRIFT_TEXT, 0, 0, "b", 1}},
    [DRIFT_BLOB] = {{DRIFT_BLOB, 0, 0, "", 0}, {DRIFT_BLOB, 0, 0, "", 1}, {DRIFT_BLOB, 0, 0, "\1", 1}},
};

static bool is_simple(const drift_value *value)
{
    for (size_t i = 0; i < 3; i++) {
        if (drift__value_same(value, &simple[value->kind][i])) return true;
    }
    return value->kind == DRIFT_NULL;
}

static int simplify(place *p, drift_error *err)
{
    bool taken = false;
    int rc = read_value(p, err);
    if (rc != DRIFT_OK || p->value.kind == DRIFT_NULL) return rc;
    rc = try_value(&taken, p, &nothing, err);
    const drift_value *ways = simple[p->value.kind];
    for (size_t i = 0; rc == DRIFT_OK && !taken && i < 3 && !drift__value_same(&p->value, &ways[i]); i++)
        rc = try_value(&taken, p, &ways[i], err);
    return rc == DRIFT_OK && !taken && !is_simple(&p->value) ? reduce(p, err) : rc;
}

/* Keys get the numbers 1, 2, … in their order. */
static int renumber(place *p, drift_error *err)
{
    bool taken = false;
    const drift_value number = DRIFT_BIND_INT64(p->row + 1);
    const int rc = read_value(p, err);
    return rc == DRIFT_OK ? try_value(&taken, p, &number, err) : rc;
}

/* What names a row is left alone, or it would be lost on the way; but for a number that can be counted anew. */
static int visit(drift__shrinking *s, const drift__shrink_table *table, const drift__live_column *column, int64_t row,
                 drift_error *err)
{
    place p = {s, table, column->name, row, DRIFT__ARENA_INIT, DRIFT_BIND_NULL};
    int rc = DRIFT_OK;
    if (column == table->live.integer_key)
        rc = renumber(&p, err);
    else if (!column->generated && !(column->key && table->live.without_rowid))
        rc = simplify(&p, err);
    drift__arena_dispose(&p.arena);
    return rc;
}

static int simplify_table(drift__shrinking *s, const drift__shrink_table *table, drift_error *err)
{
    int64_t rows = 0;
    int rc = drift__shrink_count(&rows, s, table, err);
    for (int64_t row = 0; rc == DRIFT_OK && row < rows; row++) {
        for (size_t i = 0; rc == DRIFT_OK && i < table->live.column_count && drift__shrink_goes_on(s); i++)
            rc = visit(s, table, &table->live.columns[i], row, err);
    }
    return rc;
}

int drift__shrink_values(drift__shrinking *s, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->table_count; i++) {
        const drift__shrink_table *table = &s->tables[i];
        if (table->order && !table->is_virtual) rc = simplify_table(s, table, err);
    }
    return rc;
}
