/* catalog.h — one of the two schemas, by name. */
#ifndef DRIFT_COMPARE_CATALOG_H
#define DRIFT_COMPARE_CATALOG_H

#include "base/arena.h"
#include "base/map.h"
#include "compare/scope.h"
#include "drift/schema.h"

typedef struct drift__catalog {
    const drift_schema *schema;
    drift__map objects;  /* tables, virtual tables, views and indexes share one space of names */
    drift__map triggers; /* triggers have their own */
    drift__map words;    /* made when first asked for: names that the schema uses */
    bool words_known;
    drift__arena arena;
} drift__catalog;

/** Reads the schema's names. @return 0, or -1 if there is no memory (to be disposed all the same). */
int drift__catalog_init(drift__catalog *catalog, const drift_schema *schema);
void drift__catalog_dispose(drift__catalog *catalog);

/** Whether an entity takes no part: SQLite's and Android's own, and statements without a name. */
bool drift__catalog_leaves_out(const drift_entity *entity);

/** What has this name in the space of names of the kind, or NULL. */
const drift_entity *drift__catalog_find(const drift__catalog *catalog, drift_entity_kind kind, const char *name);

/** The table of this name, or NULL. */
const drift_table *drift__catalog_table(const drift__catalog *catalog, const char *name);

/**
 * The scope of a view's or trigger's text: every name that the schema uses, or all names if the text defines its own
 * (WITH). What is none of these can only be a string to SQLite. @return 0, or -1 if there is no memory.
 */
int drift__catalog_scope(drift__scope *scope, drift__catalog *catalog, const char *text);

#endif
