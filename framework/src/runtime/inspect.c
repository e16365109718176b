/* inspect.c — opening a database of unknown origin, following https://www.sqlite.org/security.html, "Untrusted SQLite
 * Database Files". */
#define _XOPEN_SOURCE 700 /* realpath */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "runtime/direct.h"
#include "runtime/open.h"
#include "runtime/pragma.h"
#include "runtime/private_copy.h"

/* --- the path --------------------------------------------------------------------------------------------------- */

/* The folder is canonicalised because SQLITE_OPEN_NOFOLLOW refuses a link anywhere in a path, and folders are often
 * links (/tmp, /var); the file itself must be none. */
static int canonical(char **out, const char *path, drift_error *err)
{
    const char *name = drift__path_name(path);
    char *folder = name == path ? drift__strdup(".") : drift__strndup(path, (size_t)(name - path));
    if (!folder) return drift__no_memory(err);
    char *real = realpath(folder, NULL); /* from malloc */
    const int reason = errno;
    drift__free(folder);
    if (!real) return drift__error_errno(err, reason, "open", path);
    *out = drift__path_join(real, name);
    free(real);
    return *out ? DRIFT_OK : drift__no_memory(err);
}

/* Asked before anything is opened: opening a pipe may wait for ever. */
static int check_regular(const char *path, drift_error *err)
{
    struct stat st;
    if (lstat(path, &st) != 0) return drift__error_errno(err, errno, "open", path);
    if (S_ISREG(st.st_mode)) return DRIFT_OK;
    if (S_ISLNK(st.st_mode)) {
        drift__error(err, DRIFT_PERMISSION, "cannot open %s: it is a symbolic link", path);
        drift__error_hint(err, "name the file that it points to");
        return DRIFT_PERMISSION;
    }
    return drift__error(err, DRIFT_NOT_A_DATABASE, "cannot open %s: expected a regular file", path);
}

static bool is_unreserved(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~/", c);
}

/* "file:///path?immutable=1", everything percent-encoded that has a meaning in a URI. */
static int immutable_uri(char **out, const char *path, drift_error *err)
{
    drift__str uri = DRIFT__STR_INIT;
    drift__str_puts(&uri, "file://");
    for (; *path; path++) {
        if (is_unreserved(*path))
            drift__str_putc(&uri, *path);
        else
            drift__str_printf(&uri, "%%%02X", (unsigned)(unsigned char)*path);
    }
    drift__str_puts(&uri, "?immutable=1");
    return drift__str_take(out, &uri, err);
}

/* --- the restrictions ------------------------------------------------------------------------------------------- */

static const struct {
    int setting;
    int value;
} settings[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
};

/* Far above what real schemas and rows need, far below what makes a process fail. SQLite lowers a limit that is above
 * its own by itself. */
static const struct {
    int limit;
    int value;
} limits[] = {
    {SQLITE_LIMIT_LENGTH, 256 * 1024 * 1024},
    {SQLITE_LIMIT_SQL_LENGTH, 16 * 1024 * 1024},
    {SQLITE_LIMIT_EXPR_DEPTH, 1000},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 100},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static int authorize(void *unused, int action, const char *a, const char *b, const char *database, const char *trigger)
{
    (void)unused, (void)a, (void)b, (void)database, (void)trigger;
    return action == SQLITE_ATTACH || action == SQLITE_DETACH ? SQLITE_DENY : SQLITE_OK;
}

static int restrict_handle(sqlite3 *handle, drift_error *err)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (sqlite3_db_config(handle, settings[i].setting, settings[i].value, NULL) != SQLITE_OK)
            return drift__error(err, DRIFT_UNSUPPORTED,
                                "SQLite does not know setting %d, without which a file of "
                                "unknown origin is not opened",
                                settings[i].setting);
    }
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) sqlite3_limit(handle, limits[i].limit, limits[i].value);
    sqlite3_set_authorizer(handle, authorize, NULL);
    return DRIFT_OK;
}

/* "PRAGMA cell_size_check=ON" finds corruption earlier; query_only keeps even a private copy as it is. */
static int restrict_connection(drift_connection *connection, drift_error *err)
{
    int rc = restrict_handle(drift_connection_handle(connection), err);
    if (rc == DRIFT_OK) rc = drift__pragma_set(connection, DRIFT__PRAGMA_CELL_SIZE_CHECK, 1, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "PRAGMA mmap_size = 0", err);
    if (rc == DRIFT_OK) rc = drift__pragma_set(connection, DRIFT__PRAGMA_QUERY_ONLY, 1, err);
    return rc;
}

