/* item.h — the elements of `entities`, as the JSON has them. */
#ifndef DRIFT_SNAPSHOT_ITEM_H
#define DRIFT_SNAPSHOT_ITEM_H

#include "base/arena.h"
#include "drift/kit/snapshot.h"
#include "snapshot/dart.h"
#include "snapshot/node.h"
#include "snapshot/overrides.h"

/** One element. Nodes point into the array of items, which never moves. */
typedef struct drift__item {
    json_int_t id;
    drift_entity_kind kind;
    drift__node node;
    drift__node data;
    drift__node references;
    const char *name;                /**< "$internal$" for a query, which has none of its own */
    const char *fixed_sql;           /**< what `fixed_sql` says, or NULL */
    drift_entity entity;             /**< filled once the SQL is known */
    const struct drift__item *owner; /**< index, trigger: what it stands on */
} drift__item;

/** What is known while one snapshot is read. */
typedef struct drift__reading {
    drift__arena *arena; /**< of the answer */
    const char *source;  /**< what errors call the text */
    drift__node root;
    drift__node entities;
    drift__node fixed;
    bool dates_as_text;
    bool entities_only;
    bool checking; /**< the SQL that is made is not used: Dart need not be evaluated */
    drift__overrides overrides;
    drift__item *items; /**< in the order of the file */
    size_t count;
    drift__item **by_id; /**< ascending by id */
    drift_unknown *unknowns;
    size_t unknown_count, unknown_capacity;
} drift__reading;

/** The name that a query goes by in `fixed_sql`. */
#define DRIFT__QUERY_NAME "$internal$"

/** Reads ids, kinds and names. Duplicate ids and names are errors. */
int drift__items_read(drift__reading *r, drift_error *err);

/** The element that the integer at `node` names; an id that nobody has is an error. */
int drift__item_by_id(drift__item **out, const drift__reading *r, const drift__node *node, drift_error *err);

/** Sets the items' fixed_sql, if the snapshot has any. */
int drift__fixed_read(drift__reading *r, drift_error *err);

/** Sets the items' entities: SQL from fixed_sql or from the data, parsed. */
int drift__entities_read(drift__reading *r, drift_error *err);

/** The CREATE statement that an item's data describes, in the arena. */
int drift__item_sql(const char **out, drift__reading *r, const drift__item *item, drift_error *err);

/** Puts the entities into an order in which they can be created. */
int drift__items_order(const drift_entity **out, drift__reading *r, drift_error *err);

/**
 * The SQL of a Dart expression: translated, else from the overrides, else NULL and one unknown more.
 * @param what "default", "check" or "generated"
 */
int drift__reading_evaluate(const char **out, drift__reading *r, const char *table, const char *column,
                            const char *what, const char *expression, const drift__dart_scope *scope, drift_error *err);

#endif
