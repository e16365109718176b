/* text.c */
#include "rebuild/text.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* --- the head: CREATE [TEMP] [UNIQUE] [VIRTUAL] kind [IF NOT EXISTS] [database.]name --- */

typedef struct head {
    drift__lexeme kind;
    bool unique, is_virtual;
    drift__lexeme name;
    drift__cursor rest; /* behind the name */
} head;

static bool read_head(head *out, const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    *out = (head){0};
    if (!drift__cursor_take(&c, "CREATE")) return false;
    if (!drift__cursor_take(&c, "TEMP")) drift__cursor_take(&c, "TEMPORARY");
    out->unique = drift__cursor_take(&c, "UNIQUE");
    out->is_virtual = drift__cursor_take(&c, "VIRTUAL");
    out->kind = c.token;
    drift__cursor_next(&c);
    if (drift__cursor_is(&c, "IF")) {
        const drift__lexeme next = drift__cursor_peek(&c);
        if (drift__lexeme_is(&next, "NOT"))
            for (int words = 0; words < 3; words++) drift__cursor_next(&c);
    }
    if (drift__cursor_peek(&c).kind == DRIFT__TOKEN_DOT) {
        drift__cursor_next(&c);
        drift__cursor_next(&c);
    }
    out->name = c.token;
    drift__cursor_next(&c);
    out->rest = c;
    return out->name.length > 0;
}

static int no_create(const char *sql, drift_error *err)
{
    return drift__error(err, DRIFT_SYNTAX, "expected a CREATE statement, found \"%.60s\"", sql);
}

int drift__text_place(char **out, const char *sql, const char *database, const char *name, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    head h;
    if (!read_head(&h, sql)) return no_create(sql, err);
    drift__str_printf(&s, "CREATE %s%s%.*s %s.", h.unique ? "UNIQUE " : "", h.is_virtual ? "VIRTUAL " : "",
                      (int)h.kind.length, h.kind.text, database);
    if (name)
        drift__put_quoted(&s, name);
    else
        drift__str_putn(&s, h.name.text, h.name.length);
    drift__str_puts(&s, h.name.text + h.name.length);
    return drift__str_take(out, &s, err);
}

/* Stands at the event of a trigger. */
static bool read_event(drift__cursor *out, const char *sql)
{
    head h;
    if (!read_head(&h, sql)) return false;
    *out = h.rest;
    if (!drift__cursor_take(out, "BEFORE") && !drift__cursor_take(out, "AFTER") && drift__cursor_take(out, "INSTEAD"))
        drift__cursor_take(out, "OF");
    return true;
}

bool drift__text_next_column(drift__cursor *c, const char *sql)
{
    if (c->start) {
        drift__cursor_next(c);
        return drift__cursor_take_kind(c, DRIFT__TOKEN_COMMA);
    }
    return read_event(c, sql) && drift__cursor_take(c, "UPDATE") && drift__cursor_take(c, "OF");
}

const char *drift__text_event(const char *sql)
{
    static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
    drift__cursor at, *c = &at;
    if (!read_event(c, sql)) return NULL;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (drift__cursor_is(c, events[i])) return events[i];
    return NULL;
}

drift__lexeme drift__text_trigger_database(const char *sql)
{
    drift__cursor c;
    if (!read_event(&c, sql)) return (drift__lexeme){0};
    while (c.token.kind != DRIFT__TOKEN_END && !drift__cursor_is(&c, "ON")) drift__cursor_next(&c);
    drift__cursor_next(&c);
    return drift__cursor_peek(&c).kind == DRIFT__TOKEN_DOT ? c.token : (drift__lexeme){0};
}

/* --- columns --- */

/* Words with which a table's constraint begins; none of them is a name without quotes. */
static bool begins_constraint(const drift__cursor *c)
{
    static const char *const words[] = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (drift__cursor_is(c, words[i])) return true;
    return false;
}

/* Where the list of columns ends: at the comma before the first constraint, or at the closing parenthesis. */
static const char *end_of_columns(drift__cursor c)
{
    int depth = 0;
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const char *at = c.token.text;
        if (c.token.kind == DRIFT__TOKEN_OPEN) depth++;
        if (c.token.kind == DRIFT__TOKEN_CLOSE && --depth == 0) return c.previous_end;
        if (c.token.kind != DRIFT__TOKEN_COMMA || depth != 1) continue;
        drift__cursor next = c;
        drift__cursor_next(&next);
        if (begins_constraint(&next)) return at;
    }
    return NULL;
}

int drift__text_add_column(char **out, const char *sql, const char *definition, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    head h;
    if (!read_head(&h, sql)) return no_create(sql, err);
    const char *end = end_of_columns(h.rest);
    if (!end) return drift__error(err, DRIFT_SYNTAX, "expected a table with columns, found \"%.60s\"", sql);
    drift__str_putn(&s, sql, (size_t)(end - sql));
    drift__str_printf(&s, ", %s", definition);
    drift__str_puts(&s, end);
    return drift__str_take(out, &s, err);
}

/* --- names --- */

/* Compared byte by byte, so that nothing is allocated. */
bool drift__text_means(const drift__lexeme *token, const char *name)
{
    const char *at = token->text, *end = at + token->length;
    if (token->kind == DRIFT__TOKEN_WORD) return drift__same_word(at, token->length, name);
    if (token->kind != DRIFT__TOKEN_QUOTED && token->kind != DRIFT__TOKEN_STRING) return false;
    const char quote = *at == '[' ? ']' : *at;
    for (at++, end--; at < end && *name; at++, name++) {
        if (drift__fold_char(*at) != drift__fold_char(*name)) return false;
        if (*at == quote) at++; /* doubled */
    }
    return at == end && !*name;
}

bool drift__text_names(const char *sql, const char *name)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c))
        if (drift__text_means(&c.token, name)) return true;
    return false;
}

bool drift__text_qualifies(const char *sql, const char *name)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c))
        if (drift__text_means(&c.token, name) && drift__cursor_peek(&c).kind == DRIFT__TOKEN_DOT) return true;
    return false;
}

bool drift__text_has_content(const char *sql, const char *table)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    while (c.token.kind != DRIFT__TOKEN_END) {
        const bool option = drift__cursor_take(&c, "content");
        if (!option)
            drift__cursor_next(&c);
        else if (c.token.kind == DRIFT__TOKEN_OPERATOR && *c.token.text == '=') {
            drift__cursor_next(&c);
            if (drift__text_means(&c.token, table)) return true;
        }
    }
    return false;
}
