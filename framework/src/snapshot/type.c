/* type.c — types, once: X(LOGICAL, moor_type, spelling before format 1.1, SQL type). */
#include "snapshot/type.h"

#include <stddef.h>
#include <string.h>

#include "base/fold.h"
#include "sql/affinity.h"

#define MOOR_TYPES(X)                                          \
    X(INT, "int", "ColumnType.integer", "INTEGER")             \
    X(BOOL, "bool", "ColumnType.boolean", "INTEGER")           \
    X(BIG_INT, "bigInt", "ColumnType.bigInt", "INTEGER")       \
    X(TEXT, "string", "ColumnType.text", "TEXT")               \
    X(DOUBLE, "double", "ColumnType.real", "REAL")             \
    X(BLOB, "blob", "ColumnType.blob", "BLOB")                 \
    X(DATE_TIME, "dateTime", "ColumnType.datetime", "INTEGER") \
    X(ANY, "any", "ColumnType.any", "ANY")

static const struct row {
    drift_logical_type type;
    const char *name, *old_name, *sql;
} rows[] = {
#define MOOR_ROW(logical, name, old_name, sql) {DRIFT_LOGICAL_##logical, name, old_name, sql},
    MOOR_TYPES(MOOR_ROW)
#undef MOOR_ROW
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

drift_logical_type drift__logical_type(const char *moor_type)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strcmp(moor_type, rows[i].name) == 0 || strcmp(moor_type, rows[i].old_name) == 0) return rows[i].type;
    return DRIFT_LOGICAL_UNKNOWN;
}

const char *drift__logical_sql(drift_logical_type type, bool dates_as_text)
{
    if (type == DRIFT_LOGICAL_DATE_TIME && dates_as_text) return "TEXT";
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].type == type) return rows[i].sql;
    return "";
}

/* "ANY" is a type of its own in STRICT tables alone (https://www.sqlite.org/stricttables.html); elsewhere it is NUMERIC
 * like any other word. */
const char *drift__moor_type(const char *declared, bool strict)
{
    if (strict && drift__same_name(declared, "ANY")) return "any";
    switch (drift__affinity_of(declared)) {
    case DRIFT__AFFINITY_TEXT: return "string";
    case DRIFT__AFFINITY_INTEGER: return "int";
    case DRIFT__AFFINITY_REAL:
    case DRIFT__AFFINITY_NUMERIC: return "double";
    case DRIFT__AFFINITY_BLOB: break;
    }
    return "blob";
}
