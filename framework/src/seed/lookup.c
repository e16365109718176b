/* lookup.c — what triggers that refuse rows look for: foreign keys that a schema enforces by itself.
 *
 *   CREATE TRIGGER … BEFORE INSERT ON page BEGIN
 *     SELECT RAISE(ABORT, 'no such book') WHERE NOT EXISTS (SELECT 1 FROM book b WHERE b.isbn = NEW.isbn); END
 *
 * Whether such a row must be there or must not cannot be told from the text; that page.isbn is compared with book.isbn
 * can. Each SELECT of a trigger is a scope with its sources, and the pairs of columns that it compares. Nothing here
 * need be right: keys are tried only when a trigger refused (insert.c).
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "runtime/value.h"
#include "seed/graph.h"
#include "sql/cursor.h"
#include "sql/quote.h"

enum { MOST_DEPTH = 16, MOST_SOURCES = 4, MOST_PAIRS = DRIFT__SEED_MOST_KEY };

/* "name" or "qualifier.name". */
typedef struct operand {
    drift__lexeme qualifier, name;
} operand;

/* A table or view of a FROM. */
typedef struct source {
    drift__seed_table *table;
    drift__lexeme name, alias;
} source;

/* A source's column that is compared with a new row's. */
typedef struct pair {
    operand column;
    drift__seed_column *child;
} pair;

typedef struct scope {
    int depth; /* of the parentheses around it */
    source sources[MOST_SOURCES];
    size_t source_count;
    pair pairs[MOST_PAIRS];
    size_t pair_count;
    operand result; /* its first column, if it has no other */
} scope;

typedef struct walking {
    drift__seed_graph *graph;
    drift__seed_table *table;
    drift__cursor at;
    int depth;
    scope scopes[MOST_DEPTH];
    size_t scope_count;
} walking;

static bool is_name(const drift__lexeme *token, const char *name)
{
    const char *text = NULL;
    size_t length = 0;
    return drift__seed_name_of(&text, &length, token) && drift__same_word(text, length, name);
}

static bool same_name(const drift__lexeme *a, const drift__lexeme *b)
{
    const char *left = NULL, *right = NULL;
    size_t left_length = 0, right_length = 0;
    if (!drift__seed_name_of(&left, &left_length, a) || !drift__seed_name_of(&right, &right_length, b)) return false;
    bool same = left_length == right_length;
    for (size_t i = 0; same && i < left_length; i++) same = drift__fold_char(left[i]) == drift__fold_char(right[i]);
    return same;
}

/* ---- lookups ---- */

static drift__seed_column *column_called(walking *w, const drift__lexeme *name)
{
    drift__seed_column *column = drift__arena_alloc(&w->graph->arena, sizeof *column);
    if (column) column->name = drift__unquote(&w->graph->arena, name->text, name->length);
    return column;
}

static bool is_known(const drift__seed_table *table, const drift__seed_reference *lookup)
{
    for (size_t i = 0; i < table->lookup_count; i++) {
        const drift__seed_reference *other = &table->lookups[i];
        bool same = other->parent == lookup->parent && other->count == lookup->count;
        for (size_t k = 0; same && k < lookup->count; k++)
            same = other->child_columns[k] == lookup->child_columns[k] &&
                   strcmp(other->parent_columns[k]->name, lookup->parent_columns[k]->name) == 0;
        if (same) return true;
    }
    return false;
}

static void add_lookup(walking *w, const drift__seed_reference *lookup)
{
    drift__seed_table *table = w->table;
    if (w->graph->arena.failed || is_known(table, lookup)) return;
    if (table->lookup_count == table->lookup_capacity) {
        const size_t capacity = table->lookup_count ? table->lookup_count * 2 : 4;
        drift__seed_reference *grown = drift__arena_array(&w->graph->arena, capacity, sizeof *grown);
        if (!grown) return;
        if (table->lookup_count) memcpy(grown, table->lookups, table->lookup_count * sizeof *grown);
        table->lookups = grown;
        table->lookup_capacity = capacity;
    }
    table->lookups[table->lookup_count++] = *lookup;
}

/* ---- scopes ---- */

