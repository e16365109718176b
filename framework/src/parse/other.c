/* other.c — CREATE INDEX, VIEW and TRIGGER (https://www.sqlite.org/lang_createindex.html, lang_createview.html,
 * lang_createtrigger.html). The bodies of views and triggers stay source text. */
#include <string.h>

#include "base/error.h"
#include "parse/parser.h"
#include "sql/keyword.h"

/* Everything from the cursor to the statement's end, as written. */
static int take_rest(drift__parser *p, const char **text, const char *what)
{
    const char *start = p->c.token.text;
    if (p->c.token.kind == DRIFT__TOKEN_END) return drift__expected(p, what);
    while (p->c.token.kind != DRIFT__TOKEN_END) {
        if (p->c.token.kind == DRIFT__TOKEN_ILLEGAL) return drift__expected(p, what);
        drift__cursor_next(&p->c);
    }
    *text = drift__text_since(p, start);
    return *text ? DRIFT_OK : DRIFT_NO_MEMORY;
}

int drift__parse_index(drift__parser *p, drift_entity *entity, bool unique)
{
    int rc;
    drift_index *index = drift__arena_alloc(p->arena, sizeof *index);
    if (!index) return drift__no_memory(p->err);
    entity->as.index = index;
    index->unique = unique;
    if ((rc = drift__take_entity_name(p, entity)) != DRIFT_OK || (rc = drift__expect_word(p, "ON")) != DRIFT_OK ||
        (rc = drift__take_name(p, &index->table, "a table's name")) != DRIFT_OK ||
        (rc = drift__take_indexed_columns(p, &index->columns, &index->column_count)) != DRIFT_OK)
        return rc;
    index->name = entity->name;
    return drift__cursor_take(&p->c, "WHERE") ? take_rest(p, &index->where, "a condition") : DRIFT_OK;
}

int drift__parse_view(drift__parser *p, drift_entity *entity)
{
    int rc;
    drift_view *view = drift__arena_alloc(p->arena, sizeof *view);
    if (!view) return drift__no_memory(p->err);
    entity->as.view = view;
    if ((rc = drift__take_entity_name(p, entity)) != DRIFT_OK ||
        (rc = drift__take_name_list(p, &view->columns, &view->column_count)) != DRIFT_OK ||
        (rc = drift__expect_word(p, "AS")) != DRIFT_OK)
        return rc;
    view->name = entity->name;
    return take_rest(p, &view->select, "SELECT");
}

static int parse_trigger_event(drift__parser *p, drift_trigger *trigger)
{
    drift__list columns = {0};
    if (drift__cursor_take(&p->c, "DELETE")) {
        trigger->event = DRIFT_TRIGGER_DELETE;
        return DRIFT_OK;
    }
    if (drift__cursor_take(&p->c, "INSERT")) {
        trigger->event = DRIFT_TRIGGER_INSERT;
        return DRIFT_OK;
    }
    trigger->event = DRIFT_TRIGGER_UPDATE;
    if (!drift__cursor_take(&p->c, "UPDATE")) return drift__expected(p, "DELETE, INSERT or UPDATE");
    if (!drift__cursor_take(&p->c, "OF")) return DRIFT_OK;
    do {
        const char **name = drift__list_add(p, &columns, sizeof *name);
        if (!name) return DRIFT_NO_MEMORY;
        const int rc = drift__take_name(p, name, "a column's name");
        if (rc != DRIFT_OK) return rc;
    } while (drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA));
    trigger->columns = drift__list_take(p, &columns, sizeof *trigger->columns);
    trigger->column_count = trigger->columns ? columns.count : 0;
    return DRIFT_OK;
}

static int parse_trigger_time(drift__parser *p, drift_trigger *trigger)
{
    if (drift__cursor_take(&p->c, "BEFORE")) {
        trigger->time_written = true;
    } else if (drift__cursor_take(&p->c, "AFTER")) {
        trigger->time = DRIFT_TRIGGER_AFTER;
    } else if (drift__cursor_take(&p->c, "INSTEAD")) {
        trigger->time = DRIFT_TRIGGER_INSTEAD_OF;
        return drift__expect_word(p, "OF");
    }
    return DRIFT_OK;
}

