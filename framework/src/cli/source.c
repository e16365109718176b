/* source.c */
#include "cli/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/snapshots.h"
#include "drift/connection.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "runtime/stand_in.h"
#include "stand_in/text.h"
#include "verify/script.h"

/* ---- kinds ---- */

static int read_beginning(char *bytes, size_t *length, size_t size, const char *path, drift_error *err)
{
    if (!*path) return drift__error(err, DRIFT_MISUSE, "expected the name of a file to read, found \"\"");
    if (drift__is_folder(path)) return drift__error(err, DRIFT_FORMAT, "cannot read %s: it is a folder", path);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const ssize_t got = fd < 0 ? -1 : read(fd, bytes, size);
    const int reason = errno;
    if (fd >= 0) close(fd);
    if (got < 0) return drift__error_errno(err, reason, "read", path);
    *length = (size_t)got;
    return DRIFT_OK;
}

static bool begins_with_brace(const char *bytes, size_t length)
{
    size_t at = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < length && strchr(" \t\r\n", bytes[at])) at++;
    return at < length && bytes[at] == '{';
}

static bool begins_as_database(const char *bytes, size_t length)
{
    static const char magic[16] = "SQLite format 3"; /* https://www.sqlite.org/fileformat2.html, with its NUL */
    return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

int drift__source_kind_of(drift__source_kind *out, const char *path, drift_error *err)
{
    char bytes[64];
    size_t length = 0;
    const int rc = read_beginning(bytes, &length, sizeof bytes, path, err);
    if (rc != DRIFT_OK) return rc;
    if (begins_as_database(bytes, length))
        *out = DRIFT__SOURCE_DATABASE;
    else if (drift__path_has_suffix(path, ".json"))
        *out = DRIFT__SOURCE_SNAPSHOT;
    else if (drift__path_has_suffix(path, ".sql"))
        *out = DRIFT__SOURCE_SCRIPT;
    else
        *out = begins_with_brace(bytes, length) ? DRIFT__SOURCE_SNAPSHOT : DRIFT__SOURCE_DATABASE;
    return DRIFT_OK;
}

/* ---- scripts ---- */

/* A script reaches nothing but its own scratch database: ATTACH would, and so would VACUUM INTO, which attaches too. */
static int authorize(void *payload, int action, const char *a, const char *b, const char *c, const char *d)
{
    bool *refused = payload;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    if (action != SQLITE_ATTACH && action != SQLITE_DETACH) return SQLITE_OK;
    *refused = true;
    return SQLITE_DENY;
}

static int run_authorized(drift_connection *scratch, const char *sql, size_t length, const char *path, drift_error *err)
{
    bool refused = false;
    drift_error why = {0};
    sqlite3_set_authorizer(drift_connection_handle(scratch), authorize, &refused);
    int rc = drift__script_run(scratch, sql, length, path, NULL, NULL, &why);
    sqlite3_set_authorizer(drift_connection_handle(scratch), NULL, NULL);
    if (rc != DRIFT_OK && refused) {
        rc = why.code = DRIFT_UNSUPPORTED; /* the script's fault, not that of the machine's rights */
        drift__error_hint(&why,
                          "the script runs in a scratch database and reaches no other: leave ATTACH and VACUUM out");
    }
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

static int run_script(drift_connection *scratch, const char *path, drift_error *err)
{
    char *sql = NULL;
    size_t length = 0;
    int rc = drift__script_read(&sql, &length, path, err);
    if (rc != DRIFT_OK) return rc;
    drift__script_blank_internal(sql, length);
    rc = drift__stand_in_collations(scratch, err);
    if (rc == DRIFT_OK) rc = drift__stand_in_functions(scratch, sql, length, err);
    if (rc == DRIFT_OK) rc = run_authorized(scratch, sql, length, path, err);
    /* Dumps write virtual tables into sqlite_schema: SQLite is to read it again. */
    if (rc == DRIFT_OK) rc = drift_exec(scratch, "PRAGMA writable_schema = RESET", err);
    if (rc != DRIFT_OK) drift__error_source(err, path);
    drift__free(sql);
    return rc;
}

static int read_script(drift__source *out, const char *path, drift_error *err)
{
    drift_connection *scratch = NULL;
    int rc = drift_connection_memory(&scratch, NULL, err);
    if (rc == DRIFT_OK) rc = run_script(scratch, path, err);
    if (rc == DRIFT_OK && (rc = drift_introspect(&out->live, scratch, err)) != DRIFT_OK) drift__error_source(err, path);
    drift_connection_close(scratch);
    return rc;
}

/* ---- databases and snapshots ---- */

/* What is neither a database nor called a script may be one under another name. */
static void hint_at_name(const char *path, drift_error *err)
{
    char bytes[64];
    size_t length = 0;
    if (read_beginning(bytes, &length, sizeof bytes, path, NULL) == DRIFT_OK && !begins_as_database(bytes, length))
        drift__error_hint(err, "a snapshot's name ends in .json, a script's in .sql");
}

static int read_database(drift__source *out, const char *path, drift_error *err)
{
    const int rc = drift_introspect_file(&out->live, path, NULL, err);
    if (rc == DRIFT_NOT_A_DATABASE) hint_at_name(path, err);
    return rc;
}

static int read_snapshot(drift__source *out, const char *path, const char *overrides, drift_error *err)
{
    const drift_snapshot_options options = {.overrides = overrides};
    return drift__snapshot_read_whole(&out->snapshot, path, &options, err);
}

int drift__source_read(drift__source *out, const char *path, const char *overrides, drift_error *err)
{
    drift__source_kind kind = DRIFT__SOURCE_DATABASE;
    *out = (drift__source){0};
    int rc = drift__source_kind_of(&kind, path, err);
    if (rc != DRIFT_OK) return rc;
    switch (kind) {
    case DRIFT__SOURCE_SNAPSHOT: rc = read_snapshot(out, path, overrides, err); break;
    case DRIFT__SOURCE_SCRIPT: rc = read_script(out, path, err); break;
    case DRIFT__SOURCE_DATABASE: rc = read_database(out, path, err); break;
    }
    if (rc == DRIFT_OK) out->schema = out->snapshot ? &out->snapshot->schema : out->live;
    return rc;
}

int drift__source_read_live(drift__source *out, const char *path, drift_error *err)
{
    drift__source_kind kind = DRIFT__SOURCE_DATABASE;
    *out = (drift__source){0};
    const int rc = drift__source_kind_of(&kind, path, err);
    if (rc != DRIFT_OK) return rc;
    if (kind == DRIFT__SOURCE_SNAPSHOT)
        return drift__error(err, DRIFT_FORMAT, "%s: expected a database or an .sql file, found a snapshot", path);
    return drift__source_read(out, path, NULL, err);
}

void drift__source_dispose(drift__source *source)
{
    drift_snapshot_free(source->snapshot);
    drift_schema_free(source->live);
    *source = (drift__source){0};
}
