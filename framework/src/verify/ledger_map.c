/* ledger_map.c — which column became which, and what its values have to be.
 *
 * A column that the target schema does not have is dropped as declared. Where the target declares another affinity, the
 * old value or what CAST makes of it is good; where it declares NOT NULL, an old NULL has to go. Expectations say more.
 */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "sql/affinity.h"
#include "sql/quote.h"
#include "stand_in/text.h"
#include "verify/ledger.h"
#include "verify/referee.h"
#include "verify/unsteady.h"

/* ---- expressions ---- */

/* Compiles an expression over a side's row; one that does not compile is stale, and NULL. */
static int check_expression(const drift_expectation **entry, drift__ledger_table *table, bool of_old, drift_error *err)
{
    const drift__judgement *judgement = table->step->judgement;
    drift_statement *statement = NULL;
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL;
    drift_error why = {0};
    if (!*entry) return DRIFT_OK;
    int rc = drift__ledger_open_referee(table->step, err);
    if (rc == DRIFT_OK && judgement->options->stub_functions)
        rc = drift__stand_in_functions(table->step->referee, (*entry)->value, strlen((*entry)->value), err);
    drift__str_printf(&text, "SELECT (%s\n) FROM %s.", (*entry)->value,
                      of_old ? DRIFT__REFEREE_OLD : DRIFT__REFEREE_NEW);
    drift__put_quoted(&text, of_old ? table->old.name : table->new.name);
    if (rc == DRIFT_OK) rc = drift__str_take(&sql, &text, err);
    if (rc == DRIFT_OK) rc = drift_statement_prepare(&statement, table->step->referee, sql, &why);
    drift_statement_free(statement);
    drift__str_dispose(&text);
    drift_free(sql);
    if (rc == DRIFT_OK || rc == DRIFT_NO_MEMORY) return rc == DRIFT_OK ? rc : drift__no_memory(err);
    if (!why.code) return rc; /* there is no referee */
    drift__expect_note_error(judgement->expect, *entry, why.text);
    *entry = NULL;
    return DRIFT_OK;
}

/* The entry of this kind that counts, or NULL. */
static int find_entry(const drift_expectation **out, drift__ledger_table *table, drift_expectation_kind kind,
                      const char *column, drift_error *err)
{
    const drift__ledger_step *step = table->step;
    const bool named_after = kind == DRIFT_EXPECT_FILL || kind == DRIFT_EXPECT_ADD_ROWS;
    *out = drift__expect_find(step->judgement->expect, step->from, step->to, kind,
                              named_after ? table->new.name : table->old.name, column);
    return check_expression(out, table, kind != DRIFT_EXPECT_ADD_ROWS, err);
}

/* ---- columns ---- */

/* Whether the target keeps this column as one that holds values of its own. */
static bool survives(const drift__ledger_table *table, const drift__live_column *old, const drift__live_column *new)
{
    if (old->hidden == 1 || !new || new->hidden == 1 || drift__live_is_generated(new)) return false;
    const drift_column *wanted = table->target ? drift_table_column(table->target, new->name) : NULL;
    return !table->target || (wanted && !wanted->generated);
}

static drift__affinity affinity_after(const drift__ledger_table *table, const drift__live_column *new)
{
    const drift_column *wanted = table->target ? drift_table_column(table->target, new->name) : NULL;
    return drift__affinity_of(wanted ? wanted->type : new->type);
}

static bool is_not_null_after(const drift__ledger_table *table, const drift__live_column *new)
{
    const drift_column *wanted = table->target ? drift_table_column(table->target, new->name) : NULL;
    return wanted && wanted->not_null;
}

static int expect_of_column(drift__ledger_table *table, const char *old_name, const char *new_name, drift_error *err)
{
    drift__match_column *column = &table->columns[table->count];
    const drift_expectation **entry = &table->entries[table->count];
    int rc = old_name ? find_entry(entry, table, DRIFT_EXPECT_TRANSFORM, old_name, err) : DRIFT_OK;
    if (rc == DRIFT_OK && *entry) column->want = DRIFT__WANT_TRANSFORM;
    if (rc == DRIFT_OK && !*entry) {
        rc = find_entry(entry, table, DRIFT_EXPECT_FILL, new_name, err);
        if (*entry) column->want = DRIFT__WANT_FILL;
    }
    column->expression = *entry ? (*entry)->value : NULL;
    column->unsteady = *entry && drift__is_unsteady((*entry)->value);
    return rc;
}

