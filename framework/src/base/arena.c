/* arena.c — blocks in a list, handed out from the front. Under AddressSanitizer every piece is a block of its own, so
 * that reading past one is seen. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

/* SQLite aligns what it allocates for these (https://www.sqlite.org/c3ref/free.html: "at least an 8 byte boundary"),
 * not for max_align_t. */
typedef union widest {
    int64_t integer;
    double real;
    void *pointer;
} widest;

typedef struct drift__arena_block {
    struct drift__arena_block *next;
    size_t size; /* of `bytes` */
    size_t used;
    widest bytes[];
} drift__arena_block;

#if defined(__SANITIZE_ADDRESS__)
enum { BLOCK_SIZE = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { BLOCK_SIZE = 1 };
#else
enum { BLOCK_SIZE = 4096 - sizeof(drift__arena_block) };
#endif
#else
enum { BLOCK_SIZE = 4096 - sizeof(drift__arena_block) };
#endif

/* Blocks grow with what is already there, so that a large schema needs few of them. */
static drift__arena_block *add_block(drift__arena *arena, size_t size)
{
    size_t room = BLOCK_SIZE;
    if (BLOCK_SIZE > 1 && arena->blocks && arena->blocks->size < (size_t)1024 * 1024) room = arena->blocks->size * 2;
    if (room < size) room = size;
    drift__arena_block *block = drift__malloc(sizeof *block + room);
    if (!block) return NULL;
    block->next = arena->blocks;
    block->size = room;
    block->used = 0;
    arena->blocks = block;
    return block;
}

void *drift__arena_alloc(drift__arena *arena, size_t size)
{
    const size_t align = sizeof(widest);
    if (arena->failed || size > SIZE_MAX / 2) {
        arena->failed = 1;
        return NULL;
    }
    drift__arena_block *block = arena->blocks;
    const size_t start = block ? (block->used + align - 1) / align * align : 0;
    if (!block || start > block->size || block->size - start < size) {
        block = add_block(arena, size);
        if (!block) {
            arena->failed = 1;
            return NULL;
        }
        block->used = size;
        return memset(block->bytes, 0, size);
    }
    block->used = start + size;
    return memset((char *)block->bytes + start, 0, size);
}

void *drift__arena_array(drift__arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        arena->failed = 1;
        return NULL;
    }
    return drift__arena_alloc(arena, count * size);
}

char *drift__arena_strndup(drift__arena *arena, const char *text, size_t length)
{
    char *copy = drift__arena_alloc(arena, length + 1);
    if (copy) memcpy(copy, text, length);
    return copy;
}

char *drift__arena_strdup(drift__arena *arena, const char *text)
{
    return text ? drift__arena_strndup(arena, text, strlen(text)) : NULL;
}

char *drift__arena_printf(drift__arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : drift__arena_alloc(arena, (size_t)length + 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    if (length < 0) arena->failed = 1;
    return text;
}

void *drift__arena_copy(drift__arena *arena, const void *from, size_t count, size_t size)
{
    void *copy = drift__arena_array(arena, count, size);
    if (copy && count) memcpy(copy, from, count * size);
    return copy;
}

void drift__arena_reset(drift__arena *arena)
{
    drift__arena_block *kept = arena->blocks;
    if (!kept || BLOCK_SIZE == 1) {
        drift__arena_dispose(arena);
        return;
    }
    arena->blocks = kept->next;
    drift__arena_dispose(arena);
    kept->next = NULL;
    kept->used = 0;
    arena->blocks = kept;
}

void drift__arena_dispose(drift__arena *arena)
{
    drift__arena_block *block = arena->blocks;
    while (block) {
        drift__arena_block *next = block->next;
        drift__free(block);
        block = next;
    }
    *arena = (drift__arena)DRIFT__ARENA_INIT;
}
