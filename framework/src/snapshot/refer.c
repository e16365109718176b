/* refer.c */
#include "snapshot/refer.h"

#include <string.h>

#include "base/error.h"
#include "base/map.h"
#include "sql/cursor.h"
#include "sql/quote.h"

#define NOWHERE ((size_t)-1)

/* An entity while references are gathered: indexes into the schema's entities. */
typedef struct node {
    size_t *targets;
    size_t count, capacity;
    size_t owner;    /* index, trigger */
    size_t position; /* among the rows that are written; NOWHERE before */
} node;

typedef struct gathering {
    drift__arena *arena;
    const drift_schema *schema;
    drift__map relations; /* tables, virtual tables and views by name: entities of the schema */
    node *nodes;
} gathering;

static size_t find_relation(const gathering *g, const char *name)
{
    const drift_entity *entity = name ? drift__map_get(&g->relations, name) : NULL;
    return entity ? (size_t)(entity - g->schema->entities) : NOWHERE;
}

/* Adds a reference, once, and none to the entity itself. */
static void add(gathering *g, size_t from, size_t to)
{
    node *n = &g->nodes[from];
    if (to == NOWHERE || to == from) return;
    for (size_t i = 0; i < n->count; i++)
        if (n->targets[i] == to) return;
    if (n->count == n->capacity) {
        const size_t capacity = n->capacity ? n->capacity * 2 : 4;
        size_t *grown = drift__arena_array(g->arena, capacity, sizeof *grown);
        if (!grown) return; /* the arena's failure is sticky */
        if (n->count) memcpy(grown, n->targets, n->count * sizeof *grown);
        n->targets = grown;
        n->capacity = capacity;
    }
    n->targets[n->count++] = to;
}

static void add_constraints(gathering *g, size_t from, const drift_constraint *constraints, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (constraints[i].reference) add(g, from, find_relation(g, constraints[i].reference->table));
}

static void add_table(gathering *g, size_t from, const drift_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        add_constraints(g, from, table->columns[i].constraints, table->columns[i].constraint_count);
    add_constraints(g, from, table->constraints, table->constraint_count);
}

/* Every name in a text that is a table's or a view's, unless it is qualified or a function: enough for "comes before",
 * where one name too many does no harm. A module may name a table in a string: fts5(content='notes'). */
static void add_mentioned(gathering *g, size_t from, const char *text)
{
    bool qualified = false;
    for (drift__cursor c = drift__cursor_at(text, strlen(text)); c.token.kind != DRIFT__TOKEN_END;
         drift__cursor_next(&c)) {
        const bool is_name = c.token.kind == DRIFT__TOKEN_WORD || c.token.kind == DRIFT__TOKEN_QUOTED ||
                             c.token.kind == DRIFT__TOKEN_STRING;
        if (is_name && !qualified && drift__cursor_peek(&c).kind != DRIFT__TOKEN_OPEN)
            add(g, from, find_relation(g, drift__unquote(g->arena, c.token.text, c.token.length)));
        qualified = c.token.kind == DRIFT__TOKEN_DOT;
    }
}

/* The name behind ON of a statement that the parser did not understand. */
static const char *name_after_on(gathering *g, const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    while (c.token.kind != DRIFT__TOKEN_END && !drift__cursor_is(&c, "ON")) drift__cursor_next(&c);
    drift__cursor_next(&c);
    return drift__unquote(g->arena, c.token.text, c.token.length);
}

static int add_owner(gathering *g, size_t from, const char *name, drift_error *err)
{
    const drift_entity *entity = &g->schema->entities[from];
    if (!name) name = name_after_on(g, entity->sql);
    const size_t owner = find_relation(g, name);
    if (g->arena->failed) return drift__no_memory(err);
    if (owner == NOWHERE)
        return drift__error(err, DRIFT_FORMAT, "%s %s stands on %s, which the schema does not have",
                            drift_entity_kind_name(entity->kind), entity->name, name);
    g->nodes[from].owner = owner;
    add(g, from, owner);
    return DRIFT_OK;
}

