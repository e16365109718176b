/* part.h — what a shard says of the whole that it belongs to. */
#ifndef DRIFT_VERIFY_PART_H
#define DRIFT_VERIFY_PART_H

#include "base/arena.h"
#include "drift/kit/outcome.h"
#include "drift/kit/verify.h"

/** Which shard it is, digests of what is read, and the options that decide what is found. Texts are the arena's. */
int drift__part_describe(drift_part *out, drift__arena *arena, const drift_schema_provider *schemas,
                         const drift_migration_source *source, const drift_verify_options *options, drift_error *err);

#endif
