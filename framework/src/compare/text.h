/* text.h — small texts on their way into an arena. */
#ifndef DRIFT_COMPARE_TEXT_H
#define DRIFT_COMPARE_TEXT_H

#include "base/arena.h"
#include "base/str.h"

/** Moves a builder's text into the arena; NULL if there is no memory, and the arena then has failed. */
const char *drift__text_take(drift__arena *arena, drift__str *text);

/** `content` as a string literal. */
const char *drift__text_literal(drift__arena *arena, const char *content);

/** A copy with ASCII letters in lower case; NULL for NULL, or if there is no memory. */
char *drift__text_folded(drift__arena *arena, const char *text);

/** Writes SQL on one line: its tokens as they were written, one space where there was space or a comment. */
void drift__text_put_sql(drift__str *out, const char *sql);

#endif