static int gather(gathering *g, size_t index, drift_error *err)
{
    const drift_entity *e = &g->schema->entities[index];
    int rc = DRIFT_OK;
    switch (e->kind) {
    case DRIFT_ENTITY_TABLE:
        if (e->as.table) add_table(g, index, e->as.table);
        break;
    case DRIFT_ENTITY_INDEX: rc = add_owner(g, index, e->as.index ? e->as.index->table : NULL, err); break;
    case DRIFT_ENTITY_TRIGGER:
        rc = add_owner(g, index, e->as.trigger ? e->as.trigger->table : NULL, err);
        if (rc == DRIFT_OK && e->as.trigger) add_mentioned(g, index, e->as.trigger->body);
        break;
    case DRIFT_ENTITY_VIEW:
    case DRIFT_ENTITY_VIRTUAL_TABLE:
    case DRIFT_ENTITY_QUERY: add_mentioned(g, index, e->sql); break;
    }
    return rc == DRIFT_OK && g->arena->failed ? drift__no_memory(err) : rc;
}

static int name_relations(gathering *g, drift_error *err)
{
    for (size_t i = 0; i < g->schema->entity_count; i++) {
        const drift_entity *e = &g->schema->entities[i];
        g->nodes[i].position = g->nodes[i].owner = NOWHERE;
        if (e->kind != DRIFT_ENTITY_TABLE && e->kind != DRIFT_ENTITY_VIRTUAL_TABLE && e->kind != DRIFT_ENTITY_VIEW)
            continue;
        if (drift__map_put(&g->relations, e->name, e, NULL) != 0) return drift__no_memory(err);
    }
    return DRIFT_OK;
}

static bool is_ready(const gathering *g, const node *n)
{
    for (size_t i = 0; i < n->count; i++)
        if (g->nodes[n->targets[i]].position == NOWHERE) return false;
    return true;
}

/* The next to be written, and in `first` the first that is not written yet. */
static size_t choose(const gathering *g, size_t *first)
{
    while (g->nodes[*first].position != NOWHERE) ++*first;
    for (size_t i = *first; i < g->schema->entity_count; i++)
        if (g->nodes[i].position == NOWHERE && is_ready(g, &g->nodes[i])) return i;
    return *first;
}

static int place(drift__refer_row *row, gathering *g, size_t index, size_t position, drift_error *err)
{
    node *n = &g->nodes[index];
    size_t *references = drift__arena_array(g->arena, n->count, sizeof *references);
    if (!references) return drift__no_memory(err);
    *row = (drift__refer_row){&g->schema->entities[index], references, 0, NOWHERE};
    for (size_t i = 0; i < n->count; i++) {
        const size_t target = g->nodes[n->targets[i]].position;
        if (target != NOWHERE) references[row->count++] = target;
    }
    if (n->owner != NOWHERE) row->on = g->nodes[n->owner].position;
    n->position = position;
    return DRIFT_OK;
}

int drift__refer_read(drift__refer *out, drift__arena *arena, const drift_schema *schema, drift_error *err)
{
    gathering g = {.arena = arena, .schema = schema, .relations = DRIFT__MAP_INIT};
    const size_t count = schema->entity_count;
    drift__refer_row *rows = drift__arena_array(arena, count, sizeof *rows);
    g.nodes = drift__arena_array(arena, count, sizeof *g.nodes);
    int rc = rows && g.nodes ? name_relations(&g, err) : drift__no_memory(err);
    for (size_t i = 0; i < count && rc == DRIFT_OK; i++) rc = gather(&g, i, err);
    for (size_t i = 0, first = 0; i < count && rc == DRIFT_OK; i++) {
        const size_t next = choose(&g, &first);
        rc = place(&rows[i], &g, next, i, err);
    }
    drift__map_dispose(&g.relations);
    *out = (drift__refer){rows, count};
    return rc;
}
