/* tap.c — the Test Anything Protocol, version 13 (https://testanything.org/tap-version-13-specification.html): a line
 * for each run, and below one that did not pass its findings as a list of YAML. */
#include "report/markup.h"
#include "report/report.h"

/* A double-quoted YAML scalar may be written as JSON writes strings (YAML 1.2, section 1.3). */
static void put_finding(drift__str *out, const drift_finding *finding)
{
    drift__str_printf(out, "    - code: %s\n", drift_finding_code_name(finding->code));
    if (finding->object) {
        drift__str_puts(out, "      object: ");
        drift__json_string(out, finding->object);
        drift__str_putc(out, '\n');
    }
    if (finding->step) drift__str_printf(out, "      step: %s\n", finding->step);
    drift__str_puts(out, "      message: ");
    drift__json_string(out, finding->message);
    drift__str_putc(out, '\n');
}

static void put_run(drift__str *out, const drift_run *run, size_t number)
{
    drift__str_printf(out, "%s %zu - %d->%d %s\n", run->status == DRIFT_RUN_PASSED ? "ok" : "not ok", number, run->from,
                      run->to, run->data);
    if (!run->finding_count) return;
    drift__str_puts(out, "  ---\n");
    drift__str_printf(out, "  status: %s\n  findings:\n", drift_run_status_name(run->status));
    for (size_t i = 0; i < run->finding_count; i++) put_finding(out, &run->findings[i]);
    drift__str_puts(out, "  ...\n");
}

static int print_tap(char **out, const drift_outcome *outcome, const drift_report_options *options, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    (void)options;
    drift__str_printf(&text, "TAP version 13\n1..%zu\n", outcome->run_count);
    for (size_t i = 0; i < outcome->run_count; i++) put_run(&text, &outcome->runs[i], i + 1);
    return drift__str_take(out, &text, err);
}

const drift_reporter drift__reporter_tap = {"tap", "Test Anything Protocol, version 13", print_tap};
