/* live.c */
#include "rebuild/live.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"

char *drift__take_text(drift__arena *arena, drift_statement *row, int column)
{
    const char *text = drift_column_text(row, column, NULL);
    if (!text) arena->failed = 1;
    return drift__arena_strdup(arena, text);
}

/* A table being read. */
typedef struct reading {
    drift__live_table *table;
    drift__arena *arena;
    drift__live_column *columns;
    size_t count, capacity;
    bool found;
} reading;

static int read_head(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    r->table->name = drift__take_text(r->arena, row, 0);
    r->table->sql = drift__take_text(r->arena, row, 1);
    r->found = r->table->name && r->table->sql;
    return r->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int read_kind(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    const char *type = drift_column_text(row, 0, NULL);
    if (!type) return drift__no_memory(err);
    r->table->is_virtual = strcmp(type, "virtual") == 0;
    r->table->without_rowid = drift_column_int64(row, 1) != 0;
    r->table->strict = drift_column_int64(row, 2) != 0;
    return DRIFT_OK;
}

/* `hidden` of table_xinfo: 1 a hidden column of a virtual table, 2 generated VIRTUAL, 3 generated STORED. */
static int read_column(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    const int64_t hidden = drift_column_int64(row, 5);
    if (drift__reserve((void **)&r->columns, &r->capacity, r->count + 1, sizeof *r->columns))
        return drift__no_memory(err);
    r->columns[r->count++] = (drift__live_column){
        .name = drift__take_text(r->arena, row, 0),
        .type = drift__take_text(r->arena, row, 1),
        .not_null = drift_column_int64(row, 2) != 0,
        .has_default = drift_column_value(row, 3).kind != DRIFT_NULL,
        .key = (int)drift_column_int64(row, 4),
        .generated = hidden == 2 || hidden == 3,
        .hidden = hidden == 1,
    };
    return r->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

/* INTEGER PRIMARY KEY is the rowid and needs no index; INTEGER PRIMARY KEY DESC in a column, by an old bug that SQLite
 * keeps, and every other key have one, which PRAGMA index_list tells by its origin. */
static int read_key(reading *r, drift_connection *connection, drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(r->table->name, strlen(r->table->name))};
    const drift__live_column *key = NULL;
    int64_t indexes = 0;
    size_t keys = 0;
    int rc;
    for (size_t i = 0; i < r->table->column_count; i++) {
        if (!r->table->columns[i].key) continue;
        key = &r->table->columns[i];
        keys++;
    }
    if (keys != 1 || r->table->without_rowid || r->table->is_virtual) return DRIFT_OK;
    rc = drift_query_int64(&indexes, connection,
                           "SELECT count(*) FROM pragma_index_list(?1, 'main') WHERE origin = 'pk'", bind, 1, err);
    if (rc == DRIFT_OK && indexes == 0) r->table->integer_key = key;
    return rc;
}

static int read_key_indexes(drift_statement *row, void *payload, drift_error *err)
{
    reading *r = payload;
    r->table->key_indexes = drift__take_text(r->arena, row, 0);
    return r->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static const char key_indexes_sql[] =
    "SELECT ifnull(group_concat(columns, ';'), '') FROM (SELECT (SELECT group_concat(lower(x.name)) FROM "
    "pragma_index_xinfo(l.name, 'main') AS x WHERE x.\"key\") AS columns FROM pragma_index_list(?1, 'main') AS l WHERE "
    "l.origin <> 'c' ORDER BY l.seq)";

static int read_all(reading *r, drift_connection *connection, const char *name, drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(name, strlen(name))};
    int rc = drift_query(connection,
                         "SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
                         bind, 1, read_head, r, err);
    if (rc < 0) return rc;
    if (!r->found) return drift__error(err, DRIFT_NOT_FOUND, "there is no table \"%s\"", name);
    rc = drift_query(connection, "SELECT type, wr, strict FROM pragma_table_list(?1) WHERE schema = 'main'", bind, 1,
                     read_kind, r, err);
    if (rc == DRIFT_OK)
        rc = drift_query(connection,
                         "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1, 'main')",
                         bind, 1, read_column, r, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, key_indexes_sql, bind, 1, read_key_indexes, r, err);
    return rc;
}

int drift__live_table_read(drift__live_table *out, drift__arena *arena, drift_connection *connection, const char *name,
                           drift_error *err)
{
    reading r = {.table = out, .arena = arena};
    int rc;
    *out = (drift__live_table){0};
    if ((rc = read_all(&r, connection, name, err)) < 0) goto done;
    out->columns = drift__arena_copy(arena, r.columns, r.count, sizeof *r.columns);
    out->column_count = r.count;
    rc = out->columns ? read_key(&r, connection, err) : drift__no_memory(err);
done:
    drift__free(r.columns);
    return rc;
}

const drift__live_column *drift__live_column_find(const drift__live_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (drift__same_name(table->columns[i].name, name)) return &table->columns[i];
    return NULL;
}

const char *drift__live_rowid(const drift__live_table *table)
{
    static const char *const aliases[] = {"rowid", "_rowid_", "oid"};
    if (table->without_rowid) return NULL;
    if (table->integer_key) return table->integer_key->name;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!drift__live_column_find(table, aliases[i])) return aliases[i];
    return NULL;
}

static int is_free(bool *out, drift_connection *connection, const char *name, drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(name, strlen(name))};
    int64_t taken = 0;
    const int rc =
        drift_query_int64(&taken, connection,
                          "SELECT (SELECT count(*) FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE) + "
                          "(SELECT count(*) FROM temp.sqlite_schema WHERE name = ?1 COLLATE NOCASE)",
                          bind, 1, err);
    *out = taken == 0;
    return rc;
}

int drift__free_name(const char **out, drift__arena *arena, drift_connection *connection, const char *word,
                     drift_error *err)
{
    int rc = DRIFT_OK;
    bool found = false;
    for (unsigned i = 1; rc == DRIFT_OK && !found; i++) {
        *out = drift__arena_printf(arena, "drift__%s_%u", word, i);
        rc = *out ? is_free(&found, connection, *out, err) : drift__no_memory(err);
    }
    return rc;
}
