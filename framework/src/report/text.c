/* text.c — for people: a matrix for each level of data, then what was found, each finding once with the runs that found
 * it, then one line that sums up. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/report.h"

/* A matrix is as wide as a terminal; more versions make more matrices. */
enum { LINE = 80, FROM = 6, STARTED_AT = 12, CELL = 7, LEAST_CELL = 5 };

typedef enum colour { PLAIN, GOOD, BAD, WARN, BOLD } colour;

typedef struct printing {
    drift__str out;
    const drift_outcome *outcome;
    bool colour;
    int from_width, cell_width; /* of the matrix */
} printing;

static void put_coloured(printing *p, colour which, const char *text)
{
    static const char *const sequences[] = {"", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[1m"};
    const bool wanted = p->colour && which != PLAIN;
    drift__str_printf(&p->out, "%s%s%s", wanted ? sequences[which] : "", text, wanted ? "\x1b[0m" : "");
}

void drift__text_visible(drift__str *out, const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            drift__str_printf(out, "\\x%02x", (unsigned)(unsigned char)*text);
        else
            drift__str_putc(out, *text);
    }
}

/* ---- the matrix ---- */

typedef struct versions {
    int *list;
    size_t count;
} versions;

static bool holds(const versions *v, int version)
{
    for (size_t i = 0; i < v->count; i++) {
        if (v->list[i] == version) return true;
    }
    return false;
}

static void insert_sorted(versions *v, int version)
{
    size_t at = v->count;
    if (holds(v, version)) return;
    for (; at > 0 && v->list[at - 1] > version; at--) v->list[at] = v->list[at - 1];
    v->list[at] = version;
    v->count++;
}

static const drift_run *run_of(const drift_outcome *outcome, int from, int to, const char *data)
{
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        if (run->from == from && run->to == to && strcmp(run->data, data) == 0) return run;
    }
    return NULL;
}

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

/* Where the runs of a row really started: one version, or nothing where no database could be built. */
static int started_at(const drift_outcome *outcome, int from, const char *data)
{
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        if (run->from == from && strcmp(run->data, data) == 0 && run->started_at) return run->started_at;
    }
    return 0;
}

static void put_row(printing *p, int from, const int *to, size_t count, const char *data)
{
    const int start = started_at(p->outcome, from, data);
    drift__str_printf(&p->out, "%*d", p->from_width, from);
    if (start)
        drift__str_printf(&p->out, "%*d", STARTED_AT, start);
    else
        drift__str_printf(&p->out, "%*s", STARTED_AT, "-");
    for (size_t i = 0; i < count; i++) put_mark(p, run_of(p->outcome, from, to[i], data));
    trim_line(p);
}

static void put_matrix(printing *p, const versions *from, const int *to, size_t count, const char *data)
{
    drift__str_puts(&p->out, "\n");
    put_coloured(p, BOLD, data);
    drift__str_printf(&p->out, "\n%*s%*s", p->from_width, "from", STARTED_AT, "started at");
    for (size_t i = 0; i < count; i++) drift__str_printf(&p->out, "%*d", p->cell_width, to[i]);
    drift__str_putc(&p->out, '\n');
    for (size_t i = 0; i < from->count; i++) {
        if (from->list[i] < to[count - 1]) put_row(p, from->list[i], to, count, data);
    }
}

static int digits_of(int version)
{
    int digits = 1;
    while (version /= 10) digits++;
    return digits;
}

/* How many columns stand side by side. Wide cells where all of them fit, else as narrow as the numbers allow. */
static size_t choose_widths(printing *p, const versions *to)
{
    const int digits = digits_of(to->list[to->count - 1]);
    p->from_width = digits > FROM ? digits : FROM;
    const int room = LINE - p->from_width - STARTED_AT;
    const bool fits = digits < CELL && to->count <= (size_t)(room / CELL);
    p->cell_width = fits ? CELL : digits >= LEAST_CELL ? digits + 1 : LEAST_CELL;
    return (size_t)(room / p->cell_width);
}

static void put_matrices(printing *p, const versions *from, const versions *to, const char *data)
{
    const size_t across = choose_widths(p, to);
    for (size_t at = 0; at < to->count; at += across) {
        const size_t rest = to->count - at;
        put_matrix(p, from, to->list + at, rest < across ? rest : across, data);
    }
}

static bool is_first_of_level(const drift_outcome *outcome, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(outcome->runs[i].data, outcome->runs[index].data) == 0) return false;
    }
    return true;
}

static void put_levels(printing *p, versions *from, versions *to)
{
    const drift_outcome *outcome = p->outcome;
    for (size_t i = 0; i < outcome->run_count; i++) {
        insert_sorted(from, outcome->runs[i].from);
        insert_sorted(to, outcome->runs[i].to);
    }
    for (size_t i = 0; i < outcome->run_count; i++) {
        if (is_first_of_level(outcome, i)) put_matrices(p, from, to, outcome->runs[i].data);
    }
}

/* ---- the findings ---- */

/* A finding and the run that found it, in the order in which they were found. */
typedef struct told {
    const drift_run *run;
    const drift_finding *finding;
    size_t number;
    size_t group; /* the number of the first like it */
} told;

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b) return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_findings(const drift_finding *a, const drift_finding *b)
{
    int order = (a->code > b->code) - (a->code < b->code);
    if (!order) order = compare_texts(a->object, b->object);
    if (!order) order = compare_texts(a->step, b->step);
    return order ? order : compare_texts(a->message, b->message);
}

