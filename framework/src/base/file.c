/* file.c — POSIX files. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fold.h"

static int read_all(char *bytes, size_t *length, size_t limit, int fd, const char *path, drift_error *err)
{
    size_t got = 0;
    while (got < limit) {
        const ssize_t n = read(fd, bytes + got, limit - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return drift__error_errno(err, errno, "read", path);
        if (n == 0) break;
        got += (size_t)n;
    }
    bytes[got] = '\0';
    *length = got;
    return DRIFT_OK;
}

int drift__file_read(char **out, size_t *length, const char *path, drift_error *err)
{
    *out = NULL;
    *length = 0;
    int rc = DRIFT_OK;
    struct stat st;
    if (!*path) return drift__error(err, DRIFT_MISUSE, "expected the name of a file to read, found \"\"");
    /* O_NONBLOCK: opening a named pipe must not wait for a writer before fstat can refuse it. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return drift__error_errno(err, errno, "read", path);
    if (fstat(fd, &st) != 0) {
        rc = drift__error_errno(err, errno, "read", path);
    } else if (S_ISDIR(st.st_mode)) {
        rc = drift__error(err, DRIFT_FORMAT, "cannot read %s: it is a folder", path);
    } else if (!S_ISREG(st.st_mode)) {
        rc = drift__error(err, DRIFT_FORMAT, "cannot read %s: it is not a regular file", path);
    } else if ((unsigned long long)st.st_size > DRIFT__FILE_LIMIT) {
        rc = drift__error(err, DRIFT_TOO_LARGE, "%s has %lld bytes; at most %zu are read", path, (long long)st.st_size,
                          DRIFT__FILE_LIMIT);
    } else if (!(*out = drift__malloc((size_t)st.st_size + 1))) {
        rc = drift__no_memory(err);
    } else {
        rc = read_all(*out, length, (size_t)st.st_size, fd, path, err);
    }
    close(fd);
    if (rc != DRIFT_OK) {
        drift__free(*out);
        *out = NULL;
    }
    return rc;
}

int drift__file_refuse_utf16(const char *text, size_t length, const char *path, drift_error *err)
{
    if (length < 2 || (memcmp(text, "\xff\xfe", 2) != 0 && memcmp(text, "\xfe\xff", 2) != 0)) return DRIFT_OK;
    drift__error_at(err, DRIFT_FORMAT, path, 1, 1, 0, "expected UTF-8, found UTF-16");
    drift__error_hint(err, "save it as UTF-8: what PowerShell redirects with > may be UTF-16");
    return DRIFT_FORMAT;
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        const ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

/*
 * Creates a file that did not exist, beside `path`, with the rights that open() gives under the process's umask; its
 * name is written into `name`. O_EXCL decides who made it, so the name needs to be unlikely, not unique.
 */
static int create_beside(char *name, size_t size, const char *path)
{
    for (int attempt = 0; attempt < 100; attempt++) {
        snprintf(name, size, "%s.%ld-%llx.tmp", path, (long)getpid(),
                 (unsigned long long)drift__clock_us() + (unsigned)attempt);
        const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

/* After a rename the folder itself must be synced, or the new name may not survive a power cut. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? drift__strndup(path, slash == path ? 1 : (size_t)(slash - path)) : drift__strdup(".");
    const int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    drift__free(folder);
}

int drift__file_write(const char *path, const char *bytes, size_t length, drift_error *err)
{
    struct stat st;
    const bool exists = stat(path, &st) == 0;
    if (exists && !S_ISREG(st.st_mode))
        return drift__error(err, DRIFT_MISUSE, "cannot write %s: it exists and is not a regular file", path);

    const size_t size = strlen(path) + 64;
    char *temporary = drift__malloc(size);
    if (!temporary) return drift__no_memory(err);
    int rc = DRIFT_OK;
    const int fd = create_beside(temporary, size, path);
    if (fd < 0) {
        rc = drift__error_errno(err, errno, "write", path);
        drift__free(temporary);
        return rc;
    }
    /* A file that is replaced keeps its rights. */
    if (write_all(fd, bytes, length) != 0 || (exists && fchmod(fd, st.st_mode & 07777u) != 0) || fsync(fd) != 0)
        rc = drift__error_errno(err, errno, "write", path);
    if (close(fd) != 0 && rc == DRIFT_OK) rc = drift__error_errno(err, errno, "write", path);
    if (rc == DRIFT_OK && rename(temporary, path) != 0) rc = drift__error_errno(err, errno, "write", path);
    if (rc == DRIFT_OK)
        sync_folder(path);
    else
        (void)unlink(temporary);
    drift__free(temporary);
    return rc;
}

bool drift__file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool drift__is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int drift__folder_make(const char *path, drift_error *err)
{
    char *partial = drift__strdup(path);
    if (!partial) return drift__no_memory(err);
    int rc = DRIFT_OK;
    for (char *at = partial + (*partial == '/'); rc == DRIFT_OK; at++) {
        if (*at != '/' && *at != '\0') continue;
        const char end = *at;
        *at = '\0';
        if (mkdir(partial, 0777) != 0 && !(errno == EEXIST && drift__is_folder(partial)))
            rc = drift__error_errno(err, errno, "make the folder", partial);
        *at = end;
        if (!end) break;
    }
    drift__free(partial);
    return rc;
}

static int by_bytes(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

int drift__folder_list(char ***names, size_t *count, const char *path, drift_error *err)
{
    char **list = NULL;
    size_t used = 0, capacity = 0;
    int rc = DRIFT_OK;
    *names = NULL;
    *count = 0;
    if (!*path) return drift__error(err, DRIFT_MISUSE, "expected the name of a folder to read, found \"\"");
    DIR *folder = opendir(path);
    if (!folder) return drift__error_errno(err, errno, "read the folder", path);
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry) {
            if (errno) rc = drift__error_errno(err, errno, "read the folder", path);
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (drift__reserve((void **)&list, &capacity, used + 1, sizeof *list) != 0 ||
            !(list[used] = drift__strdup(entry->d_name))) {
            rc = drift__no_memory(err);
            break;
        }
        used++;
    }
    closedir(folder);
    if (rc != DRIFT_OK) {
        drift__names_free(list, used);
        return rc;
    }
    if (used) qsort(list, used, sizeof *list, by_bytes);
    *names = list;
    *count = used;
    return DRIFT_OK;
}

void drift__names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++) drift__free(names[i]);
    drift__free(names);
}

const char *drift__path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool drift__path_has_suffix(const char *path, const char *suffix)
{
    const size_t path_length = strlen(path), suffix_length = strlen(suffix);
    return path_length >= suffix_length && drift__same_name(path + path_length - suffix_length, suffix);
}

char *drift__path_join(const char *folder, const char *name)
{
    const size_t folder_length = strlen(folder), name_length = strlen(name);
    const size_t slash = folder_length && folder[folder_length - 1] != '/' ? 1 : 0;
    char *path = drift__malloc(folder_length + slash + name_length + 1);
    if (!path) return NULL;
    memcpy(path, folder, folder_length);
    if (slash) path[folder_length] = '/';
    memcpy(path + folder_length + slash, name, name_length + 1);
    return path;
}
