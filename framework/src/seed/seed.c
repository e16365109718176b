/* seed.c — one row in every table. */
#include "seed/seed.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/value.h"
#include "seed/candidate.h"
#include "seed/insert.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* Parents that are made for orphans: what is not repaired by then goes round in a circle. */
enum { MOST_PARENTS = 1000 };

typedef struct seeding {
    drift__seed_graph graph;
    drift_connection *connection;
    drift__seed_insert insert;
    drift__seed_result *result;
    drift__seed_failure *failures;
    size_t failure_count, failure_capacity;
    int parents;
} seeding;

static int fail_table(seeding *s, const char *table, const char *reason, drift_error *err)
{
    if (drift__reserve((void **)&s->failures, &s->failure_capacity, s->failure_count + 1, sizeof *s->failures) != 0)
        return drift__no_memory(err);
    s->failures[s->failure_count++] = (drift__seed_failure){drift__arena_strdup(&s->result->arena, table),
                                                            drift__arena_strdup(&s->result->arena, reason)};
    return s->result->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

/* ---- rows that are there already: a schema's own queries and triggers put them in ---- */

typedef struct adoption {
    seeding *s;
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
static int adopt_row(bool *found, seeding *s, drift__seed_table *table, drift_error *err)
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
static bool has_external_content(const drift__seed_table *table)
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
static int rebuild_index(seeding *s, const drift__seed_table *table, drift_error *err)
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
    if (rc == DRIFT_OK && rebuilt != DRIFT_OK) rc = fail_table(s, table->name, why.text, err);
    return rc;
}

/* "table v may not be modified": a view of something else, as fts5vocab is; it has no rows of its own. */
static bool is_read_only(const drift__seed_table *table, const drift_error *why)
{
    return table->is_virtual && strstr(why->text, "may not be modified") != NULL;
}

/* ---- */

static int fill_table(seeding *s, drift__seed_table *table, drift_error *err)
{
    bool done = false;
    int rc = adopt_row(&done, s, table, err);
    if (rc != DRIFT_OK) return rc;
    if (table->is_virtual && has_external_content(table)) return rebuild_index(s, table, err);
    if (done) return DRIFT_OK;
    rc = drift__seed_insert_row(&done, &s->insert, table, err);
    if (rc != DRIFT_OK || done || is_read_only(table, &s->insert.last)) return rc;
    return fail_table(s, table->name, s->insert.last.text, err);
}

/* ---- orphans: rows whose columns broke away, and rows that triggers made ---- */

typedef struct repair {
    seeding *s;
    const drift__seed_reference *reference;
    bool made; /* at least one parent */
} repair;

/* A child's key for which there is no parent: one is made. */
static int make_parent(drift_statement *row, void *payload, drift_error *err)
{
    repair *r = payload;
    const drift__seed_reference *reference = r->reference;
    drift_value values[DRIFT__SEED_MOST_KEY];
    bool done = false;
    if (++r->s->parents > MOST_PARENTS) return DRIFT_OK;
    for (size_t i = 0; i < reference->count; i++) {
        const drift_value value = drift_column_value(row, (int)i);
        values[i] = drift__value_copy(&r->s->graph.arena, &value);
        reference->parent_columns[i]->forced = &values[i];
    }
    const int rc = r->s->graph.arena.failed ? drift__no_memory(err)
                                            : drift__seed_insert_parent(&done, &r->s->insert, reference->parent, err);
    for (size_t i = 0; i < reference->count; i++) reference->parent_columns[i]->forced = NULL;
    r->made = r->made || done;
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
    return drift__str_take(out, &sql, err);
}

static int repair_reference(bool *made, seeding *s, const drift__seed_table *table,
                            const drift__seed_reference *reference, drift_error *err)
{
    repair r = {.s = s, .reference = reference};
    char *sql = NULL;
    if (!reference->usable) return DRIFT_OK;
    int rc = select_orphans(&sql, table, reference, err);
    if (rc == DRIFT_OK) rc = drift_query(s->connection, sql, NULL, 0, make_parent, &r, err);
    drift__free(sql);
    *made = *made || r.made;
    return rc;
}

/* A parent may be an orphan itself, and triggers may make more: until there is none, or nothing helps. */
static int repair_orphans(seeding *s, drift_error *err)
{
    bool made = true;
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && made && s->parents < MOST_PARENTS) {
        made = false;
        for (size_t i = 0; rc == DRIFT_OK && i < s->graph.table_count; i++) {
            const drift__seed_table *table = &s->graph.tables[i];
            for (size_t k = 0; rc == DRIFT_OK && k < table->reference_count; k++)
                rc = repair_reference(&made, s, table, &table->references[k], err);
        }
    }
    return rc;
}

static int fill_tables(seeding *s, bool virtual_tables, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.ordered; i++) {
        if (s->graph.order[i]->is_virtual == virtual_tables) rc = fill_table(s, s->graph.order[i], err);
    }
    return rc;
}

