/* parser.c — names, lists and errors for all kinds of statements. */
#include "parse/parser.h"

#include <string.h>

#include "base/error.h"
#include "sql/keyword.h"
#include "sql/quote.h"

void *drift__list_add(drift__parser *p, drift__list *list, size_t size)
{
    if (list->count == list->capacity) {
        const size_t grown = list->capacity ? list->capacity * 2 : 4;
        void *items = drift__arena_array(p->scratch, grown, size);
        if (!items) {
            drift__no_memory(p->err);
            return NULL;
        }
        if (list->count) memcpy(items, list->items, list->count * size);
        list->items = items;
        list->capacity = grown;
    }
    return (char *)list->items + size * list->count++;
}

void *drift__list_take(drift__parser *p, const drift__list *list, size_t size)
{
    void *items = list->count ? drift__arena_copy(p->arena, list->items, list->count, size) : NULL;
    if (list->count && !items) drift__no_memory(p->err);
    return items;
}

int drift__expected(drift__parser *p, const char *what)
{
    const drift__lexeme *token = &p->c.token;
    const size_t offset = p->base + drift__cursor_offset(&p->c);
    if (token->kind == DRIFT__TOKEN_END)
        return drift__error_in(p->err, DRIFT_SYNTAX, p->source, p->script, offset,
                               "expected %s, found the end of the statement", what);
    const int shown = token->length > 40 ? 40 : (int)token->length;
    return drift__error_in(p->err, DRIFT_SYNTAX, p->source, p->script, offset, "expected %s, found %s%.*s", what,
                           token->kind == DRIFT__TOKEN_ILLEGAL ? "what is no SQL token: " : "", shown, token->text);
}

bool drift__at_name(const drift__parser *p)
{
    const drift__lexeme *token = &p->c.token;
    if (token->kind == DRIFT__TOKEN_QUOTED || token->kind == DRIFT__TOKEN_STRING) return true;
    return token->kind == DRIFT__TOKEN_WORD && !drift__is_reserved(token->text, token->length);
}

int drift__take_name(drift__parser *p, const char **name, const char *what)
{
    if (!drift__at_name(p)) return drift__expected(p, what);
    *name = drift__unquote(p->arena, p->c.token.text, p->c.token.length);
    if (!*name) return drift__no_memory(p->err);
    drift__cursor_next(&p->c);
    return DRIFT_OK;
}

int drift__expect_word(drift__parser *p, const char *word)
{
    return drift__cursor_take(&p->c, word) ? DRIFT_OK : drift__expected(p, word);
}

int drift__expect_kind(drift__parser *p, drift__token_kind kind, const char *what)
{
    return drift__cursor_take_kind(&p->c, kind) ? DRIFT_OK : drift__expected(p, what);
}

const char *drift__text_since(drift__parser *p, const char *start)
{
    const char *end = p->c.previous_end;
    const char *text = drift__arena_strndup(p->arena, start, end > start ? (size_t)(end - start) : 0);
    if (!text) drift__no_memory(p->err);
    return text;
}

drift_span drift__span_since(const drift__parser *p, const char *start)
{
    const char *end = p->c.previous_end;
    return (drift_span){(size_t)(start - p->c.start), end > start ? (size_t)(end - start) : 0};
}

int drift__take_parenthesised(drift__parser *p, const char **text)
{
    if (p->c.token.kind != DRIFT__TOKEN_OPEN) return drift__expected(p, "(");
    size_t depth = 1;
    drift__cursor_next(&p->c);
    const char *start = p->c.token.text, *end = start;
    for (;; drift__cursor_next(&p->c)) {
        if (p->c.token.kind == DRIFT__TOKEN_OPEN) depth++;
        if (p->c.token.kind == DRIFT__TOKEN_CLOSE && !--depth) break;
        if (p->c.token.kind == DRIFT__TOKEN_END || p->c.token.kind == DRIFT__TOKEN_ILLEGAL)
            return drift__expected(p, ")");
        end = p->c.token.text + p->c.token.length;
    }
    drift__cursor_next(&p->c);
    *text = drift__arena_strndup(p->arena, start, (size_t)(end - start));
    return *text ? DRIFT_OK : drift__no_memory(p->err);
}

