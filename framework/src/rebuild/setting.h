/* setting.h — the two settings of a connection that decide what DROP TABLE and RENAME do to other tables. */
#ifndef DRIFT_REBUILD_SETTING_H
#define DRIFT_REBUILD_SETTING_H

#include <stdbool.h>

#include "drift/connection.h"

typedef enum drift__setting { DRIFT__SETTING_FOREIGN_KEYS, DRIFT__SETTING_LEGACY_ALTER_TABLE } drift__setting;

int drift__setting_get(bool *on, drift_connection *connection, drift__setting setting, drift_error *err);

/**
 * Sets and reads back; UNSUPPORTED if it had no effect. Through sqlite3_db_config where there is a handle: that needs
 * no statement, cannot be denied by an authorizer, and holds inside a transaction, where PRAGMA foreign_keys is
 * ignored. Whoever turns foreign keys off inside a transaction asks drift__foreign_keys_suspend, not this.
 */
int drift__setting_set(drift_connection *connection, drift__setting setting, bool on, drift_error *err);

#endif
