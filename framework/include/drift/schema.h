/* schema.h — a schema as data.
 *
 * A drift_schema holds what CREATE statements say: entities in the order in which they are created. Everything is
 * const-able, so that generated code can hold whole schemas as `static const` data and the parser fills the same
 * structs. Nothing here is folded or normalised: names, types and expressions are the text that was written, and two
 * schemas are compared by drift_diff (kit), never by comparing these structs.
 *
 * All pointers are borrowed from the schema that holds them. Texts are UTF-8, end with NUL and hold no other NUL (SQL
 * cannot). A schema that nobody changes may be read from any number of threads.
 *
 * A large schema has a hundred thousand columns: small fields stand side by side, so that no space is lost between.
 *
 * Terms are those of https://www.sqlite.org/lang_createtable.html and its neighbours.
 */
#ifndef DRIFT_SCHEMA_H
#define DRIFT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/export.h"

DRIFT_BEGIN_DECLS

/** A part of a statement's text: bytes [offset, offset + length) of the entity's `sql`. Length 0: not known. */
typedef struct drift_span {
    size_t offset;
    size_t length;
} drift_span;

/** ON CONFLICT clause of a constraint (https://www.sqlite.org/lang_conflict.html). */
typedef enum drift_conflict {
    DRIFT_CONFLICT_NONE = 0, /**< no clause was written; SQLite then does ABORT */
    DRIFT_CONFLICT_ROLLBACK,
    DRIFT_CONFLICT_ABORT,
    DRIFT_CONFLICT_FAIL,
    DRIFT_CONFLICT_IGNORE,
    DRIFT_CONFLICT_REPLACE
} drift_conflict;

/** The order of an indexed column, as written. */
typedef enum drift_sort { DRIFT_SORT_NONE = 0, DRIFT_SORT_ASC, DRIFT_SORT_DESC } drift_sort;

/** What ON DELETE and ON UPDATE do (https://www.sqlite.org/foreignkeys.html, section 4.3). */
typedef enum drift_action {
    DRIFT_ACTION_NONE = 0, /**< no clause was written; SQLite then does NO ACTION */
    DRIFT_ACTION_NO_ACTION,
    DRIFT_ACTION_RESTRICT,
    DRIFT_ACTION_SET_NULL,
    DRIFT_ACTION_SET_DEFAULT,
    DRIFT_ACTION_CASCADE
} drift_action;

/** The deferral clause of a foreign key, as written. Only DEFERRABLE INITIALLY DEFERRED defers. */
typedef enum drift_deferral {
    DRIFT_DEFERRAL_NONE = 0,
    DRIFT_DEFERRABLE,
    DRIFT_DEFERRABLE_INITIALLY_DEFERRED,
    DRIFT_DEFERRABLE_INITIALLY_IMMEDIATE,
    DRIFT_NOT_DEFERRABLE,
    DRIFT_NOT_DEFERRABLE_INITIALLY_DEFERRED,
    DRIFT_NOT_DEFERRABLE_INITIALLY_IMMEDIATE
} drift_deferral;

/** A column of an index or a key. */
typedef struct drift_indexed_column {
    const char *name;       /**< the column's name without quotes, or NULL if this is an expression */
    const char *expression; /**< the source text without COLLATE and order, quotes as written */
    const char *collation;  /**< the name after COLLATE without quotes, or NULL */
    drift_sort sort;
    bool autoincrement; /**< PRIMARY KEY (a AUTOINCREMENT): SQLite takes AUTOINCREMENT inside the parentheses */
} drift_indexed_column;

/** REFERENCES table (columns) … */
typedef struct drift_reference {
    const char *table;
    const char *const *columns; /**< the parent's columns without quotes */
    size_t column_count;        /**< 0: the parent's primary key is meant */
    drift_action on_delete;
    drift_action on_update;
    const char *match; /**< MATCH name, or NULL; SQLite parses and ignores it */
    drift_deferral deferral;
} drift_reference;