/* Some versions of SQLite, 3.40 among them, mark their own JSON functions as unsafe by mistake. */
static int own_functions_are_safe(bool *safe, drift_connection *connection, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(SQLITE_DETERMINISTIC),
                                 DRIFT_BIND_INT64(SQLITE_INNOCUOUS | SQLITE_DIRECTONLY)};
    int64_t unsafe = 0;
    const int rc = drift_query_int64(
        &unsafe, connection,
        "SELECT count(*) FROM pragma_function_list WHERE builtin AND flags & ?1 AND NOT flags & ?2", binds, 2, err);
    *safe = unsafe == 0;
    return rc;
}

/* An untrusted schema may use no SQL function that is not innocuous, be it in a CHECK, a DEFAULT, a generated column or
 * an index (https://www.sqlite.org/pragma.html#pragma_trusted_schema). Loading a schema runs none of them but would
 * fail because of them, so the schema is loaded first. Where SQLite calls its own functions unsafe the setting stays
 * on, else a file with JSON in an index could not be checked; with views and triggers off only deterministic functions
 * can then be reached, and none that is SQLITE_DIRECTONLY. */
static int load_schema(drift_connection *connection, const char *path, drift_error *err)
{
    drift_error reason = {0};
    bool safe = false;
    int rc = drift_exec(connection, "SELECT 0 FROM main.sqlite_schema LIMIT 0", &reason);
    if (rc == DRIFT_OK) rc = own_functions_are_safe(&safe, connection, &reason);
    if (rc != DRIFT_OK) return drift__cannot_read(err, rc, path, &reason);
    if (safe) sqlite3_db_config(drift_connection_handle(connection), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return DRIFT_OK;
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

static int open_immutable(sqlite3 **out, const char *real, const char *path, drift_error *err)
{
    char *uri = NULL;
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
    int rc = immutable_uri(&uri, real, err);
    if (rc == DRIFT_OK) rc = drift__handle_open(out, uri, path, flags, NULL, err);
    drift__free(uri);
    return rc;
}

/* The copy is writable, since reading a journal means rolling it back or recovering it. */
static int open_copy(sqlite3 **out, char **folder, const char *real, const char *path, drift_error *err)
{
    char *file = NULL, *plain = NULL;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
    int rc = drift__private_copy_make(folder, &file, real, err);
    if (rc == DRIFT_OK) rc = canonical(&plain, file, err); /* TMPDIR may be a link */
    if (rc == DRIFT_OK) rc = drift__handle_open(out, plain, path, flags, NULL, err);
    drift__free(plain);
    drift__free(file);
    return rc;
}

static int open_real(drift_connection **out, const char *real, const char *path,
                     const drift_connection_options *options, drift_error *err)
{
    sqlite3 *handle = NULL;
    drift__direct *direct = NULL;
    char *folder = NULL;
    bool has_journal = false;
    int rc = drift__has_journal(&has_journal, real, err);
    if (rc == DRIFT_OK)
        rc = has_journal ? open_copy(&handle, &folder, real, path, err) : open_immutable(&handle, real, path, err);
    if (rc == DRIFT_OK) rc = drift__direct_new(&direct, handle, true, err);
    if (rc != DRIFT_OK) {
        drift__private_copy_remove(folder);
        return rc;
    }
    direct->private_folder = folder;
    rc = restrict_connection(&direct->base, err);
    if (rc == DRIFT_OK) rc = drift__run_setup(&direct->base, options, err);
    if (rc == DRIFT_OK) rc = drift__read_header(&direct->base, path, err);
    if (rc == DRIFT_OK) rc = load_schema(&direct->base, path, err);
    if (rc == DRIFT_OK)
        *out = &direct->base;
    else
        drift_connection_close(&direct->base);
    return rc;
}

int drift_connection_inspect(drift_connection **out, const char *path, const drift_connection_options *options,
                             drift_error *err)
{
    static const drift_connection_options defaults = {.mode = DRIFT_OPEN_CREATE};
    char *real = NULL;
    if (!options) options = &defaults;
    *out = NULL;
    if (!path || !*path) return drift__error(err, DRIFT_MISUSE, "expected the path of a database, found none");
    if (options->vfs || options->mode != DRIFT_OPEN_CREATE)
        return drift__error(err, DRIFT_MISUSE, "expected no mode and no VFS for a file that is only inspected");
    int rc = canonical(&real, path, err);
    if (rc == DRIFT_OK) rc = check_regular(real, err);
    if (rc == DRIFT_OK) rc = open_real(out, real, path, options, err);
    drift__free(real);
    return rc;
}
