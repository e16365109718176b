/* check_kept.c — what is kept of every defect is small, and shows it to whoever has nothing but SQLite's own shell. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "broken/cases.h"
#include "broken/verified.h"
#include "support/program.h"
#include "support/suite.h"

enum { SEED = 42, MOST_ROWS = 6, KEPT_PARTS = 4 };

static const char *find_shell(void)
{
    static const char *const places[] = {"/usr/bin/sqlite3", "/usr/local/bin/sqlite3", "/opt/homebrew/bin/sqlite3"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (access(places[i], X_OK) == 0) return places[i];
    }
    return NULL;
}

/* expect.stale is said of all runs together: no database shows it. */
static bool is_kept(const drift_run *run)
{
    for (size_t i = 0; i < run->finding_count; i++) {
        if (run->findings[i].code != DRIFT_FINDING_EXPECT_STALE) return true;
    }
    return false;
}

/* What the script answers by failing. */
static bool may_fail(const drift_run *run)
{
    for (size_t i = 0; i < run->finding_count; i++) {
        switch (run->findings[i].code) {
        case DRIFT_FINDING_MIGRATION_FAILED:
        case DRIFT_FINDING_MIGRATION_TRANSACTION:
        case DRIFT_FINDING_FK_VIOLATION:
        case DRIFT_FINDING_HIDDEN_FTS:
        case DRIFT_FINDING_HIDDEN_VIEW:
        case DRIFT_FINDING_HIDDEN_TRIGGER:
        case DRIFT_FINDING_HIDDEN_INSERT:
        case DRIFT_FINDING_PATH_SCHEMA:
        case DRIFT_FINDING_PATH_DATA: return true;
        default: break;
        }
    }
    return false;
}

/* The most rows that any of the script's databases is given. */
static int rows_of(const char *script)
{
    int rows = 0, most = 0;
    for (const char *line = script; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, ".open", 5) == 0) rows = 0;
        if (strncmp(line, "INSERT INTO \"", 13) == 0 && ++rows > most) most = rows;
    }
    return most;
}

static void replay(drift__str *wrong, const broken_case *c, const drift_run *run, const char *path, const char *script)
{
    char read[600];
    snprintf(read, sizeof read, ".read '%s'", path);
    program_result result = program_run(find_shell(), (const char *const[]){":memory:", read, NULL});
    /* An application's own code is in no script, and so it shows nothing. */
    const bool shows = *result.out || *result.err;
    if (shows == c->by_app || (*result.err && !may_fail(run)))
        drift__str_printf(wrong, "%s %d->%d %s: the shell answers\n%s%s%s\n", c->name, run->from, run->to, run->data,
                          result.out, result.err, script);
    program_result_dispose(&result);
}

static void judge(drift__str *wrong, const broken_case *c, const drift_run *run, const char *folder)
{
    drift_error err = {0};
    char path[512], *script = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/v%d_to_v%d_%s/repro.sql", folder, run->from, run->to, run->data);
    ck_assert_drift(drift__file_read(&script, &length, path, &err));
    if (rows_of(script) > MOST_ROWS)
        drift__str_printf(wrong, "%s %d->%d %s: %d rows\n%s\n", c->name, run->from, run->to, run->data, rows_of(script),
                          script);
    if (find_shell()) replay(wrong, c, run, path, script);
    drift__free(script);
}

START_TEST(every_defect_is_kept_small_and_shown_by_the_shell)
{
    drift_error err = {0};
    drift__str wrong = DRIFT__STR_INIT;
    broken_cases defects;
    ck_assert_drift(broken_cases_read(&defects, "fixtures/broken/defects", true, &err));
    for (size_t i = (size_t)_i; i < defects.count; i += KEPT_PARTS) {
        char *folder = suite_folder();
        drift_outcome *outcome = broken_keep(&defects.cases[i], SEED, folder);
        for (size_t k = 0; k < outcome->run_count; k++) {
            if (is_kept(&outcome->runs[k])) judge(&wrong, &defects.cases[i], &outcome->runs[k], folder);
        }
        drift_outcome_free(outcome);
        suite_folder_remove(folder);
    }
    if (wrong.length) fprintf(stderr, "%s", wrong.text);
    ck_assert_uint_eq(wrong.length, 0);
    drift__str_dispose(&wrong);
    broken_cases_dispose(&defects);
}
END_TEST

TCase *case_kept(void)
{
    TCase *tcase = suite_case("kept");
    tcase_set_tags(tcase, "kept");
    tcase_add_loop_test(tcase, every_defect_is_kept_small_and_shown_by_the_shell, 0, KEPT_PARTS);
    return tcase;
}
