/* shrink.c — trying a change, and leaving out rows. */
#include "verify/shrink.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/str.h"
#include "rebuild/text.h"
#include "runtime/pragma.h"
#include "sql/quote.h"
#include "verify/hidden.h"
#include "verify/world.h"

/* ---- the database stays one that could have been ---- */

typedef struct orphan {
    const char *table;
    bool has_rowid;
    int64_t rowid;
} orphan;

typedef struct orphan_list {
    drift__arena arena;
    orphan *items;
    size_t count, capacity;
} orphan_list;

static int take_orphan(drift_statement *row, void *payload, drift_error *err)
{
    orphan_list *list = payload;
    const drift_value rowid = drift_column_value(row, 1);
    if (drift__reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items) != 0)
        return drift__no_memory(err);
    list->items[list->count++] =
        (orphan){drift__take_text(&list->arena, row, 0), rowid.kind == DRIFT_INTEGER, rowid.integer};
    return list->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

static int find_orphans(orphan_list *out, drift_connection *connection, drift_error *err)
{
    *out = (orphan_list){.arena = DRIFT__ARENA_INIT};
    return drift_query(connection, "SELECT \"table\", rowid FROM pragma_foreign_key_check", NULL, 0, take_orphan, out,
                       err);
}

static void dispose_orphans(orphan_list *list)
{
    drift__free(list->items);
    drift__arena_dispose(&list->arena);
}

static int delete_orphan(drift_connection *connection, const orphan *o, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_INT64(o->rowid);
    drift__str sql = DRIFT__STR_INIT;
    if (!o->has_rowid) return drift__error(err, DRIFT_FOREIGN_KEY, "an orphan without a rowid");
    drift__str_puts(&sql, "DELETE FROM main.");
    drift__put_quoted(&sql, o->table);
    drift__str_puts(&sql, " WHERE rowid = ?");
    const int rc = sql.failed ? drift__no_memory(err) : drift_query(connection, sql.text, &bind, 1, NULL, NULL, err);
    drift__str_dispose(&sql);
    return rc;
}

/* Whoever lost its parent goes too, and then whoever lost that one. Every round deletes a row, so this ends. */
static int delete_orphans(drift_connection *connection, drift_error *err)
{
    for (;;) {
        orphan_list list;
        int rc = find_orphans(&list, connection, err);
        const size_t count = list.count;
        for (size_t i = 0; rc == DRIFT_OK && i < count; i++) rc = delete_orphan(connection, &list.items[i], err);
        dispose_orphans(&list);
        if (rc != DRIFT_OK || !count) return rc;
    }
}

static bool has_content_elsewhere(const drift__shrinking *s, const drift__object *index)
{
    for (size_t i = 0; i < s->objects.count; i++) {
        const drift__object *object = &s->objects.items[i];
        if (object != index && object->kind != DRIFT__OBJECT_INDEX && object->kind != DRIFT__OBJECT_TRIGGER &&
            drift__text_has_content(index->sql, object->name))
            return true;
    }
    return false;
}

static int rebuild_index(drift_connection *connection, const char *name, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "INSERT INTO main.");
    drift__put_quoted(&sql, name);
    drift__str_putc(&sql, '(');
    drift__put_quoted(&sql, name);
    drift__str_puts(&sql, ") VALUES ('rebuild')");
    const int rc = sql.failed ? drift__no_memory(err) : drift_exec(connection, sql.text, err);
    drift__str_dispose(&sql);
    return rc;
}

static int settle(const drift__shrinking *s, drift_connection *connection, drift_error *err)
{
    int rc = s->orphans ? DRIFT_OK : delete_orphans(connection, err);
    for (size_t i = 0; rc == DRIFT_OK && i < s->objects.count; i++) {
        const drift__object *object = &s->objects.items[i];
        if (object->kind == DRIFT__OBJECT_VIRTUAL_TABLE && has_content_elsewhere(s, object))
            rc = rebuild_index(connection, object->name, err);
    }
    return rc;
}

/* ---- one try ---- */

bool drift__shrink_goes_on(const drift__shrinking *s)
{
    return s->tries < DRIFT__SHRINK_TRIES && drift__clock_us() < s->deadline_us;
}

static int enable_triggers(drift_connection *connection, int enabled, drift_error *err)
{
    if (sqlite3_db_config(drift_connection_handle(connection), SQLITE_DBCONFIG_ENABLE_TRIGGER, enabled, NULL) ==
        SQLITE_OK)
        return DRIFT_OK;
    return drift__error(err, DRIFT_UNSUPPORTED, "triggers cannot be switched off");
}

static int make_change(const drift__shrinking *s, drift_connection *connection, const drift__shrink_change *change,
                       drift_error *err)
{
    int rc = drift__pragma_set(connection, DRIFT__PRAGMA_FOREIGN_KEYS, 0, err);
    if (rc == DRIFT_OK) rc = enable_triggers(connection, 0, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "BEGIN", err);
    if (rc == DRIFT_OK)
        rc = change->bind_count
                 ? drift_query(connection, change->sql, change->binds, change->bind_count, NULL, NULL, err)
                 : drift_exec(connection, change->sql, err);
    if (rc == DRIFT_OK) rc = settle(s, connection, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "COMMIT", err);
    return rc == DRIFT_OK ? enable_triggers(connection, 1, err) : rc;
}

