/* ledger_tell.c — what was found, as findings: codes data.*, values as SQL literals, and the first row by its key. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "sql/quote.h"
#include "verify/ledger.h"
#include "verify/referee.h"

/* A row as messages name it, and the values of one column. */
typedef struct first_row {
    const drift__ledger_table *table;
    bool of_old;
    drift__str name, expected, actual;
} first_row;

static void put_value(drift__str *out, drift_statement *row, int column)
{
    const drift_value value = drift_column_value(row, column);
    drift__literal_put(out, &value);
}

static void put_row_name(first_row *first, drift_statement *row)
{
    const drift__match *match = &first->table->match;
    const drift_value rowid = drift_column_value(row, 0);
    for (size_t i = 0; i < match->key_count; i++) {
        const drift__match_column *column = &match->columns[match->key[i]];
        drift__str_printf(&first->name, "%s%s = ", i ? ", " : "", first->of_old ? column->old_name : column->new_name);
        put_value(&first->name, row, (int)i + 1);
    }
    if (match->key_count) return;
    if (rowid.kind == DRIFT_NULL)
        drift__str_puts(&first->name, "a row without key");
    else
        drift__str_printf(&first->name, "rowid = %lld", (long long)rowid.integer);
}

static int take_row(drift_statement *row, void *payload, drift_error *err)
{
    (void)err;
    put_row_name(payload, row);
    return DRIFT_OK;
}

static int take_values(drift_statement *row, void *payload, drift_error *err)
{
    first_row *first = payload;
    const int at = (int)first->table->match.key_count + 1;
    (void)err;
    put_row_name(first, row);
    put_value(&first->expected, row, at);
    put_value(&first->actual, row, at + 1);
    return DRIFT_OK;
}

static int end_row(first_row *first, int rc, drift_error *err)
{
    const bool failed = first->name.failed || first->expected.failed || first->actual.failed;
    drift__str_dispose(&first->name);
    drift__str_dispose(&first->expected);
    drift__str_dispose(&first->actual);
    return rc == DRIFT_OK && failed ? drift__no_memory(err) : rc;
}

/* ---- rows ---- */

static int tell_rows(drift__ledger_table *table, bool lost, drift_error *err)
{
    const drift__match_result *r = &table->result;
    const int64_t count = lost ? r->lost_wrongly : r->extra_wrongly;
    first_row first = {.table = table, .of_old = lost};
    char expected[32], actual[32];
    if (!count) return DRIFT_OK;
    const int rc = lost ? drift__match_first_lost(&table->match, take_row, &first, err)
                        : drift__match_first_extra(&table->match, take_row, &first, err);
    if (rc == DRIFT_OK && !first.name.failed) {
        snprintf(expected, sizeof expected, "%lld", (long long)r->before);
        snprintf(actual, sizeof actual, "%lld", (long long)r->after);
        drift__judgement_find(
            table->step->judgement, lost ? DRIFT_FINDING_DATA_LOST_ROWS : DRIFT_FINDING_DATA_EXTRA_ROWS,
            lost ? table->old.name : table->new.name, expected, actual,
            lost ? "%lld of %lld rows lost, the first: %s" : "%lld of %lld rows were not there before, the first: %s",
            (long long)count, (long long)(lost ? r->before : r->after), drift__str_text(&first.name));
    }
    return end_row(&first, rc, err);
}

/* ---- values ---- */

static drift_finding_code code_of(const drift__match_column *column, bool nulled)
{
    if (nulled) return DRIFT_FINDING_DATA_NULLED;
    return column->cast && column->want == DRIFT__WANT_SAME ? DRIFT_FINDING_DATA_AFFINITY : DRIFT_FINDING_DATA_CHANGED;
}

static int tell_column(drift__ledger_table *table, size_t index, bool nulled, drift_error *err)
{
    const drift__match_column *column = &table->columns[index];
    const drift__match_counts *counts = &table->result.columns[index];
    const int64_t count = nulled ? counts->nulled : counts->differing;
    first_row first = {.table = table, .of_old = true};
    if (!count) return DRIFT_OK;
    const int rc = drift__match_first_wrong(&table->match, index, nulled, take_values, &first, err);
    const char *name = drift__arena_printf(&table->arena, "%s.%s", column->old_name ? table->old.name : table->new.name,
                                           column->old_name ? column->old_name : column->new_name);
    if (rc == DRIFT_OK && name && !first.expected.failed && !first.actual.failed) {
        const char *expected = drift__str_text(&first.expected), *actual = drift__str_text(&first.actual);
        drift__judgement_find(table->step->judgement, code_of(column, nulled), name, expected, actual,
                              "expected %s, found %s in %lld of %lld rows, the first: %s", expected, actual,
                              (long long)count, (long long)table->result.before, drift__str_text(&first.name));
    }
    return end_row(&first, rc == DRIFT_OK && !name ? drift__no_memory(err) : rc, err);
}

