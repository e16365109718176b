/* scenario.c */
#include "scenario/scenario.h"

#include <string.h>

#include "base/str.h"
#include "support/suite.h"

drift_verifier *scenario_verifier(int world)
{
    const drift_verifier_options options = {.world = (drift_world)world};
    drift_error err = {0};
    drift_verifier *verifier = NULL;
    ck_assert_drift(drift_verifier_new(&verifier, &library_provider, &options, &err));
    return verifier;
}

static int put_row(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *rows = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) {
        const char *text = drift_column_text(row, i, NULL);
        if (i) drift__str_putc(rows, '|');
        drift__str_puts(rows, text ? text : "NULL");
    }
    drift__str_putc(rows, '\n');
    return DRIFT_OK;
}

char *scenario_rows(drift_connection *db, const char *sql)
{
    drift_error err = {0};
    drift__str rows = DRIFT__STR_INIT;
    char *text = NULL;
    ck_assert_drift(drift_query(db, sql, NULL, 0, put_row, &rows, &err));
    ck_assert_drift(drift__str_take(&text, &rows, &err));
    return text;
}

void scenario_assert_rows(drift_connection *db, const char *sql, const char *expected, const char *file, int line)
{
    char *rows = scenario_rows(db, sql);
    if (strcmp(rows, expected) != 0)
        ck_abort_msg("%s:%d: %s\nexpected:\n%sfound:\n%s", file, line, sql, expected, rows);
    drift_free(rows);
}

int scenario_exec(drift_connection *db, void *sql, drift_error *err)
{
    return drift_exec(db, sql, err);
}
