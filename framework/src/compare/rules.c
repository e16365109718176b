/* rules.c — PRIMARY KEY, UNIQUE, CHECK and FOREIGN KEY, wherever they stand. */
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "compare/expression.h"
#include "compare/normalise.h"
#include "compare/text.h"
#include "sql/quote.h"

/* -- Columns of keys and indexes. -- */

/* An expression that is only a column, as (a) or "a" COLLATE NOCASE inside parentheses, is that column
 * (sqlite3CreateIndex: "pCExpr = sqlite3ExprSkipCollate(pListItem->pExpr)"). */
static const drift__node *only_expression(const drift__node *run)
{
    return run && run->first && run->first == run->last ? run->first : NULL;
}

static bool is_column(const drift__node *node, const drift__columns *columns)
{
    return node && node->kind == DRIFT__NODE_NAME && drift__columns_find(columns, node->text);
}

typedef struct key_part {
    const char *column; /* NULL: an expression */
    const char *expression;
    const char *collation;
} key_part;

static void resolve_expression(key_part *part, const drift_indexed_column *written, const drift__columns *columns,
                               drift__arena *arena)
{
    const drift__scope scope = {.columns = columns, .table = columns->table ? columns->table->name : NULL};
    drift__node *run = drift__expression_parse(arena, written->expression ? written->expression : "", &scope);
    const drift__node *node = only_expression(run);
    if (drift__node_is(node, "collate") && is_column(node->first, columns)) {
        if (!part->collation) part->collation = node->last->text;
        node = node->first;
    }
    if (is_column(node, columns))
        part->column = node->text;
    else
        part->expression = drift__node_text(arena, run);
}

static void put_folded_name(drift__str *out, const char *name)
{
    const drift__node node = {.kind = DRIFT__NODE_NAME, .text = name};
    drift__node_print(out, &node);
}

void drift__put_indexed(drift__str *out, const drift_indexed_column *written, const drift__columns *columns, bool order,
                        drift__arena *arena)
{
    key_part part = {written->name, NULL, written->collation};
    const drift_column *column = part.column ? drift__columns_find(columns, part.column) : NULL;
    if (!part.column || (columns->table && !column && written->expression)) {
        part.column = NULL;
        resolve_expression(&part, written, columns, arena);
        if (part.column) column = drift__columns_find(columns, part.column);
    }
    if (part.column)
        put_folded_name(out, part.column);
    else
        drift__str_puts(out, part.expression ? part.expression : "");
    const char *inherited = column && column->collation ? column->collation : "BINARY";
    if (part.collation && !drift__same_name(part.collation, inherited)) {
        drift__str_puts(out, " collate ");
        put_folded_name(out, part.collation);
    }
    if (order && written->sort == DRIFT_SORT_DESC) drift__str_puts(out, " desc");
}

/* -- What every rule has. -- */

static int compare_names(const void *a, const void *b)
{
    return drift__fold_compare(*(const char *const *)a, *(const char *const *)b);
}

static void name_columns(drift__rule *rule, drift__arena *arena)
{
    const drift_constraint *written = rule->constraint;
    const size_t count = rule->column ? 1 : written->column_count;
    rule->names = drift__arena_array(arena, count, sizeof *rule->names);
    if (!rule->names) return;
    for (size_t i = 0; i < count; i++) {
        const char *name = rule->column ? rule->column->name : written->columns[i].name;
        if (name) rule->names[rule->name_count++] = name;
    }
}

/* Under `strict` a constraint's name and place are part of what it is. */
static void put_strict(drift__str *out, const drift__rule *rule, const drift__means *means)
{
    if (!means->strict) return;
    drift__str_puts(out, rule->column ? " in column" : " in table");
    if (rule->constraint->name) {
        drift__str_puts(out, " named ");
        put_folded_name(out, rule->constraint->name);
    }
}

/* ABORT is what SQLite does without a clause (https://www.sqlite.org/lang_conflict.html). */
static drift_conflict effective(drift_conflict conflict)
{
    return conflict == DRIFT_CONFLICT_NONE ? DRIFT_CONFLICT_ABORT : conflict;
}

/* -- PRIMARY KEY and UNIQUE. -- */

static void put_key_columns(drift__str *out, const drift__rule *rule, const drift__table_facts *facts, bool order,
                            const drift__means *means)
{
    const drift_constraint *written = rule->constraint;
    const drift_indexed_column own = {.name = rule->column ? rule->column->name : NULL, .sort = written->sort};
    const drift_indexed_column *columns = rule->column ? &own : written->columns;
    const size_t count = rule->column ? 1 : written->column_count;
    for (size_t i = 0; i < count; i++) {
        if (i) drift__str_puts(out, ", ");
        drift__put_indexed(out, &columns[i], &facts->columns, order, means->arena);
    }
}

