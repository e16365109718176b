/* dart.c — a recursive descent over Dart expressions that writes SQL as it goes. Everything that it does not know is
 * "not known", never an error: what a snapshot holds is any Dart at all. The SQL is what Drift 2 writes
 * (https://pub.dev/documentation/drift/latest/drift/Expression-class.html), parentheses included. */
#include "snapshot/dart.h"

#include <string.h>

#include "base/error.h"
#include "snapshot/dart_parser.h"
#include "sql/quote.h"

/* ---- constructors ---- */

/* Constant(value) */
static drift__dart_operand parse_constant(drift__dart_parser *p)
{
    drift__dart_operand value = drift__dart_value(p, p->as_double);
    if (!value.sql || !drift__dart_close(p)) return drift__dart_unknown;
    value.is_value = false;
    return value;
}

/* CustomExpression('sql', precedence: …) */
static drift__dart_operand parse_custom(drift__dart_parser *p)
{
    const drift__dart_operand sql = drift__dart_string(p);
    if (!sql.sql || !drift__dart_skip_to_close(p)) return drift__dart_unknown;
    return drift__dart_made(sql.sql, DRIFT__BINDS_UNKNOWN, DRIFT__DART_TYPE_OTHER);
}

/* CustomExpression.dialectSpecific({SqlDialect.sqlite: 'sql', …}) */
static drift__dart_operand parse_dialects(drift__dart_parser *p)
{
    drift__dart_operand found = drift__dart_unknown;
    if (!drift__dart_take(p, "{")) return drift__dart_unknown;
    while (!drift__dart_at(p, "}")) {
        const bool named = drift__dart_take(p, "SqlDialect") && drift__dart_take(p, ".");
        const bool sqlite = drift__dart_at(p, "sqlite");
        if (!named || p->token.kind != DRIFT__DART_WORD) return drift__dart_unknown;
        drift__dart_advance(p);
        if (!drift__dart_take(p, ":")) return drift__dart_unknown;
        const drift__dart_operand sql = drift__dart_string(p);
        if (!sql.sql) return drift__dart_unknown;
        if (sqlite) found = drift__dart_made(sql.sql, DRIFT__BINDS_UNKNOWN, DRIFT__DART_TYPE_OTHER);
        if (!drift__dart_take(p, ",") && !drift__dart_at(p, "}")) return drift__dart_unknown;
    }
    drift__dart_take(p, "}");
    return drift__dart_skip_to_close(p) ? found : drift__dart_unknown;
}

static drift__dart_operand parse_list_expression(drift__dart_parser *p, bool as_double)
{
    const bool outer = p->as_double;
    p->as_double = as_double;
    const drift__dart_operand element = drift__dart_expression(p);
    p->as_double = outer;
    return element.is_value ? drift__dart_unknown : element;
}

/* FunctionCallExpression('name', [arguments]) */
static drift__dart_operand parse_function(drift__dart_parser *p)
{
    const drift__dart_operand name = drift__dart_string(p);
    if (!name.sql || !drift__dart_take(p, ",")) return drift__dart_unknown;
    const char *list = drift__dart_list(p, parse_list_expression, false);
    if (!list || !drift__dart_close(p)) return drift__dart_unknown;
    return drift__dart_made(drift__arena_printf(p->arena, "%s(%s)", name.sql, list), DRIFT__BINDS_PRIMARY,
                            DRIFT__DART_TYPE_OTHER);
}

/* ComparableExpr(column): an extension named in full; it is its argument. */
static drift__dart_operand parse_extension(drift__dart_parser *p)
{
    const drift__dart_operand inner = drift__dart_expression(p);
    return inner.sql && drift__dart_close(p) ? inner : drift__dart_unknown;
}

static const struct constructor {
    const char *name;
    drift__dart_operand (*parse)(drift__dart_parser *p);
} constructors[] = {
    {"Constant", parse_constant},
    {"CustomExpression", parse_custom},
    {"FunctionCallExpression", parse_function},
    {"ArithmeticBigIntExpr", parse_extension},
    {"ArithmeticExpr", parse_extension},
    {"BooleanExpressionOperators", parse_extension},
    {"ComparableExpr", parse_extension},
    {"StringExpressionOperators", parse_extension},
};

static const struct constructor *find_constructor(const drift__dart_token *name)
{
    for (size_t i = 0; i < sizeof constructors / sizeof constructors[0]; i++)
        if (drift__dart_is(name, constructors[i].name)) return &constructors[i];
    return NULL;
}

