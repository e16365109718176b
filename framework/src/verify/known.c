/* known.c — finding what is known by a digest of the definitions.
 *
 * The digest is over type, name, table and text of everything in sqlite_schema, main and temporary: tables, indexes,
 * views and triggers each in their order of creation, in which reports tell them and triggers may fire. Which object
 * was created between which of another kind makes no difference, nor does where SQLite's own tables and indexes stand,
 * which it makes when they are needed and no report tells. SQLite reads a schema from these texts alone; besides them
 * only settings of the connection decide what compiles, of which a migration can change one.
 */
#include "verify/known.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "sql/cursor.h"
#include "verify/live.h"

/* So many sets are remembered: a chain of as many versions meets each again before it is forgotten. */
enum { MOST_KNOWN = 256 };

/* ---- the digest ---- */

enum { KINDS = 4 };

typedef struct digesting {
    drift__digest_state kinds[KINDS];
    drift__digest internal; /* of what is SQLite's own, in any order */
    bool has_sequences;
} digesting;

/* "table", "index", "view", "trigger" */
static size_t kind_of(const char *type)
{
    switch (type[0]) {
    case 'i': return 1;
    case 'v': return 2;
    case 't': return type[1] == 'r' ? 3 : 0;
    default: return 0;
    }
}

static void add_columns(drift__digest_state *state, drift_statement *row)
{
    for (int i = 0; i < drift_column_count(row); i++) {
        const drift_value value = drift_column_value(row, i);
        drift__digest_value(state, &value);
    }
}

static void add_internal(digesting *d, drift_statement *row)
{
    drift__digest_state state;
    drift__digest_begin(&state);
    add_columns(&state, row);
    const drift__digest one = drift__digest_end(&state);
    d->internal.low += one.low;
    d->internal.high += one.high;
}

static int add_definition(drift_statement *row, void *payload, drift_error *err)
{
    digesting *d = payload;
    const char *type = drift_column_text(row, 0, NULL), *name = drift_column_text(row, 1, NULL);
    if (!type || !name) return drift__no_memory(err);
    d->has_sequences |= strcmp(name, "sqlite_sequence") == 0;
    if (strncmp(name, "sqlite_", strlen("sqlite_")) == 0)
        add_internal(d, row);
    else
        add_columns(&d->kinds[kind_of(type)], row);
    return DRIFT_OK;
}

/* "If this setting is off, then … functions that are not tagged SQLITE_INNOCUOUS and virtual tables that are not
 * tagged SQLITE_VTAB_INNOCUOUS" are refused in views and triggers
 * (https://www.sqlite.org/pragma.html#pragma_trusted_schema). */
static int trusts_schema(drift_connection *connection)
{
    int on = 1;
    (void)sqlite3_db_config(drift_connection_handle(connection), SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1, &on);
    return on;
}

static int digest_definitions(drift__digest *out, bool *has_sequences, drift_connection *connection, drift_error *err)
{
    digesting d = {.has_sequences = false};
    drift__digest_state whole;
    for (size_t i = 0; i < KINDS; i++) drift__digest_begin(&d.kinds[i]);
    int rc = drift_query(connection, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema", NULL, 0,
                         add_definition, &d, err);
    for (size_t i = 0; i < KINDS; i++) drift__digest_number(&d.kinds[i], 0); /* no kind of value */
    if (rc == DRIFT_OK)
        rc = drift_query(connection, "SELECT type, name, tbl_name, sql FROM temp.sqlite_schema", NULL, 0,
                         add_definition, &d, err);
    drift__digest_begin(&whole);
    drift__digest_number(&whole, (uint64_t)trusts_schema(connection));
    for (size_t i = 0; i < KINDS; i++) {
        const drift__digest kind = drift__digest_end(&d.kinds[i]);
        drift__digest_number(&whole, kind.low);
        drift__digest_number(&whole, kind.high);
    }
    drift__digest_number(&whole, d.internal.low);
    drift__digest_number(&whole, d.internal.high);
    *out = drift__digest_end(&whole);
    *has_sequences = d.has_sequences;
    return rc;
}

/* ---- what is remembered ---- */

static drift__known *find(const drift__known_all *all, drift__digest definitions)
{
    for (size_t i = all->count; i-- > 0;) {
        if (drift__digest_same(all->items[i]->definitions, definitions)) return all->items[i];
    }
    return NULL;
}

static void clear(drift__known *known)
{
    drift__free(known->objects.items);
    drift__arena_dispose(&known->arena);
    *known = (drift__known){0};
}

/* One that nobody holds, if there are many already. */
static drift__known *reuse(drift__known_all *all)
{
    for (size_t tried = 0; all->count >= MOST_KNOWN && tried < all->count; tried++) {
        drift__known *oldest = all->items[all->next++ % all->count];
        if (oldest->users) continue;
        clear(oldest);
        return oldest;
    }
    return NULL;
}

static int add(drift__known **out, drift__known_all *all, drift_error *err)
{
    *out = reuse(all);
    if (*out) return DRIFT_OK;
    if (drift__reserve((void **)&all->items, &all->capacity, all->count + 1, sizeof(drift__known *)) != 0)
        return drift__no_memory(err);
    *out = drift__calloc(1, sizeof **out);
    if (!*out) return drift__no_memory(err);
    all->items[all->count++] = *out;
    return DRIFT_OK;
}

