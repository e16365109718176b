/* foreign_key.c — the largest class of data loss in the field is a parent that is dropped while foreign keys are on:
 * https://www.sqlite.org/foreignkeys.html, section 5: "If foreign key constraints are enabled when it is prepared, then
 * the DROP TABLE command performs an implicit DELETE to remove all rows from the table prior to dropping it." */
#include "rebuild/foreign_key.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "rebuild/live.h"
#include "rebuild/setting.h"

/* --- reading --- */

static const char keys_sql[] =
    "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\" FROM main.sqlite_schema AS m, "
    "pragma_foreign_key_list(m.name, 'main') AS f "
    "WHERE m.type = 'table' AND instr(upper(m.sql), 'REFERENCES') > 0 ORDER BY m.rowid, f.id, f.seq";

static drift__foreign_key *key_add(drift__foreign_keys *keys, drift_statement *row)
{
    const char *table = drift_column_text(row, 0, NULL);
    const int id = (int)drift_column_int64(row, 1);
    drift__foreign_key *last = keys->count ? &keys->items[keys->count - 1] : NULL;
    if (last && last->id == id && table && drift__same_name(last->table, table)) return last;
    if (drift__reserve((void **)&keys->items, &keys->capacity, keys->count + 1, sizeof *keys->items)) return NULL;
    last = &keys->items[keys->count++];
    *last = (drift__foreign_key){
        .table = drift__arena_strdup(&keys->arena, table), .id = id, .parent = drift__take_text(&keys->arena, row, 2)};
    return last->table && last->parent ? last : NULL;
}

/* A list of names with one more. */
static const char **grown(drift__arena *arena, const char **old, size_t count, const char *text)
{
    const char **names = drift__arena_array(arena, count + 1, sizeof *names);
    if (!names) return NULL;
    for (size_t i = 0; i < count; i++) names[i] = old[i];
    names[count] = drift__arena_strdup(arena, text);
    return names;
}

static int key_column(drift_statement *row, void *payload, drift_error *err)
{
    drift__foreign_keys *keys = payload;
    drift__foreign_key *key = key_add(keys, row);
    if (!key) return drift__no_memory(err);
    const bool named = drift_column_value(row, 4).kind != DRIFT_NULL;
    key->from = grown(&keys->arena, key->from, key->column_count, drift__take_text(&keys->arena, row, 3));
    key->to = grown(&keys->arena, key->to, key->column_count, named ? drift__take_text(&keys->arena, row, 4) : NULL);
    key->column_count++;
    return keys->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift__foreign_keys_read(drift__foreign_keys *out, drift_connection *connection, drift_error *err)
{
    *out = (drift__foreign_keys){0};
    return drift_query(connection, keys_sql, NULL, 0, key_column, out, err);
}

void drift__foreign_keys_dispose(drift__foreign_keys *keys)
{
    drift__free(keys->items);
    drift__arena_dispose(&keys->arena);
    *keys = (drift__foreign_keys){0};
}

/* --- suspending --- */

/* What must hold: inside a savepoint of a transaction foreign keys go off, a parent is dropped and its child keeps its
 * row; they go on again and cascade; the transaction commits. */
static int self_test(bool *held, drift_error *err)
{
    drift_connection *scratch = NULL;
    int64_t kept = 0, left = 0;
    int rc = drift_connection_memory(&scratch, NULL, err);
    if (rc == DRIFT_OK)
        rc = drift_exec(scratch,
                        "PRAGMA foreign_keys = ON; CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE q(id INTEGER "
                        "PRIMARY KEY); CREATE TABLE c(p REFERENCES p ON DELETE CASCADE, q REFERENCES q ON DELETE "
                        "CASCADE); INSERT INTO p VALUES (1); INSERT INTO q VALUES (1); INSERT INTO c VALUES (1, 1); "
                        "BEGIN; SAVEPOINT s",
                        err);
    if (rc == DRIFT_OK) rc = drift__setting_set(scratch, DRIFT__SETTING_FOREIGN_KEYS, false, err);
    if (rc == DRIFT_OK) rc = drift_exec(scratch, "DROP TABLE p", err);
    if (rc == DRIFT_OK) rc = drift_query_int64(&kept, scratch, "SELECT count(*) FROM c", NULL, 0, err);
    if (rc == DRIFT_OK) rc = drift_exec(scratch, "CREATE TABLE p(id INTEGER PRIMARY KEY)", err);
    if (rc == DRIFT_OK) rc = drift__setting_set(scratch, DRIFT__SETTING_FOREIGN_KEYS, true, err);
    if (rc == DRIFT_OK) rc = drift_exec(scratch, "DELETE FROM q; RELEASE s; COMMIT", err);
    if (rc == DRIFT_OK) rc = drift_query_int64(&left, scratch, "SELECT count(*) FROM c", NULL, 0, err);
    *held = rc == DRIFT_OK && kept == 1 && left == 0;
    drift_connection_close(scratch);
    return rc;
}

/* Whether foreign keys can be turned off at this moment of a transaction. */
static int can_suspend(bool *can, drift_connection *connection, bool *trusted, drift_error *err)
{
    int pending = 0, highest = 0, rc = DRIFT_OK;
    sqlite3 *handle = drift_connection_handle(connection);
    *can = false;
    if (!handle) return DRIFT_OK;
    if (sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &highest, 0) != SQLITE_OK || pending)
        return DRIFT_OK;
    if (!*trusted) rc = self_test(trusted, err);
    *can = *trusted;
    return rc;
}

