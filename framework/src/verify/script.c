/* script.c */
#include "verify/script.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/fold.h"
#include "base/str.h"
#include "parse/parse.h"
#include "sql/cursor.h"

/* How much of a statement an error shows. */
enum { SHOWN = 240 };

/* Where white space, comments and empty statements end. */
static size_t skip_blank(const char *sql, size_t at, size_t length)
{
    drift__token_kind kind;
    while (at < length) {
        const size_t token = drift__token(&kind, sql + at, sql + length);
        if (kind != DRIFT__TOKEN_SPACE && kind != DRIFT__TOKEN_COMMENT && kind != DRIFT__TOKEN_SEMICOLON) break;
        at += token;
    }
    return at;
}

static void blank_line(char *sql, size_t at, size_t length)
{
    while (at < length && sql[at] != '\n') sql[at++] = ' ';
}

/* Of the commands of the shell the one that brings in statements of another file. */
static bool is_read(const char *line, size_t length)
{
    return length > 5 && memcmp(line, ".read", 5) == 0 && strchr(" \t\r\n", line[5]);
}

/* A dot can begin no statement: the line is the shell's (https://www.sqlite.org/cli.html, "Rules for dot-commands").
 * Gives where the first .read stands, which is left; `length` if there is none. */
static size_t blank_shell_lines(char *sql, size_t length)
{
    for (size_t at = 0, next = 0; at < length; at = next) {
        const size_t start = skip_blank(sql, at, length);
        if (start < length && is_read(sql + start, length - start)) return start;
        if (start < length && sql[start] == '.') {
            blank_line(sql, start, length);
            next = start;
            continue;
        }
        next = start;
        if (next >= length) break;
        size_t behind = 0;
        (void)drift__statement_length(&behind, sql + next, length - next);
        next += behind ? behind : 1;
    }
    return length;
}

/* Above the way back, in a file that has both ways, stands a comment: "-- +goose Down", "-- migrate:down" (dbmate),
 * "-- +migrate Down" (sql-migrate), of which words may follow, or "-- Down" (sqlite for Node). */
static bool begins_way_back(const char *comment, size_t length)
{
    static const char *const words[] = {"+goose Down", "migrate:down", "+migrate Down", "Down"};
    if (length < 2 || comment[0] != '-') return false;
    const char *at = comment + 2, *end = comment + length;
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    while (end > at && strchr(" \t\r\n", end[-1])) end--;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t word = strlen(words[i]), left = (size_t)(end - at);
        const bool more = left > word && at[word] == ' ' && words[i][0] != 'D';
        if (left >= word && drift__same_word(at, word, words[i]) && (left == word || more)) return true;
    }
    return false;
}

/* Run as one script, the way back would undo the way there. */
static int refuse_way_back(const char *path, const char *sql, size_t length, drift_error *err)
{
    drift__token_kind kind;
    for (size_t at = 0, token = 0; at < length; at += token) {
        token = drift__token(&kind, sql + at, sql + length);
        if (kind == DRIFT__TOKEN_END) break;
        if (kind != DRIFT__TOKEN_COMMENT || !begins_way_back(sql + at, token)) continue;
        drift__error_in(err, DRIFT_FORMAT, path, sql, at,
                        "expected the way to the next version only, found the way back in the same file");
        drift__error_hint(err, "keep what stands above this line, and the way back in another folder");
        return DRIFT_FORMAT;
    }
    return DRIFT_OK;
}

/* Without it the script would be another. */
static int refuse_read(const char *path, const char *sql, size_t at, drift_error *err)
{
    drift__error_in(err, DRIFT_FORMAT, path, sql, at, "expected the whole script in this file, found .read");
    drift__error_hint(err, "put the statements of the file that it names in the place of this line");
    return DRIFT_FORMAT;
}

static int refuse_nul(const char *path, const char *sql, size_t length, drift_error *err)
{
    const char *nul = memchr(sql, 0, length);
    if (!nul) return DRIFT_OK;
    return drift__error_in(err, DRIFT_SYNTAX, path, sql, (size_t)(nul - sql), "a NUL byte, which SQL cannot hold");
}

int drift__script_read(char **out, size_t *length, const char *path, drift_error *err)
{
    int rc = drift__file_read(out, length, path, err);
    if (rc != DRIFT_OK) return rc;
    char *sql = *out;
    rc = drift__file_refuse_utf16(sql, *length, path, err);
    if (rc == DRIFT_OK) rc = refuse_nul(path, sql, *length, err);
    if (rc != DRIFT_OK) goto done;
    if (*length >= 3 && memcmp(sql, "\xef\xbb\xbf", 3) == 0) memset(sql, ' ', 3);
    const size_t read = blank_shell_lines(sql, *length);
    rc = read < *length ? refuse_read(path, sql, read, err) : refuse_way_back(path, sql, *length, err);
done:
    if (rc != DRIFT_OK) {
        drift__free(sql);
        *out = NULL;
    }
    return rc;
}

