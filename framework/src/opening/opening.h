/* opening.h — one opening, as its parts share it. */
#ifndef DRIFT_OPENING_OPENING_H
#define DRIFT_OPENING_OPENING_H

#include "base/arena.h"
#include "drift/database.h"
#include "migrate/migrator.h"
#include "opening/settings.h"
#include "rebuild/violation.h"

struct drift_database {
    drift_connection *connection;
    bool owned; /* the connection is closed with the database */
    const drift_database_definition *definition;
    int target_version;
    const drift_schema *target_schema;
};

/** What an opening has to do. */
typedef enum drift__action {
    DRIFT__ACTION_NOTHING,
    DRIFT__ACTION_CREATE,
    DRIFT__ACTION_UPGRADE,
    DRIFT__ACTION_DOWNGRADE,
    DRIFT__ACTION_DESTROY /**< drop everything and create */
} drift__action;

/** What whoever opens knows beforehand, so that nothing is asked for that cannot be otherwise. All zero: nothing. */
typedef struct drift__foreknown {
    bool keeps_settings; /**< the migration changes none of the settings of DRIFT__KEPT_MAP */
    bool keys_hold;      /**< no foreign key is violated before the migration */
    bool passes;         /**< nobody wants the database after a power cut: `synchronous` is not raised */
} drift__foreknown;

typedef struct drift__opening {
    drift_database *database;
    drift_connection *connection; /* the database's */
    const drift_database_definition *definition;
    const drift_migration_strategy *strategy;
    const drift_open_options *options;
    drift__foreknown foreknown;
    drift_migrator *migrator;
    drift__action action;
    drift_opening_details details;
    drift__settings settings;
    bool in_memory;              /* nothing of it survives the process */
    drift__violation_set before; /* foreign-key violations that were there */
    bool has_outbox;             /* there was one before the migration */
    int64_t queued;              /* changes in it */
    int64_t began_us;
    int64_t ticks;  /* of the progress callback */
    bool cancelled; /* by the progress callback */
    bool ready;     /* all that was to be done stands in the transaction; only COMMIT is left */
    drift_opening_report report;
    drift__arena *arena; /* the report's memory */
} drift__opening;

/** drift_database_open for whoever knows more than an application can. */
int drift__database_open(drift_database **out, const drift_database_definition *definition,
                         const drift_open_options *options, drift__foreknown foreknown, drift_error *err);

/** Reads the version and decides: what is to be done stands in `action` and `details`. */
int drift__opening_decide(drift__opening *opening, drift_error *err);

/** Creates, migrates or destroys, as `action` says. */
int drift__opening_migrate(drift__opening *opening, drift_error *err);

/** What must hold before a migration begins, and what is done then: journal, free space, backup. */
int drift__opening_prepare(drift__opening *opening, drift_error *err);

/** Drops everything in the main database, and lists it in the report. */
int drift__opening_destroy(drift__opening *opening, drift_error *err);

/** Takes change tracking away for the time of a migration. */
int drift__opening_suspend_tracking(drift__opening *opening, drift_error *err);

/** Makes change tracking what the definition says. MIGRATION if the migration touched what is queued. */
int drift__opening_resume_tracking(drift__opening *opening, drift_error *err);

/** Remembers the violations that are there before the migration. */
int drift__opening_check_before(drift__opening *opening, drift_error *err);

/** Fails with FOREIGN_KEY if there are violations that were not there before, or under `strict_foreign_keys` any. */
int drift__opening_check_after(drift__opening *opening, drift_error *err);

#endif
