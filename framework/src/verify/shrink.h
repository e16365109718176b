/* shrink.h — a database made as small as it can be while it still shows a failure: fewer rows, then shorter values.
 *
 * Rows go by halves of a table, then halves of those, down to single rows (A. Zeller and R. Hildebrandt, "Simplifying
 * and Isolating Failure-Inducing Input", 2002); what would be orphaned goes with them, triggers do not fire, and an
 * external-content FTS table is rebuilt, so that every candidate is a database that could have been. Then each value
 * gives way to a simpler one. The same database and failure give the same result, unless time runs out.
 */
#ifndef DRIFT_VERIFY_SHRINK_H
#define DRIFT_VERIFY_SHRINK_H

#include <stdbool.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/kit/verify.h"
#include "rebuild/live.h"
#include "rebuild/object.h"

/** Whether a database still shows what is looked for. It must be as it was afterwards. */
typedef int (*drift__shows_fn)(bool *shows, drift_connection *candidate, void *payload, drift_error *err);

/** How long to go on: whichever ends first. */
enum { DRIFT__SHRINK_TRIES = 1000, DRIFT__SHRINK_SECONDS = 10 };

/**
 * Makes a database smaller.
 * @param database one that shows the failure; replaced by smaller ones, and always one that shows it. The caller closes
 * what stands there in the end, also after an error.
 * @return DRIFT_OK, also if nothing could be left out; errors of `shows`.
 */
int drift__shrink(drift_connection **database, const drift_verify_options *options, drift__shows_fn shows,
                  void *payload, drift_error *err);

/* ---- between the files of the shrinker ---- */

typedef struct drift__shrink_table {
    drift__live_table live;
    bool is_virtual;
    const char *order; /**< what names a row, as SQL: a rowid, or the columns of a key; NULL: nothing does */
} drift__shrink_table;

typedef struct drift__shrinking {
    drift_connection **database;
    const drift_verify_options *options;
    drift__shows_fn shows;
    void *payload;
    drift__arena arena;
    drift__objects objects;
    drift__shrink_table *tables;
    size_t table_count;
    bool orphans; /**< there were some from the start, or it cannot be told */
    int tries;
    int64_t deadline_us;
} drift__shrinking;

/** What is left out, or simplified: a statement with its values. */
typedef struct drift__shrink_change {
    const char *sql;
    const drift_value *binds;
    size_t bind_count;
} drift__shrink_change;

/** Whether there is time for one more try. */
bool drift__shrink_goes_on(const drift__shrinking *shrinking);

/** Tries a change on a copy, which takes the database's place if it still shows the failure. */
int drift__shrink_try(bool *taken, drift__shrinking *shrinking, const drift__shrink_change *change, drift_error *err);

/** The rows of a table. */
int drift__shrink_count(int64_t *out, const drift__shrinking *shrinking, const drift__shrink_table *table,
                        drift_error *err);

/** Simplifies every value. */
int drift__shrink_values(drift__shrinking *shrinking, drift_error *err);

#endif