static int put_child(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *children = payload;
    const char *name = drift_column_text(row, 0, NULL);
    if (!name) return drift__no_memory(err);
    drift__str_printf(children, "%s\"%s\"", children->length ? ", " : "", name);
    return DRIFT_OK;
}

/* The tables that reference this one, as '"a", "b"'; "" if none does. */
static int children_of(char **out, drift_connection *connection, const char *table, drift_error *err)
{
    drift__str children = DRIFT__STR_INIT;
    const drift_value bind[] = {DRIFT_BIND_TEXT(table, strlen(table))};
    int rc = drift_query(connection,
                         "SELECT DISTINCT m.name FROM main.sqlite_schema AS m, pragma_foreign_key_list(m.name, 'main') "
                         "AS f WHERE m.type = 'table' AND f.\"table\" = ?1 COLLATE NOCASE ORDER BY m.rowid",
                         bind, 1, put_child, &children, err);
    if (rc == DRIFT_OK) rc = drift__str_take(out, &children, err);
    drift__str_dispose(&children);
    return rc;
}

static int tell_danger(drift_connection *connection, const char *table, const char *children, drift_error *err)
{
    drift__error(err, DRIFT_UNSUPPORTED,
                 "foreign keys cannot be suspended inside this transaction, and dropping the old \"%s\" could change "
                 "rows of %s",
                 table, children);
    drift__error_hint(err, "%s",
                      drift_connection_handle(connection) ? "do this before any deferred constraint is violated, or "
                                                            "turn foreign keys off before the transaction begins"
                                                          : "turn foreign keys off before the transaction begins");
    return DRIFT_UNSUPPORTED;
}

/* Inside a transaction: off through sqlite3_db_config; where that cannot be, no need if nothing references the table,
 * else refused. */
static int suspend_inside(bool *can, drift_connection *connection, const char *table, bool *trusted, drift_error *err)
{
    char *children = NULL;
    int rc = can_suspend(can, connection, trusted, err);
    if (rc < 0 || *can) return rc;
    rc = children_of(&children, connection, table, err);
    if (rc == DRIFT_OK && *children) rc = tell_danger(connection, table, children, err);
    drift__free(children);
    return rc;
}

int drift__foreign_keys_suspend(drift__suspension *out, drift_connection *connection, const char *table, bool *trusted,
                                drift_error *err)
{
    bool enforced = false, can = true;
    int rc = drift__setting_get(&enforced, connection, DRIFT__SETTING_FOREIGN_KEYS, err);
    *out = (drift__suspension){0};
    if (rc < 0 || !enforced) return rc;
    if (drift_in_transaction(connection)) rc = suspend_inside(&can, connection, table, trusted, err);
    if (rc < 0 || !can) return rc;
    if ((rc = drift__setting_set(connection, DRIFT__SETTING_FOREIGN_KEYS, false, err)) == DRIFT_OK)
        out->connection = connection;
    return rc;
}

int drift__foreign_keys_resume(drift__suspension *suspension, drift_error *err)
{
    drift_connection *connection = suspension->connection;
    suspension->connection = NULL;
    return connection ? drift__setting_set(connection, DRIFT__SETTING_FOREIGN_KEYS, true, err) : DRIFT_OK;
}
