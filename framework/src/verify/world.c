/* world.c */
#include "verify/world.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "runtime/pragma.h"
#include "runtime/stand_in.h"
#include "sql/quote.h"
#include "verify/script.h"

int drift__world_open(drift_connection **out, const drift_verify_options *options, drift_error *err)
{
    const drift_connection_options open = {.setup = options->setup, .setup_payload = options->setup_payload};
    *out = NULL;
    drift_connection *connection = NULL;
    int rc = drift_connection_memory(&connection, &open, err);
    if (rc == DRIFT_OK && options->stub_functions) rc = drift__stand_in_collations(connection, err);
    if (rc == DRIFT_OK && options->setup_sql)
        rc = drift__script_run(connection, options->setup_sql, strlen(options->setup_sql), "setup", NULL, NULL, err);
    if (rc == DRIFT_OK)
        *out = connection;
    else
        drift_connection_close(connection);
    return rc;
}

int drift__world_stub(drift_connection *connection, const char *sql, size_t length, const drift_verify_options *options,
                      drift_error *err)
{
    return options->stub_functions ? drift__stand_in_functions(connection, sql, length, err) : DRIFT_OK;
}

void drift__world_hint(drift_error *err, const drift_verify_options *options)
{
    if (options->stub_functions || !err) return;
    if (strstr(err->text, "no such function: ") || strstr(err->text, "no such collation sequence: "))
        drift__error_hint(err, "--stub-functions stands in for an application's own functions and collations");
}

static int build_entity(drift_connection *connection, const drift_entity *entity, const drift_verify_options *options,
                        drift_error *err)
{
    int rc = drift__world_stub(connection, entity->sql, strlen(entity->sql), options, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, entity->sql, err);
    if (rc != DRIFT_OK) {
        drift__error_source(err, entity->name ? entity->name : "query");
        drift__world_hint(err, options);
    }
    return rc;
}

int drift__world_build(drift_connection *connection, const drift_schema *schema, const drift_verify_options *options,
                       drift_error *err)
{
    int rc = drift__pragma_set(connection, DRIFT__PRAGMA_FOREIGN_KEYS, 0, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "BEGIN", err);
    for (size_t i = 0; rc == DRIFT_OK && i < schema->entity_count; i++)
        rc = build_entity(connection, &schema->entities[i], options, err);
    if (rc == DRIFT_OK) rc = drift__pragma_set(connection, DRIFT__PRAGMA_USER_VERSION, schema->version, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "COMMIT", err);
    return rc;
}

static int copy(drift_connection *to, drift_connection *from, drift_error *err)
{
    sqlite3 *handle = drift_connection_handle(to);
    sqlite3_backup *backup = sqlite3_backup_init(handle, "main", drift_connection_handle(from), "main");
    int result = sqlite3_errcode(handle);
    if (backup) {
        result = sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup);
    }
    if (result == SQLITE_DONE) return DRIFT_OK;
    if (result == SQLITE_NOMEM) return drift__no_memory(err);
    return drift__error(err, DRIFT_SQL, "cannot copy the database: %s", sqlite3_errstr(result));
}

int drift__world_clone(drift_connection **out, drift_connection *original, const drift_verify_options *options,
                       drift_error *err)
{
    drift_connection *connection = NULL;
    int rc = drift__world_open(&connection, options, err);
    if (rc == DRIFT_OK) rc = copy(connection, original, err);
    if (rc == DRIFT_OK && options->stub_functions) rc = drift__stand_ins_install(connection, err);
    *out = rc == DRIFT_OK ? connection : NULL;
    if (rc != DRIFT_OK) drift_connection_close(connection);
    return rc;
}

typedef struct counting {
    drift_connection *connection;
    int64_t rows;
} counting;

/* A virtual table that cannot be read has no rows that anybody could lose. */
static int count_table(drift_statement *row, void *payload, drift_error *err)
{
    counting *c = payload;
    const char *table = drift_column_text(row, 0, NULL);
    const bool is_virtual = drift_column_int64(row, 1) != 0;
    drift__str sql = DRIFT__STR_INIT;
    char *text = NULL;
    int64_t rows = 0;
    if (!table) return drift__no_memory(err);
    drift__str_puts(&sql, "SELECT count(*) FROM main.");
    drift__put_quoted(&sql, table);
    drift_error why = {0};
    int rc = drift__str_take(&text, &sql, &why);
    if (rc == DRIFT_OK) rc = drift_query_int64(&rows, c->connection, text, NULL, 0, &why);
    drift__free(text);
    if (rc == DRIFT_OK) c->rows += rows;
    if (rc == DRIFT_SQL && is_virtual) return DRIFT_OK;
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

int drift__world_count_rows(int64_t *out, drift_connection *connection, drift_error *err)
{
    counting c = {.connection = connection};
    const int rc = drift_query(connection,
                               "SELECT name, type = 'virtual' FROM pragma_table_list WHERE schema = 'main'"
                               " AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                               NULL, 0, count_table, &c, err);
    *out = c.rows;
    return rc;
}

int drift__world_save(drift_connection *connection, const char *path, drift_error *err)
{
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(drift_connection_handle(connection), "main", &size, 0);
    /* A database without a page gives NULL: its file is empty. */
    const int rc = !bytes && size ? drift__no_memory(err)
                                  : drift__file_write(path, bytes ? (const char *)bytes : "", (size_t)size, err);
    sqlite3_free(bytes);
    return rc;
}
