/* report.c */
#include "report/report.h"

#include <sqlite3.h>
#include <string.h>

const char *drift_version(void)
{
    return DRIFT_VERSION;
}

const char *drift__tool_version(const drift_outcome *outcome)
{
    return outcome->tool ? outcome->tool : drift_version();
}

const char *drift__sqlite_version(const drift_outcome *outcome)
{
    return outcome->sqlite ? outcome->sqlite : sqlite3_libversion();
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
