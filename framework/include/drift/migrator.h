/* migrator.h — what a migration does: create, add, drop, rename, rebuild.
 *
 * A migrator works on one connection and knows the schema that the migration leads to; inside a step
 * (drift_migrator_run_steps) that is the schema of the step's target, so that create_all and recreate_all_views mean
 * that version. drift_database_open hands one to the strategy's callbacks; drift_migrator_new makes one for any
 * connection, inside or outside a transaction.
 *
 * Every call is atomic: it happens as a whole or not at all, and what failed leaves schema, rows and settings as they
 * were (it runs in a savepoint; outside a transaction in a transaction of its own). Every call records what it touched.
 *
 * Tables and columns are those of the schema that the database is to have afterwards ("v4->todos.category"); what
 * exists is read from the database. Names are matched as SQLite does: ASCII letters without regard to case.
 *
 * Threads: a migrator belongs to its connection's thread.
 */
#ifndef DRIFT_MIGRATOR_H
#define DRIFT_MIGRATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

typedef struct drift_migrator drift_migrator;

/**
 * Makes a migrator for a connection.
 * @param connection borrowed; must outlive the migrator.
 * @param schema what the database is to become, borrowed; NULL if it is not known: create_all and recreate_all_views
 * are then MISUSE.
 */
DRIFT_API int drift_migrator_new(drift_migrator **out, drift_connection *connection, const drift_schema *schema,
                                 drift_error *err);
DRIFT_API void drift_migrator_free(drift_migrator *migrator); /**< accepts NULL */

/** The connection that the migrator works on. Borrowed. */
DRIFT_API drift_connection *drift_migrator_connection(drift_migrator *migrator);

/** The schema that the migration leads to (of the step, inside a step), or NULL. Borrowed. */
DRIFT_API const drift_schema *drift_migrator_schema(const drift_migrator *migrator);

/**
 * Creates every entity of the schema that does not exist yet, in the schema's order, and runs its queries. What exists
 * already under the same kind and name is kept as it is; a name that something of another kind has is an SQL error.
 */
DRIFT_API int drift_migrator_create_all(drift_migrator *migrator, drift_error *err);

/** Creates one entity of any kind; an SQL error if its name is taken (unless it was written IF NOT EXISTS). A QUERY is
 * run. */
DRIFT_API int drift_migrator_create(drift_migrator *migrator, const drift_entity *entity, drift_error *err);

/** As drift_migrator_create, for one kind. */
DRIFT_API int drift_migrator_create_table(drift_migrator *migrator, const drift_table *table, drift_error *err);
DRIFT_API int drift_migrator_create_index(drift_migrator *migrator, const drift_index *index, drift_error *err);
DRIFT_API int drift_migrator_create_trigger(drift_migrator *migrator, const drift_trigger *trigger, drift_error *err);
DRIFT_API int drift_migrator_create_view(drift_migrator *migrator, const drift_view *view, drift_error *err);

/** Drops an entity by its kind and name; NOT_FOUND if there is none. A table as drift_migrator_drop_table. */
DRIFT_API int drift_migrator_drop(drift_migrator *migrator, const drift_entity *entity, drift_error *err);

/**
 * Drops a table (Drift's deleteTable). Foreign keys are suspended meanwhile, so that no row of another table is touched
 * (DROP TABLE deletes the table's rows first, and with them, by ON DELETE CASCADE, its children); where they cannot be
 * suspended, UNSUPPORTED names the tables in danger. NOT_FOUND if there is no such table.
 */
DRIFT_API int drift_migrator_drop_table(drift_migrator *migrator, const char *name, drift_error *err);

