/* property.h — a database that is made up: tables, what stands on them, and the SQL that says so. The test changes it
 * here and through the migrator, and compares. */
#ifndef DRIFT_SUITES_MIGRATE_PROPERTY_H
#define DRIFT_SUITES_MIGRATE_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { PROPERTY_TABLES = 4, PROPERTY_COLUMNS = 12, PROPERTY_USERS = 14 };

typedef struct property_column {
    int id; /* stays when the column is renamed or moved */
    char name[40];
    const char *type, *tail; /* declared type; constraints behind it */
    int generated_from;      /* the column's id of which typeof() is taken, or 0 */
    bool stored;
    int parent; /* the table that it references, or -1 */
    const char *actions;
    bool is_key;
    bool is_unique;
} property_column;

typedef struct property_table {
    char name[40];
    bool exists, has_key, autoincrement, without_rowid, strict;
    property_column columns[PROPERTY_COLUMNS];
    int column_count;
    int row_count;
} property_table;

/* Kinds of objects that use a column: X(NAME). */
typedef enum property_use {
    PROPERTY_INDEX,
    PROPERTY_PARTIAL_INDEX,
    PROPERTY_EXPRESSION_INDEX,
    PROPERTY_VIEW,
    PROPERTY_VIEW_OF_VIEW,
    PROPERTY_INSTEAD_OF_TRIGGER,
    PROPERTY_TRIGGER,
    PROPERTY_UPDATE_OF_TRIGGER,
    PROPERTY_TRIGGER_ELSEWHERE,
    PROPERTY_USES
} property_use;

typedef struct property_user {
    property_use use;
    int table, column; /* the column's id */
    int view;          /* the user that is a view, of VIEW_OF_VIEW and INSTEAD_OF_TRIGGER */
    int elsewhere;     /* the table on which TRIGGER_ELSEWHERE stands */
} property_user;

typedef struct property {
    uint64_t random;
    int last_id;
    property_table tables[PROPERTY_TABLES];
    property_user users[PROPERTY_USERS];
    int user_count;
} property;

/** A number below `limit`. */
int property_random(property *p, int limit);

/** Makes tables and what uses them up. */
void property_make(property *p, uint64_t seed);

/** A new column of a table, made up; not yet in it. */
property_column property_make_column(property *p, int table);

property_column *property_find(property_table *table, int id);

/** Whether an index, view or trigger, or a generated column, needs the column. */
bool property_is_used(const property *p, int table, int id);

/** Whether anything names the table, beside itself. */
bool property_is_named(const property *p, int table);

/** Writes a column's definition; the whole schema in the order of creation; statements that insert the rows. */
void property_put_column(drift__str *s, const property *p, const property_column *column, const property_table *table);
void property_put_schema(drift__str *s, const property *p);
void property_put_rows(drift__str *s, property *p);

#endif
