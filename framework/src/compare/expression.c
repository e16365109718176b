/* expression.c — expressions by precedence climbing. The powers are the order of src/parse.y, loosest first:
 *
 *     OR · AND · NOT · IS MATCH LIKE BETWEEN IN ISNULL NOTNULL <> = · > <= < >= · ESCAPE · & | << >> · + - · * / % ·
 *     || -> ->> · COLLATE · ~ and the signs
 */
#include <string.h>

#include "base/fold.h"
#include "compare/number.h"
#include "compare/reader.h"
#include "compare/text.h"
#include "sql/affinity.h"
#include "sql/keyword.h"

enum { MOST_DEPTH = 400, MOST_HEIGHT = 400 };

enum power {
    POWER_OR = 1,
    POWER_AND,
    POWER_NOT,
    POWER_EQUAL,
    POWER_ORDER,
    POWER_ESCAPE,
    POWER_BITS,
    POWER_ADD,
    POWER_MULTIPLY,
    POWER_CONCAT,
    POWER_COLLATE,
    POWER_SIGN
};

/* -- What stands before any operator. -- */

static drift__node *leaf(drift__reader *r, drift__node_kind kind, const char *text)
{
    drift__node *node = drift__node_new(r->arena, kind, text);
    drift__reader_next(r);
    return node;
}

static const char *folded_token(drift__reader *r)
{
    return drift__text_folded(r->arena, drift__arena_strndup(r->arena, r->at.token.text, r->at.token.length));
}

static bool is_name_token(drift__token_kind kind)
{
    return kind == DRIFT__TOKEN_WORD || kind == DRIFT__TOKEN_QUOTED || kind == DRIFT__TOKEN_STRING;
}

/* (…) behind a word, into its list. */
static drift__node *read_arguments(drift__reader *r, drift__node *list)
{
    drift__reader_next(r);
    drift__read_run(r, list, DRIFT__RUN_CLOSE);
    return drift__cursor_take_kind(&r->at, DRIFT__TOKEN_CLOSE) ? list : NULL;
}

/* a, t.a, main.t.a, t.*: the name of the one table in scope says nothing before its column. */
static drift__node *read_path(drift__reader *r)
{
    const char *name = drift__reader_unquoted(r);
    drift__reader_next(r);
    if (r->at.token.kind != DRIFT__TOKEN_DOT) return drift__node_new(r->arena, DRIFT__NODE_NAME, name);
    drift__node *path = drift__node_new(r->arena, DRIFT__NODE_LIST, ".");
    while (drift__cursor_take_kind(&r->at, DRIFT__TOKEN_DOT)) {
        const bool star = drift__same_word(r->at.token.text, r->at.token.length, "*");
        if (!star && !is_name_token(r->at.token.kind)) return NULL;
        if (!name) return NULL;
        if (star || !r->scope->table || !drift__same_name(name, r->scope->table))
            drift__node_add(path, drift__node_new(r->arena, DRIFT__NODE_NAME, name));
        if (star) {
            drift__node_add(path, leaf(r, DRIFT__NODE_WORD, "*"));
            return path;
        }
        name = drift__reader_unquoted(r);
        drift__reader_next(r);
    }
    drift__node *column = drift__node_new(r->arena, DRIFT__NODE_NAME, name);
    if (!path || !path->first) return column;
    drift__node_add(path, column);
    return path;
}

static drift__node *read_name(drift__reader *r)
{
    drift__node *name = read_path(r);
    if (r->at.token.kind != DRIFT__TOKEN_OPEN || !name) return name;
    drift__node *call = drift__node_list(r->arena, "call", 1, name, NULL, NULL);
    return call ? read_arguments(r, call) : NULL;
}

/* "x" is a string where no column is called so; `x` and [x] never are. */
static drift__node *read_quoted(drift__reader *r, bool name_here)
{
    const drift__lexeme next = drift__cursor_peek(&r->at);
    const char *name = drift__reader_unquoted(r);
    if (!name) return NULL;
    if (name_here || r->at.token.text[0] != '"' || next.kind == DRIFT__TOKEN_DOT || next.kind == DRIFT__TOKEN_OPEN ||
        drift__scope_has(r->scope, name))
        return read_name(r);
    return leaf(r, DRIFT__NODE_LITERAL, drift__text_literal(r->arena, name));
}

static drift__node *read_string(drift__reader *r, bool name_here)
{
    const drift__lexeme next = drift__cursor_peek(&r->at);
    if (name_here || next.kind == DRIFT__TOKEN_DOT) return read_name(r);
    return leaf(r, DRIFT__NODE_LITERAL, drift__arena_strndup(r->arena, r->at.token.text, r->at.token.length));
}

