/* words.c — an application in a shared library, whose schema needs a function of its own. */
#include <drift/drift.h>
#include <sqlite3.h>

extern const drift_database_definition words;
int register_functions(drift_connection *connection, const void *payload, drift_error *err);

static void backwards(sqlite3_context *context, int count, sqlite3_value **values)
{
    const unsigned char *text = sqlite3_value_text(values[0]);
    const int length = sqlite3_value_bytes(values[0]);
    unsigned char *reversed = text ? sqlite3_malloc(length + 1) : NULL;
    (void)count;
    if (!reversed) return;
    for (int i = 0; i < length; i++) reversed[i] = text[length - 1 - i];
    sqlite3_result_blob(context, reversed, length, sqlite3_free);
}

int register_functions(drift_connection *connection, const void *payload, drift_error *err)
{
    sqlite3 *db = drift_connection_handle(connection);
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    (void)payload, (void)err;
    return sqlite3_create_function(db, "backwards", 1, flags, NULL, backwards, NULL, NULL) == SQLITE_OK ? DRIFT_OK
                                                                                                        : DRIFT_SQL;
}

static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    (void)from, (void)to, (void)payload;
    return drift_migrator_exec(m, "CREATE INDEX words_backwards ON words (backwards(word))", err);
}

const drift_database_definition words = {.name = "words", .schema_version = 2, .strategy = {.on_upgrade = upgrade}};
