/* steps.c — a folder of step files. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "drift/kit/verify.h"
#include "verify/script.h"

typedef struct folder {
    drift_step_folder public; /* first: drift_step_folder_free gets its address */
    drift__arena arena;
    drift_step_file *files;
    size_t count, capacity;
} folder;

/* "v12" at *at: the number, and *at behind it; 0 if it is none. Versions are 1 to 2147483647. */
static int take_version(const char **at)
{
    int64_t version = 0;
    const char *digit = *at + 1;
    if (**at != 'v') return 0;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        version = version * 10 + (*digit - '0');
        if (version > 2147483647) return 0;
    }
    *at = digit;
    return (int)version;
}

static bool parse_name(int *from, int *to, const char *name)
{
    const char *at = name;
    if (!(*from = take_version(&at)) || strncmp(at, "_to_", 4) != 0) return false;
    at += 4;
    return (*to = take_version(&at)) && strcmp(at, ".sql") == 0;
}

/* "v1_to_2.sql", "v1.sql": whoever wrote that meant a step. */
static bool is_almost_a_step(const char *name)
{
    return (name[0] == 'v' || name[0] == 'V') && name[1] >= '0' && name[1] <= '9' &&
           drift__path_has_suffix(name, ".sql");
}

static int add_file(folder *f, const char *name, int from, int to, drift_error *err)
{
    size_t length = 0;
    char *sql = NULL, *path = drift__path_join(f->public.path, name);
    int rc = path ? drift__script_read(&sql, &length, path, err) : drift__no_memory(err);
    if (rc == DRIFT_OK && drift__reserve((void **)&f->files, &f->capacity, f->count + 1, sizeof *f->files) != 0)
        rc = drift__no_memory(err);
    if (rc == DRIFT_OK) {
        f->files[f->count++] = (drift_step_file){from, to, drift__arena_strdup(&f->arena, path),
                                                 drift__arena_strndup(&f->arena, sql, length), length};
        if (f->arena.failed) rc = drift__no_memory(err);
    }
    drift__free(sql);
    drift__free(path);
    return rc;
}

static int take_name(folder *f, const char *name, drift_error *err)
{
    int from = 0, to = 0;
    if (parse_name(&from, &to, name)) return from < to ? add_file(f, name, from, to, err) : DRIFT_OK;
    if (!is_almost_a_step(name)) return DRIFT_OK;
    drift__error(err, DRIFT_FORMAT, "%s/%s: expected a name as v1_to_v2.sql, with versions from 1 to 2147483647",
                 f->public.path, name);
    drift__error_hint(err, "rename the file, or keep what is no step in another folder");
    return DRIFT_FORMAT;
}

static int by_versions(const void *a, const void *b)
{
    const drift_step_file *left = a, *right = b;
    if (left->from != right->from) return left->from < right->from ? -1 : 1;
    return left->to < right->to ? -1 : left->to > right->to;
}

static int sort(folder *f, drift_error *err)
{
    if (f->count) qsort(f->files, f->count, sizeof *f->files, by_versions);
    for (size_t i = 1; i < f->count; i++) {
        if (by_versions(&f->files[i - 1], &f->files[i]) == 0)
            return drift__error(err, DRIFT_FORMAT, "two files for the step from %d to %d: %s and %s", f->files[i].from,
                                f->files[i].to, f->files[i - 1].path, f->files[i].path);
    }
    f->public.files = f->files;
    f->public.count = f->count;
    return DRIFT_OK;
}

int drift_step_folder_read(drift_step_folder **out, const char *path, drift_error *err)
{
    char **names = NULL;
    size_t count = 0;
    *out = NULL;
    folder *f = drift__calloc(1, sizeof *f);
    if (!f) return drift__no_memory(err);
    f->public.path = drift__arena_strdup(&f->arena, path);
    int rc = f->public.path ? drift__folder_list(&names, &count, path, err) : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) rc = take_name(f, names[i], err);
    if (rc == DRIFT_OK) rc = sort(f, err);
    drift__names_free(names, count);
    if (rc == DRIFT_OK)
        *out = &f->public;
    else
        drift_step_folder_free(&f->public);
    return rc;
}

void drift_step_folder_free(drift_step_folder *public)
{
    folder *f = (folder *)public;
    if (!f) return;
    drift__arena_dispose(&f->arena);
    drift__free(f->files);
    drift__free(f);
}