/* (x) is x; (x, y) is a row; (SELECT …) is a query. */
static drift__node *read_parentheses(drift__reader *r)
{
    drift__reader_next(r);
    const drift__cursor inside = r->at;
    const bool query =
        drift__cursor_is(&r->at, "SELECT") || drift__cursor_is(&r->at, "VALUES") || drift__cursor_is(&r->at, "WITH");
    drift__node *only = query ? NULL : drift__read_expression(r, 0);
    if (only && drift__cursor_take_kind(&r->at, DRIFT__TOKEN_CLOSE)) return only;
    if (!query && (!only || r->at.token.kind != DRIFT__TOKEN_COMMA)) return NULL;
    r->at = inside;
    drift__node *list = drift__node_new(r->arena, DRIFT__NODE_LIST, query ? "query" : "row");
    drift__read_run(r, list, DRIFT__RUN_CLOSE);
    return drift__cursor_take_kind(&r->at, DRIFT__TOKEN_CLOSE) ? list : NULL;
}

static drift__node *read_case(drift__reader *r)
{
    drift__node *list = drift__node_new(r->arena, DRIFT__NODE_LIST, "case");
    drift__reader_next(r);
    drift__read_run(r, list, DRIFT__RUN_END_WORD);
    return drift__cursor_take(&r->at, "END") ? list : NULL;
}

/* "CAST(expr AS type-name)" converts by the type's affinity alone. */
static drift__node *read_cast(drift__reader *r)
{
    drift__reader_next(r);
    drift__reader_next(r);
    drift__node *value = drift__read_expression(r, 0);
    if (!value || !drift__cursor_take(&r->at, "AS")) return NULL;
    const char *type = r->at.token.text;
    size_t open = 0;
    while (r->at.token.kind != DRIFT__TOKEN_END && (open || r->at.token.kind != DRIFT__TOKEN_CLOSE)) {
        if (r->at.token.kind == DRIFT__TOKEN_OPEN) open++;
        if (r->at.token.kind == DRIFT__TOKEN_CLOSE) open--;
        drift__reader_next(r);
    }
    const char *end = r->at.previous_end;
    if (!drift__cursor_take_kind(&r->at, DRIFT__TOKEN_CLOSE)) return NULL;
    const char *name = drift__arena_strndup(r->arena, type, end > type ? (size_t)(end - type) : 0);
    if (!name) return NULL;
    const char *affinity = drift__affinity_name(drift__affinity_of(name));
    return drift__node_list(r->arena, "cast", 2, value, drift__node_new(r->arena, DRIFT__NODE_WORD, affinity), NULL);
}

/* RAISE(ABORT, message): the message is a name to the grammar, "raisetype COMMA nm", and so takes any quotes. */
static drift__node *read_raise(drift__reader *r)
{
    drift__node *list = drift__node_new(r->arena, DRIFT__NODE_LIST, "raise");
    drift__reader_next(r);
    drift__reader_next(r);
    if (r->at.token.kind != DRIFT__TOKEN_WORD) return NULL;
    drift__node_add(list, drift__read_token(r));
    if (drift__cursor_take_kind(&r->at, DRIFT__TOKEN_COMMA)) {
        const drift__lexeme next = drift__cursor_peek(&r->at);
        const bool message = is_name_token(r->at.token.kind) && next.kind == DRIFT__TOKEN_CLOSE;
        drift__node_add(list,
                        message ? leaf(r, DRIFT__NODE_LITERAL, drift__text_literal(r->arena, drift__reader_unquoted(r)))
                                : drift__read_expression(r, 0));
    }
    return drift__cursor_take_kind(&r->at, DRIFT__TOKEN_CLOSE) ? list : NULL;
}

static drift__node *read_exists(drift__reader *r)
{
    drift__node *list = drift__node_new(r->arena, DRIFT__NODE_LIST, "exists");
    drift__reader_next(r);
    return r->at.token.kind == DRIFT__TOKEN_OPEN && list ? read_arguments(r, list) : NULL;
}

static drift__node *read_not(drift__reader *r)
{
    drift__reader_next(r);
    return drift__node_list(r->arena, "not", 1, drift__read_expression(r, POWER_NOT), NULL, NULL);
}

static bool is_current_time(const drift__reader *r)
{
    return drift__cursor_is(&r->at, "CURRENT_TIME") || drift__cursor_is(&r->at, "CURRENT_DATE") ||
           drift__cursor_is(&r->at, "CURRENT_TIMESTAMP");
}

