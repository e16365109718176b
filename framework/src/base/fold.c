/* fold.c */
#include "base/fold.h"

#include <string.h>

int drift__fold_compare(const char *a, const char *b)
{
    while (*a && drift__fold_char(*a) == drift__fold_char(*b)) {
        a++;
        b++;
    }
    return (unsigned char)drift__fold_char(*a) - (unsigned char)drift__fold_char(*b);
}

bool drift__same_name(const char *a, const char *b)
{
    if (a == b) return true;
    for (; *a == *b || drift__fold_char(*a) == drift__fold_char(*b); a++, b++) {
        if (!*a) return true;
    }
    return false;
}

bool drift__same_bytes(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (a[i] != b[i] && drift__fold_char(a[i]) != drift__fold_char(b[i])) return false;
    }
    return true;
}

bool drift__same_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && drift__same_bytes(text, word, length);
}

uint64_t drift__fold_hash(const char *name, size_t length)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bits */
    for (size_t i = 0; i < length; i++) {
        hash ^= (unsigned char)drift__fold_char(name[i]);
        hash *= 1099511628211u;
    }
    return hash;
}
