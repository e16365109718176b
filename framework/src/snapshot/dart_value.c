/* dart_value.c — the values that a Dart expression may hold: literals, and the names of enums. */
#include "snapshot/dart_parser.h"
#include "sql/quote.h"

static drift__dart_operand value_made(const char *sql, drift__dart_type type)
{
    return (drift__dart_operand){sql, DRIFT__BINDS_PRIMARY, type, true};
}

/* Adjacent strings are one: 'a' "b". */
drift__dart_operand drift__dart_string(drift__dart_parser *p)
{
    drift__str text = DRIFT__STR_INIT;
    if (p->token.kind != DRIFT__DART_STRING) return drift__dart_unknown;
    for (; p->token.kind == DRIFT__DART_STRING; drift__dart_advance(p))
        drift__str_puts(&text, p->token.string ? p->token.string : "");
    const char *whole = drift__dart_finish(p, &text);
    return p->token.kind != DRIFT__DART_OPAQUE && whole ? value_made(whole, DRIFT__DART_TYPE_TEXT)
                                                        : drift__dart_unknown;
}

static drift__dart_operand parse_string_value(drift__dart_parser *p)
{
    drift__dart_operand text = drift__dart_string(p);
    if (text.sql) text.sql = drift__dart_quoted(p, text.sql, drift__put_string);
    return text;
}

bool drift__dart_at_number(const drift__dart_parser *p)
{
    return p->token.kind == DRIFT__DART_INTEGER || p->token.kind == DRIFT__DART_DOUBLE;
}

static drift__dart_operand parse_number(drift__dart_parser *p, bool negative, bool as_double)
{
    const bool is_double = as_double || p->token.kind == DRIFT__DART_DOUBLE;
    const char *sql = drift__dart_number(p->arena, &p->token, negative, as_double);
    drift__dart_advance(p);
    if (!sql) return drift__dart_unknown;
    return value_made(sql, is_double ? DRIFT__DART_TYPE_DOUBLE : DRIFT__DART_TYPE_OTHER);
}

/* "[prefix.]Enum.value.name": the text of the name of an enum's value. The words before `first` are passed. */
drift__dart_operand drift__dart_enum_name(drift__dart_parser *p, drift__dart_token first)
{
    drift__dart_token type = {DRIFT__DART_END, NULL, 0, NULL}, value = first, last = first;
    size_t count = 1;
    while (drift__dart_take(p, ".")) {
        if (p->token.kind != DRIFT__DART_WORD) return drift__dart_unknown;
        type = value;
        value = last;
        last = p->token;
        count++;
        drift__dart_advance(p);
    }
    if (count < 3 || count > 4 || !drift__dart_is(&last, "name") || !drift__dart_is_capital(&type) ||
        drift__dart_at(p, "("))
        return drift__dart_unknown;
    const char *name = drift__arena_strndup(p->arena, value.text, value.length);
    return name ? value_made(drift__dart_quoted(p, name, drift__put_string), DRIFT__DART_TYPE_TEXT)
                : drift__dart_unknown;
}

/* BigInt.zero, BigInt.one, BigInt.two, BigInt.from(5); the word BigInt is passed. */
static drift__dart_operand parse_big_int(drift__dart_parser *p)
{
    static const char *const named[][2] = {{"zero", "0"}, {"one", "1"}, {"two", "2"}};
    drift__dart_take(p, ".");
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (drift__dart_take(p, named[i][0])) return value_made(named[i][1], DRIFT__DART_TYPE_OTHER);
    if (!drift__dart_take(p, "from") || !drift__dart_take(p, "(")) return drift__dart_unknown;
    const bool negative = drift__dart_take(p, "-");
    if (p->token.kind != DRIFT__DART_INTEGER) return drift__dart_unknown;
    const drift__dart_operand value = parse_number(p, negative, false);
    return drift__dart_close(p) ? value : drift__dart_unknown;
}

/* A bool is written as 0 or 1, as Drift stores it. */
drift__dart_operand drift__dart_value(drift__dart_parser *p, bool as_double)
{
    if (drift__dart_take(p, "null")) return value_made("NULL", DRIFT__DART_TYPE_OTHER);
    if (drift__dart_take(p, "true")) return value_made("1", DRIFT__DART_TYPE_OTHER);
    if (drift__dart_take(p, "false")) return value_made("0", DRIFT__DART_TYPE_OTHER);
    if (drift__dart_at_number(p)) return parse_number(p, false, as_double);
    if (p->token.kind == DRIFT__DART_STRING) return parse_string_value(p);
    if (drift__dart_take(p, "-"))
        return drift__dart_at_number(p) ? parse_number(p, true, as_double) : drift__dart_unknown;
    if (p->token.kind == DRIFT__DART_WORD) {
        const drift__dart_token first = p->token;
        drift__dart_advance(p);
        if (drift__dart_is(&first, "BigInt") && drift__dart_at(p, ".")) return parse_big_int(p);
        return drift__dart_enum_name(p, first);
    }
    return drift__dart_unknown;
}
