/* snapshots.h — snapshots that must be whole: one, or all of a folder. */
#ifndef DRIFT_CLI_SNAPSHOTS_H
#define DRIFT_CLI_SNAPSHOTS_H

#include "drift/kit/snapshot.h"

typedef struct drift__snapshots {
    drift_snapshot_folder *folder;
    drift_snapshot **read;        /* one for each file of the folder */
    const drift_schema **schemas; /* theirs, ascending by version */
} drift__snapshots;

/**
 * Reads every snapshot of a folder. `overrides` may be NULL. Dispose also after a failure.
 * @return DRIFT_OK; errors of drift_snapshot_folder_read and drift_snapshot_read; UNSUPPORTED for what only Dart could
 * evaluate.
 */
int drift__snapshots_read(drift__snapshots *out, const char *path, const char *overrides, drift_error *err);

/**
 * Reads one snapshot, with a hint where it is likely something else.
 * @return as drift_snapshot_read; UNSUPPORTED for what only Dart could evaluate. The caller frees, also after a
 * failure.
 */
int drift__snapshot_read_whole(drift_snapshot **out, const char *path, const drift_snapshot_options *options,
                               drift_error *err);

void drift__snapshots_dispose(drift__snapshots *snapshots);

#endif
