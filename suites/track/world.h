/* world.h — a small app whose tables are tracked, and what its outbox holds, as a text. */
#ifndef DRIFT_SUITES_TRACK_WORLD_H
#define DRIFT_SUITES_TRACK_WORLD_H

#include <check.h>

#include "drift/kit/parse.h"
#include "drift/track.h"
#include "support/digest.h"
#include "support/suite.h"

/** Posts with a title, a body, a revision and a note that is not sent. */
extern const char world_posts_sql[];
extern const drift_tracking world_posts;

typedef struct world {
    drift_schema *schema;
    drift_connection *db;
} world;

/** A database in memory with this schema, tracked. */
world world_begin(const char *sql, const drift_tracking *tracking);
void world_end(world *w);

/** Creates the schema of `sql` in a connection and tracks it. @return the schema; free it with drift_schema_free. */
drift_schema *world_create(drift_connection *db, const char *sql, const drift_tracking *tracking);

void world_run(const world *w, const char *sql);

/** Asserts what is queued, one change a line: "insert posts {"id":1} base NULL {…}". */
#define ck_assert_outbox(w, expected)                                                                             \
    ck_assert_value((w)->db,                                                                                      \
                    "SELECT ifnull(group_concat(line, char(10)), '') FROM (SELECT operation || ' ' || entity || " \
                    "' ' || key || ' base ' || quote(base_revision) || ' ' || ifnull(payload, '-') AS line "      \
                    "FROM drift_track_outbox ORDER BY sequence)",                                                 \
                    expected)

/** Leases everything that is due and returns it. */
drift_outbox_batch *world_lease(const world *w, int64_t now);

/** Takes everything out of the outbox, as delivered. */
void world_deliver(const world *w);

TCase *apply_case(void);
TCase *capture_case(void);
TCase *guide_case(void);
TCase *install_case(void);
TCase *json_case(void);
TCase *kill_case(void);
TCase *lease_case(void);
TCase *memory_case(void);
TCase *opening_case(void);
TCase *peer_case(void);
TCase *sync_case(void);

#endif
