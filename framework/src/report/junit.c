/* junit.c — the XML that continuous integration reads: a suite for each level of data, a case for each pair of
 * versions. JUnit's own schema was never published; this is the part that its readers agree on (testsuites, testsuite,
 * testcase, failure, error). */
#include <string.h>

#include "base/error.h"
#include "report/grid.h"
#include "report/markup.h"
#include "report/report.h"

typedef struct tally {
    size_t runs, failed, errors;
    int64_t duration_us;
} tally;

static void put_attribute(drift__str *out, const char *name, const char *text)
{
    drift__str_printf(out, " %s=\"", name);
    drift__markup_text(out, text);
    drift__str_putc(out, '"');
}

static void put_time(drift__str *out, int64_t us)
{
    drift__str_printf(out, " time=\"%lld.%06lld\"", (long long)(us / 1000000), (long long)(us % 1000000));
}

static tally count_runs(const drift_outcome *outcome, const char *level)
{
    tally t = {0};
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        if (level && strcmp(run->data, level) != 0) continue;
        t.runs++;
        t.failed += run->status == DRIFT_RUN_FAILED;
        t.errors += run->status == DRIFT_RUN_ERROR;
        t.duration_us += run->duration_us;
    }
    return t;
}

static void put_tally(drift__str *out, tally t)
{
    drift__str_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", t.runs, t.failed, t.errors);
    put_time(out, t.duration_us);
}

/* A finding in a line, as the content of an element. */
static void put_line(drift__str *out, const drift_finding *finding)
{
    drift__str line = DRIFT__STR_INIT;
    drift__str_puts(&line, drift_finding_code_name(finding->code));
    drift__put_finding_rest(&line, finding);
    if (line.failed)
        out->failed = 1;
    else
        drift__markup_text(out, drift__str_text(&line));
    drift__str_dispose(&line);
}

/* One element for all findings of the run: readers show the first. */
static void put_findings(drift__str *out, const drift_run *run)
{
    const char *element = run->status == DRIFT_RUN_ERROR ? "error" : "failure";
    const drift_finding *first = &run->findings[0];
    drift__str_printf(out, "      <%s", element);
    put_attribute(out, "type", drift_finding_code_name(first->code));
    put_attribute(out, "message", first->message);
    drift__str_putc(out, '>');
    for (size_t i = 0; i < run->finding_count; i++) {
        if (i) drift__str_putc(out, '\n');
        put_line(out, &run->findings[i]);
    }
    drift__str_printf(out, "</%s>\n", element);
}

static void put_case(drift__str *out, const drift_outcome *outcome, const drift_run *run)
{
    drift__str_printf(out, "    <testcase name=\"%d-&gt;%d %s\"", run->from, run->to, run->data);
    put_attribute(out, "classname", outcome->schemas);
    put_time(out, run->duration_us);
    drift__str_puts(out, run->finding_count ? ">\n" : "/>\n");
    if (!run->finding_count) return;
    put_findings(out, run);
    drift__str_puts(out, "    </testcase>\n");
}

static void put_suite(drift__str *out, const drift_outcome *outcome, const char *level)
{
    drift__str_puts(out, "  <testsuite");
    put_attribute(out, "name", level);
    put_tally(out, count_runs(outcome, level));
    drift__str_puts(out, ">\n");
    for (size_t i = 0; i < outcome->run_count; i++) {
        if (strcmp(outcome->runs[i].data, level) == 0) put_case(out, outcome, &outcome->runs[i]);
    }
    drift__str_puts(out, "  </testsuite>\n");
}

static int print_junit(char **out, const drift_outcome *outcome, const drift_report_options *options, drift_error *err)
{
    drift__grid grid;
    drift__str text = DRIFT__STR_INIT;
    (void)options;
    *out = NULL;
    const int rc = drift__grid_read(&grid, outcome, err);
    if (rc == DRIFT_OK) {
        drift__str_puts(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"drift verify\"");
        put_tally(&text, count_runs(outcome, NULL));
        drift__str_puts(&text, ">\n");
        for (size_t i = 0; i < grid.level_count; i++) put_suite(&text, outcome, grid.levels[i]);
        drift__str_puts(&text, "</testsuites>\n");
    }
    drift__grid_dispose(&grid);
    return rc == DRIFT_OK ? drift__str_take(out, &text, err) : rc;
}

const drift_reporter drift__reporter_junit = {"junit", "XML for continuous integration", print_junit};
