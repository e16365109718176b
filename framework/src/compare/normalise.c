/* normalise.c — columns. */
#include "compare/normalise.h"

#include <string.h>

#include "base/fold.h"
#include "compare/expression.h"
#include "compare/text.h"
#include "sql/cursor.h"

drift__column_facts *drift__table_facts_column(const drift__table_facts *facts, const char *name)
{
    return drift__map_get(&facts->columns, name);
}

const drift_constraint *drift__primary_key(const drift_table *table, const drift_column **column)
{
    *column = NULL;
    for (size_t i = 0; i < table->constraint_count; i++) {
        if (table->constraints[i].kind == DRIFT_CONSTRAINT_PRIMARY_KEY) return &table->constraints[i];
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const drift_column *each = &table->columns[i];
        for (size_t k = 0; k < each->constraint_count; k++) {
            if (each->constraints[k].kind != DRIFT_CONSTRAINT_PRIMARY_KEY) continue;
            *column = each;
            return &each->constraints[k];
        }
    }
    return NULL;
}

/* "if the declared type is exactly INTEGER": not INT, not BIGINT (https://www.sqlite.org/lang_createtable.html#rowid).
 * A type may stand in quotes. */
bool drift__is_integer_type(const char *type)
{
    size_t length = 0;
    const char *kept = drift__type_kept(&length, type);
    return drift__same_word(kept, length, "INTEGER");
}

/* The tokens of a type, a space only between two words. */
static void put_type(drift__str *out, const char *type, size_t length)
{
    bool word = false;
    for (drift__cursor c = drift__cursor_at(type, length); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const bool after_word = word;
        word = c.token.kind == DRIFT__TOKEN_WORD || c.token.kind == DRIFT__TOKEN_QUOTED;
        if (word && after_word) drift__str_putc(out, ' ');
        drift__str_putn(out, c.token.text, c.token.length);
    }
}

/* White space in a type does not count, neither does case; quotes do not either. */
static const char *type_name(const char *type, drift__arena *arena)
{
    size_t length = 0;
    const char *kept = drift__type_kept(&length, type);
    drift__str text = DRIFT__STR_INIT;
    put_type(&text, kept, length);
    return drift__text_folded(arena, drift__text_take(arena, &text));
}

/* SQLite takes the last of several: sqlite3AddDefaultValue, sqlite3AddCollateType and sqlite3AddNotNull overwrite. */
static void collect_written(drift__column_facts *facts)
{
    const drift_column *column = facts->column;
    for (size_t i = 0; i < column->constraint_count; i++) {
        const drift_constraint *each = &column->constraints[i];
        if (each->kind == DRIFT_CONSTRAINT_NOT_NULL) facts->not_null_at = each;
        if (each->kind == DRIFT_CONSTRAINT_DEFAULT) facts->default_at = each;
        if (each->kind == DRIFT_CONSTRAINT_COLLATE) facts->collation_at = each;
        if (each->kind == DRIFT_CONSTRAINT_GENERATED) facts->generated_at = each;
    }
    facts->not_null_written = facts->not_null_at || column->not_null;
    facts->not_null = facts->not_null_written;
    facts->collation = column->collation ? column->collation : "BINARY";
}

static void normalise_column(drift__column_facts *facts, const drift__table_facts *table, const drift__means *means)
{
    const drift_column *column = facts->column;
    const drift__scope scope = {&table->columns, table->table->name, false};
    facts->affinity = drift__affinity_of(column->type);
    if (table->table->strict || means->strict) facts->type = type_name(column->type, means->arena);
    if (column->default_value) facts->default_value = drift__default_canonical(means->arena, column->default_value);
    if (column->generated) facts->generated = drift__expression_canonical(means->arena, column->generated, &scope);
}

/* A column of the primary key. "NOT NULL is enforced on every column of the PRIMARY KEY in a WITHOUT ROWID table", and
 * an alias of the rowid holds no NULL either: inserting one gives the next rowid, with and without NOT NULL
 * (https://www.sqlite.org/lang_createtable.html#rowid). `descending`: the column's own PRIMARY KEY DESC, which makes no
 * alias. */
static void mark_key_column(drift__table_facts *facts, const char *name, bool only, bool descending)
{
    drift__column_facts *column = drift__table_facts_column(facts, name);
    if (!column) return;
    if (facts->table->without_rowid) {
        column->not_null = true;
    } else if (only) {
        column->key_type = drift__is_integer_type(column->column->type) ? DRIFT__KEY_INTEGER : DRIFT__KEY_OTHER;
        if (column->key_type == DRIFT__KEY_INTEGER && !descending) column->not_null = true;
    }
}

static void mark_key(drift__table_facts *facts)
{
    const drift_column *column;
    const drift_constraint *key = drift__primary_key(facts->table, &column);
    if (key && column) mark_key_column(facts, column->name, true, key->sort == DRIFT_SORT_DESC);
    for (size_t i = 0; key && !column && i < key->column_count; i++) {
        if (key->columns[i].name) mark_key_column(facts, key->columns[i].name, key->column_count == 1, false);
    }
}

int drift__table_facts_names(drift__table_facts *facts, const drift_table *table, drift__arena *arena)
{
    *facts = (drift__table_facts){.table = table};
    if (!table) return 0;
    facts->facts = drift__arena_array(arena, table->column_count, sizeof *facts->facts);
    if (!facts->facts) return -1;
    for (size_t i = 0; i < table->column_count; i++) {
        facts->facts[i].column = &table->columns[i];
        facts->facts[i].position = i;
        collect_written(&facts->facts[i]);
        void *old = NULL;
        if (drift__map_put(&facts->columns, table->columns[i].name, &facts->facts[i], &old) != 0) {
            arena->failed = 1;
            return -1;
        }
        if (old) facts->repeats = true;
    }
    return 0;
}

int drift__table_facts_init(drift__table_facts *facts, const drift_table *table, const drift__means *means)
{
    if (drift__table_facts_names(facts, table, means->arena) != 0) return -1;
    for (size_t i = 0; i < table->column_count; i++) normalise_column(&facts->facts[i], facts, means);
    if (means->without_constraints) return means->arena->failed ? -1 : 0;
    mark_key(facts);
    if (drift__rules_init(facts, means) != 0) return -1;
    return means->arena->failed ? -1 : 0;
}

void drift__table_facts_dispose(drift__table_facts *facts)
{
    drift__map_dispose(&facts->columns);
}
