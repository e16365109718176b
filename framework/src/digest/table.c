/* table.c */
#include "digest/table.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "sql/quote.h"

static int find_rowid(drift_statement *row, void *payload, drift_error *err)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    bool *taken = payload;
    const char *column = drift_column_text(row, 0, NULL);
    if (!column) return drift__no_memory(err);
    for (size_t i = 0; i < 3; i++) taken[i] = taken[i] || drift__same_name(column, names[i]);
    return DRIFT_OK;
}

static int note_kind(drift_statement *row, void *payload, drift_error *err)
{
    (void)err;
    *(bool *)payload = drift_column_int64(row, 0) != 0;
    return DRIFT_OK;
}

int drift__rowid_name(const char **out, drift_connection *connection, const char *table, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_TEXT(table, strlen(table));
    bool without_rowid = false, taken[3] = {false, false, false};
    int rc = drift_query(connection, "SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'", &bind, 1, note_kind,
                         &without_rowid, err);
    if (rc == DRIFT_OK)
        rc =
            drift_query(connection, "SELECT name FROM pragma_table_xinfo(?, 'main')", &bind, 1, find_rowid, taken, err);
    *out = without_rowid ? "" : !taken[0] ? "rowid" : !taken[1] ? "_rowid_" : !taken[2] ? "oid" : "";
    return rc;
}

/* The columns that a query names, ordered by name and folded, so that two spellings of one name are the same. */
static int put_columns(drift__str *sql, drift_connection *connection, const char *table, drift_error *err)
{
    static const char names[] = "SELECT group_concat('\"' || replace(name, '\"', '\"\"') || '\"', ', ') FROM (SELECT"
                                " lower(name) AS name FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1"
                                " ORDER BY lower(name))";
    const drift_value bind = DRIFT_BIND_TEXT(table, strlen(table));
    drift_statement *query = NULL;
    bool row = false;
    int rc = drift_statement_prepare(&query, connection, names, err);
    if (rc == DRIFT_OK) rc = drift_statement_bind_value(query, 1, &bind, err);
    if (rc == DRIFT_OK) rc = drift_statement_step(&row, query, err);
    const char *columns = row ? drift_column_text(query, 0, NULL) : NULL;
    drift__str_puts(sql, columns ? columns : "NULL");
    drift_statement_free(query);
    return rc;
}

/* NOT INDEXED: the table's own tree, not an index that covers it. */
static int write_query(char **out, drift_connection *connection, const char *table, drift__row_view view,
                       drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    const char *rowid = "";
    int rc = DRIFT_OK;
    drift__str_puts(&sql, "SELECT ");
    if (view == DRIFT__ROW_BY_NAME) {
        rc = put_columns(&sql, connection, table, err);
    } else if ((rc = drift__rowid_name(&rowid, connection, table, err)) == DRIFT_OK) {
        drift__str_printf(&sql, "%s%s*", rowid, *rowid ? ", " : "");
    }
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, table);
    drift__str_puts(&sql, " NOT INDEXED");
    if (rc == DRIFT_OK) return drift__str_take(out, &sql, err);
    drift__str_dispose(&sql);
    return rc;
}

/* Sums do not know an order, and tell one row from two of it. */
static void add(drift__digest *sum, drift__digest digest)
{
    const uint64_t low = sum->low + digest.low;
    sum->high += digest.high + (low < sum->low);
    sum->low = low;
}

static int take_row(drift_statement *row, void *payload, drift_error *err)
{
    drift__table_digest *table = payload;
    drift__digest_state state;
    (void)err;
    drift__digest_begin(&state);
    for (int i = 0; i < drift_column_count(row); i++) {
        const drift_value value = drift_column_value(row, i);
        drift__digest_value(&state, &value);
    }
    add(&table->rows, drift__digest_end(&state));
    table->count++;
    return DRIFT_OK;
}

int drift__table_digest_take(drift__table_digest *out, drift_connection *connection, const char *table,
                             drift__row_view view, drift_error *err)
{
    char *sql = NULL;
    drift__digest_state names;
    *out = (drift__table_digest){0};
    int rc = write_query(&sql, connection, table, view, err);
    if (rc == DRIFT_OK) {
        drift__digest_begin(&names);
        drift__digest_bytes(&names, sql, (size_t)(strstr(sql, " FROM main.") - sql));
        out->columns = drift__digest_end(&names);
        rc = drift_query(connection, sql, NULL, 0, take_row, out, err);
    }
    drift__free(sql);
    return rc;
}

bool drift__table_digest_same(const drift__table_digest *a, const drift__table_digest *b)
{
    return a->count == b->count && drift__digest_same(a->rows, b->rows) && drift__digest_same(a->columns, b->columns);
}