/* Whose column it is: the source that its qualifier names; of one without, the first source that has such a column. */
static const source *source_of(const scope *s, const operand *column)
{
    const char *name = NULL;
    size_t length = 0;
    drift__seed_name_of(&name, &length, &column->name);
    for (size_t i = 0; i < s->source_count; i++) {
        const source *from = &s->sources[i];
        const bool named = same_name(&column->qualifier, &from->name) || same_name(&column->qualifier, &from->alias);
        const bool has = s->source_count == 1 || drift__seed_column_named(from->table, name, length) != NULL;
        if (column->qualifier.length ? named : has) return from;
    }
    return NULL;
}

static void close_scope(walking *w)
{
    const scope *s = &w->scopes[--w->scope_count];
    for (size_t i = 0; i < s->source_count; i++) {
        drift__seed_reference lookup = {.parent = s->sources[i].table, .usable = true, .by_trigger = true};
        for (size_t k = 0; k < s->pair_count; k++) {
            if (source_of(s, &s->pairs[k].column) != &s->sources[i]) continue;
            lookup.parent_columns[lookup.count] = column_called(w, &s->pairs[k].column.name);
            lookup.child_columns[lookup.count++] = s->pairs[k].child;
        }
        if (lookup.count) add_lookup(w, &lookup);
    }
}

/* Ends the SELECTs that stand at this depth or deeper: at a ')', and where UNION or a statement begins another. */
static void close_scopes(walking *w, int depth)
{
    while (w->scope_count && w->scopes[w->scope_count - 1].depth >= depth) close_scope(w);
}

/* ---- what stands in them ---- */

static bool stands_at_name(const walking *w)
{
    return w->at.token.kind == DRIFT__TOKEN_WORD || w->at.token.kind == DRIFT__TOKEN_QUOTED;
}

static operand take_operand(walking *w)
{
    operand taken = {.name = w->at.token};
    for (drift__cursor_next(&w->at); w->at.token.kind == DRIFT__TOKEN_DOT; drift__cursor_next(&w->at)) {
        drift__cursor_next(&w->at);
        taken = (operand){.qualifier = taken.name, .name = w->at.token};
    }
    return taken;
}

static void open_scope(walking *w)
{
    close_scopes(w, w->depth);
    drift__cursor_next(&w->at);
    if (w->scope_count == MOST_DEPTH) return;
    scope *s = &w->scopes[w->scope_count++];
    *s = (scope){.depth = w->depth};
    drift__cursor_take(&w->at, "DISTINCT");
    const drift__cursor behind = w->at;
    const operand first = stands_at_name(w) ? take_operand(w) : (operand){.name = w->at.token};
    if (drift__cursor_is(&w->at, "FROM")) s->result = first;
    w->at = behind;
}

static bool is_of_row(const operand *column)
{
    return is_name(&column->qualifier, "new") || is_name(&column->qualifier, "old");
}

static void add_pair(walking *w, const operand *a, const operand *b)
{
    const bool a_is_new = is_name(&a->qualifier, "new");
    const operand *of_row = a_is_new ? a : b, *other = a_is_new ? b : a;
    scope *s = w->scope_count ? &w->scopes[w->scope_count - 1] : NULL;
    const char *name = NULL;
    size_t length = 0;
    if (!s || s->pair_count == MOST_PAIRS || !is_name(&of_row->qualifier, "new") || is_of_row(other)) return;
    if (!other->name.length) return;
    drift__seed_column *child =
        drift__seed_name_of(&name, &length, &of_row->name) ? drift__seed_column_named(w->table, name, length) : NULL;
    if (child) s->pairs[s->pair_count++] = (pair){*other, child};
}

/* =, ==, <>, !=, IS, IS NOT: what differs in the row that is refused must be equal in the one that is not. */
static bool take_sign(walking *w)
{
    static const char *const signs[] = {"=", "==", "<>", "!="};
    const drift__lexeme *token = &w->at.token;
    bool sign = false;
    for (size_t i = 0; token->kind == DRIFT__TOKEN_OPERATOR && i < sizeof signs / sizeof signs[0]; i++)
        sign = sign || drift__same_word(token->text, token->length, signs[i]);
    const bool is = drift__cursor_is(&w->at, "IS");
    if (sign || is) drift__cursor_next(&w->at);
    if (is) drift__cursor_take(&w->at, "NOT");
    return sign || is;
}

static bool take_in(walking *w)
{
    drift__cursor ahead = w->at;
    drift__cursor_take(&ahead, "NOT");
    if (!drift__cursor_take(&ahead, "IN")) return false;
    w->at = ahead;
    return true;
}

