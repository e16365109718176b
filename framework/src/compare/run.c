/* run.c — runs of tokens, and the entry points of expression.h. */
#include <string.h>

#include "base/fold.h"
#include "compare/expression.h"
#include "compare/number.h"
#include "compare/reader.h"
#include "compare/text.h"
#include "sql/keyword.h"
#include "sql/quote.h"

enum { MOST_DEPTH = 200 };

void drift__reader_next(drift__reader *r)
{
    drift__cursor_next(&r->at);
    if (r->budget) r->budget--;
}

const char *drift__reader_unquoted(drift__reader *r)
{
    return drift__unquote(r->arena, r->at.token.text, r->at.token.length);
}

static bool is_join_word(const drift__lexeme *token)
{
    return drift__lexeme_is(token, "LEFT") || drift__lexeme_is(token, "RIGHT") || drift__lexeme_is(token, "FULL") ||
           drift__lexeme_is(token, "INNER") || drift__lexeme_is(token, "OUTER") || drift__lexeme_is(token, "CROSS") ||
           drift__lexeme_is(token, "NATURAL");
}

bool drift__reader_at_join(const drift__reader *r)
{
    if (!is_join_word(&r->at.token)) return false;
    const drift__lexeme next = drift__cursor_peek(&r->at);
    return drift__lexeme_is(&next, "JOIN") || is_join_word(&next);
}

/* "==" is "=", "!=" is "<>" (https://www.sqlite.org/lang_expr.html, "Operators"). */
static const char *operator_text(drift__reader *r)
{
    const drift__lexeme *token = &r->at.token;
    if (drift__same_word(token->text, token->length, "==")) return "=";
    if (drift__same_word(token->text, token->length, "!=")) return "<>";
    return drift__arena_strndup(r->arena, token->text, token->length);
}

static drift__node *token_leaf(drift__reader *r)
{
    const drift__lexeme *token = &r->at.token;
    const char *number = NULL;
    switch (token->kind) {
    case DRIFT__TOKEN_QUOTED: return drift__node_new(r->arena, DRIFT__NODE_NAME, drift__reader_unquoted(r));
    case DRIFT__TOKEN_STRING:
        if (r->name_here) return drift__node_new(r->arena, DRIFT__NODE_NAME, drift__reader_unquoted(r));
        return drift__node_new(r->arena, DRIFT__NODE_LITERAL,
                               drift__arena_strndup(r->arena, token->text, token->length));
    case DRIFT__TOKEN_INTEGER:
        number = drift__number_integer(r->arena, token->text, token->length);
        if (number) return drift__node_new(r->arena, DRIFT__NODE_INTEGER, number);
        break;
    case DRIFT__TOKEN_FLOAT:
        return drift__node_new(r->arena, DRIFT__NODE_REAL, drift__number_real(r->arena, token->text, token->length));
    case DRIFT__TOKEN_OPERATOR: return drift__node_new(r->arena, DRIFT__NODE_WORD, operator_text(r));
    case DRIFT__TOKEN_WORD:
        if (drift__is_reserved(token->text, token->length) || drift__reader_at_join(r)) break;
        return drift__node_new(r->arena, DRIFT__NODE_NAME, drift__reader_unquoted(r));
    default: break;
    }
    return drift__node_new(r->arena, DRIFT__NODE_WORD, drift__arena_strndup(r->arena, token->text, token->length));
}

drift__node *drift__read_token(drift__reader *r)
{
    drift__node *leaf = token_leaf(r);
    r->name_here = false;
    drift__reader_next(r);
    return leaf;
}

/* What a run knows of the tokens before the one at hand. */
typedef struct run_state {
    size_t open;     /* parentheses that no expression took */
    size_t ordering; /* 1 + the number of open parentheses inside which ORDER BY is being read; 0: none is */
    bool operand;    /* an expression stands right before: a name that follows is an alias */
    bool name_next;  /* AS, FROM, INTO and the like stand right before */
    bool by_next;    /* ORDER, GROUP or PARTITION stands right before: BY is no column, and no function */
    bool all_next;   /* SELECT stands right before: ALL says what holds anyway */
} run_state;

static bool run_ends(const drift__reader *r, const run_state *state, drift__run_end end)
{
    if (r->at.token.kind == DRIFT__TOKEN_END || !r->budget) return true;
    if (state->open) return false;
    if (end == DRIFT__RUN_CLOSE) return r->at.token.kind == DRIFT__TOKEN_CLOSE;
    return end == DRIFT__RUN_END_WORD && drift__cursor_is(&r->at, "END");
}

/* An ordering term's ASC is the default (https://www.sqlite.org/lang_select.html, "The ORDER BY clause"). */
static bool skip_ascending(drift__reader *r, const run_state *state)
{
    if (!state->operand || state->ordering != state->open + 1 || !drift__cursor_is(&r->at, "ASC")) return false;
    drift__reader_next(r);
    return true;
}

static void note_ordering(const drift__reader *r, run_state *state)
{
    if (drift__cursor_is(&r->at, "ORDER")) state->ordering = state->open + 1;
    if (drift__cursor_is(&r->at, "LIMIT") || r->at.token.kind == DRIFT__TOKEN_SEMICOLON) state->ordering = 0;
}

static bool announces_name(const drift__reader *r)
{
    return drift__cursor_is(&r->at, "AS") || drift__cursor_is(&r->at, "FROM") || drift__cursor_is(&r->at, "INTO") ||
           drift__cursor_is(&r->at, "JOIN") || drift__cursor_is(&r->at, "UPDATE") || drift__cursor_is(&r->at, "TABLE");
}

