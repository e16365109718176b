/* write.h — the parts of a snapshot's text. */
#ifndef DRIFT_SNAPSHOT_WRITE_H
#define DRIFT_SNAPSHOT_WRITE_H

#include "base/arena.h"
#include "drift/schema.h"
#include "snapshot/json_out.h"
#include "snapshot/refer.h"

/** What is known while a snapshot is written. */
typedef struct drift__writing {
    drift__json_out out;
    drift__arena arena;
    drift__refer refer;
} drift__writing;

/** The keys of a table's `data`. */
void drift__write_table(drift__writing *w, const drift__refer_row *row);
void drift__write_virtual_table(drift__writing *w, const drift__refer_row *row);

/** The `columns` of a view. */
void drift__write_view_columns(drift__writing *w, const drift_view *view);

/** The statement of an entity, as SQLite keeps it. In the arena. */
const char *drift__write_sql(drift__writing *w, const drift_entity *entity);

#endif
