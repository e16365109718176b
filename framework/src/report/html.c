/* html.c — a page that stands by itself: no script, nothing loaded. A matrix for each level of data, whose failed cells
 * lead to what was found; light and dark as the reader's system is. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/grid.h"
#include "report/group.h"
#include "report/markup.h"
#include "report/report.h"

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c2126;--dim:#5b6670;--page:#fff;--line:#d5dbe0;--ok:#d7f0dc;--fail:#ffd2cc;"
    "--error:#ffe6b3;--mark:#a11b10}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--dim:#98a4b0;--page:#15191d;--line:#333b43;--ok:#1d4427;"
    "--fail:#6b211a;--error:#5e4713;--mark:#ff9d92}}\n"
    "body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:2rem auto;max-width:75rem;"
    "padding:0 1rem}\n"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}\n"
    "code,td,th,dd{font-variant-numeric:tabular-nums}code{font-family:ui-monospace,monospace;font-size:.92em;"
    "overflow-wrap:anywhere}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}dt{color:var(--dim)}dd{margin:0}\n"
    ".wide{overflow-x:auto}table{border-collapse:separate;border-spacing:2px}\n"
    "th{font-weight:normal;color:var(--dim);padding:.1rem .5rem;text-align:right}\n"
    ".matrix td{min-width:2.6rem;padding:.1rem .4rem;text-align:center;border-radius:3px}\n"
    ".matrix a{color:inherit;font-weight:bold}\n"
    ".passed{background:var(--ok)}.failed{background:var(--fail)}.error{background:var(--error)}\n"
    ".verdict{display:inline-block;padding:.2rem .7rem;border-radius:3px;margin:.8rem 0;font-weight:bold}\n"
    "li{margin:.6rem 0}li:target{outline:2px solid var(--mark);outline-offset:4px}\n"
    ".code{color:var(--mark);font-weight:bold}.runs{color:var(--dim)}\n"
    ".ledger td{padding:.1rem .5rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}\n"
    ".ledger td.text{text-align:left}summary{cursor:pointer}\n";

typedef struct page {
    drift__str out;
    const drift_outcome *outcome;
    drift__grid grid;
    drift__told *told;
    size_t told_count;
} page;

static void put_in(page *p, const char *before, const char *text, const char *after)
{
    drift__str_puts(&p->out, before);
    drift__markup_text(&p->out, text);
    drift__str_puts(&p->out, after);
}

/* ---- the head ---- */

static void put_verdict(page *p)
{
    const drift_outcome_summary *s = &p->outcome->summary;
    const char *status = s->passed == s->runs ? "passed" : s->failed ? "failed" : "error";
    drift__str_printf(&p->out,
                      "<p class=\"verdict %s\">%zu run%s: %zu passed, %zu failed, %zu error%s; %zu finding%s</p>\n",
                      status, s->runs, drift__plural(s->runs), s->passed, s->failed, s->errors,
                      drift__plural(s->errors), s->findings, drift__plural(s->findings));
}