static void read_plain(drift__reader *r, drift__node *list, run_state *state)
{
    note_ordering(r, state);
    if (r->at.token.kind == DRIFT__TOKEN_OPEN) state->open++;
    if (r->at.token.kind == DRIFT__TOKEN_CLOSE && state->open) state->open--;
    state->operand = r->at.token.kind == DRIFT__TOKEN_CLOSE;
    state->name_next = announces_name(r);
    state->by_next =
        drift__cursor_is(&r->at, "ORDER") || drift__cursor_is(&r->at, "GROUP") || drift__cursor_is(&r->at, "PARTITION");
    state->all_next = drift__cursor_is(&r->at, "SELECT");
    drift__node_add(list, drift__read_token(r));
}

/* SELECT ALL is SELECT, INNER JOIN is JOIN, LEFT OUTER JOIN is LEFT JOIN: "SELECT ALL … as if neither … were specified"
 * (https://www.sqlite.org/lang_select.html), sqlite3JoinType in src/select.c. */
static bool skip_redundant(drift__reader *r, const run_state *state)
{
    const bool join = drift__cursor_is(&r->at, "INNER") || drift__cursor_is(&r->at, "OUTER");
    const bool all = state->all_next && drift__cursor_is(&r->at, "ALL");
    if (!all && !(join && drift__reader_at_join(r))) return false;
    drift__reader_next(r);
    return true;
}

/* AS before an alias may be left out (https://www.sqlite.org/syntax/result-column.html); the alias is told from an
 * operand by what stands before it. */
static bool skip_as(drift__reader *r, run_state *state)
{
    if (!state->operand || !drift__cursor_is(&r->at, "AS")) return false;
    drift__reader_next(r);
    state->name_next = true;
    return true;
}

/* BY of ORDER BY, and PARTITION BY: words that could be names, but are none here. */
static bool is_clause_word(const drift__reader *r, const run_state *state)
{
    if (drift__cursor_is(&r->at, "BY")) return state->by_next;
    const drift__lexeme next = drift__cursor_peek(&r->at);
    return drift__cursor_is(&r->at, "PARTITION") && drift__lexeme_is(&next, "BY");
}

static void read_item(drift__reader *r, drift__node *list, run_state *state)
{
    if (skip_ascending(r, state) || skip_as(r, state) || skip_redundant(r, state)) return;
    if (is_clause_word(r, state)) {
        read_plain(r, list, state);
        return;
    }
    const drift__cursor before = r->at;
    r->name_here = state->operand || state->name_next;
    drift__node *expression = drift__read_expression(r, 0);
    if (!expression) {
        r->at = before;
        r->name_here = state->operand || state->name_next;
        read_plain(r, list, state);
        return;
    }
    drift__node_add(list, expression);
    *state = (run_state){.open = state->open, .ordering = state->ordering, .operand = true};
}

/* Too deep: the tokens as they are. */
static void read_flat(drift__reader *r, drift__node *list, drift__run_end end)
{
    run_state state = {0};
    while (!run_ends(r, &state, end)) read_plain(r, list, &state);
}

void drift__read_run(drift__reader *r, drift__node *list, drift__run_end end)
{
    if (r->depth >= MOST_DEPTH) {
        read_flat(r, list, end);
        return;
    }
    run_state state = {0};
    r->depth++;
    while (!run_ends(r, &state, end)) read_item(r, list, &state);
    r->depth--;
}

drift__node *drift__expression_parse(drift__arena *arena, const char *text, const drift__scope *scope)
{
    const size_t length = strlen(text);
    drift__reader r = {drift__cursor_at(text, length), arena, scope, 0, length * 2 + 4096, false};
    drift__node *run = drift__node_new(arena, DRIFT__NODE_LIST, "run");
    drift__read_run(&r, run, DRIFT__RUN_TEXT);
    if (!r.budget && !arena->failed) {
        drift__reader plain = {drift__cursor_at(text, length), arena, scope, 0, length + 1, false};
        run = drift__node_new(arena, DRIFT__NODE_LIST, "tokens");
        read_flat(&plain, run, DRIFT__RUN_TEXT);
    }
    return arena->failed ? NULL : run;
}

const char *drift__node_text(drift__arena *arena, const drift__node *node)
{
    if (!node) return NULL;
    char room[256] = "";
    drift__str text = DRIFT__STR_IN(room);
    drift__node_print(&text, node);
    return drift__text_take(arena, &text);
}

const char *drift__expression_canonical(drift__arena *arena, const char *text, const drift__scope *scope)
{
    return drift__node_text(arena, drift__expression_parse(arena, text, scope));
}

/* The only child of a run, or NULL. */
static drift__node *only_child(const drift__node *run)
{
    return run && run->first == run->last ? run->first : NULL;
}

const char *drift__default_canonical(drift__arena *arena, const char *text)
{
    static const drift__map nothing = DRIFT__MAP_INIT;
    const drift__scope scope = {.names = &nothing};
    drift__node *run = drift__expression_parse(arena, text, &scope);
    drift__node *value = only_child(run);
    if (value && value->kind == DRIFT__NODE_LITERAL && strcmp(value->text, "null") == 0) return NULL;
    if (!value || value->kind != DRIFT__NODE_NAME) return drift__node_text(arena, run);
    value->kind = DRIFT__NODE_LITERAL;
    value->text = drift__text_literal(arena, value->text);
    return value->text ? drift__node_text(arena, run) : NULL;
}
