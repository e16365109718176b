/* prepare.c — before a migration begins: what nothing could be promised with, free space, the backup. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "opening/opening.h"
#include "runtime/pragma.h"

/* What PRAGMA database_list tells. */
typedef struct files {
    char *main; /* the file's path; "" in memory */
    int attached;
} files;

static int read_file(drift_statement *row, void *payload, drift_error *err)
{
    files *f = payload;
    const char *name = drift_column_text(row, 1, NULL);
    const char *file = drift_column_text(row, 2, NULL);
    if (!name) return drift__no_memory(err);
    if (strcmp(name, "main") == 0)
        f->main = drift__strdup(file ? file : "");
    else if (strcmp(name, "temp") != 0)
        f->attached++;
    return strcmp(name, "main") == 0 && !f->main ? drift__no_memory(err) : DRIFT_OK;
}

/* SQLite's VFS "memdb" keeps databases in memory that have a name; there is no file of that name. */
static bool is_in_memory(drift_connection *connection)
{
    sqlite3 *handle = drift_connection_handle(connection);
    sqlite3_vfs *vfs = NULL;
    if (!handle || sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFS_POINTER, &vfs) != SQLITE_OK) return false;
    return vfs && strcmp(vfs->zName, "memdb") == 0;
}

/* Without a journal on disk a crash leaves a database that is neither old nor new; without any, ROLLBACK does. */
static int require_journal(drift_connection *connection, const char *file, drift_error *err)
{
    drift__journal journal;
    const int rc = drift__journal_get(&journal, connection, err);
    if (rc < 0) return rc;
    if (journal != DRIFT__JOURNAL_OFF && (journal != DRIFT__JOURNAL_MEMORY || !*file)) return DRIFT_OK;
    drift__error(err, DRIFT_UNSUPPORTED,
                 "expected a journal that a migration can be rolled back with, found journal_mode %s",
                 drift__journal_word(journal));
    drift__error_hint(err, "set journal_mode to delete or wal in the setup hook");
    return DRIFT_UNSUPPORTED;
}

static int database_bytes(int64_t *out, drift_connection *connection, drift_error *err)
{
    int64_t pages = 0, size = 0;
    int rc = drift__pragma_get(&pages, connection, DRIFT__PRAGMA_PAGE_COUNT, err);
    if (rc == DRIFT_OK) rc = drift__pragma_get(&size, connection, DRIFT__PRAGMA_PAGE_SIZE, err);
    *out = pages * size;
    return rc;
}

static int require_space(const drift__opening *opening, const char *file, drift_error *err)
{
    struct statvfs disk;
    int64_t bytes = 0;
    int rc;
    if (opening->options->free_space_percent <= 0 || !*file) return DRIFT_OK;
    if ((rc = database_bytes(&bytes, opening->connection, err)) < 0) return rc;
    if (statvfs(file, &disk)) return drift__error_errno(err, errno, "tell the free space at", file);
    const double needed = (double)bytes * opening->options->free_space_percent / 100;
    const double available = (double)disk.f_bavail * (double)disk.f_frsize;
    if (available >= needed) return DRIFT_OK;
    return drift__error(err, DRIFT_FULL, "expected %.0f free bytes for migrating %s, found %.0f", needed, file,
                        available);
}

/* VACUUM INTO does not sync what it writes (https://www.sqlite.org/lang_vacuum.html#vacuuminto). */
static int sync_file(const char *path, drift_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return drift__error_errno(err, errno, "open", path);
    const int failed = fsync(fd) ? errno : 0;
    close(fd);
    return failed ? drift__error_errno(err, failed, "sync", path) : DRIFT_OK;
}

static int back_up(const drift__opening *opening, drift_error *err)
{
    const char *path = opening->options->backup_path;
    const drift_value bind[] = {DRIFT_BIND_TEXT(path, path ? strlen(path) : 0)};
    int rc;
    if (!path || opening->action == DRIFT__ACTION_CREATE) return DRIFT_OK;
    rc = drift_query(opening->connection, "VACUUM main INTO ?1", bind, 1, NULL, NULL, err);
    if (rc == DRIFT_OK) return sync_file(path, err);
    drift__error_source(err, path);
    return rc;
}

int drift__opening_prepare(drift__opening *opening, drift_error *err)
{
    files f = {0};
    int rc = drift_query(opening->connection, "PRAGMA database_list", NULL, 0, read_file, &f, err);
    const char *file = f.main && !is_in_memory(opening->connection) ? f.main : "";
    if (rc == DRIFT_OK && f.attached)
        opening->report.warning = "databases are attached: what a migration writes to them and to the main one is not "
                                  "committed as one where the journal is a WAL";
    opening->in_memory = rc == DRIFT_OK && !*file;
    if (rc == DRIFT_OK) rc = require_journal(opening->connection, file, err);
    if (rc == DRIFT_OK) rc = require_space(opening, file, err);
    if (rc == DRIFT_OK) rc = back_up(opening, err);
    drift__free(f.main);
    return rc;
}
