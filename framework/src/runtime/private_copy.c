/* private_copy.c */
#include "runtime/private_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "runtime/super_journal.h"

enum { CHUNK = 65536, ATTEMPTS = 3 };

/* The files of a database by what stands behind its name. "-shm" is left out: it is built anew from the "-wal". */
static const char *const suffixes[] = {"", "-wal", "-journal"};
enum { FILES = sizeof suffixes / sizeof *suffixes };

#define COPY_NAME "database"

/* The copies, and what SQLite itself may add to them. */
static const char *const leftovers[] = {COPY_NAME, COPY_NAME "-wal", COPY_NAME "-journal", COPY_NAME "-shm"};

static char *with_suffix(const char *path, const char *suffix)
{
    drift__str s = DRIFT__STR_INIT;
    char *text = NULL;
    drift__str_puts(&s, path);
    drift__str_puts(&s, suffix);
    return drift__str_take(&text, &s, NULL) == DRIFT_OK ? text : NULL;
}

/* A file's state; `exists` is false if there is none. */
typedef struct file_state {
    bool exists;
    struct stat st;
} file_state;

static int look_at(file_state *out, const char *path, const char *suffix, drift_error *err)
{
    char *name = with_suffix(path, suffix);
    if (!name) return drift__no_memory(err);
    memset(out, 0, sizeof *out);
    int rc = DRIFT_OK;
    if (lstat(name, &out->st) == 0)
        out->exists = true;
    else if (errno != ENOENT && errno != ENAMETOOLONG) /* where its name is too long there cannot be one */
        rc = drift__error_errno(err, errno, "look at", name);
    drift__free(name);
    return rc;
}

static bool same_state(const file_state *a, const file_state *b)
{
    if (!a->exists || !b->exists) return a->exists == b->exists;
    return a->st.st_ino == b->st.st_ino && a->st.st_size == b->st.st_size &&
           a->st.st_mtim.tv_sec == b->st.st_mtim.tv_sec && a->st.st_mtim.tv_nsec == b->st.st_mtim.tv_nsec;
}

int drift__has_journal(bool *out, const char *path, drift_error *err)
{
    file_state wal, journal;
    int rc = look_at(&wal, path, "-wal", err);
    if (rc == DRIFT_OK) rc = look_at(&journal, path, "-journal", err);
    if (rc == DRIFT_OK) *out = (wal.exists && wal.st.st_size > 0) || (journal.exists && journal.st.st_size > 0);
    return rc;
}

static int write_all(int to, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(to, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

static int copy_bytes(int from, int to, const char *source, drift_error *err)
{
    char *buffer = drift__malloc(CHUNK);
    if (!buffer) return drift__no_memory(err);
    int rc = DRIFT_OK;
    for (;;) {
        const ssize_t got = read(from, buffer, CHUNK);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) rc = drift__error_errno(err, errno, "read", source);
        if (got > 0 && write_all(to, buffer, (size_t)got) != 0)
            rc = drift__error_errno(err, errno, "write a copy of", source);
        if (got <= 0 || rc != DRIFT_OK) break;
    }
    drift__free(buffer);
    return rc;
}

static int copy_named(const char *target, const char *source, drift_error *err)
{
    struct stat st;
    int rc = DRIFT_OK, to = -1;
    /* O_NONBLOCK: a pipe under this name must not make the call wait for its other end. */
    const int from = open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (from < 0 || fstat(from, &st) != 0)
        rc = drift__error_errno(err, errno, "open", source);
    else if (!S_ISREG(st.st_mode))
        rc = drift__error(err, DRIFT_NOT_A_DATABASE, "cannot open %s: expected a regular file", source);
    else if ((to = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0)
        rc = drift__error_errno(err, errno, "write", target);
    else
        rc = copy_bytes(from, to, source, err);
    if (to >= 0 && close(to) != 0 && rc == DRIFT_OK) rc = drift__error_errno(err, errno, "write", target);
    if (from >= 0) close(from);
    return rc;
}

static int copy_one(const char *target, const char *path, const char *suffix, drift_error *err)
{
    char *from = with_suffix(path, suffix), *to = with_suffix(target, suffix);
    const int rc = from && to ? copy_named(to, from, err) : drift__no_memory(err);
    drift__free(from);
    drift__free(to);
    return rc;
}

/* Needs no memory, so that no copy stays behind where there is none. */
static void remove_files(const char *folder)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; fd >= 0 && i < sizeof leftovers / sizeof *leftovers; i++) unlinkat(fd, leftovers[i], 0);
    if (fd >= 0) close(fd);
}

