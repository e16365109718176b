/* folder.c — a folder's snapshots, by the versions in their names. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "drift/kit/snapshot.h"
#include "snapshot/name.h"

/* The digits of a version, no sign, no leading zero: a file has one name, and a version one spelling. */
static int read_version(const char *digits, const char *suffix)
{
    long long version = 0;
    const size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 10 || digits[0] == '0' || strcmp(digits + length, suffix) != 0) return 0;
    for (size_t i = 0; i < length; i++) version = version * 10 + (digits[i] - '0');
    return version <= 2147483647 ? (int)version : 0;
}

/* Where the version stands in a snapshot's name; NULL if it is no such name. */
static const char *version_in(const char *name)
{
    static const char *const prefixes[] = {"drift_schema_v", "moor_schema_v"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        const size_t length = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], length) == 0) return name + length;
    }
    return NULL;
}

int drift__snapshot_version(const char *path)
{
    const char *digits = version_in(drift__path_name(path));
    return digits ? read_version(digits, ".json") : 0;
}

/* drift_schema_v01.json: ignored, it would be a version that nobody tests. */
static int check_name(const char *name, const char *path, drift_error *err)
{
    const char *digits = version_in(name);
    const size_t length = digits ? strspn(digits, "0123456789") : 0;
    if (length == 0 || strcmp(digits + length, ".json") != 0 || drift__snapshot_version(name)) return DRIFT_OK;
    drift__error(err, DRIFT_FORMAT, "expected a version from 1 to 2147483647 without leading zeros, found %s/%s", path,
                 name);
    drift__error_hint(err, "rename the file, or move it away");
    return DRIFT_FORMAT;
}

/* The folder's name with `count` paths, which the answer owns. */
typedef struct folder {
    drift_snapshot_folder shown;
    drift_snapshot_file files[];
} folder;

static int by_version(const void *a, const void *b)
{
    const drift_snapshot_file *left = a, *right = b;
    if (left->version != right->version) return left->version < right->version ? -1 : 1;
    return strcmp(left->path, right->path);
}

static int add_files(folder *f, char **names, size_t count, const char *path, drift_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const int version = drift__snapshot_version(names[i]);
        const int rc = check_name(names[i], path, err);
        if (rc != DRIFT_OK) return rc;
        if (!version) continue;
        char *file = drift__path_join(path, names[i]);
        if (!file) return drift__no_memory(err);
        f->files[f->shown.count++] = (drift_snapshot_file){version, file};
    }
    return DRIFT_OK;
}

static bool holds_snapshot(const char *path)
{
    char **names = NULL;
    size_t count = 0;
    bool holds = false;
    if (!drift__is_folder(path) || drift__folder_list(&names, &count, path, NULL) != DRIFT_OK) return false;
    for (size_t i = 0; i < count; i++) holds = holds || drift__snapshot_version(names[i]);
    drift__names_free(names, count);
    return holds;
}

/* Snapshots stand in a folder for each app: the one above may have been named. */
static int refuse_empty(char **names, size_t count, const char *path, drift_error *err)
{
    drift__error(err, DRIFT_NOT_FOUND, "%s holds no drift_schema_vN.json", path);
    for (size_t i = 0; i < count; i++) {
        char *below = drift__path_join(path, names[i]);
        if (below && holds_snapshot(below)) drift__error_hint(err, "%s does: name an application's folder", below);
        drift__free(below);
    }
    drift__error_hint(err, "dump a snapshot of each released version: drift schema dump SOURCE %s", path);
    return DRIFT_NOT_FOUND;
}

static int check_versions(const folder *f, drift_error *err)
{
    for (size_t i = 1; i < f->shown.count; i++) {
        if (f->files[i].version != f->files[i - 1].version) continue;
        return drift__error(err, DRIFT_FORMAT, "version %d has two snapshots: %s and %s", f->files[i].version,
                            f->files[i - 1].path, f->files[i].path);
    }
    return DRIFT_OK;
}

int drift_snapshot_folder_read(drift_snapshot_folder **out, const char *path, drift_error *err)
{
    char **names = NULL;
    size_t count = 0;
    folder *f = NULL;
    *out = NULL;
    int rc = drift__folder_list(&names, &count, path, err);
    if (rc != DRIFT_OK) return rc;
    f = drift__calloc(1, sizeof *f + count * sizeof f->files[0]);
    if (!f) {
        rc = drift__no_memory(err);
        goto done;
    }
    f->shown.files = f->files;
    if ((rc = add_files(f, names, count, path, err)) != DRIFT_OK) goto done;
    if (f->shown.count) qsort(f->files, f->shown.count, sizeof f->files[0], by_version);
    rc = f->shown.count ? check_versions(f, err) : refuse_empty(names, count, path, err);
done:
    drift__names_free(names, count);
    if (rc != DRIFT_OK) {
        drift_snapshot_folder_free(f ? &f->shown : NULL);
        return rc;
    }
    *out = &f->shown;
    return DRIFT_OK;
}

void drift_snapshot_folder_free(drift_snapshot_folder *shown)
{
    if (!shown) return;
    folder *f = (folder *)shown; /* `shown` is its first member */
    for (size_t i = 0; i < shown->count; i++) drift_free((char *)f->files[i].path);
    drift__free(f);
}
