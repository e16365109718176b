/* sqlite_error.c — https://www.sqlite.org/rescode.html */
#include "runtime/sqlite_error.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"

/* Extended codes that mean something else than their primary code, then the primary codes. The first row that matches
 * counts; an extended code is compared whole, a primary code with the lowest eight bits. */
static const struct {
    int code;
    int status;
} rows[] = {
    {SQLITE_ABORT_ROLLBACK, DRIFT_TRANSACTION},
    {SQLITE_CONSTRAINT_FOREIGNKEY, DRIFT_FOREIGN_KEY},
    {SQLITE_IOERR_NOMEM, DRIFT_NO_MEMORY},
    {SQLITE_LOCKED_SHAREDCACHE, DRIFT_BUSY},
    {SQLITE_PERM, DRIFT_PERMISSION},
    {SQLITE_ABORT, DRIFT_INTERRUPTED},
    {SQLITE_BUSY, DRIFT_BUSY},
    {SQLITE_LOCKED, DRIFT_SQL}, /* by a statement of the same connection: waiting would not help */
    {SQLITE_NOMEM, DRIFT_NO_MEMORY},
    {SQLITE_READONLY, DRIFT_PERMISSION},
    {SQLITE_INTERRUPT, DRIFT_INTERRUPTED},
    {SQLITE_IOERR, DRIFT_IO},
    {SQLITE_CORRUPT, DRIFT_NOT_A_DATABASE},
    {SQLITE_NOTFOUND, DRIFT_UNSUPPORTED},
    {SQLITE_FULL, DRIFT_FULL},
    {SQLITE_CANTOPEN, DRIFT_IO},
    {SQLITE_PROTOCOL, DRIFT_BUSY}, /* two connections began at once in WAL mode, and this one lost */
    {SQLITE_TOOBIG, DRIFT_TOO_LARGE},
    {SQLITE_CONSTRAINT, DRIFT_CONSTRAINT},
    {SQLITE_MISMATCH, DRIFT_CONSTRAINT}, /* "datatype mismatch": a rowid that is no integer */
    {SQLITE_MISUSE, DRIFT_MISUSE},
    {SQLITE_NOLFS, DRIFT_UNSUPPORTED},
    {SQLITE_AUTH, DRIFT_PERMISSION},
    {SQLITE_RANGE, DRIFT_MISUSE},
    {SQLITE_NOTADB, DRIFT_NOT_A_DATABASE},
};

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* The messages of the tokenizer and the parser (tokenize.c, parse.y); every other SQLITE_ERROR comes from a text that
 * was understood. */
static bool is_syntax(const char *message)
{
    return ends_with(message, "syntax error") || strncmp(message, "unrecognized token", 18) == 0 ||
           strcmp(message, "incomplete input") == 0;
}

/* ON DELETE RESTRICT is a trigger that raises this message (fkey.c, fkActionTrigger), and has a trigger's code. */
static bool is_restrict(int code, const char *message)
{
    return code == SQLITE_CONSTRAINT_TRIGGER && message && strcmp(message, "FOREIGN KEY constraint failed") == 0;
}

int drift__sqlite_status(int code, const char *message)
{
    if (is_restrict(code, message)) return DRIFT_FOREIGN_KEY;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code == code || rows[i].code == (code & 0xff)) return rows[i].status;
    }
    if ((code & 0xff) != SQLITE_ERROR || !message) return DRIFT_SQL;
    if (strcmp(message, "unsupported file format") == 0)
        return DRIFT_UNSUPPORTED; /* prepare.c: made by a newer SQLite */
    return is_syntax(message) ? DRIFT_SYNTAX : DRIFT_SQL;
}

static void add_hint(drift_error *err, int status)
{
    if (status == DRIFT_BUSY)
        drift__error_hint(err, "another connection holds the database; end its transaction, or wait longer");
}

int drift__sqlite_error(drift_error *err, sqlite3 *handle)
{
    const char *message = sqlite3_errmsg(handle);
    const int status = drift__sqlite_status(sqlite3_extended_errcode(handle), message);
    drift__error(err, status, "%s", message);
    add_hint(err, status);
    return status;
}

/* sqlite3_error_offset came with 3.38.0; before it only the statement's beginning is known. */
static int error_offset(sqlite3 *handle)
{
#if SQLITE_VERSION_NUMBER >= 3038000
    return sqlite3_error_offset(handle);
#else
    (void)handle;
    return -1;
#endif
}

/* Whether an error is about the text, and not about the file or the machine. */
static bool is_about_text(int status)
{
    return status == DRIFT_SYNTAX || status == DRIFT_SQL || status == DRIFT_PERMISSION || status == DRIFT_TOO_LARGE;
}

int drift__sqlite_error_in(drift_error *err, sqlite3 *handle, const char *sql, size_t start)
{
    const char *message = sqlite3_errmsg(handle);
    const int status = drift__sqlite_status(sqlite3_extended_errcode(handle), message);
    if (!is_about_text(status)) return drift__sqlite_error(err, handle);
    const int told = error_offset(handle);
    const bool usable = told >= 0 && (size_t)told <= strlen(sql + start);
    const size_t offset = usable ? start + (size_t)told : drift__statement_start(sql, start);
    return drift__error_in(err, status, NULL, sql, offset, "%s", message);
}

/* The length of the comment that begins at `text`, or 0 if none does. One that does not end reaches to the end. */
static size_t comment_length(const char *text)
{
    if (strncmp(text, "--", 2) == 0) return strcspn(text, "\n");
    if (strncmp(text, "/*", 2) != 0) return 0;
    const char *end = strstr(text + 2, "*/");
    return end ? (size_t)(end - text) + 2 : strlen(text);
}

size_t drift__statement_start(const char *sql, size_t start)
{
    for (;;) {
        const size_t space = strspn(sql + start, " \t\r\n\f;");
        const size_t bom = strncmp(sql + start + space, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        const size_t comment = comment_length(sql + start + space + bom);
        if (space + bom + comment == 0) return start;
        start += space + bom + comment;
    }
}
