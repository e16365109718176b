/* migrator.h — the migrator's state, its record, and how its calls are atomic. */
#ifndef DRIFT_MIGRATE_MIGRATOR_H
#define DRIFT_MIGRATE_MIGRATOR_H

#include "base/arena.h"
#include "drift/migrator.h"

/** A column that was renamed: what `touch` of the record, which knows the table and the old name, became. */
typedef struct drift__column_rename {
    size_t touch;
    const char *to;
} drift__column_rename;

struct drift_migrator {
    drift_connection *connection;
    const drift_schema *schema;
    int step_from, step_to; /* of the step that runs, else 0 */
    bool trusted;           /* foreign keys were seen to go off inside a transaction (rebuild/foreign_key.h) */
    bool handed_out;        /* the connection was: what it touched is not recorded */
    bool in_opening;        /* whoever opened checks foreign keys before it commits */

    drift__arena arena; /* the record's texts */
    drift_touch *touches;
    size_t touch_count, touch_capacity;
    drift__column_rename *renames; /* in their order */
    size_t rename_count, rename_capacity;
};

/** Records what a call touched. `was` may be NULL. */
int drift__migrator_touch(drift_migrator *migrator, drift_touch_kind kind, drift_entity_kind entity, const char *name,
                          const char *was, drift_error *err);

/** Records a column that was renamed. */
int drift__migrator_touch_column(drift_migrator *migrator, const char *table, const char *from, const char *to,
                                 drift_error *err);

/** The names that a table and one of its columns had when the record began; `column` may be NULL. Borrowed. */
void drift__migrator_names_before(const drift_migrator *migrator, const char **table, const char **column);

/** Runs a call's work in a transaction or savepoint; if it fails nothing of it is recorded either. */
int drift__migrator_atomic(drift_migrator *migrator, drift_body_fn body, void *payload, drift_error *err);

/** As drift__migrator_atomic, with foreign keys suspended so that `table` can be dropped (rebuild/foreign_key.h). */
int drift__migrator_suspended(drift_migrator *migrator, const char *table, drift_body_fn body, void *payload,
                              drift_error *err);

/** MISUSE unless the column is one of the table's own: a handle of another table, or of another version's, is no column
 * of this one, whatever its name. `what` begins the text: "the column to add". */
int drift__migrator_require_column(const drift_table *table, const drift_column *column, const char *what,
                                   drift_error *err);

#endif
