/* violation.c */
#include "rebuild/violation.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/map.h"
#include "base/str.h"
#include "rebuild/foreign_key.h"
#include "rebuild/live.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* A search: over the foreign keys of the database, table by table. */
typedef struct search {
    drift_connection *connection;
    const drift__foreign_keys *keys;
    drift__violation_fn found;
    void *payload;
} search;

void drift__put_names(drift__str *s, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i) drift__str_puts(s, ", ");
        drift__put_name(s, names[i]);
    }
}

static void put_constraint(drift__str *s, const drift__foreign_key *key)
{
    drift__str_puts(s, "FOREIGN KEY (");
    drift__put_names(s, key->from, key->column_count);
    drift__str_puts(s, ") REFERENCES ");
    drift__put_name(s, key->parent);
    if (!key->to[0]) return;
    drift__str_puts(s, " (");
    drift__put_names(s, key->to, key->column_count);
    drift__str_putc(s, ')');
}

/* Hands one violation on. `row` is NULL where the schema, not a row, is at fault. */
static int tell(const search *s, const drift__foreign_key *key, const int64_t *rowid, const char *row, drift_error *err)
{
    drift__str columns = DRIFT__STR_INIT, constraint = DRIFT__STR_INIT;
    drift__put_names(&columns, key->from, key->column_count);
    put_constraint(&constraint, key);
    const drift__violation violation = {.told = {.table = key->table,
                                                 .has_rowid = rowid != NULL,
                                                 .rowid = rowid ? *rowid : 0,
                                                 .key = row,
                                                 .parent = key->parent,
                                                 .constraint = drift__str_text(&constraint)},
                                        .names = key->from,
                                        .name_count = key->column_count,
                                        .columns = drift__str_text(&columns)};
    const int rc = columns.failed || constraint.failed ? drift__no_memory(err) : s->found(&violation, s->payload, err);
    drift__str_dispose(&columns);
    drift__str_dispose(&constraint);
    return rc;
}

/* --- what PRAGMA foreign_key_check tells --- */

typedef struct check {
    const search *search;
    const char *table;
} check;

static const drift__foreign_key *find_key(const drift__foreign_keys *keys, const char *table, int id)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->items[i].id == id && drift__same_name(keys->items[i].table, table)) return &keys->items[i];
    return NULL;
}

static int checked_row(drift_statement *row, void *payload, drift_error *err)
{
    const check *c = payload;
    const drift__foreign_key *key = find_key(c->search->keys, c->table, (int)drift_column_int64(row, 3));
    const int64_t rowid = drift_column_int64(row, 1);
    char text[40];
    if (drift_column_value(row, 1).kind == DRIFT_NULL) return DRIFT_OK; /* WITHOUT ROWID: the anti-join tells it */
    sqlite3_snprintf(sizeof text, text, "rowid = %lld", (long long)rowid);
    return key ? tell(c->search, key, &rowid, text, err) : DRIFT_OK;
}

/* The key that a mismatch names: 'foreign key mismatch - "child" referencing "parent"'. */
static const drift__foreign_key *mismatched(const drift__foreign_key *keys, size_t count, const char *text)
{
    const char *parent = strstr(text, "\" referencing \"");
    for (size_t i = 0; parent && i < count; i++) {
        const char *name = parent + strlen("\" referencing \"");
        const size_t length = strlen(keys[i].parent);
        if (strncmp(name, keys[i].parent, length) == 0 && name[length] == '"') return &keys[i];
    }
    return keys;
}

