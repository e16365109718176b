/* repro.c — the script: what was found, the database, the steps. */
#include "verify/repro.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "rebuild/live.h"
#include "rebuild/text.h"
#include "sql/quote.h"
#include "verify/hidden.h"
#include "verify/script.h"

typedef struct writing {
    drift__str *out;
    drift_connection *connection;
    drift__arena arena;
    drift__objects objects;
    const char *table;
} writing;

/* ---- what was found ---- */

/* A text of any number of lines as a comment. */
static void put_comment(drift__str *out, const char *label, const char *text)
{
    drift__str_printf(out, "-- %s", label);
    for (; *text; text++) {
        if (*text == '\n')
            drift__str_puts(out, "\n--     ");
        else if (*text != '\r')
            drift__str_putc(out, *text);
    }
    drift__str_putc(out, '\n');
}

static void put_finding(drift__str *out, const drift_finding *finding)
{
    drift__str_puts(out, "--\n");
    put_comment(out, drift_finding_code_name(finding->code), "");
    if (finding->object) put_comment(out, "  object:   ", finding->object);
    if (finding->expected) put_comment(out, "  expected: ", finding->expected);
    if (finding->actual) put_comment(out, "  actual:   ", finding->actual);
    put_comment(out, "  ", finding->message);
}

/* ---- the objects ---- */

void drift__repro_put_statement(drift__str *out, const char *sql)
{
    drift__str_puts(out, sql);
    drift__str_puts(out, strstr(sql, "--") ? "\n;\n" : ";\n");
}

static bool is_table(const drift__object *object)
{
    return object->kind == DRIFT__OBJECT_TABLE || object->kind == DRIFT__OBJECT_VIRTUAL_TABLE;
}

static void put_objects(const writing *w, bool tables)
{
    for (size_t i = 0; i < w->objects.count; i++) {
        const drift__object *object = &w->objects.items[i];
        if (strcmp(object->database, "main") == 0 && is_table(object) == tables)
            drift__repro_put_statement(w->out, object->sql);
    }
}

/* ---- the rows ---- */

static int put_row(drift_statement *row, void *payload, drift_error *err)
{
    const writing *w = payload;
    const int count = drift_column_count(row);
    (void)err;
    drift__str_puts(w->out, "INSERT INTO ");
    drift__put_quoted(w->out, w->table);
    for (int i = 0; i < count; i++) {
        drift__str_puts(w->out, i ? ", " : " (");
        drift__put_quoted(w->out, drift_column_name(row, i));
    }
    drift__str_puts(w->out, ") VALUES (");
    for (int i = 0; i < count; i++) {
        const drift_value value = drift_column_value(row, i);
        if (i) drift__str_puts(w->out, ", ");
        drift__literal_put(w->out, &value);
    }
    drift__str_puts(w->out, ");\n");
    return DRIFT_OK;
}

/* The columns that can be written, and before them the rowid where no column is it. A virtual table's rowid counts
 * where it is full-text: other modules keep it in a column. */
static size_t put_columns(drift__str *sql, writing *w, const drift__object *object, const drift__live_table *live)
{
    const char *module = live->is_virtual ? drift__module_of(&w->arena, object->sql) : NULL;
    const bool numbered = !live->integer_key && (!module || strncmp(module, "fts", 3) == 0);
    const char *rowid = numbered ? drift__live_rowid(live) : NULL;
    size_t count = 0;
    if (rowid) {
        drift__put_quoted(sql, rowid);
        count++;
    }
    for (size_t i = 0; i < live->column_count; i++) {
        if (live->columns[i].generated || live->columns[i].hidden) continue;
        drift__str_puts(sql, count++ ? ", " : "");
        drift__put_quoted(sql, live->columns[i].name);
    }
    return count;
}

static int put_rows(writing *w, const drift__object *object, drift_error *err)
{
    drift__live_table live = {0};
    drift__str sql = DRIFT__STR_INIT;
    drift_error why = {0};
    int rc = drift__live_table_read(&live, &w->arena, w->connection, object->name, err);
    if (rc != DRIFT_OK) return rc;
    drift__str_puts(&sql, "SELECT ");
    const size_t count = put_columns(&sql, w, object, &live);
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, object->name);
    w->table = object->name;
    rc = sql.failed ? drift__no_memory(&why) : DRIFT_OK;
    if (rc == DRIFT_OK && count) rc = drift_query(w->connection, sql.text, NULL, 0, put_row, w, &why);
    drift__str_dispose(&sql);
    /* A virtual table that cannot be read is left as its module makes it. */
    if (live.is_virtual && drift__is_answer(rc)) return DRIFT_OK;
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

