/* ledger.h — what became of the rows in a step: table by table, told as findings and entered into the ledger. */
#ifndef DRIFT_VERIFY_LEDGER_H
#define DRIFT_VERIFY_LEDGER_H

#include <stdbool.h>

#include "base/arena.h"
#include "verify/judge.h"
#include "verify/live.h"
#include "verify/match.h"

/** Two databases, and the step that lies between. */
typedef struct drift__ledger_step {
    drift__judgement *judgement;
    drift_connection *before, *after;
    const drift_schema *target; /**< of version `to` */
    int from, to;
    drift_connection **keep; /**< takes the referee over, for who judges the same databases behind this; NULL: nobody */
    drift_connection *referee; /**< private: opened when it is first needed */
    bool empty;                /**< private: neither database holds a row */
} drift__ledger_step;

/** Judges all tables. */
int drift__ledger_judge(drift__ledger_step *step, drift_error *err);

/** A table that both sides have. */
typedef struct drift__ledger_table {
    drift__ledger_step *step;
    drift__arena arena;
    drift__live_table old, new;
    const drift_table *target;         /**< NULL for a virtual table */
    bool is_mirror;                    /**< a full-text index over another table\'s rows, which holds none of its own */
    drift__match_column *columns;      /**< those of the new table that can be compared */
    const drift_expectation **entries; /**< of each column: its TRANSFORM or FILL, or NULL */
    size_t count;
    size_t *key;
    const drift_expectation *drop, *add;
    drift__match match;
    drift__match_result result;
} drift__ledger_table;

/** Opens the step's referee, unless it is open: tables without rows and expectations need none. */
int drift__ledger_open_referee(drift__ledger_step *step, drift_error *err);

/** What of the new table can be compared, and what is expected of it. */
int drift__ledger_map(drift__ledger_table *table, drift_error *err);

/** Notes which expectations took effect; tells lost, extra, changed rows, and what could not be read. */
int drift__ledger_tell(drift__ledger_table *table, drift_error *err);

#endif
