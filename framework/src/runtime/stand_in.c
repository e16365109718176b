/* stand_in.c */
#include "runtime/stand_in.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/map.h"
#include "runtime/sqlite_error.h"

static int handle_of(sqlite3 **out, drift_connection *connection, drift_error *err)
{
    *out = drift_connection_handle(connection);
    if (*out) return DRIFT_OK;
    return drift__error(err, DRIFT_UNSUPPORTED, "expected a connection with a SQLite handle for stand-ins");
}

/* --- collations ------------------------------------------------------------------------------------------------- */

static int compare_binary(void *unused, int a_length, const void *a, int b_length, const void *b)
{
    (void)unused;
    const int shorter = a_length < b_length ? a_length : b_length;
    const int order = shorter > 0 ? memcmp(a, b, (size_t)shorter) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

/* A failure here leaves the collation unknown, and SQLite tells that. */
static void provide_collation(void *unused, sqlite3 *handle, int encoding, const char *name)
{
    (void)unused;
    (void)encoding;
    sqlite3_create_collation(handle, name, SQLITE_UTF8, NULL, compare_binary);
}

int drift__stand_in_collations(drift_connection *connection, drift_error *err)
{
    sqlite3 *handle = NULL;
    const int rc = handle_of(&handle, connection, err);
    if (rc != DRIFT_OK) return rc;
    if (sqlite3_collation_needed(handle, NULL, provide_collation) == SQLITE_OK) return DRIFT_OK;
    return drift__sqlite_error(err, handle);
}

/* --- functions -------------------------------------------------------------------------------------------------- */

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    return hash;
}

/* The type counts, the length separates ('ab','c') from ('a','bc'). */
static uint64_t hash_value(uint64_t hash, sqlite3_value *value)
{
    const int type = sqlite3_value_type(value);
    hash = hash_bytes(hash, &type, sizeof type);
    if (type == SQLITE_NULL) return hash;
    const void *bytes = sqlite3_value_blob(value);
    const int length = sqlite3_value_bytes(value);
    hash = hash_bytes(hash, &length, sizeof length);
    return bytes ? hash_bytes(hash, bytes, (size_t)length) : hash;
}

static void stand_in(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *name = sqlite3_user_data(context);
    uint64_t hash = drift__fold_hash(name, strlen(name));
    for (int i = 0; i < count; i++) hash = hash_value(hash, values[i]);
    const uint64_t mask = (UINT64_C(1) << 53) - 1; /* exact as a REAL too */
    sqlite3_result_int64(context, (sqlite3_int64)((hash ^ hash >> 53) & mask) + 1);
}

static int create_function(sqlite3 *handle, const char *name, drift_error *err)
{
    char *copy = drift__strdup(name);
    if (!copy) return drift__no_memory(err);
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    /* The copy is freed by SQLite, also if this fails (https://www.sqlite.org/c3ref/create_function.html). */
    if (sqlite3_create_function_v2(handle, name, -1, flags, copy, stand_in, NULL, NULL, drift__free) == SQLITE_OK)
        return DRIFT_OK;
    return drift__sqlite_error(err, handle);
}

int drift__stand_in_function(drift_connection *connection, const char *name, drift_error *err)
{
    sqlite3 *handle = NULL;
    const int rc = handle_of(&handle, connection, err);
    return rc == DRIFT_OK ? create_function(handle, name, err) : rc;
}

/* --- the names in a text ---------------------------------------------------------------------------------------- */

/* The functions that a connection knows, while texts are looked through. */
typedef struct search {
    sqlite3 *handle;
    drift__arena arena;
    drift__map known;
} search;

static int know(search *s, const char *name, drift_error *err)
{
    const char *copy = drift__arena_strdup(&s->arena, name);
    return copy && drift__map_put(&s->known, copy, copy, NULL) == 0 ? DRIFT_OK : drift__no_memory(err);
}

static int know_row(drift_statement *row, void *payload, drift_error *err)
{
    const char *name = drift_column_text(row, 0, NULL);
    return name ? know(payload, name, err) : drift__no_memory(err);
}

static int search_begin(search *s, drift_connection *connection, drift_error *err)
{
    const int rc = handle_of(&s->handle, connection, err);
    if (rc != DRIFT_OK) return rc;
    return drift_query(connection, "SELECT DISTINCT name FROM pragma_function_list", NULL, 0, know_row, s, err);
}

static void search_end(search *s)
{
    drift__map_dispose(&s->known);
    drift__arena_dispose(&s->arena);
}

static int provide(search *s, const char *name, drift_error *err)
{
    if (drift__map_get(&s->known, name)) return DRIFT_OK;
    /* https://www.sqlite.org/c3ref/create_function.html: a function's name has at most 255 bytes, so this is another's.
     */
    if (strlen(name) > 255) return DRIFT_OK;
    const int rc = create_function(s->handle, name, err);
    return rc == DRIFT_OK ? know(s, name, err) : rc;
}

/* What SQLite takes as a part of a name: letters, digits, '_', '$', and every byte above 127. */
static bool is_name_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           (unsigned char)c > 127;
}

