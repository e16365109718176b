/* dart_method.c — what is called on an expression: comparisons, IN, BETWEEN, the functions of texts. */
#include "snapshot/dart_parser.h"

typedef enum method_kind {
    METHOD_BINARY,  /* one argument, an expression or a value */
    METHOD_BETWEEN, /* two */
    METHOD_IN,      /* a list */
    METHOD_SUFFIX,  /* none */
    METHOD_NOT,     /* none, written before */
    METHOD_NUMBER,  /* a function that gives a number: no argument, or no parentheses at all (a getter) */
    METHOD_TEXT,    /* likewise, a text */
} method_kind;

static const struct method {
    const char *name;
    method_kind kind;
    drift__dart_binding binds;
    const char *sql;
} methods[] = {
    {"equals", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "="},
    {"equalsExp", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "="},
    {"isExp", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "IS"},
    {"isValue", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "IS"},
    {"isNotExp", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "IS NOT"},
    {"isNotValue", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "IS NOT"},
    {"isBiggerThan", METHOD_BINARY, DRIFT__BINDS_COMPARISON, ">"},
    {"isBiggerThanValue", METHOD_BINARY, DRIFT__BINDS_COMPARISON, ">"},
    {"isBiggerOrEqual", METHOD_BINARY, DRIFT__BINDS_COMPARISON, ">="},
    {"isBiggerOrEqualValue", METHOD_BINARY, DRIFT__BINDS_COMPARISON, ">="},
    {"isSmallerThan", METHOD_BINARY, DRIFT__BINDS_COMPARISON, "<"},
    {"isSmallerThanValue", METHOD_BINARY, DRIFT__BINDS_COMPARISON, "<"},
    {"isSmallerOrEqual", METHOD_BINARY, DRIFT__BINDS_COMPARISON, "<="},
    {"isSmallerOrEqualValue", METHOD_BINARY, DRIFT__BINDS_COMPARISON, "<="},
    {"like", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "LIKE"},
    {"likeExp", METHOD_BINARY, DRIFT__BINDS_EQUALITY, "LIKE"},
    {"isBetween", METHOD_BETWEEN, DRIFT__BINDS_EQUALITY, "BETWEEN"},
    {"isBetweenValues", METHOD_BETWEEN, DRIFT__BINDS_EQUALITY, "BETWEEN"},
    {"isIn", METHOD_IN, DRIFT__BINDS_EQUALITY, "IN"},
    {"isNotIn", METHOD_IN, DRIFT__BINDS_EQUALITY, "NOT IN"},
    {"isNull", METHOD_SUFFIX, DRIFT__BINDS_EQUALITY, "IS NULL"},
    {"isNotNull", METHOD_SUFFIX, DRIFT__BINDS_EQUALITY, "IS NOT NULL"},
    {"not", METHOD_NOT, DRIFT__BINDS_NOT, "NOT"},
    {"length", METHOD_NUMBER, DRIFT__BINDS_PRIMARY, "LENGTH"},
    {"lower", METHOD_TEXT, DRIFT__BINDS_PRIMARY, "LOWER"},
    {"upper", METHOD_TEXT, DRIFT__BINDS_PRIMARY, "UPPER"},
    {"trim", METHOD_TEXT, DRIFT__BINDS_PRIMARY, "TRIM"},
    {"trimLeft", METHOD_TEXT, DRIFT__BINDS_PRIMARY, "LTRIM"},
    {"trimRight", METHOD_TEXT, DRIFT__BINDS_PRIMARY, "RTRIM"},
    {"abs", METHOD_NUMBER, DRIFT__BINDS_PRIMARY, "ABS"},
};

static const struct method *find_method(const drift__dart_token *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (drift__dart_is(name, methods[i].name)) return &methods[i];
    return NULL;
}

/* A value or an expression; a value next to a double is a double. */
static drift__dart_operand parse_argument(drift__dart_parser *p, drift__dart_operand receiver)
{
    const bool outer = p->as_double, as_double = receiver.type == DRIFT__DART_TYPE_DOUBLE;
    if (drift__dart_at_number(p) || drift__dart_at(p, "-") || drift__dart_at(p, "BigInt"))
        return drift__dart_value(p, as_double);
    p->as_double = as_double;
    const drift__dart_operand argument = drift__dart_expression(p);
    p->as_double = outer;
    return argument;
}