/* ---- what could not be read ---- */

/* The reason in the database's own words: in the referee's it has another name. */
static int ask_for_reason(drift_error *why, const drift__ledger_table *table, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL;
    drift__str_puts(&text, "SELECT * FROM main.");
    drift__put_quoted(&text, table->new.name);
    int rc = drift__str_take(&sql, &text, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift_query(table->step->after, sql, NULL, 0, NULL, NULL, why);
    if (rc == DRIFT_OK) *why = table->result.why;
    drift__free(sql);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

/* A full-text table whose content went elsewhere cannot be read any more: its rows are as good as lost. What could not
 * be read before has nothing to lose. */
static int tell_unreadable(drift__ledger_table *table, drift_error *err)
{
    char expected[32];
    drift_error why = {0};
    if (table->result.unreadable != DRIFT__UNREADABLE_NEW) return DRIFT_OK;
    const int rc = ask_for_reason(&why, table, err);
    if (rc != DRIFT_OK) return rc;
    snprintf(expected, sizeof expected, "%lld", (long long)table->result.before);
    drift__judgement_find(table->step->judgement, DRIFT_FINDING_DATA_LOST_ROWS, table->old.name, expected, NULL,
                          "the rows cannot be read any more: %s", why.text);
    return DRIFT_OK;
}

/* Evaluates one expression over every row: which of them fails? */
static int blame_expression(drift__ledger_table *table, const drift_expectation *entry, bool of_old, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error why = {0};
    char *sql = NULL;
    int64_t count = 0;
    if (!entry) return DRIFT_OK;
    drift__str_printf(&text, "SELECT count((%s\n)) FROM %s.", entry->value,
                      of_old ? DRIFT__REFEREE_OLD : DRIFT__REFEREE_NEW);
    drift__put_quoted(&text, of_old ? table->old.name : table->new.name);
    int rc = drift__str_take(&sql, &text, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift_query_int64(&count, table->step->referee, sql, NULL, 0, &why);
    drift__free(sql);
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    if (rc != DRIFT_OK) drift__expect_note_error(table->step->judgement->expect, entry, why.text);
    return DRIFT_OK;
}

static int blame_expressions(drift__ledger_table *table, drift_error *err)
{
    int rc = blame_expression(table, table->drop, true, err);
    if (rc == DRIFT_OK) rc = blame_expression(table, table->add, false, err);
    for (size_t i = 0; rc == DRIFT_OK && i < table->count; i++)
        rc = blame_expression(table, table->entries[i], true, err);
    return rc;
}

/* ---- */

/* An entry is at work where there are rows; it took effect where it explains something. */
static void note_effects(const drift__ledger_table *table)
{
    drift__expect *expect = table->step->judgement->expect;
    const drift__match_result *r = &table->result;
    if (r->before) drift__expect_note(expect, table->drop, r->lost > r->lost_wrongly);
    if (r->before || r->after) drift__expect_note(expect, table->add, r->extra > r->extra_wrongly);
    for (size_t i = 0; r->matched && i < table->count; i++)
        drift__expect_note(expect, table->entries[i], r->columns[i].right > 0);
}

int drift__ledger_tell(drift__ledger_table *table, drift_error *err)
{
    if (table->result.unreadable == DRIFT__UNREADABLE_EXPRESSION) return blame_expressions(table, err);
    if (table->result.unreadable) return tell_unreadable(table, err);
    note_effects(table);
    int rc = tell_rows(table, true, err);
    if (rc == DRIFT_OK) rc = tell_rows(table, false, err);
    for (size_t i = 0; rc == DRIFT_OK && i < table->count; i++) {
        rc = tell_column(table, i, true, err);
        if (rc == DRIFT_OK) rc = tell_column(table, i, false, err);
    }
    return rc;
}
