/* judge_data.c — what counts as loss.
 *
 * A table or a column that the target schema does not have is dropped as declared. Everything else must survive: every
 * value of a column of the same name, type and bytes. Where the target declares another affinity, the old value or what
 * CAST makes of it. Rows are matched by INTEGER PRIMARY KEY, else by the declared key, else as a multiset.
 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "runtime/value.h"
#include "sql/affinity.h"
#include "sql/quote.h"
#include "verify/judge.h"
#include "verify/rows.h"

/* A column as a database has it. */
typedef struct live_column {
    const char *name;
    const char *type;
    int64_t key;    /* its place in the primary key, from 1; 0: none */
    int64_t hidden; /* 0 ordinary, 1 of a virtual table, 2 and 3 generated */
} live_column;

typedef struct live_table {
    drift__arena *arena;
    live_column *columns;
    size_t count, capacity;
    bool without_rowid;
    bool is_virtual;
} live_table;

/* What old and new side share. */
typedef struct shared {
    const char **columns;
    drift__affinity *to; /* the target's affinity */
    bool *retyped;       /* another affinity than before */
    bool *filled;        /* NOT NULL in the target: a NULL has to go */
    size_t count;
    size_t *key;
    const char **key_types; /* the target's, by key column; NULL where none was retyped */
    size_t key_count;
} shared;

typedef struct comparison {
    drift__judgement *judgement;
    const char *table;
    shared shared;
    drift__table_rows before, after;
} comparison;

/* ---- reading the two tables' columns ---- */

static int take_column(drift_statement *row, void *payload, drift_error *err)
{
    live_table *table = payload;
    const char *name = drift_column_text(row, 0, NULL), *type = drift_column_text(row, 1, NULL);
    if (!name ||
        drift__reserve((void **)&table->columns, &table->capacity, table->count + 1, sizeof *table->columns) != 0)
        return drift__no_memory(err);
    table->columns[table->count++] =
        (live_column){drift__arena_strdup(table->arena, name), drift__arena_strdup(table->arena, type ? type : ""),
                      drift_column_int64(row, 2), drift_column_int64(row, 3)};
    return table->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int take_kind(drift_statement *row, void *payload, drift_error *err)
{
    live_table *table = payload;
    (void)err;
    table->is_virtual = drift_column_int64(row, 0) != 0;
    table->without_rowid = drift_column_int64(row, 1) != 0;
    return DRIFT_OK;
}

static int read_table(live_table *table, drift_connection *connection, const char *name, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_TEXT(name, strlen(name));
    int rc = drift_query(connection,
                         "SELECT type = 'virtual', wr FROM pragma_table_list(?) WHERE schema = 'main' AND type IN"
                         " ('table', 'virtual')",
                         &bind, 1, take_kind, table, err);
    if (rc == DRIFT_OK)
        rc = drift_query(connection, "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?, 'main')", &bind, 1,
                         take_column, table, err);
    return rc;
}

static const live_column *column_named(const live_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (drift__same_name(table->columns[i].name, name)) return &table->columns[i];
    }
    return NULL;
}

static const char *rowid_of(const live_table *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; !table->without_rowid && i < 3; i++) {
        if (!column_named(table, names[i])) return names[i];
    }
    return NULL;
}

/* ---- what is shared ---- */

static bool is_generated(const live_column *column)
{
    return column->hidden == 2 || column->hidden == 3;
}

/* Whether the target keeps this column as one that holds values of its own. */
static bool survives(const live_column *old, const live_column *new, const drift_table *target)
{
    if (old->hidden == 1 || !new || new->hidden == 1 || is_generated(new)) return false;
    const drift_column *wanted = target ? drift_table_column(target, old->name) : NULL;
    return !target || (wanted && !wanted->generated);
}

static void share_column(shared *s, const live_column *old, const live_column *new, const drift_table *target)
{
    const drift_column *wanted = target ? drift_table_column(target, old->name) : NULL;
    const drift__affinity to = drift__affinity_of(wanted ? wanted->type : new->type);
    s->columns[s->count] = old->name;
    s->to[s->count] = to;
    s->retyped[s->count] = to != drift__affinity_of(old->type);
    s->filled[s->count] = wanted && wanted->not_null;
    s->count++;
}

/* The declared key of the old table, if all of it survived. */
static void share_key(shared *s, const live_table *old)
{
    size_t wanted = 0;
    bool retyped = false;
    for (size_t i = 0; i < old->count; i++) wanted += old->columns[i].key > 0;
    s->key_count = 0;
    for (size_t i = 0; i < s->count; i++) {
        const live_column *column = column_named(old, s->columns[i]);
        if (!column || column->key == 0) continue;
        retyped |= s->retyped[i];
        s->key_types[s->key_count] = drift__affinity_name(s->to[i]);
        s->key[s->key_count++] = i;
    }
    if (s->key_count != wanted) s->key_count = 0;
    if (!retyped) s->key_types = NULL;
}

