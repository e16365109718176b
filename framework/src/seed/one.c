/* one.c — level `one`: a row in every table that has none.
 *
 * One row a table makes foreign keys simple: every child's key equals the key of the one row of its parent. So columns
 * that foreign keys join, however long the chain, and round about in a cycle or to the table itself, form one class
 * with one value. Where one value cannot serve all (a type column that each child checks for another word), a child
 * gets a parent row of its own.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/value.h"
#include "seed/attempt.h"
#include "seed/seeding.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* Parents that are made for orphans: what is not repaired by then goes round in a circle. Rows of other kinds. */
enum { MOST_PARENTS = 1000, MOST_KINDS = 12 };

/* ---- rows that are there already: a schema's own queries and triggers put them in ---- */

typedef struct adoption {
    drift__seeding *s;
    const drift__seed_table *table;
    bool found;
} adoption;

static int take_values(drift_statement *row, void *payload, drift_error *err)
{
    adoption *a = payload;
    a->found = true;
    for (size_t i = 0; i < a->table->column_count; i++) {
        const drift_value value = drift_column_value(row, (int)i);
        drift__seed_class *c = drift__seed_class_root(a->table->columns[i].class_of);
        if (c->members < 2 || c->fixed || value.kind == DRIFT_NULL) continue;
        if (drift__reserve((void **)&c->candidates, &c->capacity, c->count + 1, sizeof *c->candidates) != 0)
            return drift__no_memory(err);
        c->candidates[c->count] = drift__value_copy(&a->s->graph.arena, &value);
        c->choice = c->count++;
        c->fixed = true;
    }
    return a->s->graph.arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

static int select_one(char **out, const drift__seed_table *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    for (size_t i = 0; i < table->column_count; i++) {
        if (i) drift__str_puts(&sql, ", ");
        drift__put_quoted(&sql, table->columns[i].name);
    }
    drift__str_puts(&sql, table->column_count ? " FROM main." : "1 FROM main.");
    drift__put_quoted(&sql, table->name);
    drift__str_puts(&sql, " LIMIT 1");
    return drift__str_take(out, &sql, err);
}

/* Takes over the values of a row that is there; `found` says whether there is one. */
static int adopt_row(bool *found, drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    adoption a = {.s = s, .table = table};
    char *sql = NULL;
    int rc = select_one(&sql, table, err);
    if (rc == DRIFT_OK) rc = drift_query(s->connection, sql, NULL, 0, take_values, &a, err);
    drift__free(sql);
    *found = a.found;
    return rc;
}

/* ---- virtual tables ---- */

/* Whether a full-text table keeps its content in another table (https://www.sqlite.org/fts5.html, section 4.4.2). */
bool drift__seed_has_external_content(const drift__seed_table *table)
{
    drift__cursor c = drift__cursor_at(table->sql, strlen(table->sql));
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (!drift__cursor_take(&c, "content")) continue;
        if (c.token.kind != DRIFT__TOKEN_OPERATOR || *c.token.text != '=') continue;
        drift__cursor_next(&c);
        const bool quoted = c.token.kind == DRIFT__TOKEN_STRING || c.token.kind == DRIFT__TOKEN_QUOTED;
        return quoted ? c.token.length > 2 : c.token.kind == DRIFT__TOKEN_WORD;
    }
    return false;
}

/* Its index is built from the content that is there. */
int drift__seed_rebuild(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift_error why = {0};
    char *text = NULL;
    drift__str_puts(&sql, "INSERT INTO main.");
    drift__put_quoted(&sql, table->name);
    drift__str_putc(&sql, '(');
    drift__put_quoted(&sql, table->name);
    drift__str_puts(&sql, ") VALUES ('rebuild')");
    int rc = drift__str_take(&text, &sql, err);
    const int rebuilt = rc == DRIFT_OK ? drift_exec(s->connection, text, &why) : rc;
    drift__free(text);
    if (rebuilt == DRIFT_NO_MEMORY) return drift__no_memory(err);
    if (rc == DRIFT_OK && rebuilt != DRIFT_OK) rc = drift__seed_refuse(s, table, why.text, err);
    return rc;
}