/* `*mismatch` is the key whose parent's key is no key, an error of the statement that comes before any row; or NULL. */
static int check_table(const drift__foreign_key **mismatch, const search *s, const drift__foreign_key *keys,
                       size_t count, drift_error *err)
{
    check c = {s, keys->table};
    drift__str sql = DRIFT__STR_INIT;
    drift_error inner = {0};
    int rc;
    drift__str_puts(&sql, "PRAGMA main.foreign_key_check(");
    drift__put_quoted(&sql, keys->table);
    drift__str_putc(&sql, ')');
    rc = sql.failed ? drift__no_memory(err) : drift_query(s->connection, sql.text, NULL, 0, checked_row, &c, &inner);
    drift__str_dispose(&sql);
    *mismatch = inner.code == DRIFT_SQL && strstr(inner.text, "foreign key mismatch")
                    ? mismatched(keys, count, inner.text)
                    : NULL;
    if (*mismatch) return DRIFT_OK;
    if (inner.code && err && !err->code) *err = inner;
    return rc;
}

/* --- what an anti-join tells --- */

typedef struct join {
    const search *search;
    const drift__foreign_key *key;
    const drift__live_table *child;
    bool by_rowid;
} join;

static int joined_row(drift_statement *row, void *payload, drift_error *err)
{
    const join *j = payload;
    drift__str text = DRIFT__STR_INIT;
    int column = 0;
    const int64_t rowid = drift_column_int64(row, 0);
    if (j->by_rowid) drift__str_printf(&text, "rowid = %lld", (long long)rowid);
    for (size_t i = 0; !j->by_rowid && i < j->child->column_count; i++) {
        if (!j->child->columns[i].key) continue;
        if (column) drift__str_puts(&text, ", ");
        drift__put_name(&text, j->child->columns[i].name);
        drift__str_puts(&text, " = ");
        const char *value = drift_column_text(row, column++, NULL); /* quote() never gives NULL */
        if (value)
            drift__str_puts(&text, value);
        else
            text.failed = 1;
    }
    const int rc =
        text.failed ? drift__no_memory(err) : tell(j->search, j->key, j->by_rowid ? &rowid : NULL, text.text, err);
    drift__str_dispose(&text);
    return rc;
}

static void put_row(drift__str *s, const join *j)
{
    bool first = true;
    if (j->by_rowid) {
        drift__str_puts(s, "c.");
        drift__put_quoted(s, drift__live_rowid(j->child));
        return;
    }
    for (size_t i = 0; i < j->child->column_count; i++) {
        if (!j->child->columns[i].key) continue;
        drift__str_puts(s, first ? "quote(c." : ", quote(c.");
        drift__put_quoted(s, j->child->columns[i].name);
        drift__str_putc(s, ')');
        first = false;
    }
}

/* https://www.sqlite.org/foreignkeys.html, section 3: "When comparing values, if the parent key column has a collating
 * sequence or an affinity, it is applied": the parent's column stands on the left, and + takes the child's affinity
 * away. */
static void put_orphans(drift__str *s, const join *j, const char *const *to)
{
    const drift__foreign_key *key = j->key;
    drift__str_puts(s, "SELECT ");
    put_row(s, j);
    drift__str_puts(s, " FROM main.");
    drift__put_quoted(s, key->table);
    drift__str_puts(s, " AS c WHERE ");
    for (size_t i = 0; i < key->column_count; i++) {
        drift__str_puts(s, i ? " AND c." : "c.");
        drift__put_quoted(s, key->from[i]);
        drift__str_puts(s, " IS NOT NULL");
    }
    if (!to) return;
    drift__str_puts(s, " AND NOT EXISTS (SELECT 1 FROM main.");
    drift__put_quoted(s, key->parent);
    for (size_t i = 0; i < key->column_count; i++) {
        drift__str_puts(s, i ? " AND p." : " AS p WHERE p.");
        drift__put_quoted(s, to[i]);
        drift__str_puts(s, " = +c.");
        drift__put_quoted(s, key->from[i]);
    }
    drift__str_putc(s, ')');
}

/* The parent's columns: those that the clause names, else its primary key. @return NULL if they do not exist. */
static const char *const *parent_columns(drift__arena *arena, const drift__live_table *parent,
                                         const drift__foreign_key *key)
{
    const char **to = drift__arena_array(arena, key->column_count, sizeof *to);
    if (!to) return NULL;
    for (size_t i = 0; i < key->column_count; i++) {
        const drift__live_column *column = key->to[0] ? drift__live_column_find(parent, key->to[i]) : NULL;
        for (size_t k = 0; !key->to[0] && k < parent->column_count; k++)
            if (parent->columns[k].key == (int)i + 1) column = &parent->columns[k];
        if (!column) return NULL;
        to[i] = column->name;
    }
    return to;
}

