/* ledger.c — every table of a step: what became of it, and of its columns. */
#include "verify/ledger.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "sql/quote.h"
#include "verify/referee.h"

/* ---- what a column became ---- */

static drift_ledger_kind kind_of_values(const drift__match_counts *counts, bool renamed)
{
    if (counts->changed == 0) return renamed ? DRIFT_LEDGER_RENAMED : DRIFT_LEDGER_IDENTITY;
    return counts->changed == counts->filled ? DRIFT_LEDGER_FILLED : DRIFT_LEDGER_TRANSFORMED;
}

static drift_ledger_column entry_of_column(const drift__match_column *column, const drift__match_counts *counts)
{
    if (!column->old_name)
        return (drift_ledger_column){.column = column->new_name,
                                     .kind = counts->changed ? DRIFT_LEDGER_FILLED : DRIFT_LEDGER_ADDED,
                                     .changed = counts->changed};
    const bool renamed = !drift__same_name(column->old_name, column->new_name);
    return (drift_ledger_column){.column = column->old_name,
                                 .renamed = renamed ? column->new_name : NULL,
                                 .kind = kind_of_values(counts, renamed),
                                 .changed = counts->changed};
}

static bool is_mapped(const drift__ledger_table *table, const char *old_name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].old_name && drift__same_name(table->columns[i].old_name, old_name)) return true;
    }
    return false;
}

/* A column whose values are computed on both sides, which nobody stores, is as it was; what the target does not have,
 * or computes from now on, is dropped. */
static drift_ledger_column entry_of_unmapped(const drift__ledger_table *table, const drift__live_column *old)
{
    const drift__live_column *new = drift__live_column_named(&table->new, old->name);
    const bool computed = new &&drift__live_is_generated(new) && drift__live_is_generated(old);
    return (drift_ledger_column){.column = old->name, .kind = computed ? DRIFT_LEDGER_IDENTITY : DRIFT_LEDGER_DROPPED};
}

static void enter(drift__ledger_table *table, const drift_ledger_entry *entry)
{
    drift__outcome_enter(table->step->judgement->outcome, entry);
}

/* The table's columns in their old order, then the new ones. */
static int enter_table(drift__ledger_table *table, drift_error *err)
{
    const drift__match_result *r = &table->result;
    const bool renamed = !drift__same_name(table->old.name, table->new.name);
    const size_t most = table->old.count + table->count + 1;
    drift_ledger_column *columns = drift__arena_array(&table->arena, most, sizeof *columns);
    size_t count = 0;
    if (!columns) return drift__no_memory(err);
    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].old_name) columns[count++] = entry_of_column(&table->columns[i], &r->columns[i]);
    }
    for (size_t i = 0; i < table->old.count; i++) {
        const drift__live_column *old = &table->old.columns[i];
        if (old->hidden != 1 && !is_mapped(table, old->name)) columns[count++] = entry_of_unmapped(table, old);
    }
    for (size_t i = 0; i < table->count; i++) {
        if (!table->columns[i].old_name) columns[count++] = entry_of_column(&table->columns[i], &r->columns[i]);
    }
    enter(table, &(drift_ledger_entry){.from = table->step->from,
                                       .to = table->step->to,
                                       .table = table->old.name,
                                       .renamed = renamed ? table->new.name : NULL,
                                       .kind = renamed ? DRIFT_LEDGER_RENAMED : DRIFT_LEDGER_IDENTITY,
                                       .rows_in = r->before,
                                       .rows_out = r->after,
                                       .matched = r->matched,
                                       .lost = r->lost,
                                       .extra = r->extra,
                                       .columns = columns,
                                       .column_count = count});
    return DRIFT_OK;
}

/* ---- a table that only one side has ---- */

