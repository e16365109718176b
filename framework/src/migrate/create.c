/* create.c — creating entities. */
#include <string.h>

#include "base/error.h"
#include "drift/render.h"
#include "migrate/migrator.h"

/* What sqlite_schema calls the kinds that it has. */
static const char *schema_type(drift_entity_kind kind)
{
    switch (kind) {
    case DRIFT_ENTITY_TABLE:
    case DRIFT_ENTITY_VIRTUAL_TABLE: return "table";
    case DRIFT_ENTITY_INDEX: return "index";
    case DRIFT_ENTITY_VIEW: return "view";
    case DRIFT_ENTITY_TRIGGER: return "trigger";
    case DRIFT_ENTITY_QUERY: break;
    }
    return NULL;
}

static int exists(bool *found, drift_connection *connection, const drift_entity *entity, drift_error *err)
{
    const char *type = schema_type(entity->kind);
    int64_t count = 0;
    int rc;
    *found = false;
    if (!type) return DRIFT_OK;
    const drift_value binds[] = {DRIFT_BIND_TEXT(type, strlen(type)),
                                 DRIFT_BIND_TEXT(entity->name, strlen(entity->name))};
    rc = drift_query_int64(&count, connection,
                           entity->temporary
                               ? "SELECT count(*) FROM temp.sqlite_schema WHERE type = ?1 AND name = ?2 COLLATE NOCASE"
                               : "SELECT count(*) FROM main.sqlite_schema WHERE type = ?1 AND name = ?2 COLLATE NOCASE",
                           binds, 2, err);
    *found = count > 0;
    return rc;
}

/* An entity's own text keeps its comments; data without a text is rendered. */
static int run_create(drift_migrator *migrator, const drift_entity *entity, drift_error *err)
{
    char *rendered = NULL;
    int rc = entity->sql ? DRIFT_OK : drift_render_entity(&rendered, entity, err);
    if (rc == DRIFT_OK) rc = drift_exec(migrator->connection, rendered ? rendered : entity->sql, err);
    drift_free(rendered);
    if (rc < 0) {
        drift__error_source(err, entity->name);
        return rc;
    }
    if (entity->kind == DRIFT_ENTITY_QUERY)
        return drift__migrator_touch(migrator, DRIFT_TOUCH_UNKNOWN, entity->kind, entity->sql, NULL, err);
    return drift__migrator_touch(migrator, DRIFT_TOUCH_CREATED, entity->kind, entity->name, NULL, err);
}

static int create_missing(drift_connection *connection, void *payload, drift_error *err)
{
    drift_migrator *migrator = payload;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < migrator->schema->entity_count; i++) {
        const drift_entity *entity = &migrator->schema->entities[i];
        bool found = false;
        rc = exists(&found, connection, entity, err);
        if (rc == DRIFT_OK && !found) rc = run_create(migrator, entity, err);
    }
    return rc;
}

int drift_migrator_create_all(drift_migrator *migrator, drift_error *err)
{
    if (!migrator->schema)
        return drift__error(err, DRIFT_MISUSE, "expected a migrator that knows its schema, to create all of it");
    return drift__migrator_atomic(migrator, create_missing, migrator, err);
}

/* A call of drift_migrator_create. */
typedef struct creation {
    drift_migrator *migrator;
    const drift_entity *entity;
} creation;

static int create_one(drift_connection *connection, void *payload, drift_error *err)
{
    const creation *c = payload;
    (void)connection;
    return run_create(c->migrator, c->entity, err);
}

int drift_migrator_create(drift_migrator *migrator, const drift_entity *entity, drift_error *err)
{
    creation c = {migrator, entity};
    return drift__migrator_atomic(migrator, create_one, &c, err);
}

/* The migrator's schema has the entity's text; an object that is not of that schema is rendered from its data. */
static int create_by_data(drift_migrator *migrator, const drift_entity *data, drift_error *err)
{
    const drift_entity *known = migrator->schema ? drift_schema_entity(migrator->schema, data->kind, data->name) : NULL;
    const bool same = known && known->as.table == data->as.table && known->as.index == data->as.index &&
                      known->as.view == data->as.view && known->as.trigger == data->as.trigger;
    return drift_migrator_create(migrator, same ? known : data, err);
}

int drift_migrator_create_table(drift_migrator *migrator, const drift_table *table, drift_error *err)
{
    const drift_entity entity = {.kind = DRIFT_ENTITY_TABLE, .name = table->name, .as.table = table};
    return create_by_data(migrator, &entity, err);
}

int drift_migrator_create_index(drift_migrator *migrator, const drift_index *index, drift_error *err)
{
    const drift_entity entity = {.kind = DRIFT_ENTITY_INDEX, .name = index->name, .as.index = index};
    return create_by_data(migrator, &entity, err);
}

int drift_migrator_create_trigger(drift_migrator *migrator, const drift_trigger *trigger, drift_error *err)
{
    const drift_entity entity = {.kind = DRIFT_ENTITY_TRIGGER, .name = trigger->name, .as.trigger = trigger};
    return create_by_data(migrator, &entity, err);
}

int drift_migrator_create_view(drift_migrator *migrator, const drift_view *view, drift_error *err)
{
    const drift_entity entity = {.kind = DRIFT_ENTITY_VIEW, .name = view->name, .as.view = view};
    return create_by_data(migrator, &entity, err);
}
