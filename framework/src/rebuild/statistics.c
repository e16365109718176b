/* statistics.c */
#include "rebuild/statistics.h"

#include <string.h>

/* Of a table's indexes those that SQLite makes for keys carry its name, and the key of a WITHOUT ROWID table is told
 * under the table's own. */
static const struct {
    const char *exists, *move, *forget, *settle;
} tables[] = {
#define STATISTICS(name)                                                                                             \
    {                                                                                                                \
        "SELECT count(*) FROM main.sqlite_schema WHERE name = '" name "'",                                           \
            "UPDATE main." name                                                                                      \
            " SET tbl = ?1, idx = CASE WHEN idx = ?2 COLLATE NOCASE THEN ?1 WHEN substr(idx, 1, length(?2) + 18) = " \
            "'sqlite_autoindex_' || ?2 || '_' COLLATE NOCASE THEN 'sqlite_autoindex_' || ?1 || substr(idx, "         \
            "length(?2) + 18) ELSE idx END WHERE tbl = ?2 COLLATE NOCASE",                                           \
            "DELETE FROM main." name " WHERE tbl = ?1 AND substr(idx, 1, 17) = 'sqlite_autoindex_'",                 \
            "DELETE FROM main." name " WHERE tbl = ?1 AND idx IS NOT NULL AND idx <> tbl AND idx NOT IN (SELECT "    \
            "name FROM pragma_index_list(?1, 'main'))"                                                               \
    }
    STATISTICS("sqlite_stat1"),
    STATISTICS("sqlite_stat4"),
#undef STATISTICS
};
enum { TABLES = sizeof tables / sizeof *tables };

int drift__statistics_move(drift_connection *connection, const char *from, const char *to, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_TEXT(to, strlen(to)), DRIFT_BIND_TEXT(from, strlen(from))};
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < TABLES; i++) {
        int64_t exists = 0;
        rc = drift_query_int64(&exists, connection, tables[i].exists, NULL, 0, err);
        if (rc == DRIFT_OK && exists) rc = drift_query(connection, tables[i].move, binds, 2, NULL, NULL, err);
    }
    return rc;
}

int drift__statistics_forget_keys(drift_connection *connection, const char *table, drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(table, strlen(table))};
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < TABLES; i++) {
        int64_t exists = 0;
        rc = drift_query_int64(&exists, connection, tables[i].exists, NULL, 0, err);
        if (rc == DRIFT_OK && exists) rc = drift_query(connection, tables[i].forget, bind, 1, NULL, NULL, err);
    }
    return rc;
}

/* https://www.sqlite.org/lang_analyze.html: ANALYZE sqlite_schema "causes the query planner to reload" the statistics
 * and gathers none. */
int drift__statistics_settle(drift_connection *connection, const char *table, drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(table, strlen(table))};
    int64_t any = 0;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < TABLES; i++) {
        int64_t exists = 0;
        rc = drift_query_int64(&exists, connection, tables[i].exists, NULL, 0, err);
        if (rc == DRIFT_OK && exists) rc = drift_query(connection, tables[i].settle, bind, 1, NULL, NULL, err);
        any += exists;
    }
    return rc == DRIFT_OK && any ? drift_exec(connection, "ANALYZE main.sqlite_schema", err) : rc;
}
