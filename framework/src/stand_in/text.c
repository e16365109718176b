/* text.c */
#include "stand_in/text.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "runtime/stand_in.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* The functions that a connection knows, while texts are looked through. */
typedef struct search {
    drift_connection *connection;
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
    s->connection = connection;
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
    const int rc = drift__stand_in_function(s->connection, name, err);
    return rc == DRIFT_OK ? know(s, name, err) : rc;
}

/* Whether a token is a name that is called. Keywords are not left out: many of them are names where the grammar wants
 * one ("first(x)"), and a function that is called as the others are ("in") can never be reached. "X REGEXP Y" is the
 * function "regexp(Y,X)", which SQLite does not have
 * (https://www.sqlite.org/lang_expr.html#the_like_glob_regexp_match_and_extract_operators). */
static bool is_called(const drift__cursor *c)
{
    if (c->token.kind != DRIFT__TOKEN_WORD && c->token.kind != DRIFT__TOKEN_QUOTED) return false;
    return drift__cursor_is(c, "regexp") || drift__cursor_peek(c).kind == DRIFT__TOKEN_OPEN;
}

static int look_through(search *s, const char *sql, size_t length, drift_error *err)
{
    drift__arena scratch = DRIFT__ARENA_INIT;
    int rc = DRIFT_OK;
    for (drift__cursor c = drift__cursor_at(sql, length); rc == DRIFT_OK && c.token.kind != DRIFT__TOKEN_END;
         drift__cursor_next(&c)) {
        if (!is_called(&c)) continue;
        const char *name = drift__unquote(&scratch, c.token.text, c.token.length);
        rc = name ? provide(s, name, err) : drift__no_memory(err);
    }
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