/* NEW.column = column, NEW.column [NOT] IN (SELECT column …, NEW.column <> (SELECT column … */
static void take_comparison(walking *w)
{
    const operand left = take_operand(w);
    if (!take_sign(w) && !take_in(w)) return;
    if (stands_at_name(w) && !drift__cursor_is(&w->at, "NULL")) {
        const operand right = take_operand(w);
        add_pair(w, &left, &right);
        return;
    }
    const drift__lexeme next = drift__cursor_peek(&w->at);
    if (w->at.token.kind != DRIFT__TOKEN_OPEN || !drift__lexeme_is(&next, "SELECT")) return;
    w->depth++;
    drift__cursor_next(&w->at);
    open_scope(w);
    add_pair(w, &left, &w->scopes[w->scope_count - 1].result);
}

/* (SELECT column …) <> NEW.column: the cursor stands at the parenthesis. */
static void compare_result(walking *w)
{
    const drift__cursor close = w->at;
    const scope *s = w->scope_count ? &w->scopes[w->scope_count - 1] : NULL;
    if (!s || s->depth != w->depth) return;
    drift__cursor_next(&w->at);
    if (take_sign(w) && stands_at_name(w)) {
        const operand right = take_operand(w);
        add_pair(w, &s->result, &right);
    }
    w->at = close;
}

static void take_source(walking *w)
{
    drift__cursor_next(&w->at);
    scope *s = w->scope_count ? &w->scopes[w->scope_count - 1] : NULL;
    if (!s || s->source_count == MOST_SOURCES || !stands_at_name(w)) return;
    source *from = &s->sources[s->source_count];
    *from = (source){.name = take_operand(w).name};
    drift__cursor_take(&w->at, "AS");
    from->alias = w->at.token; /* a keyword qualifies nothing */
    const char *name = drift__unquote(&w->graph->arena, from->name.text, from->name.length);
    from->table = name ? drift__seed_source_named(w->graph, name) : NULL;
    s->source_count += from->table != NULL;
}

static void step(walking *w)
{
    switch (w->at.token.kind) {
    case DRIFT__TOKEN_OPEN: w->depth++; break;
    case DRIFT__TOKEN_CLOSE:
        compare_result(w);
        close_scopes(w, w->depth--);
        break;
    case DRIFT__TOKEN_SEMICOLON: close_scopes(w, 0); break;
    case DRIFT__TOKEN_WORD:
    case DRIFT__TOKEN_QUOTED:
        if (drift__cursor_is(&w->at, "SELECT"))
            open_scope(w);
        else if (drift__cursor_is(&w->at, "FROM") || drift__cursor_is(&w->at, "JOIN"))
            take_source(w);
        else
            take_comparison(w);
        return;
    default: break;
    }
    drift__cursor_next(&w->at);
}

static void read_table(drift__seed_graph *graph, drift__seed_table *table)
{
    walking w = {.graph = graph, .table = table, .at = drift__cursor_at(table->triggers, strlen(table->triggers))};
    while (w.at.token.kind != DRIFT__TOKEN_END) step(&w);
    close_scopes(&w, 0);
}

/* ---- views ---- */

/* What a view reads is filled before those that look it up. */
static int add_read(drift__seed_graph *graph, drift__seed_table *view)
{
    size_t capacity = 0;
    drift__seed_reference *found = NULL;
    int failed = 0;
    drift__cursor c = drift__cursor_at(view->sql, strlen(view->sql));
    for (; !failed && c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (!drift__cursor_is(&c, "FROM") && !drift__cursor_is(&c, "JOIN")) continue;
        const drift__lexeme name = drift__cursor_peek(&c);
        const char *text = drift__unquote(&graph->arena, name.text, name.length);
        drift__seed_table *parent = text ? drift__seed_source_named(graph, text) : NULL;
        if (!parent) continue;
        failed = drift__reserve((void **)&found, &capacity, view->reference_count + 1, sizeof *found);
        if (!failed) found[view->reference_count++] = (drift__seed_reference){.parent = parent};
    }
    view->references = drift__arena_copy(&graph->arena, found, view->reference_count, sizeof *found);
    drift__free(found);
    return failed;
}

