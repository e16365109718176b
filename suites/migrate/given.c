/* given.c */
#include "migrate/given.h"

#include <stdio.h>
#include <string.h>

given given_database_in(given_world world, const char *sql, const char *schema)
{
    given g = {0};
    drift_error err = {0};
    char path[4096];
    if (world == GIVEN_MEMORY) {
        ck_assert_drift(drift_connection_memory(&g.connection, NULL, &err));
    } else {
        g.folder = suite_folder();
        snprintf(path, sizeof path, "%s/given.db", g.folder);
        ck_assert_drift(drift_connection_open(&g.connection, path, NULL, &err));
        if (world == GIVEN_WAL) ck_assert_drift(drift_exec(g.connection, "PRAGMA journal_mode = WAL", &err));
    }
    ck_assert_drift(drift_exec(g.connection, sql, &err));
    ck_assert_drift(drift_schema_parse(&g.schema, schema, strlen(schema), &err));
    ck_assert_drift(drift_migrator_new(&g.migrator, g.connection, g.schema, &err));
    return g;
}

given given_database(const char *sql, const char *schema)
{
    return given_database_in(GIVEN_MEMORY, sql, schema);
}

void given_end(given *g)
{
    drift_migrator_free(g->migrator);
    drift_schema_free(g->schema);
    drift_connection_close(g->connection);
    if (g->folder) suite_folder_remove(g->folder);
}

void given_run(const given *g, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift_exec(g->connection, sql, &err));
}

const drift_table *given_table(const given *g, const char *name)
{
    const drift_table *table = drift_schema_table(g->schema, name);
    ck_assert_msg(table != NULL, "the schema has no table %s", name);
    return table;
}

const drift_column *given_column(const given *g, const char *table, const char *column)
{
    const drift_column *found = drift_table_column(given_table(g, table), column);
    ck_assert_msg(found != NULL, "the schema has no column %s.%s", table, column);
    return found;
}

int given_rebuild(const given *g, const char *table, drift_error *err)
{
    return drift_migrator_alter_table(g->migrator, &(drift_table_migration){.table = given_table(g, table)}, err);
}

static void assert_words(const char *text, const char *words)
{
    char word[256];
    while (*words) {
        const size_t length = strcspn(words, "|");
        snprintf(word, sizeof word, "%.*s", (int)length, words);
        ck_assert_msg(strstr(text, word) != NULL, "\"%s\" does not say \"%s\"", text, word);
        words += length + (words[length] == '|');
    }
}

void given_refused(const given *g, int status, const char *words, int (*call)(const given *g, drift_error *err))
{
    drift_error err = {0};
    char *before = suite_digest(g->connection, NULL);
    char *keys = suite_value(g->connection, "PRAGMA foreign_keys");
    char *legacy = suite_value(g->connection, "PRAGMA legacy_alter_table");
    const bool inside = drift_in_transaction(g->connection);
    ck_assert_drift_fails(call(g, &err), status);
    assert_words(err.text, words);
    suite_same_digest(before, suite_digest(g->connection, NULL));
    ck_assert_value(g->connection, "PRAGMA foreign_keys", keys);
    ck_assert_value(g->connection, "PRAGMA legacy_alter_table", legacy);
    ck_assert(drift_in_transaction(g->connection) == inside);
    drift_free(keys);
    drift_free(legacy);
}