/* "INTEGER PRIMARY KEY DESC" in the column is no alias of the rowid, PRIMARY KEY (a DESC) behind the columns is one,
 * and an alias has no order (https://www.sqlite.org/lang_createtable.html#rowid). */
static bool is_rowid_alias(const drift__rule *rule, const drift__table_facts *facts)
{
    if (rule->name_count != 1 || facts->table->without_rowid) return false;
    const drift__column_facts *column = drift__table_facts_column(facts, rule->names[0]);
    if (!column || column->key_type != DRIFT__KEY_INTEGER) return false;
    return !(rule->column && rule->constraint->sort == DRIFT_SORT_DESC);
}

static bool has_autoincrement(const drift_constraint *written)
{
    bool found = written->autoincrement;
    for (size_t i = 0; i < written->column_count; i++) found = found || written->columns[i].autoincrement;
    return found;
}

static void mean_key(drift__rule *rule, const drift__table_facts *facts, const drift__means *means)
{
    char room[256] = "";
    drift__str text = DRIFT__STR_IN(room);
    rule->rowid_alias = rule->facet == DRIFT_FACET_PRIMARY_KEY && is_rowid_alias(rule, facts);
    put_key_columns(&text, rule, facts, !rule->rowid_alias, means);
    rule->columns_length = text.length;
    if (rule->facet == DRIFT_FACET_PRIMARY_KEY && has_autoincrement(rule->constraint))
        drift__str_puts(&text, " autoincrement");
    drift__str_puts(&text, " conflict ");
    drift__str_putc(&text, (char)('0' + effective(rule->conflict)));
    put_strict(&text, rule, means);
    rule->meaning = drift__text_take(means->arena, &text);
}

/* -- CHECK. -- */

/* Trees are at most as high as expression.c lets them be, so that walking them may recurse. */
static size_t count_nodes(const drift__node *node)
{
    size_t count = 1;
    for (const drift__node *child = node->first; child; child = child->next) count += count_nodes(child);
    return count;
}

static void name_checked(drift__rule *rule, const drift__node *node, const drift__columns *columns)
{
    const drift__node *child = node->first;
    if (is_column(node, columns)) rule->names[rule->name_count++] = node->text;
    if (drift__node_is(node, "call") && child) child = child->next; /* the function's name is no column */
    for (; child; child = child->next) name_checked(rule, child, columns);
}

static void mean_check(drift__rule *rule, const drift__table_facts *facts, const drift__means *means)
{
    const drift__scope scope = {
        .columns = &facts->columns, .table = facts->table->name, .rowid = !facts->table->without_rowid};
    const char *written = rule->constraint->expression ? rule->constraint->expression : "";
    rule->checked = drift__expression_parse(means->arena, written, &scope);
    if (!rule->checked) return;
    char room[256] = "";
    drift__str text = DRIFT__STR_IN(room);
    drift__node_print(&text, rule->checked); /* a conflict clause behind CHECK is read and ignored: "tcons" in
                                                src/parse.y */
    put_strict(&text, rule, means);
    rule->meaning = drift__text_take(means->arena, &text);
}

/* -- FOREIGN KEY. -- */

typedef struct column_pair {
    const char *child;
    const char *parent; /* NULL: not known */
} column_pair;

static int compare_pairs(const void *a, const void *b)
{
    const column_pair *x = a, *y = b;
    const int order = drift__fold_compare(x->child, y->child);
    if (order || !x->parent || !y->parent) return order;
    return drift__fold_compare(x->parent, y->parent);
}

/* The columns that are meant where none are written: the parent's primary key
 * (https://www.sqlite.org/foreignkeys.html, section 3), if it has as many. */
typedef struct parent_key {
    const drift_column *column;
    const drift_constraint *written; /* NULL: not known */
} parent_key;

static parent_key find_parent_key(const drift__rule *rule, const drift__table_facts *facts, const drift__means *means)
{
    const drift_reference *reference = rule->constraint->reference;
    const bool own = drift__same_name(reference->table, facts->table->name);
    const drift_table *parent = own ? facts->table : drift__catalog_table(means->catalog, reference->table);
    parent_key key = {NULL, NULL};
    if (parent) key.written = drift__primary_key(parent, &key.column);
    if (key.written && (key.column ? 1 : key.written->column_count) != rule->name_count) key.written = NULL;
    return key;
}

static const char *parent_column(const drift_reference *reference, parent_key key, size_t at)
{
    if (reference->column_count) return at < reference->column_count ? reference->columns[at] : NULL;
    if (!key.written) return NULL;
    return key.column ? key.column->name : key.written->columns[at].name;
}

