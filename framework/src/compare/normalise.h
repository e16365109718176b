/* normalise.h — what a table means, as data that can be held against another's. All that SQLite reads alike is alike
 * here: where a constraint stands, what is left out and what is written for it, what a name's case is. */
#ifndef DRIFT_COMPARE_NORMALISE_H
#define DRIFT_COMPARE_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "compare/catalog.h"
#include "compare/columns.h"
#include "compare/node.h"
#include "drift/kit/diff.h"
#include "drift/schema.h"

/** A constraint that belongs to the whole table, wherever it was written. */
typedef struct drift__rule {
    drift_facet facet;     /**< PRIMARY_KEY, UNIQUE, CHECK or FOREIGN_KEY */
    const char *meaning;   /**< equal for equal rules */
    const char *implied;   /**< FOREIGN_KEY whose parent's key was left out: its meaning without that key; else NULL */
    const char *about;     /**< as drift__rule_about tells it; NULL before */
    size_t columns_length; /**< PRIMARY_KEY, UNIQUE: of the columns alone, with which the meaning begins */
    drift_conflict conflict;
    bool rowid_alias; /**< PRIMARY_KEY: the column is the rowid itself, and has no order */
    const drift_constraint *constraint;
    const drift_column *column; /**< where it was written, or NULL: behind the columns */
    const drift__node *checked; /**< CHECK: what it says */
    const char **names;         /**< the table's columns that it names; CHECK: known once drift__rule_about is asked */
    size_t name_count;
    struct drift__rule *partner; /**< the other side's rule that it is told with, or NULL */
    bool settled;                /**< equal to one of the other side, or no rule of its own */
} drift__rule;

typedef struct drift__rules {
    drift__rule *items;
    size_t count;
} drift__rules;

/** Whether a column is the whole primary key of a rowid table, and then whether its type is the one of a rowid alias.
 */
typedef enum drift__key_type { DRIFT__KEY_NONE = 0, DRIFT__KEY_INTEGER, DRIFT__KEY_OTHER } drift__key_type;

typedef struct drift__column_facts {
    const drift_column *column;
    drift__key_type key_type;
    bool not_null; /**< written or not: key columns of a WITHOUT ROWID table have no NULL */
    bool not_null_written;
    const drift_constraint *not_null_at;
    const drift_constraint *default_at;
    const char *collation; /**< the name, BINARY if there is none */
    const drift_constraint *collation_at;
    const drift_constraint *generated_at;
} drift__column_facts;

typedef struct drift__table_facts {
    const drift_table *table;
    drift__columns columns;
    drift__column_facts *facts; /**< in the order of the table's columns */
    bool repeats;               /**< two columns have one name, which SQLite refuses; the last is found */
    drift__rules rules;
} drift__table_facts;

/** The means of a comparison. */
typedef struct drift__means {
    drift__arena *arena;
    const drift__catalog *catalog; /**< of the side that is normalised */
    bool strict;
    bool without_constraints; /**< the option ignore_column_constraints: keys and rules are not looked at */
} drift__means;

/** Normalises a table. @return 0, or -1 if there is no memory (to be disposed all the same). */
int drift__table_facts_init(drift__table_facts *facts, const drift_table *table, const drift__means *means);
void drift__table_facts_dispose(drift__table_facts *facts);

drift__column_facts *drift__table_facts_column(const drift__table_facts *facts, const char *name);

/** The name of a declared type, equal for all ways to write it; NULL if there is no memory. */
const char *drift__type_name(const char *type, drift__arena *arena);

/** A column's canonical default; NULL if it has none, or NULL, or if there is no memory. */
const char *drift__column_default(const drift_column *column, drift__arena *arena);

/** A column's canonical generated expression; NULL if it has none, or if there is no memory. */
const char *drift__column_generated(const drift_column *column, const drift__table_facts *facts, drift__arena *arena);

/** Fills `facts->rules`, once the columns are known (rules.c). @return 0, or -1 if there is no memory. */
int drift__rules_init(drift__table_facts *facts, const drift__means *means);

/**
 * The columns concerned, sorted: of two rules about the same, one is a change of the other. Asked only of rules that no
 * other equals. NULL if there is no memory.
 */
const char *drift__rule_about(drift__rule *rule, const drift__table_facts *facts, drift__arena *arena);

/** The table's primary key: the constraint, and the column at which it stands, or NULL. NULL if there is none. */
const drift_constraint *drift__primary_key(const drift_table *table, const drift_column **column);

/** Whether the declared type is INTEGER and nothing else, the only one of a rowid alias. */
bool drift__is_integer_type(const char *type);

/**
 * Writes a column of an index or a key: "name", its collation where it is not the column's, and desc.
 * @param columns the table's columns.
 */
void drift__put_indexed(drift__str *out, const drift_indexed_column *column, const drift__columns *columns, bool order,
                        drift__arena *arena);

#endif
