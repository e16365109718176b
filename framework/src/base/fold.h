/* fold.h — names as SQLite matches them: ASCII letters without regard to case, every other byte exactly. */
#ifndef DRIFT_BASE_FOLD_H
#define DRIFT_BASE_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A to Z in lower case, everything else as it is, in every locale. */
static inline char drift__fold_char(char c)
{
    return (unsigned char)(c - 'A') < 26 ? (char)(c | 0x20) : c;
}

/** <0, 0, >0 as strcmp, on folded names. */
int drift__fold_compare(const char *a, const char *b);

/** Whether two names are the same to SQLite. */
bool drift__same_name(const char *a, const char *b);

/** Whether two texts of `length` bytes are the same to SQLite. */
bool drift__same_bytes(const char *a, const char *b, size_t length);

/** Whether `length` bytes are the same to SQLite as the word, which ends with NUL. */
bool drift__same_word(const char *text, size_t length, const char *word);

/** A hash that is equal for names that are the same to SQLite. */
uint64_t drift__fold_hash(const char *name, size_t length);

#endif