typedef enum drift_constraint_kind {
    DRIFT_CONSTRAINT_NAME_ONLY = 0, /**< CONSTRAINT name with nothing behind it: SQLite accepts and ignores it */
    DRIFT_CONSTRAINT_PRIMARY_KEY,
    DRIFT_CONSTRAINT_NOT_NULL,
    DRIFT_CONSTRAINT_NULL, /**< a bare NULL */
    DRIFT_CONSTRAINT_UNIQUE,
    DRIFT_CONSTRAINT_CHECK,
    DRIFT_CONSTRAINT_DEFAULT,
    DRIFT_CONSTRAINT_COLLATE,
    DRIFT_CONSTRAINT_FOREIGN_KEY, /**< REFERENCES in a column, FOREIGN KEY in a table */
    DRIFT_CONSTRAINT_GENERATED
} drift_constraint_kind;

/** One constraint of a column or a table, as written. Fields that a kind does not have are zero. */
typedef struct drift_constraint {
    drift_constraint_kind kind;
    drift_conflict conflict;
    const char *name; /**< CONSTRAINT name, without quotes, or NULL */
    /** CHECK and GENERATED: the expression without its outer parentheses. DEFAULT: the text as written, parentheses
     * included. COLLATE: the collation's name without quotes. */
    const char *expression;
    /** PRIMARY KEY, UNIQUE, FOREIGN KEY of a table: the columns. In a column: none; PRIMARY KEY's order then stands in
     * `sort`. */
    const drift_indexed_column *columns;
    size_t column_count;
    drift_sort sort;
    bool autoincrement;   /**< PRIMARY KEY: in a column, AUTOINCREMENT; in a table, one of the columns has it */
    bool always;          /**< GENERATED: the words GENERATED ALWAYS were written */
    bool stored;          /**< GENERATED: STORED */
    bool virtual_written; /**< GENERATED: the word VIRTUAL was written */
    const drift_reference *reference; /**< FOREIGN KEY */
    drift_span span;                  /**< in the table's statement */
} drift_constraint;

/** What a column holds beyond its SQL type: what a snapshot tells (Drift's `moor_type`), used for generated code. */
typedef enum drift_logical_type {
    DRIFT_LOGICAL_UNKNOWN = 0, /**< only the declared type is known */
    DRIFT_LOGICAL_INT,
    DRIFT_LOGICAL_BOOL,
    DRIFT_LOGICAL_BIG_INT,
    DRIFT_LOGICAL_TEXT,
    DRIFT_LOGICAL_DOUBLE,
    DRIFT_LOGICAL_BLOB,
    DRIFT_LOGICAL_DATE_TIME,
    DRIFT_LOGICAL_ANY
} drift_logical_type;

/** A column of a table. The shortcuts repeat what `constraints` says, so that most readers need not walk them. */
typedef struct drift_column {
    const char *name; /**< without quotes */
    const char *type; /**< the declared type as written, words separated by one space; "" if there is none */
    drift_logical_type logical;
    bool not_null;                       /**< shortcut: NOT NULL was written */
    bool generated_stored;               /**< shortcut: STORED */
    const drift_constraint *constraints; /**< in the order written */
    size_t constraint_count;
    const char *default_value; /**< shortcut: the last DEFAULT's text, parentheses included, or NULL */
    const char *collation;     /**< shortcut: the last COLLATE's name, or NULL */
    const char *generated;     /**< shortcut: the expression of GENERATED, or NULL */
    drift_span span;           /**< in the table's statement */
} drift_column;

typedef struct drift_table {
    const char *name;
    const drift_column *columns;
    size_t column_count;
    const drift_constraint *constraints; /**< table constraints in the order written */
    size_t constraint_count;
    bool without_rowid;
    bool strict;
} drift_table;

typedef struct drift_index {
    const char *name;
    const char *table;
    const drift_indexed_column *columns;
    size_t column_count;
    bool unique;
    const char *where; /**< the predicate's source text, or NULL */
} drift_index;

typedef struct drift_view {
    const char *name;
    const char *const *columns; /**< the names in parentheses after the view's name, without quotes */
    size_t column_count;        /**< 0: the names come from the SELECT */
    const char *select;         /**< the SELECT's source text */
} drift_view;