int drift__known_take(drift__known **out, drift__known_all *all, drift_connection *connection, drift_error *err)
{
    drift__digest definitions;
    bool has_sequences = false;
    drift__known *known = NULL;
    *out = NULL;
    int rc = digest_definitions(&definitions, &has_sequences, connection, err);
    if (rc == DRIFT_OK) known = find(all, definitions);
    if (rc == DRIFT_OK && !known) {
        rc = add(&known, all, err);
        if (rc == DRIFT_OK) rc = drift__objects_read(&known->objects, &known->arena, connection, err);
        if (rc == DRIFT_OK) known->definitions = definitions;
        if (rc == DRIFT_OK) known->has_sequences = has_sequences;
    }
    if (rc != DRIFT_OK) return rc;
    known->users++;
    *out = known;
    return DRIFT_OK;
}

void drift__known_release(drift__known *known)
{
    if (known) known->users--;
}

void drift__known_dispose(drift__known_all *all)
{
    for (size_t i = 0; i < all->count; i++) {
        clear(all->items[i]);
        drift__free(all->items[i]);
    }
    drift__free(all->items);
    *all = (drift__known_all){0};
}

/* ---- tables ---- */

int drift__known_tables(const drift__live_known **out, drift__known *known, drift_connection *connection,
                        drift_error *err)
{
    *out = known->tables;
    if (known->tables) return DRIFT_OK;
    drift__live_known *tables = drift__arena_array(&known->arena, 1, sizeof *tables);
    if (!tables) return drift__no_memory(err);
    const int rc = drift__live_read(tables, &known->arena, connection, &known->objects, err);
    if (rc == DRIFT_OK) *out = known->tables = tables;
    return rc;
}

/* ---- token for token ---- */

/* Past what SQLite leaves out of the text that it stores: TEMP, IF NOT EXISTS, the database's name. */
static void skip_head(drift__cursor *c)
{
    (void)drift__cursor_take(c, "CREATE");
    while (c->token.kind == DRIFT__TOKEN_WORD && !drift__cursor_is(c, "TABLE") && !drift__cursor_is(c, "INDEX") &&
           !drift__cursor_is(c, "VIEW") && !drift__cursor_is(c, "TRIGGER"))
        drift__cursor_next(c);
    drift__cursor_next(c);
    if (drift__cursor_take(c, "IF") && drift__cursor_take(c, "NOT")) (void)drift__cursor_take(c, "EXISTS");
    if (drift__cursor_peek(c).kind != DRIFT__TOKEN_DOT) return;
    drift__cursor_next(c);
    drift__cursor_next(c);
}

static bool same_token(const drift__lexeme *a, const drift__lexeme *b)
{
    return a->kind == b->kind && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* Behind the name, which was compared, every token has the same bytes: a name in other quotes may be a string. */
static bool same_tokens(const char *stored, const char *declared)
{
    drift__cursor a = drift__cursor_at(stored, strlen(stored)), b = drift__cursor_at(declared, strlen(declared));
    skip_head(&a);
    skip_head(&b);
    drift__cursor_next(&a);
    drift__cursor_next(&b);
    while (a.token.kind != DRIFT__TOKEN_END && same_token(&a.token, &b.token)) {
        drift__cursor_next(&a);
        drift__cursor_next(&b);
    }
    return a.token.kind == DRIFT__TOKEN_END && b.token.kind == DRIFT__TOKEN_END;
}

static bool is_unique(const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    return drift__cursor_take(&c, "CREATE") && drift__cursor_is(&c, "UNIQUE");
}

static bool same_definition(const drift__object *object, const drift_entity *entity)
{
    return strcmp(object->database, "main") == 0 && !entity->temporary &&
           drift__same_name(object->name, entity->name) && is_unique(object->sql) == is_unique(entity->sql) &&
           same_tokens(object->sql, entity->sql);
}

/* The entities of a kind against the objects of that kind, one after the other. */
static bool same_kind(const drift__objects *objects, drift__object_kind kind, const drift_schema *schema,
                      drift_entity_kind entity_kind)
{
    size_t at = 0;
    for (size_t i = 0; i < schema->entity_count; i++) {
        if (schema->entities[i].kind != entity_kind) continue;
        while (at < objects->count && objects->items[at].kind != kind) at++;
        if (at == objects->count || !same_definition(&objects->items[at++], &schema->entities[i])) return false;
    }
    while (at < objects->count && objects->items[at].kind != kind) at++;
    return at == objects->count;
}

static bool is(const drift__objects *objects, const drift_schema *schema)
{
    for (size_t i = 0; i < objects->count; i++) {
        if (objects->items[i].kind == DRIFT__OBJECT_VIRTUAL_TABLE) return false;
    }
    for (size_t i = 0; i < schema->entity_count; i++) {
        if (schema->entities[i].kind == DRIFT_ENTITY_VIRTUAL_TABLE || schema->entities[i].kind == DRIFT_ENTITY_QUERY)
            return false;
    }
    return same_kind(objects, DRIFT__OBJECT_TABLE, schema, DRIFT_ENTITY_TABLE) &&
           same_kind(objects, DRIFT__OBJECT_INDEX, schema, DRIFT_ENTITY_INDEX) &&
           same_kind(objects, DRIFT__OBJECT_VIEW, schema, DRIFT_ENTITY_VIEW) &&
           same_kind(objects, DRIFT__OBJECT_TRIGGER, schema, DRIFT_ENTITY_TRIGGER);
}

bool drift__known_is(drift__known *known, const drift_schema *schema)
{
    if (known->compared == schema) return known->is_compared;
    known->compared = schema;
    return known->is_compared = is(&known->objects, schema);
}
