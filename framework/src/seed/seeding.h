/* seeding.h — one run of drift_seed_database, and its parts in the order in which they run. */
#ifndef DRIFT_SEED_SEEDING_H
#define DRIFT_SEED_SEEDING_H

#include "drift/kit/seed.h"
#include "seed/graph.h"
#include "seed/insert.h"

typedef struct drift__seeding {
    drift__seed_graph graph;
    drift_connection *connection;
    const drift_seed_options *options;
    drift__seed_insert insert;
    int parents;    /* made for orphans */
    bool keys_hold; /* the last repair found no orphan */
} drift__seeding;

/** Says why a table could not be filled; the first reason stands. The text is copied. */
int drift__seed_refuse(drift__seeding *s, drift__seed_table *table, const char *reason, drift_error *err);

/** A statement about one table: what stands before its name, the name, what stands behind it. Free with drift__free. */
int drift__seed_sql(char **out, const char *before, const drift__seed_table *table, const char *after,
                    drift_error *err);

/** Level `one`: a row in every table that has none, the rows of virtual tables last. */
int drift__seed_fill_tables(drift__seeding *s, bool virtual_tables, drift_error *err);

/** Makes a parent for every child that has none: rows whose columns broke away, and rows that triggers made. */
int drift__seed_repair(drift__seeding *s, drift_error *err);

/** Levels `boundary` and `hostile`: further rows of a table that has one. */
int drift__seed_grow(drift__seeding *s, drift__seed_table *table, drift_error *err);

/** Level `many`: rows until a table holds as many as the options say, or no more fit. */
int drift__seed_pour(drift__seeding *s, drift__seed_table *table, drift_error *err);

/** Puts the sequences of AUTOINCREMENT ahead of the keys. */
int drift__seed_advance(drift__seeding *s, drift_error *err);

/** Adds a child without a parent for each foreign key. */
int drift__seed_orphan(drift__seeding *s, drift_error *err);

/** A full-text table with its content elsewhere: its index is built from the content that is there. */
int drift__seed_rebuild(drift__seeding *s, drift__seed_table *table, drift_error *err);

/** Whether a full-text table keeps its content in another table. */
bool drift__seed_has_external_content(const drift__seed_table *table);

/** Looks at what came of it: tables that are empty or hold orphans get their reason. */
int drift__seed_judge(drift__seeding *s, drift_error *err);

/** Counts the rows of every table. */
int drift__seed_tell(drift_seed_report **out, drift__seeding *s, drift_error *err);

#endif
