/* keep.c */
#include "verify/keep.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "outcome/outcome.h"
#include "sql/quote.h"
#include "verify/world.h"

typedef struct writing {
    drift__str text;
    drift_connection *connection;
    const char *table;
} writing;

/* A statement on lines of its own: its last line may be a comment. */
static void put_statement(drift__str *out, const char *sql)
{
    drift__str_puts(out, sql);
    drift__str_puts(out, strstr(sql, "--") ? "\n;\n" : ";\n");
}

static int put_object(drift_statement *row, void *payload, drift_error *err)
{
    writing *w = payload;
    const char *sql = drift_column_text(row, 0, NULL);
    if (!sql) return drift__no_memory(err);
    put_statement(&w->text, sql);
    return DRIFT_OK;
}

static int put_row(drift_statement *row, void *payload, drift_error *err)
{
    writing *w = payload;
    const int count = drift_column_count(row);
    (void)err;
    drift__str_puts(&w->text, "INSERT INTO ");
    drift__put_quoted(&w->text, w->table);
    for (int i = 0; i < count; i++) {
        drift__str_puts(&w->text, i ? ", " : " (");
        drift__put_quoted(&w->text, drift_column_name(row, i));
    }
    drift__str_puts(&w->text, ") VALUES (");
    for (int i = 0; i < count; i++) {
        const drift_value value = drift_column_value(row, i);
        if (i) drift__str_puts(&w->text, ", ");
        drift__literal_put(&w->text, &value);
    }
    drift__str_puts(&w->text, ");\n");
    return DRIFT_OK;
}

/* The statement that reads a table's rows comes out of SQL too: table, columns that can be written. */
static int put_rows(drift_statement *row, void *payload, drift_error *err)
{
    writing *w = payload;
    drift__str sql = DRIFT__STR_INIT;
    char *text = NULL;
    const char *table = drift_column_text(row, 0, NULL), *columns = drift_column_text(row, 1, NULL);
    const bool is_virtual = drift_column_int64(row, 2) != 0;
    if (!columns) return DRIFT_OK;
    drift__str_printf(&sql, "SELECT %s FROM main.", columns);
    drift__put_quoted(&sql, table);
    int rc = drift__str_take(&text, &sql, err);
    w->table = table;
    /* A virtual table that cannot be read is left as its module makes it. */
    drift_error why = {0};
    if (rc == DRIFT_OK) rc = drift_query(w->connection, text, NULL, 0, put_row, w, &why);
    drift__free(text);
    if (is_virtual && rc == DRIFT_SQL) return DRIFT_OK;
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

static int put_database(writing *w, drift_error *err)
{
    static const char rows[] =
        "SELECT l.name, (SELECT group_concat('\"' || replace(c.name, '\"', '\"\"') || '\"', ', ') FROM"
        " pragma_table_xinfo(l.name, 'main') c WHERE c.hidden = 0), l.type = 'virtual' FROM pragma_table_list l WHERE"
        " l.schema = 'main' AND l.type IN ('table', 'virtual') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " ORDER BY l.type = 'virtual', l.name";
    static const char objects[] =
        "SELECT s.sql FROM main.sqlite_schema s LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name"
        " WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND ifnull(l.type, '') <> 'shadow' AND"
        " NOT EXISTS (SELECT 1 FROM pragma_table_list t WHERE t.schema = 'main' AND t.name = s.tbl_name AND"
        " t.type = 'shadow') AND (s.type = 'table') = ? ORDER BY s.rowid";
    /* Rows before indexes and triggers, so that triggers do not fire. */
    const drift_value tables = DRIFT_BIND_INT64(1), others = DRIFT_BIND_INT64(0);
    int rc = drift_query(w->connection, objects, &tables, 1, put_object, w, err);
    if (rc == DRIFT_OK) rc = drift_query(w->connection, rows, NULL, 0, put_rows, w, err);
    return rc == DRIFT_OK ? drift_query(w->connection, objects, &others, 1, put_object, w, err) : rc;
}

static void put_step(drift__str *out, const drift__attempt *attempt, const drift_step_file *step)
{
    const bool transaction = attempt->options->runner != DRIFT_RUNNER_PLAIN;
    drift__str_printf(out, "\n-- %s\n%s", drift__path_name(step->path), transaction ? "BEGIN;\n" : "");
    drift__str_putn(out, step->sql, step->length);
    drift__str_puts(out, "\n;\n");
    if (attempt->options->stamp != DRIFT_STAMP_NONE) drift__str_printf(out, "PRAGMA user_version = %d;\n", step->to);
    if (transaction) drift__str_puts(out, "COMMIT;\n");
}

int drift__repro_write(char **out, const char *data, const drift__attempt *attempt, drift_connection *before,
                       drift_error *err)
{
    writing w = {.text = DRIFT__STR_INIT, .connection = before};
    drift__str_printf(&w.text, "-- from version %d to %d, data %s, seed %lld\nPRAGMA foreign_keys = OFF;\nBEGIN;\n",
                      attempt->from, attempt->to, data, (long long)attempt->options->seed);
    const int rc = put_database(&w, err);
    if (rc != DRIFT_OK) {
        drift__str_dispose(&w.text);
        return rc;
    }
    drift__str_printf(&w.text, "PRAGMA user_version = %d;\nCOMMIT;\n", attempt->from);
    if (attempt->path && attempt->options->runner == DRIFT_RUNNER_TRANSACTION)
        drift__str_puts(&w.text, "PRAGMA foreign_keys = ON;\n");
    for (size_t i = 0; attempt->path && i < attempt->path->count; i++)
        put_step(&w.text, attempt, attempt->path->steps[i]);
    return drift__str_take(out, &w.text, err);
}

int drift__keep_case(const char *folder, const char *data, const drift__attempt *attempt, drift_connection *before,
                     drift_connection *after, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    char *script = NULL;
    const char *place = drift__arena_printf(&arena, "%s/v%d_to_v%d_%s", folder, attempt->from, attempt->to, data);
    const char *database = drift__arena_printf(&arena, "%s/database.db", place ? place : "");
    const char *repro = drift__arena_printf(&arena, "%s/repro.sql", place ? place : "");
    int rc = arena.failed ? drift__no_memory(err) : drift__folder_make(place, err);
    if (rc == DRIFT_OK) rc = drift__world_save(after, database, err);
    if (rc == DRIFT_OK) rc = drift__repro_write(&script, data, attempt, before, err);
    if (rc == DRIFT_OK) rc = drift__file_write(repro, script, strlen(script), err);
    drift__free(script);
    drift__arena_dispose(&arena);
    return rc;
}
