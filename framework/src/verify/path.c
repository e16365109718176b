/* path.c — the steps of a pair. */
#include "base/alloc.h"
#include "base/error.h"
#include "verify/runner.h"

static const drift_step_file *longest_step(const drift_step_folder *folder, int from, int to)
{
    const drift_step_file *longest = NULL;
    for (size_t i = 0; i < folder->count; i++) { /* ascending by `to` among those of one `from` */
        if (folder->files[i].from == from && folder->files[i].to <= to) longest = &folder->files[i];
    }
    return longest;
}

static int version_after(int version, const int *versions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (versions[i] > version) return versions[i];
    }
    return version;
}

int drift__path_find(drift__path *out, const drift_step_folder *steps, int from, int to, const int *versions,
                     size_t version_count, drift_error *err)
{
    size_t capacity = 0;
    *out = (drift__path){0};
    for (int at = from; at < to;) {
        const drift_step_file *step = longest_step(steps, at, to);
        if (!step) {
            drift__path_dispose(out);
            drift__error(err, DRIFT_NOT_FOUND, "no step leads on from version %d, on the way from %d to %d", at, from,
                         to);
            drift__error_hint(err, "expected a file %s/v%d_to_v%d.sql", steps->path, at,
                              version_after(at, versions, version_count));
            return DRIFT_NOT_FOUND;
        }
        if (drift__reserve((void **)&out->steps, &capacity, out->count + 1, sizeof(drift_step_file *)) != 0) {
            drift__path_dispose(out);
            return drift__no_memory(err);
        }
        out->steps[out->count++] = step;
        at = step->to;
    }
    return DRIFT_OK;
}

void drift__path_dispose(drift__path *path)
{
    drift__free(path->steps);
    *path = (drift__path){0};
}
