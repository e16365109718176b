/* read.c — rows into structs.
 *
 * Columns are written "table"."column": in double quotes alone a name that no column has would be taken for a string
 * (https://www.sqlite.org/quirks.html, section 8), and a row struct of another version would be filled with names.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "drift/typed.h"
#include "sql/quote.h"
#include "typed/typed.h"

/* What stands before the rows that are handed out: the memory of their texts and blobs. */
typedef union row_header {
    drift__arena arena;
    int64_t integer;
    double real;
    void *pointer;
} row_header;

typedef struct reading {
    const drift_typed_table *table;
    row_header *header; /* the rows follow */
    size_t count, capacity;
} reading;

static const char *const kind_words[] = {
    [DRIFT_TYPED_INT64] = "an integer", [DRIFT_TYPED_BOOL] = "0 or 1", [DRIFT_TYPED_DOUBLE] = "a real number",
    [DRIFT_TYPED_TEXT] = "a text",      [DRIFT_TYPED_BLOB] = "a blob", [DRIFT_TYPED_ANY] = "any value",
};

static const char *const value_words[] = {
    [DRIFT_NULL] = "NULL",   [DRIFT_INTEGER] = "an integer", [DRIFT_REAL] = "a real number",
    [DRIFT_TEXT] = "a text", [DRIFT_BLOB] = "a blob",
};

static int refuse_value(const reading *r, const drift_typed_column *column, const drift_value *value, drift_error *err)
{
    drift__error(err, DRIFT_MISMATCH, "row %zu of \"%s\": expected %s in the column \"%s\", found %s", r->count + 1,
                 r->table->name, kind_words[column->kind], column->name,
                 column->kind == DRIFT_TYPED_BOOL && value->kind == DRIFT_INTEGER ? "another integer"
                                                                                  : value_words[value->kind]);
    drift__error_hint(err, "read such rows with drift_query, which takes every value as it is stored");
    return DRIFT_MISMATCH;
}

/* A copy with a NUL behind it, which lives as long as the rows. */
static const char *keep(reading *r, const drift_value *value)
{
    if (value->length && !value->bytes) return NULL;
    return drift__arena_strndup(&r->header->arena, value->length ? value->bytes : "", value->length);
}

/* Integers in a column of reals: those up to 2^53 are doubles too. */
static bool is_exact(int64_t integer)
{
    return integer >= -((int64_t)1 << 53) && integer <= ((int64_t)1 << 53);
}

static bool value_fits(drift_typed_kind kind, const drift_value *value)
{
    switch (kind) {
    case DRIFT_TYPED_INT64: return value->kind == DRIFT_INTEGER;
    case DRIFT_TYPED_BOOL: return value->kind == DRIFT_INTEGER && (value->integer == 0 || value->integer == 1);
    case DRIFT_TYPED_DOUBLE:
        return value->kind == DRIFT_REAL || (value->kind == DRIFT_INTEGER && is_exact(value->integer));
    case DRIFT_TYPED_TEXT: return value->kind == DRIFT_TEXT;
    case DRIFT_TYPED_BLOB: return value->kind == DRIFT_BLOB;
    case DRIFT_TYPED_ANY: return true;
    }
    return false;
}

/* The value's own field: of a nullable column, the one inside. */
static void set_value(void *field, drift_typed_kind kind, const drift_value *value, const char *bytes)
{
    switch (kind) {
    case DRIFT_TYPED_INT64: *(int64_t *)field = value->integer; break;
    case DRIFT_TYPED_BOOL: *(bool *)field = value->integer != 0; break;
    case DRIFT_TYPED_DOUBLE:
        *(double *)field = value->kind == DRIFT_INTEGER ? (double)value->integer : value->real;
        break;
    case DRIFT_TYPED_TEXT: *(drift_text *)field = (drift_text){bytes, value->length}; break;
    case DRIFT_TYPED_BLOB: *(drift_blob *)field = (drift_blob){bytes, value->length}; break;
    case DRIFT_TYPED_ANY:
        *(drift_value *)field = *value;
        ((drift_value *)field)->bytes = bytes;
        break;
    }
}

static void set_nullable(void *field, drift_typed_kind kind, const drift_value *value, const char *bytes)
{
    switch (kind) {
    case DRIFT_TYPED_INT64:
        ((drift_nullable_int64 *)field)->has_value = true;
        set_value(&((drift_nullable_int64 *)field)->value, kind, value, bytes);
        break;
    case DRIFT_TYPED_BOOL:
        ((drift_nullable_bool *)field)->has_value = true;
        set_value(&((drift_nullable_bool *)field)->value, kind, value, bytes);
        break;
    case DRIFT_TYPED_DOUBLE:
        ((drift_nullable_double *)field)->has_value = true;
        set_value(&((drift_nullable_double *)field)->value, kind, value, bytes);
        break;
    case DRIFT_TYPED_TEXT:
        ((drift_nullable_text *)field)->has_value = true;
        set_value(&((drift_nullable_text *)field)->value, kind, value, bytes);
        break;
    case DRIFT_TYPED_BLOB:
        ((drift_nullable_blob *)field)->has_value = true;
        set_value(&((drift_nullable_blob *)field)->value, kind, value, bytes);
        break;
    case DRIFT_TYPED_ANY: set_value(field, kind, value, bytes); break;
    }
}

