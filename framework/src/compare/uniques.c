/* uniques.c */
#include "compare/uniques.h"

#include "compare/text.h"

static void put_table(drift__str *out, const char *table)
{
    const drift__node node = {.kind = DRIFT__NODE_NAME, .text = table};
    drift__node_print(out, &node);
}

/* An index with a predicate or on an expression is more than a constraint can say. */
static bool is_plain(const drift_index *index)
{
    if (!index->unique || index->where) return false;
    for (size_t i = 0; i < index->column_count; i++) {
        if (!index->columns[i].name) return false;
    }
    return true;
}

const char *drift__unique_index_key(drift__arena *arena, const drift_index *index, const drift__catalog *catalog)
{
    drift__columns columns;
    drift__str text = DRIFT__STR_INIT;
    const char *key = NULL;
    if (!is_plain(index)) return NULL;
    if (drift__columns_init(&columns, drift__catalog_table(catalog, index->table)) != 0) goto done;
    put_table(&text, index->table);
    for (size_t i = 0; i < index->column_count; i++) {
        drift__str_puts(&text, i ? ", " : " ");
        drift__put_indexed(&text, &index->columns[i], &columns, true, arena);
    }
    key = drift__text_take(arena, &text);
done:
    drift__columns_dispose(&columns);
    return key;
}

const char *drift__unique_rule_key(drift__arena *arena, const drift__rule *rule, const drift_table *table)
{
    const bool aborts = rule->conflict == DRIFT_CONFLICT_NONE || rule->conflict == DRIFT_CONFLICT_ABORT;
    if (rule->facet != DRIFT_FACET_UNIQUE || !aborts) return NULL;
    drift__str text = DRIFT__STR_INIT;
    put_table(&text, table->name);
    drift__str_putc(&text, ' ');
    drift__str_putn(&text, rule->meaning, rule->columns_length);
    return drift__text_take(arena, &text);
}

static int keep(drift__map *map, const char *key)
{
    return key ? drift__map_put(map, key, key, NULL) : 0;
}

static int keep_table(drift__unique_side *side, const drift_table *table, const drift__means *means)
{
    drift__table_facts facts;
    int rc = drift__table_facts_init(&facts, table, means);
    for (size_t i = 0; rc == 0 && i < facts.rules.count; i++)
        rc = keep(&side->constraints, drift__unique_rule_key(means->arena, &facts.rules.items[i], table));
    drift__table_facts_dispose(&facts);
    return rc;
}

static int init_side(drift__unique_side *side, const drift__catalog *catalog, drift__arena *arena)
{
    const drift__means means = {arena, catalog, false, false};
    for (size_t i = 0; i < catalog->schema->entity_count; i++) {
        const drift_entity *entity = &catalog->schema->entities[i];
        int rc = 0;
        if (entity->as.table) rc = keep_table(side, entity->as.table, &means);
        if (entity->as.index) rc = keep(&side->indexes, drift__unique_index_key(arena, entity->as.index, catalog));
        if (rc != 0) return -1;
    }
    return arena->failed ? -1 : 0;
}

int drift__uniques_init(drift__uniques *uniques, const drift__catalog *expected, const drift__catalog *actual)
{
    if (init_side(&uniques->expected, expected, &uniques->arena) != 0) return -1;
    return init_side(&uniques->actual, actual, &uniques->arena);
}

void drift__uniques_dispose(drift__uniques *uniques)
{
    drift__map_dispose(&uniques->expected.indexes);
    drift__map_dispose(&uniques->expected.constraints);
    drift__map_dispose(&uniques->actual.indexes);
    drift__map_dispose(&uniques->actual.constraints);
    drift__arena_dispose(&uniques->arena);
}
