/* world.c */
#include "runtime/world.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "support/suite.h"

drift_connection *world_connect(const world *w)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(
        drift_connection_open(&connection, w->path, &(drift_connection_options){.busy_timeout_ms = -1}, &err));
    return connection;
}

void world_close(world *w)
{
    drift_connection_close(w->connection);
    drift__free(w->path);
    if (w->folder) suite_folder_remove(w->folder);
    *w = (world){0};
}

void world_exec(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift_exec(connection, sql, &err));
}

int64_t world_int64(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    int64_t value = 0;
    ck_assert_drift(drift_query_int64(&value, connection, sql, NULL, 0, &err));
    return value;
}

static int take_text(drift_statement *row, void *payload, drift_error *err)
{
    char **out = payload;
    (void)err;
    const char *text = drift_column_text(row, 0, NULL);
    if (!*out) *out = drift__strdup(text ? text : "NULL");
    return DRIFT_OK;
}

char *world_text(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_query(connection, sql, NULL, 0, take_text, &text, &err));
    ck_assert_msg(text != NULL, "no row: %s", sql);
    return text;
}

void world_expect(drift_connection *connection, const char *sql, const char *expected)
{
    char *text = world_text(connection, sql);
    ck_assert_msg(strcmp(text, expected) == 0, "%s: expected %s, found %s", sql, expected, text);
    drift__free(text);
}