/* "table v may not be modified": a view of something else, as fts5vocab is; it has no rows of its own. */
static bool is_read_only(const drift__seed_table *table, const drift_error *why)
{
    return table->is_virtual && strstr(why->text, "may not be modified") != NULL;
}

/* ---- */

/* fts5vocab shows rows and takes none. */
static int look_whether_read_only(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    drift__seed_attempt attempt = {.connection = s->connection, .table = table};
    drift_error why = {0};
    const int rc = drift__seed_attempt_prepare(&attempt, &why);
    drift__seed_attempt_dispose(&attempt);
    table->is_read_only = rc == DRIFT_SQL && is_read_only(table, &why);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

/* A virtual table may show what is not there: full text whose content table is missing. */
static int look_for_row(bool *found, drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    drift_error why = {0};
    const int rc = adopt_row(found, s, table, &why);
    if (rc == DRIFT_SQL && table->is_virtual) return drift__seed_refuse(s, table, why.text, err);
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

/* A further row for each of the words that constraints name for a column: an order that is open, one that is paid. */
static int add_kinds(drift__seeding *s, drift__seed_table *table, drift__seed_column *column, drift_error *err)
{
    const drift__seed_class *c = drift__seed_class_root(column->class_of);
    int rc = DRIFT_OK;
    for (size_t i = 0, made = 0; rc == DRIFT_OK && i < c->mined && made < MOST_KINDS; i++) {
        bool done = false;
        if (i == c->choice || c->candidates[i].kind != DRIFT_TEXT) continue;
        column->forced = &c->candidates[i];
        rc = drift__seed_insert_parent(&done, &s->insert, table, err);
        column->forced = NULL;
        made += done;
    }
    return rc;
}

static bool speaks_of(const drift__seed_table *table, const drift__seed_column *column)
{
    for (size_t i = 0; i < table->check_count; i++) {
        if (drift__seed_mentions(table->checks[i].text, table->checks[i].length, column->name)) return true;
    }
    return false;
}

/* What triggers look up in a table or through a view may have to be of another kind than the one row that is there. */
static int vary_source(drift__seeding *s, const drift__seed_table *of, drift__seed_table *source, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; source->is_view && rc == DRIFT_OK && i < source->reference_count; i++) {
        drift__seed_table *read = source->references[i].parent;
        if (!read->is_view) rc = vary_source(s, of, read, err);
    }
    if (source->is_view || source->is_virtual || source == of || source->varied) return rc;
    source->varied = true;
    for (size_t i = 0; rc == DRIFT_OK && i < source->column_count; i++) {
        drift__seed_column *column = &source->columns[i];
        if (!column->references && speaks_of(source, column)) rc = add_kinds(s, source, column, err);
    }
    return rc;
}

static int insert_after_all(bool *done, drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < table->lookup_count; i++)
        rc = vary_source(s, table, table->lookups[i].parent, err);
    return rc == DRIFT_OK ? drift__seed_insert_row(done, &s->insert, table, err) : rc;
}

static int fill_table(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    bool done = false;
    int rc = table->is_virtual ? look_whether_read_only(s, table, err) : DRIFT_OK;
    if (rc != DRIFT_OK || table->is_read_only) return rc;
    rc = look_for_row(&done, s, table, err);
    if (rc != DRIFT_OK || table->reason) return rc;
    if (table->is_virtual && drift__seed_has_external_content(table)) return drift__seed_rebuild(s, table, err);
    if (done) return DRIFT_OK;
    rc = drift__seed_insert_row(&done, &s->insert, table, err);
    if (rc == DRIFT_OK && !done && table->lookup_count) rc = insert_after_all(&done, s, table, err);
    if (rc != DRIFT_OK || done) return rc;
    return drift__seed_refuse(s, table, s->insert.last.text, err);
}

/* ---- orphans: rows whose columns broke away, and rows that triggers made ---- */

/* Keys of children that have no parent. */
typedef struct orphan_keys {
    drift__seeding *s;
    const drift__seed_reference *reference;
    drift_value (*keys)[DRIFT__SEED_MOST_KEY];
    size_t count, capacity;
} orphan_keys;