static int join_key(const search *s, const drift__foreign_key *key, const drift__live_table *child,
                    const drift__live_table *parent, drift__arena *arena, drift_error *err)
{
    const char *const *to = parent ? parent_columns(arena, parent, key) : NULL;
    join j = {s, key, child, drift__live_rowid(child) != NULL};
    drift__str sql = DRIFT__STR_INIT;
    int rc;
    if (arena->failed) return drift__no_memory(err);
    if (parent && !to) return DRIFT_OK; /* no column to compare with; the mismatch itself is told */
    if (!j.by_rowid && !child->without_rowid) return DRIFT_OK;
    put_orphans(&sql, &j, to);
    rc = sql.failed ? drift__no_memory(err) : drift_query(s->connection, sql.text, NULL, 0, joined_row, &j, err);
    drift__str_dispose(&sql);
    return rc;
}

/* --- table by table --- */

/* The parent of a key; `*exists` is false, without an error, if there is none. */
static int read_parent(bool *exists, drift__live_table *out, drift__arena *arena, const search *s,
                       const drift__foreign_key *key, drift_error *err)
{
    drift_error inner = {0};
    const int rc = drift__live_table_read(out, arena, s->connection, key->parent, &inner);
    *exists = rc == DRIFT_OK;
    if (rc == DRIFT_NOT_FOUND) return DRIFT_OK;
    if (rc < 0 && err && !err->code) *err = inner;
    return rc;
}

/* One key: a missing parent is told, and where foreign_key_check does not tell its rows they are joined. */
static int search_key(const search *s, const drift__foreign_key *key, const drift__live_table *child, bool mismatch,
                      drift__arena *arena, drift_error *err)
{
    drift__live_table parent;
    bool exists = false;
    int rc = read_parent(&exists, &parent, arena, s, key, err);
    if (rc == DRIFT_OK && !exists) rc = tell(s, key, NULL, NULL, err);
    if (rc == DRIFT_OK && (mismatch || child->without_rowid))
        rc = join_key(s, key, child, exists ? &parent : NULL, arena, err);
    return rc;
}

static int search_table(const search *s, const drift__foreign_key *keys, size_t count, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    const drift__foreign_key *mismatch = NULL;
    drift__live_table child;
    int rc = drift__live_table_read(&child, &arena, s->connection, keys->table, err);
    if (rc == DRIFT_OK) rc = check_table(&mismatch, s, keys, count, err);
    if (rc == DRIFT_OK && mismatch) rc = tell(s, mismatch, NULL, NULL, err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++)
        rc = search_key(s, &keys[i], &child, mismatch != NULL, &arena, err);
    drift__arena_dispose(&arena);
    return rc;
}

static bool listed(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (drift__same_name(*names, name)) return true;
    return false;
}

/* Whether a table's keys are to be checked: it is listed, or one of its parents is. */
static bool in_scope(const char *const *tables, const drift__foreign_key *keys, size_t count)
{
    if (!tables || listed(tables, keys->table)) return true;
    for (size_t i = 0; i < count; i++)
        if (listed(tables, keys[i].parent)) return true;
    return false;
}

static size_t keys_of_table(const drift__foreign_keys *keys, size_t first)
{
    size_t end = first;
    while (end < keys->count && drift__same_name(keys->items[end].table, keys->items[first].table)) end++;
    return end - first;
}

/* Whether a statement has a row; what it fails with counts as one, since the search by table will tell it. */
static int has_row(bool *out, drift_connection *connection, const char *sql, drift_error *err)
{
    drift_statement *statement = NULL;
    drift_error inner = {0};
    int rc = drift_statement_prepare(&statement, connection, sql, &inner);
    if (rc == DRIFT_OK) rc = drift_statement_step(out, statement, &inner);
    drift_statement_free(statement);
    if (rc == DRIFT_SQL) {
        *out = true;
        return DRIFT_OK;
    }
    if (rc < 0 && err && !err->code) *err = inner;
    return rc;
}