int drift__shrink_try(bool *taken, drift__shrinking *s, const drift__shrink_change *change, drift_error *err)
{
    drift_connection *candidate = NULL;
    drift_error why = {0};
    *taken = false;
    s->tries++;
    int rc = drift__world_clone(&candidate, *s->database, s->options, err);
    if (rc != DRIFT_OK) return rc;
    rc = make_change(s, candidate, change, &why);
    if (rc == DRIFT_OK)
        rc = s->shows(taken, candidate, s->payload, err);
    else if (drift__is_answer(rc))
        rc = DRIFT_OK; /* a change that the database refuses */
    else if (err && !err->code)
        *err = why;
    if (*taken) {
        drift_connection *smaller = candidate;
        candidate = *s->database;
        *s->database = smaller;
    }
    drift_connection_close(candidate);
    return rc;
}

/* ---- the tables ---- */

static const char *order_of(drift__arena *arena, const drift__live_table *live)
{
    drift__str order = DRIFT__STR_INIT;
    const char *rowid = drift__live_rowid(live);
    if (rowid) drift__put_quoted(&order, rowid);
    for (int key = 1; !rowid && live->without_rowid && key <= (int)live->column_count; key++) {
        for (size_t i = 0; i < live->column_count; i++) {
            if (live->columns[i].key != key) continue;
            drift__str_puts(&order, key > 1 ? ", " : "");
            drift__put_quoted(&order, live->columns[i].name);
        }
    }
    const char *out = order.length ? drift__arena_strdup(arena, order.text) : NULL;
    if (order.failed) arena->failed = 1;
    drift__str_dispose(&order);
    return out;
}

