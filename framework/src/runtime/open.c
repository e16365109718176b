/* open.c — databases in files and in memory, and handles that others own. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "runtime/direct.h"
#include "runtime/open.h"
#include "runtime/pragma.h"
#include "runtime/sqlite_error.h"

enum { DEFAULT_BUSY_TIMEOUT_MS = 5000 };

static int open_flags(drift_open_mode mode)
{
    switch (mode) {
    case DRIFT_OPEN_READ_ONLY: return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    case DRIFT_OPEN_EXISTING: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    case DRIFT_OPEN_CREATE: break;
    }
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
}

/* The file system's reason says more than SQLite's "unable to open database file". */
static int cannot_open(sqlite3 *handle, const char *path, drift_error *err)
{
    const int reason = sqlite3_system_errno(handle);
    if (drift__is_folder(path)) return drift__error(err, DRIFT_NOT_A_DATABASE, "cannot open %s: it is a folder", path);
    if ((sqlite3_errcode(handle) & 0xff) == SQLITE_CANTOPEN && reason != 0)
        return drift__error_errno(err, reason, "open", path);
    const char *message = sqlite3_errmsg(handle);
    return drift__error(err, drift__sqlite_status(sqlite3_extended_errcode(handle), message), "cannot open %s: %s",
                        path, message);
}

int drift__handle_open(sqlite3 **out, const char *filename, const char *path, int flags, const char *vfs,
                       drift_error *err)
{
    sqlite3 *handle = NULL;
    const int code = sqlite3_open_v2(filename, &handle, flags, vfs);
    int rc = DRIFT_OK;
    if (!handle)
        rc = drift__no_memory(err);
    else if (code != SQLITE_OK)
        rc = cannot_open(handle, path, err);
    if (rc == DRIFT_OK) {
        sqlite3_extended_result_codes(handle, 1);
        *out = handle;
    } else {
        sqlite3_close_v2(handle);
    }
    return rc;
}

int drift__run_setup(drift_connection *connection, const drift_connection_options *options, drift_error *err)
{
    if (!options->setup) return DRIFT_OK;
    return drift__told(options->setup(connection, options->setup_payload, err), err);
}

int drift__cannot_read(drift_error *err, int status, const char *path, const drift_error *reason)
{
    drift__error(err, status, "cannot read %s: %s", path, reason->text);
    if (reason->hint[0]) drift__error_hint(err, "%s", reason->hint);
    return status;
}

int drift__read_header(drift_connection *connection, const char *path, drift_error *err)
{
    drift_error reason = {0};
    int64_t version = 0;
    const int rc = drift__pragma_get(&version, connection, DRIFT__PRAGMA_SCHEMA_VERSION, &reason);
    return rc == DRIFT_OK ? DRIFT_OK : drift__cannot_read(err, rc, path, &reason);
}

/* SQLITE_OPEN_READWRITE opens "for reading and writing if possible, or reading only if the file is write protected by
 * the operating system" (https://www.sqlite.org/c3ref/open.html), without a word. */
static int check_writable(sqlite3 *handle, const char *path, drift_open_mode mode, drift_error *err)
{
    if (mode == DRIFT_OPEN_READ_ONLY || sqlite3_db_readonly(handle, "main") != 1) return DRIFT_OK;
    return drift__error(err, DRIFT_PERMISSION, "cannot open %s: the file cannot be written", path);
}

/* What all kinds of databases need after their handle: waiting, then the hook, then a look at the file. */
static int finish(drift__direct *direct, const char *path, const drift_connection_options *options, drift_error *err)
{
    const int timeout = options->busy_timeout_ms;
    drift__direct_set_timeout(direct, timeout == 0 ? DEFAULT_BUSY_TIMEOUT_MS : timeout);
    int rc = check_writable(direct->handle, path, options->mode, err);
    if (rc == DRIFT_OK) rc = drift__run_setup(&direct->base, options, err);
    if (rc == DRIFT_OK && !options->unread) rc = drift__read_header(&direct->base, path, err);
    return rc;
}

static int open_at(drift_connection **out, const char *filename, const char *path, int flags,
                   const drift_connection_options *options, drift_error *err)
{
    sqlite3 *handle = NULL;
    drift__direct *direct = NULL;
    int rc = drift__handle_open(&handle, filename, path, flags, options->vfs, err);
    if (rc == DRIFT_OK) rc = drift__direct_new(&direct, handle, true, err);
    if (rc == DRIFT_OK) rc = finish(direct, path, options, err);
    if (rc == DRIFT_OK)
        *out = &direct->base;
    else if (direct)
        drift_connection_close(&direct->base);
    return rc;
}

/* Names that SQLite does not take as a file's: ":memory:", and "file:…" where URIs are on for the whole process. */
static bool is_special(const char *path)
{
    return path[0] == ':' || strncmp(path, "file:", 5) == 0;
}

int drift_connection_open(drift_connection **out, const char *path, const drift_connection_options *options,
                          drift_error *err)
{
    static const drift_connection_options defaults = {.mode = DRIFT_OPEN_CREATE};
    if (!options) options = &defaults;
    *out = NULL;
    if (!path || !*path) return drift__error(err, DRIFT_MISUSE, "expected the path of a database, found none");
    char *plain = is_special(path) ? drift__path_join(".", path) : drift__strdup(path);
    const int rc = plain ? open_at(out, plain, path, open_flags(options->mode), options, err) : drift__no_memory(err);
    drift__free(plain);
    return rc;
}

int drift_connection_memory(drift_connection **out, const drift_connection_options *options, drift_error *err)
{
    static const drift_connection_options defaults = {.mode = DRIFT_OPEN_CREATE};
    *out = NULL;
    const int flags = open_flags(DRIFT_OPEN_CREATE) | SQLITE_OPEN_MEMORY;
    return open_at(out, ":memory:", "a database in memory", flags, options ? options : &defaults, err);
}

int drift_connection_adopt(drift_connection **out, sqlite3 *handle, drift_error *err)
{
    drift__direct *direct = NULL;
    *out = NULL;
    if (!handle) return drift__error(err, DRIFT_MISUSE, "expected a SQLite handle, found NULL");
    const int rc = drift__direct_new(&direct, handle, false, err);
    if (rc == DRIFT_OK) *out = &direct->base;
    return rc;
}