static int by_content(const void *a, const void *b)
{
    const told *left = a, *right = b;
    const int order = compare_findings(left->finding, right->finding);
    return order ? order : (left->number > right->number) - (left->number < right->number);
}

static int by_group(const void *a, const void *b)
{
    const told *left = a, *right = b;
    const int order = (left->group > right->group) - (left->group < right->group);
    return order ? order : (left->number > right->number) - (left->number < right->number);
}

static void collect(told *list, const drift_outcome *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->run_count; i++) {
        for (size_t k = 0; k < outcome->runs[i].finding_count; k++, count++)
            list[count] = (told){&outcome->runs[i], &outcome->runs[i].findings[k], count, 0};
    }
}

/* Findings that say the same stand together, at the place of the first of them. */
static void group(told *list, size_t count)
{
    qsort(list, count, sizeof *list, by_content);
    for (size_t i = 0; i < count; i++) {
        const bool same = i && compare_findings(list[i - 1].finding, list[i].finding) == 0;
        list[i].group = same ? list[i - 1].group : list[i].number;
    }
    qsort(list, count, sizeof *list, by_group);
}

static void put_finding(printing *p, const drift_finding *finding)
{
    drift__str_puts(&p->out, "  ");
    put_coloured(p, BAD, drift_finding_code_name(finding->code));
    if (finding->object) {
        drift__str_putc(&p->out, ' ');
        drift__text_visible(&p->out, finding->object);
    }
    if (finding->step) drift__str_printf(&p->out, " [step %s]", finding->step);
    drift__str_puts(&p->out, ": ");
    drift__text_visible(&p->out, finding->message);
}

/* The runs that found it, behind it. */
static void put_group(printing *p, const told *first, size_t count)
{
    enum { SHOWN = 8 };
    put_finding(p, first->finding);
    drift__str_puts(&p->out, " (in");
    for (size_t i = 0; i < count && i < SHOWN; i++)
        drift__str_printf(&p->out, "%s %d->%d %s", i ? "," : "", first[i].run->from, first[i].run->to,
                          first[i].run->data);
    if (count > SHOWN) drift__str_printf(&p->out, " and %zu more", count - SHOWN);
    drift__str_puts(&p->out, ")\n");
}

static void put_findings(printing *p)
{
    const size_t count = p->outcome->summary.findings;
    told *list = count ? drift__calloc(count, sizeof *list) : NULL;
    if (!count) return;
    if (!list) {
        p->out.failed = 1;
        return;
    }
    collect(list, p->outcome);
    group(list, count);
    drift__str_puts(&p->out, "\n");
    put_coloured(p, BOLD, "findings");
    drift__str_puts(&p->out, "\n");
    for (size_t i = 0, next = 0; i < count; i = next) {
        for (next = i; next < count && list[next].group == list[i].group;) next++;
        put_group(p, &list[i], next - i);
    }
    drift__free(list);
}

/* ---- */

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void put_head(printing *p)
{
    const drift_outcome *o = p->outcome;
    drift__str_printf(&p->out, "drift %s, SQLite %s\n", drift_version(), sqlite3_libversion());
    drift__str_printf(&p->out, "schemas     %s (%zu version%s, %zu pair%s)\n", o->schemas, o->summary.versions,
                      plural(o->summary.versions), o->summary.pairs, plural(o->summary.pairs));
    drift__str_printf(&p->out, "migrations  %s, runner %s\n", o->migrations, o->runner);
    if (o->expectations) drift__str_printf(&p->out, "expected    %s\n", o->expectations);
    drift__str_printf(&p->out, "seed        %lld\n", (long long)o->seed);
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
        drift__text_visible(&p->out, table->table);
    }
    drift__str_puts(&p->out, "\n");
}

static void put_summary(printing *p)
{
    const drift_outcome_summary *s = &p->outcome->summary;
    drift__str text = DRIFT__STR_INIT;
    drift__str_printf(&text, "%zu run%s: %zu passed, %zu failed, %zu error%s; %zu finding%s", s->runs, plural(s->runs),
                      s->passed, s->failed, s->errors, plural(s->errors), s->findings, plural(s->findings));
    drift__str_putc(&p->out, '\n');
    put_coloured(p, s->passed == s->runs ? GOOD : BAD, drift__str_text(&text));
    drift__str_putc(&p->out, '\n');
    if (text.failed) p->out.failed = 1;
    drift__str_dispose(&text);
}

static int print_text(char **out, const drift_outcome *outcome, const drift_report_options *options, drift_error *err)
{
    printing p = {.out = DRIFT__STR_INIT, .outcome = outcome, .colour = options && options->colour};
    versions from = {0}, to = {0};
    *out = NULL;
    from.list = drift__calloc(outcome->run_count + 1, sizeof *from.list);
    to.list = drift__calloc(outcome->run_count + 1, sizeof *to.list);
    if (!from.list || !to.list) {
        p.out.failed = 1;
    } else {
        put_head(&p);
        put_levels(&p, &from, &to);
        put_findings(&p);
        if (options && options->ledger) drift__text_ledger(&p.out, outcome);
        put_empty_tables(&p);
        put_summary(&p);
    }
    drift__free(from.list);
    drift__free(to.list);
    return drift__str_take(out, &p.out, err);
}

const drift_reporter drift__reporter_text = {"text", "for people: a matrix, and the findings", print_text};
