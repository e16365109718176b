/* write.c — companions into statements: only the columns that a companion mentions are named. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "drift/typed.h"
#include "sql/quote.h"
#include "typed/typed.h"

/* A companion's field as its presence and the value to bind. Every drift_value_… begins with its presence. */
static drift_presence field_value(drift_value *out, const drift_typed_column *column, const void *companion)
{
    const void *field = (const char *)companion + column->companion;
    const drift_presence presence = *(const drift_presence *)field;
    *out = (drift_value){DRIFT_NULL, 0, 0.0, NULL, 0};
    if (presence != DRIFT_SET_TO_VALUE) return presence;
    switch (column->kind) {
    case DRIFT_TYPED_INT64: *out = (drift_value)DRIFT_BIND_INT64(((const drift_value_int64 *)field)->int64); break;
    case DRIFT_TYPED_BOOL: *out = (drift_value)DRIFT_BIND_INT64(((const drift_value_bool *)field)->boolean); break;
    case DRIFT_TYPED_DOUBLE: *out = (drift_value)DRIFT_BIND_DOUBLE(((const drift_value_double *)field)->real); break;
    case DRIFT_TYPED_TEXT: {
        const drift_text text = ((const drift_value_text *)field)->text;
        *out = (drift_value)DRIFT_BIND_TEXT(text.data, text.length);
        break;
    }
    case DRIFT_TYPED_BLOB: {
        const drift_blob blob = ((const drift_value_blob *)field)->blob;
        *out = (drift_value)DRIFT_BIND_BLOB(blob.data, blob.length);
        break;
    }
    case DRIFT_TYPED_ANY: *out = ((const drift_value_any *)field)->any; break;
    }
    return presence;
}

/* The columns that a companion mentions, and their values. */
typedef struct mentioned {
    const drift_typed_column **columns;
    drift_value *values; /* with room for `extra` more */
    size_t count;
} mentioned;

static void mentioned_dispose(mentioned *m)
{
    drift__free(m->columns);
    drift__free(m->values);
    *m = (mentioned){0};
}

static bool wanted(const drift_typed_column *column, bool with_key)
{
    return column->companion != DRIFT_TYPED_NO_FIELD && (with_key || !column->key);
}

static int mention(mentioned *m, const drift_typed_table *table, const void *companion, bool with_key, size_t extra,
                   drift_error *err)
{
    const size_t room = table->column_count + extra;
    *m = (mentioned){drift__calloc(room, sizeof(void *)), drift__calloc(room, sizeof(drift_value)), 0};
    if (!m->columns || !m->values) return drift__no_memory(err);
    for (size_t i = 0; i < table->column_count; i++) {
        const drift_typed_column *column = &table->columns[i];
        drift_value value;
        if (!wanted(column, with_key) || field_value(&value, column, companion) == DRIFT_ABSENT) continue;
        m->columns[m->count] = column;
        m->values[m->count++] = value;
    }
    return DRIFT_OK;
}

/* ---- INSERT ---- */

static int insert_sql(char **out, const drift_typed_table *table, const mentioned *m, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "INSERT INTO ");
    drift__put_quoted(&sql, table->name);
    for (size_t i = 0; i < m->count; i++) {
        drift__str_puts(&sql, i ? ", " : " (");
        drift__put_quoted(&sql, m->columns[i]->name);
    }
    for (size_t i = 0; i < m->count; i++) drift__str_puts(&sql, i ? ", ?" : ") VALUES (?");
    drift__str_puts(&sql, m->count ? ")" : " DEFAULT VALUES");
    return drift__str_take(out, &sql, err);
}

int drift_typed_insert(drift_connection *connection, const drift_typed_table *table, const void *companion,
                       int64_t *rowid, drift_error *err)
{
    mentioned m = {0};
    char *sql = NULL;
    int rc = mention(&m, table, companion, true, 0, err);
    if (rc == DRIFT_OK) rc = insert_sql(&sql, table, &m, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, sql, m.values, m.count, NULL, NULL, err);
    if (rc == DRIFT_OK && rowid) *rowid = table->without_rowid ? 0 : drift_last_insert_rowid(connection);
    drift__free(sql);
    mentioned_dispose(&m);
    return rc;
}

/* A call of drift_typed_insert_many. */
typedef struct many {
    const drift_typed_table *table;
    const char *companions;
    size_t count;
} many;