/* ---- what came of it ---- */

static bool has_failed(const seeding *s, const char *table)
{
    for (size_t i = 0; i < s->failure_count; i++) {
        if (strcmp(s->failures[i].table, table) == 0) return true;
    }
    return false;
}

static int has_rows(bool *found, seeding *s, const drift__seed_table *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    char *text = NULL;
    int64_t rows = 0;
    drift__str_puts(&sql, "SELECT EXISTS (SELECT 1 FROM main.");
    drift__put_quoted(&sql, table->name);
    drift__str_putc(&sql, ')');
    int rc = drift__str_take(&text, &sql, err);
    if (rc == DRIFT_OK) rc = drift_query_int64(&rows, s->connection, text, NULL, 0, err);
    drift__free(text);
    *found = rows != 0;
    return rc;
}

/* A trigger may take a row away again (RAISE(IGNORE) says nothing), and a row may be an orphan: then it is none that an
 * application could have written. */
static int judge_table(seeding *s, const drift__seed_table *table, drift_error *err)
{
    const drift_value bind = DRIFT_BIND_TEXT(table->name, strlen(table->name));
    drift_error why = {0};
    int64_t orphans = 0;
    bool found = false;
    int rc = has_failed(s, table->name) ? DRIFT_OK : has_rows(&found, s, table, err);
    if (rc != DRIFT_OK || has_failed(s, table->name)) return rc;
    if (!found) return fail_table(s, table->name, "a row was inserted, but did not stay", err);
    rc = drift_query_int64(&orphans, s->connection,
                           "SELECT count(*) FROM pragma_foreign_key_check(?, 'main') c WHERE EXISTS (SELECT 1 FROM"
                           " main.sqlite_schema s WHERE s.type = 'table' AND lower(s.name) = lower(c.parent))",
                           &bind, 1, &why);
    if (rc != DRIFT_OK && rc != DRIFT_SQL) {
        if (err && !err->code) *err = why;
        return rc;
    }
    /* A parent that does not exist, or whose key is none ("foreign key mismatch"), has no row that could be referenced:
     * such a schema was released all the same, and its tables are filled as they are without enforcement. */
    if (rc != DRIFT_OK) return DRIFT_OK;
    return orphans ? fail_table(s, table->name, "no row was found whose foreign keys hold", err) : DRIFT_OK;
}

static int judge_tables(seeding *s, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.table_count; i++) {
        if (!s->graph.tables[i].is_virtual) rc = judge_table(s, &s->graph.tables[i], err);
    }
    return rc;
}

/* Each row is committed by itself: what a constraint or a trigger rolls back is then no more than that row. */
static int fill(seeding *s, drift_error *err)
{
    int rc = fill_tables(s, false, err);
    if (rc == DRIFT_OK) rc = repair_orphans(s, err);
    if (rc == DRIFT_OK) rc = fill_tables(s, true, err);
    return rc == DRIFT_OK ? judge_tables(s, err) : rc;
}

static int hand_over(seeding *s, drift_error *err)
{
    s->result->failures = drift__arena_copy(&s->result->arena, s->failures, s->failure_count, sizeof *s->failures);
    s->result->failure_count = s->failure_count;
    return s->result->failures ? DRIFT_OK : drift__no_memory(err);
}

int drift__seed_one(drift__seed_result *result, drift_connection *connection, int64_t seed, drift_error *err)
{
    int64_t foreign_keys = 0;
    *result = (drift__seed_result){.arena = DRIFT__ARENA_INIT};
    seeding s = {.connection = connection, .result = result};
    int rc = drift_query_int64(&foreign_keys, connection, "PRAGMA foreign_keys", NULL, 0, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "PRAGMA foreign_keys = OFF", err);
    if (rc != DRIFT_OK) return rc;
    if ((rc = drift__seed_graph_read(&s.graph, connection, err)) != DRIFT_OK) goto done;
    if ((rc = drift__seed_candidates_fill(&s.graph, seed, err)) != DRIFT_OK) goto done;
    s.insert = (drift__seed_insert){
        .graph = &s.graph, .connection = connection, .random = (uint64_t)seed * 2654435761u + 88172645463325252u};
    rc = fill(&s, err);
    if (rc == DRIFT_OK) rc = hand_over(&s, err);
done:
    if (foreign_keys && drift_exec(connection, "PRAGMA foreign_keys = ON", err) != DRIFT_OK && rc == DRIFT_OK)
        rc = DRIFT_SQL;
    drift__seed_graph_dispose(&s.graph);
    drift__free(s.failures);
    return rc;
}

void drift__seed_result_dispose(drift__seed_result *result)
{
    drift__arena_dispose(&result->arena);
    result->failures = NULL;
    result->failure_count = 0;
}