int drift__take_qualified(drift__parser *p, const char **database, const char **name, const char *what)
{
    int rc = drift__take_name(p, name, what);
    *database = NULL;
    if (rc == DRIFT_OK && drift__cursor_take_kind(&p->c, DRIFT__TOKEN_DOT)) {
        *database = *name;
        rc = drift__take_name(p, name, what);
    }
    return rc;
}

int drift__take_entity_name(drift__parser *p, drift_entity *entity)
{
    int rc;
    if (drift__cursor_take(&p->c, "IF")) {
        if ((rc = drift__expect_word(p, "NOT")) != DRIFT_OK || (rc = drift__expect_word(p, "EXISTS")) != DRIFT_OK)
            return rc;
        entity->if_not_exists = true;
    }
    return drift__take_qualified(p, &entity->database, &entity->name, "a name");
}

int drift__take_name_list(drift__parser *p, const char *const **names, size_t *count)
{
    drift__list list = {0};
    *names = NULL;
    *count = 0;
    if (!drift__cursor_take_kind(&p->c, DRIFT__TOKEN_OPEN)) return DRIFT_OK;
    do {
        const char **name = drift__list_add(p, &list, sizeof *name);
        if (!name) return DRIFT_NO_MEMORY;
        const int rc = drift__take_name(p, name, "a column's name");
        if (rc != DRIFT_OK) return rc;
        /* Old versions of SQLite took COLLATE and an order here, and newer ones still do for such schemas. */
        if (drift__cursor_take(&p->c, "COLLATE")) drift__cursor_next(&p->c);
        if (!drift__cursor_take(&p->c, "ASC")) drift__cursor_take(&p->c, "DESC");
    } while (drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA));
    *names = drift__list_take(p, &list, sizeof **names);
    *count = list.count;
    if (!*names) return DRIFT_NO_MEMORY;
    return drift__expect_kind(p, DRIFT__TOKEN_CLOSE, ")");
}

/* What stands at the end of an indexed column's tokens is taken off: its last token, if `word`. */
typedef struct tail {
    drift__lexeme last, before; /* the last two tokens */
    size_t count;               /* of tokens at the top level or deeper */
} tail;

static tail tail_of(const char *text, size_t length)
{
    tail t = {0};
    size_t depth = 0;
    for (drift__cursor c = drift__cursor_at(text, length); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (c.token.kind == DRIFT__TOKEN_OPEN) depth++;
        t.before = t.last;
        t.last = c.token;
        t.count++;
        /* COLLATE inside parentheses belongs to a part of the expression. */
        if (depth) t.before.kind = DRIFT__TOKEN_END;
        if (c.token.kind == DRIFT__TOKEN_CLOSE && depth) depth--;
    }
    return t;
}

static size_t trimmed(const char *text, const char *end)
{
    drift__cursor c = drift__cursor_at(text, (size_t)(end - text));
    while (c.token.kind != DRIFT__TOKEN_END) drift__cursor_next(&c);
    return (size_t)(c.previous_end - text);
}

/* "(a)" is the column a: parentheses around the whole leave no trace in SQLite's parse tree. */
static bool strip_parentheses(const char **text, size_t *length)
{
    drift__cursor c = drift__cursor_at(*text, *length);
    const drift__lexeme inner = drift__cursor_peek(&c);
    if (!drift__cursor_skip_balanced(&c) || c.token.kind != DRIFT__TOKEN_END) return false;
    *length = trimmed(inner.text, c.previous_end - 1);
    *text = inner.text;
    return true;
}

