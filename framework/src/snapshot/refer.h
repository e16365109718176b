/* refer.h — what the entities of a schema refer to, and the order in which they are written. */
#ifndef DRIFT_SNAPSHOT_REFER_H
#define DRIFT_SNAPSHOT_REFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "drift/error.h"
#include "drift/schema.h"

/** An entity and what it refers to: indexes into `rows`, all of them lower than its own. */
typedef struct drift__refer_row {
    const drift_entity *entity;
    const size_t *references;
    size_t count;
    size_t on; /**< index, trigger: what it stands on */
} drift__refer_row;

typedef struct drift__refer {
    const drift__refer_row *rows;
    size_t count;
} drift__refer;

/**
 * The order: again and again the first entity whose references are all written; in a circle of foreign keys, the first
 * that is left, without the references that close the circle (older releases of Drift refuse a circle). Ordering what
 * is ordered changes nothing. FORMAT if an index or a trigger stands on what the schema does not have.
 */
int drift__refer_read(drift__refer *out, drift__arena *arena, const drift_schema *schema, drift_error *err);

#endif