static int share(shared *s, drift__arena *arena, const live_table *old, const live_table *new,
                 const drift_table *target, drift_error *err)
{
    *s = (shared){.columns = drift__arena_array(arena, old->count + 1, sizeof(char *)),
                  .to = drift__arena_array(arena, old->count + 1, sizeof *s->to),
                  .retyped = drift__arena_array(arena, old->count + 1, sizeof *s->retyped),
                  .filled = drift__arena_array(arena, old->count + 1, sizeof *s->filled),
                  .key = drift__arena_array(arena, old->count + 1, sizeof *s->key),
                  .key_types = drift__arena_array(arena, old->count + 1, sizeof(char *))};
    if (arena->failed) return drift__no_memory(err);
    for (size_t i = 0; i < old->count; i++) {
        const live_column *column = &old->columns[i];
        const live_column *now = column_named(new, column->name);
        if (survives(column, now, target)) share_column(s, column, now, target);
    }
    share_key(s, old);
    return DRIFT_OK;
}

/* ---- telling ---- */

static void put_row_name(drift__str *out, const comparison *c, const drift__row *row)
{
    if (!c->shared.key_count) {
        if (row->has_rowid)
            drift__str_printf(out, "rowid = %lld", (long long)row->rowid);
        else
            drift__str_puts(out, "a row without key");
        return;
    }
    for (size_t i = 0; i < c->shared.key_count; i++) {
        drift__str_printf(out, "%s%s = ", i ? ", " : "", c->shared.columns[c->shared.key[i]]);
        drift__literal_put(out, &row->values[c->shared.key[i]]);
    }
}

static int tell_rows(comparison *c, drift_finding_code code, const drift__table_rows *where, size_t unmatched,
                     drift_error *err)
{
    char expected[32], actual[32], *name = NULL;
    drift__str text = DRIFT__STR_INIT;
    const bool lost = code == DRIFT_FINDING_DATA_LOST_ROWS;
    const drift__row *first = where->rows;
    if (!unmatched) return DRIFT_OK;
    while (first->match) first++;
    put_row_name(&text, c, first);
    const int rc = drift__str_take(&name, &text, err);
    if (rc != DRIFT_OK) return rc;
    snprintf(expected, sizeof expected, "%zu", c->before.count);
    snprintf(actual, sizeof actual, "%zu", c->after.count);
    drift__judgement_find(c->judgement, code, c->table, expected, actual,
                          lost ? "%zu of %zu rows lost, the first: %s"
                               : "%zu of %zu rows were not there before, the first: %s",
                          unmatched, where->count, name);
    drift__free(name);
    return DRIFT_OK;
}

static size_t count_unmatched(const drift__table_rows *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) count += rows->rows[i].match == NULL;
    return count;
}

typedef struct casting {
    const drift_value *wanted;
    bool same;
} casting;

static int take_cast(drift_statement *row, void *payload, drift_error *err)
{
    casting *c = payload;
    const drift_value value = drift_column_value(row, 0);
    (void)err;
    c->same = drift__value_same(&value, c->wanted);
    return DRIFT_OK;
}

/* Whether the new value is what CAST makes of the old one. */
static int is_cast_of(bool *out, comparison *c, const drift_value *old, const drift_value *new, drift__affinity to,
                      drift_error *err)
{
    char sql[64];
    casting cast = {.wanted = new};
    snprintf(sql, sizeof sql, "SELECT CAST(? AS %s)", drift__affinity_name(to));
    const int rc = drift_query(c->judgement->before, sql, old, 1, take_cast, &cast, err);
    *out = cast.same;
    return rc;
}

static int has_survived(bool *out, comparison *c, size_t column, const drift_value *old, const drift_value *new,
                        drift_error *err)
{
    *out = drift__value_same(old, new) || (old->kind == DRIFT_NULL && c->shared.filled[column]);
    if (*out || !c->shared.retyped[column]) return DRIFT_OK;
    return is_cast_of(out, c, old, new, c->shared.to[column], err);
}

static int tell_changed(comparison *c, size_t column, size_t count, const drift__row *first, drift_error *err)
{
    char *old = NULL, *new = NULL, *name = NULL, *object = NULL;
    drift__str text = DRIFT__STR_INIT;
    drift__literal_put(&text, &first->values[column]);
    int rc = drift__str_take(&old, &text, err);
    if (rc == DRIFT_OK) {
        drift__literal_put(&text, &first->match->values[column]);
        rc = drift__str_take(&new, &text, err);
    }
    if (rc == DRIFT_OK) {
        put_row_name(&text, c, first);
        rc = drift__str_take(&name, &text, err);
    }
    if (rc == DRIFT_OK) {
        drift__str_printf(&text, "%s.%s", c->table, c->shared.columns[column]);
        rc = drift__str_take(&object, &text, err);
    }
    if (rc == DRIFT_OK)
        drift__judgement_find(c->judgement,
                              c->shared.retyped[column] ? DRIFT_FINDING_DATA_AFFINITY : DRIFT_FINDING_DATA_CHANGED,
                              object, old, new, "expected %s, found %s in %zu of %zu rows, the first: %s", old, new,
                              count, c->before.count, name);
    drift__free(object);
    drift__free(name);
    drift__free(new);
    drift__free(old);
    return rc;
}

