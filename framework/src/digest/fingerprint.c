/* fingerprint.c */
#include "digest/fingerprint.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "digest/digest.h"
#include "digest/table.h"
#include "sql/quote.h"

typedef struct part {
    const char *name;
    drift__digest digest;
} part;

struct drift__fingerprint {
    drift__arena arena;
    part *parts;
    size_t count, capacity;
};

/* A part that grows by the rows of a query. */
typedef struct query {
    drift__fingerprint *fingerprint;
    drift_connection *connection;
    drift__digest_state state;
} query;

static int add(drift__fingerprint *fingerprint, const char *name, drift__digest digest, drift_error *err)
{
    if (!name || drift__reserve((void **)&fingerprint->parts, &fingerprint->capacity, fingerprint->count + 1,
                                sizeof *fingerprint->parts) != 0)
        return drift__no_memory(err);
    fingerprint->parts[fingerprint->count++] = (part){name, digest};
    return DRIFT_OK;
}

static int take_row(drift_statement *row, void *payload, drift_error *err)
{
    query *q = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) {
        const drift_value value = drift_column_value(row, i);
        drift__digest_value(&q->state, &value);
    }
    return DRIFT_OK;
}

static int add_query(drift__fingerprint *fingerprint, drift_connection *connection, const char *name, const char *sql,
                     drift_error *err)
{
    query q = {.fingerprint = fingerprint};
    drift__digest_begin(&q.state);
    const int rc = drift_query(connection, sql, NULL, 0, take_row, &q, err);
    return rc != DRIFT_OK ? rc : add(fingerprint, name, drift__digest_end(&q.state), err);
}

static int add_settings(drift__fingerprint *fingerprint, drift_connection *connection, drift_error *err)
{
    static const char *const settings[][2] = {
        {"user_version", "PRAGMA main.user_version"}, {"application_id", "PRAGMA main.application_id"},
        {"page_size", "PRAGMA main.page_size"},       {"auto_vacuum", "PRAGMA main.auto_vacuum"},
        {"encoding", "PRAGMA main.encoding"},         {"journal_mode", "PRAGMA main.journal_mode"},
    };
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < sizeof settings / sizeof settings[0]; i++)
        rc = add_query(fingerprint, connection, settings[i][0], settings[i][1], err);
    return rc;
}

/* One object of sqlite_schema: type, name, tbl_name, sql. */
static int add_object(drift_statement *row, void *payload, drift_error *err)
{
    query *q = payload;
    drift__digest_begin(&q->state);
    take_row(row, q, err);
    const char *type = drift_column_text(row, 0, NULL), *name = drift_column_text(row, 1, NULL);
    if (!type || !name) return drift__no_memory(err);
    return add(q->fingerprint, drift__arena_printf(&q->fingerprint->arena, "%s %s", type, name),
               drift__digest_end(&q->state), err);
}

/* NOT INDEXED: the order of the table's own tree, which is that of its key. */
static int add_rows(drift_statement *row, void *payload, drift_error *err)
{
    query *q = payload;
    drift__str sql = DRIFT__STR_INIT;
    char *text = NULL;
    const char *rowid = "", *table = drift_column_text(row, 0, NULL);
    if (!table) return drift__no_memory(err);
    int rc = drift__rowid_name(&rowid, q->connection, table, err);
    if (rc == DRIFT_OK) {
        drift__str_printf(&sql, "SELECT %s%s* FROM main.", rowid, *rowid ? ", " : "");
        drift__put_quoted(&sql, table);
        drift__str_puts(&sql, " NOT INDEXED");
        rc = drift__str_take(&text, &sql, err);
    }
    if (rc == DRIFT_OK)
        rc = add_query(q->fingerprint, q->connection, drift__arena_printf(&q->fingerprint->arena, "rows of %s", table),
                       text, err);
    drift__free(text);
    return rc;
}

void drift__fingerprint_free(drift__fingerprint *fingerprint)
{
    if (!fingerprint) return;
    drift__arena_dispose(&fingerprint->arena);
    drift__free(fingerprint->parts);
    drift__free(fingerprint);
}

int drift__fingerprint_take(drift__fingerprint **out, drift_connection *connection, drift_error *err)
{
    drift__fingerprint *fingerprint = *out = drift__calloc(1, sizeof *fingerprint);
    query q = {.fingerprint = fingerprint, .connection = connection};
    if (!fingerprint) return drift__no_memory(err);
    int rc = add_settings(fingerprint, connection, err);
    if (rc == DRIFT_OK)
        rc = drift_query(connection, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY type, name",
                         NULL, 0, add_object, &q, err);
    /* A virtual table's rows are its shadow tables'. The schema table, which the list names too, is above. */
    if (rc == DRIFT_OK)
        rc = drift_query(connection,
                         "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')"
                         " AND name <> 'sqlite_schema' ORDER BY name",
                         NULL, 0, add_rows, &q, err);
    if (rc == DRIFT_OK) rc = add_query(fingerprint, connection, "integrity", "PRAGMA main.integrity_check", err);
    if (rc != DRIFT_OK) {
        drift__fingerprint_free(fingerprint);
        *out = NULL;
    }
    return rc;
}

const char *drift__fingerprint_difference(const drift__fingerprint *a, const drift__fingerprint *b)
{
    for (size_t i = 0; i < a->count || i < b->count; i++) {
        if (i >= a->count) return b->parts[i].name;
        if (i >= b->count) return a->parts[i].name;
        const int order = strcmp(a->parts[i].name, b->parts[i].name);
        if (order != 0) return order < 0 ? a->parts[i].name : b->parts[i].name;
        if (!drift__digest_same(a->parts[i].digest, b->parts[i].digest)) return a->parts[i].name;
    }
    return NULL;
}