static int insert_each(drift_connection *connection, void *payload, drift_error *err)
{
    const many *call = payload;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < call->count; i++) {
        rc = drift_typed_insert(connection, call->table, call->companions + i * call->table->companion_size, NULL, err);
        if (rc != DRIFT_OK) drift__error_hint(err, "at row %zu of %zu; none was inserted", i + 1, call->count);
    }
    return rc;
}

int drift_typed_insert_many(drift_connection *connection, const drift_typed_table *table, const void *companions,
                            size_t count, drift_error *err)
{
    many call = {table, companions, count};
    return count ? drift_transaction(connection, insert_each, &call, err) : DRIFT_OK;
}

/* ---- UPDATE ---- */

static int put_update(drift__str *sql, const drift_typed_table *table, const mentioned *m, drift_error *err)
{
    if (!m->count)
        return drift__error(err, DRIFT_MISUSE, "expected a companion of \"%s\" with a field to write, found none",
                            table->name);
    drift__str_puts(sql, "UPDATE ");
    drift__put_quoted(sql, table->name);
    for (size_t i = 0; i < m->count; i++) {
        drift__str_puts(sql, i ? ", " : " SET ");
        drift__put_quoted(sql, m->columns[i]->name);
        drift__str_puts(sql, " = ?");
    }
    return DRIFT_OK;
}

static int run_update(int64_t *changed, drift_connection *connection, drift__str *sql, const drift_value *values,
                      size_t count, drift_error *err)
{
    char *text = NULL;
    int rc = drift__str_take(&text, sql, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, text, values, count, NULL, NULL, err);
    if (rc == DRIFT_OK && changed) *changed = drift_changes(connection);
    drift__free(text);
    return rc;
}

int drift_typed_update_where(int64_t *changed, drift_connection *connection, const drift_typed_table *table,
                             const void *companion, const char *where, const drift_value *binds, size_t bind_count,
                             drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    mentioned m = {0};
    int rc = mention(&m, table, companion, true, bind_count, err);
    if (rc == DRIFT_OK) rc = put_update(&sql, table, &m, err);
    if (rc == DRIFT_OK) {
        drift__typed_put_where(&sql, where);
        if (bind_count) memcpy(m.values + m.count, binds, bind_count * sizeof *binds);
        rc = run_update(changed, connection, &sql, m.values, m.count + bind_count, err);
    }
    drift__str_dispose(&sql);
    mentioned_dispose(&m);
    return rc;
}

/* WHERE "t"."a" = ? AND …, its values behind those of the fields. */
static int put_key(drift__str *sql, mentioned *m, const drift_typed_table *table, const void *companion,
                   drift_error *err)
{
    const drift_typed_column *column;
    size_t place = 0;
    for (; (column = drift__typed_key(table, (int)place + 1)); place++) {
        drift_value *value = &m->values[m->count + place];
        if (column->companion == DRIFT_TYPED_NO_FIELD || field_value(value, column, companion) != DRIFT_SET_TO_VALUE)
            return drift__error(err, DRIFT_MISUSE,
                                "expected a companion of \"%s\" with its primary key, found no value for \"%s\"",
                                table->name, column->name);
        drift__str_puts(sql, place ? " AND " : " WHERE ");
        drift__typed_put_column(sql, table, column);
        drift__str_puts(sql, " = ?");
    }
    m->count += place;
    return place ? DRIFT_OK : drift__error(err, DRIFT_MISUSE, "expected a primary key in \"%s\"", table->name);
}

int drift_typed_update(drift_connection *connection, const drift_typed_table *table, const void *companion,
                       drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    mentioned m = {0};
    int64_t changed = 0;
    int rc = mention(&m, table, companion, false, table->column_count, err);
    if (rc == DRIFT_OK) rc = put_update(&sql, table, &m, err);
    if (rc == DRIFT_OK) rc = put_key(&sql, &m, table, companion, err);
    if (rc == DRIFT_OK) rc = run_update(&changed, connection, &sql, m.values, m.count, err);
    if (rc == DRIFT_OK && !changed)
        rc = drift__error(err, DRIFT_NOT_FOUND, "\"%s\" has no row with this primary key", table->name);
    drift__str_dispose(&sql);
    mentioned_dispose(&m);
    return rc;
}