/* An index whose content is another table's has that content already. */
static bool put_rebuild(const writing *w, const drift__object *index)
{
    for (size_t i = 0; i < w->objects.count; i++) {
        const drift__object *content = &w->objects.items[i];
        if (content == index || (!is_table(content) && content->kind != DRIFT__OBJECT_VIEW) ||
            !drift__text_has_content(index->sql, content->name))
            continue;
        drift__str_puts(w->out, "INSERT INTO ");
        drift__put_quoted(w->out, index->name);
        drift__str_putc(w->out, '(');
        drift__put_quoted(w->out, index->name);
        drift__str_puts(w->out, ") VALUES ('rebuild');\n");
        return true;
    }
    return false;
}

static int put_all_rows(writing *w, drift__object_kind kind, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < w->objects.count; i++) {
        const drift__object *object = &w->objects.items[i];
        if (object->kind != kind || strcmp(object->database, "main") != 0) continue;
        if (kind != DRIFT__OBJECT_VIRTUAL_TABLE || !put_rebuild(w, object)) rc = put_rows(w, object, err);
    }
    return rc;
}

static int put_sequence(drift_statement *row, void *payload, drift_error *err)
{
    const writing *w = payload;
    const drift_value name = drift_column_value(row, 0), seq = drift_column_value(row, 1);
    (void)err;
    drift__str_puts(w->out, "INSERT INTO sqlite_sequence (name, seq) VALUES (");
    drift__literal_put(w->out, &name);
    drift__str_puts(w->out, ", ");
    drift__literal_put(w->out, &seq);
    drift__str_puts(w->out, ");\n");
    return DRIFT_OK;
}

static int put_sequences(writing *w, drift_error *err)
{
    int64_t there = 0;
    int rc = drift_query_int64(&there, w->connection,
                               "SELECT count(*) FROM main.sqlite_schema WHERE name = 'sqlite_sequence'", NULL, 0, err);
    if (rc != DRIFT_OK || !there) return rc;
    drift__str_puts(w->out, "DELETE FROM sqlite_sequence;\n");
    return drift_query(w->connection, "SELECT name, seq FROM main.sqlite_sequence ORDER BY rowid", NULL, 0,
                       put_sequence, w, err);
}

/* ---- the database ---- */

static int put_encoding(drift_statement *row, void *payload, drift_error *err)
{
    const writing *w = payload;
    const char *encoding = drift_column_text(row, 0, NULL);
    if (!encoding) return drift__no_memory(err);
    if (strcmp(encoding, "UTF-8") != 0) drift__str_printf(w->out, "PRAGMA encoding = '%s';\n", encoding);
    return DRIFT_OK;
}

/* Rows before indexes and triggers, so that triggers do not fire. */
static int put_database(writing *w, const drift__judgement *judgement, drift_error *err)
{
    int rc = drift_query(w->connection, "PRAGMA encoding", NULL, 0, put_encoding, w, err);
    if (rc != DRIFT_OK) return rc;
    if (judgement->options->setup_sql) drift__repro_put_statement(w->out, judgement->options->setup_sql);
    drift__str_puts(w->out, "PRAGMA foreign_keys = OFF;\nBEGIN;\n");
    put_objects(w, true);
    rc = put_all_rows(w, DRIFT__OBJECT_TABLE, err);
    put_objects(w, false);
    /* An index over a view needs the view. */
    if (rc == DRIFT_OK) rc = put_all_rows(w, DRIFT__OBJECT_VIRTUAL_TABLE, err);
    if (rc == DRIFT_OK) rc = put_sequences(w, err);
    drift__str_printf(w->out, "PRAGMA user_version = %d;\nCOMMIT;\n", judgement->attempt->from);
    return rc;
}

/* ---- the steps ---- */

static void put_step(drift__str *out, const drift__attempt *attempt, const drift_step_file *step)
{
    const bool transaction = attempt->options->runner == DRIFT_RUNNER_TRANSACTION;
    drift__str_printf(out, "\n-- %s\n%s", drift__path_name(step->path), transaction ? "BEGIN;\n" : "");
    drift__str_putn(out, step->sql, step->length);
    drift__str_puts(out, "\n;\n");
    if (attempt->options->stamp != DRIFT_STAMP_NONE) drift__str_printf(out, "PRAGMA user_version = %d;\n", step->to);
    if (transaction) drift__str_puts(out, "COMMIT;\n");
}

void drift__repro_put_steps(drift__str *out, const drift__attempt *attempt, const drift__path *path)
{
    const bool one_transaction = attempt->options->runner == DRIFT_RUNNER_DRIFT;
    if (attempt->options->runner == DRIFT_RUNNER_TRANSACTION) drift__str_puts(out, "PRAGMA foreign_keys = ON;\n");
    if (one_transaction) drift__str_puts(out, "BEGIN;\n");
    for (size_t i = 0; i < path->count; i++) put_step(out, attempt, path->steps[i]);
    if (one_transaction) drift__str_puts(out, "COMMIT;\n");
}

