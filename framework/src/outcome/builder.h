/* builder.h — what the files of this module share. */
#ifndef DRIFT_OUTCOME_BUILDER_H
#define DRIFT_OUTCOME_BUILDER_H

#include "base/arena.h"
#include "base/map.h"
#include "outcome/outcome.h"

struct drift__outcome_builder {
    drift_outcome outcome; /* first: drift_outcome_free gets its address */
    drift_part part;       /* what outcome.part points to, if it does; of the whole only its expectations count */
    drift__arena arena;
    drift_run *runs;
    size_t run_capacity;
    drift_finding *findings; /* of the current run */
    size_t finding_count, finding_capacity;
    drift_ledger_entry *ledger; /* of the current run */
    size_t ledger_count, ledger_capacity;
    drift__map names; /* of tables and columns, each once in the arena */
    int failed;
};

/** What can only be said over all runs: which step is to blame, what is stale; not in a part. Tables without rows. */
void drift__outcome_judge(drift__outcome_builder *builder);

#endif
