/* hidden_rowid.c — a row keeps its rowid.
 *
 * Where no INTEGER PRIMARY KEY names it, a rebuild that copies by columns numbers the rows anew, and whatever
 * remembers a rowid (an external-content FTS table, a bookmark) points to another row. Rows are matched by the declared
 * key where all its values are not NULL, else as a multiset of the values that both sides have; a row that changed is
 * the one with its rowid. Values that a step means to change tell nothing of which row it is.
 *
 * Both tables are read once, in the order of their rowids. Only rows that do not stand where they stood are remembered,
 * as digests, in a temporary database: memory does not grow with the table.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "digest/digest.h"
#include "rebuild/live.h"
#include "sql/quote.h"
#include "verify/between.h"
#include "verify/hidden.h"

/* One table's rows, in the order of their rowids. */
typedef struct side {
    drift_statement *statement;
    const char *put;      /* the statement that remembers a row of this side */
    const char *table;    /* its name on this side */
    const char **columns; /* what both sides have, by their names here; those of the key first */
    bool row;
    int64_t rowid;
    drift__digest digest;
} side;

typedef struct rowids {
    drift__hidden *hidden;
    size_t column_count, key_count;
    drift_connection *moved; /* opened when there is something to remember */
    side before, after;
} rowids;

/* ---- what is compared ---- */

static bool is_value(const drift__live_column *column)
{
    return column && !column->generated;
}

static int share(rowids *r, const drift__live_table *old, const drift__live_table *new, bool key, drift_error *err)
{
    for (size_t i = 0; i < old->column_count; i++) {
        bool gone = false;
        const drift__live_column *column = &old->columns[i];
        if ((column->key > 0) != key || !is_value(column)) continue;
        const char *name = drift__hidden_new_column(r->hidden, r->before.table, column->name);
        if (!is_value(drift__live_column_find(new, name))) continue;
        if (drift__hidden_is_rewritten(r->hidden, r->before.table, column->name)) continue;
        const int rc = drift__gone_between(&gone, r->hidden->judgement, r->before.table, column->name, err);
        if (rc != DRIFT_OK) return rc;
        if (gone) continue;
        r->before.columns[r->column_count] = column->name;
        r->after.columns[r->column_count++] = name;
    }
    return DRIFT_OK;
}

/* The columns of both; the key counts only if all of it survived. */
static int share_columns(rowids *r, const drift__live_table *old, const drift__live_table *new, drift_error *err)
{
    size_t key = 0;
    for (size_t i = 0; i < old->column_count; i++) key += old->columns[i].key > 0;
    r->before.columns = drift__arena_array(&r->hidden->arena, old->column_count + 1, sizeof(char *));
    r->after.columns = drift__arena_array(&r->hidden->arena, old->column_count + 1, sizeof(char *));
    if (r->hidden->arena.failed) return drift__no_memory(err);
    const int rc = share(r, old, new, true, err);
    r->key_count = r->column_count == key ? key : 0;
    return rc == DRIFT_OK ? share(r, old, new, false, err) : rc;
}

/* ---- reading ---- */

static int open_side(side *s, const rowids *r, drift_connection *connection, const char *rowid, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    char *text = NULL;
    drift__str_printf(&sql, "SELECT %s", rowid);
    for (size_t i = 0; i < r->column_count; i++) {
        drift__str_puts(&sql, ", ");
        drift__put_quoted(&sql, s->columns[i]);
    }
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, s->table);
    drift__str_printf(&sql, " ORDER BY %s", rowid);
    int rc = drift__str_take(&text, &sql, err);
    if (rc == DRIFT_OK) rc = drift_statement_prepare(&s->statement, connection, text, err);
    drift__free(text);
    return rc;
}

/* By its key, or by all its values; the two never meet. */
static drift__digest digest_row(const rowids *r, drift_statement *row)
{
    drift__digest_state state;
    size_t count = r->key_count;
    for (size_t i = 0; i < r->key_count; i++) {
        if (drift_column_value(row, (int)i + 1).kind == DRIFT_NULL) count = 0;
    }
    drift__digest_begin(&state);
    drift__digest_number(&state, count);
    if (!count) count = r->column_count;
    for (size_t i = 0; i < count; i++) {
        const drift_value value = drift_column_value(row, (int)i + 1);
        drift__digest_value(&state, &value);
    }
    return drift__digest_end(&state);
}

static int advance(side *s, const rowids *r, drift_error *err)
{
    const int rc = drift_statement_step(&s->row, s->statement, err);
    if (rc != DRIFT_OK || !s->row) return rc;
    s->rowid = drift_column_int64(s->statement, 0);
    s->digest = digest_row(r, s->statement);
    return DRIFT_OK;
}

/* ---- rows that do not stand where they stood ---- */

static int open_moved(rowids *r, drift_error *err)
{
    if (r->moved) return DRIFT_OK;
    const int rc = drift_connection_memory(&r->moved, NULL, err);
    /* TEMP tables go to a file when they grow. */
    return rc == DRIFT_OK ? drift_exec(r->moved,
                                       "BEGIN; CREATE TEMP TABLE before (digest BLOB, row INTEGER PRIMARY KEY);"
                                       "CREATE TEMP TABLE after (digest BLOB, row INTEGER PRIMARY KEY)",
                                       err)
                          : rc;
}