static drift__dart_operand parse_constructor(drift__dart_parser *p, const struct constructor *constructor)
{
    if (constructor->parse == parse_custom && drift__dart_take(p, ".")) {
        if (!drift__dart_take(p, "dialectSpecific") || !drift__dart_take(p, "(")) return drift__dart_unknown;
        return parse_dialects(p);
    }
    return drift__dart_skip_types(p) && drift__dart_take(p, "(") ? constructor->parse(p) : drift__dart_unknown;
}

static drift__dart_operand column_operand(drift__dart_parser *p, const drift__dart_column *column)
{
    const drift__dart_type type = column->logical == DRIFT_LOGICAL_TEXT     ? DRIFT__DART_TYPE_TEXT
                                  : column->logical == DRIFT_LOGICAL_DOUBLE ? DRIFT__DART_TYPE_DOUBLE
                                                                            : DRIFT__DART_TYPE_OTHER;
    return drift__dart_made(drift__dart_quoted(p, column->name, drift__put_quoted), DRIFT__BINDS_PRIMARY, type);
}

/* ---- names ---- */

static const drift__dart_column *find_column(const drift__dart_parser *p, const drift__dart_token *name)
{
    for (size_t i = 0; i < p->scope->count; i++)
        if (drift__dart_is(name, p->scope->columns[i].getter)) return &p->scope->columns[i];
    return NULL;
}

/* Seconds since 1970, or text where dates are stored as text. */
static drift__dart_operand parse_current(drift__dart_parser *p, const char *keyword)
{
    if (p->scope->dates_as_text) return drift__dart_made(keyword, DRIFT__BINDS_PRIMARY, DRIFT__DART_TYPE_OTHER);
    return drift__dart_made(drift__arena_printf(p->arena, "CAST(strftime('%%s', %s) AS INTEGER)", keyword),
                            DRIFT__BINDS_PRIMARY, DRIFT__DART_TYPE_OTHER);
}

static drift__dart_operand parse_name(drift__dart_parser *p)
{
    drift__dart_token name = p->token;
    drift__dart_advance(p);
    const drift__dart_column *column = find_column(p, &name);
    if (column) return column_operand(p, column);
    if (!drift__dart_is_capital(&name) &&
        drift__dart_at(p, ".")) { /* this.age, or an import's prefix: drift.Constant(1) */
        const drift__dart_token prefix = name;
        const drift__dart_parser before = *p;
        drift__dart_advance(p);
        name = p->token;
        drift__dart_advance(p);
        column = drift__dart_is(&prefix, "this") ? find_column(p, &name) : NULL;
        if (column) return column_operand(p, column);
        if (!find_constructor(&name) && !drift__dart_is(&name, "currentDateAndTime") &&
            !drift__dart_is(&name, "currentDate")) {
            *p = before;
            return drift__dart_enum_name(p, prefix);
        }
    }
    if (drift__dart_is(&name, "currentDateAndTime")) return parse_current(p, "CURRENT_TIMESTAMP");
    if (drift__dart_is(&name, "currentDate")) return parse_current(p, "CURRENT_DATE");
    const struct constructor *constructor = find_constructor(&name);
    return constructor ? parse_constructor(p, constructor) : drift__dart_enum_name(p, name);
}

static drift__dart_operand parse_primary(drift__dart_parser *p)
{
    if (++p->operands > DRIFT__DART_OPERANDS) return drift__dart_unknown;
    if (!drift__dart_take(p, "const")) drift__dart_take(p, "new");
    if (drift__dart_take(p, "(")) {
        const drift__dart_operand inner = drift__dart_expression(p);
        return drift__dart_take(p, ")") ? inner : drift__dart_unknown;
    }
    if (p->token.kind == DRIFT__DART_WORD && !drift__dart_at(p, "null") && !drift__dart_at(p, "true") &&
        !drift__dart_at(p, "false"))
        return parse_name(p);
    return drift__dart_value(p, false);
}

/* ---- operators, loosest last ---- */

static drift__dart_operand parse_postfix(drift__dart_parser *p)
{
    drift__dart_operand value = parse_primary(p);
    while (value.sql && drift__dart_take(p, "."))
        value = ++p->operands > DRIFT__DART_OPERANDS ? drift__dart_unknown : drift__dart_method(p, value);
    return value;
}

static drift__dart_operand parse_sign(drift__dart_parser *p)
{
    if (!drift__dart_take(p, "-")) return parse_postfix(p);
    const drift__dart_operand value = parse_postfix(p);
    const char *sql = value.is_value ? NULL : drift__dart_bound(p, value, DRIFT__BINDS_SIGN);
    return sql ? drift__dart_made(drift__arena_printf(p->arena, "-%s", sql), DRIFT__BINDS_SIGN, value.type)
               : drift__dart_unknown;
}

