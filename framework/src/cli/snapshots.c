/* snapshots.c */
#include "cli/snapshots.h"

#include "base/alloc.h"
#include "base/error.h"

void drift__snapshots_dispose(drift__snapshots *s)
{
    for (size_t i = 0; s->read && i < s->folder->count; i++) drift_snapshot_free(s->read[i]);
    drift__free(s->read);
    drift__free(s->schemas);
    drift_snapshot_folder_free(s->folder);
    *s = (drift__snapshots){0};
}

int drift__snapshots_read(drift__snapshots *s, const char *path, const char *overrides, drift_error *err)
{
    *s = (drift__snapshots){0};
    int rc = drift_snapshot_folder_read(&s->folder, path, err);
    if (rc != DRIFT_OK) return rc;
    s->read = drift__calloc(s->folder->count, sizeof *s->read);
    s->schemas = drift__calloc(s->folder->count, sizeof *s->schemas);
    if (!s->read || !s->schemas) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < s->folder->count; i++) {
        const drift_snapshot_file *file = &s->folder->files[i];
        const drift_snapshot_options options = {.version = file->version, .overrides = overrides};
        rc = drift_snapshot_read(&s->read[i], file->path, &options, err);
        if (rc == DRIFT_OK) rc = drift_snapshot_require_known(s->read[i], file->path, err);
        if (rc == DRIFT_OK) s->schemas[i] = &s->read[i]->schema;
    }
    return rc;
}