static char closing_quote(char c)
{
    return c == '[' ? ']' : c;
}

/* A place in a text that is looked through. This is no tokenizer: it only needs to tell names from what is quoted and
 * from comments. */
typedef struct scan {
    const char *at, *end;
} scan;

static void skip_until(scan *s, const char *end_mark, size_t from)
{
    const size_t length = strlen(end_mark);
    s->at += from < (size_t)(s->end - s->at) ? from : (size_t)(s->end - s->at);
    while (s->at < s->end && ((size_t)(s->end - s->at) < length || memcmp(s->at, end_mark, length) != 0)) s->at++;
    s->at += s->at < s->end ? length : 0;
}

static bool starts(const scan *s, const char *mark)
{
    const size_t length = strlen(mark);
    return (size_t)(s->end - s->at) >= length && memcmp(s->at, mark, length) == 0;
}

/* Skips white space and comments. */
static void skip_space(scan *s)
{
    for (;;) {
        if (s->at < s->end && *s->at && strchr(" \t\r\n\f", *s->at))
            s->at++;
        else if (starts(s, "--"))
            skip_until(s, "\n", 2);
        else if (starts(s, "/*"))
            skip_until(s, "*/", 2);
        else
            return;
    }
}

/* Goes behind a quoted thing; a doubled quote stands for one. Gives where it ended, before the closing quote. */
static const char *skip_quoted(scan *s)
{
    const char quote = closing_quote(*s->at++);
    while (s->at < s->end) {
        const bool doubled = quote != ']' && s->end - s->at > 1 && s->at[1] == quote;
        if (*s->at == quote && !doubled) return s->at++;
        s->at += *s->at == quote ? 2 : 1;
    }
    return s->end;
}

/* The name inside a pair of quotes. */
static const char *take_quoted(scan *s, drift__arena *arena)
{
    const char *from = s->at + 1, quote = closing_quote(*s->at);
    const char *end = skip_quoted(s);
    char *name = drift__arena_strndup(arena, from, (size_t)(end - from));
    if (!name || quote == ']') return name;
    size_t length = 0;
    for (; from < end; from++) {
        name[length++] = *from;
        if (*from == quote) from++;
    }
    name[length] = '\0';
    return name;
}

/* Keywords are not left out: many of them are names where the grammar wants one ("first(x)"), and a function that is
 * called as the others are ("in") can never be reached. */
static const char *take_word(scan *s, drift__arena *arena)
{
    const char *start = s->at;
    while (s->at < s->end && is_name_byte(*s->at)) s->at++;
    return drift__arena_strndup(arena, start, (size_t)(s->at - start));
}

/* Reads one thing; gives its name if it is one. */
static const char *take(scan *s, drift__arena *arena)
{
    if (*s->at == '"' || *s->at == '`' || *s->at == '[') return take_quoted(s, arena);
    if (is_name_byte(*s->at)) return take_word(s, arena);
    if (*s->at == '\'')
        skip_quoted(s);
    else
        s->at++;
    return NULL;
}

/* "X REGEXP Y" is the function "regexp(Y,X)", which SQLite does not have
 * (https://www.sqlite.org/lang_expr.html#the_like_glob_regexp_match_and_extract_operators). */
static bool is_operator(const char *name)
{
    return name && drift__same_name(name, "regexp");
}

static int look_through(search *found, const char *sql, size_t length, drift_error *err)
{
    scan s = {sql, sql + length};
    drift__arena scratch = DRIFT__ARENA_INIT;
    const char *name = NULL;
    int rc = DRIFT_OK;
    for (skip_space(&s); rc == DRIFT_OK && s.at < s.end; skip_space(&s)) {
        if (*s.at == '(' && name) rc = provide(found, name, err);
        name = take(&s, &scratch);
        if (rc == DRIFT_OK && is_operator(name)) rc = provide(found, name, err);
    }
    if (rc == DRIFT_OK && scratch.failed) rc = drift__no_memory(err);
    drift__arena_dispose(&scratch);
    return rc;
}

int drift__stand_in_functions(drift_connection *connection, const char *sql, size_t length, drift_error *err)
{
    search s = {NULL, DRIFT__ARENA_INIT, DRIFT__MAP_INIT};
    int rc = search_begin(&s, connection, err);
    if (rc == DRIFT_OK) rc = look_through(&s, sql, length, err);
    search_end(&s);
    return rc;
}

static int look_through_row(drift_statement *row, void *payload, drift_error *err)
{
    size_t length = 0;
    const char *sql = drift_column_text(row, 0, &length);
    return sql ? look_through(payload, sql, length, err) : drift__no_memory(err);
}

int drift__stand_ins_install(drift_connection *connection, drift_error *err)
{
    search s = {NULL, DRIFT__ARENA_INIT, DRIFT__MAP_INIT};
    int rc = drift__stand_in_collations(connection, err);
    if (rc == DRIFT_OK) rc = search_begin(&s, connection, err);
    if (rc == DRIFT_OK)
        rc = drift_query(connection, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL", NULL, 0, look_through_row,
                         &s, err);
    search_end(&s);
    return rc;
}