/* The latest first: what refers to others was mostly created after them. */
static int read_tables(drift__shrinking *s, drift_error *err)
{
    s->tables = drift__arena_array(&s->arena, s->objects.count + 1, sizeof *s->tables);
    if (!s->tables) return drift__no_memory(err);
    for (size_t i = s->objects.count; i-- > 0;) {
        const drift__object *object = &s->objects.items[i];
        drift__shrink_table *table = &s->tables[s->table_count];
        if (strcmp(object->database, "main") != 0 ||
            (object->kind != DRIFT__OBJECT_TABLE && object->kind != DRIFT__OBJECT_VIRTUAL_TABLE))
            continue;
        const int rc = drift__live_table_read(&table->live, &s->arena, *s->database, object->name, err);
        if (rc != DRIFT_OK) return rc;
        table->is_virtual = object->kind == DRIFT__OBJECT_VIRTUAL_TABLE;
        table->order = order_of(&s->arena, &table->live);
        s->table_count++;
    }
    return s->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift__shrink_count(int64_t *out, const drift__shrinking *s, const drift__shrink_table *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift_error why = {0};
    *out = 0;
    drift__str_puts(&sql, "SELECT count(*) FROM main.");
    drift__put_quoted(&sql, table->live.name);
    int rc = sql.failed ? drift__no_memory(&why) : drift_query_int64(out, *s->database, sql.text, NULL, 0, &why);
    drift__str_dispose(&sql);
    /* A table that cannot be read has nothing to leave out. */
    if (drift__is_answer(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

/* ---- rows ---- */

static void put_delete(drift__str *sql, const drift__shrink_table *table)
{
    drift__str_puts(sql, "DELETE FROM main.");
    drift__put_quoted(sql, table->live.name);
}

static int try_without(bool *taken, drift__shrinking *s, const drift__shrink_table *table, int64_t offset,
                       int64_t count, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(count), DRIFT_BIND_INT64(offset)};
    drift__str sql = DRIFT__STR_INIT;
    put_delete(&sql, table);
    drift__str_printf(&sql, " WHERE (%s) IN (SELECT %s FROM main.", table->order, table->order);
    drift__put_quoted(&sql, table->live.name);
    drift__str_printf(&sql, " ORDER BY %s LIMIT ?1 OFFSET ?2)", table->order);
    const int rc = sql.failed ? drift__no_memory(err)
                              : drift__shrink_try(taken, s, &(drift__shrink_change){sql.text, binds, 2}, err);
    drift__str_dispose(&sql);
    return rc;
}

static int try_without_any(bool *taken, drift__shrinking *s, const drift__shrink_table *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    put_delete(&sql, table);
    const int rc =
        sql.failed ? drift__no_memory(err) : drift__shrink_try(taken, s, &(drift__shrink_change){.sql = sql.text}, err);
    drift__str_dispose(&sql);
    return rc;
}

static int leave_out_chunks(drift__shrinking *s, const drift__shrink_table *table, int64_t chunk, drift_error *err)
{
    int64_t rows = 0;
    int rc = drift__shrink_count(&rows, s, table, err);
    for (int64_t offset = 0; rc == DRIFT_OK && offset < rows && drift__shrink_goes_on(s);) {
        bool taken = false;
        rc = try_without(&taken, s, table, offset, chunk, err);
        if (rc == DRIFT_OK && taken) rc = drift__shrink_count(&rows, s, table, err);
        if (!taken) offset += chunk;
    }
    return rc;
}

static int leave_out_rows(drift__shrinking *s, const drift__shrink_table *table, drift_error *err)
{
    int64_t rows = 0;
    bool taken = false;
    int rc = drift__shrink_count(&rows, s, table, err);
    if (rc != DRIFT_OK || !rows || !drift__shrink_goes_on(s)) return rc;
    rc = try_without_any(&taken, s, table, err);
    if (rc != DRIFT_OK || taken || !table->order) return rc;
    for (int64_t chunk = rows / 2; rc == DRIFT_OK && chunk > 0 && drift__shrink_goes_on(s); chunk /= 2)
        rc = leave_out_chunks(s, table, chunk, err);
    return rc;
}

/* Most failures need no row at all, or only those of one table. */
static int try_without_all(bool *taken, drift__shrinking *s, const drift__shrink_table *but, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    for (size_t i = 0; i < s->table_count; i++) {
        if (&s->tables[i] == but) continue;
        put_delete(&sql, &s->tables[i]);
        drift__str_puts(&sql, "; ");
    }
    const int rc = sql.failed ? drift__no_memory(err)
                              : drift__shrink_try(taken, s, &(drift__shrink_change){.sql = drift__str_text(&sql)}, err);
    drift__str_dispose(&sql);
    return rc;
}

static int leave_out_tables(drift__shrinking *s, drift_error *err)
{
    bool taken = false;
    int rc = try_without_all(&taken, s, NULL, err);
    for (size_t i = 0; rc == DRIFT_OK && !taken && i < s->table_count && drift__shrink_goes_on(s); i++) {
        int64_t rows = 0;
        rc = drift__shrink_count(&rows, s, &s->tables[i], err);
        if (rc == DRIFT_OK && rows) rc = try_without_all(&taken, s, &s->tables[i], err);
    }
    return rc;
}

static int count_all(int64_t *out, const drift__shrinking *s, drift_error *err)
{
    int rc = DRIFT_OK;
    *out = 0;
    for (size_t i = 0; rc == DRIFT_OK && i < s->table_count; i++) {
        int64_t rows = 0;
        rc = drift__shrink_count(&rows, s, &s->tables[i], err);
        *out += rows;
    }
    return rc;
}

/* AUTOINCREMENT need not remember more than the rows say. Refused where there is no such table. */
static int forget_sequences(drift__shrinking *s, drift_error *err)
{
    bool taken = false;
    if (!drift__shrink_goes_on(s)) return DRIFT_OK;
    return drift__shrink_try(&taken, s, &(drift__shrink_change){.sql = "DELETE FROM main.sqlite_sequence"}, err);
}

/* Again while it helps: a parent may go once its children are gone. */
static int leave_out_all(drift__shrinking *s, drift_error *err)
{
    int64_t before = 0, rows = 0;
    if (!drift__shrink_goes_on(s)) return DRIFT_OK;
    int rc = leave_out_tables(s, err);
    if (rc == DRIFT_OK) rc = count_all(&rows, s, err);
    for (before = rows + 1; rc == DRIFT_OK && rows && rows < before && drift__shrink_goes_on(s);) {
        before = rows;
        for (size_t i = 0; rc == DRIFT_OK && i < s->table_count; i++) rc = leave_out_rows(s, &s->tables[i], err);
        if (rc == DRIFT_OK) rc = count_all(&rows, s, err);
    }
    return rc;
}

/* ---- */

static int begin(drift__shrinking *s, drift_error *err)
{
    orphan_list orphans;
    drift_error why = {0};
    int rc = find_orphans(&orphans, *s->database, &why);
    s->orphans = rc != DRIFT_OK || orphans.count;
    dispose_orphans(&orphans);
    if (!drift__is_answer(rc)) {
        if (err && !err->code) *err = why;
        return rc;
    }
    rc = drift__objects_read(&s->objects, &s->arena, *s->database, err);
    return rc == DRIFT_OK ? read_tables(s, err) : rc;
}

int drift__shrink(drift_connection **database, const drift_verify_options *options, drift__shows_fn shows,
                  void *payload, drift_error *err)
{
    drift__shrinking s = {.database = database,
                          .options = options,
                          .shows = shows,
                          .payload = payload,
                          .arena = DRIFT__ARENA_INIT,
                          .deadline_us = drift__clock_us() + DRIFT__SHRINK_SECONDS * INT64_C(1000000)};
    int rc = begin(&s, err);
    if (rc == DRIFT_OK) rc = leave_out_all(&s, err);
    if (rc == DRIFT_OK) rc = forget_sequences(&s, err);
    if (rc == DRIFT_OK) rc = drift__shrink_values(&s, err);
    /* A reference that became NULL may have been the last one to a row. */
    if (rc == DRIFT_OK) rc = leave_out_all(&s, err);
    drift__free(s.objects.items);
    drift__arena_dispose(&s.arena);
    return rc;
}
