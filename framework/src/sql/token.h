/* token.h — SQLite's lexical forms (https://www.sqlite.org/lang_keywords.html, src/tokenize.c). Knows no grammar: a
 * word is a word, whether SQLite calls it a keyword or not. */
#ifndef DRIFT_SQL_TOKEN_H
#define DRIFT_SQL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

typedef enum drift__token_kind {
    DRIFT__TOKEN_END = 0,  /**< nothing left; length 0 */
    DRIFT__TOKEN_SPACE,    /**< white space, and a byte order mark */
    DRIFT__TOKEN_COMMENT,  /**< from two dashes to the line's end, or a C comment, closed or running to the end */
    DRIFT__TOKEN_WORD,     /**< an unquoted name or keyword */
    DRIFT__TOKEN_QUOTED,   /**< "x", `x` or [x] */
    DRIFT__TOKEN_STRING,   /**< 'x' */
    DRIFT__TOKEN_BLOB,     /**< x'0f' */
    DRIFT__TOKEN_INTEGER,  /**< 12, 0x1F */
    DRIFT__TOKEN_FLOAT,    /**< 1.5, .5, 1e3 */
    DRIFT__TOKEN_VARIABLE, /**< ?, ?1, :x, @x, $x */
    DRIFT__TOKEN_OPEN,     /**< ( */
    DRIFT__TOKEN_CLOSE,    /**< ) */
    DRIFT__TOKEN_COMMA,
    DRIFT__TOKEN_SEMICOLON,
    DRIFT__TOKEN_DOT,
    DRIFT__TOKEN_OPERATOR, /**< + - * / % = == < <= <> << > >= >> ! = | || & ~ -> ->> */
    DRIFT__TOKEN_ILLEGAL   /**< what SQLite refuses: an unclosed quote, 12ab, a lone !, a control character */
} drift__token_kind;

/** A token of a text, borrowed from it. */
typedef struct drift__lexeme {
    drift__token_kind kind;
    const char *text;
    size_t length;
} drift__lexeme;

/**
 * The token at `at`, which is at most `end`. Pure.
 * @return its length in bytes; 0 only at `end`.
 */
size_t drift__token(drift__token_kind *kind, const char *at, const char *end);

/** The first token at or behind `at` that is neither white space nor a comment. */
void drift__token_read(drift__lexeme *out, const char *at, const char *end);

/** Whether a byte may stand in an unquoted name: letters, digits, _, $, and every byte above 0x7f. */
bool drift__is_name_char(char c);

#endif
