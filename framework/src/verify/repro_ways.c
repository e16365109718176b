/* repro_ways.c — the other ways to the same version, and what differs where they end.
 *
 * Each way has a database in memory, of SQLite's VFS "memdb", which lives as long as a connection has it open. The
 * shell's second connection has all of them open, and compares them when all ways have been gone; the first one goes
 * them, and may close a database to open it anew.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "rebuild/live.h"
#include "rebuild/object.h"
#include "sql/quote.h"
#include "verify/fresh_rows.h"
#include "verify/repro.h"

static const char directly[] = "directly", by_parts[] = "by_its_parts", reopened[] = "opened_anew", fresh[] = "fresh";

typedef struct ways {
    drift__str *out;
    const drift__judgement *judgement;
    const drift_run *run;
    const char *database;
    drift__path parts;
    bool has_parts; /* and they are another way than the case's */
} ways;

static bool is_told(const ways *w, drift__way way)
{
    return (w->judgement->ways & way) != 0;
}

/* What a way with the same steps is compared with. */
static bool goes_by_parts(const ways *w)
{
    return w->has_parts && (is_told(w, DRIFT__WAY_PARTS) || is_told(w, DRIFT__WAY_REOPENED));
}

static int begin(ways *w, drift_error *err)
{
    const drift__attempt *attempt = w->judgement->attempt;
    const drift__path *path = attempt->path;
    const int rc = drift__path_find_parts(&w->parts, attempt->source->steps, attempt->from, attempt->to, err);
    if (rc != DRIFT_OK) return rc;
    w->has_parts = w->parts.count != path->count;
    for (size_t i = 0; !w->has_parts && i < path->count; i++) w->has_parts = w->parts.steps[i] != path->steps[i];
    return DRIFT_OK;
}

/* ---- places ---- */

static void put_place(drift__str *out, const char *way)
{
    drift__str_printf(out, "ATTACH 'file:/drift_%s?vfs=memdb' AS %s;\n", way, way);
}

static void put_opening(drift__str *out, const char *way)
{
    drift__str_printf(out, ".open 'file:/drift_%s?vfs=memdb'\n", way);
}

int drift__repro_put_places(drift__str *out, const drift__judgement *judgement, drift_error *err)
{
    ways w = {.out = out, .judgement = judgement};
    const int rc = begin(&w, err);
    drift__str_puts(out, "-- Each way has a database in memory, which a second connection holds and compares.\n"
                         ".connection 1\n");
    put_place(out, directly);
    if (goes_by_parts(&w)) put_place(out, by_parts);
    if (is_told(&w, DRIFT__WAY_REOPENED)) put_place(out, reopened);
    if (is_told(&w, DRIFT__WAY_FRESH)) put_place(out, fresh);
    drift__str_puts(out, "\n-- Directly.\n.connection 0\n");
    put_opening(out, directly);
    drift__path_dispose(&w.parts);
    return rc;
}

/* ---- ways ---- */

static void go_by_parts(const ways *w)
{
    drift__str_puts(w->out, "\n-- The parts of the same way, in one opening.\n");
    put_opening(w->out, by_parts);
    drift__str_puts(w->out, w->database);
    drift__repro_put_steps(w->out, w->judgement->attempt, &w->parts);
}

static void go_reopened(const ways *w)
{
    const drift_verify_options *options = w->judgement->options;
    drift__str_puts(w->out, "\n-- Opened anew at each version.\n");
    put_opening(w->out, reopened);
    drift__str_puts(w->out, w->database);
    for (size_t i = 0; i < w->parts.count; i++) {
        const drift__path step = {&w->parts.steps[i], 1};
        drift__str_puts(w->out, "\n");
        put_opening(w->out, reopened);
        if (options->setup_sql) drift__repro_put_statement(w->out, options->setup_sql);
        drift__repro_put_steps(w->out, w->judgement->attempt, &step);
    }
}

/* ---- what differs ---- */

/* Whether path.data is told of the table or one of its columns. */
static bool is_other(const ways *w, const char *table)
{
    for (size_t i = 0; i < w->run->finding_count; i++) {
        const drift_finding *finding = &w->run->findings[i];
        if (finding->code == DRIFT_FINDING_PATH_DATA && drift__is_of(finding->object, table)) return true;
    }
    return false;
}

static void put_objects_of(const ways *w, const char *table)
{
    const drift_schema *target = w->judgement->target;
    for (size_t i = 0; i < target->entity_count; i++) {
        const drift_entity *entity = &target->entities[i];
        const bool is_table = entity->as.table && drift__same_name(entity->name, table);
        const bool is_index = entity->as.index && drift__same_name(entity->as.index->table, table);
        if (is_table || is_index) drift__repro_put_statement(w->out, entity->sql);
    }
}

static void go_fresh(const ways *w)
{
    const drift_verify_options *options = w->judgement->options;
    const drift_schema *target = w->judgement->target;
    drift__str_printf(w->out, "\n-- A fresh database of version %d.\n", w->judgement->attempt->to);
    put_opening(w->out, fresh);
    if (options->setup_sql) drift__repro_put_statement(w->out, options->setup_sql);
    for (size_t i = 0; i < target->entity_count; i++) {
        const drift_entity *entity = &target->entities[i];
        if (entity->as.table && is_other(w, entity->name)) put_objects_of(w, entity->name);
    }
}

static void put_name(drift__str *out, const char *way, const char *table)
{
    drift__str_printf(out, "%s.", way);
    drift__put_quoted(out, table);
}

