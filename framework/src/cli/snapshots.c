/* snapshots.c */
#include "cli/snapshots.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

void drift__snapshots_dispose(drift__snapshots *s)
{
    for (size_t i = 0; s->read && i < s->folder->count; i++) drift_snapshot_free(s->read[i]);
    drift__free(s->read);
    drift__free(s->schemas);
    drift_snapshot_folder_free(s->folder);
    *s = (drift__snapshots){0};
}

int drift__snapshot_read_whole(drift_snapshot **out, const char *path, const drift_snapshot_options *options,
                               drift_error *err)
{
    const int rc = drift_snapshot_read(out, path, options, err);
    if (rc == DRIFT_FORMAT && !drift__path_has_suffix(path, ".json"))
        drift__error_hint(err, "a snapshot is a drift_schema_vN.json, which is made by: drift schema dump SOURCE DEST");
    return rc == DRIFT_OK ? drift_snapshot_require_known(*out, path, err) : rc;
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
        rc = drift__snapshot_read_whole(&s->read[i], file->path, &options, err);
        if (rc == DRIFT_OK) s->schemas[i] = &s->read[i]->schema;
    }
    return rc;
}
