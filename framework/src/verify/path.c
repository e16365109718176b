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

/* Of every step the one before it on the way with the most steps, each found once: steps ascend. */
typedef struct lead {
    size_t length; /* of the way that ends with the step; 0: none leads here */
    size_t before; /* the step before it; itself for the first */
} lead;

static void find_leads(lead *leads, const drift_step_folder *folder, int from)
{
    for (size_t i = 0; i < folder->count; i++) {
        if (folder->files[i].from == from) leads[i] = (lead){1, i};
        for (size_t k = 0; k < i; k++) {
            if (folder->files[k].to == folder->files[i].from && leads[k].length >= leads[i].length && leads[k].length)
                leads[i] = (lead){leads[k].length + 1, k};
        }
    }
}

static void follow(drift__path *out, const lead *leads, const drift_step_folder *folder, size_t last)
{
    out->count = leads[last].length;
    for (size_t i = out->count; i-- > 0; last = leads[last].before) out->steps[i] = &folder->files[last];
}

int drift__path_find_parts(drift__path *out, const drift_step_folder *steps, int from, int to, drift_error *err)
{
    size_t best = steps->count;
    *out = (drift__path){0};
    lead *leads = drift__calloc(steps->count + 1, sizeof *leads);
    if (!leads) return drift__no_memory(err);
    find_leads(leads, steps, from);
    for (size_t i = 0; i < steps->count; i++) {
        if (steps->files[i].to == to && leads[i].length > leads[best].length) best = i;
    }
    if (leads[best].length) out->steps = drift__calloc(leads[best].length, sizeof(drift_step_file *));
    if (out->steps) follow(out, leads, steps, best);
    const int rc = leads[best].length && !out->steps ? drift__no_memory(err) : DRIFT_OK;
    drift__free(leads);
    return rc;
}

void drift__path_dispose(drift__path *path)
{
    drift__free(path->steps);
    *path = (drift__path){0};
}
