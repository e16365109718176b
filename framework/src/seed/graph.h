/* graph.h — the tables of a database as seeding sees them. Everything lives in the graph's arena. */
#ifndef DRIFT_SEED_GRAPH_H
#define DRIFT_SEED_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "drift/connection.h"
#include "drift/error.h"
#include "sql/affinity.h"
#include "sql/cursor.h"

/** Columns of one foreign key; longer ones are left alone. */
enum { DRIFT__SEED_MOST_KEY = 16 };

/** What columns joined by foreign keys share: one value, out of candidates. */
typedef struct drift__seed_class {
    drift_value *candidates;
    size_t count, capacity;
    size_t telling; /* how many of them come first: they are not what the column would have anyway */
    size_t mined;   /* how many of them come from the type and the constraints, not from common sense */
    size_t choice;
    const char *domain;               /* the storage class to which its values are restricted, or NULL */
    bool fixed;                       /* a row holds the chosen value */
    struct drift__seed_class *parent; /* union-find; NULL at the root */
    size_t members;
} drift__seed_class;

typedef struct drift__seed_column {
    const char *name;
    const char *type;
    const char *default_value; /* as SQL; "" if there is none */
    size_t number;             /* follows from the names of table and column */
    drift__affinity affinity;
    bool not_null;
    int64_t key;        /* its place in the primary key, from 1; 0: none */
    bool references;    /* it is the child of a foreign key */
    bool is_rowid;      /* INTEGER PRIMARY KEY */
    bool unique;        /* by itself */
    const char *domain; /* the storage class that it is restricted to, or NULL */
    bool dangling;      /* of one whose parent does not exist */
    /* What the row that is being tried has there, the first that applies: */
    const drift_value *forced; /* a value that the row is made for */
    bool given;                /* it was forced before the row was begun */
    bool null_chosen;          /* NULL */
    bool breaks_away;          /* candidate `own` of the class, not the one that the class chose */
    size_t own;
    bool follows;   /* it breaks away because another column of its foreign key does */
    size_t natural; /* the candidate that comes from its own type and name */
    drift__seed_class *class_of;
} drift__seed_column;

/** A CHECK, the expression of a generated column, or what stands behind the table in CREATE INDEX, as text: what SQLite
 * evaluates for every row, and what tells which rows are worth having. */
typedef struct drift__seed_check {
    const char *name; /* CONSTRAINT name, or NULL */
    const char *text; /* between the parentheses; of an index with them */
    size_t length;
} drift__seed_check;

/** A UNIQUE or PRIMARY KEY constraint, or a unique index. */
typedef struct drift__seed_unique {
    const char *name;
    drift__seed_column *columns[DRIFT__SEED_MOST_KEY]; /* those that can be written */
    size_t count;
    bool partial; /* not every row is in it, or not only columns are */
} drift__seed_unique;

/** A foreign key whose parent exists and can be written to; or what a trigger compares a new row with, of a table or
 * view: its columns have nothing but names. */
typedef struct drift__seed_reference {
    struct drift__seed_table *parent;
    int64_t id;
    drift__seed_column *child_columns[DRIFT__SEED_MOST_KEY];
    drift__seed_column *parent_columns[DRIFT__SEED_MOST_KEY];
    size_t count;
    bool usable;     /* every column was found */
    bool by_trigger; /* no foreign key */
    bool wanted;     /* by a trigger that refused the first row without */
} drift__seed_reference;

typedef struct drift__seed_table {
    const char *name;
    const char *sql;
    const char *triggers; /* the texts of its triggers, one after another */
    const char *indexes;  /* the same of indexes on expressions, and of those that not every row is in */
    bool is_virtual;
    bool is_view;      /* in the graph's `views` only; its references are what it reads */
    bool is_read_only; /* a virtual one that shows what others hold */
    bool strict;
    bool without_rowid;
    bool replaces;          /* a constraint says ON CONFLICT REPLACE */
    bool autoincrement;     /* its keys come out of sqlite_sequence */
    const char *rowid_name; /* by which a rowid can be given that is no column's; NULL: by none */
    drift__seed_unique *uniques;
    size_t unique_count, unique_capacity;
    drift__seed_column *columns; /* those that can be written */
    size_t column_count;
    drift__seed_check *checks;
    size_t check_count;
    drift__seed_reference *references;
    size_t reference_count, reference_capacity;
    drift__seed_reference *lookups; /* what its triggers compare new rows with */
    size_t lookup_count, lookup_capacity;
    bool varied;        /* it has rows of all kinds */
    int mark;           /* of the walk that orders the tables */
    const char *reason; /* why it could not be filled; NULL while nothing speaks against it */
} drift__seed_table;

typedef struct drift__seed_graph {
    drift__arena arena;
    drift__seed_table *tables;
    size_t table_count;
    drift__seed_table **order; /* parents before children, where there is no cycle; virtual tables last */
    size_t ordered;
    drift__map by_name;
    drift__seed_table *views; /* where triggers refuse rows */
    size_t view_count;
    drift__map views_by_name;
} drift__seed_graph;

/** Reads tables, columns, checks and foreign keys, and joins classes. Dispose also after a failure. */
int drift__seed_graph_read(drift__seed_graph *graph, drift_connection *connection, drift_error *err);
void drift__seed_graph_dispose(drift__seed_graph *graph);

/** The root of a class. */
drift__seed_class *drift__seed_class_root(drift__seed_class *c);

/** The column of this name, or NULL. */
drift__seed_column *drift__seed_column_named(const drift__seed_table *table, const char *name, size_t length);

/** Finds a CREATE TABLE statement's CHECKs, the expressions of its generated columns and those of indexes. */
int drift__seed_checks_read(drift__seed_table *table, drift__arena *arena, drift_error *err);

/** Reads which columns are unique, and how rowids are given. */
int drift__seed_uniques_read(drift__seed_graph *graph, drift__seed_table *table, drift_connection *connection,
                             drift_error *err);

/** Says which column of a virtual table is its key, if its module has one. */
void drift__seed_virtual_key_read(drift__seed_table *table);

/** Reads what the triggers of tables look for, and the views among it. */
int drift__seed_lookups_read(drift__seed_graph *graph, drift_connection *connection, drift_error *err);

/** The table or view of a name that a trigger may look up, or NULL. */
drift__seed_table *drift__seed_source_named(const drift__seed_graph *graph, const char *name);

/** Of how many rows of a source the keys are tried. */
enum { DRIFT__SEED_MOST_LOOKED_UP = 64 };

/** The keys that a lookup would find now: `count` times as many values as it has columns, in the arena. */
int drift__seed_lookup_keys(drift_value **keys, size_t *count, drift__arena *arena, drift_connection *connection,
                            const drift__seed_reference *lookup, drift_error *err);

/** Counts a table's rows that have no parent, of foreign keys whose parent exists and can be referenced. */
int drift__seed_count_orphans(int64_t *out, drift_connection *connection, const drift__seed_table *table,
                              drift_error *err);

/** The name that a token may be: a word, or what stands between quotes. */
bool drift__seed_name_of(const char **name, size_t *length, const drift__lexeme *token);

/** Whether a text names a column, as a token. */
bool drift__seed_mentions(const char *text, size_t length, const char *column);

#endif
