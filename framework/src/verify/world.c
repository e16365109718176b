/* world.c */
#include "verify/world.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "runtime/direct.h"
#include "runtime/pragma.h"
#include "runtime/private_copy.h"
#include "runtime/stand_in.h"
#include "sql/quote.h"
#include "stand_in/text.h"
#include "verify/script.h"

/* With temporary tables in memory, since SQLite gets the pages of one that may go to a file ready all at once: 20 of
 * them, nearly 90 KB that libc takes from the system and gives back, and ALTER TABLE needs such a table for each of its
 * own statements. Before the application's setup: "all existing temporary tables … are immediately deleted" when it
 * changes (https://www.sqlite.org/pragma.html#pragma_temp_store). */
static int set_up_memory(drift_connection *connection, const void *payload, drift_error *err)
{
    const drift_verify_options *options = payload;
    const int rc = drift_exec(connection, "PRAGMA temp_store = MEMORY", err);
    return rc == DRIFT_OK && options->setup ? options->setup(connection, options->setup_payload, err) : rc;
}

/* SQLite's VFS "memdb": "If the filename begins with a "/" character, the memory is shared by all connections of the
 * process that use the same name" (the story at the top of SQLite's memdb.c), so that a third connection can attach the
 * database. The name is random: nothing global has to count. Nothing is there yet that could be read. */
static int open_shared_memory(drift_connection **out, const drift_verify_options *options, drift_error *err)
{
    const drift_connection_options open = {
        .setup = set_up_memory, .setup_payload = options, .vfs = "memdb", .unread = true};
    sqlite3_uint64 number[2];
    char name[64];
    sqlite3_randomness(sizeof number, number);
    snprintf(name, sizeof name, "/drift-%016llx%016llx", number[0], number[1]);
    return drift_connection_open(out, name, &open, err);
}

static bool is_large(const drift_verify_options *options)
{
    const bool many = options->levels ? options->levels >> DRIFT_DATA_MANY & 1u : options->rows > 0;
    return many && options->rows > DRIFT__WORLD_ROWS_IN_MEMORY;
}

int drift__world_relax(drift_connection *connection, drift_error *err)
{
    return drift_exec(connection, "PRAGMA main.synchronous = OFF; PRAGMA main.secure_delete = OFF", err);
}

/* The folder goes with the connection. */
static int open_private_file(drift_connection **out, const drift_verify_options *options, drift_error *err)
{
    const drift_connection_options open = {.setup = options->setup, .setup_payload = options->setup_payload};
    drift_connection *connection = NULL;
    char *folder = NULL, *file = NULL;
    int rc = drift__private_folder_make(&folder, &file, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift_connection_open(&connection, file, &open, err);
    drift__free(file);
    if (rc != DRIFT_OK) {
        drift__private_copy_remove(folder);
        return rc;
    }
    drift__direct_of(connection)->private_folder = folder;
    rc = drift__world_relax(connection, err);
    if (rc == DRIFT_OK)
        *out = connection;
    else
        drift_connection_close(connection);
    return rc;
}

int drift__world_prepare(drift_connection *connection, const drift_verify_options *options, drift_error *err)
{
    int rc = options->stub_functions ? drift__stand_in_collations(connection, err) : DRIFT_OK;
    if (rc == DRIFT_OK && options->setup_sql)
        rc = drift__script_run(connection, options->setup_sql, strlen(options->setup_sql), "setup", NULL, NULL, err);
    return rc;
}

int drift__world_open(drift_connection **out, const drift_verify_options *options, drift_error *err)
{
    *out = NULL;
    drift_connection *connection = NULL;
    int rc = is_large(options) ? open_private_file(&connection, options, err)
                               : open_shared_memory(&connection, options, err);
    if (rc == DRIFT_OK) rc = drift__world_prepare(connection, options, err);
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
    if (!err) return;
    if (strstr(err->text, "malformed JSON"))
        drift__error_hint(err, "expect the \"domain\" \"json\" of a column that always holds JSON");
    if (options->stub_functions) return;
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

int drift__world_copy(drift_connection *to, drift_connection *from, drift_error *err)
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
    if (rc == DRIFT_OK) rc = drift__world_copy(connection, original, err);
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

static bool is_in_memory(drift_connection *connection)
{
    sqlite3_vfs *vfs = NULL;
    sqlite3_file_control(drift_connection_handle(connection), "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    return vfs && strcmp(vfs->zName, "memdb") == 0;
}

static int save_memory(drift_connection *connection, const char *path, drift_error *err)
{
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(drift_connection_handle(connection), "main", &size, 0);
    /* A database without a page gives NULL: its file is empty. */
    const int rc = !bytes && size ? drift__no_memory(err)
                                  : drift__file_write(path, bytes ? (const char *)bytes : "", (size_t)size, err);
    sqlite3_free(bytes);
    return rc;
}

/* "4 24 File change counter", "4 40 The schema cookie", "4 92 The version-valid-for number", "4 96
 * SQLITE_VERSION_NUMBER" (https://www.sqlite.org/fileformat2.html#database_header): how often it was written, and by
 * whom, is nothing that it holds. */
static void forget_writing(unsigned char *header)
{
    static const size_t fields[] = {24, 40, 92, 96};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) memset(header + fields[i], 0, 4);
}

enum { HEADER = 100 };

int drift__world_same_bytes(bool *out, drift_connection *a, drift_connection *b, drift_error *err)
{
    sqlite3_int64 sizes[2] = {0, 0};
    *out = false;
    if (!is_in_memory(a) || !is_in_memory(b)) return DRIFT_OK;
    unsigned char *left = sqlite3_serialize(drift_connection_handle(a), "main", &sizes[0], 0);
    unsigned char *right = sqlite3_serialize(drift_connection_handle(b), "main", &sizes[1], 0);
    const int rc = (sizes[0] && !left) || (sizes[1] && !right) ? drift__no_memory(err) : DRIFT_OK;
    if (rc == DRIFT_OK && sizes[0] == sizes[1] && sizes[0] >= HEADER) {
        forget_writing(left);
        forget_writing(right);
        *out = memcmp(left, right, (size_t)sizes[0]) == 0;
    }
    sqlite3_free(left);
    sqlite3_free(right);
    return rc;
}

/* Whatever was there is replaced: pages are copied into a file that is a database or empty. */
static int save_file(drift_connection *connection, const char *path, drift_error *err)
{
    drift_connection *file = NULL;
    int rc = drift__file_write(path, "", 0, err);
    if (rc == DRIFT_OK) rc = drift_connection_open(&file, path, NULL, err);
    if (rc == DRIFT_OK) rc = drift__world_copy(file, connection, err);
    drift_connection_close(file);
    return rc;
}

int drift__world_save(drift_connection *connection, const char *path, drift_error *err)
{
    return is_in_memory(connection) ? save_memory(connection, path, err) : save_file(connection, path, err);
}