/* The rows of a table, each once with how often it is there; values as literals, so that 1 is not 1.0. */
static void put_rows(drift__str *out, const char *way, const drift__live_table *table)
{
    size_t count = 0;
    drift__str_puts(out, "SELECT count(*) AS rows");
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].hidden) continue;
        count++;
        drift__str_puts(out, ", quote(");
        drift__put_quoted(out, table->columns[i].name);
        drift__str_puts(out, ") AS ");
        drift__put_quoted(out, table->columns[i].name);
    }
    drift__str_puts(out, " FROM ");
    put_name(out, way, table->name);
    drift__str_puts(out, " GROUP BY ");
    for (size_t i = 0; i < count; i++) drift__str_printf(out, "%s%zu", i ? ", " : "", i + 2);
}

static void put_other_rows(drift__str *out, const char *way, const char *than, const drift__live_table *table)
{
    drift__str_printf(out, "SELECT '%s' AS way, * FROM (", way);
    put_rows(out, way, table);
    drift__str_puts(out, " EXCEPT ");
    put_rows(out, than, table);
    drift__str_putc(out, ')');
}

static void put_other_objects(drift__str *out, const char *way, const char *than)
{
    drift__str_printf(out,
                      "SELECT '%s' AS way, * FROM (SELECT type, name, sql FROM %s.sqlite_schema EXCEPT"
                      " SELECT type, name, sql FROM %s.sqlite_schema)",
                      way, way, than);
}

/* With the rowids, and only what can be written: triggers there are none. */
static void put_copy(const ways *w, const drift__live_table *table)
{
    const char *rowid = table->integer_key ? NULL : drift__live_rowid(table);
    for (int part = 0; part < 2; part++) {
        size_t count = 0;
        drift__str_puts(w->out, part ? ") SELECT " : "INSERT OR ABORT INTO ");
        if (!part) put_name(w->out, fresh, table->name);
        if (!part) drift__str_puts(w->out, " (");
        if (rowid) drift__put_quoted(w->out, rowid);
        if (rowid) count++;
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].generated) continue;
            drift__str_puts(w->out, count++ ? ", " : "");
            drift__put_quoted(w->out, table->columns[i].name);
        }
    }
    drift__str_puts(w->out, " FROM ");
    put_name(w->out, directly, table->name);
    drift__str_puts(w->out, ";\n");
}

static void show_rows(const ways *w, const char *one, const char *other, const drift__live_table *table)
{
    if (other == fresh) put_copy(w, table);
    put_other_rows(w->out, one, other, table);
    drift__str_puts(w->out, "\nUNION ALL\n");
    put_other_rows(w->out, other, one, table);
    drift__str_puts(w->out, ";\n");
}

static int show_table(const ways *w, const char *one, const char *other, const char *name, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__live_table table = {0};
    drift_error why = {0};
    const int rc = drift__live_table_read(&table, &arena, w->judgement->after, name, &why);
    if (rc == DRIFT_OK) show_rows(w, one, other, &table);
    drift__arena_dispose(&arena);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

static int show_tables(const ways *w, const char *one, const char *other, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__objects objects = {0};
    int rc = drift__objects_read(&objects, &arena, w->judgement->after, err);
    for (size_t i = 0; rc == DRIFT_OK && i < objects.count; i++) {
        const drift__object *object = &objects.items[i];
        const bool is_table = object->kind == DRIFT__OBJECT_TABLE || object->kind == DRIFT__OBJECT_VIRTUAL_TABLE;
        if (is_table && strcmp(object->database, "main") == 0 && is_other(w, object->name))
            rc = show_table(w, one, other, object->name, err);
    }
    drift__free(objects.items);
    drift__arena_dispose(&arena);
    return rc;
}

static void show_schemas(const ways *w, const char *one, const char *other)
{
    put_other_objects(w->out, one, other);
    drift__str_puts(w->out, "\nUNION ALL\n");
    put_other_objects(w->out, other, one);
    drift__str_puts(w->out, ";\n");
}

static bool has_other_schema(const ways *w)
{
    for (size_t i = 0; i < w->run->finding_count; i++) {
        if (w->run->findings[i].code == DRIFT_FINDING_PATH_SCHEMA) return true;
    }
    return false;
}

static int show_way(const ways *w, const char *one, const char *other, drift_error *err)
{
    if (other != fresh && has_other_schema(w)) show_schemas(w, one, other);
    return show_tables(w, one, other, err);
}

static int put_ways(const ways *w, drift_error *err)
{
    int rc = DRIFT_OK;
    if (goes_by_parts(w)) go_by_parts(w);
    if (is_told(w, DRIFT__WAY_REOPENED)) go_reopened(w);
    if (is_told(w, DRIFT__WAY_FRESH)) go_fresh(w);
    drift__str_puts(w->out, "\n-- What differs.\n.connection 1\nPRAGMA foreign_keys = OFF;\n");
    if (is_told(w, DRIFT__WAY_PARTS)) rc = show_way(w, directly, by_parts, err);
    if (rc == DRIFT_OK && is_told(w, DRIFT__WAY_REOPENED))
        rc = show_way(w, goes_by_parts(w) ? by_parts : directly, reopened, err);
    return rc == DRIFT_OK && is_told(w, DRIFT__WAY_FRESH) ? show_way(w, directly, fresh, err) : rc;
}

int drift__repro_put_ways(drift__str *out, const drift__judgement *judgement, const drift_run *run,
                          const char *database, drift_error *err)
{
    ways w = {.out = out, .judgement = judgement, .run = run, .database = database};
    int rc = begin(&w, err);
    if (rc == DRIFT_OK) rc = put_ways(&w, err);
    drift__path_dispose(&w.parts);
    return rc;
}