/* "TRUE and FALSE … are just aliases for the integer values 1 and 0", unless a column is called so
 * (https://www.sqlite.org/lang_expr.html, "Boolean Expressions"). */
static drift__node *read_truth(drift__reader *r)
{
    const bool is_true = drift__cursor_is(&r->at, "TRUE");
    if (!is_true && !drift__cursor_is(&r->at, "FALSE")) return NULL;
    if (drift__scope_hides(r->scope, is_true ? "true" : "false")) return NULL;
    return leaf(r, DRIFT__NODE_TRUTH, is_true ? "1" : "0");
}

static drift__node *read_word(drift__reader *r)
{
    const drift__lexeme next = drift__cursor_peek(&r->at);
    const bool called = next.kind == DRIFT__TOKEN_OPEN;
    if (drift__cursor_is(&r->at, "NOT")) return read_not(r);
    if (drift__cursor_is(&r->at, "NULL")) return leaf(r, DRIFT__NODE_LITERAL, "null");
    if (drift__cursor_is(&r->at, "CASE")) return read_case(r);
    if (drift__cursor_is(&r->at, "EXISTS")) return read_exists(r);
    if (called && drift__cursor_is(&r->at, "CAST")) return read_cast(r);
    if (called && drift__cursor_is(&r->at, "RAISE")) return read_raise(r);
    if (drift__is_reserved(r->at.token.text, r->at.token.length) || drift__reader_at_join(r)) return NULL;
    if (called || next.kind == DRIFT__TOKEN_DOT) return read_name(r);
    if (is_current_time(r)) return leaf(r, DRIFT__NODE_LITERAL, folded_token(r));
    drift__node *truth = read_truth(r);
    return truth ? truth : read_name(r);
}

static bool is_number(const drift__node *node)
{
    return node->kind == DRIFT__NODE_INTEGER || node->kind == DRIFT__NODE_REAL || node->kind == DRIFT__NODE_TRUTH;
}

/* A sign before a literal belongs to it. Before anything else even '+' means something: it takes away the affinity
 * ("the unary operator + is a no-op", but +x is no column: https://www.sqlite.org/datatype3.html, section 3.2). */
static drift__node *read_sign(drift__reader *r)
{
    const char sign = r->at.token.text[0];
    if (r->at.token.length != 1 || (sign != '+' && sign != '-' && sign != '~')) return NULL;
    drift__reader_next(r);
    drift__node *value = drift__read_expression(r, POWER_SIGN);
    if (!value) return NULL;
    if (sign == '~') return drift__node_list(r->arena, "~", 1, value, NULL, NULL);
    if (!is_number(value) && !(sign == '+' && value->kind == DRIFT__NODE_LITERAL))
        return drift__node_list(r->arena, sign == '+' ? "plus" : "minus", 1, value, NULL, NULL);
    if (value->kind == DRIFT__NODE_TRUTH) value->kind = DRIFT__NODE_INTEGER;
    if (sign == '-') value->text = drift__number_negate(r->arena, value->text);
    return value->text ? value : NULL;
}

static drift__node *read_operand(drift__reader *r)
{
    const bool name_here = r->name_here;
    r->name_here = false;
    switch (r->at.token.kind) {
    case DRIFT__TOKEN_WORD: return read_word(r);
    case DRIFT__TOKEN_QUOTED: return read_quoted(r, name_here);
    case DRIFT__TOKEN_STRING: return read_string(r, name_here);
    case DRIFT__TOKEN_BLOB: return leaf(r, DRIFT__NODE_LITERAL, folded_token(r));
    case DRIFT__TOKEN_INTEGER:
    case DRIFT__TOKEN_FLOAT:
    case DRIFT__TOKEN_VARIABLE: return drift__read_token(r);
    case DRIFT__TOKEN_OPEN: return read_parentheses(r);
    case DRIFT__TOKEN_OPERATOR: return read_sign(r);
    default: return NULL;
    }
}

/* -- Operators behind an operand. Each reader stands behind the operator's word. -- */

typedef struct operation operation;
typedef drift__node *(*operation_fn)(drift__reader *r, drift__node *left, const operation *op);

struct operation {
    const char *word;
    size_t length;
    const char *name; /* canonical */
    int power;
    operation_fn read;
};

static const operation *find_operation(const drift__lexeme *token);

static drift__node *negated(drift__reader *r, bool negate, drift__node *node)
{
    return negate ? drift__node_list(r->arena, "not", 1, node, NULL, NULL) : node;
}

