/* plan.h — what the code of one version is to hold: names and types, settled before a line is written. */
#ifndef DRIFT_CODEGEN_PLAN_H
#define DRIFT_CODEGEN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "drift/error.h"
#include "drift/schema.h"
#include "drift/typed.h"

/* A column in a row struct. */
typedef struct drift__plan_field {
    const char *column; /* as SQLite knows it */
    const char *name;   /* in C */
    drift_typed_kind kind;
    bool nullable;
    bool generated;
    int key; /* the place in the primary key, from 1 */
} drift__plan_field;

/* An entity in the handle struct, and its row struct if it has rows. */
typedef struct drift__plan_entity {
    const drift_entity *entity;
    const char *member;          /* in the handle struct; NULL of a query */
    const drift_column *columns; /* those that the handle names: the first of `fields`, in the same order */
    size_t column_count;
    const char *row; /* "todo"; NULL if it has no rows that are known */
    const drift__plan_field *fields;
    size_t field_count;
    bool writable;
    bool without_rowid;
} drift__plan_entity;

typedef struct drift__plan {
    const char *prefix;
    int version;
    const drift_schema *schema;
    drift__plan_entity *entities; /* as many as the schema's, in their order */
    bool data_classes, companions;
} drift__plan;

/** Something that was left out, as a line for a person. */
typedef void (*drift__plan_note_fn)(const char *text, void *payload);

/**
 * Settles names and types. `note` is told of views and virtual tables whose columns could not be had; they have
 * handles, but no rows. Everything is in the arena or borrowed from the schema.
 */
int drift__plan_make(drift__plan *out, drift__arena *arena, const drift_schema *schema, const char *prefix,
                     bool data_classes, bool companions, drift__plan_note_fn note, void *payload, drift_error *err);

/** What a column holds, by its declared type and what a snapshot says of it. */
drift_typed_kind drift__plan_kind(const char *type, drift_logical_type logical, bool strict);

#endif
