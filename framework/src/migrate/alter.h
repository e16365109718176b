/* alter.h — rebuilds, as the calls that need one share them. */
#ifndef DRIFT_MIGRATE_ALTER_H
#define DRIFT_MIGRATE_ALTER_H

#include "migrate/migrator.h"
#include "rebuild/rebuild.h"

/** Rebuilds a table inside the caller's transaction, foreign keys being suspended, and records it. Outside an opening,
 * which checks foreign keys itself, it checks those of the table and of its children. */
int drift__migrator_rebuild(drift_migrator *migrator, const drift__rebuild_request *request, drift_error *err);

/** Renames a table inside the caller's transaction, and records it. */
int drift__migrator_rename(drift_migrator *migrator, const char *from, const char *to, drift_error *err);

#endif