static int take_orphan(drift_statement *row, void *payload, drift_error *err)
{
    orphan_keys *o = payload;
    if (drift__reserve((void **)&o->keys, &o->capacity, o->count + 1, sizeof *o->keys) != 0)
        return drift__no_memory(err);
    for (size_t i = 0; i < o->reference->count; i++) {
        const drift_value value = drift_column_value(row, (int)i);
        o->keys[o->count][i] = drift__value_copy(&o->s->graph.arena, &value);
    }
    o->count++;
    return o->s->graph.arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

/* A child's key for which there is no parent: one is made. */
static int make_parent(bool *made, const orphan_keys *o, const drift_value *key, drift_error *err)
{
    const drift__seed_reference *reference = o->reference;
    bool done = false;
    for (size_t i = 0; i < reference->count; i++) reference->parent_columns[i]->forced = &key[i];
    const int rc = drift__seed_insert_parent(&done, &o->s->insert, reference->parent, err);
    for (size_t i = 0; i < reference->count; i++) reference->parent_columns[i]->forced = NULL;
    *made = *made || done;
    return rc;
}

static int select_orphans(char **out, const drift__seed_table *table, const drift__seed_reference *reference,
                          drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    for (size_t i = 0; i < reference->count; i++) {
        drift__str_puts(&sql, i ? ", c." : "SELECT DISTINCT c.");
        drift__put_quoted(&sql, reference->child_columns[i]->name);
    }
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, table->name);
    drift__str_puts(&sql, " c WHERE NOT EXISTS (SELECT 1 FROM main.");
    drift__put_quoted(&sql, reference->parent->name);
    drift__str_puts(&sql, " p WHERE 1");
    for (size_t i = 0; i < reference->count; i++) {
        drift__str_puts(&sql, " AND p.");
        drift__put_quoted(&sql, reference->parent_columns[i]->name);
        drift__str_puts(&sql, " = c.");
        drift__put_quoted(&sql, reference->child_columns[i]->name);
    }
    drift__str_putc(&sql, ')');
    for (size_t i = 0; i < reference->count; i++) {
        drift__str_puts(&sql, " AND c.");
        drift__put_quoted(&sql, reference->child_columns[i]->name);
        drift__str_puts(&sql, " IS NOT NULL");
    }
    drift__str_printf(&sql, " LIMIT %d", MOST_PARENTS);
    return drift__str_take(out, &sql, err);
}

static int repair_reference(bool *made, drift__seeding *s, const drift__seed_table *table,
                            const drift__seed_reference *reference, drift_error *err)
{
    orphan_keys o = {.s = s, .reference = reference};
    char *sql = NULL;
    if (!reference->usable || reference->by_trigger) return DRIFT_OK;
    int rc = select_orphans(&sql, table, reference, err);
    if (rc == DRIFT_OK) rc = drift_query(s->connection, sql, NULL, 0, take_orphan, &o, err);
    for (size_t i = 0; rc == DRIFT_OK && i < o.count && s->parents++ < MOST_PARENTS; i++)
        rc = make_parent(made, &o, o.keys[i], err);
    drift__free(o.keys);
    drift__free(sql);
    return rc;
}

static int repair_table(bool *made, drift__seeding *s, const drift__seed_table *table, drift_error *err)
{
    int64_t orphans = 0;
    int rc = table->reference_count ? drift__seed_count_orphans(&orphans, s->connection, table, err) : DRIFT_OK;
    if (orphans) s->keys_hold = false;
    for (size_t i = 0; rc == DRIFT_OK && orphans && i < table->reference_count; i++)
        rc = repair_reference(made, s, table, &table->references[i], err);
    return rc;
}

/* A parent may be an orphan itself, and triggers may make more: until there is none, or nothing helps. */
int drift__seed_repair(drift__seeding *s, drift_error *err)
{
    bool made = true;
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && made && s->parents < MOST_PARENTS) {
        made = false;
        s->keys_hold = true;
        for (size_t i = 0; rc == DRIFT_OK && i < s->graph.table_count; i++)
            rc = repair_table(&made, s, &s->graph.tables[i], err);
    }
    return rc;
}

int drift__seed_fill_tables(drift__seeding *s, bool virtual_tables, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.ordered; i++) {
        if (s->graph.order[i]->is_virtual == virtual_tables) rc = fill_table(s, s->graph.order[i], err);
    }
    return rc;
}