static drift__dart_operand parse_binary(drift__dart_parser *p, drift__dart_operand receiver,
                                        const struct method *method)
{
    const drift__dart_operand argument = parse_argument(p, receiver);
    if (!drift__dart_close(p)) return drift__dart_unknown;
    return drift__dart_join(p, receiver, method->sql, argument, method->binds, DRIFT__DART_TYPE_OTHER);
}

static drift__dart_operand parse_between(drift__dart_parser *p, drift__dart_operand receiver,
                                         const struct method *method)
{
    const drift__dart_operand low = parse_argument(p, receiver);
    if (!drift__dart_take(p, ",")) return drift__dart_unknown;
    const drift__dart_operand high = parse_argument(p, receiver);
    if (!drift__dart_close(p)) return drift__dart_unknown;
    const char *subject = drift__dart_bound(p, receiver, method->binds),
               *a = drift__dart_bound(p, low, DRIFT__BINDS_COMPARISON),
               *b = drift__dart_bound(p, high, DRIFT__BINDS_COMPARISON);
    if (!subject || !a || !b) return drift__dart_unknown;
    return drift__dart_made(drift__arena_printf(p->arena, "%s %s %s AND %s", subject, method->sql, a, b), method->binds,
                            DRIFT__DART_TYPE_OTHER);
}

static drift__dart_operand parse_in(drift__dart_parser *p, drift__dart_operand receiver, const struct method *method)
{
    const char *subject = drift__dart_bound(p, receiver, method->binds);
    const char *list = drift__dart_list(p, drift__dart_value, receiver.type == DRIFT__DART_TYPE_DOUBLE);
    if (!subject || !list || !drift__dart_close(p)) return drift__dart_unknown;
    return drift__dart_made(drift__arena_printf(p->arena, "%s %s (%s)", subject, method->sql, list), method->binds,
                            DRIFT__DART_TYPE_OTHER);
}

static drift__dart_operand parse_no_argument(drift__dart_parser *p, drift__dart_operand receiver,
                                             const struct method *method, bool parentheses)
{
    if (parentheses && !drift__dart_take(p, ")")) return drift__dart_unknown;
    const bool function = method->kind == METHOD_NUMBER || method->kind == METHOD_TEXT;
    if (!parentheses && !function) return drift__dart_unknown;
    if (function)
        return drift__dart_made(drift__arena_printf(p->arena, "%s(%s)", method->sql, receiver.sql),
                                DRIFT__BINDS_PRIMARY,
                                method->kind == METHOD_TEXT ? DRIFT__DART_TYPE_TEXT : DRIFT__DART_TYPE_OTHER);
    const char *subject = drift__dart_bound(p, receiver, method->binds);
    if (!subject) return drift__dart_unknown;
    const bool before = method->kind == METHOD_NOT;
    return drift__dart_made(
        drift__arena_printf(p->arena, "%s %s", before ? method->sql : subject, before ? subject : method->sql),
        method->binds, DRIFT__DART_TYPE_OTHER);
}

drift__dart_operand drift__dart_method(drift__dart_parser *p, drift__dart_operand receiver)
{
    const struct method *method = find_method(&p->token);
    if (!method || receiver.is_value) return drift__dart_unknown;
    drift__dart_advance(p);
    const bool parentheses = drift__dart_take(p, "(");
    switch (method->kind) {
    case METHOD_BINARY: return parentheses ? parse_binary(p, receiver, method) : drift__dart_unknown;
    case METHOD_BETWEEN: return parentheses ? parse_between(p, receiver, method) : drift__dart_unknown;
    case METHOD_IN: return parentheses ? parse_in(p, receiver, method) : drift__dart_unknown;
    case METHOD_SUFFIX:
    case METHOD_NOT:
    case METHOD_NUMBER:
    case METHOD_TEXT: break;
    }
    return parse_no_argument(p, receiver, method, parentheses);
}
