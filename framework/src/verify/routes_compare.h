/* routes_compare.h — what two databases have in common that were reached on two ways. */
#ifndef DRIFT_VERIFY_ROUTES_COMPARE_H
#define DRIFT_VERIFY_ROUTES_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "digest/table.h"

/** A table's rows. */
typedef struct drift__route_table {
    const char *name;
    drift__table_digest digest;
} drift__route_table;

/** Those of all tables that hold rows of their own and can be read, by name; rowids do not count. */
typedef struct drift__route_tables {
    drift__arena arena;
    drift__route_table *tables;
    size_t count, capacity;
} drift__route_tables;

#define DRIFT__ROUTE_TABLES_INIT      \
    {                                 \
        DRIFT__ARENA_INIT, NULL, 0, 0 \
    }

int drift__route_tables_read(drift__route_tables *out, drift_connection *connection, drift_error *err);
void drift__route_tables_dispose(drift__route_tables *tables);

/** The table of this name, or NULL. */
const drift__route_table *drift__route_table_named(const drift__route_tables *tables, const char *name);

/** The first table behind `after` (NULL: of all) that both have with the same columns and other rows; NULL at the end.
 */
const char *drift__route_tables_next(const drift__route_tables *a, const drift__route_tables *b, const char *after);

/** Whether two databases define the same objects by the same texts. */
int drift__same_definitions(bool *out, drift_connection *a, drift_connection *b, drift_error *err);

#endif
