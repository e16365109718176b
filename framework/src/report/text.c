/* text.c — for people: a matrix for each level of data, then what was found, each finding once with the runs that found
 * it, then one line that sums up. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/grid.h"
#include "report/group.h"
#include "report/markup.h"
#include "report/report.h"

/* A matrix is as wide as a terminal; more versions make more matrices. */
enum { LINE = 80, FROM = 6, STARTED_AT = 12, CELL = 7, LEAST_CELL = 5 };

typedef enum colour { PLAIN, GOOD, BAD, WARN, BOLD } colour;

typedef struct printing {
    drift__str out;
    const drift_outcome *outcome;
    drift__grid grid;
    bool colour;
    bool whole; /* with the ledger, and with how it was run: processes and shards step where they do, not elsewhere */
    int from_width, cell_width; /* of the matrix */
} printing;

static void put_coloured(printing *p, colour which, const char *text)
{
    static const char *const sequences[] = {"", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[1m"};
    const bool wanted = p->colour && which != PLAIN;
    drift__str_printf(&p->out, "%s%s%s", wanted ? sequences[which] : "", text, wanted ? "\x1b[0m" : "");
}

/* ---- the matrix ---- */

static void put_mark(printing *p, const drift_run *run)
{
    static const char *const marks[] = {"ok", "FAIL", "ERR"};
    static const colour colours[] = {GOOD, BAD, WARN};
    if (!run) {
        drift__str_printf(&p->out, "%*s", p->cell_width, "");
        return;
    }
    drift__str_printf(&p->out, "%*s", p->cell_width - (int)strlen(marks[run->status]), "");
    put_coloured(p, colours[run->status], marks[run->status]);
}

static void trim_line(printing *p)
{
    size_t length = p->out.length;
    while (length && p->out.text[length - 1] == ' ') length--;
    drift__str_truncate(&p->out, length);
    drift__str_putc(&p->out, '\n');
}

static void put_row(printing *p, int from, const int *to, size_t count, const char *data)
{
    const int start = drift__grid_started_at(&p->grid, from, data);
    drift__str_printf(&p->out, "%*d", p->from_width, from);
    if (start)
        drift__str_printf(&p->out, "%*d", STARTED_AT, start);
    else
        drift__str_printf(&p->out, "%*s", STARTED_AT, "-");
    for (size_t i = 0; i < count; i++) put_mark(p, drift__grid_run(&p->grid, from, to[i], data));
    trim_line(p);
}

static void put_matrix(printing *p, const int *to, size_t count, const char *data)
{
    drift__str_puts(&p->out, "\n");
    put_coloured(p, BOLD, data);
    drift__str_printf(&p->out, "\n%*s%*s", p->from_width, "from", STARTED_AT, "started at");
    for (size_t i = 0; i < count; i++) drift__str_printf(&p->out, "%*d", p->cell_width, to[i]);
    drift__str_putc(&p->out, '\n');
    for (size_t i = 0; i < p->grid.from_count; i++) {
        if (p->grid.from[i] < to[count - 1]) put_row(p, p->grid.from[i], to, count, data);
    }
}

static int digits_of(int version)
{
    int digits = 1;
    while (version /= 10) digits++;
    return digits;
}

/* How many columns stand side by side. Wide cells where all of them fit, else as narrow as the numbers allow. */
static size_t choose_widths(printing *p)
{
    const size_t count = p->grid.to_count;
    const int digits = digits_of(p->grid.to[count - 1]);
    p->from_width = digits > FROM ? digits : FROM;
    const int room = LINE - p->from_width - STARTED_AT;
    const bool fits = digits < CELL && count <= (size_t)(room / CELL);
    p->cell_width = fits ? CELL : digits >= LEAST_CELL ? digits + 1 : LEAST_CELL;
    return (size_t)(room / p->cell_width);
}

static void put_matrices(printing *p, const char *data)
{
    const size_t across = choose_widths(p);
    for (size_t at = 0; at < p->grid.to_count; at += across) {
        const size_t rest = p->grid.to_count - at;
        put_matrix(p, p->grid.to + at, rest < across ? rest : across, data);
    }
}

/* ---- the findings ---- */

/* The runs that found it, behind it. */
static void put_group(printing *p, const drift__told *first, size_t count)
{
    enum { SHOWN = 8 };
    drift__str_puts(&p->out, "  ");
    put_coloured(p, BAD, drift_finding_code_name(first->finding->code));
    drift__put_finding_rest(&p->out, first->finding);
    drift__str_puts(&p->out, " (in");
    for (size_t i = 0; i < count && i < SHOWN; i++)
        drift__str_printf(&p->out, "%s %d->%d %s", i ? "," : "", first[i].run->from, first[i].run->to,
                          first[i].run->data);
    if (count > SHOWN) drift__str_printf(&p->out, " and %zu more", count - SHOWN);
    drift__str_puts(&p->out, ")\n");
}

static void put_findings(printing *p)
{
    drift__told *list = NULL;
    size_t count = 0;
    if (drift__group_findings(&list, &count, p->outcome, NULL) != DRIFT_OK) p->out.failed = 1;
    if (!list) return;
    drift__str_puts(&p->out, "\n");
    put_coloured(p, BOLD, "findings");
    drift__str_puts(&p->out, "\n");
    for (size_t i = 0, length; i < count; i += length) {
        length = drift__group_length(&list[i], count - i);
        put_group(p, &list[i], length);
    }
    drift__free(list);
}

/* ---- */

static void put_visible(printing *p, const char *before, const char *text, const char *after)
{
    drift__str_puts(&p->out, before);
    drift__str_put_visible(&p->out, text);
    drift__str_puts(&p->out, after);
}

static void put_head(printing *p)
{
    const drift_outcome *o = p->outcome;
    put_visible(p, "drift ", drift__tool_version(o), ", ");
    put_visible(p, "SQLite ", drift__sqlite_version(o), "\n");
    put_visible(p, "schemas     ", o->schemas, "");
    drift__str_printf(&p->out, " (%zu version%s, %zu pair%s)\n", o->summary.versions,
                      drift__plural(o->summary.versions), o->summary.pairs, drift__plural(o->summary.pairs));
    put_visible(p, "migrations  ", o->migrations, ", ");
    put_visible(p, "runner ", o->runner, "\n");
    if (o->expectations) put_visible(p, "expected    ", o->expectations, "\n");
    drift__str_printf(&p->out, "seed        %lld\n", (long long)o->seed);
    if (o->part) drift__str_printf(&p->out, "shard       %zu of %zu\n", o->part->index, o->part->count);
    if (p->whole && o->summary.stepped)
        drift__str_printf(&p->out, "stepped     %zu of %zu runs, each on from where another ended\n",
                          o->summary.stepped, o->summary.runs);
}

/* Tables whose migration was tried on no row, by version. */
static void put_empty_tables(printing *p)
{
    const drift_outcome *o = p->outcome;
    if (!o->empty_table_count) return;
    drift__str_puts(&p->out, "\nnote: no rows at any level in");
    for (size_t i = 0; i < o->empty_table_count; i++) {
        const drift_empty_table *table = &o->empty_tables[i];
        const bool first = i == 0 || o->empty_tables[i - 1].version != table->version;
        if (first) drift__str_printf(&p->out, "%s version %d: ", i ? ";" : "", table->version);
        if (!first) drift__str_puts(&p->out, ", ");
        drift__str_put_visible(&p->out, table->table);
    }
    drift__str_puts(&p->out, "\n");
}

/* What the reader of one shard must not take from it. */
static void put_part(printing *p)
{
    const drift_outcome *o = p->outcome;
    if (!o->part) return;
    drift__str_puts(&p->out, "\nnote: ");
    if (!o->run_count) drift__str_puts(&p->out, "no pair is left for this shard; ");
    drift__str_puts(&p->out, "which step is to blame, and stale expectations, are told once all shards are merged\n");
}

static void put_summary(printing *p)
{
    const drift_outcome_summary *s = &p->outcome->summary;
    drift__str text = DRIFT__STR_INIT;
    drift__str_printf(&text, "%zu run%s: %zu passed, %zu failed, %zu error%s; %zu finding%s", s->runs,
                      drift__plural(s->runs), s->passed, s->failed, s->errors, drift__plural(s->errors), s->findings,
                      drift__plural(s->findings));
    drift__str_putc(&p->out, '\n');
    put_coloured(p, s->passed == s->runs ? GOOD : BAD, drift__str_text(&text));
    drift__str_putc(&p->out, '\n');
    if (text.failed) p->out.failed = 1;
    drift__str_dispose(&text);
}

static int print_text(char **out, const drift_outcome *outcome, const drift_report_options *options, drift_error *err)
{
    printing p = {.out = DRIFT__STR_INIT,
                  .outcome = outcome,
                  .colour = options && options->colour,
                  .whole = options && options->ledger};
    *out = NULL;
    const int rc = drift__grid_read(&p.grid, outcome, err);
    if (rc == DRIFT_OK) {
        put_head(&p);
        for (size_t i = 0; i < p.grid.level_count; i++) put_matrices(&p, p.grid.levels[i]);
        put_findings(&p);
        if (p.whole) drift__text_ledger(&p.out, outcome);
        put_empty_tables(&p);
        put_part(&p);
        put_summary(&p);
    }
    drift__grid_dispose(&p.grid);
    return rc == DRIFT_OK ? drift__str_take(out, &p.out, err) : rc;
}

const drift_reporter drift__reporter_text = {"text", "for people: a matrix, and the findings", print_text};