static void put_head(page *p)
{
    const drift_outcome *o = p->outcome;
    drift__str_puts(&p->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                             "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    put_in(p, "<title>drift verify: ", o->schemas, "</title>\n");
    drift__str_printf(&p->out, "<style>\n%s</style>\n</head>\n<body>\n", style);
    put_in(p, "<h1>", o->schemas, "</h1>\n");
    put_verdict(p);
    drift__str_printf(&p->out, "<dl>\n<dt>versions</dt><dd>%zu, %zu pair%s</dd>\n", o->summary.versions,
                      o->summary.pairs, drift__plural(o->summary.pairs));
    put_in(p, "<dt>migrations</dt><dd>", o->migrations, ", ");
    put_in(p, "runner ", o->runner, "</dd>\n");
    if (o->expectations) put_in(p, "<dt>expected</dt><dd>", o->expectations, "</dd>\n");
    drift__str_printf(&p->out, "<dt>seed</dt><dd>%lld</dd>\n", (long long)o->seed);
    if (o->part) drift__str_printf(&p->out, "<dt>shard</dt><dd>%zu of %zu</dd>\n", o->part->index, o->part->count);
    put_in(p, "<dt>drift</dt><dd>", drift__tool_version(o), ", ");
    put_in(p, "SQLite ", drift__sqlite_version(o), "</dd>\n</dl>\n");
}

/* ---- the matrices ---- */

/* Where a run's first finding stands: findings that say the same are told once. */
static size_t anchor_of(const page *p, const drift_run *run)
{
    for (size_t i = 0; i < p->told_count; i++) {
        if (p->told[i].run == run) return p->told[i].group;
    }
    return 0;
}

static void put_cell(page *p, const drift_run *run)
{
    static const char *const marks[] = {"ok", "FAIL", "ERR"};
    if (!run) {
        drift__str_puts(&p->out, "<td></td>");
        return;
    }
    drift__str_printf(&p->out, "<td class=\"%s\" title=\"%d to %d, %s: %lld row%s\">",
                      drift_run_status_name(run->status), run->from, run->to, run->data, (long long)run->rows,
                      run->rows == 1 ? "" : "s");
    if (run->finding_count)
        drift__str_printf(&p->out, "<a href=\"#finding-%zu\">%s</a></td>", anchor_of(p, run), marks[run->status]);
    else
        drift__str_printf(&p->out, "%s</td>", marks[run->status]);
}

static void put_row(page *p, int from, const char *level)
{
    const int started_at = drift__grid_started_at(&p->grid, from, level);
    drift__str_printf(&p->out, "<tr><th scope=\"row\">%d</th>", from);
    if (started_at)
        drift__str_printf(&p->out, "<th>%d</th>", started_at);
    else
        drift__str_puts(&p->out, "<th>-</th>");
    for (size_t i = 0; i < p->grid.to_count; i++) put_cell(p, drift__grid_run(&p->grid, from, p->grid.to[i], level));
    drift__str_puts(&p->out, "</tr>\n");
}

static void put_matrix(page *p, const char *level)
{
    put_in(p, "<h2>", level, "</h2>\n");
    drift__str_puts(&p->out, "<div class=\"wide\"><table class=\"matrix\">\n<tr><th>from</th><th>started at</th>");
    for (size_t i = 0; i < p->grid.to_count; i++)
        drift__str_printf(&p->out, "<th scope=\"col\">%d</th>", p->grid.to[i]);
    drift__str_puts(&p->out, "</tr>\n");
    for (size_t i = 0; i < p->grid.from_count; i++) put_row(p, p->grid.from[i], level);
    drift__str_puts(&p->out, "</table></div>\n");
}

/* ---- the findings ---- */

static void put_values(page *p, const drift_finding *finding)
{
    if (finding->expected) put_in(p, "<br>expected <code>", finding->expected, "</code>");
    if (finding->actual) put_in(p, "<br>found <code>", finding->actual, "</code>");
}

static void put_group(page *p, const drift__told *first, size_t count)
{
    const drift_finding *finding = first->finding;
    drift__str_printf(&p->out, "<li id=\"finding-%zu\"><code class=\"code\">%s</code>", first->group,
                      drift_finding_code_name(finding->code));
    if (finding->object) put_in(p, " <code>", finding->object, "</code>");
    if (finding->step) put_in(p, " step ", finding->step, "");
    put_in(p, "<br>", finding->message, "");
    put_values(p, finding);
    drift__str_puts(&p->out, "<br><span class=\"runs\">in ");
    for (size_t i = 0; i < count; i++)
        drift__str_printf(&p->out, "%s%d-&gt;%d %s", i ? ", " : "", first[i].run->from, first[i].run->to,
                          first[i].run->data);
    drift__str_puts(&p->out, "</span></li>\n");
}

static void put_findings(page *p)
{
    if (!p->told_count) return;
    drift__str_puts(&p->out, "<h2>findings</h2>\n<ul>\n");
    for (size_t i = 0, length; i < p->told_count; i += length) {
        length = drift__group_length(&p->told[i], p->told_count - i);
        put_group(p, &p->told[i], length);
    }
    drift__str_puts(&p->out, "</ul>\n");
}

/* ---- the ledger ---- */

static void put_name(page *p, const char *name, const char *renamed)
{
    put_in(p, "<code>", name, "</code>");
    if (renamed) put_in(p, " &rarr; <code>", renamed, "</code>");
}

static void put_columns(page *p, const drift_ledger_entry *entry)
{
    for (size_t i = 0; i < entry->column_count; i++) {
        const drift_ledger_column *column = &entry->columns[i];
        drift__str_puts(&p->out, i ? ", " : "");
        put_name(p, column->column, column->renamed);
        if (column->kind != DRIFT_LEDGER_IDENTITY) put_in(p, " ", drift_ledger_kind_name(column->kind), "");
        if (column->changed) drift__str_printf(&p->out, " (%lld)", (long long)column->changed);
    }
}

static void put_entry(page *p, const drift_ledger_entry *entry)
{
    drift__str_printf(&p->out, "<tr><td class=\"text\">%d-&gt;%d</td><td class=\"text\">", entry->from, entry->to);
    put_name(p, entry->table, entry->renamed);
    drift__str_printf(&p->out,
                      "</td><td>%lld</td><td>%lld</td><td>%lld</td><td>%lld</td><td>%lld</td><td class=\"text\">%s</td>"
                      "<td class=\"text\">",
                      (long long)entry->rows_in, (long long)entry->rows_out, (long long)entry->matched,
                      (long long)entry->lost, (long long)entry->extra, drift_ledger_kind_name(entry->kind));
    put_columns(p, entry);
    drift__str_puts(&p->out, "</td></tr>\n");
}

static void put_ledger_of(page *p, const drift_run *run)
{
    if (!run->ledger_count) return;
    drift__str_printf(&p->out,
                      "<details><summary>%d-&gt;%d %s</summary><div class=\"wide\"><table class=\"ledger\">\n"
                      "<tr><th>step</th><th>table</th><th>rows in</th><th>rows out</th><th>matched</th><th>lost</th>"
                      "<th>extra</th><th>table is</th><th>columns</th></tr>\n",
                      run->from, run->to, run->data);
    for (size_t i = 0; i < run->ledger_count; i++) put_entry(p, &run->ledger[i]);
    drift__str_puts(&p->out, "</table></div></details>\n");
}

static void put_ledger(page *p)
{
    drift__str_puts(&p->out, "<h2>ledger</h2>\n");
    for (size_t i = 0; i < p->outcome->run_count; i++) put_ledger_of(p, &p->outcome->runs[i]);
}

/* ---- */

static void put_empty_tables(page *p)
{
    const drift_outcome *o = p->outcome;
    if (!o->empty_table_count) return;
    drift__str_puts(&p->out, "<h2>tables without a row at any level</h2>\n<ul>\n");
    for (size_t i = 0; i < o->empty_table_count; i++) {
        drift__str_printf(&p->out, "<li>version %d: ", o->empty_tables[i].version);
        put_in(p, "<code>", o->empty_tables[i].table, "</code></li>\n");
    }
    drift__str_puts(&p->out, "</ul>\n");
}

static void put_page(page *p, bool ledger)
{
    put_head(p);
    for (size_t i = 0; i < p->grid.level_count; i++) put_matrix(p, p->grid.levels[i]);
    put_findings(p);
    put_empty_tables(p);
    if (ledger) put_ledger(p);
    drift__str_puts(&p->out, "</body>\n</html>\n");
}

static int print_html(char **out, const drift_outcome *outcome, const drift_report_options *options, drift_error *err)
{
    page p = {.out = DRIFT__STR_INIT, .outcome = outcome};
    *out = NULL;
    int rc = drift__grid_read(&p.grid, outcome, err);
    if (rc == DRIFT_OK) rc = drift__group_findings(&p.told, &p.told_count, outcome, err);
    if (rc == DRIFT_OK) put_page(&p, options && options->ledger);
    drift__grid_dispose(&p.grid);
    drift__free(p.told);
    return rc == DRIFT_OK ? drift__str_take(out, &p.out, err) : rc;
}

const drift_reporter drift__reporter_html = {"html", "a page with the matrix to look at", print_html};