static column_pair *foreign_pairs(const drift__rule *rule, const drift__table_facts *facts, const drift__means *means)
{
    const drift_reference *reference = rule->constraint->reference;
    const parent_key key = reference->column_count ? (parent_key){NULL, NULL} : find_parent_key(rule, facts, means);
    column_pair *pairs = drift__arena_array(means->arena, rule->name_count, sizeof *pairs);
    if (!pairs) return NULL;
    for (size_t i = 0; i < rule->name_count; i++)
        pairs[i] = (column_pair){rule->names[i], parent_column(reference, key, i)};
    if (rule->name_count > 1) qsort(pairs, rule->name_count, sizeof *pairs, compare_pairs);
    return pairs;
}

/* NO ACTION is what SQLite does without a clause (https://www.sqlite.org/foreignkeys.html, section 4.3). */
static drift_action effective_action(drift_action action)
{
    return action == DRIFT_ACTION_NONE ? DRIFT_ACTION_NO_ACTION : action;
}

/* MATCH is parsed and ignored; of the deferral clauses only DEFERRABLE INITIALLY DEFERRED defers (section 4.2). */
static void put_reference(drift__str *out, const drift__rule *rule, const drift__means *means)
{
    const drift_reference *reference = rule->constraint->reference;
    drift__str_puts(out, " references ");
    put_folded_name(out, reference->table);
    drift__str_puts(out, " delete ");
    drift__str_putc(out, (char)('0' + effective_action(reference->on_delete)));
    drift__str_puts(out, " update ");
    drift__str_putc(out, (char)('0' + effective_action(reference->on_update)));
    if (reference->deferral == DRIFT_DEFERRABLE_INITIALLY_DEFERRED) drift__str_puts(out, " deferred");
    put_strict(out, rule, means);
}

static void put_pairs(drift__str *out, const column_pair *pairs, size_t count, bool parents)
{
    for (size_t i = 0; i < count; i++) {
        put_folded_name(out, pairs[i].child);
        if (!parents) continue;
        drift__str_putc(out, '=');
        if (pairs[i].parent) put_folded_name(out, pairs[i].parent);
    }
}

static void mean_foreign(drift__rule *rule, const drift__table_facts *facts, const drift__means *means)
{
    const column_pair *pairs = rule->names ? foreign_pairs(rule, facts, means) : NULL;
    if (!pairs) return;
    char text_room[256] = "", implied_room[256] = "";
    drift__str text = DRIFT__STR_IN(text_room), implied = DRIFT__STR_IN(implied_room);
    put_pairs(&text, pairs, rule->name_count, true);
    put_reference(&text, rule, means);
    rule->meaning = drift__text_take(means->arena, &text);
    if (rule->constraint->reference->column_count) return;
    put_pairs(&implied, pairs, rule->name_count, false);
    put_reference(&implied, rule, means);
    rule->implied = drift__text_take(means->arena, &implied);
}

/* -- What a rule is about. -- */

/* The names, sorted, as one text; `once`: each once. */
static const char *sorted_names(drift__rule *rule, bool once, drift__arena *arena)
{
    char room[256] = "";
    drift__str text = DRIFT__STR_IN(room);
    if (rule->name_count > 1) qsort(rule->names, rule->name_count, sizeof *rule->names, compare_names);
    for (size_t i = 0; i < rule->name_count; i++) {
        if (once && i && drift__same_name(rule->names[i - 1], rule->names[i])) continue;
        put_folded_name(&text, rule->names[i]);
    }
    return drift__text_take(arena, &text);
}

const char *drift__rule_about(drift__rule *rule, const drift__table_facts *facts, drift__arena *arena)
{
    if (rule->facet == DRIFT_FACET_PRIMARY_KEY) return ""; /* a table has one */
    if (rule->facet != DRIFT_FACET_CHECK) return sorted_names(rule, rule->facet == DRIFT_FACET_UNIQUE, arena);
    rule->names = rule->checked ? drift__arena_array(arena, count_nodes(rule->checked), sizeof *rule->names) : NULL;
    if (!rule->names) return NULL;
    name_checked(rule, rule->checked, &facts->columns);
    return sorted_names(rule, true, arena);
}

/* -- All of a table. -- */

static drift_facet rule_facet(const drift_constraint *constraint)
{
    switch (constraint->kind) {
    case DRIFT_CONSTRAINT_PRIMARY_KEY: return DRIFT_FACET_PRIMARY_KEY;
    case DRIFT_CONSTRAINT_UNIQUE: return DRIFT_FACET_UNIQUE;
    case DRIFT_CONSTRAINT_CHECK: return DRIFT_FACET_CHECK;
    case DRIFT_CONSTRAINT_FOREIGN_KEY: return DRIFT_FACET_FOREIGN_KEY;
    default: return DRIFT_FACET_MISSING; /* belongs to its column, or means nothing */
    }
}

