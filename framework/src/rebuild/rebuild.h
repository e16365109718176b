/* rebuild.h — the twelve steps of https://www.sqlite.org/lang_altertable.html, section 7, planned and then run.
 *
 * Planning reads and asks, and touches nothing: every refusal comes from there. Running needs a transaction and foreign
 * keys that are off (or a table that nothing references), and is the caller's to roll back.
 */
#ifndef DRIFT_REBUILD_REBUILD_H
#define DRIFT_REBUILD_REBUILD_H

#include "base/arena.h"
#include "base/map.h"
#include "drift/connection.h"
#include "drift/migrator.h"
#include "rebuild/live.h"
#include "rebuild/object.h"

/** What is to be rebuilt. */
typedef struct drift__rebuild_request {
    const char *table;                        /**< its name in the database */
    const char *name;                         /**< the new table's name: the same but for case */
    const char *sql;                          /**< its CREATE TABLE, under its final name */
    const drift_column_transform *transforms; /**< as in drift_table_migration */
    const drift_column *const *new_columns;
    const char *const *drop_objects;
} drift__rebuild_request;

/** An object that uses the table. */
typedef struct drift__dependent {
    const drift__object *object;
    bool own;     /**< an index or trigger of the table itself: it goes with the table and is created anew */
    bool dropped; /**< named in drop_objects */
    /** Where the scratch database cannot judge it: how it compiles now, and must afterwards. Else BROKEN. */
    drift__soundness uncertain;
} drift__dependent;

typedef struct drift__rebuild {
    const drift__rebuild_request *request;
    drift_connection *connection;
    drift__arena arena;
    drift__live_table old_table, new_table;
    bool autoincrement;    /**< of the new table */
    const char *temporary; /**< the name under which the new table begins */
    const char *targets;   /**< the columns of the copy, as in INSERT INTO t (…) */
    const char *sources;   /**< their values over the old row, as in SELECT … */
    drift__objects objects;
    drift__dependent *dependents;
    size_t dependent_count;
    drift__map named; /**< every name in the dependents' texts, and in those of the views among them: what they need */
} drift__rebuild;

/** Plans a rebuild; refuses as drift_migrator_alter_table says. The caller disposes, also on error. `request` must
 * outlive the plan. */
int drift__rebuild_plan(drift__rebuild *out, drift_connection *connection, const drift__rebuild_request *request,
                        drift_error *err);

/** Only asks whether what uses the table would still compile, and refuses as a plan does. `request` says no more than
 * the table, its name, its new text and `drop_objects`. */
int drift__rebuild_require_dependents(drift_connection *connection, const drift__rebuild_request *request,
                                      drift_error *err);

/** Does it. */
int drift__rebuild_run(drift__rebuild *rebuild, drift_error *err);

void drift__rebuild_dispose(drift__rebuild *rebuild);

/** Parts of the plan, each in a file of its own: what is copied, and what uses the table. */
int drift__rebuild_plan_copy(drift__rebuild *rebuild, drift_error *err);
int drift__rebuild_plan_dependents(drift__rebuild *rebuild, drift_error *err);

/** Whether a list of names, ended by NULL, or NULL, holds one. */
bool drift__name_listed(const char *const *names, const char *name);

#endif
