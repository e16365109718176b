/* dependents.c — the indexes, triggers and views that use a table, and whether they will still compile. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "rebuild/rebuild.h"
#include "rebuild/scratch.h"
#include "rebuild/text.h"
#include "sql/quote.h"

/* --- who uses the table --- */

static bool is_dependent(const drift__rebuild *r, const drift__object *object)
{
    for (size_t i = 0; i < r->dependent_count; i++)
        if (r->dependents[i].object == object) return true;
    return false;
}

static void add_dependent(drift__rebuild *r, const drift__object *object, bool own)
{
    r->dependents[r->dependent_count++] = (drift__dependent){
        .object = object, .own = own, .dropped = drift__name_listed(r->request->drop_objects, object->name)};
}

/* Views and triggers whose text names `name`; through a view whoever names the view uses the table too. */
static void add_users(drift__rebuild *r, const char *name)
{
    for (size_t i = 0; i < r->objects.count; i++) {
        const drift__object *o = &r->objects.items[i];
        if (o->kind != DRIFT__OBJECT_VIEW && o->kind != DRIFT__OBJECT_TRIGGER) continue;
        if (!is_dependent(r, o) && drift__text_names(o->sql, name)) add_dependent(r, o, false);
    }
}

static int collect(drift__rebuild *r, drift_error *err)
{
    const char *table = r->old_table.name;
    r->dependents = drift__calloc(r->objects.count + 1, sizeof *r->dependents);
    if (!r->dependents) return drift__no_memory(err);
    for (size_t i = 0; i < r->objects.count; i++)
        if (drift__object_stands_on(&r->objects, &r->objects.items[i], table))
            add_dependent(r, &r->objects.items[i], true);
    add_users(r, table);
    for (size_t i = 0; i < r->dependent_count; i++)
        if (r->dependents[i].object->kind == DRIFT__OBJECT_VIEW) add_users(r, r->dependents[i].object->name);
    return DRIFT_OK;
}

static int require_known_drops(const drift__rebuild *r, drift_error *err)
{
    for (const char *const *name = r->request->drop_objects; name && *name; name++) {
        bool found = false;
        for (size_t i = 0; i < r->dependent_count && !found; i++)
            found = drift__same_name(r->dependents[i].object->name, *name);
        if (!found)
            return drift__error(err, DRIFT_NOT_FOUND,
                                "\"%s\" is to be dropped, but no index, trigger or view of that name uses \"%s\"",
                                *name, r->old_table.name);
    }
    return DRIFT_OK;
}

/* An FTS table reads the rows that it indexes from their table by name, and would fail only when it is asked. */
static int require_content(const drift__rebuild *r, drift_error *err)
{
    for (size_t i = 0; i < r->old_table.column_count; i++) {
        const char *column = r->old_table.columns[i].name;
        if (drift__live_column_find(&r->new_table, column)) continue;
        const drift__object *user = drift__objects_content_user(&r->objects, r->old_table.name, column);
        if (user) return drift__content_error(user, r->old_table.name, column, err);
    }
    return DRIFT_OK;
}

/* --- whether they will compile --- */

/* Adds every token of a text that may be a name. */
static int add_names(drift__rebuild *r, const char *sql, drift_error *err)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const drift__token_kind kind = c.token.kind;
        if (kind != DRIFT__TOKEN_WORD && kind != DRIFT__TOKEN_QUOTED && kind != DRIFT__TOKEN_STRING) continue;
        char *name = drift__unquote(&r->arena, c.token.text, c.token.length);
        if (!name || drift__map_put(&r->named, name, name, NULL)) return drift__no_memory(err);
    }
    return DRIFT_OK;
}

/* What the dependents need is named in their texts, or in the texts of the views and virtual tables that are, and of
 * the triggers on all of them. */
static int collect_names(drift__rebuild *r, drift_error *err)
{
    int rc = DRIFT_OK;
    size_t before = 1;
    for (size_t i = 0; rc == DRIFT_OK && i < r->dependent_count; i++)
        rc = add_names(r, r->dependents[i].object->sql, err);
    while (rc == DRIFT_OK && before != r->named.count) {
        before = r->named.count;
        for (size_t i = 0; rc == DRIFT_OK && i < r->objects.count; i++) {
            const drift__object *o = &r->objects.items[i];
            if (o->kind == DRIFT__OBJECT_TABLE || o->kind == DRIFT__OBJECT_INDEX) continue;
            const char *name = o->kind == DRIFT__OBJECT_TRIGGER ? o->table : o->name;
            if (drift__map_get(&r->named, name)) rc = add_names(r, o->sql, err);
        }
    }
    return rc;
}

/* Left out of the scratch database at first: the old table, what is dropped, what is tried one by one, and what nobody
 * needs. A schema of thousands of tables is not built for the sake of one. */
static bool held_back(const drift__object *object, const void *payload)
{
    const drift__rebuild *r = payload;
    const bool stands = object->kind == DRIFT__OBJECT_INDEX || object->kind == DRIFT__OBJECT_TRIGGER;
    if (object->kind == DRIFT__OBJECT_TABLE && strcmp(object->database, "main") == 0 &&
        drift__same_name(object->name, r->old_table.name))
        return true;
    for (size_t i = 0; i < r->dependent_count; i++)
        if (r->dependents[i].object == object) return r->dependents[i].dropped || object->kind != DRIFT__OBJECT_VIEW;
    return !drift__map_get(&r->named, stands ? object->table : object->name);
}