static drift__node *read_binary(drift__reader *r, drift__node *left, const operation *op)
{
    return drift__node_list(r->arena, op->name, 2, left, drift__read_expression(r, op->power + 1), NULL);
}

/* AND and OR are associative, so that a AND (b AND c) is a AND b AND c: one list. */
static drift__node *read_logic(drift__reader *r, drift__node *left, const operation *op)
{
    drift__node *right = drift__read_expression(r, op->power + 1);
    if (!right) return NULL;
    drift__node *list =
        drift__node_is(left, op->name) ? left : drift__node_list(r->arena, op->name, 1, left, NULL, NULL);
    drift__node *each = drift__node_is(right, op->name) ? right->first : right;
    while (each) {
        drift__node *next = each->next;
        each->next = NULL;
        drift__node_add(list, each);
        each = next;
    }
    return list;
}

/* x IS NULL asks for NULL, and x IS TRUE is no comparison with 1: it asks whether x is true. */
static drift__node *read_is(drift__reader *r, drift__node *left, const operation *op)
{
    bool negate = drift__cursor_take(&r->at, "NOT");
    const drift__lexeme next = drift__cursor_peek(&r->at);
    if (drift__cursor_is(&r->at, "DISTINCT") && drift__lexeme_is(&next, "FROM")) {
        drift__reader_next(r);
        drift__reader_next(r);
        negate = !negate;
    }
    drift__node *right = drift__read_expression(r, op->power + 1);
    if (!right) return NULL;
    if (right->kind == DRIFT__NODE_LITERAL && strcmp(right->text, "null") == 0)
        return drift__node_list(r->arena, negate ? "notnull" : "isnull", 1, left, NULL, NULL);
    if (right->kind != DRIFT__NODE_TRUTH)
        return drift__node_list(r->arena, negate ? "isnot" : "is", 2, left, right, NULL);
    return drift__node_list(r->arena, negate ? "isnottruth" : "istruth", 2, left, right, NULL);
}

static drift__node *read_null_test(drift__reader *r, drift__node *left, const operation *op)
{
    return drift__node_list(r->arena, op->name, 1, left, NULL, NULL);
}

static drift__node *read_like(drift__reader *r, drift__node *left, const operation *op)
{
    drift__node *right = drift__read_expression(r, op->power + 1);
    if (!drift__cursor_take(&r->at, "ESCAPE")) return drift__node_list(r->arena, op->name, 2, left, right, NULL);
    return drift__node_list(r->arena, op->name, 3, left, right, drift__read_expression(r, op->power + 1));
}

/* The lower bound reaches up to AND, the upper binds as BETWEEN does. */
static drift__node *read_between(drift__reader *r, drift__node *left, const operation *op)
{
    drift__node *low = drift__read_expression(r, POWER_NOT);
    if (!low || !drift__cursor_take(&r->at, "AND")) return NULL;
    return drift__node_list(r->arena, op->name, 3, left, low, drift__read_expression(r, op->power + 1));
}

/* IN (…), or IN table: the parentheses are part of the operator. */
static drift__node *read_in(drift__reader *r, drift__node *left, const operation *op)
{
    drift__node *in = drift__node_list(r->arena, op->name, 1, left, NULL, NULL);
    if (!in) return NULL;
    if (r->at.token.kind == DRIFT__TOKEN_OPEN) {
        drift__node *list = drift__node_new(r->arena, DRIFT__NODE_LIST, "list");
        drift__node_add(in, list ? read_arguments(r, list) : NULL);
    } else {
        drift__node_add(in, is_name_token(r->at.token.kind) ? read_name(r) : NULL);
    }
    return in->first != in->last ? in : NULL;
}

static drift__node *read_collate(drift__reader *r, drift__node *left, const operation *op)
{
    if (!is_name_token(r->at.token.kind)) return NULL;
    return drift__node_list(r->arena, op->name, 2, left, leaf(r, DRIFT__NODE_NAME, drift__reader_unquoted(r)), NULL);
}

/* x NOT NULL is x NOTNULL; x NOT LIKE y is NOT (x LIKE y), and so on. */
static drift__node *read_infix_not(drift__reader *r, drift__node *left, const operation *op)
{
    if (drift__cursor_take(&r->at, "NULL")) return drift__node_list(r->arena, "notnull", 1, left, NULL, NULL);
    op = find_operation(&r->at.token);
    if (!op) return NULL;
    drift__reader_next(r);
    return negated(r, true, op->read(r, left, op));
}

