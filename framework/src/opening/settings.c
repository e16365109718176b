/* settings.c */
#include "opening/settings.h"

#include "base/error.h"
#include "base/str.h"
#include "rebuild/setting.h"

enum { SYNCHRONOUS_FULL = 2, SYNCHRONOUS_EXTRA = 3 };

static const char *const getters[] = {
#define KEPT_GETTER(name, sql) [DRIFT__KEPT_##name] = "PRAGMA " sql,
    DRIFT__KEPT_MAP(KEPT_GETTER)
#undef KEPT_GETTER
};

static int set(drift_connection *connection, drift__kept kept, int64_t value, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_printf(&sql, "%s = %lld", getters[kept], (long long)value);
    const int rc = sql.failed ? drift__no_memory(err) : drift_exec(connection, sql.text, err);
    drift__str_dispose(&sql);
    return rc;
}

static bool is_kept(const drift__settings *settings, int kept)
{
    return settings->which >> kept & 1u;
}

int drift__settings_keep(drift__settings *out, drift_connection *connection, unsigned which, drift_error *err)
{
    int rc = drift__setting_get(&out->foreign_keys, connection, DRIFT__SETTING_FOREIGN_KEYS, err);
    if (rc == DRIFT_OK)
        rc = drift__setting_get(&out->legacy_alter_table, connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, err);
    out->which = which;
    for (int i = 0; rc == DRIFT_OK && i < DRIFT__KEPT_COUNT; i++) {
        if (is_kept(out, i)) rc = drift_query_int64(&out->values[i], connection, getters[i], NULL, 0, err);
    }
    out->kept = rc == DRIFT_OK;
    return rc;
}

int drift__settings_raise(const drift__settings *settings, drift_connection *connection, bool wal, drift_error *err)
{
    const int64_t wanted = wal ? SYNCHRONOUS_FULL : SYNCHRONOUS_EXTRA;
    if (settings->values[DRIFT__KEPT_SYNCHRONOUS] >= wanted) return DRIFT_OK;
    return set(connection, DRIFT__KEPT_SYNCHRONOUS, wanted, err);
}

static int restore_one(const drift__settings *settings, drift_connection *connection, drift__kept kept,
                       drift_error *err)
{
    int64_t now = 0;
    const int rc = drift_query_int64(&now, connection, getters[kept], NULL, 0, err);
    if (rc == DRIFT_OK && now == settings->values[kept]) return DRIFT_OK;
    return set(connection, kept, settings->values[kept], err);
}

int drift__settings_restore(const drift__settings *settings, drift_connection *connection, drift_error *err)
{
    int rc = DRIFT_OK;
    if (!settings->kept) return rc;
    const int keys = drift__setting_set(connection, DRIFT__SETTING_FOREIGN_KEYS, settings->foreign_keys, err);
    const int legacy =
        drift__setting_set(connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, settings->legacy_alter_table, err);
    for (int i = 0; i < DRIFT__KEPT_COUNT; i++) {
        drift_error first = {0};
        if (!is_kept(settings, i)) continue;
        int one = restore_one(settings, connection, (drift__kept)i, &first);
        if (one < 0) one = restore_one(settings, connection, (drift__kept)i, err); /* a brief failure is no reason */
        if (one < 0) rc = one;
    }
    return keys < 0 ? keys : legacy < 0 ? legacy : rc;
}