/* What the texts of all tables say of foreign keys. */
typedef struct declared {
    drift__arena arena;
    drift__map tables;    /* every table's name */
    const char **parents; /* every name behind REFERENCES, which is a reserved word */
    size_t count, capacity;
    bool unjudged; /* a table WITHOUT ROWID has a key: foreign_key_check does not tell its rows */
} declared;

static int add_parent(declared *d, const drift__lexeme *name, drift_error *err)
{
    const bool is_name =
        name->kind == DRIFT__TOKEN_WORD || name->kind == DRIFT__TOKEN_QUOTED || name->kind == DRIFT__TOKEN_STRING;
    d->unjudged |= !is_name;
    if (!is_name) return DRIFT_OK;
    if (drift__reserve((void **)&d->parents, &d->capacity, d->count + 1, sizeof *d->parents))
        return drift__no_memory(err);
    d->parents[d->count] = drift__unquote(&d->arena, name->text, name->length);
    return d->parents[d->count++] ? DRIFT_OK : drift__no_memory(err);
}

/* Where a word that begins with this letter, large or small, stands behind `from`, or NULL. Every text is looked
 * through behind each migration, where this costs a tenth of reading its tokens. */
static const char *find_word(const char *text, const char *from, char letter, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = strchr(from, letter); at; at = strchr(at + 1, letter)) {
        if (drift__same_bytes(at, word, length) && !drift__is_name_char(at[length]) &&
            (at == text || !drift__is_name_char(at[-1])))
            return at;
    }
    return NULL;
}

static int add_parents(declared *d, const char *sql, char letter, drift_error *err)
{
    static const char references[] = "REFERENCES";
    int rc = DRIFT_OK;
    for (const char *at = sql; rc == DRIFT_OK && (at = find_word(sql, at, letter, references)); at++) {
        const char *behind = at + strlen(references);
        const drift__cursor c = drift__cursor_at(behind, strlen(behind));
        rc = add_parent(d, &c.token, err);
    }
    return rc;
}

/* A word in a comment or a string counts too: it leads to a search too many, never to one too few. */
static int take_declared(drift_statement *row, void *payload, drift_error *err)
{
    declared *d = payload;
    const char *name = drift__take_text(&d->arena, row, 0), *sql = drift_column_text(row, 1, NULL);
    const size_t before = d->count;
    if (!name || !sql || drift__map_put(&d->tables, name, name, NULL) != 0) return drift__no_memory(err);
    int rc = add_parents(d, sql, 'R', err);
    if (rc == DRIFT_OK) rc = add_parents(d, sql, 'r', err);
    d->unjudged |= d->count > before && (find_word(sql, sql, 'W', "WITHOUT") || find_word(sql, sql, 'w', "WITHOUT"));
    return rc;
}

/* Whether there may be a key that foreign_key_check does not judge: of a table WITHOUT ROWID, or without a parent. */
static int find_unjudged(bool *out, drift_connection *connection, drift_error *err)
{
    declared d = {.arena = DRIFT__ARENA_INIT, .tables = DRIFT__MAP_INIT};
    drift_error inner = {0};
    int rc = drift_query(connection, "SELECT name, ifnull(sql, '') FROM main.sqlite_schema WHERE type = 'table'", NULL,
                         0, take_declared, &d, &inner);
    *out = d.unjudged || rc == DRIFT_SQL; /* the search by table will tell what it fails with */
    if (rc == DRIFT_SQL) rc = DRIFT_OK;
    if (rc < 0 && err && !err->code) *err = inner;
    for (size_t i = 0; rc == DRIFT_OK && !*out && i < d.count; i++) *out = !drift__map_get(&d.tables, d.parents[i]);
    drift__free(d.parents);
    drift__map_dispose(&d.tables);
    drift__arena_dispose(&d.arena);
    return rc;
}

