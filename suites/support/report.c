/* report.c */
#include "support/report.h"

#include <check.h>
#include <string.h>

#include "base/alloc.h"
#include "drift/kit/report.h"
#include "support/suite.h"

char *report_of(const drift_outcome *outcome)
{
    drift_error err = {0};
    drift_outcome plain = *outcome;
    char *text = NULL;
    drift_run *runs = drift__calloc(outcome->run_count + 1, sizeof *runs);
    ck_assert_ptr_nonnull(runs);
    for (size_t i = 0; i < outcome->run_count; i++) {
        runs[i] = outcome->runs[i];
        runs[i].duration_us = 0;
        runs[i].stepped = false;
    }
    plain.runs = runs;
    plain.summary.stepped = 0;
    ck_assert_drift(drift_reporter_named("json")->print(&text, &plain, &(drift_report_options){.ledger = true}, &err));
    drift__free(runs);
    return text;
}

void assert_same_report(drift_outcome *a, drift_outcome *b)
{
    char *left = report_of(a), *right = report_of(b);
    size_t at = 0;
    while (left[at] && left[at] == right[at]) at++;
    while (at && left[at - 1] != '\n') at--;
    ck_assert_msg(strcmp(left, right) == 0, "%s: one says\n%.*s\nand the other\n%.*s", a->schemas,
                  (int)strcspn(left + at, "\n"), left + at, (int)strcspn(right + at, "\n"), right + at);
    drift_free(left);
    drift_free(right);
    drift_outcome_free(a);
    drift_outcome_free(b);
}