static int look_at_all(file_state states[FILES], const char *path, drift_error *err)
{
    int rc = DRIFT_OK;
    for (int i = 0; rc == DRIFT_OK && i < FILES; i++) rc = look_at(&states[i], path, suffixes[i], err);
    return rc;
}

/* Copies what is there. The files belong together only if none of them changed meanwhile: *stable tells. */
static int copy_all(bool *stable, const char *target, const char *path, drift_error *err)
{
    file_state before[FILES], after[FILES];
    int rc = look_at_all(before, path, err);
    for (int i = 0; rc == DRIFT_OK && i < FILES; i++) {
        if (before[i].exists) rc = copy_one(target, path, suffixes[i], err);
    }
    if (rc == DRIFT_OK) rc = look_at_all(after, path, err);
    *stable = rc == DRIFT_OK;
    for (int i = 0; rc == DRIFT_OK && i < FILES; i++) *stable = *stable && same_state(&before[i], &after[i]);
    return rc;
}

static int copy_stable(const char *folder, const char *target, const char *path, drift_error *err)
{
    bool stable = false;
    int rc = DRIFT_OK;
    for (int i = 0; rc == DRIFT_OK && !stable && i < ATTEMPTS; i++) {
        remove_files(folder);
        rc = copy_all(&stable, target, path, err);
    }
    if (rc != DRIFT_OK || stable) return rc;
    drift__error(err, DRIFT_BUSY, "cannot read %s: it changes while it is copied", path);
    drift__error_hint(err, "close the program that writes to it");
    return DRIFT_BUSY;
}

static int make_folder(char **out, drift_error *err)
{
    const char *base = getenv("TMPDIR");
    char *folder = drift__path_join(base && *base ? base : "/tmp", "drift-XXXXXX");
    if (!folder) return drift__no_memory(err);
    if (mkdtemp(folder)) {
        *out = folder;
        return DRIFT_OK;
    }
    /* A folder for temporary files that does not exist is no input of the user's, but where the program runs. */
    drift_error why = {0};
    if (drift__error_errno(&why, errno, "make a folder as", folder) == DRIFT_NOT_FOUND) why.code = DRIFT_IO;
    drift__error(err, why.code, "%s", why.text);
    drift__error_hint(err, "TMPDIR names the folder for temporary files; without it, it is /tmp");
    drift__free(folder);
    return why.code;
}

int drift__private_folder_make(char **folder, char **file, drift_error *err)
{
    const int rc = make_folder(folder, err);
    if (rc != DRIFT_OK) return rc;
    *file = drift__path_join(*folder, COPY_NAME);
    if (*file) return DRIFT_OK;
    drift__private_copy_remove(*folder);
    *folder = NULL;
    return drift__no_memory(err);
}

int drift__private_copy_make(char **folder, char **file, const char *path, drift_error *err)
{
    char *made = NULL, *target = NULL, *journal = NULL;
    int rc = make_folder(&made, err);
    if (rc != DRIFT_OK) return rc;
    target = drift__path_join(made, COPY_NAME);
    journal = target ? with_suffix(target, "-journal") : NULL;
    rc = journal ? copy_stable(made, target, path, err) : drift__no_memory(err);
    if (rc == DRIFT_OK) rc = drift__super_journal_resolve(journal, err);
    if (rc == DRIFT_OK) {
        *folder = made;
        *file = target;
    } else {
        drift__private_copy_remove(made);
        drift__free(target);
    }
    drift__free(journal);
    return rc;
}

void drift__private_copy_remove(char *folder)
{
    if (!folder) return;
    remove_files(folder);
    rmdir(folder);
    drift__free(folder);
}