static int read_field(reading *r, char *row, const drift_typed_column *column, const drift_value *value,
                      drift_error *err)
{
    const bool has_bytes = value->kind == DRIFT_TEXT || value->kind == DRIFT_BLOB;
    void *field = row + column->row;
    if (value->kind == DRIFT_NULL && (column->nullable || column->kind == DRIFT_TYPED_ANY)) return DRIFT_OK;
    if (!value_fits(column->kind, value)) return refuse_value(r, column, value, err);
    const char *bytes = has_bytes ? keep(r, value) : NULL;
    if (has_bytes && !bytes) return drift__no_memory(err);
    if (column->nullable)
        set_nullable(field, column->kind, value, bytes);
    else
        set_value(field, column->kind, value, bytes);
    return DRIFT_OK;
}

/* Room for one more row, all zero. */
static char *next_row(reading *r)
{
    if (r->count == r->capacity) {
        const size_t capacity = r->capacity ? r->capacity * 2 : 8;
        if (capacity > (SIZE_MAX - sizeof(row_header)) / r->table->row_size) return NULL;
        row_header *header = drift__realloc(r->header, sizeof *header + capacity * r->table->row_size);
        if (!header) return NULL;
        if (!r->header) header->arena = (drift__arena)DRIFT__ARENA_INIT;
        r->header = header;
        r->capacity = capacity;
    }
    char *row = (char *)(r->header + 1) + r->count * r->table->row_size;
    memset(row, 0, r->table->row_size);
    return row;
}

static int take_row(drift_statement *statement, void *payload, drift_error *err)
{
    reading *r = payload;
    char *row = next_row(r);
    int rc = row ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < r->table->column_count; i++) {
        const drift_value value = drift_column_value(statement, (int)i);
        rc = read_field(r, row, &r->table->columns[i], &value, err);
    }
    if (rc == DRIFT_OK) r->count++;
    return rc;
}

void drift__typed_put_column(drift__str *sql, const drift_typed_table *table, const drift_typed_column *column)
{
    drift__put_quoted(sql, table->name);
    drift__str_putc(sql, '.');
    drift__put_quoted(sql, column->name);
}

const drift_typed_column *drift__typed_key(const drift_typed_table *table, int place)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].key == place) return &table->columns[i];
    return NULL;
}

static void put_order(drift__str *sql, const drift_typed_table *table)
{
    const drift_typed_column *column;
    for (int place = 1; (column = drift__typed_key(table, place)); place++) {
        drift__str_puts(sql, place == 1 ? " ORDER BY " : ", ");
        drift__typed_put_column(sql, table, column);
    }
}

void drift__typed_put_where(drift__str *sql, const char *where)
{
    /* A comment at the expression's end must not swallow the parenthesis. */
    if (where) drift__str_printf(sql, " WHERE (%s\n)", where);
}

static int select_sql(char **out, const drift_typed_table *table, const char *where, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    for (size_t i = 0; i < table->column_count; i++) {
        if (i) drift__str_puts(&sql, ", ");
        drift__typed_put_column(&sql, table, &table->columns[i]);
    }
    drift__str_puts(&sql, " FROM ");
    drift__put_quoted(&sql, table->name);
    drift__typed_put_where(&sql, where);
    put_order(&sql, table);
    return drift__str_take(out, &sql, err);
}

int drift_typed_select(void **rows, size_t *count, drift_connection *connection, const drift_typed_table *table,
                       const char *where, const drift_value *binds, size_t bind_count, drift_error *err)
{
    reading r = {.table = table};
    char *sql = NULL;
    *rows = NULL;
    *count = 0;
    int rc = select_sql(&sql, table, where, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, sql, binds, bind_count, take_row, &r, err);
    drift__free(sql);
    void *read = r.header ? r.header + 1 : NULL;
    if (rc == DRIFT_OK && r.count) {
        *rows = read;
        *count = r.count;
    } else {
        drift_typed_free(read);
    }
    return rc;
}

static int key_sql(char **out, const drift_typed_table *table, size_t key_count, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    for (size_t i = 0; i < key_count; i++) {
        const drift_typed_column *column = drift__typed_key(table, (int)i + 1);
        if (!column) {
            drift__str_dispose(&sql);
            return drift__error(err, DRIFT_MISUSE, "expected a primary key of %zu columns in \"%s\", found %zu",
                                key_count, table->name, i);
        }
        if (i) drift__str_puts(&sql, " AND ");
        drift__typed_put_column(&sql, table, column);
        drift__str_puts(&sql, " = ?");
    }
    return drift__str_take(out, &sql, err);
}

int drift_typed_find(void **row, drift_connection *connection, const drift_typed_table *table, const drift_value *key,
                     size_t key_count, drift_error *err)
{
    char *where = NULL;
    size_t count = 0;
    *row = NULL;
    int rc = key_sql(&where, table, key_count, err);
    if (rc == DRIFT_OK) rc = drift_typed_select(row, &count, connection, table, where, key, key_count, err);
    if (rc == DRIFT_OK && !count)
        rc = drift__error(err, DRIFT_NOT_FOUND, "\"%s\" has no row with this primary key", table->name);
    drift__free(where);
    return rc;
}

void drift_typed_free(void *rows)
{
    if (!rows) return;
    row_header *header = (row_header *)rows - 1;
    drift__arena_dispose(&header->arena);
    drift__free(header);
}