static int take_view(drift_statement *row, void *payload, drift_error *err)
{
    drift__seed_graph *graph = payload;
    drift__seed_table *view = &graph->views[graph->view_count];
    const char *name = drift_column_text(row, 0, NULL), *sql = drift_column_text(row, 1, NULL);
    *view = (drift__seed_table){.name = drift__arena_strdup(&graph->arena, name),
                                .sql = drift__arena_strdup(&graph->arena, sql),
                                .is_view = true};
    if (!view->name || !view->sql || drift__map_put(&graph->views_by_name, view->name, view, NULL) != 0)
        return drift__no_memory(err);
    graph->view_count++;
    return DRIFT_OK;
}

static int read_views(drift__seed_graph *graph, drift_connection *connection, drift_error *err)
{
    int64_t count = 0;
    int failed = 0;
    int rc = drift_query_int64(&count, connection, "SELECT count(*) FROM main.sqlite_schema WHERE type = 'view'", NULL,
                               0, err);
    if (rc != DRIFT_OK) return rc;
    graph->views = drift__arena_array(&graph->arena, (size_t)count + 1, sizeof *graph->views);
    if (!graph->views) return drift__no_memory(err);
    rc = drift_query(connection, "SELECT name, sql FROM main.sqlite_schema WHERE type = 'view' ORDER BY rowid", NULL, 0,
                     take_view, graph, err);
    for (size_t i = 0; rc == DRIFT_OK && !failed && i < graph->view_count; i++)
        failed = add_read(graph, &graph->views[i]);
    return rc == DRIFT_OK && (failed || graph->arena.failed) ? drift__no_memory(err) : rc;
}

drift__seed_table *drift__seed_source_named(const drift__seed_graph *graph, const char *name)
{
    drift__seed_table *table = drift__map_get(&graph->by_name, name);
    return table ? table : drift__map_get(&graph->views_by_name, name);
}

/* ---- */

static bool refuses(const drift__seed_table *table)
{
    return drift__seed_mentions(table->triggers, strlen(table->triggers), "RAISE");
}

int drift__seed_lookups_read(drift__seed_graph *graph, drift_connection *connection, drift_error *err)
{
    bool any = false;
    for (size_t i = 0; !any && i < graph->table_count; i++) any = refuses(&graph->tables[i]);
    const int rc = any ? read_views(graph, connection, err) : DRIFT_OK;
    for (size_t i = 0; any && rc == DRIFT_OK && i < graph->table_count; i++) {
        if (refuses(&graph->tables[i])) read_table(graph, &graph->tables[i]);
    }
    return rc == DRIFT_OK && graph->arena.failed ? drift__no_memory(err) : rc;
}

/* ---- keys ---- */

typedef struct taking {
    drift__arena *arena;
    drift_value *keys;
    size_t count, width;
} taking;

static int take_key(drift_statement *row, void *payload, drift_error *err)
{
    taking *t = payload;
    for (size_t i = 0; i < t->width; i++) {
        const drift_value value = drift_column_value(row, (int)i);
        t->keys[t->count * t->width + i] = drift__value_copy(t->arena, &value);
    }
    t->count++;
    return t->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int select_keys(char **out, const drift__seed_reference *lookup, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    for (size_t i = 0; i < lookup->count; i++) {
        drift__str_puts(&sql, i ? ", p." : "SELECT DISTINCT p.");
        drift__put_quoted(&sql, lookup->parent_columns[i]->name);
    }
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, lookup->parent->name);
    drift__str_printf(&sql, " AS p LIMIT %d", DRIFT__SEED_MOST_LOOKED_UP);
    return drift__str_take(out, &sql, err);
}

int drift__seed_lookup_keys(drift_value **keys, size_t *count, drift__arena *arena, drift_connection *connection,
                            const drift__seed_reference *lookup, drift_error *err)
{
    taking t = {.arena = arena, .width = lookup->count};
    drift_error why = {0};
    char *sql = NULL;
    t.keys = drift__arena_array(arena, DRIFT__SEED_MOST_LOOKED_UP * t.width, sizeof *t.keys);
    int rc = t.keys ? select_keys(&sql, lookup, err) : drift__no_memory(err);
    if (rc == DRIFT_OK) {
        rc = drift_query(connection, sql, NULL, 0, take_key, &t, &why);
        if (rc == DRIFT_SQL) rc = DRIFT_OK; /* the text was read wrongly: there is no such column */
        if (rc != DRIFT_OK && err && !err->code) *err = why;
    }
    drift__free(sql);
    *keys = t.keys;
    *count = t.count;
    return rc;
}
