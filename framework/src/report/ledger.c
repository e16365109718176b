/* ledger.c — the ledger for people: run by run a line for each table, with its rows in and out, and below it what
 * became of its columns. */
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "report/report.h"

enum { STEP = 8, LEAST_NAME = 12, MOST_NAME = 30, NUMBER = 9 };

/* The name of a table or a column, and behind an arrow what it is called now. */
static void put_name(drift__str *out, const char *name, const char *renamed)
{
    drift__str_put_visible(out, name);
    if (!renamed) return;
    drift__str_puts(out, " -> ");
    drift__str_put_visible(out, renamed);
}

/* The number of characters between two places of what was written. */
static size_t width_from(const drift__str *out, size_t start)
{
    const char *at = drift__str_text(out) + start, *end = drift__str_text(out) + out->length;
    size_t count = 0;
    for (; at < end; at += drift__utf8_next(at, end)) count++;
    return count;
}

static void pad(drift__str *out, size_t start, size_t width)
{
    for (size_t at = width_from(out, start); at < width; at++) drift__str_putc(out, ' ');
}

static size_t name_width(const drift_run *run)
{
    size_t widest = LEAST_NAME;
    for (size_t i = 0; i < run->ledger_count; i++) {
        const drift_ledger_entry *entry = &run->ledger[i];
        const size_t width = strlen(entry->table) + (entry->renamed ? strlen(entry->renamed) + 4 : 0);
        if (width > widest) widest = width;
    }
    return widest < MOST_NAME ? widest : MOST_NAME;
}

/* The columns of one kind, on a line of their own. */
static void put_columns_of(drift__str *out, const drift_ledger_entry *entry, drift_ledger_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < entry->column_count; i++) {
        const drift_ledger_column *column = &entry->columns[i];
        if (column->kind != kind) continue;
        if (count++)
            drift__str_puts(out, ", ");
        else
            drift__str_printf(out, "            %s: ", drift_ledger_kind_name(kind));
        put_name(out, column->column, column->renamed);
        if (column->changed)
            drift__str_printf(out, " (%lld row%s)", (long long)column->changed, column->changed == 1 ? "" : "s");
    }
    if (count) drift__str_putc(out, '\n');
}

static void put_columns(drift__str *out, const drift_ledger_entry *entry)
{
    static const drift_ledger_kind kinds[] = {
#define LEDGER_KIND(name, word, text) DRIFT_LEDGER_##name,
        DRIFT_LEDGER_MAP(LEDGER_KIND)
#undef LEDGER_KIND
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) put_columns_of(out, entry, kinds[i]);
}

static void put_entry(drift__str *out, const drift_ledger_entry *entry, size_t width)
{
    drift__str_puts(out, "    ");
    size_t start = out->length;
    drift__str_printf(out, "%d->%d", entry->from, entry->to);
    pad(out, start, STEP);
    start = out->length;
    put_name(out, entry->table, entry->renamed);
    pad(out, start, width);
    drift__str_printf(out, " %*lld %*lld %*lld %*lld %*lld  %s\n", NUMBER, (long long)entry->rows_in, NUMBER,
                      (long long)entry->rows_out, NUMBER, (long long)entry->matched, NUMBER, (long long)entry->lost,
                      NUMBER, (long long)entry->extra, drift_ledger_kind_name(entry->kind));
    put_columns(out, entry);
}

static void put_run(drift__str *out, const drift_run *run)
{
    const size_t width = name_width(run);
    drift__str_printf(out, "  %d->%d %s\n", run->from, run->to, run->data);
    drift__str_puts(out, "    step    table");
    for (size_t i = strlen("table"); i < width; i++) drift__str_putc(out, ' ');
    drift__str_printf(out, " %*s %*s %*s %*s %*s\n", NUMBER, "rows in", NUMBER, "rows out", NUMBER, "matched", NUMBER,
                      "lost", NUMBER, "extra");
    for (size_t i = 0; i < run->ledger_count; i++) put_entry(out, &run->ledger[i], width);
}

void drift__text_ledger(drift__str *out, const drift_outcome *outcome)
{
    bool any = false;
    for (size_t i = 0; i < outcome->run_count; i++) {
        if (!outcome->runs[i].ledger_count) continue;
        if (!any) drift__str_puts(out, "\nledger\n");
        any = true;
        put_run(out, &outcome->runs[i]);
    }
}
