/* original.h — the old database of one version and level: built and filled once, copied for each case, never changed.
 */
#ifndef DRIFT_VERIFY_ORIGINAL_H
#define DRIFT_VERIFY_ORIGINAL_H

#include "drift/kit/seed.h"
#include "drift/kit/verify.h"
#include "verify/expect.h"
#include "verify/facts.h"
#include "verify/routes.h"
#include "verify/stepped.h"

/** All zero starts it. */
typedef struct drift__original {
    int version; /* 0: not built yet */
    drift_connection *connection;
    int64_t rows;
    drift_error why;           /* it could not be built, or filled */
    drift_seed_report *seeded; /* what became of each table; NULL: nothing was to be done */
    drift__facts facts;        /* of the connection's database */
    drift__reopened reopened;  /* the way that leads on from here version by version */
    drift__stepped stepped;    /* and that on which each version is judged */
} drift__original;

/**
 * Builds the database of another version; what its definitions decide is remembered in `known`. What fails, memory
 * aside, stands in `why`: it is told in every run that starts here.
 */
int drift__original_build(drift__original *original, const drift_schema_provider *schemas, int version,
                          drift_data_level level, const drift_verify_options *options, drift__expect *expect,
                          drift__known_all *known, drift_error *err);

/** error.build and error.seed, in the current run. `*usable` is false if there is nothing to migrate. */
int drift__original_tell(bool *usable, const drift__original *original, drift__outcome_builder *outcome,
                         drift_error *err);

/** error.build for an error. */
void drift__tell_build_error(drift__outcome_builder *outcome, const drift_error *why);

void drift__original_dispose(drift__original *original);

#endif
