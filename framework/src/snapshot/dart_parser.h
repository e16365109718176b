/* dart_parser.h — what the files that read Dart expressions share: where the reading stands, and SQL as it is made. */
#ifndef DRIFT_SNAPSHOT_DART_PARSER_H
#define DRIFT_SNAPSHOT_DART_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "snapshot/dart.h"
#include "snapshot/dart_token.h"

/* Bounds for hostile texts: nesting, and operands, since every operator copies what its operands became. The longest
 * expression of the published snapshots has 250 bytes and 3 operands. */
enum { DRIFT__DART_DEPTH = 64, DRIFT__DART_OPERANDS = 256, DRIFT__DART_LENGTH = 256 * 1024 };

/** How tightly SQL binds (https://www.sqlite.org/lang_expr.html, section 2). An operand that binds less tightly than
 * its operator asks for gets parentheses. */
typedef enum drift__dart_binding {
    DRIFT__BINDS_UNKNOWN = 0, /**< SQL from outside: always in parentheses */
    DRIFT__BINDS_OR,
    DRIFT__BINDS_AND,
    DRIFT__BINDS_NOT,
    DRIFT__BINDS_EQUALITY,
    DRIFT__BINDS_COMPARISON,
    DRIFT__BINDS_ADD,
    DRIFT__BINDS_MULTIPLY,
    DRIFT__BINDS_CONCAT,
    DRIFT__BINDS_SIGN,
    DRIFT__BINDS_PRIMARY
} drift__dart_binding;

typedef enum drift__dart_type {
    DRIFT__DART_TYPE_OTHER = 0,
    DRIFT__DART_TYPE_TEXT,
    DRIFT__DART_TYPE_DOUBLE
} drift__dart_type;

/** SQL for a part of the expression; `sql` is NULL if it is not known. */
typedef struct drift__dart_operand {
    const char *sql;
    drift__dart_binding binds;
    drift__dart_type type;
    bool is_value; /**< a Dart value (5, 'x'), not yet an Expression */
} drift__dart_operand;

extern const drift__dart_operand drift__dart_unknown;

typedef struct drift__dart_parser {
    drift__arena *arena;
    const drift__dart_scope *scope;
    const char *next;
    drift__dart_token token;
    bool as_double; /**< Dart expects a double here, so that Constant(1) is 1.0 */
    int depth;
    int operands;
} drift__dart_parser;

/* Tokens. */
void drift__dart_advance(drift__dart_parser *p);
bool drift__dart_at(const drift__dart_parser *p, const char *text);
bool drift__dart_take(drift__dart_parser *p, const char *text);
bool drift__dart_at_number(const drift__dart_parser *p);
bool drift__dart_is_capital(const drift__dart_token *token);

/** Goes past <T>, if it is there. */
bool drift__dart_skip_types(drift__dart_parser *p);
/** Goes past named arguments and the ')'. */
bool drift__dart_skip_to_close(drift__dart_parser *p);
/** Goes past ')', before which a comma may stand. */
bool drift__dart_close(drift__dart_parser *p);

/* SQL. */
drift__dart_operand drift__dart_made(const char *sql, drift__dart_binding binds, drift__dart_type type);
/** The operand's text for a place that asks for at least this binding; NULL if it is not known. */
const char *drift__dart_bound(drift__dart_parser *p, drift__dart_operand part, drift__dart_binding least);
drift__dart_operand drift__dart_join(drift__dart_parser *p, drift__dart_operand left, const char *op,
                                     drift__dart_operand right, drift__dart_binding binds, drift__dart_type type);
/** A built text into the arena. */
const char *drift__dart_finish(drift__dart_parser *p, drift__str *s);
const char *drift__dart_quoted(drift__dart_parser *p, const char *text, void (*put)(drift__str *, const char *));

/* Parts of the grammar. */
drift__dart_operand drift__dart_expression(drift__dart_parser *p);
/** A literal; `as_double` as in drift__dart_number. */
drift__dart_operand drift__dart_value(drift__dart_parser *p, bool as_double);
/** The text of one string or several in a row, as it is, not as SQL. */
drift__dart_operand drift__dart_string(drift__dart_parser *p);
/** "[prefix.]Enum.value.name": the name of an enum's value. `first` is the word before the current token. */
drift__dart_operand drift__dart_enum_name(drift__dart_parser *p, drift__dart_token first);
/** The elements of a list or a set up to its end, with commas between them; NULL if one is not known. */
const char *drift__dart_list(drift__dart_parser *p,
                             drift__dart_operand (*element)(drift__dart_parser *p, bool as_double), bool as_double);
/** A method or getter at which the parser stands, of a receiver. */
drift__dart_operand drift__dart_method(drift__dart_parser *p, drift__dart_operand receiver);

#endif