static void add_rules(drift__rules *rules, const drift_constraint *constraints, size_t count,
                      const drift_column *column)
{
    for (size_t i = 0; i < count; i++) {
        const drift_facet facet = rule_facet(&constraints[i]);
        if (facet == DRIFT_FACET_MISSING || (facet == DRIFT_FACET_FOREIGN_KEY && !constraints[i].reference)) continue;
        rules->items[rules->count++] = (drift__rule){
            .facet = facet, .conflict = constraints[i].conflict, .constraint = &constraints[i], .column = column};
    }
}

static int collect_rules(drift__rules *rules, const drift_table *table, drift__arena *arena)
{
    size_t count = table->constraint_count;
    for (size_t i = 0; i < table->column_count; i++) count += table->columns[i].constraint_count;
    rules->items = drift__arena_array(arena, count, sizeof *rules->items);
    if (!rules->items) return -1;
    for (size_t i = 0; i < table->column_count; i++)
        add_rules(rules, table->columns[i].constraints, table->columns[i].constraint_count, &table->columns[i]);
    add_rules(rules, table->constraints, table->constraint_count, NULL);
    return 0;
}

static bool is_key(const drift__rule *rule)
{
    return rule->facet == DRIFT_FACET_PRIMARY_KEY || rule->facet == DRIFT_FACET_UNIQUE;
}

static size_t count_keys(const drift__rules *rules)
{
    size_t count = 0;
    for (size_t i = 0; i < rules->count; i++) count += is_key(&rules->items[i]);
    return count;
}

/* Its columns without their order. */
static const char *columns_of(const drift__rule *rule, const drift__table_facts *facts, const drift__means *means)
{
    char room[256] = "";
    drift__str text = DRIFT__STR_IN(room);
    put_key_columns(&text, rule, facts, false, means);
    return drift__text_take(means->arena, &text);
}

/* Remembers a key, or settles one that repeats another. */
static int settle_repeated(drift__map *seen, drift__rule *rule, const char *columns)
{
    drift__rule *first = columns ? drift__map_get(seen, columns) : NULL;
    if (!first) return columns ? drift__map_put(seen, columns, rule, NULL) : -1;
    if (first->conflict == DRIFT_CONFLICT_NONE) first->conflict = rule->conflict;
    rule->settled = true;
    return 0;
}

static int settle_keys(drift__map *seen, drift_facet facet, drift__table_facts *facts, const drift__means *means)
{
    int rc = 0;
    for (size_t i = 0; i < facts->rules.count && rc == 0; i++) {
        drift__rule *rule = &facts->rules.items[i];
        if (rule->facet == facet) rc = settle_repeated(seen, rule, columns_of(rule, facts, means));
    }
    return rc;
}

/* A UNIQUE on the columns of the primary key or of a UNIQUE before it makes no index of its own, whatever its order;
 * its conflict clause goes over to the first if that has none (sqlite3CreateIndex). */
static int drop_repeated_keys(drift__table_facts *facts, const drift__means *means)
{
    drift__map seen = DRIFT__MAP_INIT;
    drift__rules *rules = &facts->rules;
    size_t kept = 0;
    if (count_keys(rules) < 2) return 0;
    int rc = settle_keys(&seen, DRIFT_FACET_PRIMARY_KEY, facts, means);
    if (rc == 0) rc = settle_keys(&seen, DRIFT_FACET_UNIQUE, facts, means);
    for (size_t i = 0; i < rules->count; i++) {
        if (!rules->items[i].settled) rules->items[kept++] = rules->items[i];
    }
    rules->count = kept;
    drift__map_dispose(&seen);
    return rc;
}

int drift__rules_init(drift__table_facts *facts, const drift__means *means)
{
    if (collect_rules(&facts->rules, facts->table, means->arena) != 0 || drop_repeated_keys(facts, means) != 0)
        return -1;
    for (size_t i = 0; i < facts->rules.count; i++) {
        drift__rule *rule = &facts->rules.items[i];
        if (rule->facet != DRIFT_FACET_CHECK) name_columns(rule, means->arena);
        if (rule->facet == DRIFT_FACET_CHECK) mean_check(rule, facts, means);
        if (rule->facet == DRIFT_FACET_FOREIGN_KEY) mean_foreign(rule, facts, means);
        if (is_key(rule)) mean_key(rule, facts, means);
    }
    return means->arena->failed ? -1 : 0;
}
