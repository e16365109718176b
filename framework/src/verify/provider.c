/* provider.c — a folder of snapshots as a provider of schemas. */
#include "base/alloc.h"
#include "base/error.h"
#include "drift/kit/snapshot.h"
#include "drift/kit/verify.h"

struct drift_snapshot_provider {
    drift_schema_provider public;
    drift_snapshot_folder *folder;
    drift_snapshot **snapshots; /* one for each of the folder's files */
    int *versions;
    size_t count;
};

static int hand_out_versions(const int **versions, size_t *count, const void *payload, drift_error *err)
{
    const drift_snapshot_provider *provider = payload;
    (void)err;
    *versions = provider->versions;
    *count = provider->count;
    return DRIFT_OK;
}

static int hand_out_schema(const drift_schema **out, int version, const void *payload, drift_error *err)
{
    const drift_snapshot_provider *provider = payload;
    *out = NULL;
    for (size_t i = 0; i < provider->count; i++) {
        if (provider->versions[i] != version) continue;
        *out = &provider->snapshots[i]->schema;
        return drift_snapshot_require_known(provider->snapshots[i], provider->folder->files[i].path, err);
    }
    return drift__error(err, DRIFT_NOT_FOUND, "no snapshot of version %d in %s", version, provider->public.name);
}

static int read_all(drift_snapshot_provider *provider, const char *overrides, drift_error *err)
{
    const size_t count = provider->folder->count;
    provider->snapshots = drift__calloc(count, sizeof(drift_snapshot *));
    provider->versions = drift__calloc(count, sizeof *provider->versions);
    if (!provider->snapshots || !provider->versions) return drift__no_memory(err);
    for (size_t i = 0; i < count; i++) {
        const drift_snapshot_file *file = &provider->folder->files[i];
        const drift_snapshot_options options = {.version = file->version, .overrides = overrides};
        const int rc = drift_snapshot_read(&provider->snapshots[i], file->path, &options, err);
        if (rc != DRIFT_OK) return rc;
        provider->versions[provider->count++] = file->version;
    }
    return DRIFT_OK;
}

int drift_snapshot_provider_open(drift_snapshot_provider **out, const char *folder, const char *overrides,
                                 drift_error *err)
{
    *out = NULL;
    drift_snapshot_provider *provider = drift__calloc(1, sizeof *provider);
    if (!provider) return drift__no_memory(err);
    int rc = drift_snapshot_folder_read(&provider->folder, folder, err);
    if (rc == DRIFT_OK) rc = read_all(provider, overrides, err);
    char *name = rc == DRIFT_OK ? drift__strdup(folder) : NULL;
    if (rc == DRIFT_OK && !name) rc = drift__no_memory(err);
    if (rc != DRIFT_OK) {
        drift_snapshot_provider_free(provider);
        return rc;
    }
    provider->public = (drift_schema_provider){name, hand_out_versions, hand_out_schema, provider};
    *out = provider;
    return DRIFT_OK;
}

void drift_snapshot_provider_free(drift_snapshot_provider *provider)
{
    if (!provider) return;
    for (size_t i = 0; i < provider->count; i++) drift_snapshot_free(provider->snapshots[i]);
    drift__free(provider->snapshots);
    drift__free(provider->versions);
    drift__free((char *)provider->public.name);
    drift_snapshot_folder_free(provider->folder);
    drift__free(provider);
}

const drift_schema_provider *drift_snapshot_provider_schemas(const drift_snapshot_provider *provider)
{
    return &provider->public;
}
