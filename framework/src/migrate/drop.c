/* drop.c — dropping entities, and creating all views anew. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "drift/render.h"
#include "migrate/migrator.h"
#include "rebuild/live.h"
#include "rebuild/object.h"
#include "rebuild/text.h"
#include "sql/quote.h"

/* A call that drops one entity. */
typedef struct dropping {
    drift_migrator *migrator;
    drift_entity_kind kind;
    const char *name;
    bool temporary;
} dropping;

static const char *const words[] = {[DRIFT_ENTITY_TABLE] = "TABLE",
                                    [DRIFT_ENTITY_INDEX] = "INDEX",
                                    [DRIFT_ENTITY_VIEW] = "VIEW",
                                    [DRIFT_ENTITY_TRIGGER] = "TRIGGER",
                                    [DRIFT_ENTITY_VIRTUAL_TABLE] = "TABLE"};

static int require_existing(const dropping *d, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_TEXT(words[d->kind], strlen(words[d->kind])),
                                 DRIFT_BIND_TEXT(d->name, strlen(d->name))};
    int64_t count = 0;
    const int rc = drift_query_int64(
        &count, d->migrator->connection,
        d->temporary ? "SELECT count(*) FROM temp.sqlite_schema WHERE type = lower(?1) AND name = ?2 COLLATE NOCASE"
                     : "SELECT count(*) FROM main.sqlite_schema WHERE type = lower(?1) AND name = ?2 COLLATE NOCASE",
        binds, 2, err);
    if (rc < 0 || count > 0) return rc;
    return drift__error(err, DRIFT_NOT_FOUND, "there is no %s \"%s\"", drift_entity_kind_name(d->kind), d->name);
}

static int drop(drift_connection *connection, void *payload, drift_error *err)
{
    const dropping *d = payload;
    drift__str s = DRIFT__STR_INIT;
    int rc = require_existing(d, err);
    drift__str_printf(&s, "DROP %s %s.", words[d->kind], d->temporary ? "temp" : "main");
    drift__put_quoted(&s, d->name);
    if (rc == DRIFT_OK) rc = s.failed ? drift__no_memory(err) : drift_exec(connection, s.text, err);
    drift__str_dispose(&s);
    if (rc < 0) return rc;
    return drift__migrator_touch(d->migrator, DRIFT_TOUCH_DROPPED, d->kind, d->name, NULL, err);
}

int drift_migrator_drop(drift_migrator *migrator, const drift_entity *entity, drift_error *err)
{
    dropping d = {migrator, entity->kind, entity->name, entity->temporary};
    if (entity->kind == DRIFT_ENTITY_QUERY)
        return drift__error(err, DRIFT_MISUSE, "a query is run when the database is created; there is nothing to drop");
    if (entity->kind == DRIFT_ENTITY_TABLE && !entity->temporary)
        return drift_migrator_drop_table(migrator, entity->name, err);
    return drift__migrator_atomic(migrator, drop, &d, err);
}

int drift_migrator_drop_table(drift_migrator *migrator, const char *name, drift_error *err)
{
    dropping d = {migrator, DRIFT_ENTITY_TABLE, name, false};
    return drift__migrator_suspended(migrator, name, drop, &d, err);
}

/* --- all views anew --- */

/* A call of drift_migrator_recreate_all_views. */
typedef struct recreation {
    drift_migrator *migrator;
    drift__arena arena;
    drift__objects objects;
    drift__soundness *before;   /* how each object compiled; BROKEN too what does not count */
    const drift_entity **views; /* the schema's, still to be created; NULL where one was */
    size_t view_count;
} recreation;

static int drop_views(const recreation *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->objects.count; i++) {
        const drift__object *o = &r->objects.items[i];
        dropping d = {r->migrator, DRIFT_ENTITY_VIEW, o->name, false};
        if (o->kind == DRIFT__OBJECT_VIEW && strcmp(o->database, "main") == 0)
            rc = drop(r->migrator->connection, &d, err);
    }
    return rc;
}

static int list_views(recreation *r, drift_error *err)
{
    const drift_schema *schema = r->migrator->schema;
    r->views = drift__arena_array(&r->arena, schema->entity_count + 1, sizeof *r->views);
    if (!r->views) return drift__no_memory(err);
    for (size_t i = 0; i < schema->entity_count; i++) {
        const drift_entity *entity = &schema->entities[i];
        if (entity->kind == DRIFT_ENTITY_VIEW && !entity->temporary) r->views[r->view_count++] = entity;
    }
    return DRIFT_OK;
}

/* Whether the text of a view names another one that is still to be created. */
static bool must_wait(const recreation *r, size_t index, const char *sql)
{
    for (size_t i = 0; i < r->view_count; i++)
        if (i != index && r->views[i] && drift__text_names(sql, r->views[i]->name)) return true;
    return false;
}

