/* progress.c */
#include "cli/progress.h"

#include <stdio.h>

#include "base/clock.h"
#include "cli/output.h"
#include "cli/signals.h"

static const char clear[] = "\r\x1b[K";

static void show_run(int from, int to, const char *data, size_t number, size_t count, void *payload)
{
    drift__progress *p = payload;
    snprintf(p->run, sizeof p->run, "%zu/%zu  %d->%d %s", number, count, from, to, data);
    p->begun_us = drift__clock_us();
    p->seconds = 0;
    fprintf(stderr, "%s%s", clear, p->run);
}

static void clear_line(const drift_run *run, size_t number, size_t count, void *payload)
{
    (void)run;
    if (number == count) drift__progress_end(payload);
}

static void tell_run(const drift_run *run, size_t number, size_t count, void *payload)
{
    (void)payload;
    fprintf(stderr, "%zu/%zu  %d->%d %s: %s, %lld rows, %lld.%03lld ms%s\n", number, count, run->from, run->to,
            run->data, drift_run_status_name(run->status), (long long)run->rows, (long long)(run->duration_us / 1000),
            (long long)(run->duration_us % 1000), run->stepped ? ", stepped" : "");
}

void drift__progress_begin(drift__progress *p, const drift__invocation *invocation)
{
    *p = (drift__progress){.listener = {.payload = p}};
    if (invocation->verbose) {
        p->listener.run_ended = tell_run;
    } else if (drift__wants_progress(invocation)) {
        p->listener.run_begins = show_run;
        p->listener.run_ended = clear_line;
    }
}

bool drift__progress_is_stopped(void *payload)
{
    drift__progress *p = payload;
    const int64_t seconds = p->run[0] ? (drift__clock_us() - p->begun_us) / 1000000 : 0;
    if (seconds > p->seconds) {
        p->seconds = seconds;
        fprintf(stderr, "%s%s, %lld s", clear, p->run, (long long)seconds);
    }
    return drift__signals_came(NULL);
}

void drift__progress_end(drift__progress *p)
{
    if (p->run[0]) fputs(clear, stderr);
    p->run[0] = '\0';
}
