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
    return drift__fold_compare(a, b) == 0;
}

bool drift__same_word(const char *text, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++) {
        if (!word[i] || drift__fold_char(text[i]) != drift__fold_char(word[i])) return false;
    }
    return word[length] == '\0';
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
