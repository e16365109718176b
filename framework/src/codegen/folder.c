/* folder.c */
#include "codegen/folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "codegen/writer.h"

typedef enum standing { MISSING, SAME, OURS, FOREIGN } standing;

static bool is_ours(const char *text)
{
    return strncmp(text, DRIFT__GENERATED_LINE, strlen(DRIFT__GENERATED_LINE)) == 0;
}

/* What stands under a path. `text` may be NULL. A link is never followed: it may lead out of the folder. */
static int look(standing *out, const char *path, const char *text, size_t length, drift_error *err)
{
    struct stat st;
    char *found = NULL;
    size_t found_length = 0;
    if (lstat(path, &st) != 0) {
        *out = MISSING;
        return errno == ENOENT ? DRIFT_OK : drift__error_errno(err, errno, "read", path);
    }
    *out = FOREIGN;
    if (!S_ISREG(st.st_mode) || (unsigned long long)st.st_size > DRIFT__FILE_LIMIT) return DRIFT_OK;
    const int rc = drift__file_read(&found, &found_length, path, err);
    if (rc == DRIFT_OK && is_ours(found))
        *out = text && found_length == length && memcmp(found, text, length) == 0 ? SAME : OURS;
    drift__free(found);
    return rc;
}

static int refuse(const char *path, drift_error *err)
{
    drift__error(err, DRIFT_MISUSE, "%s exists and was not generated: it is kept, and nothing was written", path);
    drift__error_hint(err, "generate into a folder of its own, or move that file away");
    return DRIFT_MISUSE;
}

/* First all are looked at, then all are written. */
static int look_at_all(standing *standings, const drift__codegen *codegen, const char *folder, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < codegen->file_count; i++) {
        const drift__codegen_file *file = &codegen->files[i];
        char *path = drift__path_join(folder, file->name);
        rc = path ? look(&standings[i], path, file->text, file->length, err) : drift__no_memory(err);
        if (rc == DRIFT_OK && standings[i] == FOREIGN) rc = refuse(path, err);
        drift__free(path);
    }
    return rc;
}

static int write_all(const standing *standings, const drift__codegen *codegen, const char *folder,
                     drift__folder_fn told, void *payload, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < codegen->file_count; i++) {
        const drift__codegen_file *file = &codegen->files[i];
        char *path = drift__path_join(folder, file->name);
        if (!path)
            rc = drift__no_memory(err);
        else if (standings[i] != SAME)
            rc = drift__file_write(path, file->text, file->length, err);
        if (rc == DRIFT_OK && told)
            told(standings[i] == SAME ? DRIFT__FOLDER_KEPT : DRIFT__FOLDER_WROTE, path, payload);
        drift__free(path);
    }
    return rc;
}

/* schema_v<digits>.h or .c */
static bool is_version_file(const char *name)
{
    static const char begin[] = "schema_v";
    if (strncmp(name, begin, sizeof begin - 1) != 0) return false;
    const char *digits = name + sizeof begin - 1;
    const size_t count = strspn(digits, "0123456789");
    return count && (strcmp(digits + count, ".h") == 0 || strcmp(digits + count, ".c") == 0);
}

static bool is_among(const drift__codegen *codegen, const char *name)
{
    for (size_t i = 0; i < codegen->file_count; i++)
        if (strcmp(codegen->files[i].name, name) == 0) return true;
    return false;
}

static int prune_one(const char *folder, const char *name, drift__folder_fn told, void *payload, drift_error *err)
{
    standing stands = FOREIGN;
    char *path = drift__path_join(folder, name);
    int rc = path ? look(&stands, path, NULL, 0, err) : drift__no_memory(err);
    if (rc == DRIFT_OK && stands == OURS) {
        if (unlink(path) != 0) rc = drift__error_errno(err, errno, "remove", path);
        if (rc == DRIFT_OK && told) told(DRIFT__FOLDER_REMOVED, path, payload);
    }
    drift__free(path);
    return rc;
}

static int prune_all(const drift__codegen *codegen, const char *folder, drift__folder_fn told, void *payload,
                     drift_error *err)
{
    char **names = NULL;
    size_t count = 0;
    int rc = drift__folder_list(&names, &count, folder, err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) {
        if (is_version_file(names[i]) && !is_among(codegen, names[i]))
            rc = prune_one(folder, names[i], told, payload, err);
    }
    drift__names_free(names, count);
    return rc;
}

int drift__codegen_write(const drift__codegen *codegen, const char *folder, bool prune, drift__folder_fn told,
                         void *payload, drift_error *err)
{
    standing *standings = drift__calloc(codegen->file_count, sizeof *standings);
    int rc = standings ? DRIFT_OK : drift__no_memory(err);
    if (rc == DRIFT_OK && !drift__is_folder(folder)) rc = drift__folder_make(folder, err);
    if (rc == DRIFT_OK) rc = look_at_all(standings, codegen, folder, err);
    if (rc == DRIFT_OK) rc = write_all(standings, codegen, folder, told, payload, err);
    if (rc == DRIFT_OK && prune) rc = prune_all(codegen, folder, told, payload, err);
    drift__free(standings);
    return rc;
}

int drift__codegen_check(const drift__codegen *codegen, const char *folder, drift_error *err)
{
    standing *standings = drift__calloc(codegen->file_count, sizeof *standings);
    const int rc = standings ? look_at_all(standings, codegen, folder, err) : drift__no_memory(err);
    drift__free(standings);
    return rc;
}