/* Whether anything but the table's own indexes uses it: then the rest of the schema is needed to judge. */
static bool needs_all(const drift__rebuild *r)
{
    for (size_t i = 0; i < r->dependent_count; i++)
        if (r->dependents[i].object->kind != DRIFT__OBJECT_INDEX) return true;
    return false;
}

/* A scratch database with the table as `sql` says and all that is not tried. */
static int open_world(drift_connection **out, const drift__rebuild *r, const char *sql, drift_error *err)
{
    int rc = drift__scratch_open(out, err);
    if (rc == DRIFT_OK) rc = drift__scratch_run(*out, sql, err);
    if (rc == DRIFT_OK && needs_all(r)) rc = drift__scratch_fill(*out, r->connection, &r->objects, held_back, r, err);
    if (rc == DRIFT_OK) rc = drift__scratch_be_strict(*out, err);
    return rc;
}

static int try_one(bool *works, drift_error *why, drift_connection *world, const drift__dependent *dependent,
                   drift_error *err)
{
    if (dependent->object->kind == DRIFT__OBJECT_VIEW)
        return drift__scratch_compiles(works, why, world, dependent->object, err);
    return drift__scratch_try(works, why, world, dependent->object, err);
}

static int refuse(const drift__rebuild *r, const drift__dependent *dependent, const drift_error *why, drift_error *err)
{
    drift__error(err, DRIFT_MIGRATION, "%s \"%s\" uses \"%s\" and would not compile any more: %s",
                 drift__object_word(dependent->object->kind), dependent->object->name, r->old_table.name, why->text);
    drift__error_hint(err, "drop it first, or name it in drop_objects if it is not to come back");
    return DRIFT_MIGRATION;
}

/* What fails against the new table is judged against the old one: if it works there, the rebuild would break it. Else
 * the scratch database cannot judge it, for want of a module or a function of the application's; whether it compiles is
 * then asked of the live database, before and after. */
static int judge(drift__rebuild *r, drift_connection **before, drift__dependent *dependent, const drift_error *why,
                 drift_error *err)
{
    drift_error ignored = {0};
    bool worked = false;
    int rc = DRIFT_OK;
    if (!*before) rc = open_world(before, r, r->old_table.sql, err);
    if (rc == DRIFT_OK) rc = try_one(&worked, &ignored, *before, dependent, err);
    if (rc < 0) return rc;
    if (worked) return refuse(r, dependent, why, err);
    if (dependent->object->kind == DRIFT__OBJECT_INDEX) return DRIFT_OK;
    return drift__object_soundness(&dependent->uncertain, &ignored, r->connection, dependent->object, err);
}

/* SQLite takes a trigger UPDATE OF a column that is not there, and never fires it: nothing but the text tells. */
static int require_columns(const drift__rebuild *r, const drift__dependent *dependent, drift_error *err)
{
    drift__cursor c = {0};
    if (!dependent->own || dependent->object->kind != DRIFT__OBJECT_TRIGGER) return DRIFT_OK;
    while (drift__text_next_column(&c, dependent->object->sql)) {
        bool was = false, is = false;
        for (size_t i = 0; i < r->old_table.column_count && !was; i++)
            was = drift__text_means(&c.token, r->old_table.columns[i].name);
        for (size_t i = 0; i < r->new_table.column_count && !is; i++)
            is = drift__text_means(&c.token, r->new_table.columns[i].name);
        drift_error why = {0};
        if (!was || is) continue;
        drift__error(&why, DRIFT_SQL, "no such column: %.*s", (int)c.token.length, c.token.text);
        return refuse(r, dependent, &why, err);
    }
    return DRIFT_OK;
}

/* Indexes and views before triggers, which may need them. */
static int try_kind(drift__rebuild *r, drift__object_kind kind, drift_connection *after, drift_connection **before,
                    drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->dependent_count; i++) {
        drift__dependent *dependent = &r->dependents[i];
        drift_error why = {0};
        bool works = true;
        if (dependent->dropped || dependent->object->kind != kind) continue;
        if ((rc = require_columns(r, dependent, err)) < 0) break;
        rc = try_one(&works, &why, after, dependent, err);
        if (rc == DRIFT_OK && !works) rc = judge(r, before, dependent, &why, err);
    }
    return rc;
}

static int require_compiling(drift__rebuild *r, drift_error *err)
{
    drift_connection *after = NULL, *before = NULL;
    int rc = DRIFT_OK;
    if (r->dependent_count == 0) return rc;
    if ((rc = collect_names(r, err)) < 0) return rc;
    rc = open_world(&after, r, r->request->sql, err);
    if (rc == DRIFT_OK) rc = try_kind(r, DRIFT__OBJECT_INDEX, after, &before, err);
    if (rc == DRIFT_OK) rc = try_kind(r, DRIFT__OBJECT_VIEW, after, &before, err);
    if (rc == DRIFT_OK) rc = try_kind(r, DRIFT__OBJECT_TRIGGER, after, &before, err);
    drift_connection_close(after);
    drift_connection_close(before);
    return rc;
}

int drift__rebuild_plan_dependents(drift__rebuild *r, drift_error *err)
{
    int rc = drift__objects_read(&r->objects, &r->arena, r->connection, err);
    if (rc == DRIFT_OK) rc = collect(r, err);
    if (rc == DRIFT_OK) rc = require_known_drops(r, err);
    if (rc == DRIFT_OK) rc = require_content(r, err);
    return rc == DRIFT_OK ? require_compiling(r, err) : rc;
}
