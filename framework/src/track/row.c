/* row.c */
#include "track/row.h"

#include "base/alloc.h"
#include "base/error.h"
#include "sql/quote.h"

/* A statement that is put together, and the values that it binds, in their order. */
typedef struct statement {
    drift__str sql;
    drift_value *binds;
    size_t count, capacity;
    bool failed;
} statement;

static void bind(statement *s, const drift_value *value, bool real)
{
    if (drift__reserve((void **)&s->binds, &s->capacity, s->count + 1, sizeof *s->binds) != 0) {
        s->failed = true;
        return;
    }
    s->binds[s->count++] = *value;
    drift__str_puts(&s->sql, real ? "CAST(? AS REAL)" : "?");
}

static void put_table(statement *s, const char *head, const char *table)
{
    drift__str_printf(&s->sql, "%s main.", head);
    drift__put_quoted(&s->sql, table);
}

/* IS is = where no value is NULL; the column's affinity and collation hold as for its own index. */
static void put_where(statement *s, const drift__json_object *key)
{
    for (size_t i = 0; i < key->count; i++) {
        drift__str_puts(&s->sql, i == 0 ? " WHERE " : " AND ");
        drift__put_quoted(&s->sql, key->fields[i].name);
        drift__str_puts(&s->sql, " IS ");
        bind(s, &key->fields[i].value, key->fields[i].real);
    }
}

static int run(statement *s, drift_connection *connection, drift_error *err)
{
    const int rc = s->failed || s->sql.failed
                       ? drift__no_memory(err)
                       : drift_query(connection, drift__str_text(&s->sql), s->binds, s->count, NULL, NULL, err);
    drift__str_dispose(&s->sql);
    drift__free(s->binds);
    *s = (statement){.sql = DRIFT__STR_INIT};
    return rc;
}

int drift__row_set_revision(drift_connection *connection, const char *table, const char *column, const char *key,
                            const drift_value *revision, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__json_object fields;
    statement s = {.sql = DRIFT__STR_INIT};
    int rc = drift__json_read(&fields, &arena, key, "the key of a change", err);
    if (rc == DRIFT_OK) {
        put_table(&s, "UPDATE", table);
        drift__str_puts(&s.sql, " SET ");
        drift__put_quoted(&s.sql, column);
        drift__str_puts(&s.sql, " = ");
        bind(&s, revision, false);
        put_where(&s, &fields);
        rc = run(&s, connection, err);
    }
    drift__arena_dispose(&arena);
    return rc;
}

int drift__row_delete(drift_connection *connection, const drift__tracked *tracked, const drift__json_object *key,
                      drift_error *err)
{
    statement s = {.sql = DRIFT__STR_INIT};
    put_table(&s, "DELETE FROM", tracked->table->name);
    put_where(&s, key);
    return run(&s, connection, err);
}

/* --- writing --- */

/* A column that a row is written with. */
typedef struct assignment {
    const char *column;
    const drift_value *value;
    bool real;
} assignment;

typedef struct assignments {
    assignment *items;
    size_t count;
} assignments;

static void assign(assignments *a, const char *column, const drift_value *value, bool real)
{
    a->items[a->count++] = (assignment){column, value, real};
}

/* The key, the tracked columns that the payload names and that can be written, the revision. */
static int collect(assignments *out, drift__arena *arena, const drift__tracked *t, const drift__json_object *key,
                   const drift__json_object *payload, const drift_value *revision, drift_error *err)
{
    out->items = drift__arena_array(arena, t->column_count + key->count + 1, sizeof *out->items);
    if (!out->items) return drift__no_memory(err);
    for (size_t i = 0; i < key->count; i++)
        assign(out, key->fields[i].name, &key->fields[i].value, key->fields[i].real);
    for (size_t i = 0; i < t->column_count; i++) {
        const drift__json_field *field = drift__json_field_of(payload, t->columns[i]->name);
        const bool own = field && !t->columns[i]->generated && !drift__json_field_of(key, t->columns[i]->name) &&
                         t->columns[i] != t->revision;
        if (own) assign(out, t->columns[i]->name, &field->value, field->real);
    }
    if (t->revision && revision->kind != DRIFT_NULL) assign(out, t->revision->name, revision, false);
    return DRIFT_OK;
}

/* The row with this key gets all that is assigned; where nothing but the key is, it is looked at. */
static int update(drift_connection *connection, const drift__tracked *t, const drift__json_object *key,
                  const assignments *a, drift_error *err)
{
    statement s = {.sql = DRIFT__STR_INIT};
    put_table(&s, "UPDATE", t->table->name);
    for (size_t i = 0; i < a->count; i++) {
        drift__str_puts(&s.sql, i == 0 ? " SET " : ", ");
        drift__put_quoted(&s.sql, a->items[i].column);
        drift__str_puts(&s.sql, " = ");
        bind(&s, a->items[i].value, a->items[i].real);
    }
    put_where(&s, key);
    return run(&s, connection, err);
}

static int insert(drift_connection *connection, const drift__tracked *t, const assignments *a, drift_error *err)
{
    statement s = {.sql = DRIFT__STR_INIT};
    put_table(&s, "INSERT INTO", t->table->name);
    for (size_t i = 0; i < a->count; i++) {
        drift__str_puts(&s.sql, i == 0 ? " (" : ", ");
        drift__put_quoted(&s.sql, a->items[i].column);
    }
    for (size_t i = 0; i < a->count; i++) {
        drift__str_puts(&s.sql, i == 0 ? ") VALUES (" : ", ");
        bind(&s, a->items[i].value, a->items[i].real);
    }
    drift__str_putc(&s.sql, ')');
    return run(&s, connection, err);
}

int drift__row_write(drift_connection *connection, const drift__tracked *tracked, const drift__json_object *key,
                     const drift__json_object *payload, const drift_value *revision, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    assignments a = {NULL, 0};
    int rc = collect(&a, &arena, tracked, key, payload, revision, err);
    if (rc == DRIFT_OK) rc = update(connection, tracked, key, &a, err);
    if (rc == DRIFT_OK && drift_changes(connection) == 0) rc = insert(connection, tracked, &a, err);
    drift__arena_dispose(&arena);
    return rc;
}

int drift__row_check_key(const drift__tracked *tracked, const drift__json_object *key, drift_error *err)
{
    bool whole = key->count == tracked->key_count;
    for (size_t i = 0; whole && i < tracked->key_count; i++) {
        const drift__json_field *field = drift__json_field_of(key, tracked->key[i]->name);
        whole = field && field->value.kind != DRIFT_NULL;
    }
    if (whole) return DRIFT_OK;
    return drift__error(err, DRIFT_FORMAT, "expected a key of %s: a value for each column of its PRIMARY KEY",
                        tracked->table->name);
}