static int create_view(const recreation *r, const drift_entity *view, const char *sql, drift_error *err)
{
    const drift__object object = {.kind = DRIFT__OBJECT_VIEW, .database = "main", .name = view->name, .sql = sql};
    drift_error why = {0};
    bool compiles = false;
    int rc = drift_exec(r->migrator->connection, sql, err);
    if (rc == DRIFT_OK) rc = drift__object_compiles(&compiles, &why, r->migrator->connection, &object, err);
    if (rc == DRIFT_OK && !compiles)
        rc = drift__error(err, DRIFT_MIGRATION, "view \"%s\" does not compile: %s", view->name, why.text);
    drift__error_source(err, view->name);
    if (rc < 0) return rc;
    return drift__migrator_touch(r->migrator, DRIFT_TOUCH_CREATED, DRIFT_ENTITY_VIEW, view->name, NULL, err);
}

/* Creates the views that wait for none of the others; `force` takes them as they come, since what looks like waiting
 * may be a column's name. */
static int create_ready(size_t *created, recreation *r, bool force, drift_error *err)
{
    int rc = DRIFT_OK;
    *created = 0;
    for (size_t i = 0; rc == DRIFT_OK && i < r->view_count; i++) {
        char *rendered = NULL;
        const drift_entity *view = r->views[i];
        if (!view) continue;
        if (!view->sql) rc = drift_render_entity(&rendered, view, err);
        const char *sql = rendered ? rendered : view->sql;
        if (rc == DRIFT_OK && (force || !must_wait(r, i, sql))) {
            rc = create_view(r, view, sql, err);
            r->views[i] = NULL;
            ++*created;
        }
        drift_free(rendered);
    }
    return rc;
}

/* Whether an object stands on a view of the main database, which goes and may come back. */
static bool stands_on_view(const recreation *r, const drift__object *o)
{
    for (size_t i = 0; i < r->objects.count; i++) {
        const drift__object *view = &r->objects.items[i];
        if (view->kind == DRIFT__OBJECT_VIEW && strcmp(view->database, "main") == 0 &&
            drift__same_name(view->name, o->table) && drift__object_stands_on(&r->objects, o, view->name))
            return true;
    }
    return false;
}

/* INSTEAD OF triggers went with their views; those whose view is back come back as they were. */
static int restore_triggers(const recreation *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->objects.count; i++) {
        const drift__object *o = &r->objects.items[i];
        char *sql = NULL;
        if (!stands_on_view(r, o)) continue;
        if (!drift_schema_entity(r->migrator->schema, DRIFT_ENTITY_VIEW, o->table)) {
            r->before[i] = DRIFT__BROKEN; /* it went for good */
            continue;
        }
        rc = drift__text_place(&sql, o->sql, o->database, NULL, err);
        if (rc == DRIFT_OK) rc = drift_exec(r->migrator->connection, sql, err);
        drift__free(sql);
    }
    return rc;
}

/* Triggers, and views that stay: what a new view may break. */
static bool may_break(const drift__object *o)
{
    return o->kind == DRIFT__OBJECT_TRIGGER || (o->kind == DRIFT__OBJECT_VIEW && strcmp(o->database, "temp") == 0);
}

static int note_soundness(recreation *r, drift_error *err)
{
    int rc = DRIFT_OK;
    r->before = drift__arena_array(&r->arena, r->objects.count + 1, sizeof *r->before);
    if (!r->before) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < r->objects.count; i++) {
        drift_error why = {0};
        if (!may_break(&r->objects.items[i])) continue;
        rc = drift__object_soundness(&r->before[i], &why, r->migrator->connection, &r->objects.items[i], err);
    }
    return rc;
}

static int require_soundness(const recreation *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->objects.count; i++) {
        const drift__object *o = &r->objects.items[i];
        drift_error why = {0};
        drift__soundness now = DRIFT__BROKEN;
        if (!r->before[i]) continue;
        rc = drift__object_soundness(&now, &why, r->migrator->connection, o, err);
        if (rc < 0 || now >= r->before[i]) continue;
        rc = drift__error(err, DRIFT_MIGRATION, "%s \"%s\" does not compile with the new views: %s",
                          drift__object_word(o->kind), o->name, why.text);
        drift__error_hint(err, "drop it first and create it anew afterwards");
    }
    return rc;
}

static int create_all_views(recreation *r, drift_error *err)
{
    size_t created = 1;
    int rc = DRIFT_OK;
    while (rc == DRIFT_OK && created) rc = create_ready(&created, r, false, err);
    return rc == DRIFT_OK ? create_ready(&created, r, true, err) : rc;
}

static int recreate(drift_connection *connection, void *payload, drift_error *err)
{
    recreation *r = payload;
    int rc;
    if ((rc = drift__objects_read(&r->objects, &r->arena, connection, err)) < 0 || (rc = note_soundness(r, err)) < 0 ||
        (rc = list_views(r, err)) < 0 || (rc = drop_views(r, err)) < 0 || (rc = create_all_views(r, err)) < 0 ||
        (rc = restore_triggers(r, err)) < 0)
        return rc;
    return require_soundness(r, err);
}

int drift_migrator_recreate_all_views(drift_migrator *migrator, drift_error *err)
{
    recreation r = {.migrator = migrator};
    int rc;
    if (!migrator->schema)
        return drift__error(err, DRIFT_MISUSE, "expected a migrator that knows its schema, to create its views anew");
    rc = drift__migrator_atomic(migrator, recreate, &r, err);
    drift__free(r.objects.items);
    drift__arena_dispose(&r.arena);
    return rc;
}
