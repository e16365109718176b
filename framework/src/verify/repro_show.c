/* repro_show.c — the queries that show what was found. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "rebuild/live.h"
#include "sql/quote.h"
#include "verify/hidden.h"
#include "verify/repro.h"

static const char remembered[] = "drift_before_";

typedef struct showing {
    drift__str *out;
    const drift__judgement *judgement;
    drift__arena arena;
    const char *table;  /* of the finding */
    const char *column; /* NULL: it is of the whole table */
    drift__live_table before, after;
    bool in_before, in_after;
} showing;

/* ---- what a finding is about ---- */

static int read_table(bool *there, drift__live_table *out, showing *s, drift_connection *connection, const char *name,
                      drift_error *err)
{
    drift_error why = {0};
    const int rc = drift__live_table_read(out, &s->arena, connection, name, &why);
    *there = rc == DRIFT_OK;
    if (rc == DRIFT_OK || rc == DRIFT_NOT_FOUND || drift__is_answer(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

static int read_tables(showing *s, const char *name, drift_error *err)
{
    s->table = name;
    int rc = read_table(&s->in_before, &s->before, s, s->judgement->before, name, err);
    return rc == DRIFT_OK ? read_table(&s->in_after, &s->after, s, s->judgement->after, name, err) : rc;
}

/* "t" or "t.c", and a dot may be part of either: the shortest name that a table has. */
static int find_table(showing *s, const char *object, drift_error *err)
{
    int rc = object ? read_tables(s, object, err) : DRIFT_OK;
    const char *dot = object;
    s->column = NULL;
    while (rc == DRIFT_OK && object && !s->in_before && !s->in_after && (dot = strchr(dot, '.'))) {
        const char *name = drift__arena_strndup(&s->arena, object, (size_t)(dot - object));
        s->column = ++dot;
        rc = name ? read_tables(s, name, err) : drift__no_memory(err);
    }
    return rc;
}

static void put_remembered(drift__str *out, const char *table)
{
    char *name = NULL;
    drift__str quoted = DRIFT__STR_INIT;
    drift__str_printf(&quoted, "%s%s", remembered, table);
    drift__str_puts(out, "temp.");
    if (drift__str_take(&name, &quoted, NULL) == DRIFT_OK)
        drift__put_quoted(out, name);
    else
        out->failed = 1;
    drift__free(name);
}

/* ---- remembering ---- */

static bool is_about_rows(drift_finding_code code)
{
    return (code >= DRIFT_FINDING_DATA_LOST_ROWS && code <= DRIFT_FINDING_DATA_COLLATERAL) ||
           code == DRIFT_FINDING_HIDDEN_ROWID;
}

static void remember(const showing *s, drift__str *out)
{
    const char *rowid = drift__live_rowid(&s->before);
    drift__str_puts(out, "CREATE TABLE ");
    put_remembered(out, s->table);
    drift__str_puts(out, " AS SELECT ");
    if (rowid) {
        drift__put_quoted(out, rowid);
        drift__str_puts(out, " AS drift_rowid, ");
    }
    drift__str_puts(out, "* FROM main.");
    drift__put_quoted(out, s->table);
    drift__str_puts(out, ";\n");
}

/* Two findings may be shown by one statement. */
static void put_once(drift__str *out, drift__str *text)
{
    if (text->failed) out->failed = 1;
    if (!strstr(drift__str_text(out), drift__str_text(text))) drift__str_puts(out, drift__str_text(text));
    drift__str_dispose(text);
}

int drift__repro_remember(drift__str *out, const drift__judgement *judgement, const drift_run *run, drift_error *err)
{
    showing s = {.judgement = judgement, .arena = DRIFT__ARENA_INIT};
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < run->finding_count; i++) {
        if (!is_about_rows(run->findings[i].code)) continue;
        rc = find_table(&s, run->findings[i].object, err);
        if (rc != DRIFT_OK || !s.in_before) continue;
        drift__str text = DRIFT__STR_INIT;
        remember(&s, &text);
        put_once(out, &text);
    }
    drift__arena_dispose(&s.arena);
    return rc;
}

/* ---- rows ---- */

static void put_column(drift__str *out, const char *side, const char *name)
{
    drift__str_printf(out, "%s.", side);
    drift__put_quoted(out, name);
}

static bool is_shared(const showing *s, const drift__live_column *column)
{
    const drift__live_column *now = drift__live_column_find(&s->after, column->name);
    return !column->generated && now && !now->generated;
}

static void show_count(const showing *s)
{
    drift__str_puts(s->out, "SELECT (SELECT count(*) FROM ");
    put_remembered(s->out, s->table);
    drift__str_puts(s->out, ") AS expected, (SELECT count(*) FROM main.");
    drift__put_quoted(s->out, s->table);
    drift__str_puts(s->out, ") AS actual;\n");
}

/* How a row is found again: by its declared key, else by its rowid, else (`values`) by what it holds. */
static void put_match(const showing *s, bool values)
{
    const char *old = drift__live_rowid(&s->before), *new = drift__live_rowid(&s->after);
    size_t count = 0;
    for (size_t i = 0; i < s->before.column_count; i++) {
        const drift__live_column *column = &s->before.columns[i];
        if (!is_shared(s, column) || !(column->key || values)) continue;
        drift__str_puts(s->out, count++ ? " AND " : "");
        put_column(s->out, "a", column->name);
        drift__str_puts(s->out, " IS ");
        put_column(s->out, "b", column->name);
    }
    if (count) return;
    if (old && new) {
        put_column(s->out, "a", new);
        drift__str_puts(s->out, " = b.drift_rowid");
    } else {
        drift__str_puts(s->out, "1");
    }
}

static void put_both(const showing *s)
{
    drift__str_puts(s->out, " FROM ");
    put_remembered(s->out, s->table);
    drift__str_puts(s->out, " AS b JOIN main.");
    drift__put_quoted(s->out, s->table);
    drift__str_puts(s->out, " AS a ON ");
}

/* A new column: the first row's value is known, and every other value is shown. */
static void show_new_values(const showing *s, const char *expected)
{
    drift__str_printf(s->out, "SELECT quote(%s) AS expected, quote(", expected);
    put_column(s->out, "a", s->column);
    drift__str_puts(s->out, ") AS actual FROM main.");
    drift__put_quoted(s->out, s->table);
    drift__str_printf(s->out, " AS a WHERE actual <> expected;\n");
}

static void show_values(const showing *s, const drift_finding *finding)
{
    if (!s->column || !drift__live_column_find(&s->after, s->column)) return;
    if (!drift__live_column_find(&s->before, s->column)) {
        if (finding->expected) show_new_values(s, finding->expected);
        return;
    }
    drift__str_puts(s->out, "SELECT quote(");
    put_column(s->out, "b", s->column);
    drift__str_puts(s->out, ") AS expected, quote(");
    put_column(s->out, "a", s->column);
    drift__str_puts(s->out, ") AS actual");
    put_both(s);
    put_match(s, false);
    /* Bit by bit: no collation, and 1 is not 1.0. */
    drift__str_puts(s->out, " WHERE typeof(");
    put_column(s->out, "a", s->column);
    drift__str_puts(s->out, ") <> typeof(");
    put_column(s->out, "b", s->column);
    drift__str_puts(s->out, ") OR CAST(");
    put_column(s->out, "a", s->column);
    drift__str_puts(s->out, " AS BLOB) IS NOT CAST(");
    put_column(s->out, "b", s->column);
    drift__str_puts(s->out, " AS BLOB);\n");
}

static void put_shared(const showing *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->before.column_count; i++) {
        if (!is_shared(s, &s->before.columns[i])) continue;
        drift__str_puts(s->out, count++ ? ", " : "");
        drift__put_quoted(s->out, s->before.columns[i].name);
    }
    if (!count) drift__str_puts(s->out, "1");
}

/* Rows that the table should hold and does not, or does not hold as they were. */
static void show_missing_rows(const showing *s)
{
    drift__str_puts(s->out, "SELECT 0 AS expected, count(*) AS actual FROM (SELECT ");
    put_shared(s);
    drift__str_puts(s->out, " FROM ");
    put_remembered(s->out, s->table);
    drift__str_puts(s->out, " EXCEPT SELECT ");
    put_shared(s);
    drift__str_puts(s->out, " FROM main.");
    drift__put_quoted(s->out, s->table);
    drift__str_puts(s->out, ");\n");
}

static void show_rowids(const showing *s)
{
    const char *new = drift__live_rowid(&s->after);
    if (!new) return;
    drift__str_puts(s->out, "SELECT b.drift_rowid AS expected, ");
    put_column(s->out, "a", new);
    drift__str_puts(s->out, " AS actual");
    put_both(s);
    put_match(s, true);
    drift__str_puts(s->out, " WHERE ");
    put_column(s->out, "a", new);
    drift__str_puts(s->out, " <> b.drift_rowid;\n");
}

static void show_rows(const showing *s, const drift_finding *finding)
{
    if (!s->in_before || !s->in_after) return;
    switch (finding->code) {
    case DRIFT_FINDING_DATA_LOST_ROWS:
    case DRIFT_FINDING_DATA_EXTRA_ROWS: show_count(s); break;
    case DRIFT_FINDING_DATA_COLLATERAL:
        show_count(s);
        show_missing_rows(s);
        break;
    case DRIFT_FINDING_HIDDEN_ROWID: show_rowids(s); break;
    default: show_values(s, finding); break;
    }
}

/* ---- what is hidden ---- */

static void show_sequence(const showing *s, const drift_finding *finding)
{
    drift__str_printf(
        s->out, "SELECT %s AS expected, max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = ", finding->expected);
    drift__put_string(s->out, s->table);
    drift__str_puts(s->out, "), 0), ifnull((SELECT max(rowid) FROM main.");
    drift__put_quoted(s->out, s->table);
    drift__str_puts(s->out, "), 0)) AS actual;\n");
}

static const drift__object *object_of(const drift__objects *objects, drift__object_kind kind, const char *name)
{
    const drift__object *object = drift__hidden_object(objects, kind, "main", name);
    return object ? object : drift__hidden_object(objects, kind, "temp", name);
}

static void show_view(const showing *s, const char *name)
{
    drift__str_puts(s->out, "SELECT * FROM ");
    drift__put_quoted(s->out, name);
    drift__str_puts(s->out, ";\n");
}

static int show_index(const showing *s, const drift__objects *objects, const char *name, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    const drift__object *index = object_of(objects, DRIFT__OBJECT_VIRTUAL_TABLE, name);
    if (index) drift__index_check_put(s->out, index->name, drift__module_of(&arena, index->sql));
    drift__str_puts(s->out, index ? ";\n" : "");
    const int rc = arena.failed ? drift__no_memory(err) : DRIFT_OK;
    drift__arena_dispose(&arena);
    return rc;
}

static int show_trigger(const showing *s, const drift__objects *objects, const char *name, drift_error *err)
{
    const drift__object *trigger = object_of(objects, DRIFT__OBJECT_TRIGGER, name);
    if (!trigger) return DRIFT_OK;
    const int rc = drift__object_statement_put(s->out, s->judgement->after, trigger, err);
    drift__str_puts(s->out, ";\n");
    return rc;
}

static int show_object(const showing *s, const drift_finding *finding, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__objects objects = {0};
    int rc = drift__objects_read(&objects, &arena, s->judgement->after, err);
    if (rc == DRIFT_OK)
        rc = finding->code == DRIFT_FINDING_HIDDEN_FTS ? show_index(s, &objects, finding->object, err)
                                                       : show_trigger(s, &objects, finding->object, err);
    drift__free(objects.items);
    drift__arena_dispose(&arena);
    return rc;
}

/* ---- the rest ---- */

/* The text of an object that the target has, whatever kind it is of. */
static const char *text_in_target(const showing *s, const char *name)
{
    const drift_schema *target = s->judgement->target;
    for (size_t i = 0; i < target->entity_count; i++) {
        const drift_entity *entity = &target->entities[i];
        if (entity->name && drift__same_name(entity->name, name)) return entity->sql;
    }
    return NULL;
}

static void show_schema(const showing *s, const drift_finding *finding)
{
    const char *name = s->in_after ? s->table : finding->object;
    const char *expected = finding->expected ? finding->expected : text_in_target(s, name);
    drift__str_puts(s->out, "SELECT ");
    if (expected)
        drift__put_string(s->out, expected);
    else
        drift__str_puts(s->out, "NULL");
    drift__str_puts(s->out, " AS expected, (SELECT sql FROM main.sqlite_schema WHERE name = ");
    drift__put_string(s->out, name);
    drift__str_puts(s->out, " COLLATE NOCASE) AS actual;\n");
}

static void show_dangling(const showing *s, const char *table)
{
    drift__str_puts(s->out, "SELECT \"table\" AS expected, NULL AS actual FROM pragma_foreign_key_list(");
    drift__put_string(s->out, table);
    drift__str_puts(s->out, ") WHERE \"table\" COLLATE NOCASE NOT IN (SELECT name FROM main.sqlite_schema WHERE type ="
                            " 'table');\n");
}

static int show(showing *s, const drift_finding *finding, drift_error *err)
{
    const int rc = find_table(s, finding->object, err);
    if (rc != DRIFT_OK) return rc;
    if (is_about_rows(finding->code)) {
        show_rows(s, finding);
        return DRIFT_OK;
    }
    switch (finding->code) {
    case DRIFT_FINDING_MIGRATION_VERSION:
        drift__str_printf(s->out, "SELECT %s AS expected, user_version AS actual FROM pragma_user_version;\n",
                          finding->expected);
        break;
    case DRIFT_FINDING_MIGRATION_TRANSACTION: drift__str_puts(s->out, "BEGIN; -- one is open\n"); break;
    case DRIFT_FINDING_FK_VIOLATION: drift__str_puts(s->out, "PRAGMA foreign_key_check;\n"); break;
    case DRIFT_FINDING_FK_DANGLING: show_dangling(s, finding->object); break;
    case DRIFT_FINDING_HIDDEN_SEQUENCE: show_sequence(s, finding); break;
    case DRIFT_FINDING_HIDDEN_VIEW: show_view(s, finding->object); break;
    case DRIFT_FINDING_HIDDEN_FTS:
    case DRIFT_FINDING_HIDDEN_TRIGGER: return show_object(s, finding, err);
    case DRIFT_FINDING_HIDDEN_INSERT: drift__str_printf(s->out, "%s;\n", finding->expected); break;
    case DRIFT_FINDING_HIDDEN_TEMP:
        drift__str_printf(s->out, "SELECT type, name FROM temp.sqlite_schema WHERE name NOT LIKE '%s%%';\n",
                          remembered);
        break;
    case DRIFT_FINDING_HIDDEN_INTEGRITY: drift__str_puts(s->out, "PRAGMA integrity_check;\n"); break;
    default:
        if (finding->code < DRIFT_FINDING_MIGRATION_FAILED && finding->object) show_schema(s, finding);
        break;
    }
    return DRIFT_OK;
}

/* What answers with rows first: the script ends at the first error, which shows one of the others. */
static bool answers_with_an_error(drift_finding_code code)
{
    return code == DRIFT_FINDING_MIGRATION_TRANSACTION || code == DRIFT_FINDING_HIDDEN_VIEW ||
           code == DRIFT_FINDING_HIDDEN_FTS || code == DRIFT_FINDING_HIDDEN_TRIGGER ||
           code == DRIFT_FINDING_HIDDEN_INSERT;
}

int drift__repro_show(drift__str *out, const drift__judgement *judgement, const drift_run *run, drift_error *err)
{
    showing s = {.judgement = judgement, .arena = DRIFT__ARENA_INIT};
    drift__str shown = DRIFT__STR_INIT;
    int rc = DRIFT_OK;
    for (int errors = 0; errors < 2; errors++) {
        for (size_t i = 0; rc == DRIFT_OK && i < run->finding_count; i++) {
            if (answers_with_an_error(run->findings[i].code) != (errors == 1)) continue;
            drift__str text = DRIFT__STR_INIT;
            s.out = &text;
            rc = show(&s, &run->findings[i], err);
            put_once(&shown, &text);
        }
    }
    if (shown.length) drift__str_puts(out, "\n-- What shows it.\n");
    drift__str_puts(out, drift__str_text(&shown));
    if (shown.failed) out->failed = 1;
    drift__str_dispose(&shown);
    drift__arena_dispose(&s.arena);
    return rc;
}