/* The statement on one line, cut, behind what is wrong with it. */
static void show_statement(drift_error *err, const char *statement)
{
    size_t length = strlen(statement);
    while (length && strchr(" \t\r\n", statement[length - 1])) length--;
    size_t shown_length = length < SHOWN ? length : SHOWN;
    drift_error shown = {0};
    while (shown_length < length && ((unsigned char)statement[shown_length] & 0xc0u) == 0x80u) shown_length--;
    drift__error(&shown, err->code, "%s; in: %.*s%s", err->text, (int)shown_length, statement,
                 shown_length < length ? "…" : "");
    memcpy(err->text, shown.text, sizeof err->text);
}

static int run_one(drift_connection *connection, const char *sql, size_t from, size_t length, const char *name,
                   drift_error *err)
{
    drift_error why = {0};
    char *statement = drift__strndup(sql + from, length);
    if (!statement) return drift__no_memory(err);
    const int rc = drift_exec(connection, statement, &why);
    if (rc != DRIFT_OK) {
        const size_t offset = from + (why.line ? why.offset : skip_blank(statement, 0, length));
        drift__error_in(err, rc, name, sql, offset, "%s", why.text);
        if (why.hint[0]) drift__error_hint(err, "%s", why.hint);
        if (err && err->code == rc) show_statement(err, statement + skip_blank(statement, 0, length));
    }
    drift__free(statement);
    return rc;
}

int drift__script_run(drift_connection *connection, const char *sql, size_t length, const char *name,
                      drift__after_statement_fn after, void *payload, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t at = 0, next = 0; rc == DRIFT_OK && at < length; at += next) {
        const size_t statement = drift__statement_length(&next, sql + at, length - at);
        if (!next) break;
        if (!statement || skip_blank(sql + at, 0, statement) == statement) continue;
        rc = run_one(connection, sql, at, statement, name, err);
        if (rc == DRIFT_OK && after) rc = after(connection, payload, err);
        if (rc != DRIFT_OK && err && !err->line)
            drift__position(&err->line, &err->column, sql, at + skip_blank(sql + at, 0, statement));
    }
    if (rc != DRIFT_OK) drift__error_source(err, name);
    return rc;
}

/* The cursor stands before [IF NOT EXISTS] [main.]name: whether that is a table of SQLite's own, save the schema. */
static bool names_internal_table(drift__cursor *c)
{
    if (drift__cursor_take(c, "IF") && drift__cursor_take(c, "NOT")) (void)drift__cursor_take(c, "EXISTS");
    if (drift__cursor_peek(c).kind == DRIFT__TOKEN_DOT) {
        drift__cursor_next(c);
        drift__cursor_next(c);
    }
    const bool quoted = c->token.kind == DRIFT__TOKEN_QUOTED || c->token.kind == DRIFT__TOKEN_STRING;
    const char *name = c->token.text + (quoted ? 1 : 0);
    const size_t length = c->token.length - (quoted ? 2 : 0);
    if (length < 7 || !drift__same_word(name, 7, "sqlite_")) return false;
    return !drift__same_word(name, length, "sqlite_schema") && !drift__same_word(name, length, "sqlite_master");
}

static bool is_internal(const char *statement, size_t length)
{
    drift__cursor c = drift__cursor_at(statement, length);
    if (drift__cursor_take(&c, "CREATE")) return drift__cursor_take(&c, "TABLE") && names_internal_table(&c);
    if (drift__cursor_take(&c, "DELETE")) return drift__cursor_take(&c, "FROM") && names_internal_table(&c);
    if (!drift__cursor_take(&c, "INSERT")) return false;
    if (drift__cursor_take(&c, "OR")) drift__cursor_next(&c);
    return drift__cursor_take(&c, "INTO") && names_internal_table(&c);
}

void drift__script_blank_internal(char *sql, size_t length)
{
    for (size_t at = 0, next = 0; at < length; at += next) {
        const size_t statement = drift__statement_length(&next, sql + at, length - at);
        if (!next) return;
        if (!is_internal(sql + at, statement)) continue;
        for (size_t i = 0; i < next; i++) {
            if (sql[at + i] != '\n') sql[at + i] = ' ';
        }
    }
}
