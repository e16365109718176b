/* describe.c */
#include "compare/describe.h"

#include "compare/text.h"
#include "sql/quote.h"

static void put_conflict(drift__str *out, drift_conflict conflict)
{
    static const char *const words[] = {
        "", " ON CONFLICT ROLLBACK", "", " ON CONFLICT FAIL", " ON CONFLICT IGNORE", " ON CONFLICT REPLACE"};
    drift__str_puts(out, words[conflict]);
}

static void put_constraint_name(drift__str *out, const drift_constraint *constraint, bool strict)
{
    if (!strict || !constraint || !constraint->name) return;
    drift__str_puts(out, "CONSTRAINT ");
    drift__put_name(out, constraint->name);
    drift__str_putc(out, ' ');
}

void drift__describe_names(drift__str *out, const char *const *names, size_t count)
{
    drift__str_putc(out, '(');
    for (size_t i = 0; i < count; i++) {
        if (i) drift__str_puts(out, ", ");
        drift__put_name(out, names[i]);
    }
    drift__str_putc(out, ')');
}

static void put_indexed(drift__str *out, const drift_indexed_column *column, bool order)
{
    if (column->name)
        drift__put_name(out, column->name);
    else if (column->expression)
        drift__text_put_sql(out, column->expression);
    if (column->collation) {
        drift__str_puts(out, " COLLATE ");
        drift__put_name(out, column->collation);
    }
    if (order && column->sort == DRIFT_SORT_DESC) drift__str_puts(out, " DESC");
    if (column->autoincrement) drift__str_puts(out, " AUTOINCREMENT");
}

void drift__describe_indexed(drift__str *out, const drift_indexed_column *columns, size_t count, bool order)
{
    drift__str_putc(out, '(');
    for (size_t i = 0; i < count; i++) {
        if (i) drift__str_puts(out, ", ");
        put_indexed(out, &columns[i], order);
    }
    drift__str_putc(out, ')');
}

/* The columns of a rule, as a list of their own wherever it was written. */
static void put_columns(drift__str *out, const drift__rule *rule)
{
    const drift_constraint *written = rule->constraint;
    const drift_indexed_column own = {.name = rule->column ? rule->column->name : NULL,
                                      .sort = written->sort,
                                      .autoincrement = written->autoincrement};
    drift__str_putc(out, ' ');
    drift__describe_indexed(out, rule->column ? &own : written->columns, rule->column ? 1 : written->column_count,
                            !rule->rowid_alias);
}

static void put_action(drift__str *out, const char *when, drift_action action)
{
    static const char *const words[] = {"", "", "RESTRICT", "SET NULL", "SET DEFAULT", "CASCADE"};
    if (action == DRIFT_ACTION_NONE || action == DRIFT_ACTION_NO_ACTION) return;
    drift__str_printf(out, " %s %s", when, words[action]);
}

static void put_reference(drift__str *out, const drift_reference *reference)
{
    drift__str_puts(out, " REFERENCES ");
    drift__put_name(out, reference->table);
    if (reference->column_count) drift__describe_names(out, reference->columns, reference->column_count);
    put_action(out, "ON DELETE", reference->on_delete);
    put_action(out, "ON UPDATE", reference->on_update);
    if (reference->deferral == DRIFT_DEFERRABLE_INITIALLY_DEFERRED)
        drift__str_puts(out, " DEFERRABLE INITIALLY DEFERRED");
}

void drift__describe_rule(drift__str *out, const drift__rule *rule, bool strict)
{
    const char *expression = rule->constraint->expression;
    if (strict && rule->column) {
        drift__str_puts(out, "column ");
        drift__put_name(out, rule->column->name);
        drift__str_puts(out, ": ");
    }
    put_constraint_name(out, rule->constraint, strict);
    switch (rule->facet) {
    case DRIFT_FACET_PRIMARY_KEY: drift__str_puts(out, "PRIMARY KEY"); break;
    case DRIFT_FACET_UNIQUE: drift__str_puts(out, "UNIQUE"); break;
    case DRIFT_FACET_FOREIGN_KEY: drift__str_puts(out, "FOREIGN KEY"); break;
    default:
        drift__str_puts(out, "CHECK (");
        drift__text_put_sql(out, expression ? expression : "");
        drift__str_putc(out, ')');
        return;
    }
    put_columns(out, rule);
    if (rule->facet == DRIFT_FACET_FOREIGN_KEY)
        put_reference(out, rule->constraint->reference);
    else
        put_conflict(out, rule->conflict);
}

static void describe_generated(drift__str *out, const drift__column_facts *facts, bool strict)
{
    if (!facts->column->generated) return;
    put_constraint_name(out, facts->generated_at, strict);
    drift__str_puts(out, "GENERATED ALWAYS AS (");
    drift__text_put_sql(out, facts->column->generated);
    drift__str_puts(out, facts->column->generated_stored ? ") STORED" : ") VIRTUAL");
}

/* DEFAULT NULL is as if there were none. */
static void describe_default(drift__str *out, const drift__column_facts *facts, bool strict, drift__arena *arena)
{
    if (!drift__column_default(facts->column, arena)) return;
    put_constraint_name(out, facts->default_at, strict);
    if (strict && facts->default_at && facts->default_at->name) drift__str_puts(out, "DEFAULT ");
    drift__text_put_sql(out, facts->column->default_value);
}

static void describe_collation(drift__str *out, const drift__column_facts *facts, bool strict)
{
    put_constraint_name(out, facts->collation_at, strict);
    if (strict && facts->collation_at && facts->collation_at->name) drift__str_puts(out, "COLLATE ");
    drift__put_name(out, facts->collation);
}

static void describe_null(drift__str *out, const drift__column_facts *facts, bool strict)
{
    put_constraint_name(out, facts->not_null_at, strict);
    drift__str_puts(out, "NOT NULL");
    if (facts->not_null_at) put_conflict(out, facts->not_null_at->conflict);
}

void drift__describe_column(drift__str *out, drift_facet facet, const drift__column_facts *facts, bool strict,
                            drift__arena *arena)
{
    switch (facet) {
    case DRIFT_FACET_COLUMN_TYPE: drift__text_put_sql(out, facts->column->type); break;
    case DRIFT_FACET_COLUMN_NULL: drift__str_puts(out, facts->not_null ? "NOT NULL" : "NULL"); break;
    case DRIFT_FACET_COLUMN_CONSTRAINT: describe_null(out, facts, strict); break;
    case DRIFT_FACET_COLUMN_DEFAULT: describe_default(out, facts, strict, arena); break;
    case DRIFT_FACET_COLUMN_COLLATION: describe_collation(out, facts, strict); break;
    case DRIFT_FACET_COLUMN_GENERATED: describe_generated(out, facts, strict); break;
    default: break;
    }
}
