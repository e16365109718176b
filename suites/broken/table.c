/* table.c */
#include "broken/table.h"

#include "broken/verified.h"

static void put_finding(drift__str *out, const broken_finding *finding, const char *quote)
{
    drift__str_printf(out, "%s%s%s", quote, finding->code, quote);
    if (finding->object) drift__str_printf(out, " %s", finding->object);
}

/* A cell of a Markdown table: its bars are no borders. */
static void put_cell(drift__str *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|') drift__str_putc(out, '\\');
        drift__str_putc(out, *text);
    }
}

static void put_case(drift__str *out, const char *folder, const broken_case *c)
{
    drift__str_printf(out, "| [%s](%s/%s.sql) | ", c->name, folder, c->name);
    put_cell(out, c->title);
    drift__str_puts(out, " | ");
    put_cell(out, c->source);
    drift__str_printf(out, " | %s |", broken_case_runner(c));
    for (size_t i = 0, put = 0; i < c->finding_count; i++) {
        if (c->findings[i].is_consequence) continue;
        drift__str_puts(out, put++ ? ", " : " ");
        put_finding(out, &c->findings[i], "`");
    }
    drift__str_puts(out, c->finding_count ? " |\n" : "\n");
}

void broken_put_readme(drift__str *out, const broken_cases *defects, const broken_cases *harmless)
{
    drift__str_printf(out, "\n## %zu defects\n\n", defects->count);
    drift__str_puts(out, "| case | defect | source | runner | found |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < defects->count; i++) put_case(out, "defects", &defects->cases[i]);
    drift__str_printf(out, "\n## %zu harmless migrations\n\n", harmless->count);
    drift__str_puts(out, "| case | what looks suspicious | source | runner |\n|---|---|---|---|\n");
    for (size_t i = 0; i < harmless->count; i++) put_case(out, "harmless", &harmless->cases[i]);
}

void broken_put_line(drift__str *out, const broken_case *c, const drift_outcome *outcome)
{
    drift__str_printf(out, "%-36s %-12s", c->name, broken_case_runner(c));
    for (size_t i = 0, put = 0; i < c->finding_count; i++) {
        const broken_finding *f = &c->findings[i];
        if (f->is_consequence || !broken_is_told(outcome, f)) continue;
        drift__str_puts(out, put++ ? ", " : "");
        put_finding(out, f, "");
    }
    drift__str_putc(out, '\n');
}
