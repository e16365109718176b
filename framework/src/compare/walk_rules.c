/* walk_rules.c — constraints as multisets: equal ones settle each other, of the rest those about the same columns are a
 * change, and what is left over is missing or unexpected. */
#include <stdlib.h>
#include <string.h>

#include "compare/describe.h"
#include "compare/walk.h"

typedef const char *(*key_fn)(const drift__rule *rule);
typedef void (*meet_fn)(drift__rule *expected, drift__rule *actual);

static const char *meaning(const drift__rule *rule)
{
    return rule->meaning;
}

/* Two foreign keys that both leave the parent's key out are equal even where the parents differ: that is told once, of
 * the parent. */
static const char *implied(const drift__rule *rule)
{
    return rule->implied;
}

static const char *about(const drift__rule *rule)
{
    return rule->about;
}

static void settle(drift__rule *expected, drift__rule *actual)
{
    expected->settled = actual->settled = true;
}

static void pair_up(drift__rule *expected, drift__rule *actual)
{
    expected->partner = actual;
    actual->partner = expected;
}

typedef struct keyed {
    const char *key;
    drift__rule *rule;
} keyed;

static int compare_keyed(const keyed *x, const keyed *y)
{
    if (x->rule->facet != y->rule->facet) return x->rule->facet < y->rule->facet ? -1 : 1;
    return strcmp(x->key, y->key);
}

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    const int order = compare_keyed(x, y);
    if (order) return order;
    return (x->rule > y->rule) - (x->rule < y->rule); /* as written */
}

static keyed *sorted(size_t *count, const drift__rules *rules, key_fn key, drift__arena *arena)
{
    keyed *list = drift__arena_array(arena, rules->count, sizeof *list);
    *count = 0;
    for (size_t i = 0; list && i < rules->count; i++) {
        if (rules->items[i].settled || !key(&rules->items[i])) continue;
        list[(*count)++] = (keyed){key(&rules->items[i]), &rules->items[i]};
    }
    if (*count > 1) qsort(list, *count, sizeof *list, by_key);
    return list;
}

static int match(const drift__rules *expected, const drift__rules *actual, key_fn key, meet_fn meet,
                 drift__arena *arena)
{
    size_t m, n, i = 0, k = 0;
    const keyed *x = sorted(&m, expected, key, arena), *y = sorted(&n, actual, key, arena);
    if (!x || !y) return -1;
    while (i < m && k < n) {
        const int order = compare_keyed(&x[i], &y[k]);
        if (order == 0) meet(x[i].rule, y[k].rule);
        if (order <= 0) i++;
        if (order >= 0) k++;
    }
    return 0;
}

/* A constraint on columns that the other side lacks altogether is gone with them, and is not told again. */
static bool gone_with_columns(const drift__rule *rule, const drift__table_facts *other)
{
    for (size_t i = 0; i < rule->name_count; i++) {
        if (drift__table_facts_column(other, rule->names[i])) return false;
    }
    return rule->name_count > 0;
}

static bool kept_by_index(drift__walk *walk, const drift__rule *rule, const drift_table *table,
                          const drift__unique_side *other)
{
    const char *key = drift__unique_rule_key(&walk->scratch, rule, table);
    return key && drift__map_get(&other->indexes, key);
}

static drift__told told_rule(drift__walk *walk, const drift__rule *rule)
{
    drift__str text = DRIFT__STR_INIT;
    if (!rule) return (drift__told){NULL, {0, 0}};
    drift__describe_rule(&text, rule, walk->answer->options.strict);
    return (drift__told){drift__answer_text(walk->answer, &text), rule->constraint->span};
}

static void tell(drift__walk *walk, drift__pair pair, const drift__rule *expected, const drift__rule *actual)
{
    drift__answer_add(walk->answer, expected ? expected->facet : actual->facet, pair, NULL, told_rule(walk, expected),
                      told_rule(walk, actual));
}

static void tell_facet(drift__walk *walk, drift__pair pair, drift_facet facet, const drift__table_facts *expected,
                       const drift__table_facts *actual)
{
    for (size_t i = 0; i < expected->rules.count; i++) {
        const drift__rule *rule = &expected->rules.items[i];
        if (rule->facet != facet || rule->settled) continue;
        if (!rule->partner && gone_with_columns(rule, actual)) continue;
        if (!rule->partner && kept_by_index(walk, rule, expected->table, &walk->uniques.actual)) continue;
        tell(walk, pair, rule, rule->partner);
    }
    for (size_t i = 0; i < actual->rules.count; i++) {
        const drift__rule *rule = &actual->rules.items[i];
        if (rule->facet != facet || rule->settled || rule->partner || gone_with_columns(rule, expected)) continue;
        if (kept_by_index(walk, rule, actual->table, &walk->uniques.expected)) continue;
        tell(walk, pair, NULL, rule);
    }
}

/* Most tables are written twice in the same order, and then nothing has to be sorted: each rule equals the one at its
 * place. */
static bool all_equal(const drift__rules *expected, const drift__rules *actual)
{
    if (expected->count != actual->count) return false;
    for (size_t i = 0; i < expected->count; i++) {
        const drift__rule *x = &expected->items[i], *y = &actual->items[i];
        if (x->facet != y->facet || strcmp(x->meaning, y->meaning) != 0) return false;
    }
    return true;
}

static int tell_about(drift__table_facts *facts, drift__arena *arena)
{
    for (size_t i = 0; i < facts->rules.count; i++) {
        drift__rule *rule = &facts->rules.items[i];
        if (!rule->settled && !(rule->about = drift__rule_about(rule, facts, arena))) return -1;
    }
    return 0;
}

int drift__walk_rules(drift__walk *walk, drift__pair pair, drift__table_facts *expected, drift__table_facts *actual)
{
    static const drift_facet facets[] = {DRIFT_FACET_PRIMARY_KEY, DRIFT_FACET_UNIQUE, DRIFT_FACET_CHECK,
                                         DRIFT_FACET_FOREIGN_KEY};
    drift__arena *arena = &walk->scratch;
    if (all_equal(&expected->rules, &actual->rules)) return 0;
    if (match(&expected->rules, &actual->rules, meaning, settle, arena) != 0 ||
        match(&expected->rules, &actual->rules, implied, settle, arena) != 0 || tell_about(expected, arena) != 0 ||
        tell_about(actual, arena) != 0 || match(&expected->rules, &actual->rules, about, pair_up, arena) != 0)
        return -1;
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) tell_facet(walk, pair, facets[i], expected, actual);
    return 0;
}
