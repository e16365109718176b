/* arena.c — blocks in a list, handed out from the front. Under AddressSanitizer every piece is a block of its own, so
 * that reading past one is seen. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
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
static size_t room_of_next(const drift__arena *arena)
{
    const size_t most = (size_t)64 * 1024;
    if (BLOCK_SIZE == 1 || !arena->blocks) return BLOCK_SIZE;
    return arena->blocks->size < most / 2 ? arena->blocks->size * 2 : most;
}

static drift__arena_block *add_block(drift__arena *arena, size_t size)
{
    size_t room = room_of_next(arena);
    if (room < size) room = size;
    drift__arena_block *block = drift__malloc(sizeof *block + room);
    if (!block) return NULL;
    block->next = arena->blocks;
    block->size = room;
    block->used = 0;
    arena->blocks = block;
    return block;
}

/* `size` bytes at a multiple of `align`, with whatever they hold. */
static void *take(drift__arena *arena, size_t size, size_t align)
{
    drift__arena_block *block = arena->blocks;
    size_t start = block ? (block->used + align - 1) & ~(align - 1) : 0;
    if (arena->failed || size > SIZE_MAX / 2) {
        arena->failed = 1;
        return NULL;
    }
    if (!block || start > block->size || block->size - start < size) {
        block = add_block(arena, size);
        if (!block) {
            arena->failed = 1;
            return NULL;
        }
        start = 0;
    }
    block->used = start + size;
    return (char *)block->bytes + start;
}

void *drift__arena_alloc(drift__arena *arena, size_t size)
{
    void *bytes = take(arena, size, sizeof(widest));
    return bytes ? memset(bytes, 0, size) : NULL;
}

void *drift__arena_array(drift__arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        arena->failed = 1;
        return NULL;
    }
    return drift__arena_alloc(arena, count * size);
}

/* Texts stand side by side: a schema has many, and they are short. */
char *drift__arena_strndup(drift__arena *arena, const char *text, size_t length)
{
    char *copy = take(arena, length < SIZE_MAX ? length + 1 : length, 1);
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
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
    const bool fits = !size || count <= SIZE_MAX / size;
    void *copy = take(arena, fits ? count * size : SIZE_MAX, sizeof(widest));
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
