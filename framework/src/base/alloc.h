/* alloc.h — the one allocation seam. Everything that the project allocates goes through here and so through
 * sqlite3_malloc64: one counter (sqlite3_memory_used) proves that nothing leaks, and one fault plan reaches every
 * allocation. */
#ifndef DRIFT_BASE_ALLOC_H
#define DRIFT_BASE_ALLOC_H

#include <stddef.h>

/** Memory that drift__free releases, or NULL. A size of 0 gives a block of one byte, so that NULL always means no
 * memory. */
void *drift__malloc(size_t size);

/** As drift__malloc, for `count` elements of `size` bytes, all zero. NULL also if the product overflows. */
void *drift__calloc(size_t count, size_t size);

/** Grows or shrinks a block, which may be NULL. On failure NULL, and the old block stands. */
void *drift__realloc(void *block, size_t size);

/** Accepts NULL. */
void drift__free(void *block);

/** A copy of `text`, or NULL if there is no memory. `text` must not be NULL. */
char *drift__strdup(const char *text);

/** A copy of `length` bytes with a NUL behind them. */
char *drift__strndup(const char *text, size_t length);

/**
 * Makes room for `needed` elements in a growing array of elements of `size` bytes, by doubling.
 * @return 0, or -1 if there is no memory (the array stands as it was).
 */
int drift__reserve(void **array, size_t *capacity, size_t needed, size_t size);

#endif
