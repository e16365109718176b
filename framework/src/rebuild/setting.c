/* setting.c */
#include "rebuild/setting.h"

#include <sqlite3.h>

#include "base/error.h"

static const struct {
    const char *name;
    const char *get, *set_on, *set_off;
    int option;
} settings[] = {
    [DRIFT__SETTING_FOREIGN_KEYS] = {"foreign_keys", "PRAGMA foreign_keys", "PRAGMA foreign_keys = ON",
                                     "PRAGMA foreign_keys = OFF", SQLITE_DBCONFIG_ENABLE_FKEY},
    [DRIFT__SETTING_LEGACY_ALTER_TABLE] = {"legacy_alter_table", "PRAGMA legacy_alter_table",
                                           "PRAGMA legacy_alter_table = ON", "PRAGMA legacy_alter_table = OFF",
                                           SQLITE_DBCONFIG_LEGACY_ALTER_TABLE},
};

static int configure(bool *on, sqlite3 *handle, drift__setting setting, int value, drift_error *err)
{
    int now = 0;
    if (sqlite3_db_config(handle, settings[setting].option, value, &now) != SQLITE_OK)
        return drift__error(err, DRIFT_UNSUPPORTED, "this SQLite cannot configure %s", settings[setting].name);
    *on = now != 0;
    return DRIFT_OK;
}

int drift__setting_get(bool *on, drift_connection *connection, drift__setting setting, drift_error *err)
{
    int64_t value = 0;
    int rc;
    sqlite3 *handle = drift_connection_handle(connection);
    if (handle) return configure(on, handle, setting, -1, err);
    if ((rc = drift_query_int64(&value, connection, settings[setting].get, NULL, 0, err)) < 0) return rc;
    *on = value != 0;
    return DRIFT_OK;
}

int drift__setting_set(drift_connection *connection, drift__setting setting, bool on, drift_error *err)
{
    bool now = !on;
    int rc;
    sqlite3 *handle = drift_connection_handle(connection);
    if (handle)
        rc = configure(&now, handle, setting, on, err);
    else if ((rc = drift_exec(connection, on ? settings[setting].set_on : settings[setting].set_off, err)) == DRIFT_OK)
        rc = drift__setting_get(&now, connection, setting, err);
    if (rc < 0) return rc;
    if (now == on) return DRIFT_OK;
    return drift__error(err, DRIFT_UNSUPPORTED, "expected that %s could be turned %s, but it had no effect",
                        settings[setting].name, on ? "on" : "off");
}