/**
 * Adds a column, by ALTER TABLE … ADD COLUMN where SQLite does it for a table with rows, else by a rebuild as
 * drift_migrator_alter_table does it: a default that is not constant, PRIMARY KEY, UNIQUE, STORED columns, REFERENCES
 * with a default. The column then stands last, as ADD COLUMN puts it, and every row that exists gets its default;
 * CURRENT_TIME and its like are the same for all of them. Only the column comes: a constraint of the table that names
 * it (UNIQUE (a, b), FOREIGN KEY …) needs drift_migrator_alter_table. CONSTRAINT if rows that exist break a CHECK of
 * the column.
 * @param table the table as it is to be; it holds the column, and may hold others that are not added yet.
 * @return MIGRATION, before anything is touched, for a NOT NULL column with no default in a table: there is no value to
 * put in (use alter_table with a transform); MISUSE, as early, for a column that is not one of `table`'s own.
 */
DRIFT_API int drift_migrator_add_column(drift_migrator *migrator, const drift_table *table, const drift_column *column,
                                        drift_error *err);

/**
 * Drops a column. MIGRATION, before anything is touched, if something uses it, and says what: an index, a trigger, a
 * view, a CHECK, a key, a generated column, an FTS table whose content it is. That goes beyond what ALTER TABLE … DROP
 * COLUMN refuses, which leaves a trigger UPDATE OF the column behind, and turns "column" in a view or trigger into a
 * string.
 */
DRIFT_API int drift_migrator_drop_column(drift_migrator *migrator, const char *table, const char *column,
                                         drift_error *err);

/**
 * Renames a column; indexes, triggers, views and the foreign keys of children follow. MIGRATION if an FTS table reads
 * it as its content, which does not follow; SQL, SQLite's own refusal, while any view or trigger of the database does
 * not compile.
 */
DRIFT_API int drift_migrator_rename_column(drift_migrator *migrator, const char *table, const char *from,
                                           const char *to, drift_error *err);

/** Renames a table; indexes, triggers, views, statistics and the foreign keys of children follow. Also where only the
 * case differs, which SQLite refuses. Errors as drift_migrator_rename_column. */
DRIFT_API int drift_migrator_rename_table(drift_migrator *migrator, const char *from, const char *to, drift_error *err);

/** How a column gets its value in a rebuild. */
typedef struct drift_column_transform {
    const drift_column *column; /**< of the new table; {0} ends a list */
    const char *sql;            /**< an expression over the old row's columns */
} drift_column_transform;

/** A table to be rebuilt: the new table, and where its values come from. */
typedef struct drift_table_migration {
    const drift_table *table; /**< as it is to be */
    /** Ended by {0}; NULL: none. Columns without a transform are copied from the old column of the same name. */
    const drift_column_transform *transforms;
    /** Columns that the old table does not have, ended by NULL; NULL: none. Without a transform they get their default.
     */
    const drift_column *const *new_columns;
    /** The table's name in the database, if it differs from `table->name`; NULL: it does not. */
    const char *old_name;
    /** Names of indexes, triggers and views that use the table and are not to come back, ended by NULL; NULL: none. */
    const char *const *drop_objects;
} drift_table_migration;

/**
 * Rebuilds a table (https://www.sqlite.org/lang_altertable.html, section 7): a new table under a temporary name, the
 * rows copied by column name, the old one dropped, the new one renamed. Rows of other tables are never touched: foreign
 * keys are suspended, inside a transaction through sqlite3_db_config, which is tried on a scratch database first; where
 * that does not hold the call refuses with UNSUPPORTED and names the tables in danger.
 *
 * Survives: rowids, the AUTOINCREMENT mark, indexes, triggers (TEMP too), views, sqlite_stat1 and sqlite_stat4, and all
 * that `table` says. Triggers do not fire.
 *
 * Refused before anything is touched, each with its names:
 * - NOT_FOUND: no such table; a name in `drop_objects` that nothing which uses the table has
 * - MIGRATION: a column that neither the old table nor `new_columns` has; a new column that is NOT NULL and has neither
 *   default nor transform; an index, trigger or view that would not compile any more, or would take the "name" of a
 *   column that goes for a string, and does not stand in `drop_objects`; a column that goes and is the content of an
 *   FTS table (drop that first); rowids that cannot be read because columns are named rowid, _rowid_ and oid
 * - SQL: a collation that the connection does not know
 * Rolled back: CONSTRAINT if a row breaks a constraint of the new table; MIGRATION if the new column's affinity would
 * change a value ('007' to 7) and no transform says so; FOREIGN_KEY if the rebuild leaves a violation that was not
 * there before.
 */
