/* columns.h — a table's columns by name. */
#ifndef DRIFT_COMPARE_COLUMNS_H
#define DRIFT_COMPARE_COLUMNS_H

#include <stdbool.h>

#include "base/map.h"
#include "drift/schema.h"

typedef struct drift__columns {
    const drift_table *table; /**< NULL: not known, and no name is a column's */
    drift__map map;           /**< of many columns; few are looked through */
} drift__columns;

/** `table` may be NULL, and must outlive this. @return 0, or -1 if there is no memory (to be disposed all the same). */
int drift__columns_init(drift__columns *columns, const drift_table *table);
void drift__columns_dispose(drift__columns *columns);

/** The column of this name, or NULL; the last, if there are several, which SQLite refuses. */
const drift_column *drift__columns_find(const drift__columns *columns, const char *name);

/** Whether several columns have one name. */
bool drift__columns_repeat(const drift__columns *columns);

#endif