static int map_column(drift__ledger_table *table, const drift__live_column *old, drift_error *err)
{
    const drift__ledger_step *step = table->step;
    const char *name =
        drift__expect_new_column(step->judgement->expect, step->from, step->to, table->old.name, old->name);
    const drift__live_column *new = drift__live_column_named(&table->new, name);
    if (!survives(table, old, new)) return DRIFT_OK;
    const drift__affinity after = affinity_after(table, new);
    table->columns[table->count] = (drift__match_column){
        .old_name = old->name,
        .new_name = new->name,
        .affinity = drift__affinity_name(after),
        .cast = after != drift__affinity_of(old->type) ? drift__affinity_name(after) : NULL,
        .null_may_go = !old->not_null &&is_not_null_after(table, new),
    };
    const int rc = expect_of_column(table, old->name, new->name, err);
    table->count++;
    return rc;
}

static bool is_mapped(const drift__ledger_table *table, const char *new_name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (drift__same_name(table->columns[i].new_name, new_name)) return true;
    }
    return false;
}

static int map_new_column(drift__ledger_table *table, const drift__live_column *new, drift_error *err)
{
    if (new->hidden == 1 || drift__live_is_generated(new) || is_mapped(table, new->name)) return DRIFT_OK;
    table->columns[table->count] = (drift__match_column){
        .new_name = new->name, .want = DRIFT__WANT_ANY, .affinity = drift__affinity_name(affinity_after(table, new))};
    const int rc = expect_of_column(table, NULL, new->name, err);
    table->count++;
    return rc;
}

/* ---- the key ---- */

/* The declared key of the old table, if all of it survived. */
static void map_key(drift__ledger_table *table)
{
    drift__match *match = &table->match;
    size_t unique = 0;
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->columns[i].old_name;
        const drift__live_column *old = name ? drift__live_column_named(&table->old, name) : NULL;
        if (!old || !old->key) continue;
        table->key[match->key_count++] = i;
        unique += drift__live_column_named(&table->new, table->columns[i].new_name)->key > 0;
    }
    if (match->key_count != table->old.key_count) match->key_count = 0;
    match->new.unique_key =
        match->key_count &&unique == match->key_count && table->new.key_count == unique && !table->new.is_virtual;
    match->rowid_key = match->new.unique_key && table->old.rowid_key && table->new.rowid_key;
}

static int map_conditions(drift__ledger_table *table, drift_error *err)
{
    int rc = find_entry(&table->drop, table, DRIFT_EXPECT_DROP_ROWS, NULL, err);
    if (rc == DRIFT_OK) rc = find_entry(&table->add, table, DRIFT_EXPECT_ADD_ROWS, NULL, err);
    table->match.old.condition = table->drop ? table->drop->value : NULL;
    table->match.new.condition = table->add ? table->add->value : NULL;
    return rc;
}

int drift__ledger_map(drift__ledger_table *table, drift_error *err)
{
    const size_t most = table->old.count + table->new.count + 1;
    table->columns = drift__arena_array(&table->arena, most, sizeof *table->columns);
    table->entries = drift__arena_array(&table->arena, most, sizeof *table->entries);
    table->key = drift__arena_array(&table->arena, most, sizeof *table->key);
    table->result.columns = drift__arena_array(&table->arena, most, sizeof *table->result.columns);
    if (table->arena.failed) return drift__no_memory(err);
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < table->old.count; i++) rc = map_column(table, &table->old.columns[i], err);
    for (size_t i = 0; rc == DRIFT_OK && i < table->new.count; i++)
        rc = map_new_column(table, &table->new.columns[i], err);
    table->match.referee = table->step->referee;
    table->match.old =
        (drift__match_side){.table = table->old.name, .rowid = table->old.rowid, .is_virtual = table->old.is_virtual};
    table->match.new =
        (drift__match_side){.table = table->new.name, .rowid = table->new.rowid, .is_virtual = table->new.is_virtual};
    table->match.columns = table->columns;
    table->match.column_count = table->count;
    table->match.key = table->key;
    if (rc == DRIFT_OK) map_key(table);
    return rc == DRIFT_OK ? map_conditions(table, err) : rc;
}
