/* dart_token.h — the lexical forms of Dart that column defaults and checks are written in
 * (https://spec.dart.dev/DartLangSpecDraft.pdf, sections "Lexical Rules", "Strings", "Numbers"). */
#ifndef DRIFT_SNAPSHOT_DART_TOKEN_H
#define DRIFT_SNAPSHOT_DART_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef enum drift__dart_kind {
    DRIFT__DART_END = 0,
    DRIFT__DART_WORD,
    DRIFT__DART_STRING, /**< `string` is its value, escapes resolved */
    DRIFT__DART_INTEGER,
    DRIFT__DART_DOUBLE,
    DRIFT__DART_MARK,  /**< one character of punctuation */
    DRIFT__DART_OPAQUE /**< what only Dart can evaluate, as an interpolated string, or no Dart at all */
} drift__dart_kind;

typedef struct drift__dart_token {
    drift__dart_kind kind;
    const char *text;
    size_t length;
    const char *string;
} drift__dart_token;

/** The token at `at`, white space and comments before it skipped; values live in the arena (whose `failed` tells that
 * there was no memory). `*next` is the end of the token. */
drift__dart_token drift__dart_token_at(const char **next, drift__arena *arena, const char *at);

/** Whether the token is this word or mark. */
bool drift__dart_is(const drift__dart_token *token, const char *text);

/**
 * A number as Dart's toString() writes it, which is what Drift puts into SQL: hexadecimal as decimal, 1e3 as 1000.0,
 * digit separators removed. `as_double`: an integer literal stands where Dart expects a double, so that 1 is 1.0.
 * NULL if the number does not fit into 64 bits, or if there is no memory.
 */
const char *drift__dart_number(drift__arena *arena, const drift__dart_token *token, bool negative, bool as_double);

#endif