/* Nearly always there is nothing to tell, and two statements find that out for all tables at once: no key of those that
 * foreign_key_check does not judge, and no row that it tells. */
static int is_clean(bool *clean, drift_connection *connection, drift_error *err)
{
    bool unjudged = false, violated = false;
    int rc = find_unjudged(&unjudged, connection, err);
    if (rc == DRIFT_OK && !unjudged) rc = has_row(&violated, connection, "PRAGMA main.foreign_key_check", err);
    *clean = rc == DRIFT_OK && !unjudged && !violated;
    return rc;
}

int drift__violations_find(drift_connection *connection, const char *const *tables, drift__violation_fn found,
                           void *payload, drift_error *err)
{
    drift__foreign_keys keys = {0};
    bool clean = false;
    int rc = tables ? DRIFT_OK : is_clean(&clean, connection, err);
    if (rc < 0 || clean) return rc;
    rc = drift__foreign_keys_read(&keys, connection, err);
    const search s = {connection, &keys, found, payload};
    for (size_t i = 0, count; rc == DRIFT_OK && i < keys.count; i += count) {
        count = keys_of_table(&keys, i);
        if (in_scope(tables, &keys.items[i], count)) rc = search_table(&s, &keys.items[i], count, err);
    }
    drift__foreign_keys_dispose(&keys);
    return rc;
}

/* --- sets --- */

/* Table, columns and row as one text. Names are folded, since a rebuild may spell them otherwise. */
static int identity_of(char **out, const drift__violation *violation, const char *table, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    for (const char *c = table; *c; c++) drift__str_putc(&s, drift__fold_char(*c));
    drift__str_putc(&s, '\n');
    for (const char *c = violation->columns; *c; c++) drift__str_putc(&s, drift__fold_char(*c));
    drift__str_printf(&s, "\n%s", violation->told.key ? violation->told.key : "");
    return drift__str_take(out, &s, err);
}

int drift__violation_set_add(const drift__violation *violation, void *payload, drift_error *err)
{
    drift__violation_set *set = payload;
    int rc;
    if (drift__reserve((void **)&set->identities, &set->capacity, set->count + 1, sizeof *set->identities))
        return drift__no_memory(err);
    if ((rc = identity_of(&set->identities[set->count], violation, violation->told.table, err)) < 0) return rc;
    set->count++;
    set->sorted = false;
    return DRIFT_OK;
}

static int compare_identities(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int drift__violation_set_has(bool *has, drift__violation_set *set, const drift__violation *violation, const char *table,
                             drift_error *err)
{
    char *identity = NULL;
    int rc = identity_of(&identity, violation, table, err);
    *has = false;
    if (rc < 0) return rc;
    if (!set->sorted && set->count) qsort(set->identities, set->count, sizeof *set->identities, compare_identities);
    set->sorted = true;
    if (set->count)
        *has = bsearch(&identity, set->identities, set->count, sizeof *set->identities, compare_identities) != NULL;
    drift__free(identity);
    return DRIFT_OK;
}

void drift__violation_set_dispose(drift__violation_set *set)
{
    for (size_t i = 0; i < set->count; i++) drift__free(set->identities[i]);
    drift__free(set->identities);
    *set = (drift__violation_set){0};
}

int drift__violation_error(const drift_foreign_key_violation *violation, int64_t more, drift_error *err)
{
    char others[48] = "";
    if (more > 0) sqlite3_snprintf(sizeof others, others, " (and %lld more)", (long long)more);
    if (!violation->key)
        return drift__error(err, DRIFT_FOREIGN_KEY, "%s of table \"%s\" refers to no key of a table that exists%s",
                            violation->constraint, violation->table, others);
    return drift__error(err, DRIFT_FOREIGN_KEY, "the row %s of \"%s\" has no parent in \"%s\": %s%s", violation->key,
                        violation->table, violation->parent, violation->constraint, others);
}