/* What no script can hold. */
static void put_missing(drift__str *out, const drift__attempt *attempt)
{
    const drift_migration_source *source = attempt->source;
    if (source->definition)
        drift__str_printf(out, "\n-- From here on it is the definition \"%s\" that migrates, to version %d.\n",
                          source->definition->name, attempt->to);
    else
        drift__str_printf(out, "\n-- From here on it is a command that migrates, to version %d.\n", attempt->to);
}

static int put_start(drift__str *out, const drift__judgement *judgement, drift_error *err)
{
    writing w = {.out = out, .connection = judgement->before, .arena = DRIFT__ARENA_INIT};
    int rc = drift__objects_read(&w.objects, &w.arena, judgement->before, err);
    if (rc == DRIFT_OK) rc = put_database(&w, judgement, err);
    drift__free(w.objects.items);
    drift__arena_dispose(&w.arena);
    return rc;
}

/* The way that the case went. */
static int put_body(drift__str *out, const char *database, const drift__judgement *judgement, const drift_run *run,
                    drift_error *err)
{
    drift__str_puts(out, database);
    if (!judgement->attempt->path) {
        put_missing(out, judgement->attempt);
        return DRIFT_OK;
    }
    const int rc = drift__repro_remember(out, judgement, run, err);
    drift__repro_put_steps(out, judgement->attempt, judgement->attempt->path);
    return rc == DRIFT_OK ? drift__repro_show(out, judgement, run, err) : rc;
}

/* ---- the head ---- */

/* Enough for any step that ends. */
enum { NEED_INSTRUCTIONS = 10000, NEED_ROUNDS = 2000 };

static bool goes_on(void *payload)
{
    int *rounds = payload;
    return (*rounds)-- > 0;
}

/* Whether plain SQLite has all that the script uses: asked by running it. */
static int put_needs(drift__str *out, const char *body, drift_error *err)
{
    static const char *const needs[] = {
        "no such function: ", "no such collation sequence: ", "no such module: ", "no such tokenizer: "};
    drift_connection *shell = NULL;
    drift_error why = {0};
    int rounds = NEED_ROUNDS;
    int rc = drift_connection_memory(&shell, NULL, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift_connection_progress(shell, NEED_INSTRUCTIONS, goes_on, &rounds, &why);
    if (rc == DRIFT_OK) rc = drift__script_run(shell, body, strlen(body), "repro.sql", NULL, NULL, &why);
    drift_connection_close(shell);
    for (size_t i = 0; rc != DRIFT_OK && i < sizeof needs / sizeof needs[0]; i++) {
        if (!strstr(why.text, needs[i])) continue;
        put_comment(out, "", "It needs what only the application has (load it, or leave out what names it):");
        put_comment(out, "  ", why.text);
    }
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

static int put_head(drift__str *out, const char *data, const drift__attempt *attempt, const drift_run *run,
                    const char *body, drift_error *err)
{
    drift__str_printf(out,
                      "-- From version %d to %d, data %s, seed %lld: what was found, and all that it takes.\n"
                      "-- Replay it: sqlite3 :memory: < repro.sql\n",
                      attempt->from, attempt->to, data, (long long)attempt->options->seed);
    const int rc = put_needs(out, body, err);
    for (size_t i = 0; i < run->finding_count; i++) put_finding(out, &run->findings[i]);
    drift__str_puts(out, "\n.bail on\n.headers on\n\n");
    return rc;
}

static void append(drift__str *out, drift__str *part)
{
    drift__str_puts(out, drift__str_text(part));
    if (part->failed) out->failed = 1;
}

int drift__repro_write(char **out, const char *data, const drift__judgement *judgement, const drift_run *run,
                       drift_error *err)
{
    const bool has_ways = judgement->attempt->path && judgement->ways;
    drift__str text = DRIFT__STR_INIT, database = DRIFT__STR_INIT, body = DRIFT__STR_INIT;
    int rc = put_start(&database, judgement, err);
    if (rc == DRIFT_OK) rc = put_body(&body, drift__str_text(&database), judgement, run, err);
    if (rc == DRIFT_OK) rc = put_head(&text, data, judgement->attempt, run, drift__str_text(&body), err);
    if (rc == DRIFT_OK && has_ways) rc = drift__repro_put_places(&text, judgement, err);
    append(&text, &body);
    if (rc == DRIFT_OK && has_ways) rc = drift__repro_put_ways(&text, judgement, run, drift__str_text(&database), err);
    if (database.failed) text.failed = 1;
    drift__str_dispose(&database);
    drift__str_dispose(&body);
    if (rc == DRIFT_OK) return drift__str_take(out, &text, err);
    drift__str_dispose(&text);
    return rc;
}