static int remember(rowids *r, side *s, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_BLOB(&s->digest, sizeof s->digest), DRIFT_BIND_INT64(s->rowid)};
    int rc = open_moved(r, err);
    if (rc == DRIFT_OK) rc = drift_query(r->moved, s->put, binds, 2, NULL, NULL, err);
    return rc == DRIFT_OK ? advance(s, r, err) : rc;
}

static int walk(rowids *r, drift_error *err)
{
    side *b = &r->before, *a = &r->after;
    int rc = advance(b, r, err);
    if (rc == DRIFT_OK) rc = advance(a, r, err);
    while (rc == DRIFT_OK && (b->row || a->row)) {
        const bool both = b->row && a->row && b->rowid == a->rowid;
        const bool earlier = b->row && (!a->row || b->rowid <= a->rowid);
        if (both && drift__digest_same(b->digest, a->digest)) {
            rc = advance(b, r, err);
            if (rc == DRIFT_OK) rc = advance(a, r, err);
            continue;
        }
        rc = remember(r, earlier ? b : a, err);
    }
    return rc;
}

/* Equal rows are paired in the order of their rowids. */
static const char moved_sql[] =
    "WITH b AS (SELECT digest, row, row_number() OVER (PARTITION BY digest ORDER BY row) AS number FROM before),"
    " a AS (SELECT digest, row, row_number() OVER (PARTITION BY digest ORDER BY row) AS number FROM after) "
    "SELECT b.row, a.row, count(*) OVER () FROM b JOIN a USING (digest, number) ORDER BY 1 LIMIT 1";

static int tell(drift_statement *row, void *payload, drift_error *err)
{
    const rowids *r = payload;
    const char *old = drift_column_text(row, 0, NULL), *new = drift_column_text(row, 1, NULL);
    const long long count = drift_column_int64(row, 2);
    if (!old || !new) return drift__no_memory(err);
    if (drift__hidden_is_meant(r->hidden, "rowid", r->after.table)) return DRIFT_OK;
    drift__judgement_find(r->hidden->judgement, DRIFT_FINDING_HIDDEN_ROWID, r->after.table, old, new,
                          "%lld row%s another rowid, the first: %s is %s now", count, count == 1 ? " has" : "s have",
                          old, new);
    return DRIFT_OK;
}

/* ---- */

static int compare(rowids *r, const char *old_rowid, const char *new_rowid, drift_error *err)
{
    const drift__judgement *judgement = r->hidden->judgement;
    int rc = open_side(&r->before, r, judgement->before, old_rowid, err);
    if (rc == DRIFT_OK) rc = open_side(&r->after, r, judgement->after, new_rowid, err);
    if (rc == DRIFT_OK) rc = walk(r, err);
    if (rc == DRIFT_OK && r->moved) rc = drift_query(r->moved, moved_sql, NULL, 0, tell, r, err);
    drift_statement_free(r->before.statement);
    drift_statement_free(r->after.statement);
    drift_connection_close(r->moved);
    return rc;
}

/* A rowid that has no name, or that a key names, is nobody's secret. */
static const char *hidden_rowid(const drift__live_table *table)
{
    return table->integer_key || table->is_virtual ? NULL : drift__live_rowid(table);
}

static int judge_table(drift__hidden *hidden, const char *old_name, const char *new_name, drift_error *err)
{
    rowids r = {.hidden = hidden,
                .before = {.put = "INSERT INTO before VALUES (?, ?)", .table = old_name},
                .after = {.put = "INSERT INTO after VALUES (?, ?)", .table = new_name}};
    drift__live_table old = {0}, new = {0};
    const drift__judgement *judgement = hidden->judgement;
    int rc = drift__live_table_read(&old, &hidden->arena, judgement->before, old_name, err);
    if (rc == DRIFT_OK) rc = drift__live_table_read(&new, &hidden->arena, judgement->after, new_name, err);
    if (rc != DRIFT_OK) return rc;
    const char *old_rowid = hidden_rowid(&old), *new_rowid = hidden_rowid(&new);
    if (!old_rowid || !new_rowid) return DRIFT_OK;
    rc = share_columns(&r, &old, &new, err);
    return rc == DRIFT_OK && r.column_count ? compare(&r, old_rowid, new_rowid, err) : rc;
}

int drift__hidden_rowid(drift__hidden *hidden, drift_error *err)
{
    bool none = false;
    int rc = drift__judgement_was_empty(&none, hidden->judgement, err);
    if (rc != DRIFT_OK || none) return rc;
    for (size_t i = 0; rc == DRIFT_OK && i < hidden->before.count; i++) {
        const drift__object *table = &hidden->before.items[i];
        if (table->kind != DRIFT__OBJECT_TABLE || strcmp(table->database, "main") != 0) continue;
        const char *name = drift__hidden_new_table(hidden, table->name);
        bool gone = false;
        if (!drift__hidden_object(&hidden->after, DRIFT__OBJECT_TABLE, "main", name)) continue;
        rc = drift__gone_between(&gone, hidden->judgement, table->name, NULL, err);
        if (rc == DRIFT_OK && !gone) rc = judge_table(hidden, table->name, name, err);
    }
    return rc;
}
