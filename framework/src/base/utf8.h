/* utf8.h — the little UTF-8 that is needed: validity, and cutting at a character. */
#ifndef DRIFT_BASE_UTF8_H
#define DRIFT_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/** Whether `length` bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). NUL is a character. */
bool drift__utf8_valid(const char *text, size_t length);

/** The length in bytes of the character at `text`, 1 to 4; 1 for a byte that begins none; 0 at `end`. */
size_t drift__utf8_next(const char *text, const char *end);

/** Whether the character at `at`, `length` bytes long, does something instead of being shown: the controls C0, DEL and
 * C1 (of which U+009B begins what steers a terminal, as ESC [ does), the separators of lines and paragraphs, and what
 * turns the direction of the text behind it (Unicode Standard Annex 9: embeddings, overrides, isolates). `*code` is its
 * code point then, else untouched. A byte that is no character is none of these. */
bool drift__utf8_is_control(unsigned *code, const char *at, size_t length);

/** Ends the text in a full buffer of `size` bytes at a character, with "…" behind it. `size` must be at least 8. */
void drift__utf8_ellipsis(char *buffer, size_t size);

#endif
