/* normalise.c — columns. */
#include "compare/normalise.h"

#include <string.h>

#include "base/fold.h"
#include "compare/expression.h"
#include "compare/text.h"
#include "sql/affinity.h"
#include "sql/cursor.h"

drift__column_facts *drift__table_facts_column(const drift__table_facts *facts, const char *name)
{
    const drift_column *column = drift__columns_find(&facts->columns, name);
    return column ? &facts->facts[column - facts->table->columns] : NULL;
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
const char *drift__type_name(const char *type, drift__arena *arena)
{
    size_t length = 0;
    const char *kept = drift__type_kept(&length, type);
    drift__str text = DRIFT__STR_INIT;
    put_type(&text, kept, length);
    return drift__text_folded(arena, drift__text_take(arena, &text));
}

const char *drift__column_default(const drift_column *column, drift__arena *arena)
{
    return column->default_value ? drift__default_canonical(arena, column->default_value) : NULL;
}

const char *drift__column_generated(const drift_column *column, const drift__table_facts *facts, drift__arena *arena)
{
    const drift__scope scope = {.columns = &facts->columns, .table = facts->table->name};
    return column->generated ? drift__expression_canonical(arena, column->generated, &scope) : NULL;
}

/* SQLite takes the last of several: sqlite3AddDefaultValue, sqlite3AddCollateType and sqlite3AddNotNull overwrite. */
static void collect_written(drift__column_facts *facts, const drift_column *column)
{
    facts->column = column;
    for (size_t i = 0; i < column->constraint_count; i++) {
        const drift_constraint *each = &column->constraints[i];
        switch (each->kind) {
        case DRIFT_CONSTRAINT_NOT_NULL: facts->not_null_at = each; break;
        case DRIFT_CONSTRAINT_DEFAULT: facts->default_at = each; break;
        case DRIFT_CONSTRAINT_COLLATE: facts->collation_at = each; break;
        case DRIFT_CONSTRAINT_GENERATED: facts->generated_at = each; break;
        default: break;
        }
    }
    facts->not_null_written = facts->not_null_at || column->not_null;
    facts->not_null = facts->not_null_written;
    facts->collation = column->collation ? column->collation : "BINARY";
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

int drift__table_facts_init(drift__table_facts *facts, const drift_table *table, const drift__means *means)
{
    *facts = (drift__table_facts){.table = table};
    facts->facts = drift__arena_array(means->arena, table->column_count, sizeof *facts->facts);
    if (!facts->facts || drift__columns_init(&facts->columns, table) != 0) return -1;
    facts->repeats = drift__columns_repeat(&facts->columns);
    for (size_t i = 0; i < table->column_count; i++) collect_written(&facts->facts[i], &table->columns[i]);
    if (means->without_constraints) return 0;
    mark_key(facts);
    return drift__rules_init(facts, means);
}

void drift__table_facts_dispose(drift__table_facts *facts)
{
    drift__columns_dispose(&facts->columns);
}
