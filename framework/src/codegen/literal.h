/* literal.h — texts from a schema as C. */
#ifndef DRIFT_CODEGEN_LITERAL_H
#define DRIFT_CODEGEN_LITERAL_H

#include <stdbool.h>

#include "base/str.h"

/**
 * Whether a text is too long for a string literal: C11 promises 4,095 characters (5.2.4.1), and gcc and clang say so
 * (-Woverlength-strings). Such a text becomes an array of characters.
 */
bool drift__literal_is_long(const char *text);

/**
 * Writes a string literal with the same bytes, as several in a row where it is long or has lines, each on a line of its
 * own that begins with `indent` blanks. Control characters and bytes above 126 are three-digit octal escapes, so that
 * no digit behind one can join it; so is '?', so that no trigraph can form.
 */
void drift__put_literal(drift__str *s, const char *text, int indent);

/** Writes the characters of a text with a final 0, as the initialiser of an array of char. */
void drift__put_characters(drift__str *s, const char *text);

#endif