DRIFT_API int drift_migrator_alter_table(drift_migrator *migrator, const drift_table_migration *migration,
                                         drift_error *err);

/**
 * Drops every view of the database and creates those of the schema, in an order in which each finds what it uses.
 * INSTEAD OF triggers come back with their views, as they were; those of a view that the schema does not have go with
 * it. TEMP views stay. MIGRATION if a view does not compile, or if a trigger or TEMP view does not any more: drop it
 * first, and create the new one afterwards.
 */
DRIFT_API int drift_migrator_recreate_all_views(drift_migrator *migrator, drift_error *err);

/**
 * Runs statements, all or none; rows are ignored. What they touch is not known: the opening then checks every foreign
 * key. MIGRATION, before any of them runs, if one turns foreign keys off by PRAGMA while they are on: inside a
 * transaction that has no effect, and whoever counts on it loses the children of what is dropped.
 */
DRIFT_API int drift_migrator_exec(drift_migrator *migrator, const char *sql, drift_error *err);

/** Runs one statement with values and hands each row to `row`; as drift_query. */
DRIFT_API int drift_migrator_query(drift_migrator *migrator, const char *sql, const drift_value *binds,
                                   size_t bind_count, drift_row_fn row, void *payload, drift_error *err);

/**
 * Stamps PRAGMA user_version, 1 to 2147483647 (2147483648 would silently become 0); else MISUSE. The opening does it by
 * itself, in the migration's transaction; only callbacks under DRIFT_FOREIGN_KEYS_MANUAL call this.
 */
DRIFT_API int drift_migrator_stamp(drift_migrator *migrator, int version, drift_error *err);

/** One step of a migration. */
typedef int (*drift_step_fn)(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err);
typedef struct drift_migration_step {
    int from, to;               /**< from < to; a step may span versions */
    const drift_schema *schema; /**< of version `to`; NULL: not known inside the step */
    drift_step_fn run;
    const void *payload;
} drift_migration_step;

/**
 * Runs the steps that lead from one version to another: at each version the longest step that does not pass `to`.
 * @return NOT_FOUND, before any step runs, if there is no way, naming the version where it ends; a step's error, with
 * the step named as the error's source ("step 2 to 3") if it names none.
 */
DRIFT_API int drift_migrator_run_steps(drift_migrator *migrator, const drift_migration_step *steps, size_t count,
                                       int from, int to, drift_error *err);

/** What a call did to an object, once: X(NAME, word). */
#define DRIFT_TOUCH_MAP(X) \
    X(CREATED, "created")  \
    X(DROPPED, "dropped")  \
    X(ALTERED, "altered")  \
    X(REBUILT, "rebuilt")  \
    X(RENAMED, "renamed")  \
    X(UNKNOWN, "statement")

typedef enum drift_touch_kind {
#define DRIFT_TOUCH_ENUM(name, word) DRIFT_TOUCH_##name,
    DRIFT_TOUCH_MAP(DRIFT_TOUCH_ENUM)
#undef DRIFT_TOUCH_ENUM
} drift_touch_kind;

typedef struct drift_touch {
    drift_touch_kind kind;
    drift_entity_kind entity; /**< of the object; QUERY for UNKNOWN */
    const char *name;         /**< the object's name; for UNKNOWN the statements' text */
    const char *was;          /**< RENAMED: the old name; ALTERED: the column; else NULL */
} drift_touch;

/** The word for a kind of touch ("rebuilt"), or NULL. Static. */
DRIFT_API const char *drift_touch_name(drift_touch_kind kind);

/** What the calls so far touched, in order, calls that failed left out. Borrowed until the next call. */
DRIFT_API const drift_touch *drift_migrator_touched(const drift_migrator *migrator, size_t *count);

DRIFT_END_DECLS

#endif