static drift__dart_operand join_expressions(drift__dart_parser *p, drift__dart_operand left, const char *op,
                                            drift__dart_operand right, drift__dart_binding binds)
{
    if (left.is_value || right.is_value) return drift__dart_unknown;
    const bool is_double = left.type == DRIFT__DART_TYPE_DOUBLE || right.type == DRIFT__DART_TYPE_DOUBLE;
    return drift__dart_join(p, left, op, right, binds, is_double ? DRIFT__DART_TYPE_DOUBLE : DRIFT__DART_TYPE_OTHER);
}

/* What stands right of an operator is of the type that stands left of it: weight * Constant(2) is weight * 2.0. */
static drift__dart_operand parse_right(drift__dart_parser *p, drift__dart_operand left,
                                       drift__dart_operand (*parse)(drift__dart_parser *p))
{
    const bool outer = p->as_double;
    p->as_double = left.type == DRIFT__DART_TYPE_DOUBLE;
    const drift__dart_operand right = parse(p);
    p->as_double = outer;
    return right;
}

static drift__dart_operand parse_product(drift__dart_parser *p)
{
    drift__dart_operand left = parse_sign(p);
    while (left.sql && (drift__dart_at(p, "*") || drift__dart_at(p, "/") || drift__dart_at(p, "%"))) {
        const char op[2] = {p->token.text[0], '\0'};
        drift__dart_advance(p);
        drift__dart_operand right = parse_right(p, left, parse_sign);
        /* SQL groups to the left as Dart does, so that only the right side needs care: a * (b / c). */
        if (right.binds == DRIFT__BINDS_MULTIPLY) right.binds = DRIFT__BINDS_ADD;
        left = join_expressions(p, left, op, right, DRIFT__BINDS_MULTIPLY);
    }
    return left;
}

/* `+` on texts is || in SQL. */
static drift__dart_operand parse_sum(drift__dart_parser *p)
{
    drift__dart_operand left = parse_product(p);
    while (left.sql && (drift__dart_at(p, "+") || drift__dart_at(p, "-"))) {
        const char op[2] = {p->token.text[0], '\0'};
        drift__dart_advance(p);
        drift__dart_operand right = parse_right(p, left, parse_product);
        if (op[0] == '+' && (left.type == DRIFT__DART_TYPE_TEXT || right.type == DRIFT__DART_TYPE_TEXT)) {
            if (left.is_value || right.is_value) return drift__dart_unknown;
            left = drift__dart_join(p, left, "||", right, DRIFT__BINDS_CONCAT, DRIFT__DART_TYPE_TEXT);
            continue;
        }
        if (right.binds == DRIFT__BINDS_ADD) right.binds = DRIFT__BINDS_COMPARISON;
        left = join_expressions(p, left, op, right, DRIFT__BINDS_ADD);
    }
    return left;
}

static drift__dart_operand parse_and(drift__dart_parser *p)
{
    drift__dart_operand left = parse_sum(p);
    while (left.sql && drift__dart_take(p, "&"))
        left = join_expressions(p, left, "AND", parse_sum(p), DRIFT__BINDS_AND);
    return left;
}

drift__dart_operand drift__dart_expression(drift__dart_parser *p)
{
    if (p->depth >= DRIFT__DART_DEPTH) return drift__dart_unknown;
    p->depth++;
    drift__dart_operand left = parse_and(p);
    while (left.sql && drift__dart_take(p, "|")) left = join_expressions(p, left, "OR", parse_and(p), DRIFT__BINDS_OR);
    p->depth--;
    return left;
}

int drift__dart_to_sql(const char **out, drift__arena *arena, const char *expression, const drift__dart_scope *scope,
                       drift_error *err)
{
    drift__arena scratch = DRIFT__ARENA_INIT;
    *out = NULL;
    if (strlen(expression) > DRIFT__DART_LENGTH) return DRIFT_OK;
    drift__dart_parser p = {&scratch, scope, expression, {DRIFT__DART_END, NULL, 0, NULL}, scope->expect_double, 0, 0};
    drift__dart_advance(&p);
    const drift__dart_operand result = drift__dart_expression(&p);
    if (result.sql && !result.is_value && p.token.kind == DRIFT__DART_END)
        *out = drift__arena_strdup(arena, result.sql);
    const bool failed = scratch.failed || arena->failed;
    drift__arena_dispose(&scratch);
    return failed ? drift__no_memory(err) : DRIFT_OK;
}
