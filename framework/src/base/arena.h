/* arena.h — an arena per answer: everything that one answer holds is freed at once. */
#ifndef DRIFT_BASE_ARENA_H
#define DRIFT_BASE_ARENA_H

#include <stddef.h>

#include "drift/export.h"

/**
 * `drift__arena arena = DRIFT__ARENA_INIT` starts one. Running out of memory is sticky: after the first failure every
 * call gives NULL and `failed` stays set, so that a builder may check once at its end if it tolerates NULLs until then.
 */
typedef struct drift__arena {
    struct drift__arena_block *blocks;
    int failed;
} drift__arena;

#define DRIFT__ARENA_INIT \
    {                     \
        NULL, 0           \
    }

/** `size` bytes, zeroed and aligned for pointers, 64-bit integers and doubles; NULL if there is no memory. */
void *drift__arena_alloc(drift__arena *arena, size_t size);

/** An array of `count` elements of `size` bytes, zeroed. */
void *drift__arena_array(drift__arena *arena, size_t count, size_t size);

/** A copy of `length` bytes with a NUL behind them. */
char *drift__arena_strndup(drift__arena *arena, const char *text, size_t length);

/** A copy of a string; NULL for NULL. */
char *drift__arena_strdup(drift__arena *arena, const char *text);

/** printf into the arena. */
char *drift__arena_printf(drift__arena *arena, const char *format, ...) DRIFT_PRINTF(2, 3);

/** A copy of `count` elements of `size` bytes; an empty, non-NULL array if `count` is 0. */
void *drift__arena_copy(drift__arena *arena, const void *from, size_t count, size_t size);

/** Makes the arena empty, and keeps one block for what comes next. */
void drift__arena_reset(drift__arena *arena);

/** Frees everything and makes the arena usable again. */
void drift__arena_dispose(drift__arena *arena);

#endif
