/* hidden_temp.c — a migration leaves no temporary object behind, and takes none away.
 *
 * A TEMP table or view hides the main one of its name until the connection is closed
 * (https://www.sqlite.org/lang_naming.html); a TEMP trigger that stood on a table goes with it when it is rebuilt.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "verify/hidden.h"
#include "verify/world.h"

/* An index goes where its table goes. */
static bool is_temporary(const drift__object *object)
{
    return strcmp(object->database, "temp") == 0 && object->kind != DRIFT__OBJECT_INDEX;
}

static bool has(const drift__objects *objects, const drift__object *object)
{
    return drift__hidden_object(objects, object->kind, "temp", object->name) != NULL;
}

static bool leaves_any(const drift__hidden *hidden)
{
    for (size_t i = 0; i < hidden->after.count; i++) {
        if (is_temporary(&hidden->after.items[i]) && !has(&hidden->before, &hidden->after.items[i])) return true;
    }
    return false;
}

/* What before_open makes is there at every opening: it is what an opening makes that has nothing to migrate. */
static int read_opened(drift__objects *out, drift__hidden *hidden, drift_error *err)
{
    const drift__judgement *judgement = hidden->judgement;
    const drift__attempt *attempt = judgement->attempt;
    drift_connection *connection = NULL;
    drift_database *database = NULL;
    if (!attempt || !attempt->source->definition) return DRIFT_OK;
    int rc = drift__world_clone(&connection, judgement->after, judgement->options, err);
    const drift_open_options options = {.connection = connection,
                                        .target = {attempt->to, attempt->target},
                                        .stamp = judgement->options->stamp,
                                        .version_before = attempt->to};
    if (rc == DRIFT_OK) rc = drift_database_open(&database, attempt->source->definition, &options, err);
    if (rc == DRIFT_OK) rc = drift__objects_read(out, &hidden->arena, connection, err);
    drift_database_close(database);
    drift_connection_close(connection);
    return rc;
}

static bool is_hidden_by(const drift__hidden *hidden, const drift__object *object)
{
    if (object->kind == DRIFT__OBJECT_TRIGGER) return false;
    for (size_t i = 0; i < hidden->after.count; i++) {
        const drift__object *other = &hidden->after.items[i];
        if (strcmp(other->database, "main") == 0 && drift__same_name(other->name, object->name)) return true;
    }
    return false;
}

static int judge_left(drift__hidden *hidden, drift_error *err)
{
    drift__objects opened = {0};
    if (!leaves_any(hidden)) return DRIFT_OK;
    const int rc = read_opened(&opened, hidden, err);
    for (size_t i = 0; rc == DRIFT_OK && i < hidden->after.count; i++) {
        const drift__object *object = &hidden->after.items[i];
        if (!is_temporary(object) || has(&hidden->before, object) || has(&opened, object)) continue;
        drift__judgement_find(hidden->judgement, DRIFT_FINDING_HIDDEN_TEMP, object->name, NULL, object->sql,
                              "TEMP %s is left behind%s", drift__object_word(object->kind),
                              is_hidden_by(hidden, object) ? ", and hides the one of this name in the database" : "");
    }
    drift__free(opened.items);
    return rc;
}

/* What stood on a table goes with it where the target has no such table. */
static bool went_with_its_table(const drift__hidden *hidden, const drift__object *object)
{
    if (object->kind != DRIFT__OBJECT_TRIGGER) return false;
    const drift_schema *target = hidden->judgement->target;
    return !drift_schema_table(target, object->table) &&
           !drift_schema_entity(target, DRIFT_ENTITY_VIEW, object->table) &&
           !drift__hidden_object(&hidden->before, DRIFT__OBJECT_TABLE, "temp", object->table);
}

static void judge_lost(drift__hidden *hidden)
{
    for (size_t i = 0; i < hidden->before.count; i++) {
        const drift__object *object = &hidden->before.items[i];
        if (!is_temporary(object) || has(&hidden->after, object) || went_with_its_table(hidden, object)) continue;
        drift__judgement_find(hidden->judgement, DRIFT_FINDING_HIDDEN_TEMP, object->name, object->sql, NULL,
                              "TEMP %s is gone", drift__object_word(object->kind));
    }
}

int drift__hidden_temp(drift__hidden *hidden, drift_error *err)
{
    judge_lost(hidden);
    return judge_left(hidden, err);
}
