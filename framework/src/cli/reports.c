/* reports.c */
#include "cli/reports.h"

#include <string.h>

#include "base/error.h"
#include "cli/output.h"
#include "drift/kit/report.h"

const char *const drift__report_formats[] = {"text", "json", "junit", "html", "tap", NULL};

static drift__output *add_output(drift__outputs *all)
{
    return all->count < DRIFT__MOST_OUTPUTS ? &all->list[all->count++] : NULL;
}

/* -o FILE belongs to the --format before it, or, if there is none without a file yet, to the one that follows. */
static int collect(drift__outputs *all, const drift__invocation *invocation, drift_error *err)
{
    for (size_t i = 0; i < invocation->given_count; i++) {
        const drift__given *given = &invocation->given[i];
        const bool format = strcmp(given->option->name, "--format") == 0;
        if (!format && strcmp(given->option->name, "--output") != 0) continue;
        drift__output *last = all->count ? &all->list[all->count - 1] : NULL;
        const char **place = !last ? NULL : format ? &last->format : &last->path;
        if (!place || *place) {
            last = add_output(all);
            if (!last) return drift__error(err, DRIFT_MISUSE, "at most %d reports", DRIFT__MOST_OUTPUTS);
            place = format ? &last->format : &last->path;
        }
        *place = given->value;
    }
    if (!all->count) (void)add_output(all);
    return DRIFT_OK;
}

static bool is_standard_output(const drift__output *o)
{
    return !o->path || strcmp(o->path, "-") == 0;
}

static int check(const drift__outputs *all, drift_error *err)
{
    for (size_t i = 0; i < all->count; i++) {
        for (size_t k = 0; k < i; k++) {
            const drift__output *a = &all->list[i], *b = &all->list[k];
            if (is_standard_output(a) && is_standard_output(b)) {
                drift__error(err, DRIFT_MISUSE, "two reports would go to standard output");
                drift__error_hint(err, "give each --format its own -o FILE");
                return DRIFT_MISUSE;
            }
            if (!is_standard_output(a) && !is_standard_output(b) && strcmp(a->path, b->path) == 0)
                return drift__error(err, DRIFT_MISUSE, "two reports would go to %s", a->path);
        }
    }
    return DRIFT_OK;
}

int drift__outputs_collect(drift__outputs *all, const drift__invocation *invocation, drift_error *err)
{
    int rc = collect(all, invocation, err);
    if (rc == DRIFT_OK) rc = check(all, err);
    for (size_t i = 0; rc == DRIFT_OK && i < all->count; i++) rc = drift__emit_check(all->list[i].path, err);
    return rc;
}

static int write_one(const drift__output *o, const char *format, const drift__invocation *invocation,
                     const drift_outcome *outcome, drift_error *err)
{
    const drift_report_options how = {.colour = is_standard_output(o) && drift__wants_colour(invocation),
                                      .ledger = invocation->verbose};
    char *text = NULL;
    int rc = drift_reporter_named(format)->print(&text, outcome, &how, err);
    if (rc == DRIFT_OK) rc = drift__emit(o->path, text, strlen(text), err);
    drift_free(text);
    return rc;
}

int drift__outputs_write(const drift__outputs *all, const drift__invocation *invocation, const drift_outcome *outcome,
                         drift_error *err)
{
    int first = DRIFT_OK;
    for (size_t i = 0; i < all->count; i++) {
        const drift__output *o = &all->list[i];
        const int rc = write_one(o, o->format ? o->format : all->fallback, invocation, outcome, err);
        if (first == DRIFT_OK) first = rc;
    }
    return first;
}