/* The rows of a table that nothing is compared with; 0 for one that cannot be read. */
static int count_rows(int64_t *out, drift_connection *connection, const char *table, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL;
    drift__str_puts(&text, "SELECT count(*) FROM main.");
    drift__put_quoted(&text, table);
    int rc = drift__str_take(&sql, &text, err);
    *out = 0;
    if (rc != DRIFT_OK) return rc;
    rc = drift_query_int64(out, connection, sql, NULL, 0, NULL);
    drift__free(sql);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

static int enter_alone(drift__ledger_step *step, const char *name, bool dropped, drift_error *err)
{
    int64_t rows = 0;
    const int rc = step->empty ? DRIFT_OK : count_rows(&rows, dropped ? step->before : step->after, name, err);
    drift__outcome_enter(step->judgement->outcome,
                         &(drift_ledger_entry){.from = step->from,
                                               .to = step->to,
                                               .table = name,
                                               .kind = dropped ? DRIFT_LEDGER_DROPPED : DRIFT_LEDGER_ADDED,
                                               .rows_in = dropped ? rows : 0,
                                               .rows_out = dropped ? 0 : rows});
    return rc;
}

/* ---- a table that both have ---- */

int drift__ledger_open_referee(drift__ledger_step *step, drift_error *err)
{
    if (step->referee) return DRIFT_OK;
    return drift__referee_open(&step->referee, step->before, step->after, step->judgement->options, err);
}

static int find_rows(bool *before, bool *after, const drift__ledger_table *table, drift_error *err)
{
    const drift__ledger_step *step = table->step;
    *before = *after = false;
    if (step->empty) return DRIFT_OK;
    const int rc = drift__live_has_rows(before, step->before, table->old.name, err);
    return rc == DRIFT_OK ? drift__live_has_rows(after, step->after, table->new.name, err) : rc;
}

/* Without rows on either side only names are to be told. */
static int judge_rows(drift__ledger_table *table, drift_error *err)
{
    bool before = false, after = false;
    drift__ledger_step *step = table->step;
    int rc = find_rows(&before, &after, table, err);
    if (rc == DRIFT_OK && (before || after)) rc = drift__ledger_open_referee(step, err);
    if (rc == DRIFT_OK) rc = drift__ledger_map(table, err);
    if (rc != DRIFT_OK || (!before && !after)) return rc;
    rc = drift__match_run(&table->result, &table->match, err);
    if (rc == DRIFT_OK && (!table->is_mirror || table->result.unreadable)) rc = drift__ledger_tell(table, err);
    const int ended = drift__match_end(&table->match, rc == DRIFT_OK ? err : NULL);
    return rc == DRIFT_OK ? ended : rc;
}

static void note_touches(drift__ledger_table *table)
{
    drift__ledger_step *step = table->step;
    drift__expect *expect = step->judgement->expect;
    if (table->result.before)
        drift__expect_note(
            expect, drift__expect_find(expect, step->from, step->to, DRIFT_EXPECT_TOUCHES, table->old.name, NULL),
            false);
}

static int judge_both(drift__ledger_table *table, drift_error *err)
{
    const int rc = judge_rows(table, err);
    if (rc != DRIFT_OK) return rc;
    note_touches(table);
    return table->result.unreadable ? DRIFT_OK : enter_table(table, err);
}

static const drift_entity *entity_in(const drift_schema *schema, const char *name)
{
    const drift_entity *table = drift_schema_entity(schema, DRIFT_ENTITY_TABLE, name);
    return table ? table : drift_schema_entity(schema, DRIFT_ENTITY_VIRTUAL_TABLE, name);
}

/* "content=" of a full-text table names the table whose rows it reads (https://www.sqlite.org/fts5.html, section 4.4.2;
 * https://www.sqlite.org/fts3.html, section 6.2.2): what becomes of them is told there, and whether the index agrees
 * with them is hidden.fts. An empty name means that the index has no content to read. */
static bool names_content(const char *argument)
{
    static const char key[] = "content";
    size_t at = 0;
    while (key[at] && drift__fold_char(argument[at]) == key[at]) at++;
    if (key[at]) return false;
    at += strspn(argument + at, " \t\r\n");
    if (argument[at++] != '=') return false;
    at += strspn(argument + at, " \t\r\n'\"");
    return argument[at] != 0;
}

static bool is_mirror(const drift_virtual_table *table)
{
    static const char *const modules[] = {"fts3", "fts4", "fts5"};
    bool is_index = false;
    for (size_t i = 0; table && i < 3; i++) is_index = is_index || drift__same_name(table->module, modules[i]);
    for (size_t i = 0; is_index && i < table->argument_count; i++) {
        if (names_content(table->arguments[i])) return true;
    }
    return false;
}

/* The table of this name, or NULL. */
static const drift__live_table *table_named(const drift__live_known *known, const char *name)
{
    for (size_t i = 0; i < known->count; i++) {
        if (drift__same_name(known->names[i], name)) return &known->tables[i];
    }
    return NULL;
}

static int judge_table(drift__ledger_step *step, const drift__live_table *old, const drift__live_known *new,
                       drift_error *err)
{
    drift__ledger_table table = {.step = step, .arena = DRIFT__ARENA_INIT, .old = *old};
    const char *renamed = drift__expect_new_table(step->judgement->expect, step->from, step->to, old->name);
    const drift_entity *target = entity_in(step->target, renamed);
    const drift__live_table *found = target ? table_named(new, renamed) : NULL;
    int rc = DRIFT_OK;
    if (!found || !found->count) {
        rc = enter_alone(step, old->name, true, err); /* dropped as declared, or told as schema.missing */
    } else {
        table.new = *found;
        table.new.name = renamed;
        table.target = target->kind == DRIFT_ENTITY_TABLE ? target->as.table : NULL;
        table.is_mirror = is_mirror(target->as.virtual_table);
        rc = judge_both(&table, err);
    }
    drift__arena_dispose(&table.arena);
    return rc;
}

/* ---- */

/* Whether a table of the new side is what one of the old side became. */
static bool is_successor(const drift__ledger_step *step, const char *name, const drift__live_known *old)
{
    for (size_t i = 0; i < old->count; i++) {
        if (drift__same_name(drift__expect_new_table(step->judgement->expect, step->from, step->to, old->names[i]),
                             name))
            return true;
    }
    return false;
}

static int judge_tables(drift__ledger_step *step, const drift__live_known *old, const drift__live_known *new,
                        drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < old->count; i++) rc = judge_table(step, &old->tables[i], new, err);
    for (size_t i = 0; rc == DRIFT_OK && i < new->count; i++) {
        if (!is_successor(step, new->names[i], old)) rc = enter_alone(step, new->names[i], false, err);
    }
    return rc;
}

/* What is known of a side, unless a step inside a pair has another database there. */
static drift__facts *facts_of(drift__facts *known, drift__facts *own)
{
    return known && known->connection == own->connection ? known : own;
}

int drift__ledger_judge(drift__ledger_step *step, drift_error *err)
{
    drift__facts own_before = {.connection = step->before}, own_after = {.connection = step->after};
    drift__facts *before = facts_of(step->judgement->facts, &own_before);
    drift__facts *after = facts_of(step->judgement->now, &own_after);
    const drift__live_known *old = NULL, *new = NULL;
    int rc = drift__facts_tables(&old, before, err);
    if (rc == DRIFT_OK) rc = drift__facts_tables(&new, after, err);
    if (rc == DRIFT_OK) rc = drift__facts_empty(&step->empty, before, err);
    if (rc == DRIFT_OK && step->empty) rc = drift__facts_empty(&step->empty, after, err);
    if (rc == DRIFT_OK) rc = judge_tables(step, old, new, err);
    if (step->keep)
        *step->keep = step->referee;
    else
        drift_connection_close(step->referee);
    step->referee = NULL;
    drift__facts_dispose(&own_before);
    drift__facts_dispose(&own_after);
    return rc;
}
