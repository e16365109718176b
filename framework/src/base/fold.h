/* fold.h — names as SQLite matches them: ASCII letters without regard to case, every other byte exactly. */
#ifndef DRIFT_BASE_FOLD_H
#define DRIFT_BASE_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/** In what four bytes differ from four others, but for the bit in which the two cases of a letter do; 0: in nothing. */
static inline uint32_t drift__fold_differ(const char *a, const char *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x ^ y) & 0xdfdfdfdfu;
}

/**
 * As drift__same_bytes, where the one text is an unquoted name and the other letters and '_': no byte of a name becomes
 * one of these by that bit alone that is not the letter's other case. Four bytes at a time, since a parser asks much.
 */
static inline bool drift__same_keyword(const char *name, const char *word, size_t length)
{
    size_t i = 0;
    if (length < 4) {
        for (; i < length; i++) {
            if ((name[i] ^ word[i]) & 0xdf) return false;
        }
        return true;
    }
    for (; i + 4 < length; i += 4) {
        if (drift__fold_differ(name + i, word + i)) return false;
    }
    return !drift__fold_differ(name + length - 4, word + length - 4);
}

/** A hash that is equal for names that are the same to SQLite. */
uint64_t drift__fold_hash(const char *name, size_t length);

#endif
