/* destroy.c — for development: everything goes, and the report says what went. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "opening/opening.h"
#include "rebuild/live.h"
#include "sql/quote.h"

/* Triggers and views before tables, virtual tables before the rest: with them go the tables in which they keep their
 * data, which are told by pragma_table_list and cannot be dropped by themselves. */
static const char objects_sql[] =
    "WITH kinds AS MATERIALIZED (SELECT name, type FROM pragma_table_list WHERE schema = 'main') "
    "SELECT s.type, s.name FROM main.sqlite_schema AS s LEFT JOIN kinds AS k ON k.name = s.name AND s.type = 'table' "
    "WHERE s.type IN ('table', 'view', 'trigger') AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND s.name <> 'android_metadata' AND k.type IS NOT 'shadow' "
    "ORDER BY s.type = 'trigger' DESC, s.type = 'view' DESC, k.type = 'virtual' DESC, s.rowid";

typedef struct doomed {
    drift__arena *arena;
    const char **types, **names;
    size_t count, type_capacity, name_capacity;
} doomed;

static int add(drift_statement *row, void *payload, drift_error *err)
{
    doomed *d = payload;
    if (drift__reserve((void **)&d->types, &d->type_capacity, d->count + 1, sizeof *d->types) ||
        drift__reserve((void **)&d->names, &d->name_capacity, d->count + 1, sizeof *d->names))
        return drift__no_memory(err);
    d->types[d->count] = drift__take_text(d->arena, row, 0);
    d->names[d->count++] = drift__take_text(d->arena, row, 1);
    return d->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int drop(drift_connection *connection, const char *type, const char *name, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_printf(&sql, "DROP %s main.", type);
    drift__put_quoted(&sql, name);
    const int rc = sql.failed ? drift__no_memory(err) : drift_exec(connection, sql.text, err);
    drift__str_dispose(&sql);
    return rc;
}

int drift__opening_destroy(drift__opening *opening, drift_error *err)
{
    doomed d = {.arena = opening->arena};
    int rc = drift_query(opening->connection, objects_sql, NULL, 0, add, &d, err);
    for (size_t i = 0; rc == DRIFT_OK && i < d.count; i++) rc = drop(opening->connection, d.types[i], d.names[i], err);
    opening->report.dropped = drift__arena_copy(opening->arena, d.names, d.count, sizeof *d.names);
    opening->report.dropped_count = opening->report.dropped ? d.count : 0;
    if (rc == DRIFT_OK && !opening->report.dropped) rc = drift__no_memory(err);
    drift__free(d.types);
    drift__free(d.names);
    return rc;
}