static const operation operations[] = {
    {"OR", sizeof "OR" - 1, "or", POWER_OR, read_logic},
    {"AND", sizeof "AND" - 1, "and", POWER_AND, read_logic},
    {"NOT", sizeof "NOT" - 1, "not", POWER_EQUAL, read_infix_not},
    {"IS", sizeof "IS" - 1, "is", POWER_EQUAL, read_is},
    {"ISNULL", sizeof "ISNULL" - 1, "isnull", POWER_EQUAL, read_null_test},
    {"NOTNULL", sizeof "NOTNULL" - 1, "notnull", POWER_EQUAL, read_null_test},
    {"LIKE", sizeof "LIKE" - 1, "like", POWER_EQUAL, read_like},
    {"GLOB", sizeof "GLOB" - 1, "glob", POWER_EQUAL, read_like},
    {"REGEXP", sizeof "REGEXP" - 1, "regexp", POWER_EQUAL, read_like},
    {"MATCH", sizeof "MATCH" - 1, "match", POWER_EQUAL, read_like},
    {"BETWEEN", sizeof "BETWEEN" - 1, "between", POWER_EQUAL, read_between},
    {"IN", sizeof "IN" - 1, "in", POWER_EQUAL, read_in},
    {"=", sizeof "=" - 1, "=", POWER_EQUAL, read_binary},
    {"==", sizeof "==" - 1, "=", POWER_EQUAL, read_binary},
    {"<>", sizeof "<>" - 1, "<>", POWER_EQUAL, read_binary},
    {"!=", sizeof "!=" - 1, "<>", POWER_EQUAL, read_binary},
    {"<", sizeof "<" - 1, "<", POWER_ORDER, read_binary},
    {"<=", sizeof "<=" - 1, "<=", POWER_ORDER, read_binary},
    {">", sizeof ">" - 1, ">", POWER_ORDER, read_binary},
    {">=", sizeof ">=" - 1, ">=", POWER_ORDER, read_binary},
    {"&", sizeof "&" - 1, "&", POWER_BITS, read_binary},
    {"|", sizeof "|" - 1, "|", POWER_BITS, read_binary},
    {"<<", sizeof "<<" - 1, "<<", POWER_BITS, read_binary},
    {">>", sizeof ">>" - 1, ">>", POWER_BITS, read_binary},
    {"+", sizeof "+" - 1, "+", POWER_ADD, read_binary},
    {"-", sizeof "-" - 1, "-", POWER_ADD, read_binary},
    {"*", sizeof "*" - 1, "*", POWER_MULTIPLY, read_binary},
    {"/", sizeof "/" - 1, "/", POWER_MULTIPLY, read_binary},
    {"%", sizeof "%" - 1, "%", POWER_MULTIPLY, read_binary},
    {"||", sizeof "||" - 1, "||", POWER_CONCAT, read_binary},
    {"->", sizeof "->" - 1, "->", POWER_CONCAT, read_binary},
    {"->>", sizeof "->>" - 1, "->>", POWER_CONCAT, read_binary},
    {"COLLATE", sizeof "COLLATE" - 1, "collate", POWER_COLLATE, read_collate},
};

static const operation *find_operation(const drift__lexeme *token)
{
    if (token->kind != DRIFT__TOKEN_WORD && token->kind != DRIFT__TOKEN_OPERATOR) return NULL;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        const operation *each = &operations[i];
        if (each->length == token->length && drift__same_bytes(token->text, each->word, token->length)) return each;
    }
    return NULL;
}

/* The operator at hand, if it binds tightly enough. NOT is one only before NULL, LIKE, IN and their like. */
static const operation *next_operation(const drift__reader *r, int power)
{
    const operation *op = find_operation(&r->at.token);
    if (!op || op->power < power) return NULL;
    if (op->read != read_infix_not) return op;
    const drift__lexeme next = drift__cursor_peek(&r->at);
    const operation *negatable = find_operation(&next);
    const bool negates =
        drift__lexeme_is(&next, "NULL") ||
        (negatable && (negatable->read == read_like || negatable->read == read_between || negatable->read == read_in));
    return negates ? op : NULL;
}

drift__node *drift__read_expression(drift__reader *r, int power)
{
    if (r->depth >= MOST_DEPTH || !r->budget) return NULL;
    r->depth++;
    drift__node *left = read_operand(r);
    const operation *op;
    while (left && (op = next_operation(r, power)) != NULL) {
        drift__reader_next(r);
        left = op->read(r, left, op);
        if (left && left->height > MOST_HEIGHT) left = NULL;
    }
    r->depth--;
    return left;
}
