/* track.h — what is tracked, resolved against a schema, and what tracking consists of. */
#ifndef DRIFT_TRACK_TRACK_H
#define DRIFT_TRACK_TRACK_H

#include "base/arena.h"
#include "base/str.h"
#include "drift/track.h"

/** A constraint under which REPLACE deletes rows: a key, a UNIQUE, a unique index. */
typedef struct drift__unique {
    const drift_indexed_column *columns;
    size_t column_count;
    const char *where; /* of a partial index, or NULL */
} drift__unique;

/** A table that is tracked. */
typedef struct drift__tracked {
    const drift_table *table;
    const char *entity;
    const drift_column **columns; /* that are sent */
    size_t column_count;
    const drift_column **key;
    size_t key_count;
    const drift_column *revision; /* or NULL */
    int priority;
    drift__unique *uniques; /* the key first */
    size_t unique_count;
} drift__tracked;

typedef struct drift__tracked_set {
    drift__tracked *items;
    size_t count;
} drift__tracked_set;

/** Finds tables and columns in the schema; errors as drift_track_install. All in the arena. */
int drift__track_resolve(drift__tracked_set *out, drift__arena *arena, const drift_schema *schema,
                         const drift_tracking *tracking, drift_error *err);

/** The tracked table of this entity, or NULL. */
const drift__tracked *drift__tracked_entity(const drift__tracked_set *set, const char *entity);

/** An object that tracking consists of: CREATE `kind` `text`, the text beginning with the name. */
typedef struct drift__track_object {
    const char *kind;
    const char *name;
    const char *text;
} drift__track_object;

enum { DRIFT__TRACK_TRIGGERS = 5 };

/** The triggers of one table, DRIFT__TRACK_TRIGGERS of them, their texts in the arena. */
int drift__track_triggers(drift__track_object *out, drift__arena *arena, const drift__tracked *tracked,
                          drift_error *err);

#endif
