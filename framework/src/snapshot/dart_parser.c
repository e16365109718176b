/* dart_parser.c */
#include "snapshot/dart_parser.h"

const drift__dart_operand drift__dart_unknown = {NULL, DRIFT__BINDS_UNKNOWN, DRIFT__DART_TYPE_OTHER, false};

/* ---- tokens ---- */

void drift__dart_advance(drift__dart_parser *p)
{
    p->token = drift__dart_token_at(&p->next, p->arena, p->next);
}

bool drift__dart_at(const drift__dart_parser *p, const char *text)
{
    return drift__dart_is(&p->token, text);
}

bool drift__dart_take(drift__dart_parser *p, const char *text)
{
    if (!drift__dart_at(p, text)) return false;
    drift__dart_advance(p);
    return true;
}

bool drift__dart_is_capital(const drift__dart_token *token)
{
    return token->kind == DRIFT__DART_WORD && token->text[0] >= 'A' && token->text[0] <= 'Z';
}

/* Type arguments say nothing about the SQL: Constant<bool>(…), FunctionCallExpression<List<int>>(…). */
bool drift__dart_skip_types(drift__dart_parser *p)
{
    size_t depth = 0;
    if (!drift__dart_at(p, "<")) return true;
    do {
        if (drift__dart_at(p, "<")) depth++;
        if (drift__dart_at(p, ">")) depth--;
        if (p->token.kind != DRIFT__DART_WORD && p->token.kind != DRIFT__DART_MARK) return false;
        drift__dart_advance(p);
    } while (depth);
    return true;
}

/* ", precedence: Precedence.primary)" and the like: named arguments that change no SQL. */
bool drift__dart_skip_to_close(drift__dart_parser *p)
{
    size_t depth = 1;
    if (!drift__dart_at(p, ",") && !drift__dart_at(p, ")")) return false;
    for (; p->token.kind != DRIFT__DART_END; drift__dart_advance(p)) {
        if (drift__dart_at(p, "(") || drift__dart_at(p, "[") || drift__dart_at(p, "{")) depth++;
        if (drift__dart_at(p, ")") || drift__dart_at(p, "]") || drift__dart_at(p, "}")) depth--;
        if (depth == 0) return drift__dart_take(p, ")");
    }
    return false;
}

bool drift__dart_close(drift__dart_parser *p)
{
    drift__dart_take(p, ",");
    return drift__dart_take(p, ")");
}

/* ---- building SQL ---- */

drift__dart_operand drift__dart_made(const char *sql, drift__dart_binding binds, drift__dart_type type)
{
    return (drift__dart_operand){sql, binds, type, false};
}

/* The operand's text for a place that asks for at least this binding; NULL if it is not known. */
const char *drift__dart_bound(drift__dart_parser *p, drift__dart_operand part, drift__dart_binding least)
{
    if (!part.sql) return NULL;
    return part.binds < least ? drift__arena_printf(p->arena, "(%s)", part.sql) : part.sql;
}

drift__dart_operand drift__dart_join(drift__dart_parser *p, drift__dart_operand left, const char *op,
                                     drift__dart_operand right, drift__dart_binding binds, drift__dart_type type)
{
    const char *a = drift__dart_bound(p, left, binds), *b = drift__dart_bound(p, right, binds);
    return a && b ? drift__dart_made(drift__arena_printf(p->arena, "%s %s %s", a, op, b), binds, type)
                  : drift__dart_unknown;
}

/* A built text into the arena. */
const char *drift__dart_finish(drift__dart_parser *p, drift__str *s)
{
    if (s->failed) p->arena->failed = 1;
    const char *copy = drift__arena_strndup(p->arena, drift__str_text(s), s->length);
    drift__str_dispose(s);
    return copy;
}

const char *drift__dart_quoted(drift__dart_parser *p, const char *text, void (*put)(drift__str *, const char *))
{
    drift__str s = DRIFT__STR_INIT;
    put(&s, text);
    return drift__dart_finish(p, &s);
}

/* The elements of a list or a set up to its end, with commas between them; NULL if one is not known. */
const char *drift__dart_list(drift__dart_parser *p,
                             drift__dart_operand (*parse_element)(drift__dart_parser *p, bool as_double),
                             bool as_double)
{
    drift__str list = DRIFT__STR_INIT;
    drift__dart_take(p, "const");
    bool known = drift__dart_skip_types(p) && (drift__dart_at(p, "[") || drift__dart_at(p, "{"));
    const char *close = drift__dart_at(p, "[") ? "]" : "}";
    if (known) drift__dart_advance(p);
    while (known && !drift__dart_take(p, close)) {
        const drift__dart_operand element = parse_element(p, as_double);
        if (list.length) drift__str_puts(&list, ", ");
        drift__str_puts(&list, element.sql ? element.sql : "");
        known = element.sql && (drift__dart_take(p, ",") || drift__dart_at(p, close));
    }
    const char *text = drift__dart_finish(p, &list);
    return known ? text : NULL;
}