/* Whether an expression may end with this token: an operand or a closing parenthesis. Of the reserved words only NULL
 * and its kin do; END and the CURRENT_… words are not reserved. */
static bool can_end_expression(const drift__lexeme *token)
{
    switch (token->kind) {
    case DRIFT__TOKEN_OPERATOR:
    case DRIFT__TOKEN_DOT:
    case DRIFT__TOKEN_COMMA:
    case DRIFT__TOKEN_OPEN:
    case DRIFT__TOKEN_END: return false;
    case DRIFT__TOKEN_WORD:
        return !drift__is_reserved(token->text, token->length) || drift__lexeme_is(token, "NULL") ||
               drift__lexeme_is(token, "ISNULL") || drift__lexeme_is(token, "NOTNULL");
    default: return true;
    }
}

/* WHEN expr, up to the BEGIN that cannot be a name inside it: BEGIN is also an ordinary name (new.begin). */
static int parse_when(drift__parser *p, drift_trigger *trigger)
{
    const char *start = p->c.token.text;
    drift__lexeme previous = {0};
    size_t depth = 0;
    while (depth || !drift__cursor_is(&p->c, "BEGIN") || !can_end_expression(&previous)) {
        previous = p->c.token;
        if (previous.kind == DRIFT__TOKEN_END || previous.kind == DRIFT__TOKEN_ILLEGAL)
            return drift__expected(p, "BEGIN");
        if (previous.kind == DRIFT__TOKEN_OPEN) depth++;
        if (previous.kind == DRIFT__TOKEN_CLOSE && depth) depth--;
        drift__cursor_next(&p->c);
    }
    trigger->when = drift__text_since(p, start);
    return trigger->when ? DRIFT_OK : DRIFT_NO_MEMORY;
}

/* BEGIN statement; … END: at least one statement, each with its ';'. */
static int parse_trigger_body(drift__parser *p, drift_trigger *trigger)
{
    if (!drift__cursor_is(&p->c, "BEGIN")) return drift__expected(p, "BEGIN");
    drift__lexeme last = p->c.token, before = {0};
    const drift__cursor begin = p->c;
    const int rc = take_rest(p, &trigger->body, "END");
    if (rc != DRIFT_OK) return rc;
    for (drift__cursor c = begin; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        before = last;
        last = c.token;
    }
    return drift__lexeme_is(&last, "END") && before.kind == DRIFT__TOKEN_SEMICOLON ? DRIFT_OK
                                                                                   : drift__expected(p, "; END");
}

int drift__parse_trigger(drift__parser *p, drift_entity *entity)
{
    int rc;
    const char *ignored = NULL;
    drift_trigger *trigger = drift__arena_alloc(p->arena, sizeof *trigger);
    if (!trigger) return drift__no_memory(p->err);
    entity->as.trigger = trigger;
    if ((rc = drift__take_entity_name(p, entity)) != DRIFT_OK || (rc = parse_trigger_time(p, trigger)) != DRIFT_OK ||
        (rc = parse_trigger_event(p, trigger)) != DRIFT_OK || (rc = drift__expect_word(p, "ON")) != DRIFT_OK ||
        (rc = drift__take_qualified(p, &ignored, &trigger->table, "a table's name")) != DRIFT_OK)
        return rc;
    trigger->name = entity->name;
    if (drift__cursor_take(&p->c, "FOR")) {
        if ((rc = drift__expect_word(p, "EACH")) != DRIFT_OK || (rc = drift__expect_word(p, "ROW")) != DRIFT_OK)
            return rc;
        trigger->for_each_row = true;
    }
    if (drift__cursor_take(&p->c, "WHEN") && (rc = parse_when(p, trigger)) != DRIFT_OK) return rc;
    return parse_trigger_body(p, trigger);
}