static int indexed_column(drift__parser *p, drift_indexed_column *column, const char *text, size_t length)
{
    tail t = tail_of(text, length);
    if (t.count > 1 && drift__lexeme_is(&t.last, "AUTOINCREMENT")) {
        column->autoincrement = true;
        length = trimmed(text, t.last.text);
        t = tail_of(text, length);
    }
    if (t.count > 1 && (drift__lexeme_is(&t.last, "ASC") || drift__lexeme_is(&t.last, "DESC"))) {
        column->sort = drift__lexeme_is(&t.last, "ASC") ? DRIFT_SORT_ASC : DRIFT_SORT_DESC;
        length = trimmed(text, t.last.text);
    }
    do {
        for (t = tail_of(text, length); t.count > 2 && drift__lexeme_is(&t.before, "COLLATE");
             t = tail_of(text, length)) {
            if (!column->collation && !(column->collation = drift__unquote(p->arena, t.last.text, t.last.length)))
                return drift__no_memory(p->err);
            length = trimmed(text, t.before.text);
        }
    } while (strip_parentheses(&text, &length));

    column->expression = drift__arena_strndup(p->arena, text, length);
    drift__lexeme only = t.last;
    if (t.count == 1 && (only.kind == DRIFT__TOKEN_QUOTED || only.kind == DRIFT__TOKEN_STRING ||
                         (only.kind == DRIFT__TOKEN_WORD && !drift__is_reserved(only.text, only.length))))
        column->name = drift__unquote(p->arena, only.text, only.length);
    return p->arena->failed ? drift__no_memory(p->err) : DRIFT_OK;
}

drift_sort drift__take_sort(drift__parser *p)
{
    if (drift__cursor_take(&p->c, "ASC")) return DRIFT_SORT_ASC;
    return drift__cursor_take(&p->c, "DESC") ? DRIFT_SORT_DESC : DRIFT_SORT_NONE;
}

/* name [ASC|DESC], which nearly all are; *taken is false, and the cursor where it was, for anything else. */
static int take_plain_column(drift__parser *p, drift_indexed_column *column, bool *taken)
{
    const drift__cursor before = p->c;
    const drift__lexeme name = before.token;
    *taken = false;
    if (!drift__at_name(p)) return DRIFT_OK;
    drift__cursor_next(&p->c);
    const drift_sort sort = drift__take_sort(p);
    *taken = p->c.token.kind == DRIFT__TOKEN_COMMA || p->c.token.kind == DRIFT__TOKEN_CLOSE;
    if (!*taken) {
        p->c = before;
        return DRIFT_OK;
    }
    column->sort = sort;
    column->expression = drift__arena_strndup(p->arena, name.text, name.length);
    column->name =
        name.kind == DRIFT__TOKEN_WORD ? column->expression : drift__unquote(p->arena, name.text, name.length);
    return column->expression && column->name ? DRIFT_OK : drift__no_memory(p->err);
}

/* Goes past tokens up to a comma or a closing parenthesis that is not inside another pair. */
static int skip_item(drift__parser *p)
{
    while (p->c.token.kind != DRIFT__TOKEN_COMMA && p->c.token.kind != DRIFT__TOKEN_CLOSE) {
        if (p->c.token.kind == DRIFT__TOKEN_END || p->c.token.kind == DRIFT__TOKEN_ILLEGAL ||
            p->c.token.kind == DRIFT__TOKEN_SEMICOLON)
            return drift__expected(p, ")");
        if (p->c.token.kind != DRIFT__TOKEN_OPEN)
            drift__cursor_next(&p->c);
        else if (!drift__cursor_skip_balanced(&p->c))
            return drift__expected(p, ")");
    }
    return DRIFT_OK;
}

static int take_column(drift__parser *p, drift_indexed_column *column)
{
    const char *start = p->c.token.text;
    const int rc = skip_item(p);
    if (rc != DRIFT_OK) return rc;
    if (p->c.token.text == start) return drift__expected(p, "a column's name or an expression");
    return indexed_column(p, column, start, (size_t)(p->c.previous_end - start));
}

int drift__take_indexed_columns(drift__parser *p, const drift_indexed_column **columns, size_t *count)
{
    drift__list list = {0};
    int rc = drift__expect_kind(p, DRIFT__TOKEN_OPEN, "(");
    if (rc != DRIFT_OK) return rc;
    do {
        bool plain = false;
        drift_indexed_column *column = drift__list_add(p, &list, sizeof *column);
        if (!column) return DRIFT_NO_MEMORY;
        if ((rc = take_plain_column(p, column, &plain)) != DRIFT_OK) return rc;
        if (!plain && (rc = take_column(p, column)) != DRIFT_OK) return rc;
    } while (drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA));
    *columns = drift__list_take(p, &list, sizeof **columns);
    *count = list.count;
    if (!*columns) return DRIFT_NO_MEMORY;
    return drift__expect_kind(p, DRIFT__TOKEN_CLOSE, ")");
}