static int compare_column(comparison *c, size_t column, drift_error *err)
{
    const drift__row *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < c->before.count; i++) {
        const drift__row *row = &c->before.rows[i];
        bool survived = true;
        if (!row->match) continue;
        const int rc = has_survived(&survived, c, column, &row->values[column], &row->match->values[column], err);
        if (rc != DRIFT_OK) return rc;
        if (survived) continue;
        if (!first) first = row;
        count++;
    }
    return first ? tell_changed(c, column, count, first, err) : DRIFT_OK;
}

static int tell(comparison *c, drift_error *err)
{
    int rc = tell_rows(c, DRIFT_FINDING_DATA_LOST_ROWS, &c->before, count_unmatched(&c->before), err);
    if (rc == DRIFT_OK) rc = tell_rows(c, DRIFT_FINDING_DATA_EXTRA_ROWS, &c->after, count_unmatched(&c->after), err);
    for (size_t i = 0; rc == DRIFT_OK && i < c->shared.count; i++) rc = compare_column(c, i, err);
    return rc;
}

/* ---- */

/* A full-text table whose content went elsewhere cannot be read any more: its rows are as good as lost. */
static int tell_unreadable(comparison *c, const drift_error *why)
{
    char expected[32];
    snprintf(expected, sizeof expected, "%zu", c->before.count);
    drift__judgement_find(c->judgement, DRIFT_FINDING_DATA_LOST_ROWS, c->table, expected, NULL,
                          "the rows cannot be read any more: %s", why->text);
    return DRIFT_OK;
}

static bool is_unreadable(int status)
{
    return status == DRIFT_SQL || status == DRIFT_NOT_A_DATABASE;
}

/* `*comparable` is false where there is nothing to compare: what could not be read before has nothing to lose. */
static int read_rows(bool *comparable, comparison *c, const live_table *old, const live_table *new, drift_error *err)
{
    drift__table_rows_query query = {.table = c->table,
                                     .columns = c->shared.columns,
                                     .column_count = c->shared.count,
                                     .key = c->shared.key,
                                     .key_count = c->shared.key_count,
                                     .key_types = c->shared.key_types,
                                     .rowid = rowid_of(old)};
    drift_error why = {0};
    *comparable = false;
    int rc = drift__table_rows_read(&c->before, c->judgement->before, &query, &why);
    if (is_unreadable(rc)) return DRIFT_OK;
    query.rowid = rowid_of(new);
    query.key_types = NULL;
    if (rc == DRIFT_OK) rc = drift__table_rows_read(&c->after, c->judgement->after, &query, &why);
    if (is_unreadable(rc)) return tell_unreadable(c, &why);
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    *comparable = rc == DRIFT_OK;
    return rc;
}

static const drift_table *target_table(const drift_entity *entity)
{
    return entity->kind == DRIFT_ENTITY_TABLE ? entity->as.table : NULL;
}

static const drift_entity *entity_in(const drift_schema *schema, const char *name)
{
    const drift_entity *table = drift_schema_entity(schema, DRIFT_ENTITY_TABLE, name);
    return table ? table : drift_schema_entity(schema, DRIFT_ENTITY_VIRTUAL_TABLE, name);
}

static int compare_table(drift__judgement *judgement, const char *name, const drift_entity *target, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    live_table old = {.arena = &arena}, new = {.arena = &arena};
    comparison c = {.judgement = judgement, .table = name};
    bool comparable = false;
    int rc = read_table(&old, judgement->before, name, err);
    if (rc == DRIFT_OK) rc = read_table(&new, judgement->after, name, err);
    if (rc != DRIFT_OK || !new.count) goto done; /* missing: told as schema.missing */
    if ((rc = share(&c.shared, &arena, &old, &new, target_table(target), err)) != DRIFT_OK) goto done;
    if ((rc = read_rows(&comparable, &c, &old, &new, err)) != DRIFT_OK || !comparable) goto done;
    if ((rc = drift__table_rows_match(&c.before, &c.after, err)) != DRIFT_OK) goto done;
    rc = tell(&c, err);
done:
    drift__table_rows_dispose(&c.before);
    drift__table_rows_dispose(&c.after);
    drift__free(old.columns);
    drift__free(new.columns);
    drift__arena_dispose(&arena);
    return rc;
}

static int take_table(drift_statement *row, void *payload, drift_error *err)
{
    drift__judgement *judgement = payload;
    const char *name = drift_column_text(row, 0, NULL);
    if (!name) return drift__no_memory(err);
    const drift_entity *target = entity_in(judgement->target, name);
    return target ? compare_table(judgement, name, target, err) : DRIFT_OK;
}

int drift__judge_data(drift__judgement *judgement, drift_error *err)
{
    return drift_query(
        judgement->before,
        "SELECT s.name FROM main.sqlite_schema s JOIN pragma_table_list l ON l.name = s.name AND"
        " l.schema = 'main' WHERE s.type = 'table' AND l.type IN ('table', 'virtual') AND s.name NOT LIKE"
        " 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid",
        NULL, 0, take_table, judgement, err);
}
