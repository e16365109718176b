/* given.c — databases to seed, and what must hold of them afterwards. */
#include <string.h>

#include "seed/cases.h"
#include "support/digest.h"
#include "support/suite.h"

drift_connection *with_schema(const char *sql)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    return connection;
}

void seed_all(drift_connection *connection, const drift_seed_options *options)
{
    drift_error err = {0};
    drift_seed_report *report = NULL;
    ck_assert_drift(drift_seed_database(&report, connection, options, &err));
    for (size_t i = 0; i < report->count; i++) {
        const drift_seeded_table *table = &report->tables[i];
        if (table->reason) ck_abort_msg("%s: %s", table->table, table->reason);
        ck_assert_msg(table->rows > 0, "%s is empty", table->table);
    }
    drift_seed_report_free(report);
}

void seed_one(drift_connection *connection, int64_t seed)
{
    const drift_seed_options options = {.level = DRIFT_DATA_ONE, .seed = seed};
    seed_all(connection, &options);
}

/* Of a key that is none ("foreign key mismatch") there are no violations; all others are looked at one by one. */
static int assert_keys_hold(drift_statement *row, void *payload, drift_error *err)
{
    drift_connection *connection = payload;
    const drift_value table = drift_column_value(row, 0);
    drift_error why = {0};
    int64_t violations = 0;
    const int rc =
        drift_query_int64(&violations, connection,
                          "SELECT count(*) FROM pragma_foreign_key_check(?) c WHERE EXISTS (SELECT 1 FROM sqlite_schema"
                          " s WHERE lower(s.name) = lower(c.parent))",
                          &table, 1, &why);
    (void)err;
    if (rc != DRIFT_OK) ck_assert_ptr_nonnull(strstr(why.text, "foreign key mismatch"));
    ck_assert_msg(violations == 0, "%.*s has orphans", (int)table.length, (const char *)table.bytes);
    return DRIFT_OK;
}

void assert_sound(drift_connection *connection)
{
    drift_error err = {0};
    ck_assert_value(connection, "PRAGMA integrity_check", "ok");
    ck_assert_drift(drift_query(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'", NULL, 0,
                                assert_keys_hold, connection, &err));
}