typedef enum drift_trigger_time {
    DRIFT_TRIGGER_BEFORE = 0,
    DRIFT_TRIGGER_AFTER,
    DRIFT_TRIGGER_INSTEAD_OF
} drift_trigger_time;
typedef enum drift_trigger_event {
    DRIFT_TRIGGER_DELETE = 0,
    DRIFT_TRIGGER_INSERT,
    DRIFT_TRIGGER_UPDATE
} drift_trigger_event;

typedef struct drift_trigger {
    const char *name;
    const char *table; /**< the table or view that the trigger stands on */
    drift_trigger_time time;
    bool time_written; /**< BEFORE was written, not only meant */
    drift_trigger_event event;
    const char *const *columns; /**< UPDATE OF columns, without quotes */
    size_t column_count;
    bool for_each_row; /**< the words were written; SQLite has no other kind */
    const char *when;  /**< the condition's source text, or NULL */
    const char *body;  /**< the source text from BEGIN to END */
} drift_trigger;

typedef struct drift_virtual_table {
    const char *name;
    const char *module;
    const char *const *arguments; /**< the source text between the commas, trimmed */
    size_t argument_count;
    const drift_column *columns; /**< the columns as a snapshot tells them; a parsed statement has none */
    size_t column_count;
} drift_virtual_table;

/** Kinds of entities, once: X(NAME, word in messages). */
#define DRIFT_ENTITY_KIND_MAP(X)      \
    X(TABLE, "table")                 \
    X(INDEX, "index")                 \
    X(VIEW, "view")                   \
    X(TRIGGER, "trigger")             \
    X(VIRTUAL_TABLE, "virtual table") \
    X(QUERY, "query")

typedef enum drift_entity_kind {
#define DRIFT_ENTITY_ENUM(name, word) DRIFT_ENTITY_##name,
    DRIFT_ENTITY_KIND_MAP(DRIFT_ENTITY_ENUM)
#undef DRIFT_ENTITY_ENUM
} drift_entity_kind;

/**
 * One entity of a schema. The pointer in `as` that belongs to the kind is set, unless `opaque`: then SQLite accepts the
 * statement but the parser does not understand it, and only the text is known. A QUERY is a statement that is run when
 * the database is created (Drift's "special-query"); it has no name of its own and nothing in `as`.
 */
typedef struct drift_entity {
    drift_entity_kind kind;
    bool temporary;
    bool if_not_exists;
    bool opaque;
    const char *name;
    const char *sql;      /**< the statement's source text, without the final ';' */
    const char *database; /**< the name before the dot (CREATE TABLE main.x), without quotes, or NULL */
    struct {
        const drift_table *table;
        const drift_index *index;
        const drift_view *view;
        const drift_trigger *trigger;
        const drift_virtual_table *virtual_table;
    } as;
} drift_entity;

typedef struct drift_schema {
    int version;                  /**< the schema's version, 1 to 2147483647, or 0 if it is not known */
    const drift_entity *entities; /**< in the order of creation */
    size_t entity_count;
} drift_schema;

/** The word for a kind in messages ("virtual table"), or NULL if there is no such kind. Static. */
DRIFT_API const char *drift_entity_kind_name(drift_entity_kind kind);

/**
 * The entity of this kind and name, or NULL. Names are matched as SQLite does: ASCII letters without regard to case,
 * every other byte exactly. Linear in the number of entities. Borrowed from the schema.
 */
DRIFT_API const drift_entity *drift_schema_entity(const drift_schema *schema, drift_entity_kind kind, const char *name);

/** The ordinary table of this name, or NULL; as drift_schema_entity. */
DRIFT_API const drift_table *drift_schema_table(const drift_schema *schema, const char *name);

/** The column of this name (matched as table names are), or NULL. Borrowed from the table. */
DRIFT_API const drift_column *drift_table_column(const drift_table *table, const char *name);

/** The table's first constraint of this kind that stands at the column; NULL if there is none. Borrowed. */
DRIFT_API const drift_constraint *drift_column_constraint(const drift_column *column, drift_constraint_kind kind);

DRIFT_END_DECLS

#endif
