/* alloc.c — the allocation seam on sqlite3_malloc64. The only file of this floor that knows SQLite. */
#include "base/alloc.h"

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

#include "drift/error.h"

void *drift__malloc(size_t size)
{
    return sqlite3_malloc64(size ? size : 1);
}

void *drift__calloc(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    void *block = drift__malloc(count * size);
    if (block) memset(block, 0, count * size);
    return block;
}

void *drift__realloc(void *block, size_t size)
{
    return sqlite3_realloc64(block, size ? size : 1);
}

void drift__free(void *block)
{
    sqlite3_free(block);
}

char *drift__strndup(const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? drift__malloc(length + 1) : NULL;
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *drift__strdup(const char *text)
{
    return drift__strndup(text, strlen(text));
}

int drift__reserve(void **array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity) return 0;
    size_t grown = *capacity ? *capacity : size == 1 ? 64 : 8; /* a text is seldom shorter than a line */
    while (grown < needed) {
        if (grown > SIZE_MAX / 2) return -1;
        grown *= 2;
    }
    if (size && grown > SIZE_MAX / size) return -1;
    void *block = drift__realloc(*array, grown * size);
    if (!block) return -1;
    *array = block;
    *capacity = grown;
    return 0;
}

void drift_free(void *text)
{
    drift__free(text);
}
