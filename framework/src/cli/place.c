/* place.c */
#include "cli/place.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

/* Cuts a path's last part off: "a/b" is "a", "/a" is "/", "a" is ".". */
static void cut_last_part(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    while (length && path[length - 1] != '/') length--;
    while (length > 1 && path[length - 1] == '/') length--;
    if (length)
        path[length] = '\0';
    else
        memcpy(path, ".", sizeof ".");
}

/* `what` is asked for, `folder` is where it would be made. */
static int check_writable(const char *what, const char *folder, drift_error *err)
{
    struct stat st;
    if (stat(folder, &st) != 0) return drift__error_errno(err, errno, "write", what);
    if (!S_ISDIR(st.st_mode)) return drift__error(err, DRIFT_MISUSE, "cannot write %s: %s is no folder", what, folder);
    return access(folder, W_OK | X_OK) == 0 ? DRIFT_OK : drift__error_errno(err, errno, "write", what);
}

/* ENOTDIR: what stands above it is a file. */
static bool is_missing(const char *path)
{
    struct stat st;
    return stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* The nearest part that is there. */
static void climb(char *path)
{
    while (is_missing(path) && strcmp(path, ".") != 0 && strcmp(path, "/") != 0) cut_last_part(path);
}

static int refuse_missing(const char *path, const char *folder, drift_error *err)
{
    drift__error(err, DRIFT_MISUSE, "cannot write %s: there is no folder %s", path, folder);
    drift__error_hint(err, "make the folder first: mkdir -p %s", folder);
    return DRIFT_MISUSE;
}

static int check_parent(const char *path, char *folder, char *nearest, drift_error *err)
{
    cut_last_part(folder);
    cut_last_part(nearest);
    climb(nearest);
    if (strcmp(folder, nearest) != 0 && drift__is_folder(nearest)) return refuse_missing(path, folder, err);
    return check_writable(path, nearest, err);
}

int drift__place_check_file(const char *path, drift_error *err)
{
    const size_t length = strlen(path);
    if (!length) return drift__error(err, DRIFT_MISUSE, "expected the name of a file to write, found \"\"");
    if (path[length - 1] == '/' || drift__is_folder(path))
        return drift__error(err, DRIFT_MISUSE, "expected the name of a file to write, found a folder: %s", path);
    char *folder = drift__strdup(path), *nearest = drift__strdup(path);
    const int rc = folder && nearest ? check_parent(path, folder, nearest, err) : drift__no_memory(err);
    drift__free(nearest);
    drift__free(folder);
    return rc;
}

int drift__place_check_folder(const char *path, drift_error *err)
{
    if (!*path) return drift__error(err, DRIFT_MISUSE, "expected a folder, found \"\"");
    char *nearest = drift__strdup(path);
    if (!nearest) return drift__no_memory(err);
    climb(nearest);
    const int rc = check_writable(path, nearest, err);
    drift__free(nearest);
    return rc;
}
