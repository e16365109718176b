/* report.c */
#include "report/report.h"

#include <string.h>

const char *drift_version(void)
{
    return DRIFT_VERSION;
}

const drift_reporter *const *drift_reporters(void)
{
    static const drift_reporter *const all[] = {&drift__reporter_text, &drift__reporter_json, &drift__reporter_junit,
                                                &drift__reporter_html, &drift__reporter_tap,  NULL};
    return all;
}

const drift_reporter *drift_reporter_named(const char *name)
{
    for (const drift_reporter *const *at = drift_reporters(); *at; at++) {
        if (strcmp((*at)->name, name) == 0) return *at;
    }
    return NULL;
}
